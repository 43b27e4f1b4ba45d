"""Writes a roll-up: as a workbook for the office, and as data for the level above.

The sheets: the sums in the form's tables, the figures of each unit, who is not counted, and the
findings. Every sum is a formula over the units' figures, with its result. Strings are always
written as strings: none becomes a formula or a link.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from bot.form import Form
from bot.office.rollup import REASONS, Contribution, Rollup, report_of
from bot.office.standing import STATES
from bot.writers.json import write_report
from bot.writers.rollup_sheets import Looks, clean, write_sums
from bot.writers.rollup_units import SHEET, UnitsSheet

_CREATED = datetime(2021, 1, 1)  # noqa: DTZ001 - the same roll-up gives the same bytes
_LONGEST = 30_000  # characters in a cell; a workbook allows 32,767
_LIST_HEAD = 2  # the row of a list's heads
_ABSENT = {"单位": 34, "情况": 12, "说明": 60}
_FINDINGS = {"序号": 8, "核对结果": 100}
_BORDER = {"border": 1, "valign": "vcenter", "text_wrap": True}
_SMALL = {"border": 1, "valign": "vcenter", "shrink": True}  # sooner small print than ####
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "section": {"bold": True, "font_size": 11, "valign": "vcenter"},
    "hint": {"font_color": "#595959"},
    "warning": {"font_color": "#C00000", "bold": True},
    "head": {**_BORDER, "align": "center", "bg_color": "#EAF1F8"},
    "label": {**_BORDER, "indent": 1, "bg_color": "#F5F8FB"},
    "band": {"border": 1, "valign": "vcenter", "bold": True, "bg_color": "#DCE6F1"},
    "item": {**_BORDER, "bg_color": "#F5F8FB"},
    "strong": {**_BORDER, "bold": True, "bg_color": "#EDEDED"},
    "figure": {**_SMALL, "align": "center"},
    "total": {**_SMALL, "align": "center", "bold": True, "bg_color": "#EDEDED"},
    "text": {**_BORDER, "valign": "top"},
}


def render_rollup(
    rollup: Rollup, form: Form, findings_in_words: Sequence[str], made: date | None = None
) -> bytes:
    """The roll-up as an .xlsx file; the same arguments give the same bytes.

    `findings_in_words` are the sentences of the last sheet, in their order; `made` is the day that
    the figures were added up, printed where it is given.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    looks = {name: book.add_format(dict(look)) for name, look in _LOOKS.items()}
    title = f"{rollup.district.name}{rollup.year}年{form.name}数据汇总"
    book.set_properties({"title": clean(title), "created": _CREATED})
    sums = book.add_worksheet("汇总")
    units = UnitsSheet(book.add_worksheet(SHEET), looks, rollup, form)
    units.write(f"{title}：各单位{SHEET}")
    _write_head(sums, looks, title, rollup, made)
    write_sums(sums, looks, rollup, form, units.ranges)
    day = _day(made)
    missing = _List(f"{title}：缺报", f"{day}没有计入汇总的单位和报告", _ABSENT)
    missing.write(
        book.add_worksheet("缺报"), looks, list(_absent(rollup)), "名单里的单位都已计入。"
    )
    said = [(str(number), words) for number, words in enumerate(findings_in_words, 1)]
    checked = _List(f"{title}：核对", f"{day}核对发现 {len(said)} 处", _FINDINGS)
    checked.write(book.add_worksheet("核对"), looks, said, "没有发现问题。")
    book.close()
    return target.getvalue()


def rollup_data(rollup: Rollup, form: Form) -> dict[str, Any]:
    """The roll-up as data: a report's data file of the district, and beside it where it comes from.

    `bot.readers.json` reads it as the district's report of figures only; `units` has the figures of
    each unit counted in the same shape (`sections`).
    """
    report = replace(report_of(rollup, form), final=rollup.final)
    data: dict[str, Any] = json.loads(write_report(report, form))
    return data | {
        "district": rollup.district.name,
        "final": rollup.final,
        "units": [_unit_data(one, rollup, form) for one in rollup.counted],
        "missing": [unit.name for unit in rollup.missing],
        "exempt": [{"name": unit.name, "reason": unit.exempt} for unit in rollup.exempt],
        "excluded": [
            {**_about(one), "year": one.year, "format": one.format, "reason": reason}
            for one, reason in rollup.excluded
        ],
    }


def _unit_data(one: Contribution, rollup: Rollup, form: Form) -> dict[str, Any]:
    """One unit's part of the data."""
    report = replace(report_of(rollup, form), figures=one.figures)
    sections = json.loads(write_report(report, form))["sections"]
    return {**_about(one), "own": one is rollup.own, "sections": sections}


def _about(one: Contribution) -> dict[str, Any]:
    return {
        "name": one.unit.name, "short": one.unit.short, "level": one.unit.level,
        "state": one.state, "version": one.version, "sha": one.sha,
    }  # fmt: skip


def _day(made: date | None) -> str:
    return f"截至{made.year}年{made.month}月{made.day}日，" if made else ""


def _write_head(sheet: Any, looks: Looks, title: str, rollup: Rollup, made: date | None) -> None:
    """The first rows of the sums: what this is, and how much of it is there."""
    sheet.write_string(0, 0, clean(title), looks["title"])
    sheet.set_row(0, 24)
    counts = (
        f"{_day(made)}计入 {len(rollup.counted)} 家，缺报 {len(rollup.missing)} 家，"
        f"免报 {len(rollup.exempt)} 家，未计入的报告 {len(rollup.excluded)} 份。"
        f"各格由“{SHEET}”相加得出，空白是各单位都没有填。"
    )
    sheet.write_string(1, 0, counts, looks["hint"])
    if not rollup.final:
        sheet.write_string(
            2, 0, "预览：含已提交、还没有审核通过的数，不作正式数据。", looks["warning"]
        )


def _absent(rollup: Rollup) -> Iterator[tuple[str, str, str]]:
    """Who is not counted, and why: missing, exempt and excluded, in this order."""
    states = {one.unit.id: STATES[one.state] for one in rollup.waiting}
    for unit in rollup.missing:
        state = states.get(unit.id)
        yield unit.name, "缺报", f"{state}，还没有审核通过" if state == "已提交" else state or ""
    for unit in rollup.exempt:
        yield unit.name, "免报", unit.exempt
    for one, reason in rollup.excluded:
        which = f"{one.year}年度，第 {one.version} 版"
        yield one.unit.name, "未计入", f"{REASONS[reason]}（{which}）"


@dataclass(frozen=True, slots=True)
class _List:
    """A plain list on a sheet: its title, what it says, and its heads with their widths."""

    title: str
    about: str
    columns: Mapping[str, int]

    def write(self, sheet: Any, looks: Looks, rows: Sequence[Sequence[str]], nothing: str) -> None:
        """The list, each row as high as its longest text; `nothing` stands for no rows."""
        sheet.write_string(0, 0, clean(self.title), looks["title"])
        sheet.set_row(0, 24)
        sheet.write_string(1, 0, self.about if rows else nothing, looks["hint"])
        for column, (head, width) in enumerate(self.columns.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(_LIST_HEAD, column, head, looks["head"])
        for number, row in enumerate(rows, _LIST_HEAD + 1):
            for column, words in enumerate(row):
                sheet.write_string(number, column, clean(words)[:_LONGEST], looks["text"])
            sheet.set_row(number, _height(row, tuple(self.columns.values())))
        sheet.freeze_panes(_LIST_HEAD + 1, 0)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, _LIST_HEAD)
        sheet.set_footer("&C&P / &N")


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    """How high a row is; a workbook allows 409 points."""
    lines = max(
        sum(ceil(max(len(line), 1) * 2 / width) for line in words.split("\n"))
        for words, width in zip(row, widths, strict=True)
    )
    return float(min(409, 16 * lines + 4))


__all__ = ["render_rollup", "rollup_data"]
