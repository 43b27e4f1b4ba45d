"""The form's tables as a web page has them: rows and merged cells as in `bot.writers.boxes`.

Every figure names the heads that it stands under, for scope alone would let a screen reader carry
one block's heads on into the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.form import Form
from bot.writers.boxes import Box, Layout, layouts, rows_of


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell: a label (`text`) or a figure (`key`), and the places that it covers.

    `id` and `scope` are only where it heads others, `heads` (ids) only where it is headed.
    """

    text: str = ""
    key: str = ""
    rows: int = 1
    columns: int = 1
    id: str = ""
    scope: Literal["", "row", "col"] = ""
    heads: str = ""


HtmlRow = tuple[HtmlCell, ...]


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A section's table: its shape, what it is about, how many columns, its head, its bodies."""

    shape: str
    about: str
    width: int
    head: tuple[HtmlRow, ...]
    bodies: tuple[tuple[HtmlRow, ...], ...]


@lru_cache(maxsize=8)
def html_tables(form: Form) -> dict[str, HtmlTable]:
    """The tables of the form by the keys of their sections."""
    return {layout.section: _table(layout, form) for layout in layouts(form)}


def _table(layout: Layout, form: Form) -> HtmlTable:
    begun = rows_of(layout.boxes)
    rows = [
        tuple(_cell(box, layout) for box in begun.get(number, ())) for number in range(layout.rows)
    ]
    head = tuple(rows[: layout.heads])
    starts = sorted({layout.heads, *_starts(layout)})
    bodies = tuple(
        tuple(rows[start:end])
        for start, end in zip(starts, [*starts[1:], layout.rows], strict=True)
    )
    about = form.section(layout.section).about
    return HtmlTable(layout.shape, about, layout.columns, head, bodies)


def _starts(layout: Layout) -> Iterator[int]:
    """The rows with which a part begins: a clause, or an outermost group or a row without one."""
    for box in layout.boxes:
        is_clause = layout.shape == "blocks" and box.columns == layout.columns
        is_outer = layout.shape == "crossed" and box.text and box.column == 0 and box.row
        if is_clause or is_outer:
            yield box.row


def _cell(box: Box, layout: Layout) -> HtmlCell:
    """A box as a cell; what heads figures has a name and a direction."""
    if box.key:
        heads = " ".join(_name(head, layout) for head in layout.heads_of(box))
        return HtmlCell(key=box.key, rows=box.rows, columns=box.columns, heads=heads)
    scope = _scope(box, layout)
    id = _name(box, layout) if scope else ""
    return HtmlCell(box.text, rows=box.rows, columns=box.columns, id=id, scope=scope)


def _scope(box: Box, layout: Layout) -> Literal["", "row", "col"]:
    """Which way a label heads figures; a corner heads none."""
    in_labels = box.column < layout.labels and box.columns < layout.columns
    if layout.shape == "blocks":
        is_head = any(
            other.columns == layout.columns and other.row == box.row - 1 for other in layout.boxes
        )
        if in_labels:
            return "" if is_head else "row"
        return "col"
    if in_labels:
        return "row" if box.row >= layout.heads else ""
    return "col"


def _name(box: Box, layout: Layout) -> str:
    return f"{layout.section}-{box.row}-{box.column}"
