"""The figures: sums that must hold, where an error is, comparisons between years, single cells.

Each check stands with its family: `sums` and `years` fit any form, `requests` knows the rows of
the form of 2021. The order is that in which findings of one weight are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.figures import numbers, partial, plausible, relations, totals, years
from bot.checks.finding import Dossier, Finding

CHECKS: tuple[tuple[str, Callable[[Dossier], Iterable[Finding]]], ...] = (
    ("sums", totals.check_sums),
    ("requests", totals.check_overdrawn),
    ("requests", totals.check_closed_gate),
    ("requests", totals.check_cases_without_requests),
    ("sums", numbers.check_counts),
    ("sums", numbers.check_money),
    ("sums", numbers.check_unit),
    ("sums", partial.check_partial),
    ("requests", relations.check_carried_in),
    ("sums", relations.check_relations),
    ("years", years.check_jumps),
    ("years", years.check_digits),
    ("years", years.check_same),
    ("years", years.check_all_zero),
    ("years", years.check_powers),
    ("years", years.check_agency),
    ("requests", plausible.check_rules),
    ("requests", plausible.check_fees_confused),
    ("requests", plausible.check_open),
    ("requests", plausible.check_other),
    ("requests", plausible.check_secret),
    ("requests", plausible.check_confused),
    ("requests", plausible.check_corrected),
)
