"""Cut off at any instant, an office's work is done once and whole when it goes on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.channels.telegram_chat import Chat
from bot.messages import Button, File, Incoming, Outgoing, Part, Press
from bot.store import Store
from tests.bench.interruptions import run
from tests.clerk import Clerk
from tests.fresh import new_assistant, new_store
from tests.officer import Officer

RINGING = datetime.fromisoformat("2025-01-21T10:00+08:00")
"""Five workdays before the last one: everybody who lags is reminded."""
NAMES = ("青石县水务局", "青石县财政局", "青石县教育局", "青石县商务局")


class Death(BaseException):
    """The process is gone."""


@contextmanager
def dying(store: Store, before: int) -> Iterator[list[str]]:
    """The process dies before its so-manieth write; the writes that it did."""
    done: list[str] = []
    execute = store.db.execute

    def count(sql: str, parameters: Any = None) -> sqlite3.Cursor:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            if len(done) == before:
                raise Death
            done.append(sql)
        return execute(sql, parameters)

    store.db.execute = count  # type: ignore[method-assign]
    yield done


def opened(path: Path) -> Assistant:
    """An assistant on a file, at a time when reminders ring."""
    return new_assistant(path, lambda: RINGING)


@pytest.fixture
def waiting(tmp_path: Path) -> tuple[Path, Incoming]:
    """Two units handed in, two lag; and the press that approves the first."""
    assistant = opened(tmp_path / "begun.db")
    officer = Officer(assistant, "office").appoint().listed(*NAMES)
    clerks = [officer.seated(name, name) for name in NAMES]
    for clerk in clerks[:2]:
        submit(clerk)
    officer.say("审核 水务局")
    approve = officer.button("通过")
    assert approve is not None
    assistant.store.close()
    return tmp_path / "begun.db", Incoming("test:approval", officer.address, press=approve.press)


def submit(clerk: Clerk) -> None:
    """Fill in a quiet bureau's report and hand it in."""
    clerk.press("五类都没有").press("确认")
    for number in range(40):
        if clerk.button("提交"):
            clerk.press("提交")
            return
        for words in ("没有收取", "不写", "用这段"):
            if clerk.button(words):
                clerk.press(words)
                break
        else:
            clerk.say(f"逐条检查第{number}个栏目，当月补齐。存在的问题是解读少，改进措施是多解读。")
    raise AssertionError(clerk.reply)


def do_all(assistant: Assistant, press: Incoming) -> None:
    """What is to be done: an approval, a round of chores, the five files."""
    assistant.receive(press)
    assistant.tick()
    for document in assistant.unfiled():
        assistant.finish_document(document, File(f"{document}.docx", b"%d" % document))


def outcome(path: Path) -> tuple[list[tuple[str, str]], int, tuple[str, ...]]:
    """What was put into the outbox for whom, the files noted, and the faults of the chain."""
    with closing(new_store(path)) as store:
        rows = store.db.execute("SELECT address, body FROM outbox ORDER BY address, body")
        said = [(address, body) for address, body in rows.fetchall()]
        filed = store.db.execute("SELECT count(*) FROM events WHERE kind = 'filed'").fetchone()[0]
        return said, filed, store.verify().faults


def test_cut_off_before_any_write_everything_is_done_once(
    waiting: tuple[Path, Incoming], tmp_path: Path
) -> None:
    begun, press = waiting
    whole = tmp_path / "whole.db"
    shutil.copy(begun, whole)
    assistant = opened(whole)
    with dying(assistant.store, -1) as writes:
        do_all(assistant, press)
    assistant.store.close()
    expected = outcome(whole)
    assert sum("提醒：" in body for _, body in expected[0]) == 2
    assert sum("已通过审核" in body for _, body in expected[0]) == 1
    assert (expected[1], expected[2]) == (5, ())
    for before in range(len(writes)):
        path = tmp_path / f"{before}.db"
        shutil.copy(begun, path)
        die_and_go_on(path, press, before)
        assert outcome(path) == expected, f"{before}: {writes[before]}"


def die_and_go_on(path: Path, press: Incoming, before: int) -> None:
    """Do the deeds, die before a write, and do all of them again in a new process."""
    assistant = opened(path)
    with dying(assistant.store, before), pytest.raises(Death):
        do_all(assistant, press)
    assistant.store.close()
    assistant = opened(path)
    do_all(assistant, press)
    assistant.store.close()


@pytest.mark.parametrize(("name", "units"), [("ladder", 6), ("approvals", 3)])
async def test_killed_for_good_an_office_loses_nothing_and_repeats_nothing_unmarked(
    name: str, units: int
) -> None:
    assert (found := await run(name, kills=2, seed=3, units=units)).good, str(found)


# ── what lay open when the process died ─────────────────────────────────────────────────────────


def row(id: int, revision: int, document: int | None = None, *, bare: bool = False) -> Outgoing:
    """A message with one button of a turn (revision 0: of a notice), or without any."""
    buttons = () if bare else ((Button("去填写", Press(1, f"q{revision}", revision, "x")),),)
    return Outgoing(
        id, "telegram:5", (Part("话"),), buttons, document=document, unasked=not revision
    )


@pytest.mark.parametrize("open_row", [row(1, 0), row(1, 0, document=9, bare=True), row(1, 3)])
def test_words_typed_meanwhile_stand_for_nothing(open_row: Outgoing) -> None:
    chat = Chat(5)
    chat.rows.append(open_row)
    assert not chat.read_sign(Incoming("telegram:1", "telegram:5", text="没有", message="9"))


def pressed(open_row: Outgoing) -> Incoming:
    """A press of the row's first button, under a new message."""
    press = open_row.buttons[0][0].press
    return Incoming("telegram:1", "telegram:5", press=press, message="9")


def test_the_press_of_its_own_button_shows_that_a_question_arrived() -> None:
    chat = Chat(5)
    chat.rows.extend([row(1, 3), row(2, 4)])
    assert chat.read_sign(pressed(row(1, 3))) == "9"
    assert not chat.read_sign(pressed(row(2, 4)))


def test_a_button_that_many_messages_have_shows_nothing() -> None:
    chat = Chat(5)
    chat.rows.append(row(1, 0))
    assert not chat.read_sign(pressed(row(1, 0)))


def test_a_button_that_the_changed_message_had_before_shows_nothing_of_the_change() -> None:
    chat = Chat(5)
    chat.rows.append(replace(row(1, 3), replaces=True))
    assert not chat.read_sign(pressed(row(1, 3)))
