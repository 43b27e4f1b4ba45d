"""Says what a formula of a workbook adds up, for the plain sums that such tables hold.

Nothing is computed for the report. It is only asked whether a 0 that a formula left behind was
counted from figures, or stands there because nobody has filled anything in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

MOST_CELLS = 500  # in one range
MOST_LENGTH = 1_000

Place = tuple[int, int]

_LETTERS = re.compile(r"[A-Z]{1,3}")
_SHEET = r"(?:'(?P<{0}quoted>[^'!]+)'!|(?P<{0}sheet>[\w.]+)!)?"
_RANGE = re.compile(
    _SHEET.format("")
    + r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>[0-9]{1,7})"
    + r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[0-9]{1,7}))?"
)
_SUM = re.compile(r"SUM\(([^()]*)\)", re.I)
_RELATIVE = re.compile(r"(?<![A-Z$'\w])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![0-9(!\w])")
_FIGURE = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a sum adds or takes away: cells of a sheet ('' is the formula's own)."""

    sheet: str
    places: tuple[Place, ...]
    sign: int


def terms_of(formula: str) -> tuple[Term, ...] | None:
    """What `formula` adds up; None where it is no plain sum of cells."""
    if len(formula) > MOST_LENGTH:
        return None
    terms: list[Term] = []
    for sign, word in _signed(formula.strip().removeprefix("=")):
        inside = _SUM.fullmatch(word)
        for part in inside[1].split(",") if inside else [word]:
            term = _term(part.strip(), sign)
            if term is None:
                return None
            terms.append(term)
    return tuple(terms) or None


def is_filled(terms: tuple[Term, ...], sheets: Mapping[str, Mapping[Place, str]]) -> bool:
    """Whether anything stands in the cells of a sum."""
    return any(sheets.get(term.sheet, {}).get(place) for term in terms for place in term.places)


def sum_of(terms: tuple[Term, ...], sheets: Mapping[str, Mapping[Place, str]]) -> Decimal:
    """The sum of the figures in the cells; words count nothing."""
    total = Decimal(0)
    for term in terms:
        texts = (sheets.get(term.sheet, {}).get(place, "") for place in term.places)
        total += term.sign * sum((Decimal(t) for t in texts if _FIGURE.fullmatch(t)), Decimal(0))
    return total


def shift(formula: str, rows: int, columns: int) -> str:
    """A shared formula as it stands `rows` further down and `columns` further right."""

    def moved(found: re.Match[str]) -> str:
        column = found[2] if found[1] else name_of(column_of(found[2]) + columns)
        row = int(found[4]) if found[3] else int(found[4]) + rows
        return f"{found[1]}{column}{found[3]}{row}"

    return _RELATIVE.sub(moved, formula)


def column_of(letters: str) -> int:
    """The number of a column, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def name_of(column: int) -> str:
    """The letters of a column's number."""
    letters = ""
    column = max(column, 0) + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _signed(formula: str) -> Iterator[tuple[int, str]]:
    """The parts between + and −, with their signs."""
    sign = 1
    for word in re.split(r"([+-])(?![^(]*\))", formula):
        if word in ("+", "-"):
            sign = 1 if word == "+" else -1
        elif word.strip():
            yield sign, word.strip()


def _term(word: str, sign: int) -> Term | None:
    """A cell or a range; None for anything else, and for a range too large to be a sum's."""
    found = _RANGE.fullmatch(word.upper() if "!" not in word else word)
    if found is None:
        return None
    top, left = int(found["top"]) - 1, column_of(found["left"])
    bottom = int(found["bottom"] or found["top"]) - 1
    right = column_of(found["right"] or found["left"])
    if top > bottom or left > right or (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        return None
    places = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return Term(found["quoted"] or found["sheet"] or "", tuple(places), sign)
