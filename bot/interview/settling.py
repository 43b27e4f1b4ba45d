"""After an answer: drafted texts follow, findings are said, the next question is asked.

Pure.
"""

from __future__ import annotations

from bot.draft import OUTCOMES, TYPES, Answer
from bot.interview.asking import ask_next
from bot.interview.checking import check
from bot.interview.narrative import (
    follow_figures,
)
from bot.interview.questions import comment_question
from bot.interview.talk import Talk

CHANGED, CONFIRMED = "已改", "核对过，不改"


def settle(talk: Talk) -> None:
    """After an answer: drafted texts follow, findings are said, the next question is asked."""
    _answer_office(talk)
    for key in follow_figures(talk):
        talk.say("followed", item=key)
    check(talk)
    reopened = (TYPES, OUTCOMES, *(gate.key for gate in talk.draft.form.gates))
    if any(item in reopened for item in talk.changes):
        talk.move(home="")  # what was reopened is asked now and not after the texts
    ask_next(talk)


def _answer_office(talk: Talk) -> None:
    """A comment is answered when what it is pinned to was changed, or was given once more."""
    for comment in talk.draft.asked_for:
        question = comment_question(talk.draft, comment)
        if question is None:
            continue
        before, now = talk.before, talk.draft
        touched = not talk.changes.keys().isdisjoint(question.items)
        if any(before.standing(item) != now.standing(item) for item in question.items):
            talk.keep(comment.reply, Answer(CHANGED, "typed"))
        elif touched or (talk.position.asking == question.name and not talk.changes):
            talk.keep(comment.reply, Answer(CONFIRMED, "typed"))
