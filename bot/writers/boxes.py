"""The form's tables as boxes: where each label and each figure stands, and how far it reaches.

The one description of their shapes; every format is made from it. For the form of 2021 they are
those of the official blank form. Labels come from the form, so that an office's own stand there
already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bot.form import Form, Line, Shape, Table

WIDTH = 442.2
"""Of the text area in points: 210 mm less the margins of 28 and 26 mm."""
_FIGURE, _OUTER = 34.0, (30.5, 50.0)  # points of a column of figures and of the outer labels
_HEADS = 3
NARROW_COLUMN = 35.0
"""Points below which the head of a column breaks two and two characters."""


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
    shape: Shape
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

    @property
    def widths(self) -> tuple[float, ...]:
        """The width of each column in points, over the whole text area."""
        if self.shape != "crossed":
            return (WIDTH / self.columns,) * self.columns
        figures = self.columns - self.labels
        figure = min(_FIGURE, WIDTH * 0.6 / figures)
        outer = _OUTER[: self.labels - 1]
        return (*outer, WIDTH - sum(outer) - figures * figure, *(figure,) * figures)

    def heads_of(self, figure: Box) -> tuple[Box, ...]:
        """The labels that a figure stands under, the outermost first, and those left of it."""
        top = max(
            (b.row for b in self.boxes if b.columns == self.columns and b.row < figure.row),
            default=0,
        )
        above = [
            box
            for box in self.boxes
            if box.text
            and top <= box.row < (self.heads or top + 2)
            and box.column <= figure.column < box.column + box.columns
        ]
        left = [
            box
            for box in self.boxes
            if box.text
            and box.column < self.labels
            and box.columns < self.columns
            and box.row >= self.heads
            and box.row <= figure.row < box.row + box.rows
        ]
        return tuple(sorted(above, key=lambda b: b.row)) + tuple(
            sorted(left, key=lambda b: b.column)
        )


@lru_cache(maxsize=8)
def layouts(form: Form) -> tuple[Layout, ...]:
    """The tables of the form, one for each section that has any."""
    found = []
    for section in form.sections:
        tables = [form.tables[key] for key in section.tables]
        if tables:
            found.append(_LAYOUTS[section.shape](section.key, tables))
    return tuple(found)


def _blocks(section: str, tables: list[Table]) -> Layout:
    """Tables below one another under their clauses, all as wide as the widest (table two)."""
    width = max(len(table.columns) for table in tables)
    boxes: list[Box] = []
    at = 0
    for table in tables:
        boxes += _block(table, at, width)
        at += 2 + len(table.rows)
    return Layout(section, "blocks", tuple(boxes), 0, 1)


def _block(table: Table, at: int, width: int) -> Iterator[Box]:
    """The clause, the head and the rows of one block."""
    span = width // len(table.columns)
    yield Box(at, 0, table.clause, columns=width + 1)
    yield Box(at + 1, 0, table.corner)
    for number, column in enumerate(table.columns):
        yield Box(at + 1, 1 + number * span, column.label, columns=span)
    for down, row in enumerate(table.rows, at + 2):
        yield Box(down, 0, row.label)
        for number, column in enumerate(table.columns):
            key = table.item_key(row, column)
            yield Box(down, 1 + number * span, key=key, columns=span)


def _crossed(section: str, tables: list[Table]) -> Layout:
    """Rows in groups at the left, columns in groups above (table three)."""
    (table,) = tables
    labels = 1 + max((len(place) for place in table.groups.values()), default=0)
    boxes = [
        Box(0, 0, table.corner, rows=_HEADS, columns=labels),
        Box(0, labels, table.head, columns=len(table.columns)),
        *_column_heads(table.columns, labels),
        *_row_groups(table),
    ]
    for down, row in enumerate(table.rows, _HEADS):
        depth = len(_place(table, row))
        boxes.append(Box(down, depth, row.label, columns=labels - depth))
        boxes += (
            Box(down, across, key=table.item_key(row, column))
            for across, column in enumerate(table.columns, labels)
        )
    return Layout(section, "crossed", tuple(boxes), _HEADS, labels)


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
    places = [_place(table, row) for row in table.rows]
    for depth in range(max(map(len, places))):
        at = _HEADS
        for head, held in groupby(places, key=lambda place: place[: depth + 1]):
            reach = len(list(held))
            if len(head) > depth:
                yield Box(at, depth, head[depth], rows=reach)
            at += reach


def _across(section: str, tables: list[Table]) -> Layout:
    """All rows of all tables side by side above one row of figures (table four)."""
    boxes: list[Box] = []
    across, heads = 0, max(map(_depth, tables))
    for table in tables:
        width = len(table.columns)
        for place, lines in groupby(table.rows, key=lambda row: _place(table, row)):
            held = tuple(lines)
            if place:
                boxes.append(Box(0, across, place[0], columns=width * len(held)))
            for row in held:
                boxes += _lying(table, row, range(len(place[:1]), heads), across)
                across += width
    return Layout(section, "across", tuple(boxes), heads, 0)


def _depth(table: Table) -> int:
    """How many rows of heads a table needs: its groups, its rows, its columns."""
    return any(table.groups.values()) + 1 + (len(table.columns) > 1)


def _lying(table: Table, row: Line, heads: range, across: int) -> Iterator[Box]:
    """One row: its label over its columns, or alone where it has one, and its figures."""
    top, below = heads.start, heads.stop
    if len(table.columns) == 1:
        yield Box(top, across, row.label, rows=below - top)
    else:
        yield Box(top, across, row.label, columns=len(table.columns))
    for at, column in enumerate(table.columns, across):
        if len(table.columns) > 1:
            yield Box(top + 1, at, column.label, rows=below - 1 - top)
        yield Box(below, at, key=table.item_key(row, column))


def _place(table: Table, row: Line) -> tuple[str, ...]:
    """The groups that a row stands in."""
    return table.groups.get(row.group, ())


_LAYOUTS = {"blocks": _blocks, "crossed": _crossed, "across": _across}


def rows_of(boxes: Iterable[Box]) -> dict[int, list[Box]]:
    """The boxes by the row in which they begin, from left to right."""
    found: dict[int, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: (box.row, box.column)):
        found.setdefault(box.row, []).append(box)
    return found
