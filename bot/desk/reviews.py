"""审核: a version is looked at, commented on, sent back or approved."""

from __future__ import annotations

import re

from bot.answers import Rejected, read_text
from bot.desk.office import DeskTalk, Refused, read_id
from bot.desk.places import find_place, place_items
from bot.interview.talk import Choice
from bot.office.acts import Decide, DropComment, PinComment
from bot.office.differences import Difference, beyond, changed_sentences, differences
from bot.office.standing import Comment, Standing, Version

_FINDINGS = 6
_CHANGES = 12
_SENTENCES = 2
_DECIDED = {
    "returned": "desk_returned",
    "approved": "desk_approved",
    "withdrawn": "desk_withdrawn",
}
_LEAST, _LONGEST = 2, 500


def show_review(desk: DeskTalk, id: str, *, files: bool = True) -> None:
    """A version: what changed, what the checks say with the 说明, comments, and its pages."""
    standing, versions, version = desk.version(read_id(id))
    desk.move(unit=standing.unit.id, version=version.id)
    before = next((v for v in versions if v.number == version.number - 1), None)
    findings = desk.office.findings(version)
    told = dict(version.explained)
    shown = [f for f in findings if f.severity in ("hard", "explain")]
    desk.say(
        "desk_review", unit=standing.unit, year=desk.year, number=version.number,
        submitter=version.submitter, at=version.submitted, agency=version.report.agency,
        figures=dict(version.report.figures), findings=shown[:_FINDINGS],
        more=max(0, len(shown) - _FINDINGS), notes=sum(f.severity == "note" for f in findings),
        remarks=list(told.items()),
        unexplained=max(0, sum(f.severity == "explain" for f in findings) - len(told)),
        nonzero=sum(bool(v) for v in version.report.figures.values()),
    )  # fmt: skip
    if before is not None:
        _say_changes(desk, standing, before, version)
    _say_comments(desk, version)
    if files:
        desk.files_first = True  # the buttons stay below the pages
        desk.order("png", draft=version.draft, version=version.id)
        desk.order("docx", draft=version.draft, version=version.id)
    _offer_review(desk, standing, version)


def offer_open_version(desk: DeskTalk) -> None:
    """The way back to the version under review, where it still waits for a decision."""
    try:
        standing, _, version = desk.version(desk.position.version)
    except Refused:
        return
    if standing.state == "submitted" and version.number == standing.version:
        count = len(desk.office.comments(version.id))
        if desk.office.role == "office":
            desk.offer(Choice(f"approve.{version.id}", "approve"),
                       Choice(f"return.{version.id}", "return", {"count": count}))  # fmt: skip
        desk.offer(Choice(f"look.{version.id}", "back_to_review"))


def _say_changes(desk: DeskTalk, standing: Standing, before: Version, version: Version) -> None:
    """What is another than in the version before, what was asked for, and what was answered."""
    found = differences(before.report, version.report, desk.office.form)
    asked = desk.office.comments(before.id)
    wanted = [Comment(remark.item, remark.text) for remark in asked]
    more = set(beyond(found, wanted, desk.office.form)) if asked else set()
    replies = desk.office.replies(version.draft)
    desk.say(
        "desk_changes", number=before.number,
        changes=[_told(d, d in more) for d in found[:_CHANGES]],
        hidden=max(0, len(found) - _CHANGES),
        replies=[(_item(desk, remark.item), remark.text, replies.get(remark.id, ""))
                 for remark in asked],
    )  # fmt: skip


def _told(difference: Difference, unasked: bool) -> dict[str, object]:
    changed: tuple[tuple[str, str], ...] = ()
    if difference.kind == "text":
        changed = changed_sentences(str(difference.old or ""), str(difference.new or ""))
    return {
        "item": difference.item, "old": difference.old, "new": difference.new,
        "sentences": changed[:_SENTENCES], "more": max(0, len(changed) - _SENTENCES),
        "unasked": unasked, "text": difference.kind == "text",
    }  # fmt: skip


def _say_comments(desk: DeskTalk, version: Version) -> None:
    pinned = desk.office.comments(version.id)
    if pinned:
        desk.say("desk_comments", comments=[(_item(desk, r.item), r.text) for r in pinned])


def _offer_review(desk: DeskTalk, standing: Standing, version: Version) -> None:
    if desk.office.role == "office" and version.number == standing.version:
        if standing.state == "submitted":
            count = len(desk.office.comments(version.id))
            desk.offer(Choice(f"approve.{version.id}", "approve"),
                       Choice(f"return.{version.id}", "return", {"count": count}))  # fmt: skip
            desk.say("desk_how_to_comment", pinned=count)
            if count:
                desk.offer(Choice(f"unpin.{version.id}", "unpin"))
        elif standing.state == "approved":
            desk.offer(Choice(f"withdraw.{version.id}", "withdraw"))
    desk.offer(Choice(f"unit.{standing.unit.id}", "back_to_unit"), Choice("home", "desk_home"))


def comment(desk: DeskTalk, words: str) -> bool:
    """予以公开 自然人：与登记簿不符: pinned to its place; False where it is no comment."""
    if not desk.position.version or desk.office.role != "office":
        return False
    lead, colon, text = re.sub(r"^(批注|意见|批)\s*", "", words.strip()).partition("：")
    if not colon:
        lead, colon, text = re.sub(r"^(批注|意见|批)\s*", "", words.strip()).partition(":")
    if not colon or not lead.strip():
        return False
    standing, _, version = desk.version(desk.position.version)
    if standing.state != "submitted" or version.number != standing.version:
        raise Refused("desk_not_open", unit=standing.unit, state=standing.state)
    place = find_place(desk.office.form, lead)
    if place is None:
        raise Refused("desk_no_place", typed=lead.strip()[:30])
    text = _sentence(text)
    desk.act(PinComment(version.id, place, text))
    count = len(desk.office.comments(version.id)) + 1
    desk.say("desk_pinned", item=_item(desk, place), text=text, count=count)
    desk.offer(Choice(f"return.{version.id}", "return", {"count": count}),
               Choice(f"look.{version.id}", "back_to_review"))  # fmt: skip
    return True


def unpin(desk: DeskTalk, id: str) -> None:
    """Take the last comment back, as long as it was not sent."""
    _, _, version = _open_version(desk, id)
    pinned = desk.office.comments(version.id)
    if not pinned:
        raise Refused("desk_no_comment")
    desk.act(DropComment(pinned[-1].id))
    desk.say("desk_unpinned", item=_item(desk, pinned[-1].item), text=pinned[-1].text)
    desk.offer(Choice(f"look.{version.id}", "back_to_review"))


def send_back(desk: DeskTalk, id: str) -> None:
    """退回: with its comments, or with a reason that is asked for."""
    standing, _, version = _open_version(desk, id)
    pinned = desk.office.comments(version.id)
    if not pinned:
        desk.move(asking=f"return.{version.id}", version=version.id)
        desk.say("desk_ask_return", unit=standing.unit)
        desk.offer(Choice(f"look.{version.id}", "back_to_review"))
        return
    _decide(desk, standing, Decide(version.id, "returned"), len(pinned))


def approve(desk: DeskTalk, id: str) -> None:
    """通过: the version is locked, its files are kept with their hashes."""
    standing, _, version = _open_version(desk, id)
    if desk.office.comments(version.id):
        raise Refused("desk_comments_wait", unit=standing.unit)
    _decide(desk, standing, Decide(version.id, "approved"), 0)


def withdraw(desk: DeskTalk, id: str) -> None:
    """撤回通过: only with a reason."""
    desk.only_admins()
    standing, _, version = desk.version(read_id(id))
    if standing.state != "approved" or version.number != standing.version:
        raise Refused("desk_not_open", unit=standing.unit, state=standing.state)
    desk.move(asking=f"withdraw.{version.id}")
    desk.say("desk_ask_withdraw", unit=standing.unit)
    desk.offer(Choice(f"look.{version.id}", "back_to_review"))


def take_reason(desk: DeskTalk, asked: str, text: str) -> None:
    """The reason that a return or a withdrawal asked for."""
    kind, _, id = asked.partition(".")
    standing, _, version = desk.version(int(id))
    desk.move(asking=asked)  # kept where the reason is refused
    reason = _sentence(text)
    desk.move(asking="")
    if kind == "return":
        # Without a comment the whole report comes back with the reason as its question.
        _open_version(desk, id)
        desk.act(PinComment(version.id, "", reason))
        count = len(desk.office.comments(version.id)) + 1
        _decide(desk, standing, Decide(version.id, "returned"), count)
    else:
        _decide(desk, standing, Decide(version.id, "withdrawn", reason), 0)


def _decide(desk: DeskTalk, standing: Standing, decision: Decide, count: int) -> None:
    desk.act(decision)
    desk.say(_DECIDED[decision.kind], unit=standing.unit, number=standing.version, count=count,
             contacts=standing.contacts)  # fmt: skip
    waiting = [s for s in desk.office.standings(desk.year)
               if s.state == "submitted" and s.unit.id != standing.unit.id]  # fmt: skip
    if waiting:
        desk.offer(Choice(f"next.{waiting[0].unit.id}", "next_review",
                          {"name": waiting[0].unit.called, "count": len(waiting)}))  # fmt: skip
    desk.offer(Choice(f"unit.{standing.unit.id}", "back_to_unit"), Choice("home", "desk_home"))


def next_review(desk: DeskTalk, id: str) -> None:
    """The next unit that waits for a review."""
    show_review(desk, str(newest(desk, desk.standing(read_id(id))).id))


def newest(desk: DeskTalk, standing: Standing) -> Version:
    """The version that a unit handed in last; refused where there is none."""
    if standing.draft is None or not standing.version:
        begun = standing.state != "idle"
        raise Refused("desk_not_handed_in" if begun else "desk_nothing_yet", unit=standing.unit)
    return desk.office.versions(standing.draft)[-1]


def _open_version(desk: DeskTalk, id: str) -> tuple[Standing, tuple[Version, ...], Version]:
    desk.only_admins()
    standing, versions, version = desk.version(read_id(id))
    if standing.state != "submitted" or version.number != standing.version:
        raise Refused("desk_not_open", unit=standing.unit, state=standing.state)
    return standing, versions, version


def _sentence(text: str) -> str:
    """What an admin writes to a clerk, as a clerk's own text is read."""
    try:
        read = read_text(text)
    except Rejected:
        read = ""
    if not _LEAST <= len(read) <= _LONGEST:
        raise Refused("desk_comment_length", length=len(text.strip()), limit=_LONGEST)
    return read


def _item(desk: DeskTalk, place: str) -> str:
    """A place as the wording names it: a cell of its row, a text, or ''."""

    items = place_items(desk.office.form, place)
    return place if len(items) != 1 else items[0]
