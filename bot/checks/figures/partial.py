"""Totals that the parts known so far already exceed, while other parts are still blank.

Pure. Once every part is known, the equations of the form take over.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.figures.equations import whole
from bot.checks.finding import Dossier, Finding


def check_partial(dossier: Dossier) -> Iterator[Finding]:
    """T3-PART, T4-PART: no blank can mend a sum that is too large already.

    `cells` are the parts above 0 and the total; the repair is left to the clerk, because part and
    total are equally suspect.
    """
    figures = dossier.report.figures
    if all(figures.get(cell) is not None for cell in dossier.form.cells):
        return
    for rule in dossier.form.rules:
        total = whole(figures.get(rule.right[0])) if rule.part else None
        if total is None or total < 0 or all(figures.get(c) is None for c in rule.left):
            continue
        parts = {cell: whole(figures.get(cell)) for cell in rule.left}
        known = {cell: number for cell, number in parts.items() if number and number > 0}
        if None in parts.values() and sum(known.values()) > total:
            yield Finding(
                rule.part,
                "hard",
                cells=(*known, rule.right[0]),
                left=sum(known.values()),
                right=total,
                facts={"equation": rule.id, "about": rule.about},
            )
