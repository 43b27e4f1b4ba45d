"""The form's figures in a foreign file: what its tables and its lines of figures give together.

Nothing is guessed: a cell that is blank is None; one that is unclear is None and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.form import Form, Item, Section
from bot.readers.amounts import Amount, read_amount
from bot.readers.blocks import Grid
from bot.readers.loose import grid_of
from bot.readers.replaced import NAME, form_seen, is_single_row
from bot.readers.rows import Found
from bot.readers.table_four import read_cases
from bot.readers.table_three import read_requests
from bot.readers.table_two import SECTION as PROACTIVE
from bot.readers.table_two import read_proactive
from bot.readers.tables import Figures, place_of, read_figures
from bot.readers.units import one_of, unit_of_remark
from bot.report import Figure

_READERS = {
    "proactive": read_proactive,
    "requests": read_requests,
    "review_litigation": read_cases,
}
_SHOWN = 12
_NAMED = 4


@dataclass(slots=True)
class ForeignFigures:
    """The figures with the form they were found in ("2019" or ''), and the lines left over."""

    figures: Figures
    form_seen: str
    loose: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_foreign(
    placed: Sequence[tuple[str, Grid]],
    loose: Mapping[str, Sequence[str]],
    form: Form,
    remarks: Sequence[str] = (),
) -> ForeignFigures:
    """The figures in tables with their sections, and in the `loose` lines of these sections.

    `remarks` are the lines that stand beside tables; one such as 单位：元 counts for the sums. The
    tables of 2021 are known in all their usual looks, those of other forms by their exact labels.
    """
    if "requests" not in form.checks:
        figures = read_figures([grid for _, grid in placed], form)
        return ForeignFigures(figures, "", {key: held for key, held in loose.items() if held})
    found = {key: read(placed, form) for key, read in _READERS.items()}
    lines = {section: grid_of(held, form) for section, held in loose.items()}
    torn = [(section, grid) for section, (grid, _) in lines.items() if grid.rows]
    for key, read in _READERS.items():
        if not found[key].texts and torn:
            again = read(torn, form)
            found[key] = again if again.texts else found[key]
    _note_units(found[PROACTIVE], form, one_of(map(unit_of_remark, remarks)))
    left = [label for held in found.values() for label in held.left]
    seen = form_seen([grid for _, grid in (*placed, *torn)], left)
    rest = {section: others for section, (_, others) in lines.items()}
    return ForeignFigures(_figures(found, form, seen), seen, rest)


def _note_units(found: Found, form: Form, remark: str) -> None:
    """Add the unit that a remark beside the tables names; one that names no money says nothing."""
    if remark:
        for key in (key for key in found.texts if form.items[key].kind == "money"):
            found.units[key] = one_of((remark, found.units.get(key, "")))


def _figures(found: Mapping[str, Found], form: Form, seen: str) -> Figures:
    """All cells of the form with what is to be said about them."""
    values: dict[str, Figure] = dict.fromkeys(form.cells)
    unread: list[str] = []
    unreadable: dict[str, str] = {}
    for section in form.sections:
        held = found.get(section.key)
        if held is None:
            continue
        if not held.texts:
            unread += [f"没有找到“{section.label}”的表格。", *held.unread[:3]]
            continue
        for key in (key for key in form.cells if form.items[key].section == section.key):
            texts = held.texts.get(key, [])
            amount = _amount(form.items[key], texts, held)
            values[key] = amount.value
            if about := amount.fault or amount.note:
                unread.append(f"“{place_of(form.items[key], section)}”{about}")
            if amount.fault:
                unreadable[key] = "、".join(texts)[:60]
        unread += [*held.unread, *_missing(held, section, form, seen)]
    return Figures(values, (*unread, *_left(found, seen)), unreadable)


def _amount(item: Item, texts: Sequence[str], held: Found) -> Amount:
    """The figure of one cell from the texts that stood there; two different ones are none."""
    if len(texts) > 1:
        shown = "、".join(" ".join(text.split())[:20] or "空白" for text in texts[:3])
        return Amount(None, fault=f"这一格找到不止一处：{shown}。")
    if not texts:
        return Amount(None)
    return read_amount(texts[0], item.kind, unit=held.units.get(item.key, ""))


def _missing(held: Found, section: Section, form: Form, seen: str) -> Iterator[str]:
    """The rows of which nothing was found in one sentence, and single cells that were not."""
    lost: list[str] = []
    for table in (form.tables[key] for key in section.tables):
        for line in table.rows:
            cells = [table.item_key(line, column) for column in table.columns]
            absent = [cell for cell in cells if cell not in held.texts]
            is_said = (table.key, line.key) in held.taken or (seen and line.label in held.left)
            if 0 < len(absent) < len(cells):
                for cell in absent:
                    yield f"“{place_of(form.items[cell], section)}”这一格没有找到。"
            elif absent and not is_said and not _is_replaced_row(line.group, seen):
                lost.append(line.label)
    if lost:
        shown = "；".join(label[:24] for label in lost[:_NAMED])
        more = f"等 {len(lost)} 行" if len(lost) > _NAMED else ""
        yield f"“{section.label}”的表格里没有找到：{shown}{more}。"


def _is_replaced_row(group: str, seen: str) -> bool:
    """Whether the form of 2019 has one row where this one has three."""
    return bool(seen) and group == "other"


def _left(found: Mapping[str, Found], seen: str) -> Iterator[str]:
    """The rows that are not of the form, in one sentence."""
    labels = list(dict.fromkeys(label for held in found.values() for label in held.left))
    rows = "、".join(f"“{label[:20]}”" for label in labels[:_SHOWN])
    if seen:
        single = "（六）其他处理只有一行，没有分三项" if any(map(is_single_row, labels)) else ""
        yield (
            f"文件用的是 {NAME} 年的旧表，2021 年起已经换成新表；只读入了意思完全相同的格。"
            + (f"没有读入：{rows}。" if labels else "")
            + (f"{single}。" if single else "")
        )
    elif labels:
        yield f"这些行不是年报表格里的，没有读入：{rows}。"
