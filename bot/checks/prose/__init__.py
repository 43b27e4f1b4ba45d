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

CHECKS: tuple[Callable[[Dossier], Iterable[Finding]], ...] = (
    structure.check_figures_only,
    structure.check_title,
    structure.check_headings,
    structure.check_topics,
    structure.check_problems,
    structure.check_other,
    structure.check_leftovers,
    structure.check_old_labels,
    structure.check_accounts,
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
    copied.check_improvement,
    structure.check_todo,
)
