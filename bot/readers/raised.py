"""Keeps raised and lowered figures apart from those beside them: a note mark is no digit.

A raised 1 becomes ¹, which `bot.readers.amounts` never takes for a digit.
"""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def raised(text: str) -> str:
    """A text with its figures as raised signs."""
    return text.translate(_RAISED)


def lowered(text: str) -> str:
    """A text with its figures as lowered signs."""
    return text.translate(_LOWERED)
