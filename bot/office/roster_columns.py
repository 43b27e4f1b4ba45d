"""Which column of a roster holds what: by the words of its head, or by what stands in it.

Pure. A list may stand side by side on one page (序号 单位 序号 单位): each half is a strip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Literal

from bot.office.names import is_abbreviation, is_placed, key_of
from bot.office.roster_words import read_level, read_order

Role = Literal["name", "short", "level", "order", "parent", "own", "exempt"]
Strip = Mapping[Role, tuple[int, ...]]
"""The columns of one list, from 0, by what they hold."""

MOST_COLUMNS = 200
LONGEST_HEAD = 12

_NAME = re.compile(
    r"(应报|填报|报告|报送|编报|责任|行政)?(单位|机关|机构|部门)(规范|法定)?(全称|名称|名字)?"
    r"|(规范|法定)?(全称|名称)"
)
_HEADS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("parent", re.compile(r"上级|主管|所属|隶属|归口")),
    ("short", re.compile(r"简称")),
    ("exempt", re.compile(r"免报|豁免|不报|免于|免填|不需报|无需报")),
    ("own", re.compile(r"本级")),
    ("level", re.compile(r"层级|级别|^层次$|行政级")),
    ("order", re.compile(r"^(序号|排序|编号|顺序|次序|序|no\.?)$")),
)
_BRACKETS = re.compile(r"\([^()]*\)")


def role_of(head: str) -> Role | None:
    """What a head's cell announces, or None."""
    plain = _plain(head)
    if not plain or len(plain) > LONGEST_HEAD:
        return None
    found = (role for role, pattern in _HEADS if pattern.search(plain))
    return next(found, "name" if _NAME.fullmatch(plain) else None)


def strips_of_head(
    cells: Sequence[str], is_name: Callable[[str], bool]
) -> tuple[Strip, ...] | None:
    """The columns that a head announces; None where the row is no head."""
    cells = cells[:MOST_COLUMNS]
    roles = [role_of(cell) for cell in cells]
    others = [cell for cell, role in zip(cells, roles, strict=True) if not role]
    long = any(len(_plain(cell)) > LONGEST_HEAD or cell.isdecimal() for cell in others)
    if "name" not in roles or long or any(map(is_name, others)):
        return None
    named = _best_names(cells, roles)
    step = named[1] - named[0] if len(named) > 1 else len(cells)
    first = min(n for n, role in enumerate(roles) if role)
    return tuple(
        _strip(roles, named, start, min(start + step, len(cells)))
        for start in range(first, len(cells), step)
        if any(start <= column < start + step for column in named)
    )


def strip_of_contents(
    rows: Sequence[Sequence[str]],
    is_name: Callable[[str], bool],
    known: Collection[str],
) -> Strip:
    """The columns of rows without a head; `known` are the keys of names that are there already.

    The first column of full names is the name's; another role needs every cell to speak for it.
    """
    columns = list(_columns(rows))
    counts = [sum(map(is_name, column)) for column in columns]
    most = max(counts, default=0)
    at = next((n for n, count in enumerate(counts) if most and 2 * count >= most), 0)
    strip: dict[Role, tuple[int, ...]] = {"name": (at,)}
    names = columns[at] if columns else []
    listed = {key_of(name) for name in names} | set(known)
    for number, column in enumerate(columns):
        role = None if number == at else _role_by_contents(column, names, is_name, listed)
        if role:
            strip.setdefault(role, (number,))
    return strip


def _plain(head: str) -> str:
    """A head without what it adds in brackets."""
    return _BRACKETS.sub("", key_of(head)).strip("*:：")


def _best_names(cells: Sequence[str], roles: Sequence[Role | None]) -> list[int]:
    """The columns of names: those with the head that promises full names most clearly."""
    heads = {n: _plain(cells[n]) for n, role in enumerate(roles) if role == "name"}

    def promise(head: str) -> int:
        return 2 * ("全称" in head) + ("名称" in head)

    best = max(heads.values(), key=promise)
    return [n for n, head in heads.items() if head == best]


def _strip(roles: Sequence[Role | None], named: Sequence[int], start: int, end: int) -> Strip:
    """The columns between two others by their roles; of names only those that are meant."""
    strip: dict[Role, tuple[int, ...]] = {}
    for column in range(start, end):
        role = roles[column]
        if role and (role != "name" or column in named):
            strip[role] = (*strip.get(role, ()), column)
    return strip


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows turned: a list for each column, '' where a row is shorter."""
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    for number in range(width):
        yield [row[number] if number < len(row) else "" for row in rows]


def _role_by_contents(
    column: Sequence[str],
    names: Sequence[str],
    is_name: Callable[[str], bool],
    listed: Collection[str],
) -> Role | None:
    """What a column without a head holds, where all that stands in it says so."""
    pairs = [(cell, name) for cell, name in zip(column, names, strict=True) if cell]
    cells = [cell for cell, _ in pairs]
    if not cells:
        return None
    if all(read_order(cell) is not None for cell in cells):
        return "order"
    if all(read_level(cell, name) for cell, name in pairs):
        return "level"
    if _are_parents(cells, is_name, listed):
        return "parent"
    fit = all(is_abbreviation(key_of(cell), key_of(name)) for cell, name in pairs)
    return "short" if fit and not any(map(is_placed, cells)) else None


def _are_parents(
    cells: Sequence[str], is_name: Callable[[str], bool], listed: Collection[str]
) -> bool:
    """Whether names come again and again, as those of the bodies above do."""
    keys = {key_of(cell) for cell in cells}
    repeated = len(cells) > 1 and 2 * len(keys) <= len(cells)
    return repeated and all(map(is_name, cells)) and (len(keys) == 1 or keys <= set(listed))
