"""The double's HTTP server, for a test (`async with BotApi() as api`) or as a process."""

import argparse
import asyncio
import signal
import sys
import time
from email.utils import formatdate
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.botapi.control import CONTROLS
from tests.botapi.faults import PAGES, Fault, Refused, refusal
from tests.botapi.limits import Rates
from tests.botapi.methods import METHODS
from tests.botapi.params import Params, read_params
from tests.botapi.posting import post_updates
from tests.botapi.updates import to_json
from tests.botapi.world import TOKEN, World

JSON = {"Content-Type": "application/json"}
UNAUTHORIZED = Refused("Unauthorized", 401)
NO_METHOD = Refused("Not Found: method not found", 404)
NOT_FOUND = Refused("Not Found", 404)


class BotApi(World):
    """Telegram on 127.0.0.1: its state, the test's side of it, and HTTP for the bot."""

    def __init__(self, token: str = TOKEN, *, port: int = 0, **options: Any) -> None:
        super().__init__(token, **options)
        self.port = port
        self.root = ""
        self._runner: web.ServerRunner | None = None
        self._posting: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "BotApi":
        server = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.root = f"http://127.0.0.1:{self.port}"
        self._posting = asyncio.create_task(post_updates(self))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.updates.close()
        if self._posting:
            self._posting.cancel()
            await asyncio.wait((self._posting,))
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request: a call of the bot, a download, or the test's control."""
        path = request.path
        try:
            if path.startswith("/bot"):
                return await self._call(request, *path[4:].partition("/")[::2])
            if path.startswith("/file/bot"):
                return self._download(*path[9:].partition("/")[::2])
            if path.startswith("/control/"):
                return await self._control(request, path[9:])
            raise NOT_FOUND
        except Refused as refused:
            return _refused(refused)

    async def _call(self, request: web.BaseRequest, token: str, method: str) -> web.Response:
        trip = self.faults.delay / 2
        if trip:
            await asyncio.sleep(trip)
        params = await read_params(request)
        name = method.lower()
        self.calls.append((asyncio.get_running_loop().time(), method, params.values))
        self.counts[method] += 1
        fault = self.faults.take(name)
        if fault and fault.cut_before:
            return _cut(request)
        try:
            response = await self._taken(token, name, params, fault)
        except Refused as refused:
            response = _refused(refused)
        if fault and fault.cut_after:
            return _cut(request)
        if trip:
            await asyncio.sleep(trip)
        if self.faults.skew:
            response.headers["Date"] = formatdate(time.time() + self.faults.skew, usegmt=True)
        return response

    async def _taken(
        self, token: str, name: str, params: Params, fault: Fault | None
    ) -> web.Response:
        """What Telegram does with a call that reached it."""
        if token != self.token:
            raise UNAUTHORIZED
        if fault and fault.status:
            return _page(fault)
        if name == "getupdates":
            return _fine(await self._updates(params))
        try:
            method = METHODS[name]
        except KeyError:
            raise NO_METHOD from None
        return _fine(to_json(method(self, params)))

    async def _updates(self, params: Params) -> str:
        """getUpdates."""
        if (allowed := params.parsed("allowed_updates")) is not None:
            self.updates.allowed = frozenset(allowed)
        if offset := params.number("offset"):
            self.updates.confirm(offset)
        limit = min(max(params.number("limit", 100), 1), 100)
        return await self.updates.fetch(limit, min(params.number("timeout"), 50))

    def _download(self, token: str, path: str) -> web.Response:
        if token != self.token:
            raise UNAUTHORIZED
        stored = self.files_by_path.get(path)
        if stored is None:
            raise NOT_FOUND
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _control(self, request: web.BaseRequest, name: str) -> web.Response:
        control = CONTROLS.get(name)
        if control is None:
            raise NOT_FOUND
        try:
            return _fine(to_json(await control(self, await read_params(request))))
        except (LookupError, ValueError, TypeError, RuntimeError) as fault:
            raise Refused(str(fault)) from fault


def _fine(result: str) -> web.Response:
    return web.Response(body=f'{{"ok":true,"result":{result}}}'.encode(), headers=JSON)


def _refused(refused: Refused) -> web.Response:
    out: dict[str, Any] = {
        "ok": False,
        "error_code": refused.code,
        "description": refused.description,
    }
    headers = JSON
    if refused.retry_after:
        out["parameters"] = {"retry_after": refused.retry_after}
        headers = {**JSON, "Retry-After": str(refused.retry_after)}
    return web.Response(status=refused.code, body=to_json(out).encode(), headers=headers)


def _page(fault: Fault) -> web.Response:
    """An error page of the gateway, or Telegram's own refusal."""
    if fault.status not in PAGES:
        raise refusal(fault)
    title = f"{fault.status} {PAGES[fault.status]}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return web.Response(status=fault.status, text=page, content_type="text/html")


def _cut(request: web.BaseRequest) -> web.Response:
    """The connection is gone; the response that is returned reaches nobody."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def serve(port: int, delay: float, limits: Rates | None) -> None:
    """Run until SIGINT or SIGTERM."""
    done = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, done.set)
    async with BotApi(port=port, delay=delay, limits=limits) as api:
        sys.stdout.write(f"{api.root} {api.token}\n")
        sys.stdout.flush()
        await done.wait()


def main() -> None:
    """Start from the command line; the first line printed is the root and the token."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0.0)
    parser.add_argument("--no-limits", action="store_true")
    args = parser.parse_args()
    limits = None if args.no_limits else Rates()
    asyncio.run(serve(args.port, args.delay_ms / 1000, limits))


if __name__ == "__main__":
    main()
