"""The roll-up (汇总): a district's figures as the sum of its own office's and its units'.

Pure. Every unit is counted once, and whoever is not counted is named with the reason.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Literal

from bot.checks.figures.equations import LARGEST, whole
from bot.checks.figures.numbers import amount
from bot.form import Form
from bot.office.standing import State, Unit
from bot.report import Figure, Report

Reason = Literal["year", "form", "whole", "stranger", "exempt", "twice", "parent"]
"""Why a contribution is not counted."""

REASONS: Mapping[Reason, str] = {
    "year": "不是这个年度的报告",
    "form": "不是这个年度的表样",
    "whole": "是汇总单位自己的报告，不是其中一家的",
    "stranger": "不在单位名单里",
    "exempt": "名单上写的是免报",
    "twice": "同一单位有两份，只计入了一份",
    "parent": "上级单位也在名单里并已计入，没有再加",
}
COUNTING: Mapping[bool, frozenset[State]] = {
    True: frozenset({"approved"}),
    False: frozenset({"approved", "submitted"}),
}
"""The states whose figures count: in a final roll-up, and in a preview."""

_DIGITS = 60  # of a sum of money: whatever the order of adding, nothing is rounded


@dataclass(frozen=True, slots=True)
class Contribution:
    """One unit's frozen figures.

    `format` is that of its report (`Report.format`), `version` the number handed in, `sha` the hash
    of what was frozen, `last` the figures of its report of the year before where they are known. A
    data file of a unit that is not in the store has a unit with id 0 and is known by its name.
    """

    unit: Unit
    year: int
    format: str
    version: int
    state: State
    figures: Mapping[str, Figure]
    last: Mapping[str, Figure] | None = None
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Rollup:
    """The figures of one district and year, and where they come from.

    `figures` has every cell of the form: the sum over `counted`, None where none of them has a
    figure. `missing` are the units of the list that must report and are not counted, nor counted
    through the unit above them; `waiting` the contributions whose state does not count yet; `own`
    the one of the government's own office.
    """

    district: Unit
    year: int
    final: bool
    figures: Mapping[str, Figure]
    counted: tuple[Contribution, ...]
    missing: tuple[Unit, ...]
    exempt: tuple[Unit, ...]
    excluded: tuple[tuple[Contribution, Reason], ...]
    own: Contribution | None
    waiting: tuple[Contribution, ...] = ()
    children: tuple[Unit, ...] = ()


def add_up(
    form: Form,
    district: Unit,
    children: Sequence[Unit],
    contributions: Sequence[Contribution],
    year: int,
    *,
    final: bool,
) -> Rollup:
    """The roll-up of a district's list of units.

    `children` are the units of the list with the government's own office; `contributions` may
    stand in any order. A final roll-up counts what is approved, a preview also what is handed in.
    """
    sieve = _Sieve(form, district, children, year, final)
    sieve.sort(contributions)
    counted = tuple(sorted(sieve.counted, key=_place))
    reached = {one.unit.id for one in counted} | sieve.covered
    return Rollup(
        district=district,
        year=year,
        final=final,
        figures=_sums(form, [one.figures for one in counted]),
        counted=counted,
        missing=_in_order(unit for unit in children if not unit.exempt and unit.id not in reached),
        exempt=_in_order(unit for unit in children if unit.exempt),
        excluded=tuple(sorted(sieve.excluded, key=lambda pair: _exactly(pair[0]))),
        own=next((one for one in counted if is_own(one.unit, district)), None),
        waiting=tuple(sorted(sieve.waiting, key=_exactly)),
        children=_in_order(children),
    )


def contributions_of(rollup: Rollup, cell: str) -> tuple[tuple[Unit, Figure], ...]:
    """Who gave what to a cell: those above 0 first, each part in the order of the units."""
    gave = [(one.unit, one.figures.get(cell)) for one in rollup.counted]
    return tuple(sorted(gave, key=lambda pair: not pair[1]))


def report_of(rollup: Rollup, form: Form) -> Report:
    """The district's report with figures only, ready to be imported: a draft without texts."""
    name = rollup.district.name
    return Report(
        format=form.format,
        agency=name,
        year=rollup.year,
        level=rollup.district.level,
        title=form.title_of(name, rollup.year),
        figures=rollup.figures,
        has_texts=False,
    )


def versions_of(rollup: Rollup) -> dict[int, int]:
    """The version counted of each unit by its id: what `stale` compares with later."""
    return {one.unit.id: one.version for one in rollup.counted if one.unit.id}


def stale(versions: Mapping[int, int], now: Rollup) -> tuple[Unit, ...]:
    """The units that count otherwise `now` than when `versions` were counted; () while fresh.

    Changed, newly counted, or no longer counted. A unit that is gone from the list has only its id.
    """
    units = {unit.id: unit for unit in (*now.children, *(one.unit for one in now.counted))}
    current = versions_of(now)
    either = current.keys() | versions.keys()
    moved = [unit for unit in either if current.get(unit) != versions.get(unit)]
    return _in_order(units.get(unit) or Unit(unit, "已不在名单里的单位") for unit in moved)


def is_own(unit: Unit, district: Unit) -> bool:
    """Whether a unit is the district government's own office, and not that of one below it."""
    return unit.own and unit.parent in (None, district.id)


def usable(form: Form, cell: str, figure: Figure) -> Figure:
    """A figure that can be added up; None where it is blank, negative or no count at all."""
    if form.items[cell].kind == "money":
        known = amount(figure)
        return None if known is None else Decimal(known)
    number = whole(figure)
    return None if number is None or number < 0 else number


class _Sieve:
    """Sorts contributions into those counted, those excluded and those that wait."""

    def __init__(
        self, form: Form, district: Unit, children: Sequence[Unit], year: int, final: bool
    ) -> None:
        self.form = form
        self.district = district
        self.year = year
        self.final = final
        self.units = {unit.id: unit for unit in children}
        self.by_name = {unit.name: unit for unit in children}
        self.counted: list[Contribution] = []
        self.excluded: list[tuple[Contribution, Reason]] = []
        self.waiting: list[Contribution] = []
        self.covered: set[int] = set()

    def sort(self, contributions: Sequence[Contribution]) -> None:
        """Take all contributions; what is counted does not depend on their order."""
        rivals: dict[tuple[int, str], list[Contribution]] = {}
        for one in contributions:
            reason = self._foreign(one)
            unit = self._unit(one.unit)
            if reason:
                self.excluded.append((replace(one, unit=unit), reason))
            elif one.state not in COUNTING[self.final]:
                self.waiting.append(replace(one, unit=unit))
            else:
                rivals.setdefault((unit.id, "" if unit.id else unit.name), []).append(one)
        self._keep_highest(self._keep_one(rivals.values()))

    def _unit(self, unit: Unit) -> Unit:
        """The unit as the list has it: a data file knows it by its name only."""
        listed = self.units.get(unit.id) if unit.id else self.by_name.get(unit.name)
        return listed or unit

    def _foreign(self, one: Contribution) -> Reason | None:
        """Why a contribution cannot belong here, whatever its state."""
        if one.year != self.year:
            return "year"
        if one.format not in (self.form.format, self.form.key):
            return "form"
        unit = self._unit(one.unit)
        if unit.id not in self.units:
            if unit.name == self.district.name or (unit.id and unit.id == self.district.id):
                return "whole"
            return "stranger" if unit.id else None
        return "exempt" if self.units[unit.id].exempt else None

    def _keep_one(self, rivals: Iterable[list[Contribution]]) -> Iterator[Contribution]:
        """Of several reports of one unit the one from the store, then the newest."""
        for group in rivals:
            first, *others = sorted(group, key=_rank) if len(group) > 1 else group
            unit = self._unit(first.unit)
            self.excluded += [(replace(one, unit=unit), "twice") for one in others]
            yield first if first.unit is unit else replace(first, unit=unit)

    def _keep_highest(self, candidates: Iterable[Contribution]) -> None:
        """Leave out whoever reports through a unit that is counted itself."""
        each = list(candidates)
        reporting = {one.unit.id for one in each if one.unit.id and not one.unit.own}
        self.covered = {unit.id for unit in self.units.values() if self._is_below(unit, reporting)}
        for one in each:
            if one.unit.id in self.covered:
                self.excluded.append((one, "parent"))
            else:
                self.counted.append(one)

    def _is_below(self, unit: Unit, reporting: Container[int]) -> bool:
        """Whether a unit above this one reports; in a circle nobody is above anybody."""
        seen, above, at = {unit.id}, False, unit.parent
        while at is not None and at != self.district.id and at in self.units:
            if at in seen:
                return False
            seen.add(at)
            above = above or at in reporting
            at = self.units[at].parent
        return above


def _sums(form: Form, maps: Sequence[Mapping[str, Figure]]) -> dict[str, Figure]:
    """The sum of each cell over all who have a figure there."""
    return {
        cell: (_money if form.items[cell].kind == "money" else _count)(
            form, cell, [figures.get(cell) for figures in maps]
        )
        for cell in form.cells
    }


def _count(form: Form, cell: str, column: list[Figure]) -> int | None:
    known: list[int] = [n for n in column if type(n) is int and 0 <= n < LARGEST]
    if len(known) < len(column):
        known = [int(n) for figure in column if (n := usable(form, cell, figure)) is not None]
    return sum(known) if known else None


def _money(form: Form, cell: str, column: list[Figure]) -> Decimal | None:
    known = [Decimal(n) for figure in column if (n := usable(form, cell, figure)) is not None]
    with localcontext() as context:
        context.prec = _DIGITS
        return sum(known, Decimal(0)) if known else None


def _in_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(sorted(units, key=lambda unit: (unit.order, unit.name, unit.id)))


def _place(one: Contribution) -> tuple[int, str, int]:
    return one.unit.order, one.unit.name, one.unit.id


def _exactly(one: Contribution) -> tuple[object, ...]:
    """The place of a contribution, also among others of its unit."""
    return _place(one), _rank(one)


def _rank(one: Contribution) -> tuple[object, ...]:
    """The report to count first; the figures themselves decide only between perfect twins."""
    figures = sorted((cell, str(figure)) for cell, figure in one.figures.items())
    return (one.unit.id == 0, -one.version, one.state != "approved", one.year, one.sha, figures)
