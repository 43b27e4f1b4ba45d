"""What the texts claim, held against the tables: what is found, and what must stay silent.

All sentences are made up; the figures of some are real.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import load_guides
from bot.checks.claims import CHECKS, decisions, denials, differences, lists, percentages
from bot.checks.claims import counts as claims
from bot.checks.claims.clauses import read
from bot.checks.finding import Dossier, Finding
from bot.draft import Draft
from bot.report import Figure, Topic
from bot.wording import Wording
from tests.tables import COLUMNS, STYLES, figures_of, form, report_of, requests_table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REQUESTS = "overview.requests"
CITY = "临川市人民政府"


def row(name: str, numbers: str) -> dict[str, Figure]:
    """A row of table three: six columns and the total."""
    return {f"requests.{name}.{column}": int(n)
            for column, n in zip(COLUMNS, numbers.split(), strict=True)}  # fmt: skip


def total(**numbers: int) -> dict[str, Figure]:
    """Rows whose cases all came from natural persons."""
    return {key: value for name, n in numbers.items()
            for key, value in row(name, f"{n} 0 0 0 0 0 {n}").items()}  # fmt: skip


def case(name: str, numbers: str) -> dict[str, Figure]:
    """A group of table four."""
    parts = ("upheld", "corrected", "other", "pending", "total")
    return {f"review_litigation.{name}_{part}": int(n)
            for part, n in zip(parts, numbers.split(), strict=True)}  # fmt: skip


BUSY = figures_of({}) | {
    **row("new_received", "3440 75 0 1 6 3 3525"), **row("carried_in", "118 3 0 0 0 0 121"),
    **row("granted", "1408 19 0 0 3 1 1431"), **row("partly_granted", "464 6 0 1 0 0 471"),
    **total(denied_state_secret=2, denied_third_party=50, denied_process_info=40),
    **row("unable_not_held", "850 40 0 0 0 0 890"), **total(unable_needs_creation=51),
    **total(notproc_petition=80, notproc_repeat=37),
    **total(other_no_correction=77, other_no_fee=38, other_misc=354),
    **row("total_handled", "3437 74 0 1 6 3 3521"), **row("carried_out", "121 4 0 0 0 0 125"),
    **case("review", "88 18 28 36 170"), **case("direct", "7 0 11 7 25"),
    **case("after_review", "33 0 6 13 52"),
}  # fmt: skip
BEFORE = figures_of({}) | {
    **row("new_received", "3402 99 0 4 5 1 3511"), **row("carried_in", "91 3 0 0 2 0 96"),
    **row("total_handled", "3375 99 0 4 7 1 3486"), **row("carried_out", "118 3 0 0 0 0 121"),
    **total(granted=1191),
    **case("review", "309 17 88 26 440"), **case("direct", "1 1 16 6 24"),
    **case("after_review", "13 0 67 9 89"),
}  # fmt: skip
QUIET = figures_of({})
ACTIVE = QUIET | {
    "proactive.rules_made": 2, "proactive.rules_repealed": 1, "proactive.rules_in_force": 14,
    "proactive.normdocs_made": 3, "proactive.normdocs_repealed": 1,
    "proactive.normdocs_in_force": 15, "proactive.permits": 120, "proactive.penalties": 5,
    "proactive.coercion": 2,
}  # fmt: skip
BUREAU = "青石县水务局"


def check(
    text: str,
    figures: Mapping[str, Figure] = BUSY,
    *,
    last: Mapping[str, Figure] | None = None,
    agency: str = CITY,
    year: int = 2024,
    item: str = REQUESTS,
) -> list[Finding]:
    """The findings of one text, under 依申请公开 if nothing else is said."""
    topics = (Topic(form().items[item].label, text),) if item in form().items else ()
    report = report_of(figures, agency=agency, year=year, topics=topics, intro="", problems="")
    before = report_of(last, agency=agency, year=year - 1) if last is not None else None
    dossier = Dossier(form(), report, last=before)
    return [finding for _, one in CHECKS for finding in one(dossier)]


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


# ── what is right, in many styles ───────────────────────────────────────────────────────────

RIGHT = """
全市共收办政府信息公开申请3646件，其中自然人申请3558件，法人或其他组织申请88件。
本年度新收政府信息公开申请3525件，上年结转121件，办理答复3521件，结转下年度继续办理125件。
全年受理政府信息公开申请3525件。
全年受理申请三千五百二十五件。
我市共收到依申请公开件3,525件，已办结3521件。
２０２４年收到政府信息公开申请３５２５件。
一年来，累计处理政府信息依申请公开3646件，其中本年新接收3525件，2023年结转办理121件。
除125件转结2025年办理以外，其余均依法答复。
收到3525份政府信息公开申请，3521件已办结，125件结转到2025年度继续办理。
答复申请3052件，另有469件作其他处理。
予以公开1431件，部分公开471件，不予公开92件，无法提供941件，不予处理117件，其他处理469件。
1431件予以公开，471件部分公开，92件不予公开。
予以公开或部分公开1902件。
对申请人要求公开的信息，同意公开1431件，区分处理471件。
不予公开92件（属于国家秘密2件、保护第三方合法权益50件、过程性信息40件）。
本机关不掌握相关政府信息890件，需要另行制作51件，合计无法提供941件。
信访、举报、投诉类申请80件，重复申请37件，均不予处理。
申请人逾期不补正77件，逾期未按通知缴费38件。
自然人申请3440件，商业企业申请75件，法律服务机构申请6件。
共收到公民、法人和其他组织通过网络、信函等渠道提交的申请3525件。
因政府信息公开引发行政复议170件，行政诉讼77件。
已审结行政复议134件、行政诉讼57件，均与政府信息公开有关。
政府信息公开行政复议170件，其中维持88件、纠正18件、尚未审结36件。
未经复议直接起诉25件，复议后起诉52件，均因政府信息公开引起。
截至2024年12月31日，共收到政府信息公开申请3525件。
2024年1月1日至12月31日，受理政府信息公开申请3525件，办理3521件。
""".strip().splitlines()


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_claim_is_left_alone(text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize("text", RIGHT)
def test_most_right_claims_are_indeed_read(text: str) -> None:
    assert claims.claims_of(text, REQUESTS, 2024, CITY) or denials.denials_of(text, 2024, CITY)


# ── what must stay silent ───────────────────────────────────────────────────────────────────

SILENT = """
通过网络提交的申请5件，当面申请2件。
市政府本级收到申请349件，予以公开120件，部分公开30件。
市教育局收到申请12件，市公安局收到申请40件。
各乡镇受理申请30件。
上半年收到申请1700件，答复1650件。
2024年上半年，全市受理申请1700件，答复1650件。
3月收到申请12件，4月收到申请9件。
2023年收到申请3000件。
去年受理申请3000件，答复2900件。
较2023年收到的申请3件增加2件。
与上年相比增加14件。
近三年共受理政府信息公开申请9000件。
2008年以来累计受理政府信息公开申请50000件。
计划明年办结申请200件以上。
约3000件申请通过网上提交。
收到申请3000余件。
收到政府信息公开申请超过3000件。
办理人大建议12件、政协提案11件，全部按时答复。
办理建议提案12件，均已答复。
收到公众意见75条，采纳60条。
受理群众咨询320件，答复320件。
办理12345热线工单47件，已办结47件。
收到网民留言248条，办结230条，公开答复4条。
受理信访件30件，办结30件。
行政许可申请受理58件，办结58件。
审理行政复议案件320件，其中维持200件。
制发公文130件，其中不予公开112件。
完成上级交办的协办件13件。
申请人撤回申请9件，延期答复6件。
受理涉及征地拆迁的申请300件。
在政府信息公开平台发布信息1200条。
编制依申请公开目录12项、办事指南5份。
印发《关于办理政府信息公开申请3件的通知》（临政办〔2024〕3号）。
申请在20个工作日内答复，第3号申请已送达。
举办依申请公开培训3次，培训120人次。
每件申请平均用时9天，逾期答复0件。
补正告知26件，征求第三方意见8件。
信息不存在3件，非本机关掌握2件。
各县区分别办结200件。
对申请量较大的事项形成答复口径5份。
当年被确认违法1件、被责令重新答复2件的行政复议案件已整改。
向3家企业提供了查阅服务。
一件申请答复后，申请人又提出两件。
全市40个部门共有申请办理人员96人。
按时答复率100%，满意率98.5%。
其中在20个工作日内答复3000件，当场答复12件。
对3件不予公开的申请，均说明了理由。
信息公开行政诉讼案件2件被撤诉，人均办理申请12件。
以市政府为被申请人的政府信息公开行政复议12件。
上年度结转的121件申请已全部办结，其余3400件已办结。
指导各县区办理政府信息公开申请120件。
申请主要集中在征地拆迁领域，征地类1200件，住房类500件。
行政复议纠错率、行政诉讼败诉率均为零。
局机关受理申请5件，下属单位受理申请7件。
行政诉讼一审3件、二审2件，其他行政复议5件。
上年结转减少，发布信息120件。
""".strip().splitlines()


@pytest.mark.parametrize("text", SILENT)
def test_what_is_about_a_part_or_about_something_else_is_no_claim(text: str) -> None:
    assert check(text) == []


def test_no_request_and_twelve_proposals_do_not_contradict_each_other() -> None:
    text = "全年未收到政府信息公开申请。本局按时办理建议提案12件。"
    assert check(text, QUIET) == []


def test_figures_that_are_not_known_are_not_compared() -> None:
    text = "收到政府信息公开申请9件，予以公开2件，未发生行政诉讼，行政复议3件。"
    assert check(text, {}) == []


def test_a_report_of_figures_only_is_not_read() -> None:
    dossier = Dossier(form(), report_of(BUSY, intro=None, problems=None, other=None, topics=()))
    assert [f for _, one in CHECKS for f in one(dossier)] == []


def test_an_office_that_quotes_the_whole_district_is_left_alone() -> None:
    text = "全区共受理政府信息公开申请255件，其中予以公开71件。"
    assert check(text, agency="石桥区人民政府办公室") == []
    assert rules(check(text, agency="石桥区人民政府")) == ["TXT-NEW", "TXT-RESULT"]


def test_the_agency_itself_as_a_subject_is_the_whole() -> None:
    text = "区水务局共收到政府信息公开申请9件。"
    assert rules(check(text, agency="石桥区水务局")) == ["TXT-HANDLED"]
    assert check(text, agency="石桥区人民政府") == []


def test_only_the_whole_of_the_year_is_compared_after_a_half_year() -> None:
    text = "上半年受理申请1700件；全年共受理政府信息公开申请3530件。"
    (finding,) = check(text)
    assert (finding.rule, finding.left) == ("TXT-NEW", 3530)


# ── what is wrong ───────────────────────────────────────────────────────────────────────────

WRONG = [
    ("全年新收政府信息公开申请3646件。", "TXT-NEW", 3646, 3525),
    ("全年受理政府信息公开申请3259件。", "TXT-NEW", 3259, 3521),
    ("全年受理申请三千五百件。", "TXT-NEW", 3500, 3521),
    ("共收到政府信息公开申请3535件。", "TXT-HANDLED", 3535, 3525),
    ("共收到3535份政府信息公开申请。", "TXT-HANDLED", 3535, 3525),
    ("收办政府信息公开申请36460件。", "TXT-HANDLED", 36460, 3646),
    ("收到申请0件。", "TXT-HANDLED", 0, 3521),
    ("共办结申请3512件。", "TXT-DONE", 3512, 3521),
    ("已答复3925件。", "TXT-DONE", 3925, 3521),
    ("上年结转112件。", "TXT-CARRY", 112, 121),
    ("2023年结转办理12件。", "TXT-CARRY", 12, 121),
    ("转下年度办理152件。", "TXT-CARRY", 152, 125),
    ("13件结转到2025年继续办理。", "TXT-CARRY", 13, 125),
    ("予以公开1413件。", "TXT-RESULT", 1413, 1431),
    ("部分公开417件。", "TXT-RESULT", 417, 471),
    ("不予公开29件。", "TXT-RESULT", 29, 92),
    ("不予处理171件。", "TXT-RESULT", 171, 117),
    ("其他处理496件。", "TXT-RESULT", 496, 469),
    ("予以公开或部分公开1920件。", "TXT-RESULT", 1920, 1902),
    ("属于国家秘密3件。", "TXT-RESULT", 3, 2),
    ("自然人申请3404件。", "TXT-PERSON", 3404, 3437),
    ("法人或其他组织申请58件。", "TXT-PERSON", 58, 84),
    ("因政府信息公开引发行政复议107件。", "TXT-CASE", 107, 134),
    ("因政府信息公开引发行政诉讼7件。", "TXT-CASE", 7, 25),
]


@pytest.mark.parametrize(("text", "rule", "left", "right"), WRONG)
def test_a_wrong_claim_says_both_sides(text: str, rule: str, left: int, right: int) -> None:
    (finding,) = check(text)
    assert (finding.rule, finding.severity, finding.left) == (rule, "explain", left)
    assert finding.right == right
    assert finding.sentence == text
    assert finding.cells[0] == REQUESTS
    assert all(cell in form().cells for cell in finding.cells[1:])


def test_each_wrong_claim_of_a_sentence_is_told_where_others_are_right() -> None:
    text = "收到申请3525件，予以公开1413件，部分公开471件，无法提供914件。"
    assert [(f.rule, f.left) for f in check(text)] == [("TXT-RESULT", 1413), ("TXT-RESULT", 914)]


def test_a_sentence_that_fits_nowhere_is_asked_about_once() -> None:
    text = "共收到申请349件，予以公开120件，部分公开30件。"
    assert rules(check(text)) == ["TXT-HANDLED"]


def test_the_natural_persons_alone_are_named_as_the_likely_slip() -> None:
    figures = (
        BUSY | row("granted", "258 17 0 0 0 0 275") | row("unable_not_held", "60 0 0 0 0 0 60")
    )
    figures |= total(unable_needs_creation=5)
    (finding,) = check("予以公开258件。", figures)
    assert (finding.right, finding.facts["hint"]) == (275, "natural")


def test_one_item_of_a_group_is_named_as_the_likely_slip() -> None:
    figures = BUSY | total(unable_not_held=265, unable_needs_creation=72)
    (finding,) = check("无法提供265件。", figures)
    assert (finding.right, finding.facts["hint"]) == (337, "item")
    assert finding.facts["hint_name"] == "本机关不掌握"


def test_last_years_number_is_named_as_the_likely_slip() -> None:
    (finding,) = check("予以公开1191件，部分公开471件。", last=BEFORE)
    assert finding.facts["hint"] == "last"


def test_last_years_claims_are_held_against_last_years_report() -> None:
    assert check("2023年收到申请3511件，本年收到申请3525件。", last=BEFORE) == []
    (finding,) = check("2023年收到申请3510件，本年收到申请3525件。", last=BEFORE)
    assert (finding.left, finding.right, finding.facts["last"]) == (3510, 3511, True)


def test_ten_new_and_one_carried_in_make_eleven_answers() -> None:
    figures = QUIET | total(new_received=10, carried_in=1, granted=11, total_handled=11)
    assert check("全年收到申请10件，办理上年结转1件，答复11件。", figures) == []


def test_the_court_cases_of_last_year_may_be_left_out() -> None:
    assert check("因政府信息公开引发行政复议144件。", last=BEFORE) == []


def test_cases_in_the_text_and_none_in_the_table_are_one_finding() -> None:
    (finding,) = check("因政府信息公开引起行政诉讼1件。", QUIET)
    assert (finding.rule, finding.left, finding.right) == ("TXT-CASES-OWN", 1, 0)


def test_cases_that_have_nothing_to_do_with_information_are_left_alone() -> None:
    assert check("全年办理行政复议案件320件。", item="overview.supervision") == []


# ── denials ─────────────────────────────────────────────────────────────────────────────────

DENIED = """
本局未收到政府信息公开申请。
全年没有收到公民、法人或其他组织提出的政府信息公开申请。
全年未接到信息公开申请；共刊发文稿44篇。
未收到依申请公开事项。
无依申请公开件。
未发生因政府信息公开申请行政复议、提起行政诉讼的情况。
未发生行政诉讼。
行政复议和行政诉讼均为零。
无下年度结转。
因政府信息公开引发行政复议170件，均获维持。
""".strip().splitlines()
NOT_DENIED = """
未收到行政许可申请。
未收到网络提交的政府信息公开申请。
未收到因政府信息公开引发的投诉举报。
无政府信息公开申请逾期未答复的情况。
全年未出现应公开而不予公开的情况。
未发生行政复议、行政诉讼败诉案件。
无被纠正的行政复议。
未经复议直接起诉25件。
2022年未收到政府信息公开申请。
上半年未收到政府信息公开申请。
各乡镇未收到政府信息公开申请。
未收取依申请公开信息处理费。
未发生泄密事件和责任追究情况。
已审结的行政复议均获维持。
尚未审结的行政诉讼正在应诉。
没有申请人对答复不满意。
所有申请均已答复，按时办结率100%。
""".strip().splitlines()


@pytest.mark.parametrize("text", DENIED)
def test_what_the_text_denies_and_the_table_counts_is_found(text: str) -> None:
    (finding,) = check(text, agency="青石县水务局")
    assert (finding.rule, finding.severity, finding.left) == ("TXT-NEG", "explain", 0)
    assert finding.right
    assert "170件" in text or check(text, QUIET) == []


@pytest.mark.parametrize("text", NOT_DENIED)
def test_what_denies_something_else_is_left_alone(text: str) -> None:
    assert check(text, agency="青石县人民政府") == []


def test_all_upheld_contradicts_open_cases() -> None:
    figures = QUIET | case("review", "5 0 0 2 7") | case("direct", "8 0 0 1 9")
    text = "因政府信息公开被申请行政复议7件，被提起行政诉讼9件，均获维持。"
    (finding,) = check(text, figures)
    assert (finding.rule, finding.right) == ("TXT-NEG", 3)
    assert finding.facts["kind"] == "all_upheld"


def test_all_from_natural_persons_contradicts_another_column() -> None:
    (finding,) = check("共收到政府信息公开申请3525件，均为自然人申请。")
    assert (finding.rule, finding.right) == ("TXT-NEG", 85)
    figures = QUIET | total(new_received=7, granted=7, total_handled=7)
    assert check("共收到依申请公开7件，皆为自然人申请。", figures) == []


# ── 不涉及 ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("规范流程，单位权责不涉及依申请公开事项。", "规范流程，未收到政府信息公开申请。"),
        ("2024年，我局不涉及依申请公开。", "2024年，我局未收到政府信息公开申请。"),
        ("本单位职责不涉及依申请公开工作", "本单位未收到政府信息公开申请"),
    ],
)
def test_every_organ_can_be_asked_and_the_wording_is_mended(text: str, mended: str) -> None:
    (finding,) = check(text, QUIET)
    assert finding.rule == "TXT-NA"
    assert [r.text for repair in finding.repairs for r in repair.rewrites] == [mended]
    assert check(mended, QUIET) == []


def test_the_wording_is_not_mended_where_requests_came_in() -> None:
    (finding,) = check("本局不涉及依申请公开。")
    assert (finding.rule, finding.repairs) == ("TXT-NA", ())


def test_fees_and_cases_may_not_be_concerned() -> None:
    assert check("不涉及依申请公开收费。不涉及依申请公开行政复议。", QUIET) == []


# ── lists ───────────────────────────────────────────────────────────────────────────────────

UNITS = (349, 933, 477, 301, 874, 216, 348, 55, 26, 12, 16)


def by_unit(numbers: tuple[int, ...]) -> str:
    return "、".join(
        f"{name}区{n}件" for name, n in zip("甲乙丙丁戊己庚辛壬癸子", numbers, strict=True)
    )


GOOD_LISTS = [
    f"共收办3607件（{by_unit(UNITS)}）。",
    "召开会议98次，其中48次、17次、15次、9次、7次、2次。",
    "公开信息10219条，其中网站8140条、公众号2079条。",
    "发布信息171条：领域类124条，动态类34条，预决算4条，预案3条，文件2条，其他4条。",
    "发布信息63条，其中组织类16条，动态类36条，预决算5条，报告1条，其他5条。",
    "发布信息85条，包括住房20条、教育30条、医疗15条等。",
    "发布信息4583条，其中主动公开2107条，上级采用672条，访问量达378万次。",
    "公开规章13件（含新制定5件、修改4件、废止4件）。",
    "收到来件16件，其中公民12件，法人4件，网上提交10件。",
    "收到来件12件，办结10件，其中网络8件、信函4件。",
    "收取费用25件2950元，其中甲县1件420元、乙县2件290元。",
    "发布信息100条，占全部的20%，其中图解12条。",
    "完成1453件，包括旧件30件。其中甲类966件，乙类67，丙类420件。",
    "公开信息32条，其中三公经费类1条、职能类2条、动态类29条。",
    "收到来件12件，包括旧件2件，答复12件。",
    "公开文件5件，含附件12件。",
    "发布信息100条，其中网站90条、微信80条、微博70条。",
    "维护专栏13个，其中新开2个，召开会议5次。",
]
BAD_LISTS = [
    (f"共收办3607件（{by_unit((*UNITS[:-1], 61))}）。", "over", 3652),
    (f"共收办3607件（{by_unit((*UNITS[:-1], 6))}）。", "short", 3597),
    ("发布信息64条，其中组织类16条，动态类36条，预决算5条，报告1条，其他5条。", "short", 63),
    ("发布信息382条，包括网站35条，媒体80条，公众号2443条。", "over", 2558),
    ("新闻发布10场，其中负责人出席12场。", "over", 12),
    ("发布信息90条，分别为动态50条、文件30条。", "short", 80),
]


@pytest.mark.parametrize("text", GOOD_LISTS)
def test_a_list_that_adds_up_or_names_only_some_is_left_alone(text: str) -> None:
    assert check(text, {}, item="overview.proactive") == []


@pytest.mark.parametrize(("text", "fault", "parts"), BAD_LISTS)
def test_a_list_that_does_not_add_up_is_found(text: str, fault: str, parts: int) -> None:
    (finding,) = check(text, {}, item="overview.proactive")
    assert (finding.rule, finding.facts["fault"], finding.left) == ("TXT-SUM", fault, parts)


def test_a_list_of_all_outcomes_must_make_up_the_whole() -> None:
    text = "收到申请805件，其中予以及部分公开258件，不予公开35件，无法提供265件，其他处理158件。"
    (finding,) = check(text, {})
    assert (finding.rule, finding.left, finding.right) == ("TXT-SUM", 716, 805)


def test_outcomes_that_were_left_out_on_purpose_are_no_error() -> None:
    assert check("收到申请3525件，其中予以公开1431件，部分公开471件，其他处理469件。") == []


# ── percentages ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "全市共收办政府信息公开申请3646件，同比增长1.08%。",
        "全市新收政府信息公开申请3525件，比上年增长0.4%。",
        "全市新收政府信息公开申请3525件，同比增长约1%。",
        "予以公开1431件，占40.6%，部分公开471件，占13.38%。",
        "1431件予以公开，占40.6%；471件部分公开，占13.4%。",
        "予以公开或部分公开占54%，无法提供占26.7%。",
        "自然人申请3440件（97.59%），法人或其他组织申请85件（2.41%）。",
        "按时答复率100%，同比提高0.3%。",
        "发布信息4583条，同比增长12%。",
        "发布图解20条，占新媒体信息的30%。",
        "公开占比59.6%，比上年的57.6%上升2个百分点。",
    ],
)
def test_a_percentage_that_can_be_computed_is_left_alone(text: str) -> None:
    assert check(text, last=BEFORE) == []


@pytest.mark.parametrize(
    ("text", "printed", "right"),
    [
        ("全市共收办政府信息公开申请3646件，同比增长1.05%。", "1.05", "1.08"),
        ("全市新收政府信息公开申请3525件，同比下降0.4%。", "0.4", "-0.4"),
        ("予以公开1431件，占46.1%。", "46.1", "40.6"),
        ("予以公开占46.1%。", "46.1", "40.6"),
    ],
)
def test_a_wrong_percentage_says_the_true_one(text: str, printed: str, right: str) -> None:
    (finding,) = check(text, last=BEFORE)
    assert (finding.rule, finding.severity) == ("TXT-PCT", "explain")
    assert (str(finding.left), str(finding.right)) == (printed, right)


def test_shares_of_a_total_in_the_text_are_computed_from_it() -> None:
    wrong, cut = check("收到申请805件，其中予以公开258件，占33.9%，不予公开35件，占4.34%。", {})
    assert (wrong.severity, str(wrong.right)) == ("explain", "32.0")
    assert (cut.severity, str(cut.right), cut.facts["cut"]) == ("note", "4.35", True)


def test_growth_is_silent_without_last_years_report() -> None:
    assert check("全市共收办政府信息公开申请3646件，同比增长50%。") == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("公开占比59.6%，较上年的57.6%上升3.5%。", "relative"),
        ("公开占比59.6%，较上年的57.6%上升2%。", "unit"),
        ("公开占比59.6%，较上年的57.6%上升3.5个百分点。", "value"),
    ],
)
def test_the_difference_of_two_percentages_is_in_points(text: str, fault: str) -> None:
    (finding,) = check(text)
    assert (finding.rule, finding.facts["fault"], finding.right) == ("TXT-PP", fault, 2)


# ── words, speed, anything at all ───────────────────────────────────────────────────────────


def test_every_finding_can_be_said_in_words() -> None:
    wording, draft = Wording(form()), Draft(form(), 1, CITY, 2024)
    texts = [one[0] for one in WRONG] + [one[0] for one in BAD_LISTS] + DENIED
    texts += ["共收办政府信息公开申请3646件，同比增长1.05%。", "予以公开1431件，占40.63%。",
              "公开占比59.6%，较上年的57.6%上升3.5%。", "共收到政府信息公开申请3525件，均为自然人。"]  # fmt: skip
    found = [f for text in texts for f in check(text, last=BEFORE)]
    found += check("不涉及依申请公开。", QUIET) + check("因信息公开引起行政复议1件。", QUIET)
    found += check("全年作出行政处罚决定7件。", ACTIVE, last=ACTIVE | {"proactive.penalties": 7})
    found += check("新收申请3525件，比上年增加41件。", last=BEFORE)
    assert {f.rule for f in found} == {
        "TXT-NEW", "TXT-HANDLED", "TXT-DONE", "TXT-CARRY", "TXT-RESULT", "TXT-PERSON", "TXT-CASE",
        "TXT-SUM", "TXT-PCT", "TXT-PP", "TXT-NEG", "TXT-NA", "TXT-CASES-OWN", "TXT-TWO", "TXT-DIFF",
    }  # fmt: skip
    for finding in found:
        said = wording.finding(finding, draft)
        assert "文中" in said
        assert "None" not in said
        assert all(wording.repair(finding, repair, draft) for repair in finding.repairs)


LIKE_PROSE = st.text(
    st.sampled_from("未无收到受理答复政府信息公开申请件条占同比增长其中年月上结转复议诉讼维持（）、，。；：%.0123456789三十万第"),
    max_size=120,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(LIKE_PROSE, st.text(max_size=60)), st.integers(-9999, 99999), st.text(max_size=4))
def test_no_text_makes_the_checks_fail(text: str, year: int, agency: str) -> None:
    for finding in check(text, last=BEFORE, year=year, agency=agency):
        assert finding.severity in ("explain", "note")
        assert finding.identity


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.sampled_from("我局认真贯彻落实政府信息公开条例收到申请答复办理结果行政复议，。"),
        max_size=200,
    )
)
def test_a_text_without_numbers_and_denials_says_nothing(text: str) -> None:
    assert check(text) == []


def clear() -> None:
    for cached in (read, claims.claims_of, lists.lists_of, percentages.changes_of,
                   denials.denials_of, decisions.counts_of, differences.differences_of):  # fmt: skip
        cached.cache_clear()


@pytest.mark.parametrize(
    "piece",
    ["件", "1", "收到1件，", "（1件", "（1件）", "未收到", "其中1件、", "：1件", "占1%，", "1件占5%",
     "因政府信息公开被申请行政", "公民法人的", "不涉及依申请公开", "2023年收到1件", "1,234",
     "全年共作出行政处罚1件，", "制定规章", "行政许可本年", "比上年增加1件申请"],
)  # fmt: skip
def test_the_longest_text_takes_a_moment_only(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    start = process_time()
    check(text, last=BEFORE)
    assert process_time() - start < 1.5


def test_a_dense_report_is_checked_in_no_time_when_seen_before() -> None:
    text = "".join(RIGHT)
    check(text)
    start = process_time()
    check(text)
    assert process_time() - start < 0.02


def test_sound_made_up_reports_have_no_findings() -> None:
    for style in STYLES.values():
        table = requests_table(3, style)
        new, done = table["new_received.total"], table["total_handled.total"]
        text = (
            f"全年新收政府信息公开申请{new}件，上年结转{table['carried_in.total']}件，办结{done}件，"
            f"予以公开{table['granted.total']}件，结转下年度{table['carried_out.total']}件。"
        )
        assert check(text, figures_of(table)) == []


def test_the_sample_report_says_only_that_it_is_not_concerned() -> None:
    path = SHARED / "xigong-2022.txt"
    if not path.exists():
        pytest.skip("the shared data is not here")
    text = path.read_text(encoding="utf-8")
    prose = text[text.index("（一）主动公开情况") : text.index("二、主动公开政府信息情况")]
    problems = text[text.index("2022年存在的主要问题") : text.index("六、其他需要报告的事项")]
    name = "西工区政务服务和大数据管理局"
    (finding,) = check(prose + problems, QUIET, year=2022, agency=name, item="overview.requests")
    assert finding.rule == "TXT-NA"
    assert "未收到政府信息公开申请。" in finding.repairs[0].rewrites[0].text


def test_the_dense_citys_own_words_agree_with_its_table() -> None:
    path = SHARED / "suqian-2023.json"
    if not path.exists():
        pytest.skip("the shared data is not here")
    sections = json.loads(path.read_text(encoding="utf-8"))["sections"]
    table = {f"{r}.{c}": n for r, line in sections["requests"].items() for c, n in line.items()}
    figures = figures_of(table)
    text = "全市收办政府信息公开申请3607件，自然人申请3493件，法人或其他组织申请114件，答复3486件。"
    assert check(text, figures, year=2023) == []
    assert rules(check(text.replace("3493", "3439"), figures, year=2023)) == ["TXT-PERSON"]


# ── parts of an outcome, parts of a year ────────────────────────────────────────────────────

SMALL = figures_of({}) | {
    **row("new_received", "10 2 0 0 0 0 12"), **row("granted", "7 1 0 0 0 0 8"),
    **row("unable_not_held", "3 1 0 0 0 0 4"), **row("total_handled", "10 2 0 0 0 0 12"),
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["新收申请12件（自然人10件、商业企业2件），予以公开8件（自然人7件、商业企业1件）。",
     "新收申请12件；予以公开8件，其中自然人7件、商业企业1件；无法提供4件，其中自然人3件、商业企业1件。",
     "收到申请12件，予以公开8件，无法提供4件，自然人申请10件，商业企业申请2件。",
     "收到申请12件，其中网上申请8件（自然人6件、商业企业2件）。",
     "第一季度收到3件，第二季度4件，第三季度2件，第四季度3件，全年合计12件。",
     "第1季度收到申请3件，第2季度收到申请4件，全年收到申请12件。"],
)  # fmt: skip
def test_parts_are_held_against_the_number_that_they_are_parts_of(text: str) -> None:
    assert check(text, SMALL) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("予以公开8件（自然人6件、商业企业2件）。", 6),
        ("新收申请12件（自然人7件、商业企业5件）。", 7),
    ],
)
def test_a_wrong_part_of_an_outcome_is_found(text: str, value: int) -> None:
    first = check(text, SMALL)[0]
    assert (first.rule, first.left) == ("TXT-PERSON", value)


def test_a_quarter_is_no_year_but_the_year_still_counts() -> None:
    text = "第一季度收到申请3件，第二季度收到申请4件，全年收到申请13件。"
    (finding,) = check(text, SMALL)
    assert (finding.rule, finding.left, finding.right) == ("TXT-HANDLED", 13, 12)


@pytest.mark.parametrize(
    "text",
    [
        "全区收到申请669件，其中引发行政复议21件、行政诉讼10件，占收到申请的4.63%。",
        "收到来信45件，其中主动公开的31件，不属于本机关的7件，不予公开2件，其他处理3件，结转下年办理2件。",
    ],
)
def test_what_is_listed_side_by_side_counts_together(text: str) -> None:
    assert rules(check(text, {}, item="overview.intro")) == []
    figures = percentages.changes_of(text, "overview.intro", 2024, CITY)
    assert all(isinstance(one, percentages.Share) and 31 in one.parts for one in figures)


def test_a_share_of_parts_side_by_side_can_still_be_wrong() -> None:
    text = "全区收到申请669件，其中引发行政复议21件、行政诉讼10件，占收到申请的9.63%。"
    assert rules(check(text, {})) == ["TXT-PCT"]


# ── table two ───────────────────────────────────────────────────────────────────────────────


def check_two(text: str, agency: str = BUREAU) -> list[Finding]:
    return check(text, ACTIVE, agency=agency, item="overview.proactive")


RIGHT_TWO = [
    ("全年作出行政许可决定120件、行政处罚决定5件。", 2),
    ("本年制发行政规范性文件3件，废止1件，现行有效15件。", 3),
    ("行政强制2件。", 1),
    ("2024年，县水务局共作出行政许可120件，行政处罚5件，行政强制2件。", 3),
    ("全年制定规章2件、行政规范性文件3件，废止规章1件。", 3),
    ("全年制定政府规章2件，修改4件，废止1件。", 2),
    ("截至2024年底，现行有效规章14件、规范性文件15件。", 2),
    ("行政规范性文件现行有效15件。", 1),
]


@pytest.mark.parametrize(("text", "claims_in_it"), RIGHT_TWO)
def test_what_a_text_says_of_table_two_is_read(text: str, claims_in_it: int) -> None:
    assert check_two(text) == []
    assert len(decisions.counts_of(text, 2024, BUREAU)) == claims_in_it


def test_every_wrong_number_of_table_two_is_told_with_its_cell() -> None:
    text = "全年作出行政许可决定102件、行政处罚决定5件、行政强制决定7件。"
    first, second = check_two(text)
    assert (first.rule, first.severity, first.left, first.right) == ("TXT-TWO", "explain", 102, 120)
    assert first.cells == ("overview.proactive", "proactive.permits")
    assert (second.left, second.right, second.facts["name"]) == (7, 2, "行政强制")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("本年制发行政规范性文件4件。", "normdocs_made"),
        ("本年制发行政规范性文件3件，废止2件。", "normdocs_repealed"),
        ("本年制发行政规范性文件3件；废止1件；现行有效16件。", "normdocs_in_force"),
        ("全年制定规章3件。", "rules_made"),
        ("全年废止规章2件。", "rules_repealed"),
        ("现行有效规章41件。", "rules_in_force"),
        ("行政强制20件。", "coercion"),
    ],
)
def test_a_wrong_number_of_documents_names_its_column(text: str, cell: str) -> None:
    (finding,) = check_two(text)
    assert (finding.rule, finding.cells[1]) == ("TXT-TWO", f"proactive.{cell}")


def test_the_drafted_sentences_of_table_two_are_recognised() -> None:
    guide = load_guides(form())["overview.proactive"]
    figures = {key.split(".")[1]: value for key, value in ACTIVE.items() if "proactive" in key}
    told = "行政许可决定120件、行政处罚决定5件、行政强制决定2件"
    text = guide.compose({
        "f": figures, "decisions": told, "year": 2024, "agency": BUREAU,
        "facts": {"published": 320, "website": 280, "media": 40, "explained": 6},
    })  # fmt: skip
    assert len(decisions.counts_of(text, 2024, BUREAU)) == 5
    assert check_two(text) == []
    assert rules(check_two(text.replace("许可决定120", "许可决定12"))) == ["TXT-TWO"]
    assert rules(check_two(text.replace("规范性文件3件", "规范性文件5件"))) == ["TXT-TWO"]


SILENT_TWO = """
公开行政许可信息900条、行政处罚信息80条。
“双公示”行政许可900件、行政处罚80件。
主动公开行政许可900件。
公示行政许可决定900件。
主动公开行政规范性文件33件。
行政许可事项25项，行政许可事项25件。
办理行政许可58件。
解读规范性文件9件，备案规范性文件9件，清理规范性文件20件，废止9件。
全年作出行政许可决定约900件，行政处罚决定80余件。
3月，作出行政处罚决定9件。
上半年作出行政许可决定60件。
2023年作出行政许可决定900件，制发行政规范性文件9件。
近三年制发规范性文件9件。
下一步，制定行政规范性文件9件。
所属执法大队全年作出行政处罚决定50件。
县公安局全年作出行政处罚决定50件。
各乡镇全年作出行政处罚决定9件。
全县作出行政处罚决定88件。
开展专项整治，全年作出行政处罚决定3件。
安全生产领域，全年作出行政处罚决定3件。
对某水厂作出行政处罚决定1件。
简易程序行政处罚3件、普通程序行政处罚1件。
作出行政处罚决定比上年减少4件。
行政处罚决定被撤销1件，行政处罚占3%。
以县政府名义制发行政规范性文件9件，全年审核规范性文件11件。
制定规章制度9件。
全年作出行政许可决定120件，其中采砂行政许可3件，行政处罚1件。
全年作出行政处罚决定5件。第四季度作出行政处罚决定1件。
""".strip().splitlines()


@pytest.mark.parametrize("text", SILENT_TWO)
def test_parts_and_information_are_no_claims_about_table_two(text: str) -> None:
    assert check_two(text) == []


def test_the_whole_county_is_the_county_governments_own_number() -> None:
    assert rules(check_two("全县作出行政处罚决定88件。", "青石县人民政府")) == ["TXT-TWO"]
    assert check_two("全县作出行政处罚决定88件。", "青石县人民政府办公室") == []


def test_a_smaller_number_beside_the_right_one_is_taken_for_a_part() -> None:
    assert check_two("全年作出行政处罚决定5件。年内作出行政处罚决定1件。") == []
    assert rules(check_two("全年作出行政处罚决定5件。年内作出行政处罚决定9件。")) == ["TXT-TWO"]


def test_table_two_is_not_compared_where_it_is_not_known() -> None:
    text = "全年作出行政处罚决定9件。"
    assert check(text, {}, agency=BUREAU, item="overview.proactive") == []


def test_last_years_decisions_are_named_as_the_likely_slip() -> None:
    last = ACTIVE | {"proactive.penalties": 7}
    (finding,) = check("全年作出行政处罚决定7件。", ACTIVE, last=last, agency=BUREAU)
    assert finding.facts["last"] is True


# ── all that is wrong in one sentence ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("新收申请12件，其中自然人3件，企业1件。", [3, 1]),
        ("其中自然人3件，企业1件。", [3, 1]),
        ("收到申请13件，办结11件。", [13, 11]),
        ("收到申请12件，办结11件，予以公开9件。", [11, 9]),
    ],
)
def test_every_wrong_claim_of_a_sentence_is_told(text: str, told: list[int]) -> None:
    assert [finding.left for finding in check(text, SMALL)] == told


def test_the_one_question_about_a_sentence_that_fits_nowhere_names_all() -> None:
    (finding,) = check("收到申请18件，办结17件，予以公开14件。", SMALL)
    assert (finding.left, finding.facts["others"]) == (18, ("办结17件", "予以公开14件"))
    said = Wording(form()).finding(finding, Draft(form(), 1, CITY, 2024))
    assert "“办结17件”“予以公开14件”也对不上" in said


def test_a_bare_firm_may_be_a_business_or_any_legal_person() -> None:
    figures = SMALL | row("new_received", "9 2 0 0 1 0 12")
    assert check("新收申请12件，其中自然人9件，企业2件。", figures) == []
    assert check("新收申请12件，其中自然人9件，企业3件。", figures) == []
    assert check("新收申请12件，走访企业30件。", figures) == []


# ── only one kind of applicant ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("收到申请12件，均为商业企业提出。", 10),
        ("收到申请12件，均由科研机构提出。", 12),
        ("收到申请12件，均为自然人。", 2),
        ("收到申请12件，全部来自公民。", 2),
        ("收到申请12件，均为法人或其他组织提出。", 10),
        ("办结申请12件，均为自然人提出。", 2),
    ],
)
def test_all_from_one_kind_of_applicant_contradicts_the_other_columns(
    text: str, right: int
) -> None:
    (finding,) = check(text, SMALL)
    assert (finding.rule, finding.right) == ("TXT-NEG", right)
    assert finding.facts["kind"] == "sole_applicant"


@pytest.mark.parametrize(
    "text",
    [
        "收到申请2件，均为商业企业提出。",
        "收到申请2件，均为企业提出。",
        "收到申请2件，均由法人和其他组织提出。",
    ],
)
def test_all_from_the_one_column_that_is_filled_is_right(text: str) -> None:
    figures = QUIET | row("new_received", "0 2 0 0 0 0 2") | row("total_handled", "0 2 0 0 0 0 2")
    assert check(text, figures) == []


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("受理行政许可申请12件，均为商业企业提出。", REQUESTS),
        ("全年受理申请12件，均为商业企业提出。", "overview.proactive"),
        ("收到申请12件，其中网上申请2件，均为商业企业提出。", REQUESTS),
        ("上年收到申请5件，均为商业企业提出。", REQUESTS),
        ("补正申请2件，均为商业企业提出。", REQUESTS),
    ],
)
def test_all_of_a_part_or_of_something_else_is_left_alone(text: str, item: str) -> None:
    assert check(text, SMALL, item=item) == []


# ── more or fewer than last year ────────────────────────────────────────────────────────────

EARLIER = QUIET | total(new_received=9, granted=9, total_handled=9)


@pytest.mark.parametrize(
    "text",
    [
        "新收申请12件，比上年增加3件。",
        "受理申请12件，同比增加3件。",
        "新收申请12件，较2023年增加3件。",
        "收到申请12件，较上年的9件增加3件。",
        "新收申请12件，较2022年增加7件。",
        "新收申请12件，比上年增加近5件。",
        "上半年收到申请7件，比上年同期增加5件。",
        "新收申请12件，其中网上申请8件，比上年增加5件。",
        "新收申请12件，予以公开8件，比上年增加5件。",
        "行政许可申请受理80件，比上年增加5件。",
        "发布信息80条，比上年增加5条。",
        "各乡镇受理申请7件，比上年增加5件。",
    ],
)
def test_a_right_difference_or_one_of_something_else_is_left_alone(text: str) -> None:
    assert check(text, SMALL, last=EARLIER) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("新收申请12件，比上年增加5件。", 5),
        ("新收申请12件，比上年减少3件。", -3),
        ("受理申请12件，同比增加了4件。", 4),
        ("新收政府信息公开申请比上年增加5件。", 5),
    ],
)
def test_a_wrong_difference_from_last_year_says_the_true_one(text: str, left: int) -> None:
    (finding,) = check(text, SMALL, last=EARLIER)
    assert (finding.rule, finding.severity) == ("TXT-DIFF", "explain")
    assert (finding.left, finding.right) == (left, 3)
    assert check(text, SMALL) == []


def test_without_a_year_in_the_title_the_only_year_of_the_texts_is_meant() -> None:
    text = "2024年，本局收到政府信息公开申请9999件，按期答复9999件。"
    assert check(text)
    assert [f.rule for f in check(text, year=0)] == [f.rule for f in check(text)]
