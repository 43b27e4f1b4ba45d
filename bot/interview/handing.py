"""Between the clerk and the office: handing in, taking back, and what the office asks for.

Pure. A draft that was handed in is locked; one that came back asks exactly what was commented on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.draft import Answer, Draft
from bot.interview.asking import ask, ask_next
from bot.interview.card import hard_findings, unexplained
from bot.interview.finishing import keep_signature, make_report
from bot.interview.questions import REVIEW, agenda, pinned_at
from bot.interview.settling import CONFIRMED
from bot.interview.talk import Choice, Talk

_DECIDED = {
    "returned": "decided_returned",
    "approved": "decided_approved",
    "withdrawn": "decided_withdrawn",
}


ANYWAY = "anyway"


def submit(talk: Talk, question: str) -> None:
    """提交: freeze this version for the office; where there is none, make the document."""
    draft = talk.draft
    if not draft.stage.reviewed:
        make_report(talk)
        return
    if draft.stage.locked:
        say_locked(talk)
        return
    missing, hard = list(agenda(draft)), hard_findings(draft)
    if missing or hard or draft.todo:
        talk.say("cannot_submit", missing=len(missing), hard=len(hard), todo=len(draft.todo),
                 comments=len(draft.asked_for))  # fmt: skip
        ask_next(talk) if missing else ask(talk, REVIEW)
        return
    owed = sum(1 for _ in unexplained(draft, passed=True))
    if owed and question != ANYWAY:
        talk.say("submit_unexplained", count=owed)
        talk.offer(Choice("explain", "explain", {"count": owed}),
                   Choice("submit_anyway", "submit_anyway"))  # fmt: skip
        return
    keep_signature(talk)
    number = draft.stage.version + 1
    stage = replace(draft.stage, name="submitted", version=number)
    talk.draft = replace(talk.draft, stage=stage)
    talk.submits = True
    talk.say("submitted", number=number)
    talk.move(asking=REVIEW, home="")
    offer_locked(talk)


def recall(talk: Talk, question: str) -> None:
    """收回: take back what was handed in, as long as it was not decided on."""
    stage = talk.draft.stage
    if stage.name != "submitted":
        talk.say("nothing_to_recall", approved=stage.name == "approved")
        ask(talk, talk.position.asking, again=True)
        return
    talk.draft = replace(talk.draft, stage=replace(stage, name="filling"))
    talk.recalls = True
    talk.say("recalled", number=stage.version)
    ask(talk, REVIEW)


def say_locked(talk: Talk) -> None:
    """Nothing can be changed now: why, and what can be done."""
    stage = talk.draft.stage
    talk.say("locked", approved=stage.name == "approved", number=stage.version)
    talk.move(asking=REVIEW)
    offer_locked(talk)


def offer_locked(talk: Talk) -> None:
    """What is left to do with a locked report."""
    if talk.draft.stage.name == "submitted":
        talk.offer(Choice("recall", "recall"), Choice("preview", "preview"))
    else:
        talk.offer(Choice("make", "make"), Choice("preview", "preview"))


def uphold(talk: Talk, question: str) -> None:
    """不改: the clerk says why what the office asks for stays as it is."""
    comment = pinned_at(talk.draft, talk.position.asking)
    if comment is None:
        ask(talk, talk.position.asking, again=True)
        return
    ask(talk, comment.reply)


def confirm_comment(talk: Talk, question: str) -> None:
    """核对过，没有错: the clerk's own word about what the office asked."""
    comment = pinned_at(talk.draft, talk.position.asking)
    if comment is None:
        ask(talk, talk.position.asking, again=True)
        return
    talk.keep(comment.reply, Answer(CONFIRMED, "typed"))
    talk.say("reply_kept")
    ask_next(talk)


def promise(talk: Talk, day: date) -> None:
    """周四前完成: no reminder until then."""
    talk.promised = day
    talk.say("promised", day=day, weekday="一二三四五六日"[day.weekday()])
    ask(talk, talk.position.asking, again=True)


def show_decision(talk: Talk, kind: str, reason: str) -> None:
    """What the office decided, and the first question that follows from it."""
    draft = talk.draft
    talk.say(_DECIDED[kind], agency=draft.agency, year=draft.year, reason=reason,
             number=draft.stage.version, comments=_named(draft))  # fmt: skip
    talk.move(offer=(), pieces=(), picked=None, home="")
    if kind == "approved":
        talk.makes, talk.final = ("docx",), True
        talk.move(asking=REVIEW)
        talk.offer(Choice("as.pdf", "as_pdf"), Choice("as.html", "as_html"))
    elif draft.stage.locked:
        ask(talk, REVIEW)
    else:
        ask_next(talk)


def _named(draft: Draft) -> list[tuple[str, str]]:
    return [(comment.item, comment.text) for comment in draft.asked_for]
