"""Puts a report together from the blocks of a file, whatever format they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.answers import say_chinese
from bot.form import Form
from bot.readers.amounts import is_amount
from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.figures import read_foreign
from bot.readers.outline import Outline, outline
from bot.readers.reading import Reading, Unreadable
from bot.readers.roles import Parts
from bot.readers.rows import is_blank, rows_of
from bot.readers.tables import read_figures
from bot.report import Figure, Report, Topic

_NO_REPORT = (
    "文件里没有找到年度报告：既没有“{first}”这样的标题，也没有年报的{tables}张表。"
    "请确认发的是{name}。"
)
_SEVERAL = "文件里不止一份年报，只读入了第一份。要读另一份，请把它单独存成一个文件再发。"
_SHOWN = 5


def assemble(
    blocks: Iterable[Block], form: Form, *, unread: Iterable[str] = (), exact: bool = False
) -> Reading:
    """The report that stands in `blocks`; `unread` is what the format's own reader could not read.

    A file of our own says what its paragraphs are and is read exactly; any other is recognised by
    its words. Figures that somebody changed in a file of ours, or printed under other labels, are
    recognised by their words too, unless `exact` is wanted. Raises Unreadable where the blocks
    hold no report at all.
    """
    blocks = tuple(blocks)
    if any(isinstance(block, Paragraph) and block.role for block in blocks):
        own = _own(blocks, form, tuple(unread))
        if not exact and _is_of_another(own, form):
            raise Unreadable(_no_report(form))
        return own if exact or not own.unread else _with_figures_by_words(own, blocks, form)
    return _foreign(blocks, form, tuple(unread))


def _own(blocks: tuple[Block, ...], form: Form, unread: tuple[str, ...]) -> Reading:
    """The report in a file whose paragraphs have roles."""
    parts = Parts(form)
    final = True
    blocks, others = _first_of_own(blocks)
    for block in blocks:
        if isinstance(block, Grid):
            continue
        if block.role == "draft":
            final = final and not block.text
        else:
            parts.take(block.role, block.text)
    grids = [block for block in blocks if isinstance(block, Grid)]
    figures = read_figures(grids, form)
    return Reading(
        report=parts.report(final, dict(figures.found)),
        headings=tuple(parts.headings),
        around=tuple(_words(grids)),
        unread=(*unread, *others, *parts.unread, *figures.unread),
        unreadable=figures.unreadable,
        labels=tuple(_labels(grids)),
    )


def _with_figures_by_words(own: Reading, blocks: tuple[Block, ...], form: Form) -> Reading:
    """A file of ours whose figures are not as we print them: the foreign way reads more of them."""
    bare = tuple(b if isinstance(b, Grid) else Paragraph(b.text) for b in blocks)
    try:
        found = _foreign(bare, form, ())
    except Unreadable:
        return own
    known = sum(value is not None for value in found.report.figures.values())
    if known <= sum(value is not None for value in own.report.figures.values()):
        return own
    report = replace(own.report, figures=found.report.figures)
    return replace(own, report=report, unread=found.unread, unreadable=found.unreadable)


def _first_of_own(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks before a second title, and in a sentence that there is one."""
    roles = [getattr(block, "role", "") for block in blocks]
    first = roles.index("heading") if "heading" in roles else len(roles)
    if "title" not in roles[:first] or "title" not in roles[first:]:
        return blocks, ()
    second = roles.index("title", first)
    drafts = (b for b in blocks[second:] if isinstance(b, Paragraph) and b.role == "draft")
    return (*blocks[:second], *drafts), (_SEVERAL,)


def _foreign(blocks: tuple[Block, ...], form: Form, unread: tuple[str, ...]) -> Reading:
    """The report in a file that somebody else made."""
    found = outline(blocks, form)
    read = read_foreign(found.placed, found.loose, form, found.remarks)
    figures = read.figures
    if not found.headings and all(value is None for value in figures.found.values()):
        raise Unreadable(_no_report(form))
    return Reading(
        report=_report(found, figures.found, form),
        headings=found.headings,
        around=tuple(_words(found.grids)),
        unread=(*unread, *figures.unread, *found.unread, *_loose(read.loose, form)),
        unreadable=figures.unreadable,
        labels=tuple(_labels(found.grids)),
        form_seen=read.form_seen,
    )


def _is_of_another(own: Reading, form: Form) -> bool:
    """Whether a file of ours holds another form: no heading and no figure of this one."""
    headings = {section.label for section in form.sections}
    figures = own.report.figures.values()
    return headings.isdisjoint(own.headings) and all(figure is None for figure in figures)


def _no_report(form: Form) -> str:
    """What to say of a file that holds nothing of the form."""
    tables = say_chinese(sum(bool(section.tables) for section in form.sections))
    return _NO_REPORT.format(first=form.sections[0].label, tables=tables, name=form.name)


def _report(found: Outline, figures: Mapping[str, Figure], form: Form) -> Report:
    """The report of a foreign file; without any heading it has no texts at all."""
    texts = bool(found.headings)
    return Report(
        format=form.format,
        agency=found.agency,
        year=found.year,
        level="",
        title=found.title,
        texts=form.texts_of(found.text),
        topics=tuple(Topic(title, "\n".join(held)) for title, held in found.topics),
        figures=dict(figures),
        has_texts=texts,
        final=True,
    )


def _loose(loose: Mapping[str, Iterable[str]], form: Form) -> Iterator[str]:
    """Sentences about the text that stands where the form has only tables."""
    for section, lines in loose.items():
        for line in [line for line in lines if len(line) > 1][:_SHOWN]:
            where = f"“{form.section(section).label}”的表格旁边" if section else "文件里"
            yield f"{where}还有一段文字，没有读入：“{line[:30]}”"


def _labels(grids: Iterable[Grid]) -> Iterator[str]:
    """The texts of cells that are no figures, a merged cell once."""
    for grid in grids:
        for row in rows_of(grid):
            for cell in row.cells:
                if not is_blank(cell) and not is_amount(cell.text):
                    yield cell.text


def _words(grids: Iterable[Grid]) -> Iterator[str]:
    """The texts of all cells."""
    return (cell.text for grid in grids for row in grid.rows for cell in row)
