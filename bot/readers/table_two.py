"""Table two in a foreign file: one table or four small ones, with or without their heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.form import Form, Line, Table
from bot.readers import replaced
from bot.readers.amounts import is_amount
from bot.readers.blocks import Cell, Grid
from bot.readers.labels import NEAR, bare, take_apart
from bot.readers.opposites import is_contrary
from bot.readers.rows import Found, Row, is_blank, rows_of, spread
from bot.readers.units import one_of, unit_in, unit_of_remark

SECTION = "proactive"

_CORNER = "信息内容"
_CLAUSE = "第二十条第"
_UNIT = re.compile(r"[（(][^（）()]*元[）)]$")


@dataclass(slots=True)
class _Walk:
    """Goes over the rows; `head` are the names of the columns until another head comes."""

    tables: Sequence[Table]
    found: Found = field(default_factory=Found)
    head: tuple[str, ...] = ()
    remark: str = ""  # the unit of money that a remark in the table names
    in_head: bool = False  # whether the row before was a head, which may go on below

    def take(self, row: Row) -> None:
        """One row: a clause, a head, a row of figures, or none of these."""
        words = [cell.text for cell in row.cells if not is_blank(cell)]
        if any(_is_clause(word) for word in words):
            self.head, self.in_head = (), False
        elif any(_is_head_word(word, self.tables) for word in words):
            above = self.head if self.in_head else ()
            more = (word for word in words if bare(word) != _CORNER and word not in above)
            self.head, self.in_head = (*above, *more), True
        else:
            self.in_head = self.in_head and not words
            self.take_figures(row)

    def take_figures(self, row: Row) -> None:
        """A row that names something of table two, with its figures behind the name."""
        for at, cell in enumerate(row.cells):
            self.remark = unit_of_remark(cell.text) or self.remark
            if replaced.is_row(cell.text):
                self.found.left.append(cell.text)
                return
            for table, line in _lines(self.tables):
                if _names(cell.text, line):
                    self.put(table, line, cell.text, row.cells[at + 1 :])
                    return

    def put(self, table: Table, line: Line, label: str, values: Sequence[Cell]) -> None:
        """The values of one row in the columns that the head names, else in the form's order."""
        if not values:
            return
        head = () if self.is_of_another(table) else self.head
        keys = [_column_of(word, table) for word in head] or [c.key for c in table.columns]
        if not any(keys) and any(map(replaced.is_column, head)):
            self.found.left.append(line.label)
            return
        self.found.taken.add((table.key, line.key))
        texts = spread(values, len(keys))
        known = [key for key in keys if key]
        if texts is None or not known or len(set(known)) < len(known):
            filled = sum(not is_blank(cell) for cell in values)
            about = f"表二“{line.label}”这一行填了 {filled} 格，对不上表头，没有读入。"
            self.found.unread.append(about)
            return
        for column in table.columns:
            if column.key in keys:
                key = table.item_key(line, column)
                self.found.put(key, texts[keys.index(column.key)])
                self.found.units[key] = one_of(map(unit_in, (label, *head, self.remark)))

    def is_of_another(self, table: Table) -> bool:
        """Whether the head above is that of another part of table two, left behind by a cut."""
        others = [other for other in self.tables if other is not table]
        return not any(_column_of(word, table) for word in self.head) and all(
            any(_column_of(word, other) for other in others) for word in self.head
        )


def read_proactive(placed: Sequence[tuple[str, Grid]], form: Form) -> Found:
    """What the tables among `placed` (section, table) give for table two."""
    tables = [form.tables[key] for key in form.section(SECTION).tables]
    walk = _Walk(tables)
    for section, grid in placed:
        rows = list(rows_of(grid))
        if section == SECTION or _is_table_two(rows, tables):
            for row in rows:
                walk.take(row)
    return walk.found


def _is_table_two(rows: Sequence[Row], tables: Sequence[Table]) -> bool:
    """Whether a table outside its section is table two: a clause or two of its columns say so."""
    words = {c.text for row in rows for c in row.cells if not is_amount(c.text)}
    return any(map(_is_clause, words)) or (
        sum(_is_head_word(word, tables) and bare(word) != _CORNER for word in words) > 1
    )


def _lines(tables: Sequence[Table]) -> Iterator[tuple[Table, Line]]:
    return ((table, line) for table in tables for line in table.rows)


def _is_clause(word: str) -> bool:
    return bare(word).startswith(_CLAUSE)


def _is_head_word(word: str, tables: Sequence[Table]) -> bool:
    """Whether a word stands in the head of table two, in this form's or the one before."""
    return (
        bare(word) == _CORNER
        or replaced.is_column(word)
        or any(_column_of(word, t) or _is_near_contrary(word, t) for t in tables)
    )


def _is_near_contrary(word: str, table: Table) -> bool:
    """Whether a word is like a column's name and says another year: 上年处理决定数量."""
    words = [(bare(word), bare(column.label)) for column in table.columns]
    return any(fuzz.ratio(*pair) >= NEAR and is_contrary(*pair) for pair in words)


def _column_of(word: str, table: Table) -> str:
    """The column of one table that a word in its head means; '' for none."""
    return next((column.key for column in table.columns if _means(bare(word), column)), "")


def _means(word: str, column: Line) -> bool:
    """Whether a word in a head is the column's name, with a remark behind it or torn a little."""
    official, stem = bare(column.label), bare(column.label.split("（")[0])
    if not word or word in map(bare, column.aliases):
        return bool(word)
    return len(word) > 3 and not is_contrary(word, official) and (
        word.startswith(stem) or official.startswith(word) or fuzz.ratio(word, official) >= NEAR
    )  # fmt: skip


def _names(text: str, line: Line) -> bool:
    """Whether a cell names a row of table two."""
    words, official = take_apart(_UNIT.sub("", text)).words, bare(line.label)
    others = {bare(alias) for alias in line.aliases if len(alias) > 3}
    return words == official or words in others or (
        len(words) > 4 and fuzz.ratio(words, official) >= NEAR and not is_contrary(words, official)
    )  # fmt: skip
