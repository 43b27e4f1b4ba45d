"""The command group itself, in Chinese, and what its commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import __version__
from bot.command.faults import fault_in_words
from bot.command.usage import help_in_chinese, unknown_command

INTERRUPTED = 130
"""The exit code of what Ctrl-C ended, as a shell names it."""
_EARLIEST, _LATEST = 2008, 2100

YEAR = click.IntRange(_EARLIEST, _LATEST)
"""A year that can have a report: the regulation came into force in 2008."""

db_option = click.option(
    "--db", type=click.Path(path_type=Path), help="数据库文件（默认 NIANBAO_DB）。"
)
unit_option = click.option("--unit", required=True, help="机关全称。")
year_option = click.option("--year", type=YEAR, help="报告年度。")
out_option = click.option(
    "--out", type=click.Path(path_type=Path), help="报告文件放在哪里（默认 NIANBAO_OUT）。"
)


class ChineseCommand(click.Command):
    """A command whose help has Chinese headings."""

    def get_help(self, context: click.Context) -> str:
        """The help page."""
        return help_in_chinese(super().get_help(context))

    def invoke(self, context: click.Context) -> Any:
        """Run the command; a fault that has no words of its own gets them, with its file."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            fail(fault_in_words(error, context.params.get("db")))


class ChineseGroup(click.Group):
    """A group of commands; wrong usage is one Chinese sentence and exit code 2."""

    command_class = ChineseCommand
    group_class = type  # click: groups within this one are of its own class

    def get_help(self, context: click.Context) -> str:
        """The help page."""
        return help_in_chinese(super().get_help(context))

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; an unknown one is named with the nearest known."""
        try:
            return super().resolve_command(context, args)
        except click.NoSuchOption:
            raise
        except click.UsageError:
            raise unknown_command(args[0], self.list_commands(context)) from None

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and leave with its exit code: 0, 1 (findings), 2 (cannot), 130 (Ctrl-C)."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except click.exceptions.Exit as leave:
            code = leave.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except BrokenPipeError:
            code = 0
        except Exception as error:  # the last line of defence: words and no stack trace
            click.echo(fault_in_words(error), err=True)
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao")
def main() -> None:
    """年报助手：问答填写政府信息公开工作年度报告。"""


def fail(sentence: str) -> NoReturn:
    """Leave with exit code 2 and a sentence that says why."""
    click.echo(sentence, err=True)
    sys.exit(2)
