"""After an answer: drafted texts follow, findings are said, the next question is asked.

Pure.
"""

from __future__ import annotations

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
    ask_next(talk)
