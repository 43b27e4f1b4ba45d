"""A whole year of a made-up district, from the first admin's link to the sum that is handed in.

python -m tests.cycle [--units 40]
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from bot.channels.telegram_text import pieces
from bot.encoding import read_outgoing
from bot.report import Figure
from tests.botapi.chats import Chat
from tests.botapi.double import BotApi
from tests.district import (
    DISTRICT,
    YEAR,
    Admin,
    Contact,
    Office,
    roster,
    sound_figures,
    summed,
)
from tests.tables import figures_of

PERMITS = "proactive.permits"
REGISTER = ("new_received", "carried_out")
WIPED = "（链接）"
QR_CAPTION = "邀请链接和二维码。"
EXEMPT_REASON = "已并入县发展和改革局"


@dataclass
class Cycle:
    """Who plays, and what came of it."""

    office: Office
    names: tuple[str, ...]
    admin: Admin
    contacts: dict[str, Contact] = field(default_factory=dict)
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    sheet: bytes = b""
    data: bytes = b""
    shown: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def exempt(self) -> str:
        """The unit that need not report."""
        return self.names[-1]

    @property
    def silent(self) -> tuple[str, ...]:
        """The units that never hand in: one never comes, one stops half-way, one at the end."""
        return self.names[-4:-1]

    @property
    def counted(self) -> list[Contact]:
        """The contacts whose reports count."""
        left_out = (DISTRICT, self.exempt, *self.silent)
        return [c for name, c in self.contacts.items() if name not in left_out]

    @property
    def expected(self) -> dict[str, Figure]:
        """The district's figures, from what the clerks typed and nothing else."""
        return summed([contact.figures for contact in self.counted])

    async def step(self, name: str, work: Awaitable[object]) -> None:
        """One part of the year, with the seconds it took."""
        begun = time.monotonic()
        await work
        self.seconds[name] = time.monotonic() - begun


async def play(api: BotApi, folder: Path, units: int) -> Cycle:
    """Serve an empty store and play the year; the process is stopped in order at the end."""
    office = Office(api, folder / "nianbao.db")
    cycle = Cycle(office, roster(units), Admin(api.user(1, "办公室")))
    office.start()
    try:
        await cycle.step("roster", _set_up(cycle))
        await cycle.step("interviews", _fill_all(cycle))
        await cycle.step("returns", _return_two(cycle))
        await cycle.step("approvals", _approve_all(cycle))
        await cycle.step("files", _compare_files(cycle))
        await cycle.step("sum", _sum_up(cycle))
    finally:
        code = await asyncio.to_thread(office.stop)
    assert code == 0, office.logged.read_text("utf-8")
    return cycle


async def _set_up(cycle: Cycle) -> None:
    admin = cycle.admin
    await admin.claim(await cycle.office.claim())
    await admin.list_units(cycle.names)
    admin.say(f"免报 {cycle.exempt}：{EXEMPT_REASON}")
    await admin.hear(f"免报：{EXEMPT_REASON}")
    await admin.invite()
    for number, (name, payload) in enumerate(_links(cycle)):
        quiet = number % 3 != 1
        figures = figures_of({}) if quiet else sound_figures(number, "small")
        user = admin.user.world.user(100 + number, f"{name}的填报人")
        cycle.contacts[name] = Contact(user, name, payload, figures, quiet)


def _links(cycle: Cycle) -> Iterator[tuple[str, str]]:
    """The links by the units' full names: the text names them as they are called for short."""
    asked = [name for name in cycle.names if name != cycle.exempt]
    assert len(cycle.admin.links) == len(asked), cycle.admin.links
    return zip(asked, cycle.admin.links.values(), strict=True)


async def _fill_all(cycle: Cycle) -> None:
    absent, halfway, hesitant = (cycle.contacts[name] for name in cycle.silent)
    working = cycle.counted
    await asyncio.gather(
        *(_report(contact) for contact in working), halfway.open(), _fill(hesitant)
    )
    assert not absent.user.chat.log


async def _fill(contact: Contact) -> None:
    await contact.open()
    await contact.fill()


async def _report(contact: Contact) -> None:
    await _fill(contact)
    await contact.submit()


async def _return_two(cycle: Cycle) -> None:
    """A figure and a paragraph come back; both are answered and handed in again."""
    figure, paragraph = [c for c in cycle.counted if not c.quiet][:2]
    await cycle.admin.send_back(figure.unit, "行政许可：与窗口的台账不一致，请核对。")
    await cycle.admin.send_back(paragraph.unit, "平台建设：没有写清楚做了什么，请补充。")
    await figure.hear("与窗口的台账不一致")
    figure.figures[PERMITS] = 1234
    figure.say("1234")
    await paragraph.hear("请补充")
    paragraph.say("本机关在政务服务大厅设公开栏两处，逐月更新办事指南。")
    for contact in (figure, paragraph):
        await contact.hear()
        await contact.write()
        await contact.submit()


async def _approve_all(cycle: Cycle) -> None:
    for contact in cycle.counted:
        await cycle.admin.approve(contact.unit)
    for contact in cycle.counted:
        await contact.file(".docx")


async def _compare_files(cycle: Cycle) -> None:
    """The admin asks for the list of an approved unit's files, once all five are there."""
    for contact in cycle.counted:
        while len(found := await cycle.admin.hashes(contact.unit)) < 5:
            await asyncio.sleep(0.5)
        cycle.hashes[contact.unit] = found


async def _sum_up(cycle: Cycle) -> None:
    """The sum is looked at, asked for in two forms, taken over by the district and handed in."""
    admin, district = cycle.admin, cycle.contacts[DISTRICT]
    await district.open()
    admin.say("汇总")
    shown = await admin.hear("查来源")
    cycle.shown = shown.text
    admin.press("汇总表")
    cycle.sheet = await admin.fetch("xlsx")
    admin.say("汇总")
    await admin.hear("查来源")
    admin.press("汇总数据")
    cycle.data = await admin.fetch("json")
    admin.say("汇总")
    await admin.hear("查来源")
    admin.press("把汇总数")
    await admin.hear("汇总数已发给")
    await district.hear("200个数都读到了")
    district.press(f"填入{YEAR}年")
    await district.hear("登记簿")
    expected = cycle.expected
    district.say(" ".join(str(expected[f"requests.{row}.total"]) for row in REGISTER))
    await district.hear()
    await district.write()
    await district.submit()


def shown(chat: Chat) -> list[str]:
    """What stands in a chat, an album as one; progress that is gone does not count."""
    left = [m for m in chat.log if chat.find(m.id) is not None]
    albums = groupby(left, lambda m: m.extra.get("media_group_id") or m.id)
    return [WIPED if "start=" in m.text else m.text for m in (next(g) for _, g in albums)]


def queued(db: sqlite3.Connection, chat: Chat) -> list[str]:
    """What should stand in a chat by the outbox; what carried links is wiped there."""
    rows = db.execute(
        "SELECT id, address, body, document_id, secret FROM outbox WHERE address = ? ORDER BY id",
        [f"telegram:{chat.id}"],
    )
    texts: list[str] = []
    for id, address, body, document, secret in rows:
        row = read_outgoing(id, address, body, document)
        if secret:
            texts.append(WIPED if document is None else QR_CAPTION)
        elif document is not None:
            texts.append(row.text)
        else:
            texts.extend(html.unescape(re.sub(r"</?pre>", "", t)) for t in pieces(row.parts))
    return texts


async def run(units: int) -> None:
    """Play once and tell how long each part took."""
    with tempfile.TemporaryDirectory() as folder:
        async with BotApi(limits=None) as api:
            cycle = await play(api, Path(folder), units)
            sums = json.loads(cycle.data)
            messages = sum(len(chat.log) for chat in api.chats.values())
    parts = "  ".join(f"{name} {seconds:.1f} s" for name, seconds in cycle.seconds.items())
    sys.stdout.write(
        f"{units} units, {len(sums['units'])} counted, missing {sums['missing']}, {messages}"
        f" messages, own office {sum(unit['own'] for unit in sums['units'])} time(s)\n{parts}\n"
        f"{sum(cycle.seconds.values()):.1f} s altogether\n"
    )


def main() -> None:
    """Play from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=40)
    asyncio.run(run(parser.parse_args().units))


if __name__ == "__main__":
    main()
