"""The equations between the figures of one report, and by how much each of them fails.

Pure. The equations are the form's rules and, where the register's control figures are known,
two more. An equation with an unknown cell is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.checks.finding import Dossier
from bot.form import Form, Severity

RECEIVED = "requests.new_received.total"
OPEN = "requests.carried_out.total"
CONTROL = "T3-CTRL"

LARGEST = 10**12
"""No agency counts a million million of anything: larger figures take part in no equation."""


@dataclass(frozen=True, slots=True)
class Equation:
    """The sum of `left` equals the sum of `right`, or `fixed` where nothing stands on the right."""

    rule: str
    severity: Severity
    left: tuple[str, ...]
    right: tuple[str, ...]
    about: str = ""
    fixed: int = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of the equation, left side first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Ledger:
    """The known counts of one report, the equations that can be judged, and those that fail.

    `failing` maps the index of an equation to its left side minus its right side. `derived`
    totals follow their parts; `settled` cells are not doubted.
    """

    form: Form
    values: Mapping[str, int]
    equations: tuple[Equation, ...]
    failing: Mapping[int, int]
    derived: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()

    def sides(self, equation: Equation) -> tuple[int, int]:
        """Both sides of an equation."""
        left = sum(self.values[cell] for cell in equation.left)
        right = sum(self.values[cell] for cell in equation.right)
        return left, right + equation.fixed

    def without_controls(self) -> Ledger:
        """The same ledger as if the register's two figures were not known."""
        kept = [
            (equation, self.failing.get(index))
            for index, equation in enumerate(self.equations)
            if equation.rule != CONTROL
        ]
        return Ledger(
            self.form,
            self.values,
            tuple(equation for equation, _ in kept),
            {index: off for index, (_, off) in enumerate(kept) if off is not None},
            self.derived,
            self.settled,
        )


def whole(figure: object) -> int | None:
    """A figure as a whole number, or None where it cannot be one (3.5, NaN, text, True)."""
    if type(figure) is int:
        return figure if abs(figure) < LARGEST else None
    if isinstance(figure, Decimal) and figure.is_finite() and figure.adjusted() < 12:
        number = int(figure)
        return number if number == figure else None
    return None


def open_ledger(dossier: Dossier) -> Ledger:
    """The equations of a dossier, judged."""
    figures = dossier.report.figures
    values = {
        cell: number
        for cell, figure in figures.items()
        if (number := figure if type(figure) is int and -LARGEST < figure < LARGEST
            else whole(figure)) is not None
    }  # fmt: skip
    known: list[Equation] = []
    failing: dict[int, int] = {}
    for equation in (*_equations(dossier.form), *_controls(dossier)):
        try:
            off = (
                sum([values[cell] for cell in equation.left])
                - sum([values[cell] for cell in equation.right])
                - equation.fixed
            )
        except KeyError:
            continue
        if off:
            failing[len(known)] = off
        known.append(equation)
    return Ledger(dossier.form, values, tuple(known), failing, dossier.derived, dossier.settled)


def _controls(dossier: Dossier) -> list[Equation]:
    """The register's figures as equations."""
    controls = ((RECEIVED, dossier.received, "received"), (OPEN, dossier.open, "open"))
    return [
        Equation(CONTROL, "hard", (cell,), (), about, number)
        for cell, control, about in controls
        if (number := whole(control)) is not None
    ]


@lru_cache(maxsize=8)
def _equations(form: Form) -> tuple[Equation, ...]:
    """The form's rules."""
    return tuple(
        Equation(rule.id, rule.severity, rule.left, rule.right, rule.about) for rule in form.rules
    )
