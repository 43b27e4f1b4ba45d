"""The tables of a form's .docx template: rows and merged cells as in `bot.writers.boxes`.

Used by `make_report_docx.py` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from bot.form import Form
from bot.writers.boxes import NARROW_COLUMN, Box, Layout, layouts

TWIPS = 20  # to a point


def paragraph(style: str, text: str, layout: str = "", after: str = "") -> str:
    """A paragraph; `layout` is XML laid over its style, `after` is XML behind the text."""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{layout}</w:pPr>{run}{after}</w:p>'


def tables(form: Form) -> dict[str, str]:
    """The XML of each table by the key of its section."""
    return {layout.section: _table_xml(layout) for layout in layouts(form)}


# ── rows and cells ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Look:
    """A table's row heights in twips, of heads and of figures, and the room beside a cell."""

    head: int
    body: int
    margin: int


LOOKS = {
    "blocks": Look(480, 480, 85),
    "crossed": Look(360, 360, 20),
    "across": Look(400, 480, 14),
}


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


def _cells(layout: Layout, row: int) -> Iterator[Cell]:
    """The cells of one row from left to right."""
    column = 0
    while column < layout.columns:
        box = _box_at(layout, row, column)
        begins = box.row == row
        text = f"{{{{ figure['{box.key}'] }}}}" if box.key else box.text
        merge = "" if box.rows == 1 else "restart" if begins else "continue"
        narrow = begins and _is_narrow(layout, box)
        yield Cell(text if begins else "", box.columns, merge, _style(layout, box), narrow)
        column += box.columns


def _box_at(layout: Layout, row: int, column: int) -> Box:
    """The box that covers a place."""
    return next(
        box
        for box in layout.boxes
        if box.row <= row < box.row + box.rows and box.column <= column < box.column + box.columns
    )


def _style(layout: Layout, box: Box) -> str:
    """The style of a cell: labels at the left, all else in the middle; an outermost group, too."""
    if layout.shape == "blocks":
        return "ReportCell"
    is_group = box.column == 0 and box.row >= layout.heads and box.columns == 1 < layout.labels
    is_label = not box.key and box.column < layout.labels and not is_group
    return "ReportSmallLabel" if is_label else "ReportSmallCell"


def _is_narrow(layout: Layout, box: Box) -> bool:
    """Whether a head is that of one narrow column."""
    if box.key or layout.shape == "blocks" or box.row >= layout.heads or box.columns > 1:
        return False
    alone = layout.shape == "crossed" and box.rows > 1
    return not alone and layout.widths[box.column] < NARROW_COLUMN


# ── XML ─────────────────────────────────────────────────────────────────────────────────────


def _table_xml(layout: Layout) -> str:
    """A table with full borders over the whole text area."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
    borders = "".join(f"<w:{side} {line}/>" for side in sides)
    margin, grid = LOOKS[layout.shape].margin, _grid(layout)
    margins = "".join(
        f'<w:{side} w:w="{20 if side in ("top", "bottom") else margin}" w:type="dxa"/>'
        for side in sides[:4]
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(_row_xml(layout, row, grid) for row in range(layout.rows))}</w:tbl>"
    )


def _grid(layout: Layout) -> list[int]:
    """The columns' widths in twips; what rounding leaves goes to the first ones."""
    widths = [int(width * TWIPS + 1e-6) for width in layout.widths]
    left = round(sum(layout.widths) * TWIPS) - sum(widths)
    return [width + (at < left) for at, width in enumerate(widths)]


def _row_xml(layout: Layout, row: int, grid: list[int]) -> str:
    """A row that no page break cuts; all but the last hold to the next, heads are repeated."""
    cells, column = "", 0
    for cell in _cells(layout, row):
        width = sum(grid[column : column + cell.span])
        cells += _cell_xml(cell, width, keep=row < layout.rows - 1)
        column += cell.span
    look, is_head = LOOKS[layout.shape], row < layout.heads
    height = f'<w:trHeight w:val="{look.head if is_head else look.body}" w:hRule="atLeast"/>'
    header = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{header}</w:trPr>{cells}</w:tr>"


def _cell_xml(cell: Cell, width: int, *, keep: bool) -> str:
    """A cell, its text in the middle of its height."""
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
    layout = "<w:keepNext/>" if keep else ""
    layout += '<w:ind w:left="85" w:right="85"/>' if cell.narrow else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraph(cell.style, cell.text, layout)}</w:tc>'
    )
