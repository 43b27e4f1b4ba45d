"""Cells of a workbook of ours that were not taken, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.form import Item
from bot.readers.formulas import name_of
from bot.readers.places import Spot

SHOWN = 30  # characters of what stands in a cell
_REASONS = {
    "inexact": "不是准确数。请查清后填准确的数；不清楚就空着",
    "negative": "是负数。请填 0 或者正数",
    "fraction": "不是整数。件数请填整数",
    "several": "里有几个数，分不清是哪一个。这一格只填一个数",
    "not_number": "读不成数。请填数字；没有就填 0；不清楚就空着",
    "not_money": "读不成金额。请填以万元为单位的数字；没有就填 0；不清楚就空着",
    "decimals": "折成万元后超过 4 位小数。请精确到元",
    "too_large": "太大了，请检查是不是多打了数字",
    "unsure": "不是写全的数字。请写全，例如 15000",
    "error": "是公式的错误。请改填数字",
    "date": "是日期。请把这一格改成数字再填",
    "uncomputed": "是公式，文件里没有可靠的结果。请改填数字",
    "hollow": "是公式，它引用的格子都空着。请改填数字；不清楚就空着",
    "unprintable": "里有文件放不下的字符。请删掉它",
    "no_words": "里没有文字。请写上这一段的文字，或者空着",
    "too_long": "太长了，一段最多 30000 字。请删减",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that was not taken: its item and name (表三!D5), what stood there, why, in words."""

    item: str
    cell: str
    stood: str
    reason: str
    sentence: str


def cell_name(spot: Spot) -> str:
    """A cell as the program names it: 表三!D5."""
    row, column = spot.place
    return f"{spot.sheet.name[:31]}!{name_of(column)}{row + 1}"


def refuse(item: Item, spot: Spot, text: str, reason: str) -> Refusal:
    """A refused cell with its sentence."""
    cell, place = cell_name(spot), " · ".join(item.place)
    short = " ".join(text.split())
    short = short[:SHOWN] + "……" if len(short) > SHOWN else short
    stood = f"里写的“{short}”" if short else "里"
    sentence = f"{cell}（{place}）{stood}{_REASONS.get(reason, _REASONS['not_number'])}。"
    return Refusal(item.key, cell, text[:200], reason, sentence)
