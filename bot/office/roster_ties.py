"""How the lines of a roster hang together: doubled names, parents, circles, 本级, short names.

Pure. Every function takes lines and gives lines; a tie that does not hold is cut and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.office.names import find_units, key_of, place_of, short_name
from bot.office.roster_lines import Fault, Line
from bot.office.roster_words import HINTS, read_reason, show
from bot.office.standing import Unit

Tied = tuple[list[Line], list[Fault]]


def without_doubles(lines: Sequence[Line]) -> Tied:
    """The lines without those whose name stood there before."""
    kept: dict[str, Line] = {}
    faults: list[Fault] = []
    for line in lines:
        first = kept.setdefault(key_of(line.name), line)
        if first is not line:
            words = f"{show(line.name)}在{first.place}已经有了，这一行没有收。请删掉多余的一行。"
            faults.append(Fault(line.place, words, "doubled"))
    return list(kept.values()), faults


def with_shorts(lines: Sequence[Line], units: Sequence[Unit]) -> Tied:
    """The lines with short names: given, else known, else proposed; none stands for two."""
    others = _others(lines, units)
    taken = {key_of(name) for unit in others for name in (unit.name, unit.short) if name}
    names = Counter(key_of(line.name) for line in lines)
    made, faults = [], []
    for line in lines:
        key = key_of(line.short)
        if key and (key in taken or names[key] > (key == key_of(line.name))):
            words = f"简称{show(line.short)}已经有别的单位在用，没有收。请换一个。"
            faults.append(Fault(line.place, words, "short"))
            line = replace(line, short="")
        elif key:
            taken.add(key)
        made.append(line)
    return _proposed(made, units, taken | set(names)), faults


def with_parents(lines: Sequence[Line], units: Sequence[Unit]) -> Tied:
    """The lines with their parents' full names; an unknown one is left out."""
    bodies = [Unit(n, line.name, line.short) for n, line in enumerate(lines)]
    bodies += [Unit(len(lines) + n, unit.name, unit.short) for n, unit in enumerate(units)]
    full = {key_of(body.short): body.name for body in reversed(bodies) if body.short}
    full |= {key_of(body.name): body.name for body in reversed(bodies)}
    made: list[Line] = []
    faults: list[Fault] = []
    for line in lines:
        said = "" if read_reason(line.parent) == "" else line.parent
        parent = full.get(key_of(said), "")
        if said and not parent:
            near = bodies if len(faults) < HINTS else ()
            faults.append(Fault(line.place, _unknown(line, said, near), "parent"))
        made.append(replace(line, parent=parent))
    return made, faults


def without_circles(lines: Sequence[Line], units: Sequence[Unit]) -> Tied:
    """The lines without ties that lead back to themselves."""
    above = _above(lines, units)
    round_about = _circles(above)
    made, faults = [], []
    for line in lines:
        if line.parent and key_of(line.name) in round_about:
            own = key_of(line.parent) == key_of(line.name)
            why = "是它自己" if own else f"{show(line.parent)}又归它管，绕成了圈"
            words = f"{show(line.name)}的上级{why}，上级先空着。请改成真正的上级。"
            faults.append(Fault(line.place, words, "circle"))
            line = replace(line, parent="")
        made.append(line)
    return made, faults


def with_one_own(lines: Sequence[Line], units: Sequence[Unit]) -> Tied:
    """The lines with one 本级 for each parent: the first, or the one that is known already."""
    names = {unit.id: unit.name for unit in units}
    holders = {
        key_of(names.get(unit.parent or 0, "")): f"已有的{show(unit.name)}"
        for unit in _others(lines, units)
        if unit.own
    }
    made, faults = [], []
    for line in lines:
        parent = key_of(line.parent)
        if line.own and parent in holders:
            below = f"{show(line.parent)}下面" if line.parent else "同一个上级下面"
            words = (
                f"{below}的本级只能有一个：{holders[parent]}已经是了，"
                f"{show(line.name)}先不算。请只留一个“是”。"
            )
            faults.append(Fault(line.place, words, "own"))
            line = replace(line, own=False)
        elif line.own:
            holders[parent] = f"{line.place}{show(line.name)}"
        made.append(line)
    return made, faults


def _others(lines: Sequence[Line], units: Sequence[Unit]) -> list[Unit]:
    """The known units that the roster does not name."""
    listed = {line.known for line in lines}
    return [unit for unit in units if unit.id not in listed]


def _proposed(lines: Sequence[Line], units: Sequence[Unit], taken: set[str]) -> list[Line]:
    """The lines with a short name wherever a sure one can be found."""
    kept = {unit.id: unit.short for unit in units}
    place = place_of([*(line.name for line in lines), *(unit.name for unit in units)])
    wanted = [
        line.short or kept.get(line.known or 0, "") or short_name(line.name, place)
        for line in lines
    ]
    counts = Counter(map(key_of, wanted))
    return [
        replace(line, short=short)
        if not line.short and counts[key_of(short)] == 1 and key_of(short) not in taken
        else line
        for line, short in zip(lines, wanted, strict=True)
    ]


def _unknown(line: Line, said: str, bodies: Sequence[Unit]) -> str:
    """That a parent is not there, with the one that may be meant."""
    near = [body.name for body in find_units(bodies, said) if body.name != line.name]
    hint = f"是不是{show(near[0])}？" if len(near) == 1 else ""
    return (
        f"{show(line.name)}的上级{show(said)}不在名单里，也不是已有的单位，先空着。{hint}"
        "请写上级的全称，或者把它也加进名单。"
    )


def _above(lines: Sequence[Line], units: Sequence[Unit]) -> dict[str, str]:
    """The key of each body's parent; the roster goes before what is known."""
    names = {unit.id: unit.name for unit in units}
    above = {key_of(unit.name): key_of(names.get(unit.parent or 0, "")) for unit in units}
    for line in lines:
        if line.parent or line.known is None:
            above[key_of(line.name)] = key_of(line.parent)
    return above


def _circles(above: Mapping[str, str]) -> set[str]:
    """The bodies that are above themselves; each is visited once."""
    found: set[str] = set()
    done: set[str] = set()
    for start in above:
        path: dict[str, int] = {}
        here = start
        while here and here not in done and here not in path:
            path[here] = len(path)
            here = above.get(here, "")
        if here in path:
            found.update(list(path)[path[here] :])
        done.update(path)
    return found
