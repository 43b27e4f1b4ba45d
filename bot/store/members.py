"""People: invitations, roles, chats and the seats in them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.encoding import write_time
from bot.messages import Incoming
from bot.office.acts import EndMember, Invite, Revoke, Role
from bot.store.roster import Roster

INVITATION_DAYS = 60
_OPEN = "used_at IS NULL AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class Seat:
    """A chat's place: who sits there, at which draft, and the interview's position as JSON."""

    address: str
    person: int
    name: str
    draft: int
    position: str


@dataclass(frozen=True, slots=True)
class Desk:
    """An office's chat: who, in which role, whether the desk is in front, its position as JSON."""

    address: str
    person: int
    name: str
    role: Role
    in_front: bool
    position: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation opens: a role, for contacts a draft; whose place it takes."""

    id: int
    role: Role
    draft: int | None
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a role; `unit` is 0 for the office's own."""

    person: int
    name: str
    role: Role
    unit: int = 0


class Members(Roster):
    """The tables people, members, chats, seats and invitations."""

    def invite(
        self, draft: int | None, now: datetime, role: Role = "contact", payload: str = ""
    ) -> str:
        """A new invitation's payload for a deep link; only its hash is kept."""
        with self.db.atomic():
            payload = payload or new_payload()
            self._invite(payload, role, draft, None, now)
            place = self.draft_place(draft) if draft is not None else None
            self._note("invited", {"role": role}, now, unit=place[0] if place else None)
            self._seal(now)
        return payload

    def open_claim(self, now: datetime) -> str:
        """The payload that makes its first user an admin; the ones before it are revoked."""
        with self.db.atomic():
            self._revoke(Revoke(None), now)
            payload = new_payload()
            self._invite(payload, "office", None, None, now)
            self._note("invited", {"role": "office"}, now)
            self._seal(now)
        return payload

    def invited(self, payload: str, address: str, now: datetime) -> Invitation | str:
        """What an invitation opens for `address`, or why not: unknown, used, revoked, expired."""
        row = self._maybe(
            "SELECT id, role, draft_id, replaces, expires_at, used_by, revoked_at"
            " FROM invitations WHERE hash = ?",
            [_hash(payload)],
        )
        if row is None:
            return "unknown"
        id, role, draft, replaces, expires_at, used_by, revoked_at = row
        invitation = Invitation(id, role, draft, replaces)
        if used_by is not None:
            again = self._person(address) == used_by and self._holds(used_by, role, draft)
            return invitation if again else "used"
        if revoked_at is not None:
            return "revoked"
        return "expired" if expires_at < write_time(now) else invitation

    def open_invitations(self) -> dict[int | None, int]:
        """How many invitations wait to be used, by unit (None: the office's)."""
        rows = self.db.execute(
            "SELECT drafts.unit_id, count(*) FROM invitations LEFT JOIN drafts ON"
            f" drafts.id = draft_id WHERE {_OPEN} GROUP BY drafts.unit_id"
        )
        return dict(rows.fetchall())

    def has_office(self) -> bool:
        """Whether anybody is an admin here."""
        sql = "SELECT 1 FROM members WHERE role = 'office' AND until IS NULL LIMIT 1"
        return self._maybe(sql) is not None

    def members(self, unit: int | None = None) -> list[Member]:
        """Who holds a role now: of a unit, or (None) everybody."""
        whose = " AND role = 'contact' AND unit_id = ?" if unit is not None else ""
        rows = self.db.execute(
            "SELECT person_id, people.name, role, ifnull(unit_id, 0) FROM members"
            " JOIN people ON people.id = person_id"
            f" WHERE until IS NULL{whose} ORDER BY members.id",
            [unit] if unit is not None else [],
        )
        return [Member(*row) for row in rows]

    def addresses(self, *, role: Role, unit: int | None = None) -> list[tuple[str, int]]:
        """The chats of those who hold a role: (address, person)."""
        rows = self.db.execute(
            "SELECT chats.address, chats.person_id FROM members JOIN chats ON"
            " chats.person_id = members.person_id WHERE role = ? AND until IS NULL"
            f"{' AND unit_id = ?' if unit is not None else ''} AND address NOT LIKE 'command:%'"
            " ORDER BY chats.address",
            [role, unit] if unit is not None else [role],
        )
        return [(address, person) for address, person in rows]

    def desk(self, address: str) -> Desk | None:
        """The office's chat at an address, or None for everybody else."""
        row = self._maybe(
            "SELECT address, chats.person_id, people.name, role, at_desk, desk FROM chats"
            " JOIN people ON people.id = chats.person_id"
            " JOIN members ON members.person_id = chats.person_id AND until IS NULL"
            " AND role <> 'contact' WHERE address = ? ORDER BY role DESC LIMIT 1",
            [address],
        )
        return Desk(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) if row else None

    def show_desk(self, address: str, in_front: bool) -> None:
        """Which of a person's two places a chat shows: the desk or the interview."""
        with self.db.atomic():
            self.db.execute(
                "UPDATE chats SET at_desk = ? WHERE address = ?", [int(in_front), address]
            )

    def take_desk(self, incoming: Incoming, invitation: Invitation, now: datetime) -> Desk | None:
        """Make somebody an admin or observer; None where this update was taken before."""
        with self.db.atomic():
            if not self._take(incoming, "", now):
                return None
            person = self._settle_in(incoming, None, now)
            self._join(person, invitation.role, None, incoming.key, now)
            self._use(invitation, person, incoming, now)
            self.db.execute("UPDATE chats SET at_desk = 1 WHERE address = ?", [incoming.address])
            self._seal(now)
        return self.desk(incoming.address)

    def take_seat(
        self, incoming: Incoming, draft: int, now: datetime, invitation: Invitation | None = None
    ) -> Seat | None:
        """Bind a chat to a draft, using up the invitation; None where this update was taken."""
        with self.db.atomic():
            if not self._take(incoming, "", now):
                return None
            person = self._settle_in(incoming, draft, now)
            self.db.execute(
                "INSERT INTO seats (address, draft_id, position) VALUES (?, ?, '')"
                " ON CONFLICT DO NOTHING",
                [incoming.address, draft],
            )
            unit = self._one("SELECT unit_id FROM drafts WHERE id = ?", [draft])[0]
            if not incoming.address.startswith("command:"):
                self._join(person, "contact", unit, incoming.key, now)
            if invitation is not None:
                self._use(invitation, person, incoming, now)
            self._seal(now)
        return self.seat(incoming.address)

    def seat(self, address: str) -> Seat | None:
        """Where a chat stands in the interview; None for those who answer for nobody."""
        row = self._maybe(
            "SELECT chats.address, chats.person_id, people.name, chats.draft_id, seats.position"
            " FROM chats JOIN people ON people.id = chats.person_id"
            " JOIN seats ON seats.address = chats.address AND seats.draft_id = chats.draft_id"
            " JOIN drafts ON drafts.id = chats.draft_id"
            " WHERE chats.address = ? AND (chats.address LIKE 'command:%' OR EXISTS (SELECT 1 FROM"
            " members WHERE members.person_id = chats.person_id AND role = 'contact'"
            " AND members.unit_id = drafts.unit_id AND until IS NULL))",
            [address],
        )
        return Seat(*row) if row else None

    def may_sit(self, address: str, draft: int) -> bool:
        """Whether the person of a chat answers for the unit of a draft."""
        person = self._person(address)
        return person is not None and self._holds(person, "contact", draft)

    # ── for the transactions of others ──────────────────────────────────────────────────────

    def _settle_in(self, incoming: Incoming, draft: int | None, now: datetime) -> int:
        """The person of a chat, made where it is new; the chat turns to `draft` where one is."""
        known = self._person(incoming.address)
        person = known
        if person is None:
            person = self.db.execute(
                "INSERT INTO people (name, created_at) VALUES (?, ?)",
                [incoming.sender, write_time(now)],
            ).lastrowid
            assert person is not None
        self.db.execute(
            "INSERT INTO chats (address, person_id, draft_id) VALUES (?, ?, ?)"
            " ON CONFLICT (address) DO UPDATE SET draft_id = ifnull(excluded.draft_id, draft_id),"
            " at_desk = iif(excluded.draft_id IS NULL, at_desk, 0)",
            [incoming.address, person, draft],
        )
        return person

    def _join(self, person: int, role: Role, unit: int | None, inbox: str, now: datetime) -> None:
        if self.db.execute(
            "INSERT OR IGNORE INTO members (person_id, role, unit_id, since) VALUES (?, ?, ?, ?)",
            [person, role, unit, write_time(now)],
        ).rowcount:
            self._note("joined", {"role": role}, now, unit=unit, person=person, inbox=inbox)

    def _use(self, invitation: Invitation, person: int, incoming: Incoming, now: datetime) -> None:
        used = self.db.execute(
            "UPDATE invitations SET used_at = ?, used_by = ? WHERE id = ? AND used_at IS NULL",
            [write_time(now), person, invitation.id],
        ).rowcount
        if not used:
            return
        if invitation.replaces not in (None, person) and invitation.draft is not None:
            unit = self._one("SELECT unit_id FROM drafts WHERE id = ?", [invitation.draft])[0]
            assert invitation.replaces is not None
            self._end(EndMember(invitation.replaces, "contact", unit), incoming.key, now)

    def _end(self, act: EndMember, inbox: str, now: datetime) -> None:
        ended = self.db.execute(
            "UPDATE members SET until = ? WHERE person_id = ? AND role = ? AND unit_id IS ?"
            " AND until IS NULL",
            [write_time(now), act.person, act.role, act.unit],
        ).rowcount
        if ended:
            body = {"role": act.role}
            self._note("left", body, now, unit=act.unit, person=act.person, inbox=inbox)
            self._turn_away(act)

    def _turn_away(self, act: EndMember) -> None:
        """A chat leaves the unit's draft for another one that its person still answers for."""
        self.db.execute(
            "UPDATE chats SET draft_id = (SELECT seats.draft_id FROM seats"
            " JOIN drafts ON drafts.id = seats.draft_id JOIN members ON"
            " members.unit_id = drafts.unit_id AND members.person_id = chats.person_id"
            " AND role = 'contact' AND until IS NULL WHERE seats.address = chats.address"
            " ORDER BY year DESC LIMIT 1) WHERE person_id = ? AND draft_id IN"
            " (SELECT id FROM drafts WHERE unit_id IS ?)",
            [act.person, act.unit],
        )

    def _offer_invitation(self, act: Invite, now: datetime) -> None:
        draft = self._draft_of(act.unit, act.year, now) if act.unit is not None else None
        self._invite(act.payload, act.role, draft, act.replaces, now)

    def _invite(
        self, payload: str, role: Role, draft: int | None, replaces: int | None, now: datetime
    ) -> None:
        expires_at = now + timedelta(days=INVITATION_DAYS)
        self.db.execute(
            "INSERT INTO invitations (hash, role, draft_id, replaces, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [_hash(payload), role, draft, replaces, write_time(now), write_time(expires_at)],
        )

    def _revoke(self, act: Revoke, now: datetime) -> None:
        self.db.execute(
            f"UPDATE invitations SET revoked_at = ? WHERE {_OPEN} AND iif(? IS NULL,"
            " draft_id IS NULL, draft_id IN (SELECT id FROM drafts WHERE unit_id = ?))",
            [write_time(now), act.unit, act.unit],
        )

    def _person(self, address: str) -> int | None:
        row = self._maybe("SELECT person_id FROM chats WHERE address = ?", [address])
        return row[0] if row else None

    def _holds(self, person: int, role: Role, draft: int | None) -> bool:
        return (
            self._maybe(
                "SELECT 1 FROM members WHERE person_id = ? AND role = ? AND until IS NULL"
                " AND unit_id IS (SELECT unit_id FROM drafts WHERE id = ?)",
                [person, role, draft],
            )
            is not None
        )


def new_payload() -> str:
    """A payload that nobody can guess: 22 characters of A–Z a–z 0–9 _ -."""
    return secrets.token_urlsafe(16)


def _hash(payload: str) -> str:
    return hashlib.sha256(payload.encode("utf-8", "replace")).hexdigest()
