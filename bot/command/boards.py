"""Commands about where the units stand: the board, and the reminders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.command.base import db_option, fail, main, out_option, year_option
from bot.command.desk import ask, do, office_at, show, unit_named, write_orders

if TYPE_CHECKING:
    from datetime import date

    from bot.desk.office import DeskTalk
    from bot.office.standing import Standing


@main.command()
@db_option
@year_option
@click.option("--filter", "name", help="只看一类：填报中、已提交、逾期、未绑定……")
@click.option("--to", type=click.Choice(["xlsx", "html"]), help="写成文件。")
@out_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def board(
    db: Path | None,
    year: int | None,
    name: str | None,
    to: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """看板：各单位到哪一步，几处问题，什么时候截止。"""
    if to and (name or as_json):
        fail("文件里总是全部单位：--to 不和 --filter、--json 一起用。")
    with office_at(db) as assistant:
        if to is not None:
            from bot.desk.boards import send_board

            turn = ask(assistant, lambda desk: send_board(desk, to), year)
            write_orders(assistant, turn, out)
        elif as_json:
            rows: list[dict[str, Any]] = []
            ask(assistant, lambda desk: rows.extend(_data(desk, name)), year)
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            show(assistant, lambda desk: show_all(desk, name), year)


@main.command()
@db_option
@year_option
@click.option("--unit", help="只催这一家；不写就催所有没交的。")
def remind(db: Path | None, year: int | None, unit: str | None) -> None:
    """催报：提醒还没有交的单位，同一天不重复；由正在运行的 serve 发出。"""
    from bot.desk import reminding

    def work(desk: DeskTalk) -> None:
        if unit is not None:
            reminding.remind(desk, str(unit_named(desk, unit).id))
            return
        reminding.remind(desk)
        reminding.remind_all(desk)

    with office_at(db) as assistant:
        do(assistant, work, year)


def show_all(desk: DeskTalk, name: str | None = None) -> None:
    """The whole board, or all that a filter lets through, as one table."""
    from bot.desk.boards import say_summary
    from bot.office.board import ALL, page, table

    rows = _picked(desk, name)
    if not name:
        say_summary(desk, desk.office.standings(desk.year))
    if rows:
        whole = page(rows, 1, len(rows))
        desk.say("desk_board", (table(whole, desk.today),), filter=name or ALL, year=desk.year,
                 count=len(rows), page=1, pages=1)  # fmt: skip
    else:
        desk.say("desk_board_empty", filter=name or ALL, year=desk.year)


def _picked(desk: DeskTalk, name: str | None) -> tuple[Standing, ...]:
    """The standings that a filter lets through, in their order; refused where there is none."""
    from bot.desk.office import Refused
    from bot.office.board import ALL, FILTERS, localized, ordered, pick

    name = (name or ALL).strip()
    if name not in FILTERS:
        raise Refused("desk_no_filter", typed=name[:20], filters=list(FILTERS))
    here = localized(desk.office.standings(desk.year), desk.office.now.tzinfo)
    return ordered(pick(here, name, desk.today))


def _data(desk: DeskTalk, name: str | None) -> list[dict[str, Any]]:
    """The board as data."""
    names = {unit.id: unit.name for unit in desk.office.units()}
    return [_row(row, names.get(row.unit.parent or 0), desk.today) for row in _picked(desk, name)]


def _row(standing: Standing, parent: str | None, today: date) -> dict[str, Any]:
    """One unit of the board as data; null for what is not known."""
    from bot.office.board import days_left, state_word

    unit, moved = standing.unit, standing.moved
    promised = standing.promised
    return {
        "unit": unit.name, "short": unit.short or None, "level": unit.level or None,
        "parent": parent, "own": unit.own, "exempt": unit.exempt or None, "year": standing.year,
        "state": standing.state, "state_name": state_word(standing), "percent": standing.percent,
        "hard": standing.hard, "explain": standing.explain, "version": standing.version or None,
        "due": standing.due.isoformat() if standing.due else None,
        "days_left": days_left(standing, today),
        "promised": promised.isoformat() if promised else None,
        "moved": moved.isoformat() if moved else None, "contacts": list(standing.contacts),
    }  # fmt: skip
