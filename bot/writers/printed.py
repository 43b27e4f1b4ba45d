"""Proofreading of a PDF: its words in their order and its 200 figures against the record.

The reader of PDFs finds paragraphs by where lines end, which no page says for certain. Here the
record is known: each of its paragraphs must begin at the beginning of a line and end at the end of
one, with nothing between them. White space is not compared, for a line's end takes it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from unicodedata import normalize

from bot.form import Form
from bot.readers.joining import continued, grid_of
from bot.readers.joining import plain as label
from bot.readers.pages import Glyph, Page, plain
from bot.readers.pdf import pages_of
from bot.readers.reading import Unreadable
from bot.readers.ruling import Ruled, filled, ruled_tables
from bot.readers.tables import place_of, read_figures
from bot.report import Report, show_figure
from bot.writers.composition import DRAFT, written
from bot.writers.fonts import is_invisible

_TOP, _BOTTOM = 37 / 297, 1 - 35 / 297  # of the text area on a page
_SAME_LINE = 4.0  # points between baselines; lines are at least 12 apart
_SHOWN = 30
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_HALVES = "\ufffd\ufffd"

Row = tuple[float, str]  # the baseline of a line and its characters without white space


def differences(report: Report, content: bytes, form: Form) -> tuple[str, ...]:
    """What differs between the record and the PDF made of it, in sentences; empty when nothing."""
    try:
        pages = pages_of(content)
    except Unreadable as error:
        return (str(error),)
    tables: list[Ruled] = []
    inside: list[str] = []
    outside: list[list[str]] = []
    labels = frozenset(label(word) for key in form.cells for word in form.items[key].place)
    for page in pages:
        found = _tables(page)
        top, bottom = _TOP * page.height, _BOTTOM * page.height
        rows = _rows(glyph for glyph in page.glyphs if not _in_any(glyph, found))
        texts = [row for row in rows if top < row[0] < bottom]
        outside.append([text for y, text in rows if not top < y < bottom])
        if found and tables and not (texts and texts[0][0] < found[0].ys[0]):
            found = _joined(tables, found, labels)
        tables += found
        inside += [text for _, text in texts]
    return (
        *_text_differences(report, inside, form),
        *_margin_differences(report, outside),
        *_figure_differences(report, tables, form),
    )


def dense(text: str) -> str:
    """A text as a page shows it, without white space and without what has no picture.

    Signs beyond U+FFFF are all alike: pdfium gives such a sign as two halves. A ligature that has
    a sign of its own is its letters.
    """
    return "".join(
        plain(sign) if sign <= "\uffff" else _HALVES
        for sign in _LIGATURE.sub(lambda found: normalize("NFKC", found[0]), text)
        if not sign.isspace() and not is_invisible(sign)
    )


# ── what stands on the pages ────────────────────────────────────────────────────────────────


def _tables(page: Page) -> list[Ruled]:
    """The tables of a page from above, each character in its cell."""
    tables = ruled_tables(page.rules)
    full = [filled(one, [g for g in page.glyphs if one.holds(g.middle)]) for one in tables]
    return sorted(full, key=lambda table: table.ys[0])


def _in_any(glyph: Glyph, tables: Sequence[Ruled]) -> bool:
    return any(table.holds(glyph.middle) for table in tables)


def _joined(above: list[Ruled], below: list[Ruled], labels: frozenset[str]) -> list[Ruled]:
    """The tables of a page that begins with one: it goes on with the last of the page before."""
    whole = continued(above[-1], below[0], labels)
    if whole is None:
        return below
    above.pop()
    return [whole, *below[1:]]


def _rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """The lines from above, each with its characters in the order in which they were set.

    Not from left to right: of narrow punctuation the box of one sign overlaps that of the next.
    """
    rows: list[tuple[float, list[str]]] = []
    for glyph in glyphs:
        if not rows or abs(glyph.y - rows[-1][0]) > _SAME_LINE:
            rows.append((glyph.y, []))
        rows[-1][1].append(glyph.text)
    texts = ((y, dense("".join(signs))) for y, signs in sorted(rows, key=lambda row: row[0]))
    return [(y, text) for y, text in texts if text]


# ── against the record ──────────────────────────────────────────────────────────────────────


def _text_differences(report: Report, lines: Sequence[str], form: Form) -> Iterator[str]:
    """Where the lines of all pages are not the paragraphs of the record."""
    at = 0
    for text in written(report, form):
        wanted, got = dense(text), ""
        while at < len(lines) and len(got) < len(wanted):
            got += lines[at]
            at += 1
        if got != wanted:
            same = (one == other for one, other in zip(wanted, got, strict=False))
            start = max(0, len([*takewhile(bool, same)]) - _SHOWN // 3)
            piece = slice(start, start + _SHOWN)
            yield f"应印“{wanted[piece]}”，读回是“{got[piece]}”。"
            return
    if at < len(lines):
        yield f"最后多印了“{''.join(lines[at:])[:_SHOWN]}”。"


def _margin_differences(report: Report, outside: Sequence[Sequence[str]]) -> Iterator[str]:
    """Which page has a wrong number, or is wrongly marked as a draft or not."""
    for number, found in enumerate(outside, 1):
        head = [] if report.final else [dense(DRAFT)]
        wanted = [*head, f"—{number}—"]
        if list(found) != wanted:
            yield f"第 {number} 页的页眉页脚应为“{' '.join(wanted)}”，读回是“{' '.join(found)}”。"


def _figure_differences(report: Report, tables: Sequence[Ruled], form: Form) -> Iterator[str]:
    """Which figures are not the record's."""
    read = read_figures(map(grid_of, tables), form)
    yield from read.unread
    for key in form.cells:
        wanted, got = report.figures.get(key), read.found.get(key)
        if wanted != got:
            item = form.items[key]
            place = place_of(item, form.section(item.section))
            shown = [show_figure(figure) or "空白" for figure in (wanted, got)]
            yield f"“{place}”应为 {shown[0]}，读回是 {shown[1]}。"
