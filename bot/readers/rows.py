"""The rows of a foreign table as its cells stand, and the places of their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.readers.amounts import plain
from bot.readers.blocks import Cell, Grid


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the cells that begin in it, its place in the grid, and its width in columns."""

    cells: tuple[Cell, ...]
    number: int
    width: int


@dataclass(slots=True)
class Found:
    """What a table gave: the texts that stood in each cell of the form, and what was not taken.

    `taken` are the form's rows that were seen, `left` the labels of rows that the form does not
    have, `units` the units of money that the words beside a cell name.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, text: str) -> None:
        """Add what stood in a cell; the same again is only a repetition."""
        held = self.texts.setdefault(key, [])
        if text not in held:
            held.append(text)


def rows_of(grid: Grid) -> Iterator[Row]:
    """The rows of a grid, each with the cells that begin in it."""
    for number, row in enumerate(grid.rows):
        cells = (c for at, c in enumerate(row) if (c.row, c.column) == (number, at))
        yield Row(tuple(cells), number, len(row))


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return not plain(cell.text)


def windows(cells: Sequence[Cell], width: int) -> list[int]:
    """Where a run of `width` cells can begin so that everything that is filled lies in it."""
    filled = [at for at, cell in enumerate(cells) if not is_blank(cell)]
    if not filled:
        return [0] if len(cells) >= width else []
    starts = range(max(0, filled[-1] - width + 1), min(filled[0], len(cells) - width) + 1)
    return list(starts)


def usual_starts(rows: Sequence[Sequence[Cell]], width: int) -> dict[int, int]:
    """Where the values begin in rows of each length, by the rows that leave no choice.

    A length is left out where these rows do not agree, or where there is only one of them.
    """
    sure: dict[int, Counter[int]] = {}
    for cells in rows:
        starts = windows(cells, width)
        if len(cells) > width and len(starts) == 1 and _is_filled(cells):
            sure.setdefault(len(cells), Counter())[starts[0]] += 1
    return {
        length: next(iter(counted))
        for length, counted in sure.items()
        if len(counted) == 1 and counted.total() > 1
    }


def _is_filled(cells: Sequence[Cell]) -> bool:
    return any(not is_blank(cell) for cell in cells)


def spread(cells: Sequence[Cell], width: int, usual: int | None = None) -> list[str] | None:
    """The texts of `width` columns in order, or None where it is not clear which cell is which."""
    starts = windows(cells, width)
    if len(starts) == 1:
        start = starts[0]
    elif usual in starts:
        start = starts[starts.index(usual)]
    else:
        return None
    return [cell.text for cell in cells[start : start + width]]
