"""Files that a command is given or leaves behind; whatever is wrong with one is said in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.command.base import fail
from bot.command.faults import reason

if TYPE_CHECKING:
    from bot.form import Form
    from bot.reading import Reading
    from bot.settings import Settings


def read_report(file: Path, form: Form, settings: Settings) -> Reading:
    """The report in a file of any format; Unreadable in words where there is none."""
    from bot.readers.reading import Unreadable

    named = file.name or str(file)
    try:
        return _read(file, form, settings)
    except OSError as error:
        raise Unreadable(f"{named}：{reason(error)}。") from None
    except Unreadable as refused:
        raise Unreadable(f"{named}：{refused}") from None


def _read(file: Path, form: Form, settings: Settings) -> Reading:
    from bot.intake import read_apart
    from bot.readers import json

    content = file.read_bytes()
    if file.suffix.lower() == ".json":  # our own format: no library that could be attacked
        return json.read(content, form)
    return read_apart(file.name, content, form, settings.local)


def write_file(path: Path, content: bytes) -> None:
    """Write a file and the folders on the way to it; leaves with exit code 2 where it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        fail(f"文件写不进 {path.parent}（{reason(error)}）。")
