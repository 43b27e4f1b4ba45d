"""Puts a report together from the blocks of a file, whatever format they came from."""

from __future__ import annotations

from collections.abc import Iterable

from bot.form import Form
from bot.readers.blocks import Block
from bot.readers.reading import Reading


def assemble(blocks: Iterable[Block], form: Form, *, unread: Iterable[str] = ()) -> Reading:
    """The report that stands in `blocks`; `unread` is what the format's own reader could not read.

    Raises Unreadable where they hold no report at all.
    """
    raise NotImplementedError
