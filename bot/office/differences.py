"""What changed between two versions of a report, and which of it nobody asked for.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Literal

from bot.checks.figures.numbers import amount
from bot.checks.texts import sentences
from bot.form import Form
from bot.office.standing import Comment
from bot.record import report_texts
from bot.report import Figure, Report, paragraphs, show_figure

_ALIKE = 0.5
"""Two sentences with this share of characters in common are one sentence that was reworded."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that is another than before; a blank figure is None, a missing text ''."""

    item: str
    old: Figure | str
    new: Figure | str
    kind: Literal["figure", "text"]


def differences(before: Report, after: Report, form: Form) -> tuple[Difference, ...]:
    """What is different in `after`: figures in the form's order, then texts.

    A figure that was blank and is 0 now has changed; blank lines and outer white space have not.
    """
    return (*_figures(before, after, form), *_texts(before, after, form))


def changed_sentences(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The sentences of a text that changed, as they were and as they are, in order.

    One side is '' where a sentence was only taken out or only added. Where all sentences are the
    same the lines are compared: a break was set, or a mark doubled.
    """
    return _changes(_stripped(sentences(old)), _stripped(sentences(new))) or _changes(
        paragraphs(old), paragraphs(new)
    )


def beyond(
    differences: Sequence[Difference], comments: Sequence[Comment], form: Form
) -> tuple[Difference, ...]:
    """The changes that no comment asked for, in their order.

    Asked for are: the commented item; the cells of its row and its column, where a misplaced
    figure goes to; what the form's equations demand after these; and a text in which only the
    asked-for figures were replaced. A comment that is pinned to no item may ask for anything.
    """
    pinned = {comment.item for comment in comments}
    if not pinned <= set(form.items):
        return ()
    asked = {d.item for d in differences if any(_is_near(form, d.item, pin) for pin in pinned)}
    asked |= _following(differences, asked, form)
    moved = {
        (show_figure(d.old), show_figure(d.new))
        for d in differences
        if d.item in asked and not isinstance(d.old, str) and not isinstance(d.new, str)
    }
    return tuple(d for d in differences if d.item not in asked and not _only_tells(d, moved))


def _figures(before: Report, after: Report, form: Form) -> Iterator[Difference]:
    for cell in form.cells:
        old, new = before.figures.get(cell), after.figures.get(cell)
        if old != new:
            yield Difference(cell, old, new, "figure")


def _texts(before: Report, after: Report, form: Form) -> Iterator[Difference]:
    was, now = report_texts(before, form), report_texts(after, form)
    for item in form.texts:
        old, new = was.get(item, ""), now.get(item, "")
        if paragraphs(old) != paragraphs(new):
            yield Difference(item, old, new, "text")


def _stripped(told: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, told)))


def _changes(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What differs between two sequences of sentences."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        pair
        for what, a, b, c, d in steps
        if what != "equal"
        for pair in _paired(old[a:b], new[c:d])
    )


def _paired(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Sentences of one changed place, each beside the sentence that it was reworded to."""
    at = 0
    for old in gone:
        found = next((n for n in range(at, len(come)) if _are_alike(old, come[n])), None)
        if found is None:
            yield old, ""
            continue
        yield from (("", new) for new in come[at:found])
        yield old, come[found]
        at = found + 1
    yield from (("", new) for new in come[at:])


def _are_alike(one: str, other: str) -> bool:
    """Whether two sentences are the same but for some words; the cheap bounds first."""
    match = SequenceMatcher(None, one, other, autojunk=False)
    bounds = (match.real_quick_ratio, match.quick_ratio, match.ratio)
    return all(bound() >= _ALIKE for bound in bounds)


def _is_near(form: Form, item: str, pin: str) -> bool:
    """Whether an item is the commented one or stands in its row or column."""
    here, there = form.items[item], form.items[pin]
    if item == pin or not (here.is_cell and there.is_cell and here.table == there.table):
        return item == pin
    return here.row == there.row or here.column == there.column


def _following(
    differences: Sequence[Difference], asked: Collection[str], form: Form
) -> frozenset[str]:
    """The changed cells that the equations demand once the asked-for cells have changed.

    An equation that the asked-for changes alone keep in balance demands nothing more: what else
    changed in it was changed for another reason.
    """
    by = {d.item: _gain(d) for d in differences if d.kind == "figure"}
    known = {cell for cell in asked if cell in by}
    grown = True
    while grown:
        grown = False
        for rule in form.rules:
            fresh = [cell for cell in rule.cells if cell in by and cell not in known]
            if fresh and _sum(by, rule.left, known) != _sum(by, rule.right, known):
                known.update(fresh)
                grown = True
    return frozenset(known)


def _gain(difference: Difference) -> int | Decimal:
    """By how much a figure grew; what is blank or faulty counts as 0."""
    return (amount(difference.new) or 0) - (amount(difference.old) or 0)


def _sum(
    by: Mapping[str, int | Decimal], cells: Sequence[str], known: Collection[str]
) -> int | Decimal:
    return sum(by[cell] for cell in cells if cell in known)


def _only_tells(difference: Difference, moved: Collection[tuple[str, str]]) -> bool:
    """Whether a text only took over figures that were to be changed: 收到12件 became 收到15件."""
    old, new = difference.old, difference.new
    if not (isinstance(old, str) and isinstance(new, str) and moved):
        return False
    return all(
        _NUMBER.sub("0", was) == _NUMBER.sub("0", now)
        and all(
            pair[0] == pair[1] or pair in moved
            for pair in zip(_NUMBER.findall(was), _NUMBER.findall(now), strict=True)
        )
        for was, now in changed_sentences(old, new)
    )
