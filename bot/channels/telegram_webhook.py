"""Takes updates that Telegram posts: 200 only after they are committed.

Whoever does not know path and secret gets the same empty 404 for everything, and what he sends is
not read. Posts wait in one line, so that a chat's updates are taken as they came, however many
connections bring them; those that wait together are taken as one batch. What Telegram repeats
falls on the inbox's key. TLS is the reverse proxy's.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_chat import Patience, place
from bot.channels.telegram_in import KINDS
from bot.channels.telegram_listen import Bounds, Place, listening, read_body, reply
from bot.channels.telegram_poll import ChannelError, Trouble
from bot.channels.telegram_turns import Turns
from bot.store import Store

CONNECTIONS = 40
WATCH_SECONDS = 60.0
LOST_TIMES = 3
SECRET = "webhook_secret"  # nosec B105 # the name of a fact in the store
"""The fact under which the store keeps it."""
_HEADER = "X-Telegram-Bot-Api-Secret-Token"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates arrive: the public `url` (https), and the `place` behind the reverse proxy."""

    url: str
    place: Place
    watch_seconds: float = WATCH_SECONDS
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def path(self) -> str:
        """What stands in the request line."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@dataclass(slots=True, eq=False)
class Post:
    """An update that waits, since when, and whether it was taken."""

    raw: dict[str, Any]
    since: float
    taken: asyncio.Future[bool]


def webhook_secret(store: Store) -> str:
    """The store's secret for Telegram's posts, made at the first call.

    It stays the same: what is on its way during a restart is still known.
    """
    if not store.fact(SECRET):
        store.keep_fact(SECRET, secrets.token_urlsafe(48))
    return store.fact(SECRET)


class Webhook:
    """Has updates posted, and taken."""

    def __init__(self, hook: Hook, turns: Turns, bot: Bot, secret: str) -> None:
        self.hook, self.turns, self.bot, self.secret = hook, turns, bot, secret
        self._posts: list[Post] = []
        self._came = asyncio.Event()

    async def run(self, trouble: Trouble, patience: Patience) -> None:
        """Take posts until cancelled; ChannelError where that makes no sense."""
        work = asyncio.create_task(self._work())
        try:
            async with listening(self.hook.place, self._answer, self.hook.bounds):
                await self._register(trouble)
                await self._watch(trouble)
        finally:
            work.cancel()

    def waiting_seconds(self) -> float:
        """How long the first post waits to be taken."""
        return time.monotonic() - self._posts[0].since if self._posts else 0.0

    # ── posts ───────────────────────────────────────────────────────────────────────────────

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if not self._is_telegram(request):
            self.turns.metrics.strangers.inc()
            return reply(404)
        try:
            raw = json.loads(await read_body(request, self.hook.bounds))
        except web.HTTPRequestEntityTooLarge:
            return self._refused(413, "TooLarge")
        except TimeoutError:
            return self._refused(408, "TooSlow")
        except (ValueError, RecursionError):
            return self._refused(400, "NotJson")
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return self._refused(400, "NoUpdate")
        return reply(200 if await self._taken(raw) else 503)

    def _is_telegram(self, request: web.BaseRequest) -> bool:
        """Whether a request has everything right; all of it is compared, whatever was wrong."""
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        known = hmac.compare_digest(given, self.secret.encode())
        asked = request.raw_path.encode("utf-8", "surrogateescape")
        right = hmac.compare_digest(asked, self.hook.path.encode())
        return known & right & (request.method == "POST")

    def _refused(self, status: int, kind: str) -> web.Response:
        """No update, though the secret was right: a proxy that garbles, or one who knows it."""
        self.turns.metrics.failed("webhook", kind)
        _log.warning("webhook 收到的不是更新，已拒收：%s", kind)
        return reply(status)

    async def _taken(self, raw: dict[str, Any]) -> bool:
        taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._posts.append(Post(raw, time.monotonic(), taken))
        self._came.set()
        return await taken

    async def _work(self) -> None:
        """Take what waits, as one batch, for ever."""
        while True:
            await self._came.wait()
            self._came.clear()
            batch = tuple(self._posts)
            taken = await self._take(batch)
            del self._posts[: len(batch)]
            for post in batch:
                if not post.taken.done():  # its connection may be gone
                    post.taken.set_result(taken)

    async def _take(self, batch: tuple[Post, ...]) -> bool:
        try:
            await self.turns.take(post.raw for post in batch)
        except Exception as fault:  # Telegram posts them again
            _log.error("一批更新没有处理成：%s（%s）", type(fault).__name__, place(fault))
            return False
        return True

    # ── the registration ────────────────────────────────────────────────────────────────────

    async def _register(self, trouble: Trouble) -> None:
        """Tell Telegram where to post, as often as it takes."""
        while True:
            try:
                await self.bot.set_webhook(
                    self.hook.url, secret_token=self.secret, allowed_updates=KINDS,
                    max_connections=CONNECTIONS,
                )  # fmt: skip
            except TelegramError as fault:
                # The name may not be known for a moment after a boot; all else is for people.
                if isinstance(fault, BadRequest) and "resolve" not in fault.message:
                    raise ChannelError(
                        f"Telegram 不接受 NIANBAO_WEBHOOK_URL：{fault.message}。"
                        "地址要以 https:// 开头，端口只能是 443、80、88 或 8443。"
                    ) from None
                await asyncio.sleep(trouble.pause(fault))
            else:
                trouble.over()
                _log.info("webhook 已登记：%s", urlsplit(self.hook.url).hostname)
                return

    async def _watch(self, trouble: Trouble) -> None:
        """See now and then that Telegram still posts here, and whether it can."""
        lost, told = 0, datetime.now(UTC) - timedelta(seconds=1)
        while True:
            try:
                info = await self.bot.get_webhook_info()
            except TelegramError as fault:
                await asyncio.sleep(trouble.pause(fault))
                continue
            trouble.over()
            if not info.pending_update_count:
                self.turns.sender.polled.set()
            told = _tell_fault(info, told)
            lost = lost + 1 if info.url != self.hook.url else 0
            if lost:
                await self._win_back(lost, trouble)
            await asyncio.sleep(self.hook.watch_seconds)

    async def _win_back(self, lost: int, trouble: Trouble) -> None:
        if lost >= LOST_TIMES:
            raise ChannelError(
                "另有一个程序一再改动这个令牌的 webhook。请先停掉那一个，再启动年报助手。"
            )
        _log.warning("webhook 被别的程序改动，重新登记")
        await self._register(trouble)


def _tell_fault(info: WebhookInfo, told: datetime) -> datetime:
    """Log why Telegram could not post, once for each fault; until when that was told."""
    at = info.last_error_date
    if at is None or at <= told:
        return told
    _log.warning("Telegram 送不到 webhook：%s", info.last_error_message)
    return at
