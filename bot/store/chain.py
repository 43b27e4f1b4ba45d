"""What happened, append-only, and the chain of hashes that shows a later change of the file.

`history` holds every change of an answer, `events` everything else. Each transaction that writes
either ends with a seal: the hash of the seal before and of the new lines. Who rewrites a line must
rewrite every seal behind it; who keeps the newest hash elsewhere sees that, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.encoding import dump_answer, read_answer, write_time
from bot.form import Form
from bot.store.base import Base, _in_words

_HISTORY = "id, draft_id, item, old, new, person_id, inbox, undoes, at"
_EVENTS = "id, kind, unit_id, draft_id, body, person_id, inbox, at"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of what happened: its kind, who did it, when, and its particulars."""

    kind: str
    person: str
    at: datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the walk along the chain found: how many seals and lines, the newest hash, faults."""

    seals: int
    lines: int
    head: str
    faults: tuple[str, ...]


class Chain(Base):
    """The tables events and seals."""

    def __init__(self, path: Path | str, form: Form, *, exclusive: bool = False) -> None:
        """As `Base`; what a file of before the chain holds is sealed once."""
        super().__init__(path, form, exclusive=exclusive)
        with _in_words(self.path):
            self._seal_older()

    def events(
        self, *, unit: int | None = None, draft: int | None = None, limit: int = 200
    ) -> list[Event]:
        """What happened to a unit or a draft, oldest first."""
        rows = self.db.execute(
            "SELECT kind, ifnull(people.name, ''), at, body FROM (SELECT * FROM events WHERE"
            " unit_id IS ? OR draft_id IS ? ORDER BY id DESC LIMIT ?) AS events"
            " LEFT JOIN people ON people.id = person_id ORDER BY events.id",
            [unit if unit is not None else -1, draft if draft is not None else -1, limit],
        )
        return [
            Event(kind, name, datetime.fromisoformat(at), json.loads(body))
            for kind, name, at, body in rows
        ]

    def verify(self) -> Proof:
        """Walk along the chain, and hold answers, versions and files against it."""
        faults: list[str] = []
        head, history, event, seals = "", 0, 0, 0
        for number, upto_history, upto_event, kept in self.db.execute(
            "SELECT id, history_id, event_id, hash FROM seals ORDER BY id"
        ).fetchall():
            head = _link(head, self._lines(history, upto_history, event, upto_event))
            if head != kept:
                faults.append(f"第 {number} 个封印与记录不符：记录在写入之后被改过。")
                head = kept
            history, event, seals = upto_history, upto_event, seals + 1
        rest = self._one(
            "SELECT (SELECT count(*) FROM history WHERE id > ?)"
            " + (SELECT count(*) FROM events WHERE id > ?)",
            [history, event],
        )[0]
        if rest:
            faults.append(f"有 {rest} 行记录没有封印。")
        faults += self._answers_differ()
        faults += self._frozen_differ()
        return Proof(seals, self._count(), head, tuple(faults))

    def head(self) -> str:
        """The newest hash of the chain, '' where there is none."""
        row = self._maybe("SELECT hash FROM seals ORDER BY id DESC LIMIT 1")
        return str(row[0]) if row else ""

    # ── for the other tables' transactions ──────────────────────────────────────────────────

    def _note(
        self,
        kind: str,
        body: dict[str, Any],
        now: datetime,
        *,
        unit: int | None = None,
        draft: int | None = None,
        person: int | None = None,
        inbox: str | None = None,
    ) -> None:
        """Write one line of what happened; the transaction must end with `_seal`."""
        self.db.execute(
            "INSERT INTO events (kind, unit_id, draft_id, body, person_id, inbox, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [kind, unit, draft, json.dumps(body, ensure_ascii=False), person, inbox,
             write_time(now)],
        )  # fmt: skip

    def _seal(self, now: datetime) -> None:
        """Seal the lines written since the last seal."""
        row = self._maybe(
            "SELECT history_id, event_id, hash, ifnull((SELECT max(id) FROM history), 0),"
            " ifnull((SELECT max(id) FROM events), 0) FROM (SELECT 1)"
            " LEFT JOIN (SELECT * FROM seals ORDER BY id DESC LIMIT 1)"
        )
        history, event, head, upto = row[0] or 0, row[1] or 0, row[2] or "", row[3:]
        if upto == (history, event):
            return
        self.db.execute(
            "INSERT INTO seals (history_id, event_id, hash, at) VALUES (?, ?, ?, ?)",
            [*upto, _link(head, self._lines(history, upto[0], event, upto[1])), write_time(now)],
        )

    def _seal_older(self) -> None:
        older = self._maybe(
            "SELECT at FROM history WHERE NOT EXISTS (SELECT 1 FROM seals)"
            " AND NOT EXISTS (SELECT 1 FROM events) ORDER BY id DESC LIMIT 1"
        )
        if older:
            with self.db.atomic():
                self._seal(datetime.fromisoformat(older[0]))

    def _lines(self, history: int, upto_history: int, event: int, upto_event: int) -> Iterator[str]:
        for table, columns, after, upto in (
            ("history", _HISTORY, history, upto_history),
            ("events", _EVENTS, event, upto_event),
        ):
            if after == upto:
                continue
            rows = self.db.execute(
                f"SELECT {columns} FROM {table} WHERE id > ? AND id <= ? ORDER BY id",
                [after, upto],
            )
            for row in rows:
                yield json.dumps([table, *row], ensure_ascii=False, separators=(",", ":"))

    def _count(self) -> int:
        return int(
            self._one("SELECT (SELECT count(*) FROM history) + (SELECT count(*) FROM events)")[0]
        )

    def _answers_differ(self) -> Iterator[str]:
        """The answers must be what their history leads to."""
        kept = {
            (draft, item): dump_answer(read_answer(kind, value, source))
            for draft, item, kind, value, source in self.db.execute(
                "SELECT draft_id, item, kind, value, source FROM answers"
            )
        }
        told = self.db.execute(
            "SELECT draft_id, item, new FROM history WHERE id IN"
            " (SELECT max(id) FROM history GROUP BY draft_id, item)"
        )
        led = {(draft, item): new for draft, item, new in told if new is not None}
        for key in sorted(kept.keys() | led.keys()):
            if kept.get(key) != led.get(key):
                yield f"报告 {key[0]} 的 {key[1]} 与它的历史不符。"

    def _frozen_differ(self) -> Iterator[str]:
        """Versions and finished files must have the hash that their events name."""
        for kind, sql in (
            ("submitted", "SELECT report FROM versions WHERE id = ?"),
            ("filed", "SELECT content FROM documents WHERE id = ?"),
        ):
            for (body,) in self.db.execute("SELECT body FROM events WHERE kind = ?", [kind]):
                told = json.loads(body)
                row = self._maybe(sql, [told["id"]])
                content = row[0] if row and row[0] is not None else b""
                if digest(content) != told["sha256"]:
                    name = "送审稿" if kind == "submitted" else "文件"
                    yield f"{name} {told['id']} 的内容与提交时不符。"


def digest(content: bytes | str) -> str:
    """The SHA-256 of a file or a text."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def _link(head: str, lines: Iterable[str]) -> str:
    chained = hashlib.sha256(head.encode())
    for line in lines:
        chained.update(b"\n" + line.encode("utf-8", "surrogatepass"))
    return chained.hexdigest()
