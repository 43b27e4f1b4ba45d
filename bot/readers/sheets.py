"""Reads the sheets of a workbook from its XML: what stands in each cell, as the clerk sees it.

An own walk and not a library: what there is gives the value that a formula left and not the
formula, and a blank for #REF!. Here a missing result must not become a 0 nor an error a blank.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from bot.readers.formulas import Place, column_of, shift
from bot.readers.numerals import Formats, formats_of
from bot.readers.raised import lowered, raised
from bot.readers.reading import Unreadable

MOST_TAGS = 600_000  # in one part
MOST_CELLS = 50_000  # that hold something
MOST_TEXT = 1_000_000
MOST_IN_CELL = 32_767
MOST_MERGED = 20_000
MOST_SHEETS = 100

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
# cells and rows that only carry a format
_BARE_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*\br=[^<>]*/>")
_BARE_ROW = re.compile(rb"<((?:\w+:)?row)\s[^<>]*(?:/>|></\1>)")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset(("1", "true"))
_SMALL = {"superscript": raised, "subscript": lowered}


@dataclass(slots=True)
class Sheet:
    """A sheet: texts and formulas by row and column, from 0, and its merged ranges.

    A formula whose result the file does not hold has no text.
    """

    name: str
    hidden: bool = False
    texts: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets in order; `stale` says that no program has computed the formulas since saving."""

    sheets: tuple[Sheet, ...]
    stale: bool


def open_workbook(package: zipfile.ZipFile) -> Workbook:
    """The workbook in a package; raises Unreadable, and what zipfile and lxml raise."""
    parts = _Parts(package)
    main = parts.main()
    book = parts.tree(main)
    targets = parts.relations(main)
    strings = _strings(parts, targets)
    properties = book.find("{*}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in _TRUE
    formats = formats_of(parts.first(targets, "/styles"), from_1904=from_1904)
    calculation = book.find("{*}calcPr")
    reader = _Reader(strings, formats)
    return Workbook(
        sheets=tuple(_sheets(book, parts, targets, reader)),
        stale=calculation is not None and calculation.get("fullCalcOnLoad") in _TRUE,
    )


class _Parts:
    """The XML parts of a package."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = {name.lower(): name for name in package.namelist()}

    def main(self) -> str:
        """The name of the workbook's part; raises Unreadable for what is no workbook."""
        if "xl/workbook.bin" in self.names:
            raise Unreadable("这是 .xlsb 工作簿，请另存为 .xlsx 再发。")
        if "word/document.xml" in self.names:
            raise Unreadable("这是 Word 文件，不是 Excel 工作簿。请把文件名改成 .docx 再发。")
        if "content.xml" in self.names:
            raise Unreadable("这是 .ods 表格，请另存为 .xlsx 再发。")
        mains = [
            target
            for kind, target in self.relations("").values()
            if kind.endswith("/officeDocument")
        ]
        return mains[0] if mains else "xl/workbook.xml"

    def tree(self, name: str) -> etree._Element:
        """The root of a part; one that defines entities or is too large is refused."""
        content = self.package.read(self.names[name.lower()])
        if content.count(b"<") > MOST_TAGS:
            content = _BARE_ROW.sub(b"", _BARE_CELL.sub(b"", content))
        if content.count(b"<") > MOST_TAGS:
            raise Unreadable("工作表太大，没有读。请把年报的内容复制到新的工作簿里再发。")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(content, parser)
        if root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable("这不是 Excel 工作簿（.xlsx），或者文件已经损坏。")
        return root

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The kinds and targets of what a part points to, by id."""
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, "_rels", base + ".rels")
        if path.lower() not in self.names:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
            )
            for relation in self.tree(path).iterchildren("{*}Relationship")
        }

    def first(self, targets: Mapping[str, tuple[str, str]], kind: str) -> etree._Element | None:
        """The part of that kind, where there is one."""
        for found, target in targets.values():
            if found.endswith(kind) and target.lower() in self.names:
                return self.tree(target)
        return None


def _sheets(
    book: etree._Element,
    parts: _Parts,
    targets: Mapping[str, tuple[str, str]],
    reader: _Reader,
) -> Iterator[Sheet]:
    """The sheets in the order of their tabs; pages of charts are none."""
    listed = book.findall("{*}sheets/{*}sheet")
    if len(listed) > MOST_SHEETS:
        raise Unreadable(f"工作簿里的工作表超过 {MOST_SHEETS} 张，请只留下年报的工作表再发。")
    for entry in listed:
        ids = [value for key, value in entry.attrib.items() if str(key).endswith("}id")]
        kind, target = targets.get(str(ids[0]) if ids else "", ("", ""))
        if kind.endswith("/worksheet"):
            sheet = Sheet(entry.get("name", ""), entry.get("state", "visible") != "visible")
            reader.fill(sheet, parts.tree(target))
            yield sheet


def _strings(parts: _Parts, targets: Mapping[str, tuple[str, str]]) -> list[str]:
    """The texts that cells point to by number."""
    table = parts.first(targets, "/sharedStrings")
    return [] if table is None else [_text(entry) for entry in table.iterchildren("{*}si")]


def _text(element: etree._Element) -> str:
    """The text of a string; how it is pronounced does not belong to it."""
    pieces = [text.text or "" for text in element.iterfind("{*}t")]
    pieces += [_run(run) for run in element.iterfind("{*}r")]
    return _ESCAPE.sub(_unescaped, "".join(pieces))[:MOST_IN_CELL]


def _run(run: etree._Element) -> str:
    """A run of a text: struck text is gone, raised figures are no digits."""
    text = "".join(part.text or "" for part in run.iterfind("{*}t"))
    strike, align = run.find("{*}rPr/{*}strike"), run.find("{*}rPr/{*}vertAlign")
    if strike is not None and strike.get("val", "1") in _TRUE:
        return ""
    small = _SMALL.get(align.get("val", ""), str) if align is not None else str
    return small(text)


def _unescaped(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character.isprintable() or character in "\t\n" else ""


class _Reader:
    """Reads the cells of sheets, and counts what it has read."""

    def __init__(self, strings: list[str], formats: Formats) -> None:
        self.strings = strings
        self.formats = formats
        self.cells = 0
        self.length = 0

    def fill(self, sheet: Sheet, root: etree._Element) -> None:
        """Put what stands in the sheet's part into `sheet`."""
        shared: dict[str, tuple[Place, str]] = {}
        row_number = -1
        for row in root.iterfind("{*}sheetData/{*}row"):
            row_number = _number(row.get("r"), row_number + 2) - 1
            column = -1
            for cell in row.iterchildren("{*}c"):
                place = _place(cell.get("r"), (row_number, column + 1))
                column = place[1]
                self._take(sheet, cell, place, shared)
        for merge in root.iterfind("{*}mergeCells/{*}mergeCell"):
            first, _, last = merge.get("ref", "").partition(":")
            if _REFERENCE.fullmatch(first) and _REFERENCE.fullmatch(last):
                sheet.merged.append((_place(first, (0, 0)), _place(last, (0, 0))))
        if len(sheet.merged) > MOST_MERGED:
            raise Unreadable("工作表里合并的单元格太多，没有读。")

    def _take(
        self,
        sheet: Sheet,
        cell: etree._Element,
        place: Place,
        shared: dict[str, tuple[Place, str]],
    ) -> None:
        """Keep a cell that holds something."""
        text = self._shown(cell)
        formula = cell.find("{*}f")
        if formula is not None and cell.get("t", "n") != "str":
            sheet.formulas[place] = _formula(formula, place, shared)
        elif not text.strip():
            return
        sheet.texts[place] = text
        self.cells += 1
        self.length += len(text)
        if self.cells > MOST_CELLS or self.length > MOST_TEXT:
            raise Unreadable("工作簿里的内容太多，没有读。请把年报的内容复制到新的工作簿里再发。")

    def _shown(self, cell: etree._Element) -> str:
        """A cell's value as text: numbers in full, words and errors as they stand."""
        kind = cell.get("t", "n")
        if self.formats.is_struck(cell.get("s", "")):
            return ""
        if kind == "inlineStr":
            return "".join(_text(element) for element in cell.iterchildren("{*}is"))
        value = cell.findtext("{*}v") or ""
        if kind == "s":
            number = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
            known = 0 <= number < len(self.strings)
            return self.strings[number] if known else "\ufffd" * bool(value)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind == "n":
            return self.formats.show(value.strip(), cell.get("s", ""))
        return _ESCAPE.sub(_unescaped, value)[:MOST_IN_CELL]


def _formula(element: etree._Element, place: Place, shared: dict[str, tuple[Place, str]]) -> str:
    """A cell's formula; one that only points to a shared one is moved here."""
    text = element.text or ""
    if element.get("t") != "shared":
        return text
    key = element.get("si", "")
    if text:
        shared[key] = place, text
        return text
    if key not in shared:
        return ""
    (row, column), text = shared[key]
    return shift(text, place[0] - row, place[1] - column) if len(text) < 1000 else ""


def _number(word: str | None, otherwise: int) -> int:
    return int(word) if word and word.isdecimal() and 0 < len(word) < 8 else otherwise


def _place(reference: str | None, otherwise: Place) -> Place:
    """Row and column, from 0, of a reference such as B2."""
    found = _REFERENCE.fullmatch(reference or "")
    return (int(found[2]) - 1, column_of(found[1])) if found else otherwise
