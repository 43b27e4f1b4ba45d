"""Writes a report as a PDF, set by typst with `templates/report.typ`.

It is a second layout of the same record: its pages break elsewhere than Word's. The same report,
fonts and template give the same bytes; several threads may write at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

import typst

from bot.folders import TEMPLATES
from bot.form import Form
from bot.report import Report
from bot.writers.boxes import layouts
from bot.writers.composition import compose, printed, written
from bot.writers.fonts import Typefaces, typefaces
from bot.writers.printed import differences
from bot.writers.proof import DocumentError, check_printable

__all__ = ["TEMPLATE", "DocumentError", "Standard", "render", "typeset"]

TEMPLATE = TEMPLATES / "report.typ"
Standard = Literal["1.7", "a-2b"]

_ARCHIVE = ("a-2b",)


def render(
    report: Report,
    form: Form,
    *,
    standard: Standard = "1.7",
    fonts: Path | None = None,
    template: Path = TEMPLATE,
) -> bytes:
    """The report as a PDF file, read back and compared with `report` before it is returned.

    `standard` "a-2b" makes an archive file (PDF/A-2b); `fonts` is an office's own folder of fonts.
    Raises DocumentError where the report cannot be printed, where the fonts lack a character, and
    where the file differs from the record.
    """
    dated = standard in _ARCHIVE
    output = {"format": "pdf", "pdf_standards": [standard]}
    (content,) = typeset(report, form, fonts=fonts, template=template, dated=dated, **output)
    if found := differences(report, content, form):
        raise DocumentError("生成的文件与记录不一致，没有发出", found)
    return content


def typeset(
    report: Report,
    form: Form,
    *,
    marks: Collection[str] = (),
    fonts: Path | None = None,
    template: Path = TEMPLATE,
    dated: bool = False,
    **output: Any,
) -> tuple[bytes, ...]:
    """The report set by typst: one PDF, or a picture of each page.

    `dated` puts a date into the file's properties; `output` says how it is made, in the words of
    `typst.Compiler.compile`. Raises DocumentError as `render` does, but nothing is read back.
    """
    check_printable(report, form)
    faces = typefaces(fonts)
    _check_characters(report, form, faces)
    data = compose(report, form, marks)
    data["dated"] = dated
    data["faces"], data["stand_ins"] = dict(faces.families), sorted(faces.stand_ins)
    try:
        made = typst.Compiler(
            template.read_bytes(),
            root=str(template.parent),
            font_paths=faces.fonts,
            ignore_system_fonts=True,
            sys_inputs={"report": json.dumps(data)},
        ).compile(**output)
    except (OSError, typst.TypstError) as error:
        raise DocumentError("排版没有成功", [f"{template.name}：{error}"]) from error
    return tuple(made) if isinstance(made, list) else (made or b"",)


# ── characters that no font has ─────────────────────────────────────────────────────────────


def _check_characters(report: Report, form: Form, faces: Typefaces) -> None:
    """Raise DocumentError where a text has characters that would be printed as an empty box."""
    faults = []
    for text in dict.fromkeys((*written(report, form), *_labels(form))):
        if missing := faces.missing(printed(text, 0)):
            named = "、".join(f"{sign}（U+{ord(sign):04X}）" for sign in missing)
            faults.append(f"“{text[:20]}”里的 {named}，字体里没有这个字，印出来会是空框。")
    if faults:
        faults[0] += "请换一个写法，或者改用 Word 文件（.docx）。"
        raise DocumentError("这份报告还不能生成 PDF 和页面图", faults)


def _labels(form: Form) -> Iterator[str]:
    """What is printed in the tables beside the figures."""
    yield from (box.text for layout in layouts(form) for box in layout.boxes)
