"""Reads a report from its JSON data file; wrong totals are kept as found, gaps stay gaps."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from bot.form import Form
from bot.readers.reading import Reading, Unreadable
from bot.report import Figure, Report, Topic

LARGEST = 20_000_000


def read(content: bytes, form: Form) -> Reading:
    """The report in `content`; raises Unreadable where it is no report at all."""
    if len(content) > LARGEST:
        raise Unreadable("文件超过 20 MB，没有读。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("文件不是 UTF-8 文本，读不出来。") from None
    return read_report(text, form)


def read_report(text: str, form: Form) -> Reading:
    """The report in a JSON text; raises Unreadable where it is no report at all."""
    source = _parse(text)
    sections = source.get("sections")
    if not isinstance(sections, dict):
        raise Unreadable("文件里没有 sections，不是年报数据。")
    agency, year = source.get("agency"), source.get("year")
    if not isinstance(agency, str) or not isinstance(year, int) or isinstance(year, bool):
        raise Unreadable("文件里没有 agency（机关名称）或 year（年度），不是年报数据。")
    if str(source.get("format", form.format)) != form.format:
        raise Unreadable(
            f"文件是 {str(source['format'])[:20]} 年格式的数据，这里只读 {form.format}。"
        )
    figures, unreadable = _figures(sections, form)
    report = Report(
        format=form.format,
        agency=agency,
        year=year,
        level=_text(source.get("level")),
        title=_text(source.get("title")) or form.title_of(agency, year),
        texts=form.texts_of(lambda part: _text(_part(source, part, form))),
        topics=_topics(_part(source, form.topic_section, form, "items")),
        figures=figures,
        has_texts=any(section.texts and section.key in sections for section in form.sections),
        final=source.get("final") is True,
    )
    return Reading(report, unread=tuple(_unknown(sections, form)), unreadable=unreadable)


def _part(source: dict[str, Any], part: str, form: Form, held: str = "intro") -> Any:
    """What the data hold of a section's texts, or of a text outside the sections."""
    if part not in source["sections"]:
        return source.get(part)
    found = source["sections"][part]
    if part != form.topic_section:
        return found
    return found.get(held) if isinstance(found, dict) else None


def _parse(text: str) -> dict[str, Any]:
    try:
        source = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        json.dumps(source, ensure_ascii=False, default=str).encode()  # no halves of characters
    except (ValueError, RecursionError, ArithmeticError):
        raise Unreadable("文件不是有效的 JSON，读不出来。") from None
    if not isinstance(source, dict):
        raise Unreadable("文件里不是一份年报数据。")
    return source


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _figures(sections: Mapping[str, Any], form: Form) -> tuple[dict[str, Figure], dict[str, str]]:
    """All cells of the form; what is no figure is None, with what stood there."""
    figures: dict[str, Figure] = {}
    unreadable: dict[str, str] = {}
    for cell in form.cells:
        found: Any = sections
        for step in cell.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        figures[cell], ok = _figure(found, form.items[cell].kind == "money")
        if not ok:
            unreadable[cell] = str(found)[:60]
    return figures, unreadable


def _figure(found: Any, money: bool) -> tuple[Figure, bool]:
    """A figure as data has it: a number, or a plain number written as text."""
    if found is None:
        return None, True
    if isinstance(found, bool) or not isinstance(found, int | Decimal | str):
        return None, False
    if isinstance(found, str):
        word = found.strip()
        if not re.fullmatch(r"-?\d{1,20}(\.\d{1,10})?", word, re.ASCII):
            return None, False
        found = Decimal(word) if money or "." in word else int(word)
    if isinstance(found, Decimal):
        if not found.is_finite() or abs(found.adjusted()) > 30:
            return None, False
        if not money and found == found.to_integral_value():
            found = int(found)
    return (Decimal(found) if money else found), True


def _topics(items: Any) -> tuple[Topic, ...]:
    if not isinstance(items, list):
        return ()
    return tuple(
        Topic(_text(item.get("title")), _text(item.get("text")))
        for item in items
        if isinstance(item, dict)
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _unknown(sections: Mapping[str, Any], form: Form) -> list[str]:
    """Keys that stand for no cell of the form: they are said and not mapped."""
    unknown = []
    known = set(form.cells)
    for section in form.sections:
        held = sections.get(section.key)
        if not section.tables or not isinstance(held, dict):
            continue
        for key, value in held.items():
            keys = [f"{key}.{part}" for part in value] if isinstance(value, dict) else [key]
            unknown += [k for k in keys if f"{section.key}.{k}" not in known]
    return [f"不认识“{key[:60]}”，没有读入。" for key in unknown[:20]]
