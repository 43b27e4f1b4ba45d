"""Searches for the smallest sets of changed cells after which all equations hold.

Pure. One cell is tried first, then two, then all cells of one line; what is left of several
independent errors is peeled off one by one. Which of equally small sets is likelier is not
decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.checks.figures.equations import CONTROL, Ledger
from bot.checks.figures.slips import ANYTHING, read_slip

Failing = Mapping[int, int]
Deltas = dict[str, int]

MOST_PEELED = 8


@dataclass(frozen=True, slots=True)
class Move:
    """Cells that change together by one amount, and what that does to each equation."""

    cells: tuple[str, ...]
    effects: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One explanation: what to add to each wrong cell.

    `cost` orders accounts by size, `remaining` counts equations that still fail afterwards.
    `entries` are wrong cells from which the system added up totals that are wrong with them.
    """

    deltas: Deltas
    cost: int
    remaining: int = 0
    entries: tuple[str, ...] = ()


class _Search:
    """The moves of one kind, found by the equations they touch."""

    def __init__(self, values: Mapping[str, int], moves: Iterable[Move]) -> None:
        self.values = values
        self.moves = tuple(moves)
        self.by_signature: dict[frozenset[int], list[Move]] = {}
        self.by_equation: dict[int, list[tuple[Move, int]]] = {}
        for move in self.moves:
            self.by_signature.setdefault(frozenset(at for at, _ in move.effects), []).append(move)
            for at, sign in move.effects:
                self.by_equation.setdefault(at, []).append((move, sign))
        self.widest = max((len(signature) for signature in self.by_signature), default=0)

    def singles(self, failing: Failing) -> Iterator[tuple[Move, int]]:
        """Moves that alone mend all of `failing`, with the amount to add."""
        if len(failing) > self.widest:
            return
        for move in self.by_signature.get(frozenset(failing), ()):
            amount = _amount(move, failing)
            if amount:
                yield move, amount

    def pairs(self, failing: Failing) -> Iterator[tuple[Move, int, Move, int]]:
        """Pairs of moves that together mend all of `failing`, each pair once."""
        if len(failing) > 2 * self.widest or not failing.keys() <= self.by_equation.keys():
            return
        seen = set()
        for pivot, off in failing.items():
            for move, sign in self.by_equation[pivot]:
                amount = -off * sign
                for other, more in self.singles(after(failing, move, amount)):
                    pair = frozenset((move.cells[0], other.cells[0]))
                    if other is not move and pair not in seen:
                        seen.add(pair)
                        yield move, amount, other, more


def after(failing: Failing, move: Move, amount: int) -> dict[int, int]:
    """What fails once `amount` is added to the cells of `move`."""
    left = dict(failing)
    for at, sign in move.effects:
        off = left.pop(at, 0) + amount * sign
        if off:
            left[at] = off
    return left


def _amount(move: Move, failing: Failing) -> int:
    """What to add to the cells of a move so that all its equations hold, or 0."""
    amounts = {-failing.get(at, 0) * sign for at, sign in move.effects}
    return amounts.pop() if len(amounts) == 1 else 0


def explain(ledger: Ledger) -> list[Account]:
    """All smallest explanations of what fails; empty where none was found.

    A control figure may itself be wrong: where nothing mends it too, it is left out.
    """
    found = _Locator(ledger).explain(ledger.failing)
    controls = [at for at in ledger.failing if ledger.equations[at].rule == CONTROL]
    if not controls or any(not account.remaining for account in found):
        return found
    plain = ledger.without_controls()
    without = _Locator(plain).explain(plain.failing)
    return [
        Account(account.deltas, account.cost, account.remaining + len(controls), account.entries)
        for account in without
    ] or found


class _Locator:
    """Tries the explanations of one ledger, the smallest first."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.values = ledger.values
        self.cells = _Search(ledger.values, _cell_moves(ledger))

    @cached_property
    def entries(self) -> _Search:
        """The moves of entries together with their totals."""
        return _Search(self.values, _entry_moves(self.ledger, self.cells.moves))

    def explain(self, failing: Failing, depth: int = MOST_PEELED) -> list[Account]:
        """The explanations of the first stage that has any."""
        if not failing or not depth:
            return []
        return (
            [*self.one_cell(failing)]
            or [*self.two_cells(failing), *self.entered(failing)]
            or [*self.cells_of_a_row(failing)]
            or self.peeled(failing, depth)
        )

    def one_cell(self, failing: Failing) -> Iterator[Account]:
        """One wrong cell."""
        for step in self.cells.singles(failing):
            yield from self.account([step], 1)

    def two_cells(self, failing: Failing) -> Iterator[Account]:
        """Two wrong cells."""
        for move, amount, other, more in self.cells.pairs(failing):
            yield from self.account([(move, amount), (other, more)], 2)

    def entered(self, failing: Failing) -> list[Account]:
        """One wrong entry, or two of one row or column, with the totals added up from them."""
        items = self.ledger.form.items
        one = [
            account for step in self.entries.singles(failing) for account in self.account([step], 2)
        ]
        return one or [
            account
            for move, amount, other, more in self.entries.pairs(failing)
            for here, there in [(items[move.cells[0]], items[other.cells[0]])]
            if here.row == there.row or here.column == there.column
            for account in self.account([(move, amount), (other, more)], 3)
        ]

    def cells_of_a_row(self, failing: Failing) -> Iterator[Account]:
        """Several cells of one row: each other equation is mended by the row's one cell in it."""
        moves = {move.cells[0]: move for move in self.cells.moves}
        for row in rows_of(self.ledger):
            inside = [moves[cell] for cell in row if cell in moves]
            touched = Counter(at for move in inside for at, _ in move.effects)
            if not failing.keys() <= touched.keys():
                continue
            left: Failing = failing
            steps = []
            for move in inside:
                across = ((at, sign) for at, sign in move.effects if touched[at] < 3)
                amount = next((-left[at] * sign for at, sign in across if at in left), 0)
                if amount:
                    left = after(left, move, amount)
                    steps.append((move, amount))
            if not left:
                yield from self.account(steps, len(steps))

    def peeled(self, failing: Failing, depth: int) -> list[Account]:
        """The clearest single error, then whatever explains the rest."""
        clear = [
            (self.slip_weight(move, amount), account, move, amount)
            for move in self.cells.moves
            if len(move.effects) > 1
            for amount in [_amount(move, failing)]
            if amount
            for account in self.account([(move, amount)], 1)
        ]
        if not clear:
            return []
        _, account, move, amount = max(clear, key=lambda each: each[0])
        left = after(failing, move, amount)
        rest = self.explain(left, depth - 1) or [Account({}, 0, len(left))]
        return [joined for other in rest for joined in self.join(account, other)]

    def slip_weight(self, move: Move, amount: int) -> float:
        """How recognisable the slip is that a single cell's error would be."""
        seen = self.values[move.cells[0]]
        return read_slip(seen + amount, seen).weight if seen + amount >= 0 else ANYTHING

    def join(self, one: Account, two: Account) -> Iterator[Account]:
        """Two accounts as one, unless a cell would become negative."""
        steps = [
            (Move((cell,), ()), delta) for each in (one, two) for cell, delta in each.deltas.items()
        ]
        for account in self.account(steps, one.cost + two.cost):
            yield Account(account.deltas, account.cost, two.remaining)

    def account(self, steps: Iterable[tuple[Move, int]], cost: int) -> Iterator[Account]:
        """The account of some moves, unless a cell would become negative."""
        deltas: Deltas = {}
        entries = []
        for move, amount in steps:
            if len(move.cells) > 1:
                entries.append(move.cells[0])
            for cell in move.cells:
                deltas[cell] = deltas.get(cell, 0) + amount
        deltas = {cell: delta for cell, delta in deltas.items() if delta}
        if all(self.values[cell] + delta >= 0 for cell, delta in deltas.items()):
            yield Account(deltas, cost, entries=tuple(entries))


def rows_of(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """The rows of all tables that have several columns, unknown cells left out."""
    for table in ledger.form.tables.values():
        if len(table.columns) > 2:
            for row in table.rows:
                cells = (table.item_key(row, column) for column in table.columns)
                yield tuple(cell for cell in cells if cell in ledger.values)


def _cell_moves(ledger: Ledger) -> Iterator[Move]:
    """Every cell that may be wrong, with the totals that follow it, as a move of its own."""
    effects: dict[str, list[tuple[int, int]]] = {}
    for at, equation in enumerate(ledger.equations):
        for cell in equation.left:
            effects.setdefault(cell, []).append((at, 1))
        for cell in equation.right:
            effects.setdefault(cell, []).append((at, -1))
    totals = _totals(ledger) if ledger.derived else {}
    for cell, touched in effects.items():
        if cell in ledger.derived or cell in ledger.settled:
            continue
        followers = sorted(_followers(cell, totals) & ledger.derived) if totals else []
        sums: dict[int, int] = dict(touched)
        for follower in followers:
            for at, sign in effects.get(follower, ()):
                sums[at] = sums.get(at, 0) + sign
        kept = tuple((at, sign) for at, sign in sums.items() if sign)
        if all(abs(sign) == 1 for _, sign in kept):
            yield Move((cell, *followers), kept)


def _totals(ledger: Ledger) -> dict[str, list[str]]:
    """For each cell the totals it is a part of."""
    totals: dict[str, list[str]] = {}
    for total, parts in ledger.form.total_of.items():
        for part in parts:
            totals.setdefault(part, []).append(total)
    return totals


def _entry_moves(ledger: Ledger, cells: Iterable[Move]) -> Iterator[Move]:
    """Every cell that is no total, together with the totals that are added up from it."""
    if ledger.derived:
        return  # totals added up here follow their parts already
    effects = {move.cells[0]: move.effects for move in cells}
    totals = _totals(ledger)
    for cell in effects:
        followers = _followers(cell, totals)
        if cell in ledger.form.total_of or not followers or not followers <= effects.keys():
            continue
        sums: dict[int, int] = {}
        for member in (cell, *followers):
            for at, sign in effects[member]:
                sums[at] = sums.get(at, 0) + sign
        kept = tuple((at, sign) for at, sign in sums.items() if sign)
        if all(abs(sign) == 1 for _, sign in kept):
            yield Move((cell, *sorted(followers)), kept)


def _followers(cell: str, totals: Mapping[str, list[str]]) -> set[str]:
    """The totals a cell counts in, directly or through another total."""
    found: set[str] = set()
    waiting = list(totals.get(cell, ()))
    while waiting:
        total = waiting.pop()
        if total not in found:
            found.add(total)
            waiting += totals.get(total, ())
    return found
