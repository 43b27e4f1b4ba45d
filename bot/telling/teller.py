"""Finds for each claim of a text the line of the form that it fills.

Pure.
"""

from __future__ import annotations

from bot.form import Form
from bot.telling.claims import Claim
from bot.telling.columns import CARRIED_IN, CARRIED_OUT, NEW
from bot.telling.doubts import Doubts, named_rows
from bot.telling.lines import Lines
from bot.telling.table_three import HANDOVER, TableThree
from bot.telling.vocabulary import Word

_LAWSUITS = (("cases", "direct"), ("cases", "after_review"))


class Teller:
    """Takes the claims of one text in order; one teller reads one text."""

    def __init__(self, form: Form) -> None:
        self.three = TableThree(form)
        self.lines = Lines(form)
        self.last_year = False
        self.waiting: Claim | None = None  # a name without a number, or a number without a name
        self.doubts = Doubts()

    def take(self, claim: Claim) -> None:
        """One claim."""
        if claim.fault:
            self.refuse(claim)
            return
        if self.takes_back(claim):
            return
        claim = self.joined(claim)
        if self.is_of_another_year(claim) or self.is_type_of_last(claim):
            return
        if self.is_dangling(claim):
            self.waiting = claim
            return
        self.place(claim)

    def close(self) -> None:
        """The end of the text: what still waits is asked."""
        self.drop_waiting()
        self.lines.finish()
        self.take_asks()
        self.three.finish()
        self.three.told = [t for t in self.three.told if not self.doubts.covers("requests", t.row)]
        self.lines.drop(self.doubts.rows)

    def refuse(self, claim: Claim) -> None:
        """A claim that is not to be believed; its number may be what the next ones hang on."""
        self.drop_waiting()
        if claim.is_number_told or claim.has("none"):
            self.three.spoiled = self.three.spoiled or claim.is_number_told
            if claim.is_number_told:
                self.doubts.add(named_rows(claim))
            if claim.is_about_form or claim.fault == "vague":
                self.three.touched = self.three.touched or claim.is_about_form
                self.three.ask(claim.fault, claim.text)
        if claim.has("last"):
            self.last_year = True

    def takes_back(self, claim: Claim) -> bool:
        """Whether a claim takes back the figure before (3件，不对，5件): neither is believed."""
        if claim.has("mend") and self.doubts.newest:
            self.drop_waiting()
            self.doubts.add(self.doubts.newest)
            self.doubts.add(named_rows(claim))
            self.three.spoiled = True
            self.three.ask("unknown", f"{self.doubts.words}，{claim.text}")
            self.doubts.mending = not claim.is_number_told
            return True
        mending, self.doubts.mending = self.doubts.mending, False
        if mending and claim.is_number_told:
            self.doubts.add(named_rows(claim))
            reason, words, facts = self.three.asks.pop()
            self.three.asks.append((reason, f"{words}，{claim.text}", facts))
        return mending and claim.is_number_told

    def joined(self, claim: Claim) -> Claim:
        """A claim together with the one that waits for it: 予以公开 | 2件, 3件 | 都公开了."""
        waiting, self.waiting = self.waiting, None
        if waiting is None:
            return claim
        bare = not claim.is_about_form and not claim.has("handled")
        numbered = waiting.is_number_told
        takes_name = not numbered and bare and (claim.is_number_told or claim.has("none"))
        takes_number = (
            numbered and claim.has("all") and claim.is_about_form and not claim.is_number_told
        )
        lead = not numbered and not bare and self.is_type_only(waiting) and not claim.has("type")
        if takes_name or takes_number or lead:
            return Claim((*waiting.words, *claim.words), waiting.text + "，" + claim.text)
        self.waiting = waiting
        self.drop_waiting()
        return claim

    def drop_waiting(self) -> None:
        """A number that found no name is asked; a name without a number told nothing."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None and waiting.is_number_told:
            if not self.three.is_sum_of_types(waiting):
                self.three.ask("which_row", waiting.text, number=waiting.number)
        elif waiting is not None and waiting.has("row") and self.three.family:
            self.three.name_family(waiting)

    def is_dangling(self, claim: Claim) -> bool:
        """Whether a claim lacks a name or a number."""
        if claim.has("all") and claim.has("type") and not claim.is_number_told:
            return False
        named = claim.is_about_form or claim.has("handled")
        told = claim.is_number_told or any(claim.has(k) for k in ("none", "all", "rest"))
        if self.is_type_only(claim) and not told:
            return True
        if claim.has("result") and not claim.has("row") and self.lines.is_open:
            return False  # 复议1件，维持
        if claim.has("request") and not named:
            first = claim.is_number_told and claim.has("this") and not self.three.told
            return not (first or claim.has("none"))
        return not (named and told)

    def is_type_only(self, claim: Claim) -> bool:
        """Whether a claim names an applicant type and nothing else."""
        others = ("row", "family", "lawsuits", "result", "handover", "other", "handled")
        return claim.has("type") and not any(claim.has(kind) for kind in others)

    def is_type_of_last(self, claim: Claim) -> bool:
        """收到3件（自然人）: a type alone belongs to the figure just before."""
        types = claim.meanings("type")
        alone = self.is_type_only(claim) and not any(
            claim.has(kind) for kind in ("number", "odd", "none", "all", "rest", "request")
        )
        if not (alone and len(types) == 1 and self.three.told) or self.three.told[-1].column:
            return False
        self.three.told[-1].column = types[0][1]
        return True

    def is_of_another_year(self, claim: Claim) -> bool:
        """Whether a claim is about last year, and no carry-over; it is asked where it has figures.

        去年 holds until 今年 is said.
        """
        carried = claim.has("handover") or any(
            key in (CARRIED_OUT, CARRIED_IN) for _, key in claim.meanings("row")
        )
        if claim.has("this") and not claim.has("last"):
            self.last_year = False
        elif claim.has("last") and not (carried and not claim.has("this")):
            self.last_year = True
        if not self.last_year:
            return False
        if claim.is_number_told:
            self.three.touched = self.three.touched or claim.is_about_form
            self.three.spoiled = True
            self.three.ask("last_year", claim.text)
        elif claim.has("last") and not claim.has("none"):
            self.disown(claim)
        return True

    def disown(self, claim: Claim) -> None:
        """收到3件，都是去年的: what was told before is not this year's."""
        rows = self.doubts.newest
        if claim.has("all"):
            rows = [*rows, *(("requests", told.row) for told in self.three.told)]
        only = all(word.kind in ("last", "all") or word.verb for word in claim.words)
        if only and rows and not any(key == CARRIED_IN for _, key in rows):
            self.doubts.add(rows)
            self.three.ask("last_year", f"{self.doubts.words}，{claim.text}")

    def place(self, claim: Claim) -> None:
        """Find the line that a claim fills."""
        if claim.has("all") and self.is_type_only(claim) and not claim.is_number_told:
            self.three.take_everyone(claim)
            return
        rows = self.rows_of(claim)
        if rows is None:
            return
        zero = claim.has("none") or claim.number == 0
        unclear = claim.is_number_told and claim.number is None
        if claim.has("none") and (claim.number or unclear):
            self.three.fail("negated", claim)
        elif unclear or (claim.has("none") and claim.has("all")) or (len(rows) > 1 and not zero):
            self.three.fail("unknown", claim)
        else:
            self.fill(claim, rows, zero)
            return
        self.doubts.add(rows)

    def rows_of(self, claim: Claim) -> list[tuple[str, str]] | None:
        """The rows that a claim is about; None where it was asked or settled here."""
        rows = [w for w in claim.words if w.kind == "row"]
        if claim.has("lawsuits") and not any(w.meaning in _LAWSUITS for w in rows):
            rows.append(Word("row", "", ("cases", "")))
        if claim.has("handover"):
            carried = self.direction(claim)
            if carried is None:
                return None
            rows.append(Word("row", "", ("requests", carried)))
        if claim.has("last") and any(w.meaning[1] == CARRIED_OUT for w in rows):
            rows = [w for w in rows if w.meaning[1] != CARRIED_OUT]
            rows.append(Word("row", "", ("requests", CARRIED_IN)))
        rows += [Word("row", "", ("family", key)) for _, key in claim.meanings("family")
                 if not any(w.meaning[1].startswith(key) for w in rows)]  # fmt: skip
        nothing = claim.number == 0 or sum(w.kind == "none" for w in claim.words) == 1
        if any(w.meaning[0] == "cases" or (nothing and not w.verb) for w in rows):
            rows = [w for w in rows if not w.verb]  # 收到复议1件, 没收到重复申请
        found = list(dict.fromkeys(w.meaning for w in rows))
        if claim.has("request") and any(table not in ("requests", "family", "cases")
                                        for table, _ in found):  # fmt: skip
            self.three.fail("unknown", claim)
            return None
        return found

    def direction(self, claim: Claim) -> str | None:
        """Whether 结转 means from last year or into the next; what follows may have to tell."""
        if claim.has("last"):
            return CARRIED_IN
        three = self.three
        came = [told for told in three.told if told.row in (NEW, CARRIED_IN)]
        if three.family or three.handled or len(came) < len(three.told):
            return CARRIED_OUT
        if came and (claim.has("all") or claim.has("rest") or came[-1].row == CARRIED_IN):
            return CARRIED_OUT
        if came:
            return HANDOVER
        three.fail("which_carry", claim, number=claim.number)
        return None

    def fill(self, claim: Claim, rows: list[tuple[str, str]], zero: bool) -> None:
        """Give a claim's number to its lines."""
        self.three.touched = True
        if rows:
            self.doubts.newest, self.doubts.words = rows, claim.text
        if not rows:
            self.fill_unnamed(claim, zero)
        elif all(table in ("requests", "family") for table, _ in rows):
            self.fill_requests(claim, [key for _, key in rows], zero)
        elif len({table for table, _ in rows}) > 1 and not zero:
            self.three.fail("unknown", claim)
        else:
            self.three.close_family()
            if claim.has("type"):
                self.three.fail("unknown", claim)
                return
            for table, key in rows:
                if table in ("requests", "family"):
                    self.fill_requests(claim, [key], zero)
                else:
                    self.lines.fill(table, key, claim, zero)
            self.take_asks()

    def take_asks(self) -> None:
        """What the other tables ask."""
        for reason, words, facts in self.lines.asks:
            self.three.fail(reason, Claim((), words), **facts)
        self.lines.asks = []

    def fill_unnamed(self, claim: Claim, zero: bool) -> None:
        """A claim without a row: a result of the case before, a type, or what was answered."""
        if claim.has("result") or (claim.has("other") and self.lines.is_open):
            if claim.has("type") or claim.has("handled"):
                self.three.fail("unknown", claim)
                return
            self.lines.fill_result(claim, zero)
            self.take_asks()
        elif claim.has("handled"):
            self.three.take_handled(claim)
        elif claim.has("type") and claim.number is not None and not claim.has("other"):
            if self.lines.is_open:
                self.three.fail("unknown", claim)
            else:
                self.three.fill_part(claim)
        elif claim.has("request") and not claim.is_about_form and (zero or claim.has("this")):
            self.fill_requests(claim, [NEW], zero)
        else:
            self.three.fail("which_row" if not claim.has("other") else "unknown", claim,
                      number=claim.number)  # fmt: skip

    def fill_requests(self, claim: Claim, keys: list[str], zero: bool) -> None:
        """A figure of table three, or a number that only names a family of outcomes."""
        self.lines.close()
        self.take_asks()
        types = claim.meanings("type")
        intake = bool({NEW, CARRIED_IN} & set(keys))
        if (
            len(types) > 1
            or claim.has("result")
            or claim.has("other")
            or (self.three.spoiled and not intake and not zero)
        ):
            self.three.fail("unknown", claim)
        else:
            doubted = self.doubts.covers("requests", NEW)
            self.three.spoiled = self.three.spoiled and (not intake or doubted)
            for key in keys:
                self.three.fill_row(claim, key, types[0][1] if types else "", zero)
