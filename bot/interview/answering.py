"""What an answer does: each kind of question takes what was typed, or refuses it in words.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from bot.answers import Rejected, plain, read_figures, read_text
from bot.checks import run_checks
from bot.draft import NO, OUTCOMES, TYPES, YES, Answer
from bot.interview.asking import ask, follows_last
from bot.interview.card import explained_findings, explanation_key, figure_rows, hard_first
from bot.interview.position import propose
from bot.interview.questions import (
    CHARGED,
    Question,
    zeros_mark,
)
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk
from bot.interview.writing import keep_text, take_text
from bot.record import build_dossier
from bot.telling.paste import Reading, bare_rows, read_block

_FEW = 7
_LEAST_REMARK = 4
_LEAST_REPLY, _LONGEST_REPLY = 2, 500
_NO_WORDS = {"没有", "无", "没", "否", "不是", "没得", "0", "零", "没有的", "no", "n"}


_YES_WORDS = {"有", "是", "有的", "要", "yes", "y"}


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


def store(talk: Talk, answers: Iterable[tuple[str, Answer | None]]) -> None:
    """Keep figures; a gate or a choice that contradicts them gives way, and that is said."""
    answers = list(answers)
    talk.keep_all([*answers, *_opened(talk, answers)])


def take_reading(talk: Talk, reading: Reading) -> None:
    """Figures that came with their names: a few are stored, a batch is echoed first."""
    for fault in reading.faults[:4]:
        talk.say("fault_" + fault.reason, **fault.facts)
    if reading.leftover and len(reading.cells) <= _FEW:
        talk.say("fault_leftover", words=reading.leftover[:20])
        ask(talk, talk.position.asking, again=True)
        return
    if not reading.cells:
        if reading.blanks:
            talk.say("blanks", cells=reading.blanks)
        ask(talk, talk.position.asking, again=True)
        return
    doubts = (reading.faults, reading.blanks, reading.notes, reading.leftover)
    if len(reading.cells) <= _FEW and reading.sure and not any(doubts):
        before = {cell: talk.draft.figure(cell) for cell in reading.cells}
        if talk.position.asking not in reading.cells:
            talk.move(home=talk.position.home or talk.position.asking)
        store(talk, [(cell, Answer(value, "typed")) for cell, value in reading.cells.items()])
        say_corrected(talk, before, reading.cells)
        settle(talk)
        return
    echo(talk, [(cell, Answer(value, "imported")) for cell, value in reading.cells.items()],
         reading)  # fmt: skip


def say_corrected(talk: Talk, before: Mapping[str, object], now: Mapping[str, object]) -> None:
    """What was set: first entries, then changes; what stayed the same is not listed."""
    first = [cell for cell in now if before[cell] is None]
    changed = [cell for cell in now if before[cell] is not None and before[cell] != now[cell]]
    if first:
        talk.say("stored", items=first, values=[now[cell] for cell in first], yuan=False, typed="")
    if changed:
        talk.say("corrected", cells=changed, before=before, now=now)
    if not first and not changed:
        talk.say("unchanged")


def echo(talk: Talk, answers: list[tuple[str, Answer]], reading: Reading) -> None:
    """Show what was understood as a table and wait for a yes."""
    shown = talk.draft.with_changes([talk.draft.change(item, new) for item, new in answers])
    cells = [item for item, _ in answers]
    cells_of = set(cells)
    zeros = sum(not new.value for _, new in answers)
    talk.say(
        "echo", figure_rows(shown, cells), count=len(cells), zeros=zeros, blanks=reading.blanks,
        notes=reading.notes, faults=len(reading.faults),
        failing=len(hard_first([f for f in run_checks(build_dossier(shown), "figures")
                                if f.severity == "hard" and set(f.cells) <= cells_of], ())),
        replaced=[c for c in cells if c in talk.draft.answers
                  and talk.draft.value(c) != shown.value(c)],
    )  # fmt: skip
    talk.move(offer=tuple(propose(item, new) for item, new in answers))
    if reading.blanks:
        zeros_too = [
            *answers,
            *((c, Answer(_nothing(talk, c), "imported")) for c in reading.blanks),
        ]
        talk.move(repairs=(tuple(propose(item, new) for item, new in zeros_too),))
        talk.offer(Choice("r0", "blanks_zero", {"count": len(zeros_too)}))
    talk.offer(Choice("ok", "store_batch", {"count": len(cells)}), Choice("drop", "drop_batch"))


def open_gate(talk: Talk, gate: str) -> None:
    """Answer a gate with 有."""
    talk.keep(gate, Answer(YES, "typed"))
    talk.say("gate_open", label=talk.draft.form.gate(gate).label)
    settle(talk)


def _nothing(talk: Talk, cell: str) -> int | Decimal:
    """The zero of a cell."""
    return Decimal(0) if talk.draft.form.items[cell].kind == "money" else 0


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
    if word in _NO_WORDS:
        close_gate(talk, question.name)
    elif word in _YES_WORDS:
        open_gate(talk, question.name)
    else:
        raise Rejected("not_yes_no", typed=text.strip()[:40])


def _take_figures(talk: Talk, question: Question, text: str) -> None:
    items = question.items
    if len(items) > 1 and _bare_word(text) in ("没有", "无", "都没有", "全没有", "都是0", "全是0"):
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


def _take_choice(talk: Talk, question: Question, text: str) -> None:
    word = plain(text).rstrip("。")
    if word in ("完成", "选好了", "好了", "done", "好", "确定"):
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
    "choice": _take_choice,
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


def _opened(
    talk: Talk, answers: Iterable[tuple[str, Answer | None]]
) -> list[tuple[str, Answer | None]]:
    """What must give way for figures that are not 0: a closed gate, a choice without them."""
    draft = talk.draft
    cells = [item for item, new in answers if new and new.value and item in draft.form.items
             and draft.form.items[item].is_cell]  # fmt: skip
    opened: list[tuple[str, Answer | None]] = []
    for gate in draft.form.gates:
        if draft.value(gate.key) == NO and any(cell in gate.cells for cell in cells):
            talk.say("gate_reopened", label=gate.label)
            opened.append((gate.key, Answer(YES, "typed")))
    flow = draft.form.flow
    found = [draft.form.items[c] for c in cells if draft.form.items[c].table == flow.table]
    for name, lines in ((TYPES, {i.column for i in found}), (OUTCOMES, {i.row for i in found})):
        chosen = draft.choices(name)
        options = flow.kinds if name == TYPES else flow.outcomes
        if chosen is not None and lines - set(chosen) & set(options):
            both = [key for key in options if key in chosen or key in lines]
            if tuple(both) != chosen:
                opened.append((name, Answer(",".join(both), "typed")))
    return opened


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
