"""Figures that can be right and seldom are: a reviewer asks about them.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = ()
