"""The figures: sums that must hold, where an error is, comparisons between years, single cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.figures import numbers, partial, plausible, relations, totals, years
from bot.checks.finding import Dossier, Finding

Checks = tuple[Callable[[Dossier], Iterable[Finding]], ...]

SUMS: Checks = (
    totals.check_sums,
    numbers.check_counts,
    numbers.check_money,
    numbers.check_unit,
    partial.check_partial,
    relations.check_relations,
)
"""Of any form: its equations, its relations, each figure alone."""

YEARS: Checks = (
    years.check_jumps,
    years.check_digits,
    years.check_same,
    years.check_all_zero,
    years.check_powers,
    years.check_agency,
)
"""Of any form: beside last year's figures."""

REQUESTS: Checks = (
    totals.check_overdrawn,
    totals.check_closed_gate,
    totals.check_cases_without_requests,
    relations.check_carried_in,
    plausible.check_rules,
    plausible.check_fees_confused,
    plausible.check_open,
    plausible.check_other,
    plausible.check_secret,
    plausible.check_confused,
    plausible.check_corrected,
)
"""Of the form of 2021: requests, what was made of them, and what is plausible in its rows."""

CHECKS: Checks = (*SUMS, *YEARS, *REQUESTS)
