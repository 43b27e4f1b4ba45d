"""What the office should see to before it uses a roll-up: RU-MISS … RU-TEXT.

Pure. All findings are the office's own (severity admin); `facts["weight"]` says how much they
matter (hard, explain or note), and every finding names the units it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.checks.finding import Finding
from bot.form import Form
from bot.office.rollup import Contribution, Reason, Rollup, is_own, stale, usable
from bot.office.rollup_lists import check_lists
from bot.office.rollup_sums import admin, check_balance, check_carried, check_cells
from bot.report import Figure, Report

_LEAST_SAME = 3
_WEIGHTS: Mapping[Reason, str] = {
    "twice": "hard", "exempt": "hard", "whole": "note", "stranger": "explain",
}  # fmt: skip
_ORDER = ("hard", "explain", "note")


def check_rollup(
    rollup: Rollup,
    form: Form,
    *,
    report: Mapping[str, Figure] | None = None,
    texts: Mapping[str, str] | None = None,
    last: Report | None = None,
) -> tuple[Finding, ...]:
    """All findings about a roll-up, what weighs most first.

    `report` are the figures of the district's own report and `texts` its texts by item, both to be
    held against the units; `last` is the district's report of the year before.
    """
    findings = [
        *_check_missing(rollup),
        *_check_own(rollup),
        *_check_mixed(rollup),
        *_check_twice(rollup),
        *_check_below(rollup, form),
        *_check_same(rollup, form),
        *_check_gaps(rollup, form),
        *check_balance(rollup, form),
        *check_cells(rollup, form, report or {}),
        *check_carried(rollup, form, last),
        *check_lists(rollup, texts or {}),
    ]
    return tuple(sorted(findings, key=lambda each: _ORDER.index(str(each.facts["weight"]))))


def check_fresh(versions: Mapping[int, int], now: Rollup) -> tuple[Finding, ...]:
    """RU-FRESH: units that count otherwise than when the roll-up of `versions` was made."""
    moved = stale(versions, now)
    if not moved:
        return ()
    return (admin("RU-FRESH", "note", (unit.called for unit in moved), left=len(moved)),)


def _check_missing(rollup: Rollup) -> Iterator[Finding]:
    """RU-MISS: units of the list that are not counted; `waiting` have handed something in."""
    if not rollup.missing:
        return
    handed_in = {one.unit.id for one in rollup.waiting if one.state == "submitted"}
    names = [unit.called for unit in rollup.missing]
    yield admin(
        "RU-MISS",
        "hard" if rollup.final else "note",
        names,
        left=len(names),
        right=len(rollup.counted),
        waiting=tuple(unit.called for unit in rollup.missing if unit.id in handed_in),
        own=tuple(unit.called for unit in rollup.missing if is_own(unit, rollup.district)),
        final=rollup.final,
    )


def _check_own(rollup: Rollup) -> Iterator[Finding]:
    """RU-OWN: no office, an exempt one, or several that stand for the government itself."""
    own = [unit for unit in rollup.children if is_own(unit, rollup.district)]
    fault = "none" if not own else "several" if len(own) > 1 else "exempt" if own[0].exempt else ""
    if fault:
        names = [unit.called for unit in own] or [rollup.district.called]
        yield admin("RU-OWN", "explain", names, fault=fault)


def _check_mixed(rollup: Rollup) -> Iterator[Finding]:
    """RU-MIX: reports of another year or on another form, which were left out."""
    mixed = [one for one, reason in rollup.excluded if reason in ("year", "form")]
    if mixed:
        yield admin(
            "RU-MIX",
            "hard",
            (one.unit.called for one in mixed),
            left=len(mixed),
            of=tuple((one.unit.called, one.year, one.format) for one in mixed),
            year=rollup.year,
        )


def _check_twice(rollup: Rollup) -> Iterator[Finding]:
    """RU-TWICE: what would have been counted twice or does not belong here, and was left out."""
    for fault, weight in _WEIGHTS.items():
        units = [one.unit for one, reason in rollup.excluded if reason == fault]
        if units:
            yield admin(
                "RU-TWICE",
                weight,
                dict.fromkeys(unit.called for unit in units),
                left=len(units),
                fault=fault,
                exempt=tuple((unit.called, unit.exempt) for unit in units),
            )


def _check_below(rollup: Rollup, form: Form) -> Iterator[Finding]:
    """RU-TWICE: units left out as they report through one above them.

    Where the unit above has less in some cell it cannot contain them: their figures are lost.
    """
    counted = {one.unit.id: one for one in rollup.counted}
    parents = {unit.id: unit.parent for unit in rollup.children}
    whole: list[tuple[str, str]] = []
    lost: list[tuple[str, str]] = []
    for one, reason in rollup.excluded:
        if reason == "parent":
            above = _above(one, parents, counted)
            pair = one.unit.called, above.unit.called if above else ""
            (lost if above and _exceeds(one, above, form) else whole).append(pair)
    for fault, pairs in (("lost", lost), ("parent", whole)):
        if pairs:
            names = [name for name, _ in pairs]
            weight = "hard" if fault == "lost" else "explain"
            yield admin(
                "RU-TWICE", weight, names, left=len(pairs), fault=fault, of=tuple(pairs), exempt=()
            )


def _above(
    one: Contribution, parents: Mapping[int, int | None], counted: Mapping[int, Contribution]
) -> Contribution | None:
    """The counted unit above one that was left out."""
    at = one.unit.parent
    while at is not None and at not in counted:
        at = parents.get(at)
    return counted[at] if at is not None else None


def _exceeds(one: Contribution, above: Contribution, form: Form) -> bool:
    """Whether a unit has more in some cell than the one that should contain it."""
    for cell in form.cells:
        part, held = (usable(form, cell, each.figures.get(cell)) for each in (one, above))
        if part is not None and held is not None and part > held:
            return True
    return False


def _check_same(rollup: Rollup, form: Form) -> Iterator[Finding]:
    """RU-TWICE: two units with the very same figures, as after a change of name.

    A few small figures are alike by chance, so that there must be as many as for CY-SAME.
    """
    inputs = [cell for cell in form.cells if cell not in form.total_of]
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in rollup.counted:
        held = tuple((cell, str(n)) for cell in inputs if (n := one.figures.get(cell)))
        digits = sum(len(figure) for _, figure in held)
        if len(held) >= _LEAST_SAME and digits >= form.limits.same_digits:
            alike.setdefault(held, []).append(one.unit.called)
    for held, names in alike.items():
        if len(names) > 1:
            yield admin("RU-TWICE", "explain", names, left=len(held), fault="same", exempt=())


def _check_gaps(rollup: Rollup, form: Form) -> Iterator[Finding]:
    """RU-GAP: counted units without a figure in some cell, so that its sum is not whole."""
    gaps = [(one, cells) for one in rollup.counted if (cells := _gaps(one, form))]
    if gaps:
        yield admin(
            "RU-GAP",
            "hard",
            (one.unit.called for one, _ in gaps),
            cells=tuple(dict.fromkeys(cell for _, cells in gaps for cell in cells)),
            left=len(gaps),
            of=tuple((one.unit.called, len(cells)) for one, cells in gaps),
        )


def _gaps(one: Contribution, form: Form) -> tuple[str, ...]:
    """The cells in which a unit has no figure that can be added."""
    figures = one.figures
    return tuple(
        cell
        for cell in form.cells
        if type(figure := figures.get(cell)) is not int or figure < 0
        if usable(form, cell, figure) is None
    )


__all__ = ["check_fresh", "check_rollup"]
