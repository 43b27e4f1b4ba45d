"""The end of the interview: the report is asked for, complete or as a draft.

Pure.
"""

from __future__ import annotations

from bot.answers import Value
from bot.checks import run_checks
from bot.draft import Answer
from bot.interview.asking import ask
from bot.interview.card import hard_first, is_gap
from bot.interview.questions import REVIEW, agenda
from bot.interview.talk import Talk
from bot.record import build_dossier


def make_report(talk: Talk) -> None:
    """Ask for the document; it is final when nothing is open and no hard finding stands."""
    signature = talk.draft.answers.get("signoff")
    if signature is None or signature.source == "drafted":
        talk.keep("signoff", Answer(_signature(talk), "drafted"))
    draft = talk.draft
    hard = [f for f in run_checks(build_dossier(draft)) if f.severity == "hard"]
    missing = list(agenda(draft))
    talk.final = not hard and not missing and not draft.todo
    talk.makes_report = True
    talk.say(
        "making", final=talk.final, missing=len(missing), todo=len(draft.todo),
        hard=len(hard_first(hard, ())), signoff=draft.value("signoff"),
    )  # fmt: skip
    talk.move(asking=REVIEW if talk.final else talk.position.asking)
    if not talk.final:
        talk.findings = tuple(f for f in hard_first(hard, ()) if not is_gap(f))[:2]
        ask(talk, talk.position.asking, again=True)


def _signature(talk: Talk) -> Value:
    """The usual signature block: the agency and the day."""
    day = talk.scene.today
    return f"{talk.draft.agency}\n{day.year}年{day.month}月{day.day}日"
