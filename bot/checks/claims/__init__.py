"""What the texts claim about the figures, held against the tables. Never hard."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.claims import counts, decisions, denials, differences, lists, percentages
from bot.checks.finding import Dossier, Finding

CHECKS: tuple[tuple[str, Callable[[Dossier], Iterable[Finding]]], ...] = (
    ("claims", counts.check_counts),
    ("claims", decisions.check_table_two),
    ("claims", lists.check_lists),
    ("claims", percentages.check_percentages),
    ("claims", differences.check_differences),
    ("claims", denials.check_denials),
    ("claims", denials.check_not_concerned),
)
