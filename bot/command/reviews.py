"""Commands that review what was handed in: looked at, commented on, returned or approved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import db_option, fail, main, out_option, year_option
from bot.command.boards import show_all
from bot.command.desk import do, office_at, show, unit_named, write_orders

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.desk.office import DeskTalk
    from bot.office.standing import Standing, Version

Step = Callable[["DeskTalk", str], None]
"""What is done with a version: its id is given as text."""


@main.group()
def review() -> None:
    """审核：看送审稿，批注，退回，通过。"""


@review.command("list")
@db_option
@year_option
def list_waiting(db: Path | None, year: int | None) -> None:
    """列出等待审核的单位。"""
    with office_at(db) as assistant:
        show(assistant, lambda desk: show_all(desk, "已提交"), year)


@review.command("show")
@click.argument("unit", metavar="单位")
@db_option
@year_option
@out_option
def show_version(unit: str, db: Path | None, year: int | None, out: Path | None) -> None:
    """看单位最新的一稿：问题、说明、改动、批注；写了 --out 就放一份 Word 和各页图片。"""
    from bot.desk.reviews import show_review

    def work(desk: DeskTalk) -> None:
        show_review(desk, str(_newest(desk, unit)[1].id), files=out is not None)

    with office_at(db) as assistant:
        write_orders(assistant, show(assistant, work, year), out)


@review.command()
@click.argument("unit", metavar="单位")
@click.argument("text", metavar="批注")
@db_option
@year_option
def comment(unit: str, text: str, db: Path | None, year: int | None) -> None:
    """给单位写批注，写成“处：意见”，例如 予以公开 自然人：与登记簿不符。"""
    from bot.desk import reviews
    from bot.desk.office import Refused

    def work(desk: DeskTalk) -> None:
        desk.move(version=_newest(desk, unit)[1].id)
        if not reviews.comment(desk, text):
            raise Refused("desk_how_to_comment", pinned=0)

    with office_at(db) as assistant:
        do(assistant, work, year)


@review.command()
@click.argument("unit", metavar="单位")
@db_option
@year_option
def unpin(unit: str, db: Path | None, year: int | None) -> None:
    """去掉单位还没有发出的最后一条批注。"""
    from bot.desk import reviews

    with office_at(db) as assistant:
        do(assistant, _step(unit, reviews.unpin), year)


@review.command("return")
@click.argument("unit", metavar="单位")
@click.option("--reason", help="退回的原因；已经有批注的可以不写。")
@db_option
@year_option
def send_back(unit: str, reason: str | None, db: Path | None, year: int | None) -> None:
    """退回单位的送审稿：批注和原因会逐条问填报人。"""
    from bot.desk import reviews

    def back(desk: DeskTalk, version: str) -> None:
        if reason is not None:
            reviews.take_reason(desk, f"return.{version}", reason)
            return
        reviews.send_back(desk, version)
        if not desk.acts:
            fail("退回要写原因：加上 --reason，或者先用 review comment 写批注。")

    with office_at(db) as assistant:
        do(assistant, _step(unit, back), year)


@review.command()
@click.argument("unit", metavar="单位")
@db_option
@year_option
def approve(unit: str, db: Path | None, year: int | None) -> None:
    """通过单位的送审稿：锁定，定稿文件连同 SHA-256 存进数据库。"""
    from bot.desk import reviews

    with office_at(db) as assistant:
        drafts: list[int] = []

        def work(desk: DeskTalk) -> None:
            version = _newest(desk, unit)[1]
            drafts.append(version.draft)
            reviews.approve(desk, str(version.id))

        do(assistant, work, year)
        assistant.make_files()
        _print_filed(assistant, drafts[0])


@review.command()
@click.argument("unit", metavar="单位")
@click.option("--reason", required=True, help="撤回的原因，会留痕。")
@db_option
@year_option
def withdraw(unit: str, reason: str, db: Path | None, year: int | None) -> None:
    """撤回单位的通过，回到“已提交”。"""
    from bot.desk import reviews

    def back(desk: DeskTalk, version: str) -> None:
        reviews.withdraw(desk, version)  # asks for the reason that is here already
        desk.says.clear()
        reviews.take_reason(desk, f"withdraw.{version}", reason)

    with office_at(db) as assistant:
        do(assistant, _step(unit, back), year)


def _step(unit: str, step: Step) -> Callable[[DeskTalk], None]:
    """A step with the newest version of a unit."""
    return lambda desk: step(desk, str(_newest(desk, unit)[1].id))


def _newest(desk: DeskTalk, words: str) -> tuple[Standing, Version]:
    """The newest version of the unit that is meant; refused where nothing was handed in."""
    from bot.desk.reviews import newest

    standing = desk.standing(unit_named(desk, words).id)
    return standing, newest(desk, standing)


def _print_filed(assistant: Assistant, draft: int) -> None:
    """The files that were kept with their hashes; leaves where one could not be made."""
    filed = assistant.store.filed(draft)
    newest = max((number for *_, number in filed), default=0)
    for id, kind, name, sha256, number in filed:
        if number == newest and sha256:
            click.echo(f"{sha256}  {name}")
        elif number == newest and (error := assistant.store.document(id).error):
            click.echo(f"{kind} 没有做成：{error}", err=True)
