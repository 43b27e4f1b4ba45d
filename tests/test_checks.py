"""What the checks find in a report, and what they leave alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from bot.checks import checks_of, run_checks
from bot.checks.finding import Dossier, Finding
from bot.folders import PROMPTS
from bot.report import Figure, Topic
from bot.wording import Wording
from tests.tables import (
    APPLICANTS,
    COLUMNS,
    ROWS,
    STYLES,
    figures_of,
    form,
    report_of,
    requests_table,
)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CLEAN = requests_table(5, STYLES["county"])
SECTION_CELLS = {"proactive": 10, "requests": 175, "review_litigation": 15}


def check(
    figures: Mapping[str, Figure] | None = None,
    *,
    received: int | None = None,
    open: int | None = None,
    todo: tuple[str, ...] = (),
    closed: tuple[str, ...] = (),
    unreadable: Mapping[str, str] | None = None,
    **report: object,
) -> tuple[Finding, ...]:
    """The findings of a sound report with some things changed."""
    whole = figures_of(CLEAN) | dict(figures or {})
    return run_checks(
        Dossier(form(), report_of(whole, **report), received, open, todo, closed, unreadable or {})
    )


def check_only(figures: Mapping[str, Figure], **report: object) -> tuple[Finding, ...]:
    """The findings of a report that holds no other figures than these, NUM-02 left out."""
    found = run_checks(Dossier(form(), report_of(figures, **report)))
    return tuple(finding for finding in found if finding.rule != "NUM-02")


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def row(name: str, numbers: str) -> dict[str, Figure]:
    """A row of table three as a clerk writes it down."""
    return {
        f"requests.{name}.{column}": int(number)
        for column, number in zip(COLUMNS, numbers.split(), strict=True)
    }


def case(name: str, numbers: str) -> dict[str, Figure]:
    """A group of table four."""
    parts = ("upheld", "corrected", "other", "pending", "total")
    return {
        f"review_litigation.{name}_{part}": int(number)
        for part, number in zip(parts, numbers.split(), strict=True)
    }


# ── totals ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("style", STYLES)
def test_a_sound_report_has_no_findings(style: str) -> None:
    figures = figures_of(requests_table(11, STYLES[style]))
    assert run_checks(Dossier(form(), report_of(figures))) == ()


def test_a_row_whose_total_fits_is_left_alone_even_when_the_rest_is_unknown() -> None:
    assert check_only(row("new_received", "3440 75 0 1 6 3 3525")) == ()


def test_a_row_whose_total_does_not_fit_says_both_sides() -> None:
    (finding,) = check_only(row("new_received", "3440 75 0 1 6 3 3535"))
    assert (finding.rule, finding.severity, finding.left, finding.right, finding.difference) == (
        "T3-ROW", "hard", 3525, 3535, -10,
    )  # fmt: skip
    assert set(finding.cells) == {f"requests.new_received.{column}" for column in COLUMNS}


def test_an_equation_with_an_unknown_cell_is_silent() -> None:
    figures = row("new_received", "3440 75 0 1 6 3 3535")
    assert check_only(figures | {"requests.new_received.research": None}) == ()


def test_the_results_of_a_column_add_up_to_its_total() -> None:
    results = [name for name in ROWS if name not in (
        "new_received", "carried_in", "total_handled", "carried_out")]  # fmt: skip
    figures: dict[str, Figure] = {f"requests.{name}.total": 0 for name in results}
    spread = {"granted": 1431, "partly_granted": 471, "denied_third_party": 92,
              "unable_not_held": 941, "notproc_petition": 117, "other_misc": 469}  # fmt: skip
    figures |= {f"requests.{name}.total": number for name, number in spread.items()}
    assert check_only(figures | {"requests.total_handled.total": 3521}) == ()
    (finding,) = check_only(figures | {"requests.total_handled.total": 3512})
    assert (finding.rule, finding.left, finding.right) == ("T3-RES", 3521, 3512)


@pytest.mark.parametrize(
    ("column", "new", "carried", "handled", "out"),
    [("total", 3511, 96, 3486, 121), ("legal_service", 5, 2, 7, 0), ("total", 14069, 560, 13810,
     819)],
)  # fmt: skip
def test_what_came_in_is_what_was_handled_or_goes_on(
    column: str, new: int, carried: int, handled: int, out: int
) -> None:
    names = ("new_received", "carried_in", "total_handled", "carried_out")
    cells = [f"requests.{name}.{column}" for name in names]
    figures: dict[str, Figure] = dict(zip(cells, (new, carried, handled, out), strict=True))
    assert check_only(figures) == ()
    (finding,) = check_only(figures | {cells[3]: out + 1})
    assert (finding.rule, finding.difference) == ("T3-ID", -1)


@pytest.mark.parametrize(
    ("group", "numbers"),
    [("review", "88 18 28 36 170"), ("direct", "7 0 11 7 25"), ("after_review", "33 0 6 13 52")],
)
def test_the_groups_of_table_four_add_up(group: str, numbers: str) -> None:
    assert check_only(case(group, numbers)) == ()
    wrong = case(group, numbers) | {f"review_litigation.{group}_pending": 99}
    assert rules(check_only(wrong)) == ["T4-SUM"]


def test_a_total_left_at_zero_beside_cases_is_offered_their_sum() -> None:
    (finding,) = check_only(case("review", "10 1 0 0 0"))
    change = finding.repairs[0].changes[0]
    assert (change.cell, change.value) == ("review_litigation.review_total", 11)


def test_swapped_digits_in_table_four_are_recognised_before_the_total_is_doubted() -> None:
    (finding,) = check_only(case("review", "390 17 88 26 440"))
    first, *_, last = finding.repairs
    assert (first.changes[0].value, first.cause) == (309, "swapped")
    assert (last.changes[0].cell, last.cause) == ("review_litigation.review_total", "total")


def test_no_more_than_three_repairs_are_offered_for_one_sum() -> None:
    (finding,) = check_only(case("review", "11 11 11 11 54"))
    assert len(finding.repairs) == 3


def test_more_handled_than_received_is_said_while_the_carry_over_is_unknown() -> None:
    names = ("new_received", "carried_in", "total_handled")
    figures: dict[str, Figure] = {
        f"requests.{name}.natural_person": number
        for name, number in zip(names, (2, 0, 3), strict=True)
    }
    (finding,) = check_only(figures)
    assert (finding.rule, finding.severity, finding.difference) == ("T3-NEG", "hard", -1)


def test_what_was_carried_in_counts_before_more_seems_handled_than_received() -> None:
    names = ("new_received", "carried_in", "total_handled")
    figures: dict[str, Figure] = {
        f"requests.{name}.natural_person": number
        for name, number in zip(names, (2, 1, 3), strict=True)
    }
    assert check_only(figures) == ()


def test_a_known_carry_over_leaves_the_negative_remainder_to_the_identity() -> None:
    names = ("new_received", "carried_in", "total_handled", "carried_out")
    figures: dict[str, Figure] = {
        f"requests.{name}.natural_person": number
        for name, number in zip(names, (2, 0, 3, 0), strict=True)
    }
    (finding,) = check_only(figures)
    assert finding.rule == "T3-ID"
    assert finding.facts["overdrawn"] == 1


def test_the_register_agrees_with_the_table_or_one_of_them_is_changed() -> None:
    new = row("new_received", "3440 75 0 1 6 3 3525")
    out: dict[str, Figure] = {"requests.carried_out.total": 125}
    dossier = Dossier(form(), report_of(new | out), received=3525, open=125)
    assert rules(run_checks(dossier)) == ["NUM-02"] * 3
    dossier = Dossier(form(), report_of(new | out), received=3535, open=124)
    found = [finding for finding in run_checks(dossier) if finding.rule == "T3-CTRL"]
    assert [(f.left, f.right, f.facts["about"], f.severity) for f in found] == [
        (3525, 3535, "received", "hard"),
        (125, 124, "open", "hard"),
    ]


def test_an_unknown_cell_is_not_compared_with_the_register() -> None:
    assert "T3-CTRL" not in rules(check({"requests.new_received.total": None}, received=1))


def test_a_closed_gate_contradicts_a_figure_above_zero() -> None:
    finding = next(f for f in check(closed=("gate.requests",)) if f.rule == "T3-ZERO")
    assert finding.severity == "hard"
    assert all(finding.cells)
    zeros = dict.fromkeys(CLEAN, 0)
    assert rules(check(figures_of(zeros), closed=("gate.requests",))) == ["CY-ALLZERO"]
    assert check(closed=("gate.cases",)) == ()


def test_cases_without_any_request_want_an_explanation() -> None:
    zeros = figures_of(dict.fromkeys(CLEAN, 0))
    (finding,) = check(zeros | case("review", "0 0 1 0 1"))
    assert (finding.rule, finding.severity) == ("T4-GATE", "explain")
    assert check(case("review", "0 0 1 0 1")) == ()


# ── figures ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("figure", "fault"),
    [(-1, "negative"), (Decimal("3.5"), "fraction"), (Decimal("NaN"), "unreadable"),
     (10**40, "oversized"), (Decimal("9E+999999"), "oversized")],
)  # fmt: skip
def test_a_count_is_a_whole_number_of_zero_or_more(figure: Figure, fault: str) -> None:
    findings = check({"proactive.permits": figure})
    assert [(f.rule, f.severity, f.facts["fault"]) for f in findings] == [("NUM-01", "hard", fault)]


def test_a_whole_count_written_as_decimal_is_fine() -> None:
    assert check({"proactive.permits": Decimal("5")}) == ()


def test_blank_cells_are_named_together_section_by_section() -> None:
    findings = run_checks(Dossier(form(), report_of({})))
    assert {f.facts["section"]: f.facts["count"] for f in findings} == SECTION_CELLS
    assert {(f.rule, f.severity) for f in findings} == {("NUM-02", "hard")}


def test_what_stood_in_an_unreadable_cell_is_said() -> None:
    cell = "proactive.normdocs_made"
    (finding,) = check({cell: None}, unreadable={cell: "22（其中修订16件）"})
    assert finding.cells == (cell,)
    assert finding.facts["unreadable"] == {cell: "22（其中修订16件）"}


@pytest.mark.parametrize("fees", ["59237.2449", "96171.6", "7545", "4068.208", "1.50000", "0"])
def test_fees_are_taken_as_they_were_entered(fees: str) -> None:
    assert check({"proactive.fees_wanyuan": Decimal(fees)}, level="市政府") == ()


@pytest.mark.parametrize(
    ("fees", "fault"),
    [("1.23456", "decimals"), ("-1", "negative"), ("Infinity", "unreadable"),
     ("1E+30", "oversized")],
)  # fmt: skip
def test_fees_have_at_most_four_decimals_and_are_not_negative(fees: str, fault: str) -> None:
    (finding,) = check({"proactive.fees_wanyuan": Decimal(fees)})
    assert (finding.rule, finding.severity, finding.facts["fault"]) == ("NUM-03", "hard", fault)


@pytest.mark.parametrize(
    ("fees", "refused"), [("999999999999.9999", False), ("1000000000000", True)]
)
def test_fees_have_at_most_twelve_digits_before_the_point(fees: str, refused: bool) -> None:
    found = check({"proactive.fees_wanyuan": Decimal(fees)}, level="市政府")
    assert ("oversized" in [f.facts.get("fault") for f in found]) is refused


def test_a_bureau_that_typed_yuan_is_asked_about_the_unit() -> None:
    (finding,) = check({"proactive.fees_wanyuan": Decimal("592372449")})
    assert (finding.rule, finding.severity) == ("NUM-04", "explain")
    assert finding.repairs[0].changes[0].value == Decimal("59237.2449")


def test_a_sum_in_yuan_is_told_in_wanyuan_and_yi(wording: Wording) -> None:
    figures = {"proactive.fees_wanyuan": Decimal(32000)}
    (finding,) = check(figures)
    said = wording.message(finding, figures)
    assert "填的是 32000万元，合 3.2 亿元。" in said


@pytest.mark.parametrize(
    ("level", "agency", "asked"),
    [("县级政府部门", "甲", True), ("县级政府", "甲局", False), ("", "青石县水务局", True),
     ("", "青石县人民政府", False), ("乡镇街道", "甲镇", False), ("", "", False)],
)  # fmt: skip
def test_only_a_bureau_is_asked_about_the_unit(level: str, agency: str, asked: bool) -> None:
    findings = check({"proactive.fees_wanyuan": Decimal(10000)}, level=level, agency=agency)
    assert ("NUM-04" in rules(findings)) is asked


def test_a_bureau_just_below_a_hundred_million_is_not_asked() -> None:
    assert check({"proactive.fees_wanyuan": Decimal("9999.9999")}) == ()


# ── structure ───────────────────────────────────────────────────────────────────────────────


def test_a_file_of_figures_only_gets_one_note() -> None:
    findings = check(intro=None, problems=None, other=None, topics=(), title="", agency="")
    assert [(f.rule, f.severity) for f in findings] == [("STR-00", "note")]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [({"title": "青石县水务局2025年政府信息公开工作年度报告"}, "title"),
     ({"title": "青石县水务局政府信息公开工作年度报告"}, "title"),
     ({"agency": "", "title": "2024年政府信息公开工作年度报告"}, "agency"),
     ({"year": 202, "title": "青石县水务局202年政府信息公开工作年度报告"}, "year")],
)  # fmt: skip
def test_the_title_names_the_agency_and_the_year_reported_on(
    changes: dict[str, object], fault: str
) -> None:
    (finding,) = check(**changes)  # type: ignore[arg-type]
    assert (finding.rule, finding.severity, finding.facts["fault"]) == ("STR-02", "hard", fault)


def test_the_first_section_needs_text() -> None:
    (finding,) = check(intro=" \n", topics=())
    assert (finding.rule, finding.severity) == ("STR-01", "hard")
    assert finding.facts["fault"] == "missing"


def test_a_heading_pasted_into_a_text_is_a_doubled_heading() -> None:
    findings = check(intro="开头。\n 一、总体情况\n2024年，本局公开信息。")
    assert [(f.rule, f.severity, f.cells) for f in findings] == [
        ("STR-01", "hard", ("overview.intro",))
    ]
    assert check(intro="报告分六部分：一、总体情况，二、其余。") == ()


def test_a_missing_topic_wants_an_explanation() -> None:
    topics = report_of({}).topics
    (finding,) = check(topics=(*topics[:4], Topic("监督保障", "")))
    assert (finding.rule, finding.severity) == ("STR-04", "explain")
    assert finding.facts["topics"] == ("监督保障",)


@pytest.mark.parametrize(
    "title", ["（三）政府信息管理情况。", "政府信息管理方面", "3.政府信息管理"]
)
def test_the_usual_endings_of_a_topics_title_are_official_enough(title: str) -> None:
    topics = list(report_of({}).topics)
    topics[2] = Topic(title, "全年清理信息12条。")
    assert check(topics=tuple(topics)) == ()


def test_another_name_for_a_topic_is_only_noted() -> None:
    topics = list(report_of({}).topics)
    topics[3] = Topic("（四）公开平台建设", "维护网站专栏3个。")
    (finding,) = check(topics=tuple(topics))
    assert (finding.rule, finding.severity) == ("STR-04", "note")
    assert finding.facts["official"] == "政府信息公开平台建设"


@pytest.mark.parametrize(
    ("text", "severity", "fault"),
    [("", "hard", "empty"), ("无。", "hard", "empty"), (None, "hard", "empty"),
     ("公开内容不够全面。", "explain", "improvements"),
     ("下一步加强培训。", "explain", "problems")],
)  # fmt: skip
def test_section_five_holds_problems_and_what_is_done(
    text: str | None, severity: str, fault: str
) -> None:
    (finding,) = check(problems=text)
    assert (finding.rule, finding.severity, finding.facts["fault"]) == ("STR-06", severity, fault)


def test_section_six_may_say_none_but_not_be_empty() -> None:
    assert "STR-07" not in rules(check(other="无。"))
    finding = next(f for f in check(other="\n") if f.rule == "STR-07")
    assert (finding.rule, finding.severity, finding.cells) == ("STR-07", "hard", ("other",))


@pytest.mark.parametrize(
    "text",
    ["规范办理{{流程}}。", "办结＿＿件。", "办结__件。", "{% if a %}", "此处填写数字。", "待补充"],
)
def test_template_marks_block(text: str) -> None:
    assert [(f.rule, f.severity) for f in check(preamble=text)] == [("NAR-LEFT", "hard")]


@pytest.mark.parametrize(
    "text",
    ["向XX公司公开。", "向××公开。", "**主动公开**做得好。", "# 主动公开", "作为AI助手，我认为",
     "作为一个人工智能语言模型", "某某同志负责。"],
)  # fmt: skip
def test_what_looks_like_a_placeholder_wants_an_explanation(text: str) -> None:
    assert [(f.rule, f.severity) for f in check(preamble=text)] == [("NAR-LEFT", "explain")]


@pytest.mark.parametrize(
    "text",
    ["网址 https://www.example.gov.cn/a__b/#xx 可查。", "话题#政务公开#阅读量1万。", "地址：3#楼。",
     "EXXON 公司。"],
)  # fmt: skip
def test_addresses_tags_and_house_numbers_are_no_placeholders(text: str) -> None:
    assert check(preamble=text) == ()


def test_a_leftover_names_its_sentence_and_text() -> None:
    (finding,) = check(problems="存在的问题：人手不足。改进{{措施}}到位。已落实。")
    assert (finding.cells, finding.sentence) == (("problems",), "改进{{措施}}到位。")


def test_a_topics_title_is_searched_for_leftovers_too() -> None:
    topics = list(report_of({}).topics)
    topics[0] = Topic("主动公开", topics[0].text)
    topics[1] = Topic("依申请公开{{", topics[1].text)
    findings = check(topics=tuple(topics))
    assert ("NAR-LEFT", ("overview.requests",)) in [(f.rule, f.cells) for f in findings]


def test_what_is_put_off_blocks() -> None:
    (finding,) = check(todo=("problems", "proactive.permits"))
    assert (finding.rule, finding.severity, len(finding.cells)) == ("PR-TODO", "hard", 2)


# ── all checks ──────────────────────────────────────────────────────────────────────────────


def test_findings_come_located_first_then_hard_explain_note() -> None:
    topics = list(report_of({}).topics)
    topics[3] = Topic("平台建设", "维护网站专栏3个。")
    cell = "requests.granted.natural_person"
    findings = check(
        {cell: CLEAN["granted.natural_person"] + 1000}, topics=tuple(topics),
        problems="下一步加强培训。", other="",
    )  # fmt: skip
    assert rules(findings) == ["T3-CELL", "T3-ROW", "T3-RES", "STR-07", "STR-06", "STR-04"]


def test_the_located_error_leads_whatever_the_order_of_the_checks() -> None:
    figures = figures_of(CLEAN) | {"requests.granted.natural_person": 10**6}
    report = report_of(figures, other="", problems="不够。")
    findings = run_checks(Dossier(form(), report), checks_of(form())[::-1])
    assert rules(findings)[0] == "T3-CELL"
    assert rules(findings)[-1] == "STR-06"


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.integers(), st.sampled_from([10**400, -(10**5000), True]), st.decimals(),
    st.sampled_from([Decimal("sNaN"), Decimal("9E+999999"), Decimal("1E-999999")]),
    st.text(max_size=3), st.floats(),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    odd=st.dictionaries(st.sampled_from([*form().cells, "no.such.cell"]), ODD, max_size=12),
    control=st.one_of(st.none(), st.integers()),
    text=st.text(max_size=40),
    year=st.integers(),
)
def test_no_figure_and_no_text_makes_a_check_fail(
    odd: dict[str, Any], control: int | None, text: str, year: int
) -> None:
    findings = check(
        odd, received=control, open=control, intro=text, problems=text, other=text, agency=text,
        title=text, level=text, preamble=text, year=year, topics=(Topic(text, text),),
    )  # fmt: skip
    for finding in findings:
        assert finding.identity
        for repair in finding.repairs:
            assert all(change.value >= 0 for change in repair.changes)


def test_checking_a_dense_sound_report_takes_a_moment_only() -> None:
    dossier = Dossier(form(), report_of(figures_of(requests_table(1, STYLES["big city"]))))
    run_checks(dossier)
    times = []
    for _ in range(20):
        start = process_time()
        run_checks(dossier)
        times.append(process_time() - start)
    assert min(times) < 0.01


def test_every_check_is_listed_once() -> None:
    checks = checks_of(form())
    assert len(set(checks)) == len(checks)


# ── words ───────────────────────────────────────────────────────────────────────────────────


def seen_findings() -> list[Finding]:
    """At least one finding of every rule and fault."""
    zeros = figures_of(dict.fromkeys(CLEAN, 0))
    moved = {"requests.granted.natural_person": 0}
    moved["requests.granted.business"] = CLEAN["granted.natural_person"]
    topics = (Topic("平台建设", "有{{"),)
    return [
        *check({"requests.granted.natural_person": 1, "proactive.fees_wanyuan": Decimal(20000)}),
        *check(moved, received=3, open=4, todo=("other",), closed=("gate.requests",)),
        *check(case("review", "10 1 0 0 0"), problems="下一步加强培训。", topics=topics),
        *check(zeros | case("review", "1 0 0 0 1"), intro="", topics=(), problems="", other=""),
        *check({"proactive.fees_wanyuan": Decimal("-1"), "proactive.permits": -1}, title="x"),
        *check({"proactive.fees_wanyuan": Decimal("0.00001")}, problems="不够。", agency=""),
        *check({"proactive.fees_wanyuan": Decimal("NaN")}, year=1, intro="一、总体情况"),
        *check({"proactive.permits": Decimal("NaN")}, intro=None, problems=None, other=None),
        *check({"proactive.permits": 10**15, "proactive.penalties": Decimal("0.5")}),
        *check({"proactive.fees_wanyuan": Decimal("1E+20")}, preamble="XX"),
        *check({f"requests.carried_out.{c}": None for c in COLUMNS}
               | {f"requests.new_received.{c}": 0 for c in COLUMNS}
               | {f"requests.carried_in.{c}": 0 for c in COLUMNS},
               unreadable={"requests.carried_out.total": "/"}),
        *check({f"requests.carried_out.{c}": CLEAN[f"carried_out.{c}"] + 1 for c in APPLICANTS}),
    ]  # fmt: skip


def test_every_finding_has_words_that_can_be_filled_in() -> None:
    words = {
        rule: parts
        for path in (PROMPTS / "findings").glob("*.toml")
        for rule, parts in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
    environment = Environment(undefined=StrictUndefined)
    environment.globals["form"] = form()
    environment.filters.update(
        figure=str, clip=lambda text, length: text[:length], place=form().full_place,
        column=lambda key: key, row_name=lambda key, table="requests": form().short_row(table, key),
    )  # fmt: skip

    def short(key: str) -> str:
        if key not in form().items:
            return key
        return form().short(key) if form().items[key].is_cell else form().items[key].label

    found = seen_findings()
    assert {finding.rule for finding in found} <= set(words)
    for finding in found:
        context: dict[str, object] = {
            "rule": finding.rule, "cells": finding.cells, "left": finding.left,
            "right": finding.right, "difference": finding.difference, "repairs": finding.repairs,
            "sentence": finding.sentence, "facts": finding.facts, "short": short,
            "place": [short(cell) for cell in finding.cells], "value": lambda cell: 7,
        }  # fmt: skip
        said = [words[finding.rule][part] for part in ("title", "message", "why")
                if part in words[finding.rule]]  # fmt: skip
        for text in said:
            assert environment.from_string(text).render(context).strip()
        for repair in finding.repairs:
            filled = context | {"changes": repair.changes, "cause": repair.cause}
            button = environment.from_string(
                words[finding.rule].get("repair", "{{ changes[0].value }}")
            ).render(filled)
            assert str(repair.changes[0].value) in button


# ── real reports, where they are at hand ────────────────────────────────────────────────────


def real(name: str) -> dict[str, Figure]:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared data is not here")
    sections = json.loads(path.read_text(encoding="utf-8"))["sections"]
    figures: dict[str, Figure] = {
        f"requests.{name}.{column}": sections["requests"][name][column]
        for name in ROWS
        for column in COLUMNS
    }
    for section in ("proactive", "review_litigation"):
        figures |= {f"{section}.{key}": number for key, number in sections[section].items()}
    return figures | {"proactive.fees_wanyuan": Decimal(str(figures["proactive.fees_wanyuan"]))}


@pytest.mark.parametrize(
    ("name", "level"), [("suqian-2023.json", "市政府"), ("xigong-2022.json", "区级部门")]
)
def test_a_real_report_has_no_false_alarm(name: str, level: str) -> None:
    found = check(real(name), level=level)
    assert [finding.rule for finding in found if finding.severity != "note"] == []


def test_the_sample_reports_doubled_heading_is_found() -> None:
    path = SHARED / "xigong-2022.txt"
    if not path.exists():
        pytest.skip("the shared data is not here")
    text = path.read_text(encoding="utf-8")
    first = text.index("一、总体情况") + len("一、总体情况")
    intro = text[first : text.index("（一）主动公开情况")]
    sample: dict[str, Any] = {"year": 2022, "title": form().title_of("青石县水务局", 2022)}
    assert rules(check(intro=intro, **sample)) == ["STR-01", "NAR-DUPH"]
    problems = text[text.index("2022年存在的主要问题") : text.index("六、其他需要报告的事项")]
    assert check(intro="2022年平稳推进。", problems=problems, **sample) == ()
