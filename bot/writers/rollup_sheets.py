"""The two sheets of figures in a roll-up's workbook: the units' figures, and the form's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from bot.checks.figures.numbers import DECIMALS
from bot.form import Form
from bot.office.rollup import Contribution, Rollup, is_own, usable
from bot.office.standing import STATES
from bot.readers.formulas import name_of
from bot.report import Figure, show_figure
from bot.writers.boxes import Box, Layout, layouts
from bot.writers.tablesheet import MOST_DIGITS

Looks = Mapping[str, Any]

TITLE_ROWS = 3
"""Rows above the first table of sums."""
_UNITS = "明细"
_ABOUT = ("单位", "状态", "版本")
_HEADS = 3  # section, row and column of the form
_LONG = 11  # characters of a label in one column of the grid
_NO_XML = "\ufffe\uffff"


class UnitsSheet:
    """A row for each unit counted; `columns` are then the range of each cell's figures."""

    def __init__(self, sheet: Any, looks: Looks, rollup: Rollup, form: Form) -> None:
        self.sheet = sheet
        self.looks = looks
        self.rollup = rollup
        self.form = form
        self.columns: dict[str, str] = {}

    def write(self) -> None:
        """Write heads and figures; names and heads stay in view."""
        self._write_heads()
        for row, one in enumerate(self.rollup.counted, _HEADS):
            self._write_unit(row, one)
        last = _HEADS + max(len(self.rollup.counted), 1)
        for column, cell in enumerate(self.form.cells, len(_ABOUT)):
            letters = name_of(column)
            self.columns[cell] = f"{_UNITS}!${letters}${_HEADS + 1}:${letters}${last}"
        self._set_up(last)

    def _write_heads(self) -> None:
        """Three rows of heads: the table, its row, its column."""
        sheet, looks, form = self.sheet, self.looks, self.form
        for column, head in enumerate(_ABOUT):
            sheet.merge_range(0, column, _HEADS - 1, column, head, looks["head"])
        sections = [(form.items[cell].section, "") for cell in form.cells]
        rows = [(form.items[cell].table, form.items[cell].row) for cell in form.cells]
        for at, keys in enumerate((sections, rows)):
            column = len(_ABOUT)
            for (key, row), held in groupby(keys):
                words = form.short_row(key, row) if row else form.section(key).label
                width = len(list(held))
                self._write_head(at, column, width, words)
                column += width
        for column, cell in enumerate(form.cells, len(_ABOUT)):
            item = form.items[cell]
            labels = {line.key: line.label for line in form.tables[item.table].columns}
            sheet.write_string(2, column, labels[item.column], looks["head"])

    def _write_head(self, row: int, column: int, width: int, words: str) -> None:
        if width > 1:
            self.sheet.merge_range(row, column, row, column + width - 1, words, self.looks["head"])
        else:
            self.sheet.write_string(row, column, words, self.looks["head"])

    def _write_unit(self, row: int, one: Contribution) -> None:
        """The figures of one unit."""
        sheet, looks, form = self.sheet, self.looks, self.form
        own = "（本级）" if is_own(one.unit, self.rollup.district) else ""
        sheet.write_string(row, 0, clean(one.unit.called + own), looks["name"])
        sheet.write_string(row, 1, STATES[one.state], looks["figure"])
        sheet.write_number(row, 2, one.version, looks["figure"])
        for column, cell in enumerate(form.cells, len(_ABOUT)):
            figure = usable(form, cell, one.figures.get(cell))
            look = looks["total" if cell in form.total_of else "figure"]
            write_figure(sheet, row, column, figure, look)

    def _set_up(self, last: int) -> None:
        sheet, width = self.sheet, len(_ABOUT) + len(self.form.cells)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 2, 8)
        sheet.set_column(len(_ABOUT), width - 1, 10)
        sheet.set_row(1, 32)
        sheet.set_row(2, 48)
        sheet.freeze_panes(_HEADS, 1)
        sheet.autofilter(_HEADS - 1, 0, last - 1, width - 1)
        sheet.set_paper(8)
        sheet.set_landscape()
        sheet.repeat_rows(0, _HEADS - 1)
        sheet.repeat_columns(0)
        sheet.set_footer("&C&P / &N")


def write_sums(
    sheet: Any, looks: Looks, rollup: Rollup, form: Form, columns: Mapping[str, str]
) -> None:
    """The form's tables below one another; `columns` are the ranges whose sums stand in the cells.

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
                _write_sum(sheet, looks, place, form, box.key, rollup, columns[box.key])
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
    column: str,
) -> None:
    """A sum as a formula with its result; blank where no unit has a figure."""
    look = looks["total" if cell in form.total_of else "figure"]
    figure = rollup.figures[cell]
    if figure is not None and not _fits(figure):
        sheet.write_string(*place, show_figure(figure), look)
        return
    total = f"SUM({column})"
    if form.items[cell].kind == "money":
        total = f"ROUND({total},{DECIMALS})"
    formula = f'=IF(COUNT({column})=0,"",{total})'
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
