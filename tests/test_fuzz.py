"""A little of the fuzzing in every run of the tests; `make fuzz` does 10,000 inputs a format."""

from __future__ import annotations

import pytest

from bot.readers import READERS
from tests.fuzz import SLOW, run


@pytest.mark.parametrize("kind", READERS)
def test_whatever_comes_ends_in_a_report_or_a_refusal(kind: str) -> None:
    ended, slowest = run(kind, 40, seed=20)
    assert sum(ended.values()) == 40
    assert slowest < SLOW
