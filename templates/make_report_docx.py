"""Makes `report.docx`, the template of the Word report, from the form.

Run once when a form is added: `python templates/make_report_docx.py prompts/forms/….toml`; without
a form it is that of 2021. From then on the template is
changed in Word; running this again writes it anew. The tables are in `report_tables.py`, the look
in `report_styles.py`; what a tag may name is listed in `bot.writers.docx`.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from report_styles import (  # noqa: E402 (the line above makes `bot` importable)
    HEAD,
    NAMES,
    OFFICE,
    PITCH,
    SETTINGS,
    font_table,
    footer,
    header,
    lines,
    styles,
    theme,
)
from report_tables import paragraph, tables  # noqa: E402

from bot.catalogue import load_form  # noqa: E402
from bot.form import Form, Section  # noqa: E402
from bot.writers.tags import text_name  # noqa: E402

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument"

PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/>'
    '<w:headerReference w:type="even" r:id="rId2"/>'
    '<w:footerReference w:type="default" r:id="rId3"/>'
    '<w:footerReference w:type="even" r:id="rId4"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" '
    'w:left="1588" w:header="1134" w:footer="1304" w:gutter="0"/>'
    f'<w:docGrid w:type="lines" w:linePitch="{PITCH}"/></w:sectPr>'
)


def document(form: Form) -> str:
    """`word/document.xml`: the title, the preamble, the sections and the signature block."""
    content = tables(form)
    body = _title() + _each("text", "preamble")
    space = 0
    for section in form.sections:
        layout = lines(before=space, after=120 if section.tables else 0)
        inside = content.get(section.key) or _texts(section, form)
        body += paragraph("ReportHeading", section.label, layout) + inside
        space = PITCH // 2 if section.tables else 0
    body += _each("line", "signoff", "ReportSignoff")
    return f"{HEAD}<w:document {NAMES}><w:body>{body}{PAGE}</w:body></w:document>"


def _texts(section: Section, form: Form) -> str:
    """The texts of a section: its own, its topics, and the last of all beside the signature."""
    if section.key == form.topic_section:
        return _overview()
    name = text_name(form.lead(section.key), form)
    return _ending(name) if section is form.sections[-1] else _each("text", name)


def _each(name: str, source: str, style: str = "ReportBody", layout: str = "") -> str:
    """A paragraph for every text of `source`."""
    return (
        paragraph(style, f"{{%p for {name} in {source} %}}")
        + paragraph(style, f"{{{{ {name} }}}}", layout)
        + paragraph(style, "{%p endfor %}")
    )


def _title() -> str:
    """The title; one whose agency fills more than a line is set smaller."""
    return (
        paragraph("ReportTitle", "{%p if title_is_long %}")
        + paragraph("ReportLongTitle", "{{ title }}")
        + paragraph("ReportTitle", "{%p else %}")
        + paragraph("ReportTitle", "{{ title }}")
        + paragraph("ReportTitle", "{%p endif %}")
    )


def _overview() -> str:
    """The texts of 一、: an introduction, then each topic under its own title."""
    return (
        _each("text", "intro")
        + paragraph("ReportTopic", "{%p for topic in topics %}")
        + paragraph("ReportTopic", "{{ topic.number }}{{ topic.title }}")
        + _each("text", "topic.texts")
        + paragraph("ReportTopic", "{%p endfor %}")
    )


def _ending(name: str) -> str:
    """The last section's texts, the last of them with the signature block where it is short.

    A long one would leave its heading alone on the page before.
    """
    short = f"{name}[-1:] | join | length is le(350)"
    return _each("text", f"({name}[:-1] if {short} else {name})") + _each(
        "text", f"({name}[-1:] if {short} else [])", layout="<w:keepNext/>"
    )


def core() -> str:
    """`docProps/core.xml`: the title that a viewer shows."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{{ title_text }}</dc:title>'
        "</cp:coreProperties>"
    )


def content_types(word: dict[str, str]) -> str:
    """`[Content_Types].xml` for the parts in `word`, given by name with their kind."""
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD}.{kind}+xml"/>'
        for name, kind in word.items()
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def relations(*targets: tuple[str, str]) -> str:
    """A `.rels` part from pairs of type and target, numbered rId1, rId2…"""
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def parts(form: Form) -> dict[str, str]:
    """Every part of the package by its name."""
    word = {
        "header1": header(1),
        "header2": header(2),
        "footer1": footer("ReportOddPage"),
        "footer2": footer("ReportEvenPage"),
        "styles": styles(),
        "settings": SETTINGS,
        "fontTable": font_table(),
        "theme/theme1": theme(),
    }
    kinds = {name: name.rpartition("/")[2].rstrip("12") for name in word}
    types = {name: f"wordprocessingml.{kind}" for name, kind in kinds.items()}
    types |= {"document": "wordprocessingml.document.main", "theme/theme1": "theme"}
    link = f"{OFFICE}/relationships"
    return {
        "[Content_Types].xml": content_types(types),
        "_rels/.rels": relations(
            (f"{link}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": core(),
        "word/document.xml": document(form),
        "word/_rels/document.xml.rels": relations(
            *((f"{link}/{kinds[name]}", f"{name}.xml") for name in word)
        ),
        **{f"word/{name}.xml": xml for name, xml in word.items()},
    }


def main() -> None:
    """Write the template that the form names; the same form gives the same bytes."""
    form = load_form(Path(sys.argv[1])) if len(sys.argv) > 1 else load_form()
    with zipfile.ZipFile(ROOT / "templates" / form.template, "w") as package:
        for name, xml in parts(form).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            package.writestr(entry, xml.encode("utf-8"), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
