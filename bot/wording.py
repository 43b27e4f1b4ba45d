"""The words for what the core says: jinja2 templates from `prompts/`, one per name.

What people typed only ever fills a template, it never is one.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from wcwidth import wcswidth

from bot.answers import say_chinese
from bot.checks.finding import Finding, Repair
from bot.draft import Draft
from bot.folders import PROMPTS
from bot.form import Form
from bot.interview.talk import Choice, Say, Turn
from bot.messages import Part
from bot.report import show_figure

_OF_FINDINGS = ("more_found", "explain_hint")
"""What is said about the findings shown, and so stands behind them."""


class Sentences(Mapping[str, Template]):
    """Templates by name, each compiled when it is first wanted: a command needs few of them."""

    def __init__(self, environment: Environment, texts: Mapping[str, str]) -> None:
        self._environment, self._texts = environment, texts
        self._compiled: dict[str, Template] = {}

    def __getitem__(self, name: str) -> Template:
        found = self._compiled.get(name)
        if found is None:
            found = self._environment.from_string(self._texts[name].strip("\n"))
            self._compiled[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Wording:
    """All sentences of one language for one form."""

    def __init__(self, form: Form, folder: Path = PROMPTS) -> None:
        self.form = form
        source = tomllib.loads((folder / "wording.toml").read_text(encoding="utf-8"))
        desk = tomllib.loads((folder / "desk.toml").read_text(encoding="utf-8"))
        source["say"] |= desk["say"]
        source["button"] |= desk["button"]
        self.names: dict[str, str] = source["names"]
        environment = Environment(undefined=StrictUndefined)  # nosec B701 # plain text, not markup
        environment.filters.update(self._filters())
        environment.globals.update(
            pairs=lambda a, b: list(zip(a, b, strict=True)),
            said=self._said,
            asked=self._asked,
            told=self.message,
            form=form,
            example_cell=" ".join(form.example.split()[1:-1]),
        )
        self.says = Sentences(environment, source["say"])
        self.buttons = Sentences(environment, source["button"])
        self.findings = {
            rule: Sentences(environment, parts)
            for path in sorted((folder / "findings").glob("*.toml"))
            for rule, parts in tomllib.loads(path.read_text(encoding="utf-8")).items()
        }

    def parts(self, turn: Turn, draft: Draft) -> tuple[Part, ...]:
        """The message of a turn: what is said, the findings, and the question last."""
        parts: list[Part] = []
        said = list(turn.says)
        split = len(said) if turn.makes else max(0, len(said) - 1)
        about = [say for say in said if say.name in _OF_FINDINGS]
        for say in said[:split]:
            parts += self._say(say) if say not in about else []
        for finding in turn.findings:
            parts.append(Part(self.finding(finding, draft)))
        for say in (*about, *said[split:]):
            parts += self._say(say)
        return _merged(parts)

    def compose(self, says: Iterable[Say]) -> tuple[Part, ...]:
        """The message of an office's turn."""
        return _merged([part for say in says for part in self._say(say)])

    def text(self, name: str, /, **facts: object) -> str:
        """One sentence."""
        return self.says[name].render(facts).strip()

    def words_of(self, choice: Choice) -> str:
        """The words on a button of the desk."""
        return _clip(self.buttons[choice.words].render(choice.facts).strip(), 60)

    def button(self, choice: Choice, draft: Draft) -> str:
        """The words on a button, short enough for one."""
        if choice.words == "repair":
            finding, repair = choice.facts["finding"], choice.facts["repair"]
            assert isinstance(finding, Finding)
            assert isinstance(repair, Repair)
            return _clip(self.repair(finding, repair, draft), 60)
        if not choice.facts:
            return self.plain_button(choice.words)
        return _clip(self.buttons[choice.words].render(choice.facts).strip(), 60)

    @cache  # noqa: B019 - a wording lives as long as its process
    def plain_button(self, words: str) -> str:
        """The words on a button that needs no facts."""
        return self.buttons[words].render().strip()

    def finding(self, finding: Finding, draft: Draft) -> str:
        """What is wrong, where, and why it matters."""
        facts = self._facts(finding, draft.standing)
        parts = (part for part in ("message", "why") if part in self.findings[finding.rule])
        return "".join(self._words(finding, part, facts) for part in parts)

    def message(self, finding: Finding, figures: Mapping[str, object]) -> str:
        """The finding's message for a report that is no draft; `figures` holds its cells."""
        return self._words(finding, "message", self._facts(finding, figures.get))

    def why(self, finding: Finding, figures: Mapping[str, object]) -> str:
        """Why the finding matters and what to do, for a report that is no draft."""
        if "why" not in self.findings[finding.rule]:
            return ""
        return self._words(finding, "why", self._facts(finding, figures.get))

    def place(self, finding: Finding) -> str:
        """Where in the texts a finding stands, in brackets; '' for one about figures."""
        texts = [cell for cell in finding.cells if cell in self.form.texts]
        return f"［{self.name(texts[0])}］" if texts and finding.sentence else ""

    def repair(self, finding: Finding, repair: Repair, draft: Draft) -> str:
        """The words for one repair."""
        facts = self._facts(finding, draft.standing)
        facts |= {
            "changes": repair.changes,
            "rewrites": repair.rewrites,
            "cause": repair.cause,
            "now": facts["value"],
        }
        words = self.findings[finding.rule].get("repair") or self.buttons["repair"]
        return words.render(facts).strip()

    def _words(self, finding: Finding, part: str, facts: Mapping[str, object]) -> str:
        return self.findings[finding.rule][part].render(facts).strip()

    def name(self, item: str) -> str:
        """Any item in few words."""
        if item in self.form.items:
            known = self.form.items[item]
            return self.form.short(item) if known.is_cell else known.label
        gate = next((gate for gate in self.form.gates if gate.key == item), None)
        if gate:
            return gate.label
        return self.names.get(item) or self.names.get(item.partition(".")[0], item)

    def place_name(self, place: str) -> str:
        """A question that a comment is pinned to: a cell, a text, or a whole row."""
        head, _, row = place.partition(".")
        table = self.form.flow.table if head == "row" else ""
        for one in self.form.tables.values() if head == "fill" else ():
            if one.key != self.form.flow.table and any(line.key == row for line in one.rows):
                table = one.key
        return self.form.short_row(table, row) if table else self.name(place)

    def _said(self, items: Sequence[str], values: Sequence[object]) -> str:
        """Figures as they are said back, row by row: 予以公开：自然人 7，商业企业 2."""
        rows: dict[str, list[str]] = {}
        for item, value in zip(items, values, strict=True):
            row, column = self._row_and_column(item)
            rows.setdefault(row, []).append(f"{column} {_figure(value)}".strip())
        return "；".join(f"{row} {'、'.join(words)}" for row, words in rows.items())

    def _asked(self, items: Sequence[str]) -> str:
        """The cells of a line as they are asked: 规章：本年制发件数　本年废止件数　现行有效件数."""
        rows = [self._row_and_column(item) for item in items]
        if len({row for row, _ in rows}) == 1 and len(rows) > 1:
            return rows[0][0] + "：" + "　".join(column for _, column in rows)
        return "　".join(f"{row}{'·' if column else ''}{column}" for row, column in rows)

    def _row_and_column(self, item: str) -> tuple[str, str]:
        """The words for a cell's row and column; other items have no column."""
        row, _, column = self.name(item).rpartition("·")
        return (row, column) if row and item in self.form.items else (self.name(item), "")

    def _say(self, say: Say) -> list[Part]:
        parts = [Part(self.text(say.name, **say.facts))]
        if say.tables:
            tables = "\n\n".join(lay_out(rows) for rows in say.tables)
            parts.append(Part(tables, table=True))
        return parts

    def _facts(self, finding: Finding, value: Callable[[str], object]) -> dict[str, Any]:
        return {
            "rule": finding.rule,
            "cells": finding.cells,
            "left": finding.left,
            "right": finding.right,
            "difference": finding.difference,
            "sentence": finding.sentence,
            "repairs": finding.repairs,
            "facts": finding.facts,
            "place": [self.name(cell) for cell in finding.cells],
            "value": lambda cell: _figure(value(cell)),
            "short": self.name,
        }

    def _filters(self) -> dict[str, Callable[..., str]]:
        def column(kind: str) -> str:
            table = self.form.tables.get(self.form.flow.table)
            columns = table.columns if table else ()
            return next((line.label for line in columns if line.key == kind), kind)

        def column_of(cell: str) -> str:
            item = self.form.items[cell]
            columns = self.form.tables[item.table].columns
            return next(line.label for line in columns if line.key == item.column)

        def place(item: str) -> str:
            return self.form.full_place(item) if item in self.form.items else self.name(item)

        return {
            "short": self.name,
            "name": self.name,
            "place": place,
            "place_name": self.place_name,
            "column": column,
            "column_of": column_of,
            "row_name": lambda row, table="": self.form.short_row(
                table or self.form.flow.table, row
            ),
            "figure": _figure,
            "answer": lambda value: _YES_NO.get(value) or _clip(_figure(value), 40),
            "values": lambda now: "　".join(
                f"{self.name(item)} {_figure(value)}" for item, value in now.items()
            ),
            "clip": _clip,
            "chinese": say_chinese,
        }


def lay_out(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns: names left, numbers right; a Chinese character is two wide."""
    count = max(len(row) for row in rows)
    widths = [
        max((_width(row[n]) for row in rows if n < len(row)), default=0) for n in range(count)
    ]
    lines = []
    for row in rows:
        cells = [
            text + " " * (widths[n] - _width(text)) if n == 0
            else " " * (widths[n] - _width(text)) + text
            for n, text in enumerate(row)
        ]  # fmt: skip
        lines.append(" ".join(cells).rstrip())
    return "\n".join(lines)


_YES_NO = {"no": "没有", "yes": "有"}


def _width(text: str) -> int:
    return max(0, wcswidth(unicodedata.normalize("NFC", text)))


def _figure(value: object) -> str:
    if value is None:
        return "（空）"
    if isinstance(value, Decimal):
        return show_figure(value) + "万元"
    return str(value)


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Running text in one part, tables apart."""
    merged: list[Part] = []
    for part in parts:
        if not part.text.strip():
            continue
        if merged and not (part.table or merged[-1].table):
            merged[-1] = Part(merged[-1].text + "\n\n" + part.text)
        else:
            merged.append(part)
    return tuple(merged)
