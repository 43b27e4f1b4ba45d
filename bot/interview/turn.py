"""One turn of the interview: what a person did goes in, what is kept and said comes out.

Pure: no I/O, no clock. `take_turn` decides, `bot.assistant` keeps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answers import LONGEST_TEXT, Rejected, plain
from bot.draft import Draft
from bot.interview.acts import ACTIONS, act, open_by_name, press, stale
from bot.interview.answering import answer, refuse, take_remark
from bot.interview.asking import ask, ask_next, keep_pieces, unanswered
from bot.interview.batch import take_reading, with_rest
from bot.interview.handing import promise, say_locked, show_decision
from bot.interview.narrative import cut_at_headings
from bot.interview.position import Position
from bot.interview.questions import REVIEW, VIEW, Question, applicants, find_question
from bot.interview.received import show_received
from bot.interview.talk import Scene, Talk, Turn
from bot.interview.told import take_telling
from bot.interview.writing import offer_cut
from bot.messages import Incoming
from bot.office.promises import read_promise
from bot.reading import Received
from bot.telling.paste import Reading, bare_rows, read_block, read_tables

COMMANDS: Mapping[str, str] = {
    "/start": "hello", "开始": "hello", "你好": "hello", "您好": "hello",
    "/progress": "progress", "进度": "progress",
    "/back": "back", "上一步": "back", "返回": "back", "上一题": "back",
    "/skip": "skip", "跳过": "skip", "暂不清楚": "skip", "不清楚": "skip", "不知道": "skip",
    "/undo": "undo", "撤销": "undo", "撤消": "undo",
    "/help": "help", "帮助": "help", "?": "help", "什么意思": "help",
    "/view": "view", "查看": "view", "修改": "view", "查看/修改": "view", "查看修改": "view",
    "/report": "make", "生成报告": "make", "生成": "make",
    "提交": "submit", "上报": "submit", "报送": "submit", "收回": "recall", "撤回": "recall",
    "pdf": "pdf", "要pdf": "pdf", "网页": "html", "excel": "xlsx", "表格": "xlsx", "工作簿": "xlsx",
    "要网页": "html", "要excel": "xlsx", "要表格": "xlsx", "要纯文本": "txt", "要word": "make",
    "纯文本": "txt", "预览": "preview", "/preview": "preview",
    "什么意思啊": "help", "什么意思呀": "help", "啥意思": "help", "这是什么意思": "help",
    "不懂": "help", "看不懂": "help", "没看懂": "help", "不明白": "help", "怎么填": "help",
    "不会填": "help", "不会": "help",
    "停": "pause", "暂停": "pause", "先停": "pause", "先停一下": "pause", "不想填了": "pause",
    "不填了": "pause", "先不填了": "pause", "先这样": "pause", "明天再说": "pause",
    "明天再填": "pause", "下次再填": "pause", "改天再填": "pause", "退出": "pause", "再见": "pause",
    "继续": "go_on", "说明": "explain", "写说明": "explain", "补写说明": "explain",
    "补填待办": "catch", "查看问题": "notes",
}  # fmt: skip


_ALSO: Mapping[str, tuple[str, ...]] = {
    "none": ("都没有", "全都没有", "全部没有", "全没有"),
    "draft": ("用", "采用", "就用这段", "可以", "好"),
    "nothing": ("没有", "无", "都没有"),
    "rest": ("就是这些", "对", "是"),
    "rest_zero": (
        "其余0",
        "其余都是0",
        "其余为0",
        "其余是0",
        "剩下都是0",
        "都是0",
        "其余没有",
        "其他都是0",
        "其他都没有",
        "其他没有",
        "其它没有",
        "其它都没有",
    ),
    "rewrite": ("不用",),
    "omit": ("不要", "不用写"),
    "end": ("完", "结束", "好了"),
}


_ACCEPT = {"对", "是", "确认", "好", "没错", "存", "存入", "可以", "ok", "嗯", "y", "yes"}


_DROP = {"不对", "不是", "取消", "不存", "算了", "错了", "不", "n", "no", "重来"}


_REST = re.compile(
    r"[\s,，;；、]*(?:其余|剩下|剩余)的?(?:各项|全部)?[都全均]?(?:[是为]?\s*[0０零]\s*个?|没有|无)\s*[。.]?\s*$"
)
"""What settles the figures of a line that were not named."""


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
    name = plain(text).split(" ")[0] if text.startswith("/") else word.replace(" ", "")
    asks_help = (
        COMMANDS.get(name.rstrip("?")) == "help"
    )  # 什么意思? asks for help, 提交? for nothing
    command = "help" if asks_help else COMMANDS.get(name, "")
    said = _Said(text, word, command, question, incoming.numbered)
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
    if talk.position.offer and (said.word in _ACCEPT or said.word in _DROP):
        ACTIONS["ok" if said.word in _ACCEPT else "drop"](talk, "")
        return True
    choices = talk.position.choices
    if said.word in _ACCEPT and choices and choices[0][1] in ("adopt", "fill_in"):
        act(talk, choices[0][1], "")
        return True
    return False


def _try_choice(talk: Talk, said: _Said) -> bool:
    """The words or the number of a button."""
    code = _typed_choice(talk, said.text, numbered=said.numbered)
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
    text, rest = _cut_rest(talk, text, asking)
    if rest and not text.strip() and len(unanswered(talk.draft, asking)) < len(asking.items):
        ACTIONS["rest_zero"](talk, "")
        return
    rows = bare_rows(text)
    if rows and not rest and asking.asks in ("figures", "choice"):
        answer(talk, asking, text)
        return
    reading = _read_named(talk, asking, text, table)
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


def _read_named(talk: Talk, asking: Question, text: str, table: str) -> Reading:
    """Figures with their names; where only columns are named, the row asked is meant."""
    form, kinds = talk.draft.form, applicants(talk.draft)
    reading = read_tables(form, text, table=table, columns=kinds)
    item = form.items.get(asking.items[0]) if asking.asks == "figures" else None
    lacks_row = reading.named and {f.reason for f in reading.faults} == {"no_row"}
    if item is None or not item.table or not lacks_row:
        return reading
    named = f"{form.short_row(item.table, item.row)} {text}"
    within = read_tables(form, named, table=item.table, columns=kinds)
    whole = not within.faults and set(within.cells) <= set(asking.items)
    return within if whole and within.cells else reading


def _cut_rest(talk: Talk, text: str, asking: Question) -> tuple[str, bool]:
    """A text without 其余 0 at its end, and whether it had that while a line is asked.

    Raises Rejected where a single figure is asked: there is no rest.
    """
    is_asked = asking.asks == "figures" and asking.items[0] in talk.draft.figures
    found = _REST.search(text) if is_asked else None
    if found and len(asking.items) == 1:
        raise Rejected("rest_alone", typed=text.strip()[:40])
    return (text[: found.start()], True) if found else (text, False)


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


def _typed_choice(talk: Talk, text: str, *, numbered: bool) -> tuple[str, str] | None:
    """The button that typed words or a number mean: `没有`, `/2`, or `2` where no number is asked.

    A bare number means a button only where buttons are shown with their numbers.

    The pair is (code, question).
    """
    choices = talk.position.choices
    typed = plain(text)
    dense = typed.rstrip("。").replace(" ", "")
    for label, code, question in choices:
        words = plain(label).replace(" ", "")
        if typed and dense in (words, *_ALSO.get(code, ())):
            return code, question
    number = typed.removeprefix("/")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return None
    if (talk.position.numeric or not numbered) and not typed.startswith("/"):
        return None
    if 1 <= int(number) <= len(choices):
        _, code, question = choices[int(number) - 1]
        return code, question
    return None


def _other(talk: Talk, incoming: Incoming) -> None:
    """A sticker, a voice message, a photo, a file: said what helps instead."""
    known = ("sticker", "voice", "audio", "video", "video_note", "animation", "photo", "document",
             "location", "contact", "group", "stale_button")  # fmt: skip
    if incoming.other == "stale_button":
        stale(talk, "")
        return
    talk.say("other_" + (incoming.other if incoming.other in known else "thing"))
    ask(talk, talk.position.asking, again=True)
