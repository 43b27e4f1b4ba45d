"""The checks: each looks at a dossier and gives findings. A new check is one entry in `CHECKS`.

`FIGURE_CHECKS` look at figures only, `TEXT_CHECKS` at texts only, `CLAIM_CHECKS` hold the one
against the other.

A check never prints and never raises, whatever stands in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks import (
    claims,
    copied,
    fees,
    numbers,
    plausible,
    prose,
    relations,
    structure,
    totals,
    years,
)
from bot.checks.finding import Dossier, Finding

FIGURE_CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (
    totals.check_sums,
    totals.check_overdrawn,
    totals.check_closed_gate,
    totals.check_cases_without_requests,
    numbers.check_counts,
    numbers.check_money,
    numbers.check_unit,
    *relations.CHECKS,
    *years.CHECKS,
    *plausible.CHECKS,
)
CLAIM_CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (*claims.CHECKS, *fees.CHECKS)
TEXT_CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (
    structure.check_figures_only,
    structure.check_title,
    structure.check_headings,
    structure.check_topics,
    structure.check_problems,
    structure.check_other,
    structure.check_leftovers,
    *prose.CHECKS,
    *copied.CHECKS,
    structure.check_todo,
)
CHECKS = (*FIGURE_CHECKS, numbers.check_unanswered, *CLAIM_CHECKS, *TEXT_CHECKS)

LOCATED = frozenset({"T3-CELL", "T3-SHIFT"})
_ORDER = ("hard", "explain", "note", "admin")


def run_checks(
    dossier: Dossier, checks: Iterable[Callable[[Dossier], Iterable[Finding]]] = CHECKS
) -> tuple[Finding, ...]:
    """All findings: a located error first, then hard, explain, note."""
    findings = (finding for check in checks for finding in check(dossier))
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[bool, int]:
    return finding.rule not in LOCATED, _ORDER.index(finding.severity)


__all__ = ["CHECKS", "CLAIM_CHECKS", "FIGURE_CHECKS", "TEXT_CHECKS", "run_checks"]
