"""Keeps everything in one SQLite file; the only place that knows a table name.

One connection, one thread, one transaction a turn (WAL, synchronous FULL): the update's id, the
changed answers with their history, the position and the replies stand or fall together. Inside
it plain `execute` is used: the per-row helpers cost three times as much.

`base` opens the file; `chain`, `roster`, `members`, `reviews`, `drafts`, `outbox`, `uploads`,
`turns` and `desks` each know their tables.
"""

from __future__ import annotations

from bot.store.base import Busy, StoreError, said_of_file
from bot.store.desks import Desks, Notice
from bot.store.members import Desk, Invitation, Member, Seat, new_payload
from bot.store.outbox import Outbox, Reply
from bot.store.reviews import Moved, Submission, dump_figures
from bot.store.uploads import PASTED, Uploads


class Store(Desks, Uploads, Outbox):
    """One district's SQLite file."""


__all__ = [
    "PASTED",
    "Busy",
    "Desk",
    "Invitation",
    "Member",
    "Moved",
    "Notice",
    "Reply",
    "Seat",
    "Store",
    "StoreError",
    "Submission",
    "dump_figures",
    "new_payload",
    "said_of_file",
]
