"""汇总: the district's figures as the sum of its units, and what is odd across them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.checks.finding import Finding
from bot.desk.office import DeskTalk, Refused
from bot.desk.places import find_place, place_items
from bot.form import Form
from bot.interview.card import filled_tables
from bot.interview.talk import Choice, Say
from bot.office.acts import OfferRollup
from bot.office.names import find_units
from bot.office.rollup import Rollup, contributions_of, versions_of
from bot.office.standing import Unit

_MISSING, _FINDINGS, _GIVERS, _ODD = 10, 6, 12, 10


def show_rollup(desk: DeskTalk, words: str = "") -> None:
    """The sum as it stands; `汇总 予以公开` says who gave what to a line."""
    district = _district(desk, words)
    if district is None:
        return
    words = words.strip()
    place = find_place(desk.office.form, words) if words and not words.isdigit() else None
    rollup = desk.office.rollup(district, desk.year, final=False)
    desk.move(unit=district.id)
    if place:
        desk.says.append(givers_say(desk.office.form, rollup, words))
        desk.offer(Choice("rollup", "rollup"))
    else:
        _say_rollup(desk, rollup)
    desk.offer(Choice("home", "desk_home"))


def rollup_say(form: Form, rollup: Rollup, findings: Sequence[Finding]) -> Say:
    """A sum in words: who is counted and who is missing, what was found, its figures."""
    found = [finding for finding in findings if finding.rule != "RU-MISS"]
    listed = {unit.id for unit in rollup.children}
    unlisted = sum(one.unit.id not in listed for one in rollup.counted)
    facts = {
        "district": rollup.district, "year": rollup.year, "counted": len(rollup.counted),
        "approved": _approved(rollup), "of": len(rollup.children) + unlisted,
        "exempt": len(rollup.exempt),
        "missing": [unit.called for unit in rollup.missing[:_MISSING]],
        "hidden": max(0, len(rollup.missing) - _MISSING), "findings": found[:_FINDINGS],
        "more": max(0, len(found) - _FINDINGS), "figures": dict(rollup.figures),
        "own": rollup.own is not None, "nonzero": any(rollup.figures.values()),
    }  # fmt: skip
    return Say("desk_rollup", facts, filled_tables(form, rollup.figures))


def _approved(rollup: Rollup) -> int:
    return sum(one.state == "approved" for one in rollup.counted)


def _say_rollup(desk: DeskTalk, rollup: Rollup) -> None:
    desk.says.append(rollup_say(desk.office.form, rollup, desk.office.rollup_findings(rollup)))
    if rollup.counted:
        desk.offer(Choice(f"sheet.{rollup.district.id}", "rollup_sheet"),
                   Choice(f"data.{rollup.district.id}", "rollup_data"))  # fmt: skip
        if desk.office.role == "office":
            whole = not rollup.missing and _approved(rollup) == len(rollup.counted)
            desk.offer(Choice(f"fill.{rollup.district.id}", "rollup_final" if whole
                              else "rollup_preview"))  # fmt: skip


def givers_say(form: Form, rollup: Rollup, words: str) -> Say:
    """Who gave how much to the place that some words mean; refused where it has no figure."""
    items = place_items(form, find_place(form, words) or "")
    cell = next((i for i in items if i.endswith(".total")), items[-1] if items else "")
    if cell not in rollup.figures:
        raise Refused("desk_no_place", typed=words[:30])
    if not rollup.counted:
        raise Refused("desk_rollup_empty", unit=rollup.district)
    gave = [(unit.called, figure) for unit, figure in contributions_of(rollup, cell) if figure]
    facts = {
        "item": cell, "total": rollup.figures[cell], "gave": gave[:_GIVERS],
        "hidden": max(0, len(gave) - _GIVERS), "counted": len(rollup.counted),
    }  # fmt: skip
    return Say("desk_givers", facts)


def send_sheet(desk: DeskTalk, id: str) -> None:
    """The sum as a workbook, with every unit's line."""
    _order(desk, id, "rollup.xlsx")


def send_data(desk: DeskTalk, id: str) -> None:
    """The sum as a data file, which a city can add up again."""
    _order(desk, id, "rollup.json")


def fill_in(desk: DeskTalk, id: str) -> None:
    """Offer the sum to the contacts of the district: they take it over, or not."""
    desk.only_admins()
    unit = _known(desk, id)
    rollup = desk.office.rollup(unit, desk.year, final=False)
    standing = desk.standing(unit.id)
    if not rollup.counted:
        raise Refused("desk_rollup_empty", unit=unit)
    if not standing.contacts:
        raise Refused("desk_rollup_unbound", unit=unit)
    if standing.state in ("submitted", "approved"):
        raise Refused("desk_not_open", unit=unit, state=standing.state)
    final = not rollup.missing and all(one.state == "approved" for one in rollup.counted)
    counted = json.dumps(versions_of(rollup))
    desk.act(OfferRollup(unit.id, desk.year, final, counted, ""))
    desk.say("desk_rollup_offered", unit=unit, contacts=standing.contacts, final=final,
             missing=len(rollup.missing))  # fmt: skip
    desk.offer(Choice("home", "desk_home"))


def show_anomalies(desk: DeskTalk, words: str = "") -> None:
    """异常: what is odd when units are held against one another."""
    found = desk.office.anomalies(desk.year)
    desk.say("desk_anomalies", year=desk.year, count=len(found),
             found=[(a.unit.called, a.finding, [u.called for u in a.others[:3]])
                    for a in found[:_ODD]], more=max(0, len(found) - _ODD))  # fmt: skip
    desk.offer(Choice("home", "desk_home"))


def _order(desk: DeskTalk, id: str, kind: str) -> None:
    unit = _known(desk, id)
    desk.say("desk_sending")
    desk.order(kind, facts={"unit": unit.id, "year": desk.year})
    desk.offer(Choice("rollup", "rollup"))


def _known(desk: DeskTalk, id: str) -> Unit:
    found = [u for u in desk.office.units() if str(u.id) == id]
    if not found:
        raise Refused("desk_no_unit")
    return found[0]


def _district(desk: DeskTalk, words: str) -> Unit | None:
    """Which government is added up; asked where there are several."""
    units = desk.office.units()
    above = {u.parent for u in units}
    tops = [u for u in units if u.id in above]
    if not tops:
        raise Refused("desk_no_district")
    named = [*find_units(tops, words), *(t for t in tops if str(t.id) == words)]
    if len(tops) == 1 or named:
        return named[0] if named else tops[0]
    if (kept := [u for u in tops if u.id == desk.position.unit]) and words.strip():
        return kept[0]
    desk.say("desk_which_district")
    desk.offer_rows([Choice(f"rollup.{u.id}", "unit_named", {"number": 0, "name": u.called})
                     for u in tops[:10]])  # fmt: skip
    return None
