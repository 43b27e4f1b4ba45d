"""Shows the numbers of a workbook as its formats do, as far as it matters for what they mean.

A figure is a figure whatever its format; a date, a share in per cent and a number shown in
thousands are something else and must not be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Literal

from lxml import etree

from bot.readers.units import SCALES

Kind = Literal["figure", "date", "share", "scaled", "worded"]

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_SHARES = frozenset((9, 10))
_WORDS = re.compile(r'"[^"]*"|\\.|!.|_.|\*.|\[[^\]]*\]')
_SCALE = re.compile(r"[0#?],+(?![0#?,])")
_PLACE = re.compile(r"[0#?]|general|G/通用格式", re.I)
_WORD = re.compile(
    r"\"(?P<quoted>[^\"]*)\"|[\\!](?P<escaped>.)|_.|\*.|\[[^\]]*\]|(?P<bare>[\u4e00-\u9fff]+)"
)
_CHANGES = re.compile(r"[0-9.,．，十百千万亿元]")
_DATE = re.compile(r"[ymdhs年月日]", re.I)
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?")
_DIGITS = Context(prec=15)  # a workbook keeps no more; the rest is binary dust


@dataclass(frozen=True, slots=True)
class Format:
    """What a format makes of a number; `behind` is a unit that it shows behind it."""

    kind: Kind
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Formats:
    """What the formats of a workbook make of a number, by the number of a cell's style."""

    formats: Sequence[Format]
    begin: datetime
    struck: frozenset[int] = frozenset()

    def show(self, value: str, style: str) -> str:
        """A stored number as text: 3, 3.5, 50%, 2025年1月10日."""
        if not _NUMBER.fullmatch(value):
            return value
        number = _DIGITS.create_decimal(value)
        shown = self.formats[int(style)] if self._knows(style) else Format("figure")
        kind = shown.kind
        if kind == "date":
            return self._date(number)
        if kind == "share":
            return f"{_plain(number * 100)}%"
        if kind == "worded":
            return f"格式里另有数字或单位的 {_plain(number)}"
        return (
            f"按千位缩小显示的 {_plain(number)}"
            if kind == "scaled"
            else _plain(number) + shown.behind
        )

    def is_struck(self, style: str) -> bool:
        """Whether the cells of a style are struck out."""
        return self._knows(style) and int(style) in self.struck

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
    return Formats([kinds[number] for number in used], begin, frozenset(_struck(styles)))


def _struck(styles: etree._Element) -> Iterator[int]:
    """The styles whose font strikes the text out."""
    strikes = [font.find("{*}strike") for font in styles.iterfind("{*}fonts/{*}font")]
    fonts = {
        str(number)
        for number, strike in enumerate(strikes)
        if strike is not None and strike.get("val", "1") in ("1", "true")
    }
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        if style.get("fontId", "") in fonts:
            yield number


def _kind(number: str, code: str) -> Format:
    """What a format makes of numbers, by its built-in number or its code."""
    built_in = int(number) if number.isdecimal() and len(number) < 7 else 0
    if not code:
        in_kind: Kind = "date" if built_in in _DATES else "share"
        return Format(in_kind if built_in in _DATES | _SHARES else "figure")
    signs = _WORDS.sub("", code[:1000].split(";")[0])
    if "%" in signs:
        return Format("share")
    if _DATE.search(signs) and "general" not in signs.lower():
        return Format("date")
    if _SCALE.search(signs):
        return Format("scaled")
    sections = code[:1000].split(";")[:3]
    worded = {found for section in sections if (found := _worded(section))}
    if not worded:
        return Format("figure")
    return worded.pop() if len(worded) == 1 else Format("worded")


def _worded(section: str) -> Format | None:
    """What the words of a format make of its number; None where they change nothing.

    0"元" names a unit. 0!.0000, 0"万" and 0"0" show another number than the one that is stored.
    """
    places = [found.end() for found in _PLACE.finditer(_blanked(section))]
    words = [(found.start(), _word(found)) for found in _WORD.finditer(section)]
    words = [(at, word) for at, word in words if _CHANGES.search(word)]
    if not places or not words:
        return None
    behind = "".join(word for _, word in words)
    is_unit = behind in SCALES and words[0][0] >= places[-1]
    return Format("figure", behind) if is_unit else Format("worded")


def _blanked(section: str) -> str:
    """A section of a format with blanks for its words."""
    return _WORDS.sub(lambda found: " " * len(found[0]), section)


def _word(found: re.Match[str]) -> str:
    """What a piece of a format shows as it stands."""
    return found["quoted"] or found["escaped"] or found["bare"] or ""


def _plain(number: Decimal) -> str:
    """A number in digits, without zeros behind the last one that counts."""
    if not number:
        return "0"
    if abs(number.adjusted()) > 20:
        return str(number)
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
