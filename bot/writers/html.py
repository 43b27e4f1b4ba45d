"""Writes a report as one web page from `templates/report.html.j2`: no script, nothing from outside.

What the template may name: `title` (its parts; it breaks between them), `name` (the form's),
`final`, `sections`, `tables` (by section, see `html_tables`), `figure` by a key of the form,
`words` by section (crossed tables in words), `preamble`, `signoff` and `texts` by section (lists of
paragraphs), `topic_section`, `topics` (each with `number`, `title`, `texts`). The template escapes
everything.

The page is read back by its marks (`data-part`) and not by `bot.readers.html`, which guesses what
a paragraph is from its words, as it must with the pages of others: a paragraph that looks like a
heading is one for it, and it folds white space. By the marks every text is compared as typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from lxml import etree

from bot.folders import TEMPLATES
from bot.form import Form
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.grids import Span, lay_out
from bot.readers.headings import topic_numbers
from bot.readers.reading import Reading
from bot.report import Report, paragraphs, show_figure
from bot.writers.html_tables import html_tables
from bot.writers.proof import DocumentError, check_printable, compare
from bot.writers.words import figure_words

__all__ = ["TEMPLATE", "DocumentError", "render"]

TEMPLATE = TEMPLATES / "report.html.j2"


def render(report: Report, form: Form, template: Path = TEMPLATE) -> bytes:
    """The report as an .html file, read back and compared with `report` before it is returned.

    The same report and template give the same bytes. Raises DocumentError where the report cannot
    be printed, where the template is at fault, and where the page differs from the record.
    """
    check_printable(report, form)
    try:
        page = _environment(template.parent).get_template(template.name)
        content = page.render(_context(report, form)).encode("utf-8")
    except TemplateError as error:
        raise DocumentError("模板里的标记有错", [f"{template.name}：{error}"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError("模板用不了", [f"{template.name}：{error}"]) from error
    if differences := compare(report, _read_back(content, form), form):
        raise DocumentError("生成的网页与记录不一致，没有发出", differences)
    return content


@lru_cache(maxsize=8)
def _environment(folder: Path) -> Environment:
    """Compiles the templates of a folder, and anew when a file has changed; safe in any thread."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _context(report: Report, form: Form) -> dict[str, Any]:
    """The report as the template sees it."""
    numbered = zip(topic_numbers(form), report.topics, strict=False)
    return {
        "title": _title_parts(report),
        "name": form.name,
        "final": report.final,
        "sections": form.sections,
        "tables": html_tables(form),
        "figure": {key: show_figure(report.figures.get(key)) for key in form.cells},
        "words": {
            section.key: figure_words(section.key, report.figures, form)
            for section in form.sections
            if section.shape == "crossed"
        },
        "preamble": paragraphs(report.text("preamble")),
        "texts": {
            section.key: paragraphs(report.text(form.lead(section.key)))
            for section in form.sections
            if section.texts
        },
        "topic_section": form.topic_section,
        "topics": [
            {
                "number": number,
                "title": "".join(paragraphs(topic.title)),
                "texts": paragraphs(topic.text),
            }
            for number, topic in numbered
        ],
        "signoff": paragraphs(report.text("signoff")),
    }


def _title_parts(report: Report) -> tuple[str, ...]:
    """The title, parted behind the agency's name, where a narrow screen breaks it."""
    title = "".join(paragraphs(report.title))
    if not title.startswith(report.agency):
        return (title,) if title else ()
    return tuple(filter(None, (report.agency, title[len(report.agency) :])))


# ── reading back ────────────────────────────────────────────────────────────────────────────


def _read_back(content: bytes, form: Form) -> Reading:
    """The report on a page of ours."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    body = etree.fromstring(content, parser).find("body")
    return assemble(_blocks(body) if body is not None else (), form, exact=True)


def _blocks(element: etree._Element) -> Iterator[Block]:
    """What stands inside `element`, in order; text without a mark has no role and is said."""
    if element.text and element.text.strip():
        yield Paragraph(element.text.strip())
    for child in element:
        if child.tag == "table":
            yield Grid(lay_out([list(map(_span, row)) for row in child.iter("tr")]))
        elif part := child.get("data-part"):
            yield Paragraph(_text(child), part)
        elif child.tag != "aside":  # it says once more in words what the table says
            yield from _blocks(child)
        if child.tail and child.tail.strip():
            yield Paragraph(child.tail.strip())


def _span(cell: etree._Element) -> Span:
    """A cell with the places that it covers."""
    return Span(_text(cell), int(cell.get("rowspan", "1")), int(cell.get("colspan", "1")))


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))
