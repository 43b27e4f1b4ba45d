"""Whether each figure alone can be right: given, whole, not negative, in the right unit.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.checks.figures.earlier import earlier
from bot.checks.figures.equations import LARGEST, whole
from bot.checks.finding import Change, Dossier, Finding, Repair
from bot.report import Report

DECIMALS = 4
SUSPECT_WANYUAN = 10_000
SUSPECT_TIMES = (2_000, 50_000)
UNIT = 10_000
_GOVERNMENT = re.compile(r"(政府|街道|乡镇|乡|镇)$")
_BUREAU = re.compile(r"(局|委|委员会|办|办公室|厅|院|中心|大队|支队|总队|所|站|处|社|会|馆)$")


def check_counts(dossier: Dossier) -> Iterator[Finding]:
    """NUM-01: a count is a whole number, 0 or more."""
    for cell, figure in dossier.report.figures.items():
        if type(figure) is int and 0 <= figure < LARGEST:
            continue
        item = dossier.form.items.get(cell)
        if figure is None or item is None or item.kind != "count":
            continue
        number = whole(figure)
        if number is None or number < 0:
            yield Finding(
                "NUM-01",
                "hard",
                cells=(cell,),
                left=number,
                facts={"fault": _fault(figure, number), "value": _shown(figure)},
            )


def _fault(figure: object, number: int | None) -> str:
    """What is wrong with a figure: negative, fraction, oversized or unreadable."""
    if number is not None:
        return "negative"
    if isinstance(figure, int) and not isinstance(figure, bool):
        return "oversized"
    if isinstance(figure, Decimal) and figure.is_finite():
        return "oversized" if figure.adjusted() >= 12 else "fraction"
    return "unreadable"


def _shown(figure: object) -> str:
    """A figure as text; empty where it has too many digits to be worth showing."""
    if isinstance(figure, int) and abs(figure) >= LARGEST:
        return ""
    return str(figure)[:40]


def check_unanswered(dossier: Dossier) -> Iterator[Finding]:
    """NUM-02: no cell without a figure; one finding for each section.

    `facts["unreadable"]` maps those cells in which something stood that is no figure to its text.
    """
    figures = dossier.report.figures
    unknown = [cell for cell in dossier.form.cells if figures.get(cell) is None]
    for section in dossier.form.sections:
        cells = tuple(c for c in unknown if dossier.form.items[c].section == section.key)
        if cells:
            stood = {cell: dossier.unreadable[cell] for cell in cells if cell in dossier.unreadable}
            yield Finding(
                "NUM-02",
                "hard",
                cells=cells,
                facts={
                    "section": section.key,
                    "label": section.label,
                    "count": len(cells),
                    "unreadable": stood,
                },
            )


def check_money(dossier: Dossier) -> Iterator[Finding]:
    """NUM-03: money in 万元 is not negative and has at most four decimals."""
    for cell, amount in _money(dossier):
        fault = _money_fault(amount)
        if fault:
            yield Finding(
                "NUM-03",
                "hard",
                cells=(cell,),
                facts={"fault": fault, "value": _shown(amount)},
            )


def _money_fault(amount: object) -> str:
    """What is wrong with a sum of money, empty if nothing."""
    number = _decimal(amount)
    if number is None:
        return "unreadable"
    if number < 0:
        return "negative"
    if number.adjusted() >= 12:
        return "oversized"
    return "decimals" if _decimals(number) > DECIMALS else ""


def _decimal(amount: object) -> Decimal | None:
    """A finite sum of money, or None."""
    if type(amount) is int:
        return Decimal(amount)
    return amount if isinstance(amount, Decimal) and amount.is_finite() else None


def _decimals(number: Decimal) -> int:
    """How many decimals a number has, zeros at the end not counted."""
    digits = "".join(map(str, number.as_tuple().digits))
    exponent = int(number.as_tuple().exponent)
    return max(-exponent - (len(digits) - len(digits.rstrip("0"))), 0) if number else 0


def amount(figure: object) -> int | Decimal | None:
    """A count or a sum of money that can be reckoned with; None where it is blank or faulty."""
    number: int | Decimal | None = whole(figure)
    if number is None and isinstance(figure, Decimal) and not _money_fault(figure):
        number = figure
    return None if number is None or number < 0 else number


def check_unit(dossier: Dossier) -> Iterator[Finding]:
    """NUM-04: fees were perhaps typed in 元.

    Last year's fees decide where they are known; else a bureau is asked from a hundred million yuan
    upwards.
    """
    for cell, figure in _money(dossier):
        number = _decimal(figure)
        if _money_fault(figure) or number is None or not _is_suspect(dossier, cell, number):
            continue
        mended = number / UNIT
        repair = Repair((Change(cell, mended),), "unit")
        yield Finding(
            "NUM-04",
            "explain",
            cells=(cell,),
            left=number,
            right=mended,
            repairs=(repair,) if _decimals(mended) <= DECIMALS else (),
        )


def _is_suspect(dossier: Dossier, cell: str, number: Decimal) -> bool:
    """Whether a sum looks like 元: ten thousand times last year's, or too much for a bureau."""
    last = amount(earlier(dossier).get(cell))
    if last:
        return SUSPECT_TIMES[0] <= number / last <= SUSPECT_TIMES[1]
    return number >= SUSPECT_WANYUAN and is_bureau(dossier.report)


def _money(dossier: Dossier) -> Iterator[tuple[str, object]]:
    """The cells of money that hold something."""
    for cell, item in dossier.form.items.items():
        if item.kind == "money" and dossier.report.figures.get(cell) is not None:
            yield cell, dossier.report.figures[cell]


def is_bureau(report: Report) -> bool:
    """Whether the report is a department's and not a government's, by its level or its name."""
    if report.level.strip():
        return not _GOVERNMENT.search(report.level.strip())
    agency = report.agency.strip()
    return bool(_BUREAU.search(agency)) and not _GOVERNMENT.search(agency)
