"""Reports as other people's files have them: blocks, text and .docx in many styles from a Report.

A `Look` says how the file differs from our own; `shown` is how each figure is written, so that a
test can blank a cell or put words in its place.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.catalogue import load_form
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.report import Report, paragraphs, show_figure

FORM = load_form()
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True)
class Span:
    """One cell of a table with the columns and rows that it covers."""

    text: str
    columns: int = 1
    rows: int = 1


Rows = list[list[Span]]


@dataclass(frozen=True)
class Look:
    """How a file looks: its marks, its headings, its chrome, how its tables are cut."""

    headings: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    title: Callable[[Report], tuple[str, ...]] = lambda report: (report.title,)
    topic_number: str = "（{}）"
    run_in: bool = True
    cut: tuple[int, ...] = ()  # rows of table three before which a page ends
    heads_again: bool = True
    small_tables: bool = False
    halves: bool = False  # table four in two
    columns: tuple[int, ...] = tuple(range(7))  # the order of table three's columns
    outcomes: tuple[int, ...] = tuple(range(5))  # and of table four's in each block
    courts: tuple[int, int] = (1, 2)  # and of its two blocks of lawsuits


PLAIN = Look()
PAGE = Look(
    before=("青石县人民政府", "首页 > 政务公开 > 政府信息公开年报", "网站无障碍", "登录"),
    after=("【打印】 【关闭】", "上一篇：2023年工作要点", "版权所有：青石县人民政府　备案号：某ICP备00000000号"),
    title=lambda report: (report.title, "发布日期：2025-01-15 10:20　来源：办公室　浏览次数：12　字号：[大 中 小]"),
)  # fmt: skip
VARIANTS = Look(
    headings={
        "一、总体情况": "一. 概述",
        "四、政府信息公开行政复议、行政诉讼情况": "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "五、存在的主要问题及改进情况": "五、 存在的主要问题及整改措施",
        "六、其他需要报告的事项": "六，其他需要报告的事项。",
    },
    labels={
        "行政规范性文件": "规范性文件",
        "现行有效件数": "现行有效件数 (历史累计)",
        "本年收费金额（单位：万元）": "本年收费金额（单位：万元，保留4位小数）",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1、申请人无正当理由逾期不补正, 行政机关不再处理其政府信息公开申请",
        "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
        "3.危及“三安全一稳定”": '3． 危及"三安全一稳定"',
        "（六）其他处理": "（六）其他",
        "社会公益组织": "社会\n公益\n组织",
        "3.其他": "其他",
        "（七）总计": "总计",
        "（一）予以公开": "(一) 予以公开",
    },
    title=lambda report: (
        f"{report.agency}",
        f"{report.year}年度政府信息公开工作年度报告",
    ),
    topic_number="({})",
    run_in=False,
)
CUT = Look(cut=(7, 19), small_tables=True, halves=True)
CUT_BARE = Look(cut=(12,), heads_again=False)
LOOKS = {"plain": PLAIN, "page": PAGE, "variants": VARIANTS, "cut": CUT, "cut bare": CUT_BARE}


def shown_figures(report: Report, **changed: str) -> dict[str, str]:
    """How each figure is written; `changed` cells have `__` for the dots of their keys."""
    shown = {key: show_figure(report.figures.get(key)) for key in FORM.cells}
    return shown | {key.replace("__", "."): text for key, text in changed.items()}


# ── the three tables ────────────────────────────────────────────────────────────────────────


def table_two(shown: Mapping[str, str], look: Look = PLAIN) -> list[Rows]:
    """Table two, one block of rows for each clause."""
    blocks = []
    for key in FORM.section("proactive").tables:
        table = FORM.tables[key]
        wide = 4 - len(table.columns)
        heads = [Span(_label(c.label, look), wide) for c in table.columns]
        rows = [[Span(table.clause, 4)], [Span("信息内容"), *heads]]
        for line in table.rows:
            cells = [Span(shown[table.item_key(line, c)], wide) for c in table.columns]
            rows.append([Span(_label(line.label, look)), *cells])
        blocks.append(rows)
    return blocks


def heads_three(look: Look = PLAIN) -> Rows:
    """The three rows of heads of table three."""
    labels = [_label(c.label, look) for c in FORM.tables["requests"].columns]
    upper: list[Span] = []
    for at in look.columns:
        if at in (0, 6):
            upper.append(Span(labels[at], rows=2))
        elif all(span.columns == 1 for span in upper):
            upper.append(Span("法人或其他组织", 5))
    inner = [Span(labels[at]) for at in look.columns if at not in (0, 6)]
    return [[Span(CORNER, 3, 3), Span("申请人情况", 7)], upper, inner]


def rows_three(shown: Mapping[str, str], look: Look = PLAIN) -> Rows:
    """The 25 rows of figures of table three with their groups."""
    table = FORM.tables["requests"]
    rows: Rows = []
    seen: set[tuple[str, ...]] = set()
    for line in table.rows:
        parents = table.groups.get(line.group, ())
        labels = []
        for depth, parent in enumerate(parents):
            path = parents[: depth + 1]
            if path not in seen:
                seen.add(path)
                held = [r for r in table.rows if table.groups.get(r.group, ())[: depth + 1] == path]
                labels.append(Span(_label(parent, look), rows=len(held)))
        labels.append(Span(_label(line.label, look), 3 - len(parents)))
        figures = [Span(shown[table.item_key(line, c)]) for c in table.columns]
        rows.append(labels + [figures[at] for at in look.columns])
    return rows


def table_four(shown: Mapping[str, str], look: Look = PLAIN) -> Rows:
    """Table four: two rows of heads, the outcomes, and one row of figures."""
    table = FORM.tables[FORM.section("review_litigation").tables[0]]
    review, (direct, after) = table.rows[0], (table.rows[at] for at in look.courts)
    columns = [table.columns[at] for at in look.outcomes]
    outcomes = [_label(column.label, look) for column in columns]
    return [
        [Span(review.label, 5), Span("行政诉讼", 10)],
        [*(Span(o, rows=2) for o in outcomes), Span(direct.label, 5), Span(after.label, 5)],
        [Span(outcome) for _ in range(2) for outcome in outcomes],
        [Span(shown[table.item_key(r, c)]) for r in (review, direct, after) for c in columns],
    ]


def halves_of_four(shown: Mapping[str, str], look: Look = PLAIN) -> list[Rows]:
    """Table four as two tables: 行政复议 and 行政诉讼."""
    *_, figures = table_four(shown, look)
    _, heads, inner, _ = table_four(shown, look)
    outcomes = [Span(span.text) for span in heads[:5]]
    return [
        [[Span("行政复议", 5)], outcomes, figures[:5]],
        [[Span("行政诉讼", 10)], heads[5:], inner, figures[5:]],
    ]


def _label(label: str, look: Look) -> str:
    return look.labels.get(label, label)


def tables_of(section: str, shown: Mapping[str, str], look: Look = PLAIN) -> list[Grid]:
    """The tables of a section as the look has them."""
    if section == "proactive":
        blocks = table_two(shown, look)
        whole = blocks if look.small_tables else [[row for rows in blocks for row in rows]]
        return [expand(rows) for rows in whole]
    if section == "review_litigation":
        halves = halves_of_four(shown, look) if look.halves else [table_four(shown, look)]
        return [expand(rows) for rows in halves]
    heads, rows = expand(heads_three(look)).rows, expand(rows_three(shown, look)).rows
    tables, start = [], 0
    for end in (*look.cut, len(rows)):
        tables.append(pages([heads if start == 0 or look.heads_again else [], rows[start:end]]))
        start = end
    return tables


def pages(pieces: Sequence[Sequence[Sequence[Cell]]]) -> Grid:
    """Pieces of tables one below the other; a cell that began on another page has lost its text."""
    grid: list[list[Cell]] = []
    for piece in pieces:
        begun: dict[int, Cell] = {}
        first = piece[0][0].row if piece else 0
        for row in piece:
            first = max(first, *(cell.row for cell in row)) if row is piece[0] else first
            for column, cell in enumerate(row):
                text = cell.text if cell.row >= first else ""
                begun.setdefault(id(cell), Cell(text, len(grid), column))
            grid.append([begun[id(cell)] for cell in row])
    return Grid(grid)


def expand(rows: Rows) -> Grid:
    """The table with merged cells in every place that they cover, as readers give it."""
    placed: dict[tuple[int, int], Cell] = {}
    for number, spans in enumerate(rows):
        column = 0
        for span in spans:
            while (number, column) in placed:
                column += 1
            cell = Cell(span.text, number, column)
            for down in range(span.rows):
                for right in range(span.columns):
                    placed[number + down, column + right] = cell
    widths = [1 + max(c for r, c in placed if r == number) for number in range(len(rows))]
    return Grid([[placed[n, c] for c in range(width)] for n, width in enumerate(widths)])


# ── whole files ─────────────────────────────────────────────────────────────────────────────


def parts_of(report: Report, shown: Mapping[str, str], look: Look) -> Iterator[str | Grid]:
    """The file from top to bottom: lines of text, and tables."""
    yield from look.before
    yield from look.title(report)
    yield from paragraphs(report.text("preamble"))
    for section in FORM.sections:
        yield look.headings.get(section.label, section.label)
        if section.tables:
            yield from tables_of(section.key, shown, look)
        elif section.key == "overview":
            yield from paragraphs(report.text("overview.intro"))
            yield from _topics(report, look)
        else:
            yield from paragraphs(
                report.text("problems") if section.key == "problems" else report.text("other")
            )
    yield from paragraphs(report.text("signoff"))
    yield from look.after


def _topics(report: Report, look: Look) -> Iterator[str]:
    for number, topic in zip("一二三四五六七八", report.topics, strict=False):
        head = look.topic_number.format(number) + topic.title
        first, *more = paragraphs(topic.text) or ("",)
        if look.run_in:
            yield f"{head}。{first}"
        else:
            yield head
            yield first
        yield from more


def as_blocks(
    report: Report, look: Look = PLAIN, shown: Mapping[str, str] | None = None
) -> list[Block]:
    """The file as blocks, as a reader of its format would give them."""
    parts = parts_of(report, shown or shown_figures(report), look)
    return [Paragraph(part) if isinstance(part, str) else part for part in parts]


LINES: dict[str, Callable[[Grid], Iterator[str]]] = {}


def _lines(name: str) -> Callable[[Callable[[Grid], Iterator[str]]], None]:
    def add(write: Callable[[Grid], Iterator[str]]) -> None:
        LINES[name] = write

    return add


@_lines("tabs")
def _tabs(table: Grid) -> Iterator[str]:
    """As copied from Word: a merged cell stands once, the places below it are empty."""
    for number, row in enumerate(table.rows):
        yield "\t".join(
            cell.text.replace("\n", "") if (cell.row, cell.column) == (number, at) else ""
            for at, cell in enumerate(row)
        )


@_lines("shifted")
def _shifted(table: Grid) -> Iterator[str]:
    """As copied from a web page: merged places are lost, and empty cells come behind."""
    for row in _begun(table):
        yield "\t".join([*(text.replace("\n", "") for text in row), "", ""])


@_lines("bars")
def _bars(table: Grid) -> Iterator[str]:
    """As Markdown: every row between bars, a rule below the first."""
    for number, row in enumerate(_tabs_of(table)):
        yield f"| {' | '.join(row)} |"
        if number == 0:
            yield "|" + " --- |" * len(row)


@_lines("blanks")
def _blanks(table: Grid) -> Iterator[str]:
    """As text from a PDF: one blank between label and figures, heads line by line."""
    for row in _begun(table):
        yield " ".join(text.replace("\n", "") for text in row if text)


@_lines("cells")
def _cells(table: Grid) -> Iterator[str]:
    """As copied from a page without its table: every cell on a line of its own."""
    for row in _begun(table):
        yield from (text.replace("\n", "") for text in row if text)


def _begun(table: Grid) -> Iterator[list[str]]:
    """The texts of the cells that begin in each row."""
    for number, row in enumerate(table.rows):
        yield [c.text for at, c in enumerate(row) if (c.row, c.column) == (number, at)]


def _tabs_of(table: Grid) -> Iterator[list[str]]:
    for line in LINES["tabs"](table):
        yield line.split("\t")


def as_text(
    report: Report,
    lines: str = "tabs",
    look: Look = PLAIN,
    shown: Mapping[str, str] | None = None,
) -> str:
    """The file as plain text; `lines` names how the rows of tables are written."""
    whole: list[str] = []
    for part in parts_of(report, shown or shown_figures(report), look):
        whole += [part] if isinstance(part, str) else LINES[lines](part)
        whole.append("")
    return "\n".join(whole)


def as_docx(
    report: Report,
    look: Look = PLAIN,
    shown: Mapping[str, str] | None = None,
    change: Callable[[str], str] = lambda xml: xml,
) -> bytes:
    """The file as a .docx without any of our styles; `change` may edit the body's XML."""
    document = Document()
    body = document.element.body
    xml = "".join(
        _paragraph_xml(part) if isinstance(part, str) else _table_xml(part)
        for part in parts_of(report, shown or shown_figures(report), look)
    )
    root = parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'r')}>{change(xml)}</w:body>")
    for element in reversed(list(root)):
        body.insert(0, element)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _paragraph_xml(text: str) -> str:
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(text).split("\n"))
    return f'<w:p><w:r><w:t xml:space="preserve">{lines}</w:t></w:r></w:p>'


def _table_xml(table: Grid) -> str:
    grid = table.rows
    trs = []
    for number, row in enumerate(grid):
        cells, at = [], 0
        while at < len(row):
            cell = row[at]
            wide = next((n for n in range(at, len(row)) if row[n] is not cell), len(row)) - at
            below = number + 1 < len(grid) and cell in grid[number + 1]
            merge = "" if cell.row == number and not below else "<w:vMerge/>"
            merge = '<w:vMerge w:val="restart"/>' if merge and cell.row == number else merge
            text = cell.text if cell.row == number else ""
            span = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
            held = "".join(map(_paragraph_xml, text.split("\n")))
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{held}</w:tc>")
            at += wide
        trs.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(trs)}</w:tbl>"
