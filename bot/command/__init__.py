"""The command line: `main` is the group; each room registers its commands on it.

A room loads what its commands need inside them, so that help and a typing error answer at once.
"""

from __future__ import annotations

from bot.command import (
    boards,
    checking,
    doctor,
    invitations,
    keeping,
    people,
    records,
    reports,
    reviews,
    rollups,
    talking,
    units,
)
from bot.command.base import main

__all__ = [
    "boards",
    "checking",
    "doctor",
    "invitations",
    "keeping",
    "main",
    "people",
    "records",
    "reports",
    "reviews",
    "rollups",
    "talking",
    "units",
]
