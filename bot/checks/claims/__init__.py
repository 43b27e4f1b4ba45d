"""What the texts claim about the figures, held against the tables. Never hard."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.claims import counts, decisions, denials, differences, lists, percentages
from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (
    counts.check_counts,
    decisions.check_table_two,
    lists.check_lists,
    percentages.check_percentages,
    differences.check_differences,
    denials.check_denials,
    denials.check_not_concerned,
)
