"""Tells tables from prose in a grid: sheets and page layouts keep both in cells.

A grid becomes runs of rows that are a table, and paragraphs for the rows between them. The rule
leans to the table: a row of the form without figures is still a row of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.form import Form
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.readers.reading import Unreadable

MOST_COLUMNS = 200
MOST_PLACES = 200_000
MOST_TEXT = 500_000  # the longest reports have a tenth of it
MOST_BLOCKS = 10_000
MOST_TABLES = 300

Row = Sequence[Cell]

_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,2}[、.]")
_FIGURE = re.compile(r"[0-9][0-9,.]*")
_LONG = 60  # the longest label of the form has fewer characters


@dataclass(frozen=True, slots=True)
class Span:
    """A cell before it is laid out: its text and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1


def lay_out(rows: Sequence[Sequence[Span]]) -> list[list[Cell]]:
    """The cells by row and column; a merged cell stands in every place that it covers.

    Spans end at the last row and at MOST_COLUMNS. Raises Unreadable beyond MOST_PLACES.
    """
    laid: list[list[Cell]] = []
    hanging: dict[int, tuple[Cell, int]] = {}  # by column: a cell from above, and its last row
    places = 0
    for number, spans in enumerate(rows):
        row: list[Cell] = []
        for span in spans:
            _let_hang(row, hanging, number)
            cell = Cell(span.text, number, len(row))
            for column in range(len(row), min(len(row) + span.columns, MOST_COLUMNS)):
                row.append(cell)
                hanging[column] = cell, number + span.rows - 1
        rest = [column for column, (_, last) in hanging.items() if last >= number]
        while rest and len(row) <= max(rest):
            _let_hang(row, hanging, number)
            if len(row) <= max(rest):
                row.append(Cell("", number, len(row)))
        laid.append(row)
        places += len(row)
        if places > MOST_PLACES:
            raise Unreadable("表格太大，没有读。请只留下年报的内容再发。")
    return laid


def _let_hang(row: list[Cell], hanging: dict[int, tuple[Cell, int]], number: int) -> None:
    """Go on with the cells that reach down into the next free places of a row."""
    while len(row) in hanging and hanging[len(row)][0].row < number <= hanging[len(row)][1]:
        row.append(hanging[len(row)][0])


def check_size(blocks: Sequence[Block]) -> None:
    """Raise Unreadable where a file holds many times what a report holds."""
    tables = sum(isinstance(block, Grid) for block in blocks)
    length = sum(len(block.text) for block in blocks if isinstance(block, Paragraph))
    if length > MOST_TEXT or len(blocks) > MOST_BLOCKS or tables > MOST_TABLES:
        raise Unreadable("内容太多，不像是一份年报，没有读。请只把年报的正文存成一个文件再发。")


def split(rows: Sequence[Row], form: Form, *, gaps: bool = False) -> Iterator[Block]:
    """The tables and paragraphs in `rows`, in order; with `gaps` a blank row ends a table."""
    held = [_texts(row) for row in rows]
    tables = _are_table(rows, held, form)
    begun: int | None = None
    for number, texts in enumerate(held):
        if tables[number]:
            begun = number if begun is None else begun
        elif texts or gaps:
            if begun is not None:
                yield _table(rows, held, begun, number)
            begun = None
            yield from (Paragraph(line) for text in texts for line in _lines(text))
    if begun is not None:
        yield _table(rows, held, begun, len(rows))


def _are_table(rows: Sequence[Row], held: Sequence[Sequence[str]], form: Form) -> list[bool]:
    """For every row whether it belongs to a table; a row of few words goes with its neighbours."""
    words = _words(form)
    wide = max(map(len, rows), default=0) > 1
    sure = [_is_row(texts, words, wide) for texts in held]
    tables = [is_row is True for is_row in sure]
    for number, is_row in enumerate(sure):
        beside = sure[max(number - 1, 0) : number + 2]
        tables[number] |= is_row is None and True in beside
    return tables


def _is_row(texts: Sequence[str], words: _Words, wide: bool) -> bool | None:
    """Whether a row belongs to a table; None where its neighbours decide."""
    if not texts:
        return False
    plain = [_plain(text) for text in texts]
    if len(texts) > 1:
        if plain[0] in words.headings:
            return False
        prose = any(len(text) >= _LONG and "。" in text for text in plain)
        return not prose or any(_FIGURE.fullmatch(text) for text in plain)
    only = plain[0]
    if only in words.labels:
        return wide
    if only in words.headings or "年度报告" in only or len(only) >= _LONG or "。" in only:
        return False
    heading = _NUMBERED.match(only) and only[:4] not in words.beginnings
    return None if wide and not heading else False


def _texts(row: Row) -> list[str]:
    """The texts of a row that are not blank; a merged cell counts once."""
    cells = {(cell.row, cell.column): cell.text for cell in row if cell.text.strip()}
    return list(cells.values())


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _table(rows: Sequence[Row], held: Sequence[Sequence[str]], begin: int, end: int) -> Grid:
    """The rows from `begin` as a grid of their own, without blank rows at its end."""
    while not held[end - 1]:
        end -= 1
    moved: dict[Cell, Cell] = {}  # a cell that hangs in from above begins in the first row
    for cell in (cell for row in rows[begin:end] for cell in row):
        moved.setdefault(cell, Cell(cell.text, max(cell.row - begin, 0), cell.column))
    return Grid([[moved[cell] for cell in row] for row in rows[begin:end]])


@dataclass(frozen=True, slots=True)
class _Words:
    """The form's own words, plain: of its tables, and of the headings above them."""

    labels: frozenset[str]
    beginnings: frozenset[str]
    headings: frozenset[str]


@lru_cache(maxsize=8)
def _words(form: Form) -> _Words:
    places = (word for item in form.items.values() if item.is_cell for word in item.place)
    tables = (word for table in form.tables.values() for word in (table.clause, table.corner))
    labels = frozenset(_plain(word) for word in (*places, *tables) if word)
    return _Words(
        labels=labels,
        beginnings=frozenset(label[:4] for label in labels),
        headings=frozenset(_plain(section.label) for section in form.sections),
    )


def _plain(text: str) -> str:
    """A text without what differs from office to office: white space, full and half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())
