"""What a file came to: the report that stands in it, and what could not be read.

Pure values; `bot.readers` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.report import Figure, Report


@dataclass(frozen=True, slots=True)
class Returned:
    """What somebody changed in a workbook of ours that came back.

    `draft` is the one it was made for. `changes` are the items that hold something else now than
    when it went out: None where they were made blank. `given` is what stood in those cells then.
    """

    draft: int
    changes: Mapping[str, int | Decimal | str | None]
    given: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A report read from a file.

    `headings` are the numbered headings in the order in which they stand. `around` is the fixed
    text beside the report's own: labels, page headers and footers. `unread` says in sentences
    what was not understood; a figure that was not understood is None and never guessed.
    `unreadable` holds what stood in such a cell. `labels` are the words of the tables;
    `form_seen` is "2019" where the file uses the form that was replaced, else ''. `returned` is
    there for a workbook that this program made.
    """

    report: Report
    headings: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    form_seen: str = ""
    returned: Returned | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read: its upload's number, its name, and what stood in it or why not."""

    upload: int
    name: str
    reading: Reading | None
    refusal: str = ""
