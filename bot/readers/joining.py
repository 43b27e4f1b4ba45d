"""Puts the parts of a ruled table together that a page break has cut apart.

A repeated head is dropped, a label cell that goes on is one cell, a row cut in two is one row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from bot.readers.blocks import Cell, Grid
from bot.readers.lines import joined
from bot.readers.ruling import Box, Ruled, places, rows_of

_SAME = 4.0  # points between edges that are one
_MOST_HEAD = 6  # rows that a head may have
_FIGURE = re.compile(r"[0-9０-９.,，\s]*")


def plain(text: str) -> str:
    """A label without white space and without the difference of full and half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def grid_of(table: Ruled) -> Grid:
    """The table as a grid; merged cells stand in every place they cover."""
    rows: list[list[Cell]] = [
        [Cell("", row, column) for column in range(len(table.xs) - 1)]
        for row, _ in enumerate(pairwise(table.ys))
    ]
    for box in table.boxes:
        cell = Cell(box.text, box.top, box.left)
        for row in range(box.top, box.bottom):
            rows[row][box.left : box.right] = [cell] * (box.right - box.left)
    return Grid(rows)


def continued(above: Ruled, below: Ruled, labels: Collection[str]) -> Ruled | None:
    """Both parts as one table, or None where they are two; `labels` are the form's, made plain."""
    shift = above.xs[0] - below.xs[0]
    if abs(above.xs[-1] - below.xs[-1] - shift) > _SAME:
        return None
    xs = places([*above.xs, *(x + shift for x in below.xs)])
    above, below = _on(xs, above, 0.0), _on(xs, below, shift)
    below = _without_head(above, below)
    if not below.boxes:
        return above
    pairs = tuple(_pairs(above, below))
    if _is_torn(pairs, labels):
        return _stacked(above, below, pairs, len(above.ys) - 2)
    pairs = tuple(pair for pair in pairs if _goes_on(*pair, labels))
    return _stacked(above, below, pairs, len(above.ys) - 1)


def _on(xs: tuple[float, ...], table: Ruled, shift: float) -> Ruled:
    """The table on other upright lines that contain its own."""
    column = [
        min(range(len(xs)), key=lambda at: abs(xs[at] - x - shift)) for x in table.xs
    ]  # fmt: skip
    boxes = (replace(b, left=column[b.left], right=column[b.right]) for b in table.boxes)
    return replace(table, xs=xs, boxes=tuple(box for box in boxes if box.left < box.right))


def _without_head(above: Ruled, below: Ruled) -> Ruled:
    """`below` without the rows with which both begin."""
    head = 0
    for one, other in zip(*(rows_of(part, _MOST_HEAD) for part in (above, below)), strict=False):
        if [*map(plain, one)] != [*map(plain, other)] or not any(map(_is_word, one)):
            break
        head += 1
    while any(box.top < head < box.bottom for box in below.boxes):
        head -= 1
    boxes = (
        replace(box, top=box.top - head, bottom=box.bottom - head)
        for box in below.boxes
        if box.top >= head
    )
    return replace(below, ys=below.ys[head:], boxes=tuple(boxes))


def _pairs(above: Ruled, below: Ruled) -> Iterator[tuple[Box, Box]]:
    """The cells of the last row and of the first that stand on each other."""
    last = len(above.ys) - 1
    feet = {(box.left, box.right): box for box in above.boxes if box.bottom == last}
    for box in below.boxes:
        if box.top == 0 and (box.left, box.right) in feet:
            yield feet[box.left, box.right], box


def _is_torn(pairs: Collection[tuple[Box, Box]], labels: Collection[str]) -> bool:
    """Whether the page break goes through a row: through its label, its figures on one side."""
    if any(one.text and other.text and not _is_word(other.text) for one, other in pairs):
        return False
    return any(
        _completes(one, other, labels) and one.bottom - one.top == 1 == other.bottom
        for one, other in pairs
    )


def _goes_on(one: Box, other: Box, labels: Collection[str]) -> bool:
    """Whether a cell at the top of a page is the rest of the label above it."""
    return _completes(one, other, labels) or (not other.text and _is_word(one.text))


def _completes(one: Box, other: Box, labels: Collection[str]) -> bool:
    return bool(other.text) and plain(one.text + other.text) in labels


def _stacked(above: Ruled, below: Ruled, pairs: Iterable[tuple[Box, Box]], offset: int) -> Ruled:
    """`below` with its first row in row `offset`, each of the pairs one cell.

    The heights mean nothing any more, only their number does.
    """
    upper = {id(other): one for one, other in pairs}
    gone = {id(one) for one in upper.values()}
    boxes = [box for box in above.boxes if id(box) not in gone]
    for box in below.boxes:
        moved = replace(box, top=box.top + offset, bottom=box.bottom + offset)
        if one := upper.get(id(box)):
            moved = replace(moved, top=one.top, text=joined([one.text, box.text]))
        boxes.append(moved)
    ordered = sorted(boxes, key=lambda box: (box.top, box.left))
    ys = tuple(float(y) for y in range(offset + len(below.ys)))
    return Ruled(above.xs, ys, tuple(ordered))


def _is_word(text: str) -> bool:
    return bool(text) and not _FIGURE.fullmatch(text)
