"""The checks: each looks at a dossier and gives findings.

A new check is a function in one of the four packages and an entry in its `CHECKS`.

`FIGURE_CHECKS` look at figures only, `TEXT_CHECKS` at texts only, `CLAIM_CHECKS` hold the one
against the other.

A check never prints and never raises, whatever stands in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks import claims, fees, figures, prose
from bot.checks.figures.numbers import check_unanswered
from bot.checks.finding import Dossier, Finding

FIGURE_CHECKS = figures.CHECKS
CLAIM_CHECKS = (*claims.CHECKS, *fees.CHECKS)
TEXT_CHECKS = prose.CHECKS
CHECKS = (*FIGURE_CHECKS, check_unanswered, *CLAIM_CHECKS, *TEXT_CHECKS)

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
