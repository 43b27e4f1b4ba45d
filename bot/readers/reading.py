"""What readers hand back (`bot.reading.Reading`), or raise where there is nothing to hand back."""

from __future__ import annotations

from bot.reading import Reading


class Unreadable(Exception):
    """A file that cannot be taken at all; the message is a sentence for the person who sent it."""


__all__ = ["Reading", "Unreadable"]
