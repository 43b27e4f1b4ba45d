"""Finds the cells that any formula of a workbook refers to, plain sum or not.

Only to ask whether a 0 that it left behind was counted from figures: nothing is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from bot.readers.formulas import MOST_LENGTH, Place, column_of

MOST_REFERENCES = 40  # in one formula

_STRING = re.compile(r'"[^"]*"')
_SHEET = r"(?:'(?P<quoted>[^'!]+)'!|(?P<sheet>[\w.]+)!)?"
_CELLS = re.compile(
    _SHEET
    + r"(?<![\w.$])(?:\$?(?P<left>[A-Z]{1,3})\$?(?P<top>[0-9]{1,7})"
    + r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[0-9]{1,7}))?"
    + r"|\$?(?P<first>[A-Z]{1,3}):\$?(?P<last>[A-Z]{1,3})"
    + r"|\$?(?P<upper>[0-9]{1,7}):\$?(?P<lower>[0-9]{1,7}))(?![\w.(!])",
    re.I,
)
_LOOKUP = re.compile(
    r"\b(?:[VHX]?LOOKUP|INDEX|MATCH|OFFSET|INDIRECT|CHOOSE|FILTER|GETPIVOTDATA)\s*\(", re.I
)
_COUNT = re.compile(r"\bCOUNT(?!BLANK)[A-Z]*\s*\(", re.I)
_FUNCTION = re.compile(r"[A-Z_][\w.]*\s*\(", re.I)
_CONSTANT = re.compile(r"\b(?:TRUE|FALSE)\b|[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?", re.I)
_UNKNOWN = re.compile(r"[^\W\d]|[\[\]#]")
_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%?")

_LAST = 2_000_000  # below and right of all cells of a sheet


def is_hollow(formula: str, place: Place, sheets: Mapping[str, Mapping[Place, str]]) -> bool:
    """Whether a 0 at `place` counts nothing: what its formula refers to is blank or not there.

    A formula of constants alone, such as =0, is somebody's answer.
    """
    words = _STRING.sub("", formula[: MOST_LENGTH + 1]).strip().removeprefix("=")
    if len(words) > MOST_LENGTH or _LOOKUP.search(words):
        return True
    rest = _CONSTANT.sub("", _FUNCTION.sub("", _CELLS.sub("", words)))
    found = list(_CELLS.finditer(words))
    if _UNKNOWN.search(rest) or len(found) > MOST_REFERENCES:
        return True  # a name, another file
    counts_words = bool(_COUNT.search(words))
    texts = (text for match in found for text in _texts(match, place, sheets))
    return bool(found) and not any(
        text.strip() and (counts_words or _FIGURE.fullmatch(text)) for text in texts
    )


def _texts(
    match: re.Match[str], own: Place, sheets: Mapping[str, Mapping[Place, str]]
) -> Iterator[str]:
    """What stands in the cells of a reference, without the formula's own cell."""
    sheet = match["quoted"] or match["sheet"] or ""
    top, left, bottom, right = _bounds(match)
    texts = sheets.get(sheet, {})
    places: Iterable[Place] = texts
    if (bottom - top + 1) * (right - left + 1) < len(texts):
        places = product(range(top, bottom + 1), range(left, right + 1))
    for place in places:
        if top <= place[0] <= bottom and left <= place[1] <= right and (sheet or place != own):
            yield texts.get(place, "")


def _bounds(match: re.Match[str]) -> tuple[int, int, int, int]:
    """The first row and column of a reference, and its last ones, from 0."""
    if match["first"]:
        return 0, column_of(match["first"].upper()), _LAST, column_of(match["last"].upper())
    if match["upper"]:
        return int(match["upper"]) - 1, 0, int(match["lower"]) - 1, _LAST
    left, top = column_of(match["left"].upper()), int(match["top"]) - 1
    right, bottom = match["right"] or match["left"], match["bottom"] or match["top"]
    return top, left, int(bottom) - 1, column_of(right.upper())
