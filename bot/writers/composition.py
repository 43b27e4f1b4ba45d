"""What `templates/report.typ` sets: the report's texts in order and its tables cell by cell.

Everything is data. Text loses what has no picture (format characters), and gets places to break
inside runs that would be wider than a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import groupby
from math import ceil
from typing import Any

from bot.form import Form, Line, Table
from bot.readers.docx import topic_numbers
from bot.report import Report, paragraphs, show_figure
from bot.writers.docx import TITLE_LINE, _title_lines, _width
from bot.writers.fonts import is_invisible

DRAFT = "草稿 · 未完成，请勿外发"
WATERMARK = "草稿"
CORNER = "信息内容"  # these two words of the official form belong to no item
APPLICANTS = "申请人情况"

_LINE = 26  # characters of 16 pt that fit on a line in any font
_LAST = 350  # characters of a last paragraph that moves as a whole with the signature
_BREAK = "\u200b"
_CHINESE = r"\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DAY = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日")
_DIGIT = 0.56  # the width of a digit in its size, in any font

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
    runs = re.compile(rf"[^{_CHINESE}/\-]{{{room + 1},}}")
    step = max(1, room // 2)
    return runs.sub(lambda run: _BREAK.join(_cut(run[0], step)), seen)


def _date(report: Report) -> tuple[int, int, int]:
    """The day on which the report was signed, else the last one that it reports on."""
    for found in _DAY.finditer(report.signoff):
        with suppress(ValueError):
            day = date(*map(int, found.groups()))
            return day.year, day.month, day.day
    return report.year, 12, 31


def _cut(run: str, step: int) -> Iterator[str]:
    return (run[at : at + step] for at in range(0, len(run), step))


# ── texts ───────────────────────────────────────────────────────────────────────────────────


def _parts(
    report: Report, form: Form, marks: Collection[str], typed: bool = False
) -> Iterator[Data]:
    """What stands below the title; `typed` is without tables and with the texts unchanged."""
    shown = str if typed else printed

    def texts(text: str | None) -> list[Data]:
        return [{"kind": "text", "text": shown(line)} for line in paragraphs(text)]

    yield from texts(report.preamble)
    for section in form.sections:
        yield {"kind": "heading", "text": shown(section.label)}
        if section.tables:
            yield from [] if typed else [_TABLES[section.key](report, form, marks)]
        elif section.key == "overview":
            yield from texts(report.intro)
            for number, topic in zip(topic_numbers(form), report.topics, strict=False):
                title = "".join(paragraphs(topic.title))
                yield {"kind": "topic", "text": shown(number + title)}
                yield from texts(topic.text)
        else:
            held = texts({"problems": report.problems, "other": report.other}[section.key])
            if held and section is form.sections[-1] and len(held[-1]["text"]) <= _LAST:
                held[-1]["kind"] = "last"
            yield from held
    if lines := [shown(line) for line in paragraphs(report.signoff)]:
        yield {"kind": "signoff", "lines": lines}


# ── tables ──────────────────────────────────────────────────────────────────────────────────


class _Sheet:
    """A table while its cells are put in their places; lengths are points.

    `rows` says how many lines of text each row has at most.
    """

    def __init__(self, columns: list[float], size: float, pitch: float, inset: float) -> None:
        self.columns, self.size, self.pitch, self.inset = columns, size, pitch, inset
        self.cells: list[Data] = []
        self.rows: dict[int, int] = {}

    def put(
        self, x: int, y: int, text: str, wide: int = 1, tall: int = 1, *,
        inset: float = 1.5, left: bool = False, figure: bool = False, marked: bool = False,
    ) -> None:  # fmt: skip
        """One cell over `wide` columns and `tall` rows; `inset` is at its sides."""
        room = sum(self.columns[x : x + wide]) - 2 * inset - 0.5
        digits = figure and len(text) * _DIGIT * self.size / room
        if not figure:
            text = printed(text, max(2, int(room / self.size)))
        self.cells.append(
            {
                "x": x, "y": y, "wide": wide, "tall": tall, "text": text, "left": left,
                "scale": 1 / max(digits, 1), "marked": marked, "inset": inset,
            }
        )  # fmt: skip
        if tall == 1:
            lines = 1 if figure else ceil(_width(text) / int(room / self.size))
            self.rows[y] = max(self.rows.get(y, 1), lines)

    def table(self, head: int) -> Data:
        """The table, its first `head` rows repeated where it goes on on another page."""
        row = self.size - self.pitch + 2 * self.inset
        return {
            "kind": "table", "columns": self.columns, "size": self.size, "pitch": self.pitch,
            "inset": self.inset, "head": head, "cells": self.cells,
            "height": sum(row + self.pitch * lines for lines in self.rows.values()),
        }  # fmt: skip


class _Figures:
    """Puts figures into a sheet."""

    def __init__(self, sheet: _Sheet, report: Report, marks: Collection[str]) -> None:
        self.sheet, self.report, self.marks = sheet, report, marks

    def put(self, x: int, y: int, key: str, wide: int = 1) -> None:
        """The figure `key`; blank where it is unknown."""
        text = show_figure(self.report.figures.get(key))
        self.sheet.put(x, y, text, wide, figure=True, marked=key in self.marks)


def _table_two(report: Report, form: Form, marks: Collection[str]) -> Data:
    """Blocks of a clause, a header and rows."""
    sheet = _Sheet([110.55] * 4, size=10.5, pitch=16, inset=6.75)
    figures = _Figures(sheet, report, marks)
    y = 0
    for table in (form.tables[key] for key in form.section("proactive").tables):
        wide = 3 // len(table.columns)
        sheet.put(0, y, table.clause, 4, inset=4)
        sheet.put(0, y + 1, CORNER, inset=4)
        for at, column in enumerate(table.columns):
            sheet.put(1 + at * wide, y + 1, column.label, wide, inset=4)
        y += 2
        for row in table.rows:
            sheet.put(0, y, row.label, inset=4)
            for at, column in enumerate(table.columns):
                figures.put(1 + at * wide, y, table.item_key(row, column), wide)
            y += 1
    return sheet.table(head=0)


def _table_three(report: Report, form: Form, marks: Collection[str]) -> Data:
    """Three header rows and a row for each line of the form, the groups merged downwards."""
    table = form.tables["requests"]
    sheet = _Sheet([30.5, 50, 123.7, *[34.0] * 7], size=9, pitch=12, inset=4)
    figures = _Figures(sheet, report, marks)
    _applicants(sheet, table)
    depth: dict[tuple[str, ...], list[int]] = {}
    for y, row in enumerate(table.rows, 3):
        groups = table.groups[row.group]
        for at in range(len(groups)):
            depth.setdefault(groups[: at + 1], []).append(y)
        sheet.put(len(groups), y, row.label, 3 - len(groups), inset=3, left=True)
        for at, column in enumerate(table.columns, 3):
            figures.put(at, y, table.item_key(row, column))
    for path, rows in depth.items():
        left = len(path) > 1
        sheet.put(len(path) - 1, rows[0], path[-1], tall=len(rows), inset=3, left=left)
    return sheet.table(head=3)


def _applicants(sheet: _Sheet, table: Table) -> None:
    """The header of table three: applicants, of which the organisations are one group."""
    sheet.put(0, 0, table.corner, 3, 3, inset=3, left=True)
    sheet.put(3, 0, APPLICANTS, len(table.columns))
    x = 3
    for group, lines in groupby(table.columns, key=lambda column: column.group):
        columns = tuple(lines)
        if group:
            sheet.put(x, 1, group, len(columns))
        _heads(sheet, x, 2 if group else 1, columns, tall=1 if group else 2)
        x += len(columns)


def _heads(sheet: _Sheet, x: int, y: int, columns: tuple[Line, ...], tall: int = 1) -> None:
    """Narrow heads: four characters break two and two."""
    for at, column in enumerate(columns, x):
        sheet.put(at, y, column.label, tall=tall, inset=(sheet.columns[at] - 20.5) / 2)


def _table_four(report: Report, form: Form, marks: Collection[str]) -> Data:
    """One row of figures under three header rows: the form's lines stand side by side."""
    table = form.tables["cases"]
    width = len(table.columns)
    sheet = _Sheet([442.2 / 15] * 15, size=9, pitch=12, inset=5.5)
    figures = _Figures(sheet, report, marks)
    x = 0
    for place, lines in groupby(table.rows, key=lambda row: table.groups[row.group]):
        rows = tuple(lines)
        if place:
            sheet.put(x, 0, place[0], width * len(rows))
        for row in rows:
            sheet.put(x, 1 if place else 0, row.label, width)
            _heads(sheet, x, 2 if place else 1, table.columns, tall=1 if place else 2)
            for at, column in enumerate(table.columns, x):
                figures.put(at, 3, table.item_key(row, column))
            x += width
    return sheet.table(head=3)


_TABLES: Mapping[str, Callable[[Report, Form, Collection[str]], Data]] = {
    "proactive": _table_two,
    "requests": _table_three,
    "review_litigation": _table_four,
}
