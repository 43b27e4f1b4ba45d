"""Reads a report from a PDF with text in it: pages become paragraphs and grids.

A PDF says only which character stands where. Tables are read from their ruled lines, or by the
form's own labels where nothing is ruled (`bot.readers.unruled`); paragraphs from where lines end.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence

import pypdfium2

from bot.form import Form
from bot.readers.assembly import assemble
from bot.readers.blocks import Block
from bot.readers.joining import continued, plain
from bot.readers.lines import Line, make_lines
from bot.readers.margins import without_margins
from bot.readers.marks import marked
from bot.readers.package import MOST_BYTES
from bot.readers.pages import Page, TooMuch, read_page
from bot.readers.paragraphs import Part, Placed, blocks_of
from bot.readers.reading import Reading, Unreadable
from bot.readers.ruling import Ruled, filled, ruled_tables
from bot.readers.unruled import with_unruled

MOST_PAGES = 200
MOST_CHARACTERS = 400_000  # of the whole file
MOST_CELLS = 150_000
_PROSE = 400  # characters; no label of the form is nearly as long
_LARGE = 0.2  # of a page: a picture that may hold text
_HEAD = 1024  # bytes within which a PDF says that it is one
_LOCKED = 4  # pdfium's error for a password

_INSTEAD = "请发 Word 文件（.docx）、网页或者文字版 PDF。"
_AGAIN = re.compile("[（(]?(续上?表|接上[表页])[一二三四0-9]?[）)]?[：:]?")
_TOO_MUCH = "文件里的文字、表格或图形太多，不像一份年度报告。请只发年度报告这一部分。"
_LOCK = threading.Lock()  # pdfium must not run in two threads at once


def read(content: bytes, form: Form) -> Reading:
    """The report in `content`; raises Unreadable where nothing can be read."""
    _check(content)
    pages = pages_of(content)
    unread = tuple(_unread(pages))
    return assemble(_blocks(pages, form), form, unread=unread)


# ── opening ─────────────────────────────────────────────────────────────────────────────────


def _check(content: bytes) -> None:
    """Raise Unreadable unless `content` may be a PDF of a sane size."""
    if not content:
        raise Unreadable("文件是空的。")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请去掉图片再发。")
    if b"%PDF-" not in content[:_HEAD]:
        raise Unreadable("这不是 PDF 文件，或者没有传完整，请重新发一次。")


def pages_of(content: bytes) -> list[Page]:
    """The pages of the file, or Unreadable with the reason in words."""
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise Unreadable(_refusal(error)) from None
        try:
            pages = _read_pages(document)
        except TooMuch:
            raise Unreadable(_TOO_MUCH) from None
        except pypdfium2.PdfiumError:
            raise Unreadable(f"PDF 有一页打不开，文件可能已经损坏。{_INSTEAD}") from None
        finally:
            document.close()
    _check_text(pages)
    return [marked(page) for page in pages]


def _refusal(error: pypdfium2.PdfiumError) -> str:
    if getattr(error, "err_code", None) == _LOCKED:
        return "这份 PDF 加了密码，打不开。请去掉密码再发，或者改发 Word 文件（.docx）。"
    return "PDF 打不开，可能没有传完整或者已经损坏。请重新发一次，或者改发 Word 文件（.docx）。"


def _read_pages(document: pypdfium2.PdfDocument) -> list[Page]:
    """Every page, closed again at once."""
    total = len(document)
    if total > MOST_PAGES:
        raise Unreadable(f"PDF 有 {total} 页，最多能读 {MOST_PAGES} 页。请只发年度报告这一部分。")
    pages: list[Page] = []
    for number in range(total):
        page = document[number]
        try:
            pages.append(read_page(page))
        finally:
            page.close()
        if sum(len(page.glyphs) for page in pages) > MOST_CHARACTERS:
            raise TooMuch
    return pages


def _check_text(pages: Sequence[Page]) -> None:
    """Raise Unreadable where there is no text to read."""
    total = sum(len(page.glyphs) for page in pages)
    unknown = sum(glyph.text == "\ufffd" for page in pages for glyph in page.glyphs)
    if total <= 8 * len(pages):
        if any(page.pictures for page in pages):
            raise Unreadable(f"这份 PDF 是扫描件或图片，读不出文字。{_INSTEAD}")
        raise Unreadable(f"这份 PDF 里没有可以读的文字。{_INSTEAD}")
    if unknown > total / 3:
        raise Unreadable(f"这份 PDF 的字体没有文字编码，读出来是乱码。{_INSTEAD}")


def _unread(pages: Sequence[Page]) -> Iterable[str]:
    """In sentences what of the pages could not be read, or not surely."""
    blank = [number for number, page in enumerate(pages, 1) if _is_picture(page)]
    if blank:
        named = "、".join(map(str, blank))
        yield f"第 {named} 页是图片，里面的文字和数字没有读。"
    if any(page.guessed for page in pages):
        yield "这份 PDF 的文字是扫描后识别出来的，可能认错，请对照原件逐项核对。"


def _is_picture(page: Page) -> bool:
    """Whether a page is nothing but pictures, with a page number perhaps."""
    area = page.width * page.height
    return len(page.glyphs) <= 8 and any(
        (right - left) * (bottom - top) > _LARGE * area
        for left, top, right, bottom in page.pictures
    )


# ── blocks ──────────────────────────────────────────────────────────────────────────────────


def _blocks(pages: Sequence[Page], form: Form) -> list[Block]:
    """The paragraphs and grids of the whole file in order."""
    tables, lines = zip(*_all_parted(pages), strict=True)
    kept = without_margins(lines, [page.height for page in pages])
    labels = _labels(form)
    flow: list[Part] = []
    for number, (own, rest) in enumerate(zip(tables, kept, strict=True)):
        placed = [Placed(line, number) for line in rest]
        _take_page(flow, sorted([*own, *placed], key=_top), labels)
    return list(blocks_of(with_unruled(flow, form)))


def _all_parted(pages: Sequence[Page]) -> Iterator[tuple[list[Ruled], list[Line]]]:
    """Each page's tables and other lines; raises Unreadable where they are too many."""
    cells = 0
    for page in pages:
        tables, lines = _parted(page)
        yield tables, lines
        cells += sum(table.cells for table in tables)
        if cells > MOST_CELLS:
            raise Unreadable(_TOO_MUCH)


def _parted(page: Page) -> tuple[list[Ruled], list[Line]]:
    """The ruled tables of a page, filled, and its other lines.

    Rules around whole paragraphs are a frame of the page: what is within is read without them.
    """
    tables = []
    rest = list(page.glyphs)
    for table in sorted(ruled_tables(page.rules), key=lambda table: table.width):
        inside = [glyph for glyph in rest if table.holds(glyph.middle)]
        full = filled(table, inside)
        if inside and not any(len(box.text) > _PROSE for box in full.boxes):
            rest = [glyph for glyph in rest if not table.holds(glyph.middle)]
            tables.append(full)
    return tables, make_lines(rest)


def _top(part: Ruled | Placed) -> float:
    return part.ys[0] if isinstance(part, Ruled) else part.line.y


def _take_page(flow: list[Part], parts: Sequence[Ruled | Placed], labels: frozenset[str]) -> None:
    """Add the parts of one more page; a table that goes on is joined with its beginning."""
    if len(parts) > 1 and isinstance(parts[0], Placed) and _AGAIN.fullmatch(parts[0].line.text):
        parts = parts[1:]
    if flow and parts and isinstance(flow[-1], Ruled) and isinstance(parts[0], Ruled):
        whole = continued(flow[-1], parts[0], labels)
        if whole is not None:
            flow.pop()
            parts = [whole, *parts[1:]]
    flow += parts


def _labels(form: Form) -> frozenset[str]:
    """All labels of the form's tables, made plain."""
    return frozenset(plain(label) for key in form.cells for label in form.items[key].place)
