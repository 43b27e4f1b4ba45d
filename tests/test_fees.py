"""What section six says about 信息处理费, and what the checks find in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks import run_checks
from bot.checks.fees import CHECKS
from bot.checks.fees.charges import read_statement
from bot.checks.fees.statement import NO_CHARGE
from bot.checks.fees.tariff import fee_by_cases, fee_by_pages, is_tariff
from bot.checks.finding import Dossier, Finding
from bot.draft import Answer, Draft
from bot.folders import PROMPTS
from bot.record import build_dossier
from bot.report import Figure, Topic
from bot.wording import Wording
from tests.tables import STYLES, figures_of, form, report_of, requests_table

COUNTY = requests_table(5, STYLES["county"]) | {"other_no_fee.total": 0}
Fees = tuple[int | None, int | None, int | None]


def check(
    other: str | None,
    *,
    unpaid: int = 0,
    fees: Fees | None = None,
    table: Mapping[str, int] = COUNTY,
    **report: object,
) -> list[Finding]:
    """The findings on the fee in a sound report with this section six."""
    figures: dict[str, Figure] = figures_of({**table, "other_no_fee.total": unpaid})
    dossier = Dossier(form(), report_of(figures, other=other, **report), fees=fees)
    return list(run_checks(dossier, [check for _, check in CHECKS]))


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


# ── FEE-01 ──────────────────────────────────────────────────────────────────────────────────

TOLD = (
    "本年度未收取政府信息公开信息处理费。除此之外，无其他需要报告的事项。",
    "本年度没有收取信息处理费。",
    "2024年未产生信息处理费。",
    "未发生信息处理费。",
    "依申请公开无收费情况。",
    "不收取任何费用。",
    "全年收费0元。",
    "全年收费 ０ 元。",
    "信息处理费为0。",
    "收取信息处理费的总金额为0元。",
    "对申请人的费用全部减免。",
    "未向申请人收取费用。",
    "未向任何申请人收取任何费用。",
    "未收取检索、复制、邮寄等成本费用。",
    "免收信息处理费。",
    "政府信息公开收费情况：无。",
    "信息处理费收取情况：2024年度，未收取。",
    "收取信息处理费3件，合计 2230 元。",
    "发出收费通知3件，总金额500元，实际收取500元。",
    "依申请公开收费2件，200元。",
    "收到申请3件，均未收费。",
)
SILENT = (
    "全年办理建议提案12件。",
    "公开了教育收费标准和行政事业性收费目录清单。",
    "按照《政府信息公开信息处理费管理办法》办理。",
    "未收到建议提案，不断完善收文制度。",
    "行政事业性收费12.5万元。",
    "三公经费支出减少3万元。",
)


@pytest.mark.parametrize("text", TOLD)
def test_a_section_that_says_whether_a_fee_was_charged_is_left_alone(text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize("text", SILENT)
def test_a_section_that_does_not_say_it_is_asked_and_not_rewritten(text: str) -> None:
    (finding,) = check(text)
    assert (finding.rule, finding.severity, finding.repairs) == ("FEE-01", "explain", ())
    assert finding.facts["fault"] == "silent"


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "无。",
        " 无 。",
        "暂无",
        "无其他需要报告的事项。",
        "本年度没有其他需要报告的事项",
        "本机关无其他需报告事项。",
    ],
)
def test_a_section_that_only_says_nothing_is_offered_a_sentence(text: str) -> None:
    (finding,) = check(text)
    (repair,) = finding.repairs
    assert (finding.rule, repair.cause, repair.changes) == ("FEE-01", "wording", ())
    assert [(r.item, r.text) for r in repair.rewrites] == [("other", NO_CHARGE)]
    assert check(NO_CHARGE) == []


def test_no_sentence_is_offered_against_what_the_interview_knows() -> None:
    (finding,) = check("无。", fees=(3, 500, 300))
    assert (finding.rule, finding.repairs) == ("FEE-01", ())


def test_a_fee_told_in_another_part_is_named_as_such() -> None:
    topics = (Topic("依申请公开", "全年收到申请3件，未收取信息处理费。"),)
    (finding,) = check("无。", topics=topics)
    assert (finding.facts["fault"], finding.repairs) == ("elsewhere", ())


@pytest.mark.parametrize("text", ["", " \n", None])
def test_an_empty_section_is_another_checks_business(text: str | None) -> None:
    assert check(text) == []


def test_a_file_of_figures_only_is_silent() -> None:
    assert check(None, intro=None, problems=None, topics=(), unpaid=38) == []


# ── FEE-02 ──────────────────────────────────────────────────────────────────────────────────

UNITS = "甲局1件420元、乙局2件290元、丙局15件1500元、丁局1件140元、戊局6件600元。"


@pytest.mark.parametrize(
    "text",
    [
        "全市收取信息处理费25件，金额2950元，其中" + UNITS,
        "全市收取信息处理费25件2950元：甲局1件，420元；乙局2件，290元；丙局15件，1500元；丁局1件，140元；戊局6件，600元。",
        "收取信息处理费3件2230元（甲局880元、乙局1080元、丙局270元）。",
        "甲局1件420元，乙局2件290元，共3件710元，均为信息处理费。",
        "收取信息处理费25件2950元，其中甲局1件420元、乙局2件290元。",
        "收取信息处理费25件2950元（甲局1件420元、乙局2件290元等）。",
        "发出收费通知3件，总金额500元，实际收取2件，300元。",
        "收取信息处理费3件，共2230元，其中最高的一件1080元。",
    ],
)
def test_a_list_that_adds_up_or_only_gives_examples_is_left_alone(text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize(
    ("text", "unit", "listed", "stated"),
    [
        ("收取信息处理费25件2950元，其中" + UNITS.replace("290", "390"), "元", 3050, 2950),
        ("收取信息处理费24件2950元，其中" + UNITS, "件", 25, 24),
        ("收取信息处理费25件2950元，其中" + UNITS.replace("15件", "5件"), "件", 15, 25),
        ("收取信息处理费3件2330元（甲局880元、乙局1080元、丙局270元）。", "元", 2230, 2330),
        ("甲局1件420元，乙局2件290元，共3件720元，均为信息处理费。", "元", 710, 720),
    ],
)
def test_a_list_that_does_not_add_up_gives_both_sides(
    text: str, unit: str, listed: int, stated: int
) -> None:
    (finding,) = check(text)
    assert (finding.rule, finding.severity, finding.facts["unit"]) == ("FEE-02", "explain", unit)
    assert (finding.left, finding.right) == (listed, stated)


# ── FEE-03 ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cases", "yuan"), [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (40, 4000), (41, 4300)]
)
def test_the_tariff_by_cases_steps_at_ten_thirty_and_every_ten_more(cases: int, yuan: int) -> None:
    assert fee_by_cases(cases) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"), [(0, 0), (30, 0), (31, 10), (100, 700), (109, 880), (200, 2700), (201, 2740)]
)
def test_the_tariff_by_pages_steps_at_thirty_a_hundred_and_two_hundred(
    pages: int, yuan: int
) -> None:
    assert fee_by_pages(pages) == yuan


@given(st.integers(0, 400), st.integers(0, 3000))
def test_whatever_the_tariff_gives_is_recognised(cases: int, pages: int) -> None:
    assert is_tariff(Decimal(fee_by_cases(cases)))
    assert is_tariff(Decimal(fee_by_pages(pages)), 1)
    assert is_tariff(Decimal(fee_by_cases(cases) + fee_by_pages(pages)), 2)


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("收取信息处理费3件，2955元。", True),
        ("收取信息处理费1件，730元。", True),
        ("收取信息处理费1件，880元。", False),
        ("收取信息处理费25件，2950元。", False),
        ("收取信息处理费100.5元。", True),
        ("收取信息处理费2件，减免15元，实收200元。", False),
    ],
)
def test_a_sum_that_no_tariff_gives_is_remarked_on(text: str, odd: bool) -> None:
    assert [(f.rule, f.severity) for f in check(text)] == [("FEE-03", "note")] * odd


# ── FEE-04, FEE-05 ──────────────────────────────────────────────────────────────────────────


def test_a_fee_without_any_request_asks_and_no_fee_does_not() -> None:
    zeros = dict.fromkeys(COUNTY, 0)
    (finding,) = check("收取信息处理费25件，2950元。", table=zeros)
    assert (finding.rule, finding.facts["yuan"]) == ("FEE-04", "2950")
    assert check(NO_CHARGE, table=zeros) == []
    assert check("收取信息处理费25件，2950元。", table={**zeros, "carried_in.total": 1}) == []


@pytest.mark.parametrize(
    ("amount", "asked"),
    [
        ("2950万元", True),
        ("2 950.5万元", True),
        ("5万元", True),
        ("0.295万元", False),
        ("3.52万元", False),
        ("0万元", False),
    ],
)
def test_a_fee_in_wan_that_would_be_very_large_asks(amount: str, asked: bool) -> None:
    assert ("FEE-05" in rules(check(f"收取信息处理费{amount}。"))) is asked


def test_the_unit_is_mended_in_the_text_as_it_stands() -> None:
    (finding,) = check("本年度收取信息处理费２，９５０ 万元。\n别无其他事项。")
    (repair,) = finding.repairs
    assert finding.left == 2950
    assert repair.rewrites[0].text == "本年度收取信息处理费2,950元。\n别无其他事项。"


def test_business_fees_in_wan_are_not_this_fee() -> None:
    assert check("未收取信息处理费，行政事业性收费59237.2449万元。") == []


# ── FEE-06, T3-FEEROW ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "unpaid", "faults"),
    [
        ("发出收费通知3件，总金额500元，实际收取300元。", 0, []),
        ("发出收费通知41件，总金额9000元，实际收取2230元。", 38, []),
        ("发出收费通知0件，总金额0元，实际收取0元。", 0, []),
        ("发出收费通知3件，总金额300元，实际收取500元。", 0, ["overpaid"]),
        ("发出收费通知0件，总金额0元，实际收取100元。", 0, ["overpaid", "no_notices"]),
        ("发出3件收费通知，总金额0元。", 0, ["no_sum"]),
        ("发出收费通知3件，总金额500元，实际收取100元。", 38, ["unpaid"]),
        ("发出收费通知2件，总金额500元，实际收取3件，500元。", 0, ["few_notices"]),
        ("收取信息处理费3件，2230元。", 38, []),
    ],
)
def test_notices_sums_and_unpaid_cases_must_fit(text: str, unpaid: int, faults: list[str]) -> None:
    assert [f.facts["fault"] for f in check(text, unpaid=unpaid)] == faults


def test_the_interviews_figures_stand_in_for_a_silent_text() -> None:
    findings = check("无。", fees=(3, 300, 500))
    assert [(f.rule, f.facts["fault"]) for f in findings] == [
        ("FEE-01", "nothing"),
        ("FEE-06", "overpaid"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("发出收费通知3件，总金额500元，实际收取300元。", []),
        ("发出收费通知2件，总金额500元，实际收取300元。", ["notices"]),
        ("发出收费通知3件，总金额500元，实际收取200元。", ["paid"]),
        ("本年度未收取信息处理费。", ["denied"]),
    ],
)
def test_a_text_that_differs_from_the_answers_asks(text: str, names: list[str]) -> None:
    assert [f.facts["name"] for f in check(text, fees=(3, 500, 300))] == names


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("无。", ["explain"]),
        (NO_CHARGE, ["note"]),
        ("收取信息处理费3件，2230元。", []),
        ("发出收费通知38件，均逾期未缴。", []),
        ("发出的收费通知均逾期未缴，未收取信息处理费。", []),
    ],
)
def test_unpaid_notices_in_table_three_must_be_told(text: str, severities: list[str]) -> None:
    found = check(text, unpaid=38)
    assert [(f.rule, f.severity) for f in found] == [("T3-FEEROW", s) for s in severities]


def test_a_drafts_three_figures_reach_the_checks() -> None:
    draft = Draft(form(), 1, "青石县水务局", 2024)
    assert build_dossier(draft).fees is None
    answers = {"fee.notices": Answer(3, "typed"), "fee.due": Answer(500, "typed")}
    assert build_dossier(Draft(form(), 1, "青石县水务局", 2024, answers=answers)).fees == (
        3,
        500,
        None,
    )


# ── whatever stands there ───────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(
    ["信息处理费", "收取", "未", "0", "25件", "2950", "元", "万元", "其中", "、", "，", "。", "（", "：",
     "收费通知", "实际", "三", "百", "1.5", "《", "》", "\n", "共计", "逾期", "²", "甲局"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map("".join)),
    st.sampled_from([0, 3]),
)
def test_no_text_makes_a_check_of_fees_fail(text: str, unpaid: int) -> None:
    for finding in check(text, unpaid=unpaid, fees=(1, 2, 3)):
        assert finding.identity


@pytest.mark.parametrize(
    "piece", ["收费", "1", "一", "《", "1件，", "信息处理费1元、", "（", "未收取"]
)
def test_a_very_long_text_is_read_in_a_moment(piece: str) -> None:
    start = process_time()
    read_statement(piece * (20_000 // len(piece)))
    assert process_time() - start < 1.5


def test_every_fault_has_words() -> None:
    wording = Wording(form())
    draft = Draft(form(), 1, "青石县水务局", 2024)
    zeros = dict.fromkeys(COUNTY, 0)
    texts: tuple[tuple[str, dict[str, Any]], ...] = (
        *((text, {}) for text in ("无。", SILENT[0], "收取信息处理费1件，730元。")),
        ("无。", {"topics": (Topic("依申请公开", "未收取信息处理费。"),)}),
        ("收取信息处理费24件2950元，其中" + UNITS, {"table": zeros}),
        ("收取信息处理费2950万元。", {}),
        ("发出收费通知0件，总金额0元，实际收取100元。", {"fees": (1, 2, 3)}),
        ("发出3件收费通知，总金额0元。", {"unpaid": 5}),
        ("发出收费通知2件，总金额500元，实际收取3件，500元。", {}),
        ("未收取信息处理费。", {"fees": (3, 500, 300), "unpaid": 1}),
    )
    found = [finding for text, more in texts for finding in check(text, **more)]
    for finding in found:
        assert wording.finding(finding, draft)
        for repair in finding.repairs:
            assert wording.repair(finding, repair, draft)
    words = tomllib.loads((PROMPTS / "findings" / "fees.toml").read_text(encoding="utf-8"))
    assert set(rules(found)) == set(words)
