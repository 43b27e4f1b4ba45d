"""Keeps everything in one SQLite file; the only place that knows a table name.

One connection, one thread, one transaction a turn (WAL, synchronous FULL): the update's id, the
changed answers with their history, the position and the replies stand or fall together. Inside
it plain `execute` is used: the per-row helpers cost three times as much.

`base` opens the file; `units`, `drafts`, `outbox`, `uploads` and `turns` each know their tables.
"""

from __future__ import annotations

from bot.store.base import Busy, StoreError
from bot.store.outbox import Outbox, Reply
from bot.store.turns import Turns
from bot.store.units import Seat
from bot.store.uploads import PASTED, Uploads


class Store(Turns, Uploads, Outbox):
    """One district's SQLite file."""


__all__ = ["PASTED", "Busy", "Reply", "Seat", "Store", "StoreError"]
