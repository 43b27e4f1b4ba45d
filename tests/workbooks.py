"""Workbooks with a report in them, written part by part as Excel, WPS and scripts write them.

The XML is made here and by no library, so that a test can leave out a result, put an error into a
cell or define an entity.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from bot.form import Form
from bot.readers.formulas import name_of
from bot.report import Report
from tests.webpages import Box, Rows, parts_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Put:
    """A cell as it stands in the XML: its type, value, formula and style."""

    value: str | None
    kind: str = "n"
    formula: str | None = None
    style: int = 0

    def xml(self, name: str, number_of: Callable[[str], int]) -> str:
        """The cell's element."""
        formula = "" if self.formula is None else f"<f>{escape(self.formula)}</f>"
        if self.kind == "inlineStr":
            inside = f"<is><t>{escape(self.value or '')}</t></is>"
        elif self.kind == "s":
            inside = f"<v>{number_of(self.value or '')}</v>"
        else:
            inside = "" if self.value is None else f"<v>{escape(self.value)}</v>"
        return f'<c r="{name}" s="{self.style}" t="{self.kind}">{formula}{inside}</c>'


@dataclass
class Page:
    """A sheet that is being made."""

    name: str
    cells: dict[tuple[int, int], Put] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    state: str = "visible"
    extra: str = ""

    def put(self, name: str, value: str | None, kind: str = "n", **more: object) -> Page:
        """Put a value into the cell of that name: B2."""
        letters = name.rstrip("0123456789")
        column = sum((ord(x) - 64) * 26**n for n, x in enumerate(reversed(letters))) - 1
        self.cells[int(name[len(letters) :]) - 1, column] = Put(value, kind, **more)  # type: ignore[arg-type]
        return self

    def merge(self, row: int, column: int, box: Box) -> None:
        """Merge the places that a cell covers."""
        if box.rows > 1 or box.columns > 1:
            end = f"{name_of(column + box.columns - 1)}{row + box.rows}"
            self.merged.append(f"{name_of(column)}{row + 1}:{end}")

    def lay(
        self, rows: Rows, top: int, left: int = 0, *, words: str = "s", merge: bool = True
    ) -> int:
        """Put a table with its first cell at `top`, `left`; the row behind it."""
        taken: set[tuple[int, int]] = set()
        for row, boxes in enumerate(rows, top):
            column = left
            for box in boxes:
                while (row, column) in taken:
                    column += 1
                if box.text:
                    is_figure = box.text[0].isdecimal() and box.text.replace(".", "").isdecimal()
                    kind = "n" if is_figure and words != "text" else words.replace("text", "s")
                    self.cells[row, column] = Put(box.text, kind)
                if merge:
                    self.merge(row, column, box)
                taken |= {
                    (row + down, column + right)
                    for down in range(box.rows)
                    for right in range(box.columns)
                }
        return top + len(rows)

    def xml(self, number_of: Callable[[str], int]) -> str:
        """The sheet's part."""
        rows = []
        for row in sorted({row for row, _ in self.cells}):
            cells = (
                put.xml(f"{name_of(column)}{row + 1}", number_of)
                for (at, column), put in sorted(self.cells.items(), key=lambda item: item[0])
                if at == row
            )
            rows.append(f'<row r="{row + 1}">{"".join(cells)}</row>')
        merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in self.merged)
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}">'
            f"<sheetData>{''.join(rows)}{self.extra}</sheetData>"
            + (f"<mergeCells>{merges}</mergeCells>" if merges else "")
            + "</worksheet>"
        )


def packed(
    pages: Iterable[Page],
    *,
    formats: Iterable[str] = (),
    book: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """The workbook as a file; `formats` are the codes of styles 1, 2 …, `parts` replace its parts."""
    pages = list(pages)
    strings: dict[str, int] = {}

    def number_of(text: str) -> int:
        return strings.setdefault(text, len(strings))

    made: dict[str, str | bytes] = {
        f"xl/worksheets/sheet{n}.xml": page.xml(number_of) for n, page in enumerate(pages, 1)
    }
    made["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    sheets = "".join(
        f'<sheet name="{escape(page.name)}" sheetId="{n}" state="{page.state}" r:id="rId{n}"/>'
        for n, page in enumerate(pages, 1)
    )
    made["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{sheets}</sheets>{book}</workbook>'
    )
    relations = [
        (f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(pages) + 1)
    ]
    relations += [
        ("rId901", "styles", "styles.xml"),
        ("rId902", "sharedStrings", "/xl/sharedStrings.xml"),
    ]
    made["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="{key}" Type="{RELATED}/{kind}" Target="{target}"/>'
            for key, kind, target in relations
        )
        + "</Relationships>"
    )
    codes = list(formats)
    made["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(codes)}">'
        + "".join(
            f'<numFmt numFmtId="{n}" formatCode="{escape(code)}"/>'
            for n, code in enumerate(codes, 164)
        )
        + "</numFmts><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>"
        '<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
        + "".join(f'<xf numFmtId="{n}"/>' for n, _ in enumerate(codes, 164))
        + "</cellXfs></styleSheet>"
    )
    made["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{MAIN}">'
        + "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        + "</sst>"
    )
    kinds = [("workbook", "sheet.main"), ("styles", "styles"), ("sharedStrings", "sharedStrings")]
    kinds += [(f"worksheets/sheet{n}", "worksheet") for n in range(1, len(pages) + 1)]
    made["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/xl/{part}.xml" '
            f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
            for part, kind in kinds
        )
        + "</Types>"
    )
    made.update(parts or {})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return file.getvalue()


def _filled(
    page: Page, parts: Iterable[str | Rows], *, left: int = 0, merge: bool = True, words: str = "s"
) -> Page:
    """A page with paragraphs in merged rows and tables below one another."""
    row = 0
    for part in parts:
        table = [[Box(part, columns=10)]] if isinstance(part, str) else part
        row = page.lay(table, row, left, words=words, merge=merge)
    return page


def one_sheet(report: Report, form: Form) -> bytes:
    """The whole report in one sheet, every paragraph a row merged over the width."""
    return packed([_filled(Page("年报"), parts_of(report, form))])


def sheet_each(report: Report, form: Form) -> bytes:
    """A sheet for each section."""
    pages = [Page("封面")]
    held: list[list[str | Rows]] = [[]]
    labels = [section.label for section in form.sections]
    for part in parts_of(report, form):
        if isinstance(part, str) and part in labels:
            pages.append(Page(f"第{len(pages)}部分"))
            held.append([])
        held[-1].append(part)
    return packed(_filled(page, parts) for page, parts in zip(pages, held, strict=True))


def named_sheets(report: Report, form: Form) -> bytes:
    """Only the tables, each on a sheet that is named after its section."""
    tables = [part for part in parts_of(report, form) if not isinstance(part, str)]
    names = (
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议、行政诉讼情况",
    )
    return packed(_filled(Page(name), [table]) for name, table in zip(names, tables, strict=True))


def as_text(report: Report, form: Form) -> bytes:
    """Figures kept as text, everything written into the cells themselves, three columns in."""
    return packed([_filled(Page("Sheet1"), parts_of(report, form), left=3, words="text")])


def inline(report: Report, form: Form) -> bytes:
    """As a script writes it: inline strings."""
    return packed([_filled(Page("Sheet1"), parts_of(report, form), words="inlineStr")])


def unmerged(report: Report, form: Form) -> bytes:
    """A plain grid: nothing is merged, a group stands in its first row only."""
    return packed([_filled(Page("Sheet1"), parts_of(report, form), merge=False)])


def spaced(report: Report, form: Form) -> bytes:
    """A blank row between all parts, a hidden sheet of old figures before them."""
    old = Page("上年", state="hidden").put("A1", "行政许可", "s").put("B1", "999")
    page = Page("本年")
    row = 2
    for part in parts_of(report, form):
        table = [[Box(part, columns=10)]] if isinstance(part, str) else part
        row = page.lay(table, row) + 1
    return packed([old, page])


STYLES: Mapping[str, Callable[[Report, Form], bytes]] = {
    "one sheet": one_sheet,
    "sheet each": sheet_each,
    "named sheets": named_sheets,
    "as text": as_text,
    "inline": inline,
    "unmerged": unmerged,
    "spaced": spaced,
}
