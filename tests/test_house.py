"""The picture of the house is the house: it is made anew and compared with the one in docs/."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.xdist_group("layers")
SCRIPT = Path(__file__).resolve().parent.parent / "docs" / "make_house.py"


@cache
def script() -> ModuleType:
    """The script that makes the picture."""
    spec = importlib.util.spec_from_file_location("make_house", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_house"] = module
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_house_is_what_the_script_makes_now() -> None:
    same = script().PICTURE.read_text(encoding="utf-8") == script().make()
    assert same, "run: python docs/make_house.py"


def test_every_room_stands_in_the_picture_with_its_name() -> None:
    rooms, _ = script().read_house()
    root = ElementTree.fromstring(script().make())
    words = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {script().title_of(room) for room in rooms} <= words


def test_no_two_rooms_and_no_line_and_room_of_a_row_touch() -> None:
    rooms, arrows = script().read_house()
    house = script().build(rooms, script().reduced(arrows))
    for row in house.rows:
        for left, right in pairwise(row):
            assert left.x + left.wide / 2 < right.x - right.wide / 2 + 0.1, (left, right)


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    arrows = {"a": {"b", "c"}, "b": {"c"}, "c": set[str]()}
    assert script().reduced(arrows) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_rooms_that_import_in_a_circle_are_named() -> None:
    with pytest.raises(ValueError, match="a > b > a"):
        script().reduced({"a": {"b"}, "b": {"a"}})


def test_a_floor_of_many_rooms_takes_several_rows() -> None:
    names = [f"a_room_with_a_name_{n}" for n in range(20)]
    rows = script().rows_of_floor(names, dict.fromkeys(names, 1), {n: set() for n in names})
    assert len(rows) > 3
    assert sorted(name for row in rows for name in row) == sorted(names)
