"""Whether a form that could be built can also be filled in, checked and printed.

Each function gives sentences about what would go wrong later: in the interview, in a message, in a
document. They look at the finished form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from string import Formatter

from bot.form import Form, Line

LONGEST_KEY, LONGEST_CELL = 40, 50
"""Signs of a key: a button carries one in 64 bytes, beside the draft and the revision."""
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_MOST_SECTIONS, _MOST_COLUMNS = 10, 30
_LONGEST = 500
"""Characters of a label; those of the official form have up to 37."""
LABEL = f"不能空，最多 {_LONGEST} 字，不能有大括号和换行、制表符一类看不见的字符"
_OUTSIDE = ("preamble", "signoff")
_RESERVED = {
    "title", "zeros", "review", "view", "last", "explain", "reply", "pick", "fact", "control",
    "fee", "fill", "row", "intake",
}  # fmt: skip
_OF_2021 = ("requests", "claims", "fees", "parts")
_SECTIONS_OF_2021 = {
    "overview", "proactive", "requests", "review_litigation", "problems", "other",
}  # fmt: skip


def faults_of(form: Form) -> Iterator[str]:
    """All that would go wrong with a form."""
    yield from _keys(form)
    yield from _words(form)
    yield from _sections(form)
    yield from _tables(form)
    yield from _labels(form)
    yield from _sums(form)
    yield from _flow(form)
    if set(_OF_2021) & set(form.checks):
        missing = _SECTIONS_OF_2021 - {section.key for section in form.sections}
        if missing or form.flow.table != "requests":
            yield f"checks：{'、'.join(_OF_2021)} 只认得 2021 年的表单"


def _keys(form: Form) -> Iterator[str]:
    """Keys that cannot stand in a button, in a data file or in a question's name."""
    lines = [line for table in form.tables.values() for line in (*table.rows, *table.columns)]
    keys = [*form.items, *(g.key for g in form.gates), *(line.key for line in lines)]
    keys += [*(s.key for s in form.sections), *form.tables]
    cells = sorted(form.cells)
    for key in dict.fromkeys(keys):
        most = LONGEST_CELL if key in form.items and form.items[key].is_cell else LONGEST_KEY
        if not _KEY.fullmatch(key) or len(key) > most:
            yield f"名称“{key[:60]}”：只能用小写字母、数字、下划线和点，最多 {most} 个字符"
    gates = Counter(gate.key for gate in form.gates)
    yield from (f"gates：“{key}”重复" for key, times in gates.items() if times > 1)
    for key in gates:
        if not key.startswith("gate.") or key in form.items:
            yield f"gates：“{key}”应写成 gate.… ，不能和指标同名"
    heads = {key.partition(".")[0] for key in form.items}
    rows = {line.key for table in form.tables.values() for line in table.rows}
    for key in sorted((heads & _RESERVED) | (rows & {"control", "fee"})):
        yield f"名称“{key}”另有用处，请换一个"
    for one, other in pairwise(cells):
        if other.startswith(one + "."):
            yield f"“{one}”不能又是一格，又是“{other}”的开头"


def _words(form: Form) -> Iterator[str]:
    """Patterns whose fields nobody fills, and a pattern that is none."""
    if sorted(_fields(form.title)) != ["agency", "year"]:
        yield "表单.title：要有 {agency} 和 {year} 各一个，别的大括号不能有"
    for gate in form.gates:
        if not set(_fields(gate.question)) <= {"year", "last"}:
            yield f"gates：“{gate.key}”的问题里只能用 {{year}} 和 {{last}}"
    try:
        re.compile(form.title_words)
    except re.error:
        yield "表单.title_words：不是正则表达式"


def _fields(pattern: str) -> list[str]:
    """The bare names in braces; '?' for what is more than a name, or cannot be read."""
    try:
        parsed = list(Formatter().parse(pattern))
    except ValueError:
        return ["?"]
    return [
        field if field.isidentifier() and not conversion and not wide else "?"
        for _, field, wide, conversion in parsed
        if field is not None
    ]


def _sections(form: Form) -> Iterator[str]:
    if len(form.sections) > _MOST_SECTIONS:
        yield f"sections：最多 {_MOST_SECTIONS} 个部分"
    labels = Counter(section.label for section in form.sections)
    yield from (f"sections：“{label}”重复" for label, times in labels.items() if times > 1)
    for section in form.sections:
        if section.key in (*_OUTSIDE, "title"):
            yield f"sections：“{section.key}”另有用处，请换一个名称"
        if bool(section.tables) == bool(section.texts):
            yield f"sections：“{section.key}”要么放表，要么放文字，不能都放"
        if section.tables and not section.shape:
            yield f"sections：“{section.key}”没有写 shape（blocks、crossed 或 across）"
        if section.shape == "crossed" and len(section.tables) != 1:
            yield f"sections：“{section.key}”是 crossed，只能放一张表"
    for key in form.texts:
        item = form.items[key]
        if not item.section and (key not in _OUTSIDE or item.number):
            yield f"texts：“{key}”要放在一个部分里；部分以外只能有 preamble 和 signoff"


def _tables(form: Form) -> Iterator[str]:
    """Cells that nobody is asked for, and tables that cannot be printed."""
    rows = Counter(
        row.key for t in form.tables.values() if t.key != form.flow.table for row in t.rows
    )
    yield from (f"tables：行名“{key}”在几张表里都有" for key, times in rows.items() if times > 1)
    for table in form.tables.values():
        if len(table.columns) > _MOST_COLUMNS:
            yield f"tables：“{table.key}”最多 {_MOST_COLUMNS} 列"
        depth = 1 if form.section(table.section).shape == "across" else 2
        if any(len(place) > depth for place in table.groups.values()):
            yield f"tables：“{table.key}”的组最多 {depth} 层"
        totals = [
            table.item_key(row, column)
            for row in table.rows
            for column in table.columns
            if row.total or column.total
        ]
        for cell in (cell for cell in totals if cell not in form.total_of):
            yield f"tables：“{cell}”标为合计，却没有一条规则把它加出来"


def _labels(form: Form) -> Iterator[str]:
    """Labels that cannot be printed, or that mean two things."""
    for table in form.tables.values():
        for part, lines in (("行", table.rows), ("列", table.columns)):
            names = Counter(name for line in lines for name in {*_names(line)})
            for name, times in names.items():
                if times > 1:
                    yield f"tables：“{table.key}”里有几{part}都叫“{name[:30]}”"
    labels = [(item.key, item.label) for item in form.items.values()]
    labels += [(section.key, section.label) for section in form.sections]
    labels += [(t.key, line.label) for t in form.tables.values() for line in t.columns]
    for key, label in labels:
        if not is_label(label):
            yield f"“{key}”的名称“{label.strip()[:30]}”{LABEL}"


def is_label(text: str) -> bool:
    """Whether a text can be printed as a name: one line, and nothing that a template would read."""
    return bool(text.strip()) and text.isprintable() and "{" not in text and len(text) <= _LONGEST


def _names(line: Line) -> Iterator[str]:
    yield line.label
    yield from line.aliases


def _sums(form: Form) -> Iterator[str]:
    """Sums of counts and money together, and totals that add up one another."""
    for rule in form.rules:
        if len({form.items[cell].kind for cell in rule.cells}) > 1:
            yield f"rules：“{rule.id}”把件数和金额加在一起"
    open_: set[str] = set()
    done: set[str] = set()
    for start in form.total_of:
        trail = [(start, iter(form.total_of[start]))]
        open_ = {start}
        while trail:
            total, parts = trail[-1]
            part = next((p for p in parts if p in form.total_of and p not in done), None)
            if part is None:
                trail.pop()
                open_.discard(total)
                done.add(total)
            elif part in open_ or len(trail) > _MOST_SECTIONS:
                yield f"rules：“{part}”和“{total}”互相加，或者合计套了太多层"
                return
            else:
                trail.append((part, iter(form.total_of[part])))
                open_.add(part)


def _flow(form: Form) -> Iterator[str]:
    flow = form.flow
    if not flow:
        return
    table = form.tables[flow.table]
    rows = (*flow.rows, flow.handled)
    if sorted(rows) != sorted(line.key for line in table.rows):
        yield f"flow：new、carried_in、outcomes、handled、carried_out 要正好是“{table.key}”的各行"
    if sorted((*flow.kinds, flow.total)) != sorted(line.key for line in table.columns):
        yield f"flow：kinds 和 total 要正好是“{table.key}”的各列"
    if set(form.gate(flow.gate).cells) != {
        c for c in form.cells if form.items[c].table == table.key
    }:
        yield f"flow：“{flow.gate}”要管“{table.key}”的全部格子"
