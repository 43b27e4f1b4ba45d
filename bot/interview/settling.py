"""After an answer: drafted texts follow, findings are said, the next question is asked.

Pure.
"""

from __future__ import annotations

from bot.draft import OUTCOMES, TYPES
from bot.interview.asking import ask_next
from bot.interview.checking import check
from bot.interview.narrative import (
    follow_figures,
)
from bot.interview.talk import Talk


def settle(talk: Talk) -> None:
    """After an answer: drafted texts follow, findings are said, the next question is asked."""
    for key in follow_figures(talk):
        talk.say("followed", item=key)
    check(talk)
    reopened = (TYPES, OUTCOMES, *(gate.key for gate in talk.draft.form.gates))
    if any(item in reopened for item in talk.changes):
        talk.move(home="")  # what was reopened is asked now and not after the texts
    ask_next(talk)
