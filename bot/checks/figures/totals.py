"""Sums that must hold: the equations of the form, the register's figures, and what gates closed.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.checks.figures.equations import RECEIVED, Equation, Ledger, open_ledger, whole
from bot.checks.figures.repair import diagnose
from bot.checks.finding import Dossier, Finding, Repair

NEW = "requests.new_received"
CARRIED_IN = "requests.carried_in"
HANDLED = "requests.total_handled"
CARRIED_OUT = "requests.carried_out"
GATE = "gate.requests"


def check_sums(dossier: Dossier) -> Iterator[Finding]:
    """T3-ROW, T3-RES, T3-ID, T4-SUM and T3-CTRL, led by T3-CELL or T3-SHIFT where located.

    A located error's repairs stand in the finding of every equation that it broke.
    """
    ledger = open_ledger(dossier)
    if not ledger.failing:
        return
    diagnosis = diagnose(ledger)
    yield from diagnosis.findings
    for at in ledger.failing:
        yield _failed(ledger, ledger.equations[at], diagnosis.repairs.get(at, ()))


def _failed(ledger: Ledger, equation: Equation, repairs: tuple[Repair, ...]) -> Finding:
    """The finding of one failed equation."""
    left, right = ledger.sides(equation)
    facts: dict[str, object] = {"about": equation.about}
    if equation.rule == "T3-ID":
        facts["overdrawn"] = _overdrawn(ledger.values, equation.about)
    return Finding(
        equation.rule,
        equation.severity,
        cells=equation.cells,
        left=left,
        right=right,
        repairs=repairs,
        facts=facts,
    )


def _overdrawn(values: Mapping[str, int | None], column: str) -> int:
    """By how many cases more were handled than there were; 0 where not all is known."""
    handled, new, carried = (values.get(f"{row}.{column}") for row in (HANDLED, NEW, CARRIED_IN))
    if handled is None or new is None or carried is None:
        return 0
    return max(handled - new - carried, 0)


def check_overdrawn(dossier: Dossier) -> Iterator[Finding]:
    """T3-NEG: more handled than received, where 四、结转 is not known yet.

    Once it is known the same fact is T3-ID's to tell (`overdrawn` in its facts).
    """
    figures = dossier.report.figures
    for line in dossier.form.tables["requests"].columns:
        cells = tuple(f"{row}.{line.key}" for row in (NEW, CARRIED_IN, HANDLED))
        values = {cell: whole(figures.get(cell)) for cell in cells}
        over = _overdrawn(values, line.key)
        if over and whole(figures.get(f"{CARRIED_OUT}.{line.key}")) is None:
            handled = values[cells[2]] or 0
            yield Finding(
                "T3-NEG",
                "hard",
                cells=cells,
                left=handled - over,
                right=handled,
                facts={"about": line.key},
            )


def check_closed_gate(dossier: Dossier) -> Iterator[Finding]:
    """T3-ZERO: 没有申请 was answered, yet a cell of table three is above 0."""
    if GATE not in dossier.closed:
        return
    cells = _above_zero(dossier, "requests.")
    if cells:
        yield Finding("T3-ZERO", "hard", cells=cells, facts={"gate": GATE})


def check_cases_without_requests(dossier: Dossier) -> Iterator[Finding]:
    """T4-GATE: no request, new or carried in, and yet cases in table four."""
    figures = dossier.report.figures
    requests = [whole(figures.get(cell)) for cell in (RECEIVED, f"{CARRIED_IN}.total")]
    if requests != [0, 0]:
        return
    cells = _above_zero(dossier, "review_litigation.")
    if cells:
        yield Finding("T4-GATE", "explain", cells=cells, left=0)


def _above_zero(dossier: Dossier, section: str) -> tuple[str, ...]:
    """The cells of a section that are above 0."""
    figures = dossier.report.figures
    return tuple(
        cell
        for cell in dossier.form.cells
        if cell.startswith(section) and (whole(figures.get(cell)) or 0) > 0
    )
