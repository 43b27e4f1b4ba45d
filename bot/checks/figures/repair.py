"""Locates the error behind failed sums and proposes how to mend it, the likeliest first.

Pure. `locate` finds the smallest changes after which all equations hold; here they are ranked by
how recognisable the slip is that they undo and by how likely the mended table looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.checks.figures.equations import CONTROL, Equation, Ledger
from bot.checks.figures.locate import Account, Deltas, explain
from bot.checks.figures.shares import Grid, Shares
from bot.checks.figures.slips import ANYTHING, Slip, read_line_slip, read_slip
from bot.checks.finding import Change, Finding, Repair

MOST_OFFERED = 3
SHORT = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One slip of the hand within an account: the changed cells, the likeliest wrong first."""

    deltas: Deltas
    slip: Slip
    rule: str

    def repair(self, ledger: Ledger) -> Repair:
        """The proposal that undoes the slip; totals added up here follow by themselves."""
        changes = (
            Change(cell, ledger.values[cell] + delta)
            for cell, delta in self.deltas.items()
            if cell not in ledger.derived
        )
        return Repair(tuple(changes), self.slip.cause)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Findings that name the suspect cells, and the repairs of each failing equation by index."""

    findings: tuple[Finding, ...]
    repairs: Mapping[int, tuple[Repair, ...]]


def diagnose(ledger: Ledger) -> Diagnosis:
    """What is behind the failing equations of a ledger, and what to propose for each of them."""
    if not ledger.failing:
        return Diagnosis((), {})
    joined = _joined(ledger)
    judge = _Judge(ledger)
    findings, repairs = judge.conclude(explain(joined)) if joined.failing else ([], {})
    left = {at: _plain(ledger, at) for at in ledger.failing if at not in repairs}
    return Diagnosis(tuple(findings), {**repairs, **left})


def _joined(ledger: Ledger) -> Ledger:
    """The ledger without failing equations that share no cell with another: nothing locates."""
    times: dict[str, int] = {}
    for equation in ledger.equations:
        for cell in equation.cells:
            times[cell] = times.get(cell, 0) + 1
    failing = {
        at: off
        for at, off in ledger.failing.items()
        if any(times[cell] > 1 for cell in ledger.equations[at].cells)
    }
    return Ledger(
        ledger.form, ledger.values, ledger.equations, failing, ledger.derived, ledger.settled
    )


class _Judge:
    """Splits accounts into slips, weighs them, and turns the best into findings."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.grids = [
            Grid(table) for table in self.ledger.form.tables.values() if len(table.columns) > 2
        ]
        self.lines = {cell: row for grid in self.grids for row in grid.rows for cell in row}
        self.columns = {cell: line for grid in self.grids for line in grid.columns for cell in line}
        self.shares = Shares(self.ledger.values, self.grids)

    def conclude(
        self, accounts: Iterable[Account]
    ) -> tuple[list[Finding], dict[int, tuple[Repair, ...]]]:
        """The findings of the best account, with the others as alternatives."""
        ranked = self.rank(accounts)
        if not ranked:
            return [], {}
        findings: list[Finding] = []
        repairs: dict[int, tuple[Repair, ...]] = {}
        for part in ranked[0]:
            mended = self.mended(part)
            if len(mended) < 2:
                continue
            rivals = [rival for parts in ranked for rival in parts if self.mended(rival) == mended]
            repairs_of = (rival.repair(self.ledger) for rival in rivals)
            offers = tuple(_distinct(each for each in repairs_of if each.changes))
            if not offers:
                continue
            findings.append(self.finding(part, offers, mended))
            for at in mended:
                repairs.setdefault(at, offers[:MOST_OFFERED])
        return findings, repairs

    def rank(self, accounts: Iterable[Account]) -> list[list[Part]]:
        """The accounts as parts, the likeliest first."""
        weighed = [
            (account.remaining, account.cost, -self.weigh(account, parts), parts)
            for account in accounts
            for parts in [[*self.split(account)]]
        ]
        weighed.sort(key=lambda each: each[:3])
        return [parts for *_, parts in weighed]

    def finding(
        self,
        part: Part,
        offers: tuple[Repair, ...],
        mended: frozenset[int],
    ) -> Finding:
        """The finding that names the suspect cells of one slip."""
        offered = offers[:MOST_OFFERED]
        suspects = dict.fromkeys(change.cell for offer in offered for change in offer.changes)
        first = offers[0].changes[0]
        equations = [self.ledger.equations[at] for at in sorted(mended)]
        return Finding(
            part.rule,
            "hard",
            cells=tuple(suspects),
            left=self.ledger.values[first.cell],
            right=first.value,
            repairs=offered,
            facts={
                "cause": part.slip.cause,
                "candidates": len(offers),
                "equations": tuple(f"{each.rule} {each.about}".strip() for each in equations),
            },
        )

    def mended(self, part: Part) -> frozenset[int]:
        """The failing equations that a slip has to do with."""
        sums: dict[int, int] = {}
        for at in self.ledger.failing:
            equation = self.ledger.equations[at]
            for cell, delta in part.deltas.items():
                sign = (cell in equation.left) - (cell in equation.right)
                sums[at] = sums.get(at, 0) + sign * delta
        return frozenset(at for at, change in sums.items() if change)

    def split(self, account: Account) -> Iterator[Part]:
        """The slips of an account: cells of one line that belong together, then single cells."""
        if account.entries:
            yield self.entered(account)
            return
        rest = dict(account.deltas)
        for lines, rule_cause in ((self.lines, ""), (self.columns, "misplaced")):
            for cell in [*rest]:
                together = {each: rest[each] for each in lines.get(cell, ()) if each in rest}
                slip = self.line_slip(lines[cell], together) if len(together) > 1 else None
                if slip:
                    rest = {each: delta for each, delta in rest.items() if each not in together}
                    together = dict(sorted(together.items(), key=lambda each: -each[1]))
                    yield Part(together, Slip(rule_cause or slip.cause, slip.weight), "T3-SHIFT")
        for cell, delta in rest.items():
            yield Part({cell: delta}, self.cell_slip(cell, delta), "T3-CELL")

    def entered(self, account: Account) -> Part:
        """A wrong entry with the totals that were added up from it, as one slip."""
        entries = {cell: account.deltas[cell] for cell in account.entries}
        entries = dict(sorted(entries.items(), key=lambda each: -each[1]))
        line = self.lines[account.entries[0]]
        slip = self.line_slip(line, entries) if len(entries) > 1 else None
        if slip:
            return Part(entries | account.deltas, slip, "T3-SHIFT")
        slips = [self.cell_slip(cell, delta) for cell, delta in entries.items()]
        weight = sum(each.weight for each in slips)
        return Part(entries | account.deltas, Slip(slips[0].cause, weight), "T3-CELL")

    def cell_slip(self, cell: str, delta: int) -> Slip:
        """The slip behind one wrong cell."""
        seen = self.ledger.values[cell]
        slip = read_slip(seen + delta, seen)
        if slip.weight == ANYTHING and cell in self.ledger.form.total_of:
            return Slip("total", slip.weight)
        return slip

    def line_slip(self, line: Sequence[str], deltas: Deltas) -> Slip | None:
        """The slip behind several wrong cells of one line."""
        known = [cell for cell in line if cell in self.ledger.values]
        seen = [self.ledger.values[cell] for cell in known]
        true = [number + deltas.get(cell, 0) for cell, number in zip(known, seen, strict=True)]
        return read_line_slip(true, seen)

    def weigh(self, account: Account, parts: Sequence[Part]) -> float:
        """The logarithm of how likely an account is, up to a constant."""
        weight = sum(part.slip.weight for part in parts)
        rows = {self.lines[cell] for cell in account.deltas if cell in self.lines}
        return weight + sum(self.shares.gain(row, account.deltas) for row in rows)


def _distinct(repairs: Iterable[Repair]) -> Iterator[Repair]:
    """The repairs without those that set the same cells to the same values."""
    seen = set()
    for repair in repairs:
        key = frozenset((change.cell, change.value) for change in repair.changes)
        if key not in seen:
            seen.add(key)
            yield repair


def _plain(ledger: Ledger, at: int) -> tuple[Repair, ...]:
    """What can be proposed for one equation alone: recognised slips, then the obvious total."""
    equation, off = ledger.equations[at], ledger.failing[at]
    offers = []
    if 1 < len(equation.cells) <= SHORT:
        for cell in equation.cells:
            if cell in ledger.derived or cell in ledger.settled:
                continue
            true = ledger.values[cell] + (-off if cell in equation.left else off)
            slip = read_slip(true, ledger.values[cell]) if true >= 0 else Slip("", ANYTHING)
            if slip.weight > ANYTHING:
                offers.append((slip.weight, Repair((Change(cell, true),), slip.cause)))
    offers.sort(key=lambda offer: -offer[0])
    obvious = _obvious(ledger, equation, off)
    return tuple(_distinct([*(repair for _, repair in offers[: MOST_OFFERED - 1]), *obvious]))


def _obvious(ledger: Ledger, equation: Equation, off: int) -> list[Repair]:
    """The last cell of an equation is what the others make it; so is the register's figure."""
    cell = equation.cells[-1]
    value = ledger.values[cell] + (-off if cell in equation.left else off)
    offers = []
    if equation.rule == CONTROL:
        offers.append(
            Repair((Change(f"control.{equation.about}", ledger.values[cell]),), "control")
        )
    if value >= 0 and cell not in ledger.derived and cell not in ledger.settled:
        offers.append(Repair((Change(cell, value),), "total"))
    return offers
