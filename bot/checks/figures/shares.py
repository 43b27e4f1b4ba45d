"""How likely a line of a table looks, given how its table usually splits over the columns.

Pure. Lines follow the table's shares, but more loosely than by chance alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import lgamma

from bot.form import Table

FLOOR = 0.3
FIRMNESS = 200.0
"""How closely lines follow the shares. From 40 to 600 the first proposals are right equally often;
fitting it to each table did not help either (tests/bench/locate.py)."""

Line = tuple[str, ...]


class Grid:
    """The cells of one table, by rows and by columns; `parts` are those that are no total."""

    def __init__(self, table: Table) -> None:
        self.rows: tuple[Line, ...] = tuple(
            tuple(table.item_key(row, column) for column in table.columns) for row in table.rows
        )
        self.columns: tuple[Line, ...] = tuple(zip(*self.rows, strict=True))
        totals = [column.total for column in table.columns]
        self.parts: tuple[Line, ...] = tuple(
            tuple(cell for cell, total in zip(row, totals, strict=True) if not total)
            for row in self.rows
        )


class Shares:
    """The usual shares of the columns in some tables with the values they have now."""

    def __init__(self, values: Mapping[str, int], grids: Sequence[Grid]) -> None:
        self.values = values
        self.grids = grids

    def gain(self, row: Line, deltas: Mapping[str, int]) -> float:
        """How much likelier a row looks once `deltas` are added, as a difference of logarithms."""
        cells = [cell for cell in row if cell in self.usual]
        seen = [self.values[cell] for cell in cells]
        true = [number + deltas.get(cell, 0) for cell, number in zip(cells, seen, strict=True)]
        if min(seen, default=-1) < 0:
            return 0.0
        usual = [
            self.usual[cell] + sum(deltas.get(each, 0) for each in self.columns[cell])
            for cell in cells
        ]
        shares = _shares(usual)
        return likelihood(true, shares) - likelihood(seen, shares)

    @cached_property
    def columns(self) -> dict[str, Line]:
        """The column of each cell."""
        return {cell: line for grid in self.grids for line in grid.columns for cell in line}

    @cached_property
    def usual(self) -> dict[str, int]:
        """What the column of each known cell that is no total adds up to."""
        sums = {
            line: sum(self.values.get(cell, 0) for cell in line)
            for grid in self.grids
            for line in grid.columns
        }
        return {
            cell: sums[self.columns[cell]]
            for grid in self.grids
            for row in grid.parts
            for cell in row
            if cell in self.values
        }


def _shares(sums: Sequence[int]) -> list[float]:
    """The shares of some sums; a column that is empty so far is still possible."""
    raised = [max(number, FLOOR) for number in sums]
    total = sum(raised)
    return [number / total for number in raised]


def likelihood(line: Sequence[int], shares: Sequence[float]) -> float:
    """The logarithm of how likely a line is, given its sum (Dirichlet-multinomial)."""
    total = sum(line)
    weight = lgamma(total + 1) + lgamma(FIRMNESS) - lgamma(total + FIRMNESS)
    for number, share in zip(line, shares, strict=True):
        usual = share * FIRMNESS
        weight += lgamma(number + usual) - lgamma(usual) - lgamma(number + 1)
    return weight
