"""A report from the blocks of any file: its parts by their words, its figures by their labels."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.readers.reading import Reading, Unreadable
from bot.report import Figure, Report, Topic
from tests.foreign import (
    CUT,
    FORM,
    LOOKS,
    PAGE,
    PLAIN,
    VARIANTS,
    Look,
    as_blocks,
    expand,
    heads_three,
    rows_three,
    shown_figures,
    table_four,
    table_two,
)
from tests.parts import PARTS, with_parts
from tests.tables import STYLES, figures_of, report_of, requests_table

TITLES = ("主动公开情况", "依申请公开情况", "政府信息管理", "公开平台建设", "监督保障")
TABLE_THREE = "三、收到和处理政府信息公开申请情况"


def a_report(seed: int = 0, **changes: object) -> Report:
    """A whole report with texts everywhere and figures that differ from seed to seed."""
    random = Random(seed)
    figures = figures_of(requests_table(seed, STYLES["county"]))
    for key in FORM.cells:
        if not key.startswith("requests."):
            figures[key] = random.randrange(400)
    figures["proactive.fees_wanyuan"] = Decimal(random.randrange(10**7)) / 10_000
    held: dict[str, object] = {
        "preamble": "本报告根据条例的要求编制。",
        "intro": "全年工作平稳。\n没有发生投诉。",
        "topics": tuple(Topic(title, f"{title}做了三件事。\n都已办结。") for title in TITLES),
        "problems": "公开的内容还不够多。\n一是解读少。二是更新慢。",
        "other": "没有收取信息处理费。\n没有其他事项。",
        "signoff": "青石县水务局\n2025年1月15日",
        "final": True,
        "level": "",
    }
    return with_parts(report_of(figures, **held), **changes)


def lines(*texts: str) -> list[Paragraph]:
    """Paragraphs of these texts."""
    return [Paragraph(text) for text in texts]


def grid(*rows: Iterable[str]) -> Grid:
    """A table without merged cells."""
    return Grid([[Cell(t, n, c) for c, t in enumerate(row)] for n, row in enumerate(rows)])


def blocks_with(**shown: str) -> list[Block]:
    """The blocks of a report in which some figures are written as told (`__` for dots)."""
    report = a_report()
    return as_blocks(report, PLAIN, shown_figures(report, **shown))


def read(**shown: str) -> Reading:
    """The reading of a report in which some figures are written as told."""
    return assemble(blocks_with(**shown), FORM)


# ── whole files ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("seed", range(3))
def test_a_foreign_file_comes_back_whole_whatever_its_look(look: Look, seed: int) -> None:
    report = a_report(seed)
    reading = assemble(as_blocks(report, look), FORM)
    assert replace(reading.report, title=report.title) == report
    assert reading.unread == ()
    assert reading.unreadable == {}
    assert reading.form_seen == ""
    wanted = [look.headings.get(s.label, s.label).rstrip("。") for s in FORM.sections]
    assert list(reading.headings) == wanted


def test_a_dense_file_is_read_fast() -> None:
    blocks = as_blocks(a_report(), PAGE)
    assemble(blocks, FORM)
    start = time.process_time()
    assemble(blocks, FORM)
    assert time.process_time() - start < 0.25


def test_wrong_totals_are_kept_as_they_stand() -> None:
    reading = read(requests__granted__total="987", review_litigation__direct_total="0")
    assert reading.report.figures["requests.granted.total"] == 987
    assert reading.report.figures["review_litigation.direct_total"] == 0


def test_the_labels_are_the_words_of_the_tables_and_no_figures() -> None:
    labels = assemble(as_blocks(a_report()), FORM).labels
    assert "1.属于国家秘密" in labels
    assert "本年收费金额（单位：万元）" in labels
    assert not [label for label in labels if label.strip().isdecimal() or not label.strip()]


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        lines("关于开会的通知", "请各单位参加。", "一、时间", "明天上午。"),
        [*lines("学生名单"), grid(["姓名", "年龄"], ["甲", "12"])],
    ],
    ids=["nothing", "a notice", "another table"],
)
def test_a_file_that_holds_no_report_is_refused_in_words(blocks: list[Block]) -> None:
    with pytest.raises(Unreadable, match="没有找到年度报告"):
        assemble(blocks, FORM)


def test_tables_alone_are_a_report_without_texts() -> None:
    blocks = [b for b in as_blocks(a_report()) if isinstance(b, Grid)]
    reading = assemble(blocks, FORM)
    assert reading.report.figures == a_report().figures
    assert not reading.report.has_texts
    assert reading.headings == ()


def test_what_the_formats_own_reader_could_not_read_is_passed_on() -> None:
    assert assemble(as_blocks(a_report()), FORM, unread=["第 3 页是图片。"]).unread == (
        "第 3 页是图片。",
    )


# ── title, agency, year ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        (["青石县水务局2024年政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["青石县水务局 2024 年度 政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["2024年青石县水务局政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["青石县水务局", "2024年政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["青石县水务局2024年", "政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["青石县水务局２０２４年政府信息公开年度报告"], "青石县水务局", 2024),
        (["青石县水务局二〇二四年政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["青石县水务局关于2024年政府信息公开工作的报告"], "青石县水务局", 2024),
        (["青石县水务局政府信息公开工作年度报告（2024年）"], "青石县水务局", 2024),
        (["青石县人民政府", "青石县水务局2024年政府信息公开工作年度报告"], "青石县水务局", 2024),
        (["2024年度政府信息公开工作年度报告"], "", 2024),
        (["没有标题的一段话。"], "", 0),
    ],
)
def test_a_title_says_agency_and_year(title: list[str], agency: str, year: int) -> None:
    report = assemble(lines(*title, "一、总体情况", "工作平稳。"), FORM).report
    assert (report.agency, report.year) == (agency, year)
    assert report.title == ("" if not year else "".join(title[-2:]) if len(title) > 1
                            and not title[-1].startswith("青石县水务局2024年政") else title[-1])  # fmt: skip


def test_a_title_without_agency_takes_it_from_the_signature() -> None:
    blocks = lines(
        "2024年度政府信息公开工作年度报告", "一、总体情况", "平稳。", "六、其他需要报告的事项",
        "无。", "青石县水务局", "2025年1月15日",
    )  # fmt: skip
    report = assemble(blocks, FORM).report
    assert report.agency == "青石县水务局"
    assert report.text("signoff") == "青石县水务局\n2025年1月15日"
    assert report.text("other") == "无。"


def test_the_year_comes_from_a_period_where_no_title_says_it() -> None:
    period = "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。"
    report = assemble(lines(period, "一、总体情况", "平稳。"), FORM).report
    assert (report.year, report.text("preamble")) == (2023, period)


def test_the_year_may_stand_in_the_overview_too() -> None:
    period = "统计期限为2023年1月1日至2023年12月31日。"
    report = assemble(lines("政府信息公开工作年度报告", "一、总体情况", period), FORM).report
    assert (report.year, report.agency) == (2023, "")


def test_rows_that_are_missing_are_said_in_one_sentence() -> None:
    blocks: list[Block] = [
        Paragraph(TABLE_THREE),
        expand([*heads_three(), *rows_three(shown_figures(a_report()))[:5]]),
    ]
    said = [line for line in assemble(blocks, FORM).unread if TABLE_THREE in line]
    assert len(said) == 1
    assert "等 20 行" in said[0]


def test_chrome_around_a_report_is_not_its_text() -> None:
    report = assemble(as_blocks(a_report(), PAGE), FORM).report
    assert report == a_report()


# ── sections and topics ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("一、概述", "intro"),
        ("一、总体概述", "intro"),
        ("一 总体情况", "intro"),
        ("一．总体情况：", "intro"),
        ("总体情况", "intro"),
        ("五、存在的主要问题及整改措施", "problems"),
        ("五、政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("五、存在问题及改进情况", "problems"),
        ("五、存在的主要问题及下一步计划", "problems"),
        ("四、存在的主要问题及改进情况", "problems"),
        ("六、其他需要报告的事项", "other"),
        ("六、其他需报告事项", "other"),
    ],
)
def test_a_heading_is_known_in_its_usual_variants(heading: str, part: str) -> None:
    reading = assemble(lines("前言写在这里，说明编制的依据。", heading, "这一部分的文字。"), FORM)
    assert reading.report.text(PARTS[part]) == "这一部分的文字。"
    assert len(reading.headings) == 1


@pytest.mark.parametrize(
    "line",
    [
        "一、本年新收政府信息公开申请数量",
        "三、本年度办理结果",
        "四、结转下年度继续办理",
        "二、上年结转政府信息公开申请数量",
        "三、改进措施",
        "一、加强组织领导，主动公开政府信息，全年没有出现问题，群众比较满意。",
        "（一）主动公开情况",
        "1. 总体情况",
    ],
)
def test_a_line_that_only_looks_like_a_heading_is_none(line: str) -> None:
    reading = assemble(lines("五、存在的主要问题及改进情况", "有问题。", line, "再写一段。"), FORM)
    assert reading.headings == ("五、存在的主要问题及改进情况",)
    assert reading.report.text("problems") == f"有问题。\n{line}\n再写一段。"


def test_a_doubled_heading_is_listed_twice_and_both_texts_are_kept() -> None:
    reading = assemble(lines("一、总体情况", "甲段。", "一、总体情况", "乙段。"), FORM)
    assert reading.headings == ("一、总体情况", "一、总体情况")
    assert reading.report.text("overview.intro") == "甲段。\n乙段。"


def test_a_table_of_contents_is_no_doubled_heading() -> None:
    contents = [f"{section.label}……{number}" for number, section in enumerate(FORM.sections, 1)]
    blocks = as_blocks(a_report())
    reading = assemble([blocks[0], *lines(*contents), *blocks[1:]], FORM)
    assert reading.headings == tuple(section.label for section in FORM.sections)


def test_text_behind_a_heading_on_its_line_belongs_to_the_section() -> None:
    reading = assemble(lines("一、总体情况。全年平稳。", "六、其他需要报告的事项：无。"), FORM)
    assert (reading.report.text("overview.intro"), reading.report.text("other")) == (
        "全年平稳。",
        "无。",
    )


def test_a_missing_section_is_an_empty_text_and_its_heading_is_missing() -> None:
    blocks = [b for b in as_blocks(a_report(other="", signoff=""))
              if not (isinstance(b, Paragraph) and b.text.startswith("六、"))]  # fmt: skip
    reading = assemble(blocks, FORM)
    assert reading.report.text("other") == ""
    assert [heading[0] for heading in reading.headings] == list("一二三四五")


@pytest.mark.parametrize(
    ("line", "topic"),
    [
        ("（一）主动公开情况。一是公开了文件。", Topic("主动公开情况", "一是公开了文件。")),
        ("(一)主动公开：公开了文件。", Topic("主动公开", "公开了文件。")),
        ("（一） 主动公开", Topic("主动公开", "")),
        ("（一）主动公开方面，全年公开文件12件。", Topic("主动公开方面", "全年公开文件12件。")),
        ("（一）全年公开文件12件，比上年多3件，群众满意。", Topic("", "全年公开文件12件，比上年多3件，群众满意。")),
        ("主动公开情况", Topic("主动公开情况", "")),
    ],
)  # fmt: skip
def test_a_topic_is_its_title_and_its_text(line: str, topic: Topic) -> None:
    report = assemble(lines("一、总体情况", "总述。", line), FORM).report
    assert (report.text("overview.intro"), report.topics) == ("总述。", (topic,))


def test_ordinary_numbers_in_a_topic_are_its_text_and_extra_topics_are_kept() -> None:
    blocks = lines(
        "一、总体情况",
        "（一）主动公开",
        "1.公开文件。",
        "一是更新快。",
        "（六）其他工作",
        "开了会。",
    )
    assert assemble(blocks, FORM).report.topics == (
        Topic("主动公开", "1.公开文件。\n一是更新快。"),
        Topic("其他工作", "开了会。"),
    )


def test_notes_below_a_table_are_left_out_and_other_text_is_said() -> None:
    blocks = as_blocks(a_report())
    at = next(
        n for n, b in enumerate(blocks) if isinstance(b, Paragraph) and b.text.startswith("四、")
    )
    said = "今年的申请比去年多了一倍，主要是征地方面的。"
    blocks[at:at] = lines("注：数据截至12月31日。", "单位：件", said)
    reading = assemble(blocks, FORM)
    assert reading.unread == (f"“{TABLE_THREE}”的表格旁边还有一段文字，没有读入：“{said}”",)


# ── figures ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "figure"),
    [("３", 3), ("1,291", 1291), ("3件", 3), (" 12 ", 12), ("7.0", 7), ("12（件）", 12), ("0", 0)],
)
def test_a_number_is_read_in_its_usual_ways_of_writing(written: str, figure: int) -> None:
    reading = read(proactive__permits=written, requests__granted__business=written)
    assert reading.report.figures["proactive.permits"] == figure
    assert reading.report.figures["requests.granted.business"] == figure
    assert (reading.unread, reading.unreadable) == ((), {})


@pytest.mark.parametrize(
    "written",
    ["/", "-", "—", "无", "O", "〇", "+1", "-3", "1.5", "1.000", "1,29", "约3", "见附件", "12²", "①", "1 2", "(3)", "12(13)", "３①", "3万", "1e3", "٣", "五", "#REF!"],
)  # fmt: skip
def test_what_is_no_number_is_none_and_said(written: str) -> None:
    key = "requests.granted.business"
    reading = read(requests__granted__business=written)
    assert reading.report.figures == dict(a_report().figures) | {key: None}
    assert reading.unreadable == {key: written}
    assert f"这一格写的是“{written}”，读不成数。" in reading.unread[0]


@pytest.mark.parametrize("written", ["", " ", "\u3000", "\xa0", "&nbsp;", "\u200b"])
def test_a_blank_is_unknown_and_nothing_to_say(written: str) -> None:
    reading = read(requests__granted__business=written, proactive__permits=written)
    assert reading.report.figures["requests.granted.business"] is None
    assert reading.report.figures["proactive.permits"] is None
    assert (reading.unread, reading.unreadable) == ((), {})


@pytest.mark.parametrize(
    ("written", "figure", "said"),
    [
        ("251000元", "25.1", "“251000元”，按 25.1 万元读入"),
        ("251000（元）", "25.1", "按 25.1 万元读入"),
        ("1424.4万元", "1424.4", ""),
        ("59237.2449", "59237.2449", ""),
        ("1.2亿元", "12000", "按 12000 万元读入"),
        ("12件", None, "读不成数"),
        ("12（含减免3元）", None, "读不成数"),
    ],
)
def test_money_is_read_in_its_unit(written: str, figure: str | None, said: str) -> None:
    reading = read(proactive__fees_wanyuan=written)
    wanted = None if figure is None else Decimal(figure)
    assert reading.report.figures["proactive.fees_wanyuan"] == wanted
    assert said in "".join(reading.unread)
    assert bool(said) == bool(reading.unread)


def test_a_head_in_yuan_makes_ten_thousandths_of_it() -> None:
    look = Look(labels={"本年收费金额（单位：万元）": "本年收费金额（单位：元）"})
    report = a_report()
    shown = shown_figures(report, proactive__fees_wanyuan="251000")
    reading = assemble(as_blocks(report, look, shown), FORM)
    assert reading.report.figures["proactive.fees_wanyuan"] == Decimal("25.1")
    assert "表头的单位是元" in reading.unread[0]


def test_a_remark_in_a_cell_is_said_and_its_number_is_read() -> None:
    reading = read(proactive__normdocs_in_force="22（其中修订 16 件）")
    assert reading.report.figures["proactive.normdocs_in_force"] == 22
    assert len(reading.unread) == 1
    assert "按 22 读入" in reading.unread[0]


CELLS = st.sets(st.sampled_from(FORM.cells), max_size=30)
WORDS = st.sampled_from(
    ["", " ", "/", "无", "见附件", "约3", "-", "其他", "总计", "自然人", "不予公开", "重复申请"]
)


@given(cells=CELLS, words=WORDS, name=st.sampled_from(sorted(LOOKS)), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_figure_is_ever_invented_and_none_is_read_wrong(
    cells: set[str], words: str, name: str, seed: int
) -> None:
    report = a_report(seed)
    shown = shown_figures(report) | dict.fromkeys(cells, words)
    reading = assemble(as_blocks(report, LOOKS[name], shown), FORM)
    for key in FORM.cells:
        found: Figure = reading.report.figures[key]
        assert found is None or (key not in cells and found == report.figures[key])
    untouched = [key for key in FORM.cells if key not in cells]
    if not words.strip() or words in "/-无":
        assert all(reading.report.figures[key] is not None for key in untouched)


# ── labels ──────────────────────────────────────────────────────────────────────────────────


def table_three(labels: dict[str, str], look: Look = PLAIN) -> Reading:
    """Table three with some labels in another wording."""
    look = replace(look, labels=labels)
    return assemble(as_blocks(a_report(), look), FORM)


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("1.属于国家秘密", "（三）不予公开 1.属于国家秘密"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("1.属于国家秘密", "1、属于 国家 秘密"),
        ("5.要求行政机关确认或重新出具已获取信息", "5.要求行政机关确认或重新出具已"),
        ("1.信访举报投诉类申请", "1.信访、举报、投诉类申请"),
        ("7.属于行政执法案卷", "7.属于行政执"),
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数"),
        ("（七）总计", "总 计"),
        ("2.重复申请", ""),
        ("4.保护第三方合法权益", "权益"),
    ],
)
def test_a_row_is_known_by_a_label_in_other_spelling_or_torn(label: str, written: str) -> None:
    reading = table_three({label: written})
    assert reading.report.figures == a_report().figures
    assert reading.unread == ()


def test_a_label_that_is_as_near_to_two_rows_is_decided_by_their_order_or_left_unread() -> None:
    torn = "行政机关不再处理其政府信息公开申请"
    one, two = (row.label for row in FORM.tables["requests"].rows[20:22])
    assert table_three({one: torn}).report.figures == a_report().figures
    assert table_three({one: torn, two: torn}).report.figures == a_report().figures
    reading = table_three({one: torn, "3.其他": "别的一行"})
    missing = [k for k, v in reading.report.figures.items() if v is None]
    assert {key.split(".")[1] for key in missing} <= {"other_no_correction", "other_misc"}
    assert any("没有读入" in line for line in reading.unread)


def test_a_row_of_another_table_is_left_and_said() -> None:
    reading = table_three({"2.重复申请": "2.通过电话咨询的"})
    missing = [k for k, v in reading.report.figures.items() if v is None]
    assert {key.split(".")[1] for key in missing} == {"notproc_repeat"}
    assert "“2.通过电话咨询的”" in "".join(reading.unread)
    assert "的表格里没有找到：2.重复申请。" in "".join(reading.unread)


def test_a_row_with_too_few_cells_is_left_unread_and_said() -> None:
    rows = rows_three(shown_figures(a_report()))
    del rows[3][-1]
    reading = assemble([Paragraph(TABLE_THREE), expand([*heads_three(), *rows])], FORM)
    missing = [k for k, v in reading.report.figures.items() if v is None and k[0] == "r"]
    assert {k.split(".")[1] for k in missing if k.startswith("requests")} == {"partly_granted"}
    assert "这一行填了 6 格，应当是 7 格" in "".join(reading.unread)


def test_two_tables_that_differ_are_not_believed_and_equal_ones_are() -> None:
    blocks = as_blocks(a_report())
    first = next(b for b in blocks if isinstance(b, Grid))
    at = blocks.index(first)
    assert assemble([*blocks[:at], first, *blocks[at:]], FORM).unread == ()
    other = expand(
        [r for t in table_two(shown_figures(a_report(), proactive__permits="401")) for r in t]
    )
    reading = assemble([*blocks[:at], other, *blocks[at:]], FORM)
    assert reading.report.figures["proactive.permits"] is None
    assert "这一格找到不止一处" in reading.unread[0]


def test_figures_of_other_tables_in_the_text_are_not_taken() -> None:
    other = grid(["类别", "数量"], ["行政许可", "777"], ["行政处罚", "888"], ["总计", "1665"])
    blocks = as_blocks(a_report())
    assert assemble([*blocks[:4], other, *blocks[4:]], FORM).report.figures == a_report().figures


def test_a_missing_table_is_said_by_the_name_of_its_section() -> None:
    blocks = [b for b in as_blocks(a_report(), CUT) if not isinstance(b, Grid)]
    reading = assemble(blocks, FORM)
    assert [line for line in reading.unread if "没有找到" in line] == [
        f"没有找到“{section.label}”的表格。" for section in FORM.sections if section.tables
    ]


def test_a_blank_table_of_cases_is_blank_and_not_missing() -> None:
    blank = {key.replace(".", "__"): "" for key in FORM.cells if key.startswith("review_")}
    reading = read(**blank)
    assert reading.unread == ()
    assert reading.report.figures["review_litigation.direct_total"] is None


def test_a_table_of_cases_with_a_block_in_each_row_is_read() -> None:
    report = a_report()
    shown = shown_figures(report)
    table = FORM.tables[FORM.section("review_litigation").tables[0]]
    rows = [["", *(c.label for c in table.columns)]]
    rows += [[r.label, *(shown[table.item_key(r, c)] for c in table.columns)] for r in table.rows]
    heading = FORM.section("review_litigation").label
    found = assemble([Paragraph(heading), grid(*rows)], FORM).report.figures
    wanted = {k: v for k, v in report.figures.items() if k.startswith("review_")}
    assert {k: found[k] for k in wanted} == wanted


def test_a_table_that_lost_its_heads_on_the_page_before_is_read_in_its_section() -> None:
    report = a_report()
    *heads, figures = table_four(shown_figures(report))
    heading = FORM.section("review_litigation").label
    found = assemble([Paragraph(heading), expand(heads), expand([figures])], FORM)
    assert (
        found.report.figures["review_litigation.after_review_total"]
        == (report.figures["review_litigation.after_review_total"])
    )


# ── the form of 2019 ────────────────────────────────────────────────────────────────────────


def blocks_of_2019() -> list[Block]:
    """A report in the replaced form; its figures are those of `a_report` where they mean the same."""
    shown = shown_figures(a_report())
    two = [
        ["第二十条 第（一）项"], ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "1", "2", "3"], ["规范性文件", "4", "5", "6"],
        ["第二十条 第（五）项"], ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "90", "+1", "91"], ["其他对外管理服务事项", "7", "-3", "8"],
        ["第二十条 第（六）项"], ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政处罚", "92", "0", "93"], ["行政强制", "94", "0", "95"],
        ["第二十条 第（八）项"], ["信息内容", "上一年项目数量", "本年增/减"], ["行政事业性收费", "9", "0"],
        ["第二十条 第（九）项"], ["信息内容", "采购项目数量", "采购总金额"], ["政府集中采购", "10", "11"],
    ]  # fmt: skip
    rows = rows_three(shown)
    single = [rows[20][0], *rows[20][-7:]]
    three = expand([*heads_three(), *rows[:20], single, *rows[23:]])
    proactive, requests, cases = (s.label for s in FORM.sections if s.tables)
    return [
        *lines("一、总体情况", "工作平稳。", proactive), grid(*two), Paragraph(requests), three,
        Paragraph(cases), expand(table_four(shown)),
    ]  # fmt: skip


def test_the_replaced_form_gives_only_what_means_the_same() -> None:
    reading = assemble(blocks_of_2019(), FORM)
    figures = reading.report.figures
    assert reading.form_seen == "2019"
    assert reading.report.format == FORM.format
    assert [figures[f"proactive.{key}"] for key in ("permits", "penalties", "coercion")] == [
        91,
        93,
        95,
    ]
    others = [
        k
        for k in FORM.cells
        if k.startswith(("proactive.rules", "proactive.norm", "proactive.fees"))
    ]
    others += [k for k in FORM.cells if k.startswith("requests.other_")]
    assert {figures[key] for key in others} == {None}
    same = [k for k in FORM.cells if k.startswith(("requests.", "review_")) and k not in others]
    assert all(figures[key] == a_report().figures[key] for key in same)
    said = "".join(reading.unread)
    assert "2019 年的旧表" in said
    for label in ("规章", "规范性文件", "其他对外管理服务事项", "行政事业性收费", "（六）其他处理"):
        assert label in said
    assert len(reading.unread) == 1


def test_variants_of_the_form_in_use_are_not_taken_for_the_replaced_one() -> None:
    assert assemble(as_blocks(a_report(), VARIANTS), FORM).form_seen == ""
