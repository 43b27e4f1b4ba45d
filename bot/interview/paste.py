"""Reads figures from text that names rows and columns: one line, part of a table, whole tables.

Pure. Labels are matched without regard to white space and to the way marks are written; numbers
go to the labels before them (`予以公开 3 部分公开 2 自然人` takes one column for all). Nothing is
guessed: what has no clear place is a fault with the words that stood there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import product

from bot.answers import Rejected, read_count, read_money
from bot.form import Form, Line, Table

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
    was named at all.
    """

    cells: Mapping[str, Number] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    leftover: str = ""
    named: bool = True

    @property
    def is_tabular(self) -> bool:
        """Whether the text is figures with their names and not prose that has figures in it."""
        found = bool(self.cells or self.blanks or (self.faults and self.named))
        return found and len(self.leftover) <= 2


@dataclass(frozen=True, slots=True)
class _Token:
    """A label, a number, a blank cell or the name of a table."""

    kind: str  # row, column, number, blank, table
    text: str
    lines: tuple[tuple[str, str], ...] = ()  # (table, key) for each meaning of a label


def read_tables(form: Form, text: str, *, table: str = "", column: str = "") -> Reading:
    """The cells that `text` fills; `table` and `column` are meant where the text names none."""
    tokens, notes, leftover = _tokens(form, text)
    return _Reader(form, table, column).read(tokens, notes, leftover)


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


def fold(text: str) -> str:
    """Full-width digits and marks as half-width ones, line by line."""
    return unicodedata.normalize("NFKC", text.replace("\u3000", " ")).replace("\xa0", " ")


def _bare_numbers(text: str) -> list[str] | None:
    words = fold(text).split()
    return words if words and all(re.fullmatch(r"[\d.,]+", word) for word in words) else None


def _figures(form: Form, words: Mapping[str, str]) -> Reading:
    """The words of each cell as figures."""
    cells: dict[str, Number] = {}
    blanks: list[str] = []
    faults: list[Fault] = []
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
    return Reading(cells, tuple(blanks), tuple(faults))


class _Reader:
    """Gives each number its cell; one reader reads one text."""

    def __init__(self, form: Form, table: str, column: str) -> None:
        self.form = form
        self.table = table
        self.column = column
        self.words: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.waiting: list[tuple[str, str, str]] = []  # (table, row, number) without a column

    def read(self, tokens: Sequence[_Token], notes: Sequence[str], leftover: str) -> Reading:
        """All numbers of `tokens` in their cells."""
        row: tuple[str, str] | None = None
        columns: list[_Token] = []
        lead: list[_Token] = []  # a single column before the first row holds for all rows
        numbers: list[str] = []
        for token in [*tokens, _Token("end", "")]:
            if token.kind in ("number", "blank"):
                numbers.append(token.text)
                continue
            if numbers:
                self.place(row, columns or lead, numbers)
                columns, numbers = [], []
            if token.kind == "row":
                lead = columns if row is None and len(columns) == 1 else lead
                row = self.meaning(token, row)
            elif token.kind == "table":
                self.table, row = token.text, None
            elif token.kind == "column":
                columns.append(token)
        self.settle(columns or lead)
        read = _figures(self.form, self.words)
        faults = (*self.faults, *read.faults)
        named = any(token.kind in ("row", "column", "table") for token in tokens)
        return Reading(read.cells, read.blanks, faults, tuple(notes), leftover, named)

    def place(self, row: tuple[str, str] | None, columns: list[_Token], numbers: list[str]) -> None:
        """Give a run of numbers its cells."""
        if row is None:
            if not self.place_headed(columns, numbers):
                self.fault("no_row", numbers=" ".join(numbers[:8]))
            return
        table = self.form.tables[row[0]]
        named = [c for c in (self.column_of(token, table) for token in columns) if c]
        if len(numbers) == 1 and len(table.columns) == 1:
            self.words[self.cell(row, table.columns[0].key)] = numbers[0]
        elif len(numbers) == 1 and named:
            self.words[self.cell(row, named[-1])] = numbers[0]
            if len(named) > 1 and len(named) < len(table.columns) - 1:
                self.fault("several_columns", row=row[1])
        elif len(numbers) == 1:
            self.waiting.append((*row, numbers[0]))
        else:
            self.place_row(row, table, named, numbers)

    def place_row(
        self, row: tuple[str, str], table: Table, named: list[str], numbers: list[str]
    ) -> None:
        """A row's numbers in the order of the form, with or without the total behind them."""
        keys = [column.key for column in table.columns]
        bare = [column.key for column in table.columns if not column.total]
        if len(numbers) in _sizes(table):
            self.place_all(table, numbers)
            return
        if 1 < len(named) == len(numbers):
            keys = named
        elif len(numbers) == len(bare):
            keys = bare
        elif len(numbers) != len(keys):
            self.fault("row_length", row=row[1], table=row[0], got=len(numbers),
                       wanted=len(bare), numbers=" ".join(numbers[:12]))  # fmt: skip
            return
        for key, number in zip(keys, numbers, strict=True):
            self.words[self.cell(row, key)] = number

    def place_headed(self, columns: list[_Token], numbers: list[str]) -> bool:
        """Numbers under a table's head without row names: a whole table, or one row of it."""
        whole = [
            table
            for table in self.form.tables.values()
            if len(numbers) in _sizes(table) and len(numbers) >= 6
            and (not self.table or table.key == self.table)
        ]  # fmt: skip
        if len(whole) != 1:
            return False
        self.place_all(whole[0], numbers)
        return True

    def place_all(self, table: Table, numbers: list[str]) -> None:
        """A whole table, row by row."""
        columns = table.columns
        if len(numbers) != len(table.rows) * len(columns):
            columns = tuple(c for c in columns if not c.total)
        keys = [table.item_key(row, column) for row, column in product(table.rows, columns)]
        self.words.update(zip(keys, numbers, strict=True))

    def settle(self, columns: list[_Token]) -> None:
        """`予以公开 3 部分公开 2 自然人`: rows with one number each, and one column for all."""
        for table_key, row, number in self.waiting:
            table = self.form.tables[table_key]
            named = [c for c in (self.column_of(token, table) for token in columns) if c]
            column = named[0] if len(set(named)) == 1 else self.column
            if column and any(c.key == column for c in table.columns):
                self.words[self.cell((table_key, row), column)] = number
            else:
                self.fault("no_column", row=row, table=table_key, numbers=number)

    def meaning(self, token: _Token, before: tuple[str, str] | None) -> tuple[str, str]:
        """Which row a label means here: of the table named, else of the row before, else first."""
        wanted = (self.table, before[0] if before else "")
        for table in filter(None, wanted):
            for line in token.lines:
                if line[0] == table:
                    return line
        return token.lines[0]

    def column_of(self, token: _Token, table: Table) -> str | None:
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
_MARKS = {
    "，": "[，,、]", ",": "[，,、]", "、": "[、，,.．]", "（": "[（(]", "）": "[）)]",
    "“": "[“”\"「]?", "”": "[“”\"」]?", ".": "[.．、]",
}  # fmt: skip
_TABLE_NAMES = {
    "表二": "rules", "表2": "rules", "第二部分": "rules",
    "表三": "requests", "表3": "requests", "第三部分": "requests",
    "表四": "cases", "表4": "cases", "第四部分": "cases",
    "二、主动公开政府信息情况": "rules", "三、收到和处理政府信息公开申请情况": "requests",
    "四、政府信息公开行政复议、行政诉讼情况": "cases",
}  # fmt: skip
_IGNORED = (
    "三、本年度办理结果", "本年度办理结果", "（三）不予公开", "（四）无法提供", "（五）不予处理",
    "（六）其他处理", "（六）其他", "不予公开", "无法提供", "不予处理", "其他处理", "申请人情况",
    "法人或其他组织", "信息内容", "本年处理决定数量", "行政诉讼", "单位：万元", "保留4位小数",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "第二十条第（一）项", "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项",
    "本年收费金额（单位：万元）",
    "本年收费金额（单位：万元，保留4位小数）", "其中", "改成", "改为", "应为", "应该是", "修改",
    "更正", "改", "是", "为", "有", "共", "各", "本年", "全年",
)  # fmt: skip
_WHOLE_ROW = re.compile(r"[^\S\n]*(?:\d[\d,]*[^\S\n]+){5,6}\d[\d,]*(?![\d,]|[^\S\n]*\d)")
_NUMBER = r"[-－−]?\d[\d,]*(?:\.\d+)?(?:[ ]*(?:万元|元|万))?(?:[ ]*[件条个])?"
_NOTE = r"[（(][^（）()\n]*\d[^（）()\n]*[)）]"


def _sizes(table: Table) -> set[int]:
    """How many numbers a whole table may have: with its totals or without."""
    bare = sum(not column.total for column in table.columns)
    return {len(table.rows) * len(table.columns), len(table.rows) * bare}


def _label_pattern(label: str) -> str:
    """A label with any white space between its characters and any way of writing its marks."""
    marks = {fold(mark): pattern for mark, pattern in _MARKS.items()}
    return r"\s*".join(marks.get(c, re.escape(c)) for c in fold(label) if not c.isspace())


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The names of one form: a pattern that finds them, and what each may mean."""

    pattern: re.Pattern[str]
    meanings: Mapping[str, list[tuple[str, str, str]]]
    tables: Mapping[str, str]
    ignored: frozenset[str]


@lru_cache(maxsize=8)
def _lexicon(form: Form) -> _Lexicon:
    labels = tuple(_lines(form))
    words = {label for label, *_ in labels} | set(_IGNORED) | set(_TABLE_NAMES)
    names = "|".join(f"(?:{_label_pattern(word)})" for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<label>{names})|(?P<number>{_NUMBER})|(?P<note>{_NOTE})"
        r"|(?P<chinese>[零一二三四五六七八九十百千两]+\s*[件条])"
        r"|(?P<blank>N/A|—+|--|[/_无])|(?P<space>[ ]*\t)|(?P<other>.)",
        re.DOTALL,
    )
    return _Lexicon(
        pattern,
        _meanings(labels),
        {_plain(name): table for name, table in _TABLE_NAMES.items()},
        frozenset(map(_plain, _IGNORED)),
    )


def _lines(form: Form) -> Iterator[tuple[str, str, str, str]]:
    """Every way to name a row or column: (label, row or column, table, key)."""
    for table in form.tables.values():
        for axis, lines in (("row", table.rows), ("column", table.columns)):
            for line in lines:
                for label in _names(line):
                    yield label, axis, table.key, line.key


def _names(line: Line) -> Iterator[str]:
    yield line.label
    yield from line.aliases


def _plain(label: str) -> str:
    return "".join(c for c in fold(label) if not c.isspace() and c not in '“”"「」').translate(
        {ord("，"): ",", ord("、"): ",", ord("．"): ".", ord("."): ","}
    )


def _meanings(
    labels: Sequence[tuple[str, str, str, str]],
) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for label, axis, table, key in labels:
        meaning = (axis, table, key)
        if meaning not in found.setdefault(_plain(label), []):
            found[_plain(label)].append(meaning)
    return found


def _tokens(form: Form, text: str) -> tuple[list[_Token], list[str], str]:
    """The labels, numbers and blank cells of a text in order, the notes, the words left over."""
    lexicon = _lexicon(form)
    tokens: list[_Token] = []
    notes: list[str] = []
    leftover: list[str] = []
    tab = False
    line_start = 0
    for match in lexicon.pattern.finditer(fold(text)):
        kind, word = match.lastgroup or "", match[0]
        if kind == "label":
            name = _plain(word)
            if name in lexicon.tables:
                tokens.append(_Token("table", lexicon.tables[name]))
            elif name in lexicon.meanings:
                tokens.append(_label(lexicon.meanings[name], word, match.string, match.end()))
            elif name not in lexicon.ignored:
                leftover.append(word)
            tab = False
        elif kind in ("number", "chinese"):
            tokens.append(_Token("number", "".join(word.split())))
            tab = False
        elif kind == "note":
            notes.append(word)
        elif kind == "blank":
            tokens.append(_Token("blank", word))
            tab = False
        elif kind == "space":
            if tab and _between_numbers(tokens[line_start:], match.string, match.end()):
                tokens.append(_Token("blank", ""))
            tab = True
        elif kind == "other" and not (word.isspace() or word in "，,。;；:：=＝、.|()（）【】[]·"):
            leftover.append(word)
        if "\n" in word:
            tab = False
            line_start = len(tokens)
    return tokens, notes, "".join(leftover)


def _label(meanings: list[tuple[str, str, str]], word: str, text: str, end: int) -> _Token:
    """A label as a row or a column; 总计 and 其他 are rows where a whole row follows them."""
    axes = {axis for axis, _, _ in meanings}
    axis = "column" if "column" in axes else "row"
    bare_row = {"总计": ("requests", "total_handled"), "其他": ("requests", "other_misc")}
    name = _plain(word)
    if name in bare_row and _WHOLE_ROW.match(text, end):
        return _Token("row", word, (bare_row[name],))
    return _Token(axis, word, tuple((t, k) for a, t, k in meanings if a == axis))


def _between_numbers(tokens: list[_Token], text: str, end: int) -> bool:
    """Whether a tab stands behind a number and before another one of the same line."""
    behind = bool(tokens) and tokens[-1].kind in ("number", "blank")
    return behind and re.match(r"[ \t]*\d", text[end:]) is not None
