"""Looks at Telegram: the token, the way there, the clock, where updates go."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bot.doctor.point import Point, bad, fine, warn
from bot.reasons import reason
from bot.settings import Settings, api_fault, token_fault

SECONDS = 10.0
SLOW_SECONDS = 2.0
SKEW_SECONDS = 60.0
RECENT_SECONDS = 3600.0
_SHOWN = 120


class Unreached(Exception):
    """Telegram did not answer; the message is a reason without a full stop."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the Bot API: status, result, the server's clock, and how long it took."""

    status: int
    result: dict[str, Any]
    date: datetime | None
    seconds: float


def look_at_telegram(settings: Settings, running: bool) -> Iterator[Point]:
    """Everything about Telegram; the rest is left out where it cannot be reached."""
    if not settings.telegram_token:
        yield warn("令牌", "没有设置 NIANBAO_TELEGRAM_TOKEN；只在终端里用可以不管，serve 需要它。")
        return
    if fault := token_fault(settings.telegram_token):
        yield bad("令牌", fault)
        return
    if fault := api_fault(settings.telegram_api):
        yield bad("接口", fault)
        return
    try:
        me = _ask(settings, "getMe")
    except Unreached as fault:
        host = urlsplit(settings.telegram_api).hostname or settings.telegram_api
        yield bad("接口", f"连不上 {host}（{fault}）。请检查网络、代理和 NIANBAO_TELEGRAM_API。")
        return
    yield _speed(me)
    yield _token(me)
    yield _clock(me)
    if me.status == 200:
        yield from _webhook(settings, running)


def _speed(me: Answer) -> Point:
    words = f"Telegram 在 {me.seconds * 1000:.0f} 毫秒内应答。"
    if me.status >= 500:
        return bad("接口", f"Telegram 出错（{me.status}）。请过几分钟再试。")
    return fine("接口", words) if me.seconds < SLOW_SECONDS else warn("接口", f"{words}线路很慢。")


def _token(me: Answer) -> Point:
    if me.status == 200:
        return fine("令牌", f"Telegram 认可，机器人是 @{me.result.get('username', '')}。")
    if me.status in (401, 404):
        return bad(
            "令牌",
            f"Telegram 不认可这个令牌（{me.status}）。请核对 NIANBAO_TELEGRAM_TOKEN，"
            "必要时向 @BotFather 重新领取。",
        )
    return bad("令牌", f"没有查成（{me.status}）。请过几分钟再试。")


def _clock(me: Answer) -> Point:
    if me.date is None:
        return warn("时钟", "对方没有报时间，没有核对。")
    skew = (datetime.now(UTC) - me.date).total_seconds()
    if abs(skew) <= SKEW_SECONDS:
        return fine("时钟", "与 Telegram 的时间一致。")
    way = "快" if skew > 0 else "慢"
    return warn("时钟", f"本机时间{way} {abs(skew):.0f} 秒，提醒和截止会算错。请打开自动校时。")


def _webhook(settings: Settings, running: bool) -> Iterator[Point]:
    """Where Telegram brings updates, against where they are awaited."""
    try:
        info = _ask(settings, "getWebhookInfo").result
    except Unreached as fault:
        yield bad("收取", f"没有查成（{fault}）。")
        return
    yield _way(settings.webhook_url, str(info.get("url", "")), running)
    at = float(info.get("last_error_date") or 0)
    if settings.webhook_url and time.time() - at < RECENT_SECONDS:
        words = str(info.get("last_error_message", ""))[:_SHOWN]
        yield warn(
            "投递", f"近一小时内 Telegram 送不到 webhook：{words}。请检查反向代理、证书和防火墙。"
        )
    waiting = int(info.get("pending_update_count") or 0)
    if waiting:
        yield warn("待收", f"有 {waiting} 条更新等着收取。")


def _way(wanted: str, found: str, running: bool) -> Point:
    if wanted == found:
        return fine("收取", "webhook 已登记。" if wanted else "用轮询，没有登记 webhook。")
    if running:
        words = "没有登记本机的 webhook" if wanted else "登记着 webhook，轮询收不到消息"
        return bad("收取", f"Telegram 那里{words}：可能另有程序在用这个令牌。停掉它，再重启服务。")
    words = "登记 webhook" if wanted else "取消 webhook，改用轮询"
    return fine("收取", f"下次启动时会{words}。")


def _ask(settings: Settings, method: str) -> Answer:
    """One call of the Bot API; Unreached, without the address: the token stands in it."""
    url = f"{settings.telegram_api}/bot{settings.telegram_token}/{method}"
    begun = time.perf_counter()
    try:
        try:
            response = urlopen(  # nosec B310 # the operator's own setting, on her own machine
                Request(url), timeout=SECONDS
            )
        except HTTPError as refused:
            response = refused
        with response:
            body, status, date = response.read(2**20), response.status, response.headers["Date"]
    except URLError as fault:
        raise Unreached(_reason(fault.reason)) from None
    except (OSError, ValueError, HTTPException) as fault:
        raise Unreached(_reason(fault)) from None
    return Answer(status, _result(body), _time(date), time.perf_counter() - begun)


def _reason(fault: object) -> str:
    """Why there was no answer, without a full stop."""
    if isinstance(fault, TimeoutError):
        return f"{SECONDS:.0f} 秒内没有应答"
    if isinstance(fault, gaierror):
        return "找不到这个主机"
    if isinstance(fault, SSLError):
        return "证书不可信" if isinstance(fault, SSLCertVerificationError) else "加密连接没有建成"
    if isinstance(fault, HTTPException) and not isinstance(fault, OSError):
        return "回答的不是 Telegram 的接口"
    return reason(fault) if isinstance(fault, OSError) and fault.errno else "连接没有建成"


def _result(body: bytes) -> dict[str, Any]:
    """The answer's result, empty where there is none."""
    try:
        result = json.loads(body)["result"]
    except (ValueError, KeyError, TypeError):
        return {}
    return result if isinstance(result, dict) else {}


def _time(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
