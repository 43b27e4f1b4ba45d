"""Messages in Telegram's form: HTML of at most 4,096 UTF-16 units, inline keyboards. Pure."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from bot.messages import Button, Part

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
DATA_BYTES = 64
AGAIN = "（网络中断，重发一次）"

_GAP = "\n\n"
_BREAKS = ("\n\n", "\n", "。", "；", "，")
_log = logging.getLogger(__name__)


def units(text: str) -> int:
    """The length as Telegram counts it: an emoji is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def pieces(parts: Iterable[Part], limit: int = TEXT_UNITS) -> list[str]:
    """The parts as HTML messages of at most `limit` units each once the tags are gone."""
    made: list[str] = []
    room = 0
    for part in parts:
        for text in _cut(_clean(part.text), limit, part.table):
            html = f"<pre>{_escape(text)}</pre>" if part.table else _escape(text)
            size = units(text) + len(_GAP)
            if made and size <= room:
                made[-1] += _GAP + html
                room -= size
            else:
                made.append(html)
                room = limit - units(text)
    return made


def again(html: str) -> str:
    """A message that may be there already, recognisable as a repetition."""
    marked = f"{AGAIN}\n{html}"
    return marked if units(marked) <= TEXT_UNITS else html


def keyboard(rows: Iterable[Iterable[Button]]) -> dict[str, Any] | None:
    """The buttons as Telegram's JSON; one with too long data is left out, and the log says so."""
    made = [[key for button in row if (key := _key(button))] for row in rows]
    made = [row for row in made if row]
    return {"inline_keyboard": made} if made else None


def _key(button: Button) -> dict[str, str] | None:
    data = button.press.encode()
    if len(data.encode()) > DATA_BYTES or not button.text.strip():
        _log.error("按钮数据超过 64 字节，未显示：%s", button.press.question)
        return None
    return {"text": button.text, "callback_data": data}


def _clean(text: str) -> str:
    # A lone half of a surrogate pair cannot be sent at all.
    return text.encode("utf-8", "replace").decode().strip("\n")


def _escape(text: str) -> str:
    return escape(text, quote=False)


def _cut(text: str, limit: int, table: bool) -> Iterator[str]:
    """Cut at paragraphs, else lines, else sentences (a table only at lines), else anywhere."""
    while units(text) > limit:
        head = _head(text, limit)
        end = _break(head, table) or len(head)
        if head[:end].strip():
            yield head[:end].rstrip("\n")
        text = text[end:].lstrip("\n")
    if text.strip():
        yield text


def _head(text: str, limit: int) -> str:
    """As much from the beginning as `limit` units hold."""
    head = text[:limit]
    while (over := units(head) - limit) > 0:
        head = head[: -((over + 1) // 2)]
    return head


def _break(head: str, table: bool) -> int:
    """Where to cut, not so early that little fits; 0 where there is no good place."""
    for mark in ("\n",) if table else _BREAKS:
        end = head.rfind(mark)
        if end >= len(head) // 4:
            return end + len(mark)
    return 0
