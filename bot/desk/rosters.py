"""名册: units come onto the list, are renamed, merged, exempted; nothing is lost by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answers import plain
from bot.desk.office import DeskTalk, Refused
from bot.interview.talk import Choice
from bot.office.acts import AddUnit, MergeUnit, RenameUnit, SetDue
from bot.office.names import find_units, sole_government
from bot.office.promises import read_promise
from bot.office.roster import Line, Roster, read_roster
from bot.office.standing import Unit
from bot.office.tree import children

ASKING = "roster"
_FAULTS = 8


def show_roster(desk: DeskTalk, words: str = "") -> None:
    """What stands on the list, and how it is changed."""
    units = desk.office.units()
    tops = [u for u in units if children(units, u.id)]
    desk.say("desk_roster", count=len(units), exempt=[u.called for u in units if u.exempt][:10],
             tops=[(u.called, len(children(units, u.id))) for u in tops[:5]],
             own=[u.called for u in units if u.own][:5])  # fmt: skip
    if desk.office.role == "office":
        desk.move(asking=ASKING)
    desk.offer(Choice("home", "desk_home"))


def take_rows(desk: DeskTalk, rows: Sequence[Sequence[str]]) -> None:
    """A pasted or sent list: what was understood is shown, and stored after a yes."""
    desk.only_admins()
    units = desk.office.units()
    roster = read_roster(rows, units, desk.office.is_agency)
    if not roster.lines:
        desk.move(asking=ASKING)
        raise Refused("desk_roster_nothing", faults=[f.said for f in roster.faults[:_FAULTS]])
    lines = _placed(roster, units)
    fresh = [line for line in lines if line.known is None]
    known = {unit.id: unit for unit in units}
    changed = [line for line in lines if line.known is not None
               and _differs(line, known[line.known], known)]  # fmt: skip
    same = len(lines) - len(fresh) - len(changed)
    reordered = _reorders(lines, units)
    said = {"same": same, "faults": [f.said for f in roster.faults[:_FAULTS]],
            "hidden": max(0, len(roster.faults) - _FAULTS)}  # fmt: skip
    if same == len(lines) and not reordered:
        desk.move(pending=())
        desk.say("desk_roster_same", **said)
        desk.offer(Choice("home", "desk_home"))
        return
    desk.say(
        "desk_roster_read", fresh=len(fresh), changed=len(changed), names=[
            (line.name, line.short) for line in (*fresh, *changed)[:10]
        ], more=max(0, len(fresh) + len(changed) - 10), reordered=reordered, stored=False, **said,
        top=next((line.parent for line in lines if line.parent), ""),
        own=[line.name for line in lines if line.own],
        exempt=[(line.name, line.exempt) for line in lines if line.exempt][:6],
    )  # fmt: skip
    desk.move(pending=tuple(tuple(map(str, row)) for row in rows))
    desk.offer(Choice("store_roster", "store_roster", {"count": len(lines)}),
               Choice("roster", "drop_roster"))  # fmt: skip


def store_roster(desk: DeskTalk, words: str = "") -> None:
    """Keep the list that was shown."""
    desk.only_admins()
    units = desk.office.units()
    rows = desk.position.pending
    if not rows:
        raise Refused("desk_roster_gone")
    lines = _placed(read_roster(rows, units, desk.office.is_agency), units)
    parents = [line for line in lines if any(o.parent == line.name for o in lines)]
    for line in (*parents, *(line for line in lines if line not in parents)):
        desk.act(AddUnit(line.name, line.short, line.level or None, line.order, line.parent,
                         line.own, line.exempt))  # fmt: skip
    desk.move(pending=())
    desk.say("desk_roster_kept", count=len(lines))
    desk.offer(Choice("invite", "invite_all", {"count": len(lines)}), Choice("home", "desk_home"))


def _placed(roster: Roster, units: Sequence[Unit]) -> tuple[Line, ...]:
    """A list without parents but with one government: that is where the others belong."""
    lines = roster.lines
    names = {unit.id: unit.name for unit in units}
    old = {unit.name: names.get(unit.parent or 0, "") for unit in units}
    lines = tuple(replace(line, parent=line.parent or old.get(line.name, "")) for line in lines)
    if any(line.parent for line in lines):
        return lines
    everyone = {*(line.name for line in lines), *(unit.name for unit in units)}
    top = sole_government(everyone)
    if not top:
        return lines
    own = [n for n in everyone if re.search(r"(人民政府办公室|政府办公室|政府办)$", n)]
    taken = any(line.own for line in lines) or any(unit.own for unit in units)
    return tuple(
        replace(line, parent="" if line.name == top else top,
                own=line.own or (not taken and [line.name] == own))
        for line in lines
    )  # fmt: skip


def _reorders(lines: Sequence[Line], units: Sequence[Unit]) -> bool:
    """Whether the units that are there would stand in another order."""
    orders = {line.known: line.order for line in lines}
    now = sorted(units, key=lambda unit: (unit.order, unit.id))
    then = sorted(units, key=lambda unit: (orders.get(unit.id, unit.order), unit.id))
    return now != then


def _differs(line: Line, unit: Unit, known: dict[int, Unit]) -> bool:
    parent = known[unit.parent].name if unit.parent in known else ""
    return (line.short, line.level or unit.level, line.parent, line.own, line.exempt) != (
        unit.short, unit.level, parent, unit.own, unit.exempt,
    )  # fmt: skip


def rename(desk: DeskTalk, words: str) -> None:
    """改名 财政局 为 西山区财政和国资局."""
    old, new = _two(words, r"\s*(?:为|改为|成|→|->)\s*|\s+", "desk_rename_how")
    unit, name = _one(desk, old), plain(new)
    if not desk.office.is_agency(name):
        raise Refused("desk_bad_name", typed=name[:30])
    if any(u.name == name for u in desk.office.units()):
        raise Refused("desk_name_taken", taken=name)
    desk.act(RenameUnit(unit.id, name))
    desk.say("desk_renamed", old=unit.name, new=name)
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"), Choice("home", "desk_home"))


def merge(desk: DeskTalk, words: str) -> None:
    """合并 商务局 到 发展改革局."""
    old, new = _two(words, r"\s*(?:并入|合并到|到|至|→|->)\s*|\s+", "desk_merge_how")
    unit, into = _one(desk, old), _one(desk, new)
    if unit.id == into.id:
        raise Refused("desk_merge_self", unit=unit)
    desk.act(MergeUnit(unit.id, into.id))
    desk.say("desk_merged", unit=unit, into=into)
    desk.offer(Choice(f"unit.{into.id}", "back_to_unit"), Choice("home", "desk_home"))


def exempt(desk: DeskTalk, words: str) -> None:
    """免报 商务局：已并入发展改革局."""
    name, reason = _two(words, r"\s*[：:，,]\s*|\s+", "desk_exempt_how")
    unit = _one(desk, name)
    desk.act(AddUnit(unit.name, exempt=reason.strip()[:100]))
    desk.say("desk_exempted", unit=unit, reason=reason.strip()[:100])
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"), Choice("home", "desk_home"))


def restore(desk: DeskTalk, words: str) -> None:
    """恢复 商务局: it must report again."""
    unit = _one(desk, words)
    if not unit.exempt:
        raise Refused("desk_not_exempt", unit=unit)
    desk.act(AddUnit(unit.name, exempt=""))
    desk.say("desk_restored", unit=unit)
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"), Choice("home", "desk_home"))


def set_short(desk: DeskTalk, words: str) -> None:
    """简称 青石县市场监督管理局 市监局."""
    name, short = _two(words, r"\s*(?:为|：|:)\s*|\s+", "desk_short_how")
    unit = _one(desk, name)
    desk.act(AddUnit(unit.name, short=plain(short)[:20]))
    desk.say("desk_short_set", unit=unit, short=plain(short)[:20])
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"))


def set_parent(desk: DeskTalk, words: str) -> None:
    """上级 财政局 青石县人民政府."""
    name, parent = _two(words, r"\s*(?:为|是|：|:)\s*|\s+", "desk_parent_how")
    unit, above = _one(desk, name), _one(desk, parent)
    if unit.id == above.id:
        raise Refused("desk_parent_self", unit=unit)
    if not (above.level.endswith("政府") or above.name.endswith("人民政府")):
        raise Refused("desk_parent_no_government", unit=above)
    units = {u.id: u for u in desk.office.units()}
    over: int | None = above.id
    while over is not None and over in units:
        if over == unit.id:
            raise Refused("desk_parent_circle", unit=unit, above=above)
        over = units[over].parent
    desk.act(AddUnit(unit.name, parent=above.name))
    desk.say("desk_parent_set", unit=unit, above=above)
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"))


def set_own(desk: DeskTalk, words: str) -> None:
    """本级 县政府办公室: its figures are the government's own."""
    unit = _one(desk, words)
    others = [u for u in desk.office.units() if u.own and u.parent == unit.parent and u != unit]
    desk.act(*(AddUnit(u.name, own=False) for u in others), AddUnit(unit.name, own=True))
    desk.say("desk_own_set", unit=unit)
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"))


def unset_own(desk: DeskTalk, words: str) -> None:
    """取消本级 县政府办公室."""
    unit = _one(desk, words)
    desk.act(AddUnit(unit.name, own=False))
    desk.say("desk_own_unset", unit=unit)
    desk.offer(Choice(f"unit.{unit.id}", "back_to_unit"))


def set_due(desk: DeskTalk, words: str) -> None:
    """截止 1月26日; 截止 政府 3月20日."""
    desk.only_admins()
    government = "政府" in words
    typed = re.sub(r"政府|部门|日期|[：:]", "", words).strip()
    day = _day(typed, desk.today)
    if day is not None and day < desk.today:
        raise Refused("desk_due_past", day=day)
    if day is None:
        due, over = desk.office.dues(desk.year)
        desk.say("desk_due_how", due=due, government=over, typed=typed[:20])
        return
    desk.act(SetDue(desk.year, None if government else day, day if government else None))
    law = date(desk.year + 1, 3, 31) if government else date(desk.year + 1, 1, 31)
    desk.say("desk_due_set", day=day, government=government, year=desk.year, law=law,
             late=day > law)  # fmt: skip
    desk.offer(Choice("home", "desk_home"))


def _day(typed: str, today: date) -> date | None:
    """A day with or without its year; None where it is none."""
    match = re.fullmatch(r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})[日号]?", typed)
    if match is None:
        ended = typed if not re.search(r"月\d+$", typed) else typed + "日"
        return read_promise(ended + "前", today, lambda day: True) if typed else None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _one(desk: DeskTalk, words: str) -> Unit:
    """The one unit that a name means; refused where there is none, or several."""
    desk.only_admins()
    found = find_units(desk.office.units(), words)
    if len(found) != 1:
        raise Refused("desk_unit_unclear", typed=words.strip()[:30],
                      found=[u.called for u in found[:6]])  # fmt: skip
    return found[0]


def _two(words: str, between: str, how: str) -> tuple[str, str]:
    """A command's two parts; refused with its example where one is missing."""
    # A word with blanks around it goes first: 成华区财政局 为 …, 到 in the middle of a name.
    for way in (rf"\s(?:{between})\s", between, r"\s+"):
        parts = [part.strip() for part in re.split(way, words.strip(), maxsplit=1)]
        if len(parts) == 2 and all(parts):
            return parts[0], parts[1]
    raise Refused(how)
