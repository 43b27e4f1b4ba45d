"""The statutory tables as a web page has them: rows and merged cells as on the blank form.

Every figure names the heads that it stands under, for scope alone would let a screen reader carry
one block's heads on into the next. Labels come from the form, except two words of the blank form
that belong to no item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, groupby
from typing import Literal

from bot.form import Form, Line, Table

CORNER = "信息内容"
APPLICANTS = "申请人情况"

# Our own reader leaves out lines beside a table that begin with 说明.
_ABOUT = {
    "proactive": "说明：表二，按《条例》第二十条分为四块，每块先是条款和表头，下面是数。",
    "requests": "说明：表三，每行一种情况，每列一类申请人，最后一列是总计。",
    "review_litigation": "说明：表四，一行数，行政复议一块，行政诉讼两块，每块五列。",
}


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
    """A table by its section: what it is about, how many columns it has, its head, its bodies."""

    section: str
    about: str
    width: int
    head: tuple[HtmlRow, ...]
    bodies: tuple[tuple[HtmlRow, ...], ...]


@lru_cache(maxsize=8)
def html_tables(form: Form) -> dict[str, HtmlTable]:
    """The tables of the form by the keys of their sections."""
    tables = (_table_two(form), _table_three(form), _table_four(form))
    return {table.section: table for table in tables}


# ── table two ───────────────────────────────────────────────────────────────────────────────


def _table_two(form: Form) -> HtmlTable:
    """A block for each clause, with a head of its own, so the table has none."""
    section = form.section("proactive")
    blocks = (tuple(_clause(form.tables[key])) for key in section.tables)
    return HtmlTable(section.key, _ABOUT[section.key], 4, (), tuple(blocks))


def _clause(table: Table) -> Iterator[HtmlRow]:
    """The clause, the head and the rows of one block."""
    span = 3 // len(table.columns)
    clause = f"{table.key}-clause"
    yield (HtmlCell(table.clause, columns=4, id=clause, scope="col"),)
    heads = [
        HtmlCell(line.label, columns=span, id=f"{table.key}-{line.key}-head", scope="col")
        for line in table.columns
    ]
    yield (HtmlCell(CORNER), *heads)
    for row in table.rows:
        label = HtmlCell(row.label, id=f"{table.key}-{row.key}", scope="row")
        figures = (
            HtmlCell(
                key=table.item_key(row, column),
                columns=span,
                heads=" ".join((clause, head.id, label.id)),
            )
            for column, head in zip(table.columns, heads, strict=True)
        )
        yield (label, *figures)


# ── table three ─────────────────────────────────────────────────────────────────────────────


def _table_three(form: Form) -> HtmlTable:
    """Three rows of heads; then a block for each part (一、 to 四、), its groups merged."""
    table = form.tables["requests"]
    heads = _applicants(table)
    ids = count(1)
    bodies = (
        tuple(_part(table, tuple(rows), heads, ids))
        for _, rows in groupby(table.rows, key=lambda row: table.groups[row.group][:1] or row.key)
    )
    head, width = tuple(_applicant_head(table)), 3 + len(table.columns)
    return HtmlTable(table.section, _ABOUT[table.section], width, head, tuple(bodies))


def _part(
    table: Table, rows: tuple[Line, ...], heads: dict[str, str], ids: count[int]
) -> Iterator[HtmlRow]:
    """The rows of one part, each with the groups that begin in it."""
    open_groups: dict[tuple[str, ...], str] = {}
    for row in rows:
        place = table.groups[row.group]
        cells = []
        for depth in range(1, len(place) + 1):
            group = place[:depth]
            if group not in open_groups:
                open_groups[group] = f"requests-group-{next(ids)}"
                reach = sum(table.groups[other.group][:depth] == group for other in rows)
                cells.append(HtmlCell(group[-1], rows=reach, id=open_groups[group], scope="row"))
        label = HtmlCell(row.label, columns=3 - len(place), id=f"requests-{row.key}", scope="row")
        above = [open_groups[place[:depth]] for depth in range(1, len(place) + 1)]
        figures = (
            HtmlCell(
                key=table.item_key(row, column),
                heads=" ".join((heads[column.key], *above, label.id)),
            )
            for column in table.columns
        )
        yield (*cells, label, *figures)


def _applicants(table: Table) -> dict[str, str]:
    """For each column the ids of its heads, the outermost first."""
    return {
        line.key: f"applicants {'organisations ' if line.group else ''}requests-{line.key}-head"
        for line in table.columns
    }


def _applicant_head(table: Table) -> Iterator[HtmlRow]:
    """The head: the corner's remark, and the applicants, of which the organisations are a group."""
    width = len(table.columns)
    yield (
        HtmlCell(table.corner, rows=3, columns=3),
        HtmlCell(APPLICANTS, columns=width, id="applicants", scope="col"),
    )
    second: list[HtmlCell] = []
    third: list[HtmlCell] = []
    for group, lines in groupby(table.columns, key=lambda column: column.group):
        columns = [(line.label, f"requests-{line.key}-head") for line in lines]
        if group:
            second.append(HtmlCell(group, columns=len(columns), id="organisations", scope="col"))
            third += [HtmlCell(label, id=name, scope="col") for label, name in columns]
        else:
            second += [HtmlCell(label, rows=2, id=name, scope="col") for label, name in columns]
    yield tuple(second)
    yield tuple(third)


# ── table four ──────────────────────────────────────────────────────────────────────────────


def _table_four(form: Form) -> HtmlTable:
    """One row of figures under three rows of heads: the form's lines stand side by side."""
    table = form.tables["cases"]
    width = len(table.columns)
    top: list[HtmlCell] = []
    second: list[HtmlCell] = []
    third: list[HtmlCell] = []
    figures: list[HtmlCell] = []
    for place, lines in groupby(table.rows, key=lambda row: table.groups[row.group]):
        rows = tuple(lines)
        blocks = [
            HtmlCell(row.label, columns=width, id=f"cases-{row.key}", scope="col") for row in rows
        ]
        if place:
            above = f"cases-{rows[0].group}"
            top.append(HtmlCell(place[0], columns=width * len(rows), id=above, scope="col"))
            second += blocks
            third += _outcomes(table, rows, 1)
        else:
            above = ""
            top += blocks
            second += _outcomes(table, rows, 2)
        figures += _cases(table, rows, above)
    head = (tuple(top), tuple(second), tuple(third))
    body = ((tuple(figures),),)
    return HtmlTable(table.section, _ABOUT[table.section], len(figures), head, body)


def _outcomes(table: Table, rows: Iterable[Line], reach: int) -> list[HtmlCell]:
    """The heads of the columns under each of `rows`."""
    return [
        HtmlCell(column.label, rows=reach, id=f"cases-{row.key}-{column.key}", scope="col")
        for row in rows
        for column in table.columns
    ]


def _cases(table: Table, rows: Iterable[Line], above: str) -> Iterator[HtmlCell]:
    """The figures under each of `rows`."""
    for row in rows:
        for column in table.columns:
            heads = (above, f"cases-{row.key}", f"cases-{row.key}-{column.key}")
            yield HtmlCell(key=table.item_key(row, column), heads=" ".join(filter(None, heads)))
