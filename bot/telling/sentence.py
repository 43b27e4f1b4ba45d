"""Reads figures out of what a clerk tells: 今年收到3件，2件予以公开，1件结转.

Pure and without guessing: what has no clear cell becomes an `Ask`, words that nobody knows stand
in `leftover`. The caller echoes what was understood and stores it only when it is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.form import Form
from bot.telling.claims import Claim, read_claims
from bot.telling.columns import give_columns
from bot.telling.teller import Teller

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that was understood and has no clear cell, with the words that told it.

    Reasons and their facts beside `words`: which_type (row, number), which_outcome (family,
    number), which_result (table, row, number), which_lawsuit (number), which_carry (number),
    which_row (number), which_number (row), sum (told, parts), twice (cell), last_year, negated,
    vague, unknown.
    """

    reason: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telling:
    """What was told: cells and whole-year totals (`control.received`, `control.open`) with their
    numbers, what must be asked, and the words that were not understood."""

    cells: Mapping[str, int]
    controls: Mapping[str, int]
    asks: tuple[Ask, ...]
    leftover: str


def read_telling(
    form: Form,
    text: str,
    kinds: Sequence[str],
    *,
    gates_open: bool = True,
    year: int | None = None,
) -> Telling | None:
    """The figures that `text` tells, or None where it tells none of tables two, three and four.

    `kinds` are the applicant types known for this unit: a single one is the column of whatever
    names no other. While gates are still asked (`gates_open` False), a text that tells nothing but
    没有 is an answer to a gate and no telling. Where `year` is given, figures of a text that names
    another year are asked. A text longer than `LONGEST` is prose.
    """
    if len(text) > LONGEST:
        return None
    claims, leftover, years = read_claims(form, text)
    teller = _told(form, claims)
    three = teller.three
    if not three.touched:
        return None
    cells = teller.lines.cells
    if len(years | ({year} - {None})) > 1:
        three.ask("last_year", text)
        cells, three.told = {}, []
    given = give_columns(form, three.told, tuple(kinds), three.everyone)
    cells = {**cells, **given.cells}
    found = (*three.asks, *given.asks)
    if not gates_open and not found and not any((*cells.values(), *given.controls.values())):
        return None
    asks = tuple(Ask(reason, {"words": words, **facts}) for reason, words, facts in found)
    return Telling(cells, given.controls, asks, leftover)


def _told(form: Form, claims: Sequence[Claim]) -> Teller:
    """A teller that has taken all claims."""
    teller = Teller(form)
    for claim in claims:
        teller.take(claim)
    teller.close()
    return teller
