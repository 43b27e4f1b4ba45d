"""The statutory tables as boxes: where each label and each figure stands, and how far it reaches.

The shapes are those of the official blank form. Labels come from the form, so that an office's own
stand there already; only `INFORMATION` and `APPLICANTS` belong to no item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bot.form import Form, Line, Table

INFORMATION = "信息内容"
APPLICANTS = "申请人情况"


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: where it begins, from 0, how far it reaches, and its label or its figure's key."""

    row: int
    column: int
    text: str = ""
    key: str = ""
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """A section's table; `heads` rows and `labels` columns only say what the figures are."""

    section: str
    boxes: tuple[Box, ...]
    heads: int
    labels: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return max(box.row + box.rows for box in self.boxes)

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return max(box.column + box.columns for box in self.boxes)


@lru_cache(maxsize=8)
def layouts(form: Form) -> tuple[Layout, ...]:
    """The tables of the form, one for each section that has any."""
    found = []
    for section in form.sections:
        tables = [form.tables[key] for key in section.tables]
        if len(tables) > 1:
            found.append(Layout(section.key, tuple(_blocks(tables)), 0, 1))
        elif tables and tables[0].corner:
            found.append(_crossed(tables[0]))
        elif tables:
            found.append(_side_by_side(tables[0]))
    return tuple(found)


def _blocks(tables: list[Table]) -> Iterator[Box]:
    """Tables below one another under their clauses, all as wide as the widest (table two)."""
    width = max(len(table.columns) for table in tables)
    at = 0
    for table in tables:
        span = width // len(table.columns)
        yield Box(at, 0, table.clause, columns=width + 1)
        yield Box(at + 1, 0, INFORMATION)
        for number, column in enumerate(table.columns):
            yield Box(at + 1, 1 + number * span, column.label, columns=span)
        for down, row in enumerate(table.rows, at + 2):
            yield Box(down, 0, row.label)
            for number, column in enumerate(table.columns):
                key = table.item_key(row, column)
                yield Box(down, 1 + number * span, key=key, columns=span)
        at += 2 + len(table.rows)


def _crossed(table: Table) -> Layout:
    """Rows in groups at the left, columns in groups above (table three)."""
    labels = 1 + max(len(place) for place in table.groups.values())
    boxes = [
        Box(0, 0, table.corner, rows=3, columns=labels),
        Box(0, labels, APPLICANTS, columns=len(table.columns)),
        *_column_heads(table.columns, labels),
        *_row_groups(table),
    ]
    for down, row in enumerate(table.rows, 3):
        depth = len(table.groups[row.group])
        boxes.append(Box(down, depth, row.label, columns=labels - depth))
        boxes += (
            Box(down, across, key=table.item_key(row, column))
            for across, column in enumerate(table.columns, labels)
        )
    return Layout(table.section, tuple(boxes), 3, labels)


def _column_heads(columns: tuple[Line, ...], left: int) -> Iterator[Box]:
    """The second and third row of heads."""
    for group, lines in groupby(columns, key=lambda column: column.group):
        held = tuple(lines)
        if group:
            yield Box(1, left, group, columns=len(held))
        for across, column in enumerate(held, left):
            yield Box(2 if group else 1, across, column.label, rows=1 if group else 2)
        left += len(held)


def _row_groups(table: Table) -> Iterator[Box]:
    """The groups of rows, each over all the rows that follow one another in it."""
    places = [table.groups[row.group] for row in table.rows]
    for depth in range(max(map(len, places))):
        at = 3
        for head, held in groupby(places, key=lambda place: place[: depth + 1]):
            reach = len(list(held))
            if len(head) > depth:
                yield Box(at, depth, head[depth], rows=reach)
            at += reach


def _side_by_side(table: Table) -> Layout:
    """The form's rows side by side above one row of figures (table four)."""
    width = len(table.columns)
    boxes: list[Box] = []
    across = 0
    for place, lines in groupby(table.rows, key=lambda row: table.groups[row.group]):
        held = tuple(lines)
        if place:
            boxes.append(Box(0, across, place[0], columns=width * len(held)))
        for row in held:
            boxes.append(Box(len(place[:1]), across, row.label, columns=width))
            top = 2 if place else 1
            for at, column in enumerate(table.columns, across):
                boxes.append(Box(top, at, column.label, rows=3 - top))
                boxes.append(Box(3, at, key=table.item_key(row, column)))
            across += width
    return Layout(table.section, tuple(boxes), 3, 0)
