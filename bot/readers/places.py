"""Finds the cells of a workbook of ours again, after rows, columns and sheets were moved about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.form import Form
from bot.readers.formulas import Place
from bot.readers.register import SHEET, Entry, Register, column_mark, row_mark
from bot.readers.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Gone:
    """A cell that is not found any more, and why in a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a cell stands now."""

    sheet: Sheet
    place: Place


@dataclass(frozen=True)
class _Marked:
    """A sheet with the rows and columns that carry each mark."""

    sheet: Sheet
    corner: Place
    rows: Mapping[str, list[int]] = field(default_factory=dict)
    columns: Mapping[str, list[int]] = field(default_factory=dict)

    @cached_property
    def merges(self) -> list[tuple[Place, Place]]:
        """The merged ranges that cover more than one place."""
        return [(first, last) for first, last in self.sheet.merged if first != last]


def find_spots(register: Register, sheets: Iterable[Sheet], form: Form) -> dict[str, Spot | Gone]:
    """Every item of the register with its cell, or with why there is none."""
    sheets = tuple(sheets)
    marked = {mark: _find(mark, name, sheets) for mark, name in register.names.items()}
    spots: dict[str, Spot | Gone] = {}
    for entry in register.entries:
        held = marked.get(entry.sheet) or Gone("填报表里少了一张工作表。请重新导出一份再填。")
        spots[entry.item] = held if isinstance(held, Gone) else _spot(entry, held, form)
    for held in marked.values():
        if isinstance(held, _Marked):
            spots |= _swallowed(held, spots)
    return spots


def _find(mark: str, name: str, sheets: Iterable[Sheet]) -> _Marked | Gone:
    """The sheet that carries a mark; of several the one that kept its name."""
    found = [
        (sheet, place)
        for sheet in sheets
        for place, text in sheet.texts.items()
        if text == SHEET + mark
    ]
    what = "不止一张" if found else "找不到了"
    if len(found) > 1:
        found = [(sheet, place) for sheet, place in found if sheet.name == name]
    if len(found) != 1:
        return Gone(f"工作表“{name}”{what}，这张表整个没有读。请重新导出一份再填。")
    sheet, (top, left) = found[0]
    rows: dict[str, list[int]] = {}
    columns: dict[str, list[int]] = {}
    for (row, column), text in sheet.texts.items():
        if column == left:
            rows.setdefault(text, []).append(row)
        if row == top:
            columns.setdefault(text, []).append(column)
    return _Marked(sheet, (top, left), rows, columns)


def _spot(entry: Entry, held: _Marked, form: Form) -> Spot | Gone:
    """Where an entry's row and column meet."""
    rows = held.rows.get(row_mark(entry.row), [])
    columns = held.columns.get(column_mark(entry.column), [])
    if len(rows) == len(columns) == 1:
        return Spot(held.sheet, (rows[0], columns[0]))
    item = form.items[entry.item]
    line, lines = ("行", rows) if len(rows) != 1 else ("列", columns)
    what = "被删掉了" if not lines else "被复制成了几份"
    name = item.place[-1] if line == "列" else item.label
    return Gone(
        f"“{held.sheet.name[:31]}”里“{name}”那一{line}{what}，没有读。请重新导出一份再填，"
        "或者把这几个数直接发来。"
    )


def _swallowed(held: _Marked, spots: Mapping[str, Spot | Gone]) -> dict[str, Gone]:
    """The cells that somebody merged with others: whose the value is cannot be told."""
    cells = {
        spot.place: item
        for item, spot in spots.items()
        if isinstance(spot, Spot) and spot.sheet is held.sheet
    }
    gone: dict[str, Gone] = {}
    for first, last in held.merges:
        inside = [
            place
            for place in cells
            if first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1]
        ]
        if inside in ([], [first]) or not held.sheet.texts.get(first, "").strip():
            continue
        words = held.sheet.texts[first].strip()[:30]
        told = Gone(
            f"“{held.sheet.name[:31]}”里有几格被合并成了一格，里面写的是“{words}”，"
            "分不清是哪一格的，没有读。请取消合并，再分别填上。"
        )
        gone |= {cells[place]: told for place in inside}
    return gone
