"""What a file came to: the report that stands in it, and what could not be read.

Pure values; `bot.readers` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.report import Report


@dataclass(frozen=True, slots=True)
class Reading:
    """A report read from a file.

    `headings` are the numbered headings in the order in which they stand. `around` is the fixed
    text beside the report's own: labels, page headers and footers. `unread` says in sentences
    what was not understood; a figure that was not understood is None and never guessed.
    `unreadable` holds what stood in such a cell. `labels` are the words of the tables;
    `form_seen` is "2019" where the file uses the form that was replaced, else ''.
    """

    report: Report
    headings: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    form_seen: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read: its upload's number, its name, and what stood in it or why not."""

    upload: int
    name: str
    reading: Reading | None
    refusal: str = ""
