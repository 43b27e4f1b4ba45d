"""Figures that came with their names: a few are stored, a batch is shown first.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.answers import Rejected
from bot.checks import run_checks
from bot.draft import NO, OUTCOMES, TYPES, YES, Answer
from bot.interview.asking import ask, unanswered
from bot.interview.card import figure_rows, hard_first
from bot.interview.position import propose
from bot.interview.questions import Question, applicants
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk
from bot.record import build_dossier
from bot.telling.paste import Reading, read_tables

_FEW = 7
_REST = re.compile(
    r"[\s,，;；、]*(?:其余|剩下|剩余)的?(?:各项|全部)?[都全均]?(?:[是为]?\s*[0０零]\s*个?|没有|无)\s*[。.]?\s*$"
)
"""What settles the figures of a line that were not named."""


def store(talk: Talk, answers: Iterable[tuple[str, Answer | None]]) -> None:
    """Keep figures; a gate or a choice that contradicts them gives way, and that is said."""
    answers = list(answers)
    talk.keep_all([*answers, *_opened(talk, answers)])


def take_reading(talk: Talk, reading: Reading) -> None:
    """Figures that came with their names: a few are stored, a batch is echoed first."""
    for fault in reading.faults[:4]:
        talk.say("fault_" + fault.reason, **fault.facts)
    if reading.leftover and len(reading.cells) <= _FEW:
        talk.say("fault_leftover", words=reading.leftover[:20])
        ask(talk, talk.position.asking, again=True)
        return
    if not reading.cells:
        if reading.blanks:
            talk.say("blanks", cells=reading.blanks)
        ask(talk, talk.position.asking, again=True)
        return
    doubts = (reading.faults, reading.blanks, reading.notes, reading.leftover)
    if len(reading.cells) <= _FEW and reading.sure and not any(doubts):
        before = {cell: talk.draft.figure(cell) for cell in reading.cells}
        if talk.position.asking not in reading.cells:
            talk.move(home=talk.position.home or talk.position.asking)
        store(talk, [(cell, Answer(value, "typed")) for cell, value in reading.cells.items()])
        say_corrected(talk, before, reading.cells)
        settle(talk)
        return
    echo(talk, [(cell, Answer(value, "imported")) for cell, value in reading.cells.items()],
         reading)  # fmt: skip


def say_corrected(talk: Talk, before: Mapping[str, object], now: Mapping[str, object]) -> None:
    """What was set: first entries, then changes; what stayed the same is not listed."""
    first = [cell for cell in now if before[cell] is None]
    changed = [cell for cell in now if before[cell] is not None and before[cell] != now[cell]]
    if first:
        talk.say("stored", items=first, values=[now[cell] for cell in first], yuan=False, typed="")
    if changed:
        talk.say("corrected", cells=changed, before=before, now=now)
    if not first and not changed:
        talk.say("unchanged")


def echo(talk: Talk, answers: list[tuple[str, Answer]], reading: Reading) -> None:
    """Show what was understood as a table and wait for a yes."""
    shown = talk.draft.with_changes([talk.draft.change(item, new) for item, new in answers])
    cells = [item for item, _ in answers]
    cells_of = set(cells)
    zeros = sum(not new.value for _, new in answers)
    talk.say(
        "echo", figure_rows(shown, cells), count=len(cells), zeros=zeros, blanks=reading.blanks,
        notes=reading.notes, faults=len(reading.faults),
        failing=len(hard_first([f for f in run_checks(build_dossier(shown), "figures")
                                if f.severity == "hard" and set(f.cells) <= cells_of], ())),
        replaced=[c for c in cells if c in talk.draft.answers
                  and talk.draft.value(c) != shown.value(c)],
    )  # fmt: skip
    talk.move(offer=tuple(propose(item, new) for item, new in answers))
    if reading.blanks:
        zeros_too = [
            *answers,
            *((c, Answer(_nothing(talk, c), "imported")) for c in reading.blanks),
        ]
        talk.move(repairs=(tuple(propose(item, new) for item, new in zeros_too),))
        talk.offer(Choice("r0", "blanks_zero", {"count": len(zeros_too)}))
    talk.offer(Choice("ok", "store_batch", {"count": len(cells)}), Choice("drop", "drop_batch"))


def _nothing(talk: Talk, cell: str) -> int | Decimal:
    """The zero of a cell."""
    return Decimal(0) if talk.draft.form.items[cell].kind == "money" else 0


def _opened(
    talk: Talk, answers: Iterable[tuple[str, Answer | None]]
) -> list[tuple[str, Answer | None]]:
    """What must give way for figures that are not 0: a closed gate, a choice without them."""
    draft = talk.draft
    cells = [item for item, new in answers if new and new.value and item in draft.form.items
             and draft.form.items[item].is_cell]  # fmt: skip
    opened: list[tuple[str, Answer | None]] = []
    for gate in draft.form.gates:
        if draft.value(gate.key) == NO and any(cell in gate.cells for cell in cells):
            talk.say("gate_reopened", label=gate.label)
            opened.append((gate.key, Answer(YES, "typed")))
    flow = draft.form.flow
    found = [draft.form.items[c] for c in cells if draft.form.items[c].table == flow.table]
    for name, lines in ((TYPES, {i.column for i in found}), (OUTCOMES, {i.row for i in found})):
        chosen = draft.choices(name)
        options = flow.kinds if name == TYPES else flow.outcomes
        if chosen is not None and lines - set(chosen) & set(options):
            both = [key for key in options if key in chosen or key in lines]
            if tuple(both) != chosen:
                opened.append((name, Answer(",".join(both), "typed")))
    return opened


def store_zeros(talk: Talk, cells: Iterable[str]) -> None:
    """Keep that these figures are 0, and say so."""
    zeros = [(cell, _nothing(talk, cell)) for cell in cells]
    store(talk, [(cell, Answer(zero, "typed")) for cell, zero in zeros])
    talk.say("stored", items=[c for c, _ in zeros], values=[z for _, z in zeros], yuan=False,
             typed="")  # fmt: skip
    settle(talk)


def with_rest(talk: Talk, reading: Reading, line: tuple[str, ...], typed: str) -> Reading:
    """What was read with 其余 0 behind it: the figures of the line that nobody gave are 0.

    Only where all of it was understood and all of it belongs to this line: else a figure that was
    meant otherwise would become a zero that nobody entered. Raises Rejected.
    """
    doubts = (reading.faults, reading.blanks, reading.notes, reading.leftover, not reading.sure)
    if any(doubts) or not reading.cells or not set(reading.cells) <= set(line):
        names = [
            talk.draft.form.short_column(cell) for cell in line[:2] if cell in talk.draft.figures
        ]
        raise Rejected("rest_unclear", typed=typed.strip()[:40], names=names)
    asked = Question("", "figures", line)
    rest = (cell for cell in unanswered(talk.draft, asked) if cell not in reading.cells)
    return replace(reading, cells={**{c: _nothing(talk, c) for c in rest}, **reading.cells})


def read_named(talk: Talk, asking: Question, text: str, table: str) -> Reading:
    """Figures with their names; where only columns are named, the row asked is meant."""
    form, kinds = talk.draft.form, applicants(talk.draft)
    reading = read_tables(form, text, table=table, columns=kinds)
    item = form.items.get(asking.items[0]) if asking.asks == "figures" else None
    lacks_row = reading.named and {f.reason for f in reading.faults} == {"no_row"}
    if item is None or not item.table or not lacks_row:
        return reading
    named = f"{form.short_row(item.table, item.row)} {text}"
    within = read_tables(form, named, table=item.table, columns=kinds)
    whole = not within.faults and set(within.cells) <= set(asking.items)
    return within if whole and within.cells else reading


def cut_rest(talk: Talk, text: str, asking: Question) -> tuple[str, bool]:
    """A text without 其余 0 at its end, and whether it had that while a line is asked.

    Raises Rejected where a single figure is asked: there is no rest.
    """
    is_asked = asking.asks == "figures" and asking.items[0] in talk.draft.figures
    found = _REST.search(text) if is_asked else None
    if found and len(asking.items) == 1:
        raise Rejected("rest_alone", typed=text.strip()[:40])
    return (text[: found.start()], True) if found else (text, False)
