"""How each kind of question is asked: its sentence, its buttons and what stands there now.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.draft import OPEN, RECEIVED, Answer, Draft
from bot.form import Form, Gate, Relation
from bot.interview.card import (
    explained_findings,
    explanation_key,
    hard_findings,
    outline,
    say_review,
    unexplained,
)
from bot.interview.cases import (
    ask_carry,
    ask_choice,
    ask_remainder,
    kind_labels,
    remainders,
    type_names,
)
from bot.interview.narrative import compose, join_pieces
from bot.interview.questions import (
    LAST,
    REVIEW,
    VIEW,
    Question,
    agenda,
    find_question,
    last_carry,
    pinned_at,
)
from bot.interview.talk import HELP, SKIP, Choice, Talk
from bot.interview.viewing import ask_view
from bot.record import report_texts

LAST_SHOWN = 160
_LONG_LINE = 5


def ask_next(talk: Talk) -> None:
    """Go back to where a correction came from, or ask the next open question."""
    home = talk.position.home
    talk.move(home="")
    if home and find_question(talk.draft, home) and _still_open(talk, home):
        ask(talk, home)
        return
    stage = talk.draft.stage
    name = next(_open(talk), "") or next(unexplained(talk.draft), REVIEW)
    if stage.locked:
        name = REVIEW
    ask(talk, name)


def ask(talk: Talk, name: str, *, again: bool = False) -> None:
    """Ask the question called `name`; a question asked again keeps what was begun."""
    question = find_question(talk.draft, name)
    if question is None:
        name, question = REVIEW, Question(REVIEW, "review", (REVIEW,))
    position = talk.position
    if position.asking != name:
        keep_pieces(talk)
        position = talk.position
    if position.asking != name:
        back = (*position.back, position.asking)[-20:] if position.asking else position.back
        talk.move(asking=name, back=back)
    if not again:
        talk.move(pieces=(), picked=None, offer=())
    comment = pinned_at(talk.draft, name)
    if comment is not None and not talk.brief:
        talk.say("comment", text=comment.text, by=comment.by, whole=not comment.item)
    _ASKERS[question.asks](talk, question)
    if comment is not None and question.asks != "reply":
        talk.offer(Choice("uphold", "uphold"))


def keep_pieces(talk: Talk) -> None:
    """A text left unfinished is kept as far as it came."""
    name, text = talk.position.asking, join_pieces(talk.position.pieces)
    if not text or name not in talk.draft.form.texts:
        return
    talk.keep(name, Answer(text, "typed"))
    talk.move(pieces=())
    talk.say("kept_pieces", item=name, length=len(text))


def _open(talk: Talk) -> Iterator[str]:
    return agenda(talk.draft, catching_up=talk.position.catching_up)


def _still_open(talk: Talk, name: str) -> bool:
    return name in (REVIEW, VIEW) or name in list(_open(talk))


def _ask_gate(talk: Talk, question: Question) -> None:
    gate = talk.draft.form.gate(question.name)
    untouched = not any(key != LAST for key in talk.draft.answers)
    gates = [g.key for g in talk.draft.form.gates if g.key not in talk.draft.left_over]
    number = gates.index(gate.key) + 1 if gate.key in gates else 0
    words = gate.question.format(year=talk.draft.year, last=talk.draft.year - 1)
    talk.say(
        "ask_gate", question=words, label=gate.label, number=number,
        of=len(gates), last=_last_of_gate(talk.draft, gate), now=talk.draft.value(gate.key),
    )  # fmt: skip
    talk.offer(Choice("no", "no"), Choice("yes", "yes"))
    if untouched:
        asked = [g for g in talk.draft.form.gates if not talk.draft.is_open(g.key)]
        if len(asked) < len(talk.draft.form.gates):
            talk.say("gates_left", labels=[g.label for g in asked])
        talk.offer(Choice("none", "none_at_all", {"count": len(asked)}))
    talk.offer(SKIP, HELP)


def _last_of_gate(draft: Draft, gate: Gate) -> dict[str, object]:
    """Last year's figures of a block that were not 0, the totals where there are many."""
    found = {cell: draft.last_figure(cell) for cell in gate.cells}
    some = {cell: figure for cell, figure in found.items() if figure}
    totals = {cell: figure for cell, figure in some.items() if cell.endswith("total")}
    return dict(list((totals or some).items())[:4])


def _ask_figures(talk: Talk, question: Question) -> None:
    """A line of figures; it has no buttons: digits are typed, and so are 跳过 and 帮助."""
    form, draft = talk.draft.form, talk.draft
    talk.numeric = True
    head, _, tail = question.name.partition(".")
    known = {item: draft.standing(item) for item in question.items}
    said = any(item in draft.answers for item in question.items)
    now = {item: value for item, value in known.items() if value is not None} if said else {}
    last = last_figures(draft, question.items)
    if question.name in ("fill.control", "fill.fee"):
        talk.say("ask_" + head + "_" + tail, items=question.items, now=now, last=last)
    elif head == "row" and tail == form.flow.carried_in and last_carry(draft):
        ask_carry(talk, question, now)
    elif head == "intake":
        talk.say("ask_intake", items=question.items, type=kind_labels(form)[tail], now=now,
                 last=last, carried=draft.figure(form.flow.cell(form.flow.carried_in, tail)),
                 place=_common_place(form, question.items))  # fmt: skip
    elif head == "row" and tail == form.flow.carried_out:
        ask_remainder(talk, question, now)
        return
    elif head == "row":
        talk.say(
            "ask_row", items=question.items, now=now, place=form.full_place(question.items[0]),
            row=form.short_row(form.flow.table, tail), types=type_names(draft),
            left=remainders(draft, tail), single=len(question.items) == 1, last=last,
        )  # fmt: skip
    else:
        single = len(question.items) == 1
        talk.say(
            "ask_figure" if single else "ask_figures",
            items=question.items, now=now, place=_common_place(form, question.items),
            money=any(form.items[item].kind == "money" for item in question.items),
            last=last, follows=follows_last(draft, question) is not None,
            named=_named(draft, question), brief=talk.brief and len(question.items) >= _LONG_LINE,
        )  # fmt: skip
        if last and not any(last.values()) and len(last) == len(question.items) and not now:
            talk.offer(Choice("zero_line", "zero_line"))
    unasked = unanswered(draft, question)
    if 0 < len(unasked) < len(question.items) and head != "intake":
        talk.offer(Choice("rest_zero", "rest_zero", {"count": len(unasked)}))


def _named(draft: Draft, question: Question) -> tuple[str, ...]:
    """The names of two figures of a long line, for those who have only a few to name."""
    if len(question.items) < _LONG_LINE:
        return ()
    return tuple(map(draft.form.short_column, question.items[:2]))


def unanswered(draft: Draft, question: Question) -> tuple[str, ...]:
    """The figures of a line that nobody gave yet; those put off are among them."""
    given = (item for item, answer in draft.answers.items() if answer.source != "todo")
    missing = set(question.items).difference(given)
    return tuple(item for item in question.items if item in missing and item in draft.figures)


def follows_last(draft: Draft, question: Question) -> Relation | None:
    """The relation by which a line's last cell follows from last year's and the cells before it.

    现行有效 is last year's with what was made and without what was repealed.
    """
    *before, cell = question.items
    for relation in draft.form.relations:
        now = [term.cell for term in relation.right if not term.last]
        stock = [term.cell for term in relation.right if term.last]
        fits = relation.sign == "=" and [term.cell for term in relation.left] == [cell] == stock
        if before and fits and now == before and type(draft.last_figure(cell)) is int:
            return relation
    return None


def last_figures(draft: Draft, items: Sequence[str]) -> dict[str, object]:
    """Last year's figures for the items of a question, where they are known."""
    flow = draft.form.flow
    meant = {RECEIVED: flow.received, OPEN: flow.open} if flow else {}
    found = {item: draft.last_figure(meant.get(item, item)) for item in items}
    return {item: figure for item, figure in found.items() if figure is not None}


def _ask_text(talk: Talk, question: Question) -> None:
    name = question.name
    item = talk.draft.form.items[name]
    guide = talk.scene.guides.get(name)
    draft = compose(talk.draft, guide) if guide else ""
    if talk.position.pieces:
        talk.say("ask_more", label=item.label, pieces=len(talk.position.pieces),
                 length=sum(map(len, talk.position.pieces)))  # fmt: skip
        talk.offer(Choice("end", "end"), Choice("drop_pieces", "drop_pieces"))
        return
    now = talk.draft.value(name)
    last = _last_text(talk.draft, name)
    talk.say(
        "ask_text", label=item.label, place=talk.draft.form.full_place(name), guide=guide,
        draft=draft, brief=talk.brief, now=now or "", year=talk.draft.year,
        last=last, name=name,
    )  # fmt: skip
    talk.numeric = bool(guide and guide.needs)
    if draft and draft != now:
        talk.offer(Choice("draft", "use_draft"))
    extra = []
    if item.optional:
        extra.append(Choice("omit", "omit"))
    if now:
        extra.append(Choice("keep", "keep"))
    if len(last) > LAST_SHOWN:
        extra.append(Choice("last_text", "last_text"))
    talk.offer(*extra, Choice("several", "several"))
    talk.offer(SKIP, HELP)


def _last_text(draft: Draft, name: str) -> str:
    """Last year's text of an item, or ''."""
    return report_texts(draft.last, draft.form).get(name, "") if draft.last else ""


def say_last_text(talk: Talk, question: str) -> None:
    """Last year's text whole, and the question once more."""
    name = talk.position.asking
    text = _last_text(talk.draft, name)
    if text:
        talk.say("last_text", year=talk.draft.year - 1, item=name, text=text)
    talk.brief = True
    ask(talk, name, again=True)


def _ask_fee(talk: Talk, question: Question) -> None:
    talk.say("ask_fee", year=talk.draft.year)
    talk.offer(Choice("nothing", "fee_none"))
    talk.offer(Choice("no", "fee_none_but"), Choice("yes", "fee_yes"))
    talk.offer(SKIP, HELP)


def _ask_zeros(talk: Talk, question: Question) -> None:
    figures = talk.draft.figures
    zeros = sum(answer.value == 0 for answer in figures.values())
    tables = () if talk.brief else outline(talk.draft)  # it stands a message above
    talk.say("ask_zeros", tables, brief=talk.brief, zeros=zeros, of=len(figures),
             hard=0 if talk.findings else len(hard_findings(talk.draft, "figures")),
             gates=[talk.draft.form.gate(key).label for key in talk.draft.closed])  # fmt: skip
    talk.offer(Choice("ok", "confirm_zeros", {"zeros": zeros, "of": len(figures)}))
    talk.offer(Choice("view", "view"), HELP)


def _ask_explain(talk: Talk, question: Question) -> None:
    found = (f for f in explained_findings(talk.draft) if explanation_key(f) == question.name)
    finding = next(found, None)
    if finding is None:
        ask_next(talk)
        return
    talk.say("ask_explain", now=talk.draft.value(question.name) or "")
    if finding not in talk.findings:
        talk.findings = (*talk.findings, finding)
    talk.offer(SKIP, HELP)


def _ask_reply(talk: Talk, question: Question) -> None:
    comment = pinned_at(talk.draft, question.name)
    whole = comment is None or not comment.item
    talk.say("ask_reply", whole=whole)
    if not whole:
        talk.offer(Choice("confirmed", "confirmed"))
    talk.offer(HELP)


def _ask_review(talk: Talk, question: Question) -> None:
    say_review(talk)


_ASKERS: Mapping[str, Callable[[Talk, Question], None]] = {
    "gate": _ask_gate,
    "figures": _ask_figures,
    "choice": ask_choice,
    "text": _ask_text,
    "fee": _ask_fee,
    "zeros": _ask_zeros,
    "explain": _ask_explain,
    "reply": _ask_reply,
    "view": ask_view,
    "review": _ask_review,
}


def _common_place(form: Form, items: tuple[str, ...]) -> str:
    """The place that a line of figures stands in."""
    first = form.items[items[0]]
    return form.section(first.section).label if first.section else ""
