"""What the heads of a table say of the order of its columns.

A head decides where it names every column once. A torn head says nothing, and the form's order
holds; a head that names its columns in another order and not all of them contradicts it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.readers.blocks import Cell

Path = tuple[str, ...]  # a column by the words above it, from the top

MOST_ROWS = 80  # of one head, with each word on a line of its own
CONTRARY: tuple[Path, ...] = ()  # the order of a head that contradicts the form's


@dataclass(frozen=True, slots=True)
class Scheme:
    """The heads that the form has.

    `below` are the words that stand under a word, `blocks` the columns that come together in the
    form's order, `series` words that stand side by side in this order, `kept` how many words at a
    path's end tell a column.
    """

    below: Mapping[str, tuple[str, ...]]
    blocks: tuple[tuple[Path, ...], ...]
    series: tuple[tuple[str, ...], ...]
    again: bool = False  # whether a series may begin again in one row
    kept: int = 1

    def whole(self, paths: Iterable[Path] | None) -> tuple[Path, ...] | None:
        """The columns by their last words where they are whole blocks, each once; else None."""
        found = tuple(path[-self.kept :] for path in paths or ())
        held = [block for block in self.blocks if set(block) <= set(found)]
        is_whole = held and len(set(found)) == len(found) == sum(map(len, held))
        return found if is_whole else None

    def is_usual(self, paths: Sequence[Path]) -> bool:
        """Whether columns stand in the form's order."""
        return [p for block in self.blocks for p in block if p in paths] == list(paths)


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One row of a head: its words in order, and by column each word with the cell it stands in."""

    words: tuple[str, ...]
    across: tuple[tuple[str, int], ...]


def head_row(number: int, row: Sequence[Cell], word_of: Callable[[str], str]) -> HeadRow:
    """A row of a grid as a row of a head; `word_of` gives the form's word for a text, or ''."""
    named = [(word_of(cell.text), cell) for cell in row]
    begun = ((cell.row, cell.column) == (number, at) for at, (_, cell) in enumerate(named))
    return HeadRow(
        words=tuple(w for (w, _), begins in zip(named, begun, strict=True) if w and begins),
        across=tuple((word, id(cell)) for word, cell in named),
    )


def order_of(rows: Sequence[HeadRow], scheme: Scheme) -> tuple[Path, ...] | None:
    """The columns in the order of a head that differs from the form's.

    None where the form's order holds, CONTRARY where it does not and the head is not clear.
    """
    rows = [row for row in rows if row.words]
    if len(rows) > MOST_ROWS:
        return CONTRARY
    found = {
        whole
        for paths in (_by_column(rows, scheme), _by_level(rows, scheme))
        if (whole := scheme.whole(paths))
    }
    if any(map(scheme.is_usual, found)):
        return None
    if found:
        return found.pop() if len(found) == 1 else CONTRARY
    return CONTRARY if any(_contradicts(row.words, scheme) for row in rows) else None


def _by_column(rows: Sequence[HeadRow], scheme: Scheme) -> list[Path]:
    """The columns by what stands above each other."""
    paths: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        for column, named in enumerate(row.across):
            if named[0] and named not in paths.setdefault(column, []):
                paths[column].append(named)
    found: list[Path] = []
    last = 0
    for _, held in sorted(paths.items()):
        words, cell = tuple(word for word, _ in held), held[-1][1] if held else 0
        if words and cell != last and words[-1] not in scheme.below:
            found.append(words)
        last = cell
    return found


def _by_level(rows: Sequence[HeadRow], scheme: Scheme) -> list[Path] | None:
    """The columns where only the order of the words is left: each takes its own from below."""
    waiting = deque(word for row in rows for word in row.words)
    level: list[Path] = []
    known: set[str] = set()
    while waiting and waiting[0] not in known:
        level.append((waiting.popleft(),))
        known |= set(scheme.below.get(level[-1][-1], ()))
    while waiting:
        before, level = level, _grown(level, waiting, scheme)
        if before == level:
            return None
    return None if any(path[-1] in scheme.below for path in level) else level


def _grown(level: Sequence[Path], waiting: deque[str], scheme: Scheme) -> list[Path]:
    """The level below; a word whose own words do not come next waits for a lower one."""
    grown: list[Path] = []
    for path in level:
        own = scheme.below.get(path[-1], ())
        after = [waiting[at] for at in range(min(len(own), len(waiting)))]
        if own and sorted(after) == sorted(own):
            grown += [(*path, waiting.popleft()) for _ in own]
        else:
            grown.append(path)
    return grown


def _contradicts(words: Sequence[str], scheme: Scheme) -> bool:
    """Whether words of one row stand in another order than the form's."""
    for series in scheme.series:
        places = [series.index(word) for word in words if word in series]
        if any(b < a and not (b == 0 and scheme.again) for a, b in pairwise(places)):
            return True
    return False
