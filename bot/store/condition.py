"""How the file is: sound, up to date, in use, with what waits in it; for doctor, health, metrics.

`look` and `probe` have a connection of their own and change nothing. A file in WAL mode is opened
for writing even to be read: who only reads leaves `-wal` and `-shm` behind, perhaps as a user
whose files the service may not touch.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlite_utils

from bot.migrations import migrations
from bot.store.base import Base, StoreError
from bot.store.roster import Roster

_STEPS = {
    step.name
    for step in migrations.pending(sqlite_utils.Database(memory=True, execute_plugins=False))
}
_LOCKS = Path("/proc/locks")  # Linux tells there who holds what


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be sent: how many messages, and since when the first of them."""

    unsent: int
    since: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long the first one waits."""
        return max(0.0, (now - self.since).total_seconds()) if self.since else 0.0


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found in a file.

    `damage` is SQLite's own words, `orphans` the rows that refer to nothing, `pending` the steps
    of the schema that are missing, `unknown` those of a newer version, `wal` the bytes of the WAL;
    `has_office` says whether anybody is an admin, None where the schema does not know yet.
    """

    damage: tuple[str, ...]
    orphans: int
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    wal: int
    has_office: bool | None
    backlog: Backlog | None


def look(path: Path) -> Condition:
    """Look through a file beside a serving process; StoreError where it cannot be read."""
    try:
        with _opened(path, 5.0) as db:
            return _look(db, path)
    except sqlite3.OperationalError as error:
        raise StoreError(f"打不开数据库 {path.name}：{error}。") from None
    except sqlite3.DatabaseError:
        raise StoreError(f"{path.name} 不是年报助手的数据库，或者已经损坏。") from None


def _look(db: sqlite_utils.Database, path: Path) -> Condition:
    db.execute("PRAGMA query_only=ON").fetchall()
    damage = [row[0] for row in db.execute("PRAGMA integrity_check(5)").fetchall()]
    tables = set(db.table_names())
    office = None
    if "members" in tables:
        sql = "SELECT 1 FROM members WHERE role = 'office' AND until IS NULL LIMIT 1"
        office = db.execute(sql).fetchone() is not None
    wal = path.with_name(path.name + "-wal")
    return Condition(
        damage=tuple(words for words in damage if words != "ok"),
        orphans=len(db.execute("PRAGMA foreign_key_check").fetchall()),
        pending=tuple(step.name for step in migrations.pending(db)),
        unknown=tuple(step.name for step in migrations.applied(db) if step.name not in _STEPS),
        wal=wal.stat().st_size if wal.exists() else 0,
        has_office=office,
        backlog=_backlog(db) if "outbox" in tables else None,
    )


def probe(path: Path, seconds: float = 1.0) -> str:
    """Why nothing can be written into a file, '' where it can; takes at most so many seconds."""
    try:
        with _opened(path, seconds) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "INSERT INTO facts (name, value) VALUES ('probe', '') ON CONFLICT DO NOTHING"
            )
            db.execute("ROLLBACK")
    except sqlite3.Error as error:
        return str(error)
    return ""


def last_days(path: Path, year: int) -> tuple[date, date] | None:
    """The last days of a year's reports (departments, governments); None where nobody can tell."""
    try:
        with _opened(path, 5.0) as db:
            return _Looked(db).dues(year)
    except sqlite3.Error:
        return None


class _Looked(Roster):
    """A file that is only looked at: nothing is made, converted or brought up to date."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db


def backlog(store: Base) -> Backlog:
    """What waits to be sent in an open store."""
    return _backlog(store.db)


def stages(store: Base) -> dict[str, int]:
    """How many drafts of an open store are at each stage."""
    return dict(store.db.execute("SELECT stage, count(*) FROM drafts GROUP BY stage").fetchall())


def holder(path: Path) -> int | None:
    """The process that talks on a file (0: it is not known which), None where none is seen."""
    lock = path.with_name(path.name + ".lock")
    try:
        handle = os.open(lock, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _locker(os.fstat(handle))
    finally:
        os.close(handle)
    return None


def _locker(found: os.stat_result) -> int:
    """The process whose lock on this file stands in the system's list; 0 where it does not."""
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    try:
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return 0
    for words in map(str.split, lines):
        if len(words) > 5 and words[1] == "FLOCK" and words[5] == place:
            return max(0, int(words[4]))
    return 0


@contextmanager
def _opened(path: Path, seconds: float) -> Iterator[sqlite_utils.Database]:
    """A connection of its own to a file that is there; waits so long for others."""
    place = f"{path.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(place, seconds, uri=True, isolation_level=None)
    try:
        yield sqlite_utils.Database(connection, execute_plugins=False)
    finally:
        connection.close()


def _backlog(db: sqlite_utils.Database) -> Backlog:
    unsent, since = db.execute(
        "SELECT count(*), min(queued_at) FROM outbox WHERE sent_at IS NULL"
    ).fetchone()
    return Backlog(unsent, datetime.fromisoformat(since) if since else None)
