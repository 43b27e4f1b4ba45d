"""One turn kept whole: inbox, answers with their history, position, outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import cast

from bot.draft import Change, Draft
from bot.encoding import dump_answer, kind_of, write_time, write_value
from bot.messages import Incoming
from bot.store.chain import digest
from bot.store.drafts import Drafts
from bot.store.members import Seat
from bot.store.outbox import Outbox, Reply
from bot.store.reviews import Moved, Submission


class Turns(Drafts, Outbox):
    """What one incoming thing writes, in one transaction."""

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
        formats: tuple[str, ...] = ("docx",),
        adopts: str | None = None,
        told: int | None = None,
        pasted: tuple[str, str] | None = None,
        enrolled: bool = False,
        percent: int = 0,
        submission: Submission | None = None,
        recalls: bool = False,
        promised: date | None = None,
    ) -> bool:
        """Keep one turn whole, or nothing of it; False where the update was taken before.

        `after` is the draft with `changes`; `asked` is the question that the message answered;
        `report` the frozen report (JSON) of the documents in `formats`, which the replies marked
        `document=0`, `1` … send along; `adopts` a report (JSON) that becomes the unit's of the
        year before, '' that there is none; `told` the
        upload that this turn tells of; `pasted` a report that came as text (its name, what was
        read as JSON); `enrolled` says that `take_seat` has taken this update
        already; `percent` how much is answered now; `submission` what is handed in with this turn;
        `recalls` that it is taken back; `promised` the day until which the report was promised.
        Raises Moved where the draft was locked meanwhile.
        """
        with self.db.atomic():
            if not enrolled and not self._take(incoming, asked, now, seat.draft):
                return False
            self._write_changes(incoming, seat, changes, undoes, percent, now)
            if recalls:
                self._recall(seat.draft, seat.person, incoming.key, now)
            if submission is not None:
                self._submit(seat.draft, seat.person, incoming.key, submission, now)
            if promised is not None:
                self._promise(incoming, seat, promised, now)
            self.db.execute(
                "UPDATE seats SET position = ? WHERE address = ? AND draft_id = ?",
                [position, seat.address, seat.draft],
            )
            documents: list[int | None] = []
            if report is not None:
                kept = self._filed_now(seat.draft)
                documents = [
                    kept[kind]
                    if kind in kept
                    else self.db.execute(
                        "INSERT INTO documents (draft_id, format, report, created_at)"
                        " VALUES (?, ?, ?, ?)",
                        [seat.draft, kind, report, write_time(now)],
                    ).lastrowid
                    for kind in formats
                ]
            if adopts is not None:
                self._adopt(incoming, seat.draft, adopts, now)
            if pasted is not None:
                self._take_pasted(incoming, seat, *pasted, now)
            if told is not None:
                self.db.execute(
                    "UPDATE uploads SET told_at = ? WHERE id = ?", [write_time(now), told]
                )
            self._queue(replies, documents, now, seat.draft)
            self._seal(now)
        if report is not None:
            self._at_hand.clear()  # it may be the last year's report of a draft at hand
        self._remember(after)
        return True

    def _filed_now(self, draft: int) -> dict[str, int]:
        """The documents of an approved draft by format: everybody gets the very files kept."""
        if self.stage(draft).name != "approved":
            return {}
        rows = self.db.execute(
            "SELECT format, documents.id FROM documents JOIN versions ON versions.id = version_id"
            " WHERE documents.draft_id = ? AND documents.error IS NULL ORDER BY documents.id",
            [draft],
        )
        return dict(rows.fetchall())

    def _promise(self, incoming: Incoming, seat: Seat, day: date, now: datetime) -> None:
        self.db.execute(
            "UPDATE drafts SET promised = ? WHERE id = ?", [day.isoformat(), seat.draft]
        )
        body = {"until": day.isoformat()}
        self._note("promised", body, now, draft=seat.draft, person=seat.person, inbox=incoming.key)

    def _take_pasted(
        self, incoming: Incoming, seat: Seat, name: str, reading: str, now: datetime
    ) -> None:
        self.db.execute(
            "INSERT INTO uploads (address, draft_id, inbox, name, handle, received_at, report,"
            " told_at) VALUES (?, ?, ?, ?, '', ?, ?, ?)",
            [seat.address, seat.draft, incoming.key, name, write_time(now), reading,
             write_time(now)],
        )  # fmt: skip

    def _adopt(self, incoming: Incoming, draft: int, report: str, now: datetime) -> None:
        body = {"sha256": digest(report)}
        self._note("adopted", body, now, draft=draft, inbox=incoming.key)
        if not report:
            self.db.execute(
                "DELETE FROM reports WHERE (unit_id, year) IN"
                " (SELECT unit_id, year - 1 FROM drafts WHERE id = ?)",
                [draft],
            )
            return
        self.db.execute(
            "INSERT INTO reports (unit_id, year, report, source, inbox, at) SELECT unit_id,"
            " year - 1, ?, 'imported', ?, ? FROM drafts WHERE id = ? ON CONFLICT DO UPDATE SET"
            " report = excluded.report, inbox = excluded.inbox, at = excluded.at",
            [report, incoming.key, write_time(now), draft],
        )

    def save_refusal(self, incoming: Incoming, replies: Iterable[Reply], now: datetime) -> bool:
        """Keep a reply to somebody who has no seat."""
        with self.db.atomic():
            if not self._take(incoming, "", now):
                return False
            self._queue(replies, (), now)
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

    def _write_changes(
        self,
        incoming: Incoming,
        seat: Seat,
        changes: Iterable[Change],
        undoes: str | None,
        percent: int,
        now: datetime,
    ) -> None:
        changes = list(changes)
        if not changes:
            return
        moved = self.db.execute(
            "UPDATE drafts SET moved_at = ?, percent = ?, checked = 0 WHERE id = ?"
            " AND stage IN ('filling', 'returned')",
            [write_time(now), percent, seat.draft],
        ).rowcount
        if not moved:
            raise Moved
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
