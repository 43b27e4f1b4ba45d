"""One turn of the interview: what a person did goes in, what is kept and said comes out.

Pure: no I/O, no clock. `take_turn` decides, `bot.assistant` keeps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.answers import LONGEST_TEXT, Rejected, plain
from bot.draft import Draft
from bot.interview.acts import ACTIONS, act, open_by_name, press, stale
from bot.interview.answering import answer, refuse, take_remark
from bot.interview.asking import ask, ask_next, keep_pieces, unanswered
from bot.interview.batch import cut_rest, read_named, take_reading, with_rest
from bot.interview.handing import promise, say_locked, show_decision
from bot.interview.narrative import cut_at_headings
from bot.interview.position import Position
from bot.interview.questions import REVIEW, VIEW, Question, applicants, find_question
from bot.interview.received import show_received
from bot.interview.talk import Scene, Talk, Turn
from bot.interview.told import take_telling
from bot.interview.words import ACCEPT, DROP, find_choice, find_command
from bot.interview.writing import offer_cut
from bot.messages import Incoming
from bot.office.promises import read_promise
from bot.reading import Received
from bot.telling.paste import bare_rows, read_block

PROSE = ("text", "explain", "reply", "fee")
"""The kinds of question that take sentences."""


def take_turn(
    draft: Draft, position: Position, incoming: Incoming, scene: Scene, about: str = ""
) -> Turn:
    """What one incoming thing comes to.

    `about` is the question that the message replied to or that the edited message answered.
    """
    talk = Talk(draft, position, scene)
    _tell_news(talk)
    try:
        _take(talk, incoming, about)
    except Rejected as refused:
        refuse(talk, refused, find_question(talk.draft, talk.position.asking))
    if draft.stage.locked and talk.changes:
        talk = Talk(draft, replace(position, offer=(), pieces=()), scene)
        say_locked(talk)
    if talk.says and not talk.replaces:
        talk.move(revision=talk.position.revision + 1)
    return talk.turn()


def _take(talk: Talk, incoming: Incoming, about: str) -> None:
    """Whatever came: a button, something that is no text, or text."""
    if incoming.press is not None:
        press(talk, incoming.press)
    elif incoming.other:
        _other(talk, incoming)
    elif not incoming.text.strip():
        talk.say("refused_empty")
        ask(talk, talk.position.asking, again=True)
    elif len(incoming.text) > LONGEST_TEXT:
        raise Rejected("too_long", length=len(incoming.text), limit=LONGEST_TEXT)
    else:
        _text(talk, incoming, about)


def begin(draft: Draft, position: Position, scene: Scene, *, known: bool = False) -> Turn:
    """The welcome, and the first question (or the one where a person left off)."""
    talk = Talk(draft, position, scene)
    talk.move(seen=scene.latest)
    talk.say("welcome_back" if known else "welcome", agency=draft.agency, year=draft.year,
             last=draft.last is not None)  # fmt: skip
    _ask_current(talk)
    talk.move(revision=talk.position.revision + 1)
    return talk.turn()


def take_decision(draft: Draft, position: Position, kind: str, reason: str, scene: Scene) -> Turn:
    """What the office decided about a version: it is told, and what follows is asked."""
    talk = Talk(draft, position, scene)
    talk.move(seen=scene.latest)
    show_decision(talk, kind, reason)
    talk.move(revision=talk.position.revision + 1)
    return talk.turn()


def take_file(draft: Draft, position: Position, received: Received, scene: Scene) -> Turn:
    """What a file that was read comes to: it is shown, and what can be done with it is offered."""
    talk = Talk(draft, position, scene)
    _tell_news(talk)
    show_received(talk, received)
    talk.move(revision=talk.position.revision + 1)
    return talk.turn()


def _ask_current(talk: Talk) -> None:
    """Show the question that is open in this chat, or the next one."""
    asking = talk.position.asking
    if asking and not asking.startswith(VIEW) and find_question(talk.draft, asking):
        ask(talk, asking, again=True)
    else:
        ask_next(talk)


def _tell_news(talk: Talk) -> None:
    """What others changed in this draft since this chat was last spoken to."""
    news = talk.scene.news
    if talk.position.seen >= 0 and news:
        items = list(dict.fromkeys(entry.item for entry in news))
        talk.say("news", person=news[-1].person, items=items[:4], count=len(items))
    talk.move(seen=talk.scene.latest)


@dataclass(frozen=True, slots=True)
class _Said:
    """A typed text: its bare words, the command that it is, the question that it is about.

    `numbered` says that a number may mean a button.
    """

    text: str
    word: str
    command: str
    about: Question | None
    numbered: bool

    @property
    def opens(self) -> bool:
        """Whether it asks to change something: 修改 平台建设."""
        return self.word.startswith(("修改", "更正", "改"))


def _text(talk: Talk, incoming: Incoming, about: str) -> None:
    """Typed text: the first of these that it can be, else an answer or figures with their names."""
    text = incoming.text
    word = plain(text).rstrip("。.!！").removeprefix("@").casefold()
    question = find_question(talk.draft, about) if about else None
    if incoming.edited and (question is None or talk.position.pieces):
        talk.say("edited_unknown")
        ask(talk, talk.position.asking, again=True)
        return
    said = _Said(text, word, find_command(text, word), question, incoming.numbered)
    if not any(attempt(talk, said) for attempt in _ATTEMPTS):
        _answer_or_correct(talk, text)


def _try_elsewhere(talk: Talk, said: _Said) -> bool:
    """An answer to a question that is not the one asked now."""
    question = said.about
    if question is None or question.name == talk.position.asking or said.command or said.opens:
        return False
    _answer_elsewhere(talk, question, said.text)
    return True


def _try_yes_or_no(talk: Talk, said: _Said) -> bool:
    """A yes or no to what was echoed, or a yes to the first thing that a file is good for."""
    if talk.position.offer and (said.word in ACCEPT or said.word in DROP):
        ACTIONS["ok" if said.word in ACCEPT else "drop"](talk, "")
        return True
    choices = talk.position.choices
    if said.word in ACCEPT and choices and choices[0][1] in ("adopt", "fill_in"):
        act(talk, choices[0][1], "")
        return True
    return False


def _try_choice(talk: Talk, said: _Said) -> bool:
    """The words or the number of a button."""
    code = find_choice(talk, said.text, numbered=said.numbered)
    if code is not None:
        act(talk, *code)
    return code is not None


def _try_command(talk: Talk, said: _Said) -> bool:
    """A command, or something that begins like one and is none."""
    if said.command:
        ACTIONS[said.command](talk, "")
        return True
    text = said.text
    if talk.draft.stage.locked and not text.startswith("/"):
        say_locked(talk)
        return True
    return False


def _try_promise(talk: Talk, said: _Said) -> bool:
    """The day by which the clerk means to be done: 周四前完成."""
    day = read_promise(said.text, talk.scene.today, talk.scene.is_workday)
    if day is None or not talk.draft.stage.reviewed:
        return False
    promise(talk, day)
    return True


def _try_unknown_command(talk: Talk, said: _Said) -> bool:
    """Something that begins like a command and is none."""
    text = said.text
    if not text.startswith("/") or len(text) >= 40 or "\n" in text or not text[1:2].isascii():
        return False
    talk.say("unknown_command", typed=text.strip()[:30])
    ask(talk, talk.position.asking, again=True)
    return True


def _try_register(talk: Talk, said: _Said) -> bool:
    """登记簿 12 1: the register's two totals."""
    control = find_question(talk.draft, "fill.control") if talk.draft.form.flow else None
    if control is None or not said.word.startswith("登记簿") or _asks_prose(talk):
        return False
    numbers = re.findall(r"\d+", said.word)
    if len(numbers) == len(control.items):
        _answer_elsewhere(talk, control, " ".join(numbers))
    else:
        ACTIONS["change"](talk, "fill.control")
    return True


def _try_remark(talk: Talk, said: _Said) -> bool:
    """说明：…"""
    return said.word.startswith("说明") and len(said.word) > 3 and take_remark(talk, said.text)


def _try_opening(talk: Talk, said: _Said) -> bool:
    """修改 平台建设."""
    return said.opens and open_by_name(talk, said.word)


_ATTEMPTS = (
    _try_elsewhere, _try_yes_or_no, _try_choice, _try_command, _try_promise, _try_unknown_command,
    _try_register, _try_remark, _try_opening,
)  # fmt: skip


def _answer_or_correct(talk: Talk, text: str) -> None:
    """Figures with their names go where they belong; the rest answers the question asked."""
    asking = find_question(talk.draft, talk.position.asking) or Question(REVIEW, "review")
    form = talk.draft.form
    prose = asking.asks in PROSE or bool(talk.position.pieces)
    item = form.items.get(asking.items[0]) if asking.items else None
    table = item.table if item else form.flow.table if asking.asks == "choice" else ""
    kinds = applicants(talk.draft)
    whole = text
    text, rest = cut_rest(talk, text, asking)
    if rest and not text.strip() and len(unanswered(talk.draft, asking)) < len(asking.items):
        ACTIONS["rest_zero"](talk, "")
        return
    rows = bare_rows(text)
    if rows and not rest and asking.asks in ("figures", "choice"):
        answer(talk, asking, text)
        return
    reading = read_named(talk, asking, text, table)
    if rest:
        take_reading(talk, with_rest(talk, reading, asking.items, whole))
        return
    firm = bool(reading.cells) and not reading.faults and not reading.leftover
    tabular = reading.is_tabular and (not prose or firm or len(reading.cells) > 20)
    if tabular and (firm or not _is_sentence(text)):
        take_reading(talk, reading)
        return
    sentence = not prose and "\t" not in text and text.count("\n") < 4
    if sentence and take_telling(talk, text, kinds, at_gate=asking.asks == "gate"):
        return
    if tabular:
        take_reading(talk, reading)
        return
    if asking.asks in ("review", "view", "zeros", "gate", "choice"):
        cut = cut_at_headings(form, text)
        if cut:
            offer_cut(talk, cut)
            return
        home = table or form.flow.table
        block = read_block(form, text, form.tables[home]) if home else None
        if block and len(block.cells) > 6:
            take_reading(talk, block)
            return
    answer(talk, asking, text)


def _asks_prose(talk: Talk) -> bool:
    question = find_question(talk.draft, talk.position.asking)
    return question is not None and question.asks in PROSE


def _is_sentence(text: str) -> bool:
    """Whether figures are told in words and not laid out as a table."""
    return "\t" not in text and text.count("\n") < 4 and re.search(r"[件条]", text) is not None


def _answer_elsewhere(talk: Talk, question: Question, text: str) -> None:
    """An answer to an older question, by replying to it or by editing the message."""
    home = talk.position.asking
    if question.asks not in ("review", "view"):
        keep_pieces(talk)
        talk.move(asking=question.name, home=home, offer=(), picked=None)
    _answer_or_correct(talk, text)


def _other(talk: Talk, incoming: Incoming) -> None:
    """A sticker, a voice message, a photo, a file: said what helps instead."""
    known = ("sticker", "voice", "audio", "video", "video_note", "animation", "photo", "document",
             "location", "contact", "group", "stale_button")  # fmt: skip
    if incoming.other == "stale_button":
        stale(talk, "")
        return
    talk.say("other_" + (incoming.other if incoming.other in known else "thing"))
    ask(talk, talk.position.asking, again=True)
