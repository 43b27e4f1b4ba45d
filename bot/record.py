"""A draft arranged as a report, and drafts and files as the dossiers that the checks look at.

Pure.
"""

from __future__ import annotations

from bot.checks.finding import Dossier
from bot.checks.texts import topic_item
from bot.draft import OPEN, RECEIVED, Draft
from bot.form import Form
from bot.reading import Reading
from bot.report import Report, Topic

_FEES = ("fee.notices", "fee.due", "fee.paid")  # as the interview names these items


def build_report(draft: Draft, *, final: bool = False) -> Report:
    """The report that a draft makes; what is not answered is empty, never 0."""
    form = draft.form
    return Report(
        format=form.format,
        agency=draft.agency,
        year=draft.year,
        level=draft.level,
        title=form.title_of(draft.agency, draft.year),
        texts={key: _text(draft, key) for key in form.texts if not form.items[key].number},
        topics=tuple(Topic(item.label, _text(draft, item.key)) for item in form.topics),
        figures=draft.values,
        final=final,
    )


def build_dossier(draft: Draft) -> Dossier:
    """All that the checks may look at."""
    return Dossier(
        form=draft.form,
        report=build_report(draft),
        received=draft.number(RECEIVED),
        open=draft.number(OPEN),
        todo=draft.todo,
        closed=draft.closed,
        derived=draft.added,
        settled=draft.settled,
        last=draft.last,
        last_approved=draft.last_approved,
        limits=draft.form.limits,
        fees=_fees(draft),
    )


def file_dossier(reading: Reading, form: Form, last: Report | None = None) -> Dossier:
    """All that the checks may look at in a report that was read from a file."""
    return Dossier(
        form=form,
        report=reading.report,
        unreadable=reading.unreadable,
        headings=reading.headings,
        labels=reading.labels,
        last=last,
        limits=form.limits,
    )


def report_texts(report: Report, form: Form) -> dict[str, str]:
    """A report's texts by item; a topic without an official title is added to 总述."""
    texts = {key: report.text(key) for key in form.texts}
    for topic in report.topics:
        item = topic_item(form, topic.title)
        key = item.key if item else form.lead(form.topic_section)
        text = topic.text if item else _untitled(topic)
        texts[key] = "\n".join(filter(None, (texts.get(key, ""), text)))
    return {key: text for key, text in texts.items() if text.strip()}


def _fees(draft: Draft) -> tuple[int | None, int | None, int | None] | None:
    """The three figures of 信息处理费 as they were answered, or None where none was."""
    notices, due, paid = (draft.number(item) for item in _FEES)
    return None if notices is due is paid is None else (notices, due, paid)


def _untitled(topic: Topic) -> str:
    return "\n".join(filter(None, (topic.title, topic.text)))


def _text(draft: Draft, key: str) -> str:
    return str(draft.value(key) or "")
