"""The sheet of the units' figures in a roll-up's workbook: a row for each item of the form.

It is as long as the form and as wide as the list of units, so that it prints on upright pages, at
most nine units beside the names of the items.
"""

from __future__ import annotations

from itertools import groupby
from math import ceil
from typing import Any

from bot.form import Form
from bot.office.rollup import Contribution, Rollup, is_own, usable
from bot.office.standing import STATES
from bot.readers.formulas import name_of
from bot.writers.rollup_sheets import Looks, clean, write_figure

SHEET = "明细"
_TITLE, _STATE, _VERSION, _UNIT = range(4)  # the rows above the first section
_FIRST = _UNIT + 1
_LABELS = 2  # columns that name an item: its row and its column in the form
_WIDTHS = (19, 16)
_WIDE, _SIGNS = 8.5, 3  # a unit's column, and how many Chinese characters of its name fit a line
_MOST_LINES = 6
_MOST_NAME = 60  # characters in a footer; a workbook allows 255 in all
_PER_PAGE = 9
_SCALE = 62  # percent: labels, nine units and a third of the rows fill an A4 page


class UnitsSheet:
    """A column for each unit counted; `ranges` are then where each cell's figures stand."""

    def __init__(self, sheet: Any, looks: Looks, rollup: Rollup, form: Form) -> None:
        self.sheet = sheet
        self.looks = looks
        self.rollup = rollup
        self.form = form
        self.ranges: dict[str, str] = {}

    def write(self, title: str) -> None:
        """Write heads, names of the items and figures; heads and names stay in view."""
        self.sheet.write_string(_TITLE, 0, clean(title), self.looks["title"])
        self.sheet.set_row(_TITLE, 24)
        self._write_heads()
        places = self._write_items()
        for column, one in enumerate(self.rollup.counted, _LABELS):
            self._write_unit(column, one, places)
        self._set_up(max(places.values()))

    def _write_heads(self) -> None:
        """State, version and name, each in front of those of the units."""
        for row, words in ((_STATE, "状态"), (_VERSION, "版本")):
            self.sheet.merge_range(row, 0, row, _LABELS - 1, words, self.looks["head"])
        for column, words in enumerate(("项目", "栏目")):
            self.sheet.write_string(_UNIT, column, words, self.looks["head"])
        longest = max((len(self._name(one)) for one in self.rollup.counted), default=0)
        lines = min(_MOST_LINES, max(2, ceil(longest / _SIGNS)))
        self.sheet.set_row(_UNIT, 15 * lines + 4)

    def _write_items(self) -> dict[str, int]:
        """The names of all items under the heads of their sections; the row of each cell."""
        form, row = self.form, _FIRST
        last = name_of(_LABELS + max(len(self.rollup.counted), 1) - 1)
        places: dict[str, int] = {}
        for section, cells in groupby(form.cells, key=lambda cell: form.items[cell].section):
            self._write_section(row, form.section(section).label)
            for at, cell in enumerate(cells, row + 1):
                places[cell] = at
                self._write_item(at, cell)
                self.ranges[cell] = f"{SHEET}!${name_of(_LABELS)}${at + 1}:${last}${at + 1}"
            row = at + 1
        return places

    def _write_section(self, row: int, label: str) -> None:
        """A section's head across all units."""
        self.sheet.write_string(row, 0, label, self.looks["band"])
        for column in range(1, _LABELS + len(self.rollup.counted)):
            self.sheet.write_blank(row, column, None, self.looks["band"])
        self.sheet.set_row(row, 20)

    def _write_item(self, row: int, cell: str) -> None:
        """The item's row and column in the form, on each line: a page may begin anywhere."""
        item = self.form.items[cell]
        lines = self.form.tables[item.table].columns
        column = next(line for line in lines if line.key == item.column)
        look = self.looks["strong" if cell in self.form.total_of else "item"]
        self.sheet.write_string(row, 0, self.form.short_row(item.table, item.row), look)
        self.sheet.write_string(row, 1, column.label, look)
        if 2 * len(column.label) > _WIDTHS[1] + 2:
            self.sheet.set_row(row, 32)

    def _write_unit(self, column: int, one: Contribution, places: dict[str, int]) -> None:
        """The figures of one unit, below its name."""
        sheet, looks, form = self.sheet, self.looks, self.form
        sheet.write_string(_STATE, column, STATES[one.state], looks["head"])
        sheet.write_number(_VERSION, column, one.version, looks["head"])
        sheet.write_string(_UNIT, column, clean(self._name(one)), looks["head"])
        for cell, row in places.items():
            look = looks["total" if cell in form.total_of else "figure"]
            write_figure(sheet, row, column, usable(form, cell, one.figures.get(cell)), look)

    def _name(self, one: Contribution) -> str:
        own = "（本级）" if is_own(one.unit, self.rollup.district) else ""
        return one.unit.called + own

    def _set_up(self, last: int) -> None:
        """Widths, what stays in view, and pages that all have about as many units."""
        sheet, count = self.sheet, len(self.rollup.counted)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(_LABELS, _LABELS + max(count, 1) - 1, _WIDE)
        sheet.freeze_panes(_FIRST, _LABELS)
        sheet.autofilter(_UNIT, 0, last, _LABELS - 1)
        sheet.set_paper(9)
        sheet.set_portrait()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_print_scale(_SCALE)
        sheet.repeat_rows(_STATE, _UNIT)
        sheet.repeat_columns(0, _LABELS - 1)
        sheet.set_v_pagebreaks([_LABELS + at for at in _breaks(count)])
        about = clean(self.rollup.district.name)[:_MOST_NAME].replace("&", "&&")
        sheet.set_footer(f"&L{about}{self.rollup.year}年{SHEET}&C&P / &N")


def _breaks(count: int) -> list[int]:
    """Behind how many units a page ends, the last page left out."""
    pages = max(1, ceil(count / _PER_PAGE))
    return [count * page // pages for page in range(1, pages)]
