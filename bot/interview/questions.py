"""The questions of the interview and their order: what is asked next follows from what is missing.

A question has a name that a button can carry: a gate (`gate.fees`), a line of figures
(`row.granted`, `fill.normdocs`, a single cell's key), a choice (`pick.types`), a text
(`overview.platform`), and a few that confirm or look over (`zeros`, `fee`, `review`, `view`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.draft import CONTROLS, OUTCOMES, REPLY, TYPES, YES, Draft, Pinned
from bot.form import Form

Asks = Literal[
    "gate", "figures", "choice", "text", "fee", "zeros", "explain", "reply", "view", "review"
]

ZEROS, FEE, REVIEW, VIEW = "zeros", "fee", "review", "view"
CHARGED, NOTICES, DUE, PAID = "fee.charged", "fee.notices", "fee.due", "fee.paid"
EXPLAIN = "explain."
LAST = "last.report"
SIGNOFF = "signoff"
FEES = (NOTICES, DUE, PAID)


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what kind it is, and the items that its answer fills."""

    name: str
    asks: Asks
    items: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def find_question(draft: Draft, name: str) -> Question | None:
    """The question called `name`, or None when there is none."""
    form = draft.form
    head, _, tail = name.partition(".")
    if any(gate.key == name for gate in form.gates):
        return Question(name, "gate", (name,))
    if name in form.items:
        return Question(name, "figures" if form.items[name].is_cell else "text", (name,))
    if form.flow and name in (TYPES, OUTCOMES):
        options = form.flow.kinds if name == TYPES else form.flow.outcomes
        return Question(name, "choice", (name,), options)
    if name == "fill.control" and form.flow:
        return Question(name, "figures", CONTROLS)
    if name == "fill.fee" and form.charge:
        return Question(name, "figures", FEES)
    if head in ("fill", "intake", "row"):
        items = _line(draft, head, tail)
        return Question(name, "figures", items) if items else None
    if head == "view":
        return Question(name, "view")
    if name.startswith(EXPLAIN):
        return Question(name, "explain", (name,))
    if name.startswith(REPLY):
        return Question(name, "reply", (name,))
    if name in (ZEROS, REVIEW) or (name == FEE and form.charge):
        return Question(name, "zeros" if name == ZEROS else "fee" if name == FEE else "review",
                        (CHARGED,) if name == FEE else (name,))  # fmt: skip
    return None


def agenda(draft: Draft, *, catching_up: bool = False) -> Iterator[str]:
    """The names of the questions that are open, in order; `review` is always the last.

    What the office asked for comes first. Items put off are open again when `catching_up`.
    """
    yield from dict.fromkeys(_asked_by_office(draft))

    def is_missing(item: str) -> bool:
        answer = draft.answers.get(item)
        return answer is None or (catching_up and answer.source == "todo")

    def lacks(cells: tuple[str, ...]) -> bool:
        sources = ("unasked", "todo") if catching_up else ("unasked",)
        return any(draft.figures[cell].source in sources for cell in cells)

    gates = [gate for gate in draft.form.gates if lacks(gate.cells)]
    for gate in gates:
        if is_missing(gate.key) and not draft.is_open(gate.key):
            yield gate.key
    for gate in gates:
        if draft.is_open(gate.key):
            for name in _block(draft, gate.key):
                question = find_question(draft, name)
                assert question
                if question.asks == "choice":
                    if is_missing(name) and lacks(_chosen_cells(draft, name)):
                        yield name
                elif name == "fill.control":
                    if any(is_missing(item) for item in question.items):
                        yield name
                elif lacks(question.items):
                    yield name
    flow = draft.form.flow
    settled = flow and all(gate.key != flow.gate for gate in gates)
    if settled and draft.is_open(flow.gate) and any(map(is_missing, CONTROLS)):
        yield "fill.control"
    if _has_zeros(draft) and draft.value(ZEROS) != zeros_mark(draft):
        yield ZEROS
    for name in draft.form.texts:
        if name == SIGNOFF:
            continue  # the signature block is proposed with the document
        if name == draft.form.charge:
            if is_missing(CHARGED) and is_missing(name):
                yield FEE
                continue
            if draft.value(CHARGED) == YES and any(is_missing(item) for item in FEES):
                yield "fill.fee"
        if is_missing(name):
            yield name


def comment_question(draft: Draft, comment: Pinned) -> Question | None:
    """The question that a comment is pinned to; None where it is about the whole report."""
    question = find_question(draft, comment.item) if comment.item else None
    return question if question and question.asks in ("figures", "text", "gate") else None


def pinned_at(draft: Draft, name: str) -> Pinned | None:
    """The open comment that a question answers, or None."""
    return next((c for c in draft.asked_for if name in (c.item, c.reply)), None)


def _asked_by_office(draft: Draft) -> Iterator[str]:
    for comment in draft.asked_for:
        yield comment.item if comment_question(draft, comment) else comment.reply


def zeros_mark(draft: Draft) -> str:
    """What the confirmation of the zeros is bound to: the gates and choices that made them."""
    parts = [*draft.closed, str(draft.value(TYPES)), str(draft.value(OUTCOMES))]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def applicants(draft: Draft) -> tuple[str, ...]:
    """The applicant types that are asked: those chosen, or all."""
    chosen = draft.choices(TYPES)
    return draft.form.flow.kinds if chosen is None else chosen


def last_carry(draft: Draft) -> dict[str, int]:
    """结转下年度 of last year by applicant type, where all of it is known; else empty."""
    flow = draft.form.flow
    carried = {kind: draft.last_figure(flow.cell(flow.carried_out, kind)) for kind in flow.kinds}
    known = {kind: n for kind, n in carried.items() if type(n) is int and n >= 0}
    return known if len(known) == len(carried) else {}


def _has_zeros(draft: Draft) -> bool:
    """Whether all figures are settled and some of them are 0 because of a gate or a choice."""
    sources = {answer.source for answer in draft.figures.values()}
    return "gate" in sources and "unasked" not in sources


def _block(draft: Draft, gate: str) -> Iterator[str]:
    """The questions of an open block, in order."""
    if gate == draft.form.flow.gate:
        yield from _flow(draft)
    elif draft.form.gate(gate).together:
        yield _together(gate)
    else:
        rows = dict.fromkeys(draft.form.items[c].row for c in draft.form.gate(gate).cells)
        yield from (f"fill.{row}" for row in rows if fill_cells(draft.form, row))


def _flow(draft: Draft) -> Iterator[str]:
    """The questions about the table of cases, the short way: by kinds and outcomes."""
    flow = draft.form.flow
    yield "fill.control"
    if last_carry(draft):
        yield f"row.{flow.carried_in}"
    yield TYPES
    if draft.choices(TYPES) is not None or _has_intake(draft):
        yield from (f"intake.{kind}" for kind in applicants(draft))
        yield OUTCOMES
        chosen = draft.choices(OUTCOMES)
        rows = flow.outcomes if chosen is None else chosen
        if chosen is not None or _has_results(draft):
            yield from (f"row.{row}" for row in flow.outcomes if row in rows)
        yield f"row.{flow.carried_out}"


def _together(gate: str) -> str:
    """The one question of a block that is asked together: fill.decisions of gate.decisions."""
    return "fill." + gate.partition(".")[2]


def _line(draft: Draft, head: str, tail: str) -> tuple[str, ...]:
    """The cells that one line of figures fills."""
    form, flow = draft.form, draft.form.flow
    if head == "intake" and tail in flow.kinds:
        new, carried = flow.cell(flow.new, tail), flow.cell(flow.carried_in, tail)
        confirmed = last_carry(draft) and draft.value(carried) is not None
        return (new,) if confirmed else (new, carried)
    if head == "row" and tail in flow.rows:
        return tuple(flow.cell(tail, kind) for kind in applicants(draft))
    return fill_cells(form, tail) if head == "fill" else ()


@lru_cache(maxsize=512)
def fill_cells(form: Form, tail: str) -> tuple[str, ...]:
    """The cells of a question `fill.…`: a block asked together, else a row without its total."""
    for gate in form.gates:
        if gate.together and _together(gate.key) == f"fill.{tail}":
            return gate.cells
    for table in (table for table in form.tables.values() if table.key != form.flow.table):
        for row in (row for row in table.rows if row.key == tail and not row.total):
            return tuple(table.item_key(row, c) for c in table.columns if not c.total)
    return ()


def _chosen_cells(draft: Draft, name: str) -> tuple[str, ...]:
    """The cells that a multiple choice settles."""
    if name == TYPES:
        return draft.form.gate(draft.form.flow.gate).cells
    flow = draft.form.flow
    return tuple(flow.cell(row, kind) for row in flow.outcomes for kind in applicants(draft))


def _has_intake(draft: Draft) -> bool:
    """Whether table three was begun by hand or by pasting, so that no types need be chosen."""
    flow = draft.form.flow
    rows = (flow.new, flow.carried_in)
    return any(flow.cell(row, kind) in draft.answers for row in rows for kind in flow.kinds)


def _has_results(draft: Draft) -> bool:
    flow = draft.form.flow
    return any(
        flow.cell(row, kind) in draft.answers for row in flow.outcomes for kind in flow.kinds
    )


def asked_now(draft: Draft, asking: str) -> Question:
    """The question asked now; the review where there is none."""
    return find_question(draft, asking) or Question(REVIEW, "review")
