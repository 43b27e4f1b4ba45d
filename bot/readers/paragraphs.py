"""Paragraphs from lines, by where lines end and where they begin; pages may part them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.joining import grid_of
from bot.readers.lines import Line, is_wide, joined
from bot.readers.ruling import Ruled

_WORD = re.compile(r"[!-~]+")  # what is not broken at the end of a line
_CLOSING = re.compile(r"[，。、；：！？）》」』】〉”’…—·,.;:!?)%％]+")  # what begins no line
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]+[、）)]")
_ENDS = "。！？；：.!?;:"
_LARGE = 1.15  # a title's letters beside the text's
_LOOSE = 1.45  # a gap between lines that parts paragraphs, in usual gaps


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the number of its page."""

    line: Line
    page: int


Part = Ruled | Grid | Placed


@dataclass(frozen=True, slots=True)
class _Measure:
    """How the text is set: each page's left and right edge, the letters' size, the lines' gap."""

    edges: dict[int, tuple[float, float]]
    size: float
    gap: float


def _measure(placed: Sequence[Placed]) -> _Measure:
    """What most lines say; a page with little text takes its edges from the others."""
    pages: dict[int, list[Line]] = {}
    for part in placed:
        pages.setdefault(part.page, []).append(part.line)
    size = median([part.line.em for part in placed] or [0.0])
    sides = {
        number: (min(line.x0 for line in lines), _edge([line.x1 for line in lines]))
        for number, lines in pages.items()
    }
    width = _edge([right - left for left, right in sides.values()])
    begin = median([left for left, _ in sides.values()] or [0.0])
    edges = {}
    for number, (left, right) in sides.items():
        left = left if left - begin < 2 * size else begin
        edges[number] = (left, max(right, left + 0.95 * width))
    return _Measure(edges, size, _gap(pages, edges, size))


def _gap(
    pages: Mapping[int, Sequence[Line]], edges: Mapping[int, tuple[float, float]], size: float
) -> float:
    """How far apart the lines of one paragraph usually are: behind a line that is full."""
    gaps = [
        (other.y - one.y, edges[number][1] - one.x1 < 1.5 * size)
        for number, lines in pages.items()
        for one, other in pairwise(lines)
    ]
    full = [gap for gap, is_full in gaps if is_full]
    return median(full or [gap for gap, _ in gaps] or [0.0])


def _edge(ends: Sequence[float]) -> float:
    """The outermost of some ends that does not stand alone."""
    ranked = sorted(ends, reverse=True)
    for one, other in pairwise(ranked):
        if one - other < 8:
            return one
    return ranked[0] if ranked else 0.0


def blocks_of(flow: Sequence[Part]) -> Iterator[Block]:
    """The paragraphs that the lines make, and the tables between them."""
    measure = _measure([part for part in flow if isinstance(part, Placed)])
    lines: list[Placed] = []
    in_title = True
    for part in flow:
        if isinstance(part, Placed):
            in_title = in_title and part.line.em > _LARGE * measure.size
            if lines and not (
                _in_one_title(lines[-1], part, in_title) or _continues(lines[-1], part, measure)
            ):
                yield _paragraph(lines)
                lines = []
            lines.append(part)
            continue
        if lines:
            yield _paragraph(lines)
            lines = []
        yield grid_of(part) if isinstance(part, Ruled) else part
    if lines:
        yield _paragraph(lines)


def _paragraph(lines: Sequence[Placed]) -> Paragraph:
    return Paragraph(joined([part.line.text for part in lines]).strip())


def _in_one_title(one: Placed, other: Placed, in_title: bool) -> bool:
    """Whether two large lines at the head of the report are one title."""
    return (
        in_title
        and abs(one.line.em - other.line.em) < 0.05 * one.line.em
        and not _NUMBERED.match(other.line.text)
    )


def _continues(one: Placed, other: Placed, measure: _Measure) -> bool:
    """Whether a line goes on with the paragraph of the one before.

    It does where that one had no room for what begins this one, and this one is not indented.
    """
    line, after = one.line, other.line
    wide = any(is_wide(glyph.text) for glyph in after.glyphs)
    if wide and abs(after.em - line.em) > 0.12 * line.em:
        return False
    if after.x0 - measure.edges[other.page][0] > 0.9 * line.em:
        return False
    if _NUMBERED.match(after.text) and line.text[-1] in _ENDS:
        return False
    if one.page == other.page and after.y - line.y > _LOOSE * measure.gap:
        return False
    return measure.edges[one.page][1] - line.x1 < _first(after) + 0.8 * line.em


def _first(line: Line) -> float:
    """How wide the beginning of a line is that cannot be parted."""
    text = "".join(glyph.text for glyph in line.glyphs)
    word = _WORD.match(text)
    end = word.end() if word else 1
    closing = _CLOSING.match(text, end)
    end = min(closing.end() if closing else end, len(line.glyphs))
    return min(line.glyphs[end - 1].x1 - line.x0, 20 * line.em)
