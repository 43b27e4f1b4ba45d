"""Commands about the roster: who has to report, in which order, under whom, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import db_option, fail, main, year_option
from bot.command.desk import do, office_at, print_rows, show
from bot.reasons import reason

if TYPE_CHECKING:
    from bot.desk.office import DeskTalk
    from bot.office.standing import Unit

HEADS = ("序号", "单位", "简称", "层级", "上级", "本级", "免报原因")
"""The columns of the roster as it is listed; `unit import` reads them again."""


@main.group()
def unit() -> None:
    """名册：应报单位的增改、合并、免报。"""


@unit.command("list")
@db_option
def list_units(db: Path | None) -> None:
    """列出名册，一行一个单位，用制表符分隔；存成 .tsv 可以再读入。"""
    with office_at(db) as assistant:
        units = assistant.store.units()
    if not units:
        fail("名册还是空的；用 unit import 读入一份名单。")
    print_rows([HEADS, *_rows(units)])


@unit.command("import")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@db_option
@click.option("--try", "trying", is_flag=True, help="只看读到什么，不存。")
def import_units(file: Path, db: Path | None, trying: bool) -> None:
    """读入一份名单（.xlsx、.csv、.txt）：新的加进名册，已有的更新，不删单位。"""
    from bot.desk.rosters import store_roster, take_rows

    grid = _grid(file)

    def take(desk: DeskTalk) -> None:
        take_rows(desk, grid)
        if not trying and desk.position.pending:
            store_roster(desk)
            read, _ = desk.says  # what was read is what was stored: said once
            desk.says[:] = [replace(read, facts={**read.facts, "stored": True})]

    with office_at(db, new=True) as assistant:
        show(assistant, take)


@unit.command()
@click.argument("old", metavar="旧名")
@click.argument("new", metavar="新全称")
@db_option
def rename(old: str, new: str, db: Path | None) -> None:
    """改名：已填的和历史都留着。"""
    _change(db, "rename", f"{old} 为 {new}")


@unit.command()
@click.argument("one", metavar="甲单位")
@click.argument("into", metavar="乙单位")
@db_option
def merge(one: str, into: str, db: Path | None) -> None:
    """合并：甲单位并入乙单位，不再单独报；报告和历史都留着。"""
    _change(db, "merge", f"{one} 到 {into}")


@unit.command()
@click.argument("name", metavar="单位")
@click.argument("why", metavar="原因")
@db_option
def exempt(name: str, why: str, db: Path | None) -> None:
    """免报：单位不用报，写上原因。"""
    _change(db, "exempt", f"{name}：{why}")


@unit.command()
@click.argument("name", metavar="单位")
@db_option
def restore(name: str, db: Path | None) -> None:
    """恢复报送：免报的单位又要报。"""
    _change(db, "restore", name)


@unit.command()
@click.argument("name", metavar="单位")
@click.argument("above", metavar="上级")
@db_option
def parent(name: str, above: str, db: Path | None) -> None:
    """上级：单位归上级汇总。"""
    _change(db, "set_parent", f"{name} 是 {above}")


@unit.command()
@click.argument("name", metavar="单位")
@db_option
def own(name: str, db: Path | None) -> None:
    """本级：单位办理的算作政府自己的。"""
    _change(db, "set_own", name)


@unit.command()
@click.argument("name", metavar="单位")
@click.argument("brief", metavar="简称")
@db_option
def short(name: str, brief: str, db: Path | None) -> None:
    """简称：单位在看板上的叫法。"""
    _change(db, "set_short", f"{name} 为 {brief}")


@main.command()
@click.argument("day", required=False, metavar="[日期]")
@db_option
@year_option
@click.option("--government", is_flag=True, help="改政府的截止日期（默认改部门的）。")
def due(day: str | None, db: Path | None, year: int | None, government: bool) -> None:
    """定截止日期，例如 1月26日 或 2026-01-26；不写日期就看现在的。"""
    from bot.desk.rosters import set_due

    words = f"{'政府 ' if government else ''}{day or ''}"
    with office_at(db, new=day is not None) as assistant:
        (do if day else show)(assistant, lambda desk: set_due(desk, words), year)


def _change(db: Path | None, name: str, words: str) -> None:
    """Have the desk change the roster, as if `words` had been typed behind the command."""
    from bot.desk import rosters

    change: Callable[[DeskTalk, str], None] = getattr(rosters, name)
    with office_at(db) as assistant:
        do(assistant, lambda desk: change(desk, words))


def _rows(units: tuple[Unit, ...]) -> Iterator[tuple[object, ...]]:
    """The roster under HEADS."""
    names = {unit.id: unit.name for unit in units}
    for each in units:
        above = names.get(each.parent or 0, "")
        yield (each.order, each.name, each.short, each.level, above, "是" if each.own else "",
               each.exempt)  # fmt: skip


def _grid(file: Path) -> tuple[tuple[str, ...], ...]:
    """The rows of a list of units; Unreadable in words where there are none."""
    from bot.intake import read_list_apart
    from bot.readers.reading import Unreadable

    try:
        return read_list_apart(file.name, file.read_bytes())
    except OSError as error:
        raise Unreadable(f"{file.name or file}：{reason(error)}。") from None
    except Unreadable as refused:
        raise Unreadable(f"{file.name}：{refused}") from None
