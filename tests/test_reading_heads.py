"""The heads of tables say which column is which, whatever order the columns stand in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.readers import docx, html, pdf, xlsx
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.readers.labels import names_of
from bot.readers.text import read_text
from bot.report import Figure, Report
from tests import papers, webpages
from tests.foreign import FORM, LINES, Look, Span, as_blocks, as_docx, as_text, expand
from tests.tables import report_of
from tests.workbooks import Page, packed

DISTINCT: dict[str, Figure] = {key: 1001 + n for n, key in enumerate(FORM.cells)}
ORDERS = {
    "two organisations swapped": Look(columns=(0, 2, 1, 3, 4, 5, 6)),
    "the total first": Look(columns=(6, 0, 1, 2, 3, 4, 5)),
    "organisations first": Look(columns=(1, 2, 3, 4, 5, 0, 6)),
    "outcomes swapped": Look(outcomes=(1, 0, 2, 3, 4)),
    "the total of outcomes first": Look(outcomes=(4, 0, 1, 2, 3)),
    "lawsuits swapped": Look(courts=(2, 1)),
    "outcomes swapped in two tables": Look(outcomes=(1, 0, 2, 3, 4), halves=True),
    "swapped and cut by pages": Look(columns=(0, 2, 1, 3, 4, 5, 6), cut=(9,), heads_again=False),
}


def a_report() -> Report:
    return report_of(dict(DISTINCT))


def wrong(figures: Any) -> dict[str, Figure]:
    """The figures that stand in a cell to which they do not belong, or are lost."""
    return {key: figures[key] for key, own in DISTINCT.items() if figures[key] != own}


@pytest.mark.parametrize("look", ORDERS.values(), ids=ORDERS)
def test_a_head_in_another_order_decides_in_a_table(look: Look) -> None:
    reading = assemble(as_blocks(a_report(), look), FORM)
    assert wrong(reading.report.figures) == {}
    assert reading.unread == ()


@pytest.mark.parametrize("look", ORDERS.values(), ids=ORDERS)
def test_a_head_in_another_order_decides_in_a_word_file(look: Look) -> None:
    assert wrong(docx.read(as_docx(a_report(), look), FORM).report.figures) == {}


@pytest.mark.parametrize("lines", sorted(LINES))
@pytest.mark.parametrize("look", ORDERS.values(), ids=ORDERS)
def test_a_head_in_another_order_decides_in_text_or_the_rows_are_left(
    look: Look, lines: str
) -> None:
    reading = read_text(as_text(a_report(), lines, look), FORM)
    strange = {k: v for k, v in wrong(reading.report.figures).items() if v is not None}
    assert strange == {}
    assert reading.unread or not wrong(reading.report.figures)


@given(columns=st.permutations(range(7)))
@settings(max_examples=25, deadline=None)
def test_one_row_of_heads_names_the_columns_in_any_order(columns: list[int]) -> None:
    table = FORM.tables["requests"]
    shown = [table.columns[at] for at in columns]
    rows = [[Span("项目"), *(Span(column.label) for column in shown)]]
    for line in table.rows:
        figures = (Span(str(DISTINCT[table.item_key(line, column)])) for column in shown)
        rows.append([Span(line.label), *figures])
    blocks: list[Block] = [Paragraph("三、收到和处理政府信息公开申请情况"), expand(rows)]
    found = assemble(blocks, FORM).report.figures
    assert all(found[key] == DISTINCT[key] for key in FORM.cells if key.startswith("requests."))


def test_a_head_in_another_order_that_misses_a_column_leaves_the_rows_and_says_so() -> None:
    look = Look(columns=(0, 2, 1, 3, 4, 5, 6), labels={"法律服务机构": "中介"})
    reading = assemble(as_blocks(a_report(), look), FORM)
    held = {v for k, v in reading.report.figures.items() if k.startswith("requests.")}
    assert held == {None}
    assert [s for s in reading.unread if "表三的表头" in s]


def test_a_torn_head_in_the_forms_order_leaves_the_order_as_it_is() -> None:
    look = Look(labels={"法律服务机构": "法律服务机", "结果纠正": "纠 结果"})
    reading = assemble(as_blocks(a_report(), look), FORM)
    assert wrong(reading.report.figures) == {}


def swapped(rows: Any) -> Any:
    """Table three of a web page or a sheet with 科研机构 before 商业企业."""
    rows[2][0], rows[2][1] = rows[2][1], rows[2][0]
    for row in rows[3:]:
        row[-6], row[-5] = row[-5], row[-6]
    return rows


def test_a_head_in_another_order_decides_in_a_page_and_in_a_workbook() -> None:
    report = a_report()
    table = webpages._plain_table(webpages.table_three(report, FORM))
    other = webpages._plain_table(swapped(webpages.table_three(report, FORM)))
    page = webpages.plain(report, FORM)
    assert table in page
    assert wrong(html.read(page.replace(table, other).encode(), FORM).report.figures) == {}
    sheet = Page("年报").put("A1", "三、收到和处理政府信息公开申请情况", "s")
    sheet.lay(swapped(webpages.table_three(report, FORM)), 2)
    found = xlsx.read(packed([sheet]), FORM).report.figures
    assert all(found[key] == DISTINCT[key] for key in FORM.cells if key.startswith("requests."))


@pytest.mark.parametrize("name", ["ruled", "no rules"])
def test_a_head_in_another_order_misleads_no_paper(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = papers._requests

    def other(report: Report) -> dict[str, Any]:
        table = usual(report)
        for cell in (*table["head"], *table["body"]):
            if cell["y"] >= 2 and cell["x"] in (4, 5) and cell["wide"] == cell["tall"] == 1:
                cell["x"] = 9 - cell["x"]
        return table

    monkeypatch.setattr(papers, "_requests", other)
    reading = pdf.read(papers.paper(a_report(), papers.LOOKS[name]), FORM)
    strange = {k: v for k, v in wrong(reading.report.figures).items() if v is not None}
    assert strange == {}
    assert reading.unread or not wrong(reading.report.figures)


# ── another year ────────────────────────────────────────────────────────────────────────────


def two(head: list[str], values: list[str]) -> list[Block]:
    rows = [["信息内容", *head], ["行政许可", *values]]
    cells = [[Cell(t, n, c) for c, t in enumerate(row)] for n, row in enumerate(rows)]
    return [Paragraph("二、主动公开政府信息情况"), Grid(cells)]


@pytest.mark.parametrize("head", ["上年处理决定数量", "上一年处理决定数量", "上年度处理决定数量"])
def test_a_column_of_last_year_is_not_taken_for_this_year(head: str) -> None:
    reading = assemble(two([head], ["77"]), FORM)
    assert reading.report.figures["proactive.permits"] is None
    assert any("行政许可" in sentence for sentence in reading.unread)
    both = assemble(two([head, "本年处理决定数量"], ["77", "78"]), FORM)
    assert both.report.figures["proactive.permits"] == 78


@pytest.mark.parametrize(
    "label",
    [
        "上年新收政府信息公开申请数量",
        "本年结转政府信息公开申请数量",
        "四、结转上年度继续办理",
        "二、下年结转政府信息公开申请数量",
    ],
)
def test_a_label_of_another_year_names_no_row_and_fits_none(label: str) -> None:
    names = names_of(FORM, "requests")
    assert names.row(label) is None
    assert not any(names.fits(label, row) for row in range(len(names.own)))
