"""Documents: made in a thread while the chat sees that something is being done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram_chat import Assistant
from bot.messages import File

AT_ONCE = 2
ACTION_SECONDS = 4.0

_log = logging.getLogger(__name__)


class Files:
    """Has the assistant make documents, few at a time: other chats need the CPU too."""

    def __init__(self, assistant: Assistant, bot: Bot) -> None:
        self.assistant, self.bot = assistant, bot
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def make(self, chat: int, document: int) -> File | None:
        """The file, or None: then the assistant has queued a message that says why."""
        try:
            begun = self.assistant.begin_document(document)
        except Exception as fault:  # the assistant turns it into words
            return self.assistant.finish_document(document, fault)
        if isinstance(begun, File):
            return begun
        async with acting(self.bot, chat, ChatAction.UPLOAD_DOCUMENT):
            made = await self._work(document, begun)
        return self.assistant.finish_document(document, made)

    async def _work(self, document: int, job: Callable[[], File]) -> File | Exception:
        async with self._slots:
            try:
                return await asyncio.to_thread(job)
            except Exception as fault:  # as above
                _log.warning("文件 %d 未能生成：%s", document, type(fault).__name__)
                return fault


@asynccontextmanager
async def acting(bot: Bot, chat: int, action: str) -> AsyncIterator[None]:
    """Let the chat see that something is being done, as long as it takes."""
    showing = asyncio.create_task(_show(bot, chat, action))
    try:
        yield
    finally:
        showing.cancel()


async def _show(bot: Bot, chat: int, action: str) -> None:
    while True:
        try:
            await bot.send_chat_action(chat, action)
        except TelegramError:
            return
        await asyncio.sleep(ACTION_SECONDS)
