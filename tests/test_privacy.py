"""People's data: told in full, erased without breaking the record, forgotten after a time."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.messages import File, Incoming
from bot.settings import Settings
from bot.store.privacy import ERASED, erase_person, export_person, find_people, forget
from tests.clerk import Clerk
from tests.conftest import NOW
from tests.fresh import new_assistant
from tests.officer import Officer
from tests.test_cli import run
from tests.test_cli_office import fill_in

OFFICE, UNIT, OTHER = "青石县人民政府", "青石县水务局", "青石县财政局"
NAME, ADMIN, CHAT = "欧阳若溪", "司马长林", "test:8402557110"
LATER = NOW + timedelta(days=400)
KEPT = ("answers", "history", "versions", "decisions", "comments", "events", "seals", "reports")


class County:
    """An office on a file, with a clerk who handed in and whose report was sent back."""

    def __init__(self, path: Path) -> None:
        self.now = NOW
        self.assistant = new_assistant(path, lambda: self.now)
        self.store = self.assistant.store
        self.officer = Officer(self.assistant, "77001")
        self.clerk = Clerk(self.assistant, CHAT.removeprefix("test:"))

    def fill(self) -> None:
        """People come, the clerk hands in, the office returns."""
        self.officer.say(f"/start {self.store.invite(None, NOW, 'office')}", sender=ADMIN)
        self.officer.listed(OFFICE, UNIT, OTHER)
        fill_in(self.clerk.say(self.officer.link(UNIT), sender=NAME)).press("提交")
        self.officer.say("审核 水务局").say("平台建设：写得太短").press("退回")
        self.clerk.say("进度")
        self.store.close()

    @property
    def person(self) -> int:
        """The clerk's number."""
        return find_people(self.store, NAME)[0][0]

    def clerk_draft(self) -> int:
        """The clerk's draft, whether or not she sits there still."""
        found = self.store.find_draft(UNIT, 2022)
        assert found is not None
        return found

    def rows(self, *tables: str) -> dict[str, list[tuple[object, ...]]]:
        """All rows of some tables."""
        return {t: self.store.db.execute(f"SELECT * FROM {t}").fetchall() for t in tables}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of that county."""
    path = tmp_path_factory.mktemp("county") / "nianbao.db"
    County(path).fill()
    return path


@pytest.fixture
def county(filled: Path, tmp_path: Path) -> Iterator[County]:
    """A county of its own for each test."""
    shutil.copy(filled, tmp_path / "nianbao.db")
    made = County(tmp_path / "nianbao.db")
    yield made
    made.store.close()


# ── told ────────────────────────────────────────────────────────────────────────────────────


def test_an_export_holds_every_row_that_names_the_person(county: County) -> None:
    held = export_person(county.store, county.person)
    assert held["person"]["name"] == NAME
    assert [chat["address"] for chat in held["chats"]] == [CHAT]
    assert [(role["role"], role["unit"]) for role in held["roles"]] == [("contact", UNIT)]
    assert held["invitations"][0]["used"]
    one = county.store.db.execute
    for kind, sql in {
        "changes": "SELECT count(*) FROM history WHERE person_id = ?",
        "events": "SELECT count(*) FROM events WHERE person_id = ?",
        "versions": "SELECT count(*) FROM versions WHERE person_id = ?",
    }.items():
        assert len(held[kind]) == one(sql, [county.person]).fetchone()[0] > 0
    assert len(held["messages"]) > 10
    assert "您好" in held["messages"][0]["body"]["parts"][0][0]
    assert held["changes"][0]["new"][2] == "typed"
    json.dumps(held)


def test_every_table_that_names_people_or_chats_is_exported(county: County) -> None:
    told = " ".join(sql for sql in _sql_of_export())
    for table in county.store.db.table_names():
        columns = {column.name for column in county.store.db[table].columns}
        if columns & {"person_id", "address", "used_by"} and table != "seats":
            assert f"FROM {table}" in told, table


def _sql_of_export() -> list[str]:
    from bot.store import privacy

    return list(privacy._HELD.values())


def test_an_admins_export_holds_what_the_admin_decided_and_wrote(county: County) -> None:
    admin = find_people(county.store, ADMIN)[0][0]
    held = export_person(county.store, admin)
    assert [decision["kind"] for decision in held["decisions"]] == ["returned"]
    assert held["comments"][0]["text"] == "写得太短"


# ── erased ──────────────────────────────────────────────────────────────────────────────────


def test_the_chain_holds_no_name(county: County) -> None:
    county.officer.say(f"邀请 {OTHER}")
    lines = county.store.db.execute("SELECT body, inbox FROM events").fetchall()
    assert lines
    assert not any(name in str(line) for line in lines for name in (NAME, ADMIN))


def test_an_erased_person_leaves_no_name_and_no_address_in_the_file(
    county: County, tmp_path: Path
) -> None:
    county.officer.say("水务局").press("历史")
    county.officer.say("水务局").press("换人")
    assert NAME in county.store.db.execute("SELECT group_concat(desk) FROM chats").fetchone()[0]
    erase_person(county.store, county.person, NOW)
    county.store.close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert UNIT.encode() in content
    assert NAME.encode() not in content
    assert CHAT.encode() not in content


def test_the_record_stays_whole_when_a_person_is_erased(county: County) -> None:
    person = county.person
    before = county.rows(*KEPT)
    erase_person(county.store, person, NOW)
    after = county.rows(*KEPT)
    for table in KEPT:
        assert after[table][: len(before[table])] == before[table], table
    assert county.store.verify().faults == ()
    assert county.store.history(county.clerk_draft())[0][2].person == ERASED


def test_what_an_erased_person_did_is_still_shown_without_the_name(county: County) -> None:
    erase_person(county.store, county.person, NOW)
    unit = next(u.id for u in county.store.units() if u.name == UNIT)
    events = county.store.events(unit=unit, draft=county.clerk_draft())
    assert [e.kind for e in events][-1] == "left"
    assert NAME not in str(events)
    assert ERASED in {e.person for e in events}


def test_an_erased_persons_chat_is_a_strangers(county: County) -> None:
    erase_person(county.store, county.person, NOW)
    assert county.store.seat(CHAT) is None
    county.clerk.say("你好")
    assert "邀请" in county.clerk.reply
    assert find_people(county.store, NAME) == []


def test_nothing_waits_for_an_erased_person(county: County) -> None:
    county.assistant.receive(Incoming("test:late", CHAT, text="进度"))
    assert [m.address for m in county.store.unsent("test")] == [CHAT]
    erase_person(county.store, county.person, NOW)
    county.now += timedelta(days=1)
    county.assistant.tick()
    assert [m for m in county.store.unsent("test") if m.address != "test:77001"] == []
    assert county.store.unsent("erased") == []


def test_an_export_of_an_erased_person_has_the_record_and_nothing_else(county: County) -> None:
    person = county.person
    before = export_person(county.store, person)
    erase_person(county.store, person, NOW)
    held = export_person(county.store, person)
    assert held["person"]["name"] == ERASED
    assert held["changes"] == before["changes"]
    assert {message["body"]["parts"][0][0] for message in held["messages"]} == {ERASED}
    assert [role["until"] is None for role in held["roles"]] == [False]


def test_erasing_twice_changes_nothing_but_the_record_of_it(county: County) -> None:
    person = county.person
    assert erase_person(county.store, person, NOW).roles == 1
    assert erase_person(county.store, person, NOW).roles == 0
    assert county.store.verify().faults == ()


def test_aliases_of_two_people_never_meet_and_tell_nothing(county: County) -> None:
    second = Clerk(county.assistant, "8402557111").say(county.officer.link(OTHER), sender="百里")
    erase_person(county.store, county.person, NOW)
    erase_person(county.store, find_people(county.store, "百里")[0][0], NOW)
    rows = county.store.db.execute("SELECT address FROM chats WHERE address LIKE 'erased:%'")
    aliases = {address for (address,) in rows}
    assert len(aliases) == 2
    assert not any("8402557" in alias for alias in aliases)
    assert second.actions


def test_a_person_who_comes_again_is_somebody_new(county: County) -> None:
    old = county.person
    erase_person(county.store, old, NOW)
    county.clerk.say(county.officer.link(UNIT), sender=NAME)
    assert county.clerk.seat.person != old
    assert county.store.verify().faults == ()


# ── on the command line ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def db(county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The county's file for commands."""
    monkeypatch.setenv("NIANBAO_DB", str(tmp_path / "nianbao.db"))
    return tmp_path / "nianbao.db"


def test_a_person_is_exported_to_the_screen_or_a_file(db: Path, tmp_path: Path) -> None:
    shown = run("person", "export", NAME)
    assert shown.exit_code == 0, shown.output
    out = tmp_path / "held" / "person.json"
    assert run("person", "export", NAME, "--out", out).exit_code == 0
    assert json.loads(out.read_text("utf-8")) == json.loads(shown.stdout)


def test_erasing_needs_a_yes_and_tells_what_stays(db: Path, county: County) -> None:
    asked = run("person", "erase", NAME)
    assert asked.exit_code == 2
    assert "--yes" in asked.stderr
    assert county.person
    done = run("person", "erase", str(county.person), "--yes")
    assert done.exit_code == 0, done.output
    assert "停用 1 个角色，断开 1 个聊天" in done.stdout
    assert "备份" in done.stdout
    assert run("verify").exit_code == 0
    assert run("person", "export", NAME).exit_code == 2


def test_the_last_admin_is_not_erased(db: Path) -> None:
    refused = run("person", "erase", ADMIN, "--yes")
    assert refused.exit_code == 2
    assert "最后一位管理员" in refused.stderr


def test_the_command_line_itself_and_strangers_are_nobody(db: Path) -> None:
    run("board")
    for typed in ("命令行", "查无此人", "99999", "0x1", "1 OR 1", "", " "):
        assert run("person", "erase", typed, "--yes").exit_code == 2, typed


def test_two_people_of_one_name_are_told_apart_by_their_numbers(db: Path, county: County) -> None:
    Clerk(county.assistant, "8402557112").say(county.officer.link(OTHER), sender=NAME)
    refused = run("person", "erase", NAME, "--yes")
    assert refused.exit_code == 2
    assert all(str(id) in refused.stderr for id, _ in find_people(county.store, NAME))


# ── forgotten ───────────────────────────────────────────────────────────────────────────────


def test_after_a_time_messages_of_finished_years_are_wiped_and_the_record_is_not(
    county: County,
) -> None:
    before = county.rows(*KEPT)
    texts = county.rows("outbox")["outbox"]
    assert any("您好" in str(row) for row in texts)
    assert sum(forget(county.store, 90, LATER)) > 0
    assert not any("您好" in str(row) for row in county.rows("outbox")["outbox"])
    assert len(county.rows("outbox")["outbox"]) == len(texts)
    assert county.rows(*KEPT) == before
    assert county.store.verify().faults == ()
    assert sum(forget(county.store, 90, LATER)) == 0


def test_a_message_of_a_wiped_chat_still_is_not_taken_twice(county: County) -> None:
    [(key,)] = county.store.db.execute("SELECT max(key) FROM inbox WHERE address = ?", [CHAT])
    list(forget(county.store, 90, LATER))
    assert county.store.is_taken(key)
    rows = county.store.db.execute("SELECT address, message FROM inbox WHERE key = ?", [key])
    assert rows.fetchall() == [("", "")]


def test_decisions_told_before_are_not_told_again(county: County, tmp_path: Path) -> None:
    list(forget(county.store, 90, LATER))
    restarted = new_assistant(tmp_path / "nianbao.db", lambda: NOW)
    with closing(restarted.store) as store:
        restarted.follow_up()
        assert store.unsent("test") == []


@pytest.mark.parametrize("moment", [NOW + timedelta(days=20), NOW + timedelta(days=100)])
def test_nothing_young_and_nothing_of_a_year_in_work_is_forgotten(
    county: County, moment: datetime
) -> None:
    before = county.rows("outbox", "inbox", "uploads", "documents")
    for draft in ("outbox", "inbox"):
        county.store.db.execute(f"UPDATE {draft} SET draft_id = ? WHERE draft_id IS NULL",
                                [county.clerk_draft()])  # fmt: skip
    before = county.rows("outbox", "inbox", "uploads", "documents")
    assert sum(forget(county.store, 1, moment)) == 0
    assert county.rows("outbox", "inbox", "uploads", "documents") == before


def test_what_waits_is_not_forgotten(county: County) -> None:
    county.assistant.receive(Incoming("test:waits", CHAT, text="进度"))
    list(forget(county.store, 90, LATER))
    waiting = county.store.unsent("test")
    assert len(waiting) == 1
    assert UNIT in waiting[0].text


def test_files_of_approvals_stay_and_downloads_of_the_office_go(county: County) -> None:
    store, draft = county.store, county.clerk_draft()
    insert = (
        "INSERT INTO documents (draft_id, version_id, format, report, created_at)"
        " VALUES (?, ?, ?, '{}', ?) RETURNING id"
    )
    at = "2023-01-12T09:00:00.000+00:00"
    made = {
        (kind, version): store.db.execute(insert, [of, version, kind, at]).fetchone()[0]
        for kind, version, of in (("pdf", store.newest(draft), draft), ("docx", None, draft),
                                  ("board.xlsx", None, None), ("trace.html", None, draft))
    }  # fmt: skip
    store.db.conn.commit()
    for document in made.values():
        store.keep_document(document, File("甲.bin", b"content"), NOW)
    list(forget(store, 90, LATER))
    kept = {kind for (kind, _), id in made.items() if store.document(id).file is not None}
    assert kept == {"pdf", "docx"}
    assert store.verify().faults == ()


def test_a_file_that_was_sent_is_forgotten_when_its_reading_is_old(county: County) -> None:
    county.clerk.send("去年.txt", "青石县水务局2021年政府信息公开工作年度报告".encode())
    list(forget(county.store, 90, LATER))
    rows = county.store.db.execute("SELECT name, handle, report FROM uploads").fetchall()
    assert rows == [("", "", None)]
    county.clerk.say("进度")
    assert UNIT in county.clerk.reply


def test_a_round_of_chores_forgets_batch_by_batch_and_once_a_day(county: County) -> None:
    def walked() -> int:
        return county.store.db.conn.total_changes

    county.now = LATER
    county.assistant.tick()
    assert any("您好" in str(row) for row in county.rows("outbox")["outbox"])
    county.assistant.retention = 90
    for _ in range(10):
        county.assistant.tick()
    assert not any("您好" in str(row) for row in county.rows("outbox")["outbox"])
    assert county.store.fact("forgotten") == LATER.date().isoformat()
    before = walked()
    county.assistant.tick()
    assert walked() == before


def test_nothing_is_forgotten_where_nobody_asked_for_it() -> None:
    assert Settings.from_environ({"PATH": "/"}).retention == ""
    assert Settings.from_environ({"NIANBAO_RETENTION": " 180 "}).retention == "180"


@pytest.mark.parametrize("typed", ["半年", "29", "-90", "1e3", "９０", "99999999"])
def test_serving_is_refused_where_the_days_are_none(typed: str, tmp_path: Path) -> None:
    token = {"NIANBAO_TELEGRAM_TOKEN": "1:a", "NIANBAO_RETENTION": typed}
    refused = run("serve", "--db", tmp_path / "new.db", **token)
    assert refused.exit_code == 2
    assert "NIANBAO_RETENTION" in refused.stderr
    assert not (tmp_path / "new.db").exists()


def test_a_name_in_anothers_message_goes_too_and_the_message_stays(county: County) -> None:
    with closing(sqlite3.connect(county.store.path)) as connection:
        found = connection.execute("SELECT count(*) FROM outbox WHERE instr(body, ?)", [NAME])
        assert found.fetchone()[0] > 0
    admins = [row for row in county.rows("outbox")["outbox"] if "test:77001" in row]
    erase_person(county.store, county.person, NOW)
    after = [row for row in county.rows("outbox")["outbox"] if "test:77001" in row]
    assert len(after) == len(admins)
    assert any(ERASED in str(row) for row in after)
