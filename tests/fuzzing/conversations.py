"""Somebody at a chat who does whatever comes to hand: buttons, figures, pastes, edits, double taps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from bot.messages import Incoming
from tests.fuzzing import updates
from tests.fuzzing.tally import Tally
from tests.fuzzing.texts import HOSTILE, soup, typed
from tests.fuzzing.watch import FORM, Watched
from tests.tables import COLUMNS, ROWS, STYLES, figures_of, report_of, requests_table

CLERKS = (
    "contact",
    "contact of water",
    "contact of trade",
    "contact of schools",
    "admin and contact",
)
_LABELS = {line.key: line.label for line in FORM.tables["requests"].rows}


class Walker:
    """One person's chat: what she does next, and what she did before."""

    def __init__(self, watched: Watched, chat: int, words: Callable[[Random], str]) -> None:
        self.watched, self.chat, self.words = watched, chat, words
        self.rng = watched.rng
        self.old: list[str] = []
        self.sent: list[updates.Raw] = []
        self.last: Incoming | None = None

    def step(self, number: int) -> None:
        """One deed; a person who presses twice does so at once."""
        raw = self._deed(number)
        self.last = self.watched.post(raw) or self.last
        self.old = (self.old + self.watched.shown(self.chat))[-60:]
        if self.last is not None and self.rng.random() < 0.05:
            self.watched.repeat(self.last)

    def _deed(self, number: int) -> updates.Raw:
        rng, kind = self.rng, self.rng.random()
        shown = self.watched.shown(self.chat)
        if kind < 0.45 and shown:
            return updates.press(number, self.chat, rng.choice(shown))
        if kind < 0.5 and self.old:
            return updates.press(number, self.chat, rng.choice(self.old))
        if kind < 0.55 and self.sent:
            return updates.edited(rng.choice(self.sent), number, self.words(rng))
        if kind < 0.6:
            return self._reply(number)
        if kind < 0.62:
            return updates.document(number, self.chat, rng.choice((*HOSTILE, "去年.docx")))
        if kind < 0.64:
            return updates.message(number, self.chat, dice={"emoji": "🎲", "value": 3})
        if kind < 0.68:
            return self._say(number, str(rng.randrange(1, 9)))
        return self._say(number, self.words(rng))

    def _say(self, number: int, text: str) -> updates.Raw:
        raw = updates.message(number, self.chat, text)
        self.sent = [*self.sent, raw][-20:]
        return raw

    def _reply(self, number: int) -> updates.Raw:
        """An answer to one of the bot's messages."""
        heard = self.watched.heard.get(f"telegram:{self.chat}", ())
        of = 10**6 + self.rng.choice(heard).id if heard else 1
        quoted = updates.message(of, self.chat, "…")["message"]
        return updates.message(number, self.chat, self.words(self.rng), reply_to_message=quoted)


def clerks_words(rng: Random) -> str:
    """What a clerk types: mostly small things, now and then a whole table, pasted."""
    if rng.random() < 0.9:
        return typed(rng)
    report = report_of(figures_of(requests_table(rng.randrange(99), STYLES["small"])))
    return "\n".join(
        _LABELS[row] + "\t" + "\t".join(
            str(report.figures[f"requests.{row}.{column}"]) if rng.random() < 0.98 else soup(rng, 2)
            for column in COLUMNS
        )
        for row in ROWS
    )  # fmt: skip


def walk(folder: Path, rng: Random, count: int, tally: Tally) -> None:
    """So many deeds of clerks on a fresh copy of the district."""
    with Watched(folder, rng, tally) as watched:
        walkers = [Walker(watched, watched.chats[role], clerks_words) for role in CLERKS]
        for number in range(1000, 1000 + count):
            rng.choice(walkers[:2] if number % 4 else walkers).step(number)
            watched.go_on(number)
