"""Due dates, the ladder of reminders, quiet hours, and whom a reminder addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.office.reminders import (
    AFTER,
    BEFORE,
    BEIJING,
    FRESH,
    Cycle,
    Reminder,
    due_of,
    due_reminders,
    laggards,
    may_ring,
    next_ring,
    rungs,
    unreached,
    workdays_later,
    workdays_left,
)
from bot.office.standing import STATES, Standing, State, Unit
from bot.workdays import is_workday

FAIR = Unit(17, "清河区教育局", "教育局", "县级政府部门")
DUE = date(2027, 1, 29)  # a Friday
RUNGS = rungs(DUE, is_workday)
WAITING = Standing(FAIR, 2026, "filling", draft=5, due=DUE, contacts=("王敏",))


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on a day in Beijing."""
    return datetime.combine(day, time(hour, minute), BEIJING)


def remind(
    *standings: Standing, on: date, sent: Iterable[str] = (), hour: int = 10
) -> tuple[Reminder, ...]:
    """What should go out on a day at ten o'clock."""
    return due_reminders(standings, at(on, hour), is_workday, set(sent))


def season(
    standing: Standing, down: Iterable[date] = (), days: int = 100
) -> list[tuple[date, Reminder]]:
    """All that goes out to a unit from December on, looked at all day, unless the bot is down."""
    sent: dict[str, tuple[date, Reminder]] = {}
    for n in range(days):
        day = date(2026, 12, 20) + timedelta(n)
        for hour in () if day in down else (0, 9, 11, 13, 15, 18):
            for reminder in due_reminders([standing], at(day, hour), is_workday, sent):
                assert reminder.key not in sent
                sent[reminder.key] = (day, reminder)
    return list(sent.values())


@pytest.mark.parametrize(
    ("level", "due"),
    [
        ("县级政府部门", date(2027, 1, 31)), ("县级政府", date(2027, 3, 31)), ("市人民政府", date(2027, 3, 31)),
        ("省级政府", date(2027, 3, 31)), ("乡镇街道", date(2027, 1, 31)), ("乡镇人民政府", date(2027, 1, 31)),
        ("街道办事处", date(2027, 1, 31)), ("市级部门", date(2027, 1, 31)), ("", date(2027, 1, 31)),
    ],
)  # fmt: skip
def test_the_law_gives_departments_january_and_governments_march(level: str, due: date) -> None:
    assert due_of(level, 2026, None) == due


def test_the_office_sets_its_own_dates_for_its_own_year() -> None:
    cycle = Cycle(2026, due=date(2027, 1, 20), government_due=date(2027, 2, 26))
    assert due_of("县级政府部门", 2026, cycle) == date(2027, 1, 20)
    assert due_of("县级政府", 2026, cycle) == date(2027, 2, 26)
    assert due_of("县级政府", 2025, cycle) == date(2026, 3, 31)
    assert due_of("县级政府", 2026, Cycle(2026, due=date(2027, 1, 20))) == date(2027, 3, 31)


def test_the_ladder_has_its_rungs_on_workdays_around_the_due_date() -> None:
    days = [f"{day:%m-%d}" for day in RUNGS]
    assert days[:5] == ["01-15", "01-22", "01-26", "01-28", "01-29"]
    assert days[5] == "02-02"
    assert len(days) == 15
    assert workdays_left(DUE, RUNGS[-1], is_workday) == 20


def test_a_due_date_on_a_day_off_is_reminded_of_on_the_workday_before() -> None:
    sunday = date(2027, 1, 31)
    assert rungs(sunday, is_workday)[:5] == RUNGS[:5]
    assert rungs(sunday, is_workday)[5:] == RUNGS[5:]


def test_the_ladder_leaves_out_the_spring_festival_and_uses_working_saturdays() -> None:
    days = rungs(date(2026, 2, 12), is_workday)
    assert days[4:7] == (date(2026, 2, 12), date(2026, 2, 14), date(2026, 2, 25))


@given(st.dates(date(2004, 3, 1), date(2080, 1, 1)))
def test_every_ladder_climbs_over_workdays_only(due: date) -> None:
    days = rungs(due, is_workday)
    assert all(is_workday(day) for day in days)
    assert all(a < b for a, b in pairwise(days))
    left = [workdays_left(day, due, is_workday) for day in days]
    assert left == [*BEFORE, *(-n for n in AFTER)]


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ((8, 59), False), ((9, 0), True), ((11, 29), True), ((11, 30), False), ((13, 0), False), ((14, 29), False),
        ((14, 30), True), ((17, 29), True), ((17, 30), False), ((23, 0), False), ((0, 0), False),
    ],
)  # fmt: skip
def test_reminders_ring_in_office_hours_only(moment: tuple[int, int], may: bool) -> None:
    assert may_ring(at(date(2027, 1, 25), *moment), is_workday) is may
    assert not may_ring(at(date(2027, 1, 24), *moment), is_workday)


def test_office_hours_are_those_of_beijing_and_a_naive_time_stands_as_it_is() -> None:
    assert may_ring(datetime(2027, 1, 25, 1, 30, tzinfo=UTC), is_workday)
    assert not may_ring(datetime(2027, 1, 25, 9, 30, tzinfo=UTC), is_workday)
    assert may_ring(datetime(2027, 1, 25, 9, 30), is_workday)  # noqa: DTZ001 - it is meant


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(date(2027, 1, 25), 9, 15), at(date(2027, 1, 25), 9, 15)),
        (at(date(2027, 1, 25), 6), at(date(2027, 1, 25), 9)),
        (at(date(2027, 1, 25), 12), at(date(2027, 1, 25), 14, 30)),
        (at(date(2027, 1, 29), 18), at(date(2027, 2, 1), 9)),
        (at(date(2026, 2, 13), 20), at(date(2026, 2, 14), 9)),
        (at(date(2026, 2, 15), 10), at(date(2026, 2, 24), 9)),
    ],
)
def test_a_reminder_waits_for_the_next_office_hour(now: datetime, then: datetime) -> None:
    assert next_ring(now, is_workday) == then


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
def test_the_next_moment_to_ring_is_one_and_is_not_past(now: datetime) -> None:
    then = next_ring(now, is_workday)
    assert then >= now
    assert may_ring(then, is_workday)


def test_a_unit_is_reminded_on_each_rung_once_and_never_in_quiet_hours() -> None:
    went = season(WAITING)
    assert [day for day, _ in went] == list(RUNGS)
    assert [reminder.days for _, reminder in went] == [*BEFORE, *(-n for n in AFTER)]
    assert [reminder.key for _, reminder in went] == [f"2026:17:{day}" for day in RUNGS]
    assert remind(WAITING, on=RUNGS[0], hour=12) == ()
    assert remind(WAITING, on=date(2027, 1, 23)) == ()


def test_a_reminder_says_whom_it_addresses_and_how_many_workdays_are_left() -> None:
    assert remind(WAITING, on=date(2027, 1, 22)) == (
        Reminder("2026:17:2027-01-22", FAIR, 5, "ladder", DUE, 5, WAITING),
    )


def test_without_a_date_of_its_own_a_unit_has_that_of_the_law() -> None:
    (reminder,) = remind(replace(WAITING, due=None), on=date(2027, 1, 29))
    assert (reminder.due, reminder.days) == (date(2027, 1, 31), 0)


def test_missed_rungs_are_made_good_once_by_the_latest() -> None:
    down = {date(2027, 1, 14) + timedelta(n) for n in range(13)}  # two rungs, up again on the 27th
    went = season(WAITING, down)
    assert [day for day, _ in went[:2]] == [date(2027, 1, 27), date(2027, 1, 28)]
    assert went[0][1].key == "2026:17:2027-01-26"
    assert went[0][1].days == 2


def test_a_rung_that_was_missed_long_ago_is_dropped() -> None:
    last = RUNGS[-1]
    assert remind(WAITING, on=workdays_later(last, FRESH, is_workday))
    assert not remind(WAITING, on=workdays_later(last, FRESH + 1, is_workday))


def test_who_wrote_or_joined_after_a_missed_rung_is_not_reminded_of_it() -> None:
    monday = date(2027, 1, 25)  # the rung of the 22nd did not go out
    assert remind(WAITING, on=monday)
    assert not remind(replace(WAITING, moved=at(monday, 9)), on=monday)
    assert remind(replace(WAITING, moved=at(date(2027, 1, 26), 9)), on=date(2027, 1, 26))


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_who_has_handed_in_hears_nothing(state: State) -> None:
    assert season(replace(WAITING, state=state, promised=date(2027, 1, 20))) == []


def test_who_need_not_report_hears_nothing() -> None:
    assert season(replace(WAITING, unit=replace(FAIR, exempt="机构撤并"))) == []


def test_whom_nobody_answers_for_is_told_to_the_office_and_not_reminded() -> None:
    alone = replace(WAITING, contacts=(), state="idle")
    assert season(alone) == []
    assert unreached([WAITING, alone]) == (FAIR,)
    assert unreached([replace(alone, state="approved")]) == ()
    assert unreached([replace(alone, unit=replace(FAIR, exempt="机构撤并"))]) == ()


def test_who_named_a_day_is_left_alone_until_it_has_passed_and_then_asked_once() -> None:
    went = season(replace(WAITING, promised=date(2027, 1, 27)))  # a Wednesday
    assert went[0][0] == date(2027, 1, 28)
    assert went[0][1].kind == "promise"
    assert went[0][1].key == "promise:2026:17:2027-01-27"
    assert [day for day, _ in went[1:]] == list(RUNGS[4:])
    assert {reminder.kind for _, reminder in went[1:]} == {"ladder"}


def test_a_day_named_before_a_weekend_is_asked_for_on_monday() -> None:
    went = season(replace(WAITING, promised=date(2027, 1, 22)))
    assert (went[0][0], went[0][1].kind) == (date(2027, 1, 25), "promise")


def test_a_new_promise_is_asked_for_again() -> None:
    first = replace(WAITING, promised=date(2027, 1, 19))
    (before,) = remind(first, on=date(2027, 1, 20))
    again = replace(first, promised=date(2027, 1, 21))
    assert not remind(again, on=date(2027, 1, 20), sent=[before.key])
    (after,) = remind(again, on=date(2027, 1, 22), sent=[before.key])
    assert (after.kind, after.key) == ("promise", "promise:2026:17:2027-01-21")


def test_a_returned_report_that_nobody_touched_is_asked_for_after_two_workdays() -> None:
    returned = replace(WAITING, state="returned", moved=at(date(2027, 1, 15), 16), version=1)
    assert not remind(returned, on=date(2027, 1, 18))
    (reminder,) = remind(returned, on=date(2027, 1, 19))
    assert (reminder.kind, reminder.key) == ("returned", "returned:2026:17:2027-01-15")
    assert not remind(returned, on=date(2027, 1, 20), sent=[reminder.key])
    moved = replace(returned, moved=at(date(2027, 1, 18), 9))
    assert not remind(moved, on=date(2027, 1, 19))


def test_a_reminder_of_a_return_takes_the_place_of_the_rung_on_its_day() -> None:
    returned = replace(WAITING, state="returned", moved=at(date(2027, 1, 26), 16))
    went = season(returned)
    assert [(day, r.kind) for day, r in went if day == date(2027, 1, 28)] == [
        (date(2027, 1, 28), "returned")
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.integers(0, 70).map(lambda n: date(2026, 12, 25) + timedelta(n)), max_size=60),
    st.sampled_from(sorted(STATES)),
    st.none() | st.integers(0, 60).map(lambda n: date(2026, 12, 25) + timedelta(n)),
    st.none() | st.integers(0, 60).map(lambda n: at(date(2026, 12, 25) + timedelta(n), 15)),
)
def test_no_unit_is_ever_reminded_twice_on_one_day(
    down: set[date], state: State, promise: date | None, moved: datetime | None
) -> None:
    went = season(replace(WAITING, state=state, promised=promise, moved=moved), down, days=80)
    days = [day for day, _ in went]
    assert len(set(days)) == len(days)
    assert not (promise and any(day <= promise for day in days))
    assert len(days) <= len(RUNGS) + 2


def test_a_call_to_all_addresses_those_who_must_still_hand_in() -> None:
    standings = [
        replace(WAITING, unit=replace(FAIR, id=n), state=state) for n, state in enumerate(STATES)
    ]
    standings.append(replace(WAITING, contacts=()))
    standings.append(replace(WAITING, unit=replace(FAIR, exempt="机构撤并")))
    assert [standing.state for standing in laggards(standings)] == ["idle", "filling", "returned"]


def test_a_thousand_units_are_looked_through_at_once() -> None:
    standings = [replace(WAITING, unit=replace(FAIR, id=n)) for n in range(1000)]
    began = process_time()
    assert len(remind(*standings, on=DUE)) == 1000
    assert process_time() - began < 1
