"""The history of one report as a page to be read and kept: who changed what, when, from which
message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.draft import NO, OUTCOMES, REPLY, TYPES, YES, Answer, Draft, Entry
from bot.folders import TEMPLATES
from bot.form import Form
from bot.guide import Guides
from bot.interview.questions import CHARGED, LAST, ZEROS
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

_BY_ITSELF = ("invited", "reminded", "filed", "adopted")
"""Kinds that the program writes down without anybody."""
_NAMELESS, _PROGRAM = "（没有名字）", "（系统）"
_YES_NO = {YES: "有", NO: "没有"}
_CHARGED = {**_YES_NO, "text": "自己写"}

Line = tuple[str, str, datetime, Mapping[str, Any]]


def render_trace(
    draft: Draft,
    entries: Sequence[Entry],
    events: Sequence[Line],
    name: Callable[[str], str],
    head: str,
    guides: Guides = MappingProxyType({}),
) -> bytes:
    """A page with every change and every decision; `head` is the newest hash of the chain.

    `guides` name the situations that were picked for a text; without them their keys are shown.
    """
    say = _Values(draft.form, guides)
    rows = [
        {
            "at": entry.at, "person": entry.person or _NAMELESS, "message": entry.message,
            "item": _item(entry.item, name),
            "old": say.shown(entry.item, entry.old), "new": say.shown(entry.item, entry.new),
            "source": _SOURCES.get(entry.new.source, "") if entry.new else "撤销或清掉",
        }
        for entry in entries
    ]  # fmt: skip
    lines = [
        {"at": at, "person": person or (_PROGRAM if kind in _BY_ITSELF else _NAMELESS),
         "kind": KINDS.get(kind, kind), "body": _told(body)}
        for kind, person, at, body in events
    ]  # fmt: skip
    page = _environment(TEMPLATES).get_template("trace.html.j2").render(
        agency=draft.agency, year=draft.year, rows=rows, lines=lines, head=head
    )  # fmt: skip
    return page.encode("utf-8", "replace")


def _item(item: str, name: Callable[[str], str]) -> str:
    return "对意见的答复" if item.startswith(REPLY) else name(item)


class _Values:
    """Answers as a reader takes them: words for yes and no, labels for what was picked."""

    def __init__(self, form: Form, guides: Guides) -> None:
        flow = form.flow
        columns = {c.key: c.label for c in form.tables[flow.table].columns} if flow else {}
        rows = {row: form.short_row(flow.table, row) for row in flow.outcomes}
        known = {gate.key: _YES_NO for gate in form.gates}
        self.picks: dict[str, Mapping[str, str]] = {TYPES: columns, OUTCOMES: rows}
        self.picks |= {
            f"pick.{key}": {measure.key: measure.label for measure in guide.measures}
            for key, guide in guides.items()
        }
        self.words: dict[str, Mapping[str, str]] = {**known, CHARGED: _CHARGED}

    def shown(self, item: str, answer: Answer | None) -> str:
        """What was answered for an item."""
        if answer is None or answer.value is None:
            return "（空）"
        value = answer.value
        if item in (ZEROS, LAST):
            return "已确认" if item == ZEROS else "已读入"
        if not isinstance(value, str):
            return show_figure(value)
        if item in self.picks:
            picked = [self.picks[item].get(key, key) for key in value.split(",") if key]
            return "、".join(picked) or "（没有选）"
        return self.words.get(item, {}).get(value, value) or "（不写）"


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
