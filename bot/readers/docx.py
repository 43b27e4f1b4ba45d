"""Reads a report from a .docx: its own walk over paragraphs and table cells.

The parts of our own files are known by the names of their paragraph styles (`ROLES`), so that a
paragraph of the office's own text is never taken for a heading. Word keeps these names; it may
change the ids. In the files of others `bot.readers.assembly` knows the parts by their words.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from bot.form import Form
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.readers.headings import topic_numbers
from bot.readers.numbering import Numbering, read_numbering, style_of
from bot.readers.package import check_package
from bot.readers.raised import lowered, raised
from bot.readers.reading import Reading, Unreadable

__all__ = ["ROLES", "read", "topic_numbers"]

ROLES = {
    "年报标题": "title",
    "年报长标题": "title",
    "年报正文": "text",
    "年报一级标题": "heading",
    "年报二级标题": "topic",
    "年报落款": "signoff",
    "年报草稿": "draft",
}
DEEPEST = 12  # tables inside tables; more is no document that a person made

_P, _TBL, _TR, _TC, _R = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "r"))
_T, _BOX, _SDT = qn("w:t"), qn("w:txbxContent"), qn("w:sdt")
_RPR, _ALIGN, _SYM, _VAL = (qn(f"w:{name}") for name in ("rPr", "vertAlign", "sym", "val"))
_UNSEEN = {qn(f"w:{name}") for name in ("vanish", "strike", "dstrike")}
_SMALL = {"superscript": raised, "subscript": lowered}
_MATH = {
    f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{name}"
    for name in ("oMath", "oMathPara")
}
_LOST = "\ufffd"  # a sign of a font of pictures; between digits it may be one
_PLACEHOLDER = f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"
_WRAPPERS = {
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
}
_GONE = {
    qn(f"w:{name}")
    for name in ("pPr", "rPr", "tcPr", "del", "moveFrom", "pict", "drawing", "object", "rt")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MARKS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}

# What python-docx, lxml and zipfile raise between them on files that are no Word documents.
_BROKEN = (
    OpcError, LxmlError, zipfile.BadZipFile, zlib.error,
    LookupError, ValueError, AttributeError, TypeError, RuntimeError, EOFError,
)  # fmt: skip

Element = Any  # what python-docx makes of an lxml element


def read(content: bytes, form: Form, *, exact: bool = False) -> Reading:
    """The report in `content`; raises Unreadable where the file cannot be opened or holds none.

    `exact` is for proofreading a file of our own: labels and figures as this program prints them.
    """
    opened = _open(content)
    try:
        blocks = [*opened.blocks(opened.body)]
        edges = [Paragraph(_text(p), opened.role(p)) for e in opened.edges for p in e.iter(_P)]
    except RecursionError:
        raise Unreadable("文件里的表格套得太深，读不出来；请把内容复制到新文件里再发。") from None
    blocks += [edge for edge in edges if edge.role == "draft"]
    reading = assemble(blocks, form, exact=exact)
    return replace(reading, around=(*reading.around, *(edge.text for edge in edges)))


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is needed of a Word file: its body, the names of its styles, its headers and footers."""

    body: Element
    styles: dict[str, str]
    edges: tuple[Element, ...]
    numbering: Numbering

    def role(self, paragraph: Element) -> str:
        """What a paragraph is in a report, by the name of its style."""
        return ROLES.get(self.styles.get(style_of(paragraph), ""), "")

    def blocks(self, holder: Element, depth: int = 0) -> Iterator[Block]:
        """The paragraphs and tables of the body, a cell or a text box, in order."""
        for element in _children(holder, {_P, _TBL}):
            if element.tag == _P:
                yield self.paragraph(element)
                for box in _boxes(element):
                    yield from self.blocks(box, depth)
            elif depth < DEEPEST and _is_layout(element):
                for row in _rows(element):
                    for cell in _children(row, {_TC}):
                        yield from self.blocks(cell, depth + 1)
            else:
                yield _grid(element)

    def paragraph(self, element: Element) -> Paragraph:
        """One paragraph with the number that Word sets before it."""
        role, text = self.role(element), _text(element)
        number = "" if role else self.numbering.number(element)
        return Paragraph(number + text if text.strip() else text, role)


def _open(content: bytes) -> _Opened:
    """The file, or Unreadable with the reason in words."""
    check_package(content)
    try:
        part = Document(io.BytesIO(content)).part
        if part.element.getroottree().docinfo.internalDTD is not None:
            raise ValueError  # its entities would be left out in silence
        styles = part.styles.element.xpath("./w:style")
        return _Opened(
            body=part.element.xpath("./w:body")[0],
            styles={
                style.get(qn("w:styleId"), ""): "".join(style.xpath("./w:name/@w:val"))
                for style in styles
            },
            edges=tuple(
                relation.target_part.element
                for relation in part.rels.values()
                if relation.reltype.endswith(("/header", "/footer"))
            ),
            numbering=read_numbering(_numbering(part), styles),
        )
    except _BROKEN:
        raise Unreadable("这不是 Word 文件（.docx），或者文件已经损坏。") from None


def _numbering(part: Any) -> Element:
    """The document's numbering, or None."""
    held = [r for r in part.rels.values() if r.reltype.endswith("/numbering")]
    return held[0].target_part.element if held else None


# ── the document's XML ──────────────────────────────────────────────────────────────────────


def _children(element: Element, tags: set[str]) -> Iterator[Element]:
    """The children with one of `tags`, also inside content controls and insertions."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS and child.find(_PLACEHOLDER) is None:
            yield from _children(child, tags)


def _text(element: Element, *, signs: bool = False) -> str:
    """The text of a paragraph as it prints; with `signs` U+FFFD for each sign without a letter."""
    pieces = []
    for child in element:
        tag = child.tag
        if tag == _T:
            pieces.append(child.text or "")
        elif tag in _MARKS:
            pieces.append(_MARKS[tag])
        elif tag == _R:
            pieces.append(_run(child, signs=signs))
        elif tag in _GONE:
            continue
        elif tag == _SYM or (signs and tag in _MATH):
            pieces.append(_LOST if signs else "")
        elif tag != _SDT or child.find(_PLACEHOLDER) is None:
            pieces.append(_text(child, signs=signs))
    return "".join(pieces)


def _run(run: Element, *, signs: bool) -> str:
    """The text of a run; hidden and struck text is gone, raised figures are no digits."""
    look = run.find(_RPR)
    if look is None or not len(look):
        return _text(run, signs=signs)
    small: Callable[[str], str] = str
    for mark in look:
        if mark.tag in _UNSEEN and mark.get(_VAL, "1") not in ("0", "false", "off"):
            return ""
        if mark.tag == _ALIGN:
            small = _SMALL.get(mark.get(_VAL, ""), str)
    return small(_text(run, signs=signs))


def _boxes(paragraph: Element) -> list[Element]:
    """The text boxes in a paragraph; Word keeps each twice, the second for older programs."""
    boxes = [
        box
        for box in paragraph.iter(_BOX)
        if not any(above.tag in (_FALLBACK, _BOX) for above in box.iterancestors())
    ]
    if boxes:
        return boxes
    return [box for box in paragraph.iter(_BOX) if _BOX not in {a.tag for a in box.iterancestors()}]


def _rows(table: Element) -> Iterator[Element]:
    """The rows that are not deleted in tracked changes."""
    for row in _children(table, {_TR}):
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield row


def _is_layout(table: Element) -> bool:
    """Whether a table only arranges the page: it holds tables, or has one cell in every row."""
    if any(True for _ in table.iterdescendants(_TBL)):
        return True
    return all(sum(1 for _ in _children(row, {_TC})) < 2 for row in _rows(table))


def _grid(table: Element) -> Grid:
    """The table's cells by grid row and column; merged cells stand in every place they cover."""
    grid: list[list[Cell]] = []
    for number, tr in enumerate(_rows(table)):
        above = grid[-1] if grid else []
        row = [Cell("", number, column) for column in range(_skipped(tr))]
        for tc in _children(tr, {_TC}):
            column = len(row)
            cell = Cell(_cell_text(tc), number, column)
            if row and _merge(tc, "hMerge") == "continue":
                cell = row[-1]
            elif _merge(tc, "vMerge") == "continue" and column < len(above):
                cell = above[column]
            row += [cell] * _span(tc)
        grid.append(row)
    return Grid(grid)


def _cell_text(tc: Element) -> str:
    """The text of a cell, a line for each paragraph, text boxes included."""
    lines = []
    for paragraph in _children(tc, {_P}):
        lines.append(_text(paragraph, signs=True))
        lines += [
            _text(inner, signs=True) for box in _boxes(paragraph) for inner in _children(box, {_P})
        ]
    return "\n".join(lines)


def _skipped(tr: Element) -> int:
    """How many grid columns a row leaves out before its first cell."""
    values = tr.xpath("./w:trPr/w:gridBefore/@w:val")
    return min(int(values[0]), 63) if values and values[0].isdecimal() else 0


def _span(tc: Element) -> int:
    """How many grid columns a cell covers."""
    spans = tc.xpath("./w:tcPr/w:gridSpan/@w:val")
    return min(max(int(spans[0]), 1), 63) if spans and spans[0].isdecimal() else 1


def _merge(tc: Element, way: str) -> str:
    """Whether a cell begins a merge (restart), belongs to the one before (continue), or neither."""
    merge = tc.find(f"{qn('w:tcPr')}/{qn(f'w:{way}')}")
    return "" if merge is None else str(merge.get(qn("w:val"), "continue"))
