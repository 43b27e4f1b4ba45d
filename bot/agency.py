"""What a body's name says: whether it can be one, and its level; and which year is reported when.

Pure.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date


def report_year(today: date) -> int:
    """报告年度: last year until June, else this year."""
    return today.year - 1 if today.month <= 6 else today.year


def is_agency(name: str) -> bool:
    """Whether a text can be an agency's full name."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in name):
        return False
    return (
        4 <= len(name) <= 60
        and re.search(r"[\u4e00-\u9fff]{4}", name) is not None
        and not (re.search(r"[\n\t。，,!?！？<>{}]", name))
    )


def level_of(agency: str) -> str:
    """The level that a name shows; it can be given with the invitation instead."""
    if re.search(r"(乡|镇)人民政府$|街道办事处$", agency):
        return "乡镇街道"
    if agency.endswith(("省人民政府", "自治区人民政府")):
        return "省级政府"
    if agency.endswith("市人民政府"):
        return "地市级政府"
    if agency.endswith("人民政府"):
        return "县级政府"
    return "县级政府部门"
