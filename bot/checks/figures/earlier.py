"""Last year's figures, where this year's may be held against them.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.checks.finding import Dossier
from bot.report import Figure


def earlier(dossier: Dossier) -> Mapping[str, Figure]:
    """The figures of the year before the report's; empty where that year's report is not known."""
    last, report = dossier.last, dossier.report
    return last.figures if last and last.year == report.year - 1 else {}
