"""Documents: made in a thread while the chat sees that something is being done, and how far it is.

Six pages take a fifth of a second; what takes longer waits for the two documents before it, or for
a busy machine. Then a small message tells the place in the line and the seconds, is edited as they
change and goes when the document is there. It is no row of the outbox: nothing depends on it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram_chat import Assistant
from bot.channels.telegram_http import NotSent, TooMany, Unavailable, call
from bot.channels.telegram_pace import Pace, back_off
from bot.messages import File

AT_ONCE = 2
ACTION_SECONDS = 4.0
TRIES = 3

_NAMES = {
    "docx": "Word 文件",
    "pdf": "PDF",
    "png": "各页图片",
    "html": "网页",
    "xlsx": "Excel 表格",
    "txt": "纯文本",
}

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Work:
    """A document that is wanted: its format, and since when it is being made (0: it waits)."""

    format: str
    since: float = 0.0


class Files:
    """Has the assistant make documents, few at a time: other chats need the CPU too.

    `pace` is that of the outbox, so that both keep to what Telegram last said.
    """

    def __init__(self, assistant: Assistant, bot: Bot, pace: Pace | None = None) -> None:
        self.assistant, self.bot = assistant, bot
        self.progress = Progress(bot, pace or Pace())
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._line: list[Work] = []

    async def make(self, chat: int, document: int) -> File | None:
        """The file, or None: then the assistant has queued a message that says why."""
        try:
            begun = self.assistant.begin_document(document)
            if isinstance(begun, File):
                return begun
            work = Work(self.assistant.store.document(document).format)
        except Exception as fault:  # the assistant turns it into words
            return self.assistant.finish_document(document, fault)
        async with (
            acting(self.bot, chat, ChatAction.UPLOAD_DOCUMENT),
            self.progress.shown(chat, lambda: self.told(work)),
        ):
            made = await self._work(document, begun, work)
        return self.assistant.finish_document(document, made)

    def told(self, work: Work) -> str:
        """How far a document is, for the chat that waits for it."""
        name = _NAMES.get(work.format, "文件")
        if work.since:
            return f"正在生成{_spaced(name)}，已用 {int(time.monotonic() - work.since)} 秒…"
        return f"排队生成{_spaced(name)}，前面还有 {self._line.index(work)} 份…"

    async def _work(self, document: int, job: Callable[[], File], work: Work) -> File | Exception:
        self._line.append(work)
        try:
            async with self._slots:
                work.since = time.monotonic()
                return await asyncio.to_thread(job)
        except Exception as fault:  # as above
            _log.warning("文件 %d 未能生成：%s", document, type(fault).__name__)
            return fault
        finally:
            self._line.remove(work)


def _spaced(name: str) -> str:
    """A name inside Chinese text: with a space before a Latin letter."""
    return f" {name}" if name[0].isascii() else name


class Progress:
    """Messages that say how far something is; losing one, or all, changes nothing else.

    One comes after `patience` seconds, is edited every `pause` seconds at most and is given up at
    the first thing that goes wrong. Those of all chats are at least `apart` seconds apart, which
    is a third of what a bot may send.
    """

    patience, pause, apart = 1.5, 2.0, 0.1

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self.bot, self.pace = bot, pace
        self._next_at = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def shown(self, chat: int, words: Callable[[], str]) -> AsyncIterator[None]:
        """Tell `words()` as long as it takes; leaving waits for nothing."""
        done = asyncio.Event()
        task = asyncio.create_task(self._show(chat, words, done))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            yield
        finally:
            done.set()

    async def _show(self, chat: int, words: Callable[[], str], done: asyncio.Event) -> None:
        # A call under way is never cut off: nobody would know the message that has to go.
        told: list[int] = []
        try:
            await self._tell(chat, words, done, told)
        except TooMany as refused:
            self.pace.refused(chat, refused.seconds)
        except Exception as fault:  # whatever it is, the document matters and this does not
            _log.debug("no progress: %s", type(fault).__name__)
        if told:
            await done.wait()
            await self._take_away(chat, told[0])

    async def _tell(
        self, chat: int, words: Callable[[], str], done: asyncio.Event, told: list[int]
    ) -> None:
        """Send and edit until `done`; the message's name goes into `told`."""
        shown, pause = "", self.patience
        while not await _happens(done, pause):
            pause = self.pause
            if (text := words()) == shown or not self._may_tell():
                continue
            await self._turn(chat, done)
            if done.is_set():
                return
            values: dict[str, object] = {"chat_id": chat, "text": text}
            if told:
                await call(self.bot, "editMessageText", {**values, "message_id": told[0]})
            else:
                values["disable_notification"] = True
                told.append((await call(self.bot, "sendMessage", values))["message_id"])
            shown = text

    def _may_tell(self) -> bool:
        """Whether it is long enough since any chat was told: the outbox comes first."""
        now = time.monotonic()
        if now < self._next_at:
            return False
        self._next_at = now + self.apart
        return True

    async def _turn(self, chat: int, done: asyncio.Event) -> None:
        """Wait for the chat's turn, but not beyond `done`."""
        turn = asyncio.create_task(self.pace.turn(chat))
        over = asyncio.create_task(done.wait())
        await asyncio.wait((turn, over), return_when=asyncio.FIRST_COMPLETED)
        turn.cancel()
        over.cancel()

    async def _take_away(self, chat: int, message: int) -> None:
        for tries in range(TRIES):
            try:
                await call(self.bot, "deleteMessage", {"chat_id": chat, "message_id": message})
            except TooMany as refused:
                await asyncio.sleep(refused.seconds)
            except (NotSent, Unavailable):
                await asyncio.sleep(back_off(tries, 1.0))
            except TelegramError:
                return
            else:
                return


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Whether an event happens within so many seconds."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


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
