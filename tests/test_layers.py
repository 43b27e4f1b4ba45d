"""The house's direction: who may import whom, and which library lives in which room."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

BOT = Path(__file__).resolve().parent.parent / "bot"
FILES = sorted(BOT.rglob("*.py"))

# from the bottom up; a room imports only from its own floor or from floors below
FLOORS: tuple[tuple[str, ...], ...] = (
    ("bot.limits",),
    (
        "bot.form",
        "bot.report",
        "bot.reading",
        "bot.messages",
        "bot.guide",
        "bot.folders",
        "bot.agency",
        "bot.reasons",
    ),
    ("bot.answers",),
    ("bot.draft", "bot.checks"),
    ("bot.record", "bot.encoding"),
    ("bot.telling",),
    ("bot.office",),
    ("bot.interview",),
    ("bot.desk",),
    ("bot.local",),
    ("bot.migrations", "bot.catalogue", "bot.settings", "bot.readers", "bot.workdays"),
    ("bot.store", "bot.wording", "bot.writers"),
    ("bot.data", "bot.intake"),
    ("bot.assistant",),
    ("bot.channels",),
    ("bot.demonstration", "bot.doctor"),
    ("bot.command",),
    ("bot.__main__",),
)
PURE = ("bot.limits", "bot.form", "bot.report", "bot.reading", "bot.messages", "bot.guide", "bot.answers", "bot.draft",
        "bot.record", "bot.encoding", "bot.checks", "bot.telling", "bot.interview", "bot.office", "bot.desk", "bot.agency")  # fmt: skip
HOMES = {
    "telegram": ("bot.channels",),
    "aiohttp": ("bot.channels",),
    "asyncio": ("bot.channels",),
    "prompt_toolkit": ("bot.channels.terminal",),
    "sqlite_utils": ("bot.store", "bot.migrations"),
    "sqlite3": ("bot.store",),
    "docxtpl": ("bot.writers",),
    "docx": ("bot.readers", "bot.writers"),
    "lxml": ("bot.readers", "bot.writers"),
    "click": ("bot.command", "bot.__main__"),
    "pypdfium2": ("bot.readers",),
    "rapidfuzz": ("bot.readers",),
    "subprocess": ("bot.intake",),
    "typst": ("bot.writers",),
    "pylopdf_fonts_zh_cn": ("bot.writers",),
    "xlsxwriter": ("bot.writers",),
    "segno": ("bot.writers.qr",),
    "prometheus_client": ("bot.channels",),
    "chinese_calendar": ("bot.workdays",),
}
STANDARD_FOR_PURE = {
    "__future__", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "decimal", "difflib",
    "enum", "fractions", "functools", "hashlib", "heapq", "itertools", "json", "math", "operator",
    "re", "typing", "unicodedata",
}  # fmt: skip


def name_of(path: Path) -> str:
    """A file's module name."""
    parts = path.relative_to(BOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def words_of(path: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """The modules that a file names in its imports, and the names that it calls."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    calls = {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }
    return tuple(_imported(path, nodes)), frozenset(calls)


def _imported(path: Path, nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def within(module: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module is one of the rooms or lies in one."""
    return any(module == room or module.startswith(room + ".") for room in rooms)


def floor_of(module: str) -> int:
    """The floor on which a module lives; the bare package stands at the bottom."""
    if module == "bot":
        return -1
    floors = [n for n, rooms in enumerate(FLOORS) if within(module, rooms)]
    assert floors, f"{module} has no floor in the house: add it to FLOORS"
    return floors[0]


def test_a_room_imports_only_from_its_own_floor_or_below() -> None:
    upward = [
        (module, imported)
        for path in FILES
        for module in [name_of(path)]
        for imported in words_of(path)[0]
        if within(imported, ("bot",)) and floor_of(imported) > floor_of(module)
    ]
    assert not upward


def test_the_pure_core_uses_the_standard_library_only_and_no_clock_or_io() -> None:
    core = [path for path in FILES if within(name_of(path), PURE)]
    assert len(core) > 50
    foreign = [
        (name_of(path), module)
        for path in core
        for module in words_of(path)[0]
        if not within(module, ("bot",)) and module.partition(".")[0] not in STANDARD_FOR_PURE
    ]
    assert not foreign
    impure = {"open", "print", "now", "today", "write_text", "read_bytes"}
    assert not [
        (name_of(path), words_of(path)[1] & impure) for path in core if words_of(path)[1] & impure
    ]


def test_each_library_stays_in_its_room() -> None:
    strays = [
        (name_of(path), library)
        for path in FILES
        for library in (name.partition(".")[0] for name in words_of(path)[0])
        if library in HOMES and not within(name_of(path), HOMES[library])
    ]
    assert not strays


def test_only_the_settings_read_the_environment() -> None:
    readers = [name_of(path) for path in FILES if "os.environ" in path.read_text(encoding="utf-8")]
    assert set(readers) <= {"bot.settings", "bot.__main__"}


def test_no_pattern_is_possessive_or_atomic() -> None:
    """Python 3.11.2, which Debian 12 has, matches such groups wrongly."""
    parser = importlib.import_module("re._parser")
    found = []
    for path in FILES:
        module = name_of(path)
        if within(module, ("bot.__main__", "bot.channels")):
            continue
        for name, value in vars(importlib.import_module(module)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                shown = str(parser.parse(value.pattern, value.flags & ~re.UNICODE))
                if "POSSESSIVE" in shown or "ATOMIC" in shown:
                    found.append(f"{module}.{name}")
    assert not found
