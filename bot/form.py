"""The statutory form as data: sections, tables, the items asked, the rules between them.

Pure values; `bot.catalogue` builds them from `prompts/forms/*.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from bot.limits import DEFAULTS, Limits

Kind = Literal["count", "money", "text"]
Severity = Literal["hard", "explain", "note", "admin"]
Sign = Literal["=", ">="]
Shape = Literal["", "blocks", "crossed", "across"]
"""How a section's tables are printed: below one another under their clauses, as one table with
heads on two sides, or with all rows side by side above one row of figures."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row or column of a table: its key, official label and the words people type for it.

    `short` heads a column or names a row where there is little room.
    """

    key: str
    label: str
    short: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    help: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A block of cells, rows x columns; `cell` is the pattern of a key (`{row}.{column}`).

    `corner` stands where the heads meet, `head` over all columns, `clause` over the whole table.
    """

    key: str
    section: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cell: str
    kind: Kind = "count"
    clause: str = ""
    corner: str = ""
    head: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def item_key(self, row: Line, column: Line) -> str:
        """The key of the cell in `row` and `column`: `requests.granted.total`."""
        return f"{self.section}.{self.cell.format(row=row.key, column=column.key)}"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is answered: a cell of a table (count, money) or a text."""

    key: str
    section: str
    kind: Kind
    label: str
    place: tuple[str, ...]
    table: str = ""
    row: str = ""
    column: str = ""
    number: str = ""
    aliases: tuple[str, ...] = ()
    help: str = ""
    optional: bool = False

    @property
    def is_cell(self) -> bool:
        """Whether the item is one of the form's figures."""
        return self.kind != "text"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the form's numbered sections; `texts` are the keys of its narrative items.

    `about` says in words how its tables are laid out, for those who listen.
    """

    key: str
    label: str
    kind: Literal["text", "table"]
    texts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    shape: Shape = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One equation between cells: the sum of `left` equals the sum of `right`.

    `part` names what is said while only some parts are known and already exceed the total.
    """

    id: str
    severity: Severity
    left: tuple[str, ...]
    right: tuple[str, ...]
    about: str = ""
    part: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of the equation, left side first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of a comparison: this year's or last year's, added or taken off."""

    cell: str
    last: bool = False
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """One comparison, mostly between years: the sum of `left` stands in `sign` to that of `right`.

    Unlike a rule it follows from outside the table: an office may have a reason to break it, and
    nothing is worked out or located by it.
    """

    id: str
    severity: Severity
    left: tuple[Term, ...]
    sign: Sign
    right: tuple[Term, ...]
    about: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, left side first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Gate:
    """A question that settles a whole block: where it is closed, its cells are 0.

    An open block is asked row by row, or with `together` in one question.
    """

    key: str
    label: str
    question: str
    cells: tuple[str, ...]
    help: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A table in which cases come in and are dealt with, a column for each kind of person.

    `cells` is the pattern of its keys. Its rows: what is `new` and `carried_in`, the `outcomes`
    with the row that adds them up (`handled`), and what is `carried_out` into the next year;
    `total` is the column of totals. A form without such a table has an empty flow.
    """

    table: str = ""
    gate: str = ""
    cells: str = ""
    kinds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    new: str = ""
    carried_in: str = ""
    handled: str = ""
    carried_out: str = ""
    total: str = ""

    def __bool__(self) -> bool:
        return bool(self.table)

    def cell(self, row: str, column: str) -> str:
        """The key of a cell: `requests.granted.natural_person`."""
        return self.cells.format(row=row, column=column)

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that are asked: all but the one that adds up."""
        return (self.new, self.carried_in, *self.outcomes, self.carried_out)

    @property
    def received(self) -> str:
        """The cell that the register's count of new cases is held against."""
        return self.cell(self.new, self.total)

    @property
    def open(self) -> str:
        """The cell that the register's count of open cases is held against."""
        return self.cell(self.carried_out, self.total)


@dataclass(frozen=True, eq=False)
class Form:
    """A whole form; a form in use is never reshaped, a new year's form is a new file.

    Two forms are the same only where they are one object, so that a form can be a key. `checks`
    names the families of checks that look at it, `facts` the sums that paragraphs speak of,
    `charge` the text before which 信息处理费 is asked, `example` a correction as it may be typed,
    `example_text` the name of a text, `template` its .docx, `title_words` a pattern for what
    reports of this form are called, `source` the file that it was read from.
    """

    key: str
    format: str
    name: str
    authority: str
    title: str
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
    items: Mapping[str, Item]
    rules: tuple[Rule, ...]
    gates: tuple[Gate, ...]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    limits: Limits = DEFAULTS
    flow: Flow = Flow()
    checks: tuple[str, ...] = ()
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    charge: str = ""
    example: str = ""
    example_text: str = ""
    template: str = ""
    title_words: str = ""
    source: str = ""

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The keys of all figures in the order of the form (200 in the form of 2021)."""
        return tuple(key for key, item in self.items.items() if item.is_cell)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The keys of all narrative items in the order of the form."""
        return tuple(key for key, item in self.items.items() if not item.is_cell)

    @cached_property
    def topics(self) -> tuple[Item, ...]:
        """The numbered narrative items in their order; all stand in one section."""
        return tuple(item for item in self.items.values() if item.number)

    def table_name(self, section: str) -> str:
        """What people call a section's tables: 表二."""
        keys = [one.key for one in self.sections]
        return f"表{_NUMBERS[keys.index(section)]}"

    @property
    def topic_section(self) -> str:
        """The key of the section that holds the topics; '' where the form has none."""
        return self.topics[0].section if self.topics else ""

    def lead(self, section: str) -> str:
        """The key of a section's text that is no topic; '' where it holds none."""
        texts = self.section(section).texts
        return next((key for key in texts if not self.items[key].number), "")

    def texts_of(self, part: Callable[[str], str]) -> dict[str, str]:
        """What a source holds of each text that is no topic; `part` gives it by section.

        Before the first and behind the last section stand texts of their own: 前言, 落款.
        """
        keys = [key for key in self.texts if not self.items[key].number]
        return {key: part(self.items[key].section or key) for key in keys}

    @cached_property
    def total_of(self) -> Mapping[str, tuple[str, ...]]:
        """For each total the cells it is the sum of, taken from rules with one cell on the right.

        A cell that is the total of several equations (the grand total) keeps the first.
        """
        return {
            rule.right[0]: rule.left
            for rule in reversed(self.rules)
            if len(rule.right) == 1 and rule.right[0] not in rule.left
        }

    @cached_property
    def sums(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The totals with their parts, each behind the totals it is summed from."""
        done: dict[str, tuple[str, ...]] = {}

        def visit(total: str) -> None:
            for part in self.total_of[total]:
                if part in self.total_of and part not in done:
                    visit(part)
            done[total] = self.total_of[total]

        for total in self.total_of:
            visit(total)
        return tuple(done.items())

    def section(self, key: str) -> Section:
        """The section named `key`."""
        return next(section for section in self.sections if section.key == key)

    def gate(self, key: str) -> Gate:
        """The gate named `key`."""
        return next(gate for gate in self.gates if gate.key == key)

    def short(self, cell: str) -> str:
        """A cell's place in few words: 予以公开·自然人."""
        item = self.items[cell]
        table = self.tables[item.table]
        row = self.short_row(item.table, item.row)
        if len(table.columns) == 1:
            return row
        column = next(line.label for line in table.columns if line.key == item.column)
        return f"{row}·{column}"

    def short_column(self, cell: str) -> str:
        """A cell's column in few words: 企业."""
        item = self.items[cell]
        line = next(line for line in self.tables[item.table].columns if line.key == item.column)
        return line.short or line.label

    def short_row(self, table: str, row: str) -> str:
        """A row's name in few words: 予以公开."""
        line = next(line for line in self.tables[table].rows if line.key == row)
        return line.short or line.label

    def full_place(self, key: str) -> str:
        """An item's place in the form: 三、本年度办理结果 › （一）予以公开 · 自然人."""
        item = self.items[key]
        if item.is_cell and len(self.tables[item.table].columns) > 1:
            return " › ".join(item.place[:-1]) + " · " + item.place[-1]
        return " › ".join(item.place)

    def title_of(self, agency: str, year: int) -> str:
        """The report's official title."""
        return self.title.format(agency=agency, year=year)


_NUMBERS = "一二三四五六七八九十"
