"""Telegram: what people do arrives once, what they are told arrives once and in order.

Everything here runs over HTTP against the Bot API double, with a small assistant over the real
store. As a program (`python -m tests.test_telegram FILE [GRACE]`) it serves that assistant, for
the tests that kill it.
"""

import asyncio
import html
import json
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram.error import Conflict, TelegramError, TimedOut

from bot.channels.telegram import ChannelError, Patience, TokenFilter, serve
from bot.channels.telegram_chat import Grid
from bot.channels.telegram_http import (
    AiohttpRequest,
    NotSent,
    TooMany,
    Unavailable,
    find_proxy,
)
from bot.channels.telegram_in import Me, read_update
from bot.channels.telegram_log import JsonLines
from bot.channels.telegram_pace import Pace, back_off
from bot.channels.telegram_poll import SORRY, Trouble
from bot.channels.telegram_text import AGAIN, pieces, units
from bot.messages import Button, File, Incoming, Outgoing, Part, Press, Upload
from bot.readers.reading import Unreadable
from bot.reading import Reading
from bot.store import Reply
from tests.botapi.chats import Message
from tests.botapi.double import BotApi
from tests.botapi.limits import Rates
from tests.fresh import new_store

NOW = datetime(2026, 1, 5, tzinfo=UTC)
QUICK = Patience(
    poll_pause=0.05,
    send_pause=0.05,
    conflict_pause=0.05,
    token_pause=0.05,
    grace=0.25,
    drain=1.0,
)
Words = Callable[[Incoming, int], list[Outgoing]]


def out(*texts: str | Part, **fields: Any) -> Outgoing:
    """A message that waits to be sent."""
    parts = tuple(text if isinstance(text, Part) else Part(text) for text in texts)
    return Outgoing(0, "", parts, **fields)


def keys(number: int, *words: str) -> tuple[tuple[Button, ...], ...]:
    """One row of buttons that answer question `number`."""
    return (tuple(Button(word, Press(1, f"q{number}", number, word)) for word in words),)


def turning(_: Incoming, number: int) -> list[Outgoing]:
    """A page that takes the place of the one before."""
    return [out(f"第{number}页", buttons=keys(number, "翻页"), replaces=True)]


def count(incoming: Incoming, number: int) -> list[Outgoing]:
    """Say back what came, with its number, and offer to go on."""
    word = incoming.other or (incoming.press.choice if incoming.press else incoming.text)
    return [out(f"{number}. {word}", buttons=keys(number, "下一个"))]


class Counter:
    """A small assistant: numbers what each person does and answers as `words` says."""

    def __init__(self, path: Path, words: Words = count) -> None:
        self.store = new_store(path)
        self.draft = self.store.open_draft("测试局", 2025, NOW)
        self.words = words
        self.heard: list[Incoming] = []
        self.job: Callable[[], File] = lambda: File("年报.docx", b"PK")

    def receive(self, incoming: Incoming) -> None:
        """One turn: the number goes up by one, the answers are queued."""
        if self.store.is_taken(incoming.key):
            return
        self.heard.append(incoming)
        seat = self.store.seat(incoming.address)
        if seat is not None and incoming.attached is not None:
            self.store.take_upload(incoming, seat, NOW)
            return
        number = int((seat and seat.position) or 0) + 1
        said = self.words(incoming, number)
        enrolled = seat is None
        if seat is None:
            seat = self.store.take_seat(incoming, self.draft, NOW)
            assert seat is not None
        self.store.save_turn(
            incoming,
            seat,
            self.store.draft(seat.draft),
            (),
            str(number),
            [Reply(replace(o, address=incoming.address), f"q{number}") for o in said],
            NOW,
            report="{}" if any(o.document is not None for o in said) else None,
            enrolled=enrolled,
        )

    def begin_upload(self, upload: Upload, content: bytes) -> Grid | Reading | Exception:
        """What was read: here always why not, with the number of bytes that came."""
        return Unreadable(f"{upload.name} {len(content)}")

    def finish_upload(self, upload: Upload, read: Grid | Reading | Exception) -> None:
        """Say what came of it, once."""
        seat = self.store.seat(upload.address)
        assert seat is not None
        said = replace(out(str(read)), address=upload.address)
        self.store.save_turn(
            Incoming(f"upload:{upload.id}", upload.address), seat, self.store.draft(seat.draft), (),
            seat.position, [Reply(said)], NOW, told=upload.id,
        )  # fmt: skip

    def meet(self, name: str) -> None:
        """Nothing: nobody is invited."""

    def claim(self) -> str:
        """No admin is wanted."""
        return ""

    def tick(self) -> None:
        """Nothing is due."""

    def unfiled(self) -> list[int]:
        """Nothing is approved."""
        return []

    def begin_document(self, document: int) -> File | Callable[[], File]:
        """What was made before, or the job."""
        return self.store.document(document).file or self.job

    def finish_document(self, document: int, made: File | Exception) -> File | None:
        """Keep the file, or say that there is none."""
        if isinstance(made, File):
            self.store.keep_document(document, made, NOW)
            return made
        sorry = replace(out("报告没有生成。"), address="telegram:1")
        self.store.save_refusal(Incoming(f"document:{document}", "telegram:1"), [Reply(sorry)], NOW)
        return None


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=None) as api:
        yield api


@asynccontextmanager
async def serving(
    api: BotApi, path: Path, words: Words = count, patience: Patience = QUICK
) -> AsyncIterator[Counter]:
    """The channel at work in this process, stopped in order at the end."""
    assistant, stop = Counter(path / "store.db", words), asyncio.Event()
    work = asyncio.create_task(
        serve(assistant, token=api.token, api=api.root, stop=stop, patience=patience)
    )
    try:
        yield assistant
    finally:
        stop.set()
        await work
        assert assistant.store.unsent("telegram") == []
        assistant.store.close()


def bot_said(api: BotApi, user: int = 1) -> list[str]:
    """Every message of the bot to a person, as first sent."""
    return [message.text for message in api.user(user).chat.log]


async def until(happened: Callable[[], bool], seconds: float = 3.0) -> None:
    """Wait for something that no message announces."""
    for _ in range(int(seconds / 0.01)):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


# ── in order, once ──────────────────────────────────────────────────────────────────────────────


async def test_answers_come_in_the_order_of_the_questions(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        for chat in (1, 2, 3):
            for number in range(10):
                api.user(chat).say(f"第{number}句")
        for chat in (1, 2, 3):
            for number in range(10):
                assert (await api.user(chat).next()).text == f"{number + 1}. 第{number}句"


async def test_updates_that_waited_before_the_start_are_taken(api: BotApi, tmp_path: Path) -> None:
    for number in range(150):
        api.user(1).say(str(number))
    async with serving(api, tmp_path):
        await api.user(1).wait_for(lambda m: m.text == "150. 149")
    assert len(bot_said(api)) == 150


async def test_an_update_delivered_twice_is_taken_once(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path) as assistant:
        said = api.user(1).say("一次")
        await api.user(1).next()
        api.redeliver(said.update_id)
        api.user(1).say("再来")
        assert (await api.user(1).next()).text == "2. 再来"
    assert [i.text for i in assistant.heard] == ["一次", "再来"]


async def test_the_offset_moves_only_after_the_turn_is_kept(api: BotApi, tmp_path: Path) -> None:
    kept: list[bool] = []
    async with serving(api, tmp_path) as assistant:
        said = api.user(1).say("一")
        await api.user(1).next()
        confirm = api.updates.confirm

        def look(offset: int) -> None:
            kept.append(assistant.store.is_taken(f"telegram:{offset - 1}"))
            confirm(offset)

        api.updates.confirm = look  # type: ignore[method-assign]
        api.user(1).say("二")
        await until(lambda: said.update_id + 1 not in api.updates.waiting)
    assert kept
    assert all(kept)


async def test_a_turn_of_two_messages_keeps_their_order(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path, lambda i, n: [out(f"甲{n}"), out(f"乙{n}")]):
        for _ in range(5):
            api.user(1).say("x")
        await api.user(1).wait_for(lambda m: m.text == "乙5")
    assert bot_said(api) == [f"{word}{n}" for n in range(1, 6) for word in "甲乙"]


async def test_a_slow_network_does_not_make_chats_wait_for_each_other(
    api: BotApi, tmp_path: Path
) -> None:
    api.faults.delay = 0.1
    async with serving(api, tmp_path):
        begun = asyncio.get_running_loop().time()
        for chat in range(1, 21):
            api.user(chat).say("x")
        await asyncio.gather(*(api.user(chat).next() for chat in range(1, 21)))
        assert asyncio.get_running_loop().time() - begun < 1.0


# ── keyboards ───────────────────────────────────────────────────────────────────────────────────


async def test_the_earlier_keyboard_is_taken_away(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        first = await api.user(1).next()
        assert first.buttons == ["下一个"]
        api.user(1).say("b")
        second = await api.user(1).next()
        await until(lambda: not first.buttons)
        assert second.buttons == ["下一个"]
    assert api.counts["editMessageReplyMarkup"] == 1


async def test_a_keyboard_shown_before_a_restart_is_taken_away(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        first = await api.user(1).next()
    async with serving(api, tmp_path):
        api.user(1).say("b")
        await until(lambda: not first.buttons)


async def test_a_keyboard_that_is_gone_harms_nobody(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        first = await api.user(1).next()
        api.user(1).chat.remove(first)
        api.user(1).say("b")
        assert (await api.user(1).next()).text == "2. b"


async def test_a_press_says_which_button_of_which_message(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path) as assistant:
        api.user(1).say("a")
        asked = await api.user(1).next()
        query = api.user(1).press(asked, "下一个")
        await api.user(1).wait_for(lambda m: m.text == "2. 下一个")
        await until(lambda: query.answer is not None)
    pressed = assistant.heard[-1]
    assert pressed.press == Press(assistant.draft, "q1", 1, "下一个")
    assert pressed.message == str(asked.id)


async def test_a_button_of_another_time_is_called_stale(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        asked = await api.user(1).next()
        query = api.user(1).press(asked, "v0:whatever", stale=True)
        assert (await api.user(1).next()).text == "2. stale_button"
        await until(lambda: query.answer is not None)


async def test_a_press_too_old_to_be_answered_still_counts(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        asked = await api.user(1).next()
        api.query_seconds = -1.0
        api.user(1).press(asked, "下一个")
        assert (await api.user(1).next()).text == "2. 下一个"


async def test_a_message_that_replaces_is_an_edit_of_the_one_with_the_keyboard(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path, turning):
        api.user(1).say("看")
        page = await api.user(1).next()
        for number in (2, 3):
            api.user(1).press(page, "翻页")
            await until(lambda n=number: page.text == f"第{n}页")  # type: ignore[misc]
            assert page.buttons == ["翻页"]
        api.user(1).chat.remove(page)
        api.user(1).say("看")
        assert (await api.user(1).next()).text == "第4页"
    assert api.counts["sendMessage"] == 2
    assert api.counts["editMessageText"] == 3  # the last one found nothing to edit


async def test_a_button_with_too_much_data_is_left_out_and_the_message_goes(
    api: BotApi, tmp_path: Path
) -> None:
    long = Button("长", Press(1, "问" * 20, 1, "x"))

    def words(_: Incoming, number: int) -> list[Outgoing]:
        return [out("选", buttons=((long,), *keys(number, "短")))]

    async with serving(api, tmp_path, words):
        api.user(1).say("a")
        assert (await api.user(1).next()).buttons == ["短"]


# ── what Telegram refuses ───────────────────────────────────────────────────────────────────────


async def test_flood_control_is_obeyed_and_nothing_is_lost(tmp_path: Path) -> None:
    rates = Rates(bot_per_second=1000, chat_burst=2, chat_per_second=1.0)
    async with BotApi(limits=rates) as api, serving(api, tmp_path):
        for number in range(4):
            api.user(1).say(str(number))
        api.user(2).say("hello")
        assert (await api.user(2).next(0.5)).text == "1. hello"
        await api.user(1).wait_for(lambda m: m.text == "4. 3")
        assert bot_said(api) == [f"{n + 1}. {n}" for n in range(4)]
        assert api.counts["sendMessage"] == 6  # one refusal taught the pace


async def test_a_bot_that_is_too_fast_for_telegram_slows_down(tmp_path: Path) -> None:
    async with BotApi() as api, serving(api, tmp_path):
        for chat in range(1, 46):
            api.user(chat).say("x")
        await asyncio.gather(*(api.user(chat).next(10) for chat in range(1, 46)))
        assert api.counts["sendMessage"] < 45 + 35


async def test_several_chats_refused_at_once_slow_the_whole_bot() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert [pace.refused(chat, 2) for chat in (1, 1, 2, 3)] == [False, False, False, True]
    now[0] += 3
    await pace.turn(9)
    waiting = asyncio.create_task(pace.turn(8))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    now[0] += 1 / 25
    await asyncio.wait_for(waiting, 1)


async def test_one_refused_chat_slows_nobody_else() -> None:
    pace = Pace()
    pace.refused(1, 30)
    await asyncio.wait_for(pace.turn(2), 0.1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pace.turn(1), 0.1)


async def test_a_blocked_chat_fails_its_own_row_only(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path) as assistant:
        api.user(1).say("a")
        api.user(2).say("b")
        await api.user(1).next()
        api.user(1).chat.blocked = True
        address = "telegram:1"
        late = replace(out("提醒"), address=address)
        assistant.store.save_refusal(Incoming("office:1", address), [Reply(late)], NOW)
        api.user(2).say("c")
        assert (await api.user(2).wait_for(lambda m: m.text == "2. c")).text
        await until(lambda: assistant.store.unsent("telegram") == [])
        api.user(1).unblock()
        api.user(1).say("wieder da")
        assert (await api.user(1).next()).text == "2. wieder da"
    assert "提醒" not in bot_said(api)


async def test_a_refused_message_does_not_hold_up_the_next(api: BotApi, tmp_path: Path) -> None:
    api.faults.fail("sendMessage", 400)
    async with serving(api, tmp_path):
        api.user(1).say("a")
        api.user(1).say("b")
        assert (await api.user(1).next()).text == "2. b"


async def test_error_pages_of_the_gateway_delay_and_lose_nothing(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        await api.user(1).next()
        api.faults.fail("sendMessage", 502, times=3)
        api.faults.fail("getUpdates", 503, times=2)
        api.faults.fail("answerCallbackQuery", 500)
        api.user(1).say("b")
        api.user(1).say("c")
        assert (await api.user(1).next()).text == "2. b"
        assert (await api.user(1).next()).text == "3. c"
    assert len(bot_said(api)) == 3


# ── replies that may have arrived ───────────────────────────────────────────────────────────────


async def test_a_reply_lost_before_telegram_took_it_comes_again_recognisably(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        await api.user(1).next()
        api.faults.cut_before("sendMessage")
        api.user(1).say("b")
        assert (await api.user(1).next()).text == f"{AGAIN}\n2. b"
        api.user(1).say("c")
        assert (await api.user(1).next()).text == "3. c"


async def test_a_press_shows_that_a_reply_in_doubt_arrived(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path, patience=replace(QUICK, grace=30)):
        api.user(1).say("a")
        await api.user(1).next()
        api.faults.cut_after("sendMessage")
        api.user(1).say("b")
        asked = await api.user(1).next()
        api.user(1).press(asked, "下一个")
        assert (await api.user(1).next()).text == "3. 下一个"
        await until(lambda: not asked.buttons)  # its name is known from the press
    assert bot_said(api) == ["1. a", "2. b", "3. 下一个"]


async def test_words_do_not_show_that_a_reply_in_doubt_arrived(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        await api.user(1).next()
        api.faults.cut_before("sendMessage")
        api.user(1).say("b")
        await until(lambda: api.counts["sendMessage"] == 2)
        api.user(1).say("还在吗")  # perhaps just because nothing came
        assert (await api.user(1).next()).text == f"{AGAIN}\n2. b"
        assert (await api.user(1).next()).text == "3. 还在吗"


async def test_a_press_is_kept_as_a_sign_before_its_turn_is(api: BotApi, tmp_path: Path) -> None:
    left: list[list[Outgoing]] = []
    async with serving(api, tmp_path, patience=replace(QUICK, grace=30)) as assistant:
        receive = assistant.receive

        def look(incoming: Incoming) -> None:
            left.append(assistant.store.unsent("telegram"))
            receive(incoming)

        api.faults.cut_after("sendMessage")
        api.user(1).say("a")
        asked = await api.user(1).next()
        assistant.receive = look  # type: ignore[method-assign]
        api.user(1).press(asked, "下一个")
        await api.user(1).next()
    assert left == [[]]


async def test_a_press_counts_while_a_repetition_waits_to_leave(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path, patience=replace(QUICK, grace=0.05, send_pause=5)):
        api.faults.cut_after("sendMessage")
        api.faults.fail("sendMessage", 502, times=2)
        api.user(1).say("a")
        asked = await api.user(1).next()
        await until(lambda: api.counts["sendMessage"] == 3)
        api.user(1).press(asked, "下一个")
        assert (await api.user(1).next()).text == "2. 下一个"
    assert bot_said(api) == ["1. a", "2. 下一个"]


async def test_a_press_of_an_older_button_shows_nothing(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        first = await api.user(1).next()
        api.faults.cut_before("sendMessage")
        api.user(1).say("b")
        await until(lambda: api.counts["sendMessage"] == 2)
        api.user(1).press(first, "下一个")
        assert (await api.user(1).next()).text == f"{AGAIN}\n2. b"
        assert (await api.user(1).next()).text == "3. 下一个"


async def test_a_later_turn_does_not_show_that_the_earlier_reply_arrived(
    api: BotApi, tmp_path: Path
) -> None:
    killed = Counter(tmp_path / "store.db")
    for number in (1, 2):
        api.user(1).say("x")
        killed.receive(Incoming(f"before:{number}", "telegram:1", text="x", message=str(number)))
    killed.store.close()
    api.updates.waiting.clear()
    async with serving(api, tmp_path):
        await api.user(1).wait_for(lambda m: m.text == "2. x")
    assert bot_said(api) == [f"{AGAIN}\n1. x", "2. x"]


@pytest.mark.parametrize("grace", [30, 0.25], ids=["heard", "unheard"])
async def test_a_reply_left_open_leaves_once_updates_are_heard_or_cannot_be(
    api: BotApi, tmp_path: Path, grace: float
) -> None:
    killed = Counter(tmp_path / "store.db")
    api.user(1).say("x")
    killed.receive(Incoming("before:1", "telegram:1", text="x", message="1"))
    killed.store.close()
    api.updates.waiting.clear()
    if grace < 1:
        api.faults.fail("getUpdates", 502, times=999)
    async with serving(api, tmp_path, patience=replace(QUICK, grace=grace)):
        assert (await api.user(1).next()).text == f"{AGAIN}\n1. x"


async def test_a_long_reply_left_open_is_marked_on_every_piece(api: BotApi, tmp_path: Path) -> None:
    killed = Counter(tmp_path / "store.db", lambda i, n: [out("甲" * 3000, "乙" * 3000)])
    api.user(1).say("x")
    killed.receive(Incoming("before:1", "telegram:1", text="x", message="1"))
    killed.store.close()
    api.updates.waiting.clear()
    async with serving(api, tmp_path):
        await until(lambda: len(bot_said(api)) == 2)
    assert bot_said(api) == [f"{AGAIN}\n{'甲' * 3000}", f"{AGAIN}\n{'乙' * 3000}"]


async def test_a_change_left_open_is_marked_where_it_has_to_be_sent_anew(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path, turning):
        api.user(1).say("看")
        page = await api.user(1).next()
    killed = Counter(tmp_path / "store.db", turning)
    killed.receive(Incoming("before:1", "telegram:1", text="x", message="2"))
    killed.store.close()
    api.user(1).chat.remove(page)
    async with serving(api, tmp_path):
        assert (await api.user(1).next()).text == f"{AGAIN}\n第2页"


async def test_a_reply_in_doubt_is_not_sent_a_third_time_where_its_button_is_pressed(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        await api.user(1).next()
        api.faults.cut_after("sendMessage", times=2)
        api.user(1).say("b")
        await until(lambda: len(bot_said(api)) == 3)
        api.user(1).press(api.user(1).chat.messages[-1], "下一个")
        await api.user(1).wait_for(lambda m: m.text == "3. 下一个")
    assert bot_said(api) == ["1. a", "2. b", f"{AGAIN}\n2. b", "3. 下一个"]


async def test_a_reply_in_doubt_waits_until_telegram_answers_again(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path):
        api.user(1).say("a")
        await api.user(1).next()
        api.faults.cut_before("sendMessage")
        api.faults.cut_before("sendChatAction", times=5)
        api.user(1).say("b")
        assert (await api.user(1).next()).text == f"{AGAIN}\n2. b"
    assert api.counts["sendChatAction"] == 6


async def test_an_edit_in_doubt_is_simply_done_again(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path, turning, replace(QUICK, grace=30)):
        api.user(1).say("看")
        page = await api.user(1).next()
        api.faults.cut_after("editMessageText")
        api.user(1).press(page, "翻页")
        await until(lambda: api.counts["editMessageText"] == 2)
    assert page.text == "第2页"
    assert len(bot_said(api)) == 1


async def test_a_call_that_found_no_connection_surely_never_left() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent) as refused:
            await request.post("http://127.0.0.1:9/bot1:secret/sendMessage")
    assert "secret" not in str(refused.value)


# ── faults of polling ───────────────────────────────────────────────────────────────────────────


async def test_an_update_nobody_understands_is_passed_over(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    api.updates.put("message", {"message_id": "x", "text": "秘密", "chat": 5})
    api.user(1).say("b")
    async with serving(api, tmp_path):
        assert (await api.user(1).next()).text == "1. b"
        await until(lambda: not api.updates.waiting)
    assert "秘密" not in caplog.text
    assert "更新 1000 无法读懂" in caplog.text


async def test_a_turn_that_fails_twice_is_passed_over_and_said(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def words(incoming: Incoming, number: int) -> list[Outgoing]:
        if incoming.text == "秘密":
            raise ValueError(incoming.text)
        return count(incoming, number)

    async with serving(api, tmp_path, words) as assistant:
        api.user(1).say("秘密")
        assert (await api.user(1).next()).text == SORRY
        api.user(1).say("b")
        assert (await api.user(1).next()).text == "1. b"
    assert [i.text for i in assistant.heard] == ["秘密", "秘密", "b"]
    assert "秘密" not in caplog.text
    assert "ValueError" in caplog.text


async def test_a_wrong_token_is_said_and_ends_it(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token = "123456:AAAA-wrong-token-wrong-token"
    with pytest.raises(ChannelError, match="令牌") as refused:
        await serve(Counter(tmp_path / "s.db"), token=token, api=api.root, patience=QUICK)
    assert refused.value.exit_code == 2
    assert token not in caplog.text + str(refused.value)


async def test_a_second_program_with_the_same_token_is_said_and_ends_it(
    api: BotApi, tmp_path: Path
) -> None:
    api.faults.fail("getUpdates", 409, times=9)
    with pytest.raises(ChannelError, match="另有一个程序"):
        await serve(Counter(tmp_path / "s.db"), token=api.token, api=api.root, patience=QUICK)


async def test_a_single_conflict_after_a_restart_is_normal(api: BotApi, tmp_path: Path) -> None:
    api.faults.fail("getUpdates", 409, times=2)
    api.user(1).say("a")
    async with serving(api, tmp_path):
        assert (await api.user(1).next()).text == "1. a"


async def test_conflicts_end_it_only_after_more_than_ten_seconds() -> None:
    now = [0.0]
    trouble = Trouble(Patience(), lambda: now[0])

    def fight() -> None:
        while True:
            now[0] += trouble.pause(Conflict("x"))
            trouble.over()

    with pytest.raises(ChannelError):
        fight()
    assert 10 < now[0] < 30


async def test_a_webhook_is_removed_and_nothing_that_waited_is_dropped(
    api: BotApi, tmp_path: Path
) -> None:
    api.user(1).say("a")
    api.updates.set_webhook("https://example.org/hook")
    async with serving(api, tmp_path):
        assert (await api.user(1).next()).text == "1. a"


async def test_methods_that_a_server_lacks_do_not_stop_the_start(
    api: BotApi, tmp_path: Path
) -> None:
    for method in ("getMe", "getWebhookInfo", "setMyCommands"):
        api.faults.fail(method, 404)
    async with serving(api, tmp_path):
        api.user(1).say("a")
        assert (await api.user(1).next()).text == "1. a"


async def test_the_menu_of_commands_is_chinese(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path):
        await until(lambda: bool(api.commands))
    (commands,) = api.commands.values()
    assert {"command": "progress", "description": "进度"} in commands


def test_waiting_grows_and_is_never_the_same_for_all() -> None:
    waits = [back_off(tries, 30) for tries in range(12)]
    assert waits[0] <= 0.5
    assert 15 <= waits[-1] <= 30
    assert len({back_off(5, 30) for _ in range(20)}) > 1


def test_the_token_is_taken_out_of_every_record() -> None:
    try:
        raise ValueError("https://api/bot1:SECRET/getMe")
    except ValueError:
        record = logging.LogRecord("x", 40, "", 1, "at %s", ("/bot1:SECRET/",), sys.exc_info())
    assert TokenFilter("1:SECRET").filter(record)
    assert "SECRET" not in logging.Formatter().format(record)


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "localhost")
    assert find_proxy("https://api.telegram.org") == "http://proxy:3128"
    assert find_proxy("https://localhost:8081") is None


# ── what people do ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("deed", "other"),
    [
        (lambda user: user.send_sticker(), "sticker"),
        (lambda user: user.send_voice(), "voice"),
        (lambda user: user.send_photo(caption="看图"), "photo"),
    ],
)
async def test_what_is_not_text_is_named(
    api: BotApi, tmp_path: Path, deed: Callable[[Any], Message], other: str
) -> None:
    async with serving(api, tmp_path) as assistant:
        sent = deed(api.user(1))
        assert (await api.user(1).next()).text == f"1. {other}"
    (incoming,) = assistant.heard
    assert (incoming.other, incoming.text) == (other, sent.text)


async def test_a_file_is_fetched_read_and_told_of_once(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path) as assistant:
        user = api.user(1)
        user.say("a")
        await user.next()
        user.send_document("去年.docx", b"PK" * 50, "看图")
        assert (await user.next()).text == "去年.docx 100"
        assert assistant.store.waiting_uploads("telegram") == []
        assert assistant.heard[-1].other == ""


async def test_a_file_left_by_an_earlier_process_is_read_at_the_next_start(
    api: BotApi, tmp_path: Path
) -> None:
    user = api.user(1)
    async with serving(api, tmp_path) as assistant:
        user.say("a")
        await user.next()
        assistant.finish_upload = _killed  # type: ignore[method-assign]
        user.send_document("去年.docx", b"PK", "")
        await eventually(lambda: bool(assistant.store.waiting_uploads("telegram")))
    async with serving(api, tmp_path):
        assert (await user.next()).text == "去年.docx 2"


async def test_a_file_larger_than_telegram_hands_out_is_refused_in_words(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path):
        user = api.user(1)
        user.say("a")
        await user.next()
        user.send_document("大.docx", b"0" * (20 * 1024 * 1024 + 1), "")
        assert "超过 20 MB" in (await user.next()).text


def _killed(upload: Upload, read: Grid | Reading | Exception) -> None:
    raise RuntimeError("killed")


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, a few seconds at most."""
    for _ in range(200):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to hold")


async def test_an_edited_message_says_what_it_says_now(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path) as assistant:
        said = api.user(1).say("12")
        await api.user(1).next()
        update = api.user(1).edit(said, "13")
        await api.user(1).next()
    edited = assistant.heard[-1]
    assert (edited.text, edited.message, edited.edited) == ("13", str(said.id), True)
    assert edited.key == f"telegram:{update}"


async def test_a_reply_names_the_message_it_answers(api: BotApi, tmp_path: Path) -> None:
    async with serving(api, tmp_path) as assistant:
        api.user(1, "李 雷" * 40).say("a")
        asked = await api.user(1).next()
        api.user(1).reply(asked, "5")
        await api.user(1).next()
    assert assistant.heard[-1].reply_to == str(asked.id)
    assert assistant.heard[-1].sender == ("李 雷" * 40)[:64]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("/start@nianbao_double_bot abc", "/start abc"),
        ("/progress@Nianbao_Double_Bot", "/progress"),
        ("/start abc", "/start abc"),
        ("  12 @nianbao_double_bot\n", "  12 @nianbao_double_bot\n"),
    ],
)
async def test_commands_lose_the_name_of_the_bot_and_nothing_else(
    api: BotApi, tmp_path: Path, said: str, text: str
) -> None:
    async with serving(api, tmp_path) as assistant:
        api.user(1).say(said)
        await api.user(1).next()
    assert assistant.heard[-1].text == text


async def test_in_a_group_only_who_means_the_bot_is_answered_and_not_again_at_once(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path) as assistant:
        group = api.group(-5)
        group.say("大家好")
        group.say("/start@other_bot")
        group.say("/help@nianbao_double_bot")
        group.say("/help@nianbao_double_bot")
        answer = await group.chat.next()
        assert answer.text == "1. group"
        api.user(1).say("x")
        await api.user(1).next()
    assert [i.other for i in assistant.heard] == ["group", ""]


def mark(kind: str, offset: int, length: int) -> list[dict[str, Any]]:
    return [{"type": kind, "offset": offset, "length": length}]


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ({"text": "hi @our_bot", "entities": mark("mention", 3, 8)}, True),
        ({"text": "😀 @our_bot", "entities": mark("mention", 3, 8)}, True),
        ({"text": "hi @else_bot", "entities": mark("mention", 3, 9)}, False),
        ({"text": "/help", "entities": mark("bot_command", 0, 5)}, True),
        ({"text": "plain"}, False),
        ({"new_chat_title": "x"}, False),
    ],
)
def test_in_a_group_the_bot_is_meant_by_name_or_command(message: Any, meant: bool) -> None:
    raw = {
        "update_id": 1,
        "message": {
            "message_id": 2,
            "date": 0,
            "chat": {"id": -5, "type": "supergroup", "title": "t"},
            "from": {"id": 3, "is_bot": False, "first_name": "a"},
            **message,
        },
    }
    incoming = read_update(raw, Me(42, "our_bot"))
    assert (incoming is not None) == meant


# ── texts ───────────────────────────────────────────────────────────────────────────────────────


async def test_hostile_text_arrives_as_it_is(api: BotApi, tmp_path: Path) -> None:
    hostile = '<b>&amp;</pre><script>"x" & </b> <tg-spoiler>'

    def words(_: Incoming, __: int) -> list[Outgoing]:
        return [out(hostile, Part(hostile, table=True))]

    async with serving(api, tmp_path, words):
        api.user(1).say("a")
        sent = await api.user(1).next()
    assert sent.text == f"{hostile}\n\n{hostile}"
    (pre,) = sent.entities
    assert (pre["type"], pre["offset"]) == ("pre", len(hostile) + 2)


async def test_a_long_message_goes_in_pieces_with_the_buttons_on_the_last(
    api: BotApi, tmp_path: Path
) -> None:
    lines = [f"第{n}行 <&> 😀😀" for n in range(900)]
    table = "\n".join(f"{n:4d} | 值" for n in range(900))

    def words(_: Incoming, number: int) -> list[Outgoing]:
        parts = ("\n".join(lines), Part(table, table=True))
        return [out(*parts, buttons=keys(number, "好"))]

    async with serving(api, tmp_path, words):
        api.user(1).say("a")
        last = await api.user(1).wait_for(lambda m: bool(m.buttons))
    sent = api.user(1).chat.log
    assert all(units(m.text) <= 4096 for m in sent)
    assert not any(m.buttons for m in sent[:-1])
    assert last.id == sent[-1].id
    together = "\n".join(m.text for m in sent).replace("\n\n", "\n")
    assert [line.strip() for line in together.split("\n")] == [
        line.strip() for line in (*lines, *table.split("\n"))
    ]


def test_exactly_the_limit_is_one_piece_and_one_more_is_two() -> None:
    assert len(pieces([Part("好" * 4096)])) == 1
    assert [len(p) for p in pieces([Part("好" * 4097)])] == [4096, 1]


def test_an_emoji_counts_twice_and_is_never_cut() -> None:
    assert units("a😀") == 3
    made = pieces([Part("a" + "😀" * 3000)])
    assert all(units(piece) <= 4096 for piece in made)
    assert "".join(made) == "a" + "😀" * 3000


def test_text_is_cut_at_paragraphs_before_lines_and_sentences() -> None:
    text = "甲" * 2000 + "\n" + "乙" * 1000 + "\n\n" + "丙" * 2000
    assert pieces([Part(text)]) == ["甲" * 2000 + "\n" + "乙" * 1000, "丙" * 2000]
    assert pieces([Part("丁" * 3000 + "。" + "戊" * 3000)]) == ["丁" * 3000 + "。", "戊" * 3000]


def test_every_piece_of_a_table_is_a_table_of_whole_lines() -> None:
    table = "\n".join("x" * 50 for _ in range(200))
    made = pieces([Part(table, table=True)])
    assert len(made) == 3
    for piece in made:
        inner = re.fullmatch("<pre>(.*)</pre>", piece, re.DOTALL)
        assert inner
        assert set(html.unescape(inner[1]).split("\n")) == {"x" * 50}


def test_half_a_character_and_empty_parts_do_not_spoil_a_message() -> None:
    assert pieces([Part(""), Part("a\ud83d"), Part("\n\n")]) == ["a?"]


# ── documents ───────────────────────────────────────────────────────────────────────────────────


def with_document(incoming: Incoming, number: int) -> list[Outgoing]:
    """A document where 报告 is asked for."""
    if incoming.text != "报告":
        return count(incoming, number)
    return [out("报告好了。", document=0, buttons=keys(number, "收到"))]


async def test_a_document_comes_with_its_chinese_name_and_caption(
    api: BotApi, tmp_path: Path
) -> None:
    async with serving(api, tmp_path, with_document) as assistant:
        assistant.job = lambda: File('西工区/"年报"2025.docx', b"PK\x03\x04")
        api.user(1).say("报告")
        sent = await api.user(1).next()
    assert sent.file
    assert (sent.file.name, sent.file.data) == ("西工区__年报_2025.docx", b"PK\x03\x04")
    assert (sent.text, sent.buttons) == ("报告好了。", ["收到"])


async def test_while_a_document_is_made_nobody_else_waits(api: BotApi, tmp_path: Path) -> None:
    ready = threading.Event()

    def job() -> File:
        ready.wait(5)
        return File("年报.docx", b"PK")

    async with serving(api, tmp_path, with_document) as assistant:
        assistant.job = job
        api.user(1).say("报告")
        api.user(1).say("然后")
        api.user(2).say("b")
        assert (await api.user(2).next(1)).text == "1. b"
        await until(lambda: api.counts["sendChatAction"] == 1)
        assert bot_said(api) == []
        ready.set()
        assert (await api.user(1).next()).kind == "document"
        assert (await api.user(1).next()).text == "2. 然后"


async def test_a_document_that_cannot_be_made_is_said(api: BotApi, tmp_path: Path) -> None:
    def job() -> File:
        raise RuntimeError("no")

    async with serving(api, tmp_path, with_document) as assistant:
        assistant.job = job
        api.user(1).say("报告")
        assert (await api.user(1).next()).text == "报告没有生成。"


async def test_a_long_text_goes_before_its_document(api: BotApi, tmp_path: Path) -> None:
    def words(_: Incoming, number: int) -> list[Outgoing]:
        return [out("长" * 2000, document=0, buttons=keys(number, "收到"))]

    async with serving(api, tmp_path, words):
        api.user(1).say("报告")
        assert (await api.user(1).next()).text == "长" * 2000
        sent = await api.user(1).next()
    assert (sent.kind, sent.text, sent.buttons) == ("document", "", ["收到"])


# ── killed and started again ────────────────────────────────────────────────────────────────────


class Process:
    """The channel as a process of its own, for killing."""

    def __init__(self, api: BotApi, path: Path, grace: float) -> None:
        self.api, self.path, self.grace = api, path, grace

    async def __aenter__(self) -> "Process":
        polls = self.api.counts["getUpdates"]
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.test_telegram", str(self.path), str(self.grace)),
            env={
                **os.environ,
                "NIANBAO_TELEGRAM_TOKEN": self.api.token,
                "NIANBAO_TELEGRAM_API": self.api.root,
            },
            cwd=Path(__file__).parent.parent,
        )
        await until(lambda: self.api.counts["getUpdates"] > polls, 20)
        return self

    async def kill(self) -> None:
        """SIGKILL, at this very moment."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(self.process.wait(), 10) == 0


async def test_an_answer_to_a_reply_whose_mark_died_shows_that_it_arrived(
    api: BotApi, tmp_path: Path
) -> None:
    user = api.user(1)
    async with Process(api, tmp_path / "s.db", grace=20) as process:
        user.say("a")
        await user.next()
        api.faults.delay = 0.4  # the reply is there, its answer is still under way
        user.say("b")
        asked = await user.next()
        await process.kill()
    api.faults.delay = 0.0
    user.press(asked, "下一个")
    async with Process(api, tmp_path / "s.db", grace=20):
        assert (await user.next()).text == "3. 下一个"
    assert bot_said(api) == ["1. a", "2. b", "3. 下一个"]


async def test_a_reply_that_died_in_the_outbox_is_sent_at_the_next_start(
    api: BotApi, tmp_path: Path
) -> None:
    user = api.user(1)
    api.faults.fail("sendMessage", 502, times=99)
    async with Process(api, tmp_path / "s.db", grace=0.2) as process:
        user.say("a")
        await until(lambda: api.counts["sendMessage"] > 0)
        await process.kill()
    api.faults.clear()
    async with Process(api, tmp_path / "s.db", grace=0.2):
        assert (await user.next()).text == f"{AGAIN}\n1. a"


def main() -> None:
    """Serve the counting assistant from `FILE`, waiting `GRACE` seconds for a sign."""
    grace = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    work = serve(
        Counter(Path(sys.argv[1])),
        token=os.environ["NIANBAO_TELEGRAM_TOKEN"],
        api=os.environ["NIANBAO_TELEGRAM_API"],
        patience=Patience(grace=grace),
    )
    asyncio.run(work)


if __name__ == "__main__":
    main()


@pytest.mark.parametrize(
    ("fault", "words"),
    [(NotSent("x"), "请检查网络、代理"), (Unavailable("x"), "不是 Telegram 的答复"), (TimedOut(), "没有按时答复"),
     (Conflict("x"), "另有一个程序"), (TooMany(3), "限流"), (TelegramError("x"), "看不懂")],
)  # fmt: skip
def test_what_became_of_a_call_is_said_in_words(
    fault: TelegramError, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    Trouble(Patience()).pause(fault)
    (record,) = caplog.records
    assert words in record.getMessage()
    assert type(fault).__name__ not in record.getMessage()
    assert json.loads(JsonLines().format(record))["kind"] == type(fault).__name__
