"""The parts put together: form, store, assistant and clock; the only place that does it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.form import Form
    from bot.store import Store


def now() -> datetime:
    """The time here."""
    return datetime.now().astimezone()


def load_form(settings: Settings) -> Form:
    """The form, with the office's own labels and thresholds laid over it."""
    from bot import catalogue
    from bot.local import load_local

    local = load_local(settings.local) if settings.local else None
    return catalogue.load_form(catalogue.find_form(settings.form), local)


def open_store(settings: Settings, db: Path | None = None, *, exclusive: bool = False) -> Store:
    """The store in `db` (default: the setting), made where there is none; the caller closes it."""
    from bot.store import Store

    return Store(db or settings.db, load_form(settings), exclusive=exclusive)


def assembled(settings: Settings, db: Path | None = None, *, exclusive: bool = False) -> Assistant:
    """The assistant with its parts; the caller closes its store."""
    from bot.assistant import Assistant
    from bot.catalogue import load_guides
    from bot.wording import Wording

    store = open_store(settings, db, exclusive=exclusive)
    form = store.form
    return Assistant(
        store, form, load_guides(form), Wording(form), now, settings.local, settings.fonts
    )
