"""Lines of text from characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from bot.readers.pages import Glyph

_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Line:
    """The characters of one line from left to right."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def em(self) -> float:
        """How wide a Chinese character of the line is."""
        wide = [g.x1 - g.x0 for g in self.glyphs if is_wide(g.text) and g.x1 > g.x0]
        return median(wide) if wide else 0.8 * median(g.size for g in self.glyphs)

    @cached_property
    def text(self) -> str:
        """The line's text; a wide gap counts as a space."""
        pieces = [self.glyphs[0].text]
        for one, other in pairwise(self.glyphs):
            gap = other.x0 - one.x1
            if gap > (0.2 if _is_ascii(one) and _is_ascii(other) else 1.0) * self.em:
                pieces.append("" if " " in (one.text, other.text) else " ")
            pieces.append(other.text)
        return "".join(pieces)

    @property
    def x0(self) -> float:
        """Where the line begins."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """Where the line ends."""
        return self.glyphs[-1].x1

    @cached_property
    def y(self) -> float:
        """The baseline."""
        return median(glyph.y for glyph in self.glyphs)

    @cached_property
    def chunks(self) -> tuple[Line, ...]:
        """The parts of the line that stand apart from each other, as cells of a table do."""
        parts = [[self.glyphs[0]]]
        for one, other in pairwise(self.glyphs):
            figures = one.text.isdecimal() and other.text.isdecimal()
            if other.x0 - one.x1 > (0.2 if figures else 0.6) * self.em:
                parts.append([])
            parts[-1].append(other)
        return tuple(Line(tuple(part)) for part in parts)


def is_wide(character: str) -> bool:
    """Whether a character is as wide as a Chinese one."""
    return bool(character) and unicodedata.east_asian_width(character[0]) in "WF"


def make_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines that the characters make, from above; blanks at their ends are no part of them."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if rows and glyph.y - rows[-1][0].y < 0.4 * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = (_trimmed(sorted(row, key=lambda glyph: (glyph.x0, glyph.x1))) for row in rows)
    return [Line(tuple(line)) for line in lines if line]


def joined(lines: Sequence[str]) -> str:
    """The lines of one paragraph or label as one text; Chinese needs no space between them."""
    text = ""
    for line in lines:
        text += " " + line if text and _apart(text, line) else line
    return text


def _apart(text: str, line: str) -> bool:
    """Whether two lines end and begin with words; an address that is cut is one word."""
    word = text.rsplit(" ", 1)[-1]
    return bool(_LETTER.match(text[-1]) and _LETTER.match(line)) and "/" not in word


def _trimmed(row: list[Glyph]) -> list[Glyph]:
    """A row without blank ends and without letters printed twice to look bold."""
    kept: list[Glyph] = []
    for glyph in row:
        last = kept[-1] if kept else None
        twice = (
            last is not None
            and last.text == glyph.text
            and glyph.x0 - last.x0 < 0.25 * (last.x1 - last.x0)
        )
        if glyph.text and not twice and (kept or not glyph.text.isspace()):
            kept.append(glyph)
    while kept and kept[-1].text.isspace():
        kept.pop()
    return kept


def _is_ascii(glyph: Glyph) -> bool:
    return "!" <= glyph.text <= "~"
