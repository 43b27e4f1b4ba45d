"""This year beside last year: leaps, copies, what vanished, and another name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks import run_checks
from bot.checks.figures import CHECKS, numbers
from bot.checks.finding import Change, Dossier, Finding
from bot.draft import Answer, Draft
from bot.limits import Limits
from bot.report import Figure
from bot.wording import Wording
from tests.tables import COLUMNS, STYLES, figures_of, form, report_of, requests_table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
ALL = tuple(check for _, check in CHECKS[7:])
YEARS = tuple(check for _, check in CHECKS if check.__module__.endswith(".years"))

# 宿迁市: table two in two years
TWO_2023: dict[str, Figure] = {
    "proactive.normdocs_made": 109, "proactive.normdocs_repealed": 489,
    "proactive.normdocs_in_force": 597, "proactive.permits": 1808595,
    "proactive.penalties": 2822652, "proactive.coercion": 20163,
    "proactive.fees_wanyuan": Decimal("59237.2449"),
}  # fmt: skip
TWO_2024: dict[str, Figure] = {
    "proactive.normdocs_made": 50, "proactive.normdocs_repealed": 227,
    "proactive.normdocs_in_force": 420, "proactive.permits": 1573179,
    "proactive.coercion": 29351, "proactive.fees_wanyuan": Decimal("72701.2578"),
}  # fmt: skip


def compare(
    now: Mapping[str, Figure], last: Mapping[str, Figure] | None, **changes: object
) -> tuple[Finding, ...]:
    """What is said about a report of 2024 beside one of 2023."""
    limits = changes.pop("limits", Limits())
    before = {key.removeprefix("last_"): changes.pop(key) for key in [*changes] if "last_" in key}
    earlier = None if last is None else report_of(last, **{"year": 2023, **before})
    dossier = Dossier(form(), report_of(now, **changes), last=earlier, limits=limits)  # type: ignore[arg-type]
    return run_checks(dossier, YEARS)


def rules(found: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in found]


def whole(**figures: Figure) -> dict[str, Figure]:
    """A report of zeros but for some figures of table two."""
    return figures_of({}) | {f"proactive.{key}": figure for key, figure in figures.items()}


# ── leaps ───────────────────────────────────────────────────────────────────────────────────


def test_two_real_years_of_table_two_raise_no_question() -> None:
    assert compare(TWO_2024, TWO_2023) == ()


def test_a_lost_digit_of_table_two_is_suspected() -> None:
    (finding,) = compare(TWO_2024 | {"proactive.permits": 157317}, TWO_2023)
    assert (finding.rule, finding.severity, finding.facts["cause"]) == (
        "NUM-07", "explain", "tenfold",
    )  # fmt: skip
    assert (finding.left, finding.right) == (157317, 1808595)
    assert finding.repairs == ()  # which digit was lost nobody knows


def test_a_zero_too_many_can_be_taken_away() -> None:
    (finding,) = compare({"proactive.permits": 4200}, {"proactive.permits": 390})
    assert finding.repairs[0].changes == (Change("proactive.permits", 420),)
    assert finding.repairs[0].cause == "tenfold"


def test_a_slip_is_offered_where_it_leads_to_within_twice_of_last_years_figure() -> None:
    (within,) = compare({"proactive.permits": 8000}, {"proactive.permits": 400})
    assert within.repairs[0].changes == (Change("proactive.permits", 800),)
    (beyond,) = compare({"proactive.permits": 8400}, {"proactive.permits": 400})
    assert (beyond.facts["cause"], beyond.repairs) == ("", ())


def test_swapped_digits_that_make_a_leap_are_recognised() -> None:
    (finding,) = compare({"proactive.penalties": 1920}, {"proactive.penalties": 9800})
    assert finding.facts["cause"] == "swapped"
    assert finding.repairs[0].changes == (Change("proactive.penalties", 9120),)


def test_a_leap_without_a_likely_slip_is_asked_about_as_it_is() -> None:
    (finding,) = compare({"proactive.permits": 90000}, {"proactive.permits": 120})
    assert (finding.rule, finding.facts["cause"], finding.repairs) == ("NUM-07", "", ())


@pytest.mark.parametrize(
    ("last", "now"), [(3, 19), (19, 1), (100, 20), (20, 100), (20163, 29351), (4, 4)]
)
def test_ordinary_change_is_left_alone(last: int, now: int) -> None:
    assert compare({"proactive.coercion": now}, {"proactive.coercion": last}) == ()


def test_the_office_sets_what_a_leap_is() -> None:
    now: dict[str, Figure] = {"proactive.coercion": 100}
    last: dict[str, Figure] = {"proactive.coercion": 40}
    assert rules(compare(now, last, limits=Limits(jump=2))) == ["NUM-07"]
    assert compare(now, last, limits=Limits(jump=2, jump_least=101)) == ()


def test_a_clean_up_of_documents_that_adds_up_is_no_slip() -> None:
    last: dict[str, Figure] = {
        "proactive.normdocs_made": 5,
        "proactive.normdocs_repealed": 2,
        "proactive.normdocs_in_force": 120,
    }
    now: dict[str, Figure] = {
        "proactive.normdocs_made": 4,
        "proactive.normdocs_repealed": 105,
        "proactive.normdocs_in_force": 19,
    }
    assert compare(now, last) == ()
    found = compare(now | {"proactive.normdocs_in_force": 20}, last)
    assert rules(found) == ["NUM-07", "NUM-07"]


def test_leaps_of_outcomes_are_told_together() -> None:
    last: dict[str, Figure] = {
        "requests.new_received.total": 400,
        "requests.granted.total": 110,
        "requests.unable_not_held.total": 30,
        "requests.notproc_petition.total": 406,
    }
    now: dict[str, Figure] = {
        "requests.new_received.total": 420,
        "requests.granted.total": 11,
        "requests.unable_not_held.total": 170,
        "requests.notproc_petition.total": 117,
    }
    (finding,) = compare(now, last)
    assert (finding.rule, finding.severity) == ("CY-JUMP", "explain")
    assert finding.cells == ("requests.granted.total", "requests.unable_not_held.total")
    assert (finding.left, finding.right) == (181, 140)
    assert finding.facts["last"] == dict(zip(finding.cells, (110, 30), strict=True))


def test_many_times_the_requests_are_said_without_their_outcomes() -> None:
    last: dict[str, Figure] = {"requests.new_received.total": 3, "requests.granted.total": 2}
    now: dict[str, Figure] = {"requests.new_received.total": 80, "requests.granted.total": 60}
    (finding,) = compare(now, last)
    assert finding.cells == ("requests.new_received.total",)


def test_requests_that_vanished_are_a_leap_too() -> None:
    last: dict[str, Figure] = {"requests.new_received.total": 25, "proactive.permits": 1}
    now: dict[str, Figure] = {"requests.new_received.total": 0, "proactive.permits": 1}
    assert rules(compare(now, last)) == ["CY-JUMP"]


def test_the_totals_of_table_four_are_compared_and_their_parts_are_not() -> None:
    last: dict[str, Figure] = {
        "review_litigation.review_total": 440, "review_litigation.review_upheld": 309,
        "review_litigation.direct_total": 24, "review_litigation.direct_pending": 6,
    }  # fmt: skip
    now: dict[str, Figure] = {
        "review_litigation.review_total": 170, "review_litigation.review_upheld": 40,
        "review_litigation.direct_total": 4, "review_litigation.direct_pending": 0,
    }  # fmt: skip
    (finding,) = compare(now, last)
    assert finding.cells == ("review_litigation.direct_total",)


def test_what_was_carried_in_is_left_to_the_comparison_with_what_was_carried_out() -> None:
    cell = "requests.carried_in.total"
    assert compare({cell: 200}, {cell: 3}) == ()


def test_no_cell_stands_under_two_leaps() -> None:
    now = figures_of(requests_table(3, STYLES["dense city"])) | {"proactive.permits": 50}
    last = {cell: 40 * number for cell, number in now.items() if number}
    seen = [cell for f in compare(now, last) if f.rule in ("CY-JUMP", "NUM-07") for cell in f.cells]
    assert len(seen) == len(set(seen)) > 0


# ── copies and zeros ────────────────────────────────────────────────────────────────────────


def test_a_table_copied_from_last_year_is_noticed() -> None:
    figures = figures_of(requests_table(5, STYLES["county"]))
    (finding,) = compare(figures, figures)
    assert (finding.rule, finding.severity) == ("CY-SAME", "explain")
    assert finding.facts["last_year"] == 2023
    assert not any(cell.endswith(".total") for cell in finding.cells)
    assert compare(figures | {"proactive.permits": 1}, figures) == ()


@pytest.mark.parametrize(
    ("figures", "asked"),
    [
        (whole(), False),
        (whole(permits=2, penalties=1, coercion=1), False),
        (whole(permits=120, penalties=31), False),
        (whole(normdocs_in_force=4200, rules_in_force=1200, permits=31), False),
        (whole(permits=120, penalties=31, coercion=4), True),
        (whole(permits=12, penalties=31, fees_wanyuan=Decimal("45.12")), True),
    ],
)
def test_a_few_small_figures_come_out_alike_by_chance(
    figures: dict[str, Figure], asked: bool
) -> None:
    assert (rules(compare(figures, figures)) == ["CY-SAME"]) is asked


def test_an_unfinished_report_is_no_copy_yet() -> None:
    figures = whole(permits=120, penalties=31, coercion=44)
    assert compare(figures | {"requests.granted.total": None}, figures) == ()
    known = {cell: number for cell, number in figures.items() if "requests." not in cell}
    assert rules(compare(figures, known)) == ["CY-SAME"]


def test_nothing_but_zeros_after_a_year_with_figures_wants_a_reason() -> None:
    (finding,) = compare(whole(), whole(permits=31, normdocs_in_force=4))
    assert (finding.rule, finding.severity, finding.left) == ("CY-ALLZERO", "explain", 2)
    assert finding.facts["last"] == {"proactive.normdocs_in_force": 4, "proactive.permits": 31}


def test_nothing_but_zeros_without_a_known_year_before_is_a_note() -> None:
    for found in (compare(whole(), None), compare(whole(), whole(permits=3), last_year=2021)):
        assert [(f.rule, f.severity, f.left) for f in found] == [("CY-ALLZERO", "note", None)]


def test_two_years_of_zeros_are_left_alone() -> None:
    assert compare(whole(), whole()) == ()


def test_zeros_with_a_blank_among_them_are_not_all_zero() -> None:
    assert compare(whole(permits=None), whole(permits=31)) == ()


# ── powers that came or went ────────────────────────────────────────────────────────────────


def test_decisions_and_fees_that_ended_or_began_are_told_in_one_finding() -> None:
    last = whole(permits=412, penalties=0, coercion=30, fees_wanyuan=Decimal("88.5"))
    now = whole(permits=0, penalties=15, coercion=28, fees_wanyuan=Decimal(0))
    (finding,) = compare(now, last)
    assert (finding.rule, finding.severity) == ("T2-04", "explain")
    assert finding.facts["ended"] == {
        "proactive.permits": 412,
        "proactive.fees_wanyuan": Decimal("88.5"),
    }
    assert finding.facts["begun"] == {"proactive.penalties": 15}


@pytest.mark.parametrize(("last", "now"), [(2, 0), (0, 4), (0, 0), (5, 1)])
def test_one_or_two_penalties_in_a_year_and_none_in_the_next_are_nothing(
    last: int, now: int
) -> None:
    assert compare(whole(penalties=now, permits=9), whole(penalties=last, permits=8)) == ()


# ── the body ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        ("青石县水利局", "青石县水务局", True),
        ("青石县水务局", "青石县水务局", False),
        (" 青石县　水务局", "青石县水务局", False),
        ("青石县水务局（河长办）", "青石县水务局(河长办)", False),
        ("临江市青石县水务局", "青石县水务局", False),
        ("", "青石县水务局", False),
    ],
)
def test_another_name_than_last_year_wants_a_reason(before: str, now: str, asked: bool) -> None:
    found = compare({}, {"proactive.permits": 1}, agency=now, last_agency=before)
    assert [(f.rule, f.severity) for f in found] == ([("CY-ORG", "explain")] if asked else [])


@pytest.mark.parametrize(
    ("before", "now", "noted"),
    [
        ("县级政府部门", "市级政府部门", True),
        ("区级部门", "县级政府部门", False),
        ("市政府", "地市级政府", False),
        ("县级政府", "县级政府部门", True),
        ("", "县级政府部门", False),
        ("其他", "县级政府部门", False),
    ],
)
def test_another_level_is_noted_only(before: str, now: str, noted: bool) -> None:
    found = compare({}, {}, level=now, last_level=before)
    assert [(f.rule, f.severity) for f in found] == ([("CY-ORG", "note")] if noted else [])


def test_a_name_of_two_years_ago_is_not_compared() -> None:
    assert compare({}, {}, agency="青石县水务局", last_agency="青石县水利局", last_year=2022) == ()


# ── the unit of the fees ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("last", "now", "level", "asked"),
    [
        ("59237.2449", "592372449", "地市级政府", True),
        ("59237.2449", "72701.2578", "地市级政府", False),
        ("1.2", "12500", "县级政府部门", True),
        ("9800", "10400", "县级政府部门", False),
        ("0", "10400", "县级政府部门", True),
        ("0", "10400", "地市级政府", False),
    ],
)
def test_last_years_fees_decide_whether_yuan_were_typed(
    last: str, now: str, level: str, asked: bool
) -> None:
    cell = "proactive.fees_wanyuan"
    dossier = Dossier(
        form(), report_of({cell: Decimal(now)}, level=level),
        last=report_of({cell: Decimal(last)}, year=2023),
    )  # fmt: skip
    found = run_checks(dossier, (numbers.check_unit,))
    assert (rules(found) == ["NUM-04"]) is asked


# ── all of them ─────────────────────────────────────────────────────────────────────────────

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(-5, 400),
    st.integers(),
    st.decimals(),
    st.sampled_from([True, "12", 3.5, Decimal("sNaN"), Decimal("1E-999999"), 10**40]),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_figures_make_a_comparison_of_years_fail(data: st.DataObject) -> None:
    cells = st.dictionaries(st.sampled_from(form().cells), ODD, max_size=30)
    dense = figures_of({}) if data.draw(st.booleans()) else {}
    now, last = dense | data.draw(cells), dense | data.draw(cells)
    earlier = data.draw(st.sampled_from([report_of(last, year=2023), None]))
    dossier = Dossier(form(), report_of(now), last=earlier)
    for finding in run_checks(dossier, (*ALL, numbers.check_unit)):
        assert finding.identity
        assert all(change.value >= 0 for repair in finding.repairs for change in repair.changes)


def test_a_dense_report_with_a_year_before_it_takes_half_a_millisecond() -> None:
    now = figures_of(requests_table(1, STYLES["big city"])) | TWO_2024
    last = figures_of(requests_table(2, STYLES["big city"])) | TWO_2023
    dossier = Dossier(form(), report_of(now), last=report_of(last, year=2023))
    times = []
    for _ in range(50):
        start = process_time()
        run_checks(dossier, ALL)
        times.append(process_time() - start)
    assert min(times) < 0.0005


def test_every_comparison_of_years_has_words(wording: Wording) -> None:
    busy = figures_of(requests_table(5, STYLES["county"]))
    found = [
        *compare(busy, busy), *compare(whole(), busy), *compare(whole(), None),
        *compare(busy | {"requests.new_received.total": 9}, busy),
        *compare(whole(permits=1), busy | {"proactive.coercion": 9}),
        *compare(whole(permits=9), whole(fees_wanyuan=Decimal("7.5"))),
        *compare({"proactive.permits": 4200}, {"proactive.permits": 390}),
        *compare({"proactive.permits": 1920}, {"proactive.permits": 9800}),
        *compare({"proactive.permits": 90000}, {"proactive.permits": 120}),
        *compare({}, {}, agency="青石县水务局", last_agency="青石县水利局"),
        *compare({}, {}, level="县级政府部门", last_level="市级政府部门"),
    ]  # fmt: skip
    assert {finding.rule for finding in found} == {
        "CY-JUMP", "NUM-07", "CY-SAME", "CY-ALLZERO", "T2-04", "CY-ORG",
    }  # fmt: skip
    for finding in found:
        values = {cell: Answer(7, "typed") for cell in finding.cells}
        draft = Draft(form(), 1, "青石县水务局", 2024, "", values)
        said = wording.finding(finding, draft)
        assert "。" in said
        assert "None" not in said
        for repair in finding.repairs:
            assert str(repair.changes[0].value) in wording.repair(finding, repair, draft)


def test_a_real_dense_city_says_nothing_about_a_year_much_like_it() -> None:
    path = SHARED / "suqian-2023.json"
    if not path.exists():
        pytest.skip("the shared data is not here")
    sections = json.loads(path.read_text(encoding="utf-8"))["sections"]
    last: dict[str, Figure] = {
        f"requests.{row}.{column}": sections["requests"][row][column]
        for row in sections["requests"]
        for column in COLUMNS
    }
    for section in ("proactive", "review_litigation"):
        last |= {f"{section}.{key}": number for key, number in sections[section].items()}
    now = (
        last
        | TWO_2024
        | {f"requests.carried_in.{c}": last[f"requests.carried_out.{c}"] for c in COLUMNS}
    )
    now |= {
        "proactive.rules_made": 2,
        "proactive.rules_repealed": 1,
        "proactive.rules_in_force": 12,
    }
    dossier = Dossier(
        form(), report_of(now, level="市政府"),
        last=report_of(last, year=2023, level="市政府"), last_approved=True,
    )  # fmt: skip
    assert run_checks(dossier, ALL) == ()
