"""Shows the numbers of a workbook as its formats do, as far as it matters for what they mean.

A figure is a figure whatever its format; a date, a share in per cent and a number shown in
thousands are something else and must not be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Literal

from lxml import etree

Format = Literal["figure", "date", "share", "scaled"]

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_SHARES = frozenset((9, 10))
_WORDS = re.compile(r'"[^"]*"|\\.|!.|_.|\*.|\[[^\]]*\]')
_SCALE = re.compile(r"[0#?],+(?![0#?,])")
_DATE = re.compile(r"[ymdhs年月日]", re.I)
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?")
_DIGITS = Context(prec=15)  # a workbook keeps no more; the rest is binary dust


@dataclass(frozen=True, slots=True)
class Formats:
    """What the formats of a workbook make of a number, by the number of a cell's style."""

    formats: Sequence[Format]
    begin: datetime

    def show(self, value: str, style: str) -> str:
        """A stored number as text: 3, 3.5, 50%, 2025年1月10日."""
        if not _NUMBER.fullmatch(value):
            return value
        number = _DIGITS.create_decimal(value)
        kind = self.formats[int(style)] if self._knows(style) else "figure"
        if kind == "date":
            return self._date(number)
        if kind == "share":
            return f"{_plain(number * 100)}%"
        return f"按千位缩小显示的 {_plain(number)}" if kind == "scaled" else _plain(number)

    def _knows(self, style: str) -> bool:
        return style.isdecimal() and len(style) < 7 and int(style) < len(self.formats)

    def _date(self, number: Decimal) -> str:
        """A day; what is no day of this calendar stays a number with a word that says so."""
        if not 0 < number < 2_900_000:
            return f"日期格式的 {_plain(number)}"
        day = self.begin + timedelta(days=int(number))
        return f"{day.year}年{day.month}月{day.day}日"


def formats_of(styles: etree._Element | None, *, from_1904: bool) -> Formats:
    """The formats that the part of styles defines."""
    begin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    if styles is None:
        return Formats((), begin)
    codes = {
        entry.get("numFmtId", ""): entry.get("formatCode", "")
        for entry in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    used = [entry.get("numFmtId", "0") for entry in styles.iterfind("{*}cellXfs/{*}xf")]
    kinds = {number: _kind(number, codes.get(number, "")) for number in set(used)}
    return Formats([kinds[number] for number in used], begin)


def _kind(number: str, code: str) -> Format:
    """What a format makes of numbers, by its built-in number or its code."""
    built_in = int(number) if number.isdecimal() and len(number) < 7 else 0
    if not code:
        return "date" if built_in in _DATES else "share" if built_in in _SHARES else "figure"
    signs = _WORDS.sub("", code[:1000].split(";")[0])
    if "%" in signs:
        return "share"
    if _DATE.search(signs) and "general" not in signs.lower():
        return "date"
    return "scaled" if _SCALE.search(signs) else "figure"


def _plain(number: Decimal) -> str:
    """A number in digits, without zeros behind the last one that counts."""
    if not number:
        return "0"
    if abs(number.adjusted()) > 20:
        return str(number)
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
