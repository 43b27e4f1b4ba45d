"""Makes the picture of the house from the real imports: `python docs/make_house.py`.

The floors are those of `tests/test_layers.py`, the rooms are the modules and packages of `bot/`. Of
the imports between rooms those are drawn that do not follow from others. All arrows into one room
share one line. Nothing is placed by hand: a new room finds its own place.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.test_layers import FILES, FLOORS, PURE, name_of, within, words_of  # noqa: E402 - beside docs/

PICTURE = ROOT / "docs" / "pictures" / "house.svg"

WIDTH, LEFT, RIGHT, TOP = 900.0, 46.0, 18.0, 96.0
BOX, TRACK, AIR = 42.0, 7.0, 15.0
BETWEEN, LANE = 12.0, 9.0
ROUND = 5.0
SWEEPS = 24
FULL = 780.0
"""More than so wide no row of boxes is: lines to the floors below need room beside them."""
FONTS = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
PAPER, BAND, INK, GREY, LINE = "#ffffff", "#f3f6f9", "#1c2733", "#5d6b79", "#46627f"

Rooms = dict[str, int]
Arrows = dict[str, set[str]]


# ── what is imported ────────────────────────────────────────────────────────────────────────


def room_of(module: str) -> str:
    """The room of the house in which a module lies; '' for the bare package and for libraries."""
    parts = module.split(".")
    return parts[1] if parts[0] == "bot" and len(parts) > 1 else ""


def read_house() -> tuple[Rooms, Arrows]:
    """The rooms with their numbers of modules, and who imports whom."""
    rooms: Rooms = defaultdict(int)
    arrows: Arrows = defaultdict(set)
    for path in FILES:
        room = room_of(name_of(path))
        if room:
            rooms[room] += 1
            arrows[room] |= {room_of(module) for module in words_of(path)[0]} - {room, ""}
    return dict(sorted(rooms.items())), {room: arrows[room] for room in sorted(rooms)}


def below(arrows: Arrows) -> Arrows:
    """For each room all rooms that it reaches; ValueError where rooms import in a circle."""
    reached: Arrows = {}

    def visit(room: str, path: tuple[str, ...]) -> set[str]:
        if room in path:
            raise ValueError(f"rooms import one another in a circle: {' > '.join((*path, room))}")
        if room not in reached:
            direct = sorted(arrows[room])
            reached[room] = set(direct).union(*(visit(one, (*path, room)) for one in direct))
        return reached[room]

    for room in arrows:
        visit(room, ())
    return reached


def reduced(arrows: Arrows) -> Arrows:
    """The arrows without those that follow from others."""
    reached = below(arrows)
    return {
        room: {one for one in direct if not any(one in reached[other] for other in direct)}
        for room, direct in arrows.items()
    }


# ── where it is drawn ───────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Place:
    """A box, or the line to a room where it passes a row; `x` is its middle."""

    room: str
    is_box: bool
    wide: float
    x: float = 0.0


@dataclass(slots=True)
class Net:
    """Between two rows, what goes to one room: from where, to where, and the height it turns at."""

    room: str
    tops: list[float]
    bottom: float
    y: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """From the leftmost to the rightmost end."""
        ends = [*self.tops, self.bottom]
        return min(ends), max(ends)

    @property
    def turns(self) -> bool:
        """Whether it does not simply go straight down."""
        left, right = self.span
        return right - left >= 0.5


@dataclass(slots=True)
class House:
    """Rows of places from the top down, with the floor of each row and the arrows drawn."""

    rooms: Rooms
    arrows: Arrows
    rows: list[list[Place]] = field(default_factory=list)
    floors: list[int] = field(default_factory=list)

    def links(self, at: int) -> list[tuple[Place, Place]]:
        """Who is joined with whom between a row and the next."""
        under = {place.room: place for place in self.rows[at + 1]}
        return [
            (place, under[room])
            for place in self.rows[at]
            for room in sorted(self.arrows[place.room] if place.is_box else {place.room})
            if room in under
        ]


def title_of(room: str) -> str:
    """A room's name as it is written; a package ends with a slash."""
    return f"{room}/" if (ROOT / "bot" / room).is_dir() else room


def note_of(room: str, count: int) -> str:
    """The second line of a room's box."""
    words = f"{count} module{'' if count == 1 else 's'}"
    return f"{words} · pure" if within(f"bot.{room}", PURE) else words


def rows_of_floor(names: Iterable[str], rooms: Rooms, arrows: Arrows) -> list[list[str]]:
    """A floor's rooms from the top down: who imports a room of the same floor stands above it."""
    left, rows = set(names), []
    while left:
        lowest = sorted(room for room in left if not arrows[room] & (left - {room}))
        left -= set(lowest)
        wide = sum(wide_of(room, rooms) + BETWEEN for room in lowest)
        parts = math.ceil(wide / FULL)
        each = math.ceil(len(lowest) / parts)
        rows += [lowest[at : at + each] for at in range(0, len(lowest), each)]
    return rows[::-1]


def build(rooms: Rooms, arrows: Arrows) -> House:
    """The house with every row in its order and every place with its x."""
    house = House(rooms, arrows)
    row_of: dict[str, int] = {}
    for number in reversed(range(len(FLOORS))):
        here = [room for room in rooms if within(f"bot.{room}", FLOORS[number])]
        for names in rows_of_floor(here, rooms, arrows):
            row_of.update(dict.fromkeys(names, len(house.rows)))
            house.rows.append([Place(room, True, wide_of(room, rooms)) for room in names])
            house.floors.append(number + 1)
    for room in rooms:
        importers = [row_of[one] for one in rooms if room in arrows[one]]
        for at in range(min(importers, default=row_of[room]) + 1, row_of[room]):
            house.rows[at].append(Place(room, False, LANE))
    put_in_order(house)
    put_in_place(house)
    return house


def wide_of(room: str, rooms: Mapping[str, int]) -> float:
    """How wide a room's box is."""
    return max(9.2 * len(title_of(room)), 6.6 * len(note_of(room, rooms[room]))) + 18


def neighbours(house: House, at: int, upward: bool) -> dict[int, list[Place]]:
    """For each place of a row, by its id, the places it is joined with above or below."""
    found: dict[int, list[Place]] = defaultdict(list)
    if 0 <= (at - 1 if upward else at) < len(house.rows) - 1:
        for upper, lower in house.links(at - 1 if upward else at):
            here, there = (lower, upper) if upward else (upper, lower)
            found[id(here)].append(there)
    return found


def crossings(house: House) -> int:
    """How often lines cross between neighbouring rows."""
    count = 0
    for at in range(len(house.rows) - 1):
        upper = {id(place): n for n, place in enumerate(house.rows[at])}
        lower = {id(place): n for n, place in enumerate(house.rows[at + 1])}
        ends = [(upper[id(a)], lower[id(b)]) for a, b in house.links(at)]
        count += sum((a - c) * (b - d) < 0 for a, b in ends for c, d in ends) // 2
    return count


def put_in_order(house: House) -> None:
    """Sort each row by the mean of what it is joined with, to and fro; the best order stays."""
    best, fewest = [list(row) for row in house.rows], crossings(house)
    for sweep in range(SWEEPS):
        upward = sweep % 2 == 0
        order = range(1, len(house.rows)) if upward else reversed(range(len(house.rows) - 1))
        for at in order:
            joined = neighbours(house, at, upward)
            other = house.rows[at - 1 if upward else at + 1]
            rank = {id(place): (n + 0.5) / len(other) for n, place in enumerate(other)}
            own = {id(p): (n + 0.5) / len(house.rows[at]) for n, p in enumerate(house.rows[at])}
            house.rows[at].sort(
                key=lambda p, j=joined, r=rank, o=own: (  # type: ignore[misc]
                    sum(r[id(q)] for q in j[id(p)]) / len(j[id(p)]) if j[id(p)] else o[id(p)],
                    p.room,
                )
            )
        count = crossings(house)
        if count < fewest:
            best, fewest = [list(row) for row in house.rows], count
    house.rows = best


def put_in_place(house: House) -> None:
    """Give every place its x: as near to what it is joined with as the order allows."""
    for row in house.rows:
        spread(row, [(WIDTH / 2, 1.0)] * len(row))
    for sweep in range(6 * SWEEPS):
        straight = sweep >= 3 * SWEEPS  # first where the boxes pull, then without steps
        for at in range(len(house.rows)) if sweep % 2 else reversed(range(len(house.rows))):
            near = [neighbours(house, at, True), neighbours(house, at, False)]
            wishes = []
            for place in house.rows[at]:
                joined = near[0][id(place)] + near[1][id(place)]
                if straight and not place.is_box:
                    joined = [
                        other for row in house.rows for other in row if other.room == place.room
                    ]
                mean = sum(other.x for other in joined) / len(joined) if joined else WIDTH / 2
                wishes.append((mean, 8.0 if straight and not place.is_box else 1.0))
            spread(house.rows[at], wishes)
    for room in house.rooms:
        straighten(house, room)


def straighten(house: House, room: str) -> None:
    """Draw the line to a room with as few steps as its neighbours leave it."""
    goal = 0.0
    pieces: list[tuple[float, float, list[Place]]] = []
    for row in house.rows:
        for number, place in enumerate(row):
            if place.room != room:
                continue
            if place.is_box:
                goal = place.x
                continue
            low, high = LEFT, WIDTH - RIGHT
            if number:
                before = row[number - 1]
                low = before.x + before.wide / 2 + gap(before, place) + place.wide / 2
            if number + 1 < len(row):
                after = row[number + 1]
                high = after.x - after.wide / 2 - gap(place, after) - place.wide / 2
            low, high = min(low, place.x), max(high, place.x)
            if pieces and max(pieces[-1][0], low) <= min(pieces[-1][1], high):
                one = pieces[-1]
                pieces[-1] = (max(one[0], low), min(one[1], high), [*one[2], place])
            else:
                pieces.append((low, high, [place]))
    for number, (low, high, places) in enumerate(pieces):
        last = number + 1 == len(pieces)
        wish = goal if last else sum(place.x for place in places) / len(places)
        for place in places:
            place.x = round(min(max(wish, low), high), 1)


def spread(row: Sequence[Place], wishes: Sequence[tuple[float, float]]) -> None:
    """The x of a row's places nearest to the weighted wishes, in order and without overlap."""
    apart = [gap(left, right) for left, right in pairwise(row)]
    xs = keep_apart([place.wide for place in row], apart, wishes, (LEFT, WIDTH - RIGHT))
    for place, x in zip(row, xs, strict=True):
        place.x = round(x, 1)


def keep_apart(
    wide: Sequence[float],
    apart: Sequence[float],
    wishes: Sequence[tuple[float, float]],
    room: tuple[float, float],
) -> list[float]:
    """The middles nearest to the weighted wishes for things so wide and so far apart, in order."""
    offsets, at = [], 0.0
    for one, air in zip(wide, [*apart, 0.0], strict=True):
        offsets.append(at + one / 2)
        at += one + air
    blocks: list[tuple[float, float, int]] = []  # mean, weight, count
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        block = (wish - offset, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, heavy, count = blocks.pop()
            both = heavy + block[1]
            block = ((mean * heavy + block[0] * block[1]) / both, both, count + block[2])
        blocks.append(block)
    starts = [mean for mean, _, count in blocks for _ in range(count)]
    most = room[1] - at
    return [max(room[0], min(s, most)) + o for s, o in zip(starts, offsets, strict=True)]


def gap(left: Place, right: Place) -> float:
    """The air between two neighbours of a row."""
    return BETWEEN if left.is_box or right.is_box else 2.0


# ── the lines between two rows ──────────────────────────────────────────────────────────────


def nets_of(house: House, at: int) -> list[Net]:
    """What goes down between a row and the next; a box has a port for each room it imports."""
    links = house.links(at)
    ports: dict[tuple[int, str], float] = {}
    for place in house.rows[at]:
        goals = sorted((lower.x, lower.room) for upper, lower in links if upper is place)
        if not goals:
            continue
        half = place.wide / 2 - 7 if place.is_box else 0.0
        left, right = place.x - half, place.x + half
        step = min(10.0, 2 * half / max(1, len(goals) - 1))
        wishes = [(min(max(x, left), right), 1.0) for x, _ in goals]
        xs = keep_apart([0.0] * len(goals), [step] * (len(goals) - 1), wishes, (left, right))
        ports.update({(id(place), room): x for (_, room), x in zip(goals, xs, strict=True)})
    nets = [
        Net(lower.room, sorted(ports[id(a), lower.room] for a, b in links if b is lower), lower.x)
        for lower in house.rows[at + 1]
    ]
    return [net for net in nets if net.tops]


def cost(upper: Net, lower: Net) -> int:
    """How badly two nets meet when the first turns above the second."""
    (a, b), (c, d) = upper.span, lower.span
    hits = sum(a - 3 < x < b + 3 for x in lower.tops) + (c - 3 < upper.bottom < d + 3)
    runs = sum(abs(x - upper.bottom) < 4 for x in lower.tops)
    return hits + 100 * runs


def put_on_tracks(nets: Sequence[Net], top: float) -> float:
    """Give each net that turns its height, with few crossings; the height of them all."""
    order = sorted((net for net in nets if net.turns), key=lambda n: (n.span, n.room))
    better = True
    while better:
        better = False
        for at in range(len(order) - 1):
            first, second = order[at : at + 2]
            if cost(second, first) < cost(first, second):
                order[at : at + 2] = second, first
                better = True
    tracks: list[list[Net]] = []
    for net in order:
        # a track is shared where nets lie apart; never above one that must stay below
        level = len(tracks)
        while level and all(apart(net, other) for other in tracks[level - 1]):
            level -= 1
        if level == len(tracks):
            tracks.append([])
        tracks[level].append(net)
    for level, track in enumerate(tracks):
        for net in track:
            net.y = top + AIR / 2 + (level + 0.5) * TRACK
    return AIR + TRACK * len(tracks) + 6


def apart(one: Net, other: Net) -> bool:
    """Whether two nets can turn at the same height."""
    (a, b), (c, d) = one.span, other.span
    return b + 9 < c or d + 9 < a


def bend(x: float, top: float, goal: float, y: float, bottom: float | None) -> str:
    """The path from (x, top) to the height y and along to goal, there down to bottom if given."""
    if abs(goal - x) < 0.5:
        return f"M{x:g} {top:g}V{bottom if bottom is not None else y:g}"
    side = 1 if goal > x else -1
    r = min(ROUND, abs(goal - x) / 2)
    path = f"M{x:g} {top:g}V{y - r:g}q0 {r:g} {side * r:g} {r:g}H{goal - side * r:g}"
    return path + f"q{side * r:g} 0 {side * r:g} {r:g}V{bottom:g}"


# ── the drawing ─────────────────────────────────────────────────────────────────────────────


def draw(house: House, imports: int) -> str:
    """The picture as SVG."""
    bands: list[str] = []
    lines: list[str] = []
    boxes: list[str] = []
    y = TOP
    begins = y
    for at, row in enumerate(house.rows):
        boxes += [draw_box(place, y, house.rooms) for place in row if place.is_box]
        lines += [f'<path d="M{place.x:g} {y:g}v{BOX:g}"/>' for place in row if not place.is_box]
        bottom = y + BOX
        last = at + 1 == len(house.rows)
        nets = [] if last else nets_of(house, at)
        high = AIR if last else put_on_tracks(nets, bottom)
        for net in nets:
            lands = next(p for p in house.rows[at + 1] if p.room == net.room)
            for top in net.tops:
                path = bend(top, bottom, net.bottom, net.y, bottom + high)
                end = ' marker-end="url(#tip)"' if lands.is_box else ""
                lines.append(f'<path d="{path}"{end}/>')
        y = bottom + high
        if last or house.floors[at + 1] != house.floors[at]:
            middle = y - high / 2 if not last else y
            bands.append(draw_band(house.floors[at], begins, middle))
            begins = middle
    drawn = sum(map(len, house.arrows.values()))
    modules = sum(house.rooms.values())
    about = (
        f"{len(house.rooms)} rooms, {modules} modules on {len(FLOORS)} floors; "
        f"{imports} imports between rooms, {drawn} drawn, the others follow from them."
    )
    said = [f"{room} imports {', '.join(sorted(to))}." for room, to in house.arrows.items() if to]
    high = y + 10
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {high:g}"'
            f' width="{WIDTH:g}" height="{high:g}" role="img" font-family="{FONTS}" fill="{INK}">',
            "<title>The house: which room of bot/ imports which</title>",
            f"<desc>{escape(' '.join([about, *said]))}</desc>",
            '<defs><marker id="tip" markerWidth="9" markerHeight="9" refX="7.5" refY="4"'
            f' orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="{LINE}"/></marker></defs>',
            f'<rect width="{WIDTH:g}" height="{high:g}" fill="{PAPER}"/>',
            *legend(about),
            *bands,
            f'<g fill="none" stroke="{LINE}" stroke-width="1.4">',
            *lines,
            "</g>",
            *boxes,
            "</svg>",
            "",
        )
    )


def legend(about: str) -> list[str]:
    """What the picture shows and how to read it."""
    return [
        f'<text x="{LEFT:g}" y="26" font-size="17" font-weight="600">The rooms of bot/</text>',
        f'<text x="{LEFT:g}" y="48" font-size="13" fill="{GREY}">{escape(about)}</text>',
        outline(LEFT, 60, 46, 20, pure=True),
        f'<text x="{LEFT + 54:g}" y="75" font-size="13">pure: standard library only, no clock,'
        " no file, no network</text>",
        outline(LEFT + 440, 60, 46, 20, pure=False),
        f'<text x="{LEFT + 494:g}" y="75" font-size="13">not pure</text>',
        f'<path d="M{LEFT + 590:g} 70h38" fill="none" stroke="{LINE}" stroke-width="1.4"'
        ' marker-end="url(#tip)"/>',
        f'<text x="{LEFT + 636:g}" y="75" font-size="13">imports</text>',
    ]


def draw_band(floor: int, top: float, bottom: float) -> str:
    """A floor's ground and number."""
    fill = BAND if floor % 2 else PAPER
    return (
        f'<rect x="0" y="{top:g}" width="{WIDTH:g}" height="{bottom - top:g}" fill="{fill}"/>'
        f'<text x="14" y="{(top + bottom) / 2 + 4:g}" font-size="12" fill="{GREY}">{floor}</text>'
    )


def outline(x: float, y: float, wide: float, high: float, *, pure: bool) -> str:
    """A room's outline: a pure one has two lines."""
    box = (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="5" fill="{PAPER}"'
        f' stroke="{INK if pure else GREY}" stroke-width="{1.6 if pure else 1:g}"/>'
    )
    if pure:
        box += (
            f'<rect x="{x + 3:g}" y="{y + 3:g}" width="{wide - 6:g}" height="{high - 6:g}" rx="3"'
            f' fill="none" stroke="{INK}" stroke-width="0.8"/>'
        )
    return box


def draw_box(place: Place, y: float, rooms: Rooms) -> str:
    """A room: its name, its number of modules, and whether it is pure."""
    left = place.x - place.wide / 2
    pure = within(f"bot.{place.room}", PURE)
    return (
        outline(left, y, place.wide, BOX, pure=pure)
        + f'<text x="{place.x:g}" y="{y + 18:g}" font-size="14" font-weight="600"'
        f' text-anchor="middle">{escape(title_of(place.room))}</text>'
        f'<text x="{place.x:g}" y="{y + 34:g}" font-size="12" fill="{GREY}"'
        f' text-anchor="middle">{note_of(place.room, rooms[place.room])}</text>'
    )


def make() -> str:
    """The picture of the house as it is now."""
    rooms, arrows = read_house()
    imports = sum(map(len, arrows.values()))
    return draw(build(rooms, reduced(arrows)), imports)


if __name__ == "__main__":
    PICTURE.write_text(make(), encoding="utf-8")
    sys.stdout.write(f"{PICTURE.parent.name}/{PICTURE.name}\n")
