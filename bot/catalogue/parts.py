"""What a form says of itself beside its items: gates, the table of cases, sums, checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from bot.catalogue.file import FormFile
from bot.checks import FAMILIES
from bot.form import Flow, Gate, Item, Table

WORDS = ("charge", "example", "example_text", "template", "title_words")
_FLOW = {
    "table", "gate", "kinds", "outcomes", "new", "carried_in", "handled", "carried_out", "total",
}  # fmt: skip


def build_gates(file: FormFile, items: Mapping[str, Item]) -> Iterator[Gate]:
    """The gates; together they cover every cell exactly once."""
    covered: dict[str, str] = {}
    for number, gate in enumerate(file.data.get("gates", ()), 1):
        place = f"gates[{number}]"
        file.unknown(gate, {"key", "label", "question", "cells", "help", "together"}, place)
        key = file.word(gate, "key", place)
        cells = tuple(
            item.key
            for item in items.values()
            if item.is_cell and any(fnmatchcase(item.key, mask) for mask in gate.get("cells", []))
        )
        if not cells:
            file.faults.append(f"{place}：“{key}”没有管到任何单元格")
        for cell in cells:
            if cell in covered:
                file.faults.append(f"{place}：“{cell}”已经归“{covered[cell]}”管")
            covered[cell] = key
        yield Gate(
            key, file.word(gate, "label", place), file.word(gate, "question", place), cells,
            gate.get("help", ""), gate.get("together", False),
        )  # fmt: skip
    loose = [item.key for item in items.values() if item.is_cell and item.key not in covered]
    if loose:
        file.faults.append(f"gates：{len(loose)} 个单元格没有归属，例如“{loose[0]}”")


def build_flow(
    file: FormFile,
    tables: Mapping[str, Table],
    sets: Mapping[str, tuple[str, ...]],
    gates: set[str],
) -> Flow:
    """The table of cases by the names that `[flow]` gives; an empty one where none is."""
    source = file.data.get("flow", {})
    if not source:
        return Flow()
    file.unknown(source, _FLOW, "flow")
    words = {key: file.word(source, key, "flow") for key in _FLOW}
    table = tables.get(words["table"])
    if table is None or words["gate"] not in gates:
        file.faults.append("flow：table 或 gate 不在表单里")
        return Flow()
    kinds, outcomes = (sets.get(words[key], ()) for key in ("kinds", "outcomes"))
    rows, columns = ({line.key for line in lines} for lines in (table.rows, table.columns))
    ends = (words[key] for key in ("new", "carried_in", "handled", "carried_out"))
    named = {*outcomes, *ends}
    for key in sorted((named - rows) | ({*kinds, words["total"]} - columns)):
        file.faults.append(f"flow：“{table.key}”里没有叫“{key}”的行或列")
    if not kinds or not outcomes:
        file.faults.append("flow：kinds 和 outcomes 应为 [sets] 里的名称")
    return Flow(**words | {
        "cells": f"{table.section}.{table.cell}", "kinds": kinds, "outcomes": outcomes,
    })  # type: ignore[arg-type]  # fmt: skip


def build_facts(file: FormFile, items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
    """The named sums that paragraphs speak of."""
    facts: dict[str, tuple[str, ...]] = {}
    for name, cells in file.data.get("facts", {}).items():
        facts[name] = tuple([cells] if isinstance(cells, str) else cells)
        for cell in facts[name]:
            if cell not in items or not items[cell].is_cell:
                file.faults.append(f"facts.{name}：没有叫“{cell}”的单元格")
    return facts


def named_checks(file: FormFile) -> list[str]:
    """The families of checks that the form names."""
    named = file.data.get("checks", [])
    return named if isinstance(named, list) else []


def check_more(file: FormFile, items: Mapping[str, Item]) -> None:
    """Faults of what a form says of itself beside its items."""
    for name in named_checks(file):
        if name not in FAMILIES:
            file.faults.append(f"checks：没有叫“{name}”的一组检查；有：{'、'.join(FAMILIES)}")
    for key in (key for key in WORDS if not isinstance(file.data.get(key, ""), str)):
        file.faults.append(f"表单.{key}：应为文字")
    charge = file.data.get("charge", "")
    if charge and charge not in items:
        file.faults.append(f"表单.charge：没有叫“{charge}”的文字项")
    homes = {item.section for item in items.values() if item.number}
    if len(homes) > 1:
        file.faults.append("texts：带编号的文字项只能都在同一个部分里")
    loose = Counter(i.section for i in items.values() if not i.is_cell and not i.number)
    for section in (s for s, times in loose.items() if s and times > 1):
        file.faults.append(f"texts：“{section}”里不带编号的文字项只能有一个")
