"""Reads the day that a contact names for handing in: 周四前完成, 明天上午报, 三个工作日内.

Pure. Only a message that is nothing but such a promise counts: what merely holds a day (a
figure, a paragraph, a question) is none. `_WAYS` lists the ways to name a day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.answers import plain, read_chinese
from bot.office.reminders import IsWorkday, workdays_later

LONGEST = 30
"""Characters of a message that may still be nothing but a promise."""
FARTHEST = 180
"""Days ahead; who seems to name a later day means another."""
MOST_STEPS = 10
"""Days or weeks in 三天内; 15 and 20 个工作日 are periods of the law and no promises."""
NEXT_MONTH = 15
"""Days ahead up to which 5号, said on the 28th, is the 5th of the next month."""

_Reader = Callable[[re.Match[str], date, IsWorkday], date | None]

_NAMED: Mapping[str, int] = {
    **dict.fromkeys(("今天", "今日", "今早", "今晚", "下班"), 0),
    **dict.fromkeys(("明天", "明日", "明早", "明晚"), 1),
    **dict.fromkeys(("后天", "后日"), 2),
    "大后天": 3,
}
_LATER: Mapping[str, int] = {
    "本": 0,
    "这": 0,
    "这个": 0,
    "下": 1,
    "下个": 1,
    "下下": 2,
    "下下个": 2,
}
_WEEKDAYS: Mapping[str, int] = {
    **{c: n for n, c in enumerate("一二三四五六日")},
    **{c: n for n, c in enumerate("123456")},
    "天": 6,
}

_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAY = rf"{_WEEK}(?P<weekday>[一二三四五六日天1-6])"
_BEFORE = r"(?:之前|以前|前)"
_WITHIN = r"(?:之内|以内|内)"

_LEAD = (
    r"(?:(?:好的?|收到|知道了|明白|行|可以|嗯|您好|你好)[,。!、])*"
    r"(?:我们?单位|本单位|我们?局|本局|我们?这?边|我们?|咱们)?"
    r"(?:会|将|应该|大概|大约|估计|预计|计划|准备|打算|争取|尽量|保证|一定|肯定|确保)*"
    r"(?:最晚|最迟)?[在于]?"
)
_HOUR = rf"(?:一早|早上|上午|中午|下午|傍晚|晚上|下班|上班)?(?:{_NUMBER}(?:点半?|:\d\d))?{_BEFORE}?"
_SURELY = r"(?:能|能够|可以|会|就|一定|肯定|保证|应该|争取|再)*"
_WORK = r"(?:年报|年度报告|报告|报表|材料)"
_DONE = (
    r"(?:完成|提交|上报|报送|填报|报|交|发|填完|填好|做完|做好|弄完|弄好|写完|写好|搞定)"
    rf"(?:上来|上去|上|过来|过去|出来|给你们?|给您)?{_WORK}?"
)
_TAIL = rf"(?:{_SURELY}(?:给你们?|给您)?(?:把?{_WORK})?{_SURELY}{_DONE})?(?:吧|哈|啊|哦)?[。.!~]*"


def read_promise(text: str, today: date, is_workday: IsWorkday) -> date | None:
    """The day that a message promises, today or later, or None where it is no promise.

    A weekday alone is the next one to come, today included; 这周四 on a Friday is past: None.
    """
    said = plain(text).replace(" ", "")
    if len(said) > LONGEST:
        return None
    for pattern, reader in _WAYS:
        match = pattern.fullmatch(said)
        if match:
            return _sensible(reader, match, today, is_workday)
    return None


def _sensible(
    reader: _Reader, match: re.Match[str], today: date, is_workday: IsWorkday
) -> date | None:
    """What a reader makes of a match, None for a day that is past, far off or in no calendar."""
    try:
        day = reader(match, today, is_workday)
    except (ValueError, OverflowError):
        return None
    return day if day and 0 <= (day - today).days <= FARTHEST else None


def _named(match: re.Match[str], today: date, _: IsWorkday) -> date:
    """今天, 后天."""
    return today + timedelta(_NAMED[match["name"]])


def _on_weekday(match: re.Match[str], today: date, _: IsWorkday) -> date:
    """周四: the next to come; 这周四, 下周四: of that week, which begins on Monday."""
    ahead = _WEEKDAYS[match["weekday"]] - today.weekday()
    if match["week"] is None:
        return today + timedelta(ahead % 7)
    return today + timedelta(ahead + 7 * _LATER[match["week"]])


def _within_week(match: re.Match[str], today: date, is_workday: IsWorkday) -> date:
    """本周内: the last workday of that week that is not past, or else its Sunday."""
    sunday = today + timedelta(6 - today.weekday() + 7 * _LATER[match["week"]])
    last = workdays_later(sunday + timedelta(1), -1, is_workday)
    return last if last >= max(today, sunday - timedelta(6)) else sunday


def _after_steps(match: re.Match[str], today: date, is_workday: IsWorkday) -> date | None:
    """三天内, 两周内, 3个工作日内; and 后 in place of 内."""
    count = _number(match["count"])
    if not 1 <= count <= MOST_STEPS:
        return None
    if match["unit"] == "工作日":
        return workdays_later(today, count, is_workday)
    return today + timedelta(count * (1 if match["unit"] in "天日" else 7))


def _end_of_month(match: re.Match[str], today: date, _: IsWorkday) -> date:
    """月底, 下月底, 1月底."""
    if match["month"]:
        month = _number(match["month"])
        return _last_of(today.year + (month < today.month), month)
    return _last_of(*_month_from(today, _LATER[match["which"] or "本"]))


def _on_day(match: re.Match[str], today: date, _: IsWorkday) -> date | None:
    """25号, 本月25日, 下月5号; a day alone may be the next month's where that is near."""
    number = _number(match["day"])
    if match["which"]:
        return date(*_month_from(today, _LATER[match["which"]]), number)
    if today.day <= number <= _last_of(today.year, today.month).day:
        return today.replace(day=number)
    following = date(*_month_from(today, 1), number)
    return following if (following - today).days <= NEXT_MONTH else None


def _on_date(match: re.Match[str], today: date, _: IsWorkday) -> date | None:
    """1月25日, 2027年1月25日, 1月25日(周一): the next one; a weekday beside it must agree."""
    month, number = _number(match["month"]), _number(match["day"])
    if match["year"]:
        day = date(int(match["year"]), month, number)
    else:
        day = date(today.year, month, number)
        day = day if day >= today else date(today.year + 1, month, number)
    weekday = match.groupdict().get("weekday")
    return day if not weekday or _WEEKDAYS[weekday] == day.weekday() else None


def _number(text: str) -> int:
    """A number in digits or in Chinese; ValueError where it is no number (两三)."""
    if text.isdigit():
        return int(text)
    chinese = read_chinese(text)
    if chinese is None:
        raise ValueError(text)
    return chinese[0]


def _month_from(today: date, later: int) -> tuple[int, int]:
    """The year and month so many months later."""
    months = today.year * 12 + today.month - 1 + later
    return months // 12, months % 12 + 1


def _last_of(year: int, month: int) -> date:
    """The last day of a month."""
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, monthrange(year, month)[1])


# a bare 1.25 or 1/25 may be a figure: it takes a 前
_WAYS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(f"{_LEAD}{way}{_HOUR}{_TAIL}"), reader)
    for way, reader in (
        (rf"(?P<name>大?后天|后日|[今明](?:天|日|早|晚)|下班(?={_BEFORE})){_WITHIN}?", _named),
        (rf"(?P<week>[本这下]|[这下]个|下下个?)?{_WEEKDAY}", _on_weekday),
        (rf"(?P<week>[本这下]|[这下]个){_WEEK}{_WITHIN}", _within_week),
        (
            rf"(?P<count>{_NUMBER})个?(?P<unit>工作日|天|日|周|星期|礼拜)(?:{_WITHIN}|之后|以后|后)",
            _after_steps,
        ),
        (
            rf"(?:(?P<month>{_NUMBER})|(?P<which>本|这个?|下个?)?)月(?:[底末]|{_WITHIN})",
            _end_of_month,
        ),
        (rf"(?:(?P<which>本|这个?|下个?)月)?(?P<day>{_NUMBER})[日号]", _on_day),
        (
            rf"(?:(?P<year>20\d\d)年)?(?P<month>{_NUMBER})月(?P<day>{_NUMBER})(?:[日号]|(?!\d))"
            rf"(?:\(?{_WEEKDAY}\)?)?",
            _on_date,
        ),
        (
            rf"(?:(?P<year>20\d\d)[-./])?(?P<month>\d\d?)[-./](?P<day>\d\d?)(?={_BEFORE})",
            _on_date,
        ),
    )
)
