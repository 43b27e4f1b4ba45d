"""Pictures of a report's pages, set like its PDF, to be looked at in a chat or on a screen.

Nobody publishes them, and a picture cannot be read back: they are made from the same data by the
same template as the PDF, which is read back.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from bot.form import Form
from bot.report import Report
from bot.writers.pdf import typeset

DENSITY = 110  # pixels an inch: A4 is 910 x 1286


def render_pages(
    report: Report,
    form: Form,
    *,
    marks: Set[str] = frozenset(),
    fonts: Path | None = None,
    density: int = DENSITY,
) -> tuple[bytes, ...]:
    """Every page as PNG, in order.

    The cells named by key in `marks` are tinted and have a ▲ in their corner; other keys count for
    nothing. Raises DocumentError as the PDF does.
    """
    return typeset(report, form, marks=marks, fonts=fonts, format="png", ppi=float(density))
