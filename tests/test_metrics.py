"""What machines are told: counters that count, health that notices, a log without secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.channels import telegram_monitor
from bot.channels.telegram import Place, Ports, serve
from bot.channels.telegram_log import HIDDEN, JsonLines, TokenFilter
from bot.channels.telegram_metrics import Metrics
from bot.channels.telegram_monitor import Monitor
from bot.channels.telegram_poll import Trouble
from bot.messages import Incoming, Outgoing
from bot.store import Store
from bot.store.condition import backlog, probe, stages
from tests.botapi.double import BotApi
from tests.fresh import new_store
from tests.test_telegram import NOW, QUICK, Counter, count, out, until
from tests.test_webhook import free_port

Numbers = dict[tuple[str, ...], float]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=None) as api:
        yield api


class Watched:
    """A channel with a monitor, asked over HTTP."""

    def __init__(self, assistant: Counter, port: int) -> None:
        self.assistant, self.port = assistant, port

    async def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Status and text of an answer."""
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url) as response:
            return response.status, await response.text()

    async def numbers(self) -> Numbers:
        """What is counted, by name and the labels' values in the order of their names."""
        status, text = await self.ask("/metrics")
        assert status == 200
        return {
            (
                sample.name.removeprefix("nianbao_"),
                *dict(sorted(sample.labels.items())).values(),
            ): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@asynccontextmanager
async def watched(
    api: BotApi, folder: Path, words: Callable[[Incoming, int], list[Outgoing]] = count
) -> AsyncIterator[Watched]:
    """The polling channel at work with a monitor."""
    port, stop = free_port(), asyncio.Event()
    assistant = Counter(folder / "store.db", words)
    work = asyncio.create_task(
        serve(assistant, token=api.token, api=api.root, stop=stop, patience=QUICK,
              ports=Ports(monitor=Place("127.0.0.1", port)))
    )  # fmt: skip
    await until(lambda: api.counts["getUpdates"] > 0 or work.done())
    try:
        yield Watched(assistant, port)
    finally:
        stop.set()
        await work
        assistant.store.close()


# ── what is counted ─────────────────────────────────────────────────────────────────────────────


async def test_updates_turns_replies_and_refusals_are_counted(api: BotApi, tmp_path: Path) -> None:
    async with watched(api, tmp_path) as served:
        api.faults.fail("sendMessage", 429, retry_after=0)
        for chat in (1, 2, 3):
            api.user(chat).say("好")
            await api.user(chat).next()
        api.redeliver(api.user(1).messages[0].update_id)
        await until(lambda: not api.updates.waiting)
        found = await served.numbers()
    assert found["updates_total",] >= 4
    assert found["turns_total", "done"] >= 3
    assert found["turn_seconds_count",] == found["turns_total", "done"]
    assert found["replies_total",] == 3
    assert found["flood_refusals_total",] == 1
    assert found["outbox_unsent",] == 0
    assert found["drafts", "filling"] == 1
    assert found["process_resident_memory_bytes",] > 1_000_000


async def test_faults_are_counted_by_where_and_kind(api: BotApi, tmp_path: Path) -> None:
    def words(incoming: Incoming, number: int) -> list[Outgoing]:
        raise ZeroDivisionError

    async with watched(api, tmp_path, words) as served:
        api.faults.fail("sendMessage", 502)
        api.user(1).say("坏")
        await until(lambda: api.counts["sendMessage"] > 0)
        found = await served.numbers()
    assert found["errors_total", "ZeroDivisionError", "turn"] == 2
    assert found["turns_total", "failed"] == 1
    assert found["errors_total", "Unavailable", "call"] == 1


async def test_documents_are_counted(api: BotApi, tmp_path: Path) -> None:
    async with watched(api, tmp_path, lambda i, n: [out("报告", document=0)]) as served:
        api.user(1).say("要")
        await api.user(1).next()
        found = await served.numbers()
    assert found["documents_total",] == 1


async def test_what_waits_is_asked_of_the_store_when_somebody_looks(tmp_path: Path) -> None:
    assistant = Counter(tmp_path / "store.db")
    metrics = Metrics(assistant.store)
    assistant.receive(Incoming("telegram:1", "telegram:5", "好"))
    assert "nianbao_outbox_unsent 1.0" in metrics.text()
    oldest = backlog(assistant.store)
    assert oldest.since == NOW
    assert stages(assistant.store) == {"filling": 1}
    assistant.store.close()


async def test_nothing_that_people_write_is_in_the_metrics(api: BotApi, tmp_path: Path) -> None:
    async with watched(api, tmp_path) as served:
        api.user(1, "张秘密").say("绝密内容")
        await api.user(1).next()
        _, text = await served.ask("/metrics")
    assert not any(word in text for word in (api.token, "张秘密", "绝密", "测试局", "telegram:1"))


# ── health ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_at_work_is_healthy(api: BotApi, tmp_path: Path) -> None:
    async with watched(api, tmp_path) as served:
        assert await served.ask("/health") == (200, '{"ok": true, "reasons": []}')
        assert (await served.ask("/health", "HEAD"))[0] == 200


async def test_the_monitor_answers_nothing_else(api: BotApi, tmp_path: Path) -> None:
    async with watched(api, tmp_path) as served:
        assert (await served.ask("/"))[0] == 404
        assert (await served.ask("/health", "POST"))[0] == 405


async def test_health_answers_before_telegram_could_be_reached(api: BotApi, tmp_path: Path) -> None:
    port, stop = free_port(), asyncio.Event()
    assistant = Counter(tmp_path / "store.db")
    work = asyncio.create_task(
        serve(assistant, token=api.token, api="http://127.0.0.1:1", stop=stop, patience=QUICK,
              ports=Ports(monitor=Place("127.0.0.1", port)))
    )  # fmt: skip
    served = Watched(assistant, port)
    for _ in range(100):
        try:
            assert (await served.ask("/health"))[0] == 200  # not yet: it has only just begun
            break
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.02)
    stop.set()
    await work
    assistant.store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    store = new_store(tmp_path / "store.db")
    yield store
    store.close()


def monitor_of(store: Store, seconds: float = 0.0) -> Monitor:
    """A monitor of a process that heard of Telegram so long ago."""
    times = iter([0.0])
    trouble = Trouble(QUICK, clock=lambda: next(times, seconds))
    return Monitor(store, Metrics(store), trouble)


async def test_a_file_that_cannot_be_written_is_no_health(store: Store) -> None:
    assert await monitor_of(store).reasons() == []
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    [reason] = await monitor_of(store).reasons()
    assert reason == "数据库写不进：database is locked"
    other.close()


async def test_a_probe_leaves_nothing_behind(store: Store) -> None:
    store.keep_fact("bot", "x")
    before = store.path.read_bytes(), [tuple(r) for r in store.db.execute("SELECT * FROM facts")]
    assert probe(store.path) == ""
    assert before == (
        store.path.read_bytes(),
        [tuple(r) for r in store.db.execute("SELECT * FROM facts")],
    )
    assert "unable to open" in probe(store.path.with_name("none.db"))
    assert not store.path.with_name("none.db").exists()


async def test_a_loop_that_heard_nothing_for_long_is_no_health(store: Store) -> None:
    [reason] = await monitor_of(store, 121.0).reasons()
    assert reason == "121 秒没有连上 Telegram"


async def test_an_outbox_that_does_not_go_out_is_no_health(tmp_path: Path) -> None:
    assistant = Counter(tmp_path / "store.db")
    assistant.receive(Incoming("telegram:1", "telegram:5", "好"))  # queued at NOW, long ago
    [reason] = await monitor_of(assistant.store).reasons()
    assert reason.startswith("发件箱有 1 条未发，最早的一条等了 ")
    assistant.store.close()


async def test_a_full_disk_is_no_health(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_monitor, "FREE_BYTES", 10**18)
    [reason] = await monitor_of(store).reasons()
    assert reason.startswith("磁盘只剩 ")


# ── the log ─────────────────────────────────────────────────────────────────────────────────────


def line(message: str, *values: object, error: BaseException | None = None) -> dict[str, Any]:
    """A log line as JSON."""
    info = (type(error), error, None) if error else None
    record = logging.LogRecord("bot.channels.telegram_turns", 40, "x.py", 1, message, values, info)
    TokenFilter("1:geheim").filter(record)
    text = JsonLines().format(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_line_of_the_log_is_one_json_object_with_its_event_key_and_kind() -> None:
    found = line("处理 %s 出错：%s（%s）", "telegram:1000", "ValueError", "Interview.turn:88")
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "error", "room": "telegram_turns", "event": "处理 … 出错：…（…）",
        "text": "处理 telegram:1000 出错：ValueError（Interview.turn:88）",
        "key": "telegram:1000", "kind": "ValueError", "at": "Interview.turn:88",
    }  # fmt: skip


def test_the_token_is_in_no_json_line() -> None:
    found = line("失败：%s", "https://x/bot1:geheim/getMe", error=RuntimeError("1:geheim\n换行"))
    assert "geheim" not in json.dumps(found)
    assert HIDDEN in found["text"]
    assert HIDDEN in found["trace"]


async def test_serve_logs_json_where_it_is_told_so(api: BotApi, tmp_path: Path) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", "--db", str(tmp_path / "x.db"),
        env={"NIANBAO_TELEGRAM_TOKEN": api.token, "NIANBAO_TELEGRAM_API": api.root,
             "NIANBAO_LOG": "json", "NIANBAO_METRICS": str(port), "PATH": ""},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await until(lambda: api.counts["getUpdates"] > 0, 20)
    process.terminate()
    _, said = await process.communicate()
    assert process.returncode == 0
    lines = said.decode().splitlines()
    assert api.token not in said.decode()
    events = [json.loads(each)["event"] for each in lines]
    assert events[:2] == ["监控已开启：http://…/health", "Telegram 已启动：@…"]
    assert events[-1] == "Telegram 已停止"
