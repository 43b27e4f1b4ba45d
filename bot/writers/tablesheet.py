"""One sheet of the workbook: a statutory table to fill in, with last year's figures beside it.

The first row and column are hidden and carry marks, by which `bot.readers.places` finds the cells
again. Strings are always written as strings: none becomes a formula or a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.form import Rule
from bot.readers.formulas import Place
from bot.readers.register import SHEET, Entry, column_mark, row_mark
from bot.report import Figure, Report, show_figure
from bot.writers.boxes import Box, Layout
from bot.writers.sheetrules import Content, SheetRules, balances, cell_name, ranges

TOP, LEFT = 3, 1  # hidden marks, the title, a hint; hidden marks
DRAFT = "草稿 · 未完成，请勿外发"
MOST_DIGITS = 15  # a workbook keeps no more of a number
_LONG = 22  # characters of a label that go into one column
HINT = "浅黄色的格子填数，没有填 0，不清楚空着；总计自己加出来。"


class TableSheet:
    """Writes the sheet of one layout; `entries` are then its lines in the register."""

    def __init__(self, sheet: Any, looks: Mapping[str, Any], layout: Layout, content: Content):
        self.sheet = sheet
        self.looks = looks
        self.layout = layout
        self.content = content
        self.entries: list[Entry] = []
        self.places = {
            box.key: (TOP + box.row, LEFT + box.column) for box in layout.boxes if box.key
        }
        self.wide = layout.labels == 0
        self.below = TOP + layout.rows
        self.before: dict[str, Place] = {}

    def write(self) -> None:
        """Write everything; the marks come last, when it is known how many rows there are."""
        right = LEFT + self.layout.columns
        section = self.content.form.section(self.layout.section).label
        title = f"{self.content.report.agency}{self.content.report.year}年 · {section}"
        draft = "" if self.content.report.final else f"（{DRAFT}）"
        self.sheet.write_string(1, LEFT, title + draft, self.looks["title"])
        self.sheet.write_string(2, LEFT, HINT, self.looks["hint"])
        for box in self.layout.boxes:
            self._write_box(box)
        self._write_checks()
        if self.content.last:
            right = max(right, self._write_last(self.content.last))
        self._write_conflicts()
        rules = SheetRules(self.sheet, self.looks, self.content, self.places, self.before)
        rules.validate()
        rules.colour()
        self._set_up_page(right)
        self._mark(right)

    # ── cells ───────────────────────────────────────────────────────────────────────────────

    def _write_box(self, box: Box) -> None:
        """A label, an input cell or a total."""
        form, place = self.content.form, (TOP + box.row, LEFT + box.column)
        if not box.key:
            left = box.column < self.layout.labels and box.row >= self.layout.heads
            look = "label" if left and box.columns <= self.layout.labels else "head"
            self._put(box, place, look)
            self.sheet.write_string(*place, box.text, self.looks[look])
            return
        value = self.content.figures.get(box.key)
        total = box.key in form.total_of
        self._put(box, place, "total" if total else "input")
        if total:
            self._write_total(box.key, place, value)
        else:
            self._write_figure(place, value, "input")
        given = self.content.report.figures.get(box.key)
        self.entries.append(
            Entry(
                "total" if total else "cell", box.key, self.layout.section, *place,
                show_figure(given),
            )
        )  # fmt: skip

    def _put(self, box: Box, place: Place, look: str) -> None:
        """The borders of a cell and what it covers."""
        row, column = place
        if box.rows * box.columns > 1:
            last = row + box.rows - 1, column + box.columns - 1
            self.sheet.merge_range(row, column, *last, "", self.looks[look])
        else:
            self.sheet.write_blank(row, column, None, self.looks[look])

    def _write_figure(self, place: Place, value: Figure, look: str) -> None:
        """A figure as a number, or as text where a workbook could not keep all its digits."""
        if value is None:
            self.sheet.write_blank(*place, None, self.looks[look])
        elif len(Decimal(value).as_tuple().digits) > MOST_DIGITS:
            self.sheet.write_string(*place, show_figure(value), self.looks[look])
        else:
            self.sheet.write_number(*place, value, self.looks[look])

    def _write_total(self, key: str, place: Place, value: Figure) -> None:
        """A formula with its result; blank while a part is, so that no 0 shows that nobody said."""
        parts = self.content.form.total_of[key]
        cells = ranges([self.places[part] for part in parts])
        formula = f'=IF(COUNT({cells})<{len(parts)},"",SUM({cells}))'
        shown = "" if value is None else value
        self.sheet.write_formula(*place, formula, self.looks["total"], shown)

    # ── beneath and beside the table ────────────────────────────────────────────────────────

    def _write_checks(self) -> None:
        """A row that says in words how far each column is from its equation."""
        rules = [
            rule
            for rule in balances(self.content.form, self.places)
            if self._column(rule) is not None
        ]
        if not rules:
            return
        if self.layout.labels > 1:
            last = self.below, LEFT + self.layout.labels - 1
            self.sheet.merge_range(self.below, LEFT, *last, "", self.looks["check"])
        self.sheet.write_string(self.below, LEFT, "核对勾稽关系", self.looks["check"])
        for rule in rules:
            left, right = (
                "+".join(cell_name(self.places[cell]) for cell in side)
                for side in (rule.left, rule.right)
            )
            count = f"COUNT({ranges([self.places[cell] for cell in rule.cells])})"
            formula = (
                f'=IF({count}<{len(rule.cells)},"",IF({left}={right},"相符",'
                f'"相差 "&ABS({left}-({right}))))'
            )
            result = self._balance(rule)
            place = self.below, self._column(rule)
            self.sheet.write_formula(*place, formula, self.looks["check"], result)
        self.below += 1

    def _column(self, rule: Rule) -> int | None:
        columns = {self.places[cell][1] for cell in rule.cells}
        return columns.pop() if len(columns) == 1 else None

    def _balance(self, rule: Rule) -> str:
        """What the formula of an equation comes to."""
        known = {cell: self.content.figures.get(cell) for cell in rule.cells}
        if None in known.values():
            return ""
        sums = [sum(known[cell] or 0 for cell in side) for side in (rule.left, rule.right)]
        apart = abs(sums[0] - sums[1])
        return f"相差 {apart}" if apart else "相符"

    def _write_last(self, last: Report) -> int:
        """Last year's figures: beneath a wide table, else to the right; where the sheet ends."""
        heads = [box for box in self.layout.boxes if self._is_repeated(box)]
        if self.wide:
            down, across = self.below + 2 - TOP - min(box.row for box in heads), 0
        else:
            down, across = 0, self.layout.columns + 1 - self.layout.labels
        for box in heads:
            place = TOP + box.row + down, LEFT + box.column + across
            self._put(box, place, "old")
            if box.key:
                self.before[box.key] = place
                self._write_figure(place, last.figures.get(box.key), "old")
            else:
                self.sheet.write_string(*place, box.text, self.looks["old"])
        row, column = (self.below + 1, LEFT) if self.wide else (2, LEFT + self.layout.columns + 1)
        year = f"{last.year}年" if last.year else "上一年"
        self.sheet.write_string(row, column, f"{year}的数，只供对照，不用填", self.looks["hint"])
        self.below = self.below + 3 if self.wide else self.below
        return max(column for _, column in self.before.values()) + 1

    def _is_repeated(self, box: Box) -> bool:
        """Whether a box stands in last year's block too."""
        return bool(box.key) if self.wide else box.column >= self.layout.labels

    def _write_conflicts(self) -> None:
        """Say which totals of the record are not what the cells of this sheet come to."""
        recorded = self.content.report.figures
        for key in self.content.form.total_of:
            if key not in self.places or recorded.get(key) in (None, self.content.figures[key]):
                continue
            place = " · ".join(self.content.form.items[key].place)
            added = show_figure(self.content.figures[key])
            words = f"各项加起来是 {added}" if added else "各项还没有填全"
            self.sheet.write_string(
                self.below, LEFT,
                f"注意：记录里“{place}”是 {show_figure(recorded[key])}，{words}。"
                "交回以后以各项之和为准。",
                self.looks["warning"],
            )  # fmt: skip
            self.below += 1

    # ── the page ────────────────────────────────────────────────────────────────────────────

    def _set_up_page(self, right: int) -> None:
        """A4, as wide as the page, the heads on every page; the labels stay in view."""
        layout, sheet = self.layout, self.sheet
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.set_footer("&C&P / &N")
        if not self.content.report.final:
            sheet.set_header(f"&C{DRAFT}")
        if self.wide or self.content.last:
            sheet.set_landscape()
        if layout.heads:
            sheet.repeat_rows(TOP, TOP + layout.heads - 1)
        sheet.freeze_panes(TOP + layout.heads, LEFT + layout.labels)
        for column in range(LEFT, right):
            sheet.set_column(column, column, self._width(column - LEFT))
        sheet.set_row(1, 24)
        for row in range(TOP, self.below):
            sheet.set_row(row, 24)
        for box in layout.boxes:
            if box.rows == 1 and box.column < layout.labels and len(box.text) > _LONG * box.columns:
                sheet.set_row(TOP + box.row, 32)
        sheet.print_area(1, LEFT, self.below - 1, right - 1)

    def _width(self, column: int) -> float:
        """How wide a column is: labels wide, groups and gaps narrow."""
        labels = self.layout.labels
        if column == self.layout.columns:
            return 2
        if labels == 1:
            return 20 if column == 0 else 17
        if column < labels:
            return 36 if column == labels - 1 else 14
        return 9.5

    def _mark(self, right: int) -> None:
        """The hidden marks of the sheet, its rows and its columns."""
        self.sheet.write_string(0, 0, SHEET + self.layout.section)
        for row in range(TOP, TOP + self.layout.rows):
            self.sheet.write_string(row, 0, row_mark(row))
        for column in range(LEFT, LEFT + self.layout.columns):
            self.sheet.write_string(0, column, column_mark(column))
        self.sheet.set_row(0, None, None, {"hidden": True})
        self.sheet.set_column(0, 0, None, None, {"hidden": True})
