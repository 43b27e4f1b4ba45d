"""Files that people send: read beside everything else, told of once."""

from __future__ import annotations

import logging

from bot.assistant.desk import DeskSide
from bot.assistant.interview import Interview
from bot.intake import dump_reading, read_apart, read_list_apart
from bot.messages import Incoming, Upload
from bot.readers.reading import Reading, Unreadable
from bot.reading import Received
from bot.store import Busy, Seat

Grid = tuple[tuple[str, ...], ...]
"""The rows of a list of units."""

_log = logging.getLogger(__name__)


class Uploads(DeskSide, Interview):
    """Reading and telling."""

    def begin_upload(self, upload: Upload, content: bytes) -> Grid | Reading | Exception:
        """What stands in a file that was fetched: without the store, fit for another thread."""
        try:
            if upload.is_list:
                return read_list_apart(upload.name, content)
            return read_apart(upload.name, content, self.form, self.local)
        except Unreadable as refused:
            return refused

    def finish_upload(self, upload: Upload, read: Grid | Reading | Exception) -> None:
        """Tell the person what was read, or why nothing was; once for each upload."""
        if upload.is_list:
            self.finish_list(upload, read, self.clock())
            return
        incoming = Incoming(f"upload:{upload.id}", upload.address)
        seat = self.store.seat(upload.address)
        if seat is None or self.store.is_taken(incoming.key):
            self.store.drop_upload(upload.id, self.clock())
            return
        if isinstance(read, Reading):
            self.store.keep_reading(upload.id, dump_reading(read, self.form))
            received = Received(upload.id, upload.name, read)
        else:
            reason = str(read) if isinstance(read, Unreadable) else self.wording.text("file_failed")
            received = Received(upload.id, upload.name, None, reason)
        try:
            self.tell(incoming, seat, received)
        except Busy:
            raise
        except Exception as fault:  # whatever stands in the file: the person must hear of it
            _log.error("an upload could not be told: %s", type(fault).__name__)
            reason = self.wording.text("file_failed")
            self.tell(incoming, seat, Received(upload.id, upload.name, None, reason))

    def tell_offer(self, upload: Upload, seat: Seat, received: Received) -> None:
        """Show a district's contact the sum of its units, once."""
        incoming = Incoming(f"upload:{upload.id}", upload.address)
        if self.store.is_taken(incoming.key):
            self.store.drop_upload(upload.id, self.clock())
        else:
            self.tell(incoming, seat, received)
