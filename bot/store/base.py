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
from bot.reasons import reason

Busy = sqlite3.OperationalError
"""The file is locked by another program, full, or cannot be written."""

_STEPS = tuple(migrations.pending(sqlite_utils.Database(memory=True, execute_plugins=False)))


PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""A turn that was acknowledged is on the disk; what is wiped is gone."""


_HINDRANCES = (
    (sqlite3.SQLITE_BUSY, "is locked",
     "数据库 {path} 正被别的程序占着。请稍后再试；一直这样，看看是不是有备份、同步程序开着它。"),
    (sqlite3.SQLITE_LOCKED, "table is locked", "数据库 {path} 正忙。请稍后再试。"),
    (sqlite3.SQLITE_READONLY, "readonly",
     "数据库 {path} 写不进：文件或者所在的目录是只读的。请检查权限，用运行服务的用户来执行。"),
    (sqlite3.SQLITE_FULL, "is full",
     "磁盘满了，数据库 {path} 写不进。请腾出空间再试；存过的答案都在。"),
    (sqlite3.SQLITE_IOERR, "disk I/O",
     "数据库 {path} 读写出错。请检查磁盘和它所在的目录是不是可以写。"),
    (sqlite3.SQLITE_CANTOPEN, "unable to open",
     "打不开数据库 {path}。请检查路径，以及文件和它所在的目录的权限。"),
    (sqlite3.SQLITE_CORRUPT, "malformed",
     "{path} 不是年报助手的数据库，或者已经损坏。请停掉服务，用 nianbao restore 从备份恢复。"),
    (sqlite3.SQLITE_NOTADB, "not a database",
     "{path} 不是年报助手的数据库，或者已经损坏。请核对 --db 和 NIANBAO_DB；"
     "损坏了，用 nianbao restore 从备份恢复。"),
)  # fmt: skip
"""By SQLite's code, or where there is none by its words: what is said of the file."""


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
        said = said_of_file(error, path) or f"打不开数据库 {path}：{error}。"
        raise StoreError(said) from None
    except OSError as error:
        taken = isinstance(error, FileExistsError)  # where the folder should come
        why = f"{path.parent} 是文件，不是目录" if taken else reason(error)
        raise StoreError(
            f"打不开数据库 {path}（{why}）。请检查路径和权限；换一个文件用 --db 或者 NIANBAO_DB。"
        ) from None


def said_of_file(fault: Exception, path: Path) -> str:
    """What hinders the file and what to do, as sentences; '' for any other fault."""
    if not isinstance(fault, sqlite3.DatabaseError):
        return ""
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF  # the rest tells variants apart
    found = (
        words
        for known, sign, words in _HINDRANCES
        if code == known or (not code and sign in str(fault))
    )
    return next(found, "").format(path=path)


def _lock(path: Path) -> int:
    """Hold `path`.lock until the process ends; StoreError where somebody holds it."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreError(
            f"{path} 正由另一个年报助手使用（serve 或者 chat），请先退出那一个。"
            "看板、邀请、审核、导出这些命令不用等，可以在它运行时使用。"
        ) from None
    return handle
