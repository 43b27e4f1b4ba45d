"""Reads a report from a workbook: its tables, and the texts where they stand in cells too.

Hidden sheets are not read; they hold what a workbook needs for itself. Hidden rows and columns
are: offices hide the rows that are all 0 before they print.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from lxml.etree import LxmlError

from bot.form import Form
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Cell, Paragraph
from bot.readers.formulas import Place, Term, is_filled, name_of, sum_of, terms_of
from bot.readers.grids import MOST_COLUMNS, MOST_PLACES, check_size, split
from bot.readers.package import check_package
from bot.readers.reading import Reading, Unreadable
from bot.readers.references import is_hollow
from bot.readers.sheets import Sheet, Workbook, open_workbook

MOST_FORMULAS = 5_000
_PASSES = 4  # a total of totals of totals

# What lxml and zipfile raise between them on files that are no workbooks.
_BROKEN = (
    LxmlError, zipfile.BadZipFile, zlib.error,
    LookupError, ValueError, ArithmeticError, AttributeError, RuntimeError, EOFError, OSError,
)  # fmt: skip


def read(content: bytes, form: Form) -> Reading:
    """The report in a workbook; raises Unreadable where there is none."""
    check_package(content, ".xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            workbook = open_workbook(package)
    except _BROKEN:
        raise Unreadable(
            "这不是 Excel 工作簿（.xlsx），或者文件已经损坏。请重新保存再发。"
        ) from None
    unread = list(_empty_hollow(workbook))
    blocks: list[Block] = []
    for sheet in workbook.sheets:
        if not sheet.hidden:
            blocks += _blocks(sheet, form)
            unread += _beyond(sheet)
    if not blocks:
        raise Unreadable("工作簿里看得见的工作表都是空的。请填好以后再发。")
    check_size(blocks)
    return assemble(blocks, form, unread=unread)


def _empty_hollow(workbook: Workbook) -> Iterator[str]:
    """Blank the formulas whose 0 nobody counted, and say which results are missing.

    A sum of blank cells is a blank here, although the program shows 0: nobody has answered.
    """
    books = [_Formulas(sheet, workbook) for sheet in workbook.sheets]
    for _ in range(_PASSES):
        found = [book.pass_over() for book in books]
        if not any(found):
            break
    for book in books:
        if book.missing and not book.sheet.hidden:
            yield (
                f"工作表“{book.sheet.name[:31]}”的 {_names(book.missing)} 是公式，"
                "文件里没有存它的结果，当作空格。请用 Excel 或 WPS 打开，保存以后再发。"
            )
        if book.hollow and not book.sheet.hidden:
            yield (
                f"工作表“{book.sheet.name[:31]}”的 {_names(book.hollow)} 是公式，结果是 0，"
                "但是它引用的格是空的，或者查不到，当作空格。确实是 0 的，请直接填 0。"
            )


class _Formulas:
    """The formulas of a sheet that left nothing behind, or a 0."""

    def __init__(self, sheet: Sheet, workbook: Workbook) -> None:
        self.sheet = sheet
        self.texts = {other.name: other.texts for other in workbook.sheets} | {"": sheet.texts}
        self.stale = workbook.stale
        self.missing: set[Place] = set()
        self.hollow: set[Place] = set()
        places = [place for place in sheet.formulas if sheet.texts[place] in ("", "0")]
        self.open = {
            place: terms_of(sheet.formulas[place]) if number < MOST_FORMULAS else None
            for number, place in enumerate(places)
        }

    def pass_over(self) -> bool:
        """Judge what is still open; whether anything was found."""
        before = len(self.open)
        for place, terms in list(self.open.items()):
            if terms is None and self._is_hollow(place):
                self.hollow.add(place)
                self.sheet.texts[place] = ""
                del self.open[place]
                continue
            missing = self._is_missing(place, terms)
            if missing:
                self.missing.add(place)
            if missing or (terms is not None and not is_filled(terms, self.texts)):
                self.sheet.texts[place] = ""
                del self.open[place]
        return len(self.open) < before

    def _is_hollow(self, place: Place) -> bool:
        """Whether a 0 that is no plain sum was counted from blanks, or from nothing known."""
        held = self.sheet.texts[place] == "0"
        return held and is_hollow(self.sheet.formulas[place], place, self.texts)

    def _is_missing(self, place: Place, terms: tuple[Term, ...] | None) -> bool:
        """Whether the result is not in the file: nothing is there, or a 0 that is none."""
        blank = not self.sheet.texts[place]
        if terms is None:
            return blank or self.stale
        parts = {part for term in terms if not term.sheet for part in term.places}
        if not parts.isdisjoint(self.missing):
            return True
        return is_filled(terms, self.texts) if blank else bool(sum_of(terms, self.texts))


def _names(places: Iterable[Place]) -> str:
    """Cells by their names in the sheet: H5、H6、H7 等 9 格."""
    names = [f"{name_of(column)}{row + 1}" for row, column in sorted(places)]
    return "、".join(names[:3]) + (f" 等 {len(names)} 格" if len(names) > 3 else "")


def _beyond(sheet: Sheet) -> Iterator[str]:
    """What stands too far right to belong to a report."""
    if any(column >= MOST_COLUMNS and text.strip() for (_, column), text in sheet.texts.items()):
        last = name_of(MOST_COLUMNS - 1)
        yield f"工作表“{sheet.name[:31]}”里 {last} 列右边的内容没有读。"


def _blocks(sheet: Sheet, form: Form) -> Iterator[Block]:
    """The sheet's paragraphs and tables; its name is a heading where it says one of the form's."""
    rows = _rows(sheet)
    words = {cell.text.strip() for row in rows for cell in row}
    for section in form.sections:
        if sheet.name.strip() in (section.label, section.label[2:]) and section.label not in words:
            yield Paragraph(section.label)
    yield from split(rows, form, gaps=True)


def _rows(sheet: Sheet) -> list[list[Cell]]:
    """The rows that hold something; where others lie between two of them, one blank row."""
    held = {
        place: text
        for place, text in sheet.texts.items()
        if text.strip() and place[1] < MOST_COLUMNS
    }
    if not held:
        return []
    covered = _covered(sheet, held)
    used = sorted({row for row, _ in held} | {row for row, _ in covered})
    left = min(column for _, column in held)
    right = max(column for _, column in (*held, *covered)) + 1
    if 2 * len(used) * (right - left) > MOST_PLACES:
        raise Unreadable("工作表太大，没有读。请把年报的内容复制到新的工作簿里再发。")
    rows: list[list[Cell]] = []
    cells: dict[Place, Cell] = {}
    for row, before in zip(used, [used[0], *used], strict=False):
        if row > before + 1:
            rows.append([])
        for column in range(left, right):
            text = held.get((row, column), "")
            cells[row, column] = Cell(text, len(rows), column - left)
        rows.append(
            [cells[covered.get((row, column), (row, column))] for column in range(left, right)]
        )
    return rows


def _covered(sheet: Sheet, held: dict[Place, str]) -> dict[Place, Place]:
    """Where merged cells that hold something reach: each place with the cell it belongs to."""
    bottom = max(row for row, _ in held)
    covered: dict[Place, Place] = {}
    for first, last in sheet.merged:
        if first not in held:
            continue
        rows = range(first[0], min(last[0], bottom) + 1)
        columns = range(first[1], min(last[1] + 1, MOST_COLUMNS))
        if len(covered) + len(rows) * len(columns) > MOST_PLACES:
            raise Unreadable("合并的单元格太大，没有读。请把年报的内容复制到新的工作簿里再发。")
        for row in rows:
            covered.update(((row, column), first) for column in columns)
    return covered
