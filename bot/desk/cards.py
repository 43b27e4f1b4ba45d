"""One unit: where it stands, its people, its files, and what happened to it."""

from __future__ import annotations

from bot.desk.office import DeskTalk, Happening, Refused, read_id
from bot.desk.places import find_place, place_items
from bot.interview.talk import Choice
from bot.office.board import ago, due_words, localized, must_report, state_word
from bot.office.names import find_units
from bot.office.standing import Standing

_SHOWN = 12
_LISTED = 8
FORMATS = ("docx", "pdf", "png", "html", "xlsx", "txt", "json")


def open_unit(desk: DeskTalk, words: str) -> bool:
    """A typed name: its card, or the choice between several; False where no unit fits."""
    units = desk.office.units()
    found = find_units(units, words)
    if not found:
        return False
    if len(found) == 1:
        show_unit(desk, str(found[0].id))
        return True
    desk.say("desk_which_unit", typed=words[:20], count=len(found))
    desk.offer_rows([Choice(f"unit.{unit.id}", "unit_named", {"number": 0, "name": unit.called})
                     for unit in found[:_LISTED]])  # fmt: skip
    return True


def show_unit(desk: DeskTalk, id: str) -> None:
    """The card of a unit."""
    standing = desk.standing(read_id(id))
    unit = standing.unit
    here = localized([standing], desk.office.now.tzinfo)[0]
    desk.move(unit=unit.id)
    parents = {u.id: u.called for u in desk.office.units()}
    desk.say(
        "desk_unit", unit=unit, year=desk.year, state=state_word(standing),
        version=standing.version, percent=standing.percent, hard=standing.hard,
        explain=standing.explain, moved=ago(here.moved.date(), desk.today) if here.moved else "",
        due=due_words(here, desk.today), day=standing.due, contacts=standing.contacts,
        promised=standing.promised, parent=parents.get(unit.parent or 0, ""),
        waiting=desk.office.open_invitations().get(unit.id, 0),
    )  # fmt: skip
    _offer_unit(desk, standing)


def _offer_unit(desk: DeskTalk, standing: Standing) -> None:
    unit = standing.unit
    admin = desk.office.role == "office"
    if standing.version and standing.draft is not None:
        newest = desk.office.versions(standing.draft)[-1]
        words = "review" if standing.state == "submitted" and admin else "look"
        desk.offer(Choice(f"review.{newest.id}", words, {"number": newest.number}))
    if standing.draft is not None:
        desk.offer(Choice(f"file.{unit.id}", "file"), Choice(f"history.{unit.id}", "history"))
    if admin:
        people = []
        if must_report(standing) and standing.contacts and standing.state not in (
            "submitted", "approved",
        ):  # fmt: skip
            people.append(Choice(f"remind.{unit.id}", "remind_one"))
        words = "invite_more" if standing.contacts else "invite_one"
        people.append(Choice(f"invite.{unit.id}", words))
        if standing.contacts:
            people.append(Choice(f"staff.{unit.id}", "staff"))
        desk.offer(*people)
    desk.offer(Choice("board_back", "board_back"), Choice("home", "desk_home"))


def offer_files(desk: DeskTalk, id: str) -> None:
    """Which file of a unit."""
    standing = desk.standing(read_id(id))
    if standing.draft is None:
        raise _nothing(standing)
    desk.move(unit=standing.unit.id)
    filed = desk.office.filed(standing.draft)
    desk.say("desk_files", unit=standing.unit, version=standing.version,
             approved=standing.state == "approved",
             filed=[(kind, name, sha[:12]) for _, kind, name, sha, number in filed
                    if sha and number == standing.version])  # fmt: skip
    desk.offer_rows([Choice(f"send.{standing.unit.id}.{kind}", "as_" + kind) for kind in FORMATS],
                    wide=3)  # fmt: skip
    desk.offer(Choice(f"unit.{standing.unit.id}", "back_to_unit"))


def send_file(desk: DeskTalk, words: str) -> None:
    """One unit's report in one format: the newest version, or the draft as it stands."""
    id, _, kind = words.partition(".")
    standing = desk.standing(read_id(id))
    if standing.draft is None or kind not in FORMATS:
        raise _nothing(standing)
    version = None
    if standing.version and standing.state in ("submitted", "approved"):
        version = desk.office.versions(standing.draft)[-1].id
    desk.say("desk_sending")
    desk.order(kind, draft=standing.draft, version=version)
    desk.offer(Choice(f"unit.{standing.unit.id}", "back_to_unit"))


def show_history(desk: DeskTalk, words: str) -> None:
    """What happened to a unit; `历史 予以公开 自然人` what happened to a cell."""
    if words.isdigit():
        desk.move(unit=read_id(words))
        words = ""
    if not desk.position.unit:
        raise Refused("desk_open_first")
    standing = desk.standing(desk.position.unit)
    place = find_place(desk.office.form, words) if words.strip() else None
    if words.strip() and place and standing.draft is not None:
        entries = desk.office.entries(standing.draft, place_items(desk.office.form, place))
        desk.say("desk_trace", unit=standing.unit, item=place_items(desk.office.form, place)[0],
                 row=len(place_items(desk.office.form, place)) > 1,
                 entries=entries[-_SHOWN:], more=max(0, len(entries) - _SHOWN))  # fmt: skip
    elif words.strip():
        raise _no_place(words)
    else:
        events = desk.office.events(standing.unit.id, standing.draft)
        desk.say("desk_history", unit=standing.unit, lines=list(map(_line, events[-_SHOWN:])),
                 more=max(0, len(events) - _SHOWN))  # fmt: skip
    desk.offer(Choice(f"trace.{standing.unit.id}", "trace"),
               Choice(f"unit.{standing.unit.id}", "back_to_unit"))  # fmt: skip


def send_trace(desk: DeskTalk, id: str) -> None:
    """The whole history of a unit's report on one page, as a file."""
    standing = desk.standing(read_id(id))
    if standing.draft is None:
        raise _nothing(standing)
    desk.say("desk_sending")
    desk.order("trace.html", draft=standing.draft)


def _line(event: Happening) -> dict[str, object]:
    return {"kind": event.kind, "person": event.person, "at": event.at, "body": event.body}


def _nothing(standing: Standing) -> Refused:
    return Refused("desk_nothing_yet", unit=standing.unit)


def _no_place(words: str) -> Refused:
    return Refused("desk_no_place", typed=words[:30])
