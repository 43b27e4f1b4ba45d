"""The roster (花名册): who has to report, read from a pasted list or from the grid of a file.

Pure, and it never raises: what cannot be taken is a fault in words, and no name is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.office.names import find_units, key_of, short_name
from bot.office.roster_cells import pasted_rows
from bot.office.roster_grid import rows_of
from bot.office.roster_lines import Entry, Fault, Line, line_of, orders_of
from bot.office.roster_rows import entries_of
from bot.office.roster_ties import (
    with_one_own,
    with_parents,
    with_shorts,
    without_circles,
    without_doubles,
)
from bot.office.roster_words import LEVELS, show
from bot.office.standing import Unit

MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Roster:
    """What was read: the lines in the roster's order, and what was not taken as it stands."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def read_pasted(text: str, units: Sequence[Unit], is_agency: Callable[[str], bool]) -> Roster:
    """The roster in a text that somebody pasted, one unit a line."""
    return read_roster(pasted_rows(text), units, is_agency)


def read_roster(
    rows: Sequence[Sequence[str]], units: Sequence[Unit], is_agency: Callable[[str], bool]
) -> Roster:
    """The roster in a grid; `is_agency` says whether a text can be an agency's full name.

    `units` are those that are there already. Rows with one cell are cut like pasted lines.
    """
    held, faults = rows_of(rows)
    entries, found = entries_of(held, units, is_agency)
    faults += found
    if len(entries) > MOST_LINES:
        faults.append(_too_long(entries))
    lines, found = _lines(entries[:MOST_LINES], units)
    faults += found
    for tie in (with_shorts, with_parents, without_circles, with_one_own):
        lines, found = tie(lines, units)
        faults += found
    # a stable sort: what was found in one row keeps its order
    faults.sort(key=lambda fault: int(fault.place[1:-1]))
    return Roster(tuple(lines), tuple(faults))


def _lines(entries: Sequence[Entry], units: Sequence[Unit]) -> tuple[list[Line], list[Fault]]:
    """The lines of the entries, each name once."""
    known = {key_of(unit.name): unit for unit in reversed(units)}
    found_units = [known.get(key_of(entry.name)) for entry in entries]
    orders = orders_of(entries, found_units, units)
    made: list[Line] = []
    faults: list[Fault] = []
    for entry, number, unit in zip(entries, orders, found_units, strict=True):
        line, found = line_of(entry, number, unit)
        made.append(line)
        faults += found
    lines, doubled = without_doubles(made)
    return lines, [*faults, *doubled]


def _too_long(entries: Sequence[Entry]) -> Fault:
    """That a roster has more names than are taken at once."""
    words = (
        f"一次最多收 {MOST_LINES} 个单位，这里有 {len(entries)} 个，"
        f"从{show(entries[MOST_LINES].name)}起没有收。请分几次发。"
    )
    return Fault(entries[MOST_LINES].place, words, "too_many")


__all__ = [
    "LEVELS",
    "MOST_LINES",
    "Fault",
    "Line",
    "Roster",
    "find_units",
    "pasted_rows",
    "read_pasted",
    "read_roster",
    "short_name",
]
