"""The form's tables, sections and items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, cast

from bot.catalogue.file import NAME, FormFile, is_pattern
from bot.form import Item, Line, Section, Shape, Table

_KINDS = ("count", "money")
_SHAPES = ("", "blocks", "crossed", "across")
_TABLE = {
    "key", "section", "clause", "corner", "head", "cell", "kind", "rows", "columns", "groups",
}  # fmt: skip
_LINE = {"key", "label", "short", "group", "aliases", "help", "total"}
_TEXT = {"key", "section", "label", "number", "optional", "aliases"}


def build_tables(file: FormFile) -> Iterator[Table]:
    """The tables with their rows and columns."""
    for number, table in enumerate(file.parts(file.data, "tables", "表单"), 1):
        place = f"tables[{number}]"
        file.unknown(table, _TABLE, place)
        groups = {
            file.word(group, "key", f"{place}.groups"): tuple(group.get("place", ()))
            for group in table.get("groups", ())
        }
        kind = table.get("kind", "count")
        if kind not in _KINDS:
            file.faults.append(f"{place}.kind：“{kind}”不是 {'、'.join(_KINDS)} 之一")
        cell = file.word(table, "cell", place)
        if not is_pattern(cell) or set(NAME.findall(cell)) - {"row", "column"}:
            file.faults.append(f"{place}.cell：只能用 {{row}} 和 {{column}}")
            cell = "{row}.{column}"
        yield Table(
            key=file.word(table, "key", place),
            section=file.word(table, "section", place),
            rows=tuple(_lines(file, table, "rows", place, groups)),
            columns=tuple(_lines(file, table, "columns", place, {})),
            cell=cell,
            kind=kind,
            clause=file.label(table.get("clause", "")),
            corner=file.label(table.get("corner", "")),
            head=file.label(table.get("head", "")),
            groups=groups,
        )


def _lines(
    file: FormFile,
    table: dict[str, Any],
    part: str,
    place: str,
    groups: Mapping[str, tuple[str, ...]],
) -> Iterator[Line]:
    """The rows or columns of one table."""
    keys: set[str] = set()
    for number, line in enumerate(file.parts(table, part, place), 1):
        here = f"{place}.{part}[{number}]"
        file.unknown(line, _LINE, here)
        key, group = file.word(line, "key", here), line.get("group", "")
        if key in keys:
            file.faults.append(f"{here}：“{key}”重复")
        keys.add(key)
        if groups and group not in groups:
            file.faults.append(f"{here}.group：没有叫“{group}”的组")
        official = file.word(line, "label", here)
        own = file.label(official)
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


def build_sections(file: FormFile, tables: Mapping[str, Table]) -> tuple[Section, ...]:
    """The numbered sections with the texts and tables in each."""
    sections = []
    for number, section in enumerate(file.parts(file.data, "sections", "表单"), 1):
        place = f"sections[{number}]"
        file.unknown(section, {"key", "label", "kind", "shape", "about"}, place)
        if section.get("shape", "") not in _SHAPES:
            file.faults.append(f"{place}.shape：只能是 {'、'.join(_SHAPES[1:])}")
        key, kind = file.word(section, "key", place), section.get("kind")
        if kind not in ("text", "table"):
            file.faults.append(f"{place}.kind：“{kind}”不是 text、table 之一")
        texts = tuple(
            text["key"]
            for text in file.data.get("texts", ())
            if text.get("section") == key and "key" in text
        )
        held = tuple(table.key for table in tables.values() if table.section == key)
        if not (texts or held):
            file.faults.append(f"{place}：“{key}”里没有任何指标")
        label = file.label(file.word(section, "label", place))
        shape = cast(Shape, section.get("shape", ""))
        about = section.get("about", "")
        sections.append(Section(key, label, cast(Any, kind), texts, held, shape, about))
    known = {section.key for section in sections}
    for table in tables.values():
        if table.section not in known:
            file.faults.append(f"表“{table.key}”：没有叫“{table.section}”的部分")
    return tuple(sections)


def build_items(
    file: FormFile, sections: tuple[Section, ...], tables: Mapping[str, Table]
) -> Iterator[Item]:
    """All items in the order of the form: texts before 一、, then section by section."""
    labels = {section.key: section.label for section in sections}
    texts = []
    for number, text in enumerate(file.data.get("texts", ()), 1):
        place = f"texts[{number}]"
        file.unknown(text, _TEXT, place)
        section = text.get("section", "")
        if section and section not in labels:
            file.faults.append(f"{place}：没有叫“{section}”的部分")
        label = file.label(file.word(text, "label", place))
        number_mark = text.get("number", "")
        head = (labels[section],) if section in labels else ()
        tail = () if head and label in head[0] else (number_mark + label,)
        texts.append(
            Item(
                key=file.word(text, "key", place),
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
            ordered += _cells(file, tables[table_key])
    ordered += [text for text in texts[first:] if not text.section]
    counted = Counter(item.key for item in ordered)
    file.faults += [f"指标“{key}”重复" for key, times in counted.items() if times > 1]
    yield from ordered


def _cells(file: FormFile, table: Table) -> Iterator[Item]:
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
