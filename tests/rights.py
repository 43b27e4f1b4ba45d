"""The office of 青石县 with everybody in it, and what anybody may try there: the rights matrix.

One store for many trials: each is undone again, so that all of them start at the same place.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.desk.position import DeskPosition
from bot.messages import Attachment, Incoming, Outgoing, Press
from bot.office.acts import Role
from bot.store import Store
from tests.clerk import Clerk
from tests.conftest import NOW
from tests.fresh import new_assistant

GOVERNMENT, OFFICE = "青石县人民政府", "青石县人民政府办公室"
FINANCE, WATER, TRADE, SCHOOLS = "青石县财政局", "青石县水务局", "青石县商务局", "青石县教育局"
IDLE = "青石县档案馆"
UNITS = (GOVERNMENT, OFFICE, FINANCE, WATER, TRADE, SCHOOLS, IDLE)
YEAR = 2022
PROSE = "本年度召开工作会议2次，开展培训1次，发现问题3个，均已整改到位。人手不足，下一步加强培训。"
NOT_KEPT = ("inbox", "outbox")
"""Where everybody leaves a trace: what came in, and what was replied."""

Rows = dict[tuple[str, tuple[Any, ...]], int]
"""Every row of every other table, as often as it stands there."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a trial was answered, and what others heard because of it."""

    said: tuple[Outgoing, ...]
    others: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The answer as plain text."""
        return "\n".join(message.text for message in self.said)

    def shown(self, typed: str = "") -> tuple[object, ...]:
        """The answer as it is shown: words and buttons; without the words that it repeats."""
        texts = (m.text.replace(typed, "……") if typed else m.text for m in self.said)
        rest = ((m.parts if not typed else (), m.buttons, m.document is None) for m in self.said)
        return (*texts, *rest)


class Guest(Clerk):
    """Somebody in a chat who reads, but has no files made."""

    def __init__(self, assistant: Assistant, name: str, channel: str = "test") -> None:
        super().__init__(assistant, name)
        self.address = f"{channel}:{name}"

    def _listen(self) -> None:
        store = self.assistant.store
        channel = self.address.partition(":")[0]
        said = [m for m in store.unsent(channel) if m.address == self.address]
        self.reply = "\n\n".join(message.text for message in said)
        self.heard += said
        now = self.assistant.clock()
        store.mark_sent([(message.id, f"b{message.id}", "") for message in said], now)

    def _next(self, **more: str) -> Incoming:
        number = next(self._numbers)
        return Incoming(f"{self.address}:{number}", self.address, message=f"m{number}",
                        sender=f"人员{self.address.partition(':')[2]}", **more)  # type: ignore[arg-type]  # fmt: skip


@dataclass
class World:
    """Everybody by role, and the ids that somebody could guess."""

    assistant: Assistant
    channel: str = "test"
    people: dict[str, Guest] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def store(self) -> Store:
        """The one store."""
        return self.assistant.store

    def guest(self, role: str, number: int) -> Guest:
        """Somebody new in a chat of her own."""
        found = self.people[role] = Guest(self.assistant, str(number), self.channel)
        return found

    def unit(self, name: str) -> int:
        """The id of a unit."""
        return next(unit.id for unit in self.store.units() if unit.name == name)

    def draft(self, name: str) -> int:
        """The id of a unit's draft."""
        found = self.store.find_draft(name, YEAR)
        assert found is not None
        return found

    def version(self, name: str) -> int:
        """The id of the version that a unit handed in last."""
        return self.store.versions(self.draft(name))[-1].id

    def person(self, role: str) -> int:
        """The id of a person."""
        row = self.store.db.execute(
            "SELECT person_id FROM chats WHERE address = ?", [self.people[role].address]
        ).fetchone()
        return int(row[0])

    @cached_property
    def untouched(self) -> Rows:
        """Everything as each trial finds it."""
        return self.rows()

    def rows(self) -> Rows:
        """Everything that is kept, but for what came in and what was replied."""
        execute = self.store.db.execute
        return Counter(
            key
            for table in self.tables()
            for key in zip(itertools.repeat(table), execute(f"SELECT * FROM {table}"), strict=False)
        )

    def tables(self) -> list[str]:
        """The tables whose rows are looked at."""
        names = self.store.db.table_names()
        return [n for n in names if n not in NOT_KEPT and not n.startswith(("_", "sqlite_"))]

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is done inside has not happened afterwards."""
        connection = self.store.db.conn
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def attempt(self, role: str, **deed: Any) -> Heard:
        """One thing that somebody does; the keys of messages do not depend on the trial."""
        address = self.people[role].address
        last = self.store.db.execute("SELECT ifnull(max(id), 0) FROM outbox").fetchone()[0]
        key = f"{address}:trial{next(self.numbers)}"
        self.assistant.receive(Incoming(key, address, **{"message": "trial", **deed}))
        fresh = self.store.unsent(self.channel, last)
        own = tuple(m for m in fresh if m.address == address)
        return Heard(own, tuple(m.address for m in fresh if m.address != address))

    def trial(self, role: str, **deed: Any) -> tuple[Heard, Rows]:
        """One thing that is undone again: what was answered, and the rows that it changed."""
        before = self.untouched
        with self.undone():
            heard = self.attempt(role, **deed)
            return heard, changed(before, self.rows())

    def owner(self, table: str, row: tuple[Any, ...]) -> object:
        """Whose a row is: a chat's address, or a draft's id."""
        columns = dict(zip(self.columns[table], row, strict=True))
        if table in ("seats", "chats", "uploads"):
            return columns["address"]
        return columns["id"] if table == "drafts" else columns.get("draft_id")

    @cached_property
    def columns(self) -> Mapping[str, list[str]]:
        """The columns of each table."""
        return {t: [c.name for c in self.store.db[t].columns] for t in self.tables()}


def changed(before: Rows, after: Rows) -> Rows:
    """The rows that are new, gone or other."""
    return {key: 1 for key, _ in before.items() ^ after.items()}


def desk(code: str) -> Press:
    """A button of the office, as somebody could make it up."""
    return Press(0, "desk", 1, code)


def file(name: str = "名单.csv") -> Attachment:
    """A file that is sent."""
    return Attachment(name, "handle")


def build(path: Path, channel: str = "test") -> World:
    """Everybody in their roles; one unit filling, one submitted, one approved, one returned."""
    world = World(new_assistant(path, lambda: NOW), channel)
    boss = _appoint(world, "admin", 101, "office")
    boss.say("名册").say("\n".join(UNITS)).press("对，存入")
    for role, number, name in (
        ("contact", 201, FINANCE), ("contact of water", 202, WATER), ("contact of trade", 203, TRADE),
        ("contact of schools", 204, SCHOOLS), ("ended contact", 205, FINANCE),
    ):  # fmt: skip
        world.guest(role, number).say(_link(world, role, name))
    for role, number, wanted in (("admin and contact", 102, "office"),
                                 ("observer and contact", 112, "observer")):  # fmt: skip
        _appoint(world, role, number, wanted)  # type: ignore[arg-type]
        world.people[role].say(_link(world, role, FINANCE)).say("办公室")
    _appoint(world, "observer", 111, "observer")
    _appoint(world, "ended admin", 103, "office")
    _hand_in(world)
    _demote(world)
    boss.tap(desk(f"end.office.{world.person('ended admin')}"))
    boss.tap(desk(f"end.contact.{world.person('ended contact')}.{world.unit(FINANCE)}"))
    world.guest("stranger", 301)
    _unusable(world)
    world.people["contact"].say("表二 行政许可 5")
    world.assistant.tick()
    for guest in world.people.values():
        guest._listen()
    return world


def _appoint(world: World, role: str, number: int, wanted: Role) -> Guest:
    payload = world.store.invite(None, NOW, wanted)
    world.links[role] = f"/start {payload}"
    guest = world.guest(role, number)
    guest.say(world.links[role])
    return guest


def _link(world: World, role: str, unit: str) -> str:
    draft = world.store.open_draft(unit, YEAR, NOW)
    world.links[role] = f"/start {world.store.invite(draft, NOW)}"
    return world.links[role]


def _hand_in(world: World) -> None:
    boss = world.people["admin"]
    for role in ("contact of water", "contact of trade", "contact of schools"):
        _fill(world.people[role])
    boss.tap(desk(f"approve.{world.version(TRADE)}"))
    boss.tap(desk(f"review.{world.version(SCHOOLS)}")).say("平台建设：写得太短，请补充。")
    boss.tap(desk(f"return.{world.version(SCHOOLS)}"))
    boss.tap(desk(f"review.{world.version(WATER)}")).say("信息管理：请写上件数。")
    stages = [world.store.stage(world.draft(n)).name for n in (FINANCE, WATER, TRADE, SCHOOLS)]
    assert stages == ["filling", "submitted", "approved", "returned"], stages


def _fill(clerk: Guest) -> None:
    """A quiet year, handed in."""
    clerk.press("五类都没有").press("确认")
    for _ in range(30):
        known = ("提交", "没有收取，也没有", "不写", "用这段")
        words = next((w for w in known if clerk.button(w)), "")
        if words:
            clerk.press(words)
        else:
            clerk.say(
                "各栏目的工作由同一次会议部署，情况属实。"
                if "请回复一句说明" in clerk.reply
                else PROSE
            )
        if words == "提交":
            return


def _demote(world: World) -> None:
    """An observer who was an admin: the desk stands as the admin had left it."""
    _appoint(world, "demoted admin", 113, "observer")
    version = world.version(WATER)
    left = DeskPosition(
        asking=f"return.{version}", version=version, choices=(("通过", f"approve.{version}"),),
        pending=(("青石县林业局",),),
    )  # fmt: skip
    world.store.db.execute(
        "UPDATE chats SET desk = ? WHERE address = ?",
        [left.dump(), world.people["demoted admin"].address],
    )


def _unusable(world: World) -> None:
    """Invitations that open nothing any more."""
    store, draft = world.store, world.draft(WATER)
    world.links["expired"] = f"/start {store.invite(draft, NOW - timedelta(days=61))}"
    world.links["revoked"] = f"/start {store.invite(draft, NOW)}"
    world.people["admin"].tap(desk(f"invite.{world.unit(WATER)}"))
    world.links["used"] = world.links["contact of water"]
    world.links["guessed"] = f"/start {'A' * 22}"
    world.links["open"] = f"/start {store.invite(draft, NOW)}"
