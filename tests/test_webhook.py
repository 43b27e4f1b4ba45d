"""Updates by webhook: taken once, in order, answered after the commit, and from Telegram only."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from bot.channels.telegram import ChannelError, Hook, Place, Ports, serve
from bot.channels.telegram_listen import Bounds, read_place
from bot.channels.telegram_turns import SORRY
from bot.channels.telegram_webhook import SECRET
from bot.command import main
from bot.messages import Incoming, Outgoing
from tests.botapi.double import BotApi
from tests.scripts import QUIET, QUIET_END
from tests.serving import Server, play
from tests.test_telegram import QUICK, Counter, bot_said, count, keys, out, until

ORIGIN = "https://nianbao.example"
URL = f"{ORIGIN}/hook/Xq7"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
BOUNDS = Bounds(body=20_000, body_seconds=0.3, idle_seconds=0.3)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Served:
    """A channel with a webhook, and the way to its port without Telegram."""

    def __init__(self, api: BotApi, assistant: Counter, port: int) -> None:
        self.api, self.assistant, self.port = api, assistant, port
        self.inside = f"http://127.0.0.1:{port}"
        self.monitor = ""

    @property
    def secret(self) -> str:
        """What only Telegram knows beside us."""
        return self.assistant.store.fact(SECRET)

    async def post(
        self, body: bytes | None = None, path: str = "/hook/Xq7", method: str = "POST",
        secret: str | None = None, **headers: str,
    ) -> tuple[int, str]:  # fmt: skip
        """What somebody who found the port gets: status and text."""
        if secret is not None:
            headers[HEADER] = secret
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.inside + path, data=body, headers=headers) as response,
        ):
            return response.status, await response.text()


@asynccontextmanager
async def hooked(
    api: BotApi, folder: Path,
    words: Callable[[Incoming, int], list[Outgoing]] = count,
    assistant: Counter | None = None,
) -> AsyncIterator[Served]:  # fmt: skip
    """The channel at work with a webhook, registered, and stopped in order at the end."""
    port, monitor, stop = free_port(), free_port(), asyncio.Event()
    assistant = assistant or Counter(folder / "store.db", words)
    api.proxies[ORIGIN] = f"http://127.0.0.1:{port}"
    hook = Hook(URL, Place("127.0.0.1", port), watch_seconds=0.2, bounds=BOUNDS)
    work = asyncio.create_task(
        serve(assistant, token=api.token, api=api.root, stop=stop, patience=QUICK,
              ports=Ports(webhook=hook, monitor=Place("127.0.0.1", monitor)))
    )  # fmt: skip
    try:
        await until(lambda: bool(api.updates.webhook) or work.done())
        served = Served(api, assistant, port)
        served.monitor = f"http://127.0.0.1:{monitor}"
        yield served
    finally:
        stop.set()
        await work
        assert assistant.store.unsent("telegram") == []
        assistant.store.close()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=None) as api:
        yield api


def update(text: str, number: int = 77, user: int = 1) -> bytes:
    """A message as Telegram posts it."""
    chat = {"id": user, "type": "private", "first_name": "Li"}
    person = {"id": user, "is_bot": False, "first_name": "Li"}
    message = {"message_id": 5, "date": 1, "chat": chat, "from": person, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


# ── what Telegram posts ─────────────────────────────────────────────────────────────────────────


async def test_what_people_write_is_posted_and_answered_in_order(
    api: BotApi, tmp_path: Path
) -> None:
    async with hooked(api, tmp_path):
        for chat in (1, 2, 3):
            for number in range(10):
                api.user(chat).say(f"第{number}句")
        for chat in (1, 2, 3):
            await api.user(chat).wait_for(lambda m: m.text == "10. 第9句")
            assert bot_said(api, chat) == [f"{n + 1}. 第{n}句" for n in range(10)]
    assert "getUpdates" not in api.counts
    assert api.registration.busiest > 1


async def test_what_waited_before_the_start_is_taken(api: BotApi, tmp_path: Path) -> None:
    for number in range(50):
        api.user(1).say(str(number))
    async with hooked(api, tmp_path):
        await api.user(1).wait_for(lambda m: m.text == "50. 49")
    assert len(bot_said(api)) == 50
    assert not api.updates.waiting


async def test_a_press_is_answered_and_taken(api: BotApi, tmp_path: Path) -> None:
    async with hooked(api, tmp_path):
        api.user(1).say("一")
        query = api.user(1).press(await api.user(1).next(), "下一个")
        assert (await api.user(1).next()).text == "2. 下一个"
        await until(lambda: query.answer is not None)


async def test_200_comes_only_after_the_commit(api: BotApi, tmp_path: Path) -> None:
    kept: list[bool] = []
    async with hooked(api, tmp_path) as served:
        drop = api.updates.drop

        def look(update_id: int) -> None:
            kept.append(served.assistant.store.is_taken(f"telegram:{update_id}"))
            drop(update_id)

        api.updates.drop = look  # type: ignore[method-assign]
        for number in range(5):
            api.user(1).say(str(number))
        await until(lambda: len(kept) == 5)
    assert all(kept)


async def test_what_is_posted_again_is_taken_once(api: BotApi, tmp_path: Path) -> None:
    async with hooked(api, tmp_path) as served:
        said = api.user(1).say("一次")
        await api.user(1).next()
        for _ in range(3):
            api.redeliver(said.update_id)
            await until(lambda: not api.updates.waiting)
        api.user(1).say("再来")
        assert (await api.user(1).next()).text == "2. 再来"
    assert [i.text for i in served.assistant.heard] == ["一次", "再来"]


async def test_what_the_assistant_fails_at_twice_is_passed_over_and_said(
    api: BotApi, tmp_path: Path
) -> None:
    def words(incoming: Incoming, number: int) -> list[Outgoing]:
        if incoming.text == "坏":
            raise RuntimeError
        return count(incoming, number)

    async with hooked(api, tmp_path, words):
        api.user(1).say("坏")
        assert (await api.user(1).next()).text == SORRY
        api.user(1).say("好")
        assert (await api.user(1).next()).text == "1. 好"
    assert not api.updates.waiting


async def test_an_update_that_nobody_understands_is_passed_over(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(api, tmp_path) as served:
        poison = json.dumps({"update_id": 5, "message": {"message_id": "x"}}).encode()
        assert await served.post(poison, secret=served.secret) == (200, "")
    assert "更新 5 无法读懂" in caplog.text


async def test_a_restart_keeps_the_secret_and_what_was_asked(api: BotApi, tmp_path: Path) -> None:
    async with hooked(api, tmp_path) as served:
        first = served.secret
        api.user(1).say("一")
        await api.user(1).next()
    api.user(1).say("停的时候写的")
    async with hooked(api, tmp_path) as served:
        assert (await api.user(1).next()).text == "2. 停的时候写的"
        assert served.secret == first == api.registration.secret
    assert len(first) >= 43


async def test_the_same_store_can_go_back_to_polling(api: BotApi, tmp_path: Path) -> None:
    async with hooked(api, tmp_path):
        api.user(1).say("一")
        await api.user(1).next()
    assistant, stop = Counter(tmp_path / "store.db"), asyncio.Event()
    work = asyncio.create_task(
        serve(assistant, token=api.token, api=api.root, stop=stop, patience=QUICK)
    )
    api.user(1).say("二")
    assert (await api.user(1).next()).text == "2. 二"
    assert api.updates.webhook == ""
    stop.set()
    await work
    assistant.store.close()


async def test_a_message_in_doubt_is_not_repeated_where_its_button_was_pressed(
    api: BotApi, tmp_path: Path
) -> None:
    def words(incoming: Incoming, number: int) -> list[Outgoing]:
        return [out(f"问题 {number}", buttons=keys(number, "答"))]

    async with hooked(api, tmp_path, words):
        api.faults.cut_after("sendMessage")
        api.user(1).say("开始")
        await until(lambda: len(bot_said(api)) == 1)
        api.user(1).press(api.user(1).chat.log[0], "答")
        await api.user(1).wait_for(lambda m: m.text == "问题 2")
    assert bot_said(api) == ["问题 1", "问题 2"]


# ── the registration ────────────────────────────────────────────────────────────────────────────


async def test_a_webhook_that_somebody_removed_is_registered_again(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(api, tmp_path):
        api.updates.set_webhook("")
        await until(lambda: api.updates.webhook == URL)
        api.user(1).say("还在")
        assert (await api.user(1).next()).text == "1. 还在"
    assert "webhook 被别的程序改动" in caplog.text


async def test_one_who_takes_the_webhook_away_again_and_again_is_named(
    api: BotApi, tmp_path: Path
) -> None:
    async def rival() -> None:
        while True:
            api.updates.set_webhook("")
            await asyncio.sleep(0.01)

    async with asyncio.timeout(5):
        fighting = asyncio.create_task(rival())
        with pytest.raises(ChannelError, match="另有一个程序一再改动"):
            await serve(Counter(tmp_path / "store.db"), token=api.token, api=api.root,
                        patience=QUICK, ports=Ports(Hook(URL, Place("127.0.0.1", 0), 0.05)))  # fmt: skip
        fighting.cancel()


async def test_an_address_that_telegram_refuses_is_said(api: BotApi, tmp_path: Path) -> None:
    api.faults.fail("setWebhook", 400)
    with pytest.raises(ChannelError, match="Telegram 不接受 NIANBAO_WEBHOOK_URL"):
        async with hooked(api, tmp_path):
            pass


async def test_trouble_at_the_registration_is_waited_out(api: BotApi, tmp_path: Path) -> None:
    api.faults.fail("setWebhook", 502, times=2)
    api.faults.fail("getWebhookInfo", 429, times=1, retry_after=0)
    async with hooked(api, tmp_path):
        api.user(1).say("一")
        assert (await api.user(1).next()).text == "1. 一"


async def test_that_telegram_cannot_reach_the_webhook_is_logged(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(api, tmp_path) as served:
        api.proxies[ORIGIN] = "http://127.0.0.1:1"  # the reverse proxy is down
        api.user(1).say("一")
        await until(lambda: "Telegram 送不到 webhook" in caplog.text)
        api.proxies[ORIGIN] = served.inside
        assert (await api.user(1).next()).text == "1. 一"


async def test_a_taken_port_is_said_in_words(api: BotApi, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = Place("127.0.0.1", taken.getsockname()[1])
        assistant = Counter(tmp_path / "store.db")
        with pytest.raises(ChannelError, match="端口已被占用"):
            await serve(assistant, token=api.token, api=api.root, patience=QUICK,
                        ports=Ports(webhook=Hook(URL, place)))  # fmt: skip
        assistant.store.close()


# ── who is not Telegram ─────────────────────────────────────────────────────────────────────────


async def test_whoever_has_not_all_of_it_gets_the_same_nothing(api: BotApi, tmp_path: Path) -> None:
    async with hooked(api, tmp_path) as served:
        right = served.secret
        posts: list[dict[str, Any]] = [
            {"body": update("x")},
            {"body": update("x"), "secret": ""},
            {"body": update("x"), "secret": right[:-1]},
            {"body": update("x"), "secret": right + "x"},
            {"body": update("x"), "secret": right.swapcase()},
            {"body": update("x"), "secret": "é" * 60},
            {"body": update("x"), "secret": right, "path": "/"},
            {"body": update("x"), "secret": right, "path": "/hook/Xq7/"},
            {"body": update("x"), "secret": right, "path": "/hook/Xq7?a=1"},
            {"body": update("x"), "secret": right, "path": "/hook/xq7"},
            {"secret": right, "method": "GET"},
            {"body": update("x"), "secret": right, "method": "PUT"},
            {"body": b"no json"},
            {"body": b"x" * 100_000},
            {"method": "GET", "path": "/metrics"},
            {"method": "GET", "path": "/health"},
        ]
        answers = {await served.post(**post) for post in posts}
        assert answers == {(404, "")}
        assert served.assistant.heard == []
        served.inside = served.monitor
        assert await served.post(method="GET", path="/health") == (
            200,
            '{"ok": true, "reasons": []}',
        )
        _, numbers = await served.post(method="GET", path="/metrics")
        assert f"nianbao_strangers_total {len(posts)}.0" in numbers


async def test_what_is_no_update_is_refused_though_the_secret_is_right(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(api, tmp_path) as served:
        right = served.secret
        for body in (b"", b"no json", b"\xff\xfe", b"[]", b"7", b"{}", b'{"update_id": "7"}',
                     b"[" * 15_000):  # fmt: skip
            assert (await served.post(body, secret=right))[0] == 400, body
        assert (await served.post(update("x" * 30_000), secret=right))[0] == 413
        api.user(1).say("还好")
        assert (await api.user(1).next()).text == "1. 还好"
        assert right not in caplog.text


async def test_a_body_without_a_length_ends_at_the_limit(api: BotApi, tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 1000

    async with hooked(api, tmp_path) as served, aiohttp.ClientSession() as session:
        try:
            async with session.post(
                served.inside + "/hook/Xq7", data=endless(), headers={HEADER: served.secret}
            ) as response:
                assert response.status == 413
        except aiohttp.ClientError:
            pass  # the connection was closed before all of it was written
        assert served.assistant.heard == []


@pytest.mark.parametrize("known", [True, False])
async def test_a_body_that_never_ends_is_not_waited_for(
    api: BotApi, tmp_path: Path, known: bool
) -> None:
    async with hooked(api, tmp_path) as served:
        secret = served.secret if known else "guessed"
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        head = (
            f"POST /hook/Xq7 HTTP/1.1\r\nHost: x\r\n{HEADER}: {secret}\r\nContent-Length: 900\r\n"
        )
        writer.write(head.encode() + b"\r\n{")
        said = await asyncio.wait_for(reader.read(), 3)
        assert said.startswith(b"HTTP/1.1 408" if known else b"HTTP/1.1 404")
        writer.close()


@pytest.mark.parametrize("begun", [b"", b"POST /hook/Xq7 HTTP/1.1\r\nHos", b"\x16\x03\x01\x02\x00"])
async def test_a_request_that_does_not_come_is_not_waited_for(
    api: BotApi, tmp_path: Path, begun: bytes
) -> None:
    async with hooked(api, tmp_path) as served:
        lorises = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(50)]
        for _, writer in lorises:
            writer.write(begun)
        api.user(1).say("不受影响")
        assert (await api.user(1).next()).text == "1. 不受影响"
        for reader, writer in lorises:
            await asyncio.wait_for(reader.read(), 3)
            writer.close()
        assert served.assistant.heard[0].text == "不受影响"


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nX: " + b"geheim" * 5000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: geheim\r\n\r\n",
        b"POST /hook/Xq7 HTTP/1.1\r\nHost: x\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\ngeheim\r\n",
        b"POST /hook/Xq7 HTTP/1.1\r\nHost: x\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ngeheim\r\nzz",
    ],
    ids=["tls", "long", "length", "chunks", "cut"],
)  # fmt: skip
async def test_what_is_no_http_is_refused_and_not_quoted_in_the_log(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture, garbage: bytes
) -> None:
    caplog.set_level(logging.INFO)
    async with hooked(api, tmp_path) as served:
        known = f"{HEADER}: {served.secret}".encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(garbage.replace(b"%s", known))
        assert (await asyncio.wait_for(reader.read(), 3)).split()[1] == b"400"
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(
            b"POST /hook/Xq7 HTTP/1.1\r\nHost: x\r\n" + known + b"\r\nContent-Length: 9\r\n\r\n{"
        )
        writer.close()
        api.user(1).say("一")
        assert (await api.user(1).next()).text == "1. 一"
        assert served.secret not in caplog.text
    assert "geheim" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_replayed_posts_change_nothing(api: BotApi, tmp_path: Path) -> None:
    async with hooked(api, tmp_path) as served:
        number = api.user(1).say("一").update_id
        await api.user(1).next()
        again = update("又", number)
        answers = await asyncio.gather(
            *(served.post(again, secret=served.secret) for _ in range(20))
        )
        assert set(answers) == {(200, "")}
    assert len(served.assistant.heard) == 1
    assert bot_said(api) == ["1. 一"]


async def test_neither_token_nor_secret_nor_words_are_logged(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with hooked(api, tmp_path) as served:
        api.user(1, "张秘密").say("绝密内容")
        await api.user(1).next()
        await served.post(b"no", secret=served.secret)
        secret = served.secret
    mine = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("bot"))
    assert mine
    assert not any(word in mine for word in (api.token, secret, "张秘密", "绝密内容"))


# ── the settings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("127.0.0.1:8470", Place("127.0.0.1", 8470)),
        ("8470", Place("127.0.0.1", 8470)),
        (":8470", Place("127.0.0.1", 8470)),
        ("0.0.0.0:80", Place("0.0.0.0", 80)),
        ("[::1]:8470", Place("::1", 8470)),
    ],
)
def test_an_address_may_be_written_so(words: str, place: Place) -> None:
    assert read_place(words) == place


@pytest.mark.parametrize("words", ["", "localhost", "127.0.0.1:", "host:70000", "a:８０", "h:-1"])
def test_another_address_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="主机:端口"):
        read_place(words)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NIANBAO_WEBHOOK_URL", "http://nianbao.example/x", "https://"),
        ("NIANBAO_WEBHOOK_URL", "https://", "https://"),
        ("NIANBAO_LISTEN", "here", "NIANBAO_LISTEN"),
        ("NIANBAO_METRICS", "there", "NIANBAO_METRICS"),
        ("NIANBAO_LOG", "xml", "NIANBAO_LOG"),
    ],
)
def test_a_setting_that_cannot_be_is_said_before_the_start(
    name: str, value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_TELEGRAM_TOKEN", "1:x")
    monkeypatch.setenv("NIANBAO_WEBHOOK_URL", URL)
    monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["serve", "--db", str(tmp_path / "x.db")])
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "x.db").exists()


# ── the whole product ───────────────────────────────────────────────────────────────────────────


class HookedServer(Server):
    """A real `nianbao serve` with a webhook."""

    @property
    def environ(self) -> dict[str, str]:
        """The settings of the process."""
        [inside] = self.api.proxies.values()
        listen = inside.removeprefix("http://")
        return {**super().environ, "NIANBAO_WEBHOOK_URL": URL, "NIANBAO_LISTEN": listen}


async def test_killed_on_the_way_a_bureau_loses_nothing_and_is_asked_nothing_twice(
    api: BotApi, tmp_path: Path
) -> None:
    api.proxies[ORIGIN] = f"http://127.0.0.1:{free_port()}"
    server = HookedServer(api, tmp_path / "nianbao.db")
    unit = "西工区政务服务和大数据管理局"
    payload = server.run("invite", "--unit", unit, "--year", "2022").split()[0]
    server.start()

    async def killer() -> None:
        await until(lambda: len(api.user(7).chat.log) > 3, 20)
        await asyncio.to_thread(server.kill)

    killing = asyncio.create_task(killer())
    played = await play(api.user(7, "李"), f"/start {payload}", QUIET, QUIET_END)
    await killing
    assert not played.shown_twice
    assert played.files
    assert api.counts["getUpdates"] == 0
    assert server.stop() == 0
