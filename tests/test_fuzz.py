"""A little of the fuzzing in every run of the tests; `make fuzz` goes on for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from bot.readers import READERS
from tests.fuzzing import conversations, desk, readers, rosters
from tests.fuzzing.tally import HUGE, Tally

Walk = Callable[[Path, Random, int, Tally], None]


@pytest.mark.parametrize("kind", READERS)
def test_whatever_comes_ends_in_a_report_or_a_refusal(kind: str) -> None:
    ended, slowest = readers.run(kind, 24, seed=20)
    assert sum(ended.values()) == 24
    assert slowest < readers.SLOW


def test_whatever_list_comes_ends_in_units_or_a_refusal() -> None:
    ended, slowest = rosters.run(10, seed=20)
    assert sum(ended.values()) == 10
    assert "half a sentence" not in ended
    assert slowest < readers.SLOW


@pytest.mark.parametrize("walk", [desk.mix, conversations.walk, desk.walk])
def test_whatever_people_do_the_store_stays_sound_and_rights_hold(
    walk: Walk, tmp_path: Path
) -> None:
    tally = Tally()
    walk(tmp_path, Random(20), 60, tally)
    assert tally.ended["answered"] > 20
    assert tally.slowest < HUGE
