"""A made-up county's year: clerks and an office talk to a real `nianbao serve`.

Telegram is the tests' double. What each of them saw is kept, message by message; the pictures are
drawn from it.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.botapi.chats import Message
from tests.botapi.double import BotApi
from tests.botapi.people import User
from tests.district import PLACE as OTHER_PLACE
from tests.district import Contact, Office, roster, sound_figures
from tests.serving import button_data
from tests.tables import figures_of

PLACE, YEAR = "云溪县", 2025
AGENCY = f"{PLACE}文化和旅游局"
COUNTY = tuple(unit.replace(OTHER_PLACE, PLACE) for unit in roster(40))
WORKING = (
    f"{PLACE}商务局",
    f"{PLACE}人民政府办公室",
    f"{PLACE}财政局",
    f"{PLACE}水务局",
    f"{PLACE}教育局",
)
"""Who else works: the first only begins."""
MORNING = "2026-01-12T09:00+08:00"
"""A Monday in January: reports are due on the last day of the month."""
PATIENCE = 60.0

REVIEW = "审核 文化和旅游局"
REASON = "登记簿漏登一件，已补登，7 件是对的。"
COMMENT = "予以公开 自然人：与登记簿不符，请核对"

FIGURES = """
有
没有
没有
[有]
没有
0 0 0
1 0 3
12 2
自然人 商业企业
9 1
30 0
1 2 11
7 2
1 0
1 0
1 1
[把]
[确认]
"""
TEXTS = """
[用这段]
[用这段]
260 220 40 3
[用这段]
[用这段]
1 2
[用这段]
1 2
[用这段]
2 36 0
[用这段]
1 4
[用这段]
[没有收取，也没有其他事项]
"""


@dataclass
class Person:
    """Somebody at a phone: what stands in the chat, and which buttons were pressed.

    `marks` says where each deed began that was done, of the same deeds the first; `turns` all.
    """

    user: User
    office: Office
    pressed: dict[int, str] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    turns: list[int] = field(default_factory=list)
    read: int = 0

    @property
    def messages(self) -> list[Message]:
        """What stands in the chat, in order, the bot's messages as it sent them."""
        sent = {message.id: message for message in self.user.chat.log}
        return [sent.get(message.id, message) for message in self.user.messages]

    async def act(self, *deeds: str) -> Message:
        """Say something, or press a [button] of the last message that has it; the last answer."""
        for deed in deeds:
            self.turns.append(len(self.user.messages))
            self.marks.setdefault("/start" if deed.startswith("/start") else deed, self.turns[-1])
            if deed.startswith("["):
                update = self._press(deed[1:-1])
            else:
                update = self.user.say(deed).update_id
            await self._answered(update)
        return self.user.chat.log[-1]

    async def hear(self, fragment: str) -> Message:
        """The next message with these words, for which nothing was done."""
        log = self.user.chat.log
        await self.user.chat.until(
            lambda: any(fragment in message.text for message in log[self.read :]), PATIENCE
        )
        await self._answered(0)
        return next(m for m in log if fragment in m.text)

    async def play(self, script: str) -> None:
        """Do what a script says, a line a deed."""
        await self.act(*script.strip().split("\n"))

    def _press(self, words: str) -> int:
        for message in reversed(self.user.messages):
            for row in message.keyboard:
                for button in row:
                    if button["text"].startswith(words):
                        self.pressed[message.id] = button["text"]
                        return self.user.press(message, button_data(message, words)).update_id
        raise LookupError(f"no button {words!r}:\n{self.user.chat.transcript(4)}")

    async def _answered(self, update: int) -> None:
        """Wait until the update is taken and every reply is sent, and the chat is read."""
        with closing(sqlite3.connect(f"file:{self.office.db}?mode=ro", uri=True)) as db:
            for _ in range(int(PATIENCE / 0.01)):
                taken = db.execute(
                    "SELECT ? = 0 OR EXISTS (SELECT 1 FROM inbox WHERE key = ?)",
                    [update, f"telegram:{update}"],
                ).fetchone()[0]
                waiting = db.execute(
                    "SELECT EXISTS (SELECT 1 FROM outbox WHERE sent_at IS NULL AND error IS NULL)"
                ).fetchone()[0]
                if taken and not waiting:
                    self.read = len(self.user.chat.log)
                    return
                await asyncio.sleep(0.01)
        raise TimeoutError(self.user.chat.transcript(4))


@dataclass
class Story:
    """What the office and one clerk saw in the year."""

    admin: Person
    clerk: Person


def play() -> Story:
    """Play the year."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_play(Path(folder)))


async def _play(folder: Path) -> Story:
    async with BotApi(limits=None, username="nianbao_bot") as api:
        office = Office(api, folder / "nianbao.db")
        office.set_clock(MORNING)
        office.start()
        try:
            return await _year(api, office)
        finally:
            await asyncio.to_thread(office.stop)


async def _year(api: BotApi, office: Office) -> Story:
    admin = Person(api.user(1, "办公室"), office)
    await admin.act(f"/start {await office.claim()}", "名册", "\n".join(COUNTY), "[对，存入]")
    await admin.act("邀请")
    begun, *working = _others(api, admin)
    await asyncio.gather(_begin(begun), *(_hand_in(contact) for contact in working))

    clerk = Person(api.user(2, "王丽"), office)
    await clerk.act(f"/start {_payload(admin, AGENCY)}")
    await clerk.play(FIGURES)
    await clerk.play(TEXTS)
    await clerk.act("[提交]")

    for contact in working[1:]:
        await admin.act(f"审核 {called(contact.unit)}", "[通过]")
    await admin.act("看板", REVIEW, COMMENT, "[退回")
    await clerk.hear("与登记簿不符")
    await clerk.act("[不改", REASON, "[提交]")
    await admin.act("审核 文化和旅游局", "[通过]")
    await clerk.hear("已通过审核")
    await clerk.act("预览")
    await admin.act("汇总", "汇总 予以公开")
    return Story(admin, clerk)


def _others(api: BotApi, admin: Person) -> list[Contact]:
    """Contacts of other units: one will only begin, the others hand in."""
    contacts = []
    for number, unit in enumerate(WORKING):
        figures = figures_of({}) if number < 2 else sound_figures(number, "small")
        user = api.user(10 + number, f"{called(unit)}的填报人")
        contacts.append(Contact(user, unit, _payload(admin, unit), figures, number < 2))
    return contacts


async def _begin(contact: Contact) -> None:
    await contact.open()
    contact.press("五类都没有")
    await contact.hear()


async def _hand_in(contact: Contact) -> None:
    await contact.open()
    await contact.fill()
    await contact.submit()


def called(unit: str) -> str:
    """How a unit is called for short."""
    return "县政府办公室" if unit == COUNTY[1] else unit.removeprefix(PLACE)


def _payload(admin: Person, unit: str) -> str:
    """The payload of a unit's invitation, from the text that the office got."""
    said = "\n".join(message.text for message in admin.user.chat.log)
    links = dict(re.findall(r"^(\S+?)：https://t\.me/\w+\?start=(\S+)$", said, re.MULTILINE))
    return str(links[called(unit)])
