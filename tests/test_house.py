"""The picture of the house is the house: it is made anew and compared with the one in docs/."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from docs import make_house


def test_the_picture_of_the_house_is_what_the_script_makes_now() -> None:
    same = make_house.PICTURE.read_text(encoding="utf-8") == make_house.make()
    assert same, "run: python docs/make_house.py"


def test_every_room_stands_in_the_picture_with_its_name() -> None:
    rooms, _ = make_house.read_house()
    root = ElementTree.fromstring(make_house.make())
    words = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {make_house.title_of(room) for room in rooms} <= words


def test_no_two_rooms_and_no_line_and_room_of_a_row_touch() -> None:
    rooms, arrows = make_house.read_house()
    house = make_house.build(rooms, make_house.reduced(arrows))
    for row in house.rows:
        for left, right in pairwise(row):
            assert left.x + left.wide / 2 < right.x - right.wide / 2 + 0.1, (left, right)


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    arrows = {"a": {"b", "c"}, "b": {"c"}, "c": set[str]()}
    assert make_house.reduced(arrows) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_rooms_that_import_in_a_circle_are_named() -> None:
    with pytest.raises(ValueError, match="a > b > a"):
        make_house.reduced({"a": {"b"}, "b": {"a"}})


def test_a_floor_of_many_rooms_takes_several_rows() -> None:
    names = [f"a_room_with_a_name_{n}" for n in range(20)]
    rows = make_house.rows_of_floor(names, dict.fromkeys(names, 1), {n: set() for n in names})
    assert len(rows) > 3
    assert sorted(name for row in rows for name in row) == sorted(names)
