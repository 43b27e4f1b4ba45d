"""Looks whether everything that the service needs is in order: `nianbao doctor`.

Each point is a sentence that says what is there and what to do. Nothing is changed: no file is
made or brought up to date. The token shows nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from bot.agency import report_year
from bot.doctor.file import is_ours, look_at_file
from bot.doctor.papers import look_at_form, look_at_papers
from bot.doctor.point import Mark, Point, bad
from bot.doctor.telegram import look_at_telegram
from bot.settings import Settings
from bot.store.condition import holder, last_days


def examine(
    settings: Settings, path: Path, now: datetime, *, deep: bool = False
) -> Iterator[Point]:
    """Point after point; one that cannot be looked at for an unforeseen reason is bad itself."""
    form, local = look_at_form(settings)
    process = holder(path)
    yield from _safely("Telegram", lambda: look_at_telegram(settings, process is not None))
    yield from _safely("数据库", lambda: look_at_file(path, form, process, now, deep=deep))
    yield from _safely("文件", lambda: look_at_papers(settings.fonts, form, _dues(path, now)))
    if local is not None:
        yield local


def _dues(path: Path, now: datetime) -> tuple[date, date]:
    """The last days of the year that is due next: as the file has them, else as the law."""
    year = report_year(now)
    found = last_days(path, year) if path.is_file() and is_ours(path) else None
    return found or (date(year + 1, 1, 31), date(year + 1, 3, 31))


def _safely(name: str, look: Callable[[], Iterator[Point]]) -> Iterator[Point]:
    try:
        yield from look()
    except Exception as fault:  # whatever it is, the other points are wanted too
        yield bad(name, f"没有查完（{type(fault).__name__}）。")


__all__ = ["Mark", "Point", "examine"]
