"""The checks: each looks at a dossier and gives findings.

A new check is a function in one of the four packages and an entry in one of its families. A form
names the families that look at it, for some only understand one form.

A family looks at figures only, at texts only, or holds the one against the other (claims); what
is still missing is looked at with the whole.

A check never prints and never raises, whatever stands in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Literal

from bot.checks import claims, fees, figures, prose
from bot.checks.figures.numbers import check_unanswered
from bot.checks.finding import Dossier, Finding
from bot.form import Form

Check = Callable[[Dossier], Iterable[Finding]]
Kind = Literal["figures", "claims", "texts"]

LISTS: Mapping[Kind, tuple[tuple[str, Check], ...]] = {
    "figures": figures.CHECKS,
    "claims": (*claims.CHECKS, *fees.CHECKS),
    "texts": prose.CHECKS,
}
"""All checks by what they look at, each with its family, in the order in which they look."""
FAMILIES = tuple(dict.fromkeys(family for checks in LISTS.values() for family, _ in checks))
"""The names that a form may use."""
LOCATED = frozenset({"T3-CELL", "T3-SHIFT"})
_ORDER = ("hard", "explain", "note", "admin")


@lru_cache(maxsize=32)
def checks_of(form: Form, kind: Kind | None = None) -> tuple[Check, ...]:
    """The checks that look at a form, all of them or one kind."""
    if kind is not None:
        return tuple(check for family, check in LISTS[kind] if family in form.checks)
    first, *others = (checks_of(form, each) for each in LISTS)
    return tuple(chain(first, (check_unanswered,), *others))


def run_checks(
    dossier: Dossier, checks: Kind | Iterable[Check] | None = None
) -> tuple[Finding, ...]:
    """All findings, or those of some checks: a located error first, then hard, explain, note."""
    if checks is None or isinstance(checks, str):
        checks = checks_of(dossier.form, checks)
    findings = (finding for check in checks for finding in check(dossier))
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[bool, int]:
    return finding.rule not in LOCATED, _ORDER.index(finding.severity)


__all__ = ["FAMILIES", "Kind", "checks_of", "run_checks"]
