"""Proofreading: what cannot be printed is refused before, what was printed wrongly after.

A finished file is read back and compared with the record it was made from; a file that differs is
never handed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.form import Form
from bot.readers.headings import topic_numbers
from bot.readers.reading import Reading
from bot.readers.tables import place_of
from bot.report import Report, paragraphs, show_figure

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TEMPLATE_MARK = re.compile(r"\{[{%#]|[}%#]\}")
_SHOWN = 3


class DocumentError(Exception):
    """A document that was not made, or is not handed out; `faults` are sentences with the place."""

    def __init__(self, about: str, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        more = f"\n……共 {len(self.faults)} 处" if len(self.faults) > _SHOWN else ""
        super().__init__(f"{about}：\n" + "\n".join(self.faults[:_SHOWN]) + more)


def unprintable(text: str) -> str:
    """The characters of `text` that no document can hold, each once; empty when all is well.

    These are the control characters except tab and line ends, halves of surrogate pairs and the
    two non-characters U+FFFE and U+FFFF.
    """
    return "".join(dict.fromkeys(_UNPRINTABLE.findall(text)))


def check_printable(report: Report, form: Form) -> None:
    """Raise DocumentError, before anything is made, where the report cannot be printed as it is."""
    faults = [*_misfits(report, form), *_unprintables(report, form)]
    if faults:
        raise DocumentError("这份报告还不能生成文件", faults)


def compare(report: Report, reading: Reading, form: Form) -> tuple[str, ...]:
    """What differs between the record and the file read back, in sentences; empty when nothing."""
    marks = (text[:40] for text in reading.around if _TEMPLATE_MARK.search(text))
    return (
        *_heading_differences(reading, form),
        *_text_differences(report, reading.report, form),
        *_figure_differences(report, reading.report, form),
        *reading.unread,
        *(f"模板里的标记没有填上：“{mark}”。" for mark in marks),
    )


# ── before ──────────────────────────────────────────────────────────────────────────────────


def _misfits(report: Report, form: Form) -> Iterator[str]:
    """Where the report does not fit the form."""
    if report.format != form.format:
        yield f"报告用的是“{report.format}”格式，表单是“{form.format}”格式。"
    for key in report.figures:
        if key not in form.cells:
            yield f"表单里没有“{key}”这一格。"
    room = len(topic_numbers(form))
    if len(report.topics) > room:
        yield f"总体情况最多分 {room} 个方面，报告里有 {len(report.topics)} 个。"


def _unprintables(report: Report, form: Form) -> Iterator[str]:
    """Which texts hold what no document can hold."""
    titles = _titles(report, form)
    for place, title in titles.items():
        if len(paragraphs(title)) > 1:
            yield f"“{place}”应该只有一行。"
    own = {f"本地名称“{label}”": text for label, text in form.labels.items()}
    for place, text in (titles | _texts(report, form) | own).items():
        if found := unprintable(text):
            codes = "、".join(f"U+{ord(character):04X}" for character in found)
            yield f"“{place}”里有不能打印的字符（{codes}），请删掉再试。"


# ── after ───────────────────────────────────────────────────────────────────────────────────


def _heading_differences(reading: Reading, form: Form) -> Iterator[str]:
    """Whether every numbered heading stands there once and in order."""
    labels = tuple(section.label for section in form.sections)
    if reading.headings != labels:
        yield f"大标题应为“{'、'.join(labels)}”，读回是“{'、'.join(reading.headings)}”。"


def _text_differences(record: Report, found: Report, form: Form) -> Iterator[str]:
    """Which texts are not the record's."""
    if record.final != found.final:
        yield "定稿上有草稿标记。" if record.final else "草稿上没有草稿标记。"
    if len(record.topics) != len(found.topics):
        yield f"总体情况应有 {len(record.topics)} 个方面，读回是 {len(found.topics)} 个。"
    typed = _titles(record, form) | _texts(record, form)
    printed = _titles(found, form) | _texts(found, form)
    for place in typed | printed:
        # What was typed is split into paragraphs; what was printed is taken exactly as it stands.
        wanted, text = paragraphs(typed.get(place)), printed.get(place, "")
        got = tuple(text.split("\n")) if text else ()
        if wanted != got:
            yield f"“{place}”{_first_change(wanted, got)}"


def _first_change(wanted: tuple[str, ...], got: tuple[str, ...]) -> str:
    """The first paragraph that differs, in words."""
    for number, (typed, printed) in enumerate(zip(wanted, got, strict=False), 1):
        if typed != printed:
            return f"第 {number} 段应为“{typed[:30]}”，读回是“{printed[:30]}”。"
    return f"应有 {len(wanted)} 段，读回是 {len(got)} 段。"


def _figure_differences(record: Report, found: Report, form: Form) -> Iterator[str]:
    """Which figures are not the record's."""
    for key in form.cells:
        wanted, got = record.figures.get(key), found.figures.get(key)
        if wanted != got:
            item = form.items[key]
            place = place_of(item, form.section(item.section))
            shown = [show_figure(figure) or "空白" for figure in (wanted, got)]
            yield f"“{place}”应为 {shown[0]}，读回是 {shown[1]}。"


# ── the places of a report by name ──────────────────────────────────────────────────────────


def _titles(report: Report, form: Form) -> dict[str, str]:
    """What must stand on one line."""
    overview = _topics_place(form)
    numbered = zip(topic_numbers(form), report.topics, strict=False)
    titles = {f"{overview}{number}的标题": topic.title for number, topic in numbered}
    return {"标题": report.title} | titles


def _texts(report: Report, form: Form) -> dict[str, str]:
    """What may have several paragraphs."""
    overview = _topics_place(form)
    numbered = zip(topic_numbers(form), report.topics, strict=False)
    texts = {}
    for key in form.texts:
        item = form.items[key]
        if not item.number:
            place = form.section(item.section).label if item.section else item.label
            texts[place] = report.text(key)
    return texts | {f"{overview}{number}": topic.text for number, topic in numbered}


def _topics_place(form: Form) -> str:
    """The heading above the topics."""
    return form.section(form.topic_section).label if form.topics else ""
