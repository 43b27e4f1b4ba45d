"""信息处理费 in section six: whether it is told, and whether its sums can be right.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = ()
