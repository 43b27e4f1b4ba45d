"""Findings while talking: after each answer only what is new, once, with its repairs as buttons.

Pure.
"""

from __future__ import annotations

import hashlib

from bot.checks import run_checks
from bot.checks.finding import Finding, Repair
from bot.draft import Answer
from bot.interview.card import hard_first
from bot.interview.position import Proposal, propose
from bot.interview.talk import Choice, Talk
from bot.record import build_dossier

_AT_REVIEW = ("PR-", "NUM-02")
_SHOWN = 2


def check(talk: Talk) -> None:
    """Say the findings that this turn brought, and offer to repair them."""
    if not talk.changes:
        return
    changed = set(talk.changes)
    findings = [f for f in run_checks(build_dossier(talk.draft)) if _is_said_at_once(f, changed)]
    told = set(talk.position.told)
    standing = {_mark(finding) for finding in findings}
    new = [finding for finding in findings if _mark(finding) not in told]
    shown = hard_first([f for f in new if f.severity == "hard"],
                       [f for f in new if f.severity != "hard"])[:_SHOWN]  # fmt: skip
    talk.move(told=tuple(sorted(standing)))
    talk.findings = tuple(shown)
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
    """What is missing is left to the review; a fault of a text is said when the text comes."""
    if finding.severity not in ("hard", "explain") or finding.rule.startswith(_AT_REVIEW):
        return False
    return not finding.rule.startswith("STR-") or not changed.isdisjoint(finding.cells)


def _mark(finding: Finding) -> str:
    return hashlib.sha256(repr(finding.identity).encode()).hexdigest()[:8]


def _proposal(repair: Repair) -> tuple[Proposal, ...]:
    return tuple(propose(c.cell, Answer(c.value, "typed")) for c in repair.changes)
