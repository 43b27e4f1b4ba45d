"""Days worked and days off."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workdays import is_workday, knows, next_workday

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 1), False),  # 元旦
        (date(2026, 1, 4), True),  # a Sunday worked for 元旦
        (date(2026, 1, 5), True),
        (date(2026, 1, 10), False),
        (date(2026, 2, 14), True),  # a Saturday worked for 春节
        (date(2026, 2, 18), False),
        (date(2026, 2, 28), True),
        (date(2026, 3, 31), True),
    ],
)
def test_announced_days_off_and_working_weekends_are_known(day: date, worked: bool) -> None:
    assert knows(day)
    assert is_workday(day) is worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2096, 1, 31), True),  # a Tuesday
        (date(2096, 1, 28), False),  # a Saturday
        (date(2096, 10, 1), False),  # a Monday, 国庆节
        (date(2096, 5, 1), False),
    ],
)
def test_a_year_not_announced_yet_is_monday_to_friday_and_says_so(day: date, worked: bool) -> None:
    assert not knows(day)
    assert is_workday(day) is worked


@pytest.mark.parametrize(
    "day", [date(2027, 2, 5), date(2027, 2, 8), date(2028, 1, 26), date(2028, 1, 31)]
)
def test_nobody_works_over_the_spring_festival_announced_or_not(day: date) -> None:
    assert not is_workday(day)


def test_the_day_after_the_last_workday_of_a_week_is_monday() -> None:
    assert next_workday(date(2026, 1, 30)) == date(2026, 2, 2)
    assert next_workday(date(2026, 2, 13)) == date(2026, 2, 14)
    assert next_workday(date(2026, 2, 14)) == date(2026, 2, 24)


@given(DAYS)
def test_the_next_workday_is_worked_and_nothing_between_is(day: date) -> None:
    following = next_workday(day)
    assert following > day
    assert is_workday(following)
    between = (day + timedelta(n) for n in range(1, (following - day).days))
    assert not any(is_workday(other) for other in between)


@given(DAYS)
def test_every_day_has_an_answer(day: date) -> None:
    assert is_workday(day) in (True, False)
    assert knows(day) == knows(day.replace(month=1, day=1))


def test_the_calendar_is_imported_without_a_warning() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import bot.workdays"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
