"""Commands that talk: in the terminal, in Telegram, and the demonstration."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import db_option, fail, main, out_option, year_option
from bot.command.files import check_folder
from bot.command.parts import assembled, now
from bot.settings import Settings, api_fault, token_fault

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.channels.telegram import Ports
    from bot.channels.terminal import Terminal

_SHOWN = 30  # characters of what was typed


@main.command()
@db_option
@click.option("--unit", help="机关全称；不写就先问。")
@click.option("--office", "as_office", is_flag=True, help="在这台机器上当管理员，打开办公室。")
@year_option
@out_option
def chat(
    db: Path | None, unit: str | None, as_office: bool, year: int | None, out: Path | None
) -> None:
    """在终端里填写年报，或者办公室的事；也可以用管道，一行一条消息。

    两边都有的，输入“办公室”或者“填报”换过去。
    """
    from bot.channels.terminal import Terminal, piped_lines, typed_lines

    settings = Settings.from_environ()
    if out is not None:
        check_folder(out)
    assistant = assembled(settings, db, exclusive=True)
    with closing(assistant.store):
        terminal = Terminal(assistant, out or settings.out, click.echo)
        lines = typed_lines() if sys.stdin.isatty() else piped_lines(sys.stdin)
        if unit is not None or not as_office:
            _sit_down(terminal, lines, unit, year)
        if as_office:
            _open_office(terminal, year)
        assistant.follow_up()
        terminal.flush()
        click.echo("（要发文件，输入它的路径；输入“退出”或按 Ctrl-D 离开。）\n")
        terminal.talk(_filing(assistant, lines))
    click.echo("答案都已保存，下次接着填。")


def _filing(assistant: Assistant, lines: Iterator[str]) -> Iterator[str]:
    """The lines; behind each one the files of approvals are kept, as no loop runs beside."""
    assistant.make_files()
    for line in lines:
        yield line
        assistant.make_files()


def _open_office(terminal: Terminal, year: int | None) -> None:
    """Seat the terminal at the desk: whoever is at this machine is its operator."""
    assistant, store = terminal.assistant, terminal.assistant.store
    desk = store.desk(terminal.address)
    if desk is None or desk.role != "office":
        payload = store.invite(None, assistant.clock(), "office")
        assistant.receive(terminal.incoming(f"/start {payload}"))
        if year is None:
            return
    assistant.receive(terminal.incoming(f"年度 {year}" if year else "办公室"))


def _sit_down(terminal: Terminal, lines: Iterator[str], unit: str | None, year: int | None) -> None:
    """Seat the terminal at the unit named, else where it sat before, else where it says."""
    from bot.agency import report_year

    assistant = terminal.assistant
    seat = assistant.store.seat(terminal.address)
    if unit is None and year is not None and seat is not None:
        unit = assistant.store.draft(seat.draft).agency  # the same unit, another year
    year = year or report_year(now())
    if unit is not None:
        if not assistant.enrol(terminal.incoming("/start"), unit, year):
            fail(assistant.wording.text("enrol_name_bad", typed=unit))
    elif seat is not None or assistant.store.desk(terminal.address) is not None:
        assistant.receive(terminal.incoming("/start"))
    else:
        _ask_unit(terminal, lines, year)


def _ask_unit(terminal: Terminal, lines: Iterator[str], year: int) -> None:
    """Ask for the unit until a line can be its name, or the lines end."""
    assistant = terminal.assistant
    click.echo(assistant.wording.text("enrol_name", year=year) + "\n")
    for line in lines:
        if line.strip() in ("", "/start"):
            continue
        if assistant.enrol(terminal.incoming(line), line, year):
            break
        click.echo(assistant.wording.text("enrol_name_bad", typed=line[:_SHOWN]) + "\n")


@main.command()
@db_option
def serve(db: Path | None) -> None:
    """在 Telegram 里服务（需要 NIANBAO_TELEGRAM_TOKEN）；设了 NIANBAO_WEBHOOK_URL 就用 webhook。"""
    settings = Settings.from_environ()
    if not settings.telegram_token:
        fail(
            "没有设置 NIANBAO_TELEGRAM_TOKEN（向 @BotFather 申请的机器人令牌）；如果设了"
            " NIANBAO_TELEGRAM_TOKEN_FILE，请看那个文件是否存在、可读、不空。"
        )
    if fault := token_fault(settings.telegram_token) or api_fault(settings.telegram_api):
        fail(fault)
    from bot.channels.telegram import ChannelError, run

    ports = _ports(settings)
    as_json = _is_json(settings)
    retention = _days(settings)
    assistant = assembled(settings, db, exclusive=True)
    assistant.retention = retention
    with closing(assistant.store):
        try:
            run(
                assistant, settings.telegram_token, settings.telegram_api, click.echo, ports,
                log_json=as_json,
            )  # fmt: skip
        except ChannelError as error:
            fail(str(error))


def _ports(settings: Settings) -> Ports:
    """Where is listened for updates and for monitors; leaves where a setting is no address."""
    from bot.channels.telegram import Hook, Ports, read_place

    url = settings.webhook_url
    if url and not (url.startswith("https://") and url.removeprefix("https://").strip("/")):
        fail(f"NIANBAO_WEBHOOK_URL“{url[:_SHOWN]}”应以 https:// 开头，例如 https://主机名/路径。")
    name = "NIANBAO_LISTEN"
    try:
        hook = Hook(url, read_place(settings.listen)) if url else None
        name = "NIANBAO_METRICS"
        return Ports(hook, read_place(settings.metrics) if settings.metrics else None)
    except ValueError as error:
        fail(f"{name}：{error}")


def _days(settings: Settings) -> int:
    """After how many days messages are forgotten, 0 for never; leaves where it is no number."""
    text = settings.retention
    if text and not (text.isascii() and text.isdigit() and 30 <= int(text) <= 36500):
        fail(f"NIANBAO_RETENTION“{text[:_SHOWN]}”应是天数，至少 30，例如 400。")
    return int(text or 0)


def _is_json(settings: Settings) -> bool:
    """Whether the log is JSON; leaves at any other word than json and text."""
    if settings.log not in ("", "text", "json"):
        fail(f"NIANBAO_LOG“{settings.log[:_SHOWN]}”不认识；可以写 text 或者 json。")
    return settings.log == "json"


@main.command()
@out_option
def demo(out: Path | None) -> None:
    """演示：一个虚构的机关从头填到报告文件，不联网。"""
    from bot.demonstration import run_demo

    settings = Settings.from_environ()
    folder = out or settings.out
    check_folder(folder)
    files = run_demo(folder, lambda db: assembled(settings, db), click.echo)
    if not files:
        sys.exit(2)  # why stands above
    click.echo(str(files[-1]))
