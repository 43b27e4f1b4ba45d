"""Drafts: answers, their history, and the report of the year before."""

from __future__ import annotations

from datetime import datetime

from bot.draft import Change, Draft, Entry, Stage
from bot.encoding import load_answer, read_answer
from bot.readers.json import read_report
from bot.report import Report
from bot.store.reviews import Reviews

AT_HAND = 500


class Drafts(Reviews):
    """The tables answers, history and reports, as they are read."""

    def draft(self, draft: int) -> Draft:
        """A draft with all its answers; the one kept last is at hand.

        Only a process that talks alone on the file (`exclusive`) keeps drafts at hand.
        """
        version = self._one("PRAGMA data_version")[0]
        if version != self._version:  # another process wrote: a name, a level, last year's report
            self._at_hand.clear()
            self._version = version
        found = self._at_hand.get(draft)
        stage = self.stage(draft)
        if found is None or found.stage != stage:
            found = self._load_draft(draft, stage)
            self._remember(found)
        return found

    def _remember(self, draft: Draft) -> None:
        if self._lock is None:
            return
        if len(self._at_hand) >= AT_HAND:
            del self._at_hand[next(iter(self._at_hand))]  # the one kept longest
        self._at_hand[draft.id] = draft

    def _load_draft(self, draft: int, stage: Stage) -> Draft:
        agency, level, year, unit = self._one(
            "SELECT name, level, year, unit_id FROM drafts JOIN units ON units.id = unit_id"
            " WHERE drafts.id = ?",
            [draft],
        )
        rows = self.db.execute(
            "SELECT item, kind, value, source FROM answers WHERE draft_id = ?", [draft]
        )
        answers = {item: read_answer(kind, value, source) for item, kind, value, source in rows}
        last, approved = self._last_report(unit, year - 1)
        pinned = self.pinned(draft) if stage.name == "returned" else ()
        return Draft(self.form, draft, agency, year, level, answers, last, approved, stage, pinned)

    def _last_report(self, unit: int, year: int) -> tuple[Report | None, bool]:
        """A unit's report for an earlier year, and whether it was approved here.

        As approved, else as it was sent, else as it was finished here.
        """
        for approved, sql in (
            (True, "SELECT versions.report FROM versions JOIN drafts ON drafts.id = draft_id WHERE"
                   " unit_id = ? AND year = ? AND stage = 'approved' ORDER BY number DESC LIMIT 1"),
            (False, "SELECT report FROM reports WHERE unit_id = ? AND year = ?"),
            (False, "SELECT report FROM documents WHERE draft_id = (SELECT id FROM drafts WHERE"
                    " unit_id = ? AND year = ?) AND json_extract(report, '$.final')"
                    " ORDER BY id DESC LIMIT 1"),
        ):  # fmt: skip
            if row := self._maybe(sql, [unit, year]):
                return read_report(row[0], self.form).report, approved
        return None, False

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
