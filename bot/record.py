"""A draft arranged as a report, and as the dossier that the checks look at.

Pure.
"""

from __future__ import annotations

from bot.checks.finding import Dossier
from bot.draft import OPEN, RECEIVED, Draft
from bot.report import Report, Topic


def build_report(draft: Draft, *, final: bool = False) -> Report:
    """The report that a draft makes; what is not answered is empty, never 0."""
    form = draft.form
    topics = tuple(
        Topic(form.items[key].label, _text(draft, key))
        for key in form.section("overview").texts
        if form.items[key].number
    )
    return Report(
        format=form.format,
        agency=draft.agency,
        year=draft.year,
        level=draft.level,
        title=form.title_of(draft.agency, draft.year),
        preamble=_text(draft, "preamble"),
        intro=_text(draft, "overview.intro"),
        topics=topics,
        figures=draft.values,
        problems=_text(draft, "problems"),
        other=_text(draft, "other"),
        signoff=_text(draft, "signoff"),
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
    )


def _text(draft: Draft, key: str) -> str:
    return str(draft.value(key) or "")
