"""Commands about people: who is there, whose role ends, and who is invited."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answers import plain
from bot.command.base import db_option, fail, main, year_option
from bot.command.desk import ask, do, office_at, print_rows, unit_named
from bot.command.files import write_file
from bot.command.records import agency_named, level_named

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.desk.office import DeskTalk, DeskTurn, Person
    from bot.office.standing import Unit

_HEADS = ("编号", "角色", "姓名", "单位")
_SHOWN = 30  # characters of what was typed
_NAMELESS = "（没有名字）"

qr_option = click.option(
    "--qr", type=click.Path(path_type=Path), metavar="DIR", help="二维码图片放在哪个目录。"
)


@main.group()
def person() -> None:
    """人员：填报人、管理员、观察员。"""


@person.command("list")
@db_option
@click.option("--unit", help="只看这家单位的填报人。")
def list_people(db: Path | None, unit: str | None) -> None:
    """列出人员，一行一个，用制表符分隔：编号、角色、姓名、单位。"""
    from bot.office.acts import ROLES

    rows: list[tuple[object, ...]] = []

    def look(desk: DeskTalk) -> None:
        names = {each.id: each.name for each in desk.office.units()}
        chosen = unit_named(desk, unit).id if unit else None
        rows.extend(
            (one.person, ROLES[one.role], one.name or _NAMELESS, names.get(one.unit, ""))
            for one in desk.office.members(chosen)
        )

    with office_at(db) as assistant:
        ask(assistant, look)
    if rows:
        print_rows([_HEADS, *rows])
    else:
        click.echo("还没有人；用 invite 发出邀请。", err=True)


@person.command()
@click.argument("name")
@db_option
@click.option("--unit", help="哪家单位的填报人；不写就是管理员或者观察员。")
def end(name: str, db: Path | None, unit: str | None) -> None:
    """停用一个人：NAME 是姓名或者编号；做过的都留着，最后一位管理员停不了。"""
    from bot.desk.people import end_member

    def work(desk: DeskTalk) -> None:
        for one in _meant(desk, name, unit):
            end_member(desk, f"{one.role}.{one.person}.{one.unit or ''}")

    with office_at(db) as assistant:
        do(assistant, work)


@person.command()
@click.argument("name")
@db_option
@click.option("--unit", required=True, help="哪家单位。")
@year_option
@qr_option
def handover(
    name: str, db: Path | None, unit: str, year: int | None, qr: Path | None
) -> None:  # fmt: skip
    """换人：打印给新填报人的邀请；新人一加入，NAME（姓名或者编号）自动停用。"""
    from bot.desk.people import invite_unit

    def work(desk: DeskTalk) -> None:
        place = unit_named(desk, unit)
        one = _meant(desk, name, unit)[0]
        invite_unit(desk, f"{place.id}.{one.person}")

    with office_at(db) as assistant:
        _refuse_blank_pictures(assistant, qr)
        _hand_out(assistant, ask(assistant, work, year), qr)


@person.command("export")
@click.argument("name")
@db_option
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="写成这个文件。")
def export_(name: str, db: Path | None, out: Path | None) -> None:
    """输出系统里关于一个人的全部记录（JSON）：NAME 是姓名或者编号，停用的也算。"""
    from bot.store.privacy import export_person

    with office_at(db) as assistant:
        held = export_person(assistant.store, _known(assistant, name))
    written = json.dumps(held, ensure_ascii=False, indent=1)
    if out is None:
        click.echo(written)
    else:
        write_file(out, written.encode("utf-8", "replace"))
        click.echo(str(out))


@person.command()
@click.argument("name")
@db_option
@click.option("--yes", is_flag=True, help="确实要删除；删了不能恢复。")
def erase(name: str, db: Path | None, yes: bool) -> None:
    """删除一个人的姓名、聊天地址和往来消息；填的数、审核意见和留痕按编号保留。"""
    from bot.store.privacy import ERASED, erase_person, is_last_admin

    with office_at(db) as assistant:
        number = _known(assistant, name)
        if is_last_admin(assistant.store, number):
            fail(assistant.wording.text("desk_last_admin"))
        if not yes:
            fail(f"编号 {number} 的姓名、聊天地址和消息都要删掉，不能恢复；确实要删，加 --yes。")
        done = erase_person(assistant.store, number, assistant.clock())
    click.echo(f"编号 {number} 已改为{ERASED}：停用 {done.roles} 个角色，断开 {done.chats} 个聊天，"
               f"清除 {done.messages} 条消息。")  # fmt: skip
    click.echo(
        "这个人填的数、写的意见和报告里的文字没有动；以前的备份里还有原来的姓名，请按备份的保存期限删除。"
    )


@main.command()
@db_option
@click.option("--unit", help="机关全称；名册里没有的就加进去。")
@click.option("--all", "everybody", is_flag=True, help="每一家还没有填报人的单位。")
@click.option("--role", type=click.Choice(["office", "observer"]), help="请管理员或者观察员。")
@year_option
@click.option("--level", default="", help="层级，例如 县级政府部门；不写就按名称判断。")
@qr_option
def invite(
    db: Path | None,
    unit: str | None,
    everybody: bool,
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
    level = level_named(level)
    from bot.agency import is_agency

    with office_at(db, new=is_agency(plain(unit)) if unit else not everybody) as assistant:
        _refuse_blank_pictures(assistant, qr)
        if unit is not None:
            _invite_unit(assistant, unit, year, level, qr)
        elif role is not None:
            _invite_staff(assistant, role, qr)
        else:
            _invite_all(assistant, year, qr)


def _invite_unit(
    assistant: Assistant, typed: str, year: int | None, level: str, qr: Path | None
) -> None:
    """Invite a contact of one unit, which comes onto the roster where it is new."""
    from bot.desk.people import invite_unit
    from bot.office.acts import AddUnit

    listed = _listed(assistant.store.units(), typed)
    unit = listed or _put_on_roster(assistant, agency_named(typed), year, level)

    def work(desk: DeskTalk) -> None:
        if level and level != unit.level:
            desk.act(AddUnit(unit.name, level=level))
        invite_unit(desk, str(unit.id))

    _hand_out(assistant, ask(assistant, work, year), qr)


def _put_on_roster(assistant: Assistant, agency: str, year: int | None, level: str) -> Unit:
    """A unit that was not listed; the one into which it was merged, where it was."""
    from bot.agency import level_of, report_year

    if assistant.store.units():
        click.echo(f"名册里原来没有“{agency}”。", err=True)
    now = assistant.clock()
    wanted = year or report_year(now)
    draft = assistant.store.open_draft(agency, wanted, now, level or level_of(agency))
    place = assistant.store.draft_place(draft)
    unit = assistant.store.unit(place[0]) if place else None
    assert unit is not None
    return unit


def _invite_staff(assistant: Assistant, role: str, qr: Path | None) -> None:
    """Invite an admin or an observer."""
    from bot.desk.people import invite_staff

    _hand_out(assistant, ask(assistant, lambda desk: invite_staff(desk, role)), qr)


def _invite_all(assistant: Assistant, year: int | None, qr: Path | None) -> None:
    """Invite a contact of every unit that nobody answers for: a line each."""
    from bot.desk.people import invite_all

    turn = ask(assistant, invite_all, year)
    names = {unit.id: unit.name for unit in assistant.store.units()}
    known = bool(assistant.store.fact("bot"))
    offers = [(names[id or 0], payload) for id, payload in _payloads(turn)]
    print_rows((name, assistant.link(payload) if known else payload) for name, payload in offers)
    _draw(assistant, offers, qr)


def _hand_out(assistant: Assistant, turn: DeskTurn, qr: Path | None) -> None:
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
        write_file(path, draw(assistant.link(payload)))
        click.echo(str(path), err=True)


def _refuse_blank_pictures(assistant: Assistant, qr: Path | None) -> None:
    """Leave where a picture would carry no link: nobody knows the bot's name yet."""
    if qr and not assistant.store.fact("bot"):
        fail("还不知道机器人的名称，画不出二维码；先运行一次 nianbao serve。没有发出邀请。")


def _meant(desk: DeskTalk, name: str, unit: str | None) -> list[Person]:
    """Who is meant by a name or a number; leaves where it is nobody, or several people."""
    place = unit_named(desk, unit).id if unit else None
    typed = plain(name)
    found = [
        one for one in desk.office.members(place)
        if (unit or one.role != "contact") and typed in (plain(one.name), str(one.person))
    ]  # fmt: skip
    if not found:
        where = "" if unit else "；填报人要加 --unit 单位"
        fail(f"没有找到“{typed[:_SHOWN]}”，用 person list 看有谁{where}。")
    if len({one.person for one in found}) > 1:
        numbers = "、".join(str(one.person) for one in found)
        fail(f"有 {len(found)} 个“{typed[:_SHOWN]}”，请写编号（person list 的第一列）：{numbers}。")
    return found


def _known(assistant: Assistant, typed: str) -> int:
    """The number of one person, with a role or without; leaves where it is nobody, or several."""
    from bot.store.privacy import find_people

    name = plain(typed)
    found = [number for number, _ in find_people(assistant.store, name)]
    if not found:
        fail(f"没有找到“{name[:_SHOWN]}”；请写姓名或者编号（person list 的第一列）。")
    if len(found) > 1:
        numbers = "、".join(map(str, found))
        fail(f"有 {len(found)} 个“{name[:_SHOWN]}”，请写编号：{numbers}。")
    return found[0]


def _listed(units: Iterable[Unit], name: str) -> Unit | None:
    """The unit with exactly this full or short name."""
    from bot.office.names import key_of

    key, units = key_of(name), tuple(units)
    named = [unit for unit in units if key_of(unit.name) == key]
    short = [unit for unit in units if unit.short and key_of(unit.short) == key]
    return named[0] if named else short[0] if len(short) == 1 else None
