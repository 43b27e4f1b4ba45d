"""What stands at the end of a foreign file: the sign-off, and what comes after the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.readers.title import is_agency, is_chrome, is_date

LONG = 60  # so long a line behind the report may be a part of it, and is said

_SIGNED = re.compile(
    r"(?P<agency>[\u4e00-\u9fff（）()·\s]{2,60}?)\s*"
    r"(?P<date>[0-9〇○零一二三四五六七八九]{4}\s*年\s*[0-9一二三四五六七八九十]{1,3}\s*月\s*"
    r"[0-9一二三四五六七八九十]{1,3}\s*日)"
)
_OUTSIDE = re.compile(
    r"上一[篇条页]|下一[篇条页]|相关(链接|文档|信息|阅读|新闻|附件)|版权|主办(单位)?[：:]|承办(单位)?[：:]"
    r"|ICP备|公网安备|网站(地图|标识码)|政府网站|联系我们|友情链接|技术支持|返回顶部|打印本页|关闭窗口"
    r"|扫一扫|分享到|责任编辑|附件(下载)?\s*[：:0-9]|^\s*附件|【(打印|关闭|字体)"
)


@dataclass(frozen=True, slots=True)
class Ending:
    """The lines of the last section, the sign-off, and long lines behind it in sentences."""

    text: tuple[str, ...]
    signoff: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read_ending(lines: Sequence[str], agency: str) -> Ending:
    """Take the sign-off and what is not the report's off the lines of the last section."""
    cut = next((at for at, line in enumerate(lines) if _outside(line)), len(lines))
    inside, outside = list(lines[:cut]), lines[cut:]
    start, end = _signoff(inside, agency)
    late = [line for line in (*inside[end:], *outside) if len(line) > LONG and not _outside(line)]
    return Ending(
        text=tuple(inside[:start]),
        signoff=tuple(inside[start:end]),
        unread=tuple(f"正文后面的一段没有读入：“{line[:30]}……”" for line in late),
    )


def _outside(line: str) -> bool:
    """Whether a line is of the web page below the report."""
    return len(line) <= 3 * LONG and not line.endswith("。") and (
        bool(_OUTSIDE.search(line)) or is_chrome(line)
    )  # fmt: skip


def _signoff(lines: Sequence[str], agency: str) -> tuple[int, int]:
    """Where the sign-off begins and ends; both are the end of the lines where there is none."""
    for at in range(len(lines) - 1, -1, -1):
        if is_date(lines[at]):
            named = at > 0 and _name(lines[at - 1], agency)
            return at - named, at + 1
        if len(lines[at]) <= LONG and _SIGNED.fullmatch(lines[at]):
            return at, at + 1
    last = len(lines) - 1
    if last >= 0 and is_agency(lines[last]) and _same(lines[last], agency):
        return last, last + 1
    return len(lines), len(lines)


def _name(line: str, agency: str) -> bool:
    """Whether the line above a date is the name that signs."""
    return len(line) <= LONG // 2 + 10 and line[-1] not in "。；;，：:" and (
        is_agency(line) or _same(line, agency) or len(line) <= 20
    )  # fmt: skip


def _same(line: str, agency: str) -> bool:
    name = "".join(line.split())
    return bool(agency) and (name in agency or agency in name)


def signer(signoff: Sequence[str]) -> str:
    """The agency that signs, or '' where that is not certain."""
    for line in signoff:
        match = _SIGNED.fullmatch(line)
        name = "".join((match["agency"] if match else line).split())
        if is_agency(name):
            return name
    return ""
