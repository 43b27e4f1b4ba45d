"""`nianbao doctor` says in words what is in order and what is not, and changes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.catalogue import load_form
from bot.command import main
from bot.doctor import Point, examine
from bot.doctor import file as doctor_file
from bot.doctor import telegram as doctor_telegram
from bot.messages import Incoming
from bot.settings import Settings
from bot.store import Store, StoreError
from bot.store.condition import holder, look
from tests.botapi.double import BotApi
from tests.clerk import Clerk
from tests.fresh import new_store
from tests.test_telegram import Counter
from tests.test_telegram import out as said

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
URL = "https://nianbao.example/hook"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=None) as api:
        yield api


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound, fresh file."""
    found = tmp_path / "nianbao.db"
    new_store(found).close()
    return found


@pytest.fixture
def settings(api: BotApi, path: Path) -> Settings:
    """What an operator would set."""
    return Settings(telegram_token=api.token, telegram_api=api.root, db=path)


async def found(settings: Settings, *, deep: bool = False) -> dict[str, Point]:
    """The points by name."""
    points = await asyncio.to_thread(lambda: list(examine(settings, settings.db, NOW, deep=deep)))
    assert len({point.name for point in points}) == len(points)
    return {point.name: point for point in points}


def here(settings: Settings) -> dict[str, Point]:
    """The points without Telegram."""
    alone = replace(settings, telegram_token="")
    return {point.name: point for point in examine(alone, alone.db, NOW)}


async def the(name: str, settings: Settings) -> Point:
    """One point; those behind it are not looked at."""
    points = examine(settings, settings.db, NOW)
    return await asyncio.to_thread(lambda: next(p for p in points if p.name == name))


def the_here(name: str, settings: Settings) -> Point:
    """One point without Telegram; those behind it are not looked at."""
    alone = replace(settings, telegram_token="")
    return next(p for p in examine(alone, alone.db, NOW) if p.name == name)


# ── Telegram ────────────────────────────────────────────────────────────────────────────────────


async def test_a_sound_installation_has_no_fault(api: BotApi, settings: Settings) -> None:
    points = await found(settings, deep=True)
    assert [p for p in points.values() if p.mark == "bad"] == []
    assert set(points) == {
        "接口", "令牌", "时钟", "收取", "服务", "磁盘", "权限", "数据库", "记录链", "管理员", "发件箱", "字体", "模板", "工作日历",
    }  # fmt: skip
    assert points["令牌"].words == "Telegram 认可，机器人是 @nianbao_double_bot。"
    assert points["收取"].words == "用轮询，没有登记 webhook。"
    assert [p.name for p in points.values() if p.mark == "warn"] == ["管理员"]


async def test_a_wrong_token_is_a_fault_and_is_not_shown(settings: Settings) -> None:
    points = await found(replace(settings, telegram_token="42:AAwrong_wrong_wrong"))
    assert points["令牌"].mark == "bad"
    assert "401" in points["令牌"].words
    assert not any("wrong_wrong" in p.words for p in points.values())
    assert points["接口"].mark == "fine"


async def test_an_api_that_cannot_be_reached_is_a_fault(settings: Settings) -> None:
    points = await found(replace(settings, telegram_api="http://127.0.0.1:1"))
    assert points["接口"].mark == "bad"
    assert points["接口"].words.startswith("连不上 127.0.0.1（对方拒绝连接）")
    assert "令牌" not in points


async def test_an_api_that_does_not_answer_is_not_waited_for_long(
    api: BotApi, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_telegram, "SECONDS", 0.1)
    api.faults.delay = 1.0
    assert "没有应答" in (await the("接口", settings)).words


async def test_an_error_page_is_not_taken_for_a_wrong_token(
    api: BotApi, settings: Settings
) -> None:
    api.faults.fail("getMe", 502)
    points = await found(settings)
    assert points["接口"].words == "Telegram 出错（502）。请过几分钟再试。"
    assert "不认可" not in points["令牌"].words


@pytest.mark.parametrize(("skew", "way"), [(3600, "慢"), (-3600, "快")])
async def test_a_clock_that_is_wrong_is_told(
    api: BotApi, settings: Settings, skew: int, way: str
) -> None:
    api.faults.skew = skew
    clock = await the("时钟", settings)
    assert clock.mark == "warn"
    assert clock.words.startswith(f"本机时间{way} 3")
    api.faults.skew = 30
    assert (await the("时钟", settings)).mark == "fine"


@pytest.mark.parametrize(
    ("wanted", "registered", "running", "mark", "words"),
    [
        ("", "", True, "fine", "用轮询，没有登记 webhook。"),
        (URL, URL, True, "fine", "webhook 已登记。"),
        ("", URL, False, "fine", "下次启动时会取消 webhook，改用轮询。"),
        (URL, "", False, "fine", "下次启动时会登记 webhook。"),
        ("", URL, True, "bad", "Telegram 那里登记着 webhook，轮询收不到消息"),
        (URL, "", True, "bad", "Telegram 那里没有登记本机的 webhook"),
        (URL, "https://other.example/", True, "bad", "Telegram 那里没有登记本机的 webhook"),
    ],
)
async def test_the_webhook_is_held_against_the_mode(
    api: BotApi, settings: Settings, wanted: str, registered: str, running: bool, mark: str, words: str,
) -> None:  # fmt: skip
    api.updates.set_webhook(registered)
    serving = Store(settings.db, load_form(), exclusive=True) if running else None
    way = await the("收取", replace(settings, webhook_url=wanted))
    assert (way.mark, way.words.startswith(words)) == (mark, True), way
    if serving:
        serving.close()


async def test_posts_that_fail_and_updates_that_wait_are_told(
    api: BotApi, settings: Settings
) -> None:
    api.proxies["https://nianbao.example"] = "http://127.0.0.1:1"
    api.updates.set_webhook(URL)
    api.user(1).say("一")
    while not api.registration.fault:
        await asyncio.sleep(0.01)
    points = await found(replace(settings, webhook_url=URL))
    assert "送不到 webhook：Connection failed" in points["投递"].words
    assert points["待收"].words == "有 1 条更新等着收取。"


# ── the file ────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    points = here(Settings(db=tmp_path / "sub" / "none.db"))
    assert points["数据库"].mark == "warn"
    assert "第一次启动时建立" in points["数据库"].words
    assert list(tmp_path.iterdir()) == []


def test_looking_changes_no_file_and_leaves_none_behind(path: Path, settings: Settings) -> None:
    before = {p.name: p.read_bytes() for p in path.parent.iterdir()}
    here(settings)
    assert {p.name: p.read_bytes() for p in path.parent.iterdir()} == before


def test_a_running_service_is_seen_with_its_process(path: Path, settings: Settings) -> None:
    assert the_here("服务", settings).words == "没有年报助手在用这个数据库。"
    serving = Store(path, load_form(), exclusive=True)
    assert holder(path) in (os.getpid(), 0)
    assert the_here("服务", settings).words.startswith("年报助手正在运行")
    serving.close()
    assert holder(path) is None


def test_what_is_no_database_is_said(path: Path, settings: Settings) -> None:
    path.write_bytes(b"PK" * 5000)
    assert the_here("数据库", settings).mark == "bad"
    with pytest.raises(StoreError, match="不是年报助手的数据库"):
        look(path)


def test_a_damaged_page_is_found(path: Path, settings: Settings) -> None:
    data = bytearray(path.read_bytes())
    data[3 * 4096 : 3 * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    point = the_here("数据库", settings)
    assert point.mark == "bad"
    assert "从备份恢复" in point.words


def test_rows_that_refer_to_nothing_are_found(path: Path, settings: Settings) -> None:
    other = sqlite3.connect(path)
    other.execute("INSERT INTO answers VALUES (99, 'x', 'count', '1', '')")
    other.commit()
    other.close()
    assert "有 1 行引用不存在的记录" in the_here("数据库", settings).words


@pytest.mark.parametrize(
    ("sql", "mark", "words"),
    [
        ("UPDATE _sqlite_migrations SET name = 'm999_later' WHERE name = 'm001_interview'", "bad", "更新的版本"),
        ("DELETE FROM _sqlite_migrations WHERE name = 'm003_office'", "warn", "下次打开时升级（1 步）"),
    ],
)  # fmt: skip
def test_a_schema_of_another_version_is_told_and_left(
    path: Path, settings: Settings, sql: str, mark: str, words: str
) -> None:
    other = sqlite3.connect(path)
    other.execute(sql)
    other.commit()
    other.close()
    point = the_here("数据库", settings)
    assert (point.mark, words in point.words) == (mark, True), point
    assert len(look(path).pending) == 1


def test_a_record_changed_afterwards_is_found_by_looking_deep(clerk: Clerk, tmp_path: Path) -> None:
    for _ in range(3):
        clerk.say("没有")
    file = clerk.assistant.store.path
    settings = Settings(db=file)
    sound = next(p for p in examine(settings, file, NOW, deep=True) if p.name == "记录链")
    assert sound.mark == "fine"
    assert "前后一致" in sound.words
    other = sqlite3.connect(file)
    other.execute("DROP TRIGGER history_stays")
    other.execute("UPDATE history SET item = 'x' WHERE id = 1")
    other.commit()
    other.close()
    point = next(p for p in examine(settings, file, NOW, deep=True) if p.name == "记录链")
    assert point.mark == "bad"
    assert "记录在写入之后被改过" in point.words


def test_rights_space_and_log_are_looked_at(
    path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.chmod(0o644)
    monkeypatch.setattr(doctor_file, "LOW_BYTES", 10**18)
    monkeypatch.setattr(doctor_file, "WAL_BYTES", -1)
    points = here(settings)
    assert points["权限"].words.endswith("（0644）。请执行 chmod 600。")
    assert points["磁盘"].mark == points["预写日志"].mark == "warn"
    monkeypatch.setattr(doctor_file, "LEAST_BYTES", 10**18)
    assert the_here("磁盘", settings).mark == "bad"


def test_a_file_of_another_user_is_not_opened(path: Path, settings: Settings) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(path, 65534, 65534)
    points = here(settings)
    assert points["权限"].mark == "bad"
    assert "数据库" not in points
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_what_waits_in_the_outbox_is_told(tmp_path: Path) -> None:
    assistant = Counter(tmp_path / "x.db", lambda i, n: [said("好")])
    assistant.receive(Incoming("telegram:1", "telegram:5", "好"))
    assistant.store.close()
    point = the_here("发件箱", Settings(db=tmp_path / "x.db"))
    assert point.mark == "warn"
    assert point.words.startswith("有 1 条未发，最早的一条等了 540 分钟。启动 serve")


# ── what reports are made with ──────────────────────────────────────────────────────────────────


def test_fonts_and_the_offices_own_file_are_looked_at(
    path: Path, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "fonts").mkdir()
    own = tmp_path / "local.toml"
    own.write_text("[limits]\njump = 5.0\n", encoding="utf-8")
    points = here(replace(settings, fonts=tmp_path / "fonts", local=own))
    assert points["字体"].mark == "bad"
    assert points["本地设置"].words == "local.toml 可以用。"
    own.write_text("[limits]\njmp = 5.0\n", encoding="utf-8")
    bad = the_here("本地设置", replace(settings, local=own))
    assert bad.mark == "bad"
    assert "jmp" in bad.words


def test_a_year_whose_holidays_are_not_known_is_told(path: Path) -> None:
    alone = Settings(db=path)
    points = {p.name: p for p in examine(alone, path, datetime(2039, 9, 1, tzinfo=UTC))}
    assert points["工作日历"].mark == "warn"
    assert "2040年1月31日" in points["工作日历"].words


def test_the_calendar_is_asked_for_the_last_days_that_the_office_set(path: Path) -> None:
    with closing(Store(path, load_form())) as store:
        store.db.execute("INSERT INTO cycles (year, due) VALUES (2025, '2026-02-13')")
        store.db.conn.commit()
    points = {p.name: p for p in examine(Settings(db=path), path, NOW)}
    assert "截止日期（2026年2月13日）" in points["工作日历"].words


# ── the command ─────────────────────────────────────────────────────────────────────────────────


def test_the_command_says_each_point_with_a_sign_and_a_word(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_TELEGRAM_TOKEN", "")
    result = CliRunner().invoke(main, ["doctor", "--db", str(path)])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert all(line.startswith(("✓ 正常  ", "! 注意  ", "✗ 有错  ")) for line in lines)
    assert "✓ 正常  权限：只有运行服务的用户能读写（0600）。" in lines


def test_a_fault_makes_the_exit_code_1_and_json_says_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_TELEGRAM_TOKEN", "7:not_to_be_shown")
    monkeypatch.setenv("NIANBAO_TELEGRAM_API", "http://127.0.0.1:1")
    result = CliRunner().invoke(main, ["doctor", "--json", "--db", str(path)])
    assert result.exit_code == 1
    points = json.loads(result.output)
    assert points[0]["point"] == "接口"
    assert points[0]["state"] == "bad"
    assert "not_to_be_shown" not in result.output
