"""Sends what waits in the outbox: in order within a chat, many chats side by side.

A reply that Telegram may have taken already is not blindly repeated. Doubt arises when a call
ends without an answer (timeout, dropped connection) and when a row is found open at the start
of the process. Only a chat's first open row can be in doubt: the next one leaves only after the
mark of the one before is committed. A row in doubt waits `Patience.grace` seconds for the one sign
that proves its arrival: the person presses one of its buttons (`Chat.read_sign`). Without that
it is sent once more, recognisably, as soon as Telegram is seen to answer, and so on while that
ends without an answer, too; after `REPEATS` times it is given up and marked as such. Two lost
connections in a row are nothing special where many replies leave behind an outage, and a person
whose question was lost waits for ever; who sees it twice or thrice is told why. The chat's later
rows wait for it. A row found open waits only until what people did meanwhile is heard, for the
same time at most: where processes live but for moments, it would else never leave.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.channels.telegram_chat import Assistant, Chat, Marks, Patience, is_notice, place
from bot.channels.telegram_files import Files
from bot.channels.telegram_http import NotSent, TooMany, Unavailable, call
from bot.channels.telegram_log import kind_of
from bot.channels.telegram_pace import Pace, back_off
from bot.channels.telegram_steps import Step, plan
from bot.channels.telegram_uploads import Uploads
from bot.messages import Incoming, Outgoing
from bot.store import said_of_file

AT_ONCE = 32
TICK_SECONDS = 1.0
REPEATS = 5
"""How often a message in doubt is sent once more."""
UNKNOWN = "不知是否送达"
"""Why a message was given up of which nobody knows whether it is there."""

_log = logging.getLogger(__name__)


class Sender:
    """Takes rows out of the outbox and marks what arrived."""

    def __init__(self, assistant: Assistant, bot: Bot, patience: Patience) -> None:
        self.store, self.bot, self.patience = assistant.store, bot, patience
        self.pace = Pace()
        self.marks = Marks(self.store)
        self.files = Files(assistant, bot, self.pace)
        self.uploads = Uploads(assistant, bot, self)
        self.polled = asyncio.Event()
        """Set once updates that waited have been heard, or should have been: there lie signs."""
        self._chats: dict[str, Chat] = {}
        self._newest = 0
        self._busy = 0
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Take up what an earlier process left: keyboards shown, open rows, files to be read."""
        asyncio.get_running_loop().call_later(self.patience.grace, self.polled.set)
        self.uploads.collect()
        for address, message in self.store.keyboards("telegram").items():
            if message.isdecimal():
                chat = self._chat(address)
                chat.keyboard, chat.last = message, int(message)
        for row in self.store.unsent("telegram"):
            self._newest = row.id
            self._chat(row.address).rows.append(row)
        for chat in self._chats.values():
            if chat.rows:
                chat.found_open = True
                self._begin(chat)

    def _said(self, fault: Exception) -> str:
        """What hinders the store, in words; the class of any other fault."""
        return said_of_file(fault, self.store.path) or type(fault).__name__

    async def watch(self) -> None:
        """Look now and then for rows that others queued: a reminder, the command line."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.collect()

    def collect(self) -> None:
        """Begin to send the rows queued since the last look."""
        try:
            rows = self.store.unsent("telegram", after=self._newest)
        except Exception as fault:  # the store's: the next look comes within a second
            _log.error("未能读取发件箱：%s", self._said(fault), extra=kind_of(fault))
            return
        for row in rows:
            self._newest = row.id
            chat = self._chat(row.address)
            chat.rows.append(row)
            if not chat.busy:
                self._begin(chat)

    def heard(self, incoming: Incoming) -> None:
        """Somebody did something: it may show that a row in doubt arrived."""
        chat = self._chats.get(incoming.address)
        if chat is None or not chat.rows:
            return
        if sign := chat.read_sign(incoming):
            chat.take_sign(sign)
            # Now: killed after the turn of this press, no later process would see it as a sign.
            self.marks.add(chat.rows[0].id, sign, "")

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside everything else; `close` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, seconds: float) -> None:
        """Send what is queued for a few seconds more and keep the marks."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.marks.keep()

    # ── one chat ────────────────────────────────────────────────────────────────────────────

    def _chat(self, address: str) -> Chat:
        if (chat := self._chats.get(address)) is None:
            chat = self._chats[address] = Chat(int(address.partition(":")[2]))
        return chat

    def _begin(self, chat: Chat) -> None:
        chat.busy = True
        self._busy += 1
        self.spawn(self._drain(chat))

    async def _drain(self, chat: Chat) -> None:
        while chat.rows:
            row = chat.rows[0]
            if self.marks.waits(chat.mark):
                self.marks.keep()
            message, error = await self._try_twice(chat, row)
            self._settle(chat, row, message, error)
        chat.busy = False
        self._busy -= 1
        if not self._busy:
            self.marks.keep()

    async def _try_twice(self, chat: Chat, row: Outgoing) -> tuple[str, str]:
        """Send a row; an unforeseen fault, after a second try, fails it and not its chat."""
        try:
            return await self._deliver(chat, row)
        except Exception as fault:  # perhaps the store's, and over in a moment
            _log.error(
                "发件箱第 %d 行稍后再试：%s", row.id, self._said(fault), extra=kind_of(fault)
            )
        await asyncio.sleep(TICK_SECONDS)
        try:
            return await self._deliver(chat, row)
        except Exception as fault:
            return "", f"{type(fault).__name__}（{place(fault)}）"

    def _settle(self, chat: Chat, row: Outgoing, message: str, error: str) -> None:
        chat.rows.popleft()
        chat.forget_sign()
        chat.found_open = False
        chat.mark = self.marks.add(row.id, message, error)
        if error:
            _log.warning("发件箱第 %d 行未能送达：%s", row.id, error)
            return
        if message:
            chat.last = max(chat.last, int(message))
        if is_notice(row) or (row.document is not None and not row.buttons):
            return  # what was asked before still stands, and so do its buttons
        old, chat.keyboard = chat.keyboard, message if row.buttons else ""
        if old and old != message:
            self.spawn(self._take_keyboard_away(chat.id, int(old)))

    async def _deliver(self, chat: Chat, row: Outgoing) -> tuple[str, str]:
        """Send a whole row: (the name of its last message, the error or '')."""
        again = chat.found_open
        if again and not chat.can_edit(row):
            await self.polled.wait()
        if chat.sign:
            return chat.sign, ""
        file = None
        if row.document is not None:
            file = await self.files.make(chat.id, row.document)
            if file is None:
                self.collect()
                return "", "没有生成文件"
        message = ""
        for step in plan(chat, row, file):
            message, error = await self._send(chat, step, again)
            if error or chat.sign:
                return message, error
        return message, ""

    async def _send(self, chat: Chat, step: Step, again: bool) -> tuple[str, str]:
        """Send one message until it is known what became of it."""
        tries, repeats = 0, int(again)
        while True:
            await self.pace.turn(chat.id)
            if chat.sign:
                return chat.sign, ""
            try:
                async with self._slots:
                    return await step.send(self.bot, again), ""
            except TooMany as refused:
                if self.pace.refused(chat.id, refused.seconds):
                    _log.warning("Telegram 限流，全体等待 %g 秒", refused.seconds)
                continue
            except (Forbidden, BadRequest, ChatMigrated) as refused:
                return "", refused.message
            except (NotSent, Unavailable, InvalidToken):
                pass
            except TelegramError:
                if not step.repeatable:
                    await self._await_sign(chat)
                    if repeats == REPEATS:
                        return chat.sign, "" if chat.sign else UNKNOWN
                    again, repeats = True, repeats + 1
                    if repeats == 1:
                        continue
            await asyncio.sleep(back_off(tries, self.patience.send_pause))
            tries += 1

    async def _await_sign(self, chat: Chat) -> None:
        """Wait for a sign that the chat's first row arrived, then until Telegram answers."""
        await chat.await_sign(self.patience.grace)
        tries = 0
        while not chat.sign:
            try:
                await self.bot.send_chat_action(chat.id, "typing")
                return
            except (Forbidden, BadRequest, ChatMigrated):
                return
            except TooMany as refused:
                await chat.await_sign(refused.seconds)
            except TelegramError:
                await chat.await_sign(back_off(tries, self.patience.send_pause))
                tries += 1

    async def _take_keyboard_away(self, chat: int, message: int) -> None:
        try:
            values = {"chat_id": chat, "message_id": message}
            await call(self.bot, "editMessageReplyMarkup", values)
        except TelegramError:
            # Gone already, or not worth a second call: an old button answers nothing anyway.
            return
