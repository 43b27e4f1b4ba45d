"""The SQLite file itself: opened, locked, brought up to date, closed."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlite_utils

from bot.draft import Draft
from bot.encoding import write_time
from bot.form import Form
from bot.messages import Incoming
from bot.migrations import migrations

Busy = sqlite3.OperationalError
"""The file is locked by another program, full, or cannot be written."""

_STEPS = tuple(migrations.pending(sqlite_utils.Database(memory=True, execute_plugins=False)))


PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""A turn that was acknowledged is on the disk; what is wiped is gone."""


class StoreError(Exception):
    """The store cannot be used; the message is a sentence for people."""


class Base:
    """An open file and what every part of the store needs of it."""

    def __init__(self, path: Path | str, form: Form, *, exclusive: bool = False) -> None:
        """Open or create the file; `exclusive` refuses a second process that talks on it."""
        self.form = form
        self.path = Path(path)
        self._lock: int | None = None
        self._at_hand: dict[int, Draft] = {}
        self._version = 0
        with _in_words(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if exclusive:
                self._lock = _lock(self.path)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(self.path, check_same_thread=False)
            self.db = sqlite_utils.Database(connection, execute_plugins=False)
            for pragma in PRAGMAS:
                self.db.execute(f"PRAGMA {pragma}").fetchall()
            self.db.execute("PRAGMA busy_timeout=5000").fetchall()
            _refuse_newer(self.db, self.path)
            migrations.apply(self.db)
            self._refuse_other_form()

    def close(self) -> None:
        """Close the file and give up the lock."""
        self.db.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Several steps as one transaction: all of them stand, or none."""
        with self.db.atomic():
            yield

    def _refuse_other_form(self) -> None:
        """A file holds the reports of one form: figures are kept in the order of its cells."""
        held = self._maybe("SELECT form FROM drafts WHERE form <> ? LIMIT 1", [self.form.key])
        if held:
            raise StoreError(
                f"{self.path.name} 里是“{held[0]}”的报告，现在要填的是“{self.form.key}”。"
                "一种报告用一个数据库：换一个文件（NIANBAO_DB），"
                f"或者把 NIANBAO_FORM 设为 {held[0]}。"
            )

    def _take(
        self, incoming: Incoming, asked: str, now: datetime, draft: int | None = None
    ) -> bool:
        """Put an update into the inbox; False where it is there. Always the first statement."""
        cursor = self.db.execute(
            "INSERT OR IGNORE INTO inbox (key, address, message, draft_id, question, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [incoming.key, incoming.address, incoming.message, draft, asked, write_time(now)],
        )
        return cursor.rowcount == 1

    def _maybe(self, sql: str, values: Any = ()) -> Any:
        return self.db.execute(sql, values).fetchone()

    def _one(self, sql: str, values: Any = ()) -> Any:
        row = self._maybe(sql, values)
        if row is None:
            raise LookupError(sql)
        return row


def _refuse_newer(db: sqlite_utils.Database, path: Path) -> None:
    """A file with steps that this version does not know belongs to a newer one."""
    known = {step.name for step in (*migrations.pending(db), *_STEPS)}
    if any(step.name not in known for step in migrations.applied(db)):
        raise StoreError(f"{path.name} 由更新的版本建立，请用新版本打开。")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Faults of the file as sentences for people."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason = str(error)
        if "not a database" in reason or "malformed" in reason:
            raise StoreError(f"{path.name} 不是年报助手的数据库，或者已经损坏。") from None
        raise StoreError(f"打不开数据库 {path.name}：{reason}。") from None
    except OSError as error:
        raise StoreError(f"打不开数据库 {path.name}：{error.strerror}。") from None


def _lock(path: Path) -> int:
    """Hold `path`.lock until the process ends; StoreError where somebody holds it."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreError(f"{path.name} 正由另一个年报助手使用，请先退出那一个。") from None
    return handle
