"""Turns the tree of a web page into blocks, in one walk and without recursion.

What a visitor does not see (scripts, hidden parts, menus) is left out. Tables that only lay out
the page are told from the report's own by what their rows hold. Menus and footers that look like
text are left to the assembly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from bot.form import Form
from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.grids import MOST_PLACES, Span, lay_out, split
from bot.readers.raised import lowered, raised
from bot.readers.reading import Unreadable

MOST_NESTED = 40  # tables in tables; the cells of a deeper one count to the one around it
MOST_SPANNED = 50  # columns under one cell; the form's tables have fifteen at most
MOST_ROWS = 65_534  # as many as a rowspan may say

_LINES = frozenset((
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
# A form is not left out: many of these pages stand in one from their first line to their last.
_UNSEEN = frozenset((
    "aside", "audio", "button", "canvas", "datalist", "del", "footer", "iframe", "math", "nav",
    "noscript", "object", "option", "rp", "rt", "s", "script", "select", "strike", "style", "svg",
    "template", "textarea", "title", "video", "xml",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_STRAY = "stray"
_ENDS_STRAY = frozenset(("tr", "table"))
_ARTICLE = frozenset(("article", "main"))
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|text-decoration[a-z-]*\s*:[^;]*line-through",
    re.I,
)
_SMALL = {"sup": raised, "sub": lowered}
_ALIGNED = re.compile(r"vertical-align\s*:\s*(su[pb])", re.I)
_NUMBER = re.compile(r"\s*([0-9]{1,6})")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_NEXT_CELL = "\v"  # between cells that stand in no table


@dataclass(slots=True)
class _Box:
    """What stands in the page or in one cell: finished blocks, and the line that is being read."""

    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    rows: int = 1
    columns: int = 1

    @property
    def text(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(block.text for block in self.blocks if isinstance(block, Paragraph))

    @property
    def holds_table(self) -> bool:
        """Whether a table stands in it."""
        return any(isinstance(block, Grid) for block in self.blocks)

    def end_line(self, keep_space: bool = False) -> None:
        """Make a paragraph of the line; a blank one is only space."""
        if self.line:
            text = "".join(self.line)
            self.line.clear()
            text = (text if keep_space else _one_space(text)).translate(_INVISIBLE).strip()
            if text:
                self.blocks.append(Paragraph(text.replace(_NEXT_CELL, "\t")))


@dataclass(slots=True)
class _Table:
    """A table while its rows go by."""

    rows: list[list[_Box]] = field(default_factory=list)
    in_row: bool = False

    def begin_row(self) -> None:
        """Begin a row."""
        self.rows.append([])
        self.in_row = True

    def begin_cell(self, cell: _Box) -> None:
        """Put a cell into the row; a row that nobody began begins here."""
        if not self.in_row:
            self.begin_row()
        self.rows[-1].append(cell)


def blocks_of(root: etree._Element, form: Form) -> list[Block]:
    """The paragraphs and tables of a page in the order in which they stand.

    Raises Unreadable where the tables are too large.
    """
    walk = _Walk(form)
    skipped = None
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "end":
            walk.leave(element, seen=element is not skipped)
        elif not walk.enter(element):
            skipped = element
            events.skip_subtree()
    walk.page.end_line()
    return walk.page.blocks


class _Walk:
    """Where the walk stands: the tables and cells that are open, from the outermost."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.page = _Box()
        self.open: list[tuple[etree._Element | str, _Box | _Table]] = [("", self.page)]
        self.boxes = [self.page]
        self.tables = 0
        self.articles = 0
        self.preformatted = 0
        self.places = 0
        self.small: list[Callable[[str], str]] = [str]  # what becomes of the signs, inmost last

    def enter(self, element: etree._Element) -> bool:
        """Begin an element; whether a visitor sees its inside."""
        tag = element.tag
        if tag in _UNSEEN or _is_hidden(element) or (tag == "header" and not self.articles):
            return False
        if tag in _LINES:
            self._end_line()
            self.articles += tag in _ARTICLE
            self.preformatted += tag == "pre"
        if tag == "table" and self.tables < MOST_NESTED:
            self.open.append((element, _Table()))
            self.tables += 1
        elif tag in _CELLS or tag == "tr":
            self._enter_part(element)
        self.small.append(_small(element, self.small[-1]))
        self._take(element.text)
        return True

    def leave(self, element: etree._Element, *, seen: bool) -> None:
        """End an element and go on with what stands behind it."""
        tag = element.tag
        if seen:
            self.small.pop()
            if tag in _ENDS_STRAY and self.open[-1][0] is _STRAY:
                self._close()
            if tag in _LINES:
                self._end_line()
                self.articles -= tag in _ARTICLE
                self.preformatted -= tag == "pre"
            if self.open[-1][0] is element:
                self._close()
            elif tag in _CELLS or tag == "tr":
                self._leave_part(tag)
        self._take(element.tail)

    def _enter_part(self, element: etree._Element) -> None:
        """Begin a row or a cell and end the cell that nobody closed; without a table it is text."""
        if not self.tables:
            return
        while isinstance(self.open[-1][1], _Box):
            self._close()
        table = self.open[-1][1]
        if element.tag == "tr":
            table.begin_row()
            return
        box = _Box(rows=_span(element, "rowspan"), columns=_span(element, "colspan"))
        self._open_cell(table, element, box)

    def _open_cell(self, table: _Table, element: etree._Element | str, box: _Box) -> None:
        table.begin_cell(box)
        self.open.append((element, box))
        self.boxes.append(box)

    def _leave_part(self, tag: str) -> None:
        table = self.open[-1][1]
        if tag == "tr" and isinstance(table, _Table):
            table.in_row = False
        elif tag in _CELLS and not self.tables:
            self.page.line.append(_NEXT_CELL)

    def _close(self) -> None:
        """End the innermost table or cell."""
        _, closed = self.open.pop()
        if isinstance(closed, _Table):
            self.tables -= 1
            self.boxes[-1].blocks += self._blocks(closed)
        else:
            closed.end_line()
            self.boxes.pop()

    def _blocks(self, table: _Table) -> Iterator[Block]:
        """A table as blocks: rows that hold tables are only a frame for what stands in them."""
        for is_frame, rows in groupby(table.rows, lambda row: any(box.holds_table for box in row)):
            if is_frame:
                yield from (block for row in rows for box in row for block in box.blocks)
                continue
            laid = lay_out([[Span(box.text, box.rows, box.columns) for box in row] for row in rows])
            self.places += sum(map(len, laid))
            if self.places > MOST_PLACES:
                raise Unreadable("网页里的表格太大，没有读。请只留下年报的内容再发。")
            yield from split(laid, self.form)

    def _end_line(self) -> None:
        self.boxes[-1].end_line(keep_space=bool(self.preformatted))

    def _take(self, text: str | None) -> None:
        """Go on with the line; in preformatted text a line of the source is a line."""
        if not text:
            return
        text = self.small[-1](text)
        table = self.open[-1][1]
        if isinstance(table, _Table) and table.in_row and text.strip():
            self._open_cell(table, _STRAY, _Box())  # text in a row whose <td> was lost
        if not self.preformatted:
            self.boxes[-1].line.append(text)
            return
        first, *rest = text.split("\n")
        self.boxes[-1].line.append(first)
        for line in rest:
            self._end_line()
            self.boxes[-1].line.append(line)


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (
        style is not None and _HIDDEN.search(style) is not None
    )


def _small(element: etree._Element, outer: Callable[[str], str]) -> Callable[[str], str]:
    """What becomes of the signs in an element: raised and lowered figures are no digits."""
    tag = element.tag
    if tag in _CELLS:
        return str  # a <sup> that nobody closed ends with its cell
    if tag not in _SMALL and (style := element.get("style")) and (found := _ALIGNED.search(style)):
        tag = found[1].lower()
    return _SMALL.get(tag, outer)


def _span(cell: etree._Element, name: str) -> int:
    """How many rows or columns a cell covers; a rowspan of 0 goes down to the end."""
    number = _NUMBER.match(cell.get(name, "1"))
    if number is None:
        return 1
    if name == "colspan":
        return min(max(int(number[1]), 1), MOST_SPANNED)
    return min(int(number[1]) or MOST_ROWS, MOST_ROWS)


def _one_space(text: str) -> str:
    """White space as a page shows it, but none where a line of the source ends within Chinese."""

    def space(found: re.Match[str]) -> str:
        before, after = (
            text[max(found.start() - 1, 0) : found.start()],
            text[found.end() : found.end() + 1],
        )
        within = "\n" in found[0] and _WIDE.match(before) and _WIDE.match(after)
        return "" if within else " "

    return _SPACE.sub(space, text)
