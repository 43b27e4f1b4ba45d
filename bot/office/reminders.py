"""When a unit's report is due, and whom to remind of it today (催报).

Pure. The days worked come in as a function, the time as `now`: an aware time is taken in Beijing
time, a naive one as it stands. Whoever sends keeps the keys of what went out and hands them back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Literal

from bot.office.standing import Standing, State, Unit

IsWorkday = Callable[[date], bool]
"""Whether a day is worked; among any thirty days there must be one."""

Kind = Literal["ladder", "promise", "returned"]

BEIJING = timezone(timedelta(hours=8))
HOURS = ((time(9), time(11, 30)), (time(14, 30), time(17, 30)))
"""When a reminder may ring, on a workday; the end is no longer in it."""

BEFORE = (10, 5, 3, 1, 0)
"""The ladder: so many workdays before the last workday on which the report can be handed in."""
AFTER = range(2, 21, 2)
"""The ladder: so many workdays after the due date."""
AFTER_RETURN = 2
"""Workdays after which a returned report that nobody touched is asked for."""
FRESH = 5
"""A reminder that could not go out is made good within so many workdays and then dropped."""

_WAITING: tuple[State, ...] = ("idle", "filling", "returned")
_GOVERNMENT = re.compile(r"政府$")
_TOWN = re.compile(r"(乡|镇|街道|苏木)级?(人民)?政府$")


@dataclass(frozen=True, slots=True)
class Cycle:
    """What the office laid down for the reports of one year; None where the law's date holds."""

    year: int
    due: date | None = None
    government_due: date | None = None
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that should go out now.

    `key` is the same for the same reminder, whenever it is worked out. `days` are the workdays
    left: 0 on the last one, negative when it is late.
    """

    key: str
    unit: Unit
    draft: int | None
    kind: Kind
    due: date
    days: int
    standing: Standing


def due_of(level: str, year: int, cycle: Cycle | None = None) -> date:
    """The last day for the report of a year: the office's date, or that of 条例第四十九条.

    Governments have until 31 March, all others until 31 January of the year after. Towns and
    subdistricts (乡镇街道) hand in to their district and count among the others. A cycle of
    another year says nothing.
    """
    own = cycle if cycle and cycle.year == year else Cycle(year)
    if _is_government(level):
        return own.government_due or date(year + 1, 3, 31)
    return own.due or date(year + 1, 1, 31)


def rungs(due: date, is_workday: IsWorkday) -> tuple[date, ...]:
    """The days on which to remind, in order: workdays before the due date, on it, and after it.

    Where the due date is a day off, the last workday before it stands for it.
    """
    last = due if is_workday(due) else workdays_later(due, -1, is_workday)
    before = [workdays_later(last, -steps, is_workday) for steps in BEFORE]
    return (*before, *(workdays_later(due, steps, is_workday) for steps in AFTER))


def may_ring(now: datetime, is_workday: IsWorkday) -> bool:
    """Whether a reminder may ring now: on a workday, in office hours, not at noon."""
    here = _local(now)
    return is_workday(here.date()) and any(a <= here.time() < b for a, b in HOURS)


def next_ring(now: datetime, is_workday: IsWorkday) -> datetime:
    """The first moment from `now` on when a reminder may ring: `now` itself where it may."""
    here = _local(now)
    if may_ring(here, is_workday):
        return here
    if is_workday(here.date()):
        for start, _ in HOURS:
            if here.time() < start:
                return datetime.combine(here.date(), start, here.tzinfo)
    day = workdays_later(here.date(), 1, is_workday)
    return datetime.combine(day, HOURS[0][0], here.tzinfo)


def due_reminders(
    standings: Sequence[Standing], now: datetime, is_workday: IsWorkday, sent: Container[str]
) -> tuple[Reminder, ...]:
    """The reminders that should go out now, at most one for each unit; none in quiet hours.

    Of what was missed only the latest is made good, and not where the report moved since. Who
    named a day is left alone until it has passed. `sent` holds the keys of what went out.
    """
    if not may_ring(now, is_workday):
        return ()
    today = _local(now).date()
    ladder = cache(lambda due: rungs(due, is_workday))
    found = (_reminder(s, today, is_workday, ladder) for s in laggards(standings))
    return tuple(reminder for reminder in found if reminder and reminder.key not in sent)


def laggards(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Whom 一键催报 addresses: those who must still hand in and have somebody to hear it."""
    return tuple(standing for standing in standings if _waits(standing) and standing.contacts)


def unreached(standings: Sequence[Standing]) -> tuple[Unit, ...]:
    """The units that must still hand in and whom no reminder reaches: nobody is bound."""
    return tuple(s.unit for s in standings if _waits(s) and not s.contacts)


def workdays_left(today: date, due: date, is_workday: IsWorkday) -> int:
    """The workdays after today up to the due date, or how many it is late as a negative number."""
    early, late = sorted((today, due))
    days = (early + timedelta(n) for n in range(1, (late - early).days + 1))
    count = sum(1 for day in days if is_workday(day))
    return count if due >= today else -count


def workdays_later(day: date, steps: int, is_workday: IsWorkday) -> date:
    """The workday so many workdays later, or earlier where `steps` is negative; 0 stays."""
    one = timedelta(1 if steps > 0 else -1)
    for _ in range(abs(steps)):
        day += one
        while not is_workday(day):
            day += one
    return day


@dataclass(frozen=True, slots=True)
class _Call:
    """One occasion to remind a unit."""

    day: date
    kind: Kind
    key: str


def _reminder(
    standing: Standing,
    today: date,
    is_workday: IsWorkday,
    ladder: Callable[[date], tuple[date, ...]],
) -> Reminder | None:
    """The reminder that a unit should have had last, unless it is out of date."""
    if standing.promised and standing.promised >= today:
        return None
    due = standing.due or due_of(standing.unit.level, standing.year)
    calls = [c for c in _calls(standing, ladder(due), is_workday) if c.day <= today]
    latest = max(calls, key=lambda call: (call.day, call.kind != "ladder"), default=None)
    if latest is None or not _still_holds(latest, standing, today, is_workday):
        return None
    days = workdays_left(today, due, is_workday)
    return Reminder(latest.key, standing.unit, standing.draft, latest.kind, due, days, standing)


def _calls(standing: Standing, days: Sequence[date], is_workday: IsWorkday) -> Iterator[_Call]:
    """All occasions to remind a unit, past and to come."""
    whom = f"{standing.year}:{standing.unit.id}"
    yield from (_Call(day, "ladder", f"{whom}:{day}") for day in days)
    if standing.promised:
        day = workdays_later(standing.promised, 1, is_workday)
        yield _Call(day, "promise", f"promise:{whom}:{standing.promised}")
    if standing.state == "returned" and standing.moved:
        moved = _local(standing.moved).date()
        day = workdays_later(moved, AFTER_RETURN, is_workday)
        yield _Call(day, "returned", f"returned:{whom}:{moved}")


def _still_holds(call: _Call, standing: Standing, today: date, is_workday: IsWorkday) -> bool:
    """Whether an occasion is today's, or was missed lately and nothing moved since."""
    if call.day == today:
        return True
    if standing.moved and _local(standing.moved).date() >= call.day:
        return False
    return workdays_left(call.day, today, is_workday) <= FRESH


def _waits(standing: Standing) -> bool:
    """Whether the office still waits for a unit's report."""
    return standing.state in _WAITING and not standing.unit.exempt


def _is_government(level: str) -> bool:
    """Whether a level is a government's from the county upwards."""
    return bool(_GOVERNMENT.search(level.strip())) and not _TOWN.search(level.strip())


def _local(moment: datetime) -> datetime:
    """A moment as the clock on the office's wall shows it."""
    return moment.astimezone(BEIJING) if moment.tzinfo else moment
