"""Comparisons that the form file states: between years, and between figures of one year.

Pure. A comparison with an unknown side is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.checks.figures.earlier import earlier
from bot.checks.figures.equations import whole
from bot.checks.finding import Change, Dossier, Finding, Repair
from bot.form import Relation, Term
from bot.report import Figure

FORWARD = "CY-FWD"
_LEADERS = {"CY-VALID": ("T2-03",), "T2-02": ("T2-03", "CY-VALID")}
"""The rules whose failing makes a rule about the same row fail as well: one cause, one finding."""


@dataclass(frozen=True, slots=True)
class _Broken:
    """A comparison that does not hold, with its two sides and last year's figures in it."""

    relation: Relation
    left: int
    right: int
    last: Mapping[str, int]

    @property
    def cells(self) -> tuple[str, ...]:
        """This year's cells, left side first."""
        return tuple(term.cell for term in self.relation.terms if not term.last)


def check_relations(dossier: Dossier) -> Iterator[Finding]:
    """CY-VALID, CY-T4, T2-02, T2-03: one finding for each comparison that does not hold.

    A rule is left out where another about the same row says the same more exactly.
    """
    broken = {
        (each.relation.id, each.relation.about): each
        for each in _broken(dossier)
        if each.relation.id != FORWARD
    }
    for (rule, about), each in broken.items():
        if any((leader, about) in broken for leader in _LEADERS.get(rule, ())):
            continue
        yield Finding(
            rule,
            each.relation.severity,
            cells=each.cells,
            left=each.left,
            right=each.right,
            repairs=_repairs(dossier, (each,)),
            facts={
                "about": about,
                "last_year": dossier.report.year - 1,
                "last": tuple(each.last.values()),
            },
        )


def check_carried_in(dossier: Dossier) -> Iterator[Finding]:
    """CY-FWD: what was carried out of last year came into this one, in every column.

    One finding for the whole row; `left` and `right` are the totals where both are known. It
    blocks where last year's report was approved here.
    """
    broken = [each for each in _broken(dossier) if each.relation.id == FORWARD]
    if not broken:
        return
    cells = tuple(each.relation.left[0].cell for each in broken)
    left, right = _totals(dossier)
    yield Finding(
        FORWARD,
        "hard" if dossier.last_approved else broken[0].relation.severity,
        cells=cells,
        left=left,
        right=right,
        repairs=_repairs(dossier, broken),
        facts={
            "columns": tuple((each.relation.about, each.left, each.right) for each in broken),
            "last_year": dossier.report.year - 1,
            "approved": dossier.last_approved,
            "settled": not dossier.settled.isdisjoint(cells),
        },
    )


def _totals(dossier: Dossier) -> tuple[int | None, int | None]:
    """The total carried in and the total carried out of last year; both or none."""
    left = whole(dossier.report.figures.get("requests.carried_in.total"))
    right = whole(earlier(dossier).get("requests.carried_out.total"))
    return (None, None) if left is None or right is None else (left, right)


def _broken(dossier: Dossier) -> Iterator[_Broken]:
    """The comparisons whose both sides are known and that do not hold."""
    now, last = dossier.report.figures, earlier(dossier)
    for relation in dossier.form.relations:
        left = _sum(relation.left, now, last)
        right = None if left is None else _sum(relation.right, now, last)
        if left is None or right is None:
            continue
        if left < right or (left > right and relation.sign == "="):
            known = {t.cell: whole(last[t.cell]) or 0 for t in relation.terms if t.last}
            yield _Broken(relation, left, right, known)


def _sum(
    terms: tuple[Term, ...], now: Mapping[str, Figure], last: Mapping[str, Figure]
) -> int | None:
    """One side, or None where a cell is not known; a negative count is NUM-01's to tell."""
    total = 0
    for term in terms:
        number = whole((last if term.last else now).get(term.cell))
        if number is None or number < 0:
            return None
        total += -number if term.minus else number
    return total


def _repairs(dossier: Dossier, broken: Iterable[_Broken]) -> tuple[Repair, ...]:
    """The cells that alone stand on the left of an equation, set to what the right side makes.

    Totals follow from their parts, and a zero behind a gate is changed by opening the gate.
    """
    fixed = dossier.derived | dossier.settled
    mended = {
        each.relation.left[0].cell: each.right
        for each in broken
        if each.relation.sign == "=" and len(each.relation.left) == 1 and each.right >= 0
        if each.relation.left[0].cell not in fixed
    }
    changes = tuple(
        Change(cell, number) for cell, number in mended.items() if _is_free(dossier, cell, mended)
    )
    return (Repair(changes, "last"),) if changes else ()


def _is_free(dossier: Dossier, cell: str, mended: Mapping[str, int]) -> bool:
    """Whether a cell can change: a total cannot, while its parts are known and stay as they are."""
    parts = dossier.form.total_of.get(cell, ())
    known = dossier.report.figures
    return not parts or any(part in mended or known.get(part) is None for part in parts)
