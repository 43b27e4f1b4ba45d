"""Keeps everything in one SQLite file; the only module that knows a table name.

One connection, one thread, one transaction a turn (WAL, synchronous FULL): the update's id, the
changed answers with their history, the position and the replies stand or fall together. Inside
it plain `execute` is used: the per-row helpers cost three times as much.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlite_utils

from bot.draft import Change, Draft, Entry
from bot.encoding import (
    dump_answer,
    kind_of,
    load_answer,
    read_answer,
    read_outgoing,
    write_body,
    write_time,
    write_value,
)
from bot.form import Form
from bot.messages import File, Incoming, Outgoing, Part
from bot.migrations import migrations

INVITATION_DAYS = 60
AT_HAND = 500
Busy = sqlite3.OperationalError
"""The file is locked by another program, full, or cannot be written."""

_STEPS = tuple(migrations.pending(sqlite_utils.Database(memory=True, execute_plugins=False)))


class StoreError(Exception):
    """The store cannot be used; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A chat's place: who sits there, at which draft, and the interview's position as JSON."""

    address: str
    person: int
    name: str
    draft: int
    position: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to be put into the outbox, with the question it asks."""

    outgoing: Outgoing
    question: str = ""


class Store:
    """One district's SQLite file."""

    def __init__(self, path: Path | str, form: Form, *, exclusive: bool = False) -> None:
        """Open or create the file; `exclusive` refuses a second process that talks on it."""
        self.form = form
        self.path = Path(path)
        self._lock: int | None = None
        self._at_hand: dict[int, Draft] = {}
        with _in_words(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if exclusive:
                self._lock = _lock(self.path)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(self.path, check_same_thread=False)
            self.db = sqlite_utils.Database(connection, execute_plugins=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self.db.execute(f"PRAGMA {pragma}").fetchall()
            self.db.execute("PRAGMA busy_timeout=5000").fetchall()
            _refuse_newer(self.db, self.path)
            migrations.apply(self.db)

    def close(self) -> None:
        """Close the file and give up the lock."""
        self.db.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # ── units, drafts and invitations ───────────────────────────────────────────────────────

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

    # ── drafts ──────────────────────────────────────────────────────────────────────────────

    def draft(self, draft: int) -> Draft:
        """A draft with all its answers; the one kept last is at hand.

        Only a process that talks alone on the file (`exclusive`) keeps drafts at hand.
        """
        found = self._at_hand.get(draft)
        if found is None:
            found = self._load_draft(draft)
            self._remember(found)
        return found

    def _remember(self, draft: Draft) -> None:
        if self._lock is None:
            return
        if len(self._at_hand) >= AT_HAND:
            self._at_hand.clear()
        self._at_hand[draft.id] = draft

    def _load_draft(self, draft: int) -> Draft:
        agency, level, year = self._one(
            "SELECT name, level, year FROM drafts JOIN units ON units.id = unit_id"
            " WHERE drafts.id = ?",
            [draft],
        )
        rows = self.db.execute(
            "SELECT item, kind, value, source FROM answers WHERE draft_id = ?", [draft]
        )
        answers = {item: read_answer(kind, value, source) for item, kind, value, source in rows}
        return Draft(self.form, draft, agency, year, level, answers)

    def history(self, draft: int, after: int = 0) -> list[tuple[int, int, Entry]]:
        """What changed in a draft: (history id, person id, entry), oldest first."""
        rows = self.db.execute(
            "SELECT history.id, person_id, item, old, new, people.name, at, inbox FROM history"
            " JOIN people ON people.id = person_id WHERE draft_id = ? AND history.id > ?"
            " ORDER BY history.id",
            [draft, after],
        )
        return [
            (
                id,
                person,
                Entry(
                    item,
                    load_answer(old),
                    load_answer(new),
                    name,
                    datetime.fromisoformat(at),
                    inbox,
                ),
            )
            for id, person, item, old, new, name, at, inbox in rows
        ]

    def news(self, draft: int, person: int, after: int) -> tuple[int, tuple[Entry, ...]]:
        """The newest line of a draft's history, and what others wrote behind line `after`."""
        latest = self._one("SELECT ifnull(max(id), 0) FROM history WHERE draft_id = ?", [draft])[0]
        if latest <= after:
            return latest, ()
        lines = self.history(draft, after)
        return latest, tuple(entry for _, who, entry in lines if who != person)

    def last_batch(self, draft: int, person: int) -> tuple[str, tuple[Change, ...]] | None:
        """The last changes of one person that were not undone: (batch, changes)."""
        row = self._maybe(
            "SELECT inbox FROM history WHERE draft_id = :d AND person_id = :p AND undoes IS NULL"
            " AND NOT (item = 'signoff' AND ifnull(new, '') LIKE '%\"drafted\"]')"
            " AND inbox NOT IN (SELECT undoes FROM history WHERE draft_id = :d AND undoes"
            " IS NOT NULL) ORDER BY id DESC LIMIT 1",
            {"d": draft, "p": person},
        )
        if row is None:
            return None
        rows = self.db.execute(
            "SELECT item, old, new FROM history WHERE draft_id = ? AND inbox = ? ORDER BY id",
            [draft, row[0]],
        )
        return row[0], tuple(
            Change(item, load_answer(old), load_answer(new)) for item, old, new in rows
        )

    # ── one turn ────────────────────────────────────────────────────────────────────────────

    def is_taken(self, key: str) -> bool:
        """Whether an update was taken before."""
        return self._maybe("SELECT 1 FROM inbox WHERE key = ?", [key]) is not None

    def save_turn(
        self,
        incoming: Incoming,
        seat: Seat,
        after: Draft,
        changes: Iterable[Change],
        position: str,
        replies: Iterable[Reply],
        now: datetime,
        *,
        asked: str = "",
        undoes: str | None = None,
        report: str | None = None,
        enrolled: bool = False,
    ) -> bool:
        """Keep one turn whole, or nothing of it; False where the update was taken before.

        `after` is the draft with `changes`; `asked` is the question that the message answered;
        `report` the frozen report (JSON) of
        the document that the reply marked `document=0` sends along; `enrolled` says that
        `take_seat` has taken this update already.
        """
        with self.db.atomic():
            if not enrolled and not self._take(incoming, asked, now, seat.draft):
                return False
            self._write_changes(incoming, seat, changes, undoes, now)
            self.db.execute(
                "UPDATE seats SET position = ? WHERE address = ? AND draft_id = ?",
                [position, seat.address, seat.draft],
            )
            document = None
            if report is not None:
                document = self.db.execute(
                    "INSERT INTO documents (draft_id, format, report, created_at)"
                    " VALUES (?, 'docx', ?, ?)",
                    [seat.draft, report, write_time(now)],
                ).lastrowid
            self._queue(replies, document, now, seat.draft)
        self._remember(after)
        return True

    def save_refusal(self, incoming: Incoming, replies: Iterable[Reply], now: datetime) -> bool:
        """Keep a reply to somebody who has no seat."""
        with self.db.atomic():
            if not self._take(incoming, "", now):
                return False
            self._queue(replies, None, now)
        return True

    def question_of(self, address: str, message: str, draft: int) -> str:
        """The question of `draft` that a message asked or answered, or ''."""
        for newest in ("outbox WHERE {} ORDER BY id", "inbox WHERE {} ORDER BY received_at"):
            where = newest.format("address = ? AND message = ? AND draft_id = ?")
            row = self._maybe(
                f"SELECT question FROM {where} DESC LIMIT 1", [address, message, draft]
            )
            if row and row[0]:
                return cast(str, row[0])
        return ""

    # ── outbox and documents ────────────────────────────────────────────────────────────────

    def unsent(self, channel: str, after: int = 0) -> list[Outgoing]:
        """The messages of a channel that are not known to have arrived, oldest first."""
        rows = self.db.execute(
            "SELECT id, address, body, document_id FROM outbox WHERE sent_at IS NULL AND id > ?"
            " AND address LIKE ? ORDER BY id",
            [after, channel + ":%"],
        )
        return [read_outgoing(*row) for row in rows]

    def mark_sent(self, sent: Iterable[tuple[int, str, str]], now: datetime) -> None:
        """Messages that arrived: (outbox id, the channel's name of the message, error or '')."""
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE outbox SET sent_at = ?, message = ?, error = ? WHERE id = ?",
                [(write_time(now), message, error or None, id) for id, message, error in sent],
            )

    def keyboards(self, channel: str) -> dict[str, str]:
        """For each chat the message that shows the newest buttons."""
        rows = self.db.execute(
            "SELECT address, message FROM outbox WHERE id IN (SELECT max(id) FROM outbox"
            " WHERE sent_at IS NOT NULL AND address LIKE ? GROUP BY address) AND buttons > 0",
            [channel + ":%"],
        )
        return {address: message for address, message in rows if message}

    def document(self, id: int) -> tuple[str, File | None, str]:
        """A document: its frozen report as JSON, the file once it is made, or why it failed."""
        report, name, content, error = self._one(
            "SELECT report, name, content, error FROM documents WHERE id = ?", [id]
        )
        return report, File(name, content) if content is not None else None, error or ""

    def keep_document(self, id: int, file: File) -> None:
        """Keep a finished file with its hash."""
        digest = hashlib.sha256(file.content).hexdigest()
        with self.db.atomic():
            self.db.execute(
                "UPDATE documents SET name = ?, content = ?, sha256 = ? WHERE id = ?",
                [file.name, file.content, digest, id],
            )

    def fail_document(self, id: int, reason: str, text: str, now: datetime) -> None:
        """Keep why there is no file, and say so in the chat that waits for it."""
        with self.db.atomic():
            self.db.execute("UPDATE documents SET error = ? WHERE id = ?", [reason, id])
            rows = self.db.execute(
                "SELECT id, address FROM outbox WHERE document_id = ? AND sent_at IS NULL", [id]
            ).fetchall()
            said = (Part(text),)
            self._queue([Reply(Outgoing(0, address, said)) for _, address in rows], None, now)

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _take(
        self, incoming: Incoming, asked: str, now: datetime, draft: int | None = None
    ) -> bool:
        """Put an update into the inbox; False where it is there. Always the first statement."""
        cursor = self.db.execute(
            "INSERT OR IGNORE INTO inbox (key, address, message, draft_id, question, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [incoming.key, incoming.address, incoming.message, draft, asked, write_time(now)],
        )
        return cursor.rowcount == 1

    def _write_changes(
        self,
        incoming: Incoming,
        seat: Seat,
        changes: Iterable[Change],
        undoes: str | None,
        now: datetime,
    ) -> None:
        changes = list(changes)
        self.db.conn.executemany(
            "INSERT INTO history (draft_id, item, old, new, person_id, inbox, undoes, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (seat.draft, c.item, dump_answer(c.old), dump_answer(c.new), seat.person,
                 incoming.key, undoes, write_time(now))
                for c in changes
            ],
        )  # fmt: skip
        self.db.conn.executemany(
            "DELETE FROM answers WHERE draft_id = ? AND item = ?",
            [(seat.draft, c.item) for c in changes],
        )
        self.db.conn.executemany(
            "INSERT INTO answers (draft_id, item, kind, value, source) VALUES (?, ?, ?, ?, ?)",
            [
                (seat.draft, c.item, kind_of(c.new.value), write_value(c.new.value), c.new.source)
                for c in changes
                if c.new is not None
            ],
        )

    def _queue(
        self,
        replies: Iterable[Reply],
        document: int | None,
        now: datetime,
        draft: int | None = None,
    ) -> None:
        self.db.conn.executemany(
            "INSERT INTO outbox (address, body, draft_id, question, buttons, document_id,"
            " queued_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (r.outgoing.address, write_body(r.outgoing), draft, r.question,
                 len(r.outgoing.buttons),
                 document if r.outgoing.document is not None else None, write_time(now))
                for r in replies
            ],
        )  # fmt: skip

    def _maybe(self, sql: str, values: Any = ()) -> Any:
        return self.db.execute(sql, values).fetchone()

    def _one(self, sql: str, values: Any = ()) -> Any:
        row = self._maybe(sql, values)
        if row is None:
            raise LookupError(sql)
        return row


def _refuse_newer(db: sqlite_utils.Database, path: Path) -> None:
    """A file with steps that this version does not know belongs to a newer one."""
    known = {step.name for step in (*migrations.pending(db), *_STEPS)}
    if any(step.name not in known for step in migrations.applied(db)):
        raise StoreError(f"{path.name} 由更新的版本建立，请用新版本打开。")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Faults of the file as sentences for people."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason = str(error)
        if "not a database" in reason or "malformed" in reason:
            raise StoreError(f"{path.name} 不是年报助手的数据库，或者已经损坏。") from None
        raise StoreError(f"打不开数据库 {path.name}：{reason}。") from None
    except OSError as error:
        raise StoreError(f"打不开数据库 {path.name}：{error.strerror}。") from None


def _lock(path: Path) -> int:
    """Hold `path`.lock until the process ends; StoreError where somebody holds it."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreError(f"{path.name} 正由另一个年报助手使用，请先退出那一个。") from None
    return handle


def _hash(payload: str) -> str:
    return hashlib.sha256(payload.encode("utf-8", "replace")).hexdigest()
