"""How fast messages go out: as fast as Telegram takes them, and slower once it complains.

Telegram's numbers (about 30 messages a second for a bot, one a second for a chat after a short
burst) are documented as approximate, differ for paid broadcasts and do not hold for a Bot API
server of one's own. A fixed pace would be slower than needed on most days and too fast on some,
so nothing is slowed until a 429 says so. Then the chat waits as told and keeps to about one
message a second for a minute; if several chats are refused within a second, it is the bot that
is too fast: everybody waits as told, and for some minutes at most 25 messages a second leave.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

SEVERAL = 3
BOT_INTERVAL = 1 / 25
BOT_SLOW_SECONDS = 300.0
CHAT_INTERVAL = 1.05
CHAT_SLOW_SECONDS = 60.0
MARGIN = 0.05


@dataclass(slots=True)
class Slowed:
    """A chat that was refused: when the next message may go, and until when it goes slowly."""

    next_at: float
    until: float


class Pace:
    """Learns from refusals and lets each message wait for its turn (times in seconds)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._chats: dict[int, Slowed] = {}
        self._refused: dict[int, float] = {}
        self._next_at = 0.0
        self._slow_until = 0.0
        self._queue = asyncio.Lock()

    def refused(self, chat: int, seconds: float) -> bool:
        """A message was refused; True where it was the bot that was too fast."""
        now = self.clock()
        resume = now + seconds + MARGIN
        self._chats[chat] = Slowed(resume, resume + CHAT_SLOW_SECONDS)
        self._refused = {c: at for c, at in self._refused.items() if at > now - 1}
        self._refused[chat] = now
        if len(self._refused) < SEVERAL:
            return False
        self._next_at = max(self._next_at, resume)
        self._slow_until = resume + BOT_SLOW_SECONDS
        return True

    async def turn(self, chat: int) -> None:
        """Wait until a message to `chat` may leave."""
        if slowed := self._chats.get(chat):
            while (wait := slowed.next_at - self.clock()) > 0:
                await asyncio.sleep(wait)
        if self.clock() < self._slow_until:
            await self._bot_turn()
        if slowed is not None:
            slowed.next_at = self.clock() + CHAT_INTERVAL
            if slowed.next_at > slowed.until:
                self._chats.pop(chat, None)

    async def _bot_turn(self) -> None:
        async with self._queue:
            while (wait := self._next_at - self.clock()) > 0:
                await asyncio.sleep(wait)
            self._next_at = self.clock() + BOT_INTERVAL


def back_off(tries: int, most: float) -> float:
    """Seconds to wait before the next try after `tries` failed ones, never all at once."""
    share = random.uniform(0.5, 1.0)  # nosec B311 # waiting keeps no secret
    return min(most, 0.5 * 2.0 ** min(tries, 10)) * share
