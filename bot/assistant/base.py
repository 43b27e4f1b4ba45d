"""The parts an assistant is made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.form import Form
from bot.guide import Guides
from bot.store import Store
from bot.wording import Wording

LINK = "https://t.me/{name}?start={payload}"


class Parts:
    """One office's store, form and words, and the clock."""

    def __init__(
        self,
        store: Store,
        form: Form,
        guides: Guides,
        wording: Wording,
        clock: Callable[[], datetime],
        local: Path | None = None,
        fonts: Path | None = None,
    ) -> None:
        self.local = local
        self.fonts = fonts
        self.store = store
        self.form = form
        self.guides = guides
        self.wording = wording
        self.clock = clock

    def link(self, payload: str) -> str:
        """The deep link of an invitation; what to type where the bot's name is not known yet."""
        name = self.store.fact("bot")
        return LINK.format(name=name, payload=payload) if name else f"/start {payload}"

    def meet(self, name: str) -> None:
        """The bot's name at its messenger, for links."""
        if self.store.fact("bot") != name:
            self.store.keep_fact("bot", name)
