"""What the buttons under a text do: use a draft, go on, join, leave out.

Pure.
"""

from __future__ import annotations

from bot.answers import Rejected
from bot.draft import Answer
from bot.interview.asking import ask, ask_next
from bot.interview.narrative import compose
from bot.interview.questions import (
    find_question,
)
from bot.interview.settling import settle
from bot.interview.talk import Talk
from bot.interview.writing import end_pieces, keep_text


def use_draft(talk: Talk, question: str) -> None:
    """用这段: the drafted paragraph is the text."""
    name = talk.position.asking
    text = compose(talk.draft, talk.scene.guides[name])
    if not text:
        raise Rejected("no_draft")
    keep_text(talk, name, text, "drafted")


def await_own(talk: Talk, question: str) -> None:
    """我自己写: wait for an own text."""
    talk.say("rewrite", item=talk.position.asking)


def omit(talk: Talk, question: str) -> None:
    """不写: an optional text is left out."""
    talk.keep(talk.position.asking, Answer("", "typed"))
    talk.say("omitted", item=talk.position.asking)
    settle(talk)


def keep_as_is(talk: Talk, question: str) -> None:
    """保持不变: go on."""
    ask_next(talk)


def begin_pieces(talk: Talk, question: str) -> None:
    """分几条发: a text in several messages."""
    talk.move(pieces=("",))
    ask(talk, talk.position.asking, again=True)


def write_on(talk: Talk, question: str) -> None:
    """Go on with the text answered before."""
    name = talk.previous
    asked = find_question(talk.draft, name)
    if asked is None or asked.asks != "text":
        raise Rejected("no_draft")
    home = talk.position.home or talk.position.asking
    talk.move(asking=name, home=home, pieces=(str(talk.draft.value(name) or ""),))
    ask(talk, name, again=True)


def join(talk: Talk, question: str) -> None:
    """The text just taken belongs to the one before it: move it there."""
    last, before = talk.previous, question
    texts = [talk.draft.value(key) for key in (before, last)]
    if not all(texts) or before == last:
        raise Rejected("no_draft")
    joined = "\n".join(map(str, texts))
    talk.keep_all([(before, Answer(joined, "typed")), (last, None)])
    talk.move(previous=before)
    talk.say("joined", item=before, length=len(joined))
    settle(talk)


def end(talk: Talk, question: str) -> None:
    """完成: the pieces are the text."""
    end_pieces(talk, talk.position.asking)


def drop_pieces(talk: Talk, question: str) -> None:
    """不要了，重写: the pieces are dropped."""
    talk.move(pieces=())
    talk.say("dropped")
    ask(talk, talk.position.asking)
