"""Rows of a table that stand in lines of text: a label and its figures, set apart by blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.form import Form
from bot.readers.amounts import is_amount, plain
from bot.readers.blocks import Cell, Grid
from bot.readers.labels import bare
from bot.readers.replaced import COLUMNS, ROWS

_ALONE = 4  # so many figures alone on their lines: every cell has a line
_LONGEST_ROW = 7
_LONGEST_LINE = 400  # characters of a row; more is prose
_LAST_HEADS = ("总计",)  # of table four; fewer figures stand behind it than in a row of table three
_REMARK = re.compile(r"[（(]?\s*(注|备注|说明|单位|填表)\s*[：:]|[（(]?单位[：:]?\s*(件|万元)")
_EXTRA = (
    "申请人情况", "法人或其他组织", "信息内容", "行政诉讼", "保留4位小数", "第二十条第（一）项",
    "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项", "第二十条第（九）项",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
)  # fmt: skip


def grid_of(lines: Sequence[str], form: Form) -> tuple[Grid, tuple[str, ...]]:
    """The rows and labels in `lines` as one table, and the lines that are neither."""
    rows: list[list[str]] = []
    others: list[str] = []
    for row in _gathered([_cells(line, form) or [line] for line in lines]):
        if len(row) > 1 or is_amount(row[0]) or _is_label(row[0], form):
            rows.append(row)
        elif not _REMARK.match(row[0]):
            others.append(row[0])
    grid = [
        [Cell(text, number, column) for column, text in enumerate(row)]
        for number, row in enumerate(rows)
    ]
    return Grid(grid), tuple(others)


def _gathered(rows: Sequence[list[str]]) -> list[list[str]]:
    """The rows, where every cell stands on a line of its own the figures behind their label."""
    if sum(len(row) == 1 and is_amount(row[0]) for row in rows) < _ALONE:
        return list(rows)
    gathered: list[list[str]] = []
    for row in rows:
        is_alone = len(row) == 1 and is_amount(row[0])
        if is_alone and gathered and not _is_head(gathered[-1]):
            gathered[-1].append(row[0])
        else:
            gathered.append(list(row))
    return [part for row in gathered for part in _apart(row)]


def _is_head(row: Sequence[str]) -> bool:
    """Whether a row is several words and no figures."""
    return len(row) > 1 and not is_amount(row[-1])


def _apart(row: list[str]) -> list[list[str]]:
    """A row of figures, apart from the head before it where it is too long for a label's row."""
    is_head = row[0] in _LAST_HEADS and 1 < len(row) <= _LONGEST_ROW
    return [row[:1], row[1:]] if is_head or len(row) > _LONGEST_ROW + 1 else [row]


def is_row(line: str, form: Form) -> bool:
    """Whether a line of text is a row of a table of the form, or a piece of one."""
    return bool(_cells(line, form)) or _is_label(line, form)


def _cells(line: str, form: Form) -> list[str]:
    """The cells of a line: its label and the figures behind it, or the heads; [] for prose."""
    if len(line) > _LONGEST_LINE:
        return []
    words = line.split()
    end = _label_end(words)
    label, rest = "".join(words[:end]), words[end:]
    if rest and is_amount(rest[-1]):
        known = bool(label) and label[-1] not in "：:。" and _is_label(label, form)
        if known or sum(map(is_amount, rest)) > 4:
            return [label, *rest] if label or len(rest) == _LONGEST_ROW else rest
        return []
    if len(words) < 2 or any(bare(line) in label for label in _labels(form)):
        return []
    return words if all(len(bare(w)) > 1 and _is_label(w, form) for w in words) else []


def _label_end(words: Sequence[str]) -> int:
    """How many words are the label: those from the first that is in Chinese to the first figure.

    A number before it belongs to it; with figures before it the line has no label.
    """
    start = next((at for at, word in enumerate(words) if not _is_value(word)), len(words))
    if start > 1 or start == len(words):
        return 0
    after = range(start + 1, len(words))
    return next((at for at in after if _is_value(words[at])), len(words))


def _is_value(word: str) -> bool:
    """Whether a word is a figure, a sign for none, or a blank written out."""
    return is_amount(word) or not plain(word)


def _is_label(line: str, form: Form) -> bool:
    """Whether a text is a label of the form's tables, several of them, or a piece of one."""
    words = bare(plain(line[: _LONGEST_LINE + 1]))
    if not words or len(line) > _LONGEST_LINE:
        return not words
    if any(words in label for label in _labels(form)):
        return True
    rest = words
    for label in _labels(form):
        rest = rest.replace(label, "")
    strange = "。" in line or any(sign.isdigit() for sign in rest)
    return not strange and len(rest) <= min(4, len(words) // 2)


@lru_cache(maxsize=8)
def _labels(form: Form) -> tuple[str, ...]:
    """All labels of the tables without marks, the longest first."""
    lines = [line for table in form.tables.values() for line in (*table.rows, *table.columns)]
    names = [name for line in lines for name in (line.label, *line.aliases)]
    places = [part for item in form.items.values() if item.is_cell for part in item.place]
    found = {bare(name) for name in (*names, *places, *_EXTRA, *COLUMNS, *ROWS)}
    return tuple(sorted((name for name in found if len(name) > 1), key=len, reverse=True))
