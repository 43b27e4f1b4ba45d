"""Files that people send: fetched, read beside everything else, and told of once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Protocol

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_chat import Assistant, Grid, place
from bot.channels.telegram_files import acting
from bot.channels.telegram_http import said_of
from bot.channels.telegram_log import kind_of
from bot.channels.telegram_pace import back_off
from bot.messages import Upload
from bot.readers.reading import Unreadable
from bot.reading import Reading

AT_ONCE = 2
READ_SECONDS = 60.0
TRIES = 6
_TOO_BIG = "文件超过 20 MB，Telegram 不让机器人下载。请去掉图片再发，或者把表格和文字粘贴过来。"
_LOST = "文件没有下载下来。请再发一次，或者把表格和文字粘贴过来。"

_log = logging.getLogger(__name__)


class Outbox(Protocol):
    """What sends the replies: `telegram_out.Sender`."""

    def collect(self) -> None:
        """Begin to send what was queued."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside everything else."""


class Uploads:
    """Brings files to the assistant, few at a time; those left from an earlier process too."""

    def __init__(self, assistant: Assistant, bot: Bot, outbox: Outbox) -> None:
        self.assistant, self.bot, self.outbox = assistant, bot, outbox
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._newest = 0

    def collect(self) -> None:
        """Begin to read the files that came since the last look."""
        for upload in self.assistant.store.waiting_uploads("telegram", after=self._newest):
            self._newest = upload.id
            self.outbox.spawn(self._take(upload))

    async def _take(self, upload: Upload) -> None:
        chat = int(upload.address.partition(":")[2])
        try:
            async with acting(self.bot, chat, ChatAction.TYPING), self._slots:
                read = await self._read(upload)
            self.assistant.finish_upload(upload, read)
        except Exception as fault:  # the store's: it stays there and is read at the next start
            _log.error("文件 %d 没有读成：%s（%s）", upload.id, type(fault).__name__, place(fault))
        self.outbox.collect()

    async def _read(self, upload: Upload) -> Grid | Reading | Exception:
        """What stands in the file, or why nothing could be read."""
        try:
            content = await self._fetch(upload)
        except Unreadable as refused:
            return refused
        try:
            return await asyncio.to_thread(self.assistant.begin_upload, upload, content)
        except Exception as fault:  # the assistant says it in words
            _log.warning("文件 %d 读的时候出错：%s", upload.id, type(fault).__name__)
            return fault

    async def _fetch(self, upload: Upload) -> bytes:
        """The file's content; tried again while the network fails."""
        for tries in range(TRIES):
            try:
                file = await self.bot.get_file(upload.handle)
                return bytes(await file.download_as_bytearray(read_timeout=READ_SECONDS))
            except BadRequest as refused:
                raise Unreadable(_TOO_BIG if "too big" in refused.message else _LOST) from None
            except TelegramError as fault:
                _log.warning(
                    "文件 %d 下载出错：%s", upload.id, said_of(fault), extra=kind_of(fault)
                )
            await asyncio.sleep(back_off(tries, 1.0))
        raise Unreadable(_LOST)
