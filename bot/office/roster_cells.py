"""Cuts the lines of a pasted list into cells, and a cell into the names that stand in it.

Pure. Nothing is cut within brackets: 文化和旅游局（文物局、广播电视局） is one name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.office.names import is_body, is_place
from bot.office.roster_columns import role_of
from bot.office.roster_words import clean, mark_of

_SEPARATORS = ("\t", "|｜", ",，;；", "、")
_FRAME = re.compile(r"^[|｜]|[|｜]$")  # of a table drawn with bars
_ENDS = " 。，,;；、"
_LEAST = 4  # characters of a full name
_BETWEEN = "\t,;，；"
_QUOTED = re.compile(rf'(?:^|[{_BETWEEN}])"', re.MULTILINE)


def cut(line: str) -> list[str]:
    """The cells of a line: by tabs, bars, commas, 、 or blanks, whichever comes first here."""
    if not clean(line):
        return [""]
    text = _FRAME.sub("", line.strip(" \r\n"))
    mark = mark_of(text)
    text = text[len(mark) :] if "\t" not in mark else text
    for signs in _SEPARATORS:
        cells = split(text.strip(_ENDS) if signs in ",，;；、" else text, signs)
        if len(cells) > 1:
            # 1、甲局、乙局 may stand below a head that names the number too
            number = [mark.strip(" 、")] if signs == "、" and mark.strip().endswith("、") else []
            return number + [clean(cell) for cell in cells]
    return _at_blanks(clean(text).strip(_ENDS))


def split(text: str, signs: str) -> list[str]:
    """A text cut at each of the signs that stands outside brackets."""
    if not any(sign in text for sign in signs):
        return [text]
    cells, begin, depth = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "（(") - (character in "）)" and depth > 0)
        if character in signs and not depth:
            cells.append(text[begin:at])
            begin = at + 1
    # a bracket that nobody closed holds nothing together
    return re.split(f"[{re.escape(signs)}]", text) if depth else [*cells, text[begin:]]


def pasted_rows(text: str) -> list[tuple[str, ...]]:
    """The rows of a pasted text: its lines, each one cell.

    Where cells stand in quotes, as a workbook or a CSV puts those that hold a line break, they are
    cut as there; quotes that are not in pairs are left out.
    """
    lines: list[tuple[str, ...]] = [(line,) for line in text.split("\n")]
    if not _QUOTED.search(text):
        return lines
    bare = re.sub(r'"[^"]*"', "", text)
    separator = max(_BETWEEN, key=bare.count)
    if rows := _unquoted(text, separator):
        return rows
    return [(line.replace('"', ""),) for line in text.split("\n")]


def _unquoted(text: str, separator: str) -> list[tuple[str, ...]]:
    """The rows of a text with quoted cells; none where a quote is not closed."""
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    at, text = 0, text + "\n"
    while at < len(text):
        found = _cell(separator).match(text, at)
        if found is None:
            return []
        quoted, plain, end = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if end == "\n":
            rows.append(tuple(cells))
            cells = []
        at = found.end()
    return rows


@cache
def _cell(separator: str) -> re.Pattern[str]:
    """A cell, in quotes or not, with what ends it."""
    sign = re.escape(separator)
    return re.compile(rf'(?:"((?:[^"]|"")*)"[ \r]*|(?!")([^{sign}\n]*))({sign}|\n)')


def names_in(cell: str) -> list[str]:
    """The names in one cell: several where they stand on lines of their own or between 、."""
    for parts in (cell.splitlines(), split(cell, "、，,；;")):
        names = [tidy(part) for part in parts if part.strip()] if len(parts) > 1 else []
        if len(names) > 1 and all(len(name) >= _LEAST and is_body(name) for name in names):
            return names
    name = tidy(cell)
    return [name] if name else []


def tidy(name: str) -> str:
    """A name without list mark, blanks between its characters, and stops behind it."""
    plain = clean(name)
    plain = plain[len(mark_of(plain)) :].strip(_ENDS)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", plain)


def unnumbered(names: Sequence[str]) -> list[str]:
    """Names without the numbers that are glued to all of them: 1西山区财政局."""
    glued = [re.match(r"\d{1,4}(?=[\u4e00-\u9fff])", name) for name in names]
    if len(names) < 2 or not all(glued):
        return list(names)
    return [name[found.end() :] for name, found in zip(names, glued, strict=True) if found]


def _at_blanks(text: str) -> list[str]:
    """A line cut at its blanks where a full name or a head stands between them; else one cell.

    西山区 财政局 and 财 政 局 are one name.
    """
    pieces: list[str] = []
    for piece in text.split(" "):
        if pieces and is_place(pieces[-1]):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    named = any(len(piece) >= _LEAST and is_body(piece) for piece in pieces)
    return pieces if named or all(role_of(piece) for piece in pieces) else [text]
