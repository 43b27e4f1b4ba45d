"""Rows whose figures are not to be believed: told vaguely, taken back, or of another year.

Pure. What is asked about must not stand as a value beside the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.telling.claims import Claim

Row = tuple[str, str]
"""A table and the key of a row; with the table `family` the beginning of several keys."""


@dataclass(slots=True)
class Doubts:
    """The doubted `rows`; the `newest` rows told, with their `words`; whether a 不对 waits for its
    number (`mending`)."""

    rows: set[Row] = field(default_factory=set)
    newest: list[Row] = field(default_factory=list)
    words: str = ""
    mending: bool = False

    def add(self, rows: Iterable[Row]) -> None:
        """Doubt these rows."""
        self.rows |= set(rows)

    def covers(self, table: str, key: str) -> bool:
        """Whether a row is doubted, itself or by its family."""
        family = key.partition("_")[0]
        return (table, key) in self.rows or (
            table == "requests" and ("family", family) in self.rows
        )


def named_rows(claim: Claim) -> list[Row]:
    """The rows that a claim names; a verb (收到) only where it names no other."""
    rows = [word for word in claim.words if word.kind == "row"]
    named = [word.meaning for word in rows if not word.verb] + claim.meanings("family")
    return named or [word.meaning for word in rows]
