"""信息处理费 in section six: whether it is told, and whether its sums can be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.fees import statement
from bot.checks.finding import Dossier, Finding

CHECKS: tuple[tuple[str, Callable[[Dossier], Iterable[Finding]]], ...] = (
    ("fees", statement.check_told),
    ("fees", statement.check_listings),
    ("fees", statement.check_tariff),
    ("fees", statement.check_without_requests),
    ("fees", statement.check_unit),
    ("fees", statement.check_three_figures),
    ("fees", statement.check_unpaid_row),
)
