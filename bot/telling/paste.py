"""Reads figures from text that names rows and columns: one line, part of a table, whole tables.

Pure. Labels are matched without regard to white space and to the way marks are written; numbers
go to the labels before them (`予以公开 3 部分公开 2 自然人` takes one column for all). Nothing is
guessed: what has no clear place is a fault with the words that stood there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from bot.answers import Rejected, read_count, read_money
from bot.form import Form, Table
from bot.telling.lexicon import Token, fold, scan

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be taken: the name of the sentence and what fills it."""

    reason: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood.

    Cells with their figures, blank cells, faults, notes that stood inside a number's cell
    (`22（其中修订16件）`), and the words left over; `named` says whether any row, column or table
    was named at all; `sure` is False where a figure was said in a short way (1.5万).
    """

    cells: Mapping[str, Number] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    leftover: str = ""
    named: bool = True
    sure: bool = True

    @property
    def is_tabular(self) -> bool:
        """Whether the text is figures with their names and not prose that has figures in it."""
        found = bool(self.cells or self.blanks or (self.faults and self.named))
        return found and len(self.leftover) <= 2


def read_tables(form: Form, text: str, *, table: str = "", columns: Sequence[str] = ()) -> Reading:
    """The cells that `text` fills; `table` and `columns` are meant where the text names none."""
    tokens, notes, leftover = scan(form, text)
    return _Reader(form, table, columns).read(tokens, notes, leftover)


def read_block(form: Form, text: str, table: Table) -> Reading | None:
    """A table pasted without labels: as many numbers as it has cells (totals may be missing)."""
    numbers = _bare_numbers(text)
    if numbers is None:
        return None
    for columns in (table.columns, tuple(c for c in table.columns if not c.total)):
        keys = [table.item_key(row, c) for row, c in product(table.rows, columns)]
        if len(numbers) == len(keys) > 1:
            return _figures(form, dict(zip(keys, numbers, strict=True)))
    return None


def bare_rows(text: str) -> list[list[str]] | None:
    """The numbers of each line where there is nothing but numbers, or None."""
    if _bare_numbers(text) is None:
        return None
    return [line.split() for line in fold(text).splitlines() if line.split()]


def _bare_numbers(text: str) -> list[str] | None:
    words = fold(text).split()
    return words if words and all(re.fullmatch(r"[\d.,]+", word) for word in words) else None


def _figures(form: Form, words: Mapping[str, str]) -> Reading:
    """The words of each cell as figures."""
    cells: dict[str, Number] = {}
    blanks: list[str] = []
    faults: list[Fault] = []
    sure = True
    for key, word in words.items():
        if not word or word in _BLANK:
            blanks.append(key)
            continue
        try:
            read = read_money if form.items[key].kind == "money" else read_count
            figure = read(word)
        except Rejected as refused:
            faults.append(Fault("bad_" + refused.reason, {"cell": key, "typed": word}))
            continue
        cells[key] = figure.value
        sure = sure and figure.sure
    return Reading(cells, tuple(blanks), tuple(faults), sure=sure)


class _Reader:
    """Gives each number its cell; one reader reads one text."""

    def __init__(self, form: Form, table: str, columns: Sequence[str]) -> None:
        self.form = form
        self.table = table
        self.asked = tuple(columns)  # those that the clerk is asked for, in their order
        self.words: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.waiting: list[tuple[str, str, str]] = []  # (table, row, number) without a column
        self.header: list[Token] = []
        self.named_rows: list[tuple[str, str]] = []
        self.row: tuple[str, str] | None = None
        self.columns: list[Token] = []
        self.lead: list[Token] = []  # a single column before the first row holds for all rows
        self.numbers: list[Token] = []
        self.named_table = False

    def read(self, tokens: Sequence[Token], notes: Sequence[str], leftover: str) -> Reading:
        """All numbers of `tokens` in their cells."""
        filled = {t.line for t in tokens if t.kind in ("number", "blank", "row")}
        for token in [*tokens, Token("end", "")]:
            if token.kind in ("number", "blank", "tail"):
                self.numbers.append(token)
            elif token.kind == "becomes":
                self.numbers = []  # 5 改为 6: the number before does not count
            else:
                self.close_run()
                self.name(token, headed=token.line not in filled)
        self.settle(self.columns or self.lead)
        read = _figures(self.form, self.words)
        faults = (*self.faults, *read.faults)
        named = any(token.kind in ("row", "column", "table") for token in tokens)
        return Reading(read.cells, read.blanks, faults, tuple(notes), leftover, named, read.sure)

    def close_run(self) -> None:
        """The end of a run of numbers."""
        if self.numbers:
            self.place(self.row, self.columns or self.lead, self.numbers)
            self.columns, self.numbers, self.named_rows = [], [], []

    def name(self, token: Token, *, headed: bool) -> None:
        """A name; a column on a line without rows and numbers (`headed`) belongs to a head."""
        if token.kind == "row":
            first = self.row is None and len(self.columns) == 1
            self.lead = self.columns if first else self.lead
            self.row = self.meaning(token, self.row)
            self.named_rows.append(self.row)
        elif token.kind == "table":
            self.table, self.row, self.header = token.text, None, []
            self.named_table = True
        elif token.kind == "column" and headed:
            self.header.append(token)
            self.lead = self.header if self.row is None and len(self.header) == 1 else []
        elif token.kind == "column":
            self.row = self.lone_row(token) or self.row
            self.columns.append(token)

    def lone_row(self, token: Token) -> tuple[str, str] | None:
        """The row that a column alone means: 罚款 5, where its table has only one row.

        Where a table was named it is one of that section's, else rather one of the section asked.
        """
        if self.row is not None and any(of == self.row[0] for of, _ in token.lines):
            return None
        tables = [self.form.tables[of] for of, _ in token.lines]
        lone = [t for t in tables if len(t.rows) == 1 and (len(t.columns) > 1 or t.rows[0].total)]
        home = self.form.tables[self.table].section if self.table else ""
        near = [t for t in lone if t.section == home]
        meant = near if near or self.named_table else lone
        return (meant[0].key, meant[0].rows[0].key) if len(meant) == 1 else None

    def place(self, row: tuple[str, str] | None, columns: list[Token], found: list[Token]) -> None:
        """Give a run of numbers its cells."""
        numbers = [token.text for token in found if token.kind != "tail"]
        if row is None:
            if not self.place_headed(numbers):
                self.fault("no_row", numbers=" ".join(n.rstrip(",") for n in numbers[:8]))
            return
        table = self.form.tables[row[0]]
        named = [c for c in (self.column_of(token, table) for token in columns) if c]
        if len(numbers) == 1 and len(table.columns) == 1:
            self.put(self.cell(row, table.columns[0].key), numbers[0])
        elif len(numbers) == 1 and named:
            self.put(self.cell(row, named[-1]), numbers[0])
            if len(named) > 1:
                self.fault("several_columns", row=self.form.short_row(*row))
        elif len(numbers) == 1 and not found[0].gap:
            self.waiting.append((*row, numbers[0]))
        else:
            self.place_row(row, table, named, found)

    def place_row(
        self, row: tuple[str, str], table: Table, named: list[str], found: list[Token]
    ) -> None:
        """A row's numbers in the order of the form, with or without the total behind them."""
        numbers = [token.text for token in found if token.kind != "tail"]
        gap, tail = found[0].gap, found[-1].gap if found[-1].kind == "tail" else 0
        keys = [column.key for column in table.columns]
        bare = [column.key for column in table.columns if not column.total]
        whole = {(table.key, line.key) for line in table.rows} <= set(self.named_rows)
        if whole and len(numbers) in _sizes(table):
            self.place_all(table, numbers)
            return
        if len(numbers) < len(keys) and len(keys) in (len(numbers) + gap, len(numbers) + tail):
            numbers = [""] * (gap if len(keys) == len(numbers) + gap else 0) + numbers
            numbers += [""] * (len(keys) - len(numbers))
        order = self.order(table, named, numbers)
        if order is not None:
            keys = order
        elif len(numbers) == len(bare) < len(keys):
            if gap or (len(bare) > 4 and _ends_in_its_sum(numbers)):
                self.fault("row_unclear", row=row[1], table=row[0], numbers=" ".join(numbers))
                return
            keys = bare
        elif (
            len(numbers) == len(self.asked) > 1 and not (gap or tail) and set(self.asked) < {*keys}
        ):
            keys = list(self.asked)
        elif len(numbers) != len(keys):
            self.fault("row_length", row=row[1], table=row[0], got=len(numbers),
                       wanted=len(bare), numbers=" ".join(numbers[:12]))  # fmt: skip
            return
        for key, number in zip(keys, numbers, strict=True):
            self.put(self.cell(row, key), number)

    def order(self, table: Table, named: list[str], numbers: list[str]) -> list[str] | None:
        """The columns in the order in which a head or the line itself names them, if it does.

        A head of two lines, as the official one, says nothing about the order.
        """
        if 1 < len(named) == len(numbers):
            return named
        if len({token.line for token in self.header}) != 1:
            return None
        head = [c for c in (self.column_of(token, table) for token in self.header) if c]
        return head if 1 < len(set(head)) == len(head) == len(numbers) else None

    def place_headed(self, numbers: list[str]) -> bool:
        """Numbers under a table's head without row names: a whole table."""
        whole = [
            table
            for table in self.form.tables.values()
            if len(numbers) in _sizes(table) and len(numbers) >= 6
            and (not self.table or table.key == self.table)
        ]  # fmt: skip
        if len(whole) == 1:
            self.place_all(whole[0], numbers)
        return len(whole) == 1

    def place_all(self, table: Table, numbers: list[str]) -> None:
        """A whole table, row by row."""
        columns = table.columns
        if len(numbers) != len(table.rows) * len(columns):
            columns = tuple(c for c in columns if not c.total)
        keys = [table.item_key(row, column) for row, column in product(table.rows, columns)]
        for key, number in zip(keys, numbers, strict=True):
            self.put(key, number)

    def settle(self, columns: list[Token]) -> None:
        """`予以公开 3 部分公开 2 自然人`: rows with one number each, and one column for all."""
        for table_key, row, number in self.waiting:
            table = self.form.tables[table_key]
            named = [c for c in (self.column_of(token, table) for token in columns) if c]
            alone = self.asked[0] if len(self.asked) == 1 else ""
            column = named[0] if len(set(named)) == 1 else alone
            if column and any(c.key == column for c in table.columns):
                self.put(self.cell((table_key, row), column), number)
            else:
                first = table.columns[0].label
                self.fault("no_column", row=row, table=table_key, numbers=number, column=first)

    def put(self, cell: str, number: str) -> None:
        """Give a cell its number; a second, different one is not believed."""
        before = self.words.get(cell)
        if before is not None and before != number:
            self.fault("twice", cell=cell, first=before, second=number)
            return
        self.words[cell] = number

    def meaning(self, token: Token, before: tuple[str, str] | None) -> tuple[str, str]:
        """Which row a label means here: of the table named, else of the row before, else first."""
        wanted = (self.table, before[0] if before else "")
        for table in filter(None, wanted):
            for line in token.lines:
                if line[0] == table:
                    return line
        return token.lines[0]

    def column_of(self, token: Token, table: Table) -> str | None:
        """The column of `table` that a label means."""
        return next((key for of, key in token.lines if of == table.key), None)

    def cell(self, row: tuple[str, str], column: str) -> str:
        """The key of a cell."""
        table = self.form.tables[row[0]]
        return f"{table.section}.{table.cell.format(row=row[1], column=column)}"

    def fault(self, reason: str, **facts: object) -> None:
        """Note something that has no clear place."""
        self.faults.append(Fault(reason, facts))


_BLANK = {"/", "-", "—", "－", "_", "——", "--", "N/A", "n/a"}


def _sizes(table: Table) -> set[int]:
    """How many numbers a whole table may have: with its totals or without."""
    bare = sum(not column.total for column in table.columns)
    return {len(table.rows) * len(table.columns), len(table.rows) * bare}


def _ends_in_its_sum(numbers: Sequence[str]) -> bool:
    """Whether the last number is the sum of those before: a total, with a column missing."""
    if not all(number.isdigit() for number in numbers):
        return False
    *parts, last = map(int, numbers)
    return last > 0 and last == sum(parts) and sum(part > 0 for part in parts) > 1
