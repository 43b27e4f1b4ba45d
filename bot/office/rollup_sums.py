"""Figures of a roll-up that do not fit: RU-SUM, RU-ID and RU-CY.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from bot.checks.figures.equations import open_ledger
from bot.checks.finding import Dossier, Finding
from bot.form import Form
from bot.office.rollup import Contribution, Rollup, contributions_of, report_of, usable
from bot.report import Figure, Report

MOST_GIVERS = 8
"""Units named with their figures beside a cell: those that gave most."""
_MOST_SUSPECTS = 3

_Number = int | Decimal


def admin(
    rule: str,
    weight: str,
    units: Iterable[str],
    *,
    cells: tuple[str, ...] = (),
    left: _Number | None = None,
    right: _Number | None = None,
    sentence: str = "",
    **facts: object,
) -> Finding:
    """A finding for the office, with how much it weighs and the units it is about."""
    held = {"weight": weight, "units": tuple(units), **facts}
    return Finding(rule, "admin", cells, left, right, sentence, facts=held)


def check_cells(rollup: Rollup, form: Form, report: Mapping[str, Figure]) -> Iterator[Finding]:
    """RU-SUM: cells of the district's report that are not the sum over the units.

    Table two may differ for a reason (a document of several offices is one document), tables three
    and four may not. Where one unit explains all the cells of a weight there is one finding, else
    one for each cell; a total whose parts already differ by as much is left out.
    """
    apart = _apart(rollup, form, report)
    for weight in ("hard", "explain"):
        cells = {c: n for c, n in apart.items() if _weight(form, c) == weight}
        if not any(cells.values()):
            continue
        suspects, fault = _suspects(form, rollup, cells)
        several = sum(map(bool, cells.values())) > 1
        if several and 0 < len(suspects) <= _MOST_SUSPECTS:
            yield _explained(rollup, report, weight, cells, suspects, fault)
            continue
        for cell in _own_faults(form, apart, cells):
            yield _one_cell(form, rollup, report, weight, cell)


def _weight(form: Form, cell: str) -> str:
    return "explain" if form.items[cell].table in _unsummed(form) else "hard"


@lru_cache(maxsize=8)
def _unsummed(form: Form) -> frozenset[str]:
    """The tables without totals (table two): what several offices did together stands once."""
    return frozenset(
        table.key
        for table in form.tables.values()
        if form.section(table.section).shape == "blocks"
        and not any(line.total for line in (*table.rows, *table.columns))
    )


def _apart(rollup: Rollup, form: Form, report: Mapping[str, Figure]) -> dict[str, _Number]:
    """By how much each cell of the report is above the sum, where that can be judged.

    While units are missing a report may well have more than the sum, but never less.
    """
    apart: dict[str, _Number] = {}
    for cell in form.cells:
        figure, total = usable(form, cell, report.get(cell)), rollup.figures.get(cell)
        if figure is not None and total is not None and (figure <= total or not rollup.missing):
            apart[cell] = figure - total
    return apart


def _suspects(
    form: Form, rollup: Rollup, apart: Mapping[str, _Number]
) -> tuple[tuple[str, ...], str]:
    """Whose figures are just what is missing or too much in all the cells, and what happened."""
    others = (*(one for one, _ in rollup.excluded), *rollup.waiting)
    for fault, sign, held in (
        ("left_out", -1, rollup.counted),
        ("doubled", 1, rollup.counted),
        ("extra", 1, others),
    ):
        if found := [one.unit.called for one in held if _fits(form, one, apart, sign)]:
            return tuple(dict.fromkeys(found)), fault
    return (), ""


def _fits(form: Form, one: Contribution, apart: Mapping[str, _Number], sign: int) -> bool:
    figures = one.figures
    for cell, off in apart.items():  # no generator: 2,000 units, up to 200 cells each
        if (usable(form, cell, figures.get(cell)) or 0) != sign * off:
            return False
    return True


def _explained(
    rollup: Rollup,
    report: Mapping[str, Figure],
    weight: str,
    apart: Mapping[str, _Number],
    suspects: tuple[str, ...],
    fault: str,
) -> Finding:
    """One finding for all the cells that one unit explains; both sides are those of the first."""
    cells = tuple(cell for cell, off in apart.items() if off)
    left, right = _sides(rollup, report, cells[0])
    return admin(
        "RU-SUM",
        weight,
        suspects,
        cells=cells,
        left=left,
        right=right,
        fault=fault,
        gave=(),
        givers=0,
    )


def _own_faults(
    form: Form, apart: Mapping[str, _Number], cells: Mapping[str, _Number]
) -> Iterator[str]:
    """The cells that differ, without the totals that only follow their parts."""
    follows = {
        rule.right[0]
        for rule in form.rules
        if len(rule.right) == 1
        and all(cell in apart for cell in rule.cells)
        and sum(apart[cell] for cell in rule.left) == apart[rule.right[0]]
        and any(apart[cell] for cell in rule.left)
    }
    yield from (cell for cell, off in cells.items() if off and cell not in follows)


def _one_cell(
    form: Form, rollup: Rollup, report: Mapping[str, Figure], weight: str, cell: str
) -> Finding:
    """The finding of one cell, with those that gave most and whose figure is the difference."""
    left, right = _sides(rollup, report, cell)
    suspects, fault = _suspects(form, rollup, {cell: (left or 0) - (right or 0)})
    gave = [
        (unit.called, number)
        for unit, figure in contributions_of(rollup, cell)
        if (number := usable(form, cell, figure))
    ]
    most = sorted(gave, key=lambda pair: -pair[1])[:MOST_GIVERS]
    single = len(suspects) == 1
    return admin(
        "RU-SUM",
        weight,
        suspects if single else [name for name, _ in most],
        cells=(cell,),
        left=left,
        right=right,
        fault=fault if single else "",
        gave=tuple(most),
        givers=len(gave),
    )


def _sides(rollup: Rollup, report: Mapping[str, Figure], cell: str) -> tuple[Figure, Figure]:
    return report.get(cell), rollup.figures[cell]


def check_balance(rollup: Rollup, form: Form) -> Iterator[Finding]:
    """RU-ID: equations of the form that the sum breaks, with the units that break them."""
    ledger = open_ledger(Dossier(form, report_of(rollup, form)))
    for at in ledger.failing:
        equation = ledger.equations[at]
        left, right = ledger.sides(equation)
        broken = [
            (one.unit.called, off)
            for one in rollup.counted
            if (off := _total(one, form, equation.left) - _total(one, form, equation.right))
        ]
        yield admin(
            "RU-ID",
            "hard",
            (name for name, _ in broken),
            cells=equation.cells,
            left=left,
            right=right,
            equation=equation.rule,
            about=equation.about,
            of=tuple(broken),
        )


def _total(one: Contribution, form: Form, cells: tuple[str, ...]) -> _Number:
    return sum(usable(form, cell, one.figures.get(cell)) or 0 for cell in cells)


def check_carried(rollup: Rollup, form: Form, last: Report | None) -> Iterator[Finding]:
    """RU-CY: the units' cases carried in, and out of last year, are not what the district said.

    Looked at in the total, and column by column only where the totals agree. `of` are the units
    whose two years do not meet, as (name, carried in, carried out of last year); `before` is the
    units' sum of last year where all are known, `unknown` how many have no report of last year.
    """
    if last is None or last.year != rollup.year - 1:
        return
    for column in (form.flow.total, *form.flow.kinds) if form.flow else ():
        finding = _carried(rollup, form, last, column)
        if finding:
            yield finding
            return


def _carried(rollup: Rollup, form: Form, last: Report, column: str) -> Finding | None:
    """The finding of one column, or None where it is sound or not known."""
    flow = form.flow
    carried_in, carried_out = (
        flow.cell(flow.carried_in, column),
        flow.cell(flow.carried_out, column),
    )
    now = rollup.figures.get(carried_in)
    then = usable(form, carried_out, last.figures.get(carried_out))
    if now is None or then is None:
        return None
    known = [
        (one.unit.called, usable(form, carried_in, one.figures.get(carried_in)) or 0, out)
        for one in rollup.counted
        if one.last is not None
        if (out := usable(form, carried_out, one.last.get(carried_out))) is not None
    ]
    unknown = len(rollup.counted) - len(known)
    before = None if unknown else sum(out for _, _, out in known)
    if now == then and before in (None, then):
        return None
    if rollup.missing and now <= then and (before is None or before <= then):
        return None  # the missing units may have the rest
    broken = tuple(each for each in known if each[1] != each[2])
    return admin(
        "RU-CY",
        "explain",
        (name for name, _, _ in broken),
        cells=(carried_in,),
        left=now,
        right=then,
        column=column,
        before=before,
        of=broken,
        unknown=unknown,
        last_year=last.year,
    )
