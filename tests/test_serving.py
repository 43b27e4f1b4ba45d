"""The whole product over HTTP: a real `nianbao serve`, a Bot API double that enforces the limits."""

from __future__ import annotations

import asyncio
import io
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import pytest

from bot.catalogue import load_form
from bot.writers.docx import render
from tests.botapi.chats import Message
from tests.botapi.double import BotApi
from tests.botapi.people import User
from tests.scripts import CITY, CITY_END, QUIET, QUIET_END
from tests.serving import Server, button_data, play
from tests.tables import report_of


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that is not started yet."""
    async with BotApi(limits=None) as api:  # flood control has its tests in test_telegram
        server = Server(api, tmp_path / "nianbao.db")
        yield server
        server.stop()


def invited(server: Server, unit: str, year: int) -> str:
    """A unit's invitation, as the clerk taps it."""
    payload = server.run("invite", "--unit", unit, "--year", str(year)).strip()
    return f"/start {payload}"


def exported(server: Server, unit: str, year: int) -> dict[str, dict[str, object]]:
    """The figures and texts that the store holds."""
    data = json.loads(server.run("export", "--unit", unit, "--year", str(year)))
    sections: dict[str, dict[str, object]] = data["sections"]
    return sections


async def test_a_quiet_bureau_is_done_in_at_most_25_actions(server: Server) -> None:
    opening = invited(server, "西工区政务服务和大数据管理局", 2022)
    server.start()
    played = await play(server.api.user(7, "李"), opening, QUIET, QUIET_END)
    assert played.actions <= 25
    assert not played.shown_twice
    name, content = played.files[-1]
    assert name == "西工区政务服务和大数据管理局2022年政府信息公开工作年度报告.docx"
    tables = docx.Document(io.BytesIO(content)).tables
    assert len(tables) == 3
    figures = exported(server, "西工区政务服务和大数据管理局", 2022)["requests"]
    assert all(set(row.values()) == {0} for row in figures.values())  # type: ignore[attr-defined]
    assert server.stop() == 0


async def test_killed_on_the_way_a_city_loses_nothing_and_is_asked_nothing_twice(
    server: Server,
) -> None:
    opening = invited(server, "青州市人民政府", 2024)
    server.start()
    chance = random.Random(5)

    async def killer() -> None:
        for _ in range(2):
            await asyncio.sleep(1.0 + chance.random())
            await asyncio.to_thread(server.kill)

    killing = asyncio.create_task(killer())
    played = await play(server.api.user(8, "王"), opening, CITY, CITY_END)
    await killing
    assert played.actions <= 12
    assert not played.shown_twice
    sections = exported(server, "青州市人民政府", 2024)
    assert sections["requests"]["granted"] == {
        "natural_person": 174, "business": 9, "research": 0, "public_welfare": 1,
        "legal_service": 0, "other_org": 0, "total": 184,
    }  # fmt: skip
    assert sections["proactive"]["fees_wanyuan"] == "1424.4"


async def test_a_stranger_a_sticker_and_a_group_are_answered_sensibly(server: Server) -> None:
    server.start()
    stranger = server.api.user(9, "陌生人")
    stranger.say("你好")
    assert "邀请" in (await stranger.next(15)).text
    stranger.send_sticker()
    assert "邀请" in (await stranger.next()).text
    group = server.api.group(-5, "大群")
    group.say("/start@nianbao_bot", stranger)
    server.stop()
    assert all("邀请" not in m.text for m in group.chat.log)


async def said(user: User, fragment: str) -> Message:
    """The first message with `fragment` that the bot sent or will send, within half a minute."""
    deadline = asyncio.get_running_loop().time() + 30
    while asyncio.get_running_loop().time() < deadline:
        for message in user.chat.log:
            if fragment in message.text:
                return message
        await asyncio.sleep(0.02)
    raise TimeoutError("\n---\n".join(m.text for m in user.chat.log[-3:]))


async def test_last_years_file_is_read_and_the_pages_come_as_an_album(server: Server) -> None:
    form = load_form()
    report = report_of(
        dict.fromkeys(form.cells, 0) | {"proactive.normdocs_in_force": 12},
        agency="青州市水务局", year=2023, title=form.title_of("青州市水务局", 2023),
    )  # fmt: skip
    opening = invited(server, "青州市水务局", 2024)
    server.start()
    user = server.api.user(11, "赵")
    user.say(opening)
    await said(user, "1/5")
    user.send_document("去年.docx", render(report, form), "")
    shown = await said(user, "200个数都读到了")
    user.press(shown, button_data(shown, "作为去年"))
    await said(user, "留在手边")
    user.say("预览")
    await said(user, "的各页（草稿）")
    pictures = [m for m in user.chat.log if m.kind == "photo"]
    assert len(pictures) > 2
    assert len({m.extra["media_group_id"] for m in pictures}) == 1
    assert server.stop() == 0
