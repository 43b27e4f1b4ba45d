"""This year's figures and name beside last year's: leaps, copies, and what vanished.

Pure. A figure that is unknown on either side is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.checks.figures.earlier import earlier
from bot.checks.figures.equations import RECEIVED, whole
from bot.checks.figures.numbers import amount
from bot.checks.figures.standing import plain_name, rank
from bot.checks.finding import Change, Dossier, Finding, Repair
from bot.form import Form, Severity, Table
from bot.report import Figure

_LEAST_SAME = 3
_CLOSE = 2


def check_jumps(dossier: Dossier) -> Iterator[Finding]:
    """CY-JUMP: totals of tables three and four many times last year's, or a small part of them.

    One finding for each table; `left` and `right` are the sums of the cells named, this year and
    last.
    """
    last = earlier(dossier)
    if not last or _is_all_zero(dossier):
        return
    for cells in _totals(dossier.form):
        jumped = {cell: pair for cell in cells if (pair := _jump(dossier, last, cell))}
        if RECEIVED in jumped:
            # eight times as many requests make eight times as many of every outcome: said once
            jumped = {RECEIVED: jumped[RECEIVED]}
        if jumped:
            yield Finding(
                "CY-JUMP",
                "explain",
                cells=tuple(jumped),
                left=sum(now for now, _ in jumped.values()),
                right=sum(before for _, before in jumped.values()),
                facts={
                    "last": {cell: before for cell, (_, before) in jumped.items()},
                    "last_year": dossier.report.year - 1,
                },
            )


def check_digits(dossier: Dossier) -> Iterator[Finding]:
    """NUM-07: a count of table two so far from last year's that a digit may be wrong.

    `cause` is tenfold or swapped where undoing that slip brings the figure close to last year's,
    else empty. A figure that appears or vanishes is T2-04's and CY-VALID's.
    """
    last = earlier(dossier)
    if not last:
        return
    for cell in _counts(dossier.form):
        pair = _jump(dossier, last, cell)
        if not pair or not all(pair) or _is_balanced(dossier, last, cell):
            continue
        now, before = pair
        cause, mended = _slip(now, before)
        repairs = (Repair((Change(cell, mended),), cause),) if mended is not None else ()
        yield Finding(
            "NUM-07",
            "explain",
            cells=(cell,),
            left=now,
            right=before,
            repairs=repairs,
            facts={"cause": cause, "last_year": dossier.report.year - 1},
        )


def _jump(dossier: Dossier, last: Mapping[str, Figure], cell: str) -> tuple[int, int] | None:
    """This year's and last year's count, where they are far apart."""
    now, before = whole(dossier.report.figures.get(cell)), whole(last.get(cell))
    if now is None or before is None or min(now, before) < 0:
        return None
    low, high = min(now, before), max(now, before)
    limits = dossier.limits
    return (now, before) if high >= limits.jump_least and high > limits.jump * low else None


def _slip(now: int, before: int) -> tuple[str, int | None]:
    """The slip of the hand that would explain a leap, and the figure without it if that is sure.

    Of several slips the one that brings the figure nearest to last year's.
    """
    undone: list[tuple[int, str, int | None]] = [
        (now // 10, "tenfold", None if now % 10 else now // 10),
        (now * 10, "tenfold", None),  # the digit that was lost may be any
    ]
    digits = str(now)
    for at in range(len(digits) - 1):
        swapped = int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        undone.append((swapped, "swapped", swapped))
    nearest = min(undone, key=lambda each: _times(each[0], before))
    return nearest[1:] if _times(nearest[0], before) <= _CLOSE else ("", None)


def _times(one: int, other: int) -> float:
    """How many times the smaller figure the larger one is."""
    low, high = sorted((one, other))
    return high / low if low else float("inf")


def _is_balanced(dossier: Dossier, last: Mapping[str, Figure], cell: str) -> bool:
    """Whether made, repealed and valid documents of a row agree with last year's stock.

    A clean-up makes such rows leap; where the balance holds, the figures confirm one another.
    """
    row, now = f"proactive.{dossier.form.items[cell].row}", dossier.report.figures
    made, repealed, valid = (
        whole(now.get(f"{row}_{column}")) for column in ("made", "repealed", "in_force")
    )
    stock = whole(last.get(f"{row}_in_force"))
    if made is None or repealed is None or valid is None or stock is None:
        return False
    return stock + made - repealed == valid


def check_same(dossier: Dossier) -> Iterator[Finding]:
    """CY-SAME: every figure is last year's; perhaps the old file was copied.

    Totals say nothing new and what is in force stays the same honestly: both do not count. A few
    small figures come out alike by chance, so the digits are counted as well.
    """
    last, now = earlier(dossier), dossier.report.figures
    same: list[str] = []
    for cell in dossier.form.cells if last else ():
        here, there = amount(now.get(cell)), amount(last.get(cell))
        if here is None or (there is not None and here != there):
            return
        if here and there and cell not in dossier.form.total_of and not cell.endswith("in_force"):
            same.append(cell)
    digits = sum(len(str(int(amount(now[cell]) or 0))) for cell in same)
    if len(same) >= _LEAST_SAME and digits >= dossier.limits.same_digits:
        yield Finding(
            "CY-SAME",
            "explain",
            cells=tuple(same),
            left=len(same),
            facts={"last_year": dossier.report.year - 1},
        )


def check_all_zero(dossier: Dossier) -> Iterator[Finding]:
    """CY-ALLZERO: nothing but zeros; a question where last year had more, else a note.

    `left` is how many cells of last year's report were above 0, None where none is known.
    """
    if not _is_all_zero(dossier):
        return
    last = earlier(dossier)
    above = tuple(cell for cell in dossier.form.cells if amount(last.get(cell)))
    if above or not last:
        yield Finding(
            "CY-ALLZERO",
            "explain" if last else "note",
            cells=above,
            left=len(above) if last else None,
            facts={"last_year": dossier.report.year - 1, "last": {c: last[c] for c in above}},
        )


def check_powers(dossier: Dossier) -> Iterator[Finding]:
    """T2-04: decisions or fees that began this year or ended, unless there were only a few.

    An even stream of five a year misses a whole year less than once in a hundred; one or two
    penalties in one year and none in the next are nothing to ask about.
    """
    last, now = earlier(dossier), dossier.report.figures
    if not last or _is_all_zero(dossier):
        return
    ended: dict[str, Figure] = {}
    begun: dict[str, Figure] = {}
    for cell in _powers(dossier.form):
        here, there = amount(now.get(cell)), amount(last.get(cell))
        if here is None or there is None or bool(here) == bool(there):
            continue
        if max(here, there) >= dossier.limits.powers_least:
            (begun if here else ended)[cell] = now[cell] if here else last[cell]
    if ended or begun:
        yield Finding(
            "T2-04",
            "explain",
            cells=(*ended, *begun),
            facts={"ended": ended, "begun": begun, "last_year": dossier.report.year - 1},
        )


def check_agency(dossier: Dossier) -> Iterator[Finding]:
    """CY-ORG: another name than last year; another level alone is a note.

    The level is the office's own setting and may only have been corrected. A name that another
    one ends with is the same body with its city left out.
    """
    report, last = dossier.report, dossier.last
    if not last or last.year != report.year - 1:
        return
    name, before = plain_name(report.agency), plain_name(last.agency)
    known = name and before
    if known and not (name.endswith(before) or before.endswith(name)):
        yield _changed("name", "explain", last.agency, report.agency, last.year)
        return
    levels = rank(report.level), rank(last.level)
    if all(levels) and levels[0] != levels[1]:
        yield _changed("level", "note", last.level, report.level, last.year)


def _changed(what: str, severity: Severity, before: str, now: str, year: int) -> Finding:
    """The finding that the name or the level is another one."""
    return Finding(
        "CY-ORG",
        severity,
        sentence=now.strip(),
        facts={"what": what, "before": before.strip(), "last_year": year},
    )


def _is_all_zero(dossier: Dossier) -> bool:
    """Whether every figure is known and 0."""
    figures = dossier.report.figures
    if any(figures.values()):
        return False
    return all(amount(figures.get(cell)) == 0 for cell in dossier.form.cells)


@lru_cache(maxsize=8)
def _totals(form: Form) -> tuple[tuple[str, ...], ...]:
    """The 总计 column of tables three and four; 上年结转 is left to CY-FWD."""
    return tuple(
        tuple(
            table.item_key(row, line)
            for row in table.rows
            if (table.key, row.key) != (form.flow.table, form.flow.carried_in)
            for line in table.columns
            if line.total
        )
        for table in form.tables.values()
        if any(line.total for line in table.columns)
    )


@lru_cache(maxsize=8)
def _counts(form: Form) -> tuple[str, ...]:
    """The counts of tables that are not added up (table two)."""
    return tuple(cell for cell in _plain(form) if form.items[cell].kind == "count")


@lru_cache(maxsize=8)
def _powers(form: Form) -> tuple[str, ...]:
    """The cells of such tables that stand alone in their row: decisions and fees."""
    return tuple(cell for cell in _plain(form) if len(_table(form, cell).columns) == 1)


def _plain(form: Form) -> Iterator[str]:
    """The cells of tables that hold no total."""
    for cell in form.cells:
        table = _table(form, cell)
        if not any(line.total for line in (*table.rows, *table.columns)):
            yield cell


def _table(form: Form, cell: str) -> Table:
    return form.tables[form.items[cell].table]
