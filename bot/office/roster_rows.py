"""Goes through the rows of a roster: which of their cells are names, and what stands beside them.

Pure. Titles, headings within the list and sums below it are passed over; a full name in a cell
that no head announces is never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.office.names import (
    apart,
    find_units,
    is_abbreviation,
    is_body,
    is_placed,
    key_of,
    slip_of,
)
from bot.office.roster_cells import names_in, tidy, unnumbered
from bot.office.roster_columns import (
    Role,
    Strip,
    strip_of_contents,
    strips_of_head,
)
from bot.office.roster_grid import Row
from bot.office.roster_lines import Entry, Fault
from bot.office.roster_words import (
    HINTS,
    LEVELS,
    clean,
    is_aside,
    is_foot,
    mark_of,
    read_order,
    show,
)
from bot.office.standing import Unit

Test = Callable[[str], bool]
Fields = Mapping[Role, tuple[str, ...]]

_NEVER_NAMES: tuple[Role, ...] = ("order", "level", "own")
_SELDOM_NAMES: tuple[Role, ...] = (*_NEVER_NAMES, "short")
_GROUP = re.compile(r"(各|全部|所有)?(乡镇|镇街|街道|乡镇街道|街道乡镇|镇街道)")
_NO_NAME = re.compile(
    r"[:：;；\"“”=@|/\\*+]|^(请|把|将|以及|还有|包括|另外|加上|我|这|您好|你好|大家|麻烦)"
)


def entries_of(
    rows: Sequence[Row], units: Sequence[Unit], is_agency: Test
) -> tuple[list[Entry], list[Fault]]:
    """The names in the rows, each with the cells beside it, and what was not taken."""
    taking = _Taking(units, is_agency)
    for strips, below in _blocks(rows, taking.is_full):
        if strips is None:
            taking.take_bare(below)
        else:
            taking.take(strips, below)
    names = unnumbered([entry.name for entry in taking.entries])
    entries = [replace(e, name=name) for e, name in zip(taking.entries, names, strict=True)]
    listed = {key_of(unit.name) for unit in units}
    entries = [e if key_of(e.name) in listed else _apart(e, is_agency) for e in entries]
    return entries, [*taking.faults, *taking.unplaced()]


def _blocks(
    rows: Sequence[Row], is_full: Test
) -> Iterator[tuple[tuple[Strip, ...] | None, list[Row]]]:
    """The rows below each head with its columns; None for a list without any.

    What stands above the first head gets no columns at all.
    """
    strips: tuple[Strip, ...] | None = None
    below: list[Row] = []
    for row in rows:
        found = strips_of_head([clean(cell) for cell in row.cells], is_full)
        if found is None:
            below.append(row)
            continue
        yield strips or (), below
        strips, below = found, []
    yield strips, below


@dataclass(slots=True)
class _Taking:
    """What has been taken so far."""

    units: Sequence[Unit]
    is_agency: Test
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spare: list[tuple[str, str]] = field(default_factory=list)
    unused: list[tuple[str, str]] = field(default_factory=list)

    def is_name(self, text: str) -> bool:
        """Whether a text can be a full name, whatever its end."""
        name = apart(text)[0] or text
        if slip_of(name) and all(unit.name != text for unit in self.units):
            return False
        sound = self.is_agency(text) and self.is_agency(name)
        return sound and not _NO_NAME.search(name) and not _GROUP.fullmatch(name)

    def is_full(self, text: str) -> bool:
        """Whether a text is a full name beyond doubt: it ends as such names do."""
        return self.is_name(text) and is_body(apart(text)[0] or text)

    def take(self, strips: tuple[Strip, ...], rows: Sequence[Row]) -> None:
        """Take rows below a head."""
        used = {column for strip in strips for columns in strip.values() for column in columns}
        for row in rows:
            for strip in strips:
                self._take_strip(row, strip, self.is_name)
            for column, cell in enumerate(row.cells):
                if column not in used:
                    self.spare += [(row.place, n) for n in names_in(cell) if self.is_full(n)]

    def take_bare(self, rows: Sequence[Row]) -> None:
        """Take rows that no head stands above."""
        texts = [[_only(cell) for cell in row.cells] for row in rows]
        strip = strip_of_contents(texts, self.is_full, {key_of(unit.name) for unit in self.units})
        used = {column for columns in strip.values() for column in columns}
        for row in rows:
            cells = list(enumerate(row.cells))
            named = [name for n, cell in cells if n in strip["name"] for name in names_in(cell)]
            others = [name for n, cell in cells if n not in used for name in names_in(cell)]
            everything = [name for _, cell in cells for name in names_in(cell)]
            if any(map(self.is_full, named)):
                self._take_strip(row, strip, self.is_full)
                self._take_others(row, others, alone=False)
            elif any(map(self.is_full, everything)):
                self._take_others(row, everything, alone=True)
            else:
                self._say_nameless(row)

    def unplaced(self) -> Iterator[Fault]:
        """The faults of cells that no column explains, without names that stand elsewhere too."""
        listed = {key_of(entry.name) for entry in self.entries}
        listed |= {key_of(entry.said("parent")) for entry in self.entries}
        for place, name in self.spare:
            if key_of(name) not in listed:
                yield Fault(place, _doubtful(name), "unplaced")
        if self.unused:
            place, cell = self.unused[0]
            yield Fault(place, _headless(cell, len(self.unused)), "unplaced")

    def _take_strip(self, row: Row, strip: Strip, test: Test) -> None:
        """Take the names of one strip of a row, or say why there is none."""
        fields = _fields(row, strip)
        names = _names(row, strip)
        astray = self._astray(names, fields)
        if not names and len(astray) == 1:
            names, astray, fields = astray, [], {}
        self.spare += [(row.place, name) for name in astray]
        if not names:
            self._say_none(row, fields)
        if not any(map(test, names)):
            beside = [c for r, cells in fields.items() if r not in ("name", "level") for c in cells]
            self.spare += [(row.place, cell) for cell in beside if self.is_full(cell)]
        fields = _kept(fields, astray, several=len(names) > 1)
        self.spare += [(row.place, name) for name in _doubled(fields) if self.is_full(name)]
        for name in names:
            if test(name):
                self.entries.append(Entry(name, row.place, fields))
            elif not (is_aside(name) or is_foot(_first(row))):
                self.faults.append(Fault(row.place, self._no_name(name, test), "no_name"))

    def _astray(self, names: Sequence[str], fields: Fields) -> list[str]:
        """The full names that stand where something else belongs."""
        short = next((cell for cell in fields.get("short", ()) if cell), "")
        fits = bool(names) and is_abbreviation(key_of(short), key_of(names[0]))
        roles = _NEVER_NAMES if fits else _SELDOM_NAMES
        cells = [cell for role in roles for cell in fields.get(role, ()) if cell not in LEVELS]
        return [name for cell in cells for name in names_in(cell) if self.is_full(name)]

    def _take_others(self, row: Row, names: Sequence[str], *, alone: bool) -> None:
        """Take the cells of a row without head that are in no known column.

        A full name is taken from a row of nothing but names, and where it is the only one.
        """
        are_list = all(self.is_full(name) or read_order(name) is not None for name in names)
        are_list |= alone and sum(map(self.is_full, names)) == 1
        for name in names:
            if self.is_full(name) and are_list:
                self.entries.append(Entry(name, row.place, {}))
            elif self.is_full(name):
                self.spare.append((row.place, name))
            elif read_order(name) is None and len(name) > 1 and not is_aside(name):
                self.unused.append((row.place, name))

    def _say_none(self, row: Row, fields: Fields) -> None:
        """Say that a row has no name, unless it is a heading or a sum or only a number."""
        said = [c for role, cells in fields.items() if role != "order" for c in cells if c]
        first = _first(row)
        if said and not is_aside(first[len(mark_of(first)) :]):
            words = f"没有单位全称，只有{show(said[0])}，没有收。请补上全称，或者删掉这一行。"
            self.faults.append(Fault(row.place, words, "no_name"))

    def _say_nameless(self, row: Row) -> None:
        """Say once that a row without head has no full name, unless nobody would look for one."""
        cells = [tidy(cell) for cell in row.cells]
        words = [cell for cell in cells if cell and read_order(cell) is None]
        if is_foot(_first(row)) or is_aside("".join(words)) or all(map(is_aside, words)):
            return
        placed = [word for word in words if self.is_name(word) and is_placed(word)]
        if len(words) == 1 or placed:
            said = self._no_name((placed or words)[0], self.is_full, row.text)
        else:
            said = f"{show(row.text)}里没有单位全称，没有收。{self._hint(words[0])}"
            said += "是要报的单位，请写公章上的全称。"
        self.faults.append(Fault(row.place, said, "no_name"))

    def _hint(self, name: str) -> str:
        """The known unit that a text may mean, as a question, or ''."""
        near = find_units(self.units, name) if len(self.faults) < HINTS else ()
        return f"是不是{show(near[0].name)}？" if len(near) == 1 else ""

    def _no_name(self, name: str, test: Test, line: str = "") -> str:
        """Why a text is not taken as a full name, with the name that it may mean."""
        if name.startswith(("=", "+", "@")):
            return f"{show(name)}是公式，不是单位全称，没有收。请直接写上单位全称。"
        known = [unit.name for unit in self.units] if len(self.faults) < HINTS else ()
        if not self.is_full(name) and (meant := slip_of(name, known)):
            return f"{show(name)}不是单位全称，没有收。是不是{show(meant)}？请改好再发。"
        if self.is_name(name) and test != self.is_name:
            return (
                f"{show(name)}不像单位全称（结尾不是局、委、办、中心、街道办事处之类），没有收。"
                "确实是全称的，请在最上面加一行“单位名称”再发。"
            )
        return f"{show(line or name)}不是单位全称，没有收。{self._hint(name)}请写公章上的全称。"


def _apart(entry: Entry, is_agency: Test) -> Entry:
    """An entry without the short name in brackets behind its name, which is its own then."""
    name, short = apart(entry.name)
    if not is_agency(name):
        return entry
    given = entry.said("short") or short
    return replace(entry, name=name, fields={**entry.fields, "short": (given,)})


def _fields(row: Row, strip: Strip) -> Fields:
    """What stands in the columns of a row, by their roles."""
    return {
        role: tuple(clean(row.cells[n]) for n in columns if n < len(row.cells))
        for role, columns in strip.items()
    }


def _names(row: Row, strip: Strip) -> list[str]:
    """What stands in the column of names; a cell may hold several."""
    cells = [row.cells[n] for n in strip["name"] if n < len(row.cells)]
    return names_in(next((cell for cell in cells if clean(cell)), ""))


def _kept(fields: Fields, astray: Sequence[str], *, several: bool) -> Fields:
    """The fields that can be the unit's: no other unit's name, and nothing for one of several."""
    short = any(cell in astray for cell in fields.get("short", ()))
    gone = {"order", "short"} if several else {"short"} if short else set()
    return {role: cells for role, cells in fields.items() if role not in gone}


def _doubled(fields: Fields) -> list[str]:
    """The names in a second column with the same head, of which only the first is taken."""
    roles: tuple[Role, ...] = ("name", "parent")
    cells = [cell for role in roles for cell in [c for c in fields.get(role, ()) if c][1:]]
    return [name for cell in cells for name in names_in(cell)]


def _first(row: Row) -> str:
    """The first cell of a row that holds something."""
    return next((clean(cell) for cell in row.cells if clean(cell)), "")


def _only(cell: str) -> str:
    """The one name in a cell as it is compared; else the cell's text as it is."""
    names = names_in(cell)
    return names[0] if len(names) == 1 else clean(cell)


def _doubtful(name: str) -> str:
    """That a full name stands where no column expects one."""
    return f"看不出{show(name)}是不是要报的单位，没有收。要收的，请另起一行，写在“单位名称”那一列。"


def _headless(cell: str, count: int) -> str:
    """That cells were not used because no head says what they are."""
    more = f"等 {count} 格" if count > 1 else ""
    return (
        f"没有表头，不知道{show(cell)}{more}是什么，没有用。要用上，"
        "请在最上面加一行表头：单位名称、简称、层级、上级、本级、免报原因。"
    )
