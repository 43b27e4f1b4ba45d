"""What machines ask: `/health` (200, or 503 with reasons) and `/metrics` (Prometheus text).

It has a port of its own and never that of the webhook: behind a reverse proxy everybody seems to
come from this machine. There is nothing in it that somebody wrote.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from aiohttp import web

from bot.channels.telegram_listen import Place, listening, reply
from bot.channels.telegram_metrics import Metrics
from bot.channels.telegram_poll import Trouble
from bot.channels.telegram_webhook import Webhook
from bot.store import Store
from bot.store.condition import backlog, probe

QUIET_SECONDS = 120.0
"""Longer than a poll, or than two looks at the webhook."""
POST_SECONDS = 30.0
OUTBOX_SECONDS = 300.0
FREE_BYTES = 50_000_000


class Monitor:
    """Tells how the process is."""

    def __init__(self, store: Store, metrics: Metrics, trouble: Trouble) -> None:
        self.store, self.metrics, self.trouble = store, metrics, trouble
        self.webhook: Webhook | None = None

    def listening(self, place: Place) -> AbstractAsyncContextManager[Place]:
        """Answer at a place until left."""
        return listening(place, self._answer)

    async def reasons(self) -> list[str]:
        """Why the process does not do its work, in sentences; empty where it does."""
        fault = await asyncio.to_thread(probe, self.store.path)
        return [*([f"数据库写不进：{fault}"] if fault else []), *self._slow()]

    def _slow(self) -> Iterator[str]:
        """What takes too long, or is nearly full."""
        free = shutil.disk_usage(self.store.path.parent).free
        if free < FREE_BYTES:
            yield f"磁盘只剩 {free // 1_000_000} MB"
        if (quiet := self.trouble.clock() - self.trouble.good_at) > QUIET_SECONDS:
            yield f"{quiet:.0f} 秒没有连上 Telegram"
        if self.webhook and (held := self.webhook.waiting_seconds()) > POST_SECONDS:
            yield f"收到的更新已有 {held:.0f} 秒没有处理"
        waiting = backlog(self.store)
        if (seconds := waiting.seconds(datetime.now(UTC))) > OUTBOX_SECONDS:
            yield f"发件箱有 {waiting.unsent} 条未发，最早的一条等了 {seconds:.0f} 秒"

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD"):
            return reply(405)
        try:
            if request.path == "/metrics":
                return reply(200, self.metrics.text())
            if request.path == "/health":
                return _told(await self.reasons())
        except Exception as fault:  # the store's, mostly: that is an answer too
            return _told([f"查不了：{type(fault).__name__}"])
        return reply(404)


def _told(reasons: list[str]) -> web.Response:
    """An answer about health as JSON."""
    text = json.dumps({"ok": not reasons, "reasons": reasons}, ensure_ascii=False)
    return reply(503 if reasons else 200, text, "application/json")
