"""What every reader hands back: the report it found, and what it could not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.report import Report


class Unreadable(Exception):
    """A file that cannot be taken at all; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A report read from a file.

    `headings` are the numbered headings in the order in which they stand. `around` is the fixed
    text beside the report's own: labels, page headers and footers. `unread` says in sentences
    what was not understood; a figure that was not understood is None and never guessed.
    `unreadable` holds what stood in such a cell.
    """

    report: Report
    headings: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
