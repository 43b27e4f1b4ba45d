"""Readers: a file becomes a report, and what could not be read is said.

A format is known by what stands in the file, not by its name. A new one is an entry in `READERS`
and its mark in `bot.readers.kind`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from bot.form import Form
from bot.readers.kind import kind_of
from bot.readers.reading import Reading

READERS: tuple[str, ...] = ("docx", "html", "xlsx", "pdf", "text", "json")


def reader(kind: str) -> Callable[[bytes, Form], Reading]:
    """The reader of a format; its libraries are loaded when it is first wanted."""
    read: Callable[[bytes, Form], Reading] = import_module(f"bot.readers.{kind}").read
    return read


def read_file(name: str, content: bytes, form: Form) -> Reading:
    """The report in a file of any known format; raises Unreadable with a sentence.

    A workbook that this program made is known by its own marks.
    """
    kind = kind_of(name, content)
    if kind == "xlsx":
        from bot.readers.workbook import read_workbook, reading_of

        ours = read_workbook(content, form)
        if ours is not None:
            return reading_of(ours, form)
    return reader(kind)(content, form)
