"""Finds the names, numbers and empty cells in a text that somebody typed or pasted.

Pure. Names are matched without regard to white space and to the way marks are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.form import Form, Line


@dataclass(frozen=True, slots=True)
class Token:
    """A name, a number, an empty cell, or the word that replaces the number before (改为).

    `lines` are the meanings of a name, (table, key) each; `gap` counts the empty cells before a
    number that stands behind a name, or behind the last number of a line (`tail`).
    """

    kind: str  # row, column, table, number, blank, becomes, tail
    text: str
    lines: tuple[tuple[str, str], ...] = ()
    line: int = 0
    gap: int = 0


def fold(text: str) -> str:
    """Full-width digits and marks as half-width ones, line by line.

    Footnote marks and powers (①, ³, ½) would fold into digits: they become unreadable instead.
    """
    kept = "".join("\ufffd" if unicodedata.category(c) == "No" else c for c in text)
    return unicodedata.normalize("NFKC", kept.replace("\u3000", " ")).replace("\xa0", " ")


_MARKS = {
    "，": "[，,、]", ",": "[，,、]", "、": "[、，,.．]", "（": "[（(]", "）": "[）)]",
    "“": "[“”\"「]?", "”": "[“”\"」]?", ".": "[.．、]",
}  # fmt: skip
_IGNORED = (
    "三、本年度办理结果", "本年度办理结果", "（三）不予公开", "（四）无法提供", "（五）不予处理",
    "（六）其他处理", "（六）其他", "不予公开", "无法提供", "不予处理", "其他处理", "申请人情况",
    "法人或其他组织", "信息内容", "本年处理决定数量", "行政诉讼", "单位：万元", "保留4位小数",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "第二十条第（一）项", "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项",
    "本年收费金额（单位：万元）",
    "本年收费金额（单位：万元，保留4位小数）", "其中", "修改", "更正", "是", "有", "共", "各",
    "本年", "全年", "请", "把", "将", "的", "填", "写", "件数", "数量", "由", "从", "第", "行",
)  # fmt: skip
_BECOMES = ("改成", "改为", "应为", "应该是", "更正为", "变为", "写成", "填成", "改")
_WHOLE_ROW = re.compile(r"[^\S\n]*(?:\d[\d,]*[^\S\n]+){5,6}\d[\d,]*(?![\d,]|[^\S\n]*\d)")
_NUMBER = (
    r"[-－−]?\d[\d,]{0,24}(?:\.\d{1,12})?"
    r"(?:[ ]{0,2}(?:亿元|万元|千元|[千百万亿]{1,2}元?|元))?(?:[ ]{0,2}[件条个宗次份起])?"
)
_CHINESE = r"[零〇一二两三四五六七八九十百千万亿]{1,16}[ ]{0,2}(?:[件条个宗次份起]|万元|元)"
_NOTE = r"[（(][^（）()\n]{0,40}\d[^（）()\n]{0,40}[)）]"


def _label_pattern(label: str) -> str:
    """A label with any white space between its characters and any way of writing its marks."""
    marks = {fold(mark): pattern for mark, pattern in _MARKS.items()}
    return r"\s{0,4}".join(marks.get(c, re.escape(c)) for c in fold(label) if not c.isspace())


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The names of one form: a pattern that finds them, and what each may mean."""

    pattern: re.Pattern[str]
    meanings: Mapping[str, list[tuple[str, str, str]]]
    tables: Mapping[str, str]
    ignored: frozenset[str]
    becomes: frozenset[str]
    bare_rows: Mapping[str, tuple[str, str]]


@lru_cache(maxsize=8)
def _lexicon(form: Form) -> _Lexicon:
    labels = tuple(_lines(form))
    tables, ignored = _table_names(form), {*_IGNORED, *_between(form)}
    words = {label for label, *_ in labels} | {*ignored, *tables, *_BECOMES}
    names = "|".join(f"(?:{_label_pattern(word)})" for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<label>{names})|(?P<number>{_NUMBER})|(?P<note>{_NOTE})"
        rf"|(?P<chinese>{_CHINESE})"
        r"|(?P<blank>N/A|—+|--|[/_无])|(?P<space>[ ]*\t)|(?P<other>.)",
        re.DOTALL,
    )
    return _Lexicon(
        pattern,
        _meanings(labels),
        {_plain(name): table for name, table in tables.items()},
        frozenset(map(_plain, ignored)),
        frozenset(map(_plain, _BECOMES)),
        dict(_bare_rows(form)),
    )


def _lines(form: Form) -> Iterator[tuple[str, str, str, str]]:
    """Every way to name a row or column: (label, row or column, table, key)."""
    for table in form.tables.values():
        for axis, lines in (("row", table.rows), ("column", table.columns)):
            for line in lines:
                for label in _names(line):
                    yield label, axis, table.key, line.key


def _table_names(form: Form) -> dict[str, str]:
    """Every way to name a section's tables (表二, 表2, its heading), with the first of them."""
    names = {}
    for number, section in enumerate(form.sections, 1):
        if section.tables:
            called = form.table_name(section.key)
            part = f"第{called[1:]}部分"
            for name in (called, f"表{number}", part, section.label):
                names[name] = section.tables[0]
    return names


def _between(form: Form) -> Iterator[str]:
    """What stands in the form's tables and names no figure: heads, groups, clauses."""
    for table in form.tables.values():
        yield from filter(None, (table.corner, table.head, table.clause))
        yield from (name for place in table.groups.values() for name in place)


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


def scan(form: Form, text: str) -> tuple[list[Token], list[str], str]:
    """The labels, numbers and empty cells of a text in order, the notes, the words left over."""
    return _Scanner(_lexicon(form)).scan(fold(text))


class _Scanner:
    """Reads one text from left to right; tabs tell where cells are empty."""

    def __init__(self, lexicon: _Lexicon) -> None:
        self.lexicon = lexicon
        self.tokens: list[Token] = []
        self.notes: list[str] = []
        self.leftover: list[str] = []
        self.line = 0
        self.tabs = 0
        self.after = ""  # what stands before the tabs on this line: label, number or nothing

    def scan(self, text: str) -> tuple[list[Token], list[str], str]:
        """All of the text."""
        for match in self.lexicon.pattern.finditer(text):
            kind, word = match.lastgroup or "", match[0]
            if kind == "label":
                self.name(word, text, match.end())
            elif kind in ("number", "chinese", "blank"):
                self.number("blank" if kind == "blank" else "number", "".join(word.split()))
            elif kind == "note":
                self.notes.append(word)
            elif kind == "space":
                self.tabs += 1
            elif not (word.isspace() or word in "，,。;；:：=＝、.|()（）【】[]·"):
                self.leftover.append(word)
            if "\n" in word:
                self.end_line(word.count("\n"))
        self.end_line(0)
        return self.tokens, self.notes, "".join(self.leftover)

    def name(self, word: str, text: str, end: int) -> None:
        """A name: of a table, a row, a column; or a word between the numbers."""
        name = _plain(word)
        if name in self.lexicon.tables:
            self.tokens.append(Token("table", self.lexicon.tables[name], line=self.line))
        elif name in self.lexicon.becomes:
            self.tokens.append(Token("becomes", word, line=self.line))
        elif name in self.lexicon.meanings:
            row = self.lexicon.bare_rows.get(name)
            if row and _WHOLE_ROW.match(text, end):
                self.tokens.append(Token("row", word, (row,), self.line))
            else:
                self.tokens.append(_label(self.lexicon.meanings[name], word, self.line))
        elif name not in self.lexicon.ignored:
            self.leftover.append(word)
        self.tabs, self.after = 0, "label"

    def number(self, kind: str, word: str) -> None:
        """A number or a mark for nothing, with the empty cells before it."""
        empty = max(0, self.tabs - 1)
        if self.after == "number":
            self.tokens += [Token("blank", "", line=self.line)] * empty
            empty = 0
        self.tokens.append(Token(kind, word, line=self.line, gap=empty))
        self.tabs, self.after = 0, "number"

    def end_line(self, lines: int) -> None:
        """The end of a line: empty cells behind the last number."""
        if self.after == "number" and self.tabs:
            self.tokens.append(Token("tail", "", line=self.line, gap=self.tabs))
        self.tabs, self.after = 0, ""
        self.line += lines


def _bare_rows(form: Form) -> Iterator[tuple[str, tuple[str, str]]]:
    """Rows of the table of cases called like a column: 总计, 其他 are rows before a whole row."""
    if form.flow:
        table = form.tables[form.flow.table]
        columns = {column.label for column in table.columns}
        for row in table.rows:
            name = re.sub(r"^(?:[（(].{1,2}[）)]|\d+[.．])", "", row.label)
            if name in columns and name != row.label:
                yield _plain(name), (table.key, row.key)


def _label(meanings: list[tuple[str, str, str]], word: str, line: int) -> Token:
    """A label as a row or a column."""
    axes = {axis for axis, _, _ in meanings}
    axis = "column" if "column" in axes else "row"
    return Token(axis, word, tuple((t, k) for a, t, k in meanings if a == axis), line)
