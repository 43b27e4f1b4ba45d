"""Answers in one tap: gates, echoes, choices, what is left over, repairs.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.answers import Rejected
from bot.draft import NO, YES, Answer
from bot.interview.answering import close_gate, confirm_zeros, open_gate
from bot.interview.asking import ask, unanswered
from bot.interview.batch import say_corrected, store, store_zeros
from bot.interview.choosing import finish_choice
from bot.interview.narrative import compose
from bot.interview.position import accept
from bot.interview.questions import (
    CHARGED,
    applicants,
    asked_now,
    last_carry,
)
from bot.interview.settling import settle
from bot.interview.talk import Talk
from bot.interview.writing import keep_text

_LISTED = 7


def say_yes(talk: Talk, question: str) -> None:
    """有: open the gate, or a fee was charged."""
    asked = asked_now(talk.draft, talk.position.asking)
    if asked.asks == "fee":
        talk.keep(CHARGED, Answer(YES, "typed"))
        ask(talk, "fill.fee")
        return
    open_gate(talk, asked.name)


def say_no(talk: Talk, question: str) -> None:
    """没有: close the gate, or no fee was charged."""
    asked = asked_now(talk.draft, talk.position.asking)
    if asked.asks == "fee":
        talk.keep(CHARGED, Answer(NO, "typed"))
        ask(talk, talk.draft.form.charge)
        return
    close_gate(talk, asked.name)


def no_fee(talk: Talk, question: str) -> None:
    """Section six in one tap: no fee, nothing else."""
    talk.keep(CHARGED, Answer(NO, "typed"))
    text = talk.draft.form.charge
    keep_text(talk, text, compose(talk.draft, talk.scene.guides[text]), "drafted")


def close_all(talk: Talk, question: str) -> None:
    """All gates 没有 at once; the zeros are still to be confirmed."""
    gates = [
        gate
        for gate in talk.draft.form.gates
        if gate.key not in talk.draft.answers and not talk.draft.is_open(gate.key)
    ]
    store(talk, [(gate.key, Answer(NO, "typed")) for gate in gates])
    talk.say("all_closed", labels=[gate.label for gate in gates])
    settle(talk)


def confirm(talk: Talk, question: str) -> None:
    """Store what was echoed."""
    offer = talk.position.offer
    if not offer:
        if asked_now(talk.draft, talk.position.asking).asks == "zeros":
            confirm_zeros(talk)
        else:
            ask(talk, talk.position.asking, again=True)
        return
    answers = [accept(proposal) for proposal in offer]
    talk.move(offer=(), pieces=(), picked=None)
    meant = {item for item, _ in answers}
    for gate in talk.draft.form.gates:
        meant |= set(gate.cells) if gate.key in meant else set()
    if any(entry.item in meant for entry in talk.scene.news):
        talk.say("offer_overtaken")
        ask(talk, talk.position.asking, again=True)
        return
    closing = [key for key, new in answers if new and key.startswith("gate.") and new.value == NO]
    cleared = [c for key in closing for c in talk.draft.form.gate(key).cells
               if c in talk.draft.answers]  # fmt: skip
    talk.keep_all([(cell, None) for cell in cleared])
    text = answers[0][1] if len(answers) == 1 and answers[0][0] in talk.draft.form.texts else None
    if text is not None:
        keep_text(talk, answers[0][0], str(text.value))
        return
    store(talk, answers)
    talk.say("stored_batch", count=len(answers), items=[item for item, _ in answers])
    settle(talk)


def reject(talk: Talk, question: str) -> None:
    """不存: what was echoed is dropped."""
    talk.move(offer=())
    talk.say("dropped")
    ask(talk, talk.position.asking, again=True)


def take_rest(talk: Talk, question: str) -> None:
    """余下的结转下年度: what is left per applicant type."""
    draft, flow = talk.draft, talk.draft.form.flow

    def total(rows: Iterable[str], kind: str) -> int:
        return sum(int(draft.figure(flow.cell(row, kind)) or 0) for row in rows)

    answers = []
    for kind in applicants(draft):
        left = total((flow.new, flow.carried_in), kind) - total(flow.outcomes, kind)
        answers.append((flow.cell(flow.carried_out, kind), Answer(left, "typed")))
    if any(int(str(new.value)) < 0 for _, new in answers):
        raise Rejected("negative", typed="")
    store(talk, answers)
    talk.say("stored", items=[c for c, _ in answers], values=[n.value for _, n in answers],
             yuan=False, typed="")  # fmt: skip
    settle(talk)


def take_carry(talk: Talk, question: str) -> None:
    """上年结转 as last year's report has it."""
    carried, flow = last_carry(talk.draft), talk.draft.form.flow
    answers = [
        (flow.cell(flow.carried_in, kind), Answer(number, "imported"))
        for kind, number in carried.items()
    ]
    store(talk, answers)
    some = [(cell, new.value) for cell, new in answers if new.value]
    talk.say("stored_carry", items=[c for c, _ in some], values=[v for _, v in some])
    settle(talk)


def take_zeros(talk: Talk, question: str) -> None:
    """A line of figures that was all zero last year and is again."""
    asked = asked_now(talk.draft, talk.position.asking)
    store_zeros(talk, asked.items)


def take_rest_zero(talk: Talk, question: str) -> None:
    """The figures of a line that were not named are 0."""
    asked = asked_now(talk.draft, talk.position.asking)
    if any(entry.item in asked.items for entry in talk.scene.news):
        talk.say("offer_overtaken")
        ask(talk, talk.position.asking, again=True)
        return
    store_zeros(talk, unanswered(talk.draft, asked))


def toggle(talk: Talk, code: str) -> None:
    """Tick or untick one option; the message is changed in place."""
    asked = asked_now(talk.draft, talk.position.asking)
    key, on = code[1:], code[0] == "+"
    if asked.asks != "choice" or key not in asked.options:
        ask(talk, talk.position.asking, again=True)
        return
    picked = set(talk.position.picked or ())
    picked = picked | {key} if on else picked - {key}
    talk.move(picked=tuple(option for option in asked.options if option in picked))
    ask(talk, asked.name, again=True)
    talk.replaces = True


def repair(talk: Talk, number: int) -> None:
    """Do what a repair button proposes."""
    repairs = talk.position.repairs
    if number >= len(repairs):
        ask(talk, talk.position.asking, again=True)
        return
    answers = [accept(proposal) for proposal in repairs[number]]
    if any(entry.item in {item for item, _ in answers} for entry in talk.scene.news):
        talk.say("offer_overtaken")
        ask(talk, talk.position.asking, again=True)
        return
    before = {item: talk.draft.standing(item) for item, _ in answers}
    talk.move(offer=())
    store(talk, answers)
    if len(answers) > _LISTED:
        talk.say("stored_batch", count=len(answers), items=[])
        settle(talk)
        return
    texts = [item for item, _ in answers if item in talk.draft.form.texts]
    figures = {item: new.value for item, new in answers if new and item not in texts}
    if figures:
        say_corrected(talk, before, figures)
    for item in texts:
        talk.say("rewritten", item=item, length=len(str(talk.draft.value(item) or "")))
    talk.move(home=talk.position.asking, repairs=())
    settle(talk)


def finish(talk: Talk, question: str) -> None:
    """选好了: the ticked options are the answer."""
    finish_choice(talk, asked_now(talk.draft, talk.position.asking))
