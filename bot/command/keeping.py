"""Commands that keep the file safe: a proved copy beside a serving process, and the way back."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import db_option, fail, main
from bot.command.parts import now, open_store
from bot.reasons import reason
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store.backup import Holding

_FOLDER = "backup"


@main.command()
@db_option
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="目录，或者一个还没有的文件（默认数据库旁边的 backup 目录）。",
)
@click.option("--keep", type=click.IntRange(min=1), help="目录里只留最新的几份，更早的删去。")
def backup(db: Path | None, to: Path | None, keep: int | None) -> None:
    """备份数据库并核对副本；可以在服务运行时做。

    打印一行：文件、大小、封印数、最新的哈希。封印是每次写入留下的校验值，由上一个封印和新记录
    算出；最新的哈希另外记下来，日后能证明记录没有被改过。
    记录有对不上的地方时退出码为 1，副本仍然留着，旧的备份一份也不删。
    """
    from bot.store.backup import make_backup

    source = db or Settings.from_environ().db
    if to is not None and to.exists() and source.exists() and to.samefile(source):
        fail(f"{to.name} 就是数据库本身，请备份到别处。")
    target = _target(source, to or source.parent / _FOLDER, now())
    if keep is not None and target == to:
        fail("--keep 要和目录一起用：--to 写一个目录。")
    with _told_where("备份写不进", target.parent), _folder(target.parent):
        holding = make_backup(source, target)
    click.echo(f"{target}：{_told(holding)}")
    _leave_at_faults(holding)
    if keep is not None:
        _drop_older(target, source.stem, keep)


@main.command("restore")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@db_option
@click.option("--force", is_flag=True, help="备份缺了现在的记录，或者记录有对不上的，也恢复。")
def restore_(file: Path, db: Path | None, force: bool) -> None:
    """用备份文件恢复数据库：先核对，再换上；原来的文件另存，不删。

    先停下服务。换上以后按现在的版本打开一次。
    """
    from bot.store.backup import restore

    settings = Settings.from_environ()
    path = db or settings.db
    kept = _free(path.with_name(f"{path.name}.before-restore-{_stamp(now())}"))
    with _told_where("恢复不到", path.parent):
        done = restore(file, path, kept, force=force)
    open_store(settings, path, exclusive=True).close()
    click.echo(f"已恢复 {path}：{_told(done.holding)}")
    if done.kept is not None:
        click.echo(f"原来的文件留在 {done.kept}。")
    _leave_at_faults(done.holding)


def _target(source: Path, to: Path, moment: datetime) -> Path:
    """The file to write: `to` itself, or a name with the time in the folder that it is."""
    if to.suffix and not to.is_dir():
        return to
    return to / f"{source.stem}-{_stamp(moment)}.db"


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d-%H%M%S")


def _free(kept: Path) -> Path:
    """A name that nothing has, nor a journal beside it: `kept`, or with -2, -3 … behind it."""
    stood = [path.name for path in kept.parent.iterdir()] if kept.parent.is_dir() else []
    names = (kept.name if n == 1 else f"{kept.name}-{n}" for n in count(1))
    return kept.with_name(
        next(name for name in names if not any(each.startswith(name) for each in stood))
    )


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """A folder that is made where it is missing, and goes again where the work in it fails."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except BaseException:
        for one in missing:
            with suppress(OSError):  # it was not made, or somebody put something there
                one.rmdir()
        raise


@contextmanager
def _told_where(cannot: str, folder: Path) -> Iterator[None]:
    """Leave with exit code 2 and words where the system refuses."""

    try:
        yield
    except OSError as error:
        fail(f"{cannot} {folder}（{reason(error)}）。")


def _told(holding: Holding) -> str:
    """What a file holds, in a line."""
    proof = holding.proof
    head = f"，最新哈希 {proof.head}" if proof.head else ""
    return (
        f"{holding.size} 字节，{holding.units} 个单位，{holding.reports} 份报告，"
        f"{proof.lines} 行记录，{proof.seals} 个封印{head}"
    )


def _leave_at_faults(holding: Holding) -> None:
    """Name what does not agree in the record and leave with exit code 1, if anything does not."""
    for fault in holding.proof.faults:
        click.echo(f"记录对不上：{fault}", err=True)
    if holding.proof.faults:
        sys.exit(1)


def _drop_older(target: Path, stem: str, keep: int) -> None:
    """Remove all but the newest `keep` backups of this database from the folder of `target`."""
    own = re.compile(re.escape(stem) + r"-\d{8}-\d{6}\.db")
    made = sorted(path for path in target.parent.iterdir() if own.fullmatch(path.name))
    for path in made[:-keep]:
        path.unlink(missing_ok=True)
