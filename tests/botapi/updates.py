"""The queue of updates: confirmed by offset, waited for by long polling."""

import asyncio
import json
from itertools import islice
from typing import Any

from tests.botapi.faults import Refused

to_json = json.JSONEncoder(separators=(",", ":")).encode
SECOND_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Updates:
    """Updates not yet confirmed, oldest first, each written as JSON once."""

    def __init__(self, first_id: int = 1000) -> None:
        self.next_id = first_id
        self.waiting: dict[int, str] = {}
        self.written: dict[int, str] = {}
        self.allowed: frozenset[str] = frozenset()
        self.webhook = ""
        self.came = asyncio.Event()
        """Set when there may be something to post to the webhook."""
        self._again: set[int] = set()
        self._poll: asyncio.Future[None] | None = None

    def put(self, kind: str, value: Any) -> int:
        """A new update; its id (0 when the bot does not want this kind)."""
        if self.allowed and kind not in self.allowed:
            return 0
        update_id, self.next_id = self.next_id, self.next_id + 1
        text = to_json({"update_id": update_id, kind: value})
        self.waiting[update_id] = self.written[update_id] = text
        self._wake()
        return update_id

    def redeliver(self, update_id: int) -> None:
        """The same update once more, though the bot may have confirmed it."""
        self.waiting = dict(sorted({**self.waiting, update_id: self.written[update_id]}.items()))
        self._again.add(update_id)
        self._wake()

    def drop(self, update_id: int) -> None:
        """An update nobody fetched in time, or that the webhook took, is gone."""
        self.waiting.pop(update_id, None)

    def confirm(self, offset: int) -> None:
        """Everything below the offset is gone; a negative one keeps that many of the last."""
        if offset < 0:
            self.waiting = dict(list(self.waiting.items())[offset:])
            return
        gone = []
        for update_id in self.waiting:
            if update_id >= offset:
                break
            if update_id not in self._again:
                gone.append(update_id)
        for update_id in gone:
            del self.waiting[update_id]

    async def fetch(self, limit: int, timeout: float) -> str:
        """Up to `limit` updates as a JSON array, waiting up to `timeout` seconds for one."""
        if self.webhook:
            raise Refused(WEBHOOK_SET, 409)
        self._end_poll(SECOND_POLLER)
        if not self.waiting and timeout > 0:
            await self._wait(timeout)
        batch = dict(islice(self.waiting.items(), limit))
        if self._again:
            self._again.difference_update(batch)
        return f"[{','.join(batch.values())}]"

    def set_webhook(self, url: str) -> None:
        """From now on no polling (or polling again, with an empty url)."""
        self.webhook = url
        self.came.set()
        if url:
            self._end_poll("Conflict: terminated by setWebhook request")

    async def _wait(self, timeout: float) -> None:
        loop = asyncio.get_running_loop()
        poll = self._poll = loop.create_future()
        timer = loop.call_later(timeout, self._wake)
        try:
            await poll
        finally:
            timer.cancel()
            if self._poll is poll:
                self._poll = None

    def _wake(self) -> None:
        self.came.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _end_poll(self, words: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refused(words, 409))

    def close(self) -> None:
        """Lets a waiting poll go at once."""
        self._wake()
