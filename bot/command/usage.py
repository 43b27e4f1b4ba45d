"""Click's own words in Chinese: its help pages and its complaints about wrong usage."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import click

_SHOWN = 30  # characters of what was typed

_PAGE = (
    ("Usage:", "用法："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]"),
    ("Show this message and exit.", "显示这一页。"),
    ("Show the version and exit.", "显示版本。"),
    ("[required]", "[必填]"),
)


class UnknownCommand(click.UsageError):
    """A command that is not there; the message is a Chinese sentence."""


def help_in_chinese(page: str) -> str:
    """A help page with Click's own words in Chinese."""
    for english, chinese in _PAGE:
        page = page.replace(english, chinese)
    return page


def unknown_command(typed: str, known: Iterable[str]) -> UnknownCommand:
    """What is said about a command that is not there, with the nearest one that is."""
    near = get_close_matches(typed, list(known), n=1)
    hint = f"是不是 {near[0]}？" if near else "用 --help 看有哪些命令。"
    return UnknownCommand(f"没有命令 {typed[:_SHOWN]}；{hint}")


def usage_in_words(error: click.ClickException) -> str:
    """What Click complains about, as a Chinese sentence."""
    if isinstance(error, UnknownCommand):
        return error.message
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx:
        return error.ctx.get_help()
    if isinstance(error, click.NoSuchOption):
        near = error.possibilities
        hint = f"是不是 {near[0]}？" if near else "用 --help 看用法。"
        return f"没有选项 {error.option_name[:_SHOWN]}；{hint}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_gap(error)}{_named(error)}；用 --help 看用法。"
    if isinstance(error, click.BadParameter):
        return f"{_named(error)}{_gap(error)}的值不对；用 --help 看用法。"
    return "命令写得不对；用 --help 看用法。"


def _named(error: click.BadParameter) -> str:
    """The option or argument that a complaint is about, as the help page writes it."""
    if error.param is None:
        return ""
    name = error.param.opts[0]
    if name.startswith("-"):
        return name
    shown = (error.param.metavar or name.upper()).strip("[].")
    return shown if shown.isascii() else f"“{shown}”"


def _gap(error: click.BadParameter) -> str:
    """What stands between a Chinese word and the name: a blank where the name is none."""
    return " " if _named(error).isascii() else ""
