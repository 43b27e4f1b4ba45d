"""What a number in a text may stand for: sums of table rows, and their values in a report.

Pure. A sum is named in the words of the form, so that a finding can say what it compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from bot.checks.figures.equations import whole

NATURAL = ("natural_person",)
LEGAL = ("business", "research", "public_welfare", "legal_service", "other_org")
ALL = ("total",)

DENIED = tuple(
    f"denied_{name}"
    for name in (
        "state_secret", "law_forbidden", "safety_stability", "third_party", "internal_affairs",
        "process_info", "enforcement_file", "admin_inquiry",
    )
)  # fmt: skip
UNABLE = ("unable_not_held", "unable_needs_creation", "unable_still_unclear")
REFUSED = tuple(
    f"notproc_{name}" for name in ("petition", "repeat", "publication", "excessive", "reconfirm")
)
OTHER = ("other_no_correction", "other_no_fee", "other_misc")
OUTCOMES = {
    "予以公开": ("granted",),
    "部分公开": ("partly_granted",),
    "不予公开": DENIED,
    "无法提供": UNABLE,
    "不予处理": REFUSED,
    "其他处理": OTHER,
}

PARTS = ("upheld", "corrected", "other", "pending")
COURTS = ("direct", "after_review")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of cells and its name: 本年新收加上年结转."""

    name: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    def value(self, figures: Mapping[str, object]) -> int | None:
        """What the sum comes to, or None where a cell is not known."""
        total = 0
        for sign, cells in ((1, self.plus), (-1, self.minus)):
            for cell in cells:
                figure = figures.get(cell)
                number = figure if type(figure) is int else whole(figure)
                if number is None:
                    return None
                total += sign * number
        return total

    def in_columns(self, columns: tuple[str, ...]) -> Sum:
        """The same rows of table three in other columns."""
        plus, minus = (
            tuple(dict.fromkeys(cell.rpartition(".")[0] for cell in cells))
            for cells in (self.plus, self.minus)
        )
        return Sum(self.name, *(
            tuple(f"{row}.{column}" for row, column in product(rows, columns))
            for rows in (plus, minus)
        ))  # fmt: skip

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of the sum."""
        return self.plus + self.minus


def requests(
    name: str, plus: Iterable[str], minus: Iterable[str] = (), columns: tuple[str, ...] = ALL
) -> Sum:
    """A sum of rows of table three in the given columns."""
    return Sum(name, _cells(plus, columns), _cells(minus, columns))


def cases(name: str, plus: Iterable[str], minus: Iterable[str] = ()) -> Sum:
    """A sum of figures of table four: review_total, direct_pending."""
    return Sum(name, *(tuple(f"review_litigation.{key}" for key in keys) for keys in (plus, minus)))


def received(columns: tuple[str, ...] = ALL) -> tuple[Sum, ...]:
    """What 收到 may mean: with or without last year's cases, or all that were dealt with."""
    return (
        requests("本年新收", ["new_received"], (), columns),
        requests("本年新收加上年结转", ["new_received", "carried_in"], (), columns),
        requests("办理结果总计", ["total_handled"], (), columns),
    )


def answered(columns: tuple[str, ...] = ALL) -> tuple[Sum, ...]:
    """What 答复 and 办结 may mean: some offices leave out what ended without an answer."""
    handled = ["total_handled"]
    return (
        requests("办理结果总计", handled, (), columns),
        requests("办理结果总计减其他处理", handled, OTHER, columns),
        requests("办理结果总计减“其他处理·其他”", handled, ["other_misc"], columns),
        requests("办理结果总计减不予处理和其他处理", handled, (*REFUSED, *OTHER), columns),
        requests("办理结果总计减上年结转", handled, ["carried_in"], columns),
    )


def _cells(rows: Iterable[str], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"requests.{row}.{column}" for row, column in product(rows, columns))
