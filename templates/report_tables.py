"""The three statutory tables of `report.docx`: rows and merged cells as on the blank form.

Used by `make_report_docx.py` only. Labels come from the form, byte for byte, except the two words
of the blank form that belong to no item (`CORNER` and `APPLICANTS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from xml.sax.saxutils import escape

from bot.form import Form, Line, Table

CORNER = "信息内容"
APPLICANTS = "申请人情况"
WIDTH = 8844  # of the text area in twips: 210 mm less the margins of 28 and 26 mm


def paragraph(style: str, text: str, layout: str = "", after: str = "") -> str:
    """A paragraph; `layout` is XML laid over its style, `after` is XML behind the text."""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{layout}</w:pPr>{run}{after}</w:p>'


def tables(form: Form) -> dict[str, str]:
    """The XML of each table by the key of its section."""
    fifteen = [590] * 9 + [589] * 6
    return {
        "proactive": _table_xml(_table_two(form), [WIDTH // 4] * 4, margin=85),
        "requests": _table_xml(_table_three(form), [610, 1000, 2474] + [680] * 7, margin=20),
        "review_litigation": _table_xml(_table_four(form), fifteen, margin=14),
    }


# ── rows and cells ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over `span` grid columns; `merge` is "", "restart" or "continue" (downwards).

    A `narrow` cell has indents, so that four characters break two and two.
    """

    text: str = ""
    span: int = 1
    merge: str = ""
    style: str = "ReportSmallCell"
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `keep` holds it on one page with the next, `header` repeats it on every page."""

    cells: tuple[Cell, ...]
    height: int
    keep: bool = True
    header: bool = False


def _figure(key: str, span: int = 1) -> Cell:
    """The cell in which the figure `key` is printed."""
    return Cell(f"{{{{ figure['{key}'] }}}}", span)


def _heads(columns: tuple[Line, ...], merge: str = "") -> list[Cell]:
    return [Cell(column.label, merge=merge, narrow=True) for column in columns]


# ── the tables ──────────────────────────────────────────────────────────────────────────────


def _table_two(form: Form) -> Iterator[Row]:
    """Blocks of a clause, a header and rows, all on one page.

    Table three fills a page by itself, so keeping table two whole never costs one.
    """
    tables = [form.tables[key] for key in form.section("proactive").tables]
    for table in tables:
        span = 3 // len(table.columns)
        heads = [Cell(column.label, span) for column in table.columns]
        block = [[Cell(table.clause, 4)], [Cell(CORNER), *heads]]
        for row in table.rows:
            keys = (table.item_key(row, column) for column in table.columns)
            block.append([Cell(row.label), *(_figure(key, span) for key in keys)])
        for cells in block:
            large = tuple(replace(cell, style="ReportCell") for cell in cells)
            last = table is tables[-1] and cells is block[-1]
            yield Row(large, height=480, keep=not last)


def _table_three(form: Form) -> Iterator[Row]:
    """Three header rows and a row for each line of the form, the groups merged downwards."""
    table = form.tables["requests"]
    yield from _applicant_header(table)
    above: tuple[str, ...] = ()
    for row in table.rows:
        place = table.groups[row.group]
        cells = [_group_cell(place, above, depth) for depth in range(len(place))]
        cells.append(Cell(row.label, 3 - len(place), style="ReportSmallLabel"))
        cells += [_figure(table.item_key(row, column)) for column in table.columns]
        yield Row(tuple(cells), height=360, keep=row is not table.rows[-1])
        above = place


def _group_cell(place: tuple[str, ...], above: tuple[str, ...], depth: int) -> Cell:
    """The cell of one group, merged with the one above where it is the same group."""
    style = "ReportSmallLabel" if depth else "ReportSmallCell"
    if above[: depth + 1] == place[: depth + 1]:
        return Cell(merge="continue", style=style)
    return Cell(place[depth], merge="restart", style=style)


def _applicant_header(table: Table) -> Iterator[Row]:
    """The header of table three: applicants, of which the organisations are one group."""
    corner = Cell(table.corner, 3, "restart", "ReportSmallLabel")
    below = replace(corner, text="", merge="continue")
    second, third = [below], [below]
    for group, lines in groupby(table.columns, key=lambda column: column.group):
        columns = tuple(lines)
        if group:
            second.append(Cell(group, len(columns)))
            third += _heads(columns)
        else:
            second += [Cell(column.label, merge="restart") for column in columns]
            third += [Cell(merge="continue") for _ in columns]
    for cells in ([corner, Cell(APPLICANTS, len(table.columns))], second, third):
        yield Row(tuple(cells), height=360, header=True)


def _table_four(form: Form) -> Iterator[Row]:
    """One row of figures under three header rows: the form's lines stand side by side."""
    table = form.tables["cases"]
    width = len(table.columns)
    top: list[Cell] = []
    second: list[Cell] = []
    third: list[Cell] = []
    for place, lines in groupby(table.rows, key=lambda row: table.groups[row.group]):
        labels = [Cell(row.label, width) for row in lines]
        if place:
            top.append(Cell(place[0], width * len(labels)))
            second += labels
            third += _heads(table.columns) * len(labels)
        else:
            top += labels
            second += _heads(table.columns, "restart") * len(labels)
            third += [Cell(merge="continue")] * width * len(labels)
    for cells in (top, second, third):
        yield Row(tuple(cells), height=400, header=True)
    keys = [table.item_key(row, column) for row in table.rows for column in table.columns]
    yield Row(tuple(_figure(key) for key in keys), height=480, keep=False)


# ── XML ─────────────────────────────────────────────────────────────────────────────────────


def _table_xml(rows: Iterable[Row], grid: list[int], margin: int) -> str:
    """A table with full borders over the whole text area; `margin` is at the sides of a cell."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
    borders = "".join(f"<w:{side} {line}/>" for side in sides)
    margins = "".join(
        f'<w:{side} w:w="{20 if side in ("top", "bottom") else margin}" w:type="dxa"/>'
        for side in sides[:4]
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(_row_xml(row, grid) for row in rows)}</w:tbl>"
    )


def _row_xml(row: Row, grid: list[int]) -> str:
    """A row that no page break cuts."""
    cells, column = "", 0
    for cell in row.cells:
        cells += _cell_xml(cell, sum(grid[column : column + cell.span]), row.keep)
        column += cell.span
    header = "<w:tblHeader/>" if row.header else ""
    height = f'<w:trHeight w:val="{row.height}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{header}</w:trPr>{cells}</w:tr>"


def _cell_xml(cell: Cell, width: int, keep: bool) -> str:
    """A cell, its text in the middle of its height."""
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
    layout = "<w:keepNext/>" if keep else ""
    layout += '<w:ind w:left="85" w:right="85"/>' if cell.narrow else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraph(cell.style, cell.text, layout)}</w:tc>'
    )
