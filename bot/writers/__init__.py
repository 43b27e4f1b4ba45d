"""Writers: a report becomes a file; a file that differs from its record is never handed out.

A new format is a module with `render(report, form) -> bytes` and its entry in `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from bot.form import Form
from bot.messages import File
from bot.report import Report
from bot.writers.naming import file_name

WRITERS: Mapping[str, str] = {
    "docx": "docx",
    "pdf": "pdf",
    "png": "pages",
    "html": "html",
    "xlsx": "xlsx",
    "txt": "text",
    "json": "json",
}
"""Each format's ending and the module that writes it; `png` gives one picture a page."""

PRINTED = ("pdf", "png")
"""The formats that are set in an office's own fonts where it has any."""


def write(kind: str, report: Report, form: Form, **more: object) -> File:
    """The report as a file of a format; raises DocumentError where it cannot be made.

    `more` is what a format takes besides: `last` and `draft` for a workbook, `marks` for pictures,
    `fonts` for pictures and PDF; `PRINTED` names the formats that take fonts.
    The format's libraries are loaded when it is first wanted.
    """
    module = import_module(f"bot.writers.{WRITERS[kind]}")
    name = file_name(report, kind)
    if kind == "png":
        return File(name, b"", module.render_pages(report, form, **more))
    return File(name, module.render(report, form, **more))
