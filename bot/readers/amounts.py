"""Reads one cell's words as a figure: what is plainly a number is one, all else is said.

A cell that holds no number is never 0: a blank is unknown, and `/`, 无 or `-3` is unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from bot.form import Kind
from bot.readers.units import SCALES, UNCLEAR, WAN
from bot.report import Figure, show_figure

LONGEST = 200  # characters of a figure with its remark

_NUMBER = r"(?P<number>[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?P<part>\.[0-9]{1,10})?"
_UNIT = r"(?P<unit>件次|件|条|个|项|次|宗|份|[十百千]?万元|[百千亿]?元)?"
_NOTE = r"(?P<note>[(\[].*[)\]])?"
_BRACKETED_UNIT = re.compile(r"[(\[](件次|[件条个项次宗份]|[十百千]?万元|[百千亿]?元)[)\]]$")
_AMOUNT = re.compile(_NUMBER + _UNIT + _NOTE, re.DOTALL)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060\xad"))
_COUNTED = frozenset(("", "件", "件次", "条", "个", "项", "次", "宗", "份"))
_DECIMALS = 4  # of an amount in 万元, by the form
_NOTHING = re.compile(r"[-+/\\—–－_*·.〇零无○OＯ]+|没有|暂无|不适用|N/?A", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """The figure in a cell, or None; `note` says what was done with it, `fault` what is wrong."""

    value: Figure
    note: str = ""
    fault: str = ""


def plain(text: str) -> str:
    """A cell's text in half-width signs and without white space around and inside its brackets.

    Powers, circled numbers and footnote marks do not become digits.
    """
    text = text.replace("&nbsp;", " ")
    kept = "".join("\ufffd" if unicodedata.category(sign) == "No" else sign for sign in text)
    return unicodedata.normalize("NFKC", kept.translate(_INVISIBLE)).replace("〔", "(").strip()


def is_amount(text: str) -> bool:
    """Whether a cell holds a figure or a sign for none, and is no label."""
    if len(text) > LONGEST:
        return False
    words = plain(text)
    return bool(_AMOUNT.fullmatch(_tight(words)) or _NOTHING.fullmatch(words)) or bool(
        re.fullmatch(r"[-+]?[0-9][0-9,. ]*", words)
    )


def read_amount(text: str, kind: Kind, *, unit: str = "") -> Amount:
    """The figure in a cell; `unit` is what the words beside it name, for a sum without its own."""
    words = plain(text)
    if not words:
        return Amount(None)
    match = _AMOUNT.fullmatch(_tight(words)) if len(words) <= LONGEST else None
    shown = " ".join(text.split())[:40]
    value = _money(match, unit) if match and kind == "money" else _count(match)
    if match is None or value is None:
        return Amount(None, fault=f"这一格写的是“{shown}”，读不成数。")
    if kind == "money" and (converted := _converted(match, shown, value, unit)):
        return converted
    if match["note"]:
        note = f"这一格写的是“{shown}”，按 {show_figure(value)} 读入，括号里的话没有读入。"
        return Amount(value, note)
    return Amount(value)


def _converted(match: re.Match[str], shown: str, value: Figure, unit: str) -> Amount | None:
    """What is to be said of a sum in another unit than the form's; None where it is in 万元."""
    if match["unit"] in (None, "") and unit == UNCLEAR:
        return Amount(None, fault=f"这一格写的是“{shown}”，分不清是元还是万元，没有读入。")
    where = "" if match["unit"] else f"（表头的单位是{unit}）"
    if (match["unit"] or unit or WAN) == WAN:
        return None
    if len(show_figure(value).partition(".")[2]) > _DECIMALS:
        return Amount(
            None, fault=f"这一格写的是“{shown}”{where}，换算成万元超过 4 位小数，没有读入。"
        )
    return Amount(value, f"这一格写的是“{shown}”{where}，按 {show_figure(value)} 万元读入。")


def _tight(words: str) -> str:
    """The words without white space beside their unit or bracket; never between two digits."""
    tight = re.sub(r"(?<![0-9,.])\s+|\s+(?![0-9,.])", "", words)
    return _BRACKETED_UNIT.sub(r"\1", tight)


def _count(match: re.Match[str] | None) -> int | None:
    """A count, or None where the words are no whole number of cases."""
    if match is None or (match["unit"] or "") not in _COUNTED or not _is_note(match["note"]):
        return None
    if match["part"] not in (None, ".0", ".00"):
        return None  # 1.000 may be a thousand
    return int(match["number"].replace(",", ""))


def _money(match: re.Match[str], unit: str) -> Decimal | None:
    """An amount in 万元, or None where the words are no sum of money."""
    named = match["unit"] or unit or WAN
    scale = SCALES.get(WAN if named == UNCLEAR else named)
    if scale is None or not _is_note(match["note"]) or "元" in (match["note"] or ""):
        return None
    value = Decimal(match["number"].replace(",", "") + (match["part"] or "")) * scale
    exact = value.normalize() if match["unit"] or scale != 1 else value
    return Decimal(format(exact, "f"))


def _is_note(note: str | None) -> bool:
    """Whether what stands in brackets is a remark in words; a second number is none."""
    return not note or bool(re.search(r"[\u4e00-\u9fff]", note))
