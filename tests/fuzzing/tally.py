"""What came of many deeds, and how long each of them may take."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.messages import Incoming

SLOW = 1.0
"""Seconds of CPU that a turn may take."""
LONGEST = 30_000
"""Characters, many times what a message at Telegram holds; a longer text may take HUGE seconds."""
HUGE = 5.0


class Broken(AssertionError):
    """Something that must always hold does not; the message tells after which deed."""


@dataclass
class Tally:
    """What came of many deeds: how they ended, the slowest turn and what it was."""

    ended: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    at: str = ""

    def note(self, end: str, seconds: float = 0.0, what: str = "") -> None:
        """Count one deed."""
        self.ended[end] += 1
        if seconds > self.slowest:
            self.slowest, self.at = seconds, what[:120]


def shorten(deed: object) -> str:
    """A deed as it came, cut in the middle."""
    words = repr(deed)
    return words if len(words) < 600 else f"{words[:400]}…{words[-200:]}"


def patience(incoming: Incoming) -> float:
    """The seconds that a turn may take."""
    return SLOW if len(incoming.text) <= LONGEST else HUGE


def call(incoming: Incoming) -> str:
    """A deed in a few words."""
    words = incoming.press.encode() if incoming.press else incoming.text
    return f"{incoming.address}: {words[:40]!r} ({len(words)} characters)"
