"""What an answer does: each kind of question takes what was typed, or refuses it in words.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.answers import Rejected, plain, read_figures, read_text
from bot.draft import NO, YES, Answer
from bot.interview.asking import ask, follows_last, unanswered
from bot.interview.batch import store, store_zeros, take_reading
from bot.interview.card import explained_findings, explanation_key
from bot.interview.choosing import take_choice
from bot.interview.position import propose
from bot.interview.questions import (
    CHARGED,
    Question,
    zeros_mark,
)
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk
from bot.interview.writing import keep_text, take_text
from bot.telling.paste import bare_rows, read_block

_LEAST_REMARK = 4
_LEAST_REPLY, _LONGEST_REPLY = 2, 500
_NO_WORDS = {"没有", "无", "没", "否", "不是", "没得", "0", "零", "没有的", "no", "n"}


_YES_WORDS = {"有", "是", "有的", "要", "yes", "y"}
_COUNTED = re.compile(r"(?P<there>有)?\s*(?P<number>\d{1,9})\s*(?P<unit>[件条个份次宗起])?")
"""有 1 件: how many were asked for later, that there are some is said."""


def answer(talk: Talk, question: Question, text: str) -> None:
    """Take `text` as the answer to `question`; a refusal says why and asks again."""
    try:
        _TAKERS[question.asks](talk, question, text)
    except Rejected as refused:
        refuse(talk, refused, question)


def refuse(talk: Talk, refused: Rejected, question: Question | None = None) -> None:
    """Say what was understood, what is wrong and what to type instead; nothing changes."""
    money = bool(question and question.items and _is_money(talk, question))
    talk.say("refused_" + refused.reason, money=money, items=question.items if question else (),
             **refused.facts)  # fmt: skip
    talk.brief = True  # what was asked stands a message above
    ask(talk, question.name if question else talk.position.asking, again=True)


def open_gate(talk: Talk, gate: str) -> None:
    """Answer a gate with 有."""
    talk.keep(gate, Answer(YES, "typed"))
    talk.say("gate_open", label=talk.draft.form.gate(gate).label)
    settle(talk)


def close_gate(talk: Talk, gate: str) -> None:
    """Answer a gate with 没有; figures that stand in its block are shown before they go."""
    cells = [c for c in talk.draft.form.gate(gate).cells if talk.draft.value(c)]
    if cells:
        talk.say("gate_conflict", cells=cells[:6], count=len(cells),
                 label=talk.draft.form.gate(gate).label)  # fmt: skip
        talk.move(offer=(propose(gate, Answer(NO, "typed")),))
        talk.offer(Choice("ok", "clear_block", {"count": len(cells)}), Choice("drop", "keep_block"))
        return
    talk.keep(gate, Answer(NO, "typed"))
    talk.say("gate_closed", label=talk.draft.form.gate(gate).label,
             count=len(talk.draft.form.gate(gate).cells))  # fmt: skip
    settle(talk)


def _take_gate(talk: Talk, question: Question, text: str) -> None:
    word = _bare_word(text)
    counted = _COUNTED.fullmatch(word)
    if word in _NO_WORDS or (counted and not int(counted["number"])):
        close_gate(talk, question.name)
    elif word in _YES_WORDS or (counted and (counted["there"] or counted["unit"])):
        open_gate(talk, question.name)
    elif counted:
        raise Rejected("gate_number", typed=word)
    else:
        raise Rejected("not_yes_no", typed=text.strip()[:40])


def _take_figures(talk: Talk, question: Question, text: str) -> None:
    items = question.items
    if len(items) > 1 and _bare_word(text) in ("没有", "无", "都没有", "全没有", "都是0", "全是0"):
        left = unanswered(talk.draft, question)
        if 0 < len(left) < len(items):  # some were given: these words are about the others
            store_zeros(talk, left)
            return
        text = "0 " * len(items)
    rows = bare_rows(text)
    table = _table_of(talk, question)
    if rows and len(rows) * len(rows[0]) > len(items) + 1 and table:
        block = read_block(talk.draft.form, text, talk.draft.form.tables[table])
        if block:
            take_reading(talk, block)
            return
    if _take_following(talk, question, text):
        return
    kinds = _kinds(talk, question, text)
    if question.name == "fill.fee":
        text = text.replace("元", " ")
    figures = read_figures(text, kinds)
    total = _total_behind(talk, question) if len(kinds) > len(items) else None
    keys = (*items, total) if total else items
    answers = [(key, Answer(f.value, "typed")) for key, f in zip(keys, figures, strict=True)]
    if not all(figure.sure for figure in figures):
        talk.say("sure", items=keys, values=[f.value for f in figures], typed=text.strip())
        talk.move(offer=tuple(propose(item, new) for item, new in answers))
        talk.offer(Choice("ok", "yes_right"), Choice("drop", "not_right"))
        return
    store(talk, answers)
    talk.say("stored", items=keys, values=[f.value for f in figures],
             yuan=any(f.note == "元" for f in figures), typed=text.strip())  # fmt: skip
    settle(talk)


def _take_following(talk: Talk, question: Question, text: str) -> bool:
    """Two figures where last year's third is known: 现行有效 is worked out and shown for a yes."""
    relation = follows_last(talk.draft, question)
    words = [word for word in re.split(r"[\s,，、;；/|]+", plain(text)) if word]
    if relation is None or len(words) != len(question.items) - 1:
        return False
    *before, cell = question.items
    typed = [figure.value for figure in read_figures(text, ("count",) * len(before))]
    given = dict(zip(before, typed, strict=True))
    last = talk.draft.last_figure(cell) or 0
    terms = [(term.minus, given.get(term.cell, last)) for term in relation.right]
    follows = sum(-number if minus else number for minus, number in terms)
    if follows < 0:
        return False
    answers = [(key, Answer(value, "typed")) for key, value in {**given, cell: follows}.items()]
    talk.say("follows", items=question.items, values=[new.value for _, new in answers],
             terms=terms, cell=cell)  # fmt: skip
    talk.move(offer=tuple(propose(item, new) for item, new in answers))
    talk.offer(Choice("ok", "yes_right"), Choice("drop", "not_right"))
    return True


def _take_fee(talk: Talk, question: Question, text: str) -> None:
    word = _bare_word(text)
    if word in _NO_WORDS or re.fullmatch(r"(没有|未|没)收(取|费)?(信息处理费)?", word):
        talk.keep(CHARGED, Answer(NO, "typed"))
        ask(talk, talk.draft.form.charge)
    elif word in _YES_WORDS:
        talk.keep(CHARGED, Answer(YES, "typed"))
        ask(talk, "fill.fee")
    elif len(word) < 10:
        raise Rejected("not_yes_no", typed=text.strip()[:40])
    else:
        talk.keep(CHARGED, Answer("text", "typed"))
        keep_text(talk, talk.draft.form.charge, text)


def _take_explanation(talk: Talk, question: Question, text: str) -> None:
    read = read_text(text)
    if len(read) > 500:
        raise Rejected("too_long", length=len(read), limit=500)
    if len(read) < _LEAST_REMARK or not re.search(r"[\u4e00-\u9fff]{3}", read):
        raise Rejected("no_remark", typed=read[:20])
    talk.keep(question.name, Answer(read, "typed"))
    talk.say("explained")
    settle(talk)


def _take_reply(talk: Talk, question: Question, text: str) -> None:
    """What the clerk answers to a comment of the office."""
    read = read_text(text)
    if not _LEAST_REPLY <= len(read) <= _LONGEST_REPLY:
        raise Rejected("reply_length", length=len(read), limit=_LONGEST_REPLY)
    talk.keep(question.name, Answer(read, "typed"))
    talk.say("reply_kept")
    settle(talk)


def take_remark(talk: Talk, text: str) -> bool:
    """说明：…: the 说明 of the finding said last that has none; False where there is none."""
    remark = re.sub(r"^\s*说明\s*[：:，,]?\s*", "", text)
    told = [f for f in explained_findings(talk.draft) if not talk.draft.value(explanation_key(f))]
    asked = talk.position.asking
    if not told or not remark.strip():
        return False
    keys = [explanation_key(finding) for finding in told]
    name = asked if asked in keys else keys[-1]
    talk.move(home=talk.position.home or asked)
    answer(talk, Question(name, "explain", (name,)), remark)
    return True


def _take_zeros(talk: Talk, question: Question, text: str) -> None:
    word = plain(text).rstrip("。.!！的了")
    if word not in ("确认", "对", "是", "好", "没错", "可以", "ok", "OK", "嗯"):
        raise Rejected("confirm_or_correct", typed=text.strip()[:40])
    confirm_zeros(talk)


def confirm_zeros(talk: Talk) -> None:
    """Keep that the zeros behind closed gates are right."""
    talk.keep("zeros", Answer(zeros_mark(talk.draft), "typed"))
    talk.say("zeros_kept")
    settle(talk)


def _take_elsewhere(talk: Talk, question: Question, text: str) -> None:
    raise Rejected("not_understood", typed=text.strip()[:40])


_TAKERS: Mapping[str, Callable[[Talk, Question, str], None]] = {
    "gate": _take_gate,
    "figures": _take_figures,
    "choice": take_choice,
    "text": take_text,
    "fee": _take_fee,
    "zeros": _take_zeros,
    "explain": _take_explanation,
    "reply": _take_reply,
    "view": _take_elsewhere,
    "review": _take_elsewhere,
}


def _bare_word(text: str) -> str:
    """今年没有的。 -> 没有; what hedges (好像没有, 有吧) stays as it is."""
    word = plain(text).rstrip("。.!！的了啊哦呢")
    return re.sub(r"^(今年|本年|全年|本单位|本机关|我们|我局|目前|都)+", "", word) or word


def _kinds(talk: Talk, question: Question, text: str) -> tuple[str, ...]:
    """The kinds of the figures asked; one more where a total is typed behind them."""
    items = talk.draft.form.items
    kinds = tuple(items[key].kind if key in items else "count" for key in question.items)
    words = [w for w in re.split(r"[\s、;；/|]+", plain(text)) if w]
    if len(words) == len(kinds) + 1 and len(kinds) > 1 and _total_behind(talk, question):
        return (*kinds, "count")
    if question.name.startswith("row.") and len(kinds) < 6 and len(words) in (6, 7):
        return kinds  # a whole row for a part of the types: refused with the number wanted
    return kinds


def _total_behind(talk: Talk, question: Question) -> str | None:
    """The total that may be typed behind a line of figures."""
    for rule in talk.draft.form.rules:
        if len(rule.right) == 1 and rule.left == question.items:
            return rule.right[0]
    return None


def _table_of(talk: Talk, question: Question) -> str:
    item = talk.draft.form.items.get(question.items[0])
    return item.table if item else ""


def _is_money(talk: Talk, question: Question) -> bool:
    items = talk.draft.form.items
    return any(key in items and items[key].kind == "money" for key in question.items)
