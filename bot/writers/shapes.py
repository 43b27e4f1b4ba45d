"""Compares the tables and headings of an office's own template with the form, cell by cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from bot.form import Form
from bot.writers.boxes import Box, Layout, layouts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIGURE = re.compile(r"\{\{.*?figure\s*[\[.]\s*['\"‘’“”]?([\w.]+).*?\}\}")
_SHOWN = 5
_MOST_SPAN = 63


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a Word table: how far it reaches and its text; where lines break is its look."""

    rows: int
    columns: int
    text: str


def compare_shapes(document: etree._Element, form: Form) -> Iterator[str]:
    """Sentences about headings and tables that are not the form's; nothing when all are."""
    yield from _headings(document, form)
    tables = [_cells(table) for table in document.iter(f"{_W}tbl")]
    for layout in layouts(form):
        label = form.section(layout.section).label
        table = _best(tables, layout)
        if table is None:
            yield f"没有找到“{label}”的表格。"
            continue
        faults = list(_differences(table, layout, form))
        yield from (f"“{label}”的表格：{fault}" for fault in faults[:_SHOWN])
        if len(faults) > _SHOWN:
            yield f"“{label}”的表格一共有 {len(faults)} 处与表样不同。"


def _headings(document: etree._Element, form: Form) -> Iterator[str]:
    """Which of the numbered headings are missing, or not byte for byte the form's."""
    texts = {_text(paragraph) for paragraph in document.iter(f"{_W}p")}
    loose = {_loose(text): text for text in texts}
    for section in form.sections:
        if texts.isdisjoint(_accepted(section.label, form)):
            found = loose.get(_loose(section.label))
            what = f"，模板里写的是“{found}”，请改成一字不差" if found else "，模板里没有"
            yield f"大标题应为“{section.label}”{what}。"


def _accepted(label: str, form: Form) -> set[str]:
    """A label as it may stand in a template: the office's own, or the official one under it."""
    return {label, *(official for official, own in form.labels.items() if own == label)}


def _loose(text: str) -> str:
    """A text without white space and full or half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


# ── tables ──────────────────────────────────────────────────────────────────────────────────


def _best(
    tables: Iterable[Mapping[tuple[int, int], _Cell]], layout: Layout
) -> Mapping[tuple[int, int], _Cell] | None:
    """The table with most of a layout's tags and labels, at least half as many as the labels."""
    wanted = {box.key or _loose(box.text) for box in layout.boxes}
    least = len({box.text for box in layout.boxes if box.text}) / 2

    def held(table: Mapping[tuple[int, int], _Cell]) -> int:
        return len(wanted & {_key(cell.text) or _loose(cell.text) for cell in table.values()})

    best = max(tables, key=held, default=None)
    return best if best is not None and held(best) >= least else None


def _differences(
    table: Mapping[tuple[int, int], _Cell], layout: Layout, form: Form
) -> Iterator[str]:
    """What differs, in the order of the form."""
    rows = max(row + cell.rows for (row, _), cell in table.items())
    columns = max(column + cell.columns for (_, column), cell in table.items())
    if (rows, columns) != (layout.rows, layout.columns):
        yield (
            f"应有 {layout.rows} 行 {layout.columns} 列，模板里有 {rows} 行 {columns} 列，"
            "请照表样改回来。"
        )
        return
    for box in sorted(layout.boxes, key=lambda box: (box.row, box.column)):
        cell = table.get((box.row, box.column))
        where = f"第 {box.row + 1} 行第 {box.column + 1} 列"
        if cell is None or (cell.rows, cell.columns) != (box.rows, box.columns):
            yield f"{where}“{_named(box, form)}”合并的格子与表样不同。"
        elif fault := _cell_fault(box, cell.text, form):
            yield where + fault


def _cell_fault(box: Box, text: str, form: Form) -> str:
    """What is wrong with the text of a cell; '' for nothing."""
    shown = " ".join(text.split())[:40] or "空白"
    if box.key:
        if not text.strip() or (_key(text) == box.key and _FIGURE.fullmatch(text.strip())):
            return ""  # that a figure has no tag at all is said by `missing_tags`
        return f"应只有 {{{{ figure['{box.key}'] }}}}，模板里是“{shown}”。"
    if text in _accepted(box.text, form):
        return ""
    near = "，请改成一字不差" if _loose(text) == _loose(box.text) else ""
    return f"应为“{box.text}”，模板里是“{shown}”{near}。"


def _named(box: Box, form: Form) -> str:
    return form.short(box.key) if box.key else box.text[:20]


def _key(text: str) -> str:
    """The key of the figure whose tag stands in a cell, or ''."""
    found = _FIGURE.search(text)
    return found[1] if found else ""


def _cells(table: etree._Element) -> dict[tuple[int, int], _Cell]:
    """The cells by row and column; grid columns at which no cell begins are not counted."""
    found: dict[tuple[int, int], list[int | str]] = {}
    open_: dict[int, tuple[int, int]] = {}  # the cells that a merge downwards continues
    for row, tr in enumerate(table.iterchildren(f"{_W}tr")):
        column = 0
        for tc in tr.iterchildren(f"{_W}tc"):
            span = _span(tc)
            merge = tc.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val") != "restart" and column in open_:
                held = found[open_[column]]
                held[0] = row - open_[column][0] + 1
            else:
                text = "".join(_text(p) for p in tc.iterchildren(f"{_W}p"))
                found[row, column] = [1, span, text]
                open_[column] = row, column
            column += span
    return _without_gaps(found)


def _without_gaps(
    found: Mapping[tuple[int, int], list[int | str]],
) -> dict[tuple[int, int], _Cell]:
    """The cells with columns numbered by where any cell begins."""
    starts = {column: at for at, column in enumerate(sorted({column for _, column in found}))}
    ends = sorted(starts)
    cells = {}
    for (row, column), (rows, span, text) in found.items():
        width = sum(column <= start < column + int(span) for start in ends)
        cells[row, starts[column]] = _Cell(int(rows), width, str(text))
    return cells


def _span(tc: etree._Element) -> int:
    """How many grid columns a cell covers."""
    span = tc.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val", "1") if span is not None else "1"
    return min(max(int(value), 1), _MOST_SPAN) if value.isdecimal() and len(value) < 4 else 1


def _text(paragraph: etree._Element) -> str:
    """The text of a paragraph."""
    return "".join(piece.text or "" for piece in islice(paragraph.iter(f"{_W}t"), 2000))
