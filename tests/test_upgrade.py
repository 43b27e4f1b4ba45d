"""Files of every released schema are opened by today's program: nothing is lost, the talk goes on.

The rows were taken down from what the released programs wrote; people and units are made up.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from bot.assistant import Assistant
from bot.catalogue import load_guides
from bot.form import Form
from bot.messages import Incoming, Press
from bot.migrations import m001_interview, m002_reports, m003_office, migrations, statements
from bot.store import Store, StoreError
from bot.store.backup import look_at
from bot.wording import Wording
from bot.writers.json import write_report
from tests.clerk import Clerk
from tests.conftest import NOW
from tests.tables import figures_of, form, report_of

UNIT, SCHOOLS = "西山区市场监督管理局", "西山区教育局"
AT, LATER = "2023-01-10T09:00:00.000+08:00", "2023-01-11T10:30:00.000+08:00"
OPENS, OPENED, EXPIRED = (
    "kX3bD0vYt0mPz1rQeW7uLA",
    "hC5nT2sJq8aVw4yGfR9iOg",
    "bN6mK1xZc3dFs5hJl7pQtw",
)
"""What three invitations carry: one not used, one used, one too old."""
RELEASED = {
    "m001_interview": "2afa9cafe3e49eb5",
    "m002_reports": "bdcb475954fc5af3",
}
"""The hashes of the statements that were released."""

Rows = Mapping[str, Sequence[tuple[Any, ...]]]


def hashed(payload: str) -> str:
    """What is kept of an invitation."""
    return hashlib.sha256(payload.encode()).hexdigest()


def a_report(year: int) -> str:
    """A finished report of the unit as it is frozen beside its documents."""
    made = report_of(figures_of({}), agency=UNIT, year=year, final=True)
    return write_report(made, form())


def position(**fields: object) -> str:
    """A place in the interview as the first release kept it."""
    first = {
        "asking": "", "revision": 0, "choices": [], "back": [], "home": "", "offer": [],
        "repairs": [], "pieces": [], "picked": None, "told": [], "previous": "", "pressed": "",
        "seen": 0, "catching_up": False,
    }  # fmt: skip
    return json.dumps(first | fields, ensure_ascii=False)


def body(text: str, *buttons: tuple[str, str], numeric: bool = False) -> str:
    """A message as it waits."""
    rows = [[list(button)] for button in buttons]
    kept = {"parts": [[text, False]], "buttons": rows, "numeric": numeric, "replaces": False}
    return json.dumps(kept, ensure_ascii=False)


def changed(id: int, draft: int, item: str, old: str | None, new: str | None, key: str,
            undoes: str | None = None) -> tuple[object, ...]:  # fmt: skip
    """A line of the history."""
    return (id, draft, item, old, new, 1, key, undoes, AT)


YES, NO, TWO, THREE = (
    '["text", "yes", "typed"]', '["text", "no", "typed"]', '["money", "2.00", "typed"]',
    '["money", "3.00", "typed"]',
)  # fmt: skip
GATES = ("gate.rules", "gate.decisions", "gate.fees", "gate.requests", "gate.cases")
MIDWAY = position(
    asking="fill.rules", revision=8, back=list(GATES), pressed="v1:1:gate.cases:5:no", seen=8,
    choices=[["暂不清楚", "skip", "fill.rules"], ["帮助", "help", "fill.rules"]],
)  # fmt: skip
AT_FEES = position(asking="proactive.fees_wanyuan", revision=11, back=list(GATES), seen=8)

FIRST: Rows = {
    "units": [(1, UNIT, "", AT), (2, SCHOOLS, "县级政府部门", AT)],
    "people": [(1, "李敏", AT), (2, "", AT), (3, "", AT)],
    "drafts": [(1, 1, 2022, "gov-info-2021", AT), (2, 2, 2022, "gov-info-2021", AT),
               (3, 1, 2021, "gov-info-2021", "2022-01-10T09:00:00.000+08:00")],
    "chats": [("test:100", 1, 1), ("test:200", 2, 1), ("terminal:local", 3, 2)],
    "seats": [("test:100", 1, MIDWAY), ("test:100", 3, position(asking="done", revision=90)),
              ("test:200", 1, AT_FEES), ("terminal:local", 2, position(asking="gate.rules"))],
    "invitations": [
        (hashed(OPENS), 1, AT, "2023-03-13T09:00:00.000+00:00", None, None),
        (hashed(OPENED), 1, AT, "2023-03-13T09:00:00.000+00:00", AT, 1),
        (hashed(EXPIRED), 2, AT, "2023-01-11T09:00:00.000+00:00", None, None),
    ],
    "answers": [
        *((1, gate, "text", "yes" if gate in ("gate.rules", "gate.fees") else "no", "typed")
          for gate in sorted(GATES)),
        (1, "proactive.fees_wanyuan", "money", "3.00", "typed"),
        (2, "overview.platform", "text", "维护专栏3个。\n更新信息210条。", "pasted"),
        (3, "proactive.fees_wanyuan", "money", "12.30", "typed"),
        (3, "proactive.permits", "count", None, "todo"),
    ],
    "inbox": [
        *((f"test:u{n}", "test:100", f"m{n}", 1, gate, AT) for n, gate in enumerate(GATES, 1)),
        ("test:u6", "test:100", "m6", 1, "", AT), ("test:u7", "test:100", "m7", 1, "", AT),
        ("test:u8", "test:100", "m8", 1, "", AT), ("test:u9", "test:200", "m9", None, "", AT),
        ("terminal:1", "terminal:local", "", None, "", AT),
    ],
    "history": [
        *(changed(n, 1, gate, None, YES if gate in ("gate.rules", "gate.fees") else NO, f"test:u{n}")
          for n, gate in enumerate(GATES, 1)),
        changed(6, 1, "proactive.fees_wanyuan", None, THREE, "test:u6"),
        changed(7, 1, "proactive.fees_wanyuan", THREE, TWO, "test:u7"),
        changed(8, 1, "proactive.fees_wanyuan", TWO, THREE, "test:u8", "test:u7"),
        changed(9, 2, "overview.platform", None,
                '["text", "维护专栏3个。\\n更新信息210条。", "pasted"]', "terminal:1"),
        changed(10, 3, "proactive.fees_wanyuan", None, '["money", "12.30", "typed"]', "test:u8"),
        changed(11, 3, "proactive.permits", None, '["text", null, "todo"]', "test:u8"),
    ],
    "documents": [
        (1, 3, "docx", a_report(2021), f"{UNIT}2021.docx", b"PK\x03\x04 whole", "0" * 64, None, AT),
        (2, 1, "docx", a_report(2022).replace('"final": true', '"final": false'), None, None, None,
         "第三部分还没有填完", AT),
    ],
    "outbox": [
        (1, "test:100", body("您好！"), 1, "gate.rules", 2, None, AT, AT, "b1", None),
        (2, "test:100", body("报告在下面。"), 3, "done", 0, 1, AT, AT, "b2", None),
        (3, "test:200", body("您好！"), 1, "gate.rules", 0, None, AT, AT, "", "Forbidden: bot was blocked"),
        (4, "test:100", body("还有 12 题没答。", ("暂不清楚", "v1:1:fill.rules:8:skip"), numeric=True),
         1, "fill.rules", 1, None, LATER, None, None, None),
        (5, "test:200", body("请再看一遍。"), 1, "", 0, 1, LATER, None, None, None),
    ],
}  # fmt: skip

SECOND: Rows = {
    **FIRST,
    "people": [*FIRST["people"], (4, "命令行", AT)],
    "chats": [*FIRST["chats"], ("command:import", 4, 2)],
    "seats": [*FIRST["seats"], ("command:import", 2, "")],
    "inbox": [*FIRST["inbox"], ("test:u20", "test:100", "m20", 1, "", AT),
              ("test:u21", "test:100", "m21", 1, "", AT), ("command:5", "command:import", "", 2, "", AT)],
    "uploads": [
        (1, "test:100", 1, "test:u20", "去年的年报.docx", "BQACAgUAAxkBAAIB", AT, '{"report": null}', AT),
        (2, "test:100", 1, "test:u21", "登记簿.xlsx", "BQACAgUAAxkBAAIC", LATER, None, None),
    ],
    "reports": [(2, 2021, a_report(2021), "imported", "command:5", AT)],
}  # fmt: skip

FILES = {"m001_interview": ("m002_reports", FIRST), "m002_reports": ("m003_office", SECOND)}


@pytest.fixture(params=FILES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file of an earlier release, in use for a while."""
    return build(tmp_path / "nianbao.db", *FILES[request.param])


def build(path: Path, stop_before: str, rows: Rows) -> Path:
    """A file with the steps before `stop_before` and these rows; every reference holds."""
    db = sqlite_utils.Database(path, execute_plugins=False)
    migrations.apply(db, stop_before=stop_before)
    for table, lines in rows.items():
        marks = ", ".join("?" * len(lines[0]))
        db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", lines)
    db.conn.commit()
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    assert db.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal"
    db.close()
    return path


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables with their columns."""
    with closing(sqlite_utils.Database(path, execute_plugins=False)) as db:
        return {
            name: [dict(row) for row in db.table(name).rows]
            for name in db.table_names() if not name.startswith(("_", "sqlite_"))
        }  # fmt: skip


def schema_of(db: sqlite_utils.Database) -> dict[str, str]:
    """What a file is made of: tables, indexes and triggers, with blanks made even."""
    rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {f"{kind} {name}": " ".join(sql.split()) for kind, name, sql in rows}


@pytest.fixture
def opened(old: Path, form: Form, wording: Wording) -> Iterator[Assistant]:
    """Today's program on that file, a day later."""
    store = Store(old, form, exclusive=True)
    yield Assistant(store, form, load_guides(form), wording, lambda: NOW)
    store.close()


# ── nothing is lost ─────────────────────────────────────────────────────────────────────────


def test_every_row_is_there_with_all_that_it_held(old: Path, form: Form) -> None:
    before = rows_of(old)
    Store(old, form).close()
    after = rows_of(old)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert len(kept) == len(rows), table
        assert all(row in kept for row in rows), table


def test_an_upgraded_file_is_made_as_a_new_one_is(old: Path, tmp_path: Path, form: Form) -> None:
    with closing(Store(old, form)) as upgraded, closing(Store(tmp_path / "new.db", form)) as fresh:
        assert schema_of(upgraded.db) == schema_of(fresh.db)
        assert not upgraded.db.execute("PRAGMA foreign_key_check").fetchall()
        assert upgraded.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_second_opening_changes_nothing(old: Path, form: Form) -> None:
    Store(old, form).close()
    once = rows_of(old)
    Store(old, form).close()
    assert rows_of(old) == once


def test_figures_money_texts_and_what_was_put_off_are_read_as_they_were(opened: Assistant) -> None:
    store = opened.store
    assert store.draft(1).value("gate.rules") == "yes"
    assert store.draft(2).value("overview.platform") == "维护专栏3个。\n更新信息210条。"
    assert str(store.draft(3).value("proactive.fees_wanyuan")) == "12.30"
    assert store.draft(3).answers["proactive.permits"].source == "todo"


def test_the_report_that_was_finished_a_year_ago_stands_beside_the_questions(
    opened: Assistant,
) -> None:
    last = opened.store.draft(1).last
    assert last is not None
    assert (last.agency, last.year) == (UNIT, 2021)


def test_a_finished_file_is_kept_to_the_byte(opened: Assistant) -> None:
    file = opened.store.document(1).file
    assert file is not None
    assert file.content == b"PK\x03\x04 whole"
    assert opened.store.document(2).error == "第三部分还没有填完"


# ── the talk goes on ────────────────────────────────────────────────────────────────────────


def test_the_interview_goes_on_where_it_stood(opened: Assistant) -> None:
    clerk = Clerk(opened, "100").say("3 0 12")
    assert [clerk.draft.value(f"proactive.rules_{name}") for name in
            ("made", "repealed", "in_force")] == [3, 0, 12]  # fmt: skip
    assert "行政规范性文件" in clerk.reply


def test_a_button_sent_before_the_upgrade_still_works(opened: Assistant) -> None:
    clerk = Clerk(opened, "100").tap(Press(1, "fill.rules", 8, "skip"))
    assert clerk.draft.answers["proactive.rules_repealed"].source == "todo"


def test_what_was_said_before_the_upgrade_can_be_taken_back(opened: Assistant) -> None:
    clerk = Clerk(opened, "100").say("撤销")
    assert "proactive.fees_wanyuan" not in clerk.draft.answers


def test_a_question_asked_before_the_upgrade_is_found_by_a_reply_to_it(opened: Assistant) -> None:
    clerk = Clerk(opened, "100").say("没有", reply_to="b1")
    assert clerk.draft.value("gate.rules") == "no"


def test_what_waited_to_be_sent_goes_out_in_order(opened: Assistant) -> None:
    waiting = opened.store.unsent("test")
    assert [(m.id, m.text, m.document) for m in waiting] == [
        (4, "还有 12 题没答。", None), (5, "请再看一遍。", 1),
    ]  # fmt: skip
    assert waiting[0].buttons[0][0].text == "暂不清楚"
    opened.store.mark_sent([(m.id, f"b{m.id}", "") for m in waiting], NOW)
    assert opened.store.unsent("test") == []


def test_an_update_taken_before_the_upgrade_is_not_taken_again(opened: Assistant) -> None:
    clerk = Clerk(opened, "100")
    before = clerk.draft.answers
    opened.receive(Incoming("test:u6", "test:100", text="没有"))
    assert clerk.draft.answers == before


def test_a_file_that_waited_to_be_read_still_waits(old: Path, opened: Assistant) -> None:
    waiting = opened.store.waiting_uploads("test")
    has_uploads = len(opened.store.db.execute("SELECT 1 FROM uploads").fetchall()) > 0
    assert [file.name for file in waiting] == (["登记簿.xlsx"] if has_uploads else [])


# ── people ──────────────────────────────────────────────────────────────────────────────────


def test_who_answered_for_a_unit_still_does(opened: Assistant) -> None:
    held = {(m.person, m.role, m.unit) for m in opened.store.members()}
    assert held == {(1, "contact", 1), (2, "contact", 1), (3, "contact", 2)}
    assert Clerk(opened, "200").seat.draft == 1
    assert not opened.store.has_office()


def test_an_invitation_that_was_not_used_still_opens(opened: Assistant) -> None:
    clerk = Clerk(opened, "300").say(f"/start {OPENS}")
    assert clerk.seat.draft == 1
    assert opened.store.invited(OPENS, "test:301", NOW) == "used"


def test_a_used_invitation_opens_for_nobody_else_and_an_old_one_not_at_all(
    opened: Assistant,
) -> None:
    assert opened.store.invited(OPENED, "test:300", NOW) == "used"
    assert opened.store.invited(EXPIRED, "test:300", NOW) == "expired"
    again = opened.store.invited(OPENED, "test:100", NOW)
    assert not isinstance(again, str)


def test_an_office_can_be_opened_on_an_old_file(opened: Assistant) -> None:
    admin = Clerk(opened, "900").say(f"/start {opened.store.invite(None, NOW, 'office')}")
    admin.say("看板")
    assert "2" in admin.reply
    assert {unit.name for unit in opened.store.units()} == {UNIT, SCHOOLS}


# ── the record ──────────────────────────────────────────────────────────────────────────────


def test_the_old_history_is_sealed_when_the_file_is_opened_first(old: Path, form: Form) -> None:
    with closing(Store(old, form)) as store:
        proof = store.verify()
    assert (proof.seals, proof.lines, proof.faults) == (1, len(FIRST["history"]), ())
    assert look_at(old).proof.faults == ()


def test_the_chain_goes_on_behind_the_old_history(opened: Assistant) -> None:
    Clerk(opened, "100").say("3 0 12")
    proof = opened.store.verify()
    assert proof.seals == 2
    assert proof.faults == ()


def test_a_later_change_of_the_old_history_is_seen(old: Path, form: Form) -> None:
    Store(old, form).close()
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("DROP TRIGGER history_stays")
        connection.execute("UPDATE history SET new = ? WHERE id = 6", [TWO])
    with closing(Store(old, form)) as store:
        assert store.verify().faults


def test_seals_that_were_taken_away_are_not_made_anew(old: Path, form: Form) -> None:
    with closing(Store(old, form)) as store:
        store.open_claim(NOW)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("DELETE FROM seals")
    with closing(Store(old, form)) as store:
        assert any("没有封印" in fault for fault in store.verify().faults)


# ── released, newer, interrupted ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", [m001_interview, m002_reports], ids=lambda step: step.__name__)
def test_a_released_step_is_never_edited(step: Any) -> None:
    lines = "\n".join(" ".join(line.split()) for line in statements(step.SQL))
    name = step.__name__.rpartition(".")[2]
    assert hashlib.sha256(lines.encode()).hexdigest()[:16] == RELEASED[name]


def test_a_file_of_a_newer_release_is_refused_and_left_as_it_is(old: Path, form: Form) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('nianbao', 'm999_later', '2030-01-01')"
        )
    before = rows_of(old)
    with pytest.raises(StoreError, match="更新的版本"):
        Store(old, form)
    assert rows_of(old) == before


class Faulty(sqlite_utils.Database):
    """A file whose disk fails at one statement."""

    left = 0

    def execute(self, sql: str, parameters: Any = None) -> sqlite3.Cursor:
        """As ever, until the disk is full."""
        self.left -= 1
        if self.left == 0:
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, parameters)


@pytest.mark.parametrize("name", FILES)
def test_a_fault_at_any_statement_leaves_a_whole_earlier_schema(name: str, tmp_path: Path) -> None:
    kept = sqlite3.connect(build(tmp_path / "old.db", *FILES[name]))
    whole = {}
    for stop in ("m002_reports", "m003_office"):
        fresh = sqlite_utils.Database(memory=True, execute_plugins=False)
        migrations.apply(fresh, stop_before=stop)
        whole[len(migrations.applied(fresh))] = schema_of(fresh)
    faults = 0
    for faults in count(1):
        connection = sqlite3.connect(":memory:")
        kept.backup(connection)
        connection.execute("PRAGMA foreign_keys=ON")
        db = Faulty(connection, execute_plugins=False)
        db.left = faults
        try:
            migrations.apply(db)
        except sqlite3.OperationalError:
            db.left = 0
            assert not connection.in_transaction
            assert schema_of(db) == whole[len(migrations.applied(db))]
            assert len(db.execute("SELECT * FROM seats").fetchall()) == len(FILES[name][1]["seats"])
            connection.close()
        else:
            connection.close()
            break
    kept.close()
    assert faults > len(statements(m003_office.SQL))


def test_a_process_killed_in_the_middle_of_a_step_loses_nothing(old: Path, form: Form) -> None:
    before = {table: rows for table, rows in rows_of(old).items() if rows}
    subprocess.run([sys.executable, "-c", _KILLED, str(old)], check=False, timeout=30)
    assert {table: rows for table, rows in rows_of(old).items() if rows} == before
    with closing(Store(old, form)) as store:
        assert store.verify().faults == ()
        assert len(store.members()) == 3


_KILLED = """
import os, sys, sqlite3, sqlite_utils
from bot.migrations import migrations
class Killed(sqlite_utils.Database):
    def execute(self, sql, parameters=None):
        if sql.startswith("INSERT INTO members"):
            self.conn.execute("PRAGMA cache_spill=1")
            os.kill(os.getpid(), 9)
        return super().execute(sql, parameters)
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA cache_size=1")
migrations.apply(Killed(connection, execute_plugins=False))
"""


def test_a_promise_of_time_is_not_needed_for_an_old_draft(opened: Assistant) -> None:
    standings = opened.store.standings(2022, opened.store.dues(2022))
    states = {s.unit.name: (s.state, s.moved is not None) for s in standings}
    assert states == {UNIT: ("filling", True), SCHOOLS: ("filling", True)}
    assert NOW - timedelta(days=3) < max(s.moved for s in standings if s.moved) < NOW
