"""The schema, step by step; a step that was released is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.migrations import m001_interview, m002_reports, m003_office

migrations = Migrations("nianbao")


def statements(sql: str) -> tuple[str, ...]:
    """The statements of a step; an empty line ends each, as a trigger has semicolons within."""
    return tuple(sql.strip().split(";\n\n"))


def _add(name: str, sql: str) -> None:
    """Register a step, which `apply` runs in one transaction."""

    @migrations(name=name)
    def run(db: Database) -> None:
        for statement in statements(sql):
            db.execute(statement)


_add("m001_interview", m001_interview.SQL)
_add("m002_reports", m002_reports.SQL)
_add("m003_office", m003_office.SQL)
