"""The figures: sums that must hold, where an error is, comparisons between years, single cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.figures import numbers, partial, plausible, relations, totals, years
from bot.checks.finding import Dossier, Finding

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (
    totals.check_sums,
    totals.check_overdrawn,
    totals.check_closed_gate,
    totals.check_cases_without_requests,
    numbers.check_counts,
    numbers.check_money,
    numbers.check_unit,
    partial.check_partial,
    relations.check_carried_in,
    relations.check_relations,
    years.check_jumps,
    years.check_digits,
    years.check_same,
    years.check_all_zero,
    years.check_powers,
    years.check_agency,
    plausible.check_rules,
    plausible.check_fees_confused,
    plausible.check_open,
    plausible.check_other,
    plausible.check_secret,
    plausible.check_confused,
    plausible.check_corrected,
)
