"""What went wrong, in words for people."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from bot.command.usage import usage_in_words


def fault_in_words(error: Exception, db: Path | None = None) -> str:
    """The sentence for whatever stopped a command that worked on `db` (default: the setting)."""
    if isinstance(error, click.ClickException):
        return usage_in_words(error)
    from bot.local import CatalogueError
    from bot.readers.reading import Unreadable
    from bot.settings import Settings
    from bot.store import StoreError, said_of_file
    from bot.writers.proof import DocumentError

    if isinstance(error, StoreError | CatalogueError | Unreadable | DocumentError):
        return str(error)
    if said := said_of_file(error, db or Settings.from_environ().db):
        return said
    logging.getLogger(__name__).debug("failed", exc_info=error)
    return f"程序出了意外（{type(error).__name__}），已经停下；存过的答案都在。"
