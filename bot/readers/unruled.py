"""Statutory tables without ruled lines: figures by the columns they stand in, rows by their labels.

A table is recognised by the form's own words. It is taken only where its head names the columns;
a figure is taken only for a row whose label stands beside it, or where every row is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz

from bot.form import Form, Section, Table
from bot.form import Line as FormLine
from bot.readers.blocks import Cell, Grid
from bot.readers.joining import plain
from bot.readers.labels import NEAR
from bot.readers.paragraphs import Part, Placed
from bot.readers.ruling import Ruled
from bot.readers.words import Span, Word, find_label

_PAGE = 5000.0  # points; more than a page is high
_UNNAMED = 2  # columns whose head may be misspelt or torn
_MOST_WORDS = 2000  # in the pages of one table


_Row = list[Word]  # the figures on one height
_Texts = list[str | None]  # a row of a table; None where the cell on the left goes on
_Found = tuple[list[_Texts], float]  # a table's rows, and how far down it reaches

_NOTHING: _Found = ([], 0.0)


def with_unruled(flow: Sequence[Part], form: Form) -> list[Part]:
    """The flow with a grid for each statutory table that stands in it as mere lines of text."""
    made: list[Part] = []
    zone: list[Part] = []
    section: Section | None = None
    for part in flow:
        begun = _section(part, form)
        if begun is not None:
            made += _zone(zone, section, form)
            zone, section = [], begun
            made.append(part)
        else:
            zone.append(part)
    return made + _zone(zone, section, form)


def _section(part: Part, form: Form) -> Section | None:
    """The section whose heading a line is."""
    if not isinstance(part, Placed):
        return None
    text = plain(part.line.text)
    return next((one for one in form.sections if plain(one.label) == text), None)


def _zone(zone: list[Part], section: Section | None, form: Form) -> list[Part]:
    """What stands under one heading, its lines as a table where they are one.

    A table that is not understood is left out whole: as text it would be taken for sentences.
    """
    if section is None or not section.tables or any(isinstance(p, Ruled) for p in zone):
        return zone
    words = list(_words(part for part in zone if isinstance(part, Placed)))
    if len(words) > _MOST_WORDS:
        return zone
    lines, bottom = _read(words, [form.tables[key] for key in section.tables])
    grids: list[Part] = [_grid(lines)] if lines else []
    if not lines:
        bottom = max((row[0].y for row in _rows(words) if len(row) > 2), default=0.0)
    return grids + [p for p in zone if isinstance(p, Placed) and _height(p) > bottom + 1]


def _height(part: Placed) -> float:
    return part.page * _PAGE + part.line.y


def _words(zone: Iterable[Placed]) -> Iterator[Word]:
    for part in zone:
        for chunk in part.line.chunks:
            yield Word(chunk.text, chunk.x0, chunk.x1, _height(part), chunk.em)


def _read(words: Sequence[Word], tables: Sequence[Table]) -> _Found:
    """The tables of one section, one below the other; no rows where it is not them."""
    rows = _rows(words)
    if len(tables) == 1:
        found = _by_rows(words, rows, tables[0])
        return found if found[0] else _in_one_row(words, rows, tables[0])
    parts = [_small(words, rows, table) for table in tables]
    return [line for lines, _ in parts for line in lines], max(bottom for _, bottom in parts)


def _grid(lines: Iterable[_Texts]) -> Grid:
    rows: list[list[Cell]] = []
    for y, line in enumerate(lines):
        row: list[Cell] = []
        for x, text in enumerate(line):
            row.append(row[-1] if text is None else Cell(text, y, x))
        rows.append(row)
    return Grid(rows)


def _rows(words: Sequence[Word]) -> list[_Row]:
    """The figures by height, from above, each row from left to right."""
    rows: list[_Row] = []
    for word in sorted((word for word in words if word.is_figure), key=lambda word: word.y):
        if rows and word.y - rows[-1][0].y < 0.5 * word.em:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


# ── the three shapes ────────────────────────────────────────────────────────────────────────


def _by_rows(words: Sequence[Word], rows: Sequence[_Row], table: Table) -> _Found:
    """A table of many rows: the middles of full rows are its columns."""
    columns = _columns(rows, len(table.columns))
    body = [row for row in rows if columns and row[-1].middle > columns[0] - _near(columns)]
    if not body or not _is_head(words, body[0][0].y, columns, [c.label for c in table.columns]):
        return _NOTHING
    names, bottom = _named(words, body, table)
    lines: list[_Texts] = [["", "", "", *(column.label for column in table.columns)]]
    for number, row in enumerate(body):
        if number in names:
            line = names[number]
            path = [*table.groups[line.group], line.label]
            lines.append([*path, *[None] * (3 - len(path)), *_cells(words, row, columns)])
            bottom = max(bottom, row[0].y)
    return (lines, bottom) if names else _NOTHING


def _in_one_row(words: Sequence[Word], rows: Sequence[_Row], table: Table) -> _Found:
    """A table whose blocks stand side by side, all figures in one row."""
    width = len(table.columns)
    full = [row for row in rows if len(row) == len(table.rows) * width]
    if len(full) != 1:
        return _NOTHING
    columns = [word.middle for word in full[0]]
    labels = [column.label for _ in table.rows for column in table.columns]
    if not _is_head(words, full[0][0].y, columns, labels):
        return _NOTHING
    if not _are_in_order(words, [line.label for line in table.rows]):
        return _NOTHING
    lines: list[_Texts] = [[], [], [*labels], [word.text for word in full[0]]]
    for row in table.rows:
        path = (*table.groups[row.group], row.label)
        lines[0] += [path[0], *[None] * (width - 1)]
        lines[1] += [path[-1], *[None] * (width - 1)]
    return lines, full[0][0].y


def _small(words: Sequence[Word], rows: Sequence[_Row], table: Table) -> _Found:
    """A table of few rows: behind each label as many figures as there are columns."""
    rest: _Texts = [None] * (3 // len(table.columns) - 1)
    lines: list[_Texts] = []
    bottom = 0.0
    for line in table.rows:
        span = find_label(words, plain(line.label))
        behind = [row for row in rows if span and _stands(row, span)]
        figures = [word.text for row in behind for word in row if span and word.x0 > span.x1]
        if span and len(figures) == len(table.columns):
            lines.append([line.label, *(text for one in figures for text in (one, *rest))])
            bottom = max(bottom, span.bottom)
    if not lines or not _are_in_order(words, [column.label for column in table.columns]):
        return _NOTHING
    head = [text for column in table.columns for text in (_shown(words, column.label), *rest)]
    return [[table.clause, None, None, None], ["信息内容", *head], *lines], bottom


# ── columns ─────────────────────────────────────────────────────────────────────────────────


def _columns(rows: Sequence[_Row], number: int) -> list[float]:
    """The middles of the columns, from the rows with a figure in each; empty where none has."""
    full = [row for row in rows if len(row) == number]
    return [median(row[at].middle for row in full) for at in range(number)] if full else []


def _near(columns: Sequence[float]) -> float:
    """How far from a column's middle its figures may stand."""
    gaps = [other - one for one, other in pairwise(columns)]
    return min(gaps) / 2 if gaps else 20.0


def _cells(words: Sequence[Word], row: _Row, columns: Sequence[float]) -> list[str]:
    """The texts of a row by column; what else stands there is kept, to be called unreadable."""
    level = [word for word in words if abs(word.y - row[0].y) < 0.5 * word.em]
    near = _near(columns)
    return [
        " ".join(word.text for word in level if abs(word.middle - column) < near)
        for column in columns
    ]


def _is_head(
    words: Sequence[Word], bottom: float, columns: Sequence[float], labels: Sequence[str]
) -> bool:
    """Whether the words over the columns name them, each its own."""
    near = _near(columns)
    above = [word for word in words if word.y < bottom - 0.5 * word.em]
    named = 0
    for column, label in zip(columns, labels, strict=True):
        text = "".join(word.plain for word in above if abs(word.middle - column) < near)
        named += plain(label) in text
        others = {plain(other) for other in labels} - {plain(label)}
        if plain(label) not in text and any(other in text for other in others):
            return False  # another column stands here
    return named >= len(labels) - _UNNAMED


def _are_in_order(words: Sequence[Word], labels: Sequence[str]) -> bool:
    """Whether the labels that stand in one place each do so from left to right."""
    spans = [span for label in labels if (span := find_label(words, plain(label)))]
    return all(one.x1 < other.x1 for one, other in pairwise(spans))


def _shown(words: Sequence[Word], label: str) -> str:
    """A column's label as it stands on the page, where it differs: another unit, another year."""
    if find_label(words, plain(label)):
        return label
    stem = plain(label.split("（")[0])
    like = [word.plain for word in words if fuzz.ratio(word.plain.split("(")[0], stem) >= NEAR]
    units = [word.plain for word in words if "元" in word.plain and "万元" not in word.plain]
    if "元" in label and units:
        return label.split("（")[0] + units[0]
    return like[0] if like and plain(label) not in like else label


# ── rows ────────────────────────────────────────────────────────────────────────────────────


def _named(
    words: Sequence[Word], body: Sequence[_Row], table: Table
) -> tuple[dict[int, FormLine], float]:
    """The form's line for each row, and where the last label ends.

    A line is found by the label beside it, and every line where no row is missing.
    """
    named: dict[int, FormLine] = {}
    bottom = 0.0
    for line in table.rows:
        span = find_label(words, plain(line.label))
        beside = [at for at, row in enumerate(body) if span and _stands(row, span)]
        if span and len(beside) == 1:
            named[beside[0]] = line
            bottom = max(bottom, span.bottom)
    order = dict(enumerate(table.rows))
    if len(body) == len(order) and all(order[at] == line for at, line in named.items()):
        return (order if 2 * len(named) > len(order) else {}), bottom
    return named, bottom


def _stands(row: _Row, span: Span) -> bool:
    """Whether a row of figures stands beside a label, on one of its lines or between them."""
    return span.top - 0.4 * span.em <= row[0].y <= span.bottom + 0.4 * span.em
