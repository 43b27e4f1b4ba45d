"""How texts are taken: as they come, in pieces, cut from a long paste, or drafted from facts.

Pure.
"""

from __future__ import annotations

import re

from bot.answers import LONGEST_TEXT, Rejected, plain, read_figures, read_text
from bot.draft import Answer
from bot.interview.asking import ask
from bot.interview.narrative import (
    compose,
    cut_at_headings,
    fact_key,
    measures_key,
)
from bot.interview.position import propose
from bot.interview.questions import (
    Question,
)
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk

_LONG_PIECE = 3500


_GOES_ON = "，、：；,;:—"


def keep_text(talk: Talk, name: str, text: str, source: str = "typed") -> None:
    """Store a text, say so, and remember it as the one that may go on."""
    read = read_text(text)
    if talk.position.asking != name:
        talk.move(home=talk.position.home or talk.position.asking)
    before = talk.position.previous if source == "typed" else ""
    talk.keep(name, Answer(read, "drafted" if source == "drafted" else "typed"))
    talk.move(pieces=(), previous=name if source == "typed" else "")
    talk.say("kept_text", item=name, length=len(read), start=read[:12], drafted=source == "drafted")
    settle(talk)
    if source == "typed":
        rows = [Choice("more", "more", {"item": name}, question=name)]
        if before and before != name:
            rows.append(Choice("join", "join", {"item": before}, question=name))
        talk.offer(*rows)


def take_text(talk: Talk, question: Question, text: str) -> None:
    name = question.name
    guide = talk.scene.guides.get(name)
    cut = cut_at_headings(talk.draft.form, text)
    if cut:
        offer_cut(talk, dict(cut.texts), cut.loose)
        return
    if talk.position.pieces:
        _take_piece(talk, name, text)
        return
    if guide and guide.needs == "facts" and _only_numbers(text):
        _take_facts(talk, name, text)
        return
    if guide and guide.needs == "measures" and _only_numbers(text):
        _take_measures(talk, name, text)
        return
    read = read_text(text)
    if len(read) >= _LONG_PIECE or read[-1] in _GOES_ON:
        _take_piece(talk, name, read)
        return
    keep_text(talk, name, read)


def offer_cut(talk: Talk, texts: dict[str, str], loose: str) -> None:
    """Show into which items a long paste was cut, and wait for a yes."""
    answers = [(key, Answer(read_text(text), "typed")) for key, text in texts.items()]
    talk.say("echo_cut", parts=[(key, len(text), text[:14]) for key, text in texts.items()],
             loose=loose[:60], loose_length=len(loose))  # fmt: skip
    talk.move(offer=tuple(propose(item, new) for item, new in answers))
    talk.offer(Choice("ok", "store_texts", {"count": len(answers)}), Choice("drop", "drop_batch"))


def _take_piece(talk: Talk, name: str, text: str) -> None:
    """One more piece of a long text; 完成 ends it."""
    if plain(text) in ("完成", "完", "好了", "结束"):
        end_pieces(talk, name)
        return
    read = read_text(text)
    total = sum(map(len, talk.position.pieces)) + len(read)
    if total > LONGEST_TEXT:
        raise Rejected("too_long", length=total, limit=LONGEST_TEXT)
    talk.move(pieces=(*talk.position.pieces, read))
    ask(talk, name, again=True)


def end_pieces(talk: Talk, name: str) -> None:
    """Join the pieces; a piece that broke off in the middle of a sentence goes on in its line."""
    text = ""
    for piece in talk.position.pieces:
        joined = text and (len(text) >= _LONG_PIECE or text[-1] in _GOES_ON)
        text += piece if not text or joined else "\n" + piece
    if not text:
        raise Rejected("empty")
    keep_text(talk, name, text)


def _take_facts(talk: Talk, name: str, text: str) -> None:
    guide = talk.scene.guides[name]
    figures = read_figures(text, ("count",) * len(guide.facts))
    talk.keep_all(
        (fact_key(name, fact.key), Answer(figure.value, "typed"))
        for fact, figure in zip(guide.facts, figures, strict=True)
    )
    _show_draft(talk, name)


def _take_measures(talk: Talk, name: str, text: str) -> None:
    guide = talk.scene.guides[name]
    words = [w for w in re.split(r"[\s,，、;；]+", plain(text)) if w]
    numbers = [int(w) for w in words if w.isdigit()]
    wrong = [n for n in numbers if not 1 <= n <= len(guide.measures)]
    if wrong or not numbers:
        raise Rejected("no_option", typed=text.strip()[:20], count=len(guide.measures))
    chosen = [m.key for n, m in enumerate(guide.measures, 1) if n in numbers]
    talk.keep(measures_key(name), Answer(",".join(chosen), "typed"))
    _show_draft(talk, name)


def _show_draft(talk: Talk, name: str) -> None:
    """Show the paragraph that the facts make, to be taken or replaced."""
    if talk.position.asking != name:
        talk.move(home=talk.position.home or talk.position.asking)
    draft = compose(talk.draft, talk.scene.guides[name])
    talk.move(asking=name)
    talk.say("show_draft", item=name, draft=draft)
    talk.numeric = True
    talk.offer(Choice("draft", "use_draft"), Choice("rewrite", "rewrite"))


def _only_numbers(text: str) -> bool:
    return re.fullmatch(r"[\d\s,，、;；.。件条次个人期]+", plain(text)) is not None
