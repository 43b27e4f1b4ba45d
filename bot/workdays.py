"""Which days are worked in mainland China: working weekends count, holidays do not.

The days off of a year are announced in the autumn before it; the library learns them with its
next release. A year that it does not know is taken as Monday to Friday without those holidays of
国务院令第795号 that are sure beforehand: 元旦, 春节, 劳动节, 国庆节.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar  # type: ignore[import-untyped]

# 元旦, 劳动节, 国庆节: they fall on the same days each year
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
# the first day of the lunar year; the eve and the first week are off each year
_SPRING = {
    day.year: day
    for day in (
        date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3),
        date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19),
        date(2035, 2, 8), date(2036, 1, 28),
    )
}  # fmt: skip
_SPRING_WEEK = range(-1, 6)  # 除夕 to 初六


def is_workday(day: date) -> bool:
    """Whether a day is worked; in a year that is not known yet, as far as can be said."""
    announced = _announced(day)
    return _presumed(day) if announced is None else announced


def knows(day: date) -> bool:
    """Whether the announced days off of the day's year are known, so that `is_workday` is sure."""
    return _announced(day) is not None


def next_workday(day: date) -> date:
    """The first day worked after a day."""
    day += timedelta(1)
    while not is_workday(day):
        day += timedelta(1)
    return day


@lru_cache(maxsize=4096)  # the library looks through all its days each time
def _announced(day: date) -> bool | None:
    """Whether a day is worked as it was announced, None for a year that is not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _presumed(day: date) -> bool:
    """Whether a day is worked by what is sure beforehand."""
    first = _SPRING.get(day.year)
    festive = first is not None and (day - first).days in _SPRING_WEEK
    return day.weekday() < 5 and not festive and (day.month, day.day) not in _FIXED
