"""Invitations and people: who answers for whom, who is an admin, handing over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.office import DeskTalk, Refused, read_id
from bot.interview.talk import Choice
from bot.office.acts import EndMember, Invite, Revoke, Role
from bot.office.board import is_unreached
from bot.office.standing import Unit

FRESH, AGAIN = "fresh", "again"
LISTED = 60
"""Links that stand in one text; more come as a file."""


def invite_unit(desk: DeskTalk, id: str) -> None:
    """An invitation for a unit, with its picture; `id` may carry whom it replaces."""
    unit, _, replaces = id.partition(".")
    desk.only_admins()
    standing = desk.standing(read_id(unit))
    if standing.unit.exempt:
        raise Refused("desk_exempt", unit=standing.unit)
    payload = desk.office.new_payload()
    members = desk.office.members(standing.unit.id)
    leaver = next((m for m in members if m.person == read_id(replaces)), None)
    person = leaver.person if leaver else None
    desk.act(Revoke(standing.unit.id))
    desk.act(Invite("contact", payload, standing.unit.id, desk.year, person))
    link = desk.office.link(payload)
    desk.secret = True
    desk.say("desk_invited", unit=standing.unit, year=desk.year, link=link,
             leaver=leaver.name if leaver else "")  # fmt: skip
    if not desk.office.is_terminal:
        desk.order("qr", facts={"links": [[standing.unit.called, link]]})
    desk.offer(Choice(f"unit.{standing.unit.id}", "back_to_unit"), Choice("home", "desk_home"))


def invite_all(desk: DeskTalk, words: str = "") -> None:
    """One text with a link for every unit that nobody answers for, and the pictures.

    Links that were given out and not used yet are made void only after a yes.
    """
    desk.only_admins()
    units = [s.unit for s in desk.office.standings(desk.year) if is_unreached(s)]
    if not units:
        raise Refused("desk_all_bound")
    open_ = desk.office.open_invitations()
    given = [unit for unit in units if open_.get(unit.id)]
    if given and words not in (FRESH, AGAIN):
        fresh = len(units) - len(given)
        desk.say("desk_invited_before", count=len(given), fresh=fresh)
        if fresh:
            desk.offer(Choice(f"invite_some.{FRESH}", "invite_fresh", {"count": fresh}))
        desk.offer(Choice(f"invite_some.{AGAIN}", "invite_again", {"count": len(units)}),
                   Choice("home", "desk_home"))  # fmt: skip
        return
    _send_links(desk, [unit for unit in units if words != FRESH or unit not in given])


def _send_links(desk: DeskTalk, units: Sequence[Unit]) -> None:
    links = []
    for unit in units:
        payload = desk.office.new_payload()
        desk.act(Revoke(unit.id), Invite("contact", payload, unit.id, desk.year))
        links.append([unit.called, desk.office.link(payload)])
    desk.secret = True
    desk.say("desk_invited_all", year=desk.year, count=len(links), listed=len(links) <= LISTED,
             links=links[:LISTED] if len(links) <= LISTED else [])  # fmt: skip
    desk.order("qr", facts={"links": links})
    desk.offer(Choice("home", "desk_home"))


def show_staff(desk: DeskTalk, id: str) -> None:
    """Who answers for a unit: hand over, or end somebody's role."""
    standing = desk.standing(read_id(id))
    people = desk.office.members(standing.unit.id)
    desk.say("desk_staff", unit=standing.unit, people=[p.name or "（没有名字）" for p in people])
    for person in people[:8] if desk.office.role == "office" else ():
        name = {"name": person.name or str(person.person)}
        desk.offer(Choice(f"invite.{standing.unit.id}.{person.person}", "hand_over", name),
                   Choice(f"end.contact.{person.person}.{standing.unit.id}", "end_member",
                          name))  # fmt: skip
    desk.offer(Choice(f"unit.{standing.unit.id}", "back_to_unit"))


def show_people(desk: DeskTalk, words: str = "") -> None:
    """管理员: who is an admin or an observer, and how to invite more."""
    people = [p for p in desk.office.members() if p.role != "contact"]
    desk.say("desk_people", people=[(p.name or "（没有名字）", p.role) for p in people],
             waiting=desk.office.open_invitations().get(None, 0))  # fmt: skip
    if desk.office.role == "office":
        desk.offer(Choice("ask.office", "ask_office"), Choice("ask.observer", "ask_observer"))
        for person in people[:8]:
            desk.offer(Choice(f"end.{person.role}.{person.person}", "end_member",
                              {"name": person.name or str(person.person)}))  # fmt: skip
    desk.offer(Choice("home", "desk_home"))


def invite_staff(desk: DeskTalk, words: str) -> None:
    """A link that makes somebody an admin or an observer."""
    desk.only_admins()
    role: Role = "observer" if words == "observer" else "office"
    payload = desk.office.new_payload()
    desk.act(Invite(role, payload))
    desk.secret = True
    desk.say("desk_asked", role=role, link=desk.office.link(payload))
    desk.offer(Choice("home", "desk_home"))


def end_member(desk: DeskTalk, words: str) -> None:
    """停用: a person's role ends; the last admin stays."""
    desk.only_admins()
    role, _, rest = words.partition(".")
    person, _, unit = rest.partition(".")
    members = desk.office.members()
    found = next((m for m in members if str(m.person) == person and m.role == role
                  and str(m.unit or "") == unit), None)  # fmt: skip
    if found is None:
        raise Refused("desk_no_member")
    if role == "office" and sum(m.role == "office" for m in members) == 1:
        raise Refused("desk_last_admin")
    desk.act(EndMember(found.person, found.role, found.unit or None))
    desk.say("desk_ended", name=found.name, role=role)
    desk.offer(Choice("people" if role != "contact" else f"unit.{found.unit}", "desk_back"),
               Choice("home", "desk_home"))  # fmt: skip
