"""Settings from the environment; the only place that reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TELEGRAM_API = "https://api.telegram.org"
FORM = "gov-info-2021"
"""The form that is filled in: the name of a file in prompts/forms, or a path to one."""
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


def _read_secret(path: str) -> str:
    """What a file holds, without the ends of lines; '' where there is none to read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError):
        return ""  # only `serve` needs it, and says that there is none
