"""Writes a report as plain text, for screen readers and messengers: a line for every thing.

Two blank lines part the sections, one the topics, so that both an ear and a program know where
they are. Before each table a line says in words what is not 0, for bare figures are hard to listen
to; the table follows as rows with tabs, for only rows hold all 200 figures, blank ones too, and go
back into a sheet or this program. With a byte order mark and the line ends of Windows, for old
editors take the file for GBK else and show one long line.

Texts are read back by the blank lines and not by `bot.readers.text`, for which a paragraph that
looks like a heading is one; so every text is compared as typed. The rows are read as in any file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.form import Form, Line, Section, Table
from bot.readers.headings import topic_numbers
from bot.readers.reading import Reading
from bot.readers.roles import Parts
from bot.readers.tables import read_plain
from bot.report import Figure, Report, paragraphs, show_figure
from bot.writers.proof import DocumentError, check_printable, compare
from bot.writers.words import figure_words

__all__ = ["DocumentError", "render"]

DRAFT = "草稿 · 未完成，请勿外发"
SECTION, PART = "\n\n\n", "\n\n"  # what parts the sections, and the parts of one
_ABOUT = "说明："  # our own reader leaves out lines beside a table that begin so


def render(report: Report, form: Form) -> bytes:
    """The report as a .txt file, read back and compared with `report` before it is returned.

    The same report gives the same bytes. Raises DocumentError where the report cannot be printed
    and where the file differs from the record.
    """
    check_printable(report, form)
    text = SECTION.join(_sections(report, form)) + "\n"
    content = codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode("utf-8")
    if differences := compare(report, _read_back(content, form), form):
        raise DocumentError("生成的文字与记录不一致，没有发出", differences)
    return content


def _sections(report: Report, form: Form) -> Iterator[str]:
    """The draft's mark, the title with the preamble, the six sections, the sign-off."""
    if not report.final:
        yield DRAFT
    yield _joined(["".join(paragraphs(report.title))], paragraphs(report.text("preamble")))
    for section in form.sections:
        if section.tables:
            yield "\n".join(_table_lines(section, report.figures, form))
            continue
        lines = [section.label, *paragraphs(report.text(form.lead(section.key)))]
        yield _joined(lines, *(_topics(report, form) if section.key == form.topic_section else ()))
    if signoff := paragraphs(report.text("signoff")):
        yield "\n".join(signoff)


def _joined(*parts: Sequence[str]) -> str:
    """Parts with a blank line between them, those without any line left out."""
    return PART.join("\n".join(lines) for lines in parts if lines)


def _topics(report: Report, form: Form) -> Iterator[list[str]]:
    """Each topic's numbered title with its paragraphs."""
    for number, topic in zip(topic_numbers(form), report.topics, strict=False):
        yield [number + "".join(paragraphs(topic.title)), *paragraphs(topic.text)]


# ── tables ──────────────────────────────────────────────────────────────────────────────────


def _table_lines(section: Section, figures: Mapping[str, Figure], form: Form) -> Iterator[str]:
    """A section with tables: its heading, the figures in words, the rows."""
    words = figure_words(section.key, figures, form)
    yield section.label
    yield _ABOUT + "".join(f"{line}；" for line in words.lines) + words.rest
    for table in (form.tables[key] for key in section.tables):
        for row, label in _rows(table):
            cells = _shown(table, row, figures) if row else ()
            yield "\t".join((label, *cells))


def _rows(table: Table) -> Iterator[tuple[Line | None, str]]:
    """The rows with their labels, and the lines before and between them, which have no row.

    A group's name stands on a line above its rows.
    """
    if table.clause:
        yield None, table.clause
    heads = (table.head or table.corner, *(column.label for column in table.columns))
    yield None, "\t".join(heads)
    above: tuple[str, ...] = ()
    for place, rows in groupby(table.rows, key=lambda row: table.groups.get(row.group, ())):
        yield from ((None, name) for name in place if name not in above)
        above = place
        yield from ((row, row.label) for row in rows)


def _shown(table: Table, row: Line, figures: Mapping[str, Figure]) -> Iterator[str]:
    return (show_figure(figures.get(table.item_key(row, column))) for column in table.columns)


# ── reading back ────────────────────────────────────────────────────────────────────────────


def _read_back(content: bytes, form: Form) -> Reading:
    """The report in a text of ours."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    sections = text.split(SECTION)
    final = sections[0] != DRAFT
    head, *rest = sections if final else sections[1:]
    parts = Parts(form)
    figures: dict[str, Figure] = dict.fromkeys(form.cells)
    title, *preamble = head.split(PART, 1)
    _take(parts, "title", title)
    _take(parts, "text", *preamble)
    for section, chunk in zip(form.sections, rest, strict=False):
        heading, *below = chunk.split("\n", 1)
        parts.take("heading", heading)
        if section.tables:
            figures |= _figures("".join(below), section, form)
        else:
            _take_texts(parts, "".join(below))
    _take(parts, "signoff", *rest[len(form.sections) :])
    report = parts.report(final, figures)
    return Reading(report, headings=tuple(parts.headings), unread=tuple(parts.unread))


def _take(parts: Parts, role: str, *chunks: str) -> None:
    """Put every line where it belongs."""
    for line in (line for chunk in chunks for line in chunk.split("\n")):
        parts.take(role, line)


def _take_texts(parts: Parts, chunk: str) -> None:
    """Put the paragraphs below a heading where they belong; behind a blank line stands a topic."""
    lines = chunk.split("\n")
    for above, line in zip(("-", *lines), lines, strict=False):
        parts.take("text" if above else "topic", line)


def _figures(chunk: str, section: Section, form: Form) -> Iterator[tuple[str, Figure]]:
    """The figures in the lines below a heading, where these are the rows of the form in order."""
    lines = iter(chunk.split("\n")[1:])  # the first says in words what follows
    for table in (form.tables[key] for key in section.tables):
        for (row, words), line in zip(_rows(table), lines, strict=False):
            label, *cells = line.split("\t")
            if row and label == words and len(cells) == len(table.columns):
                for column, text in zip(table.columns, cells, strict=True):
                    yield table.item_key(row, column), read_plain(text, table.kind)
