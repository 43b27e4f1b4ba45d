"""The tree of units: nobody is lost, whatever a roster holds by mistake."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.office.standing import Unit
from bot.office.tree import ancestors, children, under


def unit(number: int, name: str, parent: int | None = None, order: int = 0) -> Unit:
    """A unit below another."""
    return Unit(number, name, parent=parent, order=order)


COUNTY = unit(1, "青石县人民政府")
OFFICE = unit(2, "青石县人民政府办公室", parent=1, order=1)
TOWN = unit(3, "云岭镇人民政府", parent=1, order=3)
BUREAU = unit(4, "青石县水务局", parent=1, order=2)
STATION = unit(5, "云岭镇水务站", parent=3)
TREE = (STATION, TOWN, BUREAU, OFFICE, COUNTY)


def test_the_tree_is_told_from_the_top_with_each_unit_before_those_below_it() -> None:
    assert under(TREE, None) == (COUNTY, OFFICE, BUREAU, TOWN, STATION)
    assert under(TREE, 1) == (OFFICE, BUREAU, TOWN, STATION)
    assert under(TREE, 5) == ()


def test_children_stand_right_below_and_ancestors_above_nearest_first() -> None:
    assert children(TREE, 1) == (OFFICE, BUREAU, TOWN)
    assert children(TREE, None) == (COUNTY,)
    assert ancestors(TREE, 5) == (TOWN, COUNTY)
    assert ancestors(TREE, 1) == ancestors(TREE, 77) == ()


def test_a_government_that_is_not_in_the_list_has_children_all_the_same() -> None:
    without = (STATION, TOWN, BUREAU)
    assert under(without, 1) == under(without, None) == (BUREAU, TOWN, STATION)
    assert children(without, None) == (BUREAU, TOWN)


def test_a_circle_ends_and_loses_nobody() -> None:
    circle = (replace(COUNTY, parent=5), TOWN, STATION)
    assert under(circle, 1) == (TOWN, STATION)
    assert ancestors(circle, 1) == (STATION, TOWN)
    assert set(under(circle, None)) == set(circle)
    alone = replace(COUNTY, parent=1)
    assert under([alone], 1) == ancestors([alone], 1) == ()


def test_a_very_long_chain_of_governments_is_walked() -> None:
    chain = [unit(n, f"第{n}级", parent=n - 1 or None) for n in range(1, 3001)]
    assert under(chain, None) == tuple(chain)
    assert len(ancestors(chain, 3000)) == 2999


PARENTS = st.lists(st.none() | st.integers(0, 12), max_size=10)


@given(PARENTS)
def test_the_whole_tree_holds_every_unit_once_whatever_the_roster_says(
    parents: list[int | None],
) -> None:
    units = [unit(n, f"单位{n}", parent=parent) for n, parent in enumerate(parents)]
    tree = under(units, None)
    assert sorted(each.id for each in tree) == list(range(len(units)))
    for each in units:
        above = ancestors(units, each.id)
        assert each not in above
        assert all(each in under(units, higher.id) for higher in above)
