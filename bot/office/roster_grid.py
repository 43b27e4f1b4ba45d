"""The rows of a roster that hold something, cut as lines where it is a pasted list.

Pure. What is larger than any roster is not read, and said: a list is read while somebody waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.office.roster_cells import cut
from bot.office.roster_columns import MOST_COLUMNS
from bot.office.roster_lines import Fault
from bot.office.roster_words import clean

MOST_CELLS = 20_000  # that hold something
MOST_TEXT = 300_000

_TOO_LARGE = "名单太大，从这一行起没有读。请只留下单位名称和要用的几列，分几次发。"
_TOO_WIDE = f"这一行超过 {MOST_COLUMNS} 列，右边的没有读。请一行只写一个单位。"
_MOST_CUT = 30  # cells of a pasted line; more are a list on one line


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something, its number from 1, and the line that it was cut from."""

    number: int
    cells: Sequence[str]
    line: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as the office counts."""
        return f"第{self.number}行"

    @property
    def text(self) -> str:
        """All that stands in it, as it stood."""
        return clean(self.line or " ".join(_full(self)))


def rows_of(grid: Sequence[Sequence[str]]) -> tuple[list[Row], list[Fault]]:
    """The rows of a grid that hold something; where all have one cell they are cut as lines."""
    held = [Row(n, row) for n, row in enumerate(grid, 1) if any(map(str.strip, row))]
    held, large = _within(held)
    if not any(len(_full(row)) > 1 for row in held):
        held, larger = _within([row for line in held for row in _cut(line)])
        large += larger
    wide = [
        Fault(row.place, _TOO_WIDE, "too_many")
        for row in held
        if any(map(str.strip, row.cells[MOST_COLUMNS:]))
    ]
    return [replace(row, cells=row.cells[:MOST_COLUMNS]) for row in held], [*large, *wide]


def _within(rows: Sequence[Row]) -> tuple[list[Row], list[Fault]]:
    """The rows up to the one that is too much, and that there was one."""
    cells = texts = 0
    for number, row in enumerate(rows):
        full = _full(row)
        cells += len(full)
        texts += sum(map(len, full))
        if cells > MOST_CELLS or texts > MOST_TEXT:
            return list(rows[:number]), [Fault(row.place, _TOO_LARGE, "too_many")]
    return list(rows), []


def _cut(row: Row) -> list[Row]:
    """A line as one row; a list on one line as a row for each name."""
    line = "".join(row.cells)
    cells = cut(line)
    if len(cells) > _MOST_CUT:
        return [Row(row.number, (cell,)) for cell in cells]
    return [Row(row.number, cells, line)]


def _full(row: Row) -> list[str]:
    """The cells that hold something."""
    return [cell for cell in row.cells if cell.strip()]
