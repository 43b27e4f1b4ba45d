"""Kills a serving process with SIGKILL while an office reminds, takes an archive, approves.

python -m tests.bench.interruptions [--kills 20] [--seed 1] [--only reminders archive approvals]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.catalogue import load_form
from bot.channels.telegram_text import AGAIN
from bot.office.reminders import rungs
from bot.store import Store
from bot.workdays import is_workday
from tests.botapi.double import BotApi
from tests.cycle import queued, shown
from tests.district import DISTRICT, EARLY, YEAR, Admin, Contact, Office, roster

SECONDS = 60.0
LADDER = rungs(date(YEAR + 1, 1, 31), is_workday)
"""The days on which bureaus and towns are reminded of a report of that year."""


@dataclass
class Scene:
    """An office whose contacts are there, and how often its process was killed."""

    office: Office
    admin: Admin
    contacts: dict[str, Contact]
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    seen: int = 0

    async def kill_within(self, seconds: float) -> None:
        """SIGKILL at some moment from now on, and start again."""
        await asyncio.sleep(self.chance.uniform(0, seconds))
        await asyncio.to_thread(self.office.kill)

    async def quiet(self) -> None:
        """Wait until nothing waits to be sent or to be made."""
        for _ in range(int(SECONDS / 0.1)):
            with closing(sqlite3.connect(self.office.db)) as db:
                waits = db.execute(
                    "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) + (SELECT count(*)"
                    " FROM documents WHERE version_id IS NOT NULL AND content IS NULL)"
                ).fetchone()[0]
            if not waits:
                return
            await asyncio.sleep(0.1)
        self.faults.append("something waited for a minute")


Deed = Callable[[Scene, int], Awaitable[None]]


async def remind(scene: Scene, number: int) -> None:
    """催报 to everybody, on a new day each time."""
    day = datetime.fromisoformat(EARLY) + timedelta(days=number)
    scene.office.set_clock(day.isoformat())
    scene.admin.say("催报")
    await scene.admin.hear(f"可以催 {len(scene.contacts)} 家")
    scene.admin.press("催这")
    await scene.kill_within(0.25)
    await scene.admin.hear(f"已催 {len(scene.contacts)} 家")
    await scene.quiet()


async def ring(scene: Scene, number: int) -> None:
    """The reminders that nobody asks for, on the days of the ladder; two kills for each day."""
    if number % 2 == 0:
        scene.office.set_clock(f"{LADDER[number // 2]}T10:00+08:00")
    await scene.kill_within(1.5)
    if number % 2 == 0:
        return
    for unit, contact in scene.contacts.items():
        if unit != DISTRICT:  # a government has until the end of March
            await contact.hear("提醒：")
    await scene.quiet()


async def pack(scene: Scene, number: int) -> None:
    """All reports in one archive."""
    scene.admin.say("下载 全部 docx")
    await scene.kill_within(1.0)
    await scene.admin.hear("正在打包")
    await scene.admin.hear("里面有一览表")
    await scene.quiet()


async def approve(scene: Scene, number: int) -> None:
    """An approval, killed between the decision and its files."""
    contact = list(scene.contacts.values())[number]
    approved = await scene.admin.review(contact.unit)
    scene.admin.press("通过")
    await scene.kill_within(1.5)
    await scene.admin.hear(approved)
    await contact.file(".docx", SECONDS)
    await scene.quiet()


async def stage(api: BotApi, folder: Path, units: int, chance: random.Random) -> Scene:
    """An office with contacts who have all come."""
    office = Office(api, folder / "nianbao.db")
    admin = Admin(api.user(1, "办公室"))
    office.start()
    await admin.claim(await office.claim())
    names = roster(units)
    await admin.list_units(names)
    await admin.invite()
    contacts = {
        name: Contact(api.user(100 + at, name), name, payload)
        for at, (name, payload) in enumerate(zip(names, admin.links.values(), strict=True))
    }
    await asyncio.gather(*(contact.open() for contact in contacts.values()))
    return Scene(office, admin, contacts, chance)


async def hand_in(contact: Contact) -> None:
    """Fill in and submit."""
    await contact.fill()
    await contact.submit()


@dataclass
class Outcome:
    """What is left of a scene: how much was said, lost, or said twice."""

    name: str
    kills: int
    messages: int
    lost: int
    marked: int
    unmarked: int
    faults: list[str]

    @property
    def good(self) -> bool:
        """Whether nothing was lost, nothing came twice unmarked, and no fault was found."""
        return not (self.lost or self.unmarked or self.faults)

    def __str__(self) -> str:
        return (
            f"{self.name:10} kills {self.kills:3}  messages {self.messages:5}  lost {self.lost}"
            f"  twice and marked {self.marked}  twice unmarked {self.unmarked}"
            f"  faults {len(self.faults)}{''.join(f'{chr(10)}  {fault}' for fault in self.faults)}"
        )


def judge(scene: Scene, name: str) -> Outcome:
    """Hold every chat against the outbox, and look at the chain and the files of approvals."""
    outcome = Outcome(name, scene.office.kills, 0, 0, 0, 0, scene.faults)
    with closing(sqlite3.connect(scene.office.db)) as db:
        for chat in scene.admin.user.world.chats.values():
            said = shown(chat)
            bare = Counter(text.removeprefix(AGAIN).lstrip("\n") for text in said)
            wanted = Counter(queued(db, chat))
            outcome.messages += len(said)
            outcome.lost += sum((wanted - bare).values())
            marked = sum(text.startswith(AGAIN) for text in said)
            extra = sum((bare - wanted).values())
            outcome.marked += min(marked, extra)
            outcome.unmarked += max(0, extra - marked)
            if extra > marked:
                outcome.faults += [f"too much: {text[:60]!r}" for text in bare - wanted]
            outcome.faults += [f"lost: {text[:60]!r}" for text in wanted - bare]
    with closing(Store(scene.office.db, load_form())) as store:
        outcome.faults += store.verify().faults
        outcome.faults += list(_unfiled(store, scene))
    return outcome


def _unfiled(store: Store, scene: Scene) -> list[str]:
    """Approvals without exactly their five files, each with its hash."""
    found = []
    for unit in scene.contacts:
        draft = store.find_draft(unit, YEAR)
        if draft is None or store.stage(draft).name != "approved":
            continue
        kept = sorted(kind for _, kind, _, sha, _ in store.filed(draft) if len(sha) == 64)
        told = [e.body["name"] for e in store.events(draft=draft, limit=999) if e.kind == "filed"]
        if kept != ["docx", "html", "json", "pdf", "xlsx"] or len(told) != 5:
            found.append(f"{unit}: {kept}, noted {len(told)} times")
    return found


async def run(name: str, kills: int, seed: int, units: int = 0) -> Outcome:
    """One kind of work, interrupted so many times; `units` is for a smaller office than usual."""
    work, usual, filled = SCENES[name]
    with tempfile.TemporaryDirectory() as folder:
        async with BotApi(limits=None) as api:
            scene = await stage(api, Path(folder), units or usual or kills + 2, random.Random(seed))
            try:
                if filled:
                    await asyncio.gather(*(hand_in(c) for c in scene.contacts.values()))
                for number in range(kills):
                    await work(scene, number)
            finally:
                await asyncio.to_thread(scene.office.stop)
            return judge(scene, name)


SCENES: dict[str, tuple[Deed, int, bool]] = {
    "reminders": (remind, 12, False),
    "ladder": (ring, 12, False),
    "archive": (pack, 12, True),
    "approvals": (approve, 0, True),
}
"""What is done, with how many units (0: one for each kill), and whether they handed in."""


def main() -> None:
    """Run and leave with 1 where anything was lost, or said twice without saying so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=list(SCENES), default=list(SCENES))
    args = parser.parse_args()
    good = True
    for name in args.only:
        outcome = asyncio.run(run(name, args.kills, args.seed))
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()
        good &= outcome.good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
