"""The rights matrix over HTTP: forged buttons, files and links against a real `nianbao serve`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.messages import Press
from tests.botapi.chats import Message
from tests.botapi.double import BotApi
from tests.botapi.people import User
from tests.rights import FINANCE, SCHOOLS, WATER, World, build, changed, desk
from tests.serving import Server

NOBODY = 987654
"""An id that nothing has."""
Told = tuple[str, list[str]]
"""What somebody reads: words, and words on buttons."""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody at Telegram; the files of the approval count as made."""
    world = build(tmp_path_factory.mktemp("office") / "nianbao.db", "telegram")
    world.store.db.execute("UPDATE documents SET error = '' WHERE version_id IS NOT NULL")
    yield world
    world.store.close()


@dataclass
class Served:
    """The office as it is served, and what stands in its store now."""

    server: Server
    world: World
    seen: dict[str, Message] = field(default_factory=dict)

    def user(self, role: str) -> User:
        """Somebody at the messenger."""
        return self.server.api.user(int(self.world.people[role].address.partition(":")[2]))

    async def say(self, role: str, text: str) -> Told:
        """Write a text; what the bot answers."""
        self.user(role).say(text)
        return await self.hear(role)

    async def press(self, role: str, press: Press) -> Told:
        """Press a button that is made up under a message that came before."""
        self.user(role).press(self.seen[role], press.encode(), stale=True)
        return await self.hear(role)

    async def hear(self, role: str) -> Told:
        """The next message."""
        message = self.seen[role] = await self.user(role).next(20)
        return message.text, message.buttons


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(office: World) -> AsyncIterator[Served]:
    """The office, served once for all: no test here gets in another one's way."""
    async with BotApi(limits=None) as api:  # flood control has its tests in test_telegram
        server = Server(api, office.store.path)
        server.start()
        yield Served(server, office)
        server.stop()


def pressed(world: World, *, exists: bool) -> list[Press]:
    """Buttons of the office and of other units, about what there is or what there is not."""
    unit = world.unit(WATER) if exists else NOBODY
    version = world.version(WATER) if exists else NOBODY
    person = world.person("contact of water") if exists else NOBODY
    draft = world.draft(WATER) if exists else NOBODY
    codes = (f"approve.{version}", f"return.{version}", f"unpin.{version}", f"invite.{unit}",
             f"end.contact.{person}.{unit}", f"fill.{unit}")  # fmt: skip
    return [*map(desk, codes), Press(draft, "seat", 0, "sit"), Press(draft, "review", 1, "recall")]


async def test_who_is_outside_hears_the_same_whatever_is_tried(served: Served) -> None:
    plain = await served.say("stranger", "你好")
    before = served.world.rows()
    for role in ("stranger", "ended contact", "ended admin"):
        assert await served.say(role, f"审核 {WATER}") == plain
        for exists in (True, False):
            for press in pressed(served.world, exists=exists):
                assert await served.press(role, press) == plain
        served.user(role).send_document("名单.csv", "青石县林业局\n".encode())
        assert await served.hear(role) == plain
        assert "已经有人用过" in (await served.say(role, served.world.links["used"]))[0]
    assert served.world.rows() == before
    assert not any(method == "getFile" for _, method, _ in served.server.api.calls)


async def test_a_contact_reaches_her_own_unit_only(served: Served) -> None:
    await served.say("contact", "进度")
    before = served.world.rows()
    there = [await served.press("contact", p) for p in pressed(served.world, exists=True)]
    absent = [await served.press("contact", p) for p in pressed(served.world, exists=False)]
    assert there == absent
    rows = changed(before, served.world.rows())
    assert {(table, served.world.owner(table, row)) for table, row in rows} == {
        ("seats", served.world.people["contact"].address)
    }
    await served.say("contact", "表二 行政许可 6")
    moved = {served.world.owner(*row) for row in changed(before, served.world.rows())
             if row[0] in ("answers", "history")}  # fmt: skip
    assert moved == {served.world.draft(FINANCE)}


async def test_an_observer_looks_and_does_nothing(served: Served) -> None:
    assert "观察员" in (await served.say("observer", f"免报 {SCHOOLS}：不用报"))[0]
    before = served.world.rows()
    office = [p for p in pressed(served.world, exists=True) if p.draft == 0]
    absent = [p for p in pressed(served.world, exists=False) if p.draft == 0]
    told = [await served.press("observer", press) for press in (*office, *absent)]
    assert all(one == told[0] for one in told)
    served.user("observer").send_document("名单.csv", "青石县林业局\n".encode())
    assert await served.hear("observer") == told[0]
    assert {table for table, _ in changed(before, served.world.rows())} == {"chats"}


async def test_who_is_ended_loses_the_old_buttons_at_once(served: Served) -> None:
    plain, role = await served.say("stranger", "你好"), "contact of schools"
    await served.say(role, "进度")
    standing = served.seen[role]
    assert "人员204" in (await served.say("admin", f"换人 {SCHOOLS}"))[0]
    person, unit = served.world.person(role), served.world.unit(SCHOOLS)
    assert "已停用" in (await served.press("admin", desk(f"end.contact.{person}.{unit}")))[0]
    served.user(role).press(standing, standing.buttons[0])
    assert await served.hear(role) == plain
    assert await served.say(role, "5") == plain
    assert "已经有人用过" in (await served.say(role, served.world.links[role]))[0]


async def test_a_group_does_not_use_up_a_link(served: Served) -> None:
    draft, api = served.world.draft(WATER), served.server.api
    payload = served.world.store.invite(draft, datetime.now(UTC))
    group, newcomer = api.group(-5, "青石县公开工作群"), api.user(909, "新人")
    group.say(f"/start@{api.bot['username']} {payload}")
    assert "私" in (await group.chat.next(20)).text
    newcomer.start(payload)
    assert "水务局" in (await newcomer.next(20)).text
