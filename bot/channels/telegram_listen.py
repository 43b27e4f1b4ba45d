"""A small HTTP server for machines: bounded in body, headers and time; `nothing` for strangers."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

BODY_BYTES = 2**20
"""More than any update has."""
BODY_SECONDS = 10.0
IDLE_SECONDS = 75.0
"""Longer than a reverse proxy keeps its connections, so that it is the one who closes them."""
CLOSE_SECONDS = 3.0

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class ListenError(Exception):
    """Nothing can be served there; the message is a sentence for people."""


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
async def listening(place: Place, answer: Answer, bounds: Bounds | None = None) -> AsyncIterator[Place]:
    """Serve until left, then finish what is in hand; the place, with the port that was free.

    ListenError where the place is taken or not ours.
    """
    bounds = bounds or Bounds()
    server = web.Server(answer, access_log=None, keepalive_timeout=bounds.idle_seconds,
                        lingering_time=0.0, auto_decompress=False)  # fmt: skip
    runner = web.ServerRunner(server, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, place.host, place.port).start()
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "端口已被占用" if taken else f"不能监听（{error.strerror or error}）"
            raise ListenError(f"{place}：{reason}。请换一个地址，或者先停掉占用它的程序。") from None
        yield Place(place.host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


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
