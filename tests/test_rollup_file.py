"""The roll-up as a workbook and as data: the same figures, formulas that come to them, no tricks."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.office.rollup import Contribution, Rollup, add_up
from bot.office.standing import Unit
from bot.readers.json import read_report
from bot.report import Figure
from bot.writers.rollup import render_rollup, rollup_data
from tests.tables import STYLES, figures_of, form, requests_table

FORM = form()
OFFICE = shutil.which("soffice")
CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
DISTRICT = Unit(1, "青石县人民政府", level="县级政府")
FEES = "proactive.fees_wanyuan"
NAMES = ("县政府办", "财政局", "=1+1", "+民政局", "-水务局", "@公安局", "教育局")
CHILDREN = tuple(
    Unit(10 + n, f"青石县{name}", name, order=n, parent=1, own=n == 0)
    for n, name in enumerate(NAMES)
)
TRICKS = ('=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "http://example.org")


@cache
def given_by(number: int) -> Contribution:
    """An approved contribution with figures of its own."""
    figures = figures_of(requests_table(number, STYLES["small"]))
    figures[FEES] = Decimal("0.1") * number + Decimal("0.0003")
    return Contribution(
        CHILDREN[number], 2024, "2021", number + 1, "approved", figures, None, f"sha{number}"
    )


def rolled(*, final: bool = True) -> Rollup:
    """A roll-up with somebody missing, exempt, waiting and left out."""
    children = (
        *CHILDREN,
        Unit(30, "青石县档案局", "档案局", order=30, exempt="=并入县委办"),
        Unit(31, "=青石县统计局", order=31),
    )
    old = replace(given_by(1), unit=Unit(40, "青石县气象局", "气象局"), year=2023)
    waiting = replace(given_by(6), state="submitted")
    return add_up(
        FORM, DISTRICT, children, [*(given_by(n) for n in range(6)), waiting, old], 2024, final=final
    )  # fmt: skip


ROLLUP = rolled()
FILE = render_rollup(ROLLUP, FORM, TRICKS)


def opened(content: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def sums(book: Any) -> list[object]:
    """What stands in the cells of 汇总 that are sums, in the order of their rows of 明细."""
    formulas = opened(FILE, values=False)["汇总"]
    found = [
        (
            int(cell.value.split("明细!$")[1].split("$")[1].split(":")[0]),
            book["汇总"][cell.coordinate].value,
        )
        for row in formulas.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def without_values(content: bytes) -> bytes:
    """The workbook with its formulas but without their results: openpyxl keeps one of the two."""
    target = io.BytesIO()
    opened(content, values=False).save(target)
    return target.getvalue()


def recalculated(content: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it."""
    source = folder / "rollup.xlsx"
    source.write_bytes(content)
    command = [str(OFFICE), f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return (folder / "out" / source.name).read_bytes()


def as_decimals(values: list[object]) -> list[Decimal]:
    return [round(Decimal(str(value)), 6) for value in values]


def test_every_cell_of_the_form_is_a_sum_with_its_value() -> None:
    found = sums(opened(FILE, values=True))
    assert len(found) == len(FORM.cells)
    assert as_decimals(found) == as_decimals(list(ROLLUP.figures.values()))


@pytest.mark.skipif(not (OFFICE and CALC.exists()), reason="LibreOffice Calc is not installed")
def test_the_formulas_come_to_the_values_that_were_written(tmp_path: Path) -> None:
    bare = without_values(FILE)
    assert set(sums(opened(bare, values=True))) == {None}
    found = sums(opened(recalculated(bare, tmp_path), values=True))
    assert as_decimals(found) == as_decimals(list(ROLLUP.figures.values()))


def items(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows of 明细 that stand for an item of the form: its names, then the units' figures."""
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]]


def test_each_unit_has_a_column_with_its_two_hundred_figures() -> None:
    sheet = opened(FILE, values=True)["明细"]
    states, versions, names = sheet.iter_rows(min_row=2, max_row=4, min_col=3, values_only=True)
    assert list(names) == ["县政府办（本级）", *NAMES[1:6]]
    assert set(states) == {"已通过"}
    assert list(versions) == [1, 2, 3, 4, 5, 6]
    columns = list(zip(*items(sheet), strict=True))[2:]
    for column, one in zip(columns, ROLLUP.counted, strict=True):
        assert as_decimals(list(column)) == as_decimals([one.figures[c] for c in FORM.cells])
    assert sheet.freeze_panes == "C5"


def test_each_row_says_which_cell_it_holds_under_the_head_of_its_section() -> None:
    sheet = opened(FILE, values=True)["明细"]
    named = {cell: row[:2] for cell, row in zip(FORM.cells, items(sheet), strict=True)}
    assert named["requests.new_received.total"] == ("本年新收", "总计")
    assert named[FEES] == ("行政事业性收费", "本年收费金额（单位：万元）")
    rows = sheet.iter_rows(min_row=5, max_col=2, values_only=True)
    assert [label for label, column in rows if not column] == [
        section.label for section in FORM.sections if section.tables
    ]


@pytest.mark.parametrize(("count", "breaks"), [(0, 0), (9, 0), (10, 1), (40, 4)])
def test_the_units_stand_on_upright_pages_beside_the_names_of_the_items(
    count: int, breaks: int
) -> None:
    units = [Unit(n, f"青石县第{n}局", order=n, parent=1) for n in range(100, 100 + count)]
    given_in = [replace(given_by(1), unit=unit) for unit in units]
    found = add_up(FORM, DISTRICT, units, given_in, 2024, final=True)
    sheet = opened(render_rollup(found, FORM, ()), values=True)["明细"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$2:$4", "$A:$B")
    ends = [one.id for one in sheet.col_breaks.brk]
    starts = [2, *ends, 2 + count]
    assert len(ends) == breaks
    assert all(right - left <= 9 for left, right in pairwise(starts))


def test_each_sheet_says_of_which_district_and_year_and_of_which_day_it_is() -> None:
    book = opened(render_rollup(ROLLUP, FORM, TRICKS, date(2025, 1, 20)), values=True)
    assert all(sheet["A1"].value.startswith("青石县人民政府2024年") for sheet in book)
    assert [sheet["A2"].value.startswith("截至2025年1月20日，") for sheet in book] == [
        True, False, True, True,
    ]  # fmt: skip
    assert [book[name].print_title_rows for name in ("缺报", "核对")] == ["$1:$3", "$1:$3"]
    assert not any("截至" in words for sheet in opened(FILE, values=True) for words in texts(sheet))


def test_who_is_not_counted_stands_there_with_the_reason() -> None:
    rows = list(opened(FILE, values=True)["缺报"].iter_rows(min_row=4, values_only=True))
    assert rows == [
        ("青石县教育局", "缺报", "已提交，还没有审核通过"),
        ("=青石县统计局", "缺报", ""),
        ("青石县档案局", "免报", "=并入县委办"),
        ("青石县气象局", "未计入", "不是这个年度的报告（2023年度，第 2 版）"),
    ]


def test_nothing_that_people_typed_becomes_a_formula_or_a_link() -> None:
    book = opened(FILE, values=False)
    typed = [cell for sheet in ("缺报", "核对") for row in book[sheet].iter_rows() for cell in row]
    typed += [cell for row in book["明细"].iter_rows() for cell in row]
    assert {cell.data_type for cell in typed} <= {"s", "n"}
    assert not [cell for cell in typed if cell.hyperlink]
    assert set(TRICKS) <= set(texts(book["核对"]))
    assert "=1+1" in texts(book["明细"])


def test_a_preview_says_that_it_is_one_and_a_final_roll_up_does_not() -> None:
    preview = opened(render_rollup(rolled(final=False), FORM, ()), values=True)
    assert any(words.startswith("预览") for words in texts(preview["汇总"]))
    assert not any(words.startswith("预览") for words in texts(opened(FILE, values=True)["汇总"]))
    assert preview["核对"]["A2"].value == "没有发现问题。"


def test_the_official_labels_stand_over_the_sums() -> None:
    words = texts(opened(FILE, values=True)["汇总"])
    for table in FORM.tables.values():
        assert {line.label for line in (*table.rows, *table.columns)} <= set(words)


def test_no_sum_shows_a_zero_that_nobody_entered(tmp_path: Path) -> None:
    empty = add_up(FORM, DISTRICT, CHILDREN, (), 2024, final=True)
    book = opened(render_rollup(empty, FORM, ()), values=True)
    assert set(sums(book)) <= {None, ""}


def test_figures_and_texts_that_a_workbook_cannot_hold_do_no_harm() -> None:
    large = {**given_by(1).figures, "proactive.permits": 999_999_999_999, FEES: None}
    bad = "\x00\ud800\x0b\uffff" + "字" * 40_000
    units = tuple(
        Unit(n, f"单位{n}{bad[:4]}", order=n, exempt=bad if n == 9 else "") for n in range(2, 10)
    )
    given_in = [replace(given_by(1), unit=unit, figures=large) for unit in units[:-1]]
    found = add_up(FORM, DISTRICT, units, given_in, 2024, final=True)
    book = opened(render_rollup(found, FORM, [bad]), values=True)
    assert book["缺报"]["C4"].value.endswith("字")
    assert 999_999_999_999 * 7 in sums(book)


def test_the_same_roll_up_gives_the_same_bytes() -> None:
    assert render_rollup(ROLLUP, FORM, TRICKS) == FILE


# ── data ────────────────────────────────────────────────────────────────────────────────────


def test_the_data_are_read_back_as_the_districts_report() -> None:
    text = json.dumps(rollup_data(ROLLUP, FORM), ensure_ascii=False)
    reading = read_report(text, FORM)
    assert reading.report.figures == ROLLUP.figures
    assert (reading.report.agency, reading.report.year) == ("青石县人民政府", 2024)
    assert (reading.report.has_texts, reading.report.final, reading.unread) == (False, True, ())


def test_the_data_say_whose_figures_they_are() -> None:
    data = rollup_data(ROLLUP, FORM)
    assert [(unit["name"], unit["version"], unit["own"]) for unit in data["units"]] == [
        (one.unit.name, one.version, one is ROLLUP.own) for one in ROLLUP.counted
    ]
    for unit, one in zip(data["units"], ROLLUP.counted, strict=True):
        assert _figures(unit["sections"]) == one.figures
    assert data["missing"] == ["青石县教育局", "=青石县统计局"]
    assert data["exempt"] == [{"name": "青石县档案局", "reason": "=并入县委办"}]
    assert [each["reason"] for each in data["excluded"]] == ["year"]


def _figures(sections: Any) -> dict[str, Figure]:
    """A unit's figures, found by walking the data."""
    found: dict[str, Figure] = {}
    for cell in FORM.cells:
        value = sections
        for step in cell.split("."):
            value = value[step]
        found[cell] = Decimal(value) if isinstance(value, str) else value
    return found
