"""Fetches updates: fetch, commit the whole batch, only then move the offset."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.channels.telegram_chat import Patience
from bot.channels.telegram_http import TooMany, Unauthorized, said_of
from bot.channels.telegram_in import KINDS
from bot.channels.telegram_log import kind_of
from bot.channels.telegram_pace import back_off
from bot.channels.telegram_turns import SORRY, Turns

__all__ = ["SORRY", "ChannelError", "Poller", "Trouble"]

CONFLICTS = 5
CONFLICT_WINDOW = 60.0
TOKEN_TRIES = 3
NOT_FOUND_TRIES = 6

_log = logging.getLogger(__name__)


class ChannelError(Exception):
    """The channel cannot go on; the message is a sentence for people."""

    exit_code = 2


class Trouble:
    """What went wrong in a row on the way from Telegram, how long to pause, when to give up."""

    def __init__(self, patience: Patience, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience, self.clock = patience, clock
        self.good_at = clock()
        """When a call went well last (at first: when this began)."""
        self._tries = self._refused = 0
        self._conflicts: list[float] = []
        self._polled = False

    def over(self) -> None:
        """A call went well. Conflicts are not over: two pollers take turns."""
        if self._tries or self._refused:
            _log.info("与 Telegram 的连接已恢复")
        self._tries = self._refused = 0
        self._polled = True
        self.good_at = self.clock()

    def pause(self, fault: TelegramError) -> float:
        """Seconds until the next try; ChannelError where there is no sense in one."""
        if not self._tries:
            _log.warning("收取消息出错：%s", said_of(fault), extra=kind_of(fault))
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
    """Fetches updates and has them taken."""

    def __init__(self, turns: Turns, bot: Bot, request: BaseRequest) -> None:
        self.turns, self.bot, self.request = turns, bot, request
        self._offset: int | None = None

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
            self.turns.sender.polled.set()
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
        await self.turns.take(batch)
        ids = [raw["update_id"] for raw in batch if isinstance(raw, dict) and "update_id" in raw]
        if ids:
            self._offset = ids[-1] + 1
