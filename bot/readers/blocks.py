"""What a file holds, in order and in no format's own terms: paragraphs and grids of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the row and column where it begins; merged cells stand in a grid many times."""

    text: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `role` is what our own files say it is (title, heading, topic, text …)."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as it stands: rows of cells; rows need not be of one length."""

    rows: Sequence[Sequence[Cell]]


Block = Paragraph | Grid
