"""The form's equations and comparisons, and the sets that they sum over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, cast

from bot.catalogue.file import NAME, FormFile, is_pattern
from bot.form import Item, Relation, Rule, Severity, Sign, Table, Term

_SEVERITIES = ("hard", "explain", "note", "admin")
_SIGNS = ("=", ">=")
_TERM = re.compile(r"(?P<minus>-\s*)?(?P<last>last\s+)?(?P<cell>\S+)")


def build_sets(file: FormFile, tables: Mapping[str, Table]) -> dict[str, tuple[str, ...]]:
    """The named sets of rows or columns."""
    sets: dict[str, tuple[str, ...]] = {}
    for name, members in file.data.get("sets", {}).items():
        if isinstance(members, list):
            sets[name] = tuple(members)
            continue
        match = re.fullmatch(r"(rows|columns) of (\w+)", str(members))
        if not match or match[2] not in tables:
            file.faults.append(f"sets.{name}：“{members}”看不懂；应为列表或“rows of 表名”")
            continue
        table = tables[match[2]]
        lines = table.rows if match[1] == "rows" else table.columns
        sets[name] = tuple(line.key for line in lines)
    return sets


def build_rules(
    file: FormFile, sets: Mapping[str, tuple[str, ...]], items: Mapping[str, Item]
) -> Iterator[Rule]:
    """The rules, one for each member of its `each`."""
    for number, rule in enumerate(file.data.get("rules", ()), 1):
        place = f"rules[{number}]"
        file.unknown(rule, {"id", "severity", "each", "left", "right", "part"}, place)
        rule_id, severity = file.word(rule, "id", place), _severity(file, rule, place)
        for member, known in _members(file, rule, sets, place):
            sides = [
                tuple(_expand(file, rule.get(side, []), known, items, place))
                for side in ("left", "right")
            ]
            part = rule.get("part", "")
            yield Rule(rule_id, severity, sides[0], sides[1], member, part)


def build_relations(
    file: FormFile, sets: Mapping[str, tuple[str, ...]], items: Mapping[str, Item]
) -> Iterator[Relation]:
    """The comparisons, one for each member of its `each`; a form may have none."""
    sources = file.parts(file.data, "relations", "表单") if "relations" in file.data else []
    for number, source in enumerate(sources, 1):
        place = f"relations[{number}]"
        file.unknown(source, {"id", "severity", "each", "left", "sign", "right"}, place)
        name, severity = file.word(source, "id", place), _severity(file, source, place)
        sign = source.get("sign")
        if sign not in _SIGNS:
            file.faults.append(f"{place}.sign：“{sign}”不是 {'、'.join(_SIGNS)} 之一")
        for member, known in _members(file, source, sets, place):
            left, right = (
                tuple(_expand_terms(file, source, side, known, items, place))
                for side in ("left", "right")
            )
            yield Relation(name, severity, left, cast(Sign, sign), right, member)


def _severity(file: FormFile, source: dict[str, Any], place: str) -> Severity:
    """How much a broken rule matters."""
    severity = source.get("severity")
    if severity not in _SEVERITIES:
        known = "、".join(_SEVERITIES)
        file.faults.append(f"{place}.severity：“{severity}”不是 {known} 之一")
    return cast(Severity, severity)


def _members(
    file: FormFile, source: dict[str, Any], sets: Mapping[str, tuple[str, ...]], place: str
) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """What a rule holds for: each member of its `each`, with the sets narrowed to it."""
    each = source.get("each", "")
    if each and each not in sets:
        file.faults.append(f"{place}.each：没有叫“{each}”的集合")
        return
    for member in sets[each] if each else ("",):
        yield member, {**sets, each: (member,)} if each else sets


def _expand_terms(
    file: FormFile,
    source: dict[str, Any],
    side: str,
    sets: Mapping[str, tuple[str, ...]],
    items: Mapping[str, Item],
    place: str,
) -> Iterator[Term]:
    """The terms of one side: a cell, `last …` of last year, `- …` subtracted."""
    words = source.get(side)
    if not isinstance(words, list) or not words:
        file.faults.append(f"{place}.{side}：应为单元格的列表，不能空")
        return
    for word in words:
        match = _TERM.fullmatch(word.strip()) if isinstance(word, str) else None
        if not match:
            file.faults.append(f"{place}.{side}：“{word}”看不懂；应为“- last 单元格”这样的写法")
            continue
        for cell in _expand(file, [match["cell"]], sets, items, place):
            yield Term(cell, bool(match["last"]), bool(match["minus"]))


def _expand(
    file: FormFile,
    terms: list[str],
    sets: Mapping[str, tuple[str, ...]],
    items: Mapping[str, Item],
    place: str,
) -> Iterator[str]:
    """The cells that the terms of one side name."""
    if not terms:
        file.faults.append(f"{place}：等式有一边是空的")
    for term in terms:
        names = NAME.findall(term)
        if not is_pattern(term):
            file.faults.append(f"{place}：“{term}”里的大括号不对")
            continue
        missing = [name for name in names if name not in sets]
        if missing:
            file.faults.append(f"{place}：“{term}”里的“{'、'.join(missing)}”没有定义")
            continue
        for members in product(*(sets[name] for name in names)):
            cell = term.format(**dict(zip(names, members, strict=True)))
            if cell not in items or not items[cell].is_cell:
                file.faults.append(f"{place}：没有叫“{cell}”的单元格")
            yield cell
