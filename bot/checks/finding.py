"""What a check gives: findings, and what it is given: the dossier of one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.form import Form, Severity
from bot.limits import DEFAULTS, Limits
from bot.report import Report


@dataclass(frozen=True, slots=True)
class Change:
    """One cell set to one value."""

    cell: str
    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One text in its mended wording."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Repair:
    """One proposal: what together would mend the finding, the likeliest cell first.

    Figures are mended by `changes`, texts by `rewrites`; a repair has one of the two.

    `cause` names the likely mistake for the wording: typed, swapped (digits), tenfold, shifted (a
    wrong column), misplaced (a wrong row), total, control, unit, last (as last year), punctuation,
    heading.
    """

    changes: tuple[Change, ...] = ()
    cause: str = "typed"
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reviewer would point at.

    `cells` are item keys (cells or texts), `left` and `right` the two sides of an equation,
    `sentence` the place in a text; `facts` is what the wording needs beyond these. `repairs` are
    alternatives, the likeliest first.
    """

    rule: str
    severity: Severity
    cells: tuple[str, ...] = ()
    left: int | Decimal | None = None
    right: int | Decimal | None = None
    sentence: str = ""
    repairs: tuple[Repair, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def difference(self) -> int | Decimal | None:
        """Left minus right, where both are known."""
        if self.left is None or self.right is None:
            return None
        return self.left - self.right

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two findings the same: the rule, its place and the values, not the repairs."""
        return (self.rule, self.cells, str(self.left), str(self.right), self.sentence)


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that a check may look at.

    `received` and `open` are the two control figures from the register; `todo` the items put off;
    `closed` the gates answered 没有; `unreadable` the cells that a source filled with something
    that is no figure (cell -> what stood there); `derived` the totals that were added up here and
    prove nothing; `settled` the cells that are 0 behind a gate. `last` is last year's report of
    the same unit where it is known, and `last_approved` whether it was approved in this store.
    `limits` are the office's thresholds. A report read from a file also has `headings`, its
    section headings as they stood in order, and `labels`, the words of its tables; both are empty
    for a draft. `fees` are the interview's figures of 信息处理费: notices, sum due and sum paid in
    元, each None while it is not known.
    """

    form: Form
    report: Report
    received: int | None = None
    open: int | None = None
    todo: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    last: Report | None = None
    last_approved: bool = False
    limits: Limits = DEFAULTS
    headings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    fees: tuple[int | None, int | None, int | None] | None = None
