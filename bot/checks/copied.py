"""The texts beside last year's: copied sentences, problems left unanswered.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = ()
