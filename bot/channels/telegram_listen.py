"""A small HTTP server for machines: bounded in body, headers and time; `nothing` for strangers."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.channels.telegram_chat import place as place_of
from bot.channels.telegram_poll import ChannelError

BODY_BYTES = 2**20
"""More than any update has."""
BODY_SECONDS = 10.0
IDLE_SECONDS = 75.0
"""Longer than a reverse proxy keeps its connections, so that it is the one who closes them."""
CLOSE_SECONDS = 3.0

_log = logging.getLogger(__name__)
_silent = logging.getLogger(f"{__name__}.aiohttp")
_silent.disabled = True  # it would quote whatever strangers send

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: a host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_place(words: str) -> Place:
    """`host:port`, `[address]:port`, or a port of this machine alone; ValueError in words."""
    host, _, port = words.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not port.isascii() or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError(f"“{words[:40]}”应写成 主机:端口，例如 127.0.0.1:8470。")
    return Place(host, int(port))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much and how long a client may send, in bytes and seconds."""

    body: int = BODY_BYTES
    body_seconds: float = BODY_SECONDS
    idle_seconds: float = IDLE_SECONDS


@asynccontextmanager
async def listening(
    place: Place, answer: Answer, bounds: Bounds | None = None
) -> AsyncIterator[Place]:
    """Serve until left, then finish what is in hand; the place, with the port that was free.

    ChannelError where the place is taken or not ours.
    """
    bounds = bounds or Bounds()
    server = web.Server(
        _guarded(answer), logger=_silent, access_log=None, lingering_time=0.0,
        keepalive_timeout=bounds.idle_seconds, auto_decompress=False,
    )  # fmt: skip
    runner = web.ServerRunner(server, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, place.host, place.port).start()
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "端口已被占用" if taken else f"不能监听（{error.strerror or error}）"
            raise ChannelError(
                f"{place}：{reason}。请换一个地址，或者先停掉占用它的程序。"
            ) from None
        yield Place(place.host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _guarded(answer: Answer) -> Answer:
    """The same, but a client that goes away is no fault, and a fault is told without its words."""

    async def guarded(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await answer(request)
        except (ConnectionError, web.RequestPayloadError):
            return reply(400)
        except Exception as fault:
            _log.error("HTTP 请求没有处理成：%s（%s）", type(fault).__name__, place_of(fault))
            return reply(500)

    return guarded


async def read_body(request: web.BaseRequest, bounds: Bounds) -> bytes:
    """The body of a request; HTTPRequestEntityTooLarge, or TimeoutError where it does not come."""
    if (request.content_length or 0) > bounds.body:
        raise web.HTTPRequestEntityTooLarge(bounds.body, request.content_length or 0)
    body = bytearray()
    async with asyncio.timeout(bounds.body_seconds):
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > bounds.body:
                raise web.HTTPRequestEntityTooLarge(bounds.body, len(body))
    return bytes(body)


def reply(status: int = 200, text: str = "", kind: str = "text/plain") -> web.Response:
    """An answer; whoever was refused is not listened to any longer."""
    response = web.Response(
        status=status, text=text, content_type=kind, charset="utf-8", headers={"Server": "nianbao"}
    )
    if status >= 400:
        response.force_close()
    return response
