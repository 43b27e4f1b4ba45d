"""Table four in a foreign file: fifteen figures in one row, or in two or three tables."""

from __future__ import annotations

from collections.abc import Sequence

from bot.form import Form, Item, Line, Table
from bot.readers.amounts import is_amount
from bot.readers.blocks import Cell, Grid
from bot.readers.heads import CONTRARY, HeadRow, Path, Scheme, head_row, order_of
from bot.readers.labels import bare
from bot.readers.rows import Found, Row, is_blank, rows_of, spread
from bot.readers.tables import match_labels

SECTION = "review_litigation"
OUTCOMES = 3  # so many of the columns' names make a table outside its section table four
_LITIGATION = "行政诉讼"
_FILLERS = frozenset({"件数", "数量"})
_OTHER_ORDER = "表四的表头不是年报的列序，也认不全，分不清哪个数是哪一列，没有读入。"


def read_cases(placed: Sequence[tuple[str, Grid]], form: Form) -> Found:
    """What the tables among `placed` (section, table) give for table four."""
    table = form.tables[form.section(SECTION).tables[0]]
    items = [item for item in form.items.values() if item.table == table.key]
    outcomes = {bare(column.label) for column in table.columns}
    found = Found()
    for section, grid in placed:
        rows = list(rows_of(grid))
        words = {bare(cell.text) for row in rows for cell in row.cells}
        if section == SECTION or len(outcomes & words) > OUTCOMES:
            contrary = False
            heads = _Heads(table)  # those above the figures, since the figures before
            for row in rows:
                if _take(found, table, row, heads, is_last=row is rows[-1]):
                    contrary |= heads.is_contrary
                    heads = _Heads(table)
                heads.take(row, grid.rows[row.number])
            if not found.texts and not contrary and len({row.width for row in rows}) == 1:
                _take_by_head(found, grid, items)
    return found


class _Heads:
    """The rows of heads above a row of figures."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.words: set[str] = set()
        self.rows: list[HeadRow] = []
        self.is_contrary = False
        columns = [(n, c) for c in table.columns for n in (c.label, *c.aliases)]
        blocks = {bare(line.label): line for line in table.rows}
        self.names = {bare(name): bare(column.label) for name, column in columns}
        self.names |= {name: name for name in (*blocks, _LITIGATION)}
        self.lines = blocks
        self.columns = {bare(column.label): column for column in table.columns}
        outcomes = tuple(self.columns)
        in_court = tuple(n for n, line in blocks.items() if line.group == "litigation")
        self.scheme = Scheme(
            below=dict.fromkeys(blocks, outcomes) | {_LITIGATION: in_court},
            blocks=(*(tuple((b, o) for o in outcomes) for b in blocks), _alone(outcomes)),
            series=(
                outcomes,
                tuple(blocks),
                (*(b for b in blocks if b not in in_court), _LITIGATION),
            ),
            again=True,
            kept=2,
        )

    def take(self, row: Row, cells: Sequence[Cell]) -> None:
        """One more row of words."""
        self.words |= {bare(cell.text) for cell in row.cells}
        self.rows.append(head_row(row.number, cells, lambda text: self.names.get(bare(text), "")))

    def keys(self, lines: Sequence[Line]) -> list[str]:
        """The figures of these blocks in the order of the heads; [] where that is not clear."""
        order = order_of(self.rows, self.scheme)
        self.is_contrary = order == CONTRARY
        if order is None:
            return [self.table.item_key(line, c) for line in lines for c in self.table.columns]
        depths = {len(path) for path in order}
        if depths == {1}:
            outcomes = [self.columns[path[0]] for path in order]
            return [self.table.item_key(line, c) for line in lines for c in outcomes]
        if depths == {2}:
            return [self.table.item_key(self.lines[b], self.columns[o]) for b, o in order]
        return []


def _alone(outcomes: Sequence[str]) -> tuple[Path, ...]:
    return tuple((outcome,) for outcome in outcomes)


def _take(found: Found, table: Table, row: Row, heads: _Heads, *, is_last: bool) -> bool:
    """Take the figures of one row; whether it has any, which a row of heads has not."""
    if not row.cells:
        return False
    first = bare(row.cells[0].text)
    is_short = len(row.cells) < len(table.rows) * len(table.columns)
    named = [line for line in table.rows if is_short and bare(line.label) == first]
    values = row.cells[1:] if named or first in _FILLERS else row.cells
    if not _are_values(values, is_last=is_last):
        return False
    lines = named or _lines_below(table, heads.words)
    keys = heads.keys(lines)
    if not keys:
        found.unread.append(_OTHER_ORDER)
        return True
    texts = spread(values, len(keys))
    if texts is None:
        filled = sum(not is_blank(cell) for cell in values)
        found.unread.append(
            f"表四有一行填了 {filled} 格，应当是 {len(keys)} 格，分不清哪个数是哪一列，没有读入。"
        )
        return True
    found.taken |= {(table.key, line.key) for line in lines}
    for key, text in zip(keys, texts, strict=True):
        found.put(key, text)
    return True


def _take_by_head(found: Found, grid: Grid, items: Sequence[Item]) -> None:
    """The figures that stand under their two heads, where their row is not whole."""
    for key, texts in match_labels(grid, items).items():
        if len(texts) == 1:
            found.put(key, texts[0])
            found.taken.add((items[0].table, key))
    if found.texts:
        found.unread.clear()


def _lines_below(table: Table, heads: set[str]) -> list[Line]:
    """The blocks whose names stand in the heads; all where the table has lost its heads."""
    named = [line for line in table.rows if bare(line.label) in heads]
    if _LITIGATION in heads and not any(line.group == "litigation" for line in named):
        named += [line for line in table.rows if line.group == "litigation"]
    return named or list(table.rows)


def _are_values(values: Sequence[Cell], *, is_last: bool) -> bool:
    """Whether the cells are figures, or the last row of a table left blank."""
    filled = [cell for cell in values if not is_blank(cell)]
    if not filled:
        return is_last and len(values) > OUTCOMES
    return any(is_amount(cell.text) for cell in filled)
