"""A form's file is read whole or refused: with every fault, its place, and never a traceback."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import CatalogueError, find_form, form_names, forms, load_form
from bot.draft import Draft
from bot.form import Form
from bot.interview.position import Position
from bot.interview.talk import Scene
from bot.interview.turn import begin
from bot.local import Local
from bot.writers.boxes import layouts

SMALL = "enforcement-2021"
SOURCES = {
    name: tomllib.loads(find_form(name).read_text(encoding="utf-8")) for name in form_names()
}


def load(source: Any, monkeypatch: pytest.MonkeyPatch, local: Local | None = None) -> Form:
    """A form from what stands in a file."""
    monkeypatch.setattr(forms, "read_toml", lambda path: source)
    return load_form(Path("x.toml"), local)


def put(*steps: Any) -> Callable[[Any], None]:
    """Set the last of `steps` at the place that the others name."""
    *path, key, value = steps

    def change(source: Any) -> None:
        for step in path:
            source = source[step]
        source[key] = value

    return change


def drop(*steps: Any) -> Callable[[Any], None]:
    """Leave out what stands at a place."""
    *path, key = steps

    def change(source: Any) -> None:
        for step in path:
            source = source[step]
        del source[key]

    return change


WRONG: list[tuple[Callable[[Any], None], str]] = [
    (put("texts", 5), "texts：应为一组"),
    (put("sections", 0, "label", ["x"]), "sections[1].label：应为文字"),
    (put("tables", 0, "columns", 1, "aliases", [5]), "tables[1].columns[2].aliases[1]：应为文字"),
    (put("tables", 0, "columns", 1, "total", "yes"), "total：应为true 或 false"),
    (put("facts", {"x": 5}), "facts.x：应为文字或者文字的列表"),
    (put("checks", "sums"), "checks：应为文字的列表"),
    (put("checks", ["nix"]), "checks：没有叫“nix”的一组检查"),
    (put("checks", ["requests"]), "只认得 2021 年的表单"),
    (put("tables", 0, "cell", "{0.__class__}"), "tables[1].cell：只能用 {row} 和 {column}"),
    (put("tables", 0, "cell", "{"), "tables[1].cell：只能用"),
    (put("rules", 0, "left", ["{penalty.__class__}"]), "大括号不对"),
    (put("rules", 0, "left", []), "等式有一边是空的"),
    (put("rules", 0, "each", "nix"), "没有叫“nix”的集合"),
    (put("title", "{agency.__class__}{year}"), "表单.title：要有 {agency} 和 {year} 各一个"),
    (put("title", "{agency:>99999}{year}"), "表单.title"),
    (put("title", "年报"), "表单.title"),
    (put("title_words", "("), "表单.title_words：不是正则表达式"),
    (put("gates", 0, "question", "{year.__class__}？"), "问题里只能用 {year} 和 {last}"),
    (put("gates", 0, "question", "{有没有？"), "问题里只能用"),
    (put("gates", 0, "key", "penalties"), "应写成 gate.…"),
    (put("gates", 1, "key", "gate.penalties"), "“gate.penalties”重复"),
    (drop("gates", 0, "cells"), "没有管到任何单元格"),
    (drop("gates", 0), "个单元格没有归属"),
    (drop("sections", 0, "shape"), "没有写 shape"),
    (put("sections", 0, "shape", "crossed"), "只能放一张表"),
    (put("sections", 0, "shape", "round"), "sections[1].shape"),
    (put("sections", 4, "key", "signoff"), "“signoff”里没有任何指标"),
    (put("texts", 1, "section", "penalties"), "里没有任何指标"),
    (put("texts", 1, "section", "nix"), "没有叫“nix”的部分"),
    (put("texts", 1, "key", "a:b"), "只能用小写字母"),
    (put("texts", 1, "key", "x" * 60), "最多 40 个字符"),
    (put("tables", 0, "rows", 0, "key", "control"), "名称“control”另有用处"),
    (put("tables", 3, "rows", 0, "key", "permits"), "在几张表里都有"),
    (put("tables", 0, "columns", 1, "key", "warning"), "“warning”重复"),
    (put("tables", 0, "columns", 1, "label", "警告"), "里有几列都叫“警告”"),
    (put("tables", 0, "columns", 1, "label", "a\nb"), "不能有大括号和换行"),
    (put("tables", 0, "columns", 0, "total", True), "却没有一条规则把它加出来"),
    (put("tables", 0, "kind", "text"), "tables[1].kind"),
    (put("tables", 1, "kind", "count"), ""),
    (put("rules", [{"id": "E1-SUM", "severity": "hard", "left": ["penalties.fines"],
                    "right": ["penalties.total"]}]), "把件数和金额加在一起"),
    (put("charge", "nix"), "表单.charge：没有叫“nix”的文字项"),
    (put("flow", {"table": "permits"}), "flow.gate"),
    (put("facts", {"x": "nix.nix"}), "facts.x：没有叫“nix.nix”的单元格"),
    (put("colour", "red"), "不认识“colour”"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_fault_is_said_with_its_place(
    change: Callable[[Any], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = copy.deepcopy(SOURCES[SMALL])
    change(source)
    if not said:
        load(source, monkeypatch)
        return
    with pytest.raises(CatalogueError) as refused:
        load(source, monkeypatch)
    assert said in str(refused.value)


def test_totals_that_add_up_one_another_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    source = copy.deepcopy(SOURCES[SMALL])
    both = ("penalties.fine", "penalties.warning")
    source["rules"] += [
        {"id": "E1-SUM", "severity": "hard", "left": [one], "right": [other]}
        for one, other in (both, both[::-1])
    ]
    with pytest.raises(CatalogueError, match="互相加"):
        load(source, monkeypatch)


def test_all_faults_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    source = copy.deepcopy(SOURCES[SMALL])
    for change in (put("title", "x"), put("title_words", "("), drop("sections", 0, "shape")):
        change(source)
    with pytest.raises(CatalogueError) as refused:
        load(source, monkeypatch)
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize(
    "labels",
    [{"警告": "罚款"}, {"警告": "通报"}, {"警告": " "}, {"警告": "a\nb"}, {"警告": "{{x}}"}],
)
def test_an_offices_own_label_that_means_two_things_is_refused(
    labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CatalogueError):
        load(copy.deepcopy(SOURCES[SMALL]), monkeypatch, Local(labels))


def places(source: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a file's contents."""
    pairs = source.items() if isinstance(source, dict) else enumerate(source)
    found = []
    for key, value in pairs:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += places(value, (*path, key))
    return found


PLACES = {name: places(source) for name, source in SOURCES.items()}
ODD = st.sampled_from([None, 5, 1.5, True, "", "x", "{", "{0}", "{x}", "gate.x", [], [1], ["x"], {},
                       {"key": "x"}, "a:b", "字" * 99, "\n"])  # fmt: skip


@given(name=st.sampled_from(form_names()), data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_one_change_gives_a_form_that_begins_or_a_refusal(
    name: str, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = copy.deepcopy(SOURCES[name])
    path = data.draw(st.sampled_from(PLACES[name]))
    change = data.draw(st.one_of(st.just(drop(*path)), ODD.map(lambda odd: put(*path, odd))))
    change(source)
    try:
        form = load(source, monkeypatch)
    except CatalogueError:
        return
    scene = Scene(guides={}, today=date(2026, 1, 12), recall=lambda: None)
    assert begin(Draft(form, 1, "青石县水务局", 2025), Position(), scene).says
    assert layouts(form)
