"""Knows the rows of table three by their labels: exact, in the office's spelling, or torn.

A label that is equally near to two rows is doubtful and never decided by its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.form import Form, Line, Table
from bot.readers.opposites import is_contrary

NEAR = 82  # of 100: so alike a label is the row's
CLEAR = 8  # and so much more alike than the next
SHORT = 48  # characters of a text that is kept once it was stripped
LONGEST = 120  # characters of a label with its groups; more is prose
TORN = 6  # characters of a piece of a label that stand for the whole

_NUMBER = re.compile(
    r"(?P<cjk>[一二三四五六七八九十]{1,2}[、.,:．])|(?P<bracket>\([一二三四五六七八九十]{1,2}\)[、.]?)"
    r"|(?P<figure>\(?[0-9]{1,2}\)?[、.,:)．]?)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label taken apart: its bare words, and its number with the way it is written."""

    words: str
    way: str = ""
    number: str = ""


def take_apart(text: str) -> Label:
    """A label without number, white space and marks: `（一）予以公开` is 予以公开, (一)."""
    dense = "".join(unicodedata.normalize("NFKC", text).split())
    match = _NUMBER.match(dense)
    if not match:
        return Label(bare(dense))
    number = re.sub(r"[^一二三四五六七八九十0-9]", "", match.group())
    return Label(bare(dense[match.end() :]), match.lastgroup or "", number)


def bare(text: str) -> str:
    """A text without white space and marks, in half-width signs."""
    return _short_bare(text) if len(text) <= SHORT else _bare(text)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


_short_bare = lru_cache(maxsize=1024)(_bare)  # the form's own labels are asked for all the time


@dataclass(frozen=True, slots=True)
class Names:
    """The labels of one table's rows: by words the row, the groups above them, and the words."""

    rows: Mapping[str, int]
    own: tuple[Label, ...]
    groups: frozenset[str]

    def row(self, text: str) -> int | None:
        """The place of the row that a label names in the table; None where it names none."""
        if len(text) > LONGEST:
            return None
        label = take_apart(text)
        found = self._exact(label)
        return self._near(label) if found is None else found

    def is_group(self, text: str) -> bool:
        """Whether a label stands for a group of rows: （三）不予公开."""
        label = take_apart(text)
        if label.way == "bracket":
            return any(label.words and group.startswith(label.words) for group in self.groups)
        return label.words in self.groups and label.way != "figure"

    def fits(self, text: str, row: int) -> bool:
        """Whether a torn label can be that of `row`: no words at all, or a piece of it."""
        words = bare(text)
        own = self.own[row].words
        return not words or (
            len(words) > 1
            and fuzz.partial_ratio(words, own) >= NEAR
            and not is_contrary(words, own)
        )

    def _exact(self, label: Label) -> int | None:
        """The row with these words; a group's words in front of them do not count."""
        found = self.rows.get(label.words)
        if found is not None:
            return None if self._is_of_other_kind(label, found) else found
        for group in self.groups:
            if label.words.startswith(group) and label.words != group:
                rest = label.words.removeprefix(group)
                numbered = rest[0] in "一二三四五六七八九十0123456789"
                return self._exact(Label(rest[1:] if numbered else rest))
        return None

    def _is_of_other_kind(self, label: Label, row: int) -> bool:
        """Whether a short label is numbered as no such row is: （六）其他 is a group."""
        return len(label.words) < 4 and label.way not in ("", self.own[row].way)

    def _near(self, label: Label) -> int | None:
        """The one row that is like the label, or that the label is a piece of."""
        words = label.words
        if len(words) < 4 or words in self.groups:
            return None
        pieces = [row for row, own in enumerate(self.own) if _is_piece(words, own.words)]
        if len(pieces) == 1:
            return pieces[0] if not self._contradicts(label, pieces[0]) else None
        own = [label.words for label in self.own]
        best = process.extract(words, own, scorer=fuzz.ratio, limit=2, score_cutoff=NEAR - CLEAR)
        if not best or best[0][1] < NEAR or (best[1:] and best[0][1] - best[1][1] < CLEAR):
            return None
        row = best[0][2]
        return None if self._contradicts(label, row) else row

    def _contradicts(self, label: Label, row: int) -> bool:
        """Whether the label has another number than the row, or says another year."""
        own = self.own[row]
        other_number = label.way == own.way and label.number != own.number
        return other_number or is_contrary(label.words, own.words)


def _is_piece(words: str, whole: str) -> bool:
    """Whether the words are the beginning or the end of a longer label."""
    return len(words) >= TORN and words != whole and (
        whole.startswith(words) or whole.endswith(words)
    )  # fmt: skip


@lru_cache(maxsize=8)
def names_of(form: Form, table: str) -> Names:
    """The labels of one table of the form."""
    held = form.tables[table]
    groups = {bare(take_apart(part).words) for parts in held.groups.values() for part in parts}
    return Names(_rows(held), tuple(take_apart(row.label) for row in held.rows), frozenset(groups))


def _rows(table: Table) -> dict[str, int]:
    """Rows by their words; a name that two rows have stands for neither."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for place, row in enumerate(table.rows):
        for words in _words(row):
            if found.setdefault(words, place) != place:
                twice.add(words)
    return {words: place for words, place in found.items() if words not in twice}


def _words(row: Line) -> Iterable[str]:
    """The official words of a row and the longer ones of its other names."""
    official = take_apart(row.label).words
    others = (take_apart(name).words for name in (row.short, *row.aliases))
    return {official, *(name for name in others if len(name) > 3)}
