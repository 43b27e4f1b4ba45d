"""How calls reach the Bot API: python-telegram-bot's request seam on aiohttp.

A third of the CPU time of the httpx backend, and it does not collapse with many connections.
What went wrong is told apart by one question, did Telegram take the call?

| raised                              | the call was                                   |
| ----------------------------------- | ---------------------------------------------- |
| NotSent                             | not taken: no connection came about            |
| Unavailable                         | not taken: an error page or 5xx came instead   |
| TooMany                             | not taken: to be repeated after `seconds`      |
| Unauthorized                        | not taken: the token is wrong                  |
| PTB's BadRequest, Forbidden, …      | refused, for good                              |
| PTB's TimedOut, NetworkError itself | perhaps taken, nobody knows                    |

No error carries a URL: the token stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 128
READ_SECONDS = 10.0
CONNECT_SECONDS = 10.0
WRITE_SECONDS = 10.0
UPLOAD_SECONDS = 120.0
IDLE_SECONDS = 30.0

_JSON = {"Content-Type": "application/json"}
_PTB_KNOWS = (400, 403, 404, 409)
_GATEWAY_TIMEOUT = 504


class NotSent(NetworkError):
    """The call surely never left."""


class Unavailable(NetworkError):
    """Something else than Telegram's answer came back."""


class Unauthorized(InvalidToken):
    """The token is wrong."""


class TooMany(TelegramError):
    """Flood control: to be repeated after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too Many Requests: retry after {seconds:g}")
        self.seconds = seconds


_SAID: tuple[tuple[type[Exception], str], ...] = (
    (NotSent, "连不上 Telegram，请检查网络、代理（https_proxy）和 NIANBAO_TELEGRAM_API"),
    (Unavailable, "对面回的不是 Telegram 的答复（它可能在维修，也可能是代理的页面）"),
    (Unauthorized, "Telegram 不认可令牌（401），请核对 NIANBAO_TELEGRAM_TOKEN"),
    (
        InvalidToken,
        "接口地址或令牌不对（404），请核对 NIANBAO_TELEGRAM_TOKEN 和 NIANBAO_TELEGRAM_API",
    ),
    (TooMany, "Telegram 限流（429），等一会儿自动再试"),
    (Conflict, "另有一个程序在用这个令牌收消息（409），请停掉那一个"),
    (Forbidden, "对方停用了机器人，或者把它移出了群"),
    (TimedOut, "Telegram 没有按时答复，请检查网络快慢"),
    (BadRequest, "Telegram 不接受这次请求（400）"),
    (NetworkError, "与 Telegram 的连接中途断了，请检查网络和代理"),
    (TelegramError, "Telegram 的答复看不懂"),
)
"""Kinds before those that they are kinds of."""


class AiohttpRequest(BaseRequest):
    """One session with kept-alive connections for all calls."""

    __slots__ = ("_proxy", "_session")

    def __init__(self, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where the caller does not say."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call: status and body; faults as the table above has them."""
        files = request_data is not None and request_data.contains_files
        headers = None if files or request_data is None else _JSON
        timeout = _timeout(_or(read_timeout, READ_SECONDS), files)
        return await self._exchange(method, url, _body(request_data, files), headers, timeout)

    async def call(self, url: str, values: Mapping[str, object]) -> Any:
        """One call whose answer is wanted as it is: its result, or the errors of the table.

        PTB's own way builds objects of every answer; for a message that only has to be sent they
        take longer than the call.
        """
        timeout = _timeout(READ_SECONDS, False)
        body = json.dumps(values).encode()
        status, answer = await self._exchange("POST", url, body, _JSON, timeout)
        payload = self.parse_json_payload(answer)
        if 200 <= status < 300:
            return payload.get("result")
        raise _refusal(status, payload)

    async def _exchange(
        self,
        method: str,
        url: str,
        data: bytes | aiohttp.FormData | None,
        headers: Mapping[str, str] | None,
        timeout: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSent("not initialized")
        try:
            async with self._session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                status, body = response.status, await response.read()
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientHttpProxyError,
            aiohttp.InvalidURL,
        ) as fault:
            raise NotSent(type(fault).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as fault:
            raise NetworkError(type(fault).__name__) from None
        _check(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer; unlike PTB's own it logs nothing, for people's words stand in it."""
        try:
            return cast(dict[str, Any], json.loads(payload))
        except ValueError:
            raise NetworkError("Invalid server response") from None


async def call(bot: Bot, method: str, values: Mapping[str, object]) -> Any:
    """One call of `bot` whose answer is wanted as it is."""
    request = bot.request
    assert isinstance(request, AiohttpRequest)
    return await request.call(f"{bot.base_url}/{method}", values)


def said_of(fault: Exception) -> str:
    """What became of a call, in words with what to look at; other faults have their class only."""
    return next((words for kind, words in _SAID if isinstance(fault, kind)), type(fault).__name__)


def find_proxy(api: str) -> str | None:
    """The HTTP proxy that the environment names for the Bot API's address, if any."""
    parts = urlsplit(api)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy and proxy.startswith("http") else None


def _or(value: Any, default: float) -> float:
    return value if isinstance(value, (int, float)) else default


@lru_cache(maxsize=32)
def _timeout(read: float, files: bool) -> aiohttp.ClientTimeout:
    write = UPLOAD_SECONDS if files else WRITE_SECONDS
    return aiohttp.ClientTimeout(
        total=CONNECT_SECONDS + write + read, sock_connect=CONNECT_SECONDS, sock_read=read
    )


def _body(request_data: RequestData | None, files: bool) -> bytes | aiohttp.FormData | None:
    if request_data is None:
        return None
    if not files:
        return json.dumps(request_data.parameters).encode()
    # Telegram takes a file name as raw UTF-8 and shows percent signs otherwise.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form


def _check(status: int, body: bytes) -> None:
    """Raise what PTB would not tell apart by the status."""
    if 200 <= status < 300:
        return
    answer = _answer(body)
    if status == _GATEWAY_TIMEOUT:
        raise TimedOut
    if answer is None or status >= 500 or status < 400:
        raise Unavailable(f"HTTP {status}")
    words = str(answer.get("description") or f"HTTP {status}")
    if status == 401:
        raise Unauthorized(words)
    if status == 429:
        raise TooMany(float((answer.get("parameters") or {}).get("retry_after") or 1))
    if status not in _PTB_KNOWS:
        raise BadRequest(words)


def _refusal(status: int, payload: Mapping[str, Any]) -> TelegramError:
    """What Telegram refused for good, as PTB names it."""
    words = str(payload.get("description") or f"HTTP {status}")
    moved = (payload.get("parameters") or {}).get("migrate_to_chat_id")
    if moved:
        return ChatMigrated(moved)
    known: dict[int, type[TelegramError]] = {403: Forbidden, 404: InvalidToken, 409: Conflict}
    return known.get(status, BadRequest)(words)


def _answer(body: bytes) -> dict[str, Any] | None:
    """Telegram's answer, or None where the page is somebody else's."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and "ok" in answer else None
