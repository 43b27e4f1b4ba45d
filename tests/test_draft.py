"""A draft as a value: what stands, what follows, what last year leaves over."""

from __future__ import annotations

import pytest

from bot.draft import CONTROLS, NO, OUTCOMES, TYPES, YES, Answer, Draft
from bot.report import Figure
from tests.tables import figures_of, form, report_of

UNIT = "青石县水务局"


def after(**last: Figure) -> Draft:
    """A draft of 2024 that nothing was said for; of 2023 only these figures are not 0."""
    changed = {cell.replace("__", "."): figure for cell, figure in last.items()}
    report = report_of(figures_of({}) | changed, agency=UNIT, year=2023)
    return Draft(form(), 1, UNIT, 2024, last=report)


def test_the_names_under_which_answers_are_kept_stay_as_they_are() -> None:
    assert (TYPES, OUTCOMES) == ("pick.types", "pick.outcomes")
    assert CONTROLS == ("control.received", "control.open")
    assert (NO, YES) == ("no", "yes")


def test_a_year_in_which_nothing_was_left_leaves_every_gate_to_be_asked() -> None:
    assert after().left_over == frozenset()
    assert Draft(form(), 1, UNIT, 2024).left_over == frozenset()


@pytest.mark.parametrize(
    ("last", "gate"),
    [
        ({"requests__carried_out__business": 5}, "gate.requests"),
        ({"proactive__normdocs_in_force": 140}, "gate.rules"),
        ({"review_litigation__review_pending": 1}, "gate.cases"),
    ],
)
def test_what_last_year_left_over_opens_its_gate_and_no_other(
    last: dict[str, Figure], gate: str
) -> None:
    draft = after(**last)
    assert draft.left_over == {gate}
    assert [each.key for each in form().gates if draft.is_open(each.key)] == [gate]


def test_a_gate_that_was_closed_all_the_same_stays_closed() -> None:
    draft = after(requests__carried_out__business=5)
    said = draft.with_changes([draft.change("gate.requests", Answer("no", "typed"))])
    assert said.left_over == {"gate.requests"}
    assert not said.is_open("gate.requests")


def test_a_figure_of_last_year_that_is_not_known_leaves_nothing_over() -> None:
    assert after(requests__carried_out__business=None).left_over == frozenset()
