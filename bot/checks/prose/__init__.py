"""The texts alone: whether all parts are there, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.checks.finding import Dossier, Finding
from bot.checks.prose import (
    bodies,
    copied,
    headings,
    numbering,
    periods,
    private,
    punctuation,
    repeated,
    structure,
    wording,
)

Checks = tuple[Callable[[Dossier], Iterable[Finding]], ...]

TEXTS: Checks = (
    structure.check_figures_only,
    structure.check_title,
    structure.check_headings,
    structure.check_empty,
    structure.check_leftovers,
    headings.check_wording,
    numbering.check_numbering,
    periods.check_periods,
    wording.check_latin,
    repeated.check_repetition,
    bodies.check_bodies,
    punctuation.check_punctuation,
    wording.check_substance,
    private.check_private,
    private.check_secret,
    copied.check_copied,
    structure.check_todo,
)
"""Of any form."""

PARTS: Checks = (
    structure.check_topics,
    structure.check_problems,
    structure.check_old_labels,
    structure.check_accounts,
    copied.check_improvement,
)
"""Of the form of 2021: what its parts must hold."""

CHECKS: Checks = (*TEXTS, *PARTS)
