"""Note marks, struck text and signs of picture fonts are never glued to a figure."""

from __future__ import annotations

import pytest

from bot.readers import docx, html, xlsx
from bot.readers.marks import marked
from bot.readers.pages import Glyph, Page, Rule
from bot.readers.reading import Reading
from tests import webpages
from tests.foreign import FORM, as_docx, shown_figures
from tests.tables import report_of
from tests.workbooks import Page as Sheet
from tests.workbooks import packed

CELL = "requests.granted.natural_person"
REPORT = report_of({key: 1001 + n for n, key in enumerate(FORM.cells)})
OWN = REPORT.figures[CELL]
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def assert_read(reading: Reading, *, is_read: bool) -> None:
    """The figure itself, or a gap that is said; all other figures stand as they are."""
    figures = reading.report.figures
    assert figures[CELL] == (OWN if is_read else None)
    assert (CELL in reading.unreadable) == (not is_read)
    assert all(figures[key] == REPORT.figures[key] for key in FORM.cells if key != CELL)


@pytest.mark.parametrize(
    ("cell", "is_read"),
    [
        ("{}<sup>1</sup>", False),
        ("{}<sup>[1]</sup>", False),
        ("{}<sub>2</sub>", False),
        ('{}<span style="vertical-align: super">1</span>', False),
        ("<s>99</s>{}", True),
        ("<strike>99</strike>{}", True),
        ("<del>99</del>{}", True),
        ('<span style="text-decoration:line-through">99</span>{}', True),
        ('<span style="text-decoration-line: line-through; color: red">99</span>{}', True),
        ('<span style="text-decoration:underline">{}</span>', True),
    ],
)
def test_a_cell_of_a_page_with_a_mark(cell: str, is_read: bool) -> None:
    page = webpages.plain(REPORT, FORM)
    assert f"<td>{OWN}</td>" in page
    page = page.replace(f"<td>{OWN}</td>", f"<td>{cell.format(OWN)}</td>")
    assert_read(html.read(page.encode(), FORM), is_read=is_read)


def test_a_raised_sign_that_nobody_closed_ends_with_its_cell() -> None:
    page = webpages.plain(REPORT, FORM).replace(f"<td>{OWN}</td>", f"<td>{OWN}<sup>1</td>")
    assert_read(html.read(page.encode(), FORM), is_read=False)


def test_raised_figures_of_prose_stay_raised() -> None:
    page = "<p>一、总体情况</p><p>大厅有20m<sup>2</sup>，<s>去年</s>今年开放。</p>"
    assert html.read(page.encode(), FORM).report.text("overview.intro") == "大厅有20m²，今年开放。"


@pytest.mark.parametrize(
    ("properties", "is_read"),
    [
        ('<w:vertAlign w:val="superscript"/>', False),
        ('<w:vertAlign w:val="subscript"/>', False),
        ("<w:strike/>", True),
        ('<w:dstrike w:val="true"/>', True),
    ],
)
def test_a_cell_of_a_word_file_with_a_mark(properties: str, is_read: bool) -> None:
    mark = f"<w:r><w:rPr>{properties}</w:rPr><w:t>9</w:t></w:r>"
    assert_read(docx.read(beside(mark), FORM), is_read=is_read)


@pytest.mark.parametrize(
    "sign",
    [
        '<w:r><w:sym w:font="Symbol" w:char="F032"/></w:r>',
        f"<m:oMath {MATH}><m:r><m:t>2</m:t></m:r></m:oMath>",
    ],
)
def test_a_sign_without_a_letter_beside_a_figure_is_said(sign: str) -> None:
    assert_read(docx.read(beside(sign), FORM), is_read=False)


def test_a_sign_alone_in_a_cell_is_said_and_leaves_its_row() -> None:
    sign = '<w:r><w:sym w:font="Symbol" w:char="F032"/></w:r>'
    shown = shown_figures(REPORT) | {CELL: "@"}
    content = as_docx(
        REPORT,
        shown=shown,
        change=lambda xml: xml.replace('<w:r><w:t xml:space="preserve">@</w:t></w:r>', sign),
    )
    assert_read(docx.read(content, FORM), is_read=False)


def beside(piece: str) -> bytes:
    """A Word file with a piece of XML behind the figure."""
    own = f'<w:r><w:t xml:space="preserve">{OWN}</w:t></w:r>'
    return as_docx(REPORT, change=lambda xml: xml.replace(own, own + piece, 1))


@pytest.mark.parametrize(
    ("properties", "value"),
    [
        ('<vertAlign val="superscript"/>', None),
        ('<vertAlign val="subscript"/>', None),
        ("<strike/>", 12),
        ('<strike val="0"/>', 129),
        ('<vertAlign val="baseline"/>', 129),
    ],
)
def test_a_cell_of_a_workbook_with_a_mark(properties: str, value: int | None) -> None:
    rich = f"<si><r><t>12</t></r><r><rPr>{properties}</rPr><t>9</t></r></si>"
    sheet = Sheet("表二").put("A1", "二、主动公开政府信息情况", "s").put("A2", "行政许可", "s")
    sheet.put("B2", "#", "s")
    content = packed([sheet], parts={"xl/sharedStrings.xml": strings(rich)})
    reading = xlsx.read(content, FORM)
    assert reading.report.figures["proactive.permits"] == value
    assert ("proactive.permits" in reading.unreadable) == (value is None)


def strings(last: str) -> str:
    words = ("二、主动公开政府信息情况", "行政许可")
    held = "".join(f"<si><t>{word}</t></si>" for word in words)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<sst xmlns="{space}">{held}{last}</sst>'


# ── papers ──────────────────────────────────────────────────────────────────────────────────


def row(text: str, x: float, y: float, size: float) -> list[Glyph]:
    """Figures side by side, each half as wide as high."""
    wide = size / 2
    return [Glyph(s, x + n * wide, x + (n + 1) * wide, y, size) for n, s in enumerate(text)]


def page_of(glyphs: list[Glyph], *rules: Rule) -> Page:
    return Page(600, 800, tuple(glyphs), rules, (), guessed=False)


@pytest.mark.parametrize(("lift", "mark"), [(4, "¹²"), (-2, "₁₂")])
def test_small_figures_above_or_below_the_line_are_marks(lift: float, mark: str) -> None:
    glyphs = [*row("1026", 100, 200, 10), *row("12", 120, 200 - lift, 6)]
    page = marked(page_of(glyphs))
    assert "".join(glyph.text for glyph in page.glyphs) == f"1026{mark}"
    assert {glyph.y for glyph in page.glyphs} == {200}


def test_figures_of_one_size_on_two_lines_are_no_marks() -> None:
    page = page_of([*row("1026", 100, 200, 10), *row("7", 120, 188, 10)])
    assert marked(page) == page


def test_a_line_through_figures_strikes_them_and_is_no_border() -> None:
    glyphs = [*row("99", 100, 200, 10), *row("1026", 110, 200, 10)]
    strike, border = Rule(False, 197, 100, 110), Rule(False, 190, 60, 400)
    page = marked(page_of(glyphs, strike, border))
    assert "".join(glyph.text for glyph in page.glyphs) == "1026"
    assert page.rules == (border,)


@pytest.mark.parametrize(
    "line", [Rule(False, 201.5, 100, 120), Rule(False, 197, 60, 400), Rule(True, 105, 150, 250)]
)
def test_a_line_below_or_beyond_figures_strikes_nothing(line: Rule) -> None:
    page = page_of(row("1026", 100, 200, 10), line)
    assert marked(page) == page
