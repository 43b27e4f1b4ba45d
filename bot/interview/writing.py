"""How texts are taken: as they come, in pieces, cut from a long paste, or drafted from facts.

Pure.
"""

from __future__ import annotations

import re

from bot.answers import LONGEST_TEXT, Rejected, plain, read_figures, read_text
from bot.draft import Answer
from bot.interview.asking import ask
from bot.interview.narrative import (
    GOES_ON,
    LONG_PIECE,
    Cut,
    compose,
    cut_at_headings,
    fact_key,
    join_pieces,
    measures_key,
)
from bot.interview.position import propose
from bot.interview.questions import (
    Question,
)
from bot.interview.settling import settle
from bot.interview.talk import HELP, Choice, Talk
from bot.telling.paste import read_tables

_FIGURE = re.compile(r"[约近]?\d[\d.]{0,12}(?:[件条次个人期份篇场项户]{0,2}|人次|左右)|没有|无|零")
_STRAY = 5  # so few figures among headings and chrome are no table
_NOTHING_ELSE = re.compile(
    r"(本?年度?|今年|本单位|本机关|我局)?(无|没有)(其[他它])?(需要?报告的?)?(事项)?。?"
)
_SHORT, _LONGEST_REMARK = 20, 60  # characters
_SENTENCE = re.compile(r"[。；;！!，,、：:]")
_CHATTY = re.compile(
    r"[?？吗呀吧呢哦啊哎唉]|怎么|什么|大概|好像|明天|回头|下班|不会写|不知道|我不|谢谢|辛苦|麻烦|稍等|等等"
)
_SHORTEST = 6  # a word like 好 or 用这段 is an answer to a button that is gone, not a paragraph


def keep_text(talk: Talk, name: str, text: str, source: str = "typed") -> None:
    """Store a text, say so, and remember it as the one that may go on."""
    read = read_text(text)
    if talk.position.asking != name:
        talk.move(home=talk.position.home or talk.position.asking)
    corrects = bool(talk.position.home)
    talk.keep(name, Answer(read, "drafted" if source == "drafted" else "typed"))
    talk.move(pieces=(), previous=name if source == "typed" else "")
    talk.say("kept_text", item=name, length=len(read), start=read[:12], drafted=source == "drafted")
    settle(talk)
    if source == "typed":
        rows = [Choice("more", "more", {"item": name}, question=name)]
        before = talk.previous
        if before and before != name and not corrects:
            rows.append(Choice("join", "join", {"item": before}, question=before))
        talk.offer(*rows)


def take_text(talk: Talk, question: Question, text: str) -> None:
    """A text, its facts or its measures, whichever was sent."""
    name = question.name
    guide = talk.scene.guides.get(name)
    cut = cut_at_headings(talk.draft.form, text)
    if cut:
        offer_cut(talk, cut)
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
    if len(read) >= LONG_PIECE or read[-1] in GOES_ON:
        _take_piece(talk, name, read)
        return
    if name == talk.draft.form.charge and _NOTHING_ELSE.fullmatch(read) and guide:
        drafted = compose(talk.draft, guide)
        if not drafted:
            raise Rejected("no_draft")  # whether a fee was charged is not known yet
        keep_text(talk, name, drafted, "drafted")
        return
    if len(read) < _SHORTEST or _only_numbers(read):
        raise Rejected("no_paragraph", typed=read[:20], item=name)
    if guide and _is_remark(read):
        _echo_remark(talk, name, read)
        return
    keep_text(talk, name, read)


def _is_remark(text: str) -> bool:
    """Whether it is rather said to us (这个怎么写呀) than written for the report."""
    if len(text) < _SHORT and not _SENTENCE.search(text):
        return True
    return len(text) < _LONGEST_REMARK and _CHATTY.search(text) is not None


def _echo_remark(talk: Talk, name: str, text: str) -> None:
    """Show what does not look like a paragraph, and store it only after a yes."""
    now = talk.draft.value(name)
    talk.say("echo_remark", item=name, text=text, now=len(str(now)) if now else 0)
    talk.move(offer=(propose(name, Answer(text, "typed")),))
    talk.offer(Choice("ok", "store_remark"), Choice("drop", "drop_batch"), HELP)


def offer_cut(talk: Talk, cut: Cut) -> None:
    """Show into which items a long paste was cut, and wait for a yes."""
    answers = [(key, Answer(read_text(text), "typed")) for key, text in cut.texts.items()]
    tables = read_tables(talk.draft.form, cut.loose)
    figures = [(cell, Answer(value, "imported")) for cell, value in tables.cells.items()]
    if len(figures) <= _STRAY:
        figures = []
    whole = "".join(cut.texts.values())
    years = {int(y) for y in re.findall(r"(20\d\d)年", whole)} - {talk.draft.year}
    own = str(talk.draft.year) in whole
    talk.say(
        "echo_cut", parts=[(key, len(text), text[:14]) for key, text in cut.texts.items()],
        loose=cut.loose[:40], loose_length=len(cut.loose), figures=len(figures),
        years=sorted(years) if not own or talk.draft.year - 1 in years else [],
        year=talk.draft.year,
    )  # fmt: skip
    everything = [*answers, *figures]
    talk.move(offer=tuple(propose(item, new) for item, new in everything))
    talk.offer(
        Choice("ok", "store_texts", {"count": len(answers), "figures": len(figures)}),
        Choice("drop", "drop_batch"),
    )


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
    """完成: the pieces are the text."""
    text = join_pieces(talk.position.pieces)
    if len(text) < _SHORTEST:
        raise Rejected("no_paragraph", typed=text, item=name)
    keep_text(talk, name, text)


def _take_facts(talk: Talk, name: str, text: str) -> None:
    guide = talk.scene.guides[name]
    try:
        figures = read_figures(text, ("count",) * len(guide.facts))
    except Rejected as refused:
        if refused.reason != "count_of_numbers":
            raise
        asks = [fact.ask for fact in guide.facts]
        raise Rejected("count_of_facts", asks=asks, **refused.facts) from None
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
    talk.offer(Choice("draft", "use_draft"), Choice("rewrite", "rewrite"))


def _only_numbers(text: str) -> bool:
    """Figures with or without a unit (`2次 45人次 没有`), and nothing else."""
    words = [word for word in re.split(r"[\s,，、;；。]+", plain(text)) if word]
    return any(word[-1:].isdigit() or word[:1].isdigit() for word in words) and all(
        _FIGURE.fullmatch(word) for word in words
    )
