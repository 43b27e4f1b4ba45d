"""Reads back the workbook that went out to be filled in (`bot.writers.xlsx`).

A very hidden sheet lists which cell holds what, and hidden marks in the first row and column of
every other sheet say which of its rows and columns are which: a cell is found by them wherever it
was moved to, and never by the words beside it. Totals are added up here and not read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lxml.etree import LxmlError

from bot.answers import Rejected, read_count, read_money, read_text
from bot.form import Form, Item
from bot.readers.formulas import is_filled, terms_of
from bot.readers.package import check_package
from bot.readers.places import Gone, Spot, find_spots
from bot.readers.reading import Reading, Unreadable
from bot.readers.references import is_hollow
from bot.readers.refusals import SHOWN, Refusal, cell_name, refuse
from bot.readers.register import Entry, Register, digest, read_register
from bot.readers.sheets import Workbook as Sheets
from bot.readers.sheets import open_workbook
from bot.reading import Returned
from bot.report import Figure, Report, Topic, paragraphs, show_figure

_ERROR = re.compile(r"#[A-Z][A-Z0/_]{1,15}[!?]?")  # #REF!, #N/A
# What lxml and zipfile raise between them on files that are no workbooks.
_BROKEN = (
    LxmlError, zipfile.BadZipFile, zlib.error, Unreadable,
    LookupError, ValueError, ArithmeticError, AttributeError, RuntimeError, EOFError, OSError,
)  # fmt: skip
_DATE = re.compile(r"[0-9]+年[0-9]+月[0-9]+日")


@dataclass(frozen=True, slots=True)
class Workbook:
    """What people left in a workbook of ours.

    `figures` has all cells of the form: a blank and a refused one is None, totals are added up.
    `texts` has all narrative items, '' where blank. `given` and `touched` say what stood in the
    input cells when the workbook went out, and which items hold something else now: the rest was
    not answered by anybody, however the draft has changed since. `notes` are sentences about what
    was left aside besides the refused cells; `digests` tell the texts that went out.
    """

    draft: int
    agency: str
    year: int
    level: str
    title: str
    final: bool
    figures: Mapping[str, Figure]
    texts: Mapping[str, str]
    given: Mapping[str, Figure]
    touched: frozenset[str]
    digests: Mapping[str, str]
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that was not taken, in words; a sheet or row that is gone is said once."""
        told = (refusal.sentence for refusal in self.refused)
        return tuple(dict.fromkeys((*told, *self.notes)))


def read_workbook(content: bytes, form: Form) -> Workbook | None:
    """What stands in a workbook of ours; None for any other file.

    Raises Unreadable where it is one of ours that cannot be used any more.
    """
    try:
        check_package(content, ".xlsx")
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            opened = open_workbook(package)
    except _BROKEN:
        return None
    register = read_register(opened.sheets, form)
    return None if register is None else _Reader(register, opened, form).read()


def add_up(figures: Mapping[str, Figure], form: Form) -> dict[str, Figure]:
    """All cells of the form with every total worked out anew; None where a part is not known."""
    added = {cell: figures.get(cell) for cell in form.cells}
    for total, parts in form.sums:
        known = [value for part in parts if (value := added[part]) is not None]
        added[total] = sum(known) if len(known) == len(parts) else None
    return added


def reading_of(workbook: Workbook, form: Form) -> Reading:
    """A workbook as the reading of a report, for what takes any file."""
    report = Report(
        format=form.format,
        agency=workbook.agency,
        year=workbook.year,
        level=workbook.level,
        title=workbook.title,
        texts={key: text for key, text in workbook.texts.items() if not form.items[key].number},
        topics=tuple(Topic(item.label, workbook.texts[item.key]) for item in form.topics),
        figures=workbook.figures,
        final=workbook.final,
    )
    return Reading(
        report=report,
        headings=tuple(section.label for section in form.sections),
        unread=workbook.sentences,
        unreadable={r.item: r.stood for r in workbook.refused if r.stood and r.item in form.cells},
        returned=_returned(workbook, form),
    )


def _returned(workbook: Workbook, form: Form) -> Returned:
    """What was changed since the workbook went out; what was refused changes nothing."""
    refused = {refusal.item for refusal in workbook.refused}
    items = [item for item in form.items if item in workbook.touched and item not in refused]
    held = {**workbook.figures, **{key: text or None for key, text in workbook.texts.items()}}
    return Returned(
        workbook.draft,
        {item: held[item] for item in items},
        {item: workbook.given.get(item) for item in items if form.items[item].is_cell},
    )


class _Refused(Exception):
    """Why a cell is not taken: the name of a reason."""


class _Reader:
    """Reads the cells that a register names."""

    def __init__(self, register: Register, opened: Sheets, form: Form) -> None:
        self.register = register
        self.form = form
        self.stale = opened.stale
        self.texts = {sheet.name: sheet.texts for sheet in opened.sheets}
        self.spots = find_spots(register, opened.sheets, form)
        self.found: dict[str, Figure | str] = {}
        self.given: dict[str, Figure] = {}
        self.touched: set[str] = set()
        self.refused: list[Refusal] = []

    def read(self) -> Workbook:
        """Everything that was left in the workbook."""
        for entry in self.register.entries:
            if entry.sort != "text":
                self.given[entry.item] = _given(entry, self.form.items[entry.item])
            if entry.sort != "total":
                self._take(entry)
        about = self.register.about
        cells = {key: value for key, value in self.found.items() if not isinstance(value, str)}
        figures = add_up(cells, self.form)
        return Workbook(
            draft=_number(about["draft"]),
            agency=about["agency"],
            year=_number(about["year"]),
            level=about["level"],
            title=about["title"],
            final=about["final"] == "1",
            figures=figures,
            texts={key: str(self.found.get(key) or "") for key in self.form.texts},
            given=self.given,
            touched=frozenset(self.touched),
            digests={e.item: e.given for e in self.register.entries if e.sort == "text"},
            refused=tuple(self.refused),
            notes=tuple(self._typed_totals(figures)),
        )

    def _take(self, entry: Entry) -> None:
        """Take what stands in a cell, or keep why it is not taken."""
        item, spot = self.form.items[entry.item], self.spots[entry.item]
        if isinstance(spot, Gone):
            self._refuse(Refusal(item.key, "", "", "gone", spot.sentence))
            return
        text = spot.sheet.texts.get(spot.place, "").strip()
        try:
            value = self._read(entry, item, text, spot)
        except (Rejected, _Refused) as refused:
            self._refuse(refuse(item, spot, text, str(refused)))
            return
        self.found[item.key] = value
        before = entry.given if entry.sort == "text" else self.given[item.key]
        if before != (digest(str(value)) if entry.sort == "text" else value):
            self.touched.add(item.key)

    def _refuse(self, refusal: Refusal) -> None:
        self.refused.append(refusal)
        self.touched.add(refusal.item)

    def _read(self, entry: Entry, item: Item, text: str, spot: Spot) -> Figure | str:
        """What a cell holds, by its sort."""
        if entry.sort == "text":
            return self._text(entry, text, spot)
        return self._figure(item, text, spot)

    def _figure(self, item: Item, text: str, spot: Spot) -> Figure:
        """The figure in an input cell; None for a blank one."""
        given = self.given[item.key]
        if given is not None and text == show_figure(given):
            return given  # untouched, whatever the readers would say of it
        self._check_formula(text, spot)
        if not text:
            return None
        if _DATE.fullmatch(text):
            raise _Refused("date")
        read = read_money(text) if item.kind == "money" else read_count(text)
        if not read.sure:
            raise _Refused("unsure")
        return read.value

    def _text(self, entry: Entry, text: str, spot: Spot) -> str:
        """The text in a cell, a paragraph a line; '' for a blank one."""
        kept = "\n".join(paragraphs(text))
        if entry.given and digest(kept) == entry.given:
            return kept
        self._check_formula(text, spot)
        return "\n".join(paragraphs(read_text(text))) if kept else ""

    def _check_formula(self, text: str, spot: Spot) -> None:
        """Raise where a cell shows a result that nobody can rely on."""
        if _ERROR.fullmatch(text):
            raise _Refused("error")
        formula = spot.sheet.formulas.get(spot.place)
        if formula is None:
            return
        if not text or self.stale:
            raise _Refused("uncomputed")
        terms, texts = terms_of(formula), {**self.texts, "": spot.sheet.texts}
        blank = terms is not None and not is_filled(terms, texts)
        if blank or (text == "0" and is_hollow(formula, spot.place, texts)):
            raise _Refused("hollow")

    def _typed_totals(self, figures: Mapping[str, Figure]) -> Iterator[str]:
        """Sentences about totals that somebody typed over their formulas."""
        for entry in self.register.entries:
            spot = self.spots[entry.item]
            if entry.sort != "total" or isinstance(spot, Gone):
                continue
            text = spot.sheet.texts.get(spot.place, "").strip()
            shown = show_figure(figures[entry.item])
            if text and spot.place not in spot.sheet.formulas and text != shown:
                yield (
                    f"{cell_name(spot)}（{' · '.join(self.form.items[entry.item].place)}）里写的"
                    f"“{text[:SHOWN]}”没有读：总计由各项加出来，现在"
                    + (f"是 {shown}。" if shown else "还有格子空着。")
                )


def _given(entry: Entry, item: Item) -> Figure:
    """What stood in a cell when the workbook went out."""
    try:
        return None if not entry.given else _exact(entry.given, item)
    except (ArithmeticError, ValueError):
        return None


def _exact(shown: str, item: Item) -> Figure:
    return Decimal(shown) if item.kind == "money" else int(shown)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 16 else 0
