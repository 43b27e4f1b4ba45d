"""What each button and each command does.

Pure. Only a button of the message shown last acts; an older one says what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bot.answers import Rejected
from bot.interview.answering import (
    refuse,
)
from bot.interview.asking import ask, say_last_text
from bot.interview.composing import (
    await_own,
    begin_pieces,
    drop_pieces,
    end,
    join,
    keep_as_is,
    omit,
    use_draft,
    write_on,
)
from bot.interview.finishing import OTHER_FORMATS, make_format, make_report
from bot.interview.going import (
    back,
    catch,
    change,
    explain,
    give_help,
    go_on,
    greet,
    home,
    make,
    pause,
    preview,
    put_off,
    tell_notes,
    tell_progress,
    undo,
    view,
)
from bot.interview.handing import ANYWAY, confirm_comment, recall, submit, uphold
from bot.interview.questions import find_question
from bot.interview.received import adopt, fill_in, more_findings, put_away, tell_findings
from bot.interview.talk import Choice, Talk
from bot.interview.tapping import (
    close_all,
    confirm,
    finish,
    no_fee,
    reject,
    repair,
    say_no,
    say_yes,
    take_carry,
    take_rest,
    take_rest_zero,
    take_zeros,
    toggle,
)
from bot.interview.told import take_type
from bot.messages import Press


def open_by_name(talk: Talk, word: str) -> bool:
    """修改 平台建设: open the question of a text, a row or a block by its name."""
    name = word
    for lead in ("修改", "更正", "改"):
        name = name.removeprefix(lead)
    name = name.strip(" ：:一下")
    form = talk.draft.form
    if not name:
        return False
    for key in form.texts:
        if name in (form.items[key].label, *form.items[key].aliases):
            change(talk, key)
            return True
    for table in form.tables.values():
        head = "row" if table.key == form.flow.table else "fill"
        for row in table.rows:
            question = f"{head}.{row.key}"
            names = (row.label, row.short, *row.aliases)
            if name in names and find_question(talk.draft, question):
                change(talk, question)
                return True
    return False


def press(talk: Talk, press: Press) -> None:
    """A button: only one of the message shown last acts; an older one says what stands there."""
    mark = press.encode()
    position = talk.position
    toggles = press.choice[:1] in ("+", "-") and press.question == position.asking
    if press.draft != talk.draft.id:
        talk.say("press_other_draft")
        ask(talk, position.asking, again=True)
    elif press.revision == position.revision and (
        toggles or any(code == press.choice for _, code, _ in position.choices)
    ):
        talk.move(pressed=mark)
        act(talk, press.choice, press.question)
    elif mark == position.pressed:
        return  # a double tap counts once and says nothing
    else:
        stale(talk, press.question)


def stale(talk: Talk, name: str) -> None:
    """An old button never answers the question asked now."""
    question = find_question(talk.draft, name)
    if question and question.items and question.asks in ("gate", "figures", "text", "choice"):
        answered = [item for item in question.items if item in talk.draft.answers]
        talk.say("stale", items=question.items, answered=bool(answered),
                 values=[talk.draft.value(item) for item in question.items])  # fmt: skip
        ask(talk, talk.position.asking, again=True)
        if name != talk.position.asking:
            talk.offer(Choice("change", "change_this", {"items": question.items}, question=name))
        return
    talk.say("stale", items=(), answered=False, values=())
    ask(talk, talk.position.asking, again=True)


def act(talk: Talk, code: str, question: str) -> None:
    """Do what a button stands for."""
    try:
        if code[:1] in ("+", "-"):
            toggle(talk, code)
        elif code[:3] == "as.":
            make_report(talk, (code[3:],))
        elif code[:2] == "t.":
            take_type(talk, code[2:])
        elif code[:1] == "r" and code[1:].isdigit():
            repair(talk, int(code[1:]))
        else:
            ACTIONS[code](talk, question)
    except Rejected as refused:
        refuse(talk, refused, find_question(talk.draft, talk.position.asking))


ACTIONS: Mapping[str, Callable[[Talk, str], None]] = {
    "yes": say_yes, "no": say_no, "nothing": no_fee, "none": close_all, "skip": put_off,
    "back": back, "undo": undo, "help": give_help, "progress": tell_progress, "hello": greet,
    "pause": pause,
    "view": view, "change": change, "home": home, "ok": confirm, "drop": reject, "draft": use_draft,
    "rewrite": await_own, "omit": omit, "keep": keep_as_is, "several": begin_pieces,
    "more": write_on, "join": join, "end": end, "drop_pieces": drop_pieces, "rest": take_rest,
    "done": finish, "catch": catch, "go_on": go_on, "make": make, "preview": preview,
    "explain": explain, "submit": submit, "recall": recall, "uphold": uphold,
    "confirmed": confirm_comment, "submit_anyway": lambda talk, _: submit(talk, ANYWAY),
    "notes": tell_notes, "carry": take_carry, "zero_line": take_zeros,
    "rest_zero": take_rest_zero, "last_text": say_last_text,
    **{kind: partial(make_format, kind) for kind in OTHER_FORMATS},
    "adopt": lambda talk, _: adopt(talk), "fill_in": lambda talk, _: fill_in(talk),
    "fill_gaps": lambda talk, _: fill_in(talk, gaps=True),
    "check_file": lambda talk, _: tell_findings(talk),
    "more_findings": lambda talk, _: more_findings(talk),
    "drop_file": lambda talk, _: put_away(talk),
}  # fmt: skip
