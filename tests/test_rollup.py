"""The roll-up: what is counted, what is left out and why, and what the office is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checks.finding import Finding
from bot.office.rollup import (
    REASONS,
    Contribution,
    Rollup,
    add_up,
    contributions_of,
    report_of,
    stale,
    versions_of,
)
from bot.office.rollup_checks import check_fresh, check_rollup
from bot.office.standing import State, Unit
from bot.report import Figure, Report
from bot.wording import Wording
from tests.tables import STYLES, figures_of, form, requests_table
from tests.tables import report_of as sound_report

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FORM = form()
DISTRICT = Unit(1, "青石县人民政府", level="县级政府")
NEW = "requests.new_received.total"
FEES = "proactive.fees_wanyuan"
NAMES = ("财政局", "教育局", "公安局", "水务局", "民政局", "城市管理局")
OWN = Unit(10, "青石县人民政府办公室", "县政府办", order=1, parent=1, own=True)
CHILDREN = (
    OWN,
    *(Unit(11 + n, f"青石县{name}", name, order=2 + n, parent=1) for n, name in enumerate(NAMES)),
)


@cache
def sound(seed: int, style: str = "small") -> dict[str, Figure]:
    """The figures of a made-up unit; every equation holds."""
    held = figures_of(requests_table(seed, STYLES[style]))
    held[FEES] = Decimal(seed) / 8
    return held | {"proactive.permits": seed * 7, "proactive.normdocs_in_force": seed}


def given_by(unit: Unit, **changes: object) -> Contribution:
    """An approved contribution."""
    fields: dict[str, object] = {
        "unit": unit, "year": 2024, "format": "2021", "version": 1, "state": "approved",
        "figures": sound(unit.id), "sha": f"sha{unit.id}",
    }  # fmt: skip
    return Contribution(**{**fields, **changes})  # type: ignore[arg-type]


ALL = tuple(given_by(unit) for unit in CHILDREN)


def rolled(
    contributions: Sequence[Contribution] = ALL,
    children: Sequence[Unit] = CHILDREN,
    *,
    final: bool = True,
) -> Rollup:
    """The roll-up of the county for 2024."""
    return add_up(FORM, DISTRICT, children, contributions, 2024, final=final)


def without(*names: str) -> tuple[Contribution, ...]:
    return tuple(one for one in ALL if one.unit.called not in names)


def changed(name: str, **changes: object) -> tuple[Contribution, ...]:
    """All contributions, one of them changed."""
    return tuple(
        replace(one, **changes) if one.unit.called == name else one  # type: ignore[arg-type]
        for one in ALL
    )


def rules(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def only(findings: Sequence[Finding], rule: str) -> Finding:
    (found,) = [finding for finding in findings if finding.rule == rule]
    return found


# ── what is counted ─────────────────────────────────────────────────────────────────────────


def test_a_sound_roll_up_is_the_sum_of_all_and_says_nothing() -> None:
    found = rolled()
    assert found.figures[NEW] == sum(int(str(one.figures[NEW])) for one in ALL)
    assert found.figures[FEES] == Decimal(sum(unit.id for unit in CHILDREN)) / 8
    assert (found.missing, found.excluded, found.waiting) == ((), (), ())
    assert found.own is not None
    assert found.own.unit == OWN
    assert check_rollup(found, FORM, report=found.figures) == ()


def test_a_preview_counts_what_is_handed_in_and_a_final_one_does_not() -> None:
    contributions = changed("教育局", state="submitted")
    assert [one.unit.called for one in rolled(contributions, final=False).counted].count("教育局")
    final = rolled(contributions)
    assert [unit.called for unit in final.missing] == ["教育局"]
    assert [one.unit.called for one in final.waiting] == ["教育局"]


@pytest.mark.parametrize("state", ["idle", "filling", "returned"])
def test_what_is_not_handed_in_is_never_counted(state: State) -> None:
    for final in (True, False):
        assert [u.called for u in rolled(changed("教育局", state=state), final=final).missing] == [
            "教育局"
        ]


@pytest.mark.parametrize(
    ("changes", "reason"), [({"year": 2023}, "year"), ({"format": "2019"}, "form")]
)
def test_a_report_of_another_year_or_form_is_left_out(
    changes: dict[str, object], reason: str
) -> None:
    found = rolled(changed("公安局", **changes))
    assert [(one.unit.called, why) for one, why in found.excluded] == [("公安局", reason)]
    assert [unit.called for unit in found.missing] == ["公安局"]


def test_of_two_reports_of_one_unit_the_newest_counts_once() -> None:
    newer = given_by(CHILDREN[1], version=2, figures=sound(99))
    found = rolled((*ALL, newer))
    assert [one for one in found.counted if one.unit == CHILDREN[1]] == [newer]
    assert [(one.version, why) for one, why in found.excluded] == [(1, "twice")]


def test_a_data_file_is_known_by_its_name_and_the_store_goes_before_it() -> None:
    file = given_by(Unit(0, "青石县财政局"), version=9, figures=sound(50))
    alone = rolled((*without("财政局"), file))
    assert next(o for o in alone.counted if o.unit == CHILDREN[1]).figures == sound(50)
    assert alone.missing == ()
    both = rolled((*ALL, file))
    assert both.figures == rolled().figures
    assert [(one.version, why) for one, why in both.excluded] == [(9, "twice")]


def test_data_files_of_several_other_districts_are_all_counted() -> None:
    files = [
        given_by(Unit(0, f"{name}县人民政府"), figures=sound(n)) for n, name in enumerate("甲乙丙")
    ]
    assert len(rolled((*ALL, *files)).counted) == len(ALL) + 3


def test_a_unit_below_one_that_is_counted_is_not_added_again() -> None:
    branch = Unit(30, "青石县公安局城东分局", "城东分局", order=9, parent=13)
    found = rolled((*ALL, given_by(branch, figures=sound(13))), (*CHILDREN, branch))
    assert found.figures == rolled().figures
    assert [(one.unit, why) for one, why in found.excluded] == [(branch, "parent")]
    assert found.missing == ()
    alone = rolled((*without("公安局"), given_by(branch)), (*CHILDREN, branch))
    assert branch in [one.unit for one in alone.counted]


def test_a_unit_below_the_own_office_reports_for_itself() -> None:
    below = Unit(31, "青石县档案局", order=9, parent=OWN.id)
    assert below in [
        one.unit for one in rolled((*ALL, given_by(below)), (*CHILDREN, below)).counted
    ]


def test_units_above_one_another_in_a_circle_are_all_counted() -> None:
    one, other = Unit(40, "青石县甲局", parent=41), Unit(41, "青石县乙局", parent=40)
    found = rolled((given_by(one), given_by(other)), (one, other))
    assert len(found.counted) == 2


def test_an_exempt_unit_is_neither_missing_nor_counted() -> None:
    exempt = replace(CHILDREN[2], exempt="并入财政局")
    children = (*CHILDREN[:2], exempt, *CHILDREN[3:])
    found = rolled(ALL, children)
    assert found.exempt == (exempt,)
    assert found.missing == ()
    assert [why for _, why in found.excluded] == ["exempt"]


def test_the_districts_own_report_and_a_strangers_are_not_among_its_parts() -> None:
    whole = given_by(DISTRICT)
    stranger = given_by(Unit(77, "别县财政局"))
    found = rolled((*ALL, whole, stranger))
    assert sorted(why for _, why in found.excluded) == ["stranger", "whole"]
    assert found.figures == rolled().figures


def test_a_cell_that_nobody_has_a_figure_for_stays_blank() -> None:
    blank = tuple(replace(one, figures={**one.figures, NEW: None}) for one in ALL)
    assert rolled(blank).figures[NEW] is None
    assert rolled(()).figures == dict.fromkeys(FORM.cells)


@pytest.mark.parametrize("figure", [-3, Decimal("NaN"), Decimal("sNaN"), Decimal("2.5"), True])
def test_what_is_no_count_is_not_added_and_is_told(figure: Figure) -> None:
    contributions = changed("教育局", figures={**sound(12), NEW: figure})
    found = rolled(contributions)
    assert found.figures[NEW] == sum(int(str(o.figures[NEW])) for o in without("教育局"))
    gap = only(check_rollup(found, FORM, report=sound(1)), "RU-GAP")
    assert gap.facts["of"] == (("教育局", 1),)
    assert gap.cells == (NEW,)


def test_who_gave_what_is_told_with_those_above_zero_first() -> None:
    cell = "review_litigation.review_total"
    found = rolled(changed("公安局", figures={**sound(13), cell: 4}))
    gave = contributions_of(found, cell)
    assert gave[0] == (CHILDREN[3], 4)
    assert [unit.order for unit, _ in gave[1:]] == [1, 2, 3, 5, 6, 7]


def test_the_report_of_a_roll_up_has_figures_and_no_texts() -> None:
    report = report_of(rolled(), FORM)
    assert (report.agency, report.year, report.has_texts) == ("青石县人民政府", 2024, False)
    assert report.figures == rolled().figures


def test_a_roll_up_is_stale_once_a_unit_counts_otherwise() -> None:
    then = versions_of(rolled())
    assert stale(then, rolled()) == ()
    newer = rolled(changed("水务局", version=2))
    assert [unit.called for unit in stale(then, newer)] == ["水务局"]
    assert [unit.called for unit in stale(then, rolled(without("民政局")))] == ["民政局"]
    assert [unit.called for unit in stale(versions_of(rolled(without("民政局"))), rolled())] == [
        "民政局"
    ]
    gone = stale({**then, 500: 3}, rolled())
    assert [unit.id for unit in gone] == [500]
    assert only(check_fresh(then, newer), "RU-FRESH").facts["units"] == ("水务局",)


# ── properties ──────────────────────────────────────────────────────────────────────────────

COUNT = st.one_of(st.none(), st.integers(0, 10**6))
MONEY = st.one_of(st.none(), st.decimals(0, 10**6, places=4))
STATES: tuple[State, ...] = ("approved", "submitted", "filling")


@st.composite
def contributions(draw: st.DrawFn) -> list[Contribution]:
    """Any units of the list, some twice, some from other years, with any figures."""
    found = []
    for number in range(draw(st.integers(0, 9))):
        figures: dict[str, Figure] = {
            NEW: draw(COUNT),
            FEES: draw(MONEY),
            "proactive.permits": draw(COUNT),
        }
        found.append(
            given_by(
                draw(st.sampled_from(CHILDREN)),
                figures=figures,
                version=draw(st.integers(1, 3)),
                year=draw(st.sampled_from((2024, 2024, 2024, 2023))),
                state=draw(st.sampled_from(STATES)),
                sha=str(number % 2),
            )
        )
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contributions(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_in_which_contributions_come_changes_nothing(
    given_in: list[Contribution], final: bool, random: Random
) -> None:
    shuffled = list(given_in)
    random.shuffle(shuffled)
    assert rolled(given_in, final=final) == rolled(shuffled, final=final)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contributions(), st.booleans())
def test_every_sum_is_the_sum_of_what_is_counted_and_everybody_is_accounted_for(
    given_in: list[Contribution], final: bool
) -> None:
    found = rolled(given_in, final=final)
    for cell in (NEW, FEES, "proactive.permits", "requests.granted.total"):
        total, known = Fraction(0), False
        for one in given_in:
            if any(one is other for other in found.counted) and one.figures.get(cell) is not None:
                total, known = total + Fraction(str(one.figures[cell])), True
        figure = found.figures[cell]
        assert (figure is None) is not known
        assert figure is None or Fraction(str(figure)) == total
    units = [one.unit.id for one in found.counted]
    assert len(units) == len(set(units))
    assert set(units) | {unit.id for unit in found.missing} == {unit.id for unit in CHILDREN}
    assert not set(units) & {unit.id for unit in found.missing}
    assert len(given_in) == len(found.counted) + len(found.excluded) + len(found.waiting)
    assert units.count(OWN.id) == (found.own is not None)


@settings(max_examples=40, deadline=None)
@given(contributions(), st.text(max_size=60), st.dictionaries(st.sampled_from(FORM.cells), COUNT))
def test_the_checks_never_raise_and_always_name_units(
    given_in: list[Contribution], text: str, report: Mapping[str, Figure]
) -> None:
    found = rolled(given_in, final=False)
    findings = check_rollup(found, FORM, report=report, texts={"overview.requests": text})
    assert all(finding.severity == "admin" for finding in findings)
    assert all(finding.facts["units"] for finding in findings if finding.rule != "RU-SUM")


def test_adding_up_takes_time_in_proportion_to_the_units() -> None:
    def took(count: int) -> float:
        units = [Unit(n, f"单位{n}", order=n, parent=1) for n in range(100, 100 + count)]
        given_in = [given_by(unit, figures=sound(unit.id % 7)) for unit in units]
        times = []
        for _ in range(3):
            begun = process_time()
            rolled(given_in, units)
            times.append(process_time() - begun)
        return min(times)

    assert took(2000) < 8 * took(500) + 0.05


# ── what the office is told ─────────────────────────────────────────────────────────────────


def test_missing_units_block_a_final_roll_up_and_are_a_note_in_a_preview() -> None:
    found = changed("教育局", state="submitted")
    final = only(check_rollup(rolled(found), FORM), "RU-MISS")
    assert (final.facts["weight"], final.facts["waiting"]) == ("hard", ("教育局",))
    preview = only(check_rollup(rolled(without("教育局"), final=False), FORM), "RU-MISS")
    assert (preview.facts["weight"], preview.facts["units"]) == ("note", ("教育局",))


def test_a_list_without_the_governments_own_office_is_told() -> None:
    found = check_rollup(rolled(ALL[1:], CHILDREN[1:]), FORM)
    assert only(found, "RU-OWN").facts["fault"] == "none"
    second = replace(CHILDREN[1], own=True)
    several = check_rollup(rolled(ALL, (OWN, second, *CHILDREN[2:])), FORM)
    assert only(several, "RU-OWN").facts["units"] == ("县政府办", "财政局")
    exempt = check_rollup(rolled(ALL, (replace(OWN, exempt="无"), *CHILDREN[1:])), FORM)
    assert only(exempt, "RU-OWN").facts["fault"] == "exempt"


def test_a_unit_that_has_more_than_the_one_above_it_is_lost() -> None:
    branch = Unit(30, "青石县公安局城东分局", "城东分局", order=9, parent=13)
    children = (*CHILDREN, branch)
    whole = rolled((*ALL, given_by(branch, figures=sound(13))), children)
    assert only(check_rollup(whole, FORM), "RU-TWICE").facts["fault"] == "parent"
    more = {**sound(13), "proactive.permits": 10**6}
    lost = rolled((*ALL, given_by(branch, figures=more)), children)
    finding = only(check_rollup(lost, FORM), "RU-TWICE")
    assert (finding.facts["fault"], finding.facts["weight"]) == ("lost", "hard")
    assert finding.facts["of"] == (("城东分局", "公安局"),)


def test_two_units_with_the_very_same_figures_are_told_and_two_without_any_are_not() -> None:
    same = check_rollup(rolled(changed("教育局", figures=sound(11))), FORM)
    assert only(same, "RU-TWICE").facts["units"] == ("财政局", "教育局")
    zero: dict[str, Figure] = dict.fromkeys(FORM.cells, 0)
    quiet = tuple(
        replace(one, figures=zero) if one.unit.called in ("教育局", "财政局") else one
        for one in ALL
    )
    assert check_rollup(rolled(quiet), FORM) == ()


def test_a_cell_of_the_report_that_is_not_the_sum_is_told_without_the_totals_that_follow() -> None:
    found = rolled()
    report = dict(found.figures)
    for cell in ("granted.natural_person", "granted.total", "total_handled.natural_person",
                 "total_handled.total"):  # fmt: skip
        report[f"requests.{cell}"] = int(str(report[f"requests.{cell}"])) + 1000
    finding = only(check_rollup(found, FORM, report=report), "RU-SUM")
    assert finding.cells == ("requests.granted.natural_person",)
    assert (finding.difference, finding.facts["weight"]) == (1000, "hard")
    assert finding.facts["gave"]


def test_the_own_office_left_out_of_the_report_is_one_finding() -> None:
    report = rolled(ALL[1:]).figures
    hard, explain = check_rollup(rolled(), FORM, report=report)
    assert hard.facts["units"] == explain.facts["units"] == ("县政府办",)
    assert hard.facts["fault"] == "left_out"
    assert (hard.facts["weight"], explain.facts["weight"]) == ("hard", "explain")
    assert len(hard.cells) > 10


def test_a_unit_added_twice_is_named() -> None:
    twice = tuple(
        replace(one, figures={c: f and f * 2 for c, f in one.figures.items()})
        if one.unit.called == "公安局" else one for one in ALL
    )  # fmt: skip
    found = check_rollup(rolled(), FORM, report=rolled(twice).figures)
    assert {finding.facts["fault"] for finding in found} == {"doubled"}
    assert {finding.facts["units"] for finding in found} == {("公安局",)}


def test_a_unit_that_the_report_has_and_the_roll_up_left_out_is_named(wording: Wording) -> None:
    exempt = replace(CHILDREN[2], exempt="并入财政局")
    found = rolled(ALL, (*CHILDREN[:2], exempt, *CHILDREN[3:]))
    findings = [f for f in check_rollup(found, FORM, report=rolled().figures) if f.rule == "RU-SUM"]
    assert {finding.facts["fault"] for finding in findings} == {"extra"}
    assert all("教育局的数，而这一家没有计入汇总" in wording.message(f, {}) for f in findings)


def test_while_units_are_missing_only_a_report_below_the_sum_is_wrong() -> None:
    preview = rolled(without("公安局"), final=False)
    whole = dict(rolled().figures)
    assert rules(check_rollup(preview, FORM, report=whole)) == ["RU-MISS"]
    whole["proactive.permits"] = 0
    assert "RU-SUM" in rules(check_rollup(preview, FORM, report=whole))


def test_cells_that_the_report_leaves_blank_are_not_compared() -> None:
    assert check_rollup(rolled(), FORM, report=dict.fromkeys(FORM.cells)) == ()


def test_a_unit_whose_table_does_not_balance_is_named_by_the_sums_equation() -> None:
    cell = "requests.granted.business"
    broken = {**sound(12), cell: int(str(sound(12)[cell])) + 5}
    found = check_rollup(rolled(changed("教育局", figures=broken)), FORM)
    assert {finding.rule for finding in found} == {"RU-ID"}
    assert {finding.facts["of"] for finding in found} == {(("教育局", 5),)}


# ── cases carried over ──────────────────────────────────────────────────────────────────────

IN, OUT = "requests.carried_in.", "requests.carried_out."


def carried(**off: int) -> tuple[Contribution, ...]:
    """All contributions with last year's figures, some units' last year off by so many cases."""
    return tuple(
        replace(one, last={
            OUT + column: int(str(one.figures[IN + column])) + off.get(one.unit.called, 0)
            for column in ("natural_person", "total")
        })
        for one in ALL
    )  # fmt: skip


def last_report(contributions: Sequence[Contribution]) -> Report:
    """The district's report of the year before, the sum of the units'."""
    figures = {cell: sum(int(str((one.last or {})[cell])) for one in contributions)
               for cell in (OUT + "natural_person", OUT + "total")}  # fmt: skip
    return sound_report(figures, agency=DISTRICT.name, year=2023)


def test_cases_carried_in_as_they_were_carried_out_say_nothing() -> None:
    contributions = carried()
    assert check_rollup(rolled(contributions), FORM, last=last_report(contributions)) == ()
    assert check_rollup(rolled(contributions), FORM, last=None) == ()


def test_the_units_whose_cases_were_lost_between_two_years_are_named() -> None:
    contributions = carried(教育局=3)
    finding = only(
        check_rollup(rolled(contributions), FORM, last=last_report(contributions)), "RU-CY"
    )
    now = int(str(sound(12)[IN + "total"]))
    assert finding.facts["of"] == (("教育局", now, now + 3),)
    assert finding.difference == -3


def test_a_district_that_published_another_sum_last_year_is_told() -> None:
    contributions = carried()
    last = last_report(contributions)
    wrong = replace(last, figures={**last.figures, OUT + "total": 1})
    finding = only(check_rollup(rolled(contributions), FORM, last=wrong), "RU-CY")
    assert (finding.right, finding.facts["of"]) == (1, ())
    assert finding.facts["before"] == finding.left


def test_missing_units_may_have_the_cases_that_are_not_there() -> None:
    contributions = carried()
    last = last_report(contributions)
    fewer = tuple(one for one in contributions if one.unit.called != "公安局")
    assert rules(check_rollup(rolled(fewer, final=False), FORM, last=last)) == ["RU-MISS"]


# ── lists by unit in the texts ──────────────────────────────────────────────────────────────


def new(name: str) -> int:
    return next(int(str(one.figures[NEW])) for one in ALL if one.unit.called == name)


def told(text: str) -> list[tuple[object, ...]]:
    """The units that a text is told to be wrong about, with the number it has."""
    found = check_rollup(rolled(), FORM, texts={"overview.requests": text})
    assert rules(found) in ([], ["RU-TEXT"])
    return [(name, said) for f in found for name, said, _ in f.facts["of"]]  # type: ignore[attr-defined]


LISTS = (
    "全县收到政府信息公开申请较多的单位：财政局{0}件、教育局{1}件、公安局{2}件。",
    "全年新收政府信息公开申请900件，其中县财政局{0}件，县教育局收到{1}件，青石县公安局{2}件。",
    "全县收到申请900件（财政局{0}件、教育局{1}件、公安局{2}件）。",
)


@pytest.mark.parametrize("text", LISTS)
def test_a_list_by_unit_is_held_against_what_the_units_gave(text: str) -> None:
    right = [new(name) for name in ("财政局", "教育局", "公安局")]
    assert told(text.format(*right)) == []
    assert told(text.format(right[0] + 500, *right[1:])) == [("财政局", right[0] + 500)]


def test_cases_with_those_of_last_year_are_also_right() -> None:
    both = [
        new(name) + int(str(sound(at)[IN + "total"]))
        for name, at in (("财政局", 11), ("教育局", 12))
    ]
    assert told("受理申请中，财政局{}件、教育局{}件。".format(*both)) == []


@pytest.mark.parametrize(
    "text",
    [
        "办理人大建议90件，其中财政局951件、教育局952件。",
        "作出行政许可较多的是财政局951件、教育局952件。",
        "行政复议案件中，财政局951件、教育局952件。",
        "2023年收到申请较多的单位：财政局951件、教育局952件。",
        "去年收到申请财政局951件、教育局952件。",
        "上半年收到申请财政局951件、教育局952件。",
        "收到申请后予以公开的，财政局951件、教育局952件。",
        "收到申请约900件，财政局约951件、教育局约952件。",
        "收到的申请中，财政局951件。",
        "收到申请的单位有 951 家：某局 951 件、另一局 952 件。",
        "收到申请中，税务局951件、气象局952件。",
        "财政局公开信息951条、教育局公开信息952条。",
        "收到行政许可申请：财政局951件、教育局952件。",
        "县财政局951件、教育局952件。",
    ],
)
def test_a_list_of_something_else_is_left_alone(text: str) -> None:
    assert told(text) == []


def test_a_name_that_is_only_the_end_of_anothers_is_not_taken_for_it() -> None:
    assert told("收到申请较多的单位：市场管理局951件、江城市管理局952件。") == []


# ── words ───────────────────────────────────────────────────────────────────────────────────


def seen() -> tuple[Finding, ...]:
    """Findings of every rule and fault."""
    branch = Unit(30, "青石县公安局城东分局", "城东分局", order=9, parent=13)
    whole = rolled().figures
    cell = "requests.granted.business"
    broken = {**sound(12), cell: 5 + int(str(sound(12)[cell])), "review_litigation.review_total": 9}
    extra = given_by(
        Unit(77, "别县财政局"), figures={**dict.fromkeys(FORM.cells, 0), FEES: Decimal("0.5")}
    )
    odd = rolled((*ALL, given_by(CHILDREN[1], version=2), extra, given_by(DISTRICT),
                  given_by(branch, figures={"proactive.permits": 10**6})), (*CHILDREN, branch))  # fmt: skip
    contributions = carried(教育局=3)
    text = LISTS[0].format(1951, 1952, 1953)
    last = last_report(contributions)
    return (
        *check_rollup(rolled(without("教育局", "县政府办")), FORM),
        *check_rollup(rolled(changed("教育局", state="submitted"), final=True), FORM),
        *check_rollup(rolled(without("教育局"), final=False), FORM),
        *check_rollup(rolled(changed("教育局", year=2023)), FORM),
        *check_rollup(odd, FORM, report={**odd.figures, FEES: odd.figures[FEES] + Decimal("0.5")}),  # type: ignore[operator]
        *check_rollup(
            rolled((*ALL, given_by(branch, figures=sound(13))), (*CHILDREN, branch)), FORM
        ),
        *check_rollup(
            rolled(ALL, (*CHILDREN[:2], replace(CHILDREN[2], exempt="撤销"), *CHILDREN[3:])), FORM
        ),
        *check_rollup(rolled(ALL[1:], CHILDREN[1:]), FORM),
        *check_rollup(rolled(ALL, (OWN, replace(CHILDREN[1], own=True), *CHILDREN[2:])), FORM),
        *check_rollup(rolled(ALL, (replace(OWN, exempt="无"), *CHILDREN[1:])), FORM),
        *check_rollup(rolled(changed("教育局", figures=broken)), FORM),
        *check_rollup(rolled(changed("教育局", figures={})), FORM),
        *check_rollup(rolled(changed("教育局", figures=sound(11))), FORM),
        *check_rollup(rolled(), FORM, report={**whole, FEES: Decimal(0), NEW: 0}),
        *check_rollup(
            rolled(), FORM, report=rolled(ALL[1:]).figures, texts={"overview.intro": text}
        ),
        *check_rollup(rolled(contributions), FORM, last=last),
        *check_rollup(rolled((*contributions[:-1], ALL[-1])), FORM, last=last),
        *check_fresh({11: 9}, rolled()),
    )


def test_every_rule_says_what_stands_there_and_what_to_do(wording: Wording) -> None:
    found = seen()
    assert {finding.rule for finding in found} == {
        "RU-SUM", "RU-MISS", "RU-TWICE", "RU-MIX", "RU-OWN", "RU-GAP", "RU-ID", "RU-CY", "RU-TEXT",
        "RU-FRESH",
    }  # fmt: skip
    assert {f.facts["fault"] for f in found if f.rule == "RU-TWICE"} == {
        "twice", "exempt", "whole", "stranger", "parent", "lost", "same",
    }  # fmt: skip
    for finding in found:
        said = wording.message(finding, {})
        assert said.endswith(("。", "？"))
        assert wording.why(finding, {}).endswith("。")
        assert not [bad for bad in ("None", "Decimal(", "requests.", "（空）") if bad in said]
        named = finding.facts["units"]
        assert isinstance(named, tuple)
        assert all(name in said for name in named[:8])


def test_every_reason_has_words() -> None:
    assert all(REASONS.values())
    assert len(set(REASONS.values())) == len(REASONS)


def test_the_words_stay_short_however_many_units_there_are(wording: Wording) -> None:
    units = [Unit(n, f"青石县第{n}中心", order=n, parent=1) for n in range(100, 2100)]
    (own, miss) = check_rollup(rolled((), units), FORM)
    assert (own.rule, miss.rule) in {("RU-MISS", "RU-OWN"), ("RU-OWN", "RU-MISS")}
    assert all(len(wording.message(finding, {})) < 400 for finding in (own, miss))


# ── a real city, where it is at hand ────────────────────────────────────────────────────────


def test_a_city_whose_own_office_is_counted_agrees_and_without_it_does_not() -> None:
    path = SHARED / "suqian-2023.json"
    if not path.exists():
        pytest.skip("the shared reports are not at hand")
    sections = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["sections"]
    city: dict[str, Figure] = {}
    for cell in FORM.cells:
        value = sections
        for step in cell.split("."):
            value = value[step]
        city[cell] = Decimal(value) if cell == FEES else value
    parts = _split(city, len(CHILDREN))
    contributions = tuple(given_by(u, figures=f) for u, f in zip(CHILDREN, parts, strict=True))
    assert check_rollup(rolled(contributions), FORM, report=city) == ()
    found = check_rollup(rolled(contributions), FORM, report=rolled(contributions[1:]).figures)
    assert {finding.facts["units"] for finding in found} == {("县政府办",)}


def _split(whole: Mapping[str, Figure], parts: int) -> list[dict[str, Figure]]:
    """Figures dealt out to units: totals follow, so that every equation holds in each."""
    random = Random(7)
    dealt: list[dict[str, Figure]] = [dict.fromkeys(FORM.cells, 0) for _ in range(parts)]
    for cell in FORM.cells:
        cuts = sorted(random.randint(0, int(whole[cell] or 0)) for _ in range(parts - 1))
        ends = [Decimal(0), *map(Decimal, cuts), Decimal(whole[cell] or 0)]
        for part, (low, high) in zip(dealt, pairwise(ends), strict=True):
            part[cell] = high - low if cell == FEES else int(high - low)
    for part in dealt:
        for total, cells in FORM.sums:
            part[total] = sum(int(part[cell] or 0) for cell in cells)
    return dealt


def test_no_two_seeds_of_these_tests_are_alike() -> None:
    assert all(one.figures != other.figures for one, other in combinations(ALL, 2))
