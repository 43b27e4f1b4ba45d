"""Backup and restore: a copy beside a running service gives the same record, and nothing is lost."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.assistant import Assistant
from bot.catalogue import load_form
from bot.command import keeping, main
from bot.migrations import migrations
from bot.record import build_report
from bot.store import Store, backup
from bot.store.backup import Holding, look_at, make_backup
from bot.writers.json import render
from tests.clerk import Clerk
from tests.conftest import NOW

FORM = load_form()
UNIT, YEAR = "西山区市场监督管理局", 2022


def run(*args: str | Path, db: Path) -> Result:
    """A command of the command line on a database."""
    return CliRunner(env={"NIANBAO_DB": str(db)}).invoke(main, [str(arg) for arg in args])


def exported(db: Path) -> bytes:
    """The report as `nianbao export` prints it, byte for byte."""
    with closing(Store(db, FORM)) as store:
        found = store.find_draft(UNIT, YEAR)
        assert found is not None
        return render(build_report(store.draft(found)), FORM)


def dumped(db: Path) -> list[str]:
    """Every row of every table, as SQL."""
    with closing(sqlite3.connect(db)) as connection:
        return list(connection.iterdump())


def backups(folder: Path) -> list[str]:
    """The names of the files in a folder."""
    return sorted(path.name for path in folder.iterdir())


def modes(*files: Path) -> set[int]:
    """The rights of files."""
    return {file.stat().st_mode & 0o777 for file in files}


@pytest.fixture
def db(assistant: Assistant) -> Path:
    """The database of a clerk who has answered something, served all the while."""
    Clerk(assistant).enrol(UNIT, YEAR).press("五类都没有").press("确认").say("3 4 5")
    return assistant.store.path


@pytest.fixture
def idle(db: Path, tmp_path: Path) -> Path:
    """The same database as one file that no process has open."""
    make_backup(db, tmp_path / "idle.db")
    return tmp_path / "idle.db"


def test_a_backup_beside_a_service_gives_the_same_record(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    result = run("backup", "--to", target, db=db)
    assert result.exit_code == 0, result.output
    assert exported(target) == exported(db)
    assert dumped(target) == dumped(db)


def test_a_backup_is_one_file_for_its_owner_only(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    assert run("backup", "--to", folder, db=db).exit_code == 0
    (name,) = backups(folder)
    assert re.fullmatch(r"nianbao-\d{8}-\d{6}\.db", name)
    assert modes(folder / name) == {0o600}
    assert modes(folder) == {0o700}


def test_without_a_place_it_goes_beside_the_database(db: Path) -> None:
    run("backup", db=db)
    assert len(backups(db.parent / "backup")) == 1


def test_the_line_names_file_size_seals_and_the_newest_hash(
    db: Path, tmp_path: Path, assistant: Assistant
) -> None:
    target = tmp_path / "copy.db"
    line = run("backup", "--to", target, db=db).output
    proof = assistant.store.verify()
    assert line.count("\n") == 1
    for fact in (target, target.stat().st_size, f"{proof.seals} 个封印", proof.head):
        assert str(fact) in line


def test_a_backup_while_turns_are_written_is_whole(
    db: Path, assistant: Assistant, tmp_path: Path
) -> None:
    stop = threading.Event()
    holdings: list[Holding] = []

    def copy() -> None:
        while not stop.is_set():
            holdings.append(make_backup(db, tmp_path / f"{len(holdings)}.db"))

    copying = threading.Thread(target=copy)
    copying.start()
    clerk = Clerk(assistant)
    for number in range(60):
        clerk.say(f"表二 行政许可 {number}")
    stop.set()
    copying.join()
    assert len(holdings) > 3
    assert not any(holding.proof.faults for holding in holdings)
    counts = [holding.proof.lines for holding in holdings]
    assert counts == sorted(counts)


def test_only_older_backups_of_this_database_are_removed(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    strangers = ["nianbao-old.db", "other-20200101-000000.db", "nianbao-20200101-000000.db.txt"]
    own = [f"nianbao-2020010{day}-000000.db" for day in range(1, 6)]
    for name in (*strangers, *own):
        (folder / name).write_bytes(b"")
    assert run("backup", "--to", folder, "--keep", "3", db=db).exit_code == 0
    left = set(backups(folder))
    assert left >= {*strangers, *own[-2:]}
    assert len(left) == len(strangers) + 3


def test_a_record_that_was_changed_is_backed_up_and_told_and_older_ones_stay(
    idle: Path, tmp_path: Path
) -> None:
    tamper(idle)
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "idle-20200101-000000.db").write_bytes(b"")
    result = run("backup", "--to", folder, "--keep", "1", db=idle)
    assert result.exit_code == 1
    assert "对不上" in result.stderr
    assert len(backups(folder)) == 2


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("nianbao.db", "就是数据库本身"),
        ("there.db", "已经有 there.db"),
        ("there.db/deeper", "备份写不进"),
    ],
)
def test_a_backup_destroys_nothing(db: Path, tmp_path: Path, to: str, words: str) -> None:
    (tmp_path / "there.db").write_text("somebody's")
    before = exported(db)
    result = run("backup", "--to", tmp_path / to, db=db)
    assert result.exit_code == 2
    assert words in result.stderr
    assert (tmp_path / "there.db").read_text() == "somebody's"
    assert exported(db) == before


def test_what_is_no_database_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("会议记录，不是数据库。" * 200)
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE songs (name TEXT)")
    for name, words in (
        ("missing.db", "没有数据库文件"),
        ("notes.db", "不是数据库"),
        ("foreign.db", "不是年报助手"),
    ):
        result = run("backup", "--to", tmp_path / "out", db=tmp_path / name)
        assert result.exit_code == 2
        assert words in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_was_there_stays_when_a_backup_fails(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    assert run("backup", "--to", folder / "a" / "b", db=tmp_path / "none.db").exit_code == 2
    assert backups(folder) == []


def test_keep_needs_a_folder(db: Path, tmp_path: Path) -> None:
    result = run("backup", "--to", tmp_path / "copy.db", "--keep", "2", db=db)
    assert result.exit_code == 2
    assert "目录" in result.stderr


def test_a_full_disk_is_said_and_leaves_nothing(idle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        [sys.executable, "-m", "bot", "backup", "--db", idle, "--to", folder],
        capture_output=True, text=True, preexec_fn=little_room, check=False,
        cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    assert done.returncode == 2
    assert "满了" in done.stderr
    assert not folder.exists()


def tamper(db: Path) -> None:
    """Change an old line of the history, as somebody with the file could."""
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("DROP TRIGGER history_stays")
        connection.execute('UPDATE history SET new = \'["count", "9", "said"]\' WHERE id = 1')


@pytest.fixture
def served_no_more(db: Path, assistant: Assistant) -> Iterator[Path]:
    """The database after its service has stopped."""
    assistant.store.close()
    yield db
    assistant.store.__init__(db, FORM)  # type: ignore[misc]  # the fixture closes it once more


def test_a_restore_gives_the_same_record_byte_for_byte(idle: Path, tmp_path: Path) -> None:
    told, rows = exported(idle), dumped(idle)
    target = tmp_path / "new" / "nianbao.db"
    result = run("restore", idle, db=target)
    assert result.exit_code == 0, result.output
    assert exported(target) == told
    assert dumped(target) == rows
    assert modes(target) == {0o600}
    assert backups(target.parent) == ["nianbao.db", "nianbao.db.lock"]
    with closing(Store(target, FORM)) as store:
        assert store.verify() == look_at(idle).proof


def test_what_stood_there_is_kept_with_its_newest_answers(served_no_more: Path, idle: Path) -> None:
    db = served_no_more
    newer(db)
    told = exported(db)
    result = run("restore", idle, "--force", db=db)
    assert result.exit_code == 0, result.output
    (kept,) = db.parent.glob("nianbao.db.before-restore-*[0-9]")
    assert str(kept) in result.output
    assert exported(kept) == told
    assert exported(db) == exported(idle) != told


def test_two_restores_within_a_second_keep_both_files(
    idle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "now", lambda: NOW)
    db = tmp_path / "two.db"
    for _ in range(3):
        assert run("restore", idle, db=db).exit_code == 0
    kept = "two.db.before-restore-20230112-090000"
    assert {kept, f"{kept}-2"} <= set(backups(tmp_path))


def newer(db: Path) -> None:
    """One more answer, left in the journal as after a kill."""
    script = (
        "import os, sys\n"
        "from bot.settings import Settings\n"
        "from bot.command.parts import assembled\n"
        "from tests.clerk import Clerk\n"
        f"assistant = assembled(Settings.from_environ(), sys.argv[1])\n"
        f"Clerk(assistant, 'x').enrol({UNIT!r}, {YEAR}).say('表二 行政许可 77')\n"
        "os._exit(0)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(db)], check=True,
        cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    assert db.with_name(db.name + "-wal").stat().st_size


def test_an_older_backup_is_restored_only_with_force(served_no_more: Path, idle: Path) -> None:
    db = served_no_more
    newer(db)
    told = exported(db)
    result = run("restore", idle, db=db)
    assert result.exit_code == 2
    assert "缺了现在的一部分" in result.stderr
    assert "--force" in result.stderr
    assert exported(db) == told
    assert not list(db.parent.glob("*.before-restore*"))


def test_a_running_service_is_not_robbed_of_its_file(idle: Path, tmp_path: Path) -> None:
    db = tmp_path / "served.db"
    shutil.copy(idle, db)
    with closing(Store(db, FORM, exclusive=True)):
        result = run("restore", idle, db=db)
    assert result.exit_code == 2
    assert "正由另一个年报助手使用" in result.stderr


def test_a_reader_without_the_lock_holds_a_restore_up(
    idle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PATIENCE", 0.1)
    db = tmp_path / "read.db"
    shutil.copy(idle, db)
    Store(db, FORM).close()
    with closing(sqlite3.connect(db)) as reader, closing(sqlite3.connect(db)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM inbox").fetchone()
        writer.execute("INSERT INTO facts VALUES ('x', 'y')")
        writer.commit()
        result = run("restore", idle, db=db)
    assert result.exit_code == 2
    assert "正被别的程序使用" in result.stderr


@pytest.mark.parametrize("name", ["missing.db", "notes.db", "torn.db"])
def test_a_file_that_is_no_sound_backup_changes_nothing(
    idle: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "notes.db").write_text("不是数据库。" * 200)
    torn = bytearray(idle.read_bytes())
    torn[8192:40960] = os.urandom(32768)
    (tmp_path / "torn.db").write_bytes(torn)
    db = tmp_path / "present.db"
    shutil.copy(idle, db)
    before = db.read_bytes()
    result = run("restore", tmp_path / name, "--force", db=db)
    assert result.exit_code == 2
    assert name in result.stderr
    assert db.read_bytes() == before
    assert not list(tmp_path.glob("*before-restore*"))
    assert not list(tmp_path.glob(".present.db*"))


def test_a_backup_whose_record_was_changed_needs_force(idle: Path, tmp_path: Path) -> None:
    tamper(idle)
    db = tmp_path / "new.db"
    result = run("restore", idle, db=db)
    assert result.exit_code == 2
    assert "对不上" in result.stderr
    assert not db.exists()
    assert run("restore", idle, "--force", db=db).exit_code == 1
    assert db.exists()


def test_a_broken_database_is_replaced_and_kept_as_it_was(idle: Path, tmp_path: Path) -> None:
    db = tmp_path / "broken.db"
    db.write_bytes(b"SQLite format 3\0" + os.urandom(9000))
    db.with_name("broken.db-wal").write_bytes(b"rest")
    before = db.read_bytes()
    assert run("restore", idle, db=db).exit_code == 0
    assert exported(db) == exported(idle)
    (kept,) = tmp_path.glob("broken.db.before-restore-*[0-9]")
    assert kept.read_bytes() == before
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"rest"


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 能改文件的主人")
def test_root_restores_a_file_that_the_services_user_can_open(idle: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 10001, 10001)
    assert run("restore", idle, db=home / "nianbao.db").exit_code == 0
    owners = {path.stat().st_uid for path in home.iterdir()}
    assert owners == {10001}


def test_a_database_cannot_restore_itself(idle: Path) -> None:
    result = run("restore", idle, db=idle)
    assert result.exit_code == 2
    assert "恢复它自己" in result.stderr


def test_a_copied_file_with_its_journal_is_restored_with_it(
    db: Path, idle: Path, tmp_path: Path
) -> None:
    assert db.with_name(db.name + "-wal").stat().st_size
    folder = tmp_path / "copied"
    folder.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(str(db) + ending, folder)
    target = tmp_path / "new.db"
    assert run("restore", folder / db.name, db=target).exit_code == 0
    assert exported(target) == exported(idle)


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    import sqlite_utils

    old = tmp_path / "old.db"
    database = sqlite_utils.Database(old)
    migrations.apply(database, stop_before="m003_office")
    database.execute("INSERT INTO units (name, created_at) VALUES (?, '2025-01-01')", [UNIT])
    database.conn.commit()
    database.close()
    target = tmp_path / "nianbao.db"
    result = run("restore", old, db=target)
    assert result.exit_code == 0, result.output
    assert "1 个单位" in result.output
    with closing(Store(target, FORM)) as store:
        assert [unit.name for unit in store.units()] == [UNIT]


def test_a_backup_of_a_newer_version_is_refused(idle: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(idle)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('nianbao', 'm999_later', '2030-01-01')"
        )
    result = run("restore", idle, "--force", db=tmp_path / "new.db")
    assert result.exit_code == 2
    assert "更新的版本" in result.stderr
