"""Writes a report as its JSON data file, in the keys of the form."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from bot.form import Form
from bot.report import Report, show_figure


def render(report: Report, form: Form) -> bytes:
    """The report as UTF-8 JSON."""
    return (write_report(report, form, indent=1) + "\n").encode()


def write_report(report: Report, form: Form, indent: int | None = None) -> str:
    """The report as JSON text: counts as numbers, money as text, what is not answered as null."""
    sections: dict[str, Any] = {}
    for section in form.sections:
        if section.tables:
            sections[section.key] = {}
    for cell in form.cells:
        figure = report.figures.get(cell)
        shown = show_figure(figure) if isinstance(figure, Decimal) else figure
        *path, last = cell.split(".")
        place = sections
        for step in path:
            place = place.setdefault(step, {})
        place[last] = shown
    texts: dict[str, Any] = {}
    topics = [{"title": topic.title, "text": topic.text} for topic in report.topics]
    for section in form.sections if report.has_texts else ():
        if section.texts:
            text = report.text(form.lead(section.key))
            is_parted = section.key == form.topic_section
            texts[section.key] = {"intro": text, "items": topics} if is_parted else text
    ordered = {
        section.key: {**sections, **texts}[section.key]
        for section in form.sections
        if section.key in sections or section.key in texts
    }
    data: dict[str, Any] = {
        "format": report.format,
        "agency": report.agency,
        "year": report.year,
        "level": report.level,
        "title": report.title,
        "preamble": report.text("preamble"),
        "sections": ordered,
        "signoff": report.text("signoff"),
    }
    if report.final:
        data["final"] = True
    return json.dumps(data, ensure_ascii=False, indent=indent)
