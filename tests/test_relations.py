"""Comparisons with last year's report that the form file states, and totals with blanks beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import FORM, CatalogueError, load_form
from bot.checks import run_checks
from bot.checks.figures import partial, relations
from bot.checks.finding import Change, Dossier, Finding
from bot.draft import Answer, Draft
from bot.report import Figure
from bot.wording import Wording
from tests.tables import COLUMNS, figures_of, form, report_of

CARRIED_OUT_2023 = "118 3 0 0 0 0 121"
DOCUMENTS_2023 = {"rules": "2 0 11", "normdocs": "109 489 597"}
DOCUMENTS_2024 = {"rules": "2 1 12", "normdocs": "50 227 420"}
CASES_2023 = {"review": "309 17 88 26 440", "direct": "1 1 16 6 24", "after_review": "13 0 67 9 89"}
CASES_2024 = {"review": "88 18 28 36 170", "direct": "7 0 11 7 25", "after_review": "33 0 6 13 52"}


def row(name: str, numbers: str) -> dict[str, Figure]:
    """A row of table three as a clerk writes it down; - is a blank."""
    return {
        f"requests.{name}.{column}": None if number == "-" else int(number)
        for column, number in zip(COLUMNS, numbers.split(), strict=True)
    }


def documents(rows: Mapping[str, str]) -> dict[str, Figure]:
    """规章 and 行政规范性文件: made, repealed, in force."""
    return {
        f"proactive.{name}_{column}": int(number)
        for name, numbers in rows.items()
        for column, number in zip(("made", "repealed", "in_force"), numbers.split(), strict=True)
    }


def cases(rows: Mapping[str, str]) -> dict[str, Figure]:
    """Table four."""
    parts = ("upheld", "corrected", "other", "pending", "total")
    return {
        f"review_litigation.{name}_{part}": int(number)
        for name, numbers in rows.items()
        for part, number in zip(parts, numbers.split(), strict=True)
    }


LAST = row("carried_out", CARRIED_OUT_2023) | documents(DOCUMENTS_2023) | cases(CASES_2023)
NOW = row("carried_in", CARRIED_OUT_2023) | documents(DOCUMENTS_2024) | cases(CASES_2024)


def dossier(
    now: Mapping[str, Figure], last: Mapping[str, Figure] | None, year: int = 2023, **more: object
) -> Dossier:
    """A report of 2024 with just these figures, and one of the year before."""
    earlier = None if last is None else report_of(last, year=year)
    return Dossier(form(), report_of(now), last=earlier, **more)  # type: ignore[arg-type]


CHECKS = (partial.check_partial, relations.check_carried_in, relations.check_relations)


def compare(
    now: Mapping[str, Figure], last: Mapping[str, Figure] | None, year: int = 2023, **more: object
) -> tuple[Finding, ...]:
    return run_checks(dossier(now, last, year, **more), CHECKS)


# ── the form file ───────────────────────────────────────────────────────────────────────────


def test_the_form_states_sixteen_comparisons() -> None:
    stated: dict[str, int] = {}
    for relation in form().relations:
        stated[relation.id] = stated.get(relation.id, 0) + 1
    assert stated == {"CY-FWD": 7, "CY-VALID": 2, "T2-02": 2, "T2-03": 2, "CY-T4": 3}


def test_a_term_may_be_of_last_year_and_be_subtracted() -> None:
    relation = next(r for r in form().relations if (r.id, r.about) == ("CY-VALID", "normdocs"))
    assert [(term.cell, term.last, term.minus) for term in relation.terms] == [
        ("proactive.normdocs_in_force", False, False),
        ("proactive.normdocs_in_force", True, False),
        ("proactive.normdocs_made", False, False),
        ("proactive.normdocs_repealed", False, True),
    ]


@pytest.mark.parametrize(
    ("found", "instead", "fault"),
    [
        ('sign = "="', 'sign = "<"', "relations[1].sign：“<”不是 =、>= 之一"),
        ('sign = "="\n', "", "relations[1].sign：“None”不是 =、>= 之一"),
        ('severity = "explain"', 'severity = "high"', "relations[1].severity：“high”不是"),
        ('each = "column"', 'each = "colum"', "relations[1].each：没有叫“colum”的集合"),
        ('id = "CY-FWD"', 'name = "CY-FWD"', "relations[1].id：应为文字，不能空"),
        ('id = "CY-FWD"', 'id = "CY-FWD"\nlefts = []', "relations[1]：不认识“lefts”"),
        ("carried_out", "carried", "没有叫“requests.carried.total”的单元格"),
        ("{column}", "{colum}", "“requests.carried_in.{colum}”里的“colum”没有定义"),
        (
            '"last req',
            '"next req',
            "relations[1].right：“next requests.carried_out.{column}”看不懂",
        ),
        ('["requests.carried_in.{column}"]', "[]", "relations[1].left：应为单元格的列表，不能空"),
        ('["requests.carried_in.{column}"]', "[7]", "relations[1].left[1]：应为文字"),
        ('["requests.carried_in.{column}"]', '"a"', "relations[1].left：应为文字的列表"),
    ],
)
def test_a_faulty_comparison_is_refused_with_its_place(
    found: str, instead: str, fault: str, tmp_path: Path
) -> None:
    head, mark, tail = FORM.read_text(encoding="utf-8").partition("[[relations]]")
    path = tmp_path / "form.toml"
    path.write_text(head + mark + tail.replace(found, instead, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_form(path)
    assert any(fault in line for line in caught.value.faults)
    assert len(set(caught.value.faults)) == len(caught.value.faults)


def test_a_form_may_state_no_comparison_at_all(tmp_path: Path) -> None:
    head, _, _ = FORM.read_text(encoding="utf-8").partition("[[relations]]")
    path = tmp_path / "form.toml"
    path.write_text(head, encoding="utf-8")
    assert load_form(path).relations == ()
    path.write_text(head + "\n[relations]\na = 1\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="relations"):
        load_form(path)


# ── between years ───────────────────────────────────────────────────────────────────────────


def test_two_real_years_agree_in_every_comparison() -> None:
    assert compare(NOW, LAST, last_approved=True) == ()


def test_what_is_carried_in_is_compared_for_each_kind_of_applicant() -> None:
    (finding,) = compare(NOW | row("carried_in", "117 4 0 0 0 0 121"), LAST)
    assert (finding.rule, finding.severity) == ("CY-FWD", "explain")
    assert finding.facts["columns"] == (("natural_person", 117, 118), ("business", 4, 3))
    assert (finding.left, finding.right) == (121, 121)
    (repair,) = finding.repairs
    assert repair.cause == "last"
    assert repair.changes == (
        Change("requests.carried_in.natural_person", 118),
        Change("requests.carried_in.business", 3),
    )


def test_an_approved_report_of_last_year_makes_the_carry_over_binding() -> None:
    (finding,) = compare(NOW | row("carried_in", "0 0 0 0 0 0 0"), LAST, last_approved=True)
    assert finding.severity == "hard"
    assert finding.cells == tuple(
        f"requests.carried_in.{column}" for column in ("natural_person", "business", "total")
    )


def test_only_the_carry_over_becomes_binding() -> None:
    (finding,) = compare(NOW | documents({"normdocs": "50 227 421"}), LAST, last_approved=True)
    assert (finding.rule, finding.severity) == ("CY-VALID", "explain")


def test_where_last_years_columns_are_unknown_the_total_alone_is_compared() -> None:
    last: dict[str, Figure] = {"requests.carried_out.total": 121}
    assert compare(row("carried_in", CARRIED_OUT_2023), last) == ()
    (finding,) = compare(row("carried_in", "118 2 0 0 0 0 120"), last)
    assert finding.cells == ("requests.carried_in.total",)
    assert finding.repairs == ()  # which kind of applicant is wrong nobody knows


def test_a_total_that_follows_from_its_columns_is_not_offered_for_change() -> None:
    total = "requests.carried_in.total"
    (finding,) = compare(
        NOW | row("carried_in", "117 3 0 0 0 0 120"), LAST, derived=frozenset({total})
    )
    assert finding.repairs[0].changes == (Change("requests.carried_in.natural_person", 118),)


def test_zeros_behind_a_gate_are_changed_by_opening_the_gate() -> None:
    zeros = row("carried_in", "0 0 0 0 0 0 0")
    (finding,) = compare(zeros, LAST, settled=frozenset(zeros), closed=("gate.requests",))
    assert finding.facts["settled"] is True
    assert finding.repairs == ()


@pytest.mark.parametrize("year", [2022, 2024, 2025])
def test_only_the_year_just_before_is_compared(year: int) -> None:
    assert compare(NOW | row("carried_in", "0 0 0 0 0 0 0"), LAST, year) == ()


def test_an_unknown_side_is_silent() -> None:
    assert compare(row("carried_in", "- - - - - - -"), LAST) == ()
    assert compare(NOW, {}) == ()
    assert compare(NOW, None) == ()
    assert compare(NOW | {"proactive.normdocs_in_force": Decimal("NaN")}, LAST) == ()


def test_a_negative_count_is_left_to_the_rule_for_counts() -> None:
    assert compare(NOW | {"requests.carried_in.natural_person": -118}, LAST) == ()


@pytest.mark.parametrize(
    ("last", "now"), [("109 489 597", "50 227 420"), ("0 0 420", "61 59 422"), ("2 0 11", "2 1 12")]
)
def test_documents_in_force_follow_from_last_years(last: str, now: str) -> None:
    assert compare(documents({"normdocs": now}), documents({"normdocs": last})) == ()
    made, repealed, valid = now.split()
    wrong = documents({"normdocs": f"{made} {repealed} {int(valid) + 7}"})
    (finding,) = compare(wrong, documents({"normdocs": last}))
    assert (finding.rule, finding.right, finding.difference) == ("CY-VALID", int(valid), 7)
    assert finding.repairs[0].changes == (Change("proactive.normdocs_in_force", int(valid)),)


def test_more_documents_repealed_than_there_were_is_said_once() -> None:
    (finding,) = compare(documents({"normdocs": "1 9 0"}), documents({"normdocs": "0 0 5"}))
    assert (finding.rule, finding.left, finding.right) == ("T2-03", 6, 9)


def test_documents_made_this_year_are_normally_in_force() -> None:
    assert compare(documents(DOCUMENTS_2024), None) == ()
    (finding,) = compare(documents({"normdocs": "12 2 3"}), None)
    assert (finding.rule, finding.left, finding.right) == ("T2-02", 3, 10)
    assert finding.repairs == ()


def test_last_years_stock_says_more_than_this_years_documents() -> None:
    found = compare(documents({"normdocs": "12 2 3"}), documents({"normdocs": "0 0 20"}))
    assert [finding.rule for finding in found] == ["CY-VALID"]


def test_open_cases_come_back_the_next_year() -> None:
    (finding,) = compare(NOW | cases({"review": "10 1 2 7 20"}), LAST)
    assert (finding.rule, finding.severity, finding.left, finding.right) == (
        "CY-T4", "explain", 20, 26,
    )  # fmt: skip
    assert compare(NOW | cases({"review": "20 0 0 6 26"}), LAST) == ()


# ── totals with blanks beside them ──────────────────────────────────────────────────────────


def test_parts_above_their_total_are_said_before_the_row_is_complete() -> None:
    (finding,) = compare(row("new_received", "39 - - - - - 12"), None)
    assert (finding.rule, finding.severity, finding.left, finding.right) == (
        "T3-PART", "hard", 39, 12,
    )  # fmt: skip
    assert finding.cells == (
        "requests.new_received.natural_person",
        "requests.new_received.total",
    )


def test_parts_that_still_fit_under_their_total_are_left_alone() -> None:
    assert compare(row("new_received", "12 - - - - - 12"), None) == ()
    assert compare(row("new_received", "12 -3 - - - - 10"), None)[0].left == 12


def test_a_column_of_results_above_its_total_is_said_too() -> None:
    column: dict[str, Figure] = {
        "requests.granted.business": 5,
        "requests.unable_not_held.business": 3,
        "requests.total_handled.business": 7,
    }
    (finding,) = compare(column, None)
    assert finding.facts == {"equation": "T3-RES", "about": "business"}


def test_a_group_of_table_four_above_its_total_is_said_too() -> None:
    group: dict[str, Figure] = {
        "review_litigation.review_upheld": 10,
        "review_litigation.review_total": 0,
    }
    assert [finding.rule for finding in compare(group, None)] == ["T4-PART"]


def test_a_row_that_is_complete_is_left_to_its_equation() -> None:
    assert compare(row("new_received", "39 0 0 0 0 0 12"), None) == ()


# ── all of them ─────────────────────────────────────────────────────────────────────────────

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(-5, 40),
    st.integers(),
    st.decimals(),
    st.sampled_from([True, "12", 3.5, Decimal("sNaN"), Decimal("9E+999999"), 10**40]),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), approved=st.booleans())
def test_no_figures_make_a_comparison_fail(data: st.DataObject, approved: bool) -> None:
    cells = st.dictionaries(st.sampled_from(form().cells), ODD, max_size=30)
    dense = figures_of({}) if data.draw(st.booleans()) else {}
    now, last = dense | data.draw(cells), dense | data.draw(cells)
    for finding in compare(now, data.draw(st.sampled_from([last, None])), last_approved=approved):
        assert finding.identity
        assert all(change.value >= 0 for repair in finding.repairs for change in repair.changes)


def findings_of_every_kind() -> list[Finding]:
    """Each rule at least once, with its variants."""
    zeros = row("carried_in", "0 0 0 0 0 0 0")
    return [
        *compare(NOW | zeros, LAST, last_approved=True),
        *compare(NOW | zeros, LAST, settled=frozenset(zeros)),
        *compare(NOW | row("carried_in", "117 4 0 0 0 0 121"), LAST),
        *compare(NOW | documents({"normdocs": "50 227 421"}), LAST),
        *compare(NOW | documents({"normdocs": "50 827 421"}), LAST),
        *compare(documents({"normdocs": "12 2 3"}), None),
        *compare(NOW | cases({"review": "10 1 2 7 20"}), LAST),
        *compare(row("new_received", "39 - - - - - 12"), None),
        *compare({"requests.granted.total": 5, "requests.total_handled.total": 3}, None),
        *compare({"review_litigation.direct_other": 5, "review_litigation.direct_total": 3}, None),
    ]


def read_out(wording: Wording, found: list[Finding]) -> Callable[[Finding], str]:
    """What a clerk reads about a finding: the message, why it matters, the words on the buttons."""
    draft = Draft(form(), 1, "青石县水务局", 2024, "", {})

    def read(finding: Finding) -> str:
        values = {cell: Answer(7, "typed") for cell in finding.cells}
        filled = Draft(draft.form, 1, draft.agency, draft.year, "", values)
        buttons = [wording.repair(finding, repair, filled) for repair in finding.repairs]
        return "\n".join((wording.finding(finding, filled), *buttons))

    assert found
    return read


def test_every_comparison_has_words(wording: Wording) -> None:
    found = findings_of_every_kind()
    read = read_out(wording, found)
    assert {finding.rule for finding in found} == {
        "CY-FWD", "CY-VALID", "CY-T4", "T2-02", "T2-03", "T3-PART", "T4-PART",
    }  # fmt: skip
    for finding in found:
        assert "。" in read(finding)
        assert "None" not in read(finding)


def test_the_carry_over_is_told_column_by_column_with_both_sides(wording: Wording) -> None:
    found = [*compare(NOW | row("carried_in", "117 4 0 0 0 0 121"), LAST)]
    said = read_out(wording, found)(found[0])
    assert "自然人填的是 117，去年报的是 118；商业企业填的是 4，去年报的是 3" in said
    assert "两年的总计都是 121" in said
    assert "上年结转·自然人 118" in said
