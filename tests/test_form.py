"""The form as a value: what is summed from what, and how a place is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tables import form


@pytest.mark.parametrize("turned", [False, True])
def test_a_total_is_worked_out_behind_the_totals_that_it_is_the_sum_of(turned: bool) -> None:
    rules = form().rules[::-1] if turned else form().rules
    sums = replace(form(), rules=rules).sums
    totals = [total for total, _ in sums]
    assert sorted(totals) == sorted(set(totals))
    for at, (_, parts) in enumerate(sums):
        assert not set(parts) & set(totals[at:])


def test_an_equation_of_two_sums_makes_no_total() -> None:
    balance = [rule for rule in form().rules if len(rule.right) > 1]
    assert balance
    assert replace(form(), rules=tuple(balance)).total_of == {}


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("requests.granted.natural_person", "三、本年度办理结果 › （一）予以公开 · 自然人"),
        ("proactive.permits", "行政许可"),
        ("overview.requests", "一、总体情况 › （二）依申请公开"),
        ("problems", "五、存在的主要问题及改进情况"),
    ],
)  # fmt: skip
def test_the_full_place_of_an_item_names_its_rows_and_its_column(key: str, place: str) -> None:
    assert form().full_place(key) == place
