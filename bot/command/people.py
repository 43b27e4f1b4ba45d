"""Commands about people: who is there, whose role ends, and what is held about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answers import plain
from bot.command.base import db_option, fail, main, year_option
from bot.command.desk import ask, do, office_at, print_rows, unit_named
from bot.command.files import write_file
from bot.command.invitations import hand_out, qr_option, refuse_blank_pictures

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.desk.office import DeskTalk, Person

_HEADS = ("编号", "角色", "姓名", "单位")
_SHOWN = 30  # characters of what was typed
_NAMELESS = "（没有名字）"


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
@click.argument("name", metavar="姓名")
@db_option
@click.option("--unit", help="哪家单位的填报人；不写就是管理员或者观察员。")
def end(name: str, db: Path | None, unit: str | None) -> None:
    """停用一个人：姓名也可以写编号；做过的都留着，最后一位管理员停不了。"""
    from bot.desk.people import end_member

    def work(desk: DeskTalk) -> None:
        for one in _meant(desk, name, unit):
            end_member(desk, f"{one.role}.{one.person}.{one.unit or ''}")

    with office_at(db) as assistant:
        do(assistant, work)


@person.command()
@click.argument("name", metavar="姓名")
@db_option
@click.option("--unit", required=True, help="哪家单位。")
@year_option
@qr_option
def handover(
    name: str, db: Path | None, unit: str, year: int | None, qr: Path | None
) -> None:  # fmt: skip
    """换人：打印给新填报人的邀请；新人一加入，原来的人（写姓名或者编号）自动停用。"""
    from bot.desk.people import invite_unit

    def work(desk: DeskTalk) -> None:
        place = unit_named(desk, unit)
        one = _meant(desk, name, unit)[0]
        invite_unit(desk, f"{place.id}.{one.person}")

    with office_at(db) as assistant:
        refuse_blank_pictures(assistant, qr)
        hand_out(assistant, ask(assistant, work, year), qr)


@person.command("export")
@click.argument("name", metavar="姓名")
@db_option
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="写成这个文件。")
def export_(name: str, db: Path | None, out: Path | None) -> None:
    """输出系统里关于一个人的全部记录（JSON）：姓名也可以写编号，停用的也算。"""
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
@click.argument("name", metavar="姓名")
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
