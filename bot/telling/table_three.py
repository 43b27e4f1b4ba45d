"""Table three as a clerk tells it: what came in, what became of it, and what is still open.

Pure.
"""

from __future__ import annotations

from bot.form import Form
from bot.telling.claims import Claim
from bot.telling.columns import CARRIED_IN, CARRIED_OUT, NEW, Told

HANDOVER = "handover"  # 结转 of which the rest of the text must tell whether it is in or out
FAMILIES = ("denied", "unable", "notproc", "other")
_EVERYDAY = ("notproc_petition",)  # 信访3件 need not be about requests


class TableThree:
    """Collects the figures of table three; `asks` are (reason, words, facts).

    `spoiled` says that a number was not understood, so that what follows may hang on it; `touched`
    that the text told figures at all.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self.told: list[Told] = []  # some still without a column
        self.asks: list[tuple[str, str, dict[str, object]]] = []
        self.everyone = ""  # 都是自然人
        self.touched = False
        self.spoiled = False
        self.family: tuple[str, int, str, int] | None = None  # family, number, words, told before
        self.handled: tuple[int, str] | None = None

    def ask(self, reason: str, words: str, **facts: object) -> None:
        """Note something that has no clear cell."""
        self.asks.append((reason, words, facts))

    def fail(self, reason: str, claim: Claim, **facts: object) -> None:
        """Ask about a claim whose figure is known and whose place is not."""
        self.touched = True
        self.spoiled = self.spoiled or claim.is_number_told
        self.ask(reason, claim.text, **facts)

    def fill_row(self, claim: Claim, key: str, column: str, zero: bool) -> None:
        """One row, or a number that only names a family of outcomes."""
        if key in _EVERYDAY and not self.told and not claim.has("request"):
            self.fail("which_row", claim, number=claim.number)
        elif zero:
            for row in self._rows_in(key):
                self.add(row, column, 0, claim)
        elif claim.has("of") and self.told and self.told[-1].row not in (NEW, CARRIED_IN, key):
            whole = self.told.pop()  # 公开3件，其中部分公开2件: what the 3 are is not clear
            self.fail("unknown", Claim(claim.words, whole.words + "，" + claim.text))
        else:
            numbers = self._numbers(claim, column)
            if numbers is None:
                self.fail("which_number", claim, row=key)
            elif key in FAMILIES:
                self.close_family()
                total = sum(number for _, number in numbers)
                self.family = (key, total, claim.text, len(self.told))
            else:
                self._fill_outcome(claim, key, numbers)

    def _fill_outcome(self, claim: Claim, key: str, numbers: list[tuple[str, int]]) -> None:
        if self.family and not key.startswith(self.family[0]):
            self.close_family()
        for column, number in numbers:
            self.add(key, column, number, claim)
            self.told[-1].worked_out = claim.has("rest") and claim.number is None

    def _numbers(self, claim: Claim, column: str) -> list[tuple[str, int]] | None:
        """The number of a claim by type: told, or what 其余 or 全部 counts."""
        if claim.has("rest"):
            return self._remainder(column, claim.number)
        if claim.number is not None:
            return [(column, claim.number)]
        return self._everything(column) if claim.has("all") else None

    def fill_part(self, claim: Claim) -> None:
        """收到3件，自然人2件，企业1件: the types of the figure before."""
        types = claim.meanings("type")
        before = self.told[-1] if self.told else None
        if len(types) != 1 or before is None or self.spoiled or self.family:
            self.fail("which_row" if len(types) == 1 else "unknown", claim, number=claim.number)
            return
        self.add(before.row, types[0][1], claim.number or 0, claim, part=True)

    def take_everyone(self, claim: Claim) -> None:
        """都是自然人."""
        types = claim.meanings("type")
        if len(types) != 1 or (self.everyone and self.everyone != types[0][1]):
            self.fail("unknown", claim)
        else:
            self.everyone = types[0][1]

    def take_handled(self, claim: Claim) -> None:
        """办结3件 is held against the outcomes; 全部办结 leaves nothing open."""
        if claim.has("type") or claim.number == 0 or self.spoiled or self.handled:
            self.fail("unknown", claim)
        elif claim.number is not None:
            self.handled = (claim.number, claim.text)
        elif claim.has("all"):
            self.add(CARRIED_OUT, "", 0, claim)
        else:
            self.fail("unknown", claim)

    def add(self, row: str, column: str, number: int, claim: Claim, *, part: bool = False) -> None:
        """Keep a figure of table three."""
        self.touched = True
        self.told.append(Told(row, column, number, claim.text, part))

    def is_sum_of_types(self, claim: Claim) -> bool:
        """自然人2件，企业1件，合计3件: the number only repeats what was told."""
        parts = [t for t in self.told if self.told and t.row == self.told[-1].row and t.column]
        return len(parts) > 1 and sum(t.number for t in parts) == claim.number

    def name_family(self, claim: Claim) -> None:
        """不予公开1件（国家秘密）: the item stands alone behind the number."""
        assert self.family
        key, number, words, before = self.family
        rows = [row for table, row in claim.meanings("row") if table == "requests"]
        if len(rows) == 1 and rows[0].startswith(key + "_") and len(self.told) == before:
            self.told.append(Told(rows[0], "", number, words + "，" + claim.text))

    def finish(self) -> None:
        """The end of the text: what was 办结 is held against the outcomes."""
        self.close_family()
        self._direct()
        if self.handled is None:
            return
        number, words = self.handled
        self.touched = True
        told = sum(t.number for t in self.told if t.row not in (NEW, CARRIED_IN, CARRIED_OUT))
        told += sum(int(str(f["number"])) for r, _, f in self.asks if r == "which_outcome")
        if not told and number:
            self.ask("which_outcome", words, family="", number=number)
        elif told != number:
            self.ask("sum", words, told=number, parts=told)

    def _direct(self) -> None:
        """收到3件，结转1件，公开2件: only into the next year do the figures add up."""
        for told in [told for told in self.told if told.row == HANDOVER]:
            new = [t.number for t in self.told if t.row == NEW and not t.part]
            went = sum(t.number for t in self.told if t.row not in (NEW, CARRIED_IN, HANDOVER))
            if sum(new) == went + told.number and not self.asks:
                told.row = CARRIED_OUT
            else:
                self.told.remove(told)
                self.ask("which_carry", told.words, number=told.number)

    def close_family(self) -> None:
        """A family of outcomes must have been told by its items."""
        if self.family is None:
            return
        key, number, words, before = self.family
        items = [t for t in self.told[before:] if t.row.startswith(key + "_")]
        left = self._family_left()
        self.family = None
        if left < 0:
            self.ask("sum", words, told=number, parts=number - left)
            self.told = [told for told in self.told if told not in items]
        elif left > 0:
            self.ask("which_outcome", words, family=key, number=left)

    def _family_left(self) -> int:
        """How many of a family's cases were not yet told by their items."""
        if self.family is None:
            return 0
        key, number, _, before = self.family
        return number - sum(t.number for t in self.told[before:] if t.row.startswith(key + "_"))

    def _everything(self, column: str) -> list[tuple[str, int]] | None:
        """What 全部 counts: the requests just told, by type where they were told so."""
        intake, after = self._batch()
        carried = any(t.row == CARRIED_IN and t.number for t in intake)
        if carried or self.family or self.spoiled or any(t.number for t in after):
            return None
        whole = [told for told in intake if not told.part]
        parts = [told for told in intake if told.part]
        if column:
            chosen = [told for told in intake if told.column == column]
            return [(column, chosen[0].number)] if len(chosen) == 1 else None
        typed = {told.column for told in intake}
        if "" not in typed and len(typed) == len(intake) > 0:
            return [(told.column, told.number) for told in intake]
        if parts and len(whole) == 1 and sum(t.number for t in parts) == whole[0].number:
            return [(told.column, told.number) for told in parts]
        return [(whole[0].column, whole[0].number)] if len(whole) == 1 and not parts else None

    def _remainder(self, column: str, number: int | None) -> list[tuple[str, int]] | None:
        """What 其余 counts: the requests told less what was told of them since."""
        intake, after = self._batch()
        columns = {told.column for told in (*intake, *after)} - {""}
        known = intake and not any(told.part for told in intake) and not self.spoiled
        if not known or len(columns | ({column} - {""})) > 1:
            return None if number is None else [(column, number)]
        left = sum(t.number for t in intake) - sum(t.number for t in after) - self._family_left()
        if left <= 0 or (number is not None and number != left):
            return None
        return [(column or next(iter(columns), ""), left)]

    def _batch(self) -> tuple[list[Told], list[Told]]:
        """The requests told last, and what was told of them since."""
        intake: list[Told] = []
        after: list[Told] = []
        for told in self.told:
            if told.row in (NEW, CARRIED_IN):
                if after:
                    intake, after = [], []
                intake.append(told)
            else:
                after.append(told)
        return intake, after

    def _rows_in(self, key: str) -> tuple[str, ...]:
        """The rows of a family of outcomes, or the row itself."""
        if key not in FAMILIES:
            return (key,)
        return tuple(row for row in self.form.sets["result"] if row.startswith(key + "_"))
