"""Files that people send, from their handle to what was read."""

from __future__ import annotations

from datetime import datetime

from bot.encoding import write_time
from bot.messages import Incoming, Upload
from bot.store.base import Base
from bot.store.members import Seat

PASTED = -1


class Uploads(Base):
    """The table uploads."""

    def take_upload(self, incoming: Incoming, seat: Seat | None, now: datetime) -> bool:
        """Keep that a file came, until it is read; False where this update was taken before.

        Without a seat it came to the office's desk.
        """
        assert incoming.attached is not None
        draft = seat.draft if seat else None
        with self.db.atomic():
            if not self._take(incoming, "", now, draft):
                return False
            self.db.execute(
                "INSERT INTO uploads (address, draft_id, inbox, name, handle, received_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [incoming.address, draft, incoming.key, incoming.attached.name,
                 incoming.attached.handle, write_time(now)],
            )  # fmt: skip
        return True

    def waiting_uploads(self, channel: str, after: int = 0) -> list[Upload]:
        """The files of a channel that nobody was told of yet, oldest first."""
        rows = self.db.execute(
            "SELECT id, address, name, handle, draft_id IS NULL FROM uploads WHERE told_at IS NULL"
            " AND id > ? AND handle <> 'rollup' AND address LIKE ? ORDER BY id",
            [after, channel + ":%"],
        )
        return [
            Upload(id, address, name, handle, bool(is_list))
            for id, address, name, handle, is_list in rows
        ]

    def offered(self) -> list[tuple[Upload, int]]:
        """Sums of the district that their contacts were not told of: (upload, draft)."""
        rows = self.db.execute(
            "SELECT id, address, name, handle, draft_id FROM uploads WHERE told_at IS NULL"
            " AND handle = 'rollup' ORDER BY id"
        )
        return [(Upload(*row[:4]), row[4]) for row in rows]

    def drop_upload(self, upload: int, now: datetime) -> None:
        """A file of which nobody is to be told any more."""
        with self.db.atomic():
            self.db.execute(
                "UPDATE uploads SET told_at = ? WHERE id = ? AND told_at IS NULL",
                [write_time(now), upload],
            )

    def keep_reading(self, upload: int, reading: str) -> None:
        """Keep what was read from a file, as JSON."""
        with self.db.atomic():
            self.db.execute("UPDATE uploads SET report = ? WHERE id = ?", [reading, upload])

    def reading(self, upload: int, address: str) -> tuple[str, str] | None:
        """A file of this chat that was read: its name, and what was read as JSON.

        `PASTED` stands for the newest text that was pasted.
        """
        row = self._maybe(
            "SELECT name, report FROM uploads WHERE address = ? AND report IS NOT NULL"
            " AND iif(? = ?, handle = '', id = ?) ORDER BY id DESC LIMIT 1",
            [address, upload, PASTED, upload],
        )
        return (row[0], row[1]) if row else None
