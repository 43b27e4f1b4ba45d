"""Reads in which unit a table gives its sums of money, from its heads, labels and remarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

WAN = "万元"  # the form's own unit
UNCLEAR = "？"  # words that name a unit which is not known, or two of them

SCALES: Mapping[str, Decimal] = {
    "元": Decimal("0.0001"),
    "百元": Decimal("0.01"),
    "千元": Decimal("0.1"),
    WAN: Decimal(1),
    "十万元": Decimal(10),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿元": Decimal(10_000),
}

_UNIT = re.compile(r"(?P<of>[十百千万亿美港欧日]*)元(?=人民币|[^\u4e00-\u9fff]|$)")
_SHORT = re.compile(r"(?:单位[:：]|[(])(?P<of>[十百千万亿]+)(?=[)、,;]|$)")
_REMARK = re.compile(r"[(\[【]?[^:：。]{0,6}单位[:：][^:：。]{1,14}")


def unit_in(words: str) -> str:
    """The unit that words name: 万元, 元 …; '' where they name none, UNCLEAR for no clear one."""
    dense = "".join(unicodedata.normalize("NFKC", words).split())
    named = {match["of"] + "元" for match in (*_UNIT.finditer(dense), *_SHORT.finditer(dense))}
    return one_of(name if name in SCALES else UNCLEAR for name in named)


def unit_of_remark(line: str) -> str:
    """The unit that a line such as 单位：元 names for the table beside it; '' for any other."""
    dense = "".join(unicodedata.normalize("NFKC", line).split())
    return unit_in(dense) if _REMARK.fullmatch(dense) else ""


def one_of(units: Iterable[str]) -> str:
    """The unit that all name who name one; UNCLEAR where they differ."""
    named = {unit for unit in units if unit}
    return named.pop() if len(named) == 1 else UNCLEAR if named else ""
