"""Units, people and invitations: who may sit where."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from bot.encoding import write_time
from bot.messages import Incoming
from bot.store.base import Base

INVITATION_DAYS = 60


@dataclass(frozen=True, slots=True)
class Seat:
    """A chat's place: who sits there, at which draft, and the interview's position as JSON."""

    address: str
    person: int
    name: str
    draft: int
    position: str


class Units(Base):
    """The tables units, people, chats, seats, invitations, and which drafts there are."""

    def open_draft(self, agency: str, year: int, now: datetime, level: str = "") -> int:
        """The id of a unit's draft for a year; both are made where they are missing."""
        with self.db.atomic():
            self.db.execute(
                "INSERT INTO units (name, level, created_at) VALUES (?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET level = iif(excluded.level = '', level,"
                " excluded.level)",
                [agency, level, write_time(now)],
            )
            unit = self._one("SELECT id FROM units WHERE name = ?", [agency])[0]
            self.db.execute(
                "INSERT INTO drafts (unit_id, year, form, created_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (unit_id, year) DO NOTHING",
                [unit, year, self.form.key, write_time(now)],
            )
            row = self._one("SELECT id FROM drafts WHERE unit_id = ? AND year = ?", [unit, year])
        return cast(int, row[0])

    def find_draft(self, agency: str, year: int) -> int | None:
        """The id of a unit's draft for a year, or None."""
        row = self._maybe(
            "SELECT drafts.id FROM drafts JOIN units ON units.id = unit_id"
            " WHERE name = ? AND year = ?",
            [agency, year],
        )
        return row[0] if row else None

    def invite(self, draft: int, now: datetime) -> str:
        """A new invitation's payload for a deep link; only its hash is kept."""
        payload = secrets.token_urlsafe(16)
        expires_at = now + timedelta(days=INVITATION_DAYS)
        with self.db.atomic():
            self.db.execute(
                "INSERT INTO invitations (hash, draft_id, created_at, expires_at)"
                " VALUES (?, ?, ?, ?)",
                [
                    _hash(payload),
                    draft,
                    write_time(now),
                    write_time(expires_at),
                ],
            )
        return payload

    def invited(self, payload: str, address: str, now: datetime) -> int | str:
        """The draft that an invitation opens for `address`, or why not: unknown, used, expired."""
        row = self._maybe(
            "SELECT draft_id, expires_at, used_by FROM invitations WHERE hash = ?",
            [_hash(payload)],
        )
        if row is None:
            return "unknown"
        draft, expires_at, used_by = row
        if used_by is not None:
            person = self._maybe("SELECT person_id FROM chats WHERE address = ?", [address])
            return cast(int, draft) if person and person[0] == used_by else "used"
        return "expired" if expires_at < write_time(now) else cast(int, draft)

    def take_seat(
        self, incoming: Incoming, draft: int, now: datetime, payload: str = ""
    ) -> Seat | None:
        """Bind a chat to a draft, using up the invitation; None where this update was taken."""
        with self.db.atomic():
            if not self._take(incoming, "", now):
                return None
            row = self._maybe("SELECT person_id FROM chats WHERE address = ?", [incoming.address])
            if row is None:
                person = self.db.execute(
                    "INSERT INTO people (name, created_at) VALUES (?, ?)",
                    [incoming.sender, write_time(now)],
                ).lastrowid
            else:
                person = row[0]
            self.db.execute(
                "INSERT INTO chats (address, person_id, draft_id) VALUES (?, ?, ?)"
                " ON CONFLICT (address) DO UPDATE SET draft_id = excluded.draft_id",
                [incoming.address, person, draft],
            )
            self.db.execute(
                "INSERT INTO seats (address, draft_id, position) VALUES (?, ?, '')"
                " ON CONFLICT DO NOTHING",
                [incoming.address, draft],
            )
            if payload:
                self.db.execute(
                    "UPDATE invitations SET used_at = ?, used_by = ? WHERE hash = ?",
                    [write_time(now), person, _hash(payload)],
                )
        return self.seat(incoming.address)

    def seat(self, address: str) -> Seat | None:
        """Where a chat stands, or None for a stranger."""
        row = self._maybe(
            "SELECT chats.address, chats.person_id, people.name, chats.draft_id, seats.position"
            " FROM chats JOIN people ON people.id = chats.person_id"
            " JOIN seats ON seats.address = chats.address AND seats.draft_id = chats.draft_id"
            " WHERE chats.address = ?",
            [address],
        )
        return Seat(*row) if row else None


def _hash(payload: str) -> str:
    return hashlib.sha256(payload.encode("utf-8", "replace")).hexdigest()
