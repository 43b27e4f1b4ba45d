"""What waits to be sent, and the documents that go along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.encoding import read_outgoing, write_body, write_time
from bot.messages import File, Outgoing, Part
from bot.store.chain import Chain, digest


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to be put into the outbox, with the question it asks."""

    outgoing: Outgoing
    question: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its frozen report as JSON, the file once it is made, or why it failed.

    `draft` is 0 for one that belongs to the office and not to one draft.
    """

    draft: int
    format: str
    report: str
    file: File | None
    error: str


_WIPED = write_body(Outgoing(0, "", (Part("（邀请已发出，链接不保存。）"),)))
_NOT_KEPT = ("png", "qr", "zip")
"""Pictures, archives and invitations are made anew when they are wanted."""


class Outbox(Chain):
    """The tables outbox and documents."""

    def unsent(self, channel: str, after: int = 0) -> list[Outgoing]:
        """The messages of a channel that are not known to have arrived, oldest first."""
        rows = self.db.execute(
            "SELECT id, address, body, document_id FROM outbox WHERE sent_at IS NULL AND id > ?"
            " AND address LIKE ? ORDER BY id",
            [after, channel + ":%"],
        )
        return [read_outgoing(*row) for row in rows]

    def mark_sent(self, sent: Iterable[tuple[int, str, str]], now: datetime) -> None:
        """Messages that arrived: (outbox id, the channel's name of the message, error or '').

        What carried invitations is wiped.
        """
        sent = list(sent)
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE outbox SET sent_at = ?, message = ?, error = ? WHERE id = ?",
                [(write_time(now), message, error or None, id) for id, message, error in sent],
            )
            self.db.conn.executemany(
                "UPDATE documents SET report = '{}' WHERE id = (SELECT document_id FROM outbox"
                " WHERE id = ? AND secret)",
                [(id,) for id, _, _ in sent],
            )
            wiped = self.db.conn.executemany(
                "UPDATE outbox SET body = ? WHERE id = ? AND secret",
                [(_WIPED, id) for id, _, _ in sent],
            ).rowcount
        if wiped > 0:  # the journal still holds what was wiped
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def keyboards(self, channel: str) -> dict[str, str]:
        """For each chat the message that shows the newest buttons."""
        rows = self.db.execute(
            "SELECT address, message FROM outbox WHERE id IN (SELECT max(id) FROM outbox"
            " WHERE sent_at IS NOT NULL AND address LIKE ? GROUP BY address) AND buttons > 0",
            [channel + ":%"],
        )
        return {address: message for address, message in rows if message}

    def document(self, id: int) -> Document:
        """A document as it is kept."""
        draft, kind, report, name, content, error = self._one(
            "SELECT draft_id, format, report, name, content, error FROM documents WHERE id = ?",
            [id],
        )
        file = File(name, content) if content is not None else None
        return Document(draft or 0, kind, report, file, error or "")

    def keep_document(self, id: int, file: File, now: datetime) -> None:
        """Keep a finished file with its hash; of an approved version it goes into the chain.

        What was kept first stays.
        """
        kind, draft, version = self._one(
            "SELECT format, documents.draft_id, number FROM documents"
            " LEFT JOIN versions ON versions.id = version_id WHERE documents.id = ?",
            [id],
        )
        if kind in _NOT_KEPT:
            return
        sha256 = digest(file.content)
        with self.db.atomic():
            kept = self.db.execute(
                "UPDATE documents SET name = ?, content = ?, sha256 = ?"
                " WHERE id = ? AND content IS NULL",
                [file.name, file.content, sha256, id],
            ).rowcount
            if kept and version is not None:
                body = {"id": id, "version": version, "name": file.name, "sha256": sha256}
                self._note("filed", body, now, draft=draft)
                self._seal(now)

    def fail_document(self, id: int, reason: str, text: str, now: datetime) -> None:
        """Keep why there is no file, and say so in the chat that waits for it."""
        with self.db.atomic():
            self.db.execute("UPDATE documents SET error = ? WHERE id = ?", [reason, id])
            rows = self.db.execute(
                "SELECT id, address FROM outbox WHERE document_id = ? AND sent_at IS NULL", [id]
            ).fetchall()
            said = (Part(text),)
            self._queue([Reply(Outgoing(0, address, said)) for _, address in rows], (), now)

    def _queue(
        self,
        replies: Iterable[Reply],
        documents: Sequence[int | None],
        now: datetime,
        draft: int | None = None,
        *,
        secret: bool = False,
    ) -> None:
        self.db.conn.executemany(
            "INSERT INTO outbox (address, body, draft_id, question, buttons, document_id,"
            " secret, queued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (r.outgoing.address, write_body(r.outgoing), draft, r.question,
                 len(r.outgoing.buttons),
                 None if r.outgoing.document is None else documents[r.outgoing.document],
                 int(secret), write_time(now))
                for r in replies
            ],
        )  # fmt: skip
