"""What `templates/report.typ` sets: the report's texts in order and its tables cell by cell.

Everything is data. Text loses what has no picture (format characters), and gets places to break
inside runs that would be wider than a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from bot.form import Form
from bot.readers.docx import topic_numbers
from bot.report import Report, paragraphs, show_figure
from bot.writers.boxes import NARROW_COLUMN, Box, Layout, layouts
from bot.writers.docx import TITLE_LINE, _title_lines, _width
from bot.writers.fonts import is_invisible

__all__ = ["DRAFT", "compose", "printed", "written"]

DRAFT = "草稿 · 未完成，请勿外发"
WATERMARK = "草稿"

_LINE = 26  # characters of 16 pt that fit on a line in any font
_LAST = 350  # characters of a last paragraph that moves as a whole with the signature
_BREAK = "\u200b"  # the template puts something there that is no character
_CHINESE = r"\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DAY = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日")
_DIGIT = 0.56  # the width of a digit in its size, in any font
_BESIDE = 1.5  # points at the sides of a figure and of a wide head
_TWO_SIGNS = 20.5  # room for two characters of 9 pt, and not three

Data = dict[str, Any]


def compose(report: Report, form: Form, marks: Collection[str] = ()) -> Data:
    """The report for the template; cells whose key is in `marks` are shown marked."""
    lines = _title_lines(report)
    return {
        "title": printed("".join(lines), 0),
        "agency": printed(report.agency, 0),
        "date": _date(report),
        "dated": False,
        "title_lines": [printed(line) for line in lines],
        "title_size": 22 if all(_width(line) <= TITLE_LINE for line in lines) else 18,
        "draft": "" if report.final else DRAFT,
        "watermark": "" if report.final else WATERMARK,
        "parts": [*_parts(report, form, marks)],
    }


def written(report: Report, form: Form) -> Iterator[str]:
    """Every paragraph outside the tables in the order in which it is printed, as it was typed."""
    yield from paragraphs(report.title)
    for part in _parts(report, form, (), typed=True):
        yield from part["lines"] if part["kind"] == "signoff" else [part.get("text", "")]


def printed(text: str, room: int = _LINE) -> str:
    """`text` without what has no picture; a run of more than `room` signs can be broken."""
    seen = "".join(sign for sign in text.replace("\t", "  ") if not is_invisible(sign))
    seen = re.sub(r"[^\S \u3000\xa0]", " ", seen)
    if not room:
        return seen
    runs = re.compile(rf"[^{_CHINESE}]{{{room + 1},}}")
    return runs.sub(lambda run: _BREAK.join(_pieces(run[0], max(1, room // 2))), seen)


def _pieces(run: str, most: int) -> list[str]:
    """A run where it may be broken: between two letters, else behind `most` signs.

    Before and behind Chinese punctuation typst knows better. Breaks only here and there would
    leave gaps in the justified lines around an address on the web.
    """
    pieces = [""]
    for sign in run:
        before = pieces[-1][-most:]
        narrow = before and _is_narrow(before[-1]) and _is_narrow(sign)
        if (narrow or len(before) == most) and not unicodedata.combining(sign):
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _is_narrow(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("Na", "N", "H")


def _date(report: Report) -> tuple[int, int, int]:
    """The day on which the report was signed, else the last one that it reports on."""
    for found in _DAY.finditer(report.text("signoff")):
        with suppress(ValueError):
            day = date(*map(int, found.groups()))
            return day.year, day.month, day.day
    return report.year, 12, 31


# ── texts ───────────────────────────────────────────────────────────────────────────────────


def _parts(
    report: Report, form: Form, marks: Collection[str], typed: bool = False
) -> Iterator[Data]:
    """What stands below the title; `typed` is without tables and with the texts unchanged."""
    shown = str if typed else printed
    tables = {layout.section: layout for layout in layouts(form)}

    def texts(text: str | None) -> list[Data]:
        return [{"kind": "text", "text": shown(line)} for line in paragraphs(text)]

    yield from texts(report.text("preamble"))
    for section in form.sections:
        yield {"kind": "heading", "text": shown(section.label)}
        if section.tables:
            yield from [] if typed else [_table(tables[section.key], report, marks)]
        elif section.key == form.topic_section:
            yield from texts(report.text(form.lead(section.key)))
            for number, topic in zip(topic_numbers(form), report.topics, strict=False):
                title = "".join(paragraphs(topic.title))
                yield {"kind": "topic", "text": shown(number + title)}
                yield from texts(topic.text)
        else:
            held = texts(report.text(form.lead(section.key)))
            if held and section is form.sections[-1] and len(held[-1]["text"]) <= _LAST:
                held[-1]["kind"] = "last"
            yield from held
    if lines := [shown(line) for line in paragraphs(report.text("signoff"))]:
        yield {"kind": "signoff", "lines": lines}


# ── tables ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Look:
    """How a table is set, in points: its text, the room above, below and beside it.

    `size` is that of the letters, `pitch` from line to line, `inset` above and below a cell's
    text; `beside` is at the sides of a label, which is set `left` or in the middle.
    """

    size: float
    pitch: float
    inset: float
    beside: float
    left: bool = False


_LOOKS = {
    "blocks": _Look(size=10.5, pitch=16, inset=6.75, beside=4),
    "crossed": _Look(size=9, pitch=12, inset=4, beside=3, left=True),
    "across": _Look(size=9, pitch=12, inset=5.5, beside=_BESIDE),
}


def _table(layout: Layout, report: Report, marks: Collection[str]) -> Data:
    """A table, its heads repeated where it goes on on another page; unknown figures are blank."""
    look = _LOOKS[layout.shape]
    rows: dict[int, int] = {}
    cells = []
    for box in sorted(layout.boxes, key=lambda box: (box.row, box.column)):
        cell, lines = _cell(box, layout, report)
        cells.append({**cell, "marked": box.key in marks})
        if box.rows == 1:
            rows[box.row] = max(rows.get(box.row, 1), lines)
    row = look.size - look.pitch + 2 * look.inset
    return {
        "kind": "table", "columns": layout.widths, "size": look.size, "pitch": look.pitch,
        "inset": look.inset, "head": layout.heads, "cells": cells,
        "height": sum(row + look.pitch * lines for lines in rows.values()),
    }  # fmt: skip


def _cell(box: Box, layout: Layout, report: Report) -> tuple[Data, int]:
    """A cell and how many lines of text it has at most; a figure has one, however small."""
    look = _LOOKS[layout.shape]
    inset = _inset(box, layout)
    room = sum(layout.widths[box.column : box.column + box.columns]) - 2 * inset - 0.5
    scale, lines = 1.0, 1
    if box.key:
        text = show_figure(report.figures.get(box.key))
        scale = 1 / max(len(text) * _DIGIT * look.size / room, 1)
    else:
        text = printed(box.text, max(2, int(room / look.size)))
        lines = ceil(_width(text) / int(room / look.size))
    group = box.column == 0 and box.row >= layout.heads and box.rows > 1
    left = look.left and box.column < layout.labels and not group
    return {
        "x": box.column, "y": box.row, "wide": box.columns, "tall": box.rows, "text": text,
        "left": left, "scale": scale, "inset": inset,
    }, lines  # fmt: skip


def _inset(box: Box, layout: Layout) -> float:
    """The room beside a cell's text; in the narrow heads four characters break two and two."""
    look = _LOOKS[layout.shape]
    if box.key:
        return _BESIDE
    if box.column < layout.labels or not layout.heads:
        return look.beside
    width = layout.widths[box.column]
    is_narrow = box.columns == 1 and width < NARROW_COLUMN
    return (width - _TWO_SIGNS) / 2 if is_narrow else _BESIDE
