"""Takes updates to the assistant: one at a time, in order, with no await inside a turn.

What comes again after a crash falls on the inbox's key. An update that cannot be understood, or at
which the assistant fails twice, is noted without its contents and passed over; nothing here loops
for ever on one update.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_chat import Assistant, place
from bot.channels.telegram_http import said_of
from bot.channels.telegram_in import Me, query_id, read_update
from bot.channels.telegram_log import kind_of
from bot.channels.telegram_metrics import Metrics
from bot.channels.telegram_out import Sender
from bot.messages import Incoming
from bot.store import Busy

SORRY = "刚才这一步没有处理成功，也没有记下来。请再发一次；如果还是不行，请联系管理员。"
GROUP_SECONDS = 60.0
RETRY_SECONDS = 0.2
BUSY_SECONDS = 30.0
"""How long a turn waits for a file that another program holds, or that is full."""

_log = logging.getLogger(__name__)


class Turns:
    """The way of updates to the assistant, however they came."""

    def __init__(
        self, assistant: Assistant, bot: Bot, sender: Sender, me: Me, metrics: Metrics
    ) -> None:
        self.assistant, self.bot, self.sender = assistant, bot, sender
        self.me, self.metrics = me, metrics
        self._groups: dict[str, float] = {}
        self._busy_since: float | None = None

    async def take(self, batch: Iterable[Any]) -> None:
        """Take updates as they came; when this returns, all are committed or passed over."""
        batch = list(batch)
        self.metrics.updates.inc(len(batch))
        for raw in batch:
            if query := query_id(raw):
                self.sender.spawn(self._answer(query))
        taken = [incoming for raw in batch if (incoming := self._read(raw))]
        for incoming in taken:
            self._hear(incoming)
        # Before the next turns are committed, so that they cannot outlive the marks of the
        # messages that they answer.
        self.sender.marks.keep()
        for incoming in taken:
            await self._receive(incoming)
            # Sending goes on between two updates.
            await asyncio.sleep(0)

    def _hear(self, incoming: Incoming) -> None:
        try:
            self.sender.heard(incoming)
        except Exception as fault:  # a sign less: a message may come twice
            _log.error("未能核对 %s：%s", incoming.key, type(fault).__name__)

    def _read(self, raw: Any) -> Incoming | None:
        try:
            incoming = read_update(raw, self.me)
        except Exception as fault:  # whatever one update holds, the next ones go on
            number = raw.get("update_id") if isinstance(raw, dict) else None
            self.metrics.failed("update", type(fault).__name__)
            _log.error("更新 %s 无法读懂，已跳过：%s", str(number)[:20], type(fault).__name__)
            return None
        return None if incoming is None or self._is_enough(incoming) else incoming

    def _is_enough(self, incoming: Incoming) -> bool:
        """Whether a group has been answered just now: groups are not flooded."""
        if incoming.other != "group":
            return False
        now = time.monotonic()
        if now - self._groups.get(incoming.address, -GROUP_SECONDS) < GROUP_SECONDS:
            return True
        self._groups[incoming.address] = now
        return False

    async def _receive(self, incoming: Incoming) -> None:
        failed = 0
        while True:
            try:
                self._turn(incoming)
                self._busy_since = None
                return
            except Exception as fault:  # one turn must not stop the others
                where = place(fault)
                self.metrics.failed("turn", type(fault).__name__)
                _log.error("处理 %s 出错：%s（%s）", incoming.key, type(fault).__name__, where)
                failed += 1
                if failed > 1 and not (isinstance(fault, Busy) and self._is_worth_waiting()):
                    break
            await asyncio.sleep(RETRY_SECONDS)
        self.metrics.turns.labels("failed").inc()
        self.sender.spawn(self._say_sorry(incoming.address))

    def _is_worth_waiting(self) -> bool:
        """Whether the file was free not long ago: then it is in use, and nobody need say it again.

        Where it stays locked, full or read-only, people are told at once.
        """
        now = time.monotonic()
        if self._busy_since is None:
            self._busy_since = now
        return now - self._busy_since < BUSY_SECONDS

    def _turn(self, incoming: Incoming) -> None:
        begun = time.perf_counter()
        self.assistant.receive(incoming)
        self.metrics.turn_seconds.observe(time.perf_counter() - begun)
        self.metrics.turns.labels("done").inc()
        self.sender.collect()
        if incoming.attached is not None:
            self.sender.uploads.collect()

    async def _say_sorry(self, address: str) -> None:
        try:
            await self.bot.send_message(int(address.partition(":")[2]), SORRY)
        except TelegramError as fault:
            _log.warning("未能告知对方出错：%s", said_of(fault), extra=kind_of(fault))

    async def _answer(self, query: str) -> None:
        """Let the button stop spinning; once more where the network failed."""
        for _ in range(2):
            try:
                await self.bot.answer_callback_query(query)
                return
            except BadRequest:
                return
            except TelegramError:
                await asyncio.sleep(RETRY_SECONDS)
