"""The board as a workbook and as a page: read back by other people's code, safe from any name."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.office.board import summary
from bot.office.standing import STATES, Standing, State, Unit
from bot.writers.board import render_board_html, render_board_xlsx
from tests.tables import form

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2027, 1, 20, 9, 30, tzinfo=CHINA)
HEADS = ["序", "单位", "简称", "层级", "状态", "进度", "必须\n改正", "需要\n说明", "版本", "截止",
         "期限", "承诺", "最近变动", "填报人", "免报原因"]  # fmt: skip
FIRST = 4
"""The first row of the workbook under its head."""


def standing(number: int, name: str, state: State, **more: object) -> Standing:
    """Where a department stands; `unit_…` are fields of its unit."""
    fields = {key[5:]: more.pop(key) for key in list(more) if key.startswith("unit_")}
    unit = Unit(number, name, level="县级政府部门", order=number, **fields)  # type: ignore[arg-type]
    return Standing(unit, 2026, state, **{"due": date(2027, 1, 31), **more})  # type: ignore[arg-type]


BOARD = (
    standing(2, "青石县水务局", "filling", percent=60, hard=2, explain=1, contacts=("王丽", "李强"),
             moved=datetime(2027, 1, 19, 23, 5, tzinfo=UTC), promised=date(2027, 1, 25)),
    standing(1, "青石县人民政府办公室", "approved", percent=100, version=2, contacts=("赵明",),
             unit_short="县府办"),
    standing(3, "青石县教育局", "idle", due=date(2027, 1, 10)),
    standing(4, "青石县档案馆", "idle", unit_exempt="不是行政机关"),
    standing(5, "云岭镇人民政府", "returned", percent=90, version=1, contacts=("周芳",)),
    standing(6, "青石县财政局", "submitted", percent=100, version=1, contacts=("吴敏",)),
)  # fmt: skip


def sheet_of(content: bytes) -> Any:
    """The only sheet of a workbook, as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def rows_of(content: bytes) -> list[list[Any]]:
    """The lines under the head."""
    return [list(row) for row in sheet_of(content).iter_rows(min_row=FIRST, values_only=True)]


def page_of(content: bytes) -> Any:
    """The tree of a page."""
    return etree.fromstring(content, etree.HTMLParser(encoding="utf-8"))


def text_of(element: Any) -> str:
    """The text inside an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def lines_of(content: bytes) -> list[list[str]]:
    """The lines of the page's table."""
    return [list(map(text_of, row)) for row in page_of(content).iterfind(".//tbody/tr")]


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return render_board_xlsx(BOARD, 2026, NOW, form())


@pytest.fixture(scope="module")
def web_page() -> bytes:
    return render_board_html(BOARD, 2026, NOW, form())


# ── the workbook ────────────────────────────────────────────────────────────────────────────


def test_a_line_holds_numbers_as_numbers_and_days_as_days(workbook: bytes) -> None:
    office, bureau, *_ = rows_of(workbook)
    assert bureau == [
        2, "青石县水务局", None, "县级政府部门", "填报中", 0.6, 2, 1, None, datetime(2027, 1, 31),  # noqa: DTZ001
        "余11天", datetime(2027, 1, 25), datetime(2027, 1, 20, 7, 5), "王丽、李强", None,  # noqa: DTZ001
    ]  # fmt: skip
    assert office[:9] == [
        1, "青石县人民政府办公室", "县府办", "县级政府部门", "已通过", 1, 0, 0, 2,
    ]  # fmt: skip


def test_percents_and_days_are_shown_as_such(workbook: bytes) -> None:
    row = sheet_of(workbook)[FIRST + 1]
    formats = {head: cell.number_format for head, cell in zip(HEADS, row, strict=True)}
    assert formats["进度"] == "0%"
    assert formats["截止"] == formats["承诺"] == "yyyy-mm-dd"
    assert formats["最近变动"] == "yyyy-mm-dd hh:mm"


def test_the_late_and_those_without_anybody_say_so_in_words(workbook: bytes) -> None:
    school = dict(zip(HEADS, rows_of(workbook)[2], strict=True))
    assert (school["期限"], school["填报人"], school["进度"]) == ("逾10天", "未绑定", 0)


def test_an_exempt_unit_says_why_and_is_asked_for_nothing(workbook: bytes) -> None:
    exempt = dict(zip(HEADS, rows_of(workbook)[3], strict=True))
    assert (exempt["状态"], exempt["免报原因"]) == ("免报", "不是行政机关")
    asked = ("进度", "必须\n改正", "需要\n说明", "截止", "期限", "承诺", "填报人")
    assert {exempt[head] for head in asked} == {None}


def test_head_and_names_stay_in_sight_and_every_line_can_be_filtered(workbook: bytes) -> None:
    sheet = sheet_of(workbook)
    assert [cell.value for cell in sheet[FIRST - 1]] == HEADS
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C4", "A3:O9")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$3:$3")


def test_the_workbook_says_for_what_moment_it_holds_and_counts(workbook: bytes) -> None:
    sheet = sheet_of(workbook)
    assert sheet["A1"].value == "2026年度政府信息公开工作年度报告 · 填报进度"
    assert sheet["A2"].value == (
        "截至2027年1月20日09:30；应报 5；未开始 1；填报中 1；已提交 1；已退回 1；已通过 1；"
        "逾期 1；未绑定 1；免报 1。没有填完的单位，灰色的“必须改正”包括还没有填的。"
    )


def test_whatever_is_coloured_is_said_by_a_word_or_a_number_too(workbook: bytes) -> None:
    rules = [
        (str(area.sqref), rule.type)
        for area, rules in sheet_of(workbook).conditional_formatting._cf_rules.items()
        for rule in rules
    ]
    assert {kind for _, kind in rules} == {"cellIs", "beginsWith", "expression"}
    assert {area for area, _ in rules} == {"E4:E9", "G4:G9", "H4:H9", "K4:K9", "N4:N9"}


def test_what_was_not_filled_in_yet_is_grey_before_anything_is_red(workbook: bytes) -> None:
    found = sheet_of(workbook).conditional_formatting
    rules = sorted((rule for area in found if str(area.sqref) == "G4:G9" for rule in area.rules),
                   key=lambda rule: rule.priority)  # fmt: skip
    assert [rule.type for rule in rules] == ["expression", "cellIs"]
    assert rules[0].formula == ['AND(OR($E4="未开始",$E4="填报中"),$F4<1)']
    assert rules[0].stopIfTrue


@pytest.mark.parametrize("name", ["=1+1", "+86局", "-局", "@局", '=HYPERLINK("http://x")', "\t=1"])
def test_no_name_becomes_a_formula_not_even_when_its_cell_is_edited(name: str) -> None:
    board = [standing(1, name, "idle", unit_short=name, unit_exempt=name, contacts=(name,))]
    row = sheet_of(render_board_xlsx(board, 2026, NOW, form()))[FIRST]
    named = [cell for cell in row if cell.value == name]
    assert [cell.data_type for cell in named] == ["s"] * 4
    assert all(cell.quotePrefix and cell.hyperlink is None for cell in named)


def test_the_same_board_gives_the_same_bytes(workbook: bytes, web_page: bytes) -> None:
    assert render_board_xlsx(BOARD, 2026, NOW, form()) == workbook
    assert render_board_html(BOARD, 2026, NOW, form()) == web_page


def test_an_empty_board_is_a_workbook_and_a_page_all_the_same() -> None:
    assert sheet_of(render_board_xlsx([], 2026, NOW, form())).auto_filter.ref == "A3:O4"
    page = page_of(render_board_html([], 2026, NOW, form()))
    assert page.find(".//table") is None
    assert "花名册里还没有单位" in text_of(page)


# ── the page ────────────────────────────────────────────────────────────────────────────────


def test_the_page_shows_every_unit_in_order_with_the_same_words(web_page: bytes) -> None:
    lines = lines_of(web_page)
    assert lines[:4] == [
        ["1", "青石县人民政府办公室", "县级政府部门", "已通过", "100%", "0", "0", "2", "2027-01-31", "", "", "赵明"],
        ["2", "青石县水务局", "县级政府部门", "填报中", "60%", "未完成 2", "1", "", "2027-01-31 余11天", "2027-01-25", "2027-01-20 07:05", "王丽、李强"],
        ["3", "青石县教育局", "县级政府部门", "未开始", "0%", "0", "0", "", "2027-01-10 逾10天", "", "", "未绑定"],
        ["4", "青石县档案馆", "县级政府部门", "免报不是行政机关", "", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    assert [line[3] for line in lines[4:]] == ["已退回", "已提交"]


@pytest.mark.parametrize(
    ("state", "percent", "words", "look"),
    [
        ("idle", 0, "未完成 6", "unfinished"),
        ("filling", 99, "未完成 6", "unfinished"),
        ("filling", 100, "6", "bad"),
        ("returned", 90, "6", "bad"),
    ],
)
def test_a_fault_is_red_only_where_the_unit_has_answered_everything(
    state: State, percent: int, words: str, look: str
) -> None:
    board = [standing(1, "青石县教育局", state, percent=percent, hard=6)]
    (row,) = page_of(render_board_html(board, 2026, NOW, form())).iterfind(".//tbody/tr")
    assert (text_of(row[5]), row[5].get("class")) == (words, look)


def test_the_summary_stands_above_the_table_and_adds_up(web_page: bytes) -> None:
    page = page_of(web_page)
    counts = {text_of(d.find("dt")): int(text_of(d.find("dd"))) for d in page.iterfind(".//dl/div")}
    counted = summary(BOARD, NOW.date())
    assert counts == {
        "应报": counted.of, **{STATES[state]: n for state, n in counted.counts.items()},
        "逾期": counted.late, "未绑定": counted.unreached, "免报": counted.exempt,
    }  # fmt: skip
    tags = [element.tag for element in page.iter("dl", "table")]
    assert tags == ["dl", "table"]


def test_the_page_can_be_listened_to(web_page: bytes) -> None:
    page = page_of(web_page)
    assert page.get("lang") == "zh-CN"
    (table,) = page.iter("table")
    assert table[0].tag == "caption"
    assert {cell.get("scope") for cell in table.iterfind("thead//th")} == {"col"}
    assert [cell.get("scope") for cell in table.iterfind("tbody//th")] == ["row"] * len(BOARD)
    assert {len(row) for row in table.iter("tr")} == {12}
    assert len(list(page.iter("h1"))) == 1


def test_the_page_needs_nothing_from_outside_and_runs_nothing(web_page: bytes) -> None:
    page = page_of(web_page)
    assert not page.xpath("//script | //link | //img | //iframe | //*[@src or @href or @style]")
    assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", web_page.decode())


def test_the_page_prints_on_a4_across_with_its_head_on_every_sheet(web_page: bytes) -> None:
    assert "size: A4 landscape" in web_page.decode()
    assert page_of(web_page).find(".//thead") is not None


HOSTILE = ["<script>alert(1)</script>", "{{ 7 * 7 }}", '"><img src=x>', "&amp;", "<b>局</b>"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_markup(name: str) -> None:
    board = [
        standing(1, name, "idle", unit_exempt=name),
        standing(2, name, "idle", contacts=(name,)),
    ]
    content = render_board_html(board, 2026, NOW, form())
    lines = lines_of(content)
    assert lines[0][1] == lines[1][1] == lines[1][11] == name
    assert lines[0][3] == f"免报{name}"
    assert page_of(content).find(".//script") is page_of(content).find(".//b") is None


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=30))
@settings(max_examples=25, deadline=None)
def test_any_name_can_be_written_and_the_board_is_made_all_the_same(name: str) -> None:
    board = [replace(BOARD[0], unit=replace(BOARD[0].unit, name=name), contacts=(name,))]
    assert len(rows_of(render_board_xlsx(board, 2026, NOW, form()))) == 1
    assert len(lines_of(render_board_html(board, 2026, NOW, form()))) == 1
