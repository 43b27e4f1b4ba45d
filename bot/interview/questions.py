"""The questions of the interview and their order: what is asked next follows from what is missing.

A question has a name that a button can carry: a gate (`gate.fees`), a line of figures
(`row.granted`, `fill.normdocs`, a single cell's key), a choice (`pick.types`), a text
(`overview.platform`), and a few that confirm or look over (`zeros`, `fee`, `review`, `view`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
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
    if name == TYPES:
        return Question(name, "choice", (name,), form.sets["applicant"])
    if name == OUTCOMES:
        return Question(name, "choice", (name,), form.sets["result"])
    if name in ("fill.control", "fill.fee"):
        return Question(name, "figures", CONTROLS if name == "fill.control" else FEES)
    if head in ("fill", "intake", "row"):
        items = _line(draft, head, tail)
        return Question(name, "figures", items) if items else None
    if head == "view":
        return Question(name, "view")
    if name.startswith(EXPLAIN):
        return Question(name, "explain", (name,))
    if name.startswith(REPLY):
        return Question(name, "reply", (name,))
    if name in (ZEROS, FEE, REVIEW):
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
    settled = all(gate.key != "gate.requests" for gate in gates)
    if settled and draft.is_open("gate.requests") and any(map(is_missing, CONTROLS)):
        yield "fill.control"
    if _has_zeros(draft) and draft.value(ZEROS) != zeros_mark(draft):
        yield ZEROS
    for name in draft.form.texts:
        if name == draft.form.texts[-1]:
            continue  # the signature block is proposed with the document
        if name == "other":
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
    return draft.form.sets["applicant"] if chosen is None else chosen


def last_carry(draft: Draft) -> dict[str, int]:
    """结转下年度 of last year by applicant type, where all of it is known; else empty."""
    kinds = draft.form.sets["applicant"]
    carried = {kind: draft.last_figure(f"requests.carried_out.{kind}") for kind in kinds}
    return (
        {kind: n for kind, n in carried.items() if type(n) is int and n >= 0}
        if (all(type(n) is int and n >= 0 for n in carried.values()))
        else {}
    )


def _has_zeros(draft: Draft) -> bool:
    """Whether all figures are settled and some of them are 0 because of a gate or a choice."""
    sources = {answer.source for answer in draft.figures.values()}
    return "gate" in sources and "unasked" not in sources


def _block(draft: Draft, gate: str) -> Iterator[str]:
    """The questions of an open block, in order."""
    if gate == "gate.rules":
        yield from ("fill.rules", "fill.normdocs")
    elif gate == "gate.decisions":
        yield "fill.decisions"
    elif gate == "gate.fees":
        yield "fill.fees"
    elif gate == "gate.cases":
        yield from (f"fill.{row.key}" for row in draft.form.tables["cases"].rows)
    elif gate == "gate.requests":
        yield "fill.control"
        if last_carry(draft):
            yield "row.carried_in"
        yield TYPES
        if draft.choices(TYPES) is not None or _has_intake(draft):
            yield from (f"intake.{kind}" for kind in applicants(draft))
            yield OUTCOMES
            chosen = draft.choices(OUTCOMES)
            rows = draft.form.sets["result"] if chosen is None else chosen
            if chosen is not None or _has_results(draft):
                yield from (f"row.{row}" for row in draft.form.sets["result"] if row in rows)
            yield "row.carried_out"


def _line(draft: Draft, head: str, tail: str) -> tuple[str, ...]:
    """The cells that one line of figures fills."""
    form = draft.form
    if head == "intake" and tail in form.sets["applicant"]:
        new, carried = f"requests.new_received.{tail}", f"requests.carried_in.{tail}"
        confirmed = last_carry(draft) and draft.value(carried) is not None
        return (new,) if confirmed else (new, carried)
    if head == "row" and tail in form.sets["row"] and tail != "total_handled":
        return tuple(f"requests.{tail}.{kind}" for kind in applicants(draft))
    if head == "fill" and tail == "decisions":
        return form.gate("gate.decisions").cells
    if head == "fill" and tail == "fees":
        return form.gate("gate.fees").cells
    if head == "fill":
        return _table_row(form, "rules", tail) or _table_row(form, "cases", tail)
    return ()


def _table_row(form: Form, table_key: str, row_key: str) -> tuple[str, ...]:
    """The cells of one row that are asked: all but its total."""
    table = form.tables[table_key]
    return tuple(
        table.item_key(row, column)
        for row in table.rows
        if row.key == row_key
        for column in table.columns
        if not column.total
    )


def _chosen_cells(draft: Draft, name: str) -> tuple[str, ...]:
    """The cells that a multiple choice settles."""
    if name == TYPES:
        return draft.form.gate("gate.requests").cells
    rows = draft.form.sets["result"]
    return tuple(f"requests.{row}.{kind}" for row in rows for kind in applicants(draft))


def _has_intake(draft: Draft) -> bool:
    """Whether table three was begun by hand or by pasting, so that no types need be chosen."""
    return any(
        f"requests.{row}.{kind}" in draft.answers
        for row in ("new_received", "carried_in")
        for kind in draft.form.sets["applicant"]
    )


def _has_results(draft: Draft) -> bool:
    return any(
        f"requests.{row}.{kind}" in draft.answers
        for row in draft.form.sets["result"]
        for kind in draft.form.sets["applicant"]
    )


def asked_now(draft: Draft, asking: str) -> Question:
    """The question asked now; the review where there is none."""
    return find_question(draft, asking) or Question(REVIEW, "review")
