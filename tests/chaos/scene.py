"""A store with many invited clerks, served by polling or by webhook, and its people."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

from bot.catalogue import load_form
from bot.store import Store
from tests.botapi.double import BotApi
from tests.chaos.people import Clerk, Habits, Officer
from tests.district import EARLY, YEAR, Office, sound_figures

ORIGIN = "https://nianbao.example"
PATH = "/hook/chaos"
ALBUM_PATIENCE = 300.0
"""The pages that an admin asks for take longer than many a process lives here."""
FIGURES = sound_figures(1, "small")


@dataclass
class Hooked(Office):
    """An office whose updates are posted to it, where `port` is not 0."""

    port: int = 0

    @property
    def environ(self) -> dict[str, str]:
        """The settings of the process."""
        if not self.port:
            return super().environ
        hook = {"NIANBAO_WEBHOOK_URL": ORIGIN + PATH, "NIANBAO_LISTEN": f"127.0.0.1:{self.port}"}
        return {**super().environ, **hook}


@dataclass
class Scene:
    """The office, its admin and its clerks."""

    office: Hooked
    officer: Officer
    chance: Random
    habits: Habits
    invited: list[tuple[str, str]]
    clerks: list[Clerk] = field(default_factory=list)

    def next_clerk(self) -> Clerk | None:
        """The next one who comes, of the four kinds in turn; None where all came."""
        number = len(self.clerks)
        if number == len(self.invited):
            return None
        unit, payload = self.invited[number]
        clerk = Clerk(
            self.office.api.user(100 + number, f"填报人{number}"), Random(self.chance.random()),
            self.habits, unit=unit, payload=payload, figures=FIGURES if number % 2 else {},
            returned=number % 4 > 1,
        )  # fmt: skip
        self.clerks.append(clerk)
        return clerk


async def stage(
    api: BotApi, folder: Path, units: int, chance: Random, *, by_webhook: bool = False
) -> Scene:
    """An office with its admin, at work; nobody has been disturbed yet."""
    office = Hooked(api, folder / "nianbao.db", port=_free_port() if by_webhook else 0)
    if by_webhook:
        api.proxies[ORIGIN] = f"http://127.0.0.1:{office.port}"
    invited = list(_invite(office.db, units))
    office.start()
    habits = Habits(is_sent=lambda chat: is_sent(office.db, chat))
    officer = Officer(api.user(1, "办公室"), chance, replace(habits, patience=ALBUM_PATIENCE))
    await officer.type(f"/start {await office.claim()}")
    await officer.question()
    return Scene(office, officer, chance, habits, invited)


def _invite(db: Path, units: int) -> Iterator[tuple[str, str]]:
    """Invitations: units with their payloads."""
    now = datetime.fromisoformat(EARLY)
    with closing(Store(db, load_form())) as store:
        for number in range(units):
            unit = f"青石县第{number + 1}镇人民政府"
            yield unit, store.invite(store.open_draft(unit, YEAR, now), now)


def is_sent(db: Path, chat: int) -> bool:
    """Whether nothing waits to be sent to a chat."""
    with closing(sqlite3.connect(db, timeout=10)) as connection:
        found = connection.execute(
            "SELECT 1 FROM outbox WHERE sent_at IS NULL AND address = ? LIMIT 1",
            [f"telegram:{chat}"],
        )
        return found.fetchone() is None


async def settled(db: Path, seconds: float = 60.0) -> bool:
    """Whether everything that was queued is sent before long."""
    for _ in range(int(seconds / 0.1)):
        with closing(sqlite3.connect(db, timeout=10)) as connection:
            if not connection.execute("SELECT 1 FROM outbox WHERE sent_at IS NULL").fetchone():
                return True
        await asyncio.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
