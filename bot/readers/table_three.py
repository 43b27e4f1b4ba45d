"""Table three in a foreign file: 25 rows of seven figures, known by their labels and order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.form import Form, Table
from bot.readers.amounts import is_amount
from bot.readers.blocks import Cell, Grid
from bot.readers.heads import CONTRARY, HeadRow, Path, Scheme, head_row, order_of
from bot.readers.labels import Names, bare, names_of
from bot.readers.rows import Found, Row, is_blank, rows_of, spread, usual_starts

SECTION = "requests"
HEAD = 3  # so many column labels in a row make it a head
ENOUGH = 3  # so many known rows make a table outside its section table three

_GROUP = "法人或其他组织"
_HEAD_WORDS = ("申请人情况", _GROUP, "勾稽关系")
_OTHER_ORDER = "表三的表头不是年报的列序，也认不全，分不清哪个数是哪一列，下面的行没有读入。"


@dataclass(slots=True)
class _Line:
    """A row with figures: its label, its values, the form's row (or None), the head's columns."""

    label: str
    values: tuple[Cell, ...]
    width: int
    place: int | None
    columns: Mapping[int, str]
    order: tuple[Path, ...] | None = None  # the columns of a head in another order than the form's
    usual: int | None = None
    is_split: bool = False  # whether the first value may be the rest of the label


def read_requests(placed: Sequence[tuple[str, Grid]], form: Form) -> Found:
    """What the tables among `placed` (section, table) give for table three."""
    table, names = form.tables[SECTION], names_of(form, SECTION)
    lines: list[_Line] = []
    heads = _Heads(table)
    for section, grid in placed:
        order = heads.order
        held = list(_lines(grid, heads, names))
        known = {line.place for line in held if line.place is not None}
        if section == SECTION or len(known) >= ENOUGH:
            _note_usual(held, len(table.columns))
            lines += held
        else:
            heads.order = order
    _place_by_order(lines, names)
    return _found(lines, table, names)


def _note_usual(lines: Sequence[_Line], width: int) -> None:
    usual = usual_starts([line.values for line in lines], width)
    for line in lines:
        line.usual = usual.get(len(line.values))


class _Heads:
    """The heads that were seen; the last one holds until another comes, also behind a cut."""

    def __init__(self, table: Table) -> None:
        names = [(n, c.key) for c in table.columns for n in (c.label, c.short, *c.aliases) if n]
        self.keys = {bare(name): key for name, key in names}
        first, *inner, last = (column.key for column in table.columns)
        whole = tuple((column.key,) for column in table.columns)
        series = ((first, _GROUP, *inner, last),)
        self.scheme = Scheme({_GROUP: tuple(inner)}, (whole,), series)
        self.rows: list[HeadRow] = []
        self.order: tuple[Path, ...] | None = None
        self.is_open = False

    def word_of(self, text: str) -> str:
        """The column that a text names, or the group of columns; '' for none."""
        return _GROUP if bare(text) == _GROUP else self.keys.get(bare(text), "")

    def take(self, row: Row, cells: Sequence[Cell]) -> dict[int, str] | None:
        """The columns that a row of a head names by their place; None where it is no such row."""
        named = {c.column: self.keys[w] for c in row.cells if (w := bare(c.text)) in self.keys}
        worded = any(w in bare(c.text) for c in row.cells for w in _HEAD_WORDS)
        filled = [cell for cell in row.cells if not is_blank(cell)]
        goes_on = self.is_open and filled and all(self.word_of(cell.text) for cell in filled)
        if not (len(named) >= HEAD or worded or goes_on):
            return None
        if not self.is_open:
            self.rows = []
        self.is_open = True
        self.rows.append(head_row(row.number, cells, self.word_of))
        return named

    def close(self) -> None:
        """A row of figures stands below the head."""
        if self.is_open and any(row.words for row in self.rows):
            self.order = order_of(self.rows, self.scheme)
        self.is_open = False


def _lines(grid: Grid, heads: _Heads, names: Names) -> Iterator[_Line]:
    """The rows of a grid that can be rows of figures; heads only say which column is which."""
    columns: dict[int, str] = {}
    for row in rows_of(grid):
        head = heads.take(row, grid.rows[row.number])
        if head is not None:
            columns |= head
        elif line := _line(row, names, columns):
            heads.close()
            line.order = heads.order
            yield line


def _line(row: Row, names: Names, columns: Mapping[int, str]) -> _Line | None:
    """A row with its label and values; the label is the first cell that names a row."""
    for at, cell in enumerate(row.cells):
        if (place := _named(cell, names)) is not None:
            values = row.cells[at + 1 :]
            line = _Line(cell.text, values, row.width, place, dict(columns))
            line.is_split = (
                bool(values)
                and bool(bare(values[0].text))
                and _is_word(values[0])
                and names.fits(values[0].text, place)
            )
            return line if values else None
    first = next((at for at, cell in enumerate(row.cells) if is_amount(cell.text)), None)
    if first is None:
        return None
    worded = [at for at in range(first) if not is_blank(row.cells[at])]
    label = row.cells[worded[-1]].text if worded else ""
    start = worded[-1] + 1 if worded else 0
    return _Line(label, row.cells[start:], row.width, None, dict(columns))


def _is_word(cell: Cell) -> bool:
    return not is_blank(cell) and not is_amount(cell.text)


def _named(cell: Cell, names: Names) -> int | None:
    return names.row(cell.text) if _is_word(cell) else None


def _place_by_order(lines: Sequence[_Line], names: Names) -> None:
    """Rows whose labels are torn or lost are those that are missing between two known ones.

    Only where there are exactly as many of them, and what is left of their labels fits.
    """
    at = 0
    while at < len(lines):
        if lines[at].place is not None:
            at += 1
            continue
        end = next((n for n in range(at, len(lines)) if lines[n].place is not None), len(lines))
        before = lines[at - 1].place if at else -1
        after = lines[end].place if end < len(lines) else len(names.own)
        assert before is not None
        assert after is not None
        missing = range(before + 1, after)
        run = lines[at:end]
        if len(missing) == len(run) and all(
            not names.is_group(line.label) and names.fits(line.label, row)
            for line, row in zip(run, missing, strict=True)
        ):
            for line, row in zip(run, missing, strict=True):
                line.place = row
        at = end


def _found(lines: Sequence[_Line], table: Table, names: Names) -> Found:
    """The figures of all lines whose row and columns are certain."""
    found = Found()
    for line in lines:
        if line.place is None:
            if line.label.strip():
                found.left.append(" ".join(line.label.split()))
            else:
                found.unread.append("表三里有一行没有名称，分不清是哪一行，没有读入。")
            continue
        row = table.rows[line.place]
        found.taken.add((table.key, row.key))
        texts = _texts(line, table)
        if texts is None and line.order == CONTRARY:
            found.unread += [] if _OTHER_ORDER in found.unread else [_OTHER_ORDER]
            continue
        if texts is None:
            found.unread.append(_unclear(line, row.label, len(table.columns)))
            continue
        for column in table.columns:
            if column.key in texts:
                found.put(table.item_key(row, column), texts[column.key])
    return found


def _texts(line: _Line, table: Table) -> dict[str, str] | None:
    """The texts of a row by column: seven cells in order, else by the columns of the head."""
    if line.order == CONTRARY:
        return None
    keys = [path[-1] for path in line.order or ()] or [column.key for column in table.columns]
    texts = spread(line.values, len(keys), line.usual)
    if line.is_split:
        rest = spread(line.values[1:], len(keys))
        return dict(zip(keys, rest, strict=True)) if rest and texts is None else None
    if texts is not None:
        return dict(zip(keys, texts, strict=True))
    by_head = {line.columns[c.column]: c.text for c in line.values if c.column in line.columns}
    strays = [c for c in line.values if c.column not in line.columns and not is_blank(c)]
    is_whole = sorted(line.columns.values()) == sorted(keys)
    if strays or not by_head or not is_whole or line.width != max(line.columns) + 1:
        return None
    return by_head


def _unclear(line: _Line, label: str, wanted: int) -> str:
    filled = sum(not is_blank(cell) for cell in line.values)
    return (
        f"表三“{label}”这一行填了 {filled} 格，应当是 {wanted} 格，分不清哪个数是哪一列，没有读入。"
    )
