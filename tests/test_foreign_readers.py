"""Every format read back by code that is not ours: all 200 figures and every paragraph.

Our own readers and writers could share a fault. Here python-docx, openpyxl, pdfplumber, lxml and
the standard library open the files, and a few lines of this module lay out merged cells. A figure
is found by the official labels at its left and above it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import product
from random import Random
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html

from bot.form import Table
from bot.report import Figure, Report, Topic
from bot.writers import write
from tests.bench.reports import dense_report
from tests.parts import with_parts
from tests.tables import figures_of, form, report_of

FORM = form()
SIGNED = "青石县水务局\n2025年1月15日"
ADDRESS = "http://www.qingshi.example/zwgk/fdzdgknr/zfxxgkndbg/szfxxgkndbg/2024/index.html"
SIGNS = "各处室逐件登记公开答复水费①㎡“”《》（）……——、；：，。！％0123456789.ABCxyz &<>{}\"'"
DRAFT = "草稿 · 未完成，请勿外发"
Grid = list[list[str]]


def random_report(seed: int) -> Report:
    """A draft with any figure in any cell, some of them blank, and any words."""
    random = Random(seed)

    def words() -> str:
        lines = ("".join(random.choices(SIGNS, k=random.randint(1, 90))) for _ in range(4))
        return "\n".join(f"第{line}条" for line in lines)

    figures: dict[str, Figure | None] = {
        key: None if random.random() < 0.1 else random.randrange(10 ** random.randint(1, 5))
        for key in FORM.cells
    }
    figures["proactive.fees_wanyuan"] = Decimal(random.randrange(10**9)) / 10000
    return report_of(
        {key: figure for key, figure in figures.items() if figure is not None},
        preamble=words(), intro=words(), problems=words(), other=words(), signoff=SIGNED,
        topics=tuple(Topic(topic.title, words()) for topic in report_of({}).topics),
    )  # fmt: skip


REPORTS = {
    "quiet": report_of(figures_of({}), signoff=SIGNED, final=True),
    "dense": with_parts(
        dense_report(2500),
        preamble=f"本报告的电子版可以在青石县人民政府网站（{ADDRESS}）查阅。",
        signoff=SIGNED,
        final=True,
    ),
    "random": random_report(7),
}


@pytest.fixture(params=REPORTS)
def name(request: pytest.FixtureRequest) -> str:
    """One report after the other."""
    return str(request.param)


@cache
def made(name: str, kind: str) -> bytes:
    """A report as a file of a format."""
    return write(kind, REPORTS[name], FORM).content


# ── what must be found ──────────────────────────────────────────────────────────────────────


def places() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each figure's key with the official labels that it stands under."""
    for table in FORM.tables.values():
        for row, column in product(table.rows, table.columns):
            groups = table.groups.get(row.group, ())
            yield table.item_key(row, column), (*groups, row.label, column.label)


def in_words(report: Report) -> dict[tuple[str, ...], str]:
    """The figures of a record by the labels, as they are printed."""
    return {place: digits(report.figures.get(key)) for key, place in places()}


def digits(figure: Figure | None) -> str:
    """A figure as it is printed; nothing for a blank one."""
    return "" if figure is None else f"{figure:f}" if isinstance(figure, Decimal) else str(figure)


def lines(text: str | None) -> list[str]:
    """The paragraphs of a text."""
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def texts_of(report: Report) -> list[str]:
    """Every paragraph outside the tables, in order."""
    found = [report.title, *lines(report.text("preamble"))]
    held = {
        "overview": report.text("overview.intro"),
        "problems": report.text("problems"),
        "other": report.text("other"),
    }
    for section in FORM.sections:
        found += [section.label, *lines(held.get(section.key))]
        if section.key == "overview":
            for number, topic in zip("一二三四五", report.topics, strict=True):
                found += [f"（{number}）{topic.title}", *lines(topic.text)]
    return [*found, *lines(report.text("signoff"))]


# ── grids ───────────────────────────────────────────────────────────────────────────────────


def by_labels(grids: Iterable[Grid]) -> dict[tuple[str, ...], str]:
    """The figures of laid out tables by the labels at their left and above them."""
    found: dict[tuple[str, ...], str] = {}
    for grid in grids:
        for y, row in enumerate(grid):
            for x, text in enumerate(row):
                if is_label(text):
                    continue
                left = distinct(label for label in row[:x] if is_label(label))
                above = [up[x] for up in grid[:y] if is_label(up[x])]
                place = (*left, above[-1]) if left else distinct(above)
                assert found.setdefault(place, text) == text
    return found


def is_label(text: str) -> bool:
    return re.fullmatch(r"[\d.]*", text) is None


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def laid_out(rows: Iterable[Iterable[tuple[str, int, int]]]) -> Grid:
    """Cells (text, how many rows, how many columns) in all the places that they cover."""
    covered: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for text, tall, wide in row:
            while (y, x) in covered:
                x += 1
            covered |= dict.fromkeys(product(range(y, y + tall), range(x, x + wide)), text)
    height, width = (1 + max(place[axis] for place in covered) for axis in (0, 1))
    return [[covered[y, x] for x in range(width)] for y in range(height)]


# ── Word ────────────────────────────────────────────────────────────────────────────────────


def word_grid(table: Any) -> Grid:
    """A table of python-docx, from its XML: a cell that goes on downwards has the text above."""
    grid: Grid = []
    for tr in table._tbl.tr_lst:
        row: list[str] = []
        for tc in tr.tc_lst:
            merge = tc.tcPr.find(qn("w:vMerge"))
            goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
            text = "".join(piece.text or "" for piece in tc.iter(qn("w:t")))
            row += [grid[-1][len(row)] if goes_on else text] * tc.grid_span
        grid.append(row)
    return grid


def test_python_docx_finds_every_figure_and_paragraph(name: str) -> None:
    document = Document(io.BytesIO(made(name, "docx")))
    assert by_labels(map(word_grid, document.tables)) == in_words(REPORTS[name])
    texts = [paragraph.text.replace("\n", "") for paragraph in document.paragraphs]
    assert [text for text in texts if text] == texts_of(REPORTS[name])


# ── Excel ───────────────────────────────────────────────────────────────────────────────────


def sheet_grid(sheet: Any) -> Grid:
    """The marked rows and columns of a sheet, merged cells in every place."""
    value = {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row}
    for area in sheet.merged_cells.ranges:
        spread = product(
            range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1)
        )
        value |= dict.fromkeys(spread, value[area.min_row, area.min_col])
    rows = [y for (y, x), mark in value.items() if x == 1 and re.fullmatch(r"r\d+", str(mark))]
    columns = [x for (y, x), mark in value.items() if y == 1 and re.fullmatch(r"c\d+", str(mark))]
    return [[shown(value[y, x]) for x in columns] for y in rows]


def shown(value: object) -> str:
    """A cell's value as text."""
    return (
        ""
        if value is None
        else digits(Decimal(str(value)).normalize() + 0)
        if isinstance(value, float)
        else str(value)
    )


def test_openpyxl_finds_every_figure_and_text_with_the_totals_worked_out(name: str) -> None:
    report = REPORTS[name]
    book = openpyxl.load_workbook(io.BytesIO(made(name, "xlsx")), data_only=True)
    found = by_labels(sheet_grid(book[title]) for title in ("表二", "表三", "表四"))
    wanted = in_words(report)
    if name == "random":  # there no total is the sum of its parts, and a formula says the sum
        totals = {place for key, place in places() if key in FORM.total_of}
        wanted = {place: text for place, text in wanted.items() if place not in totals}
        found = {place: text for place, text in found.items() if place not in totals}
    assert {p: Decimal(t) if t else None for p, t in found.items()} == {
        p: Decimal(t) if t else None for p, t in wanted.items()
    }
    cells = [str(row[2] or "") for row in book["文字"].iter_rows(min_row=5, values_only=True)]
    texts = [
        report.text("preamble"),
        report.text("overview.intro"),
        *(topic.text for topic in report.topics),
    ]
    texts += [report.text("problems"), report.text("other"), report.text("signoff")]
    assert [lines(cell) for cell in cells if lines(cell)] == [lines(t) for t in texts if lines(t)]


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────


def page_grid(table: Any, chars: Sequence[Any]) -> Grid:
    """A ruled table of pdfplumber: each place has the text of the cell that covers it."""
    xs = sorted({round(x) for x0, _, x1, _ in table.cells for x in (x0, x1)})
    ys = sorted({round(y) for _, top, _, bottom in table.cells for y in (top, bottom)})
    grid = [[""] * (len(xs) - 1) for _ in ys[1:]]
    for cell in table.cells:
        text = "".join(char["text"] for char in chars if holds(cell, char)).replace(" ", "")
        x0, top, x1, bottom = map(round, cell)
        for y, x in product(range(len(ys) - 1), range(len(xs) - 1)):
            if top <= ys[y] < bottom and x0 <= xs[x] < x1:
                grid[y][x] = text
    return grid


def holds(box: Any, char: Any) -> bool:
    """Whether the middle of a character is in a box."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] < x < box[2] and box[1] < y < box[3])


def read_pages(content: bytes) -> tuple[list[Grid], str]:
    """The tables of a PDF, and the text outside them without white space, head and foot."""
    pdfplumber = pytest.importorskip("pdfplumber")
    grids, text = [], ""
    with pdfplumber.open(io.BytesIO(content)) as document:
        for page in document.pages:
            area = (0, page.height * 37 / 297, page.width, page.height * (1 - 35 / 297))
            chars = [c for c in page.chars if holds(area, c) and c["size"] < 100]
            tables = page.find_tables()
            grids += [page_grid(table, chars) for table in tables]
            text += "".join(c["text"] for c in chars if not any(holds(t.bbox, c) for t in tables))
    return grids, "".join(text.split())


def test_pdfplumber_finds_every_figure_and_all_the_text(name: str) -> None:
    grids, text = read_pages(made(name, "pdf"))
    wanted = {tuple(map(dense, place)): t for place, t in in_words(REPORTS[name]).items()}
    assert by_labels(grids) == wanted
    assert text == dense("".join(texts_of(REPORTS[name])))


def dense(text: str) -> str:
    return "".join(text.split())


def test_an_address_on_the_web_is_copied_from_the_pdf_as_it_was_typed() -> None:
    _, text = read_pages(made("dense", "pdf"))
    assert ADDRESS in text
    assert "\u200b" not in text


# ── web page ────────────────────────────────────────────────────────────────────────────────


def web_grid(table: Any) -> Grid:
    """A table of lxml."""
    return laid_out(
        [
            (cell.text_content(), int(cell.get("rowspan", 1)), int(cell.get("colspan", 1)))
            for cell in row.xpath("./th|./td")
        ]
        for row in table.iter("tr")
    )


def test_lxml_finds_every_figure_and_paragraph_on_the_page(name: str) -> None:
    page: Any = html.fromstring(made(name, "html"))
    assert by_labels(map(web_grid, page.iter("table"))) == in_words(REPORTS[name])
    found = [part.text_content() for part in page.xpath("//h1|//h2|//h3|//p[@data-part]")]
    assert [text for text in found if text not in ("", DRAFT)] == texts_of(REPORTS[name])


# ── plain text ──────────────────────────────────────────────────────────────────────────────


def table_lines(table: Table, report: Report) -> Iterator[str]:
    """The rows of a table, a figure behind each tab; groups stand above their rows."""
    above: tuple[str, ...] = ()
    for row in table.rows:
        groups = table.groups.get(row.group, ())
        yield from (group for group in groups if group not in above)
        above = groups
        keys = (table.item_key(row, column) for column in table.columns)
        yield "\t".join([row.label, *(digits(report.figures.get(key)) for key in keys)])


def test_the_lines_of_the_text_are_the_paragraphs_and_rows_in_order(name: str) -> None:
    report = REPORTS[name]
    found = made(name, "txt").decode("utf-8-sig").split("\r\n")
    heads = {DRAFT, "", *(table.clause for table in FORM.tables.values())}
    labels = [tuple(c.label for c in table.columns) for table in FORM.tables.values()]
    found = [
        line
        for line in found
        if line not in heads
        and not line.startswith("说明：")
        and tuple(line.split("\t")[1:]) not in labels
    ]
    wanted = texts_of(report)
    for section in FORM.sections:
        rows = [line for key in section.tables for line in table_lines(FORM.tables[key], report)]
        at = wanted.index(section.label) + 1
        wanted[at:at] = rows
    assert found == wanted


# ── JSON ────────────────────────────────────────────────────────────────────────────────────


def test_the_standard_library_finds_everything_in_the_json(name: str) -> None:
    report, data = REPORTS[name], json.loads(made(name, "json"), parse_float=Decimal)
    for key in FORM.cells:
        value = data["sections"]
        for step in key.split("."):
            value = value[step]
        figure = report.figures.get(key)
        assert (None if value is None else Decimal(value)) == figure
        assert isinstance(value, str) == isinstance(figure, Decimal)
    overview = data["sections"]["overview"]
    assert [(item["title"], item["text"]) for item in overview["items"]] == [
        (topic.title, topic.text) for topic in report.topics
    ]
    texts = [data["title"], data["preamble"], overview["intro"], data["signoff"]]
    texts += [data["sections"]["problems"], data["sections"]["other"]]
    assert texts == [
        report.title, report.text("preamble"), report.text("overview.intro"), report.text("signoff"), report.text("problems"), report.text("other"),
    ]  # fmt: skip
    assert data.get("final", False) is report.final
