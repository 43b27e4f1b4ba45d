"""Whole copies of the file: made beside a serving process, proved, and put back in its place.

A copy is one file without a journal beside it. It is written under another name, proved there,
flushed to the disk and only then renamed: what has the name of a copy is whole.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import sqlite_utils

from bot.migrations import migrations
from bot.store.base import StoreError, _lock, _refuse_newer
from bot.store.chain import Chain, Proof

_PATIENCE = 5.0  # seconds for whoever writes at the moment
_STILL = "mode=ro&immutable=1"  # nobody writes the file: no journal is looked for or made
_BESIDE = ("-wal", "-shm", "-journal")
_REASONS = {
    sqlite3.SQLITE_FULL: "磁盘满了",
    sqlite3.SQLITE_CANTOPEN: "打不开，或者没有权限",
    sqlite3.SQLITE_PERM: "没有权限",
    sqlite3.SQLITE_READONLY: "没有写的权限",
    sqlite3.SQLITE_IOERR: "磁盘读写出错，或者满了",
    sqlite3.SQLITE_BUSY: "正被别的程序占用",
    sqlite3.SQLITE_CORRUPT: "文件已经损坏",
    sqlite3.SQLITE_NOTADB: "不是数据库",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What a file holds: bytes, units, reports, and its chain of hashes with its faults."""

    size: int
    units: int
    reports: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where the file is that stood there (None: there was none)."""

    holding: Holding
    kept: Path | None


class _Copy(Chain):
    """A file that is only looked at: nothing is migrated, no journal is made."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        # Base would create, convert and migrate the file
        self.db = sqlite_utils.Database(connection, execute_plugins=False)


def make_backup(source: Path, target: Path) -> Holding:
    """Copy a file that may be in use to `target`, which must not exist; what the copy holds.

    Raises StoreError in words or OSError, and leaves nothing, where the copy cannot be written or
    is unsound.
    """
    if not source.is_file():
        raise StoreError(f"没有数据库文件 {source}。请用 --db 写明数据库在哪里。")
    if target.exists():
        raise StoreError(f"已经有 {target.name}；备份不覆盖别的文件，请换个名字。")
    part = target.with_name(f".{target.name}.part")
    try:
        _copy(source, part, "mode=rw")
        holding = look_at(part, called=source.name)
        os.replace(part, target)
        _flush_folder(target.parent)
    finally:
        _drop(part)
    return holding


def look_at(file: Path, *, called: str = "") -> Holding:
    """What a file holds that no program is writing; StoreError where it is no sound store.

    `called` is the name that a refusal uses, where it is not the file's own.
    """
    called = called or file.name
    with _in_words(called), closing(_connect(file, _STILL)) as connection:
        copy = _Copy(connection)
        if not migrations.applied(copy.db):
            raise StoreError(f"{called} 不是年报助手的数据库。")
        _refuse_newer(copy.db, Path(called))
        if copy.db.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
            raise StoreError(f"{called} 已经损坏（完整性检查没有通过），请用最近的备份恢复。")
        units, reports = copy.db.execute(
            "SELECT (SELECT count(*) FROM units), (SELECT count(*) FROM drafts)"
        ).fetchone()
        return Holding(file.stat().st_size, units, reports, _prove(copy))


def restore(file: Path, db: Path, kept: Path, *, force: bool = False) -> Restored:
    """Put a copy of `file` in the place of `db`; what stood there is renamed to `kept`.

    Without `force` it refuses a file whose record is at fault, and one that lacks something that
    `db` has. Raises StoreError in words or OSError; `db` stays as it is then.
    """
    if not file.is_file():
        raise StoreError(f"没有备份文件 {file}。")
    if db.exists() and file.samefile(db):
        raise StoreError(f"{file.name} 就是正在用的数据库，不能拿它恢复它自己。")
    part = db.with_name(f".{db.name}.restoring")
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
        with _held(db):
            _copy(file, part, "mode=ro" if _beside(file, "-wal").exists() else _STILL)
            holding = look_at(part, called=file.name)
            if not force:
                _refuse_faults(file.name, holding)
                _refuse_loss(part, file.name, db)
            return Restored(holding, _put_in_place(part, db, kept))
    finally:
        _drop(part)


def _refuse_faults(called: str, holding: Holding) -> None:
    if holding.proof.faults:
        raise StoreError(
            f"{called} 的记录有 {len(holding.proof.faults)} 处对不上：{holding.proof.faults[0]}"
            "请先用别的备份；确实要用这一份，加 --force。"
        )


def _refuse_loss(part: Path, called: str, db: Path) -> None:
    """A copy must have every sealed line of the file that it replaces, where that can be read."""
    standing = _standing(db)
    if standing is None or not standing.lines:
        return
    with closing(_connect(part, _STILL)) as connection:
        copy = _Copy(connection)
        has_seals = copy.db.table("seals").exists()
        if (
            has_seals
            and copy.db.execute("SELECT 1 FROM seals WHERE hash = ?", [standing.head]).fetchone()
        ):
            return
        lines = _prove(copy).lines
    raise StoreError(
        f"现在的 {db.name} 有 {standing.lines} 行记录，{called} 有 {lines} 行，缺了现在的一部分；"
        "恢复以后那一部分就不在了。确实要恢复，加 --force（现在的文件会另存，不会丢）。"
    )


def _standing(db: Path) -> Proof | None:
    """How far the file in use has come; None where there is none or it cannot be read."""
    if not _is_readable(db):
        return None
    try:
        with closing(_connect(db, "mode=rw")) as connection:
            return _prove(_Copy(connection))
    except sqlite3.DatabaseError:
        return None


def _prove(copy: _Copy) -> Proof:
    """The chain of a copy with its broken references; a file of before the chain has no seals."""
    broken = [
        f"表 {table} 的第 {row} 行指向不存在的 {other}。"
        for table, row, other, _ in copy.db.execute("PRAGMA foreign_key_check").fetchall()
    ]
    if copy.db.table("seals").exists():
        proof = copy.verify()
    else:
        lines = copy.db.execute("SELECT count(*) FROM history").fetchone()[0]
        proof = Proof(0, lines, "", ())
    return replace(proof, faults=(*proof.faults, *broken))


def _put_in_place(part: Path, db: Path, kept: Path) -> Path | None:
    """Rename the proved copy to `db`; at no moment is there a `db` with another file's journal."""
    stood = db.exists()
    if _is_readable(db):
        _settle(db)
    for ending in _BESIDE:
        if _beside(db, ending).exists():
            os.rename(_beside(db, ending), _beside(kept, ending))
    if stood:
        _keep(db, kept)
    _hand_over(part, db if stood else db.parent)
    os.replace(part, db)
    _flush_folder(db.parent)
    return kept if stood else None


def _hand_over(file: Path | int, like: Path) -> None:
    """Give what root made to the owner of `like`: a service of another user must open it."""
    if os.geteuid() == 0:
        os.chown(file, like.stat().st_uid, like.stat().st_gid)


def _keep(db: Path, kept: Path) -> None:
    """Give the file a second name, so that the first is never without one; else rename it."""
    try:
        os.link(db, kept)
    except PermissionError:  # a file system without links
        os.rename(db, kept)


def _settle(db: Path) -> None:
    """Have the file take up its journal, if it can; else the journal stays beside it."""
    try:
        with closing(_connect(db, "mode=rw")) as connection:
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError:
        return
    if busy:
        raise StoreError(f"{db.name} 正被别的程序使用，请先让它退出。")


def _is_readable(db: Path) -> bool:
    """Whether SQLite may touch a file; of one that it cannot read it would drop the journal."""
    try:
        with closing(_connect(db, _STILL)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def _copy(source: Path, target: Path, arguments: str) -> None:
    """A whole copy of a database as one file, flushed to the disk; readable by its owner only."""
    _drop(target)
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            _in_words(source.name),
            closing(_connect(source, arguments)) as connection,
            closing(_connect(target, "mode=rw")) as copy,
        ):
            connection.execute("PRAGMA query_only=ON")
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        os.fsync(handle)
    finally:
        os.close(handle)


def _connect(path: Path, arguments: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?{arguments}", uri=True, timeout=_PATIENCE)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _drop(part: Path) -> None:
    """Remove a copy that was not finished, of this run or of one that was killed."""
    for ending in ("", *_BESIDE):
        _beside(part, ending).unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _held(db: Path) -> Iterator[None]:
    """Nobody else talks on the file meanwhile; StoreError where somebody does."""
    lock = _lock(db)
    try:
        _hand_over(lock, db.parent)
        yield
    finally:
        os.close(lock)


@contextmanager
def _in_words(called: str) -> Iterator[None]:
    """Faults of SQLite as sentences for people."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the kind without its variant
        reason = _REASONS.get(code, f"系统错误 {code}")
        raise StoreError(f"{called}：{reason}。") from None
