"""Writes a report as .docx from `templates/report.docx`, which people may change in Word.

What a tag of the template may name: `title` (with its line break), `title_text` (without),
`title_is_long`, `final`, `preamble`, `intro`, `problems`, `other` and `signoff` (lists of
paragraphs), `texts['…']` by a key of the form for parts that other forms have, `topics` (each with
`number`, `title`, `texts`), and `figure['…']` by a key of the form. Tags are written as docxtpl has
them: `{{ … }}`, and `{%p … %}` for whole paragraphs.

User text is data: it is never parsed as a template and comes out character by character, except
that paragraphs lose blank lines and outer white space. docxtpl prepares the template once; the
result is kept until the file changes, for parsing it anew would cost ten times the rendering.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from bot.folders import TEMPLATES
from bot.form import Form
from bot.readers.docx import read, topic_numbers
from bot.readers.reading import Unreadable
from bot.report import Report, paragraphs, show_figure
from bot.writers.proof import DocumentError, check_printable, compare, unprintable

__all__ = ["TEMPLATE", "DocumentError", "render", "unprintable"]

TEMPLATE = TEMPLATES / "report.docx"
"""The template of the form of 2021; each form names its own."""
TITLE_LINE = 20  # characters of 22 pt on 156 mm
LONG_TITLE_LINE = 24  # of 18 pt

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WITH_TAGS = re.compile(r"word/(document|header\d*|footer\d*)\.xml|docProps/core\.xml")
_TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')
_ENDS_A_PART = "省州县旗厅局府"  # in an agency's name; 市, 区 and 会 also stand inside words
_LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')


def render(report: Report, form: Form, template: Path | None = None) -> bytes:
    """The report as a .docx file from the form's own template, or from another one.

    It is read back and compared with `report` before it is returned. The same report and template
    give the same bytes. Raises DocumentError where the report cannot be printed, where the template
    is at fault, and where the file differs from the record.
    """
    check_printable(report, form)
    template = template or TEMPLATES / form.template
    try:
        changed_at = template.stat().st_mtime_ns
        package = _prepare(template, changed_at, tuple(form.labels))
        content = package.fill(_context(report, form))
        reading = read(content, form, exact=True)
    except TemplateError as error:
        raise DocumentError("模板里的标记有错", [f"{template.name}：{error}"]) from error
    except (OSError, zipfile.BadZipFile, etree.XMLSyntaxError, Unreadable) as error:
        raise DocumentError("模板用不了", [f"{template.name}：{error}"]) from error
    if differences := compare(report, reading, form):
        raise DocumentError("生成的文件与记录不一致，没有发出", differences)
    return content


# ── the prepared template ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts of the template's zip by name, those with tags compiled; safe in any thread."""

    parts: Mapping[str, bytes | Template]

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """The zip with every tag filled in."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for name, part in self.parts.items():
                if isinstance(part, Template):
                    part = (_DECLARATION + part.render(context)).encode("utf-8")
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                package.writestr(entry, part, zipfile.ZIP_DEFLATED)
        return target.getvalue()


@lru_cache(maxsize=8)
def _prepare(template: Path, changed_at: int, labels: tuple[str, ...]) -> _Package:
    """Compile the template; `changed_at` is only there so that a changed file is taken anew."""
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    docx = DocxTemplate(template)
    with zipfile.ZipFile(template) as package:
        parts: dict[str, bytes | Template] = {}
        for name in package.namelist():
            parts[name] = package.read(name)
            if _WITH_TAGS.fullmatch(name):
                root = etree.fromstring(package.read(name))
                _mark_labels(root, labels)
                xml = docx.patch_xml(etree.tostring(root, encoding="unicode"))
                parts[name] = environment.from_string(xml)
    return _Package(parts)


def _mark_labels(root: etree._Element, labels: tuple[str, ...]) -> None:
    """Put a tag for the office's own label where a whole paragraph is the official one.

    This is done before any user text is in the document, so that none is taken for a label.
    """
    for paragraph in root.iter(f"{_WORD}p"):
        pieces = list(paragraph.iter(f"{_WORD}t"))
        text = "".join(piece.text or "" for piece in pieces)
        if text and text in labels:
            for piece in pieces:
                piece.text = ""
            pieces[0].text = f"{{{{ own_label[{labels.index(text)}] }}}}"


# ── what the tags name ──────────────────────────────────────────────────────────────────────


def _context(report: Report, form: Form) -> dict[str, Any]:
    """The report as the template's tags see it."""
    lines = _title_lines(report)
    return {
        "title": _LINE_BREAK.join(_printed(line) for line in lines),
        "title_text": "".join(lines),
        "title_is_long": any(_width(line) > TITLE_LINE for line in lines),
        "final": report.final,
        "preamble": _paragraphs(report.text("preamble")),
        "intro": _paragraphs(report.text(form.lead(form.topic_section))) if form.topics else [],
        "texts": {key: _paragraphs(report.text(key)) for key in form.texts},
        "topics": [
            {"number": number, "title": _one_line(topic.title), "texts": _paragraphs(topic.text)}
            for number, topic in zip(topic_numbers(form), report.topics, strict=False)
        ],
        "figure": {key: show_figure(report.figures.get(key)) for key in form.cells},
        "problems": _paragraphs(report.text("problems")),
        "other": _paragraphs(report.text("other")),
        "signoff": _paragraphs(report.text("signoff")),
        "own_label": [_printed(own) for own in form.labels.values()],
    }


def _printed(text: str) -> Markup:
    """Text as WordprocessingML inside a run: escaped, its tabs as Word has them."""
    return escape(text).replace("\t", _TAB)


def _paragraphs(text: str | None) -> list[Markup]:
    return [_printed(paragraph) for paragraph in paragraphs(text)]


def _one_line(text: str) -> Markup:
    return _printed("".join(paragraphs(text)))


def _title_lines(report: Report) -> tuple[str, ...]:
    """The title on one line where it fits, else on two, broken where a word of it ends.

    The best place is behind the agency's name; in a very long name behind one of its parts.
    """
    title = "".join(paragraphs(report.title))
    if _width(title) <= TITLE_LINE or not title.startswith(report.agency):
        return (title,)
    inside = [place for place, sign in enumerate(report.agency, 1) if sign in _ENDS_A_PART]
    places = [len(report.agency), *reversed(inside)]
    for room in (TITLE_LINE, LONG_TITLE_LINE):
        for lines in ((title[:place], title[place:]) for place in places):
            if all(lines) and max(map(_width, lines)) <= room:
                return lines
    return _three_lines(report, title) or (title,)


def _three_lines(report: Report, title: str) -> tuple[str, ...]:
    """A title whose agency's name takes two lines itself, cut near its middle.

    () where there is no good place.
    """
    agency = report.agency
    parts = [at for at, sign in enumerate(agency[:-1], 1) if sign in _ENDS_A_PART + "市区会"]
    for at in sorted(parts, key=lambda at: abs(at - len(agency) / 2)):
        three = (agency[:at], agency[at:], title[len(agency) :])
        if max(map(_width, three)) <= LONG_TITLE_LINE:
            return three
    return ()


def _width(text: str) -> float:
    """The width of `text` in Chinese characters."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)
