"""How far a document is: said in the chat and at the terminal while it takes long, then gone.

The chat is the Bot API double; nothing here is a row of the outbox.
"""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Bot

from bot.channels.telegram_files import Files, Progress
from bot.channels.telegram_http import AiohttpRequest
from bot.channels.telegram_pace import Pace
from bot.channels.terminal import working
from bot.messages import File
from tests.botapi.double import BotApi
from tests.botapi.limits import Rates
from tests.test_telegram import serving, until, with_document

MADE = File("年报.pdf", b"%PDF-1.7")
SEND, EDIT, DELETE = CALLS = ("sendMessage", "editMessageText", "deleteMessage")


class Maker:
    """An assistant whose documents are made when `ready` is set."""

    def __init__(self, format: str) -> None:
        self.ready = threading.Event()
        self.store: Any = SimpleNamespace(document=lambda _: SimpleNamespace(format=format))

    def begin_document(self, document: int) -> Callable[[], File]:
        """The job."""

        def job() -> File:
            self.ready.wait(10)
            return MADE

        return job

    def finish_document(self, document: int, made: File | Exception) -> File | None:
        """The file."""
        assert isinstance(made, File)
        return made


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=Rates()) as api:
        yield api


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress that a test can wait for."""
    monkeypatch.setattr(Progress, "patience", 0.1)
    monkeypatch.setattr(Progress, "pause", 0.2)


@asynccontextmanager
async def a_bot(api: BotApi, chats: int = 1) -> AsyncIterator[Bot]:
    """A bot that some people have written to."""
    for chat in range(1, chats + 1):
        api.user(chat).say("开始")
    async with AiohttpRequest() as request:
        yield Bot(api.token, base_url=f"{api.root}/bot", request=request)


@asynccontextmanager
async def making(
    api: BotApi, format: str = "pdf", chats: int = 1
) -> AsyncIterator[tuple[Files, Maker]]:
    """What makes documents, and what lets them be ready; they are at the end."""
    maker = Maker(format)
    async with a_bot(api, chats) as bot:
        try:
            yield Files(maker, bot), maker  # type: ignore[arg-type]
        finally:
            maker.ready.set()


def standing(api: BotApi) -> list[str]:
    """What of the bot stands in the first chat now."""
    return [message.text for message in api.user(1).messages if message.from_bot]


def calls(api: BotApi) -> dict[str, int]:
    """How often each call was made that puts words into a chat or takes them out."""
    return {name: api.counts[name] for name in CALLS if api.counts[name]}


# ── in a chat ───────────────────────────────────────────────────────────────────────────────


async def test_a_slow_document_is_told_of_once_edited_and_taken_away(
    api: BotApi, quick: None
) -> None:
    async with making(api) as (files, maker):
        work = asyncio.create_task(files.make(1, 7))
        told = await api.user(1).next()
        first = told.text
        await until(lambda: api.counts[EDIT] > 0 and told.text != first)
        assert first.startswith("正在生成 PDF，已用 ")
        assert standing(api) == [told.text]
        maker.ready.set()
        assert await work == MADE
        await until(lambda: standing(api) == [])
    assert calls(api) == {SEND: 1, EDIT: len(told.earlier), DELETE: 1}


async def test_a_quick_document_is_not_told_of(api: BotApi) -> None:
    async with making(api) as (files, maker):
        asyncio.get_running_loop().call_later(0.5, maker.ready.set)
        assert await files.make(1, 7) == MADE
        await asyncio.sleep(0.05)
    assert calls(api) == {}


async def test_whoever_waits_in_line_is_told_the_place(api: BotApi, quick: None) -> None:
    async with making(api, "docx", chats=3) as (files, maker):
        others = [asyncio.create_task(files.make(chat, chat)) for chat in (2, 3)]
        await asyncio.sleep(0)
        work = asyncio.create_task(files.make(1, 7))
        assert (await api.user(1).next()).text == "排队生成 Word 文件，前面还有 2 份…"
        await asyncio.sleep(0.5)
        assert standing(api) == ["排队生成 Word 文件，前面还有 2 份…"]
        maker.ready.set()
        await asyncio.gather(work, *others)
        await until(lambda: api.counts[DELETE] == 3)


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("status", [400, 403, 429, 502])
async def test_whatever_telegram_answers_nobody_waits_for_the_progress(
    method: str, status: int, api: BotApi, quick: None
) -> None:
    numbers = count()
    async with a_bot(api) as bot:
        api.faults.fail(method, status)
        async with Progress(bot, Pace()).shown(1, lambda: f"第 {next(numbers)} 次"):
            await until(lambda: api.counts[EDIT if method == DELETE else method] > 0)
            began = time.monotonic()
        assert time.monotonic() - began < 0.05
        refused = method == DELETE and status < 429
        await until(lambda: api.counts[DELETE] > 0 or method == SEND)
        await until(lambda: len(standing(api)) == refused)
    assert method == DELETE or api.counts[method] == 1  # it is given up at the first fault


async def test_a_refusal_for_speed_slows_the_outbox_too(api: BotApi, quick: None) -> None:
    pace = Pace()
    async with a_bot(api) as bot:
        api.faults.fail(SEND, 429, retry_after=1)
        async with Progress(bot, pace).shown(1, lambda: "正在生成"):
            await until(lambda: api.counts[SEND] == 1)
            await asyncio.sleep(0.1)
        began = time.monotonic()
        await pace.turn(1)
    assert time.monotonic() - began > 0.7


async def test_a_chat_that_has_to_wait_is_not_told_after_the_end(api: BotApi, quick: None) -> None:
    pace = Pace()
    pace.refused(1, 5.0)
    async with a_bot(api) as bot:
        async with Progress(bot, pace).shown(1, lambda: "正在生成"):
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.1)
    assert calls(api) == {}


async def test_words_under_way_when_the_document_is_done_are_taken_away(
    api: BotApi, quick: None
) -> None:
    async with making(api) as (files, maker):
        api.faults.delay = 0.4
        work = asyncio.create_task(files.make(1, 7))
        await asyncio.sleep(0.2)
        maker.ready.set()
        assert await work == MADE
        await until(lambda: calls(api) == {SEND: 1, DELETE: 1} and standing(api) == [])


async def test_many_chats_in_line_send_ten_words_a_second_together(
    api: BotApi, quick: None
) -> None:
    async with making(api, chats=40) as (files, maker):
        work = [asyncio.create_task(files.make(chat, chat)) for chat in range(1, 41)]
        await asyncio.sleep(1.2)
        told = sum(calls(api).values())
        maker.ready.set()
        await asyncio.gather(*work)
    assert 2 <= told <= 12


async def test_in_the_whole_channel_the_document_stands_alone_at_the_end(
    api: BotApi, tmp_path: Path, quick: None
) -> None:
    ready = threading.Event()

    def job() -> File:
        ready.wait(5)
        return File("年报.docx", b"PK")

    async with serving(api, tmp_path, with_document) as assistant:
        assistant.job = job
        api.user(1).say("报告")
        assert "正在生成 Word 文件" in (await api.user(1).next()).text
        ready.set()
        sent = await api.user(1).next()
        await until(lambda: standing(api) == ["报告好了。"])
    assert (sent.kind, sent.buttons) == ("document", ["收到"])


# ── at the terminal ─────────────────────────────────────────────────────────────────────────


class Screen(io.StringIO):
    """A terminal that keeps all that was written."""

    def isatty(self) -> bool:
        """It is one."""
        return True

    def seen(self) -> str:
        """What stands on the line at the end."""
        line: list[str] = []
        at = 0
        for sign in self.getvalue():
            if sign == "\r":
                at = 0
                continue
            width = 2 if sign > "\u2e7f" or sign == "…" else 1
            line[at : at + width] = [sign, *[""] * (width - 1)]
            at += width
        return "".join(line).rstrip()


def test_long_work_is_told_on_one_line_that_is_empty_in_the_end() -> None:
    screen = Screen()
    with working("正在生成文件", screen, patience=0.05):
        time.sleep(0.2)
        during = screen.seen()
    assert during == "正在生成文件…（0 秒）"
    assert screen.seen() == ""
    assert "\n" not in screen.getvalue()


def test_quick_work_writes_nothing() -> None:
    screen = Screen()
    with working("正在生成文件", screen):
        pass
    assert screen.getvalue() == ""


def test_a_file_or_pipe_gets_no_progress() -> None:
    pipe = io.StringIO()
    with working("正在生成文件", pipe, patience=0.01):
        time.sleep(0.05)
    assert pipe.getvalue() == ""


def test_the_line_goes_when_the_work_fails() -> None:
    screen = Screen()

    def failing() -> None:
        with working("正在读取文件", screen, patience=0.01):
            time.sleep(0.05)
            raise OSError

    with pytest.raises(OSError, match=r"^$"):
        failing()
    assert "正在读取文件" in screen.getvalue()
    assert screen.seen() == ""
