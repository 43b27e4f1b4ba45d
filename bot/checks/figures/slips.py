"""Recognisable slips of the hand: how well a figure that is seen follows from the true one.

Pure. Weights are natural logarithms of rough chances: only their order and distance matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

ADJACENT = -1.0
DISTANT = -3.0
ONE_DIGIT = -2.5
LEFT_OUT = -3.0
ANYTHING = -7.0
PART = -2.5
SHIFTED = -1.5


@dataclass(frozen=True, slots=True)
class Slip:
    """A likely mistake: its cause as `Repair.cause` names it, and its weight (0 is certain)."""

    cause: str
    weight: float


def read_slip(true: int, seen: int) -> Slip:
    """How `true` may have become `seen` in a single cell."""
    if seen == true * 10 or seen * 10 == true:
        return Slip("tenfold", ADJACENT)
    old, new = str(true), str(seen).zfill(len(str(true)))
    if len(old) == len(new):
        apart = [at for at in range(len(old)) if old[at] != new[at]]
        if len(apart) == 2 and old[apart[0]] == new[apart[1]] and old[apart[1]] == new[apart[0]]:
            return Slip("swapped", ADJACENT if apart[1] - apart[0] == 1 else DISTANT)
        if seen == 0:
            return Slip("typed", LEFT_OUT)
        if len(apart) == 1:
            return Slip("typed", ONE_DIGIT)
    if _one_digit_more(old, str(seen)) or _one_digit_more(str(seen), old):
        return Slip("typed", ONE_DIGIT)
    return Slip("typed", ANYTHING)


def _one_digit_more(short: str, long: str) -> bool:
    """Whether `long` is `short` with one more digit somewhere."""
    return len(long) == len(short) + 1 and any(
        long[:at] + long[at + 1 :] == short for at in range(len(long))
    )


def read_line_slip(true: Sequence[int], seen: Sequence[int]) -> Slip | None:
    """How a line of cells, the total last, may have become another by moving values along it."""
    apart = [at for at in range(len(true)) if true[at] != seen[at]]
    if len(apart) == 2:
        one, two = apart
        away = 0.0 if two - one == 1 else DISTANT
        before, now = (true[one], true[two]), (seen[one], seen[two])
        slips = (_moved(before, now), _moved(before[::-1], now[::-1]))
        weights = [weight + away for weight in slips if weight is not None]
        if weights:
            return Slip("shifted", max(weights))
    if len(apart) > 1 and list(seen) in list(_shifted(list(true))):
        return Slip("shifted", SHIFTED)
    return None


def _moved(true: tuple[int, int], seen: tuple[int, int]) -> float | None:
    """How likely the first of two cells was moved into the second: swapped, whole or in part."""
    if seen == true[::-1]:
        return ADJACENT
    if seen in ((0, true[0]), (0, true[0] + true[1])):
        return ADJACENT
    if sum(seen) == sum(true) and seen[0] < true[0]:
        return PART - log(true[0])
    return None


def _shifted(line: list[int]) -> Iterator[list[int]]:
    """What a line becomes when its cells slip one place, with or without the total."""
    for end in (len(line), len(line) - 1):
        cells, rest = line[:end], line[end:]
        yield cells[-1:] + cells[:-1] + rest
        yield cells[1:] + cells[:1] + rest
        yield cells[1:] + cells[-1:] + rest
        for at in range(end):
            yield [*cells[:at], 0, *cells[at:-1], *rest]
            yield [*cells[:at], *cells[at + 1 :], 0, *rest]
