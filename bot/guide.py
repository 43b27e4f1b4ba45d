"""Guidance for a narrative item: what it must hold, which facts help, and a paragraph from facts.

Pure values; `bot.catalogue` builds them from `prompts/narrative/*.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that is asked for a text; `ask` is its short name."""

    key: str
    ask: str


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that offices did or lack, with its sentence and, for a problem, the answer."""

    key: str
    label: str
    sentence: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """How one text is asked; `compose` gives its paragraphs, or '' while facts are missing."""

    key: str
    must: str
    compose: Callable[[Mapping[str, object]], str]
    worth: str = ""
    example: str = ""
    pick: str = ""
    facts: tuple[Fact, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def needs(self) -> str:
        """What a draft needs from the clerk: facts, measures or nothing."""
        return "facts" if self.facts else "measures" if self.measures else ""


Guides = Mapping[str, Guide]
