"""A report that came as a file: what was read is shown first, then it is put to one of three uses.

It becomes last year's report, or this year's answers, or it is only checked. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answers import Rejected, plain, read_text
from bot.checks import run_checks
from bot.checks.figures.numbers import check_counts, check_money
from bot.checks.finding import Dossier, Finding
from bot.draft import Answer, Draft
from bot.interview.asking import ask, ask_next
from bot.interview.batch import store
from bot.interview.card import figure_rows, hard_first, outline
from bot.interview.position import propose
from bot.interview.questions import LAST
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk
from bot.reading import Reading, Received
from bot.record import build_dossier, file_dossier, report_texts
from bot.report import Report

_PAGE = 8
_UNREAD = 4


def show_received(talk: Talk, received: Received) -> None:
    """Say what was read and offer what can be done with it; nothing is stored."""
    reading = received.reading
    if reading is None:
        talk.say("file_refused", file=received.name, reason=received.refusal)
        ask(talk, talk.position.asking, again=True)
        return
    if reading.returned is not None and reading.returned.draft == talk.draft.id:
        show_returned(talk, received.name, reading)
        return
    report = reading.report
    draft = _as_draft(talk.draft, report)
    figures = [value for value in report.figures.values() if value is not None]
    findings = _findings(talk.draft, reading)
    talk.say(
        "file_read", outline(draft), file=received.name, agency=report.agency, year=report.year,
        known=len(figures), of=len(talk.draft.form.cells), nonzero=sum(map(bool, figures)),
        texts=[(key, len(text)) for key, text in report_texts(report, talk.draft.form).items()],
        unread=reading.unread[:_UNREAD], more=max(0, len(reading.unread) - _UNREAD),
        hard=sum(f.severity == "hard" for f in findings), old=reading.form_seen,
        explain=sum(f.severity == "explain" for f in findings),
        ours=is_ours(talk.draft.agency, report), unit=talk.draft.agency, cycle=talk.draft.year,
        same=plain(report.agency) == talk.draft.agency, unfit=unfit(talk.draft, report),
        replaced=_replaced(talk.draft, report),
    )  # fmt: skip
    talk.move(upload=received.upload, page=0, offer=())
    for choice in _uses(talk.draft, report, len(figures)):
        talk.offer(choice)
    talk.offer(Choice("check_file", "check_file"), Choice("drop_file", "drop_file"))


def show_returned(talk: Talk, name: str, reading: Reading) -> None:
    """A workbook of ours: only what was changed in it is shown, and stored after a yes."""
    assert reading.returned is not None
    changes = {
        item: value
        for item, value in reading.returned.changes.items()
        if talk.draft.standing(item) != value
        and not (value is None and not talk.draft.standing(item))
    }
    moved = [
        item
        for item, given in reading.returned.given.items()
        if item in changes and talk.draft.figure(item) != given
    ]
    answers = [(item, Answer(value, "imported") if value is not None else None)
               for item, value in changes.items()]  # fmt: skip
    after = talk.draft.with_changes([talk.draft.change(item, new) for item, new in answers])
    talk.say(
        "workbook_read", figure_rows(after, [i for i in changes if i in talk.draft.figures]),
        file=name, changes=[(item, talk.draft.standing(item), value)
                            for item, value in changes.items()],
        moved=moved, unread=reading.unread[:_UNREAD], more=max(0, len(reading.unread) - _UNREAD),
        failing=len(hard_first([f for f in run_checks(build_dossier(after), "figures")
                                if f.severity == "hard"], ())),
    )  # fmt: skip
    if not changes:
        ask(talk, talk.position.asking, again=True)
        return
    talk.move(offer=tuple(propose(item, new) for item, new in answers))
    talk.offer(Choice("ok", "store_batch", {"count": len(changes)}), Choice("drop", "drop_batch"))


def is_ours(own: str, report: Report) -> bool:
    """Whether a report's agency can be `own`: its name with more or less of the place before.

    A name that goes on behind the other is another body: 某局 and 某局城关分局.
    """
    theirs = plain(report.agency)
    return not theirs or own.endswith(theirs) or theirs.endswith(own)


def adopt(talk: Talk) -> None:
    """作为去年的报告: it stands beside the questions from now on."""
    received = _pending(talk)
    if received is None or received.reading is None:
        return
    report = replace(received.reading.report, year=talk.draft.year - 1)
    talk.draft = replace(talk.draft, last=report, last_approved=False)
    talk.adopts = received.upload
    talk.keep(LAST, Answer(str(received.upload), "imported"))
    talk.move(upload=0)
    flow = talk.draft.form.flow
    carried = talk.draft.last_figure(flow.open) if flow else None
    talk.say("last_kept", year=report.year, carried=carried)
    if talk.position.asking in talk.draft.left_over:
        ask_next(talk)  # this gate need not be asked any more
    else:
        _go_on(talk)


def put_back(talk: Talk) -> None:
    """撤销 of an adoption: the report adopted before stands again, or none."""
    before = talk.draft.value(LAST)
    received = talk.scene.received(int(str(before))) if before else None
    talk.adopts = received.upload if received else 0
    report = received.reading.report if received and received.reading else None
    last = replace(report, year=talk.draft.year - 1) if report else None
    talk.draft = replace(talk.draft, last=last, last_approved=False)


def fill_in(talk: Talk, *, gaps: bool = False) -> None:
    """填入今年的报告: figures and texts become answers, all of them or only where none stood."""
    received = _pending(talk)
    if received is None or received.reading is None:
        return
    answers = [
        (item, answer)
        for item, answer in imported(talk.draft, received.reading.report)
        if not (gaps and talk.draft.standing(item) not in (None, ""))
    ]
    if not answers:
        talk.move(upload=0)
        talk.say("nothing_to_fill")
        _go_on(talk)
        return
    talk.move(upload=0, offer=(), pieces=(), picked=None)
    store(talk, answers)
    talk.say("stored_batch", count=len(answers), items=[item for item, _ in answers])
    settle(talk)


def tell_findings(talk: Talk, page: int = 0) -> None:
    """只核对: the findings, most important first, some at a time."""
    received = _pending(talk)
    if received is None or received.reading is None:
        return
    reading = received.reading
    findings = _findings(talk.draft, reading)
    start = page * _PAGE
    shown = findings[start : start + _PAGE]
    left = len(findings) - start - len(shown)
    talk.say(
        "file_findings", findings=shown, figures=dict(reading.report.figures), start=start,
        count=len(findings), file=received.name, left=left,
    )  # fmt: skip
    talk.move(page=page)
    if left:
        talk.offer(Choice("more_findings", "more_findings", {"count": left}))
    for choice in _uses(talk.draft, reading.report, 0):
        talk.offer(choice)
    talk.offer(Choice("drop_file", "back_to_question"))


def more_findings(talk: Talk) -> None:
    """The next page of findings."""
    tell_findings(talk, talk.position.page + 1)


def put_away(talk: Talk) -> None:
    """Go back to the question that was open; the file changes nothing."""
    talk.move(upload=0)
    talk.say("file_dropped")
    _go_on(talk)


def _pending(talk: Talk) -> Received | None:
    """The file that the last message spoke of; without one the question is asked again."""
    received = talk.scene.received(talk.position.upload) if talk.position.upload else None
    if received is None or received.reading is None:
        _go_on(talk)
        return None
    return received


def _go_on(talk: Talk) -> None:
    if talk.position.asking:
        ask(talk, talk.position.asking, again=True)
    else:
        ask_next(talk)


def _uses(draft: Draft, report: Report, figures: int) -> Iterator[Choice]:
    """What a report can be used for, the likeliest first; another agency's can be nothing."""
    if not is_ours(draft.agency, report):
        if report.year == draft.year - 1:
            yield Choice("adopt", "adopt_renamed")
        return
    if report.year in (0, draft.year - 1):
        yield Choice("adopt", "adopt", {"year": draft.year - 1})
    if report.year in (0, draft.year):
        yield Choice("fill_in", "fill_in", {"year": draft.year})
        if any(key in draft.form.items for key in draft.answers):
            yield Choice("fill_gaps", "fill_gaps")


def imported(draft: Draft, report: Report) -> Iterator[tuple[str, Answer]]:
    """What a report answers; what typing would refuse is left out, `unfit` names it."""
    refused = unfit(draft, report)
    for cell, value in report.figures.items():
        if value is not None and cell not in refused:
            yield cell, Answer(value, "imported")
    for item, text in report_texts(report, draft.form).items():
        if item not in refused:
            yield item, Answer(read_text(text), "imported")


def unfit(draft: Draft, report: Report) -> tuple[str, ...]:
    """The items of a report that cannot be answers: no count, no amount, no printable text."""
    wrong = {
        cell
        for check in (check_counts, check_money)
        for finding in check(Dossier(draft.form, report))
        for cell in finding.cells
    }
    for item, text in report_texts(report, draft.form).items():
        try:
            read_text(text)
        except Rejected:
            wrong.add(item)
    return tuple(item for item in draft.form.items if item in wrong)


def _replaced(draft: Draft, report: Report) -> tuple[str, ...]:
    """What stands in the draft and would become something else."""
    if report.year != draft.year:
        return ()
    return tuple(
        item
        for item, new in imported(draft, report)
        if draft.standing(item) not in (None, "", new.value)
    )


def _findings(draft: Draft, reading: Reading) -> list[Finding]:
    """What a reviewer would say of the file; of the same unit, last year stands beside it."""
    ours = is_ours(draft.agency, reading.report) and reading.report.year == draft.year
    last = draft.last if ours else None
    found = run_checks(file_dossier(reading, draft.form, last))
    hard = [f for f in found if f.severity == "hard"]
    return hard_first(hard, [f for f in found if f.severity != "hard"])


def _as_draft(draft: Draft, report: Report) -> Draft:
    """A report's figures as a draft, to be looked at."""
    answers = {
        cell: Answer(value, "imported")
        for cell, value in report.figures.items()
        if value is not None
    }
    return Draft(draft.form, draft.id, report.agency, report.year, "", answers)
