"""Units: who has to report, in which order, under whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from bot.agency import level_of
from bot.encoding import write_time
from bot.office.acts import AddUnit, MergeUnit, RenameUnit, SetDue
from bot.office.reminders import Cycle, due_of
from bot.office.standing import Standing, State, Unit
from bot.store.chain import Chain

_UNIT = "units.id, units.name, short, units.level, place, parent_id, own, exempt"


class Roster(Chain):
    """The tables units, drafts (which there are) and cycles."""

    def units(self) -> tuple[Unit, ...]:
        """All units that were not merged away, in their order."""
        rows = self.db.execute(
            f"SELECT {_UNIT} FROM units WHERE merged_into IS NULL ORDER BY place, units.id"
        )
        return tuple(_unit(*row) for row in rows)

    def unit(self, id: int) -> Unit | None:
        """One unit, or None."""
        row = self._maybe(f"SELECT {_UNIT} FROM units WHERE id = ?", [id])
        return _unit(*row) if row else None

    def open_draft(self, agency: str, year: int, now: datetime, level: str = "") -> int:
        """The id of a unit's draft for a year; both are made where they are missing."""
        with self.db.atomic():
            return self._open_draft(agency, year, now, level)

    def find_draft(self, agency: str, year: int) -> int | None:
        """The id of a unit's draft for a year, or None."""
        row = self._maybe(
            "SELECT drafts.id FROM drafts JOIN units ON units.id = unit_id"
            " WHERE name = ? AND year = ?",
            [agency, year],
        )
        return row[0] if row else None

    def draft_place(self, draft: int) -> tuple[int, int] | None:
        """The unit and the year of a draft, or None."""
        row = self._maybe("SELECT unit_id, year FROM drafts WHERE id = ?", [draft])
        return (row[0], row[1]) if row else None

    def standings(self, year: int, dues: tuple[date, date], unit: int = 0) -> tuple[Standing, ...]:
        """Where every unit (or one) stands with a year; `dues`: of departments, of governments."""
        contacts = self._contacts(unit)
        cycle = Cycle(year, *dues)
        rows = self.db.execute(
            f"SELECT {_UNIT}, drafts.id, stage, percent, hard, explain, moved_at, promised,"
            " (SELECT max(number) FROM versions WHERE draft_id = drafts.id)"
            " FROM units LEFT JOIN drafts ON drafts.unit_id = units.id AND year = ?"
            f" WHERE merged_into IS NULL{' AND units.id = ?' if unit else ''}"
            " ORDER BY place, units.id",
            [year, unit] if unit else [year],
        )
        return tuple(
            Standing(
                unit=(found := _unit(*row[:8])),
                year=year,
                state=_state(row[9], row[13]),
                draft=row[8],
                percent=row[10] or 0,
                hard=row[11] or 0,
                explain=row[12] or 0,
                moved=datetime.fromisoformat(row[13]) if row[13] else None,
                due=due_of(found.level or level_of(found.name), year, cycle),
                promised=date.fromisoformat(row[14]) if row[14] else None,
                version=row[15] or 0,
                contacts=contacts.get(found.id, ()),
            )
            for row in rows
        )

    def dues(self, year: int) -> tuple[date, date]:
        """The last days of a year's reports: of departments, of governments (条例 49)."""
        row = self._maybe("SELECT due, government_due FROM cycles WHERE year = ?", [year])
        due, government = row or (None, None)
        return (
            date.fromisoformat(due) if due else date(year + 1, 1, 31),
            date.fromisoformat(government) if government else date(year + 1, 3, 31),
        )

    def unchecked(self, year: int, limit: int, unit: int = 0) -> list[int]:
        """Drafts (or that of one unit) that moved since their findings were counted."""
        rows = self.db.execute(
            "SELECT id FROM drafts WHERE year = ? AND NOT checked AND moved_at IS NOT NULL"
            f"{' AND unit_id = ?' if unit else ''} ORDER BY moved_at LIMIT ?",
            [year, unit, limit] if unit else [year, limit],
        )
        return [row[0] for row in rows]

    def keep_counts(self, counts: list[tuple[int, int, int]]) -> None:
        """Open findings of drafts: (draft, hard, explain)."""
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE drafts SET hard = ?, explain = ?, checked = 1 WHERE id = ?",
                [(hard, explain, draft) for draft, hard, explain in counts],
            )

    def fact(self, name: str) -> str:
        """Something known about this office's bot, '' where it is not."""
        row = self._maybe("SELECT value FROM facts WHERE name = ?", [name])
        return str(row[0]) if row else ""

    def keep_fact(self, name: str, value: str) -> None:
        """Keep something about this office's bot."""
        with self.db.atomic():
            self.db.execute(
                "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET"
                " value = excluded.value",
                [name, value],
            )

    # ── for the desk's transactions ─────────────────────────────────────────────────────────

    def _contacts(self, unit: int = 0) -> dict[int, tuple[str, ...]]:
        found: dict[int, list[str]] = {}
        for of, name in self.db.execute(
            "SELECT unit_id, people.name FROM members JOIN people ON people.id = person_id"
            f" WHERE role = 'contact' AND until IS NULL{' AND unit_id = ?' if unit else ''}"
            " ORDER BY members.id",
            [unit] if unit else [],
        ):
            found.setdefault(of, []).append(name)
        return {of: tuple(names) for of, names in found.items()}

    def _open_draft(self, agency: str, year: int, now: datetime, level: str = "") -> int:
        self.db.execute(
            "INSERT INTO units (name, level, place, created_at) VALUES (?, ?,"
            " (SELECT ifnull(max(place), 0) + 1 FROM units), ?)"
            " ON CONFLICT (name) DO UPDATE SET level = iif(excluded.level = '', level,"
            " excluded.level)",
            [agency, level, write_time(now)],
        )
        unit = self._one("SELECT ifnull(merged_into, id) FROM units WHERE name = ?", [agency])[0]
        return self._draft_of(unit, year, now)

    def _draft_of(self, unit: int, year: int, now: datetime) -> int:
        self._refuse_other_form()
        self.db.execute(
            "INSERT INTO drafts (unit_id, year, form, created_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (unit_id, year) DO NOTHING",
            [unit, year, self.form.key, write_time(now)],
        )
        row = self._one("SELECT id FROM drafts WHERE unit_id = ? AND year = ?", [unit, year])
        return cast(int, row[0])

    def _add_unit(self, act: AddUnit, now: datetime) -> tuple[int, dict[str, Any]]:
        """Insert or update a line of the roster; its id and what changed."""
        self.db.execute(
            "INSERT INTO units (name, level, place, created_at) VALUES (?, ?,"
            " (SELECT ifnull(max(place), 0) + 1 FROM units), ?) ON CONFLICT DO NOTHING",
            [act.name, level_of(act.name), write_time(now)],
        )
        unit = self._one("SELECT id FROM units WHERE name = ?", [act.name])[0]
        wanted: dict[str, Any] = {
            "short": act.short, "level": act.level, "place": act.order, "exempt": act.exempt,
            "own": None if act.own is None else int(act.own),
        }  # fmt: skip
        if act.parent is not None:
            row = self._maybe("SELECT id FROM units WHERE name = ?", [act.parent])
            self.db.execute(
                "UPDATE units SET parent_id = ? WHERE id = ?", [row[0] if row else None, unit]
            )
        changed = {column: value for column, value in wanted.items() if value is not None}
        for column, value in changed.items():
            self.db.execute(f"UPDATE units SET {column} = ? WHERE id = ?", [value, unit])
        self.db.execute("UPDATE units SET merged_into = NULL WHERE id = ?", [unit])
        return unit, {"name": act.name, "parent": act.parent, **changed}

    def _rename_unit(self, act: RenameUnit) -> dict[str, Any]:
        old = self._one("SELECT name FROM units WHERE id = ?", [act.unit])[0]
        self.db.execute("UPDATE units SET name = ? WHERE id = ?", [act.name, act.unit])
        return {"old": old, "new": act.name}

    def _merge_unit(self, act: MergeUnit) -> dict[str, Any]:
        names = [
            self._one("SELECT name FROM units WHERE id = ?", [id])[0] for id in (act.unit, act.into)
        ]
        self.db.execute("UPDATE units SET merged_into = ? WHERE id = ?", [act.into, act.unit])
        self.db.execute(
            "UPDATE units SET parent_id = ? WHERE parent_id = ? AND id <> ?",
            [act.into, act.unit, act.into],
        )
        return {"unit": names[0], "into": names[1]}

    def _set_due(self, act: SetDue) -> dict[str, Any]:
        days = [day.isoformat() if day else None for day in (act.due, act.government)]
        self.db.execute(
            "INSERT INTO cycles (year, due, government_due) VALUES (?, ?, ?) ON CONFLICT DO"
            " UPDATE SET due = ifnull(excluded.due, due),"
            " government_due = ifnull(excluded.government_due, government_due)",
            [act.year, *days],
        )
        return {"year": act.year, "due": days[0], "government_due": days[1]}


def _unit(
    id: int, name: str, short: str, level: str, place: int, parent: int | None, own: int,
    exempt: str,
) -> Unit:  # fmt: skip
    return Unit(id, name, short, level, place, parent, bool(own), exempt)


def _state(stage: str | None, moved: str | None) -> State:
    if stage is None or (stage == "filling" and moved is None):
        return "idle"
    return cast(State, stage)
