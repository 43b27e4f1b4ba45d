"""What kind of body reports: of which rank, and whether it can make 规章 at all.

Pure. The level that the office gave is trusted before the name.
"""

from __future__ import annotations

import re
import unicodedata

from bot.report import Report

_RANKS = (
    (re.compile(r"^(省|自治区|直辖市)"), "省"),
    (re.compile(r"^(地|设区|市|自治州|州|盟)"), "市"),
    (re.compile(r"^(县|区|旗)"), "县"),
    (re.compile(r"^(乡|镇|街道)"), "乡"),
)
_BELOW = re.compile(r"^(县|区|旗|乡|镇|街道)(?!.*部门)")
_MAKER = re.compile(r"^国务院|^(省|自治区|直辖市|地市|地|设区的?市|市|自治州|州)级?(人民)?政府$")
_MAKERS_NAME = re.compile(r"(省|自治区|市|州)人民政府(办公[厅室])?$")
_STATE = re.compile(
    r"^(国务院|国家|中国|中华人民共和国)[^省市县区州旗盟]+$|^[^省市县区州旗盟委]{2,7}(部|总署)$|^审计署$"
)


def may_make_rules(report: Report) -> bool:
    """Whether a body can make 规章: governments from 设区的市 upwards, departments of the centre.

    A 市人民政府 may be that of a county-level city; where the level does not say so, it passes.
    """
    level, agency = report.level.strip(), plain_name(report.agency)
    if _BELOW.search(level):
        return False
    return any(
        pattern.search(words)
        for pattern, words in ((_MAKER, level), (_MAKERS_NAME, agency), (_STATE, agency))
    )


def rank(level: str) -> str:
    """A level in a word that different ways of writing share (县, 县部门), empty if unknown."""
    for pattern, word in _RANKS:
        if pattern.search(level.strip()):
            return word + ("部门" if "部门" in level else "")
    return ""


def plain_name(agency: str) -> str:
    """A name without blanks and with one width of brackets."""
    return "".join(unicodedata.normalize("NFKC", agency).split())
