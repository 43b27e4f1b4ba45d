"""Findings while talking: after each answer only what is new, once, with its repairs as buttons.

Pure.
"""

from __future__ import annotations

import hashlib

from bot.checks import Kind, checks_of, run_checks
from bot.checks.finding import Finding, Repair
from bot.draft import Answer
from bot.interview.card import hard_first
from bot.interview.position import Proposal, propose
from bot.interview.talk import Choice, Talk
from bot.record import build_dossier

_AT_REVIEW = ("PR-", "NUM-02")
_OF_TEXTS = ("STR-", "NAR-")
_SHOWN = 2


def check(talk: Talk) -> None:
    """Say the findings that this turn brought, and offer to repair them."""
    changed = {item for item, change in talk.changes.items() if change.new and change.new.value}
    if not talk.changes:
        return
    told = set(talk.position.told)
    texts = set(talk.draft.form.texts)
    new: list[Finding] = []
    dossier = build_dossier(talk.draft)
    touched: dict[Kind, bool] = {
        "figures": not talk.changes.keys() <= texts,
        "texts": not talk.changes.keys().isdisjoint(texts),
        "claims": any(talk.draft.value(text) for text in texts),
    }
    for kinds in (kind for kind, is_touched in touched.items() if is_touched):
        kind, checks = kinds[0], checks_of(talk.draft.form, kinds)
        if checks:
            found = [f for f in run_checks(dossier, checks) if _is_said_at_once(f, changed)]
            new += [finding for finding in found if _mark(kind, finding) not in told]
            told = {mark for mark in told if mark[0] != kind}
            told |= {_mark(kind, finding) for finding in found}
    each = hard_first([f for f in new if f.severity == "hard"],
                      [f for f in new if f.severity != "hard"])  # fmt: skip
    shown = each[:_SHOWN]
    talk.move(told=tuple(sorted(told)))
    talk.findings = tuple(shown)
    if len(each) > len(shown):
        talk.say("more_found", count=len(each) - len(shown))
    if any(f.severity == "explain" for f in shown):
        talk.say("explain_hint")
    repairs: list[tuple[Proposal, ...]] = []
    for finding in shown:
        for repair in finding.repairs[:3]:
            proposal = _proposal(repair)
            if proposal not in repairs and len(repairs) < 3:
                talk.offer(Choice(f"r{len(repairs)}", "repair",
                                  {"finding": finding, "repair": repair}))  # fmt: skip
                repairs.append(proposal)
    talk.move(repairs=tuple(repairs))


def _is_said_at_once(finding: Finding, changed: set[str]) -> bool:
    """What is missing is left to the review; a fault of a text is said when the text comes.

    A note is said where one tap mends it; the others wait for the review.
    """
    if finding.rule.startswith(_AT_REVIEW):
        return False
    if finding.severity not in ("hard", "explain") and not finding.repairs:
        return False
    return not finding.rule.startswith(_OF_TEXTS) or not changed.isdisjoint(finding.cells)


def _mark(kind: str, finding: Finding) -> str:
    return kind + hashlib.sha256(repr(finding.identity).encode()).hexdigest()[:8]


def _proposal(repair: Repair) -> tuple[Proposal, ...]:
    return (
        *(propose(c.cell, Answer(c.value, "typed")) for c in repair.changes),
        *(propose(r.item, Answer(r.text, "typed")) for r in repair.rewrites),
    )
