"""Pieces of text that stand apart on a page, and labels that take several of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.readers.joining import plain

_FIGURE = re.compile(r"[0-9０-９][0-9０-９.,，]*")


@dataclass(frozen=True)
class Word:
    """A piece of text that stands apart: where it is, counted down through the pages."""

    text: str
    x0: float
    x1: float
    y: float
    em: float

    @property
    def middle(self) -> float:
        """Its middle from left to right."""
        return (self.x0 + self.x1) / 2

    @cached_property
    def plain(self) -> str:
        """Its text without white space."""
        return plain(self.text)

    @cached_property
    def is_figure(self) -> bool:
        """Whether it is a number."""
        return bool(_FIGURE.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Span:
    """Where a label stands that may take several lines."""

    top: float
    bottom: float
    x1: float
    em: float


def find_label(words: Sequence[Word], label: str) -> Span | None:
    """Where a label stands, its lines one below the other; None unless in one place."""
    spans = [span for word in words if (span := _follow(words, word, label))]
    return spans[0] if len(spans) == 1 else None


def _follow(words: Sequence[Word], first: Word, label: str) -> Span | None:
    """The label that begins with a word and goes on below it."""
    text, last, right = first.plain, first, first.x1
    while label != text:
        if not label.startswith(text):
            return None
        below = [
            word for word in words if _is_below(word, last) and label.startswith(text + word.plain)
        ]
        if not below:
            return None
        last = min(below, key=lambda word: word.y)
        text, right = text + last.plain, max(right, last.x1)
    return Span(first.y, last.y, right, first.em)


def _is_below(word: Word, upper: Word) -> bool:
    return (
        0.5 * upper.em < word.y - upper.y < 2.2 * upper.em
        and word.x0 < upper.x1
        and word.x1 > upper.x0
    )
