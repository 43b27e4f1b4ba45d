"""A multiple choice as the answer: numbers, names, or what was ticked.

Pure.
"""

from __future__ import annotations

import re

from bot.answers import Rejected, plain
from bot.draft import TYPES, Answer
from bot.interview.questions import Question
from bot.interview.settling import settle
from bot.interview.talk import Talk

_DONE = ("完成", "选好了", "好了", "done", "好", "确定", "确认", "对", "可以")
"""What ends the choice; 确认 must not find 要求行政机关确认或重新出具."""


def take_choice(talk: Talk, question: Question, text: str) -> None:
    word = plain(text).rstrip("。")
    if word in _DONE:
        finish_choice(talk, question)
        return
    if word in ("都没有", "没有", "无"):
        raise Rejected("choose_some", types=question.name == TYPES)
    chosen = []
    for part in re.split(r"[\s,，、;；和及]+", word):
        if not part:
            continue
        key = _option(talk, question, part)
        if key is None:
            raise Rejected("no_option", typed=part[:20], count=len(question.options))
        chosen.append(key)
    picked = tuple(key for key in question.options if key in chosen)
    talk.move(picked=picked)
    finish_choice(talk, question)


def finish_choice(talk: Talk, question: Question) -> None:
    """Store what was picked; at least one thing must be."""
    picked = talk.position.picked or ()
    if not picked:
        raise Rejected("choose_some", types=question.name == TYPES)
    dropped = _dropped(talk, question, picked)
    talk.keep(question.name, Answer(",".join(picked), "typed"))
    talk.keep_all([(cell, None) for cell in dropped])
    talk.move(picked=None)
    lost = sum(bool(talk.before.value(cell)) for cell in dropped)
    talk.say("picked", count=len(picked), types=question.name == TYPES, dropped=lost)
    settle(talk)


def _dropped(talk: Talk, question: Question, picked: tuple[str, ...]) -> list[str]:
    """Answers that a narrower choice takes back."""
    axis = "column" if question.name == TYPES else "row"
    out = set(question.options) - set(picked)
    items = talk.draft.form.items
    return [
        key
        for key in talk.draft.answers
        if key in items
        and items[key].table == talk.draft.form.flow.table
        and getattr(items[key], axis) in out
    ]


def _option(talk: Talk, question: Question, part: str) -> str | None:
    """The option that a number or a name means."""
    if part.isdigit():
        number = int(part)
        return question.options[number - 1] if 1 <= number <= len(question.options) else None
    table = talk.draft.form.tables[talk.draft.form.flow.table]
    lines = table.columns if question.name == TYPES else table.rows
    for line in lines:
        names = {plain(line.label), *map(plain, line.aliases)}
        if line.key in question.options and (part in names or part == line.key):
            return line.key
    found = [line.key for line in lines if line.key in question.options and part in line.label]
    return found[0] if len(found) == 1 and len(part) >= 2 else None
