"""A report arranged for reading: the documented fields that a template or a check may use.

Pure values. A figure that nobody answered is None and never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Figure = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Topic:
    """One numbered part of a section (of 一、总体情况): its title without the number, its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One unit's report for one year.

    `figures` holds every cell of the form by its key; counts are int, money is Decimal in 万元.
    `texts` holds the narrative items by their keys, the numbered ones apart in `topics`, for a
    file may call them otherwise. A source that carried no texts at all (a file of figures only)
    says so with `has_texts`; an empty string, or a key that lacks, means that the text is missing.
    Texts are plain; a newline ends a paragraph. `final` is False for a draft.
    """

    format: str
    agency: str
    year: int
    level: str
    title: str
    texts: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    has_texts: bool = True
    final: bool = False

    def text(self, key: str) -> str:
        """The text of one item that is not numbered; '' where there is none."""
        return self.texts.get(key, "")


def paragraphs(text: str | None) -> tuple[str, ...]:
    """The paragraphs of a text: its lines without blank ones and outer white space."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def show_figure(figure: Figure) -> str:
    """A figure as the form prints it: no grouping, no trailing zeros added, blank when unknown."""
    if figure is None:
        return ""
    if isinstance(figure, Decimal):
        plain = format(figure, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return str(figure)
