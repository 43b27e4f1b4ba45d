"""Reads `prompts/forms/*.toml` into a `Form`, or refuses the file with all its faults at once."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, UndefinedError

from bot.checks import FAMILIES
from bot.folders import PROMPTS
from bot.form import (
    Flow,
    Form,
    Gate,
    Item,
    Line,
    Relation,
    Rule,
    Section,
    Severity,
    Shape,
    Sign,
    Table,
    Term,
)
from bot.guide import Fact, Guide, Measure
from bot.local import CatalogueError, Local, read_toml

FORMS = PROMPTS / "forms"
FORM = FORMS / "gov-info-2021.toml"
NARRATIVE = PROMPTS / "narrative"

__all__ = ["CatalogueError", "find_form", "form_names", "load_form", "load_guides"]

SIGNOFF = "signoff"
"""The signature block: it is proposed, not asked."""
_KINDS = ("count", "money")
_SEVERITIES = ("hard", "explain", "note", "admin")
_SIGNS = ("=", ">=")
_SHAPES = ("", "blocks", "crossed", "across")
_NAME = re.compile(r"\{(\w+)\}")
_TERM = re.compile(r"(?P<minus>-\s*)?(?P<last>last\s+)?(?P<cell>\S+)")


def form_names() -> tuple[str, ...]:
    """The names of the forms that come along, as a setting may name them."""
    return tuple(sorted(path.stem for path in FORMS.glob("*.toml")))


def find_form(name: str) -> Path:
    """The file of the form called `name`, or at that path; CatalogueError where there is none."""
    if name in form_names():
        return FORMS / f"{name}.toml"
    path = Path(name)
    if not path.is_file():
        known = "、".join(form_names())
        fault = f"没有叫“{name[:40]}”的报告格式；有：{known}，或者写文件的路径"
        raise CatalogueError(path, [fault])
    return path


def load_form(path: Path = FORM, local: Local | None = None) -> Form:
    """The form in `path`, with an office's own labels and thresholds laid over it.

    Raises CatalogueError with all faults at once.
    """
    source = read_toml(path)
    builder = _Builder(source, local or Local(), path)
    form = builder.build()
    if builder.faults:
        raise CatalogueError(path, dict.fromkeys(builder.faults))  # one for a whole `each`
    return cast(Form, form)


def load_guides(form: Form, folder: Path | None = None) -> dict[str, Guide]:
    """The guides of `form`'s texts, from one TOML file each in the folder with the form's key.

    Raises CatalogueError with all faults of all files at once.
    """
    folder = folder or NARRATIVE / form.key
    words = Environment(  # nosec B701 # plain text, not markup: nothing is escaped
        undefined=StrictUndefined, keep_trailing_newline=False, trim_blocks=True
    )
    guides: dict[str, Guide] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            source = tomllib.loads(path.read_text(encoding="utf-8"))
            guide = _build_guide(source, words)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            faults.append(f"{path.name}：不是有效的 TOML：{error}")
        except TemplateSyntaxError as error:
            faults.append(f"{path.name}：draft 第 {error.lineno} 行写错：{error.message}")
        except (KeyError, TypeError) as error:
            faults.append(f"{path.name}：缺少或写错了 {error}")
        else:
            guides[guide.key] = guide
            if guide.key not in form.texts:
                faults.append(f"{path.name}：表单里没有叫“{guide.key}”的文字项")
    asked = [key for key in form.texts if key != SIGNOFF]
    faults += [f"文字项“{key}”没有说明文件" for key in asked if key not in guides]
    if faults:
        raise CatalogueError(folder, faults)
    return guides


def _build_guide(source: dict[str, Any], words: Environment) -> Guide:
    template = words.from_string(source["draft"].strip())

    def compose(context: Mapping[str, object]) -> str:
        try:
            return template.render(context).strip()
        except (TypeError, UndefinedError):
            return ""  # a figure that is not known yet: no draft, and the interview goes on

    return Guide(
        key=source["key"],
        must=source["must"],
        compose=compose,
        worth=source.get("worth", ""),
        example=source.get("example", ""),
        pick=source.get("pick", ""),
        facts=tuple(Fact(**fact) for fact in source.get("facts", ())),
        measures=tuple(Measure(**measure) for measure in source.get("measures", ())),
    )


@dataclass
class _Builder:
    """Builds one form and collects faults instead of stopping at the first."""

    source: dict[str, Any]
    local: Local
    path: Path
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def build(self) -> Form | None:
        """The form, or None when a fault makes it unbuildable; read `faults` either way."""
        head = {key: self.word(self.source, key, "表单") for key in _HEAD}
        self.unknown(self.source, {*_HEAD, *_PARTS}, "表单")
        tables = {table.key: table for table in self.build_tables()}
        sections = self.build_sections(tables)
        items = {item.key: item for item in self.build_items(sections, tables)}
        sets = self.build_sets(tables)
        rules = tuple(self.build_rules(sets, items))
        relations = tuple(self.build_relations(sets, items))
        gates = tuple(self.build_gates(items))
        flow = self.build_flow(tables, sets, {gate.key for gate in gates})
        facts = self.build_facts(items)
        self.check_more(items)
        for label in self.local.labels:
            if label not in self.seen:
                self.faults.append(f"要替换的名称“{label}”不在表单里")
        if self.faults:
            return None
        return Form(
            **head, sections=sections, tables=tables, items=items, rules=rules, gates=gates,
            sets=sets, labels=dict(self.local.labels), relations=relations,
            limits=self.local.limits, flow=flow, facts=facts, checks=tuple(self.checks),
            source=str(self.path), **{key: self.source.get(key, "") for key in _MORE},
        )  # fmt: skip

    @property
    def checks(self) -> list[str]:
        """The families of checks that the form names."""
        named = self.source.get("checks", [])
        return named if isinstance(named, list) else []

    def check_more(self, items: Mapping[str, Item]) -> None:
        """Faults of what a form says of itself beside its items."""
        for name in self.checks:
            if name not in FAMILIES:
                self.faults.append(f"checks：没有叫“{name}”的一组检查；有：{'、'.join(FAMILIES)}")
        for key in (key for key in _MORE if not isinstance(self.source.get(key, ""), str)):
            self.faults.append(f"表单.{key}：应为文字")
        charge = self.source.get("charge", "")
        if charge and charge not in items:
            self.faults.append(f"表单.charge：没有叫“{charge}”的文字项")
        homes = {item.section for item in items.values() if item.number}
        if len(homes) > 1:
            self.faults.append("texts：带编号的文字项只能都在同一个部分里")
        loose = Counter(i.section for i in items.values() if not i.is_cell and not i.number)
        for section in (s for s, times in loose.items() if s and times > 1):
            self.faults.append(f"texts：“{section}”里不带编号的文字项只能有一个")

    def build_flow(
        self, tables: Mapping[str, Table], sets: Mapping[str, tuple[str, ...]], gates: set[str]
    ) -> Flow:
        """The table of cases by the names that `[flow]` gives; an empty one where none is."""
        source = self.source.get("flow", {})
        if not source:
            return Flow()
        self.unknown(source, _FLOW, "flow")
        words = {key: self.word(source, key, "flow") for key in _FLOW}
        table = tables.get(words["table"])
        if table is None or words["gate"] not in gates:
            self.faults.append("flow：table 或 gate 不在表单里")
            return Flow()
        kinds, outcomes = (sets.get(words[key], ()) for key in ("kinds", "outcomes"))
        rows, columns = ({line.key for line in lines} for lines in (table.rows, table.columns))
        ends = (words[key] for key in ("new", "carried_in", "handled", "carried_out"))
        named = {*outcomes, *ends}
        for key in sorted((named - rows) | ({*kinds, words["total"]} - columns)):
            self.faults.append(f"flow：“{table.key}”里没有叫“{key}”的行或列")
        if not kinds or not outcomes:
            self.faults.append("flow：kinds 和 outcomes 应为 [sets] 里的名称")
        return Flow(**words | {
            "cells": f"{table.section}.{table.cell}", "kinds": kinds, "outcomes": outcomes,
        })  # type: ignore[arg-type]  # fmt: skip

    def build_facts(self, items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
        """The named sums that paragraphs speak of."""
        facts: dict[str, tuple[str, ...]] = {}
        for name, cells in self.source.get("facts", {}).items():
            facts[name] = tuple([cells] if isinstance(cells, str) else cells)
            for cell in facts[name]:
                if cell not in items or not items[cell].is_cell:
                    self.faults.append(f"facts.{name}：没有叫“{cell}”的单元格")
        return facts

    def build_tables(self) -> Iterator[Table]:
        """The tables with their rows and columns."""
        for number, table in enumerate(self.parts(self.source, "tables", "表单"), 1):
            place = f"tables[{number}]"
            self.unknown(table, _TABLE, place)
            groups = {
                self.word(group, "key", f"{place}.groups"): tuple(group.get("place", ()))
                for group in table.get("groups", ())
            }
            kind = table.get("kind", "count")
            if kind not in _KINDS:
                self.faults.append(f"{place}.kind：“{kind}”不是 {'、'.join(_KINDS)} 之一")
            cell = self.word(table, "cell", place)
            if set(_NAME.findall(cell)) - {"row", "column"}:
                self.faults.append(f"{place}.cell：只能用 {{row}} 和 {{column}}")
            yield Table(
                key=self.word(table, "key", place),
                section=self.word(table, "section", place),
                rows=tuple(self.build_lines(table, "rows", place, groups)),
                columns=tuple(self.build_lines(table, "columns", place, {})),
                cell=cell,
                kind=kind,
                clause=self.label(table.get("clause", "")),
                corner=self.label(table.get("corner", "")),
                head=self.label(table.get("head", "")),
                groups=groups,
            )

    def build_lines(
        self, table: dict[str, Any], part: str, place: str, groups: Mapping[str, tuple[str, ...]]
    ) -> Iterator[Line]:
        """The rows or columns of one table."""
        keys: set[str] = set()
        for number, line in enumerate(self.parts(table, part, place), 1):
            here = f"{place}.{part}[{number}]"
            self.unknown(line, _LINE, here)
            key, group = self.word(line, "key", here), line.get("group", "")
            if key in keys:
                self.faults.append(f"{here}：“{key}”重复")
            keys.add(key)
            if groups and group not in groups:
                self.faults.append(f"{here}.group：没有叫“{group}”的组")
            official = self.word(line, "label", here)
            own = self.label(official)
            # What an office calls its own way, others call by the official name.
            called = () if own == official else (official,)
            yield Line(
                key=key,
                label=own,
                short=line.get("short", ""),
                group=group,
                aliases=(*called, *line.get("aliases", ())),
                help=line.get("help", ""),
                total=line.get("total", False),
            )

    def build_sections(self, tables: Mapping[str, Table]) -> tuple[Section, ...]:
        """The numbered sections with the texts and tables in each."""
        sections = []
        for number, section in enumerate(self.parts(self.source, "sections", "表单"), 1):
            place = f"sections[{number}]"
            self.unknown(section, {"key", "label", "kind", "shape", "about"}, place)
            if section.get("shape", "") not in _SHAPES:
                self.faults.append(f"{place}.shape：只能是 {'、'.join(_SHAPES[1:])}")
            key, kind = self.word(section, "key", place), section.get("kind")
            if kind not in ("text", "table"):
                self.faults.append(f"{place}.kind：“{kind}”不是 text、table 之一")
            texts = tuple(
                text["key"]
                for text in self.source.get("texts", ())
                if text.get("section") == key and "key" in text
            )
            held = tuple(table.key for table in tables.values() if table.section == key)
            if not (texts or held):
                self.faults.append(f"{place}：“{key}”里没有任何指标")
            label = self.label(self.word(section, "label", place))
            shape = cast(Shape, section.get("shape", ""))
            about = section.get("about", "")
            sections.append(Section(key, label, cast(Any, kind), texts, held, shape, about))
        known = {section.key for section in sections}
        for table in tables.values():
            if table.section not in known:
                self.faults.append(f"表“{table.key}”：没有叫“{table.section}”的部分")
        return tuple(sections)

    def build_items(
        self, sections: tuple[Section, ...], tables: Mapping[str, Table]
    ) -> Iterator[Item]:
        """All items in the order of the form: texts before 一、, then section by section."""
        labels = {section.key: section.label for section in sections}
        texts = []
        for number, text in enumerate(self.source.get("texts", ()), 1):
            place = f"texts[{number}]"
            self.unknown(text, _TEXT, place)
            section = text.get("section", "")
            if section and section not in labels:
                self.faults.append(f"{place}：没有叫“{section}”的部分")
            label = self.label(self.word(text, "label", place))
            number_mark = text.get("number", "")
            head = (labels[section],) if section in labels else ()
            tail = () if head and label in head[0] else (number_mark + label,)
            texts.append(
                Item(
                    key=self.word(text, "key", place),
                    section=section,
                    kind="text",
                    label=label,
                    place=head + tail,
                    number=number_mark,
                    aliases=tuple(text.get("aliases", ())),
                    optional=text.get("optional", False),
                )
            )
        first = next((n for n, text in enumerate(texts) if text.section), len(texts))
        ordered = texts[:first]
        for section_ in sections:
            ordered += [text for text in texts if text.section == section_.key]
            for table_key in section_.tables:
                ordered += self.build_cells(tables[table_key])
        ordered += [text for text in texts[first:] if not text.section]
        counted = Counter(item.key for item in ordered)
        self.faults += [f"指标“{key}”重复" for key, times in counted.items() if times > 1]
        yield from ordered

    def build_cells(self, table: Table) -> Iterator[Item]:
        """The cells of one table, row by row."""
        for row, column in product(table.rows, table.columns):
            place = (*table.groups.get(row.group, ()), row.label)
            yield Item(
                key=table.item_key(row, column),
                section=table.section,
                kind=table.kind,
                label=row.label,
                place=(*place, column.label) if len(table.columns) > 1 else place,
                table=table.key,
                row=row.key,
                column=column.key,
                help=row.help,
            )

    def build_sets(self, tables: Mapping[str, Table]) -> dict[str, tuple[str, ...]]:
        """The named sets of rows or columns."""
        sets: dict[str, tuple[str, ...]] = {}
        for name, members in self.source.get("sets", {}).items():
            if isinstance(members, list):
                sets[name] = tuple(members)
                continue
            match = re.fullmatch(r"(rows|columns) of (\w+)", str(members))
            if not match or match[2] not in tables:
                self.faults.append(f"sets.{name}：“{members}”看不懂；应为列表或“rows of 表名”")
                continue
            table = tables[match[2]]
            lines = table.rows if match[1] == "rows" else table.columns
            sets[name] = tuple(line.key for line in lines)
        return sets

    def build_rules(
        self, sets: Mapping[str, tuple[str, ...]], items: Mapping[str, Item]
    ) -> Iterator[Rule]:
        """The rules, one for each member of its `each`."""
        for number, rule in enumerate(self.source.get("rules", ()), 1):
            place = f"rules[{number}]"
            self.unknown(rule, {"id", "severity", "each", "left", "right", "part"}, place)
            rule_id, severity = self.word(rule, "id", place), self.severity(rule, place)
            for member, known in self.members(rule, sets, place):
                sides = [
                    tuple(self.expand(rule.get(side, []), known, items, place))
                    for side in ("left", "right")
                ]
                part = rule.get("part", "")
                yield Rule(rule_id, severity, sides[0], sides[1], member, part)

    def build_relations(
        self, sets: Mapping[str, tuple[str, ...]], items: Mapping[str, Item]
    ) -> Iterator[Relation]:
        """The comparisons, one for each member of its `each`; a form may have none."""
        sources = self.parts(self.source, "relations", "表单") if "relations" in self.source else []
        for number, source in enumerate(sources, 1):
            place = f"relations[{number}]"
            self.unknown(source, {"id", "severity", "each", "left", "sign", "right"}, place)
            name, severity = self.word(source, "id", place), self.severity(source, place)
            sign = source.get("sign")
            if sign not in _SIGNS:
                self.faults.append(f"{place}.sign：“{sign}”不是 {'、'.join(_SIGNS)} 之一")
            for member, known in self.members(source, sets, place):
                left, right = (
                    tuple(self.expand_terms(source, side, known, items, place))
                    for side in ("left", "right")
                )
                yield Relation(name, severity, left, cast(Sign, sign), right, member)

    def severity(self, source: dict[str, Any], place: str) -> Severity:
        """How much a broken rule matters."""
        severity = source.get("severity")
        if severity not in _SEVERITIES:
            known = "、".join(_SEVERITIES)
            self.faults.append(f"{place}.severity：“{severity}”不是 {known} 之一")
        return cast(Severity, severity)

    def members(
        self, source: dict[str, Any], sets: Mapping[str, tuple[str, ...]], place: str
    ) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
        """What a rule holds for: each member of its `each`, with the sets narrowed to it."""
        each = source.get("each", "")
        if each and each not in sets:
            self.faults.append(f"{place}.each：没有叫“{each}”的集合")
            return
        for member in sets[each] if each else ("",):
            yield member, {**sets, each: (member,)} if each else sets

    def expand_terms(
        self,
        source: dict[str, Any],
        side: str,
        sets: Mapping[str, tuple[str, ...]],
        items: Mapping[str, Item],
        place: str,
    ) -> Iterator[Term]:
        """The terms of one side: a cell, `last …` of last year, `- …` subtracted."""
        words = source.get(side)
        if not isinstance(words, list) or not words:
            self.faults.append(f"{place}.{side}：应为单元格的列表，不能空")
            return
        for word in words:
            match = _TERM.fullmatch(word.strip()) if isinstance(word, str) else None
            if not match:
                self.faults.append(f"{place}.{side}：“{word}”看不懂；应为“- last 单元格”这样的写法")
                continue
            for cell in self.expand([match["cell"]], sets, items, place):
                yield Term(cell, bool(match["last"]), bool(match["minus"]))

    def expand(
        self,
        terms: list[str],
        sets: Mapping[str, tuple[str, ...]],
        items: Mapping[str, Item],
        place: str,
    ) -> Iterator[str]:
        """The cells that the terms of one side name."""
        if not terms:
            self.faults.append(f"{place}：等式有一边是空的")
        for term in terms:
            names = _NAME.findall(term)
            missing = [name for name in names if name not in sets]
            if missing:
                self.faults.append(f"{place}：“{term}”里的“{'、'.join(missing)}”没有定义")
                continue
            for members in product(*(sets[name] for name in names)):
                cell = term.format(**dict(zip(names, members, strict=True)))
                if cell not in items or not items[cell].is_cell:
                    self.faults.append(f"{place}：没有叫“{cell}”的单元格")
                yield cell

    def build_gates(self, items: Mapping[str, Item]) -> Iterator[Gate]:
        """The gates; together they cover every cell exactly once."""
        covered: dict[str, str] = {}
        for number, gate in enumerate(self.source.get("gates", ()), 1):
            place = f"gates[{number}]"
            self.unknown(gate, {"key", "label", "question", "cells", "help", "together"}, place)
            key = self.word(gate, "key", place)
            cells = tuple(
                item.key
                for item in items.values()
                if item.is_cell and any(fnmatchcase(item.key, mask) for mask in gate["cells"])
            )
            if not cells:
                self.faults.append(f"{place}：“{key}”没有管到任何单元格")
            for cell in cells:
                if cell in covered:
                    self.faults.append(f"{place}：“{cell}”已经归“{covered[cell]}”管")
                covered[cell] = key
            yield Gate(
                key, self.word(gate, "label", place), self.word(gate, "question", place), cells,
                gate.get("help", ""), gate.get("together", False),
            )  # fmt: skip
        loose = [item.key for item in items.values() if item.is_cell and item.key not in covered]
        if loose:
            self.faults.append(f"gates：{len(loose)} 个单元格没有归属，例如“{loose[0]}”")

    def parts(self, source: dict[str, Any], key: str, place: str) -> list[dict[str, Any]]:
        """The non-empty list of tables called `key`."""
        parts = source.get(key)
        if not isinstance(parts, list) or not parts or not all(isinstance(p, dict) for p in parts):
            self.faults.append(f"{place}：缺少 [[{key}]]")
            return []
        return parts

    def word(self, source: dict[str, Any], key: str, place: str) -> str:
        """The non-empty string called `key`."""
        value = source.get(key)
        if not isinstance(value, str) or not value.strip():
            self.faults.append(f"{place}.{key}：应为文字，不能空")
            return f"<{place}.{key}>"
        return value

    def label(self, official: str) -> str:
        """An official label, or the office's own for it."""
        self.seen.add(official)
        return self.local.labels.get(official, official)

    def unknown(self, source: dict[str, Any], known: set[str], place: str) -> None:
        """Report keys that nothing reads: they are usually misspelt."""
        self.faults += [f"{place}：不认识“{key}”" for key in sorted(set(source) - known)]


_HEAD = ("key", "format", "name", "authority", "title")
_MORE = ("charge", "example", "example_text", "template", "title_words")
_PARTS = {
    "sections", "texts", "tables", "sets", "rules", "relations", "gates", "flow", "facts", "checks",
    *_MORE,
}  # fmt: skip
_FLOW = {
    "table", "gate", "kinds", "outcomes", "new", "carried_in", "handled", "carried_out", "total",
}  # fmt: skip
_TABLE = {
    "key", "section", "clause", "corner", "head", "cell", "kind", "rows", "columns", "groups",
}  # fmt: skip
_LINE = {"key", "label", "short", "group", "aliases", "help", "total"}
_TEXT = {"key", "section", "label", "number", "optional", "aliases"}
