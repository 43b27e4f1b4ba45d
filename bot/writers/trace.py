"""The history of one report as a page to be read and kept: who changed what, when, from which
message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.draft import REPLY, Answer, Draft, Entry
from bot.folders import TEMPLATES
from bot.report import show_figure

_SOURCES = {
    "typed": "本人填", "imported": "导入并确认", "gate": "门控为零", "derived": "推算",
    "drafted": "按事实起草", "todo": "待办", "unasked": "未问",
}  # fmt: skip
KINDS = {
    "invited": "发出邀请", "revoked": "收回邀请", "joined": "加入", "left": "停用", "unit": "名册",
    "renamed": "改名", "merged": "合并", "due": "改截止日期", "reminded": "催报",
    "promised": "承诺完成日期", "submitted": "提交", "recalled": "收回", "returned": "退回",
    "approved": "通过", "withdrawn": "撤回通过", "filed": "定稿存档", "adopted": "读入去年的报告",
    "rolled up": "送出汇总数", "erased": "删除个人信息",
}  # fmt: skip

Line = tuple[str, str, datetime, Mapping[str, Any]]


def render_trace(
    draft: Draft,
    entries: Sequence[Entry],
    events: Sequence[Line],
    name: Callable[[str], str],
    head: str,
) -> bytes:
    """A page with every change and every decision; `head` is the newest hash of the chain."""
    rows = [
        {
            "at": entry.at, "person": entry.person, "item": _item(entry.item, name),
            "old": _shown(entry.old), "new": _shown(entry.new), "message": entry.message,
            "source": _SOURCES.get(entry.new.source, "") if entry.new else "撤销或清掉",
        }
        for entry in entries
    ]  # fmt: skip
    lines = [
        {"at": at, "person": person, "kind": KINDS.get(kind, kind), "body": _told(body)}
        for kind, person, at, body in events
    ]
    page = _environment(TEMPLATES).get_template("trace.html.j2").render(
        agency=draft.agency, year=draft.year, rows=rows, lines=lines, head=head
    )  # fmt: skip
    return page.encode("utf-8", "replace")


def _item(item: str, name: Callable[[str], str]) -> str:
    return "对意见的答复" if item.startswith(REPLY) else name(item)


def _shown(answer: Answer | None) -> str:
    if answer is None or answer.value is None:
        return "（空）"
    return answer.value if isinstance(answer.value, str) else show_figure(answer.value)


def _told(body: Mapping[str, Any]) -> str:
    words = {"number": "第{}稿", "reason": "{}", "sha256": "SHA-256 {}", "name": "{}",
             "until": "{}", "old": "原名 {}", "new": "新名 {}"}  # fmt: skip
    told = [words[key].format(value) for key, value in body.items() if key in words and value]
    told += [f"意见：{text}" for _, text in body.get("comments", [])]
    return "；".join(told)


@lru_cache(maxsize=1)
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
