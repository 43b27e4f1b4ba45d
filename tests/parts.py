"""The parts of a report by short names, for tests that change one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.report import Report

PARTS = {
    "preamble": "preamble", "intro": "overview.intro", "problems": "problems", "other": "other",
    "signoff": "signoff",
}  # fmt: skip
"""Short names with the keys of the form."""


def with_parts(report: Report, **changes: Any) -> Report:
    """The report with other fields or parts; one with 总述, 五 and 六 None carries no texts."""
    parts = {PARTS[name]: changes.pop(name) for name in [*changes] if name in PARTS}
    if all(parts.get(PARTS[name], "") is None for name in ("intro", "problems", "other")):
        changes["has_texts"] = False
    texts = {**report.texts, **{key: text or "" for key, text in parts.items()}}
    return replace(report, **{"texts": texts, **changes})
