"""Commands about what is kept: reports read in and put out, their history, and its proof."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answers import plain
from bot.command.base import YEAR, db_option, fail, main, out_option, unit_option, year_option
from bot.command.desk import ask, office_at, unit_named, write_orders
from bot.command.files import read_report
from bot.command.parts import assembled, load_form
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.desk.office import DeskTalk

LEVELS = (
    "国务院部门",
    "省级政府",
    "省级政府部门",
    "地市级政府",
    "地市级政府部门",
    "县级政府",
    "县级政府部门",
    "乡镇街道",
)
"""The levels of bodies that report; the checks tell by them who may make 规章."""

_SHOWN = 30  # characters of what was typed


@main.command("import")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@db_option
@unit_option
@click.option("--year", type=YEAR, required=True, help="填报的年度。")
@click.option("--as-last-year", is_flag=True, help="作为上一年的报告，供对照。")
@click.option("--replace", is_flag=True, help="与已填的不同时，以文件为准。")
def import_(
    file: Path, db: Path | None, unit: str, year: int, as_last_year: bool, replace: bool
) -> None:
    """读入一份报告：作为上一年的报告，或者填进本年度的报告。"""
    settings = Settings.from_environ()
    unit = agency_named(unit)
    reading = read_report(file, load_form(settings), settings)
    for line in reading.unread:
        click.echo(f"没读懂：{line}")
    assistant = assembled(settings, db, exclusive=True)
    with closing(assistant.store):
        done = assistant.import_report(
            reading, unit, year, as_last_year=as_last_year, replacing=replace
        )
    click.echo(done)


@main.command()
@db_option
@click.option("--unit", help="机关全称。")
@click.option("--all", "everybody", is_flag=True, help="所有在填和填完的，打成压缩包。")
@click.option("--year", type=YEAR, required=True, help="报告年度。")
@click.option("--to", help="文件格式，可以几种：docx,pdf,xlsx,html,txt,json。")
@out_option
def export(
    db: Path | None, unit: str | None, everybody: bool, year: int, to: str | None, out: Path | None
) -> None:
    """把填写的年报输出为 JSON；--to 写成文件，--all 把各单位的打成压缩包。"""
    if (unit is None) == (not everybody):
        fail("请写一样：--unit 单位，或者 --all。")
    if unit is not None and to is None:
        _print_report(db, unit, year)
        return
    from bot.desk.downloads import ARCHIVED

    kinds = _kinds(to or "docx", ARCHIVED)
    with office_at(db) as assistant:
        for kind in kinds:
            ending = f"（{kind}）" if everybody and len(kinds) > 1 else ""
            turn = ask(assistant, partial(_order, unit=unit, kind=kind), year)
            write_orders(assistant, turn, out, ending=ending)


@main.command()
@click.argument("unit", metavar="单位")
@db_option
@year_option
@out_option
def trace(unit: str, db: Path | None, year: int | None, out: Path | None) -> None:
    """把单位一份报告的全部留痕写成一个网页：谁在什么时候改了什么。"""
    from bot.desk.cards import send_trace

    with office_at(db) as assistant:
        turn = ask(assistant, lambda desk: send_trace(desk, str(unit_named(desk, unit).id)), year)
        write_orders(assistant, turn, out)


@main.command()
@db_option
def verify(db: Path | None) -> None:
    """核对留痕：记录写入之后有没有被改过；改过时退出码为 1。"""
    with office_at(db) as assistant:
        proof = assistant.store.verify()
    click.echo("\n".join(proof.faults) or "没有发现改动。")
    click.echo(
        f"记录 {proof.lines} 行，封印 {proof.seals} 个"
        "（每次写入留下一个校验值，由上一个封印和新记录算出；改了以前的一行，后面的都对不上）。"
    )
    click.echo(f"最新封印 {proof.head or '（还没有）'}")
    sys.exit(1 if proof.faults else 0)


def _order(desk: DeskTalk, unit: str | None, kind: str) -> None:
    """Order one unit's report in a format, or an archive of all."""
    from bot.desk.cards import send_file
    from bot.desk.downloads import download_all

    if unit is None:
        download_all(desk, kind)
    else:
        send_file(desk, f"{unit_named(desk, unit).id}.{kind}")


def _print_report(db: Path | None, unit: str, year: int) -> None:
    """Print a unit's report as it stands as JSON."""
    from bot.record import build_report
    from bot.writers.json import render

    with office_at(db) as assistant:
        found = assistant.store.find_draft(plain(unit), year)
        if found is None:
            fail(f"没有“{unit}”{year}年度的报告。")
        draft = assistant.store.draft(found)
    click.echo(render(build_report(draft), draft.form).decode(), nl=False)


def _kinds(to: str, known: tuple[str, ...]) -> list[str]:
    """The formats that `--to` names, each once."""
    kinds = list(dict.fromkeys(kind.strip().lower() for kind in to.split(",") if kind.strip()))
    if not kinds or any(kind not in known for kind in kinds):
        fail(f"不认识格式“{to[:_SHOWN]}”；可以用：{'、'.join(known)}，几种用逗号隔开。")
    return kinds


def agency_named(typed: str) -> str:
    """The full name of a unit as it is kept; leaves with exit code 2 where it can be none."""
    from bot.agency import is_agency

    name = plain(typed)
    if not is_agency(name):
        fail(f"“{name[:_SHOWN]}”不像机关全称。")
    return name


def level_named(typed: str) -> str:
    """One of LEVELS, or '' where none was given; leaves with exit code 2 at any other."""
    level = plain(typed)
    if level and level not in LEVELS:
        fail(f"不认识层级“{level[:_SHOWN]}”；可以用：{'、'.join(LEVELS)}。")
    return level
