"""Who belongs to whom: the governments above a unit, and the units below one.

Pure. What a roster may hold by mistake is borne: parents that are missing, and circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.office.standing import Unit

_Below = Mapping[int | None, Sequence[Unit]]


def rank(unit: Unit) -> tuple[int, str, int]:
    """What units are sorted by: the office's order, then the name."""
    return unit.order, unit.name, unit.id


def children(units: Iterable[Unit], parent: int | None) -> tuple[Unit, ...]:
    """The units right below `parent`, in order; None gives those at the top.

    A unit whose parent is not among `units` stands at the top, too.
    """
    return tuple(_below(tuple(units)).get(parent, ()))


def ancestors(units: Iterable[Unit], unit: int) -> tuple[Unit, ...]:
    """The governments above a unit, the nearest first; a circle is walked once."""
    known = {each.id: each for each in units}
    above: dict[int, Unit] = {}
    at = known.get(unit)
    while at and at.parent in known and at.parent != unit and at.parent not in above:
        at = known[at.parent]
        above[at.id] = at
    return tuple(above.values())


def under(units: Iterable[Unit], parent: int | None) -> tuple[Unit, ...]:
    """All units below `parent`, each followed by those below it; None gives the whole tree.

    The whole tree lacks nobody: units whose governments form a circle come last.
    """
    units = tuple(units)
    below, found = _below(units), dict[int, Unit]()
    _walk(below.get(parent, ()), below, found)
    if parent is None:
        for unit in sorted(units, key=rank):
            _walk((unit,), below, found)
    else:
        found.pop(parent, None)  # a circle led back to it
    return tuple(found.values())


def _walk(start: Sequence[Unit], below: _Below, found: dict[int, Unit]) -> None:
    """Put `start` and what lies below into `found`, depth first."""
    waiting = list(reversed(start))  # a stack: a chain may be longer than recursion bears
    while waiting:
        unit = waiting.pop()
        if unit.id not in found:
            found[unit.id] = unit
            waiting += reversed(below.get(unit.id, ()))


def _below(units: Sequence[Unit]) -> dict[int | None, list[Unit]]:
    """The units by their parent, in order; under None also those whose parent is unknown."""
    known = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in sorted(units, key=rank):
        below.setdefault(unit.parent, []).append(unit)
        if unit.parent is not None and unit.parent not in known:
            below.setdefault(None, []).append(unit)
    return below
