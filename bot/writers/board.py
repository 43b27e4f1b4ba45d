"""Writes the board as a workbook to sort and filter, and as a page to print and pin up.

`now` is the moment that both are right for; it is printed, and its zone is the clock of all
moments. Colours only ever repeat what a word or a figure says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.folders import TEMPLATES
from bot.form import Form
from bot.office.board import (
    EXEMPT,
    due_words,
    is_late,
    is_unreached,
    localized,
    must_report,
    ordered,
    state_word,
    summary,
)
from bot.office.standing import STATES, Standing, State
from bot.readers.formulas import name_of
from bot.writers.proof import unprintable

__all__ = ["TEMPLATE", "render_board_html", "render_board_xlsx"]

TEMPLATE = TEMPLATES / "board.html.j2"
NOBODY = "未绑定"
UNFINISHED = "未完成"
GREY = "没有填完的单位，灰色的“必须改正”包括还没有填的。"
_OPEN: tuple[State, ...] = ("idle", "filling")
_HEAD_ROW = 2
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_BORDER = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter"}
_CENTRE = {**_BORDER, "align": "center"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
    "hint": {"font_color": "#404040", "valign": "vcenter"},
    "head": {**_CENTRE, "bold": True, "text_wrap": True, "bg_color": "#EAF1F8"},
    "text": {**_BORDER, "text_wrap": True},
    # a name like =1+1 stays a name, also when somebody opens the cell and presses Enter
    "literal": {**_BORDER, "text_wrap": True, "quote_prefix": True},
    "word": _CENTRE,
    "number": _CENTRE,
    "percent": {**_CENTRE, "num_format": "0%"},
    "day": {**_CENTRE, "num_format": "yyyy-mm-dd"},
    "moment": {**_CENTRE, "num_format": "yyyy-mm-dd hh:mm"},
    "late": {"font_color": "#9C0006", "bg_color": "#FFC7CE", "bold": True},
    "warned": {"font_color": "#7F3F00", "bg_color": "#FFE699"},
    "waiting": {"font_color": "#1F3864", "bg_color": "#DDEBF7"},
    "through": {"font_color": "#0B4F1C", "bg_color": "#C6E0B4"},
    "beside": {"font_color": "#595959", "italic": True},
}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the workbook: its head, how wide it is, and what its cells look like."""

    head: str
    width: float
    look: str


_COLUMNS = (
    _Column("序", 5, "number"),
    _Column("单位", 32, "text"),
    _Column("简称", 14, "text"),
    _Column("层级", 14, "text"),
    _Column("状态", 8, "word"),
    _Column("进度", 8, "percent"),
    _Column("必须\n改正", 6, "number"),
    _Column("需要\n说明", 6, "number"),
    _Column("版本", 6, "number"),
    _Column("截止", 12, "day"),
    _Column("期限", 9, "word"),
    _Column("承诺", 12, "day"),
    _Column("最近变动", 17, "moment"),
    _Column("填报人", 16, "text"),
    _Column("免报原因", 20, "text"),
)  # fmt: skip
_AT = {column.head: at for at, column in enumerate(_COLUMNS)}


def render_board_xlsx(standings: Sequence[Standing], year: int, now: datetime, form: Form) -> bytes:
    """The board as a workbook: a line a unit, dates as dates, shares as numbers.

    What people typed is always text. The same arguments give the same bytes.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    looks = {name: book.add_format(dict(look)) for name, look in _LOOKS.items()}
    book.set_properties({"title": _title(year, form), "created": now.replace(tzinfo=None)})
    sheet = book.add_worksheet("看板")
    sheet.write_string(0, 0, _title(year, form), looks["title"])
    said = "；".join([_as_of(now), *(f"{word} {count}" for word, count in _counts(standings, now))])
    said += f"。{GREY}"
    sheet.write_string(1, 0, said, looks["hint"])
    for at, column in enumerate(_COLUMNS):
        sheet.write_string(_HEAD_ROW, at, column.head, looks["head"])
    rows = ordered(localized(standings, now.tzinfo))
    for number, standing in enumerate(rows, 1):
        _write_row(sheet, looks, _HEAD_ROW + number, _values(standing, number, now.date()))
    _set_up(sheet, len(rows))
    _colour(sheet, looks, len(rows))
    book.close()
    return target.getvalue()


def render_board_html(standings: Sequence[Standing], year: int, now: datetime, form: Form) -> bytes:
    """The board as one page: no script, nothing from outside; prints on A4 across."""
    page = _environment(TEMPLATE.parent).get_template(TEMPLATE.name)
    rows = ordered(localized(standings, now.tzinfo))
    return page.render(
        title=_title(year, form), as_of=_as_of(now), counts=_counts(standings, now), grey=GREY,
        rows=[_shown(standing, number, now.date()) for number, standing in enumerate(rows, 1)],
    ).encode("utf-8")  # fmt: skip


# ── what both say ───────────────────────────────────────────────────────────────────────────


def _title(year: int, form: Form) -> str:
    return f"{year}年度{form.name} · 填报进度"


def _as_of(now: datetime) -> str:
    return f"截至{now.year}年{now.month}月{now.day}日{now:%H:%M}"


def _counts(standings: Sequence[Standing], now: datetime) -> list[tuple[str, int]]:
    """The summary, each count behind its word."""
    counted = summary(standings, now.date())
    return [
        ("应报", counted.of),
        *((word, counted.counts[state]) for state, word in STATES.items()),
        ("逾期", counted.late),
        (NOBODY, counted.unreached),
        (EXEMPT, counted.exempt),
    ]


def _is_unfinished(standing: Standing) -> bool:
    """Whether what is found may only be what was not asked yet: no fault of anybody so far."""
    return standing.state in _OPEN and standing.percent < 100


def _contacts(standing: Standing) -> str:
    """Who answers for a unit; 未绑定 where somebody should and nobody does."""
    if is_unreached(standing):
        return NOBODY
    return _clean("、".join(standing.contacts))


def _clean(text: str) -> str:
    """Text that any file can hold: a sign stands for what cannot be printed."""
    return text.translate(dict.fromkeys(map(ord, unprintable(text)), "\ufffd"))


# ── the workbook ────────────────────────────────────────────────────────────────────────────


def _values(standing: Standing, number: int, today: date) -> tuple[object, ...]:
    """A line of the workbook, a value for each of _COLUMNS; None leaves a cell empty."""
    unit, owes = standing.unit, must_report(standing)
    return (
        number, unit.name, unit.short, unit.level, state_word(standing),
        standing.percent / 100 if owes else None,
        standing.hard if owes else None,
        standing.explain if owes else None,
        standing.version or None,
        standing.due if owes else None,
        due_words(standing, today),
        standing.promised if owes else None,
        standing.moved.replace(tzinfo=None) if standing.moved else None,
        _contacts(standing), unit.exempt,
    )  # fmt: skip


def _write_row(sheet: Any, looks: Mapping[str, Any], row: int, values: Sequence[object]) -> None:
    for at, (column, value) in enumerate(zip(_COLUMNS, values, strict=True)):
        if isinstance(value, date):
            sheet.write_datetime(row, at, value, looks[column.look])
        elif isinstance(value, int | float):
            sheet.write_number(row, at, value, looks[column.look])
        elif isinstance(value, str) and value:
            text = _clean(value)
            look = "literal" if text.startswith(tuple("=+-@\t\r")) else column.look
            sheet.write_string(row, at, text, looks[look])
        else:
            sheet.write_blank(row, at, None, looks[column.look])
    lines = max(map(_lines, values, (column.width for column in _COLUMNS)))
    sheet.set_row(row, 6 + 15 * min(lines, 8))


def _lines(value: object, width: float) -> int:
    """So many lines a text takes in a column; a workbook does not find that out by itself."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, ceil(2 * len(line) / (width - 1))) for line in value.split("\n"))


def _set_up(sheet: Any, count: int) -> None:
    """The widths, what stays in sight, the filter, and how it prints."""
    for at, column in enumerate(_COLUMNS):
        sheet.set_column(at, at, column.width)
    for row, height in enumerate((30, 21, 33)):
        sheet.set_row(row, height)
    sheet.freeze_panes(_HEAD_ROW + 1, _AT["单位"] + 1)
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(count, 1), len(_COLUMNS) - 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_footer("&C&P / &N")


def _colour(sheet: Any, looks: Mapping[str, Any], count: int) -> None:
    """Colours that follow the cells, also when somebody sorts or changes them."""
    for head, rule in _rules():
        at = _AT[head]
        rule |= {"format": looks[rule["format"]], "stop_if_true": rule["type"] == "formula"}
        sheet.conditional_format(_HEAD_ROW + 1, at, _HEAD_ROW + max(count, 1), at, rule)


def _rules() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is coloured: the head of a column and a rule."""
    words = {
        STATES["returned"]: "warned", STATES["submitted"]: "waiting",
        STATES["approved"]: "through", EXEMPT: "beside",
    }  # fmt: skip
    for word, look in words.items():
        yield "状态", {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
    late = {"type": "text", "criteria": "begins with", "value": "逾", "format": "late"}
    yield "期限", late
    nobody = {"type": "cell", "criteria": "==", "value": f'"{NOBODY}"', "format": "warned"}
    yield "填报人", nobody
    yield "必须\n改正", {"type": "formula", "criteria": _unfinished_rule(), "format": "beside"}
    for head, look in (("必须\n改正", "late"), ("需要\n说明", "warned")):
        yield head, {"type": "cell", "criteria": ">", "value": 0, "format": look}


def _unfinished_rule() -> str:
    """`_is_unfinished` as a formula over the first row: it follows what somebody changes."""
    state, percent = (f"${name_of(_AT[head])}{_HEAD_ROW + 2}" for head in ("状态", "进度"))
    words = ",".join(f'{state}="{STATES[one]}"' for one in _OPEN)
    return f"=AND(OR({words}),{percent}<1)"


# ── the page ────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def _shown(standing: Standing, number: int, today: date) -> dict[str, object]:
    """A line of the page, everything in words."""
    unit, owes = standing.unit, must_report(standing)
    return {
        "number": number,
        "name": _clean(unit.name),
        "level": _clean(unit.level),
        "state": standing.state if owes else "exempt",
        "word": state_word(standing),
        "exempt": _clean(unit.exempt),
        "percent": f"{standing.percent}%" if owes else "",
        "hard": standing.hard if owes else "",
        "unfinished": UNFINISHED if standing.hard and _is_unfinished(standing) else "",
        "explain": standing.explain if owes else "",
        "version": standing.version or "",
        "due": standing.due.isoformat() if owes and standing.due else "",
        "left": due_words(standing, today),
        "late": is_late(standing, today),
        "promised": standing.promised.isoformat() if owes and standing.promised else "",
        "moved": f"{standing.moved:%Y-%m-%d %H:%M}".split() if standing.moved else (),
        "contacts": _contacts(standing),
        "unreached": is_unreached(standing),
    }
