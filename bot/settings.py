"""Settings from the environment; the only place that reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

TELEGRAM_API = "https://api.telegram.org"
FORM = "gov-info-2021"
"""The form that is filled in: the name of a file in prompts/forms, or a path to one."""
_SHOWN = 40  # characters of a setting
LISTEN = "127.0.0.1:8470"
"""Where a reverse proxy finds the webhook: plain HTTP, this machine only."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator sets; the token never shows in a printed Settings."""

    telegram_token: str = field(default="", repr=False)
    telegram_api: str = TELEGRAM_API
    db: Path = Path("nianbao.db")
    out: Path = Path("out")
    local: Path | None = None
    fonts: Path | None = None
    webhook_url: str = ""
    listen: str = LISTEN
    metrics: str = ""
    log: str = ""
    retention: str = ""
    form: str = FORM

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in `environ` (default: the process's); an empty value counts as unset."""
        found = {key: value.strip() for key, value in (environ or os.environ).items()}
        local = found.get("NIANBAO_LOCAL", "")
        fonts = found.get("NIANBAO_FONTS", "")
        return cls(
            telegram_token=found.get("NIANBAO_TELEGRAM_TOKEN", "")
            or _read_secret(found.get("NIANBAO_TELEGRAM_TOKEN_FILE", "")),
            telegram_api=(found.get("NIANBAO_TELEGRAM_API") or TELEGRAM_API).rstrip("/"),
            db=Path(found.get("NIANBAO_DB") or "nianbao.db"),
            out=Path(found.get("NIANBAO_OUT") or "out"),
            local=Path(local) if local else None,
            fonts=Path(fonts) if fonts else None,
            webhook_url=found.get("NIANBAO_WEBHOOK_URL", ""),
            listen=found.get("NIANBAO_LISTEN") or LISTEN,
            metrics=found.get("NIANBAO_METRICS", ""),
            log=found.get("NIANBAO_LOG", "").lower(),
            retention=found.get("NIANBAO_RETENTION", ""),
            form=found.get("NIANBAO_FORM") or FORM,
        )


def token_fault(token: str) -> str:
    """What is wrong with the shape of a bot token, as a sentence; '' where nothing is.

    The token itself is never shown.
    """
    if re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
        return ""
    if re.search(r"\s", token):
        why = "中间有空格或者换行"
    elif ":" not in token:
        why = "数字后面的冒号要用英文的" if "：" in token else "没有冒号，可能没有抄全"
    elif re.search("[\"'“”‘’<>]", token):
        why = "多了引号或者括号"
    else:
        why = "冒号前面只能是数字，后面只能是字母、数字、_ 和 -"
    return (
        f"机器人令牌的写法不对：{why}。请核对 NIANBAO_TELEGRAM_TOKEN（或者"
        " NIANBAO_TELEGRAM_TOKEN_FILE 那个文件），写 @BotFather 给的那一整段，例如 123456789:AAF…"
    )


def api_fault(api: str) -> str:
    """What is wrong with the address of the Bot API, as a sentence; '' where nothing is."""
    try:
        parts = urlsplit(api)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if right and not re.search(r"[\s?#]", api):
        return ""
    shown = re.sub(r"[0-9]{5,}:\S+", "…", api)[:_SHOWN]
    return (
        f"NIANBAO_TELEGRAM_API“{shown}”不是接口地址：应以 http:// 或者 https:// 开头，"
        f"后面是主机名，例如 {TELEGRAM_API}；没有自己的接口服务器就不要设。"
    )


def _read_secret(path: str) -> str:
    """What a file holds, without the ends of lines; '' where there is none to read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError):
        return ""  # only `serve` needs it, and says that there is none
