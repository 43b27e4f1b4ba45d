"""Reads what people type as figures and texts, and shows values as they are said back.

Pure. `KINDS` maps each kind of item to its reader and its way of showing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.report import show_figure

Value = int | Decimal | str

LARGEST_COUNT = 10**10
LARGEST_MONEY = Decimal(10) ** 9
LONGEST_TEXT = 30_000

_UNITS = "件条个份次宗起人项篇期户"
_DIGITS = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")},
    **{c: n for n, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8}
_NUMERAL = "".join({**_DIGITS, **_SMALL, **_LARGE})
_PLAIN_NUMERALS = str.maketrans("〇壹贰叁肆伍陆柒捌玖两拾佰仟萬", "零一二三四五六七八九二十百千万")
_NOTHING = {"无", "没有", "没", "零", "没有收到", "未收到", "无此项", "〇"}
_INEXACT = re.compile(
    r"约|大概|大约|左右|上下|将近|接近|近|余|多|几|来件|不到|超过|以上|以下|若干|可能|估计|至少|最多|[~～?？]|[0-9一二三四五六七八九]\s*[-—–至到]\s*[0-9一二三四五六七八九]"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")


class Rejected(Exception):
    """What a person typed cannot be taken; `reason` names the sentence, `facts` fill it."""

    def __init__(self, reason: str, **facts: object) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that was read; `sure` is False where it must be echoed and confirmed first."""

    value: int | Decimal
    sure: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of item is read and shown."""

    read: Callable[[str], Figure | str]
    show: Callable[[Value], str]


def plain(text: str) -> str:
    """Full-width digits, letters and marks as half-width; white space folded and trimmed.

    Footnote marks and powers (①, ³, ½) would fold into digits: they become unreadable instead.
    """
    kept = "".join("\ufffd" if unicodedata.category(c) == "No" else c for c in text)
    return " ".join(unicodedata.normalize("NFKC", kept).split())


def read_count(text: str) -> Figure:
    """A whole number of cases: 12, １２, 12件, 1,234, 十二, 无, 1.5万 (unsure).

    Raises Rejected: empty, inexact, negative, fraction, too_large, several, not_number.
    """
    typed = plain(text).rstrip("。.;；!！,， ")
    bare = typed.rstrip(_UNITS + " ").removeprefix("共").strip()
    if not typed:
        raise Rejected("empty")
    if typed in _NOTHING or bare in _NOTHING:
        return Figure(0)
    if _INEXACT.search(typed):
        raise Rejected("inexact", typed=text.strip())
    if re.fullmatch(r"[-−–—]\s*\d[\d,.]*|负.+", bare):
        raise Rejected("negative", typed=text.strip())
    number = _read_number(bare)
    if number is None:
        several = len(re.findall(r"\d+", typed)) > 1
        raise Rejected("several" if several else "not_number", typed=text.strip())
    value, multiplied = number
    if value != int(value):
        raise Rejected("fraction", typed=text.strip())
    if value >= LARGEST_COUNT:
        raise Rejected("too_large", typed=text.strip())
    return Figure(int(value), sure=not multiplied, note="万" if multiplied else "")


def read_money(text: str) -> Figure:
    """An amount in 万元: 3.25, 3.25万元, 32500元, 无; at most four decimals.

    Raises Rejected as `read_count`, and decimals.
    """
    typed = plain(text).rstrip("。;；!！,， ").removesuffix("整")
    if not typed:
        raise Rejected("empty")
    if typed in _NOTHING:
        return Figure(Decimal(0))
    if _INEXACT.search(typed):
        raise Rejected("inexact", typed=text.strip())
    if re.match(r"[-−–—]\s*\d|负", typed):
        raise Rejected("negative", typed=text.strip())
    match = re.fullmatch(r"(.+?)\s*(万元|亿元|元|万|亿|块钱|块)?", typed)
    number = _read_number(match[1]) if match else None
    if match is None or number is None:
        raise Rejected("not_money", typed=text.strip())
    unit = match[2] or ""
    short = not unit and re.search(r"[百千万亿]", match[1])  # 三万五, 5千: surely 元
    yuan = unit in ("元", "块", "块钱") or short
    factor = Decimal(1) if yuan else Decimal(10**8 if unit in ("亿元", "亿") else 10**4)
    value = number[0] * factor / Decimal(10**4)
    if value != value.quantize(Decimal("0.0001")):
        raise Rejected("decimals", typed=text.strip())
    if value >= LARGEST_MONEY:
        raise Rejected("too_large", typed=text.strip())
    return Figure(_trim(value), sure=not short, note="元" if yuan else "")


def read_text(text: str) -> str:
    """A text, with line ends unified and outer white space gone.

    Raises Rejected: empty, unprintable (characters that no document can hold), no_words, too_long.
    """
    tidy = text.replace("\r\n", "\n").replace("\r", "\n")
    tidy = tidy.replace("\u2028", "\n").replace("\u2029", "\n\n").strip()
    if not tidy:
        raise Rejected("empty")
    found = _FORBIDDEN.search(tidy)
    if found:
        around = _FORBIDDEN.sub("□", tidy[max(0, found.start() - 8) : found.end() + 8])
        raise Rejected("unprintable", code=f"U+{ord(found[0]):04X}", around=around)
    if not any(c.isalnum() for c in tidy):
        raise Rejected("no_words", typed=tidy[:20])
    if len(tidy) > LONGEST_TEXT:
        raise Rejected("too_long", length=len(tidy), limit=LONGEST_TEXT)
    return tidy


def read_figures(text: str, kinds: tuple[str, ...]) -> tuple[Figure, ...]:
    """As many figures as `kinds` has, from one line: `2 0 11`, `2、0、11`, `1,234 5`.

    A comma is read as grouping or as a separator, whichever gives the right number of figures.
    Raises Rejected: count_of_numbers, or what the single figure is refused for.
    """
    if len(kinds) == 1:
        return (_read_figure(text, kinds[0]),)
    for separators in (r"[\s、;；/|]+", r"[\s、,，;；/|]+"):
        words = _join_units([w for w in re.split(separators, plain(text)) if w.strip(",，。")])
        if len(words) == len(kinds):
            figures = [_read_figure(w, kind) for w, kind in zip(words, kinds, strict=True)]
            grouped = "," in separators and _GROUPED.search(plain(text))
            return tuple(replace(f, sure=f.sure and not grouped) for f in figures)
    words = [w for w in re.split(r"[\s、,，;；/|]+", plain(text)) if w]
    for word in words:
        _read_figure(word.strip("。"), "count" if "count" in kinds else "money")
    raise Rejected("count_of_numbers", got=len(words), wanted=len(kinds), typed=text.strip())


def read_chinese(text: str) -> tuple[int, bool] | None:
    """A Chinese numeral as a number and whether that is sure, or None when it is not one.

    三千四百零二 -> 3402; the colloquial 三万五 -> 35000 is not sure. What does not come out the
    same when it is said again (二零, 百三) is no numeral.
    """
    if not text or any(c not in _NUMERAL for c in text):
        return None
    said = text.translate(_PLAIN_NUMERALS)
    colloquial = re.fullmatch(r"(.*([百千万亿]))([一二三四五六七八九])", said)
    for words, sure in ((said, True), (colloquial and colloquial[1], False)):
        if not words:
            continue
        value = _add_up(words)
        if not sure and colloquial:
            value += _DIGITS[colloquial[3]] * {**_SMALL, **_LARGE}[colloquial[2]] // 10
        elif colloquial:
            continue
        if say_chinese(value) == said or not sure:
            return value, sure
    return None


def say_chinese(value: int) -> str:
    """A whole number below 10^12 in Chinese: 10005 -> 一万零五."""
    if value == 0:
        return "零"
    words, zero = "", False
    for unit, factor in (("亿", 10**8), ("万", 10**4), ("", 1)):
        section = value // factor % 10**4
        if section == 0:
            zero = bool(words)
            continue
        if words and (zero or section < 1000):
            words += "零"
        zero = False
        words += _say_section(section) + unit
    return words.removeprefix("一") if words.startswith("一十") else words


def show_count(value: Value) -> str:
    """A count as it is said back."""
    return str(value)


def show_money(value: Value) -> str:
    """An amount of 万元 as it is said back."""
    return show_figure(Decimal(value))


def show_text(value: Value) -> str:
    """A text as it is said back."""
    return str(value)


KINDS: Mapping[str, Kind] = {
    "count": Kind(read_count, show_count),
    "money": Kind(read_money, show_money),
    "text": Kind(read_text, show_text),
}


def _read_figure(text: str, kind: str) -> Figure:
    return read_money(text) if kind == "money" else read_count(text)


def _join_units(words: list[str]) -> list[str]:
    """`3 件` is one figure and not two."""
    joined: list[str] = []
    for word in words:
        if joined and (word in _UNITS or word in ("元", "万元", "万")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _read_number(text: str) -> tuple[Decimal, bool] | None:
    """The number and whether a 万 or 亿 behind digits multiplied it."""
    text = text.strip()
    bare = text.replace(",", "") if _GROUPED.fullmatch(text.partition(".")[0]) else text
    if re.fullmatch(r"\d{1,18}(\.\d{1,12})?", bare):
        return Decimal(bare), False
    match = re.fullmatch(r"(\d{1,12}(?:\.\d{1,8})?)\s*([千百万亿])", bare)
    if match:
        return Decimal(match[1]) * {**_SMALL, **_LARGE}[match[2]], True
    chinese = read_chinese(text)
    return None if chinese is None else (Decimal(chinese[0]), not chinese[1])


def _add_up(words: str) -> int:
    """The value of a numeral without asking whether it is well formed."""
    total = section = digit = 0
    for c in words:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SMALL:
            section += (digit or 1) * _SMALL[c]
            digit = 0
        elif c == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        else:
            total, section, digit = total + (section + digit) * 10**4, 0, 0
    return total + section + digit


def _say_section(section: int) -> str:
    """A number from 1 to 9999 in Chinese."""
    words, zero = "", False
    for unit, factor in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = section // factor % 10
        if digit == 0:
            zero = bool(words)
            continue
        words += ("零" if zero else "") + "零一二三四五六七八九"[digit] + unit
        zero = False
    return words


def _trim(value: Decimal) -> Decimal:
    """The amount without trailing zeros and without an exponent."""
    return Decimal(show_figure(value))


def whole(text: str) -> str:
    """The text with halves of characters joined; a lone half becomes U+FFFD and NUL goes."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\x00", "\ufffd")
