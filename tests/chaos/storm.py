"""Everything that goes wrong: SIGKILL at random moments, and faults one after another."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import aiohttp

from tests.botapi.double import BotApi
from tests.botapi.faults import Fault, Faults
from tests.chaos.scene import ORIGIN, Hooked

SENDING = ("sendMessage", "editMessageReplyMarkup", "answerCallbackQuery")
CONFLICT_SECONDS = 20.0
"""Five conflicts within a minute are another bot, and ours rightly gives up."""
START_SECONDS = 30.0
LIFE_SECONDS = 1.5
"""How long a process lives on the average once it is up."""
AT_ONCE = 8
"""Faults that wait for their calls; more would keep the bot from ever getting through."""
AT_START = 2
"""As many while a process starts: else all would fall upon its first calls, if not its only ones."""


class Counted(Faults):
    """Faults that are counted when they happen, and a trap: what is done at a coming call."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: Counter[str] = Counter()
        self.trap: tuple[int, Callable[[], None]] | None = None

    @property
    def pending(self) -> int:
        """Faults that wait for their calls."""
        return sum(map(len, self._waiting.values()))

    def take(self, method: str) -> Fault | None:
        """The fault of this call; the trap falls shut first."""
        if self.trap is not None:
            left, act = self.trap
            self.trap = (left - 1, act) if left else None
            if not left:
                act()
        fault = super().take(method)
        if fault is not None:
            self.happened[_name(fault)] += 1
        return fault


def _name(fault: Fault) -> str:
    if fault.cut_before or fault.cut_after:
        return "cut before" if fault.cut_before else "cut after"
    return str(fault.status)


@dataclass
class Storm:
    """So many kills and faults on one office; `over` once all have happened."""

    api: BotApi
    office: Hooked
    chance: Random
    kills: int
    faults: int
    counted: Counted = field(default_factory=Counted)
    died: int = 0
    """How often the process ended without being killed."""
    up_seconds: list[float] = field(default_factory=list)
    _conflict_at: float = 0.0
    _met: int = 0
    """How often processes that are gone said hello."""

    def __post_init__(self) -> None:
        self.api.faults = self.counted

    @property
    def over(self) -> bool:
        """Whether everything has happened."""
        return self.office.kills >= self.kills and self.count >= self.faults

    @property
    def count(self) -> int:
        """The faults that have happened."""
        return self.counted.happened.total()

    async def blow(self) -> None:
        """Until it is over; then the last faults go and the air is clear."""
        killing = asyncio.create_task(self._kill())
        try:
            while self.count < self.faults:
                await self._disturb()
                # about as many a second as are wanted until the kills are done
                await asyncio.sleep(self.chance.uniform(0.02, 0.16))
            await killing
        finally:
            killing.cancel()
            self.counted.clear()
            self.counted.delay = 0.0

    # ── kills ───────────────────────────────────────────────────────────────────────────────

    async def _kill(self) -> None:
        while self.office.kills < self.kills:
            begun = time.monotonic()
            if self.chance.random() < 0.1:  # while it starts
                await asyncio.sleep(self.chance.uniform(0.05, 1.0))
            else:
                await self.is_up()
                self.up_seconds.append(time.monotonic() - begun)
                await self._moment()
            await self.revive()
            self._met = self.api.counts["getMe"]
            self.counted.clear()
            await asyncio.to_thread(self.office.kill)

    async def _moment(self) -> None:
        """Some moment: of the clock, or just when a call has reached Telegram."""
        if self.chance.random() < 0.5:
            await asyncio.sleep(min(6.0, self.chance.expovariate(1 / LIFE_SECONDS)))
            return
        caught = asyncio.Event()

        def shut() -> None:
            if self.office.process is not None:
                self.office.process.kill()
            caught.set()

        self.counted.trap = (self.chance.randrange(80), shut)
        with suppress(TimeoutError):
            await asyncio.wait_for(caught.wait(), 3)
        self.counted.trap = None

    async def is_up(self) -> None:
        """Until the process has said hello to Telegram and goes on."""
        end = time.monotonic() + START_SECONDS
        while not self._has_said_hello and time.monotonic() < end:
            await self.revive()
            await asyncio.sleep(0.01)

    @property
    def _has_said_hello(self) -> bool:
        return self.api.counts["getMe"] != self._met

    async def revive(self) -> None:
        """Start the process again where it ended of itself, and count that."""
        process = self.office.process
        if process is not None and (code := process.poll()) is not None and code != -9:
            self.died += 1
            self.office.start()

    # ── faults ──────────────────────────────────────────────────────────────────────────────

    async def _disturb(self) -> None:
        """One more thing goes wrong."""
        if self.counted.pending > (AT_ONCE if self._has_said_hello else AT_START):
            return
        await self.chance.choice(_DISTURBANCES)(self)

    @property
    def _receiving(self) -> str:
        """The call that brings updates; a webhook has none, and more of its replies fail."""
        return "sendMessage" if self.office.port else "getUpdates"

    async def _refuse(self) -> None:
        method = self.chance.choice((*SENDING, "*"))
        self.counted.fail(method, 429, self.chance.randint(1, 2))

    async def _break(self) -> None:
        method = self.chance.choice((*SENDING, self._receiving, "*"))
        self.counted.fail(method, self.chance.choice((500, 502, 503)), self.chance.randint(1, 3))

    async def _cut(self) -> None:
        method = self.chance.choice(("sendMessage", *SENDING, self._receiving))
        cut = self.chance.choice((self.counted.cut_before, self.counted.cut_after))
        cut(method, self.chance.randint(1, 2))

    async def _slow(self) -> None:
        """All calls take long for a moment."""
        self.counted.delay = self.chance.uniform(0.1, 0.6)
        self.counted.happened["slow"] += 1
        await asyncio.sleep(self.chance.uniform(0.2, 0.4))
        self.counted.delay = 0.0

    async def _repeat(self) -> None:
        """Updates of a while ago come again, the newer one first or behind those that wait."""
        known = list(self.api.updates.written)[-60:]
        for update in self.chance.sample(known, min(3, len(known))):
            self.api.redeliver(update)
            self.counted.happened["repeated"] += 1
            await asyncio.sleep(self.chance.choice((0.0, 0.03)))

    async def _rival(self) -> None:
        """A second poller for a moment, or, for a webhook, a reverse proxy that is down."""
        if time.monotonic() - self._conflict_at < CONFLICT_SECONDS:
            return
        self._conflict_at = time.monotonic()
        if self.office.port:
            origin, self.api.proxies[ORIGIN] = self.api.proxies[ORIGIN], "http://127.0.0.1:1"
            await asyncio.sleep(0.3)
            self.api.proxies[ORIGIN] = origin
            self.counted.happened["proxy down"] += 1
            return
        url = f"{self.api.root}/bot{self.api.token}/getUpdates?timeout=0&limit=1"
        async with aiohttp.ClientSession() as session:
            with suppress(aiohttp.ClientError):
                await (await session.get(url)).read()
        self.counted.happened["409"] += 1

    async def _stranger(self) -> None:
        """Somebody nobody knows writes, and blocks the bot before it can answer."""
        user = self.api.user(self.chance.randrange(10_000, 10_020), "陌生人")
        if user.chat.blocked:
            user.unblock()
        user.say("在吗")
        user.block()
        self.counted.happened["403"] += 1


_DISTURBANCES: tuple[Callable[[Storm], Awaitable[None]], ...] = (
    Storm._refuse, Storm._break, Storm._break, Storm._cut, Storm._cut, Storm._cut, Storm._slow,
    Storm._repeat, Storm._rival, Storm._stranger,
)  # fmt: skip
