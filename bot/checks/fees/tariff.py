"""The tariff of 信息处理费: 国办函〔2020〕109号, articles 4 (by cases) and 5 (by pages), in 元.

Pure.
"""

from __future__ import annotations

from decimal import Decimal


def fee_by_cases(cases: int) -> int:
    """What one applicant's requests of one month cost, counted by 件."""
    first = min(max(cases - 10, 0), 20) * 100
    steps = range(31, cases + 1)
    return first + sum(200 + (n - 31) // 10 * 100 for n in steps)


def fee_by_pages(pages: int) -> int:
    """What one request costs, counted by pages."""
    return (
        min(max(pages - 30, 0), 70) * 10
        + min(max(pages - 100, 0), 100) * 20
        + max(pages - 200, 0) * 40
    )


def is_tariff(yuan: Decimal, cases: int | None = None) -> bool:
    """Whether an amount can come out of the tariff: for one notice exactly, else in steps of 10."""
    if yuan != yuan.to_integral_value() or yuan % 10:
        return False
    if cases != 1 or yuan % 100 == 0:
        return True
    if yuan <= 700:
        return True
    if yuan <= 2700:
        return (yuan - 700) % 20 == 0
    return (yuan - 2700) % 40 == 0
