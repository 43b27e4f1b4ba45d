"""Finds the form's figures in tables of our own: exact labels, plain numbers and nothing else.

One rule serves all three tables: a cell is the figure whose labels stand left of it and above it;
merged cells are expanded beforehand. `bot.readers.figures` reads the tables of others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.form import Form, Item, Kind, Section
from bot.readers.blocks import Cell, Grid
from bot.report import Figure

_FIGURES: Mapping[Kind, re.Pattern[str]] = {
    "count": re.compile(r"[0-9]{1,15}"),
    "money": re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?"),
}


_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures found by key; in sentences what was not, and what stood there instead."""

    found: Mapping[str, Figure]
    unread: tuple[str, ...]
    unreadable: Mapping[str, str]


def read_figures(grids: Iterable[Grid], form: Form) -> Figures:
    """The form's figures; a blank cell is None, an unreadable one is None and said."""
    grids = tuple(grids)
    found: dict[str, Figure] = dict.fromkeys(form.cells)
    unread: list[str] = []
    unreadable: dict[str, str] = {}
    for section in form.sections:
        if not section.tables:
            continue
        items = [form.items[key] for key in form.cells if form.items[key].section == section.key]
        grid = _find(grids, items)
        if grid is None:
            unread.append(f"没有找到“{section.label}”的表格。")
            continue
        cells = match_labels(grid, items)
        for item in items:
            texts = cells.get(item.key, ())
            found[item.key], fault = _read(item, texts)
            if fault:
                unread.append(f"“{place_of(item, section)}”{fault}")
                unreadable |= {item.key: "、".join(texts)[:60]} if texts else {}
    return Figures(found, tuple(unread), unreadable)


def place_of(item: Item, section: Section) -> str:
    """Where a figure stands, in words: section and labels."""
    return " · ".join((section.label, *item.place))


def _plain(text: str) -> str:
    """A label without what differs from office to office: white space, full and half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _find(grids: Iterable[Grid], items: Iterable[Item]) -> Grid | None:
    """The table that holds most of the labels, and at least half of them."""
    labels = {_plain(label) for item in items for label in item.place}

    def held(grid: Grid) -> int:
        return len(labels & {_plain(cell.text) for row in grid.rows for cell in row})

    best = max(grids, key=held, default=None)
    return best if best is not None and 2 * held(best) >= len(labels) else None


def match_labels(grid: Grid, items: Iterable[Item]) -> dict[str, list[str]]:
    """For each figure the texts of the cells that its labels point at."""
    keys = {frozenset(map(_plain, item.place)): item.key for item in items}
    labels = frozenset().union(*keys)
    cells: dict[str, list[str]] = {}
    for cell, left, above in _surroundings(grid, labels):
        key = keys.get(left | above) or keys.get(left)
        if key:
            cells.setdefault(key, []).append(cell.text)
    return cells


def _surroundings(
    grid: Grid, labels: frozenset[str]
) -> Iterator[tuple[Cell, frozenset[str], frozenset[str]]]:
    """Every cell that is no label, with the labels left of it and above it.

    A row of labels alone below a figure begins another block: what stood above counts no more.
    """
    above: dict[int, frozenset[str]] = {}
    closed: set[int] = set()
    for number, row in enumerate(grid.rows):
        left: frozenset[str] = frozenset()
        texts = [_plain(cell.text) for cell in row]
        heads = {column for column, text in enumerate(texts) if text in labels}
        if heads & closed - {0} and all(text in labels or not text for text in texts):
            above = {column: held for column, held in above.items() if column not in closed}
            closed.clear()
        for column, (cell, text) in enumerate(zip(row, texts, strict=True)):
            if text in labels:
                left |= {text}
                above[column] = above.get(column, frozenset()) | {text}
            elif (cell.row, cell.column) == (number, column):
                yield cell, left, above.get(column, frozenset())
                closed.add(column)


def _read(item: Item, texts: Sequence[str]) -> tuple[Figure, str]:
    """The figure in a cell, or None and what is wrong."""
    if len(texts) != 1:
        return None, "这一格没有找到。" if not texts else "这一格找到不止一处。"
    text = texts[0].strip()
    figure = read_plain(text, item.kind)
    fault = f"这一格写的是“{text[:40]}”，读不成数。" if text and figure is None else ""
    return figure, fault


def read_plain(text: str, kind: Kind) -> Figure:
    """A figure as this program prints it; None for a blank and for anything else."""
    if not _FIGURES.get(kind, _NOTHING).fullmatch(text.strip()):
        return None
    return Decimal(text) if kind == "money" else int(text)
