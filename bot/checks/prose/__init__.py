"""The texts alone: whether all parts are there, and how they are written.

Each check stands with its family: `texts` fits any form, `parts` knows what the parts of the form
of 2021 must hold. The order is that in which findings of one weight are told.
"""

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

CHECKS: tuple[tuple[str, Callable[[Dossier], Iterable[Finding]]], ...] = (
    ("texts", structure.check_figures_only),
    ("texts", structure.check_title),
    ("texts", structure.check_headings),
    ("parts", structure.check_topics),
    ("parts", structure.check_problems),
    ("texts", structure.check_empty),
    ("texts", structure.check_leftovers),
    ("parts", structure.check_old_labels),
    ("parts", structure.check_accounts),
    ("texts", headings.check_wording),
    ("texts", numbering.check_numbering),
    ("texts", periods.check_periods),
    ("texts", wording.check_latin),
    ("texts", repeated.check_repetition),
    ("texts", bodies.check_bodies),
    ("texts", punctuation.check_punctuation),
    ("texts", wording.check_substance),
    ("texts", private.check_private),
    ("texts", private.check_secret),
    ("texts", copied.check_copied),
    ("parts", copied.check_improvement),
    ("texts", structure.check_todo),
)
