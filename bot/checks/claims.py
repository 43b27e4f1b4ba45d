"""What the texts claim about the figures, held against the tables.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = ()
