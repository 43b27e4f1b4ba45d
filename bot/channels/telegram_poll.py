"""Fetches updates: fetch, commit the whole batch, only then move the offset.

One update at a time, in order, with no await inside a turn. What comes again after a crash falls
on the inbox's key. An update that cannot be understood, or at which the assistant fails twice,
is noted without its contents and passed over; nothing here loops for ever on one update.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.channels.telegram_chat import Assistant, Patience, place
from bot.channels.telegram_http import TooMany, Unauthorized
from bot.channels.telegram_in import KINDS, Me, query_id, read_update
from bot.channels.telegram_out import Sender
from bot.channels.telegram_pace import back_off
from bot.messages import Incoming

SORRY = "刚才这一步没有处理成功，也没有记下来。请再发一次；如果还是不行，请联系管理员。"
CONFLICTS = 5
CONFLICT_WINDOW = 60.0
TOKEN_TRIES = 3
NOT_FOUND_TRIES = 6
GROUP_SECONDS = 60.0
RETRY_SECONDS = 0.2

_log = logging.getLogger(__name__)


class ChannelError(Exception):
    """The channel cannot go on; the message is a sentence for people."""

    exit_code = 2


class Trouble:
    """What went wrong with polling in a row, how long to pause, and when to give up."""

    def __init__(self, patience: Patience, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience, self.clock = patience, clock
        self._tries = self._refused = 0
        self._conflicts: list[float] = []
        self._polled = False

    def over(self) -> None:
        """A call went well. Conflicts are not over: two pollers take turns."""
        if self._tries or self._refused:
            _log.info("与 Telegram 的连接已恢复")
        self._tries = self._refused = 0
        self._polled = True

    def pause(self, fault: TelegramError) -> float:
        """Seconds until the next try; ChannelError where there is no sense in one."""
        if not self._tries:
            _log.warning("收取消息出错：%s", type(fault).__name__)
        self._tries += 1
        if isinstance(fault, Conflict):
            return self._conflict()
        if isinstance(fault, InvalidToken):
            return self._wrong_token(fault)
        if isinstance(fault, TooMany):
            return fault.seconds
        return back_off(self._tries - 1, self.patience.poll_pause)

    def _conflict(self) -> float:
        """One alone is normal: a killed poller's connection may still hang."""
        now = self.clock()
        self._conflicts = [at for at in self._conflicts if at > now - CONFLICT_WINDOW] + [now]
        if len(self._conflicts) >= CONFLICTS:
            raise ChannelError(
                "另有一个程序正用同一个令牌收取消息（409）。请先停掉那一个，再启动年报助手。"
            )
        return self.patience.conflict_pause

    def _wrong_token(self, fault: InvalidToken) -> float:
        """A single 401 or 404 may be a gateway's; a 404 after good polls surely is."""
        self._refused += 1
        if isinstance(fault, Unauthorized):
            if self._refused >= TOKEN_TRIES:
                raise ChannelError(
                    "Telegram 不认可这个机器人令牌（401）。请检查令牌是否抄写完整，"
                    "必要时向 @BotFather 重新领取。"
                )
            return self.patience.token_pause
        if self._refused >= NOT_FOUND_TRIES and not self._polled:
            raise ChannelError("接口地址或令牌不对（404）。请检查机器人令牌和接口地址。")
        return back_off(self._refused, self.patience.poll_pause) * self.patience.token_pause


class Poller:
    """Takes updates to the assistant."""

    def __init__(
        self, assistant: Assistant, bot: Bot, request: BaseRequest, sender: Sender, me: Me
    ) -> None:
        self.assistant, self.bot, self.request = assistant, bot, request
        self.sender, self.me = sender, me
        self._offset: int | None = None
        self._groups: dict[str, float] = {}

    async def run(self, trouble: Trouble, patience: Patience) -> None:
        """Poll until cancelled; ChannelError where polling makes no sense."""
        # The first poll does not wait: what lies there tells the sender what arrived.
        timeout = 0
        while True:
            try:
                batch = await self._fetch(timeout)
            except TelegramError as fault:
                await asyncio.sleep(trouble.pause(fault))
                continue
            trouble.over()
            await self._take(batch)
            self.sender.polled.set()
            timeout = patience.poll

    async def _fetch(self, timeout: int) -> list[Any]:
        """The next batch as it came: PTB would fail at all of it where one is not understood."""
        values = {"timeout": str(timeout), "allowed_updates": json.dumps(KINDS)}
        if self._offset is not None:
            values["offset"] = str(self._offset)
        url = f"{self.bot.base_url}/getUpdates?{urlencode(values)}"
        batch = await self.request.post(url, read_timeout=timeout + 10)
        if not isinstance(batch, list):
            raise TelegramError("no list of updates")
        return batch

    async def _take(self, batch: list[Any]) -> None:
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
        ids = [raw["update_id"] for raw in batch if isinstance(raw, dict) and "update_id" in raw]
        if ids:
            self._offset = ids[-1] + 1

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
            _log.error("更新 %s 无法读懂，已跳过：%s", number, type(fault).__name__)
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
        for last in (False, True):
            try:
                self.assistant.receive(incoming)
                self.sender.collect()
                if incoming.attached is not None:
                    self.sender.uploads.collect()
                return
            except Exception as fault:  # one turn must not stop the others
                where = place(fault)
                _log.error("处理 %s 出错：%s（%s）", incoming.key, type(fault).__name__, where)
            if not last:
                await asyncio.sleep(RETRY_SECONDS)
        self.sender.spawn(self._say_sorry(incoming.address))

    async def _say_sorry(self, address: str) -> None:
        try:
            await self.bot.send_message(int(address.partition(":")[2]), SORRY)
        except TelegramError as fault:
            _log.warning("未能告知对方出错：%s", type(fault).__name__)

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
