"""One point that was looked at, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["fine", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Point:
    """A point by its name, how it is, and a sentence that says what is there and what to do."""

    name: str
    mark: Mark
    words: str


def fine(name: str, words: str) -> Point:
    """Nothing to do."""
    return Point(name, "fine", words)


def warn(name: str, words: str) -> Point:
    """It works, but somebody should know."""
    return Point(name, "warn", words)


def bad(name: str, words: str) -> Point:
    """It does not work, or will not for long."""
    return Point(name, "bad", words)
