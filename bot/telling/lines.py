"""Tables two and four as a clerk tells them: a row's number, and then its results one by one.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.form import Form, Table
from bot.telling.claims import Claim

_LAWSUITS = ("direct", "after_review")


@dataclass(slots=True)
class _Open:
    """The row whose results are being told: its total where it was told, its results so far."""

    table: Table
    row: str
    total: int | None
    words: str
    results: dict[str, int] = field(default_factory=dict)


class Lines:
    """Collects the cells of tables two and four; `asks` are (reason, words, facts)."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.cells: dict[str, int] = {}
        self.words: dict[str, str] = {}
        self.asks: list[tuple[str, str, dict[str, object]]] = []
        self.open: _Open | None = None
        self.totals: dict[str, int] = {}
        self.lawsuits: tuple[int, str] | None = None  # told without saying which kind
        self.refused: set[str] = set()

    @property
    def is_open(self) -> bool:
        """Whether a row waits for its results."""
        return self.open is not None

    def fill(self, table: str, row: str, claim: Claim, zero: bool) -> None:
        """A claim that names a row; an empty `row` is 诉讼 without its kind."""
        self.close()
        if not row:
            self._fill_lawsuits(claim, zero)
        elif len(self.form.tables[table].columns) == 1:
            self._fill_single(self.form.tables[table], row, claim, zero)
        else:
            self._fill_grid(self.form.tables[table], row, claim, zero)

    def fill_result(self, claim: Claim, zero: bool) -> None:
        """A claim that names a result of the row that is open: 维持1件."""
        opened = self.open
        if opened is None:
            self._ask("which_row", claim, number=claim.number)
            return
        keys = self._results(opened.table, claim)
        if keys is None or not keys or (len(keys) > 1 and not zero):
            self._ask("unknown", claim)
            return
        number = 0 if zero else self._number(opened, claim)
        if number is None:
            facts: dict[str, object] = {
                "table": opened.table.key, "row": opened.row, "number": opened.total,
            }  # fmt: skip
            self.asks.append(("which_result", f"{opened.words}，{claim.text}", facts))
            opened.total = None
            return
        for key in keys:
            self._result(opened, key, number, claim.text)

    def close(self) -> None:
        """The end of a row: its results must add up to its total; those not told are then 0."""
        opened, self.open = self.open, None
        if opened is None or opened.total is None:
            return
        left = opened.total - sum(opened.results.values())
        facts = {"table": opened.table.key, "row": opened.row, "number": left}
        if left > 0:
            self.asks.append(("which_result", opened.words, facts))
        elif left < 0:
            self.asks.append(
                ("sum", opened.words, {"told": opened.total, "parts": opened.total - left})
            )
            for key in opened.results:
                self._drop(self._cell(opened.table, opened.row, key))
        else:
            for column in opened.table.columns:
                if not column.total and column.key not in opened.results:
                    self._put(self._cell(opened.table, opened.row, column.key), 0, opened.words)

    def finish(self) -> None:
        """The end of the text."""
        self.close()
        if self.lawsuits:
            number, words = self.lawsuits
            if sum(self.totals.get(row, 0) for row in _LAWSUITS) != number:
                self.asks.append(("which_lawsuit", words, {"number": number}))

    def drop(self, rows: set[tuple[str, str]]) -> None:
        """Take back the cells of rows that are doubted."""
        for key, row in rows:
            table = self.form.tables.get(key)
            if table and key not in ("requests", "fees"):
                for column in table.columns:
                    self.cells.pop(self._cell(table, row, column.key), None)

    def _fill_lawsuits(self, claim: Claim, zero: bool) -> None:
        if zero and not claim.has("result"):
            for row in _LAWSUITS:
                self._fill_grid(self.form.tables["cases"], row, claim, zero)
        elif claim.number is not None and not claim.has("result") and self.lawsuits is None:
            self.lawsuits = (claim.number, claim.text)
        else:
            self._ask("which_lawsuit", claim, number=claim.number)

    def _fill_single(self, table: Table, row: str, claim: Claim, zero: bool) -> None:
        if claim.has("result") or claim.has("rest") or claim.has("handled"):
            self._ask("unknown", claim)
        elif zero or claim.number is not None:
            self._put(self._cell(table, row, table.columns[0].key), claim.number or 0, claim.text)
        else:
            self._ask("unknown", claim)

    def _fill_grid(self, table: Table, row: str, claim: Claim, zero: bool) -> None:
        keys = self._results(table, claim)
        if keys is None or claim.has("rest") or (len(keys) > 1 and not zero):
            self._ask("unknown", claim)
        elif zero and not keys:
            for column in table.columns:
                if not column.total:
                    self._put(self._cell(table, row, column.key), 0, claim.text)
            self.totals[row] = 0
        elif zero or (keys and claim.number is not None):
            self.open = _Open(table, row, self._whole(row, claim), claim.text)
            for key in keys:
                self._result(self.open, key, claim.number or 0, claim.text)
        elif claim.number is not None and table.key == "cases" and not claim.has("all"):
            self.open = _Open(table, row, claim.number, claim.text)
            self.totals[row] = self.totals.get(row, 0) + claim.number
        else:
            self._ask("which_result", claim, table=table.key, row=row, number=claim.number)

    def _whole(self, row: str, claim: Claim) -> int | None:
        """复议1件维持 tells how many there were; 复议维持1件 only how many were upheld."""
        kinds = [word.kind for word in claim.words if word.kind in ("row", "number", "result")]
        if kinds != ["row", "number", "result"] or claim.number is None:
            return None
        self.totals[row] = self.totals.get(row, 0) + claim.number
        return claim.number

    def _results(self, table: Table, claim: Claim) -> list[str] | None:
        """The columns a claim names; None where one belongs to another table."""
        found = claim.meanings("result")
        if claim.has("other"):
            found.append(("cases", "other"))
        if any(of != table.key for of, _ in found):
            return None
        return [key for _, key in found]

    def _number(self, opened: _Open, claim: Claim) -> int | None:
        """The number of a result: told, all of the row, or what is left of it."""
        told = sum(opened.results.values())
        if claim.has("rest"):
            left = None if opened.total is None else opened.total - told
            return None if not left or left < 0 or claim.number not in (None, left) else left
        if claim.number is not None:
            return claim.number
        if not opened.results and opened.total and (claim.has("all") or opened.total == 1):
            return opened.total
        return None

    def _result(self, opened: _Open, key: str, number: int, words: str) -> None:
        if opened.results.get(key):
            self._refuse_twice(self._cell(opened.table, opened.row, key), words)
            return
        opened.results[key] = number
        self._put(self._cell(opened.table, opened.row, key), number, words)

    def _put(self, cell: str, number: int, words: str) -> None:
        """Fill a cell; a second number is not believed, and neither is the first."""
        if cell in self.refused:
            if number:
                self._refuse_twice(cell, words)
            return
        if cell in self.cells and (number or self.cells[cell]):
            self._refuse_twice(cell, words)
            return
        self.cells[cell] = number
        self.words[cell] = words

    def _refuse_twice(self, cell: str, words: str) -> None:
        first = self.words.get(cell, "")
        self.asks.append(("twice", f"{first}；{words}" if first else words, {"cell": cell}))
        self._drop(cell)

    def _drop(self, cell: str) -> None:
        self.cells.pop(cell, None)
        self.refused.add(cell)

    def _cell(self, table: Table, row: str, column: str) -> str:
        return f"{table.section}.{table.cell.format(row=row, column=column)}"

    def _ask(self, reason: str, claim: Claim, **facts: object) -> None:
        self.asks.append((reason, claim.text, facts))
