"""The command that invites: a unit's contact, whoever is missing, or the office's own people."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answers import plain
from bot.command.base import db_option, fail, main, year_option
from bot.command.desk import ask, in_words, office_at, print_rows, unit_named
from bot.command.files import write_file
from bot.command.records import agency_named, level_named

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.desk.office import DeskTalk, DeskTurn
    from bot.office.standing import Unit

qr_option = click.option(
    "--qr", type=click.Path(path_type=Path), metavar="DIR", help="二维码图片放在哪个目录。"
)


@main.command()
@db_option
@click.option("--unit", help="名册里的单位，全称简称都行；写名册里没有的全称，就加进去。")
@click.option("--all", "everybody", is_flag=True, help="每一家还没有填报人、也没有发过的单位。")
@click.option("--again", is_flag=True, help="和 --all 一起：发过没用的也重发，原来的作废。")
@click.option("--role", type=click.Choice(["office", "observer"]), help="请管理员或者观察员。")
@year_option
@click.option("--level", default="", help="层级，例如 县级政府部门；不写就按名称判断。")
@qr_option
def invite(
    db: Path | None,
    unit: str | None,
    everybody: bool,
    again: bool,
    role: str | None,
    year: int | None,
    level: str,
    qr: Path | None,
) -> None:
    """发出邀请：打印 Telegram 链接里 start= 后面的那一段；--all 每行是单位和链接。"""
    if (unit is not None) + everybody + (role is not None) != 1:
        fail("请写一样：--unit 单位、--all 或者 --role office|observer。")
    if level and unit is None:
        fail("--level 要和 --unit 一起用。")
    if again and not everybody:
        fail("--again 要和 --all 一起用。")
    level = level_named(level)
    from bot.agency import is_agency

    with office_at(db, new=is_agency(plain(unit)) if unit else not everybody) as assistant:
        refuse_blank_pictures(assistant, qr)
        if unit is not None:
            _invite_unit(assistant, unit, year, level, qr)
        elif role is not None:
            _invite_staff(assistant, role, qr)
        else:
            _invite_all(assistant, year, qr, again=again)


def _invite_unit(
    assistant: Assistant, typed: str, year: int | None, level: str, qr: Path | None
) -> None:
    """Invite a contact of one unit, which comes onto the roster where it is new."""
    from bot.desk.people import invite_unit
    from bot.office.acts import AddUnit

    listed = _listed(assistant, typed)
    unit = listed or _put_on_roster(assistant, agency_named(typed), year, level)
    told = _told_of_before(assistant, unit)

    def work(desk: DeskTalk) -> None:
        if level and level != unit.level:
            desk.act(AddUnit(unit.name, level=level))
        invite_unit(desk, str(unit.id))

    turn = ask(assistant, work, year)
    for line in told:
        click.echo(line, err=True)
    hand_out(assistant, turn, qr)


def _put_on_roster(assistant: Assistant, agency: str, year: int | None, level: str) -> Unit:
    """A unit that was not listed; the one into which it was merged, where it was.

    As with a pasted list, the only government there is stands above it.
    """
    from bot.agency import level_of, report_year
    from bot.office.acts import AddUnit
    from bot.office.names import sole_government

    listed = assistant.store.units()
    now = assistant.clock()
    wanted = year or report_year(now)
    draft = assistant.store.open_draft(agency, wanted, now, level or level_of(agency))
    place = assistant.store.draft_place(draft)
    unit = assistant.store.unit(place[0]) if place else None
    assert unit is not None
    is_new = unit.id not in {one.id for one in listed}
    above = sole_government([agency, *(one.name for one in listed)]) if is_new else ""
    if above not in ("", agency):
        ask(assistant, lambda desk: desk.act(AddUnit(agency, parent=above)), year)
    if listed:
        _tell_what_is_new(agency, unit, [one.name for one in listed], above)
    return unit


def _tell_what_is_new(agency: str, unit: Unit, listed: list[str], above: str) -> None:
    """Say that a unit came onto the roster, under whom, and which one may have been meant."""
    from bot.office.names import near_name

    if unit.name in listed:
        click.echo(f"“{agency}”已经并入{unit.name}，邀请发给它。", err=True)
        return
    under = f"，上级是{above}" if above not in ("", agency) else ""
    click.echo(f"名册里原来没有“{agency}”，已经加进去{under}。", err=True)
    if near := near_name(agency, listed):
        click.echo(
            f"名册里有相近的“{near}”。要是说的就是它，这条邀请不要发，请运行："
            f"nianbao unit merge {agency} {near}，再运行 nianbao invite --unit {near}",
            err=True,
        )


def _told_of_before(assistant: Assistant, unit: Unit) -> list[str]:
    """What an invitation to a unit touches: links that it makes void, and who answers already."""
    told = []
    if given := assistant.store.open_invitations().get(unit.id):
        told.append(f"{unit.called}原来发出、还没用的 {given} 个邀请作废了，请把新的发给对方。")
    if members := assistant.store.members(unit.id):
        names = "、".join(member.name or f"编号 {member.person}" for member in members)
        told.append(
            f"{unit.called}已经有填报人：{names}。点开新邀请的人和原来的一起填；"
            "要换人，用 nianbao person handover。"
        )
    return told


def _invite_staff(assistant: Assistant, role: str, qr: Path | None) -> None:
    """Invite an admin or an observer."""
    from bot.desk.people import invite_staff

    hand_out(assistant, ask(assistant, lambda desk: invite_staff(desk, role)), qr)


def _invite_all(
    assistant: Assistant, year: int | None, qr: Path | None, *, again: bool
) -> None:  # fmt: skip
    """Invite a contact of every unit that nobody answers for: a line each.

    Links that were given out and not used yet stay as they are, but for `again`.
    """
    from bot.desk.people import AGAIN, FRESH, invite_all

    def work(desk: DeskTalk) -> None:
        invite_all(desk, AGAIN if again else "")
        before = desk.says[-1]
        if not desk.acts and before.facts["fresh"]:
            invite_all(desk, FRESH)
        if not again and before.name == "desk_invited_before":
            told = in_words(assistant.wording, [before])
            click.echo(f"{told}要全部重发，加 --again。", err=True)

    turn = ask(assistant, work, year)
    if not turn.acts:
        sys.exit(2)
    names = {unit.id: unit.name for unit in assistant.store.units()}
    known = bool(assistant.store.fact("bot"))
    offers = [(names[id or 0], payload) for id, payload in _payloads(turn)]
    print_rows((name, assistant.link(payload) if known else payload) for name, payload in offers)
    _draw(assistant, offers, qr)


def hand_out(assistant: Assistant, turn: DeskTurn, qr: Path | None) -> None:
    """Print the payload of one invitation, and beside it the whole link where it is known."""
    [(id, payload)] = _payloads(turn)
    click.echo(payload)
    if assistant.store.fact("bot"):
        click.echo(assistant.link(payload), err=True)
    unit = assistant.store.unit(id) if id is not None else None
    _draw(assistant, [(unit.name if unit else "办公室", payload)], qr)


def _payloads(turn: DeskTurn) -> list[tuple[int | None, str]]:
    """What the invitations of a turn carry, with their units."""
    from bot.office.acts import Invite

    return [(act.unit, act.payload) for act in turn.acts if isinstance(act, Invite)]


def _draw(assistant: Assistant, offers: Iterable[tuple[str, str]], qr: Path | None) -> None:
    """Write each invitation as a picture to be scanned."""
    from bot.writers.naming import safe_name
    from bot.writers.qr import draw

    for name, payload in offers if qr else ():
        assert qr is not None
        path = qr / f"{safe_name(name, 150)}.png"
        write_file(path, draw(assistant.link(payload), name))
        click.echo(str(path), err=True)


def refuse_blank_pictures(assistant: Assistant, qr: Path | None) -> None:
    """Leave where a picture would carry no link: nobody knows the bot's name yet."""
    if qr and not assistant.store.fact("bot"):
        fail("还不知道机器人的名称，画不出二维码；先运行一次 nianbao serve。没有发出邀请。")


def _listed(assistant: Assistant, typed: str) -> Unit | None:
    """The unit of the roster that is meant; None for a full name that is not on it.

    A full name with its place is a unit of its own, however near it is to one that is listed.
    """
    from bot.office.names import find_units, is_body, is_placed, key_of

    units, key = assistant.store.units(), key_of(typed)
    named = [unit for unit in units if key_of(unit.name) == key]
    if named or (is_placed(plain(typed)) and is_body(plain(typed))):
        return named[0] if named else None
    if not find_units(units, typed):
        return None
    found: list[Unit] = []
    ask(assistant, lambda desk: found.append(unit_named(desk, typed)))
    if key_of(found[0].short) != key:
        click.echo(f"“{typed}”是{found[0].name}。", err=True)
    return found[0]
