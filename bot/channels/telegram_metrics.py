"""What a serving process counts, as Prometheus text: numbers only, nothing of what people write.

The calls are counted at the seam where they leave, the turns where they are taken, and what waits
is asked of the store when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import aiohttp
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from telegram.error import TelegramError

from bot.channels.telegram_http import AiohttpRequest, TooMany
from bot.store import Store
from bot.store.condition import backlog, stages

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_MESSAGES = ("sendMessage", "editMessageText")
_DOCUMENTS = ("sendDocument", "sendPhoto", "sendMediaGroup")


class Metrics:
    """The counters of one process."""

    def __init__(self, store: Store) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.updates = self._counter("updates", "Updates received, repeated ones included")
        self.turns = self._counter("turns", "Updates taken to the assistant", "result")
        self.turn_seconds = Histogram(
            "nianbao_turn_seconds", "Time until a turn was committed", buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.replies = self._counter("replies", "Messages and edits that Telegram took")
        self.documents = self._counter("documents", "Files and albums that Telegram took")
        self.refusals = self._counter("flood_refusals", "Calls refused with 429")
        self.errors = self._counter("errors", "Faults by where and kind", "where", "kind")
        self.strangers = self._counter("strangers", "Posts to the webhook without the secret")
        self.registry.register(Waiting(store))
        ProcessCollector(registry=self.registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"nianbao_{name}", words, labels, registry=self.registry)

    def failed(self, where: str, kind: str) -> None:
        """Something went wrong: in a call, a turn or an update; `kind` is the fault's class."""
        self.errors.labels(where, kind).inc()

    def called(self, method: str) -> None:
        """Telegram took a call."""
        if method in _MESSAGES:
            self.replies.inc()
        elif method in _DOCUMENTS:
            self.documents.inc()

    def text(self) -> str:
        """Everything counted, as Prometheus reads it."""
        return generate_latest(self.registry).decode()


class Waiting(Collector):
    """What waits in the store now."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: the store is not asked before somebody looks."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The outbox and the drafts."""
        waiting = backlog(self.store)
        yield GaugeMetricFamily("nianbao_outbox_unsent", "Messages not sent", waiting.unsent)
        yield GaugeMetricFamily(
            "nianbao_outbox_oldest_seconds", "How long the first unsent message waits",
            waiting.seconds(datetime.now(UTC)),
        )  # fmt: skip
        drafts = GaugeMetricFamily("nianbao_drafts", "Reports by stage", labels=["stage"])
        for stage, number in stages(self.store).items():
            drafts.add_metric([stage], number)
        yield drafts


class CountedRequest(AiohttpRequest):
    """The way to the Bot API, counting what becomes of the calls."""

    __slots__ = ("_metrics",)

    def __init__(self, proxy: str | None, metrics: Metrics) -> None:
        super().__init__(proxy)
        self._metrics = metrics

    async def _exchange(
        self,
        method: str,
        url: str,
        data: bytes | aiohttp.FormData | None,
        headers: Mapping[str, str] | None,
        timeout: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        try:
            status, body = await super()._exchange(method, url, data, headers, timeout)
        except TooMany:
            self._metrics.refusals.inc()
            raise
        except TelegramError as fault:
            self._metrics.failed("call", type(fault).__name__)
            raise
        if status < 300:
            self._metrics.called(url.rpartition("/")[2])
        else:
            self._metrics.failed("call", f"HTTP{status}")
        return status, body
