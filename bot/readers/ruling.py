"""Tables from ruled lines: cells lie between lines, and merge where a line is missing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.readers.lines import Line, joined, make_lines
from bot.readers.pages import Glyph, Rule

_NEAR = 3.0  # lines closer than this are one; rows and columns are wider
_MOST_LINES = 150  # of one table, each way
_MOST_RULES = 3000  # of one page; more are a drawing

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of a ruled table: the columns and rows that it covers (ends exclusive)."""

    left: int
    top: int
    right: int
    bottom: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table of ruled lines: the places of its upright lines and of its level ones, its cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]

    @property
    def cells(self) -> int:
        """How many small cells the lines make."""
        return (len(self.xs) - 1) * (len(self.ys) - 1)

    @property
    def width(self) -> float:
        """From the first upright line to the last."""
        return self.xs[-1] - self.xs[0]

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the table."""
        x, y = point
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]


def ruled_tables(rules: Iterable[Rule]) -> list[Ruled]:
    """The tables that the lines of a page make, still without text; a mere frame is none."""
    level = _merged(rule for rule in rules if not rule.upright)
    upright = _merged(rule for rule in rules if rule.upright)
    tables = (_table(*group) for group in _groups(level, upright))
    return [table for table in tables if table is not None and len(table.boxes) > 1]


def filled(table: Ruled, glyphs: Sequence[Glyph]) -> Ruled:
    """The table with its text: each character in the cell where its middle lies."""
    at = {
        (row, column): number
        for number, box in enumerate(table.boxes)
        for row in range(box.top, box.bottom)
        for column in range(box.left, box.right)
    }
    held: list[list[Glyph]] = [[] for _ in table.boxes]
    for glyph in glyphs:
        x, y = glyph.middle
        place = (_span(table.ys, y), _span(table.xs, x))
        if place in at:
            held[at[place]].append(glyph)
    boxes = (
        replace(box, text=_words(inside, table.xs[box.right]))
        for box, inside in zip(table.boxes, held, strict=True)
    )
    return replace(table, boxes=tuple(boxes))


def _span(lines: Sequence[float], value: float) -> int:
    return min(max(bisect_right(lines, value) - 1, 0), len(lines) - 2)


def _words(glyphs: list[Glyph], right: float) -> str:
    """The text of a cell; a number is put together only where its line was full."""
    lines = make_lines(glyphs)
    text = ""
    for number, line in enumerate(lines):
        apart = number and _two_numbers(lines[number - 1], line, right)
        text = f"{text} {line.text}" if apart else joined([text, line.text])
    return text


def _two_numbers(line: Line, after: Line, right: float) -> bool:
    """Whether digits below digits are another number and not the rest of one."""
    one, other = line.glyphs[-1], after.glyphs[0]
    if not (one.text.isdecimal() and other.text.isdecimal()):
        return False
    width = one.x1 - one.x0
    return right - one.x1 > 1.5 * width + 6


# ── from lines to cells ─────────────────────────────────────────────────────────────────────


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Lines in one place joined where they touch; double lines are one."""
    lanes: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lanes and rule.at - lanes[-1][0].at <= _NEAR:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    merged: list[Rule] = []
    for lane in lanes:
        at = sum(rule.at for rule in lane) / len(lane)
        lane.sort(key=lambda rule: rule.start)
        whole = replace(lane[0], at=at)
        for rule in lane[1:]:
            if rule.start <= whole.end + _NEAR:
                whole = replace(whole, end=max(whole.end, rule.end))
            else:
                merged.append(whole)
                whole = replace(rule, at=at)
        merged.append(whole)
    return merged


def _groups(level: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The lines that hang together by crossing or touching."""
    rules = level + upright
    if len(rules) > _MOST_RULES:
        return []
    parent = list(range(len(rules)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for a, one in enumerate(level):
        for b, other in enumerate(upright, len(level)):
            if _touch(one, other):
                parent[root(a)] = root(b)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate(rules):
        groups.setdefault(root(number), ([], []))[rule.upright].append(rule)
    return [group for group in groups.values() if len(group[0]) > 1 and group[1]]


def _touch(level: Rule, upright: Rule) -> bool:
    return (
        level.start - _NEAR <= upright.at <= level.end + _NEAR
        and upright.start - _NEAR <= level.at <= upright.end + _NEAR
    )


def _table(level: list[Rule], upright: list[Rule]) -> Ruled | None:
    """The cells between the lines; a side without a line is closed where the lines end."""
    xs = places([rule.at for rule in upright] + [e for r in level for e in (r.start, r.end)])
    ys = places([rule.at for rule in level] + [e for r in upright for e in (r.start, r.end)])
    if not (1 < len(xs) <= _MOST_LINES and 1 < len(ys) <= _MOST_LINES):
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    walls = _Walls(xs, ys, _lanes(xs, upright), _lanes(ys, level))
    boxes = []
    seen = [[False] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if not seen[row][column]:
                boxes.append(_grow(walls, seen, row, column))
    return Ruled(xs, ys, tuple(boxes))


def _grow(walls: _Walls, seen: list[list[bool]], row: int, column: int) -> Box:
    """The cell that begins at a place: to the right until a wall, then down until one."""
    right = column + 1
    while right < len(seen[0]) and not seen[row][right] and not walls.left_of(row, right):
        right += 1
    bottom = row + 1
    while (
        bottom < len(seen)
        and not any(seen[bottom][at] or walls.above(bottom, at) for at in range(column, right))
        and not any(walls.left_of(bottom, at) for at in range(column + 1, right))
    ):
        bottom += 1
    for y in range(row, bottom):
        seen[y][column:right] = [True] * (right - column)
    return Box(column, row, right, bottom)


@dataclass(frozen=True, slots=True)
class _Walls:
    """Which sides of the smallest cells have a line; the lines lie by their place."""

    xs: Sequence[float]
    ys: Sequence[float]
    upright: Sequence[Sequence[Rule]]
    level: Sequence[Sequence[Rule]]

    def left_of(self, row: int, column: int) -> bool:
        """Whether a line stands to the left of a small cell."""
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        return any(rule.start <= middle <= rule.end for rule in self.upright[column])

    def above(self, row: int, column: int) -> bool:
        """Whether a line lies above a small cell."""
        middle = (self.xs[column] + self.xs[column + 1]) / 2
        return any(rule.start <= middle <= rule.end for rule in self.level[row])


def _lanes(places: Sequence[float], rules: Sequence[Rule]) -> list[list[Rule]]:
    """For each place the lines that lie there."""
    return [[rule for rule in rules if abs(rule.at - place) <= _NEAR] for place in places]


def places(values: list[float]) -> tuple[float, ...]:
    """The values without those that lie close behind another."""
    places: list[list[float]] = []
    for value in sorted(values):
        if places and value - places[-1][0] <= _NEAR:
            places[-1].append(value)
        else:
            places.append([value])
    return tuple(sum(place) / len(place) for place in places)


def rows_of(table: Ruled, number: int) -> list[tuple[str, ...]]:
    """The texts of the first rows of small cells; a merged cell's text stands in all it covers."""
    rows = [[""] * (len(table.xs) - 1) for _ in table.ys[1 : number + 1]]
    for box in table.boxes:
        for row in range(box.top, min(box.bottom, len(rows))):
            rows[row][box.left : box.right] = [box.text] * (box.right - box.left)
    return [tuple(row) for row in rows]
