"""The files an office asks for: what they are made of, and making them.

A format's libraries are loaded when it is first wanted, as in `bot.writers`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.assistant.base import Parts
from bot.assistant.view import View
from bot.desk.office import Order
from bot.form import Form
from bot.intake import dump_reading
from bot.messages import File, Outgoing, Part
from bot.readers.json import read_report
from bot.reading import Reading
from bot.record import build_report
from bot.report import Report
from bot.store.outbox import Document
from bot.writers import PRINTED, WRITERS, write
from bot.writers.json import write_report
from bot.writers.naming import safe_name
from bot.writers.proof import DocumentError

Job = Callable[[], File]

OFFICE_FILES = (
    "board.xlsx", "board.html", "rollup.xlsx", "rollup.json", "zip", "qr", "trace.html",
)  # fmt: skip
"""What is made of the store and not of one frozen report."""


class Orders(Parts):
    """Orders of the desk become documents."""

    def ordered(self, orders: Sequence[Order]) -> Iterator[int | tuple[int | None, str, str]]:
        """For each order a kept document's id, or what a new one is made of."""
        for order in orders:
            if order.kind in OFFICE_FILES:
                facts = json.dumps(dict(order.facts), ensure_ascii=False)
                yield (order.draft, order.kind, facts)
            else:
                assert order.draft is not None
                kept = self._kept(order)
                yield kept or (order.draft, order.kind, self._frozen(order))

    def captions(self, address: str, orders: Sequence[Order]) -> Iterator[Outgoing]:
        """The message that each ordered file goes with."""
        for at, order in enumerate(orders):
            agency = self.store.draft(order.draft).agency if order.draft is not None else ""
            text = self.wording.text(
                "desk_file", kind=order.kind, agency=agency,
                year=order.facts.get("year", ""), part=order.facts.get("part", 0),
            )  # fmt: skip
            yield Outgoing(0, address, (Part(text),), document=at)

    def dump_rollup(self, report: Report) -> str:
        """A sum as the reading that a chat is shown."""
        return dump_reading(Reading(report), self.form)

    def begin_office_file(self, document: Document) -> Job:
        """The work that makes one of the office's files; what it needs of the store is read now."""
        facts = json.loads(document.report)
        return _MAKERS[document.format](self, document, facts)

    def archive(self, year: int, drafts: Sequence[int], kind: str, part: int) -> Job:
        """Reports of several units in one archive, with the board as its summary."""
        from bot.writers.board import render_board_xlsx

        reports = [self._newest(draft) for draft in drafts]
        standings = self.store.standings(year, self.store.dues(year))
        chosen = set(drafts)
        listed = [s for s in standings if s.draft in chosen]
        form, fonts, now = self.form, self.fonts, self.clock()

        def make() -> File:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("一览.xlsx", render_board_xlsx(listed, year, now, form))
                for number, text in enumerate(reports, 1):
                    report = read_report(text, form).report
                    more = {"fonts": fonts} if kind in PRINTED and fonts else {}
                    name, content = _packed(kind, report, form, more)
                    archive.writestr(f"{number:03d} {name}", content)
            name = f"{year}年度报告（{kind}{f' {part}' if part else ''}）.zip"
            return File(name, packed.getvalue())

        return make

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _kept(self, order: Order) -> int | None:
        """The file that an approval kept, where it did."""
        assert order.draft is not None
        if self.store.stage(order.draft).name != "approved" or order.version is None:
            return None
        number = self.store.stage(order.draft).version
        for id, kind, _, sha256, version in self.store.filed(order.draft):
            if kind == order.kind and sha256 and version == number:
                return id
        return None

    def _frozen(self, order: Order) -> str:
        assert order.draft is not None
        if order.version is None:
            return write_report(build_report(self.store.draft(order.draft)), self.form)
        return self.store.frozen(order.version)

    def _newest(self, draft: int) -> str:
        """A draft's report as JSON: the newest version in the office's hands, else as it stands."""
        stage = self.store.stage(draft)
        if stage.locked:
            return self.store.frozen(self.store.newest(draft))
        return write_report(build_report(self.store.draft(draft)), self.form)


def _packed(kind: str, report: Report, form: Form, more: Mapping[str, object]) -> tuple[str, bytes]:
    """A report's file for an archive; where it cannot be made, a note that says why."""
    try:
        made = write(kind, report, form, **more)
    except DocumentError as error:
        return f"{safe_name(report.agency)}（没有做成）.txt", f"{error}\r\n".encode()
    return made.name, made.content


def _board(side: Orders, document: Document, facts: Mapping[str, Any]) -> Job:
    from bot.writers.board import render_board_html, render_board_xlsx

    year = int(facts["year"])
    standings = View(side, "observer").standings(year)
    now, html = side.clock(), document.format.endswith("html")
    render = render_board_html if html else render_board_xlsx
    name = f"{year}年度看板.{'html' if html else 'xlsx'}"
    return lambda: File(name, render(standings, year, now, side.form))


def _rollup(side: Orders, document: Document, facts: Mapping[str, Any]) -> Job:
    from bot.writers.rollup import render_rollup, rollup_data

    unit, year = side.store.unit(int(facts["unit"])), int(facts["year"])
    assert unit is not None
    view = View(side, "observer")
    rollup = view.rollup(unit, year, final=False)
    words = [side.wording.message(f, rollup.figures) for f in view.rollup_findings(rollup)]
    made = side.clock().date()
    form, stem = side.form, safe_name(f"{unit.name}{year}年度汇总")
    if document.format == "rollup.json":
        data = json.dumps(rollup_data(rollup, form), ensure_ascii=False, indent=1)
        return lambda: File(f"{stem}.json", (data + "\n").encode())
    return lambda: File(f"{stem}.xlsx", render_rollup(rollup, form, words, made))


def _archive(side: Orders, document: Document, facts: Mapping[str, Any]) -> Job:
    kind = facts["kind"] if facts["kind"] in WRITERS else "docx"
    return side.archive(int(facts["year"]), facts["drafts"], kind, int(facts["part"]))


def _links(side: Orders, document: Document, facts: Mapping[str, Any]) -> Job:
    from bot.writers.qr import render_links

    links = [(str(name), str(link)) for name, link in facts["links"]]
    fonts = side.fonts
    return lambda: render_links(links, fonts)


def _trace(side: Orders, document: Document, facts: Mapping[str, Any]) -> Job:
    from bot.writers.trace import render_trace

    draft = side.store.draft(document.draft)
    place = side.store.draft_place(document.draft)
    entries = [entry for _, _, entry in side.store.history(document.draft)]
    events = side.store.events(unit=place[0] if place else None, draft=document.draft, limit=5000)
    head, name, guides = side.store.head(), side.wording.name, side.guides
    stem = safe_name(f"{draft.agency}{draft.year}年度留痕")
    lines = [(e.kind, e.person, e.at, e.body) for e in events]
    return lambda: File(f"{stem}.html", render_trace(draft, entries, lines, name, head, guides))


_MAKERS: Mapping[str, Callable[[Orders, Document, Mapping[str, Any]], Job]] = {
    "board.xlsx": _board,
    "board.html": _board,
    "rollup.xlsx": _rollup,
    "rollup.json": _rollup,
    "zip": _archive,
    "qr": _links,
    "trace.html": _trace,
}
