"""What is odd about one unit's report beside those of its peers: twins, lone zeros, lone leaps.

Pure. All findings are the office's own (severity admin): they hold nothing up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from bot.checks.figures.equations import RECEIVED
from bot.checks.figures.numbers import amount
from bot.checks.figures.standing import rank
from bot.checks.finding import Finding
from bot.form import Form
from bot.office.standing import Unit
from bot.office.twins import BOUND, Bound, Text, find_twins, telling_sentences
from bot.report import Figure, Report

Amount = int | Decimal
_Value = TypeVar("_Value")
ALL = ""
"""Stands for all cells together where a cell is expected."""
_GUARDED = (ALL, "proactive.permits", "proactive.penalties", RECEIVED)


@dataclass(frozen=True, slots=True)
class PeerLimits:
    """When a report is odd beside others; shares are between 0 and 1."""

    twins: Bound = BOUND
    """NAR-PEER."""
    fewest: int = 5
    """PEER-ZERO, PEER-JUMP: fewer other units of the same level are no measure."""
    above: float = 0.80
    """PEER-ZERO: so many of them are above 0."""
    expected: int = 5
    """PEER-ZERO: a unit that would have fewer than this may well have none."""
    jump: int = 10
    """PEER-JUMP: times last year's figure, upwards or downwards."""
    jump_least: int = 50
    """PEER-JUMP: a smaller difference is never remarked on."""
    steady: tuple[float, float] = (0.5, 2.0)
    """PEER-JUMP: where the peers' middle ratio lies outside, all of them moved."""


DEFAULTS = PeerLimits()


@dataclass(frozen=True, slots=True)
class Peer:
    """One unit with its report of the cycle, and last year's where it is known.

    `proposed` are the paragraphs that the assistant drafted for the unit: who took them over has
    copied from nobody.
    """

    unit: Unit
    report: Report
    last: Report | None = None
    proposed: tuple[str, ...] = ()

    @property
    def before(self) -> Mapping[str, Figure]:
        """The figures of the year before; empty where they are not known."""
        last, report = self.last, self.report
        return last.figures if last and last.year == report.year - 1 else {}

    @property
    def level(self) -> str:
        """What makes two units comparable: the level in one word; '' where none is known."""
        level = self.unit.level.strip() or self.report.level.strip()
        return rank(level) or level


@dataclass(frozen=True, slots=True)
class Anomaly:
    """What is odd about a unit; `others` are its twins, the closest first (NAR-PEER only)."""

    unit: Unit
    finding: Finding
    others: tuple[Unit, ...] = ()


def compare_peers(
    peers: Sequence[Peer], form: Form, limits: PeerLimits = DEFAULTS
) -> tuple[Anomaly, ...]:
    """What is odd across the units of one cycle, unit by unit in the order given.

    One report a unit. A level of its own, or none, gives no peers to be measured by.
    """
    order = {peer.unit.id: at for at, peer in enumerate(peers)}
    zeros = tuple(_zeros(peers, form, limits))
    said = {anomaly.unit.id: anomaly.finding.cells or form.cells for anomaly in zeros}
    found = (*_twins(peers, form, limits.twins), *zeros, *_jumps(peers, form, limits, said))
    return tuple(sorted(found, key=lambda anomaly: order[anomaly.unit.id]))


# ── texts ───────────────────────────────────────────────────────────────────────────────────


def _twins(peers: Sequence[Peer], form: Form, bound: Bound) -> Iterator[Anomaly]:
    """NAR-PEER: most sentences of a unit are those of one other unit."""
    told = [Text(p.unit, telling_sentences(p.unit, p.report, form, p.proposed)) for p in peers]
    for twin in find_twins(told, bound):
        facts: dict[str, object] = {
            "same": len(twin.sentences),
            "of": twin.of,
            "share": len(twin.sentences) / twin.of,
            "others": tuple(other.called for other in twin.others),
            "sentences": tuple(sentence for _, sentence in twin.sentences),
        }
        cells = tuple(dict.fromkeys(item for item, _ in twin.sentences))
        finding = Finding("NAR-PEER", "admin", cells, sentence=twin.sentences[0][1], facts=facts)
        yield Anomaly(twin.unit, finding, twin.others)


# ── zeros ───────────────────────────────────────────────────────────────────────────────────


def _zeros(peers: Sequence[Peer], form: Form, limits: PeerLimits) -> Iterator[Anomaly]:
    """PEER-ZERO: nothing at all, no permits, no penalties or no requests, alone among its peers.

    Four things come together: the figure is 0 and not blank; at least five other units of the
    level are known and four in five of them are above 0, which departments with different duties
    hardly ever are; last year's own figure was above 0 or is not known; and 5 or more were to be
    expected, since one or two a year may well be none: by last year's own figure, and where it is
    not known by what four in five of the others reach.
    A unit of nothing but zeros is reported once, without its rows.
    """
    for group in _levels(peers):
        known = {cell: _known(group, cell, form) for cell in _guarded(form)}
        for peer in group:
            cells = [
                cell for cell in _guarded(form) if _is_lone_zero(peer, cell, known, form, limits)
            ]
            if cells:
                yield _zero(peer, cells[:1] if ALL in cells else cells, known, form)


def _is_lone_zero(
    peer: Peer, cell: str, known: Mapping[str, list[Amount]], form: Form, limits: PeerLimits
) -> bool:
    if _amount(peer.report.figures, cell, form) != 0:
        return False
    others = known[cell][1:]  # sorted, so that the unit's own 0 stands first
    if len(others) < limits.fewest or not _most_reach(1, others, limits):
        return False
    last = _amount(peer.before, cell, form)
    return _most_reach(limits.expected, others, limits) if last is None else last >= limits.expected


def _most_reach(least: int, others: Sequence[Amount], limits: PeerLimits) -> bool:
    """Whether so many of the other units as the limit names have at least that much."""
    return len(others) - bisect_left(others, least) >= limits.above * len(others)


def _zero(
    peer: Peer, cells: Sequence[str], known: Mapping[str, list[Amount]], form: Form
) -> Anomaly:
    """The finding; `facts` hold by cell how many of how many peers, their middle, last year."""
    others = {cell: known[cell][1:] for cell in cells}
    facts: dict[str, object] = {
        "all": ALL in cells,
        "above": {cell: len(o) - bisect_right(o, 0) for cell, o in others.items()},
        "of": {cell: len(o) for cell, o in others.items()},
        "middle": {cell: _middle(o) for cell, o in others.items()},
        "last": {cell: _amount(peer.before, cell, form) for cell in cells},
        "last_year": peer.report.year - 1,
    }
    named = tuple(cell for cell in cells if cell != ALL)
    return Anomaly(peer.unit, Finding("PEER-ZERO", "admin", named, facts=facts))


# ── leaps ───────────────────────────────────────────────────────────────────────────────────


def _jumps(
    peers: Sequence[Peer], form: Form, limits: PeerLimits, said: Mapping[int, Sequence[str]]
) -> Iterator[Anomaly]:
    """PEER-JUMP: totals ten times last year's or a tenth of them, while the peers stay steady.

    `said` names the cells by unit that are reported already. With the requests received the rest
    of table three leaps too: they alone are named.
    """
    cells = _measured(form)
    for group in _levels(peers):
        ratios = {cell: _ratios(group, cell) for cell in cells}
        for peer in group:
            jumped = {
                cell: middle
                for cell in cells
                if cell not in said.get(peer.unit.id, ())
                and _has_jumped(peer, cell, limits)
                and (middle := _steady(ratios[cell], _ratio(peer, cell), limits)) is not None
            }
            if jumped:
                yield _jump(peer, _without_outcomes(jumped, form))


def _without_outcomes(jumped: Mapping[str, float], form: Form) -> Mapping[str, float]:
    """The cells that leapt, without the rest of table three where the requests received did."""
    if RECEIVED not in jumped:
        return jumped
    table = form.items[RECEIVED].table
    return {c: m for c, m in jumped.items() if c == RECEIVED or form.items[c].table != table}


def _has_jumped(peer: Peer, cell: str, limits: PeerLimits) -> bool:
    now, before = amount(peer.report.figures.get(cell)), amount(peer.before.get(cell))
    if now is None or before is None:
        return False
    low, high = sorted((now, before))
    far = high >= limits.jump * low and high - low >= limits.jump_least
    return far and not _is_balanced(peer, cell)


def _is_balanced(peer: Peer, cell: str) -> bool:
    """Whether a row of documents agrees with last year's stock: a clean-up makes it leap."""
    row, _, column = cell.partition("_")
    now, stock = peer.report.figures, amount(peer.before.get(f"{row}_in_force"))
    names = (f"{row}_{column}" for column in ("made", "repealed", "in_force"))
    made, repealed, valid = (amount(now.get(name)) for name in names)
    if stock is None or made is None or repealed is None or valid is None or not column:
        return False
    return stock + made - repealed == valid


def _ratio(peer: Peer, cell: str) -> float | None:
    """This year's figure by last year's; None where either is not known or last year's is 0."""
    now, before = amount(peer.report.figures.get(cell)), amount(peer.before.get(cell))
    return float(now) / float(before) if now is not None and before else None


def _ratios(group: Iterable[Peer], cell: str) -> list[float]:
    """The ratios of a group in order of size."""
    return sorted(r for r in (_ratio(peer, cell) for peer in group) if r is not None)


def _steady(ratios: list[float], own: float | None, limits: PeerLimits) -> float | None:
    """The middle of the other units' ratios where it is one of a steady year, else None."""
    others = ratios.copy()
    if own is not None:
        del others[bisect_left(others, own)]
    low, high = limits.steady
    if len(others) < limits.fewest or not low <= _middle(others) <= high:
        return None
    return _middle(others)


def _jump(peer: Peer, jumped: Mapping[str, float]) -> Anomaly:
    """The finding; `facts` hold last year's figures and the peers' middle ratios by cell."""
    facts: dict[str, object] = {
        "now": {cell: peer.report.figures[cell] for cell in jumped},
        "last": {cell: peer.before[cell] for cell in jumped},
        "middle": dict(jumped),
        "last_year": peer.report.year - 1,
    }
    return Anomaly(peer.unit, Finding("PEER-JUMP", "admin", tuple(jumped), facts=facts))


def _guarded(form: Form) -> tuple[str, ...]:
    """Those that the form has."""
    return tuple(cell for cell in _GUARDED if cell == ALL or cell in form.items)


def _measured(form: Form) -> tuple[str, ...]:
    """Table two and the 总计 column of the other tables; 上年结转 is left to CY-FWD."""
    return tuple(
        table.item_key(row, line)
        for table in form.tables.values()
        for row in table.rows
        for line in table.columns
        if (table.key, row.key) != (form.flow.table, form.flow.carried_in)
        and (line.total or not any(c.total for c in table.columns))
    )


def _levels(peers: Iterable[Peer]) -> Iterable[Sequence[Peer]]:
    """The units by level; one whose level is not known is nobody's peer."""
    groups: dict[str, list[Peer]] = {}
    for peer in peers:
        if peer.level:
            groups.setdefault(peer.level, []).append(peer)
    return groups.values()


def _known(group: Iterable[Peer], cell: str, form: Form) -> list[Amount]:
    """What the units of a group report for a cell, in order of size."""
    found = (_amount(peer.report.figures, cell, form) for peer in group)
    return sorted(value for value in found if value is not None)


def _amount(figures: Mapping[str, Figure], cell: str, form: Form) -> Amount | None:
    """A cell's figure; for `ALL` the sum of the cells that are no totals, a measure of size."""
    if cell != ALL:
        return amount(figures.get(cell))
    values = [amount(figures.get(cell)) for cell in form.cells if cell not in form.total_of]
    size = sum(value for value in values if value)
    return size if size or None not in values else None


def _middle(ordered: Sequence[_Value]) -> _Value:
    """The lower median: a figure that one of the units really has."""
    return ordered[(len(ordered) - 1) // 2]
