"""The thresholds of the checks; an office may set its own.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """When a figure or a text is worth a question.

    Shares are between 0 and 1.
    """

    open_share: float = 0.25
    """T3-LATE: cases carried over, of those received."""
    open_least: int = 5
    """T3-LATE: fewer open cases are never asked about."""
    other_share: float = 0.10
    """T3-OTHER: outcomes under 其他, of all outcomes."""
    other_least: int = 5
    """T3-OTHER: fewer are never asked about."""
    jump: float = 5.0
    """CY-JUMP, NUM-07: times last year's figure, upwards or downwards."""
    jump_least: int = 20
    """CY-JUMP, NUM-07: where both years stay below this nothing is asked."""
    powers_least: int = 5
    """T2-04: begun or ended decisions and fees (件, 万元) are never asked about below this."""
    same_digits: int = 6
    """CY-SAME: digits of the figures that are all as last year; fewer may be chance."""
    confused_least: int = 5
    """T3-TOP: fewer cases in a row that is often confused with another are left alone."""
    corrected_share: float = 0.30
    """T4-LOSS: cases corrected, of those closed."""
    corrected_least: int = 5
    """T4-LOSS: fewer closed cases are never remarked on."""
    short_text: int = 30
    """NAR-SHORT: characters of a part of the overview."""
    copied_share: float = 0.50
    """NAR-SIM: sentences that stand in last year's report as they are: explain."""
    copied_note: float = 0.30
    """NAR-SIM: the same as a note."""


DEFAULTS = Limits()
