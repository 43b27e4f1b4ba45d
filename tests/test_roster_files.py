"""Files of a roster: workbooks and CSV files as programs save them, and what is refused."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agency import is_agency
from bot.office.roster import read_roster
from bot.readers.reading import Unreadable
from bot.readers.roster import MOST_ROWS, Grid, read_grid
from tests.workbooks import Page, packed

HEAD = ("单位名称", "简称", "本级")
ROWS = (HEAD, ("西山区财政局", "财政局", ""), ("西山区人民政府办公室", "政府办", "是"))
CSV = "\n".join(",".join(row) for row in ROWS) + "\n"


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_of(*rows: tuple[object, ...], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    return saved(book)


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_grid(name, content)
    return str(caught.value)


def names(grid: Grid) -> list[str]:
    return [line.name for line in read_roster(grid, (), is_agency).lines]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "，"])
def test_a_csv_is_read_in_any_character_set_and_with_any_sign(charset: str, sign: str) -> None:
    assert read_grid("名单.csv", CSV.replace(",", sign).encode(charset)) == ROWS


def test_a_csv_keeps_quoted_cells_whole_and_blank_lines_in_their_place() -> None:
    text = '单位名称,免报原因\r\n\r\n"西山区财政局","已撤销,并入""国资局"""\r\n'
    grid = read_grid("a.CSV", text.encode())
    assert grid == (("单位名称", "免报原因"), (), ("西山区财政局", '已撤销,并入"国资局"'))
    assert read_roster(grid, (), is_agency).lines[0].place == "第3行"


def test_a_text_file_gives_a_line_a_cell() -> None:
    grid = read_grid("名单.txt", "1. 西山区财政局\r\n2. 西山区教育局\r\n".encode("gb18030"))
    assert grid == (("1. 西山区财政局",), ("2. 西山区教育局",))
    assert names(grid) == ["西山区财政局", "西山区教育局"]


def test_a_workbook_gives_its_cells_as_text() -> None:
    content = sheet_of(("序号", "单位名称"), (1, "西山区财政局"), (2.0, "西山区教育局"))
    assert read_grid("名单.xlsx", content) == (
        ("序号", "单位名称"), ("1", "西山区财政局"), ("2", "西山区教育局"),
    )  # fmt: skip


def test_a_file_is_known_by_what_it_is_and_not_by_its_name() -> None:
    assert read_grid("名单.csv", sheet_of(*ROWS))[1][0] == "西山区财政局"
    assert read_grid("名单.xlsx", CSV.encode()) == tuple((line,) for line in CSV.splitlines())
    assert names(read_grid("名单.xlsx", CSV.encode())) == ["西山区财政局", "西山区人民政府办公室"]


def test_blank_rows_of_a_workbook_keep_the_rows_below_in_their_place() -> None:
    page = Page("名单").put("B2", "单位名称", "s").put("B5", "西山区财政局", "s")
    grid = read_grid("a.xlsx", packed([page]))
    assert len(grid) == 5
    assert read_roster(grid, (), is_agency).lines[0].place == "第5行"


def test_a_cell_that_is_merged_downwards_counts_for_each_of_its_rows() -> None:
    content = sheet_of(
        ("单位名称", "上级单位"),
        ("西山区财政局", "西山区人民政府"),
        ("西山区教育局", None),
        ("西山区人民政府", None),
        merged="B2:B3",
    )
    lines = read_roster(read_grid("a.xlsx", content), (), is_agency).lines
    assert [line.parent for line in lines] == ["西山区人民政府", "西山区人民政府", ""]


def test_a_formula_counts_by_its_result_and_is_said_where_there_is_none() -> None:
    page = Page("名单").put("A1", "单位名称", "s")
    page.put("A2", "西山区财政局", "str", formula='B2&"财政局"')
    page.put("A3", None, "n", formula='B3&"教育局"')
    grid = read_grid("a.xlsx", packed([page]))
    assert grid == (("单位名称",), ("西山区财政局",), ('=B3&"教育局"',))
    roster = read_roster(grid, (), is_agency)
    assert [line.name for line in roster.lines] == ["西山区财政局"]
    assert [(fault.place, "公式" in fault.words) for fault in roster.faults] == [("第3行", True)]


def test_a_sheet_that_cannot_be_seen_is_not_read() -> None:
    shown, hidden = Page("名单").put("A1", "西山区财政局", "s"), Page("x", state="hidden")
    hidden.put("A1", "西山区教育局", "s")
    assert read_grid("a.xlsx", packed([hidden, shown])) == (("西山区财政局",),)


def test_two_sheets_with_something_are_asked_about_by_name() -> None:
    pages = [Page(name).put("A1", "西山区财政局", "s") for name in ("部门", "街道")]
    said = refusal("a.xlsx", packed(pages))
    assert "“部门”、“街道”" in said


def test_what_is_no_roster_is_refused_with_a_way_out() -> None:
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    for content in (
        b"", b" \n", b",,,\n", word.getvalue(), b"PK\x03\x04torn", b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), bytes(range(256)) * 20, b"<html><table></table>",
        packed([Page("空")]),
    ):  # fmt: skip
        said = refusal("名单.csv", content)
        assert said.endswith("。")
        assert "年报" not in said
    assert "粘贴" in refusal("名单.docx", word.getvalue())
    assert ".xlsx" in refusal("名单.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))


def test_a_csv_with_a_broken_quote_is_refused_or_read_but_never_breaks() -> None:
    assert refusal("a.csv", ('单位\n"' + "局" * 140_000).encode()).startswith(
        "这个 CSV 文件读不出来"
    )


def test_hostile_files_are_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"\0" * 60_000_000)
    refusal("a.xlsx", bomb.getvalue())
    refusal(
        "a.xlsx", packed([Page("名单").put("A1048576", "西山区财政局", "s").put("A1", "单位", "s")])
    )
    refusal("a.xlsx", packed([Page("名单").put("XFD1", "西山区财政局", "s")]))
    refusal("a.csv", b"a\n" * 1_000_000)
    refusal("a.csv", b"," * 1_000_000)
    refusal("a.csv", (b"," * 199 + b"\n") * 2_000)
    refusal("a.csv", b"a" * 5_000_001)
    entity = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    refusal("a.xlsx", packed([Page("名单")], parts={"xl/worksheets/sheet1.xml": entity}))


def test_the_longest_grid_is_read() -> None:
    text = "单位名称\n" + "\n".join(f"西山区第{n}中学" for n in range(MOST_ROWS - 1))
    assert len(read_grid("a.csv", text.encode())) == MOST_ROWS


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.binary(max_size=100).map(b"PK".__add__),
    st.sampled_from(("a.csv", "a.txt", "a.xlsx", "")),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_grid_or_refused_in_words(content: bytes, name: str) -> None:
    try:
        grid = read_grid(name, content)
    except Unreadable as refused:
        grid, said = (), str(refused)
    else:
        said = "。"
    read_roster(grid, (), is_agency)
    assert said.endswith("。")
