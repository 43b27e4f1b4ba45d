"""People who go on whatever happens: each acts on the newest question that was not acted on.

What a person did is kept as a `Deed`; it is acknowledged by the next new question. Nobody reads
the store: who waits longer than `PATIENCE` for an answer needed a person, and is counted.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from bot.channels.telegram_text import AGAIN
from bot.messages import Press
from bot.report import Figure
from tests.botapi.chats import Message
from tests.botapi.people import User
from tests.chaos.sayings import sentence, tables
from tests.serving import button_data

PATIENCE = 180.0
"""Longer than any reply that is only late; how late they were is told beside."""
_SUBMITTED = re.compile(r"第(\d+)稿已提交，等办公室审核")
FIGURE = "行政许可：与窗口的台账不一致，请核对。"
REGISTER = "先按登记簿报两个总数"
PARAGRAPH = "平台建设：没有写清楚做了什么，请补充。"


@dataclass
class Deed:
    """One thing that a person did: its update, in words, and whether an answer came."""

    update: int
    words: str
    at: float = field(default_factory=time.monotonic)
    waited: float = 0.0
    acknowledged: bool = False


@dataclass
class Habits:
    """How people behave: seconds of thought, and how often they tap twice or block the bot."""

    thought: float = 0.0
    double_tap: float = 0.0
    block: float = 0.0
    is_sent: Callable[[int], bool] = lambda chat: True
    """Whether nothing waits to be sent to a chat."""
    patience: float = PATIENCE


def asked(message: Message) -> Press | None:
    """The question that a message asks; None where it asks nothing, or is a notice."""
    for row in message.keyboard:
        for button in row:
            press = Press.decode(str(button.get("callback_data", "")))
            if press is not None and press.revision:
                return press
    return None


@dataclass
class Person:
    """Somebody at a chat, who acts on each question once."""

    user: User
    chance: Random
    habits: Habits
    deeds: list[Deed] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    acted: int = 0
    read: int = 0
    open: list[Deed] = field(default_factory=list)

    def newest(self) -> Message | None:
        """The newest question, unless it was acted on."""
        for message in reversed(self.user.chat.log):
            if (press := asked(message)) is not None:
                return message if press.revision > self.acted else None
        return None

    async def question(self) -> tuple[Message, list[str]]:
        """The newest question once there is one, and all that was said since, the newest first.

        What was said begins with the question: what comes once more before it is of the past.
        """
        while True:
            try:
                await self.user.chat.until(lambda: self.newest() is not None, self.habits.patience)
                break
            except TimeoutError:
                if self.open:  # else it is the office that is waited for
                    self.stuck.append(f"{self.user.id}: {[d.words[:20] for d in self.open]}")
                    await self._begin_again()
        await asyncio.sleep(self.chance.uniform(0, 2) * self.habits.thought)
        message = self.newest()
        assert message is not None
        if press := asked(message):
            self.acted = press.revision
        said = [m.text.removeprefix(AGAIN) for m in self.user.chat.log[self.read :]]
        self.read = len(self.user.chat.log)
        for deed in self.open:
            deed.acknowledged, deed.waited = True, time.monotonic() - deed.at
        self.open.clear()
        return message, [message.text.removeprefix(AGAIN), *reversed(said)]

    async def type(self, text: str) -> None:
        """Say something."""
        self._note(self.user.say(text).update_id, text)
        await self._fidget()

    async def tap(self, message: Message, words: str) -> None:
        """Press the button whose words begin so, now and then twice."""
        data = button_data(message, words)
        self._note(self.user.press(message, data, stale=True).update_id, f"[{words}]")
        if self.chance.random() < self.habits.double_tap:
            self._note(self.user.press(message, data, stale=True).update_id, f"[{words}] again")
            await self.settled()
        await self._fidget()

    async def settled(self) -> None:
        """Until all that was done is taken and all that was queued is sent."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            waiting = self.user.world.updates.waiting
            if not any(d.update in waiting for d in self.open) and self.habits.is_sent(
                self.user.id
            ):
                return
            await asyncio.sleep(0.05)

    async def _fidget(self) -> None:
        """Now and then block the bot for a moment, and come back."""
        if self.chance.random() >= self.habits.block:
            return
        self.user.block()
        await asyncio.sleep(self.chance.uniform(0.2, 1.0))
        self.user.unblock()
        await self.settled()
        await self._begin_again()

    async def _begin_again(self) -> None:
        """Say so, and read on when all is there: a question asked twice would be answered twice."""
        self._note(self.user.say("/start").update_id, "/start")
        await self.settled()

    def _note(self, update: int, words: str) -> None:
        deed = Deed(update, words)
        self.deeds.append(deed)
        self.open.append(deed)


@dataclass
class Clerk(Person):
    """A unit's clerk: fills in, hands in, and where it comes back, mends and hands in again."""

    unit: str = ""
    payload: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Empty for a quiet bureau."""
    returned: bool = False
    versions: int = 0
    typed: int = 0
    registered: bool = False
    done: bool = False

    def newest(self) -> Message | None:
        """As others; one question, for the register's totals, has no buttons to know it by."""
        last = self.user.chat.log[-1] if self.user.chat.log else None
        if last is not None and not self.registered and REGISTER in last.text:
            return last
        return super().newest()

    async def report(self, hand_over: Callable[[Clerk], None]) -> None:
        """Everything, from the invitation to the last version."""
        await self.type(f"/start {self.payload}")
        while not self.done:
            message, said = await self.question()
            submitted = [int(n) for text in said for n in _SUBMITTED.findall(text)]
            if max(submitted, default=0) > self.versions:
                first, self.versions = not self.versions, max(submitted)
                self.done = self.versions > int(self.returned)
                if first and not self.done:
                    hand_over(self)
            if self.done or _SUBMITTED.search(message.text):
                continue
            if words := self._button(message):
                await self.tap(message, words)
            else:
                await self.type(self._words(said))

    def _button(self, message: Message) -> str:
        """The button to be pressed, '' where something is to be typed."""
        if _is_returned(message.text):
            return ""
        if not self.figures and "1/5" in message.text:
            return "五类都没有"
        for words in ("提交", "对，存入", "没有收取", "确认", "不写", "用这段"):
            if any(button.startswith(words) for button in message.buttons):
                return words
        return ""

    def _words(self, said: list[str]) -> str:
        """The answer to the newest message that asks for a known one, else a sentence."""
        for text in said:
            if FIGURE[-8:] in text:
                return "1234"
            if PARAGRAPH[-8:] in text:
                return "在政务服务大厅设公开栏两处，逐月更新办事指南。"
            for mark, words in tables(self.figures) if self.figures else ():
                if mark in text:
                    self.registered = mark in REGISTER
                    return words
        self.typed += 1
        return sentence(said[0], self.typed)


def _is_returned(text: str) -> bool:
    return FIGURE[-8:] in text or PARAGRAPH[-8:] in text


@dataclass
class Officer(Person):
    """The admin, who sends some reports back; one after another, in the order handed over."""

    waiting: list[Clerk] = field(default_factory=list)

    async def work(self) -> None:
        """Send back what comes, until cancelled."""
        while True:
            while not self.waiting:
                await asyncio.sleep(0.05)
            clerk = self.waiting[0]
            await self.send_back(clerk)
            self.waiting.remove(clerk)

    async def send_back(self, clerk: Clerk) -> None:
        """Review, pin a comment, return."""
        await self.type(f"审核 {clerk.unit}")
        await self.shown("要提意见")
        await self.type(FIGURE if clerk.figures else PARAGRAPH)
        await self.tap(await self.shown("已记批注 1"), "退回（1 条批注）")
        await self.shown("已退回，1 条意见")

    async def shown(self, words: str) -> Message:
        """The newest message of the desk, once these words were said."""
        while True:
            message, said = await self.question()
            if any(words in text for text in said):
                return message
