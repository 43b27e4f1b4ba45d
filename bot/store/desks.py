"""What an office does, kept whole: one incoming thing, its acts, its replies, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.encoding import write_time
from bot.messages import Incoming, Outgoing, Part
from bot.office import acts as office
from bot.store.chain import digest
from bot.store.members import Desk
from bot.store.outbox import Reply
from bot.store.turns import Turns


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that nobody asked for: its key, the chats, and the draft that it reminds of."""

    key: str
    addresses: tuple[str, ...]
    outgoing: Outgoing
    reminds: int | None = None


class Desks(Turns):
    """Acts of the office."""

    def save_desk(
        self,
        incoming: Incoming,
        desk: Desk,
        acts: Sequence[office.Act],
        position: str,
        replies: Iterable[Reply],
        now: datetime,
        *,
        documents: Iterable[int | tuple[int | None, str, str]] = (),
        secret: bool = False,
    ) -> bool:
        """Keep what an office's turn came to, or nothing; False where the update was taken.

        `documents` are (draft, format, report as JSON) or the id of one that is kept, which the
        replies marked `document=0`, `1` … send along; `secret` says that the replies carry
        invitations: they are wiped once sent.
        Raises Moved where a version was decided on meanwhile.
        """
        with self.db.atomic():
            if not self._take(incoming, "", now):
                return False
            for act in acts:
                _KEEP[type(act)](self, act, desk, incoming, now)
            self.db.execute(
                "UPDATE chats SET desk = ?, at_desk = 1 WHERE address = ?",
                [position, desk.address],
            )
            made = [self._open_document(document, now) for document in documents]
            self._queue(replies, made, now, secret=secret)
            self._seal(now)
        if acts:
            self._at_hand.clear()  # a name, a level, or what is last year's approved report
        return True

    def save_notices(self, notices: Iterable[Notice], now: datetime) -> None:
        """Queue messages, each once under its key."""
        with self.db.atomic():
            for notice in notices:
                if not self._take(Incoming(notice.key, ""), "", now):
                    continue
                self._queue([Reply(_to(notice.outgoing, a)) for a in notice.addresses], (), now)
                if notice.reminds is not None:
                    body = {"key": notice.key}
                    self._note("reminded", body, now, draft=notice.reminds, inbox=notice.key)
            self._seal(now)

    def save_digest(self, address: str, version: int, outgoing: Outgoing, now: datetime) -> None:
        """Tell an admin of what was handed in, and remember up to where."""
        with self.db.atomic():
            self.db.execute(
                "UPDATE chats SET told_version = ?, told_at = ? WHERE address = ?",
                [version, write_time(now), address],
            )
            self._queue([Reply(_to(outgoing, address))], (), now)

    def take_command(self, incoming: Incoming, now: datetime) -> Desk:
        """The command line's own desk: it may do what an admin may."""
        with self.db.atomic():
            person = self._settle_in(incoming, None, now)
        return Desk(incoming.address, person, incoming.sender, "office", True, "")

    def _open_document(
        self, document: int | tuple[int | None, str, str], now: datetime
    ) -> int | None:
        if isinstance(document, int):
            return document
        draft, kind, report = document
        return self.db.execute(
            "INSERT INTO documents (draft_id, format, report, created_at) VALUES (?, ?, ?, ?)",
            [draft, kind, report, write_time(now)],
        ).lastrowid

    # ── the acts ────────────────────────────────────────────────────────────────────────────

    def _keep_unit(
        self, act: office.AddUnit, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        unit, body = self._add_unit(act, now)
        self._note("unit", body, now, unit=unit, person=desk.person, inbox=incoming.key)

    def _keep_name(
        self, act: office.RenameUnit, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        body = self._rename_unit(act)
        self._note("renamed", body, now, unit=act.unit, person=desk.person, inbox=incoming.key)

    def _keep_merger(
        self, act: office.MergeUnit, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        body = self._merge_unit(act)
        self._note("merged", body, now, unit=act.unit, person=desk.person, inbox=incoming.key)

    def _keep_invitation(
        self, act: office.Invite, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        self._offer_invitation(act, now)
        body: dict[str, Any] = {"role": act.role}
        self._note("invited", body, now, unit=act.unit, person=desk.person, inbox=incoming.key)

    def _keep_revocation(
        self, act: office.Revoke, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        self._revoke(act, now)
        self._note("revoked", {}, now, unit=act.unit, person=desk.person, inbox=incoming.key)

    def _keep_due(self, act: office.SetDue, desk: Desk, incoming: Incoming, now: datetime) -> None:
        self._note("due", self._set_due(act), now, person=desk.person, inbox=incoming.key)

    def _keep_reminder(
        self, act: office.Remind, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        if not self._take(Incoming(f"remind:{act.key}", ""), "", now):
            return
        addresses = self.addresses(role="contact", unit=act.unit)
        message = Outgoing(0, "", (Part(act.text),), act.buttons)
        self._queue([Reply(_to(message, address)) for address, _ in addresses], (), now)
        body = {"key": act.key}
        self._note("reminded", body, now, draft=act.draft, person=desk.person, inbox=incoming.key)

    def _keep_offer(
        self, act: office.OfferRollup, desk: Desk, incoming: Incoming, now: datetime
    ) -> None:
        self._keep_rollup(act, incoming.key, now)
        draft = self._draft_of(act.unit, act.year, now)
        name = f"汇总（{'正式' if act.final else '预览'}）.json"
        for address, _ in self.addresses(role="contact", unit=act.unit):
            self.db.execute(
                "INSERT INTO uploads (address, draft_id, inbox, name, handle, received_at, report)"
                " VALUES (?, ?, ?, ?, 'rollup', ?, ?)",
                [address, draft, incoming.key, name, write_time(now), act.report],
            )
        body = {"final": act.final, "sha256": digest(act.report)}
        self._note("rolled up", body, now, draft=draft, person=desk.person, inbox=incoming.key)


def _to(outgoing: Outgoing, address: str) -> Outgoing:
    return Outgoing(0, address, outgoing.parts, outgoing.buttons, unasked=True)


_Keep = Callable[[Desks, Any, Desk, Incoming, datetime], None]
_KEEP: Mapping[type, _Keep] = {
    office.AddUnit: Desks._keep_unit,
    office.RenameUnit: Desks._keep_name,
    office.MergeUnit: Desks._keep_merger,
    office.Invite: Desks._keep_invitation,
    office.Revoke: Desks._keep_revocation,
    office.EndMember: lambda store, act, desk, incoming, now: store._end(act, incoming.key, now),
    office.SetDue: Desks._keep_due,
    office.PinComment: lambda store, act, desk, incoming, now: store._pin(
        act, desk.person, incoming.key, now
    ),
    office.DropComment: lambda store, act, desk, incoming, now: store._unpin(act, now),
    office.Decide: lambda store, act, desk, incoming, now: store._decide(
        act, desk.person, incoming.key, now
    ),
    office.Remind: Desks._keep_reminder,
    office.OfferRollup: Desks._keep_offer,
}
