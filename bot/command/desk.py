"""What the office's commands share: the desk is asked, its words shown, its files written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import fail
from bot.command.files import write_file
from bot.command.parts import assembled
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.desk.office import DeskTalk, DeskTurn, Refused
    from bot.interview.talk import Say
    from bot.messages import File
    from bot.office.standing import Unit
    from bot.wording import Wording

Work = Callable[["DeskTalk"], None]
"""What is asked of the desk."""

_SHOWN = 30  # characters of what was typed
_COMMAND = {"command": True}  # the sentences of prompts/desk.toml ask for it


@contextmanager
def office_at(db: Path | None, *, new: bool = False) -> Iterator[Assistant]:
    """The assistant on a file that is there, or (`new`) may be made; closed at the end.

    It runs beside a serving process.
    """
    settings = Settings.from_environ()
    path = db or settings.db
    if not new and not path.exists():
        fail(no_database(path))
    assistant = assembled(settings, path)
    with closing(assistant.store):
        yield assistant


def ask(assistant: Assistant, work: Work, year: int | None = None) -> DeskTurn:
    """What the desk answers, kept; leaves with exit code 2 and its words where it refuses."""
    from bot.desk.office import Refused
    from bot.store import Moved

    try:
        return assistant.run_command(work, year=year or 0)
    except Refused as refused:
        fail(refusal(assistant.wording, refused))
    except Moved:
        fail(assistant.wording.text("desk_moved"))


def do(assistant: Assistant, work: Work, year: int | None = None) -> DeskTurn:
    """As `ask`, and shown; what changed nothing only says how it is done: exit code 2."""
    turn = ask(assistant, work, year)
    if not turn.acts:
        fail(words_of(assistant, turn))
    click.echo(words_of(assistant, turn))
    return turn


def show(assistant: Assistant, work: Work, year: int | None = None) -> DeskTurn:
    """As `ask`, and its words printed."""
    turn = ask(assistant, work, year)
    click.echo(words_of(assistant, turn))
    return turn


def words_of(assistant: Assistant, turn: DeskTurn) -> str:
    """What the desk says, tables under their sentences."""
    return in_words(assistant.wording, turn.says)


def in_words(wording: Wording, says: Iterable[Say]) -> str:
    """Sentences of the desk for a command line: the hints name options, not words to be typed."""
    told = [replace(say, facts={**say.facts, **_COMMAND}) for say in says]
    return "\n".join(part.text for part in wording.compose(told))


def refusal(wording: Wording, refused: Refused) -> str:
    """Why the desk refuses, for a command line."""
    return wording.text(refused.name, **refused.facts, **_COMMAND)


def no_database(path: Path) -> str:
    """That there is no file yet, and how there comes to be one."""
    return (
        f"没有数据库文件 {path}。先运行 nianbao serve、nianbao chat --office 或者"
        " nianbao unit import 建一个；已经有的，用 --db 写明在哪里。"
    )


def write_orders(
    assistant: Assistant, turn: DeskTurn, out: Path | None, *, ending: str = ""
) -> None:
    """Make the files that the desk ordered and write them; prints where each one is.

    `ending` stands before a file's own: it keeps archives of two formats apart.
    """
    folder = out or Settings.from_environ().out
    for order in turn.orders:
        for name, content in _files(assistant.make_order(order), ending):
            write_file(folder / name, content)
            click.echo(str(folder / name))


def unit_named(desk: DeskTalk, words: str) -> Unit:
    """The one unit of the roster that some words mean; refused where it is none, or several."""
    from bot.desk.office import Refused
    from bot.office.names import find_units

    found = find_units(desk.office.units(), words)
    if len(found) != 1:
        raise Refused("desk_unit_unclear", typed=words.strip()[:_SHOWN],
                      found=[unit.called for unit in found[:6]])  # fmt: skip
    return found[0]


def print_rows(rows: Iterable[Iterable[object]]) -> None:
    """Print rows with tabs between their cells, for people and for programs."""
    for row in rows:
        click.echo("\t".join(" ".join(str(cell).split()) for cell in row))


def _files(file: File, ending: str) -> Iterator[tuple[str, bytes]]:
    """A file with its name, or the picture of each of its pages."""
    path = Path(file.name)
    if not file.pictures:
        yield f"{path.stem}{ending}{path.suffix}", file.content
    for number, picture in enumerate(file.pictures, 1):
        yield f"{path.stem}-{number}.png", picture
