"""Comparisons that the form file states: between years, and between figures of one year.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = ()
