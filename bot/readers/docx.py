"""Reads a report back from a .docx: its own walk over paragraphs and table cells.

The parts of a report are known by the names of their paragraph styles (`ROLES`), so a paragraph of
the office's own text is never taken for a heading. Word keeps these names; it may change the ids.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from bot.form import Form
from bot.readers.blocks import Cell, Grid
from bot.readers.package import check_package
from bot.readers.reading import Reading, Unreadable
from bot.readers.tables import read_figures
from bot.report import Report, Topic

ROLES = {
    "年报标题": "title",
    "年报长标题": "title",
    "年报正文": "text",
    "年报一级标题": "heading",
    "年报二级标题": "topic",
    "年报落款": "signoff",
    "年报草稿": "draft",
}

_P, _TBL, _TR, _TC = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml")}
_GONE = {qn(f"w:{name}") for name in ("pPr", "rPr", "del", "moveFrom", "pict", "drawing")}
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


def read(content: bytes, form: Form) -> Reading:
    """The report in `content`; raises Unreadable where the file cannot be opened."""
    opened = _open(content)
    parts = _Parts(form)
    grids = []
    for element in _children(opened.body, {_P, _TBL}):
        if element.tag == _TBL:
            grids.append(_grid(element))
        else:
            parts.take(opened.role(element), _text(element))
    figures = read_figures(grids, form)
    edges = [(opened.role(p), _text(p)) for edge in opened.edges for p in edge.iter(_P)]
    labels = (cell.text for grid in grids for row in grid.rows for cell in row)
    final = not any(role == "draft" and text for role, text in edges)
    return Reading(
        report=parts.report(final, dict(figures.found)),
        headings=tuple(parts.headings),
        around=(*labels, *(text for _, text in edges)),
        unread=(*parts.unread, *figures.unread),
        unreadable=figures.unreadable,
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is needed of a Word file: its body, the names of its styles, its headers and footers."""

    body: Element
    styles: dict[str, str]
    edges: tuple[Element, ...]

    def role(self, paragraph: Element) -> str:
        """What a paragraph is in a report, by the name of its style."""
        return ROLES.get(self.styles.get(paragraph.style or "", ""), "")


def _open(content: bytes) -> _Opened:
    """The file, or Unreadable with the reason in words."""
    check_package(content)
    try:
        part = Document(io.BytesIO(content)).part
        return _Opened(
            body=part.element.xpath("./w:body")[0],
            styles={
                style.get(qn("w:styleId"), ""): "".join(style.xpath("./w:name/@w:val"))
                for style in part.styles.element.xpath("./w:style")
            },
            edges=tuple(
                relation.target_part.element
                for relation in part.rels.values()
                if relation.reltype.endswith(("/header", "/footer"))
            ),
        )
    except _BROKEN:
        raise Unreadable("这不是 Word 文件（.docx），或者文件已经损坏。") from None


@dataclass(slots=True)
class _Parts:
    """Collects the texts of a report while its paragraphs go by."""

    form: Form
    headings: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    topics: list[tuple[str, list[str]]] = field(default_factory=list)
    section: str = "preamble"

    def take(self, role: str, text: str) -> None:
        """Put one paragraph where it belongs; blank ones are only space."""
        if not text.strip():
            return
        if role == "title":
            self.texts.setdefault("title", []).append(text.replace("\n", ""))
        elif role == "heading":
            self.open_section(text)
        elif role == "topic" and self.section == "overview":
            self.topics.append((self.without_number(text), []))
        elif role == "signoff":
            self.texts.setdefault("signoff", []).append(text)
        elif role == "text" and self.takes_text():
            self.texts_here().append(text)
        else:
            self.unread.append(f"不知道这一段属于哪里：“{text[:30]}”")

    def open_section(self, heading: str) -> None:
        """Begin the section under `heading`."""
        self.headings.append(heading)
        keys = [section.key for section in self.form.sections if section.label == heading]
        if not keys:
            self.unread.append(f"不认识这个标题：“{heading[:30]}”")
        self.section = keys[0] if keys else ""

    def without_number(self, title: str) -> str:
        """A topic's title without its number, which depends on its place only."""
        numbers = topic_numbers(self.form)
        place = len(self.topics)
        return title.removeprefix(numbers[place]) if place < len(numbers) else title

    def takes_text(self) -> bool:
        """Whether text may stand in the section that is open."""
        return self.section == "preamble" or (
            bool(self.section) and not self.form.section(self.section).tables
        )

    def texts_here(self) -> list[str]:
        """The paragraphs of the part that is open."""
        if self.section == "overview" and self.topics:
            return self.topics[-1][1]
        return self.texts.setdefault(self.section, [])

    def joined(self, part: str) -> str:
        """The text of one part."""
        return "\n".join(self.texts.get(part, ()))

    def report(self, final: bool, figures: dict[str, Any]) -> Report:
        """The report that was collected."""
        title = self.joined("title")
        head = _title_pattern(self.form).fullmatch(title)
        return Report(
            format=self.form.format,
            agency=head["agency"] if head else "",
            year=int(head["year"]) if head else 0,
            level="",
            title=title,
            preamble=self.joined("preamble"),
            intro=self.joined("overview"),
            topics=tuple(Topic(title, "\n".join(texts)) for title, texts in self.topics),
            figures=figures,
            problems=self.joined("problems"),
            other=self.joined("other"),
            signoff=self.joined("signoff"),
            final=final,
        )


def topic_numbers(form: Form) -> tuple[str, ...]:
    """The numbers of the topics under 一、 in their order: （一）, （二）…"""
    return tuple(item.number for item in form.items.values() if item.number)


def _title_pattern(form: Form) -> re.Pattern[str]:
    """The form's title as a pattern with the groups `agency` and `year`."""
    pattern = re.escape(form.title)
    pattern = pattern.replace(re.escape("{agency}"), "(?P<agency>.+?)")
    return re.compile(pattern.replace(re.escape("{year}"), "(?P<year>[0-9]{4})"))


# ── the document's XML ──────────────────────────────────────────────────────────────────────


def _children(element: Element, tags: set[str]) -> Iterator[Element]:
    """The children with one of `tags`, also inside content controls."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tags)


def _text(element: Element) -> str:
    """The text of a paragraph or cell as it prints; paragraphs of a cell are joined."""
    pieces = []
    for child in element:
        if child.tag == qn("w:t"):
            pieces.append(child.text or "")
        elif child.tag in _MARKS:
            pieces.append(_MARKS[child.tag])
        elif child.tag not in _GONE:
            pieces.append(_text(child))
    return "".join(pieces)


def _grid(table: Element) -> Grid:
    """The table's cells by grid row and column; merged cells stand in every place they cover."""
    grid: list[list[Cell]] = []
    for number, tr in enumerate(_children(table, {_TR})):
        above = grid[-1] if grid else []
        row: list[Cell] = []
        for tc in _children(tr, {_TC}):
            column = len(row)
            cell = Cell(_text(tc), number, column)
            if _continues(tc) and column < len(above):
                cell = above[column]
            row += [cell] * _span(tc)
        grid.append(row)
    return Grid(grid)


def _span(tc: Element) -> int:
    """How many grid columns a cell covers."""
    spans = tc.xpath("./w:tcPr/w:gridSpan/@w:val")
    return min(max(int(spans[0]), 1), 63) if spans and spans[0].isdecimal() else 1


def _continues(tc: Element) -> bool:
    """Whether a cell is the lower part of the one above it."""
    merges = tc.xpath("./w:tcPr/w:vMerge")
    return bool(merges) and merges[0].get(qn("w:val"), "continue") == "continue"
