"""The register in a workbook of ours: which cell holds what, and for whom it was made.

It stands on a very hidden sheet, a JSON list a row. `Register.lines` writes what `read_register`
reads. Every other sheet carries marks in its first row and column, which move with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from bot.form import Form
from bot.readers.reading import Unreadable
from bot.readers.sheets import Sheet
from bot.report import paragraphs

MARK = "nianbao-workbook "
VERSION = "1"
SHEET = "nianbao:"
MOST_LINES = 2_000

Sort = Literal["cell", "total", "text"]
_SORTS = ("cell", "total", "text")
_WORDS = ("form", "format", "agency", "year", "level", "title", "final", "draft")


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: its item, its sheet, its row and column from 0, and what was put into it.

    `given` is a figure as it is shown, or the digest of a text; '' for a blank.
    """

    sort: Sort
    item: str
    sheet: str
    row: int
    column: int
    given: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """What the hidden sheet says: `about` the report in words, `names` of sheets by their marks."""

    about: Mapping[str, str]
    names: Mapping[str, str]
    entries: tuple[Entry, ...] = field(default=())

    def lines(self) -> Iterator[str]:
        """The rows of the hidden sheet."""
        yield MARK + VERSION
        for line in self._lines():
            yield json.dumps(line, ensure_ascii=False)

    def _lines(self) -> Iterator[tuple[str, ...]]:
        for word in _WORDS:
            yield word, self.about.get(word, "")
        for mark, name in self.names.items():
            yield "sheet", mark, name
        for entry in self.entries:
            place = str(entry.row), str(entry.column)
            yield entry.sort, entry.item, entry.sheet, *place, entry.given


def row_mark(row: int) -> str:
    """The mark in the first column of a row."""
    return f"r{row}"


def column_mark(column: int) -> str:
    """The mark in the first row of a column."""
    return f"c{column}"


def digest(text: str) -> str:
    """What tells one text from another; '' for a blank one."""
    kept = "\n".join(paragraphs(text))
    return hashlib.sha256(kept.encode("utf-8", "replace")).hexdigest()[:32] if kept else ""


def read_register(sheets: Iterable[Sheet], form: Form) -> Register | None:
    """The register of a workbook, or None where it is none of ours.

    Raises Unreadable where it is one of ours that cannot be used: made for another form or by
    another version, or with a register that somebody has changed.
    """
    held = next((sheet for sheet in sheets if sheet.texts.get((0, 0), "").startswith(MARK)), None)
    if held is None:
        return None
    lines = list(_lines(held))
    about = {line[0]: line[1] for line in lines if line[0] in _WORDS}
    version = held.texts[0, 0].removeprefix(MARK)
    if (version, about.get("form"), about.get("format")) != (VERSION, form.key, form.format):
        raise Unreadable("这个填报表是按别的版本做的，读不了。请重新导出一份，把数抄进去再发。")
    names = {line[1]: line[2] for line in lines if line[0] == "sheet"}
    entries = tuple(entry for line in lines if (entry := _entry(line)))
    if (
        set(about) != set(_WORDS)
        or sorted(entry.item for entry in entries) != sorted(form.items)
        or any(
            (entry.sort == "text") == form.items[entry.item].is_cell
            or (entry.sort == "total") != (entry.item in form.total_of)
            for entry in entries
        )
    ):
        raise Unreadable("填报表里隐藏的登记表被改动过，读不了。请重新导出一份，把数抄进去再发。")
    return Register(about, names, entries)


def _lines(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """The rows of the hidden sheet, six words each; what is no such row is left out."""
    for row in range(1, MOST_LINES):
        text = sheet.texts.get((row, 0))
        if text is None:
            return
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, list) and line and all(isinstance(word, str) for word in line):
            yield tuple((*line, *[""] * 6)[:6])


def _entry(line: tuple[str, ...]) -> Entry | None:
    """The entry in a row, or None where it is none."""
    sort, item, sheet, row, column, given = line
    if sort not in _SORTS or not all(n.isdecimal() and len(n) < 6 for n in (row, column)):
        return None
    return Entry(cast(Sort, sort), item, sheet, int(row), int(column), given)
