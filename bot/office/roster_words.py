"""What the cells of a roster say: levels, yes and no, reasons, list marks.

Pure.
"""

from __future__ import annotations

import re
import unicodedata

from bot.office.names import key_of

LEVELS: tuple[str, ...] = (
    "省级政府",
    "地市级政府",
    "县级政府",
    "乡镇街道",
    "省级政府部门",
    "地市级政府部门",
    "县级政府部门",
)
HINTS = 20  # faults that look for the unit that may be meant; it takes time
SHOWN = 30  # characters of what stood there
LONGEST_REASON = 200

_FOOT = re.compile(
    r"合计|总计|共计|小计|总数|共\d|注[:：]|备注|说明|填表|制表|审核|联系|填报日期|日期"
)
_ASIDE = re.compile(
    r"(填报|编制|制表|报送)?单位[:：].*"
    r"|.*(名单|花名册|一览表|名录|清单|统计表|登记表|情况表|如下)([（(][^（()）]*[)）])?[:：]?"
    r"|(.*(部门|单位|机构)|各?(乡镇|镇街|街道|乡镇街道|街道乡镇|镇街道))"
    r"([（(]?共?\d+[个家][)）]?)?[:：]?"
)
_MOST_ASIDE = 80  # characters

_YES = frozenset(["是", "对", "有", "y", "yes", "true", "1", "√", "✓", "✔", "v"])
_NO = frozenset(
    ("否", "不", "不是", "无", "没有", "空", "n", "no", "false", "0", "×", "x", "✗", "/", "\\", "-")
)
_RANKS = (
    (re.compile(r"(省|自治区|直辖市)级?"), "省级政府"),
    (re.compile(r"(地级?市|地市|设区的?市|地|自治州|州)级?"), "地市级政府"),
    (re.compile(r"(县市区|市县区|区县|县区|县|区|旗)级?"), "县级政府"),
)
_TOWN = re.compile(r"(乡|镇|乡镇|街道|镇街|乡镇街道|街道办|街道办事处)级?(人民政府|政府)?")
_BEHIND = re.compile(r"(人民政府|政府)?((工作)?部门|直部门|直单位|直属部门|直属单位)?")
_UNSAID = frozenset(("部门", "政府部门", "工作部门", "政府", "人民政府"))
_MARK = re.compile(
    r"[-•·●○■□◆◇▪*+]+\s*(?=\S)"
    r"|[（(](?:\d{1,4}|[一二三四五六七八九十百]{1,4})[)）][、.．]?\s*"
    r"|(?:\d{1,4}|[一二三四五六七八九十百]{1,4})\s*[.．、)）:：]\s*(?=\S)"
    r"|[①-⑳㈠-㈩]\s*"
)
_UNSEEN = ("Cc", "Cf", "Cs", "Co")
_RULE = re.compile(r"[-—=─━:：|\s]{2,}")


def clean(text: str) -> str:
    """A cell's text on one line, without signs that nobody sees; '' for a drawn rule."""
    seen = text
    if not text.isprintable():
        spaced = (" " if c.isspace() else c for c in text)
        seen = "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN)
    plain = " ".join(seen.split())
    return "" if _RULE.fullmatch(plain) else plain


def mark_of(text: str) -> str:
    """The mark that a line of a list begins with (1. or （一）), or ''."""
    found = _MARK.match(text)
    return found[0] if found else ""


def is_foot(text: str) -> bool:
    """Whether a row that begins with this text stands below a list: a sum, a note, who made it."""
    return _FOOT.match(text) is not None


def is_aside(text: str) -> bool:
    """Whether a text is a title, a heading or a sum, which nobody takes for a unit."""
    return is_foot(text) or (
        len(text) <= _MOST_ASIDE
        and not text.startswith(("请", "把", "将"))
        and _ASIDE.fullmatch(text) is not None
    )


def show(text: str) -> str:
    """What stood there, in quotation marks and cut to a length that can be read."""
    return f"“{text[:SHOWN]}……”" if len(text) > SHOWN else f"“{text}”"


def read_level(words: str, name: str) -> str | None:
    """The level that a cell means, '' where it leaves it to the name, None where it is unknown.

    A rank alone (县级) is the government's where the name is a government's.
    """
    plain = key_of(words)
    if plain in LEVELS or plain in _NO or not plain:
        return plain if plain in LEVELS else ""
    if plain in _UNSAID:
        return ""
    if _TOWN.fullmatch(plain):
        return "乡镇街道"
    for rank, government in _RANKS:
        found = rank.match(plain)
        behind = _BEHIND.fullmatch(plain[found.end() :]) if found else None
        if behind:
            said = bool(behind[1] or behind[2])
            is_government = not behind[2] if said else name.endswith("人民政府")
            return government if is_government else government + "部门"
    return None


def read_yes(words: str) -> bool | None:
    """Whether a cell says yes; a blank one says no; None where it says neither."""
    plain = key_of(words)
    if plain in _YES or plain == "本级":
        return True
    return False if plain in _NO or not plain else None


def read_reason(words: str) -> str | None:
    """Why a unit need not report, '' where it must, None where only a yes stands there."""
    plain = key_of(words)
    if plain in _NO or plain in ("不免报", "需要报", "应报", "正常", ""):
        return ""
    if plain in _YES or plain in ("免报", "豁免", "不报", "免", "免于报送", "不需要报", "不用报"):
        return None
    return words[:LONGEST_REASON]


def read_order(words: str) -> int | None:
    """A place in the order, or None where the cell holds no whole number."""
    plain = key_of(words).rstrip(".、")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 7 else None
