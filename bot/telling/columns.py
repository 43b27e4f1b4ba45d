"""Which applicant types the figures of table three belong to, as far as that was told.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.draft import OPEN, RECEIVED
from bot.form import Form

NEW, CARRIED_IN, CARRIED_OUT = "new_received", "carried_in", "carried_out"


@dataclass(slots=True)
class Told:
    """A figure of table three as it was told; without a `column` where no type was named.

    A `part` belongs to the figure without a type that was told before it (其中自然人2件); what was
    `worked_out` (其余结转) follows from the others and can not be held against them.
    """

    row: str
    column: str
    number: int
    words: str
    part: bool = False
    worked_out: bool = False


@dataclass(slots=True)
class Given:
    """The cells and whole-year totals that follow, and what must be asked."""

    cells: dict[str, int] = field(default_factory=dict)
    controls: dict[str, int] = field(default_factory=dict)
    asks: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)


def give_columns(form: Form, told: Sequence[Told], kinds: Sequence[str], everyone: str) -> Given:
    """Every figure in its column; what has none is asked with the row and the number.

    `everyone` is the type named for all (都是自然人), `kinds` the types known for the unit.
    """
    given = Given()
    _total(given, told, NEW, RECEIVED)
    _total(given, told, CARRIED_OUT, OPEN)
    settled = _split(given, told)
    placed = [(t, t.column) for t in settled if t.column]
    for t, column in _inherited([t for t in settled if t.number or t.column], kinds, everyone):
        if column:
            placed.append((t, column))
        else:
            given.asks.append(("which_type", t.words, {"row": t.row, "number": t.number}))
    _place(given, placed)
    named = [column for column in form.sets["applicant"] if any(t.column == column for t in told)]
    every = tuple(dict.fromkeys((*kinds, *named))) if kinds else form.sets["applicant"]
    _place_zeros(given, [t for t in settled if not t.column and not t.number], every)
    return given


def _total(given: Given, told: Sequence[Told], row: str, control: str) -> None:
    """A whole-year total: a row's one figure without a type, where no figure is one type's own."""
    numbers = {t.number for t in told if t.row == row and not t.column and not t.worked_out}
    if len(numbers) == 1 and all(t.part for t in told if t.column):
        given.controls[control] = numbers.pop()


def _split(given: Given, told: Sequence[Told]) -> list[Told]:
    """The figures without the totals whose parts were all told; parts that do not fit are asked."""
    kept: list[Told] = []
    at = 0
    while at < len(told):
        whole, at = told[at], at + 1
        parts = []
        while at < len(told) and not whole.column and told[at].row == whole.row and told[at].column:
            parts.append(told[at])
            at += 1
        left = whole.number - sum(t.number for t in parts)
        words = "，".join(dict.fromkeys((whole.words, *(t.words for t in parts))))
        before = [t for t in kept if t.row == whole.row and t.column]
        if not whole.column and len(before) > 1 and sum(t.number for t in before) == whole.number:
            kept += parts  # 自然人收到2件，企业收到1件，共收到3件
        elif not parts:
            kept.append(whole)
        elif left == 0:
            kept += parts
        elif left > 0:
            kept += [t for t in parts if not t.part]
            given.asks.append(("which_type", words, {"row": whole.row, "number": left}))
        else:
            facts: dict[str, object] = {"told": whole.number, "parts": whole.number - left}
            given.asks.append(("sum", words, facts))
    return kept


def _inherited(told: Sequence[Told], kinds: Sequence[str], everyone: str) -> list[tuple[Told, str]]:
    """The figures without a type, each with the type that the text leaves no doubt about, or ''."""
    named = {t.column for t in told if t.column} | ({everyone} - {""})
    bare = [t for t in told if not t.column]
    if everyone:
        return [(t, everyone if named == {everyone} else "") for t in bare]
    if len(kinds) == 1 and named <= set(kinds):
        return [(t, kinds[0]) for t in bare]
    if any(t.row in (NEW, CARRIED_IN) for t in bare):
        return [(t, "") for t in bare]
    return _by_applicant(told, bare)


def _by_applicant(told: Sequence[Told], bare: Sequence[Told]) -> list[tuple[Told, str]]:
    """自然人收到3件，公开3件，企业收到1件，公开1件: outcomes follow the applicant named before.

    With one applicant they may not exceed what came in, with several they must add up for each.
    """
    current = ""
    owners: list[tuple[Told, str]] = []
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    for t in told:
        if t.row in (NEW, CARRIED_IN):
            current = t.column
            came[current] = came.get(current, 0) + t.number
            continue
        owner = t.column or current
        went[owner] = went.get(owner, 0) + t.number
        if not t.column:
            owners.append((t, owner))
    named = {t.column for t in told if t.column}
    single = len(came) == 1 == len(named) and all(went.get(c, 0) <= n for c, n in came.items())
    fits = single or (came == went and "" not in came)
    return owners if fits and all(owner for _, owner in owners) else [(t, "") for t in bare]


def _place(given: Given, placed: Iterable[tuple[Told, str]]) -> None:
    """Fill the cells; of two numbers for one cell neither is believed (公开2件，另外公开2件)."""
    words: dict[str, str] = {}
    refused = set()
    for t, column in placed:
        cell = f"requests.{t.row}.{column}"
        if cell in given.cells and (t.number or given.cells[cell]):
            told = f"{words[cell]}；{t.words}"
            given.asks.append(("twice", told, {"cell": cell}))
            refused.add(cell)
        given.cells[cell] = t.number
        words[cell] = t.words
    for cell in refused:
        del given.cells[cell]


def _place_zeros(given: Given, zeros: Iterable[Told], columns: Sequence[str]) -> None:
    """没有结转 holds for every type, unless a number was told for one."""
    for t in zeros:
        cells = [f"requests.{t.row}.{column}" for column in columns]
        row = [c for c in given.cells if c.startswith(f"requests.{t.row}.") and given.cells[c]]
        asked = any(f.get("row") == t.row and f.get("number") for _, _, f in given.asks)
        doubted = any(
            str(f.get("cell", "")).startswith(f"requests.{t.row}.") for *_, f in given.asks
        )
        if doubted:
            continue
        if row or asked:
            numbers = "、".join(str(given.cells.pop(cell)) for cell in row)
            told = f"{numbers}；{t.words}" if numbers else t.words
            given.asks.append(("twice", told, {"cell": (row or cells)[0]}))
        else:
            given.cells.update(dict.fromkeys(cells, 0))
