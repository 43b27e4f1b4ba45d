"""After an answer: drafted texts follow, findings are said, the next question is asked.

Pure.
"""

from __future__ import annotations

from bot.draft import OUTCOMES, TYPES, Answer, Pinned
from bot.interview.asking import ask, ask_next
from bot.interview.checking import check
from bot.interview.narrative import (
    follow_figures,
)
from bot.interview.questions import comment_question, pinned_at
from bot.interview.talk import Talk

CHANGED, CONFIRMED = "已改", "核对过，没有错"


def settle(talk: Talk) -> None:
    """After an answer: drafted texts follow, findings are said, the next question is asked."""
    waits = _answer_office(talk)
    for key in follow_figures(talk):
        talk.say("followed", item=key)
    check(talk)
    reopened = (TYPES, OUTCOMES, *(gate.key for gate in talk.draft.form.gates))
    if any(item in reopened for item in talk.changes):
        talk.move(home="")  # what was reopened is asked now and not after the texts
    if waits is None:
        ask_next(talk)
    else:
        ask(talk, waits.reply)


def _answer_office(talk: Talk) -> Pinned | None:
    """A comment is answered by a change of what it is pinned to; the one that waits for a reason.

    Only the comment that was asked: nobody has spoken about the others yet.
    """
    comment = pinned_at(talk.draft, talk.position.asking)
    question = comment_question(talk.draft, comment) if comment else None
    if comment is None or question is None or question.name != talk.position.asking:
        return None
    before, now = talk.before, talk.draft
    if any(before.standing(item) != now.standing(item) for item in question.items):
        talk.keep(comment.reply, Answer(CHANGED, "typed"))
        return None
    touched = not talk.changes.keys().isdisjoint(question.items)
    if not touched and talk.changes:
        return None
    talk.say("comment_unchanged")
    return comment
