"""PDFs of a report for tests, set by typst in the layouts in which offices publish theirs."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import pypdfium2
import typst
from pylopdf_fonts_zh_cn import serif_path

from bot.report import Report, paragraphs, show_figure
from tests.tables import form

_SOURCE = r"""
#let data = json(bytes(sys.inputs.paper))
#let look = data.look
#set page(
  paper: "a4", flipped: look.landscape, numbering: none,
  margin: (x: 28mm, top: 37mm, bottom: 32mm),
  header: if look.running != "" { align(center, text(9pt, look.running)) },
  footer: align(center, text(12pt, context counter(page).display("— 1 —"))),
)
#set text(font: "Noto Serif SC", size: look.size * 1pt, lang: "zh", cjk-latin-spacing: auto)
#set par(
  justify: true, leading: 0.8em, spacing: if look.indent { 0.8em } else { 1.8em },
  first-line-indent: (amount: if look.indent { 2em } else { 0em }, all: true),
)
#let grid-of(rows) = {
  set text(look.cells * 1pt)
  set par(justify: false, first-line-indent: 0em, leading: 0.4em)
  let made(one) = table.cell(
    x: one.x, y: one.y, rowspan: one.tall, colspan: one.wide,
    align: horizon + if one.label { left } else { center }, one.text,
  )
  let stroke = (all: 0.5pt, bare: none, across: (x, y) => (y: 0.5pt)).at(look.rules)
  table(
    columns: rows.columns.map(one => one * 1fr), stroke: stroke, inset: look.inset * 1pt,
    ..if rows.head.len() > 0 { (table.header(repeat: look.repeat, ..rows.head.map(made)),) },
    ..rows.body.map(made),
  )
}
#show: it => if look.framed { table(columns: 2, [索引号], [000014349], table.cell(colspan: 2, it)) } else { it }
#for block in data.blocks {
  if block.kind == "title" {
    align(center, par(first-line-indent: 0em, text(1.5em, block.text)))
  } else if block.kind == "table" {
    grid-of(block)
  } else if block.kind == "signoff" {
    align(right, par(first-line-indent: 0em, block.text))
  } else { par(block.text) }
}
"""


@dataclass(frozen=True)
class Look:
    """How a paper is set: `rules` are all, bare or across (level ones only); sizes in points."""

    rules: str = "all"
    size: float = 16
    cells: float = 9
    inset: float = 4
    landscape: bool = False
    repeat: bool = False
    indent: bool = True
    running: str = ""
    framed: bool = False


LOOKS = {
    "ruled": Look(),
    "cut by pages, head repeated": Look(cells=15, inset=6, repeat=True),
    "cut by pages, head once": Look(cells=15, inset=6),
    "small letters": Look(size=10.5, cells=6.5, inset=2),
    "landscape": Look(landscape=True, cells=10.5, repeat=True),
    "paragraphs without indent": Look(size=12, indent=False, running="政府信息公开年度报告汇编"),
    "in a frame of the page": Look(size=12, framed=True),
    "no rules": Look(rules="bare"),
    "level rules only": Look(rules="across", size=12),
}


def paper(report: Report, look: Look) -> bytes:
    """The report as a PDF."""
    compiler = typst.Compiler(
        _SOURCE.encode(),
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps({"look": vars(look), "blocks": _blocks(report)})},
    )
    made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)
    return made


def scan(made: bytes, *, behind: bytes = b"") -> bytes:
    """The first page of a PDF as a scanner gives it: a picture; `behind` it other pages."""
    with pypdfium2.PdfDocument(made) as document:
        width, height = document[0].get_size()
        bitmap = document[0].render(scale=0.3)
        picture = pypdfium2.PdfImage.new(target := pypdfium2.PdfDocument.new())
        picture.set_bitmap(bitmap)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = target.new_page(width, height)
        page.insert_obj(picture)
        page.gen_content()
        if behind:
            target.import_pages(pypdfium2.PdfDocument(behind))
        return _saved(target)


def turned(made: bytes, degrees: int) -> bytes:
    """A PDF whose pages are shown turned."""
    document = pypdfium2.PdfDocument(made)
    for page in document:
        page.set_rotation(degrees)
    return _saved(document)


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


def bare(content: bytes = b"", *, pages: int = 1, locked: bool = False) -> bytes:
    """A PDF written by hand with one drawing on all its pages; `locked` with a password."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b"3 0 R " * pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj%sendobj\n" % (at, one) for at, one in enumerate(objects, 1))
    lock = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (
        b"11" * 32,
        b"22" * 32,
    )
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R" + (lock if locked else b"") + b">>"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(serif_path().parent)],
    )


def _blocks(report: Report) -> list[dict[str, Any]]:
    """The report from its title to its signature."""
    sections = [section.label for section in form().sections]
    numbers = [item.number for item in form().items.values() if item.number]
    texts: list[str] = [
        *paragraphs(report.text("preamble")),
        sections[0],
        *paragraphs(report.text("overview.intro")),
    ]
    for number, topic in zip(numbers, report.topics, strict=False):
        texts += [number + topic.title, *paragraphs(topic.text)]
    blocks = [_text(report.title, "title"), *map(_text, texts)]
    for label, table in zip(sections[1:4], (_proactive, _requests, _cases), strict=True):
        blocks += [_text(label), table(report)]
    blocks += map(_text, [sections[4], *paragraphs(report.text("problems"))])
    blocks += map(_text, [sections[5], *paragraphs(report.text("other"))])
    return blocks + [_text(line, "signoff") for line in paragraphs(report.text("signoff"))]


def _text(text: str, kind: str = "text") -> dict[str, Any]:
    return {"kind": kind, "text": text}


# ── the tables ──────────────────────────────────────────────────────────────────────────────


def _cell(
    x: int, y: int, wide: int, text: str, tall: int = 1, label: bool = True
) -> dict[str, Any]:
    return {"x": x, "y": y, "wide": wide, "tall": tall, "text": text, "label": label}


def _table(columns: list[float], cells: list[dict[str, Any]], head: int) -> dict[str, Any]:
    """A table whose first `head` rows are its head."""
    return {
        "kind": "table",
        "columns": columns,
        "head": [cell for cell in cells if cell["y"] < head],
        "body": [cell for cell in cells if cell["y"] >= head],
    }


def _proactive(report: Report) -> dict[str, Any]:
    cells, y = [], 0
    for table in (table for table in form().tables.values() if table.section == "proactive"):
        cells += [_cell(0, y, 4, table.clause), _cell(0, y + 1, 1, "信息内容")]
        wide = 3 // len(table.columns)
        for at, column in enumerate(table.columns):
            cells.append(_cell(1 + at * wide, y + 1, wide, column.label))
        y += 2
        for row in table.rows:
            cells.append(_cell(0, y, 1, row.label))
            for at, column in enumerate(table.columns):
                shown = show_figure(report.figures[table.item_key(row, column)])
                cells.append(_cell(1 + at * wide, y, wide, shown, label=False))
            y += 1
    return _table([2, 1, 1, 1], cells, 0)


def _requests(report: Report) -> dict[str, Any]:
    table = form().tables["requests"]
    cells = [_cell(0, 0, 3, table.corner, 3), _cell(3, 0, 7, "申请人情况")]
    cells += [_cell(3, 1, 1, "自然人", 2), _cell(4, 1, 5, "法人或其他组织")]
    cells += [_cell(9, 1, 1, "总计", 2)]
    cells += [_cell(4 + at, 2, 1, line.label) for at, line in enumerate(table.columns[1:6])]
    depth: dict[tuple[str, ...], list[int]] = {}
    for y, row in enumerate(table.rows, 3):
        groups = table.groups[row.group]
        for at in range(len(groups)):
            depth.setdefault(groups[: at + 1], []).append(y)
        cells.append(_cell(len(groups), y, 3 - len(groups), row.label))
        for at, column in enumerate(table.columns):
            shown = show_figure(report.figures[table.item_key(row, column)])
            cells.append(_cell(3 + at, y, 1, shown, label=False))
    for path, ys in depth.items():
        cells.append(_cell(len(path) - 1, ys[0], 1, path[-1], len(ys)))
    return _table([1, 1.6, 4, *[1.2] * 7], cells, 3)


def _cases(report: Report) -> dict[str, Any]:
    table = form().tables["cases"]
    cells = [_cell(0, 0, 5, "行政复议"), _cell(5, 0, 10, "行政诉讼")]
    for block, row in enumerate(table.rows):
        if block:
            cells.append(_cell(5 * block, 1, 5, row.label))
        for at, column in enumerate(table.columns, 5 * block):
            place = (2, 1) if block else (1, 2)
            cells.append(_cell(at, place[0], 1, column.label, place[1]))
            shown = show_figure(report.figures[table.item_key(row, column)])
            cells.append(_cell(at, 3, 1, shown, label=False))
    return _table([1] * 15, cells, 3)
