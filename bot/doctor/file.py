"""Looks at the SQLite file: whose it is, whether it is sound, what waits in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.doctor.point import Point, bad, fine, warn
from bot.form import Form
from bot.store import Store, StoreError
from bot.store.condition import Backlog, Condition, look

WAL_BYTES = 64_000_000
LOW_BYTES, LEAST_BYTES = 500_000_000, 50_000_000
OLD_SECONDS = 300.0
_MEGABYTE = 1_000_000


def look_at_file(
    path: Path, form: Form, process: int | None, now: datetime, *, deep: bool
) -> Iterator[Point]:
    """Everything about the file; `process` is the one that talks on it, `deep` walks the chain."""
    if not path.is_file():
        yield from _not_there(path)
        return
    yield _space(path.parent)
    yield _rights(path)
    if not is_ours(path):
        return
    yield _running(process)
    try:
        found = look(path)
    except StoreError as fault:
        yield bad("数据库", f"{fault}请从备份恢复。")
        return
    yield from _soundness(found, path)
    if deep and not (found.damage or found.pending or found.unknown):
        yield _chain(path, form)
    yield from _contents(found, process, now)


def _running(process: int | None) -> Point:
    if process is None:
        return fine("服务", "没有年报助手在用这个数据库。")
    which = f"（进程 {process}）" if process else ""
    return fine("服务", f"年报助手正在运行{which}。")


def _not_there(path: Path) -> Iterator[Point]:
    folder = next(p for p in path.absolute().parents if p.exists())
    if os.access(folder, os.W_OK):
        yield warn(
            "数据库", f"还没有 {path.name}，第一次启动时建立。如果应该有，请检查 NIANBAO_DB。"
        )
    else:
        yield bad("数据库", f"还没有 {path.name}，文件夹“{folder.name}”也不让写。请检查权限。")
    yield _space(folder)


def _space(folder: Path) -> Point:
    free = shutil.disk_usage(folder).free
    words = f"还有 {free // _MEGABYTE:,} MB。"
    if free < LEAST_BYTES:
        return bad("磁盘", f"{words}马上写不进了，请清理。")
    return warn("磁盘", f"{words}请清理。") if free < LOW_BYTES else fine("磁盘", words)


def is_ours(path: Path) -> bool:
    return path.stat().st_uid == os.geteuid()


def _rights(path: Path) -> Point:
    """Whose the file is: opened as another user it would get files that the service cannot use."""
    mode = path.stat().st_mode & 0o777
    if not is_ours(path):
        return bad(
            "权限", f"{path.name} 是另一个用户的，没有细看。请用运行服务的那个用户执行本命令。"
        )
    if mode & 0o077:
        return warn("权限", f"{path.name} 别的用户也能读写（{mode:04o}）。请执行 chmod 600。")
    return fine("权限", f"只有运行服务的用户能读写（{mode:04o}）。")


def _soundness(found: Condition, path: Path) -> Iterator[Point]:
    """Whether the file can go on being used."""
    if found.damage or found.orphans:
        what = "；".join(found.damage)[:200] or f"有 {found.orphans} 行引用不存在的记录"
        yield bad("数据库", f"{path.name} 已损坏：{what}。请停止服务，从备份恢复。")
    elif found.unknown:
        yield bad("数据库", f"{path.name} 由更新的版本建立，请用新版本打开。")
    elif found.pending:
        words = f"下次打开时升级（{len(found.pending)} 步）。升级前请先备份。"
        yield warn("数据库", words)
    else:
        size = path.stat().st_size / _MEGABYTE
        yield fine("数据库", f"{path.name} 完好，{size:.1f} MB，结构是最新的。")
    if found.wal > WAL_BYTES:
        words = f"-wal 文件有 {found.wal // _MEGABYTE} MB，没有并回数据库。"
        yield warn("预写日志", f"{words}可能有别的程序一直开着它；请查一查，再重启服务。")


def _chain(path: Path, form: Form) -> Point:
    store = Store(path, form)
    try:
        proof = store.verify()
    finally:
        store.close()
    if proof.faults:
        more = f"，共 {len(proof.faults)} 处" if len(proof.faults) > 1 else ""
        return bad("记录链", f"{proof.faults[0].rstrip('。')}{more}。请保留现场，与备份比对。")
    return fine("记录链", f"{proof.seals} 个封印、{proof.lines} 行记录前后一致。")


def _contents(found: Condition, process: int | None, now: datetime) -> Iterator[Point]:
    """Whether anybody directs the work, and whether what was said has gone out."""
    if found.has_office is not None:
        yield (
            fine("管理员", "已有管理员。")
            if found.has_office
            else warn("管理员", "还没有管理员。启动 serve 后，用它打印的链接成为第一位管理员。")
        )
    if found.backlog is not None:
        yield _outbox(found.backlog, process, now)


def _outbox(waiting: Backlog, process: int | None, now: datetime) -> Point:
    if not waiting.unsent:
        return fine("发件箱", "没有未发的消息。")
    minutes = waiting.seconds(now) / 60
    words = f"有 {waiting.unsent} 条未发，最早的一条等了 {minutes:.0f} 分钟。"
    if process is None:
        return warn("发件箱", f"{words}启动 serve 就会发出。")
    if waiting.seconds(now) < OLD_SECONDS:
        return fine("发件箱", words)
    return warn("发件箱", f"{words}请看日志和网络。")
