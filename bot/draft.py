"""One unit's answers for one year, each with its source, and what follows from them.

Pure. A draft holds only what people said. Zeros behind a closed gate and sums are worked out when
they are looked at, so that a revoked gate reopens its block and a total follows its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from bot.answers import Value
from bot.form import Form, Gate, Term
from bot.report import Report

Source = Literal["typed", "imported", "gate", "derived", "drafted", "todo", "unasked"]
"""本人填, 导入并确认, 门控为零, 推算, 按事实起草, 待办, 未问."""

NO, YES = "no", "yes"
TYPES = "pick.types"
OUTCOMES = "pick.outcomes"
RECEIVED, OPEN = "control.received", "control.open"
CONTROLS = (RECEIVED, OPEN)
REPLY = "reply."


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said for one item: its value (None where it was put off) and its source."""

    value: Value | None
    source: Source


@dataclass(frozen=True, slots=True)
class Change:
    """One item's answer before and after; None stands for no answer."""

    item: str
    old: Answer | None
    new: Answer | None


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a draft stands between its clerk and the office.

    `name` is filling, submitted, returned or approved; `version` the number of the last one handed
    in (0: none), `decision` the last decision's id, `reviewed` whether there is an office at all.
    """

    name: str = "filling"
    version: int = 0
    decision: int = 0
    reviewed: bool = False

    @property
    def locked(self) -> bool:
        """Whether nothing can be changed now."""
        return self.name in ("submitted", "approved")


@dataclass(frozen=True, slots=True)
class Pinned:
    """What the office asks for, pinned to a question; `item` '' is the whole report."""

    id: int
    item: str
    text: str
    by: str = ""

    @property
    def reply(self) -> str:
        """The item that keeps what was done about it."""
        return f"{REPLY}{self.id}"


@dataclass(frozen=True)
class Draft:
    """The answers of one unit for one year, and the form they answer.

    `last` is the unit's report of the year before, where it is known; `last_approved` says that it
    was approved in this store and not only sent as a file.
    """

    form: Form
    id: int
    agency: str
    year: int
    level: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    last: Report | None = None
    last_approved: bool = False
    stage: Stage = Stage()
    pinned: tuple[Pinned, ...] = ()

    @cached_property
    def asked_for(self) -> tuple[Pinned, ...]:
        """The office's comments that were not answered yet."""
        if self.stage.name != "returned":
            return ()
        return tuple(comment for comment in self.pinned if comment.reply not in self.answers)

    def value(self, item: str) -> Value | None:
        """What was said for `item`, or None."""
        answer = self.answers.get(item)
        return answer.value if answer else None

    def choices(self, item: str) -> tuple[str, ...] | None:
        """What was chosen in a multiple choice, or None when it is not answered."""
        value = self.value(item)
        return None if value is None else tuple(filter(None, str(value).split(",")))

    def number(self, item: str) -> int | None:
        """The whole number said for `item`, or None."""
        value = self.value(item)
        return value if isinstance(value, int) else None

    @cached_property
    def figures(self) -> Mapping[str, Answer]:
        """Every cell of the form with its value and source: said, closed by a gate, or summed up.

        A cell that nobody answered and that does not follow has the value None.
        """
        return self._worked_out[0]

    @cached_property
    def _worked_out(self) -> tuple[Mapping[str, Answer], frozenset[str], frozenset[str]]:
        """The figures, the totals that were added up, and the zeros behind gates."""
        answers = self.answers
        found = {cell: answers.get(cell, _UNASKED) for cell in self.form.cells}
        added: list[str] = []
        settled: list[str] = []
        for cell in self._zeros:
            if found[cell] is _UNASKED:
                found[cell] = _ZERO_MONEY if self.form.items[cell].kind == "money" else _ZERO
                settled.append(cell)
        for total, parts in self.form.sums:
            if found[total].source in ("unasked", "todo"):
                known = [found[part].value for part in parts]
                if None not in known:
                    found[total] = Answer(sum(known), "derived")  # type: ignore[arg-type]
                    added.append(total)
        return found, frozenset(added), frozenset(settled)

    @cached_property
    def values(self) -> Mapping[str, int | Decimal | None]:
        """The value of every cell, None where it is not known."""
        return {cell: answer.value for cell, answer in self.figures.items()}  # type: ignore[misc]

    def standing(self, item: str) -> Value | None:
        """What stands for an item now, worked out or said; None where nothing does."""
        return self.figure(item) if item in self.figures else self.value(item)

    def last_figure(self, cell: str) -> int | Decimal | None:
        """Last year's figure of a cell, or None where it is not known."""
        return self.last.figures.get(cell) if self.last else None

    @property
    def added(self) -> frozenset[str]:
        """The totals that were added up here."""
        return self._worked_out[1]

    @property
    def settled(self) -> frozenset[str]:
        """The cells that are 0 behind a closed gate or outside a choice."""
        return self._worked_out[2]

    def figure(self, cell: str) -> int | Decimal | None:
        """The value of a cell, or None when it is not known."""
        return self.values[cell]

    @cached_property
    def todo(self) -> tuple[str, ...]:
        """The items put off with 暂不清楚, in the order of the form."""
        keys = (*(gate.key for gate in self.form.gates), *CONTROLS, TYPES, OUTCOMES)
        order = {key: n for n, key in enumerate((*keys, *self.form.items))}
        put_off = [key for key, answer in self.answers.items() if answer.source == "todo"]
        return tuple(sorted(put_off, key=lambda key: order.get(key, len(order))))

    @cached_property
    def closed(self) -> tuple[str, ...]:
        """The gates answered 没有."""
        return tuple(gate.key for gate in self.form.gates if self.value(gate.key) == NO)

    def is_open(self, gate: str) -> bool:
        """Whether a block is to be filled in: its gate says so, something stands in it, or what
        last year left over needs an answer.
        """
        if self.value(gate) == NO:
            return False
        return (
            self.value(gate) == YES
            or any(cell in self.answers for cell in self.form.gate(gate).cells)
            or gate in self.left_over
        )

    @cached_property
    def left_over(self) -> frozenset[str]:
        """The gates at which 没有 would contradict last year's report: a case carried over needs
        an outcome, a document in force does not vanish.
        """
        return frozenset(gate.key for gate in self.form.gates if self._needs(gate))

    def _needs(self, gate: Gate) -> bool:
        """Whether zeros behind a gate would break a comparison with last year."""
        for relation in self.form.relations:
            before = [term for term in relation.terms if term.last]
            now = [term.cell for term in relation.terms if not term.last]
            if not before or not set(now) <= set(gate.cells):
                continue
            left, right = (self._last_sum(side) for side in (relation.left, relation.right))
            if left is None or right is None:
                continue
            if left != right if relation.sign == "=" else left < right:
                return True
        return False

    def _last_sum(self, terms: Iterable[Term]) -> int | Decimal | None:
        """One side of a comparison with every figure of this year 0; None where one is unknown."""
        total: int | Decimal = 0
        for term in terms:
            if term.last:
                figure = self.last_figure(term.cell)
                if figure is None:
                    return None
                total += -figure if term.minus else figure
        return total

    def with_changes(self, changes: Iterable[Change]) -> Draft:
        """The draft after `changes`."""
        answers = dict(self.answers)
        for change in changes:
            if change.new is None:
                answers.pop(change.item, None)
            else:
                answers[change.item] = change.new
        return replace(self, answers=answers)

    def change(self, item: str, new: Answer | None) -> Change:
        """The change that sets `item`."""
        return Change(item, self.answers.get(item), new)

    @property
    def _zeros(self) -> Iterator[str]:
        """The cells that are 0 where nobody said otherwise: behind closed gates, or left out."""
        for gate in self.form.gates:
            if self.value(gate.key) == NO:
                yield from gate.cells
        flow, types, outcomes = self.form.flow, self.choices(TYPES), self.choices(OUTCOMES)
        if types is not None:
            left_out = [kind for kind in flow.kinds if kind not in types]
            rows = (*flow.rows, flow.handled)
            yield from (flow.cell(row, kind) for row in rows for kind in left_out)
        if outcomes is not None:
            results = [row for row in flow.outcomes if row not in outcomes]
            yield from (flow.cell(row, kind) for row in results for kind in flow.kinds)


_UNASKED = Answer(None, "unasked")
_ZERO = Answer(0, "gate")
_ZERO_MONEY = Answer(Decimal(0), "gate")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a draft's history: who changed what, when, and in which message."""

    item: str
    old: Answer | None
    new: Answer | None
    person: str
    at: datetime
    message: str
