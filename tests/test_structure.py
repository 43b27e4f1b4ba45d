"""Whether a report that was read has the parts of the form, under their names and numbers."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from bot.checks import run_checks
from bot.checks.finding import Dossier, Finding
from bot.checks.prose.numbering import slips
from bot.folders import PROMPTS
from bot.report import Topic
from tests.tables import form, report_of

HEADINGS = tuple(section.label for section in form().sections)
OFFICIAL = "青石县水务局2024年政府信息公开工作年度报告"


def read(
    headings: tuple[str, ...] = (), labels: tuple[str, ...] = (), **report: Any
) -> tuple[Finding, ...]:
    """The findings about the texts of a sound report with some things changed."""
    dossier = Dossier(form(), report_of({}, **report), headings=headings, labels=labels)
    return run_checks(dossier, "texts")


def only(findings: tuple[Finding, ...], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


# ── headings ────────────────────────────────────────────────────────────────────────────────


def test_a_file_with_the_official_headings_has_nothing_to_say() -> None:
    assert read(HEADINGS) == ()
    assert read(tuple(heading.replace("、", " ．", 1) for heading in HEADINGS)) == ()
    assert read(tuple(heading.replace("、", " ", 1) for heading in HEADINGS)) == ()


def test_headings_whose_numbers_were_set_by_the_word_processor_are_fine() -> None:
    assert read(tuple(heading.partition("、")[2] for heading in HEADINGS)) == ()


def test_missing_headings_are_named_together() -> None:
    (finding,) = only(read((HEADINGS[0], *HEADINGS[2:5])), "STR-01")
    assert (finding.severity, finding.facts["fault"]) == ("hard", "absent")
    assert finding.facts["heading"] == f"{HEADINGS[1]}”、“{HEADINGS[5]}"


def test_a_section_that_is_missing_is_said_once_and_not_as_empty_too() -> None:
    empty: dict[str, Any] = {"problems": "", "other": "", "intro": "", "topics": ()}
    found = read(HEADINGS[1:4], **empty)
    assert [(f.rule, f.severity, f.facts["fault"]) for f in found] == [("STR-01", "hard", "absent")]
    rules = [finding.rule for finding in read(HEADINGS, **empty)]
    assert sorted(rules) == ["STR-01", "STR-06", "STR-07"]
    assert sorted(finding.rule for finding in read(**empty)) == ["STR-01", "STR-06", "STR-07"]


def test_a_heading_with_its_own_number_behind_a_missing_one_is_said_once() -> None:
    (finding,) = read((*HEADINGS[:4], HEADINGS[5]))
    assert (finding.rule, finding.facts["heading"]) == ("STR-01", HEADINGS[4])


def test_a_doubled_heading_of_a_file_names_the_heading() -> None:
    (finding,) = read((HEADINGS[0], *HEADINGS), intro="第一段开头。\n第二段开头。")
    assert (finding.rule, finding.severity, finding.cells) == (
        "STR-01", "hard", ("overview.intro",),
    )  # fmt: skip
    assert (finding.facts["fault"], finding.facts["heading"]) == ("twice", HEADINGS[0])


def test_a_doubled_heading_that_stands_in_the_text_too_is_said_once() -> None:
    findings = read((HEADINGS[0], *HEADINGS), intro="第一段开头。\n一、总体情况\n第二段开头。")
    assert [finding.facts["fault"] for finding in only(findings, "STR-01")] == ["doubled"]


def test_sections_out_of_order_are_said_once() -> None:
    swapped = (*HEADINGS[:3], HEADINGS[4], HEADINGS[3], HEADINGS[5])
    (finding,) = only(read(swapped), "STR-01")
    assert (finding.severity, finding.facts["fault"]) == ("hard", "order")


def test_a_heading_pasted_into_a_draft_is_dropped_with_one_tap() -> None:
    text = "第一段开头。\n\n一、总体情况\n\n第二段开头。"
    (finding,) = read(intro=text)
    (repair,) = finding.repairs
    (rewrite,) = repair.rewrites
    assert (repair.cause, rewrite.item) == ("heading", "overview.intro")
    assert rewrite.text == "第一段开头。\n\n第二段开头。"
    assert read(intro=rewrite.text) == ()


def test_what_follows_a_heading_on_its_line_is_kept() -> None:
    (finding,) = read(intro="一、总体情况：2024年，本局公开供水信息。")
    assert finding.repairs[0].rewrites[0].text == "2024年，本局公开供水信息。"
    (finding,) = read(intro="一、总体情况良好的一年里，本局公开供水信息。")
    assert finding.repairs == ()


def test_no_repair_is_offered_where_two_texts_would_share_it() -> None:
    topics = (*report_of({}).topics, Topic("便民服务", "二、主动公开政府信息情况\n办理12件。"))
    (finding,) = only(read(topics=topics), "STR-01")
    assert finding.repairs == ()


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from([*HEADINGS, "一、总体情况：全年平稳", " 六、其他需要报告的事项 "]),
            st.text("公开信息，。\n 一二、", max_size=12),
        ),
        max_size=6,
    )
)
def test_dropping_the_headings_removes_the_finding(parts: list[str]) -> None:
    for finding in only(read(intro="\n".join(parts)), "STR-01"):
        for repair in finding.repairs:
            mended = only(read(intro=repair.rewrites[0].text), "STR-01")
            assert all(f.repairs == () for f in mended)


# ── title ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "severity", "fault"),
    [
        (OFFICIAL, None, ""),
        ("青石县水务局 2024年\n政府信息公开工作年度报告", None, ""),
        ("青石县水务局2024年度政府信息公开工作年度报告", "note", "wording"),
        ("青石县水务局2024年政府信息公开年度报告", "note", "wording"),
        ("2024年青石县水务局政府信息公开工作年度报告", "note", "wording"),
        ("青石县水务局政府信息公开工作报告（2024年度）", "note", "wording"),
        ("2024年政府信息公开工作年度报告", "explain", "nameless"),
        ("县水务局2024年政府信息公开工作年度报告", "explain", "short"),
        ("青石县水务局2023年政府信息公开工作年度报告", "hard", "title"),
        ("青石县水务局政府信息公开工作年度报告", "hard", "title"),
        ("白沙县水务局2024年政府信息公开工作年度报告", "hard", "title"),
        ("青石县水务局2024年工作总结", "hard", "title"),
        ("", "hard", "title"),
    ],
)
def test_a_title_is_judged_by_whether_it_names_agency_and_year(
    title: str, severity: str | None, fault: str
) -> None:
    found = [(f.rule, f.severity, f.facts["fault"]) for f in read(title=title)]
    assert found == ([("STR-02", severity, fault)] if severity else [])


# ── the form of 2019 ────────────────────────────────────────────────────────────────────────


def test_labels_of_the_replaced_form_are_listed_in_one_finding() -> None:
    labels = ("信息内容", "本年新\n制作数量", "对外公开总数量", "本年增／减", "规章")
    (finding,) = read(labels=labels)
    assert (finding.rule, finding.severity) == ("STR-03", "hard")
    assert finding.facts["labels"] == ("本年新制作数量", "对外公开总数量", "本年增/减")


def test_other_outcomes_in_one_row_are_the_old_form_too() -> None:
    (finding,) = read(labels=("（六）其他处理", "（七）总计"))
    assert finding.facts["labels"] == ("（六）其他处理（没有分项）",)
    new = ("（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")
    assert read(labels=new) == ()


# ── topics and headings in other words ──────────────────────────────────────────────────────


def test_all_other_titles_of_topics_are_one_note() -> None:
    topics = [*report_of({}).topics]
    topics[2] = Topic("（三）信息管理", topics[2].text)
    topics[3] = Topic("（四）公开平台建设", topics[3].text)
    (finding,) = read(topics=tuple(topics))
    assert (finding.rule, finding.severity) == ("STR-04", "note")
    assert finding.facts["official"] == "政府信息管理、政府信息公开平台建设"


@pytest.mark.parametrize("ending", ["情况", "方面", "工作", "工作情况"])
def test_the_usual_endings_of_a_title_need_no_remark(ending: str) -> None:
    topics = tuple(Topic(topic.title + ending, topic.text) for topic in report_of({}).topics)
    assert read(topics=topics) == ()


@pytest.mark.parametrize(
    ("at", "stood"),
    [(4, "五、存在的主要问题及整改措施"), (4, "五、政府信息公开工作存在的主要问题及改进情况"),
     (4, "五、存在问题及改进情况"), (4, "五、存在的主要问题及下一步计划"),
     (3, "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"), (0, "一、概述"),
     (0, "一 基本情况"), (2, "三、依申请公开政府信息情况"), (4, "五、改进措施"), (5, "六、其他有关情况"),
     (0, "一、总体概述")],
)  # fmt: skip
def test_a_heading_in_other_words_is_noted_with_the_official_one(at: int, stood: str) -> None:
    (finding,) = read((*HEADINGS[:at], stood, *HEADINGS[at + 1 :]))
    assert (finding.rule, finding.severity) == ("STR-09", "note")
    assert finding.facts["variants"] == ((stood, HEADINGS[at]),)


def test_a_section_that_the_form_does_not_know_is_noted() -> None:
    stood = (*HEADINGS[:5], "六、下一年工作思路", "七、其他需要报告的事项")
    (finding,) = read(stood)
    assert (finding.rule, finding.facts["extra"]) == ("STR-09", ("六、下一年工作思路",))


# ── what a government adds ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("agency", "level", "asked"),
    [("青石县人民政府", "县政府", True), ("青石县人民政府", "", True), ("青石县", "县政府", True),
     ("青石县水务局", "县级政府部门", False), ("青石县水务局", "", False),
     ("青石县人民政府办公室", "县级政府部门", False)],
)  # fmt: skip
def test_only_a_government_is_asked_for_assessment_and_accountability(
    agency: str, level: str, asked: bool
) -> None:
    title = form().title_of(agency, 2024)
    findings = read(agency=agency, level=level, title=title, intro="2024年平稳推进。")
    assert bool(only(findings, "STR-05")) is asked


def test_what_a_government_says_anywhere_about_them_counts() -> None:
    topics = [*report_of({}).topics]
    topics[4] = Topic("监督保障", "公开工作占年度考核4分，开展社会评议1次，未发生责任追究情形。")
    government: dict[str, Any] = {
        "agency": "青石县人民政府",
        "title": form().title_of("青石县人民政府", 2024),
    }
    assert read(**government, intro="2024年平稳推进。", topics=tuple(topics)) == ()
    topics[4] = Topic("监督保障", "公开工作占年度考核4分。")
    (finding,) = read(**government, intro="2024年平稳推进。", topics=tuple(topics))
    assert finding.facts["missing"] == ("社会评议", "责任追究结果")


# ── numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "before", "stands"),
    [("一是公开目录。三是加强培训。", "一是", "三是"),
     ("一是公开目录。二是加强培训。二是加强检查。", "二是", "二是"),
     ("（一）存在的问题\n人手不足。\n（三）改进措施\n加强培训。", "（一）", "（三）"),
     ("1.栏目少。\n2.更新慢。\n4.人手紧。", "2.", "4."),
     ("（1）栏目少。\n（3）更新慢。", "（1）", "（3）"),
     ("十是公开。十二是培训。", "十是", "十二是")],
)  # fmt: skip
def test_a_skipped_or_repeated_number_is_said(text: str, before: str, stands: str) -> None:
    (slip,) = slips(text)
    assert (slip.before, slip.stands) == (before, stands)


def test_a_heading_left_over_inside_section_five_is_said() -> None:
    (finding,) = read(problems="存在的问题：解读形式单一。\n三、改进措施\n增加图解。")
    assert (finding.rule, finding.severity, finding.cells) == ("STR-08", "explain", ("problems",))
    assert finding.sentence == "三、改进措施"


@pytest.mark.parametrize(
    "text",
    ["一是公开目录。二是加强培训。三是抓检查。",
     "问题：一是栏目少；二是更新慢。改进：一是建专栏；二是定期查。",
     "一是抓公开，一是抓数量，二是抓质量。二是抓培训。三是抓检查。",
     "第二十条第（五）项的许可3件，第（八）项的收费2项。", "二是加强培训。三是抓检查。",
     "（一）问题\n1.栏目少。\n2.更新慢。\n（二）改进\n1.建专栏。\n2.定期查。",
     "一、存在的问题\n栏目少。\n二、改进措施\n建专栏。", "1.5万人次阅读。\n3.2万人次点赞。",
     "全年九是个好数字，三是小数字。", ""],
)  # fmt: skip
def test_runs_that_begin_anew_or_stand_inside_others_are_fine(text: str) -> None:
    assert slips(text) == ()


def test_the_numbers_of_the_headings_follow_one_another() -> None:
    stood = (*HEADINGS[:4], HEADINGS[4], "五、其他需要报告的事项")
    (finding,) = read(stood)
    assert (finding.rule, finding.sentence) == ("STR-08", "五、其他需要报告的事项")


@settings(max_examples=100, deadline=None)
@given(
    headings=st.lists(st.one_of(st.sampled_from(HEADINGS), st.text(max_size=12)), max_size=9),
    labels=st.lists(st.text(max_size=12), max_size=5),
    title=st.text("青石县水务局2024年政府信息公开工作度报告", max_size=40),
    text=st.text("一二三四十是、（）1.。\n公开", max_size=60),
)
def test_no_heading_label_or_number_makes_a_check_fail(
    headings: list[str], labels: list[str], title: str, text: str
) -> None:
    for finding in read(tuple(headings), tuple(labels), title=title, intro=text, problems=text):
        assert finding.identity


# ── words ───────────────────────────────────────────────────────────────────────────────────


def seen() -> list[Finding]:
    """At least one finding of every rule and fault that has words in structure.toml."""
    government: dict[str, Any] = {"agency": "青石县人民政府", "level": "县政府"}
    old = ("本年新制作数量", "（六）其他处理")
    odd = ("一、概述", "三、工作思路", HEADINGS[5], HEADINGS[4], HEADINGS[4])
    topics = (*report_of({}).topics[1:], Topic("平台建设", "维护栏目3个。"))
    titles = ("2024年政府信息公开工作年度报告", "县水务局2024年政府信息公开报告",
              "2024年青石县水务局政府信息公开年度报告", "", "总结")  # fmt: skip
    return [
        *read(odd, old, intro="一、总体情况\n全年{{件}}。", topics=topics, other=""),
        *read(intro="", topics=(), problems=""),
        *read(problems="解读不够。\n三、改进\n一是抓。三是管。"),
        *read(problems="加强培训。", **government),
        *read(intro=None, problems=None, other=None, topics=()),
        *read(agency="", title=""),
        *read(year=1, title=""),
        *(finding for title in titles for finding in read(title=title)),
        *run_checks(Dossier(form(), report_of({}), todo=("other",)), "texts"),
    ]


def test_every_finding_has_words_that_say_what_and_what_to_do() -> None:
    words = tomllib.loads((PROMPTS / "findings" / "structure.toml").read_text(encoding="utf-8"))
    environment = Environment(undefined=StrictUndefined)
    environment.filters["clip"] = lambda text, length: text[:length]
    found = [finding for finding in seen() if finding.rule in words]
    assert {finding.rule for finding in found} == set(words)
    for finding in found:
        context = {"cells": finding.cells, "sentence": finding.sentence, "facts": finding.facts,
                   "place": [form().items[cell].label for cell in finding.cells]}  # fmt: skip
        for part in ("title", "message", "why"):
            if part in words[finding.rule]:
                said = environment.from_string(words[finding.rule][part]).render(context).strip()
                assert said
                assert "  " not in said
        assert not finding.repairs or words[finding.rule]["repair"]
