"""Leaves out what is printed around every page: its number, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.readers.lines import Line

_MARGIN = 0.12  # of a page's height, above and below
_DEEP = 3  # lines that a head or foot may have

_NUMBER = "[0-9一二三四五六七八九十百]{1,4}"
_DASH = r"[—–\-－―·•~\s]*"
_PAGE_NUMBERS = re.compile(
    rf"{_DASH}[0-9]{{1,3}}{_DASH}"
    rf"|{_DASH}第\s*{_NUMBER}\s*页[\s/／,，]*(共\s*{_NUMBER}\s*页)?{_DASH}"
    r"|[0-9]{1,3}\s*[/／]\s*[0-9]{1,3}"
    r"|[Pp]age\s*[0-9]{1,3}(\s*(of|/)\s*[0-9]{1,3})?"
)


def without_margins(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without page numbers and without what repeats at its edges."""
    edges = [_at_edge(lines, height) for lines, height in zip(pages, heights, strict=True)]
    often = Counter(key for lines in edges for key in {_key(line) for line in lines})
    least = max(2, 0.4 * len(pages))
    return [
        [line for line in lines if not (line in edge and _is_running(line, often, least))]
        for lines, edge in zip(pages, edges, strict=True)
    ]


def _at_edge(lines: Sequence[Line], height: float) -> list[Line]:
    """The outermost lines of a page that stand in its margins."""
    above = [line for line in lines[:_DEEP] if line.y < _MARGIN * height]
    below = [line for line in lines[-_DEEP:] if line.y > (1 - _MARGIN) * height]
    return above + below


def _is_running(line: Line, often: Counter[tuple[str, int]], least: float) -> bool:
    return bool(_PAGE_NUMBERS.fullmatch(line.text)) or often[_key(line)] >= least


def _key(line: Line) -> tuple[str, int]:
    """What two pages' heads have in common: the words and the height, not the numbers."""
    words = re.sub("[0-9]+", "#", line.text)
    return (words if re.search(r"[^#\s]{3}", words) else line.text, round(line.y / 4))
