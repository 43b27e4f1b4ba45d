"""Whatever fails beneath a turn, it is kept whole or not at all, and nobody is told otherwise."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.channels import telegram_turns
from bot.channels.telegram_out import UNKNOWN
from bot.channels.telegram_text import AGAIN
from bot.channels.telegram_turns import SORRY
from bot.form import Form
from bot.messages import Incoming
from bot.store import Busy, Store
from bot.store.backup import make_backup
from bot.store.condition import look, probe
from bot.wording import Wording
from tests import fresh
from tests.botapi.double import BotApi
from tests.clerk import Clerk
from tests.officer import Officer
from tests.test_interruptions import submit
from tests.test_telegram import bot_said, serving, until

NOW = datetime.fromisoformat("2025-01-13T10:00+08:00")
UNIT = "青石县水务局"
OTHER = "青石县财政局"
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass
class Office:
    """An assistant with a clock that can be moved, its admin and a clerk."""

    assistant: Assistant
    now: datetime = NOW

    @property
    def store(self) -> Store:
        """Its store."""
        return self.assistant.store


def opened(path: Path, form: Form, wording: Wording) -> Office:
    """An office on a file."""
    store = Store(path, form, exclusive=True)
    assistant = Assistant(store, form, fresh.guides(form), wording, lambda: found.now)
    found = Office(assistant)
    return found


@pytest.fixture
def office(tmp_path: Path, form: Form, wording: Wording) -> Iterator[Office]:
    """An office on a fresh file."""
    office = opened(tmp_path / "nianbao.db", form, wording)
    yield office
    office.store.close()


# ── the process dies between two statements ─────────────────────────────────────────────────────


class Death(BaseException):
    """The process is gone."""


class Dying:
    """A connection on which the process dies before its so-manieth statement."""

    def __init__(self, connection: sqlite3.Connection, before: int) -> None:
        self.connection, self.left = connection, before
        self.done: list[str] = []

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """As the connection does."""
        self._count(sql)
        return self.connection.execute(sql, *values)

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """As the connection does."""
        self._count(sql)
        return self.connection.executemany(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def _count(self, sql: str) -> None:
        if self.left == 0:
            raise Death
        self.left -= 1
        self.done.append(sql)


def tables(path: Path) -> Tables:
    """All that a file holds."""
    with closing(sqlite3.connect(path)) as db:
        names = [
            r[0]
            for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        return {
            name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names
        }


def admin(office: Office) -> Officer:
    """Somebody at the desk, with two units."""
    return Officer(office.assistant, "office").appoint().listed(UNIT, OTHER)


def enrols(office: Office) -> Incoming:
    """A contact taps the invitation's link."""
    link = admin(office).link(UNIT)
    return Incoming("test:deed", "test:new", text=link, sender="李")


def claims(office: Office) -> Incoming:
    """The first admin opens the operator's link."""
    link = office.assistant.claim()
    return Incoming("test:deed", "test:new", text=link, sender="王")


def answers(office: Office) -> Incoming:
    """A clerk types six figures."""
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    return Incoming(
        "test:deed", clerk.address, text="规章 1 0 8\n行政规范性文件 20 11 140\n行政许可 52310"
    )


def says_yes(office: Office) -> Incoming:
    """A clerk presses 对，存入 under what was read."""
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    clerk.say(
        "规章 1 0 8\n行政规范性文件 20 11 140\n行政许可 52310\n行政处罚 18022\n行政强制 771\n行政事业性收费 1424.4"
    )
    return pressed(clerk, "对，存入")


def undoes(office: Office) -> Incoming:
    """A clerk takes the last answer back."""
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    clerk.press("五类都没有").press("确认")
    return Incoming("test:deed", clerk.address, text="撤销")


def submits(office: Office) -> Incoming:
    """A clerk hands in."""
    clerk = admin(office).seated(UNIT, "1")
    clerk.press("五类都没有").press("确认")
    for number in range(40):
        if clerk.button("提交"):
            return pressed(clerk, "提交")
        known = next((w for w in ("没有收取", "不写", "用这段") if clerk.button(w)), None)
        if known:
            clerk.press(known)
        else:
            clerk.say(f"逐条检查第{number}个栏目，当月补齐。存在的问题是解读少，改进措施是多解读。")
    raise AssertionError(clerk.reply)


def recalls(office: Office) -> Incoming:
    """A clerk takes back what was handed in."""
    clerk = admin(office).seated(UNIT, "1")
    submit(clerk)
    return pressed(clerk, "收回")


def returns(office: Office) -> Incoming:
    """The office sends a report back, with a comment."""
    officer = admin(office)
    submit(officer.seated(UNIT, "1"))
    officer.say("审核 水务局").say("平台建设：没有写清楚做了什么，请补充。")
    return pressed(officer, "退回")


def approves(office: Office) -> Incoming:
    """The office approves."""
    officer = admin(office)
    submit(officer.seated(UNIT, "1"))
    officer.say("审核 水务局")
    return pressed(officer, "通过")


def lists(office: Office) -> Incoming:
    """The office keeps a list of units."""
    officer = Officer(office.assistant, "office").appoint()
    officer.say("名册").say(f"{UNIT}\n{OTHER}")
    return pressed(officer, "对，存入")


def pressed(clerk: Clerk, words: str) -> Incoming:
    """A press that was not taken yet."""
    button = clerk.button(words)
    assert button is not None, clerk.reply
    return Incoming("test:deed", clerk.address, press=button.press, message="m")


DEEDS = (enrols, claims, answers, says_yes, undoes, submits, recalls, returns, approves, lists)


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_cut_off_at_any_statement_a_deed_is_done_whole_when_it_comes_again(
    prepare: Callable[[Office], Incoming], tmp_path: Path, form: Form, wording: Wording
) -> None:
    begun = tmp_path / "begun.db"
    office = opened(begun, form, wording)
    deed = prepare(office)
    office.store.close()
    before = tables(begun)

    def do(path: Path, at: int) -> list[str]:
        """Do the deed on a copy, dying before a statement; what was executed."""
        shutil.copy(begun, path)
        office = opened(path, form, wording)
        dying = Dying(office.store.db.conn, at)
        office.store.db.conn = dying  # type: ignore[assignment]
        try:
            office.assistant.receive(deed)
        except Death:
            pass
        finally:
            dying.connection.rollback()  # as SQLite does when the file is opened again
            office.store.db.conn = dying.connection
            office.store.close()
        return dying.done

    whole = tmp_path / "whole.db"
    statements = do(whole, -1)
    expected = tables(whole)
    assert expected != before
    commits = [n for n, sql in enumerate(statements) if sql == "COMMIT"]
    first = next(n for n, sql in enumerate(statements) if sql == "BEGIN")
    for at in range(first, len(statements)):
        path = tmp_path / f"{at}.db"
        do(path, at)
        if at <= commits[0]:
            assert tables(path) == before, f"half of it stands: {statements[at]}"
        office = opened(path, form, wording)
        office.assistant.receive(deed)
        office.assistant.follow_up()
        office.store.close()
        assert tables(path) == expected, f"cut off before {statements[at]}"
        path.unlink()


# ── the file cannot be written ──────────────────────────────────────────────────────────────────


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program holds the file for writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_while_another_program_writes_the_turn_waits_and_nobody_is_told_to_repeat_it(
    tmp_path: Path,
) -> None:
    async with BotApi(limits=None) as api:
        async with serving(api, tmp_path) as assistant:
            assistant.store.db.execute("PRAGMA busy_timeout=50").fetchall()
            api.user(1).say("一")
            await api.user(1).next()
            with held(tmp_path / "store.db"):
                api.user(1).say("二")
                api.user(2).say("三")
                await asyncio.sleep(1.2)
                assert bot_said(api) == ["1. 一"]
            assert (await api.user(1).next()).text == "2. 二"
            assert (await api.user(2).next()).text == "1. 三"
        assert not [text for text in bot_said(api) if SORRY in text]


async def test_where_the_file_stays_locked_people_are_told_and_later_turns_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_turns, "BUSY_SECONDS", 0.6)
    async with BotApi(limits=None) as api, serving(api, tmp_path) as assistant:
        assistant.store.db.execute("PRAGMA busy_timeout=20").fetchall()
        with held(tmp_path / "store.db"):
            api.user(1).say("一")
            assert (await api.user(1).next()).text == SORRY
        api.user(1).say("一")
        assert (await api.user(1).next()).text == "1. 一"
        assert not [key for key in ("telegram:1000",) if assistant.store.is_taken(key)]


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of 1 MB in a folder; skips where none can be mounted."""
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_nothing_is_kept_by_halves_and_with_space_it_goes_on(
    tmp_path: Path, form: Form, wording: Wording
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder):
        path, filler = folder / "nianbao.db", folder / "filler"
        office = opened(path, form, wording)
        clerk = Clerk(office.assistant).enrol(UNIT, 2024)
        clerk.press("五类都没有")
        yes = pressed(clerk, "确认")
        fill(filler)
        before, refused = talk_until_refused(office, clerk)
        assert tables_of(office.store) == before
        filler.unlink()
        office.assistant.receive(refused)
        office.assistant.receive(yes)
        assert office.store.is_taken(refused.key)
        assert clerk.draft.answers
        assert office.store.verify().faults == ()
        office.store.close()


def talk_until_refused(office: Office, clerk: Clerk) -> tuple[Tables, Incoming]:
    """Ask on until the space that is left does not hold another turn; what stood then."""
    for number in range(500):
        before = tables_of(office.store)
        asked = Incoming(f"test:asked{number}", clerk.address, text="进度")
        try:
            office.assistant.receive(asked)
        except Busy:
            return before, asked
    raise AssertionError("there was always space")


def fill(filler: Path) -> None:
    """Take all the space that is left."""
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return


def tables_of(store: Store) -> Tables:
    """All that an open store holds."""
    names = [name for name in store.db.table_names() if not name.startswith("sqlite")]
    return {name: store.db.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def test_of_a_file_that_has_no_page_left_nothing_is_kept_by_halves(office: Office) -> None:
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    clerk.press("五类都没有")
    yes = pressed(clerk, "确认")
    office.store.db.execute("PRAGMA max_page_count=1").fetchall()
    before, _ = talk_until_refused(office, clerk)
    assert tables_of(office.store) == before
    office.store.db.execute("PRAGMA max_page_count=4294967294").fetchall()
    office.assistant.receive(yes)
    assert clerk.draft.answers


def test_into_a_file_that_cannot_be_written_nothing_is_kept(office: Office) -> None:
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    before, draft = tables_of(office.store), clerk.draft
    office.store.db.execute("PRAGMA query_only=ON").fetchall()
    with pytest.raises(Busy, match="readonly"):
        clerk.press("五类都没有")
    assert tables_of(office.store) == before
    assert office.store.draft(draft.id) == draft
    office.store.db.execute("PRAGMA query_only=OFF").fetchall()
    assert clerk.again().reply


# ── the connection fails again and again ────────────────────────────────────────────────────────


async def test_a_reply_whose_connection_drops_three_times_in_a_row_still_arrives(
    tmp_path: Path,
) -> None:
    async with BotApi(limits=None) as api, serving(api, tmp_path):
        api.faults.cut_before("sendMessage", times=3)
        api.user(1).say("一")
        assert (await api.user(1).next()).text == f"{AGAIN}\n1. 一"


async def test_a_reply_of_which_nothing_is_known_is_repeated_five_times_and_no_more(
    tmp_path: Path,
) -> None:
    async with BotApi(limits=None) as api:
        async with serving(api, tmp_path) as assistant:
            api.faults.cut_after("sendMessage", times=9)
            api.user(1).say("一")
            for _ in range(6):
                await api.user(1).next()
            await until(lambda: not assistant.store.unsent("telegram"))
            errors = assistant.store.db.execute("SELECT error FROM outbox").fetchall()
        assert bot_said(api) == ["1. 一", *[f"{AGAIN}\n1. 一"] * 5]
        assert errors == [(UNKNOWN,)]


# ── the clock jumps ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=31), timedelta(days=-31)])
def test_a_decision_reaches_its_contact_wherever_the_clock_has_jumped(
    office: Office, jump: timedelta
) -> None:
    officer = admin(office)
    clerk = officer.seated(UNIT, "1")
    submit(clerk)
    officer.say("审核 水务局")
    office.now += jump
    officer.press("通过")
    office.assistant.tick()
    clerk._listen()
    assert "已通过审核" in clerk.reply


def test_who_came_after_a_decision_is_not_told_of_it_though_the_clock_went_back(
    office: Office,
) -> None:
    officer = admin(office)
    clerk = officer.seated(UNIT, "1")
    submit(clerk)
    officer.say("审核 水务局").press("通过")
    office.now -= timedelta(days=1)
    late = officer.seated(UNIT, "2")
    office.assistant._told = 0
    office.assistant.tick()
    late._listen()
    assert late.reply == ""


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=31)])
def test_an_invitation_opens_wherever_the_clock_has_jumped(office: Office, jump: timedelta) -> None:
    link = admin(office).link(UNIT)
    office.now += jump
    clerk = Clerk(office.assistant, "1").say(link)
    assert "1/5" in clerk.reply


def test_a_clock_that_was_a_month_ahead_does_not_silence_the_digest(office: Office) -> None:
    officer = admin(office)
    office.now += timedelta(days=31)
    submit(officer.seated(UNIT, "1"))
    office.assistant.tick()
    officer._listen()
    assert "提交" in officer.reply
    office.now -= timedelta(days=31)
    submit(officer.seated(OTHER, "2"))
    office.assistant.tick()
    officer._listen()
    assert "财政局" in officer.reply


def test_nobody_is_reminded_twice_because_the_clock_went_back_a_day(office: Office) -> None:
    officer = admin(office)
    clerk = officer.seated(UNIT, "1")
    for day in ("20", "21"):
        office.now = datetime.fromisoformat(f"2025-01-{day}T10:00+08:00")
        office.assistant.tick()
    clerk._listen()
    assert "提醒" in clerk.reply
    for days in (-1, 1, 0):
        office.now += timedelta(days=days)
        office.assistant.tick()
        clerk._listen()
        assert clerk.reply == ""


def test_answers_after_the_clock_went_back_are_kept_and_the_record_stays_whole(
    office: Office,
) -> None:
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    clerk.press("五类都没有")
    office.now -= timedelta(days=1)
    clerk.press("确认").say("撤销")
    assert "已撤销" in clerk.reply or "撤回" in clerk.reply
    assert office.store.verify().faults == ()


# ── the power fails ─────────────────────────────────────────────────────────────────────────────


def commits_in(wal: bytes) -> list[tuple[int, int]]:
    """Where the frames that end a transaction begin and end in a WAL."""
    size = 24 + int(struct.unpack(">I", wal[8:12])[0])
    salt, found = wal[16:24], []
    for at in range(32, len(wal) - size + 1, size):
        if wal[at + 8 : at + 16] != salt:
            break
        if struct.unpack(">I", wal[at + 4 : at + 8])[0]:
            found.append((at, at + size))
    return found


def survivor(folder: Path, source: Path, upto: int) -> Path:
    """The file as a power failure leaves it: of the WAL only so many bytes reached the disk."""
    copy = folder / f"cut{upto}.db"
    shutil.copy(source, copy)
    wal = source.with_name(source.name + "-wal").read_bytes()[:upto]
    copy.with_name(copy.name + "-wal").write_bytes(wal)
    return copy


def test_an_acknowledged_answer_survives_on_what_was_flushed_up_to_its_commit(
    office: Office, tmp_path: Path
) -> None:
    clerk = Clerk(office.assistant).enrol(UNIT, 2024)
    source = office.store.path
    states: list[Tables] = []
    ends: list[tuple[int, int]] = []
    for words in ("有", "有", "有", "有", "有", "2 0 11"):
        office.assistant.receive(Incoming(f"test:{words}{len(ends)}", clerk.address, text=words))
        states.append(tables_of(office.store))
        ends.append(commits_in(source.with_name(source.name + "-wal").read_bytes())[-1])
    for (begin, end), earlier, state in zip(ends[1:], states, states[1:], strict=False):
        for upto, expected in ((end, state), ((begin + end) // 2, earlier), (end - 1, earlier)):
            copy = survivor(tmp_path, source, upto)
            with closing(Store(copy, office.assistant.form)) as store:
                assert tables_of(store) == expected
                assert store.verify().faults == ()


def test_every_connection_that_writes_flushes_at_each_commit(
    tmp_path: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, str]] = []

    class Watched(sqlite3.Connection):
        """Notes how it was set when it is closed."""

        def close(self) -> None:
            """Note and close."""
            file = Path(self.execute("PRAGMA database_list").fetchone()[2]).name
            synchronous = self.execute("PRAGMA synchronous").fetchone()[0]
            seen.append((file, synchronous, self.execute("PRAGMA journal_mode").fetchone()[0]))
            super().close()

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, factory=Watched, **k))
    path = tmp_path / "nianbao.db"
    with closing(Store(path, form, exclusive=True)):
        look(path)
        assert probe(path) == ""
        make_backup(path, tmp_path / "copy.db")
    ours = [(synchronous, mode) for file, synchronous, mode in seen if file == path.name]
    assert len(ours) >= 4
    assert set(ours) == {(2, "wal")}
