"""The sheet of sums in a roll-up's workbook: the form's tables with a formula in each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.checks.figures.numbers import DECIMALS
from bot.form import Form
from bot.office.rollup import Rollup
from bot.report import Figure, show_figure
from bot.writers.boxes import Box, Layout, layouts
from bot.writers.tablesheet import MOST_DIGITS

Looks = Mapping[str, Any]

TITLE_ROWS = 3
"""Rows above the first table of sums."""
_LONG = 11  # characters of a label in one column of the grid
_NO_XML = "\ufffe\uffff"


def write_sums(
    sheet: Any, looks: Looks, rollup: Rollup, form: Form, ranges: Mapping[str, str]
) -> None:
    """The form's tables below one another; `ranges` are those whose sums stand in the cells.

    All tables share one grid of columns, as wide as the widest of them.
    """
    tables = layouts(form)
    width = max(layout.columns for layout in tables)
    top = TITLE_ROWS
    for layout in tables:
        sheet.write_string(top, 0, form.section(layout.section).label, looks["section"])
        sheet.set_row(top, 24)
        starts = list(_starts(layout, width))
        for box in layout.boxes:
            _write_box(sheet, looks, (top + 1, starts), layout, box)
            if box.key:
                place = top + 1 + box.row, starts[box.column]
                _write_sum(sheet, looks, place, form, box.key, rollup, ranges[box.key])
        for row in range(layout.rows):
            sheet.set_row(top + 1 + row, _height(layout, row, starts))
        top += layout.rows + 2
    sheet.set_column(0, width - 1, 9.5)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)


def _starts(layout: Layout, width: int) -> Iterator[int]:
    """Where each column of a table begins in the grid, and where the last one ends.

    A table without labels takes the whole grid; else a third of it or more is for the labels, the
    last of which are the longest.
    """
    figures = layout.columns - layout.labels
    reach = max(1, (width * 2 // 3 if layout.labels else width) // figures)
    left = width - reach * figures
    step = left // (layout.labels + 1) if layout.labels > 1 else 0
    yield from (step * number for number in range(layout.labels))
    yield from (left + reach * number for number in range(figures + 1))


def _write_box(
    sheet: Any, looks: Looks, corner: tuple[int, list[int]], layout: Layout, box: Box
) -> None:
    """A label with its borders, or the borders of a figure."""
    top, starts = corner
    row, column = top + box.row, starts[box.column]
    below, right = row + box.rows - 1, starts[box.column + box.columns] - 1
    left = box.column < layout.labels and box.row >= layout.heads
    look = looks["label" if left and box.columns <= layout.labels else "head"]
    if (below, right) != (row, column):
        sheet.merge_range(row, column, below, right, "", look)
    if not box.key:
        sheet.write_string(row, column, box.text, look)


def _write_sum(
    sheet: Any,
    looks: Looks,
    place: tuple[int, int],
    form: Form,
    cell: str,
    rollup: Rollup,
    given: str,
) -> None:
    """A sum as a formula with its result; blank where no unit has a figure."""
    look = looks["total" if cell in form.total_of else "figure"]
    figure = rollup.figures[cell]
    if figure is not None and not _fits(figure):
        sheet.write_string(*place, show_figure(figure), look)
        return
    total = f"SUM({given})"
    if form.items[cell].kind == "money":
        total = f"ROUND({total},{DECIMALS})"
    formula = f'=IF(COUNT({given})=0,"",{total})'
    sheet.write_formula(*place, formula, look, "" if figure is None else figure)


def write_figure(sheet: Any, row: int, column: int, figure: Figure, look: Any) -> None:
    """A figure as a number, or as text where a workbook could not keep all its digits."""
    if figure is None:
        sheet.write_blank(row, column, None, look)
    elif _fits(figure):
        sheet.write_number(row, column, figure, look)
    else:
        sheet.write_string(row, column, show_figure(figure), look)


def _fits(figure: int | Decimal) -> bool:
    return len(Decimal(figure).as_tuple().digits) <= MOST_DIGITS


def _height(layout: Layout, row: int, starts: list[int]) -> float:
    """How high a row of a table is, so that its longest label can be read."""
    lines = [
        -(-len(box.text) // (_LONG * (starts[box.column + box.columns] - starts[box.column]) // 2))
        for box in layout.boxes
        if box.row == row and box.rows == 1 and box.text
    ]
    return float(max(22, 15 * max(lines, default=1) + 6))


def clean(text: str) -> str:
    """A text without what a workbook cannot hold: control characters, halves of characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(one for one in whole if one in "\n\t" or (one >= " " and one not in _NO_XML))
