"""The lines of a roster and what is wrong with them, and how one row becomes a line.

Pure. A fault says where it stands, what is wrong and what to do; nothing is guessed in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.office.roster_columns import Role
from bot.office.roster_words import LEVELS, read_level, read_order, read_reason, read_yes, show
from bot.office.standing import Unit

LONGEST_SHORT = 20

Kind = Literal[
    "no_name", "doubled", "short", "level", "parent", "circle", "own", "exempt", "unplaced",
    "too_many",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A unit as the roster names it, and where it stands there.

    `name` is the known unit's, sign for sign, where there is one: `known` is its id. `short` is
    the roster's, the known unit's or a proposal; `level` is '' where nothing is said; `order` is
    the roster's number or row; `parent` is a full name that is in the roster or known, or '';
    `exempt` is the reason, '' where the unit must report.
    """

    name: str
    short: str
    level: str
    order: int
    parent: str
    own: bool
    exempt: str
    place: str
    known: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was not taken as it stands, in words for the office; `place` is 第3行."""

    place: str
    words: str
    kind: Kind

    @property
    def said(self) -> str:
        """The whole sentence, its place first."""
        return f"{self.place}：{self.words}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that stands in the roster, with what its row says beside it."""

    name: str
    place: str
    fields: Mapping[Role, tuple[str, ...]]

    def said(self, role: Role) -> str:
        """The first cell of a role that holds something, or ''."""
        return next((cell for cell in self.fields.get(role, ()) if cell), "")


def line_of(entry: Entry, number: int, known: Unit | None) -> tuple[Line, list[Fault]]:
    """The line of an entry, still with its parent as it was written, and its faults.

    What the roster has no column for stays as it is known: a list of names takes nothing away.
    """
    level, own = read_level(entry.said("level"), entry.name), read_yes(entry.said("own"))
    short, reason = entry.said("short"), _reason(entry)
    if _short_fault(short):
        short = ""
    line = Line(
        name=known.name if known else entry.name,
        short=short,
        level=level or "",
        order=number,
        parent=entry.said("parent"),
        own=bool(own) or entry.name.endswith(("（本级）", "(本级)")),
        exempt=reason or "",
        place=entry.place,
        known=known.id if known else None,
    )
    return _with_known(line, entry, known), list(_faults(entry, level, own, reason))


def orders_of(
    entries: Sequence[Entry], known: Sequence[Unit | None], units: Sequence[Unit]
) -> list[int]:
    """The places in the order: the roster's own numbers where all are there and none comes twice.

    Numbers that begin again under each heading would mix the groups: then the rows count. A list
    without numbers that leaves out known units adds to them: its new ones go behind.
    """
    numbers = [read_order(entry.said("order")) for entry in entries]
    own = [number for number in numbers if number is not None]
    if len(own) == len(entries) == len(set(own)):
        return own
    if len({unit.id for unit in known if unit}) < len(units):
        last = max((unit.order for unit in units), default=0)
        return [unit.order if unit else last + n for n, unit in enumerate(known, 1)]
    return list(range(1, len(entries) + 1))


def _with_known(line: Line, entry: Entry, known: Unit | None) -> Line:
    """A line with what is known of its unit where the roster has no column for it."""
    if known is None:
        return line
    return replace(
        line,
        level=line.level if "level" in entry.fields else known.level,
        own=line.own if "own" in entry.fields else known.own or line.own,
        exempt=line.exempt if "exempt" in entry.fields else known.exempt,
    )


def _reason(entry: Entry) -> str | None:
    """The reason in any of the columns; a bare yes counts where no column gives one."""
    reasons = [read_reason(cell) for cell in entry.fields.get("exempt", ()) if cell]
    said = [reason for reason in reasons if reason]
    return said[0] if said else None if None in reasons else ""


def _short_fault(short: str) -> str:
    """What is wrong with a short name, or ''."""
    if len(short) > LONGEST_SHORT:
        return f"简称{show(short)}超过 {LONGEST_SHORT} 个字，没有收。请写短一些。"
    if short in LEVELS:
        return f"简称一栏写的是层级{show(short)}，没有收。请看这一行的格子是不是错开了。"
    return ""


def _faults(
    entry: Entry, level: str | None, own: bool | None, reason: str | None
) -> Iterator[Fault]:
    """What could not be taken of a row's cells beside the name."""
    name = show(entry.name)
    if wrong := _short_fault(entry.said("short")):
        yield Fault(entry.place, wrong, "short")
    if level is None:
        words = (
            f"{name}的层级{show(entry.said('level'))}不认识，先空着。请写{'、'.join(LEVELS)}之一。"
        )
        yield Fault(entry.place, words, "level")
    if own is None:
        words = f"{name}的“本级”一栏写的是{show(entry.said('own'))}，当作“否”。请写“是”或者“否”。"
        yield Fault(entry.place, words, "own")
    if reason is None:
        words = f"{name}标了免报，没有写原因，先当作要报。请在“免报原因”一栏写上原因。"
        yield Fault(entry.place, words, "exempt")
