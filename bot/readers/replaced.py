"""The form of 2019, which was replaced in 2021 and is still met: its words, and what they are not.

Only what means exactly the same is read: the rows of table three and the numbers of decisions.
Source: 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.readers.blocks import Grid
from bot.readers.labels import bare

NAME = "2019"
COLUMNS = (
    "本年新制作数量", "本年新公开数量", "对外公开总数量", "上一年项目数量", "本年增/减",
    "采购项目数量", "采购总金额",
)  # fmt: skip
ROWS = ("其他对外管理服务事项", "政府集中采购")
SINGLE_ROW = "其他处理"

_COLUMNS, _ROWS = frozenset(map(bare, COLUMNS)), frozenset(map(bare, ROWS))


def is_column(words: str) -> bool:
    """Whether a cell's words head a column in the form of 2019 only."""
    return bare(words) in _COLUMNS


def is_row(words: str) -> bool:
    """Whether a cell's words name a row of the form of 2019 only."""
    return bare(words) in _ROWS


def is_single_row(label: str) -> bool:
    """Whether a label is （六）其他处理, which was one row of figures."""
    return bare(label) in ("六其他处理", "六其他", SINGLE_ROW)


def form_seen(grids: Iterable[Grid], left: Iterable[str]) -> str:
    """ "2019" where two words of that form stand in the tables, or its single row; else ''."""
    seen = {bare(c.text) for grid in grids for row in grid.rows for c in row} & (_COLUMNS | _ROWS)
    return NAME if len(seen) > 1 or any(map(is_single_row, left)) else ""
