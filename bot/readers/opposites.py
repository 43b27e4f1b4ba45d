"""Words that turn a label into another: 上年 and 本年, 新收 and 结转."""

from __future__ import annotations

import re

_YEARS = {
    "last": re.compile(r"上一?年|去年|往年|上年度|前一年|历年"),
    "next": re.compile(r"下一?年|次年|来年|明年"),
    "this": re.compile(r"本年|今年|当年"),
}
_SETS = (("新收", "结转"), ("制发", "废止", "有效"), ("维持", "纠正"))


def is_contrary(words: str, official: str) -> bool:
    """Whether a label says another year, or the opposite, of what an official label says."""
    said, meant = _years(words), _years(official)
    if (said and meant and said != meant) or said - meant - {"this"}:
        return True
    for names in _SETS:
        one, other = ({name for name in names if name in text} for text in (words, official))
        if one and other and one != other:
            return True
    return False


def _years(text: str) -> set[str]:
    return {name for name, pattern in _YEARS.items() if pattern.search(text)}
