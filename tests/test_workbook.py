"""The workbook that goes out to be filled in and comes back: nothing is lost, guessed or made up."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.local import Local
from bot.readers.reading import Unreadable
from bot.readers.workbook import Workbook, read_workbook, reading_of
from bot.report import Figure, Report, Topic
from bot.writers.boxes import layouts
from bot.writers.proof import DocumentError, unprintable
from bot.writers.xlsx import render
from tests.parts import with_parts
from tests.tables import STYLES, figures_of, report_of, requests_table
from tests.workbooks import one_sheet

FORM = load_form()
SHEETS = {"proactive": "表二", "requests": "表三", "review_litigation": "表四"}
TOTALS = frozenset(FORM.total_of)
INPUTS = tuple(cell for cell in FORM.cells if cell not in TOTALS)
PLACES = {
    box.key: (SHEETS[layout.section], 4 + box.row, 2 + box.column)
    for layout in layouts(FORM)
    for box in layout.boxes
    if box.key
}  # sheet, row and column as openpyxl counts them


def whole(**changes: object) -> Report:
    """A sound report with every part filled in."""
    figures = figures_of(requests_table(5, STYLES["dense city"]))
    figures |= {"proactive.fees_wanyuan": Decimal("59237.2449"), "proactive.permits": 402}
    fields: dict[str, object] = {
        "preamble": "按照条例编制。", "signoff": "青石县水务局\n2025年1月10日", "final": True,
    }  # fmt: skip
    return with_parts(report_of(figures), **{**fields, **changes})


WHOLE = whole()
FILE = render(WHOLE, FORM, draft=7)
BLANK = render(whole(figures={}, final=False), FORM)


def filled(change: Callable[[Any], None], content: bytes = FILE) -> bytes:
    """The workbook after somebody worked on it with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(values: Mapping[str, object], content: bytes = FILE) -> Workbook:
    """What is read after `values` were put into the cells of figures."""

    def change(book: Any) -> None:
        for key, value in values.items():
            sheet, row, column = PLACES[key]
            book[sheet].cell(row, column).value = value

    return back(filled(change, content))


def back(content: bytes) -> Workbook:
    """The workbook read back, which is surely one of ours."""
    found = read_workbook(content, FORM)
    assert found is not None
    return found


def part(content: bytes, name: str) -> str:
    """One part of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode("utf-8")


# ── there and back ──────────────────────────────────────────────────────────────────────────


def test_a_report_comes_back_from_its_workbook_exactly() -> None:
    found = back(FILE)
    assert found.figures == WHOLE.figures
    assert found.texts["other"] == WHOLE.text("other")
    assert found.texts["signoff"] == "青石县水务局\n2025年1月10日"
    assert (found.agency, found.year, found.level) == ("青石县水务局", 2024, "县级政府部门")
    assert (found.draft, found.final, found.touched, found.sentences) == (7, True, frozenset(), ())
    assert reading_of(found, FORM).report == WHOLE


def test_a_blank_workbook_shows_no_zero_that_nobody_entered() -> None:
    found = back(BLANK)
    assert set(found.figures.values()) == {None}
    book = openpyxl.load_workbook(io.BytesIO(BLANK), data_only=True)
    for sheet, row, column in PLACES.values():
        assert book[sheet].cell(row, column).value in (None, "")


def test_the_same_report_gives_the_same_bytes() -> None:
    last = whole(year=2023)
    notes = {"proactive.permits": "imported", "problems": "drafted"}
    files = {render(WHOLE, FORM, last=last, sources=notes, draft=7) for _ in range(3)}
    assert len(files) == 1
    assert render(WHOLE, FORM, draft=7) == FILE


figures = st.one_of(st.none(), st.integers(0, 40), st.integers(0, 10**12))
money = st.one_of(st.none(), st.decimals(0, 10**9, places=4, allow_nan=False).map(Decimal))


@given(seed=st.randoms(use_true_random=False), fees=money, text=st.text(max_size=80))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_figures_and_texts_come_back_or_are_refused_in_words(
    seed: Any, fees: Decimal | None, text: str
) -> None:
    known: dict[str, Figure] = {
        cell: seed.choice((None, 0, seed.randrange(50), seed.randrange(10**12))) for cell in INPUTS
    }
    known["proactive.fees_wanyuan"] = fees
    report = whole(figures=known, problems=text, final=False)
    if unprintable(text):
        with pytest.raises(DocumentError):
            render(report, FORM)
        return
    found = back(render(report, FORM))
    assert {cell: found.figures[cell] for cell in INPUTS} == known
    assert found.touched == frozenset()


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 10", "-全年没有", "@某人", "http://gov.cn", "{=A1}", "_x0041_ 与 _x000A_", "'引",
     "<b>&amp;</b>", "=HYPERLINK(\"x\")", "\tA", "#REF!", "2025", "2025年1月10日", "😀𠮷"],
)  # fmt: skip
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    report = whole(agency=text.strip(), problems=f"甲{text}", other=text + "乙", signoff=text)
    content = render(report, FORM)
    found = back(content)
    assert found.agency == text.strip()
    assert found.texts["problems"] == f"甲{text}"
    assert found.texts["other"] == (text + "乙").strip()
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    typed = [cell for row in book["文字"].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in typed} == {"s"}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not [name for name in package.namelist() if "sheets/_rels" in name]  # no links


def test_topics_with_other_titles_stand_in_the_texts_where_an_import_puts_them() -> None:
    report = whole(topics=(Topic("主动公开", "甲。"), Topic("队伍建设", "乙。")))
    texts = back(render(report, FORM)).texts
    assert texts["overview.proactive"] == "甲。"
    assert texts["overview.intro"].endswith("队伍建设\n乙。")


def test_a_text_too_long_for_a_cell_is_refused_with_its_name() -> None:
    with pytest.raises(DocumentError, match="“其他需要报告的事项”超过 30000 字"):
        render(whole(other="长" * 30_001), FORM)
    assert back(render(whole(other="长" * 30_000), FORM)).texts["other"] == "长" * 30_000


def test_a_total_that_is_not_the_sum_is_said_beneath_its_table() -> None:
    known = dict(WHOLE.figures) | {"requests.granted.total": 999, "requests.other_misc.total": 8}
    known["requests.other_misc.business"] = None
    content = render(whole(figures=known), FORM)
    strings = part(content, "xl/sharedStrings.xml")
    added = WHOLE.figures["requests.granted.total"]
    assert f"（一）予以公开 · 总计”是 999，各项加起来是 {added}。" in strings
    assert "3.其他 · 总计”是 8，各项还没有填全。" in strings
    assert "记录里" not in part(FILE, "xl/sharedStrings.xml")
    found = back(content)
    assert found.figures["requests.granted.total"] == added
    assert found.given["requests.granted.total"] == 999


# ── what people leave in a cell ─────────────────────────────────────────────────────────────

CELL = "requests.granted.business"
TAKEN: list[tuple[object, Figure]] = [
    (12, 12), (0, 0), (12.0, 12), ("３", 3), ("1,291", 1291), (" 12 ", 12), ("12件", 12),
    ("无", 0), ("十二", 12), (None, None), ("", None), ("   ", None), ("\u3000", None),
]  # fmt: skip
REFUSED: list[tuple[object, str]] = [
    (1.5, "fraction"), (-1, "negative"), ("−1", "negative"), ("约30", "inexact"),
    ("3、4", "several"), ("见附件", "not_number"), ("-", "not_number"), ("/", "not_number"),
    ("1.5万", "unsure"), (10**11, "too_large"), (True, "not_number"), (0.1, "fraction"),
    (date(2024, 1, 2), "date"), ("#REF!", "error"), ("#N/A", "error"), ("=1+2", "uncomputed"),
    ("=SUM(Z1:Z9)", "uncomputed"), ("12③", "not_number"), ("5%", "not_number"), ("?", "inexact"),
]  # fmt: skip
CROWD = [cell for cell in INPUTS if cell.startswith("requests.denied_")]
NOTHING_ELSE = dict(WHOLE.figures) | dict.fromkeys(CROWD, 55_555)


@cache
def crowded(of: str) -> Workbook:
    """What is read from a workbook with one odd thing in each of many cells."""
    content = render(replace(WHOLE, figures=NOTHING_ELSE), FORM)
    left = [value for value, _ in (TAKEN if of == "taken" else REFUSED)]
    return put(dict(zip(CROWD, left, strict=False)), content)


@pytest.mark.parametrize("at", range(len(TAKEN)), ids=[repr(left) for left, _ in TAKEN])
def test_what_is_surely_a_count_is_taken_and_a_blank_is_blank(at: int) -> None:
    found = crowded("taken")
    assert found.figures[CROWD[at]] == TAKEN[at][1]
    assert not [refusal for refusal in found.refused if refusal.item == CROWD[at]]
    assert found.touched == set(CROWD[: len(TAKEN)])


@pytest.mark.parametrize("at", range(len(REFUSED)), ids=[repr(left) for left, _ in REFUSED])
def test_what_is_no_count_is_refused_with_its_reason(at: int) -> None:
    found = crowded("refused")
    (refusal,) = [refusal for refusal in found.refused if refusal.item == CROWD[at]]
    assert refusal.reason == REFUSED[at][1]
    assert found.figures[CROWD[at]] is None
    assert refusal.sentence in reading_of(found, FORM).unread


def test_a_refusal_names_the_cell_and_what_stands_there() -> None:
    found = put({CELL: 1.5})
    assert found.sentences == (
        "表三!F9（三、本年度办理结果 · （一）予以公开 · 商业企业）里写的“1.5”不是整数。件数请填整数。",
    )  # fmt: skip
    assert found.figures["requests.granted.total"] is None
    assert reading_of(found, FORM).unreadable == {CELL: "1.5"}


@pytest.mark.parametrize(
    ("left", "value"),
    [(3.25, Decimal("3.25")), ("3.25万元", Decimal("3.25")), ("32500元", Decimal("3.25")),
     (59237.2449, Decimal("59237.2449")), ("无", Decimal(0)), (0.1 + 0.2, Decimal("0.3"))],
)  # fmt: skip
def test_money_is_read_to_the_fourth_decimal(left: object, value: Decimal) -> None:
    assert put({"proactive.fees_wanyuan": left}).figures["proactive.fees_wanyuan"] == value


def test_money_with_more_decimals_is_refused() -> None:
    (refusal,) = put({"proactive.fees_wanyuan": 1.23456}).refused
    assert refusal.reason == "decimals"


def test_totals_are_added_up_and_a_typed_one_is_only_mentioned() -> None:
    known = {key: 2 for key in INPUTS if key.startswith("requests.")}
    found = put({**known, "requests.granted.total": 99}, BLANK)
    assert found.figures["requests.granted.total"] == 12
    assert found.figures["requests.total_handled.total"] == 6 * 21 * 2
    assert found.touched == frozenset(known)
    assert found.sentences == (
        "表三!K9（三、本年度办理结果 · （一）予以公开 · 总计）里写的“99”没有读：总计由各项加出来，"
        "现在是 12。",
    )  # fmt: skip


def test_what_was_not_touched_is_told_from_what_was() -> None:
    found = put({"proactive.permits": 403, "proactive.penalties": 0, CELL: None})
    assert found.touched == {"proactive.permits", CELL}
    assert found.given["proactive.permits"] == 402


def test_a_figure_of_the_record_that_nobody_could_type_comes_back_untouched() -> None:
    known = dict(WHOLE.figures) | {"proactive.permits": 10**16 + 1}
    found = back(render(whole(figures=known), FORM))
    assert found.figures["proactive.permits"] == 10**16 + 1


def test_texts_are_taken_paragraph_by_paragraph_or_refused() -> None:
    def write(book: Any) -> None:
        sheet = book["文字"]
        rows = {sheet.cell(row, 2).value: row for row in range(5, 15)}
        sheet.cell(rows["六、其他需要报告的事项"], 3).value = " 甲。\r\n\n乙。"
        sheet.cell(rows["落款"], 3).value = "——"
        sheet.cell(rows["前言"], 3).value = None
        sheet.cell(rows["五、存在的主要问题及改进情况"], 3).value = "=A1"

    found = back(filled(write))
    assert (found.texts["other"], found.texts["preamble"]) == ("甲。\n乙。", "")
    assert {r.item: r.reason for r in found.refused} == {
        "signoff": "no_words", "problems": "uncomputed",
    }  # fmt: skip
    assert found.touched == {"other", "preamble", "signoff", "problems"}


# ── rows, columns and sheets that were moved about ──────────────────────────────────────────


def test_inserted_rows_and_columns_and_moved_sheets_change_nothing() -> None:
    def shift(book: Any) -> None:
        for name in ("表二", "表四"):  # openpyxl leaves merges behind where it moves cells
            for span in list(book[name].merged_cells.ranges):
                book[name].unmerge_cells(str(span))
        book.move_sheet("表三", 2)
        book["表二"].insert_rows(5, 3)
        book["表四"].insert_cols(3)
        book["文字"].insert_rows(1)
        book["表三"].title = "填好的"

    found = back(filled(shift))
    assert found.figures == WHOLE.figures
    assert (found.touched, found.refused) == (frozenset(), ())


def test_a_deleted_row_is_said_once_and_no_other_row_moves_into_it() -> None:
    found = back(filled(lambda book: book["表三"].delete_rows(9)))
    assert found.sentences == (
        "“表三”里“（一）予以公开”那一行被删掉了，没有读。请重新导出一份再填，或者把这几个数直接发来。",
    )
    gone = {cell for cell in INPUTS if cell.startswith("requests.granted.")}
    assert found.touched == gone
    kept = {cell for cell in INPUTS if cell not in gone}
    assert {cell: found.figures[cell] for cell in kept} == {c: WHOLE.figures[c] for c in kept}


def test_a_deleted_column_a_copied_row_and_lost_marks_are_refused() -> None:
    def copy(book: Any) -> None:
        for cell in book["表三"][9]:
            book["表三"].cell(40, cell.column).value = cell.value

    assert "那一列被删掉了" in back(filled(lambda b: b["表三"].delete_cols(6))).sentences[0]
    assert "那一行被复制成了几份" in back(filled(copy)).sentences[0]
    found = back(filled(lambda b: b["表三"].delete_cols(1)))
    assert found.sentences == ("工作表“表三”找不到了，这张表整个没有读。请重新导出一份再填。",)


def test_a_deleted_sheet_is_said_and_a_copied_one_is_not_confused() -> None:
    found = back(filled(lambda book: book.remove(book["表四"])))
    assert found.sentences == ("工作表“表四”找不到了，这张表整个没有读。请重新导出一份再填。",)
    assert found.figures["review_litigation.review_total"] is None
    assert found.figures["proactive.permits"] == 402

    def copied(book: Any) -> None:
        book.copy_worksheet(book["表三"])["F9"] = 999

    assert back(filled(copied)).figures == WHOLE.figures

    def both(book: Any) -> None:
        copied(book)
        book["表三"].title = "旧"

    assert "不止一张" in back(filled(both)).sentences[0]


def test_cells_that_were_merged_are_refused_together() -> None:
    found = back(filled(lambda book: book["表三"].merge_cells("E9:F9")))
    assert {r.item for r in found.refused} == {CELL, "requests.granted.natural_person"}
    assert "取消合并" in found.sentences[0]
    blank = back(filled(lambda book: book["表三"].merge_cells("E9:F9"), BLANK))
    assert blank.refused == ()


# ── what is no workbook of ours ─────────────────────────────────────────────────────────────


def test_other_files_are_left_to_the_generic_reader() -> None:
    for content in (one_sheet(WHOLE, FORM), b"", b"%PDF-1.7", FILE[:3000], b"PK\3\4" + b"\0" * 99):
        assert read_workbook(content, FORM) is None

    def without(book: Any) -> None:
        book.remove(book["nianbao"])

    assert read_workbook(filled(without), FORM) is None


def test_a_workbook_for_another_form_or_with_a_changed_register_is_refused() -> None:
    def broken(book: Any) -> None:
        book["nianbao"].delete_rows(20)

    with pytest.raises(Unreadable, match="登记表被改动过"):
        read_workbook(filled(broken), FORM)
    other = load_form()
    other.__dict__["key"] = "gov-info-2031"
    with pytest.raises(Unreadable, match="按别的版本做的"):
        read_workbook(FILE, other)


@given(place=st.integers(0, 9000), bits=st.integers(1, 255), cut=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    place: int, bits: int, cut: bool
) -> None:
    damaged = bytearray(FILE)
    damaged[place] ^= bits
    with suppress(Unreadable):
        read_workbook(bytes(damaged[:place] if cut else damaged), FORM)


def typed(word: str) -> bytes:
    """The workbook with any string in one cell, put there without a library."""
    target = io.BytesIO()
    cell = f'<c r="F9" t="inlineStr"><is><t>{escape(word)}</t></is></c>'
    with zipfile.ZipFile(io.BytesIO(FILE)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            xml = old.read(name).decode("utf-8")
            if name == "xl/worksheets/sheet3.xml":
                xml, times = re.subn(r'<c r="F9" s="\d+"><v>31</v></c>', lambda _: cell, xml)
                assert times == 1
            new.writestr(name, xml)
    return target.getvalue()


@given(word=st.one_of(st.text(max_size=30), st.floats().map(str), st.integers().map(str)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_in_a_cell_is_a_figure_a_blank_or_a_refusal(word: str) -> None:
    if unprintable(word):
        return  # no part of a workbook holds such a character
    found = back(typed(word))
    value = found.figures[CELL]
    refused = any(refusal.item == CELL for refusal in found.refused)
    assert (value is None) == (refused or not word.strip())
    assert value is None or (isinstance(value, int) and value >= 0)


# ── the sheets ──────────────────────────────────────────────────────────────────────────────


def test_the_tables_have_the_official_labels_and_merges() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FILE))
    for layout in layouts(FORM):
        sheet = book[SHEETS[layout.section]]
        merged = {str(span) for span in sheet.merged_cells.ranges}
        for box in layout.boxes:
            first = sheet.cell(4 + box.row, 2 + box.column)
            last = sheet.cell(3 + box.row + box.rows, 1 + box.column + box.columns)
            assert box.key or first.value == box.text
            assert box.rows * box.columns == 1 or f"{first.coordinate}:{last.coordinate}" in merged
    assert [layout.rows for layout in layouts(FORM)] == [14, 28, 4]
    assert [layout.columns for layout in layouts(FORM)] == [4, 10, 15]


def test_only_input_cells_are_open_and_no_password_holds_the_rest() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FILE))
    inputs = {PLACES[key] for key in INPUTS}
    for sheet in book:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        for row in sheet.iter_rows():
            for cell in row:
                place = (sheet.title, cell.row, cell.column)
                text = sheet.title == "文字" and cell.column == 3 and 5 <= cell.row <= 14
                merged = type(cell).__name__ == "MergedCell"
                assert cell.protection.locked != (place in inputs or text) or merged


def test_a_total_is_a_formula_with_its_value_and_blank_while_a_part_is() -> None:
    formulas = openpyxl.load_workbook(io.BytesIO(FILE))
    values = openpyxl.load_workbook(io.BytesIO(FILE), data_only=True)
    for key in TOTALS:
        sheet, row, column = PLACES[key]
        parts = len(FORM.total_of[key])
        formula = formulas[sheet].cell(row, column).value
        assert re.fullmatch(rf'=IF\(COUNT\((.+)\)<{parts},"",SUM\(\1\)\)', formula)
        assert values[sheet].cell(row, column).value == WHOLE.figures[key]
    assert formulas["表三"]["E30"].value == '=IF(COUNT(E9:E29)<21,"",SUM(E9:E29))'


def test_a_broken_identity_is_said_in_words_and_turns_red() -> None:
    known = dict(WHOLE.figures) | {"requests.carried_in.business": 900}
    strings = openpyxl.load_workbook(io.BytesIO(render(whole(figures=known), FORM)), data_only=True)
    row = [cell.value for cell in strings["表三"][32]]
    before = WHOLE.figures["requests.carried_in.business"]
    assert isinstance(before, int)
    assert row[1] == "核对勾稽关系"
    assert row[4:7] == ["相符", f"相差 {900 - before}", "相符"]
    rules = openpyxl.load_workbook(io.BytesIO(FILE))["表三"].conditional_formatting
    spans = {str(span.sqref): rule.formula for span in rules for rule in span.rules}
    wanted = "AND(COUNT($E$7,$E$8,$E$30,$E$31)=4,$E$7+$E$8<>$E$30+$E$31)"
    assert [wanted] in spans.values()


def test_what_may_be_typed_is_said_in_chinese() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FILE))
    kinds = {
        rule.type: rule.error for sheet in book for rule in sheet.data_validations.dataValidation
    }
    assert set(kinds) == {"whole", "custom", "textLength"}
    assert all("请" in words for words in kinds.values())
    covered = {
        (name, cell.row, cell.column)
        for name in SHEETS.values()
        for rule in book[name].data_validations.dataValidation
        for span in rule.sqref.ranges
        for row in book[name][span.coord if ":" in span.coord else f"{span.coord}:{span.coord}"]
        for cell in row
    }
    assert covered == {PLACES[key] for key in INPUTS}


def test_last_years_figures_stand_beside_locked_and_are_not_read() -> None:
    last = whole(year=2023, figures={key: 77000 + n for n, key in enumerate(FORM.cells)})
    content = render(whole(figures={}), FORM, last=last)
    assert set(back(content).figures.values()) == {None}
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [
        (cell.value, cell.protection.locked)
        for name in SHEETS.values()
        for row in book[name].iter_rows()
        for cell in row
        if isinstance(cell.value, int)
    ]
    assert sorted(found) == [(77000 + n, True) for n in range(200)]
    strings = part(content, "xl/sharedStrings.xml")
    assert strings.count("2023年的数，只供对照，不用填") == 1
    assert "2023年的，只供参考" in strings


def test_the_source_of_a_figure_is_shown_where_it_is_known() -> None:
    notes = {"proactive.permits": "imported", "other": "drafted", CELL: "来自业务系统"}
    book = openpyxl.load_workbook(io.BytesIO(render(WHOLE, FORM, sources=notes)))
    prompts = {
        str(rule.sqref): rule.prompt
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if rule.prompt
    }
    assert prompts == {
        "C10": "从文件读入并确认过。", "F9": "来自业务系统", "C13": "按填报的事实起草，请核对。",
    }  # fmt: skip


def test_a_draft_is_marked_on_every_sheet_and_a_final_report_on_none() -> None:
    names = [f"xl/worksheets/sheet{n}.xml" for n in range(1, 6)]
    assert all("草稿 · 未完成，请勿外发" in part(BLANK, name) for name in names)
    with zipfile.ZipFile(io.BytesIO(FILE)) as package:
        assert not any("草稿" in package.read(name).decode() for name in package.namelist())


def test_pages_are_a4_as_wide_as_the_sheet_and_repeat_their_heads() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FILE))
    for name in ("表二", "表三", "表四", "文字"):
        setup = book[name].page_setup
        assert (setup.paperSize, setup.fitToHeight) == (9, 0)
        assert book[name].freeze_panes
        assert book[name].row_dimensions[1].hidden
    assert book["表三"].print_title_rows == "$4:$6"
    assert book["nianbao"].sheet_state == "veryHidden"


def test_an_offices_own_labels_stand_in_the_tables_and_do_not_matter_for_reading() -> None:
    own = {"规章": "=规章（本地）", "五、存在的主要问题及改进情况": "五、问题和改进"}
    form = load_form(local=Local(own))
    content = render(WHOLE, form)
    assert openpyxl.load_workbook(io.BytesIO(content))["表二"]["B6"].value == "=规章（本地）"
    assert back(content).figures == WHOLE.figures


# ── other programs ──────────────────────────────────────────────────────────────────────────

OFFICE = shutil.which("soffice")
CALC = Path("/usr/lib/libreoffice/program/libsclo.so")


@pytest.mark.skipif(not (OFFICE and CALC.exists()), reason="LibreOffice Calc is not installed")
def test_a_workbook_filled_in_and_saved_by_libreoffice_is_read_right(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["表三"]
        sheet["E9"], sheet["F9"], sheet["G9"], sheet["H9"] = "=1+2", "=SUM(Z1:Z3)", "３", 1.5
        sheet.insert_rows(9)

    path = tmp_path / "填好.xlsx"
    path.write_bytes(filled(change))
    command = [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    found = back((tmp_path / "out" / path.name).read_bytes())
    wanted = {"natural_person": 3, "business": None, "research": 3, "public_welfare": None}
    wanted_cells = {f"requests.granted.{column}": value for column, value in wanted.items()}
    assert {cell: found.figures[cell] for cell in wanted_cells} == wanted_cells
    assert [refusal.reason for refusal in found.refused] == ["hollow", "fraction"]
    changed = {*wanted_cells, "requests.granted.total", "requests.total_handled.total"}
    changed |= {f"requests.total_handled.{column}" for column in wanted}
    assert all(
        found.figures[cell] == WHOLE.figures[cell] for cell in FORM.cells if cell not in changed
    )


def test_a_report_with_a_wrong_key_is_refused_before_anything_is_made() -> None:
    with pytest.raises(DocumentError, match="还不能生成文件"):
        render(replace(WHOLE, figures={"a.b": 1}), FORM)
