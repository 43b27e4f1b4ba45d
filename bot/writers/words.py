"""Figures in words, for those who listen: what is not 0, and a sentence for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.form import Form, Line, Table
from bot.report import Figure, show_figure


@dataclass(frozen=True, slots=True)
class Words:
    """A section's figures: a line for each row that has any but 0, and what holds for the rest."""

    lines: tuple[str, ...]
    rest: str


def figure_words(section: str, figures: Mapping[str, Figure], form: Form) -> Words:
    """A section's figures in words: （一）予以公开：自然人3，总计3; blanks are counted, never 0."""
    lines: list[str] = []
    for table in (form.tables[key] for key in form.section(section).tables):
        for row in table.rows:
            if held := "，".join(_figures(table, row, figures)):
                lines.append(f"{_place(table, row)}：{held}")
    cells = [key for key in form.cells if form.items[key].section == section]
    blanks = sum(figures.get(key) is None for key in cells)
    zeros = sum(figures.get(key) == 0 for key in cells)
    return Words(tuple(lines), _rest(len(cells), blanks, zeros))


def _figures(table: Table, row: Line, figures: Mapping[str, Figure]) -> Iterator[str]:
    """The figures of a row that are not 0, each behind its column."""
    for column in table.columns:
        if figure := figures.get(table.item_key(row, column)):
            yield f"{column.label}{show_figure(figure)}"


def _place(table: Table, row: Line) -> str:
    """A row's label, behind the group that tells it from others: two of them are called 3.其他."""
    inner = table.groups.get(row.group, ())[1:]
    return "，".join((*inner, row.label))


def _rest(cells: int, blanks: int, zeros: int) -> str:
    """What holds for the figures that are in no line."""
    if blanks == cells:
        return "这张表还没有填。"
    if zeros == cells:
        return "各项都是0。"
    said = [f"还有{blanks}格没有填"] if blanks else []
    said += ["其余各项都是0"] if zeros else []
    return "，".join(said) + "。" if said else "没有为0的项。"
