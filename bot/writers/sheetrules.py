"""What may be typed into a sheet of the workbook, and which of its cells change their look when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.form import Form, Relation, Rule
from bot.readers.formulas import Place, name_of
from bot.report import Figure, Report

_COUNT = {
    "validate": "integer", "criteria": "between", "minimum": 0, "maximum": 9_999_999_999,
    "error_title": "这一格填件数",
    "error_message": "请填 0 或正整数，例如 12。没有就填 0；不清楚就空着。",
}  # fmt: skip
_MONEY = {
    "validate": "custom",
    "value": "=AND(ISNUMBER({cell}),{cell}>=0,{cell}<1000000000,ROUND({cell},4)={cell})",
    "error_title": "这一格填金额，单位是万元",
    "error_message": "请填 0 或正数，最多 4 位小数，例如 3.25。没有就填 0；不清楚就空着。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What a sheet is filled with: all figures with their totals, notes on sources, last year."""

    report: Report
    form: Form
    figures: Mapping[str, Figure]
    sources: Mapping[str, str]
    last: Report | None


class SheetRules:
    """The rules of one sheet: `places` are this year's cells, `before` last year's."""

    def __init__(
        self,
        sheet: Any,
        looks: Mapping[str, Any],
        content: Content,
        places: Mapping[str, Place],
        before: Mapping[str, Place],
    ) -> None:
        self.sheet = sheet
        self.looks = looks
        self.content = content
        self.places = places
        self.before = before

    def _inputs(self, kind: str) -> list[Place]:
        form = self.content.form
        return [
            place
            for key, place in self.places.items()
            if form.items[key].kind == kind and key not in form.total_of
        ]

    def validate(self) -> None:
        """Say what may be typed, and a figure's source where there is a note on it."""
        for kind, wanted in (("count", _COUNT), ("money", _MONEY)):
            noted: dict[str, list[Place]] = {}
            by_place = {place: key for key, place in self.places.items()}
            for place in self._inputs(kind):
                note = self.content.sources.get(by_place[place], "")
                noted.setdefault(note, []).append(place)
            for note, places in noted.items():
                rule: dict[str, Any] = {**wanted, "ignore_blank": True}
                if "{cell}" in str(rule.get("value")):
                    rule["value"] = rule["value"].replace("{cell}", cell_name(places[0]))
                if note:
                    rule |= {"input_title": "这个数的来源", "input_message": note[:250]}
                first, *others = _rectangles(places)
                rule["other_cells"] = [list(other) for other in others]
                self.sheet.data_validation(*first, rule)

    def colour(self) -> None:
        """Red where an equation breaks, orange where no figure stands, yellow for blanks."""
        for rule in balances(self.content.form, self.places):
            left, right = (
                "+".join(_fixed(self.places[cell]) for cell in side)
                for side in (rule.left, rule.right)
            )
            places = [self.places[cell] for cell in rule.cells]
            count = f"COUNT({','.join(map(_fixed, places))})={len(places)}"
            self._when(places, f"=AND({count},{left}<>{right})", "broken")
        for relation in self.content.form.relations:
            self._compare(relation)
        for kind, whole in (("count", "INT({0})"), ("money", "ROUND({0},4)")):
            places = self._inputs(kind)
            if not places:
                continue
            cell = cell_name(places[0])
            bad = f"IF(ISNUMBER({cell}),OR({cell}<0,{cell}<>{whole.format(cell)}),TRUE)"
            self._when(places, f"=IF(ISBLANK({cell}),FALSE,{bad})", "no_figure")
            self._when(places, f"=ISBLANK({cell})", "blank")

    def _compare(self, relation: Relation) -> None:
        """Orange where an equation with last year does not hold: it may have a reason."""
        cells = [
            (self.before if term.last else self.places).get(term.cell) for term in relation.terms
        ]
        if relation.sign != "=" or not any(term.last for term in relation.terms) or None in cells:
            return
        known = [cell for cell in cells if cell]
        split = len(relation.left)
        signed = [
            ("-" if term.minus else "+") + _fixed(cell)
            for term, cell in zip(relation.terms, known, strict=True)
        ]
        count = f"COUNT({','.join(map(_fixed, known))})={len(known)}"
        formula = f"=AND({count},0{''.join(signed[:split])}<>0{''.join(signed[split:])})"
        now = [self.places[term.cell] for term in relation.terms if not term.last]
        self._when(now, formula, "unlike")

    def _when(self, places: Sequence[Place], formula: str, look: str) -> None:
        """Give cells another look while a formula holds."""
        rule: dict[str, Any] = {"type": "formula", "criteria": formula, "format": self.looks[look]}
        spans = _rectangles(places)
        if len(spans) > 1:
            rule["multi_range"] = " ".join(_span(span) for span in spans)
        self.sheet.conditional_format(*spans[0], rule)


def balances(form: Form, places: Mapping[str, Place]) -> list[Rule]:
    """The equations among the cells of a sheet that no total settles by itself."""
    return [
        rule
        for rule in form.rules
        if len(rule.right) > 1 and all(cell in places for cell in rule.cells)
    ]


def cell_name(place: Place) -> str:
    """A cell as formulas name it: D5."""
    return f"{name_of(place[1])}{place[0] + 1}"


def _fixed(place: Place) -> str:
    return f"${name_of(place[1])}${place[0] + 1}"


def _span(span: tuple[int, int, int, int]) -> str:
    first, last = cell_name(span[:2]), cell_name(span[2:])
    return first if first == last else f"{first}:{last}"


def _rectangles(places: Iterable[Place]) -> list[tuple[int, int, int, int]]:
    """The places as runs in a row, those of one width below one another as one."""
    runs: list[tuple[int, int, int, int]] = []
    for _, held in groupby(enumerate(sorted(places)), key=lambda at: (at[1][0], at[1][1] - at[0])):
        line = [place for _, place in held]
        runs.append((*line[0], *line[-1]))
    joined: list[tuple[int, int, int, int]] = []
    for run in runs:
        for at, (top, left, bottom, right) in enumerate(joined):
            if (left, right, bottom + 1) == (run[1], run[3], run[0]):
                joined[at] = (top, left, run[0], right)
                break
        else:
            joined.append(run)
    return joined


def ranges(places: Iterable[Place]) -> str:
    """The places as the arguments of a function: D6:D26."""
    return ",".join(_span(span) for span in _rectangles(places))
