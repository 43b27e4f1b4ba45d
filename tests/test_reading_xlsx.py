"""Workbooks: what a cell shows is what is read; no result is made up and no error is a blank."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.form import Form
from bot.readers import xlsx
from bot.readers.blocks import Grid
from bot.readers.formulas import column_of, name_of, shift, sum_of, terms_of
from bot.readers.reading import Reading, Unreadable
from bot.readers.sheets import open_workbook
from bot.report import Figure, Report
from tests import workbooks
from tests.tables import STYLES, figures_of, report_of, requests_table
from tests.webpages import Box, table_three
from tests.workbooks import MAIN, Page, Put, packed

FORM = load_form()
OLD = bytes.fromhex("d0cf11e0a1b11ae1")


def dense() -> Report:
    """A report of a busy city with figures in every table."""
    figures = figures_of(requests_table(5, STYLES["dense city"]))
    figures |= {
        "proactive.normdocs_in_force": 25,
        "proactive.penalties": 402,
        "proactive.fees_wanyuan": Decimal("59237.2449"),
        "review_litigation.direct_corrected": 2,
        "review_litigation.direct_total": 2,
    }
    return report_of(figures, preamble="按照条例编制。", signoff="青石县水务局\n2025年1月10日")


def gappy(seed: int) -> dict[str, Figure]:
    """Figures of every size, a fifth of them blank."""
    random = Random(seed)
    figures: dict[str, Figure] = {
        cell: random.choice((None, 0, 0, random.randrange(40), random.randrange(90000)))
        for cell in FORM.cells
    }
    figures["proactive.fees_wanyuan"] = random.choice((None, Decimal(0), Decimal("282.1")))
    return figures


def small(**cells: Put) -> Reading:
    """What is read from a sheet with the four rows of table two that have one figure each."""
    page = Page("表二").put("A1", "二、主动公开政府信息情况", "s")
    rows = (
        ("行政许可", "本年处理决定数量"),
        ("行政处罚", ""),
        ("行政强制", ""),
        ("行政事业性收费", ""),
    )
    page.put("A2", "信息内容", "s").put("B2", "本年处理决定数量", "s")
    for row, (label, _) in enumerate(rows, 3):
        page.put(f"A{row}", label, "s")
    for name, put in cells.items():
        page.put(name, put.value, put.kind, formula=put.formula, style=put.style)
    codes = ["yyyy/m/d", "0.0%", "#,##0.00_);[Red](#,##0.00)", '0!.0,"万"', 'G/通用格式"件"']
    return xlsx.read(packed([page], formats=codes), FORM)


def permits(put: Put) -> tuple[Figure, str]:
    """What a cell is read as, and what is kept of it where it is no figure."""
    reading = small(B3=put, B4=Put("7"))
    assert reading.report.figures["proactive.penalties"] == 7
    return (
        reading.report.figures["proactive.permits"],
        reading.unreadable.get("proactive.permits", ""),
    )


@pytest.mark.parametrize("style", workbooks.STYLES)
def test_the_figures_come_back_from_every_kind_of_workbook(style: str, form: Form) -> None:
    report = dense()
    reading = xlsx.read(workbooks.STYLES[style](report, form), form)
    assert reading.report.figures == report.figures
    assert not reading.unread


@pytest.mark.parametrize("style", sorted(set(workbooks.STYLES) - {"named sheets"}))
def test_the_texts_come_back_where_the_workbook_holds_them(style: str, form: Form) -> None:
    report = dense()
    reading = xlsx.read(workbooks.STYLES[style](report, form), form)
    for part in (
        "title",
        "agency",
        "year",
        "texts",
        "topics",
    ):
        assert getattr(reading.report, part) == getattr(report, part)
    assert reading.headings == tuple(section.label for section in form.sections)


def test_a_sheet_named_after_a_section_counts_as_its_heading(form: Form) -> None:
    reading = xlsx.read(workbooks.named_sheets(dense(), form), form)
    assert reading.headings == tuple(section.label for section in form.sections if section.tables)


@pytest.mark.parametrize("style", workbooks.STYLES)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=3, deadline=None)
def test_a_blank_cell_never_becomes_a_figure(style: str, seed: int) -> None:
    figures = gappy(seed)
    reading = xlsx.read(workbooks.STYLES[style](report_of(figures), FORM), FORM)
    for cell, figure in figures.items():
        found = reading.report.figures[cell]
        assert found == figure or (found is None and reading.unread), cell


@pytest.mark.parametrize(
    ("put", "figure"),
    [
        (Put("3"), 3),
        (Put("3.0"), 3),
        (Put("1.291E3"), 1291),
        (Put("-0"), 0),
        (Put("3", "s"), 3),
        (Put("3", "str", "A9"), 3),
        (Put("12", formula="SUM(B8:B9)"), 12),
        (Put("3", style=3), 3),
        (Put("3", style=5), 3),
        (Put("", "s"), None),
        (Put(None), None),
    ],
)
def test_a_count_is_read_however_it_is_kept(put: Put, figure: int | None) -> None:
    assert permits(put) == (figure, "")


@pytest.mark.parametrize(
    ("put", "shown"),
    [
        (Put("#REF!", "e", "SUM(#REF!)"), "#REF!"),
        (Put("#DIV/0!", "e"), "#DIV/0!"),
        (Put("1", "b"), "TRUE"),
        (Put("3.5"), "3.5"),
        (Put("45667", style=1), "2025年1月10日"),
        (Put("0.25", style=2), "25%"),
        (Put("0", style=1), "日期"),
        (Put("1200000", style=4), "按千位缩小"),
        (Put("-3"), "-3"),
        (Put("1e300"), "1E+300"),
        (Put("NaN"), "NaN"),
        (Put("2024-01-10T00:00:00", "d"), "2024"),
        (Put("无", "s"), "无"),
    ],
)
def test_what_is_no_count_is_kept_as_it_stands_and_not_read(put: Put, shown: str) -> None:
    figure, held = permits(put)
    assert figure is None
    assert shown in held


def test_binary_dust_behind_a_sum_of_money_is_wiped_off() -> None:
    reading = small(B6=Put("59237.244899999998"))
    assert reading.report.figures["proactive.fees_wanyuan"] == Decimal("59237.2449")


def totals(cached: str | None, *, filled: bool, **more: object) -> Reading:
    """Table three whose totals are formulas, with what the file keeps as their result."""
    figures = dense().figures if filled else dict.fromkeys(FORM.cells)
    rows = table_three(report_of({**figures}), FORM)
    page = (
        Page("表三").put("A1", "三、收到和处理政府信息公开申请情况", "s").put("H1", "单位：件", "s")
    )
    page.lay(rows, 1)
    for row in range(4, 29):
        page.put(f"J{row + 1}", cached, formula=f"SUM(D{row + 1}:I{row + 1})")
    for column in "DEFGHI":
        page.put(f"{column}28", cached, formula=f"SUM({column}7:{column}27)")
    return xlsx.read(packed([page], **more), FORM)  # type: ignore[arg-type]


def test_a_total_of_blank_cells_is_a_blank_though_the_program_shows_0() -> None:
    reading = totals("0", filled=False)
    requests = {
        cell: f for cell, f in reading.report.figures.items() if cell.startswith("requests.")
    }
    assert len(requests) == 175
    assert set(requests.values()) == {None}
    assert not any("公式" in sentence for sentence in reading.unread)


@pytest.mark.parametrize("cached", ["0", None, ""])
def test_a_total_that_no_program_has_computed_is_missing_and_said(cached: str | None) -> None:
    reading = totals(cached, filled=True, book='<calcPr fullCalcOnLoad="1"/>')
    figures = dense().figures
    assert reading.report.figures["requests.granted.total"] is None
    assert reading.report.figures["requests.total_handled.total"] is None
    assert (
        reading.report.figures["requests.granted.natural_person"]
        == figures["requests.granted.natural_person"]
    )
    (said,) = (sentence for sentence in reading.unread if "公式" in sentence)
    assert "表三" in said
    assert "保存" in said


def test_a_formula_that_is_no_sum_is_believed_only_where_a_program_computed_it() -> None:
    page = Page("a").put("A1", "二、主动公开政府信息情况", "s").put("A2", "行政许可", "s")
    page.put("B2", "0", formula="COUNTIF(C8:C9,1)").put("C9", "7").put("A3", "行政处罚", "s").put(
        "B3", "4"
    )
    computed = xlsx.read(packed([page]), FORM)
    stale = xlsx.read(packed([page], book='<calcPr fullCalcOnLoad="1"/>'), FORM)
    assert computed.report.figures["proactive.permits"] == 0
    assert stale.report.figures["proactive.permits"] is None
    assert any("B2" in sentence for sentence in stale.unread)


def test_a_sheet_that_points_to_blank_cells_of_another_shows_no_zeros() -> None:
    shown = Page("报表").put("A1", "二、主动公开政府信息情况", "s").put("A2", "行政许可", "s")
    shown.put("B2", "0", formula="录入!C5").put("A3", "行政处罚", "s").put(
        "B3", "0", formula="'录入'!C6"
    )
    held = Page("录入", state="hidden").put("C6", "0")
    figures = xlsx.read(packed([shown, held]), FORM).report.figures
    assert figures["proactive.permits"] is None
    assert figures["proactive.penalties"] == 0


def test_a_shared_formula_counts_for_each_of_its_cells() -> None:
    assert shift("SUM($D5:I5)+Sheet!A$1", 2, 1) == "SUM($D7:J7)+Sheet!B$1"
    terms = terms_of("=SUM(A1:B1,D1)-C1+'表 一'!A1")
    assert terms is not None
    own = {(0, 0): "1", (0, 1): "2.5", (0, 3): "10", (0, 2): "4"}
    assert sum_of(terms, {"": own, "表 一": {(0, 0): "100"}}) == Decimal("109.5")
    assert terms_of("ROUND(A1,2)") is None
    assert terms_of("SUM(A1:XFD1048576)") is None


@given(number=st.integers(0, 16383))
def test_a_column_keeps_its_number_through_its_letters(number: int) -> None:
    assert column_of(name_of(number)) == number


def test_a_hidden_sheet_is_not_read_but_hidden_rows_are(form: Form) -> None:
    content = workbooks.spaced(dense(), form)
    assert xlsx.read(content, form).report.figures["proactive.permits"] == 0
    only = packed([Page("a", state="veryHidden").put("A1", "行政许可", "s")])
    with pytest.raises(Unreadable, match="看得见"):
        xlsx.read(only, form)


def test_a_workbook_with_formats_down_to_the_last_row_is_read(form: Form) -> None:
    page = Page("年报").put("A1", "二、主动公开政府信息情况", "s")
    page.put("A2", "行政许可", "s").put("B2", "6").put("A3", "行政处罚", "s").put("B3", "8")
    page.extra = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(9, 220_000))
    figures = xlsx.read(packed([page]), form).report.figures
    assert (figures["proactive.permits"], figures["proactive.penalties"]) == (6, 8)


def with_part(name: str, content: str) -> bytes:
    """A workbook with one part replaced."""
    return packed([Page("a").put("A1", "行政许可", "s").put("B1", "3")], parts={name: content})


SHEET = f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>&x;</v></c></row></sheetData></worksheet>'
BOMB = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "空的"),
        (b"PK\x03\x04 torn", "重新发"),
        (OLD + bytes(600), r"\.xls.*另存为 \.xlsx"),
        (with_part("xl/workbook.xml", "<workbook"), "损坏"),
        (with_part("xl/workbook.bin", ""), r"\.xlsb"),
        (with_part("word/document.xml", ""), "Word"),
        (
            with_part(
                "xl/worksheets/sheet1.xml",
                f'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>{SHEET}',
            ),
            "损坏",
        ),
        (
            with_part(
                "xl/worksheets/sheet1.xml",
                f'<!DOCTYPE s [<!ENTITY x0 "9">{BOMB}]>{SHEET.replace("&x;", "&x11;")}',
            ),
            "损坏",
        ),
        (with_part("xl/worksheets/sheet1.xml", SHEET), "损坏"),
        (packed([Page("a")]), "空的"),
        (packed([Page("a").put("A1", "通讯录", "s").put("B1", "5")]), "年度报告"),
        (packed(Page(str(n)) for n in range(101)), "100 张"),
        (with_part("xl/worksheets/sheet1.xml", "<x/>" * 700_000), "压缩比|太大|损坏"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_report_is_refused_with_advice(content: bytes, advice: str, form: Form) -> None:
    with pytest.raises(Unreadable, match=advice):
        xlsx.read(content, form)


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A2:A2", "B2:A1", "Z9", "A0:B0", ""])
def test_a_merged_range_that_makes_no_sense_does_no_harm(reference: str, form: Form) -> None:
    page = (
        Page("a")
        .put("A2", "二、主动公开政府信息情况", "s")
        .put("A3", "行政许可", "s")
        .put("B3", "3")
    )
    page.merged = [reference] * 50
    assert xlsx.read(packed([page]), form).report.figures["proactive.permits"] == 3


def test_a_merged_cell_stands_in_every_place_it_covers(form: Form) -> None:
    page = Page("a")
    page.lay([[Box("行政许可", rows=2), Box("一")], [Box("二")]], 3, 2)
    rows = xlsx._rows(open_workbook(zipfile.ZipFile(BytesIO(packed([page])))).sheets[0])
    assert [[cell.text for cell in row] for row in rows] == [["行政许可", "一"], ["行政许可", "二"]]
    assert rows[0][0] is rows[1][0]


def test_a_blank_row_parts_two_tables_and_a_blank_label_row_does_not(form: Form) -> None:
    page = Page("a")
    row = page.lay([[Box("信息内容"), Box("本年处理决定数量")], [Box("行政许可"), Box("3")]], 0)
    row = page.lay([[Box("行政强制")]], row)
    page.lay([[Box("信息内容"), Box("本年收费金额")], [Box("行政事业性收费"), Box("2")]], row + 1)
    sheet = open_workbook(zipfile.ZipFile(BytesIO(packed([page])))).sheets[0]
    grids = [block for block in xlsx._blocks(sheet, form) if isinstance(block, Grid)]
    assert [len(grid.rows) for grid in grids] == [3, 2]
    assert [grid.rows[-1][0].text for grid in grids] == ["行政强制", "行政事业性收费"]


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Unreadable):
        xlsx.read(content, FORM)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_a_damaged_workbook_is_read_or_refused(seed: int) -> None:
    random = Random(seed)
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbooks.one_sheet(dense(), FORM))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        spoiled = random.choice(old.namelist())
        for name in old.namelist():
            content = bytearray(old.read(name))
            for _ in range(random.randrange(1, 8) * (name == spoiled)):
                at = random.randrange(len(content))
                content[at : at + random.randrange(9)] = random.choice(
                    (
                        b"",
                        b"9",
                        b"99999999999999999999",
                        b'"',
                        b"<v>",
                        b"A",
                        b"\xff",
                        b"-",
                        b"</c>",
                        b" ",
                    )
                )
            new.writestr(name, bytes(content))
    with suppress(Unreadable):
        assert set(xlsx.read(made.getvalue(), FORM).report.figures) == set(FORM.cells)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_a_file_damaged_on_its_way_is_read_or_refused(seed: int) -> None:
    random = Random(seed)
    content = bytearray(workbooks.as_text(dense(), FORM))
    for _ in range(random.randrange(1, 12)):
        content[random.randrange(len(content))] = random.randrange(256)
    with suppress(Unreadable):
        xlsx.read(bytes(content), FORM)
