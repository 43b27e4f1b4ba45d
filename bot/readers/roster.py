"""Reads the grid of a roster (花名册) from a workbook, a CSV file or a list in plain text.

What stands in a cell is taken as text and nothing is computed. A formula without a result in the
file stays a formula, so that whoever reads the grid can say so.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib

from lxml.etree import LxmlError

from bot.readers.charset import decode
from bot.readers.grids import MOST_COLUMNS, MOST_PLACES
from bot.readers.package import check_package
from bot.readers.reading import Unreadable
from bot.readers.sheets import Sheet, open_workbook

MOST_BYTES = 5_000_000  # of a text
MOST_ROWS = 10_000

Grid = tuple[tuple[str, ...], ...]

_ASK = "请发 Excel（.xlsx）或 CSV 文件，或者把名单直接粘贴过来，一行一个单位。"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_NO_TEXT = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SEPARATORS = "\t,;，；"
_SAMPLE = 50  # lines that decide what separates the cells
# What lxml and zipfile raise between them on files that are no workbooks.
_BROKEN = (
    LxmlError, zipfile.BadZipFile, zlib.error,
    LookupError, ValueError, ArithmeticError, AttributeError, RuntimeError, EOFError, OSError,
)  # fmt: skip


def read_grid(name: str, content: bytes) -> Grid:
    """The rows of a roster's file as texts, blank rows too; raises Unreadable with a sentence.

    A .csv or .tsv is cut at its separators; a line of any other text is one cell.
    """
    if not content.strip():
        raise Unreadable("文件是空的。")
    if content.startswith((b"PK", _OLD_OFFICE)):
        return _workbook(content)
    if content.startswith(_NO_TEXT):
        raise Unreadable(f"这种文件里的名单读不出来。{_ASK}")
    text = _text(content)
    if name.lower().endswith((".csv", ".tsv")):
        return _separated(text)
    return _checked(tuple((line,) for line in text.splitlines()))


def _workbook(content: bytes) -> Grid:
    """The rows of the one sheet that holds something and can be seen."""
    check_package(content, ".xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if "word/document.xml" in package.namelist():
                raise Unreadable(f"这是 Word 文件，名单没有读。{_ASK}")
            sheets = open_workbook(package).sheets
    except Unreadable as refused:
        # the sentences were written for reports
        raise Unreadable(str(refused).replace("年报", "名单")) from None
    except _BROKEN:
        raise Unreadable(
            "这不是 Excel 工作簿（.xlsx），或者文件已经损坏。请重新保存再发。"
        ) from None
    held = [sheet for sheet in sheets if not sheet.hidden and sheet.texts]
    if not held:
        raise Unreadable("工作簿里看得见的工作表都是空的。请填好以后再发。")
    if len(held) > 1:
        names = "、".join(f"“{sheet.name[:31]}”" for sheet in held[:5])
        raise Unreadable(f"有 {len(held)} 张工作表有内容：{names}。请只留下名单那一张再发。")
    return _rows(held[0])


def _rows(sheet: Sheet) -> Grid:
    """The sheet's rows from the first; what is merged downwards stands in each of its rows."""
    texts = {place: _shown(sheet, place) for place in sheet.texts}
    rows, columns = (max(place[axis] for place in texts) + 1 for axis in (0, 1))
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_PLACES:
        raise Unreadable("工作表太大，没有读。请把名单的内容复制到新的工作簿里再发，一行一个单位。")
    for (top, left), (bottom, right) in sheet.merged:
        if left == right and (top, left) in texts:
            for row in range(top, min(bottom + 1, rows)):
                texts.setdefault((row, left), texts[top, left])
    return tuple(tuple(texts.get((row, n), "") for n in range(columns)) for row in range(rows))


def _shown(sheet: Sheet, place: tuple[int, int]) -> str:
    """What a cell shows; a formula that has no result in the file shows itself."""
    text, formula = sheet.texts[place], sheet.formulas.get(place, "")
    return text if text.strip() or not formula else f"={formula}"


def _text(content: bytes) -> str:
    """The text of a file; raises Unreadable where it is none, or is a web page."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1_000_000} MB，不像一份名单，没有读。{_ASK}")
    text, lost = decode(content)
    if (len(_CONTROL.findall(text)) + lost) * 50 > len(text):
        raise Unreadable(f"这不是文字文件，或者文字编码不认识。{_ASK}")
    if _MARKUP.match(text):
        raise Unreadable("这是网页格式的表格。请用 Excel 或 WPS 打开，另存为 .xlsx 再发。")
    return text


def _separated(text: str) -> Grid:
    """The rows of a CSV; the sign that stands most often in its first lines separates."""
    sample = re.sub(r'"[^"]*"', "", "\n".join(text.splitlines()[:_SAMPLE]))
    separator = max(_SEPARATORS, key=sample.count)
    try:
        rows = tuple(map(tuple, csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error:
        raise Unreadable(f"这个 CSV 文件读不出来，可能引号没有成对。{_ASK}") from None
    return _checked(rows)


def _checked(rows: Grid) -> Grid:
    """The rows as they are; raises Unreadable where there are too many, or they hold nothing."""
    wide = any(len(row) > MOST_COLUMNS for row in rows)
    if wide or len(rows) > MOST_ROWS or sum(map(len, rows)) > MOST_PLACES:
        raise Unreadable(f"行或者列太多，不像一份名单，没有读。{_ASK}")
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable("文件是空的。")
    return rows
