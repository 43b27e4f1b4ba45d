"""信息处理费 in section six: whether it is told, and whether its sums can be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.fees import statement
from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (
    statement.check_told,
    statement.check_listings,
    statement.check_tariff,
    statement.check_without_requests,
    statement.check_unit,
    statement.check_three_figures,
    statement.check_unpaid_row,
)
