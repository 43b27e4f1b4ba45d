"""The end of the interview: the report is asked for, complete or as a draft.

Pure.
"""

from __future__ import annotations

from bot.answers import Value
from bot.draft import Answer
from bot.interview.asking import ask
from bot.interview.card import hard_findings, is_gap, unexplained
from bot.interview.questions import REVIEW, SIGNOFF, agenda
from bot.interview.talk import Choice, Talk

OTHER_FORMATS = ("pdf", "html", "xlsx", "txt")


def make_report(talk: Talk, formats: tuple[str, ...] = ("docx",)) -> None:
    """Ask for the document; it is final when nothing is open and no hard finding stands."""
    if not talk.draft.stage.locked:
        keep_signature(talk)
    draft = talk.draft
    hard = hard_findings(draft)
    missing = list(agenda(draft))
    complete = not hard and not missing and not draft.todo
    waits = complete and draft.stage.reviewed and draft.stage.name != "approved"
    talk.final = complete and not waits
    talk.makes = formats
    talk.say(
        "making" if formats == ("docx",) else "making_other", formats=formats, final=talk.final,
        missing=len(missing), todo=len(draft.todo), hard=len(hard), waits=waits,
        signoff=draft.value(SIGNOFF), owed=sum(1 for _ in unexplained(draft, passed=True)),
    )  # fmt: skip
    talk.move(asking=REVIEW if complete else talk.position.asking)
    if complete:
        owed = sum(1 for _ in unexplained(draft, passed=True))
        if owed:
            talk.offer(Choice("explain", "explain", {"count": owed}))
        if waits and draft.stage.name == "submitted":
            talk.offer(Choice("recall", "recall"))
        elif waits:
            talk.offer(Choice("submit", "submit"))
        talk.offer(Choice("preview", "preview"))
        talk.offer(*(Choice(f"as.{kind}", "as_" + kind) for kind in OTHER_FORMATS))
    else:
        talk.findings = tuple(f for f in hard if not is_gap(f))[:2]
        ask(talk, talk.position.asking, again=True)


def make_format(kind: str, talk: Talk, question: str) -> None:
    """要 PDF, 要 Excel …: the report as it stands in another format."""
    make_report(talk, (kind,))


def keep_signature(talk: Talk) -> None:
    """The signature block, proposed where nobody wrote another."""
    signature = talk.draft.answers.get(SIGNOFF)
    if signature is None or signature.source == "drafted":
        talk.keep(SIGNOFF, Answer(_signature(talk), "drafted"))


def _signature(talk: Talk) -> Value:
    """The usual signature block: the agency and the day."""
    day = talk.scene.today
    return f"{talk.draft.agency}\n{day.year}年{day.month}月{day.day}日"
