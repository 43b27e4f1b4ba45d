"""Figures that can be right and often are not: who may make 规章, what lies open, what is confused.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from bot.checks.figures.equations import OPEN, RECEIVED, whole
from bot.checks.figures.numbers import UNIT, amount
from bot.checks.figures.standing import may_make_rules
from bot.checks.finding import Change, Dossier, Finding, Repair
from bot.report import Report

FEES = "proactive.fees_wanyuan"
SECRET = "requests.denied_state_secret.total"  # nosec B105 # a cell of the form
_COLUMNS = ("made", "repealed", "in_force")
_HANDLED = "requests.total_handled.total"
_OTHER = "requests.other_misc.total"

_WITHDRAWN = re.compile(
    r"撤回|撤销(了|其|自己的|原)?[^，。；]{0,6}申请|申请[^，。；]{0,8}撤销|"
    r"其他(处理|情形|方式)[^。；]{0,12}(含|包括|主要|均为|系|其中|是指)"
)
_SUM = re.compile(r"(?P<number>\d[\d,，]{0,19}(?:\.\d{1,6})?)\s*(?P<unit>万?元)")

_CONFUSED = (
    ("denied_internal_affairs", "denied_process_info"),
    ("denied_process_info", "denied_internal_affairs"),
    ("notproc_petition", "unable_not_held"),
    ("notproc_reconfirm", "notproc_repeat"),
)
"""Rows of table three with the row that they are taken for.

Not the other way round for the last two: 不掌握 and 重复申请 without their neighbours are usual.
"""

_BODIES = {"review": ("review",), "litigation": ("direct", "after_review")}
"""Table four as reviewers read it: the two kinds of lawsuit together."""


def check_rules(dossier: Dossier) -> Iterator[Finding]:
    """T2-01: 规章 of a body that cannot make any; perhaps they are 规范性文件.

    The repair moves the row down where 行政规范性文件 stands empty.
    """
    figures = dossier.report.figures
    above = {
        cell: number
        for cell in (f"proactive.rules_{column}" for column in _COLUMNS)
        if (number := whole(figures.get(cell))) and number > 0
    }
    if above and not may_make_rules(dossier.report):
        yield Finding(
            "T2-01",
            "explain",
            cells=tuple(above),
            left=sum(above.values()),
            repairs=_moved_down(dossier, above),
        )


def _moved_down(dossier: Dossier, above: dict[str, int]) -> tuple[Repair, ...]:
    """The figures of 规章 written one row lower, where nothing stands there."""
    targets = {cell: cell.replace("rules_", "normdocs_") for cell in above}
    below = [f"proactive.normdocs_{column}" for column in _COLUMNS]
    if any(dossier.report.figures.get(cell) for cell in below):
        return ()
    changes = [Change(targets[cell], number) for cell, number in above.items()]
    return (Repair((*changes, *(Change(cell, 0) for cell in above)), "misplaced"),)


def check_fees_confused(dossier: Dossier) -> Iterator[Finding]:
    """T2-05: the fees of table two are the very sum that section six names as 信息处理费.

    Only then: the two are different money, and any two different sums are right.
    """
    fees = amount(dossier.report.figures.get(FEES))
    if not fees:
        return
    for match in _SUM.finditer(dossier.report.text("other")):
        number = Decimal(re.sub("[,，]", "", match["number"]))
        yuan = number * UNIT if match["unit"] == "万元" else number
        if fees in (yuan / UNIT, number):
            yield Finding("T2-05", "note", cells=(FEES,), left=fees, sentence=match[0])
            return


def check_open(dossier: Dossier) -> Iterator[Finding]:
    """T3-LATE: much is carried over; 20 working days twice leave only the last two months open."""
    new, out = _whole(dossier, RECEIVED), _whole(dossier, OPEN)
    limits = dossier.limits
    if new is None or out is None or out < limits.open_least:
        return
    if out > limits.open_share * new:
        yield Finding("T3-LATE", "explain", cells=(OPEN, RECEIVED), left=out, right=new)


def check_other(dossier: Dossier) -> Iterator[Finding]:
    """T3-OTHER: the row 其他 holds much, and the text does not say what; mostly withdrawals.

    Silent while section one is not written: what is not there yet cannot be missing in it.
    """
    other, handled = _whole(dossier, _OTHER), _whole(dossier, _HANDLED)
    limits = dossier.limits
    if other is None or handled is None or other < limits.other_least:
        return
    if other > limits.other_share * handled and _is_untold(dossier.report):
        yield Finding("T3-OTHER", "explain", cells=(_OTHER, _HANDLED), left=other, right=handled)


def _is_untold(report: Report) -> bool:
    """Whether section one is written and no text says what 其他 is made of."""
    first = [report.text("overview.intro"), *(topic.text for topic in report.topics)]
    texts = (*first, report.text("problems"), report.text("other"))
    return any(map(str.strip, first)) and not any(map(_WITHDRAWN.search, texts))


def check_secret(dossier: Dossier) -> Iterator[Finding]:
    """T3-SECRET: state secrets were a reason; a reminder that no details belong in a chat."""
    count = _whole(dossier, SECRET)
    if count:
        yield Finding("T3-SECRET", "note", cells=(SECRET,), left=count)


def check_confused(dossier: Dossier) -> Iterator[Finding]:
    """T3-TOP: rows above 0 whose neighbour, with which they are confused, is 0; once, as a note.

    An office that fills both rows knows the difference, and a case or two is no habit.
    """
    cells = tuple(
        f"requests.{row}.total"
        for row, neighbour in _CONFUSED
        if (_whole(dossier, f"requests.{row}.total") or 0) >= dossier.limits.confused_least
        and _whole(dossier, f"requests.{neighbour}.total") == 0
    )
    if cells:
        rows = tuple(cell.split(".")[1] for cell in cells)
        yield Finding("T3-TOP", "note", cells=cells, facts={"rows": rows})


def check_corrected(dossier: Dossier) -> Iterator[Finding]:
    """T4-LOSS: a good part of the closed cases was corrected; section five might say why.

    `left` is how many were corrected, `right` how many were closed.
    """
    limits = dossier.limits
    for about, groups in _BODIES.items():
        cells = tuple(f"review_litigation.{group}_corrected" for group in groups)
        corrected = _sum(dossier, cells)
        closed = _sum(dossier, [f"review_litigation.{group}_total" for group in groups])
        pending = _sum(dossier, [f"review_litigation.{group}_pending" for group in groups])
        if corrected is None or closed is None or pending is None:
            continue
        closed -= pending
        if closed >= limits.corrected_least and corrected > limits.corrected_share * closed:
            yield Finding("T4-LOSS", "note", cells, corrected, closed, facts={"about": about})


def _whole(dossier: Dossier, cell: str) -> int | None:
    """A count, or None where it is not known or negative."""
    number = whole(dossier.report.figures.get(cell))
    return None if number is None or number < 0 else number


def _sum(dossier: Dossier, cells: Iterable[str]) -> int | None:
    """The sum of some counts, or None where one is not known."""
    total = 0
    for cell in cells:
        number = _whole(dossier, cell)
        if number is None:
            return None
        total += number
    return total
