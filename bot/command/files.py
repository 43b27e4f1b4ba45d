"""Files that a command is given or leaves behind; whatever is wrong with one is said in words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.command.base import fail
from bot.reasons import reason

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


def check_folder(folder: Path) -> None:
    """Leave with exit code 2 where no file can be written into a folder; nothing is made."""
    try:
        there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    except OSError as error:
        fail(_unwritable(folder, reason(error)))
    if not there.is_dir():
        fail(_unwritable(folder, f"{there.name} 是文件，不是目录"))
    if not os.access(there, os.W_OK | os.X_OK):
        fail(_unwritable(folder, "没有权限"))


def _unwritable(folder: Path, why: str) -> str:
    return f"文件写不进 {folder}（{why}）。请用 --out 换一个能写的目录。"


def write_file(path: Path, content: bytes) -> None:
    """Write a file and the folders on the way to it; leaves with exit code 2 where it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        fail(_unwritable(path.parent, reason(error)))
