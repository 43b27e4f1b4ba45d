"""Figures that can be right and often are not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot.checks import run_checks
from bot.checks.figures import CHECKS
from bot.checks.finding import Change, Dossier, Finding
from bot.draft import Answer, Draft
from bot.limits import Limits
from bot.report import Figure, Topic
from bot.wording import Wording
from tests.tables import form, report_of

RULES: dict[str, Figure] = {
    "proactive.rules_made": 2,
    "proactive.rules_repealed": 1,
    "proactive.rules_in_force": 12,
}
NO_DOCUMENTS: dict[str, Figure] = {
    f"proactive.normdocs_{column}": 0 for column in ("made", "repealed", "in_force")
}
REQUESTS_2024: dict[str, Figure] = {
    "requests.new_received.total": 3525,
    "requests.carried_out.total": 125,
    "requests.total_handled.total": 3521,
    "requests.other_misc.total": 354,
}


def check(
    figures: Mapping[str, Figure], limits: Limits | None = None, **report: object
) -> tuple[Finding, ...]:
    """What is found plausible or not in a report of just these figures."""
    written = {"topics": (Topic("依申请公开", "全年收到申请3525件。"),)} | report
    dossier = Dossier(form(), report_of(figures, **written), limits=limits or Limits())
    return run_checks(dossier, PLAUSIBLE)


PLAUSIBLE = tuple(check for _, check in CHECKS if check.__module__.endswith(".plausible"))


def rules(found: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in found]


def case(group: str, numbers: str) -> dict[str, Figure]:
    """A group of table four."""
    parts = ("upheld", "corrected", "other", "pending", "total")
    return {
        f"review_litigation.{group}_{part}": int(number)
        for part, number in zip(parts, numbers.split(), strict=True)
    }


# ── 规章 ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("agency", "level", "asked"),
    [
        ("临江市人民政府", "市政府", False),
        ("临江市人民政府", "地市级政府", False),
        ("临江市人民政府", "", False),
        ("临江市人民政府办公室", "县级政府部门", False),
        ("海东省人民政府", "省级政府", False),
        ("白山自治州人民政府", "", False),
        ("国家能源局", "县级政府部门", False),
        ("水利部", "", False),
        ("审计署", "县级政府部门", False),
        ("国务院参事室", "", False),
        ("临江市人民政府", "县级政府", True),
        ("青石县人民政府", "县级政府", True),
        ("临江市西山区人民政府", "", True),
        ("青石县柳林镇人民政府", "乡镇街道", True),
        ("青石县水务局", "县级政府部门", True),
        ("临江市教育局", "市级政府部门", True),
        ("国家税务总局青石县税务局", "", True),
        ("中共青石县委宣传部", "", True),
        ("", "", True),
    ],
)
def test_only_bodies_that_can_make_rules_report_any(agency: str, level: str, asked: bool) -> None:
    found = check(RULES, agency=agency, level=level)
    assert [(f.rule, f.severity) for f in found] == ([("T2-01", "explain")] if asked else [])


def test_rules_of_a_bureau_can_be_moved_down_one_row() -> None:
    (finding,) = check({"proactive.rules_in_force": 1, "proactive.rules_made": 0} | NO_DOCUMENTS)
    assert finding.cells == ("proactive.rules_in_force",)
    (repair,) = finding.repairs
    assert repair.changes == (
        Change("proactive.normdocs_in_force", 1),
        Change("proactive.rules_in_force", 0),
    )


def test_rules_are_not_moved_onto_documents_that_stand_there() -> None:
    (finding,) = check(RULES | {"proactive.normdocs_made": 4})
    assert finding.repairs == ()


def test_no_rules_are_no_question() -> None:
    assert check(dict.fromkeys(RULES, 0)) == check(dict.fromkeys(RULES)) == ()


# ── fees ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fees", "other", "noted"),
    [
        ("72701.2578", "收取信息处理费3件2230元。", False),
        ("0", "收取信息处理费3件2230元。", False),
        ("2230", "收取信息处理费3件，共2,230元。", True),
        ("0.223", "收取信息处理费3件2230元。", True),
        ("0.223", "收取信息处理费0.223万元。", True),
        ("2230", "无。", False),
        ("2230", "收取信息处理费2230件。", False),
    ],
)
def test_only_the_very_same_sum_looks_like_the_fee_of_section_six(
    fees: str, other: str, noted: bool
) -> None:
    found = check({"proactive.fees_wanyuan": Decimal(fees)}, other=other)
    assert [(f.rule, f.severity) for f in found] == ([("T2-05", "note")] if noted else [])


# ── table three ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("new", "out", "asked"),
    [(3525, 125, False), (14069, 819, False), (859, 72, False), (16, 4, False), (20, 5, False),
     (19, 5, True), (100, 26, True), (0, 6, True)],
)  # fmt: skip
def test_only_the_last_months_requests_can_still_be_open(new: int, out: int, asked: bool) -> None:
    found = check({"requests.new_received.total": new, "requests.carried_out.total": out})
    assert [(f.rule, f.severity) for f in found] == ([("T3-LATE", "explain")] if asked else [])


def test_a_real_dense_city_withdraws_a_tenth_and_says_so() -> None:
    (finding,) = check(REQUESTS_2024)
    assert (finding.rule, finding.severity, finding.left, finding.right) == (
        "T3-OTHER", "explain", 354, 3521,
    )  # fmt: skip
    told = Topic("依申请公开", "其他处理469件（含申请人主动撤回申请）。")
    assert check(REQUESTS_2024, topics=(told,)) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("申请人撤回354件。", True),
        ("申请人自行撤销申请40件。", True),
        ("其他处理469件，主要为逾期不补正和撤件。", True),
        ("其他处理469件。", False),
        ("行政复议撤销2件。", False),
        ("", False),
    ],
)
def test_a_count_of_other_outcomes_is_no_explanation(text: str, told: bool) -> None:
    assert (check(REQUESTS_2024, intro=text) == ()) is told


def test_a_text_that_is_not_written_yet_lacks_nothing() -> None:
    assert check(REQUESTS_2024, intro=" ", topics=()) == ()
    assert check(REQUESTS_2024, intro=None, topics=(), problems=None, other=None) == ()
    assert rules(check(REQUESTS_2024, intro="全年收到申请3525件。", topics=())) == ["T3-OTHER"]


@pytest.mark.parametrize(("other", "handled"), [(4, 5), (291, 3486), (50, 500), (0, 0)])
def test_few_other_outcomes_need_no_words(other: int, handled: int) -> None:
    figures: dict[str, Figure] = {
        "requests.other_misc.total": other,
        "requests.total_handled.total": handled,
    }
    assert check(figures) == ()


def test_state_secrets_bring_a_reminder_only() -> None:
    (finding,) = check({"requests.denied_state_secret.total": 2})
    assert (finding.rule, finding.severity, finding.left) == ("T3-SECRET", "note", 2)
    assert check({"requests.denied_state_secret.total": 0}) == ()


def test_rows_that_are_often_confused_are_noted_once() -> None:
    figures: dict[str, Figure] = {
        "requests.denied_internal_affairs.total": 5, "requests.denied_process_info.total": 0,
        "requests.notproc_petition.total": 12, "requests.unable_not_held.total": 0,
        "requests.notproc_reconfirm.total": 6, "requests.notproc_repeat.total": 0,
    }  # fmt: skip
    (finding,) = check(figures)
    assert (finding.rule, finding.severity) == ("T3-TOP", "note")
    assert finding.facts["rows"] == (
        "denied_internal_affairs", "notproc_petition", "notproc_reconfirm",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "count", "neighbour", "beside"),
    [
        ("denied_internal_affairs", 20, "denied_process_info", 9),
        ("denied_internal_affairs", 4, "denied_process_info", 0),
        ("denied_internal_affairs", 20, "denied_process_info", None),
        ("unable_not_held", 40, "notproc_petition", 0),
        ("notproc_repeat", 9, "notproc_reconfirm", 0),
    ],
)
def test_an_office_that_knows_both_rows_is_not_taught(
    row: str, count: int, neighbour: str, beside: int | None
) -> None:
    assert check({f"requests.{row}.total": count, f"requests.{neighbour}.total": beside}) == ()


# ── table four ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("groups", "noted"),
    [
        ({"review": "88 18 28 36 170"}, []),
        ({"review": "2 2 0 9 13"}, []),
        ({"review": "3 2 0 9 14"}, ["review"]),
        ({"direct": "2 1 0 0 3", "after_review": "0 1 1 0 2"}, ["litigation"]),
        ({"direct": "7 0 11 7 25", "after_review": "33 0 6 13 52"}, []),
        ({"direct": "0 9 0 0 9"}, []),
    ],
)
def test_many_corrected_cases_are_noted_with_a_line_for_section_five(
    groups: dict[str, str], noted: list[str]
) -> None:
    figures = {
        cell: n for name, numbers in groups.items() for cell, n in case(name, numbers).items()
    }
    found = check(figures)
    assert [finding.facts["about"] for finding in found] == noted
    assert {(f.rule, f.severity) for f in found} <= {("T4-LOSS", "note")}


# ── thresholds and words ────────────────────────────────────────────────────────────────────


def test_the_office_sets_its_own_thresholds() -> None:
    figures = REQUESTS_2024 | case("review", "88 18 28 36 170")
    strict = Limits(open_share=0.03, other_share=0.5, corrected_share=0.1)
    assert rules(check(figures, strict)) == ["T3-LATE", "T4-LOSS"]
    assert check(figures, Limits(other_least=355)) == ()


def test_every_doubt_has_words(wording: Wording) -> None:
    rows = ("denied_internal_affairs", "denied_process_info", "notproc_petition", "notproc_reconfirm",
            "unable_not_held", "notproc_repeat")  # fmt: skip
    figures: dict[str, Figure] = {f"requests.{row}.total": 0 for row in rows}
    found = [
        *check(RULES | NO_DOCUMENTS), *check({"requests.carried_out.total": 9, "requests.new_received.total": 0}),
        *check({"proactive.fees_wanyuan": Decimal("0.223")}, other="信息处理费2230元。"),
        *check({"proactive.fees_wanyuan": Decimal(2230)}, other="信息处理费2230元。"),
        *check(REQUESTS_2024), *check({"requests.denied_state_secret.total": 2}),
        *[f for row in rows[:4] for f in check(figures | {f"requests.{row}.total": 5})],
        *check(case("review", "3 2 0 9 14")),
        *check(case("direct", "0 9 0 0 9") | case("after_review", "0 0 0 0 0")),
    ]  # fmt: skip
    assert {finding.rule for finding in found} == {
        "T2-01", "T2-05", "T3-LATE", "T3-OTHER", "T3-SECRET", "T3-TOP", "T4-LOSS",
    }  # fmt: skip
    for finding in found:
        values = {cell: Answer(7, "typed") for cell in finding.cells}
        draft = Draft(form(), 1, "青石县水务局", 2024, "", values)
        said = wording.finding(finding, draft)
        assert "。" in said
        assert "None" not in said
        for repair in finding.repairs:
            assert str(repair.changes[0].value) in wording.repair(finding, repair, draft)
