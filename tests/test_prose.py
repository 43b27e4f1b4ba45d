"""How the texts are written: what is pointed at, and what is left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from bot.checks import run_checks
from bot.checks.finding import Dossier, Finding
from bot.checks.prose.bodies import foreign_words
from bot.checks.prose.periods import odd_years
from bot.checks.prose.private import private_marks, secret_marks
from bot.checks.prose.punctuation import mend, unbalanced
from bot.checks.prose.repeated import doubled_words
from bot.checks.prose.wording import latin_words, says_little
from bot.folders import PROMPTS
from bot.report import Topic
from tests.tables import form, report_of
from tests.test_structure import HEADINGS

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "xigong-2022.txt"


def find(**report: Any) -> tuple[Finding, ...]:
    """The findings about the texts of a sound report with some things changed."""
    last = report.pop("last", None)
    return run_checks(Dossier(form(), report_of({}, **report), last=last), "texts")


def only(findings: tuple[Finding, ...], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


# ── years ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "2021年度我局认真贯彻落实信息公开要求。",
        "2021年，我局公开信息12条，较上年增加3条。",
        "二〇二一年，我局公开信息12条。",
        "截至2021年12月31日，共有栏目12个。",
        "现公布本局2021年政府信息公开工作年度报告。",
        "现发布《青石县水务局2021年政府信息公开工作年度报告》。",
        "2023年，我局公开信息12条。",
        "青石县水务局2021年政府信息公开工作年度报告",
        "2021年我局印发通知3份。",
    ],
)
def test_another_year_is_shown_with_its_sentence(text: str) -> None:
    ((rule, sentence, _),) = odd_years(text, 2022)
    assert (rule, sentence) == ("NAR-YEAR", text.replace("二〇二一", "2021"))


@pytest.mark.parametrize(
    "text",
    [
        "编制发布2021年政府信息公开工作年度报告。",
        "较2021年收到的3件增加2件。",
        "与2021年相比，增加2件。",
        "2023年下一步工作打算：一是补短板。",
        "2023年，我局将继续公开供水信息。",
        "结转2023年度继续办理1件。",
        "根据国办公开办函〔2021〕30号编制。",
        "落实《2021年政务公开工作要点》。",
        "公开2022年预算和2021年决算。",
        "公开2021年部门决算。",
        "2019年以来，累计办结120件。",
        "2018年制定的工作规程继续执行。",
        "2020年印发的目录已更新。",
        "按照2021年政务公开工作要点补齐栏目。",
        "针对2021年检查中发现的问题逐项整改。",
        "荣获2021年度先进单位。",
        "2021—2025年规划已公开。",
        "规定自2021年1月1日起施行。",
        "2035年远景目标解读3篇。",
        "2021年收到3件，2022年收到5件。",
        "报告于2023年1月16日公布。",
        "阅读量2021次。",
        "网站始建于2003年，栏目齐全。",
        "自2020年开通，粉丝3万人。",
        "国办函〔2020〕109号已学习。",
    ],
)
def test_another_year_of_a_document_comparison_or_plan_is_fine(text: str) -> None:
    assert odd_years(text, 2022) == ()


def test_next_year_is_at_home_in_section_five() -> None:
    assert find(problems="存在的问题：解读形式单一。2025年重点改进：增加图解。") == ()


@pytest.mark.parametrize(
    "text",
    ["本报告数据统计期限为2021年1月1日至2021年12月31日。", "统计期限自2021年1月1日起。",
     "统计期限为2022年1月1日至11月30日。", "2021年1月1日至12月31日，我局公开信息12条。",
     "自2021年1月1日至12月31日，我局公开信息12条。"],
)  # fmt: skip
def test_a_period_other_than_the_whole_year_is_said(text: str) -> None:
    assert [rule for rule, _, _ in odd_years(text, 2022)] == ["NAR-PERIOD"]


@pytest.mark.parametrize(
    "text",
    ["统计期限自2022年1月1日起至2022年12月31日止。", "统计期限为2022年1月1日至12月31日。",
     "所列数据的统计期限从2022年1月1日到12月31日止。", "2022年3月1日至3月31日开展宣传月。",
     "与2021年1月1日至12月31日相比增加3件。"],
)  # fmt: skip
def test_the_whole_year_and_other_spans_are_fine(text: str) -> None:
    assert odd_years(text, 2022) == ()


@pytest.mark.parametrize(
    ("date", "odd"),
    [("2025年1月16日", False), ("2024年12月31日", False), ("2024年1月16日", True),
     ("2023年1月16日", True), ("二〇二四年一月", False)],
)  # fmt: skip
def test_a_signature_is_dated_after_the_year(date: str, odd: bool) -> None:
    findings = find(signoff=f"青石县水务局\n{date}")
    assert [(f.rule, f.cells) for f in findings] == ([("NAR-YEAR", ("signoff",))] if odd else [])


# ── words ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["规范办理流程 and 答复文书。", "做好workflow梳理。", "公开目录 of 本局。"]
)
def test_english_left_by_a_machine_is_named(text: str) -> None:
    ((word, sentence),) = latin_words(text)
    assert word in text
    assert sentence == text


@pytest.mark.parametrize(
    "text",
    ["开发政务APP，提供PDF和OFD下载。", "完成IPv6改造和HTTPS升级。", "网址www.qingshi.gov.cn/info。",
     "邮箱qsswj@163.com。", "公众号（qingshishuiwu）推送12条。", "管网长12km，压力3MPa。", "接入DeepSeek。",
     "Wi-Fi覆盖3处。", "A类12件、B类3件。"],
)  # fmt: skip
def test_abbreviations_addresses_units_and_names_are_fine(text: str) -> None:
    assert latin_words(text) == ()


@pytest.mark.parametrize(
    "text", ["加强公开工作工作力度。", "公开公开目录12条。", "加强管理管理水平。"]
)
def test_a_doubled_word_is_named(text: str) -> None:
    assert len(doubled_words(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["更新乡人民政府政府信息12条。", "完善公开工作工作机制。", "逐项逐条、一件一件办理。", "共有人人参与。",
     "1212年", "“公开公开”专栏。", "召开信息信息化会议。"],
)  # fmt: skip
def test_words_that_meet_by_their_nature_are_fine(text: str) -> None:
    assert doubled_words(text) == ()


def test_a_sentence_that_stands_in_two_texts_names_both() -> None:
    twice = "组织全县供水企业开展水质信息公开专题培训。"
    (finding,) = only(
        find(intro=f"开头。{twice}", problems=f"问题：单一。改进：一是{twice}"), "NAR-DUPH"
    )
    assert (finding.severity, finding.cells) == ("explain", ("overview.intro", "problems"))
    assert finding.sentence.endswith(twice)


@pytest.mark.parametrize(
    "text",
    ["全年没有收到县内群众的政府信息公开申请。", "供水信息及时公开。", "公开水质信息12条。"],
)
def test_short_sentences_and_those_of_nothing_may_stand_twice(text: str) -> None:
    assert only(find(intro=text, other=text), "NAR-DUPH") == []


def test_two_openings_of_the_overview_are_said() -> None:
    opening = "年，本局以习近平新时代中国特色社会主义思想为指导，"
    intro = f"2024{opening}推进供水公开。\n2024{opening}做好水质公开。"
    (finding,) = find(intro=intro)
    assert (finding.rule, finding.facts["fault"]) == ("NAR-DUPH", "opening")


def test_the_signature_copied_into_section_six_is_said() -> None:
    signoff = "青石县水务局\n2025年1月16日"
    (finding,) = find(other=f"本年度未收取信息处理费。\n{signoff}", signoff=signoff)
    assert (finding.rule, finding.facts["fault"], finding.cells) == (
        "NAR-DUPH", "signoff", ("other",),
    )  # fmt: skip


# ── other bodies ────────────────────────────────────────────────────────────────────────────


def unit(text: str, agency: str = "青石县水务局") -> list[Finding]:
    title = form().title_of(agency, 2024)
    return only(
        find(agency=agency, title=title, intro="2024年推进公开。", problems=text), "NAR-UNIT"
    )


@pytest.mark.parametrize(
    ("text", "agency", "fault"),
    [("明确各股室负责人为处室公开工作的责任人。", "青石县水务局", "offices"),
     ("我县供水信息公开12条。", "东湖区水务局", "ours"),
     ("我市供水信息公开12条。", "青石县水务局", "ours"),
     ("我局公开信息12条。", "青石县人民政府", "ours"),
     ("我镇公开信息12条。", "青石县水务局", "ours"),
     ("西湖区水务局坚持公开为常态。", "东湖区水务局", "subject"),
     ("2024年，白沙县水务局认真贯彻条例。", "青石县水务局", "subject"),
     ("白沙县水务局2024年政府信息公开工作年度报告", "青石县水务局", "title")],
)  # fmt: skip
def test_words_of_another_body_are_said(text: str, agency: str, fault: str) -> None:
    (finding,) = unit(text, agency)
    assert (finding.severity, finding.facts["fault"]) == ("explain", fault)


@pytest.mark.parametrize(
    ("text", "agency"),
    [("各股室配合，局办公室牵头。", "青石县水务局"), ("各处室、股室配合。", "青石县水务局"),
     ("我市供水信息公开12条。", "临江市水务局"), ("我县供水信息公开12条。", "青石县经济开发区水务局"),
     ("我区供水信息公开12条。", "东湖区水务局"), ("落实《我市供水办法》。", "青石县水务局"),
     ("要求“我县各部门”落实。", "东湖区水务局"), ("青石县教育局坚持联合公开。", "青石县水务局"),
     ("县政务服务局认真审核。", "青石县水务局"), ("临江市水务局坚持指导。", "青石县水务局"),
     ("由东湖区水务局积极配合。", "西湖区水务局"), ("高新区水务局积极配合。", "西湖区水务局"),
     ("指导西湖区教育局公开。", "东湖区水务局"), ("县水务局坚持公开。", "青石县水务局"),
     ("县水务局2024年政府信息公开工作年度报告", "青石县水务局")],
)  # fmt: skip
def test_what_may_be_the_bodys_own_is_left_alone(text: str, agency: str) -> None:
    assert unit(text, agency) == []


@pytest.mark.parametrize(
    ("agency", "words"),
    [("青石县市场监督管理局", ("我市", "我镇", "我乡", "我街道")),
     ("洛阳市西工区政务服务局", ("我县", "我镇", "我乡", "我街道")),
     ("临江市水务局", ("我镇", "我乡", "我街道")),
     ("青石县大河镇人民政府", ("我市", "我局", "我乡", "我街道")),
     ("东湖区柳岸街道办事处", ("我县", "我局", "我镇", "我乡")), ("高新区管委会", ()), ("", ())],
)  # fmt: skip
def test_an_agencys_name_tells_how_it_never_calls_itself(
    agency: str, words: tuple[str, ...]
) -> None:
    assert foreign_words(agency) == words


# ── marks ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "mended"),
    [("区分处理的, 只计这一情形, 不计其他情形。", "区分处理的，只计这一情形，不计其他情形。"),
     ("(一)主动公开(含公报)。", "（一）主动公开（含公报）。"), ("全年公开信息.", "全年公开信息。"),
     ("《条例》(以下简称《条例》)要求:公开!", "《条例》（以下简称《条例》）要求：公开！"),
     ("加强培训，，提高能力。。", "加强培训，提高能力。"),
     ("全年加强 培训工作，提高办理能力。", "全年加强培训工作，提高办理能力。"),
     ("公开目录.今年新增3项.", "公开目录。今年新增3项。"), ("培训到位，；、。", "培训到位。"),
     ("公开到位,;是吗?好", "公开到位,;是吗？好"), ("加强培训，。", "加强培训。"),
     ("（一）主动公开 全年公开信息 多条。", "（一）主动公开 全年公开信息多条。")],
)  # fmt: skip
def test_marks_are_put_right_in_one_go(text: str, mended: str) -> None:
    assert mend(text).text == mended


@pytest.mark.parametrize(
    "text",
    ["公开1,234条，占3.5%，9:30开始。", "网址：https://a.gov.cn/x?y=1,2;z(a)。", "Open data, please.",
     "1.公开目录\n2.公开指南", "（1）公开(2)公报", "公开12,其中3条", "等等……好！", "青石县水务局 2024年",
     "邮箱：a.b@c.cn。", "1)目录\n2)指南", "", "收费零.五万元", "比上年百分之三.五", "国庆、五.一假期", "一.加强平台建设",
     "一.\n公开目录", "晋.冀.鲁三省联办", "主任.副主任", "第一.公开", "责任科室 办公室 法规科", "牵头领导：张三　责任人：李四",
     "落实责任，由办公室 法规科 财务科三家分头办理。", "牵头部门办公室：王某 责任人李某，已经落实。", "加强 培训",
     "比例为三:一", "等等。。。"],
)  # fmt: skip
def test_figures_times_addresses_and_english_are_never_touched(text: str) -> None:
    assert mend(text).changes == 0


@pytest.mark.parametrize("run", ["，；、", "，。", "公,", "（", "( 公 ", "公 开。", ".", "。 "])
def test_marks_without_end_are_mended_quickly(run: str) -> None:
    start = process_time()
    mended = mend("公开" + run * 4000 + "公" + ")" * 4000 + "。").text
    assert mend(mended).changes == 0
    assert process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "pairs"),
    [("“公开。", ("“”",)), ("《条例。", ("《》",)), ("（含公报。", ("（）",)), ("“公开“。", ("“”",)),
     ("含公报）。", ("（）",)), ("1）目录；2）指南。", ()), ("（含(公报)）“好”《条例》", ())],
)  # fmt: skip
def test_pairs_that_do_not_close_are_named_without_a_repair(
    text: str, pairs: tuple[str, ...]
) -> None:
    assert unbalanced(text) == pairs


def test_all_marks_of_a_text_are_one_note_with_one_tap() -> None:
    (finding,) = find(intro="2024年,本局公开信息;供水 正常。")
    assert (finding.rule, finding.severity, finding.facts["count"]) == ("NAR-PUNCT", "note", 3)
    (repair,) = finding.repairs
    assert (repair.cause, repair.rewrites[0].item) == ("punctuation", "overview.intro")
    assert find(intro=repair.rewrites[0].text) == ()


@settings(max_examples=300, deadline=None)
@given(st.text("公开。，,.;:?!()（） 　\n“”《》19aA%、；一是/@https:www.", max_size=60))
def test_mending_is_final_and_changes_marks_only(text: str) -> None:
    mended = mend(text).text
    assert mend(mended).changes == 0
    assert [c for c in mended if c.isalnum()] == [c for c in text if c.isalnum()]
    for finding in only(find(intro=text), "NAR-PUNCT"):
        for repair in finding.repairs:
            left = only(find(intro=repair.rewrites[0].text), "NAR-PUNCT")
            assert all(f.facts["count"] == 0 for f in left)


# ── substance ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    ["高度重视，加强领导。", "扎实推进公开工作。", "高度重视公开工作，进一步加强组织领导，健全工作机制，压实工作责任，狠抓落实，取得良好成效。"],
)  # fmt: skip
def test_a_text_without_a_fact_says_little(text: str) -> None:
    assert says_little(text, 30)


@pytest.mark.parametrize(
    "text",
    ["未收到政府信息公开申请。", "公开信息4条。", "更新“政府机构”栏目。", "落实《条例》要求。",
     "安排专人负责。", "县内供水企业按季把水质检测结果送到本局，由业务部门核对后在大厅和网站同时贴出。"],
)  # fmt: skip
def test_one_fact_is_enough_for_a_short_text(text: str) -> None:
    assert not says_little(text, 30)


def test_parts_that_say_little_are_one_note() -> None:
    topics = [*report_of({}).topics]
    topics[2] = Topic(topics[2].title, "高度重视，加强领导。")
    topics[4] = Topic(topics[4].title, "压实责任，狠抓落实。")
    (finding,) = find(topics=tuple(topics))
    assert (finding.rule, finding.severity) == ("NAR-SHORT", "note")
    assert finding.facts["topics"] == ("政府信息管理", "监督保障")


# ── what must not be published ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kind"),
    [("身份证号410305198001010017。", "identity"), ("联系人手机13800138000。", "mobile"),
     ("联系人手机138-0013-8000。", "mobile"), ("申请人张三丰提出的申请已答复。", "name"),
     ("村民李四等3人申请公开补偿标准。", "name")],
)  # fmt: skip
def test_marks_of_a_person_are_said(text: str, kind: str) -> None:
    assert private_marks(text) == ((kind, text),)


@pytest.mark.parametrize(
    "text",
    ["电话：0379-63212345。", "办理12345热线47件。", "电话：023-61471099。", "申请人可以当面提交申请。",
     "申请人向本局提出申请。", "公民陈述意见后申请复核。", "申请人方便快捷申请。", "访问量13800138000123次。",
     "公民、法人和其他组织提出申请。", "网站标识码4103050001。"],
)  # fmt: skip
def test_office_telephones_and_applicants_without_a_name_are_fine(text: str) -> None:
    assert private_marks(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "机密★3年",
        "【内部资料】水价方案",
        "内部资料，不得外传。",
        "密级：秘密",
        "本件为机密级文件。",
    ],
)
def test_marks_of_secrecy_are_said(text: str) -> None:
    assert len(secret_marks(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["属于国家秘密2件。", "严格保密审查，防止内部资料外泄。", "学习《保守国家秘密法》。", "保护商业秘密和个人隐私。",
     "对是否涉及国家秘密进行审查。"],
)  # fmt: skip
def test_words_about_secrecy_are_no_marks(text: str) -> None:
    assert secret_marks(text) == ()


# ── the whole ───────────────────────────────────────────────────────────────────────────────


def sample() -> dict[str, Any]:
    """The sample report's texts, cut at its headings."""
    if not SAMPLE.exists():
        pytest.skip("the shared data is not here")
    text = SAMPLE.read_text(encoding="utf-8").strip()
    overview = text[text.index("一、总体情况") + 6 : text.index("二、主动公开政府信息情况")].strip()
    intro, *parts = overview.split("\n\n（")
    topics = tuple(Topic(*("（" + part).split("。", maxsplit=1)) for part in parts)
    problems = text[text.index("2022年存在的主要问题") : text.index("六、其他需要报告的事项")]
    return {
        "agency": "西工区政务服务和大数据管理局", "year": 2022, "level": "区级部门",
        "title": text.splitlines()[0], "intro": intro, "topics": topics, "problems": problems,
        "other": "无。",
    }  # fmt: skip


def test_the_sample_report_shows_its_faults_and_nothing_else() -> None:
    found = [(f.rule, f.cells) for f in find(**sample())]
    assert sorted(found) == [
        ("NAR-DUPH", ("overview.intro",)),
        ("NAR-LATIN", ("overview.requests",)),
        ("NAR-UNIT", ("overview.supervision",)),
        ("STR-01", ("overview.intro",)),
        ("STR-04", ("overview.platform",)),
    ]


TEXT = st.text(
    "公开信息我局县区年月日2014是一二（）()，。,.；;“《》”申请人张1３and \n、以习近平为指导",
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(text=TEXT, other=st.text(max_size=40), agency=TEXT, year=st.integers(-3, 10**6))
def test_no_text_makes_a_check_fail(text: str, other: str, agency: str, year: int) -> None:
    findings = find(
        intro=text, problems=other, other=text, signoff=text, preamble=other, agency=agency,
        year=year, topics=(Topic(other, text), Topic("监督保障", other)),
    )  # fmt: skip
    assert all(finding.identity for finding in findings)


def test_a_second_look_at_the_same_texts_takes_next_to_nothing() -> None:
    body = "2024年，本局公开供水信息12条（含公报）；一是更新目录，二是开展培训3次。" * 14
    topics = tuple(Topic(t.title, f"第{n}项：{body}") for n, t in enumerate(report_of({}).topics))
    dossier = Dossier(form(), report_of({}, intro=body, topics=topics, problems=body))
    run_checks(dossier, "texts")
    times = []
    for _ in range(20):
        start = process_time()
        run_checks(dossier, "texts")
        times.append(process_time() - start)
    assert min(times) < 0.003


@pytest.mark.parametrize(
    "piece",
    ["2021年", "《", "（", "“", "甲,", "甲 ", "(甲)", "一是", "三、甲\n", "一、总体情况\n四、乙\n", "1", "a.b-", "a@",
     "and ", "公开公开", "我县我局", "申请人张三", "，。", "\n", "统计期限2021年1月1日至", "股室处室"],
)  # fmt: skip
def test_a_very_long_text_is_read_in_a_moment(piece: str) -> None:
    text = (piece * 30000)[:30000]
    start = process_time()
    find(intro=text)
    assert process_time() - start < 3


# ── words ───────────────────────────────────────────────────────────────────────────────────


def seen() -> list[Finding]:
    """At least one finding of every rule and fault that has words in prose.toml."""
    opening = "以习近平新时代中国特色社会主义思想为指导，推进公开。\n"
    signoff = "青石县水务局\n2023年1月16日"
    twice = "组织全县供水企业开展水质信息公开专题培训。"
    return [
        *find(intro=opening * 2 + "2021年，我局公开信息。统计期限为2021年1月1日至12月31日。", signoff=signoff),
        *find(intro=f"规范 and 流程。我市公开。各股室为处室。{twice}", other=f"{twice}\n青石县水务局\n{signoff}",
              signoff=signoff),
        *find(intro="加强管理管理,“公开。白沙县水务局2024年政府信息公开工作年度报告"),
        *find(intro="白沙县水务局坚持公开。\n白沙县水务局2024年政府信息公开工作年度报告",
              topics=(Topic("主动公开", "高度重视。"),)),
        *find(intro="手机13800138000。身份证410305198001010017。申请人张三丰提出申请。内部资料。"),
        *find(problems="“问题不够，加强改进。"),
    ]  # fmt: skip


def test_every_finding_has_words_that_say_what_and_what_to_do() -> None:
    words = tomllib.loads((PROMPTS / "findings" / "prose.toml").read_text(encoding="utf-8"))
    environment = Environment(undefined=StrictUndefined)
    environment.filters["clip"] = lambda text, length: text[:length]
    found = [finding for finding in seen() if finding.rule in words]
    assert {finding.rule for finding in found} == set(words)
    for finding in found:
        context = {"cells": finding.cells, "sentence": finding.sentence, "facts": finding.facts,
                   "repairs": finding.repairs,
                   "place": [form().items[cell].label for cell in finding.cells]}  # fmt: skip
        for part in ("title", "message", "why"):
            said = environment.from_string(words[finding.rule][part]).render(context).strip()
            assert said
            assert "  " not in said
        assert not finding.repairs or words[finding.rule]["repair"]


def test_half_width_marks_in_the_labels_of_a_file_are_one_note() -> None:
    labels = ("(一) 予以公开", "（二）部分公开(区分处理的, 只计这一情形)", "规章", "1.属于国家秘密")
    found = run_checks(Dossier(form(), report_of({}), labels=labels), "texts")
    (finding,) = [f for f in found if f.rule == "NAR-PUNCT"]
    assert (finding.severity, finding.facts["labels"], finding.repairs) == ("note", 2, ())
    assert finding.sentence.startswith("（二）")


def test_a_file_with_half_width_marks_throughout_is_told_once() -> None:
    report = report_of({}, intro="2024年,本局公开信息;供水正常。", other="未收费,无其他事项。“")
    found = run_checks(Dossier(form(), report, headings=HEADINGS, labels=("(一)公开",)), "texts")
    (finding,) = only(found, "NAR-PUNCT")
    assert (finding.cells, finding.repairs) == (("overview.intro", "other"), ())
    assert (finding.facts["count"], finding.facts["labels"], finding.facts["pairs"]) == (
        3, 1, ("“”",),
    )  # fmt: skip
