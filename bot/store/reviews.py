"""Versions that were handed in, what reviewers said of them, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from bot.draft import Pinned, Stage
from bot.encoding import write_time
from bot.form import Form
from bot.office.acts import Decide, DropComment, OfferRollup, PinComment
from bot.office.standing import State, Version
from bot.readers.json import read_report
from bot.report import Figure
from bot.store.chain import Event, digest
from bot.store.members import Members

if TYPE_CHECKING:
    from bot.office.rollup import Contribution

_VERSION = (
    "versions.id, versions.draft_id, number, report, versions.at, people.name, explained,"
    " ifnull((SELECT kind FROM decisions WHERE version_id = versions.id ORDER BY id DESC LIMIT 1),"
    " '')"
)
_FILED = ("docx", "pdf", "html", "xlsx", "json")
"""The formats that an approval keeps."""


class Moved(Exception):
    """The draft was handed in or approved while a turn was in the making: the turn is void."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What is frozen when a report is handed in: its JSON, its figures, and the 说明 in words."""

    report: str
    figures: str
    explained: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision that a chat was not told of: which, of which draft, to whom."""

    decision: int
    kind: str
    reason: str
    draft: int
    address: str


@dataclass(frozen=True, slots=True)
class NamedComment:
    """A comment as the desk lists it: its id, question, text, and who wrote it."""

    id: int
    item: str
    text: str
    by: str


class Reviews(Members):
    """The tables versions, decisions, comments and rollups."""

    def stage(self, draft: int) -> Stage:
        """Where a draft stands between its clerk and the office."""
        stage, number, decision, reviewed = self._one(
            "SELECT stage, ifnull((SELECT max(number) FROM versions WHERE draft_id = drafts.id),"
            " 0), ifnull((SELECT max(decisions.id) FROM decisions JOIN versions ON"
            " versions.id = version_id WHERE draft_id = drafts.id), 0),"
            " EXISTS (SELECT 1 FROM members WHERE role = 'office' AND until IS NULL)"
            " FROM drafts WHERE id = ?",
            [draft],
        )
        return Stage(stage, number, decision, bool(reviewed))

    def pinned(self, draft: int) -> tuple[Pinned, ...]:
        """What the office asks for in the version that it returned last."""
        rows = self.db.execute(
            "SELECT comments.id, item, text, people.name FROM comments"
            " JOIN people ON people.id = person_id WHERE dropped_at IS NULL AND version_id ="
            " (SELECT max(id) FROM versions WHERE draft_id = ?) ORDER BY comments.id",
            [draft],
        )
        return tuple(Pinned(*row) for row in rows)

    def versions(self, draft: int) -> tuple[Version, ...]:
        """All versions of a draft, oldest first."""
        rows = self.db.execute(
            f"SELECT {_VERSION} FROM versions JOIN people ON people.id = person_id"
            " WHERE draft_id = ? ORDER BY number",
            [draft],
        )
        return tuple(_version(row, self.form) for row in rows)

    def frozen(self, version: int) -> str:
        """The report of a version as the JSON that was frozen; final once it is approved."""
        text = str(self._one("SELECT report FROM versions WHERE id = ?", [version])[0])
        decided = self._maybe(
            "SELECT kind FROM decisions WHERE version_id = ? ORDER BY id DESC LIMIT 1", [version]
        )
        return _as_final(text) if decided and decided[0] == "approved" else text

    def version_place(self, version: int) -> tuple[int, int] | None:
        """The unit and the year of a version, or None; a unit merged away has none."""
        row = self._maybe(
            "SELECT units.id, year FROM versions JOIN drafts ON drafts.id = draft_id"
            " JOIN units ON units.id = unit_id WHERE versions.id = ? AND merged_into IS NULL",
            [version],
        )
        return (row[0], row[1]) if row else None

    def comments(self, version: int) -> tuple[NamedComment, ...]:
        """The comments on a version."""
        rows = self.db.execute(
            "SELECT comments.id, item, text, people.name FROM comments"
            " JOIN people ON people.id = person_id"
            " WHERE version_id = ? AND dropped_at IS NULL ORDER BY comments.id",
            [version],
        )
        return tuple(NamedComment(*row) for row in rows)

    def newest(self, draft: int) -> int:
        """The id of a draft's newest version, 0 where nothing was handed in."""
        row = self._maybe("SELECT max(id) FROM versions WHERE draft_id = ?", [draft])
        return row[0] or 0

    def last_decision(self) -> int:
        """The id of the newest decision of all."""
        return int(self._one("SELECT ifnull(max(id), 0) FROM decisions")[0])

    def pending(self, after: int = 0) -> list[Pending]:
        """The newest decision of each draft with the chats of its contacts not yet told.

        Decisions up to `after` are known to be told.
        """
        rows = self.db.execute(
            "SELECT d.id, d.kind, d.reason, v.draft_id, chats.address FROM decisions AS d"
            " JOIN versions AS v ON v.id = d.version_id JOIN drafts ON drafts.id = v.draft_id"
            " JOIN members ON members.unit_id = drafts.unit_id AND role = 'contact'"
            " AND until IS NULL"
            " JOIN chats ON chats.person_id = members.person_id"
            " LEFT JOIN inbox ON inbox.key = 'decision:' || d.id || ':' || chats.address"
            " WHERE d.id > ? AND inbox.key IS NULL AND d.kind <> 'recalled' AND d.id ="
            " (SELECT max(e.id) FROM decisions AS e JOIN versions AS w ON w.id = e.version_id"
            " WHERE w.draft_id = v.draft_id)"
            # who came behind the decision is greeted with it: by the record, clocks may jump
            " AND NOT EXISTS (SELECT 1 FROM events AS came WHERE came.unit_id = members.unit_id"
            " AND came.person_id = members.person_id AND came.kind = 'joined' AND came.id >"
            " (SELECT max(id) FROM events WHERE draft_id = v.draft_id AND kind = d.kind"
            " AND inbox = d.inbox)) ORDER BY d.id",
            [after],
        )
        return [Pending(*row) for row in rows if not row[4].startswith("command:")]

    def submitted_since(self, version: int) -> list[tuple[int, str, int, int]]:
        """What was handed in behind a version: (id, unit's name, unit's id, number).

        Of a unit that took its version back and handed in again only the newest one counts.
        """
        rows = self.db.execute(
            "SELECT versions.id, iif(short = '', units.name, short), units.id, number FROM versions"
            " JOIN drafts ON drafts.id = draft_id JOIN units ON units.id = unit_id"
            " WHERE versions.id > ? AND stage = 'submitted' AND number ="
            " (SELECT max(number) FROM versions AS v WHERE v.draft_id = drafts.id)"
            " ORDER BY versions.id",
            [version],
        )
        return rows.fetchall()

    def office_chats(self) -> list[tuple[str, int, str]]:
        """The admins' chats: (address, last version told of, when)."""
        rows = self.db.execute(
            "SELECT DISTINCT address, told_version, ifnull(told_at, '') FROM chats JOIN members"
            " ON members.person_id = chats.person_id WHERE role = 'office' AND until IS NULL"
            " AND address NOT LIKE 'command:%'"
        )
        return rows.fetchall()

    def contributions(self, year: int, *, with_last: bool = False) -> tuple[Contribution, ...]:
        """The figures of every unit's newest version of a year that was not taken back."""
        from bot.office.rollup import Contribution

        units = {unit.id: unit for unit in self.units()}
        last = self._last_figures(year - 1) if with_last else {}
        rows = self.db.execute(
            "SELECT unit_id, drafts.form, number, stage, figures FROM versions JOIN drafts ON"
            " drafts.id = draft_id WHERE year = ? AND stage IN ('submitted', 'approved')"
            " AND number = (SELECT max(number) FROM versions AS v WHERE v.draft_id = drafts.id)",
            [year],
        )
        return tuple(
            Contribution(
                unit=units[unit], year=year, format=self.form.format, version=number,
                state=cast(State, stage), figures=load_figures(kept, self.form),
                last=last.get(unit), sha=digest(kept),
            )
            for unit, form, number, stage, kept in rows
            if unit in units
        )  # fmt: skip

    def last_rollup(self, unit: int, year: int) -> tuple[dict[int, int], str] | None:
        """The versions that the last roll-up taken over counted, and when."""
        row = self._maybe(
            "SELECT counted, at FROM rollups WHERE unit_id = ? AND year = ? ORDER BY id DESC"
            " LIMIT 1",
            [unit, year],
        )
        return ({int(u): v for u, v in json.loads(row[0]).items()}, row[1]) if row else None

    def filed(self, draft: int) -> list[tuple[int, str, str, str, int]]:
        """The files kept at approvals: (document, format, name, sha256, version's number)."""
        rows = self.db.execute(
            "SELECT documents.id, format, ifnull(documents.name, ''), ifnull(sha256, ''), number"
            " FROM documents JOIN versions ON versions.id = version_id"
            " WHERE documents.draft_id = ? ORDER BY documents.id",
            [draft],
        )
        return rows.fetchall()

    def unfiled(self) -> list[int]:
        """Documents of approved versions that are still to be made."""
        rows = self.db.execute(
            "SELECT id FROM documents WHERE version_id IS NOT NULL AND content IS NULL"
            " AND error IS NULL ORDER BY id"
        )
        return [row[0] for row in rows]

    # ── for the transactions of others ──────────────────────────────────────────────────────

    def _submit(
        self, draft: int, person: int, inbox: str, submission: Submission, now: datetime
    ) -> None:
        number = self._one(
            "SELECT ifnull(max(number), 0) + 1 FROM versions WHERE draft_id = ?", [draft]
        )[0]
        id = self.db.execute(
            "INSERT INTO versions (draft_id, number, report, figures, explained, person_id, inbox,"
            " at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [draft, number, submission.report, submission.figures,
             json.dumps(submission.explained, ensure_ascii=False), person, inbox,
             write_time(now)],
        ).lastrowid  # fmt: skip
        self.db.execute(
            "UPDATE drafts SET stage = 'submitted', promised = NULL WHERE id = ?", [draft]
        )
        body = {"id": id, "number": number, "sha256": digest(submission.report)}
        self._note("submitted", body, now, draft=draft, person=person, inbox=inbox)

    def _recall(self, draft: int, person: int, inbox: str, now: datetime) -> None:
        version = self._one("SELECT max(id) FROM versions WHERE draft_id = ?", [draft])[0]
        if version is not None:
            self._write_decision(version, "recalled", "", person, inbox, now)
            self.db.execute(
                "UPDATE drafts SET stage = 'filling', moved_at = ? WHERE id = ?",
                [write_time(now), draft],
            )

    def _decide(self, act: Decide, person: int, inbox: str, now: datetime) -> None:
        """Return, approve or withdraw; nothing where the version is not the one in question."""
        draft, report = self._one(
            "SELECT draft_id, report FROM versions WHERE id = ?", [act.version]
        )
        wanted = "approved" if act.kind == "withdrawn" else "submitted"
        stage = {"returned": "returned", "approved": "approved", "withdrawn": "submitted"}[act.kind]
        moved = self.db.execute(
            "UPDATE drafts SET stage = ? WHERE id = ? AND stage = ? AND ? ="
            " (SELECT max(id) FROM versions WHERE draft_id = drafts.id)",
            [stage, draft, wanted, act.version],
        ).rowcount
        if not moved:
            raise Moved
        self._write_decision(act.version, act.kind, act.reason, person, inbox, now)
        if act.kind == "returned":
            self.db.execute("UPDATE drafts SET moved_at = ? WHERE id = ?", [write_time(now), draft])
        if act.kind == "approved":
            final = _as_final(report)
            self.db.conn.executemany(
                "INSERT INTO documents (draft_id, format, report, created_at, version_id)"
                " VALUES (?, ?, ?, ?, ?)",
                [(draft, kind, final, write_time(now), act.version) for kind in _FILED],
            )

    def _write_decision(
        self, version: int, kind: str, reason: str, person: int, inbox: str, now: datetime
    ) -> None:
        self.db.execute(
            "INSERT INTO decisions (version_id, kind, reason, person_id, inbox, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [version, kind, reason, person, inbox, write_time(now)],
        )
        draft, number = self._one("SELECT draft_id, number FROM versions WHERE id = ?", [version])
        body: dict[str, Any] = {"number": number, "reason": reason}
        if kind == "returned":
            body["comments"] = [[c.item, c.text] for c in self.comments(version)]
        self._note(kind, body, now, draft=draft, person=person, inbox=inbox)

    def _pin(self, act: PinComment, person: int, inbox: str, now: datetime) -> None:
        self.db.execute(
            "INSERT INTO comments (version_id, item, text, person_id, inbox, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [act.version, act.item, act.text, person, inbox, write_time(now)],
        )

    def _unpin(self, act: DropComment, now: datetime) -> None:
        self.db.execute(
            "UPDATE comments SET dropped_at = ? WHERE id = ?", [write_time(now), act.comment]
        )

    def _keep_rollup(self, act: OfferRollup, inbox: str, now: datetime) -> None:
        self.db.execute(
            "INSERT INTO rollups (unit_id, year, final, counted, inbox, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [act.unit, act.year, int(act.final), act.counted, inbox, write_time(now)],
        )

    def _last_figures(self, year: int) -> dict[int, dict[str, Figure]]:
        rows = self.db.execute(
            "SELECT unit_id, figures FROM versions JOIN drafts ON drafts.id = draft_id"
            " WHERE year = ? AND stage = 'approved' AND number ="
            " (SELECT max(number) FROM versions AS v WHERE v.draft_id = drafts.id)",
            [year],
        )
        found = {unit: load_figures(kept, self.form) for unit, kept in rows}
        rows = self.db.execute("SELECT unit_id, report FROM reports WHERE year = ?", [year])
        return found | {
            unit: dict(read_report(kept, self.form).report.figures) for unit, kept in rows
        }


def _as_final(report: str) -> str:
    return json.dumps({**json.loads(report), "final": True}, ensure_ascii=False)


def dump_figures(figures: Sequence[Figure]) -> str:
    """Figures in the order of the form's cells as JSON: money as text."""
    return json.dumps([str(f) if isinstance(f, Decimal) else f for f in figures])


def load_figures(kept: str, form: Form) -> dict[str, Figure]:
    """The figures that `dump_figures` wrote, by cell."""
    values: Iterable[Any] = json.loads(kept)
    return {
        cell: Decimal(value) if isinstance(value, str) else value
        for cell, value in zip(form.cells, values, strict=True)
    }


def _version(row: Sequence[Any], form: Form) -> Version:
    id, draft, number, report, at, name, explained, decided = row
    return Version(
        id, draft, number, read_report(report, form).report, datetime.fromisoformat(at), name,
        tuple((where, text) for where, text in json.loads(explained)),
        "" if decided == "withdrawn" else decided,
    )  # fmt: skip


__all__ = ["Event", "Moved", "NamedComment", "Pending", "Reviews", "Submission", "dump_figures"]
