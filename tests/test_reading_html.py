"""Web pages: whatever the markup, the figures arrive as they stand, or the gap is said."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from email.message import EmailMessage
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.form import Form
from bot.readers import html
from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.charset import decode
from bot.readers.page import blocks_of
from bot.readers.reading import Reading, Unreadable
from bot.report import Figure, Report
from tests import webpages
from tests.tables import STYLES, figures_of, report_of, requests_table

FORM = load_form()


def dense(**changes: object) -> Report:
    """A report of a busy city with figures in every table."""
    figures = figures_of(requests_table(3, STYLES["dense city"]))
    figures |= {
        "proactive.rules_in_force": 12,
        "proactive.permits": 1291,
        "proactive.fees_wanyuan": Decimal("59237.2449"),
        "review_litigation.review_upheld": 5,
        "review_litigation.review_total": 5,
        "review_litigation.after_review_pending": 1,
        "review_litigation.after_review_total": 1,
    }
    words: dict[str, object] = {
        "preamble": "按照条例的要求编制本报告。",
        "signoff": "青石县水务局\n2025年1月10日",
    }
    return report_of(figures, **(words | changes))


def gappy(seed: int) -> dict[str, Figure]:
    """Figures of every size, a fifth of them blank."""
    random = Random(seed)
    figures: dict[str, Figure] = {
        cell: random.choice((None, 0, 0, random.randrange(40), random.randrange(90000)))
        for cell in FORM.cells
    }
    figures["proactive.fees_wanyuan"] = random.choice((None, Decimal(0), Decimal("282.1")))
    return figures


def assert_same(reading: Reading, report: Report) -> None:
    """Every figure and every text is the report's."""
    wrong = {
        cell: (figure, reading.report.figures[cell])
        for cell, figure in report.figures.items()
        if reading.report.figures[cell] != figure
    }
    assert not wrong
    for part in (
        "title",
        "agency",
        "year",
        "texts",
        "topics",
    ):
        assert getattr(reading.report, part) == getattr(report, part)


def assert_nothing_made_up(reading: Reading, figures: dict[str, Figure]) -> None:
    """A figure is the one that stands there, or it is None and the reading says so."""
    for cell, figure in figures.items():
        found = reading.report.figures[cell]
        assert found == figure or (found is None and reading.unread), cell


def page_of(body: str) -> list[Block]:
    """The blocks of a body."""
    root, _ = html._parse(f"<html><body>{body}</body></html>")
    return blocks_of(root, FORM)


@pytest.mark.parametrize("style", webpages.STYLES)
def test_a_report_comes_back_whole_from_every_kind_of_page(style: str, form: Form) -> None:
    report = dense()
    reading = html.read(webpages.STYLES[style](report, form).encode(), form)
    assert_same(reading, report)
    assert reading.headings == tuple(section.label for section in form.sections)
    assert not reading.unread


@pytest.mark.parametrize("style", webpages.STYLES)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=5, deadline=None)
def test_a_blank_cell_never_becomes_a_figure(style: str, seed: int) -> None:
    figures = gappy(seed)
    page = webpages.STYLES[style](report_of(figures), FORM)
    assert_nothing_made_up(html.read(page.encode(), FORM), figures)


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ("gb2312", "gb18030"),
        ("utf-8", "gbk"),
        ("gbk", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("", "gbk"),
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("utf-8", "utf-16-le"),
    ],
)
def test_a_page_is_read_in_the_charset_it_is_written_in(
    declared: str, charset: str, form: Form
) -> None:
    report = dense(other="本年度未收取信息处理费，㙍塘镇、镕江站另有说明。")
    page = webpages.portal(report, form).replace('charset="utf-8"', f'charset="{declared}"')
    reading = html.read(page.encode(charset, "xmlcharrefreplace"), form)
    assert_same(reading, report)


def test_one_torn_character_does_not_turn_a_page_into_another_charset(form: Form) -> None:
    page = webpages.plain(dense(), form).encode().replace("水质".encode(), "水质".encode()[:-1], 1)
    reading = html.read(page, form)
    assert reading.report.title == dense().title
    assert any("1 个字的编码坏了" in sentence for sentence in reading.unread)


def test_a_figure_with_a_broken_byte_in_it_is_no_figure(form: Form) -> None:
    page = webpages.plain(dense(), form).encode().replace(b">1291<", b">12\xff91<")
    reading = html.read(page, form)
    assert reading.report.figures["proactive.permits"] is None
    assert "proactive.permits" in reading.unreadable


@given(text=st.text(alphabet="年报总计水务局第（一）项0123456789 <>", max_size=80))
def test_chinese_text_in_either_charset_is_told_apart(text: str) -> None:
    assert decode(text.encode()) == (text, 0)
    content = text.encode("gb18030")
    with suppress(UnicodeDecodeError):
        content.decode()  # a few characters may be good UTF-8 by chance; nobody could tell
        return
    assert decode(content) == (text, 0)


def test_what_a_visitor_does_not_see_is_not_read() -> None:
    blocks = page_of(
        "<script>var a = '规章';</script><style>p {}</style><!-- 批注 --><noscript>请打开脚本</noscript>"
        "<nav><a>首页</a></nav><header>网站名称</header><footer>版权所有</footer>"
        "<p style='DISPLAY : none'>藏</p><p hidden>藏</p><span style='mso-hide:all'>藏</span>"
        "<select><option>友情链接</option></select><textarea>留言</textarea>"
        "<form><p>看<del>不</del>见<o:p></o:p></p></form><article><header>文章的标题</header></article>"
    )
    assert blocks == [Paragraph("看见"), Paragraph("文章的标题")]


def test_lines_are_joined_and_parted_as_a_page_shows_them() -> None:
    blocks = page_of(
        "　　一、总体\n  情况<br>&nbsp;&nbsp;2024 年<b>共</b>\n<i>公开</i>12\u200b条\n\n<div>其他<p>事项</div>"
        "<pre>行政许可\t3\n行政处罚\t4</pre><tr><td>规章</td><td>1</td></tr>"
    )
    assert blocks == [
        Paragraph(text)
        for text in (
            "一、总体情况",
            "2024 年共公开12条",
            "其他",
            "事项",
            "行政许可\t3",
            "行政处罚\t4",
            "规章\t1",
        )
    ]


def test_merged_cells_stand_in_every_place_they_cover() -> None:
    (grid,) = page_of(
        "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>丙<td rowspan=9>丁<tr><td>戊</table>"
    )
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        list("甲乙乙"),
        list("甲丙丁"),
        ["戊", "", "丁"],
    ]
    assert grid.rows[0][0] is grid.rows[1][0]


@pytest.mark.parametrize("span", ["0", "-3", "x", "", "2px", "99999999999999999999", "1e9", "２"])
def test_a_span_that_makes_no_sense_loses_no_cell(span: str) -> None:
    (grid,) = page_of(
        f"<table><tr><td colspan='{span}' rowspan='{span}'>甲<td>1<tr><td>乙<td>2</table>"
    )
    assert isinstance(grid, Grid)
    texts = {cell.text for row in grid.rows for cell in row}
    assert {"甲", "乙", "2"} <= texts
    assert max(map(len, grid.rows)) <= 202


def test_a_table_within_an_unclosed_cell_is_a_table_of_its_own() -> None:
    blocks = page_of(
        "<table><tr><td>规章<td>1<tr><td>行政许可<td>5<table><tr><td>行政处罚<td>7</table>"
    )
    held = [
        cell.text
        for block in blocks
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row
    ]
    assert held[:2] == ["规章", "1"]
    assert held[-2:] == ["行政处罚", "7"]


@pytest.mark.parametrize("stray", ["1</td>", "<p><b>1</b></p></td>", "<span>1</span>"])
def test_a_figure_whose_cell_lost_its_tag_keeps_its_column(stray: str) -> None:
    grid, tail = page_of(f"<table><tr><td>规章</td>{stray}<td>3</td></tr><tr><td>甲</tr></table>尾")
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [["规章", "1", "3"], ["甲"]]
    assert tail == Paragraph("尾")


def test_a_title_is_taken_from_the_head_where_the_page_shows_none(form: Form) -> None:
    report = dense()
    page = webpages.portal(report, form)
    page = re.sub(f"<p [^>]*>&emsp;&emsp;<span>{report.title}</span></p>", "", page)
    assert html.read(page.encode(), form).report.title == report.title


def test_a_web_archive_is_read_by_its_page(form: Form) -> None:
    report = dense()
    archive = EmailMessage()
    archive["Subject"] = "年报"
    archive.set_content("图片", subtype="plain")
    archive.add_related(
        webpages.word(report, form).encode("gbk"), "text", "html", cte="quoted-printable"
    )
    assert_same(html.read(b"MIME-Version: 1.0\n" + archive.as_bytes(), form), report)


@pytest.mark.parametrize("depth", [300, 1500])
def test_divs_within_divs_lose_nothing(depth: int, form: Form) -> None:
    report = dense()
    page = "<div>" * depth + webpages.bare(report, form)
    assert_same(html.read(page.encode(), form), report)


def test_a_page_that_is_cut_for_its_depth_says_so(form: Form) -> None:
    page = webpages.plain(dense(), form).replace("二、主动", "<b>" * 3000 + "二、主动", 1)
    reading = html.read(page.encode(), form)
    assert any("套得太深" in sentence for sentence in reading.unread)


def test_a_page_with_pictures_for_tables_says_so(form: Form) -> None:
    page = re.sub(r"(?s)<table>.*?</table>", "<img src='1.png'>", webpages.plain(dense(), form))
    reading = html.read(page.encode(), form)
    assert any("只有图片" in sentence for sentence in reading.unread)
    assert not any(reading.report.figures.values())


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "空的"),
        (b" \r\n", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "压缩包"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "另存为"),
        ("只是一段文字。".encode(), "粘贴"),
        (b"<html><body><script>load()</script></body></html>", "复制"),
        (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "仅 HTML"),
        ("<p>今天天气很好。</p>".encode(), "年度报告"),
        (b"<div>" * 400_000, "太大"),
        (b"<p>" + b" " * html.MOST_BYTES, "20 MB"),
        ("<p>年报</p>".encode() * 20_000, "太多"),
        (b"<table>" + b"<tr><td rowspan=999 colspan=999>1" * 2000, "太大"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_report_is_refused_with_advice(content: bytes, advice: str, form: Form) -> None:
    with pytest.raises(Unreadable, match=advice):
        html.read(content, form)


def readable_or_not(content: bytes) -> None:
    """Nothing but a reading or Unreadable."""
    with suppress(Unreadable):
        assert set(html.read(content, FORM).report.figures) == set(FORM.cells)


@given(
    content=st.binary(max_size=400) | st.binary(max_size=200).map(lambda b: b"<table><tr><td>" + b)
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    readable_or_not(content)


@given(style=st.sampled_from(sorted(webpages.STYLES)), seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_damaged_page_is_read_or_refused(style: str, seed: int) -> None:
    random = Random(seed)
    page = bytearray(webpages.STYLES[style](dense(), FORM).encode())
    for _ in range(random.randrange(1, 30)):
        at = random.randrange(len(page))
        page[at : at + random.randrange(40)] = random.choice(
            (
                b"",
                b"<",
                b"<table>",
                b"</td></tr>",
                b"<td rowspan=77>",
                b"\x00\xff",
                b"</table>",
                b"<!--",
            )
        )
    readable_or_not(bytes(page))


def test_a_large_page_takes_no_time_out_of_proportion(form: Form) -> None:
    root, _ = html._parse("<div>" + "<p>全年公开供水水质信息12条。</p>" * 9000)
    begun = process_time()
    assert len(blocks_of(root, form)) == 9000
    assert process_time() - begun < 3
