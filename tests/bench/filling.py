"""A store filled with the reports of a whole district, through the store's own methods.

A fifth of the units are dense (some 250 lines of history), the others quiet. Three tenths are
approved, of these some at the second version; four tenths wait for a review, one tenth was
returned, two are being filled in. The district's own report is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Literal

from bot.agency import level_of
from bot.assistant import Assistant
from bot.catalogue import load_form, load_guides
from bot.draft import NO, Answer, Change, Draft
from bot.form import Form
from bot.messages import File, Incoming, Outgoing, Part
from bot.office.acts import Act, AddUnit, Decide, PinComment
from bot.office.reminders import BEIJING
from bot.record import build_report
from bot.store import Desk, Reply, Seat, Store, Submission, dump_figures
from bot.wording import Wording
from bot.writers.json import write_report
from tests.bench.reports import dense_report

YEAR = 2024
DISTRICT, OWN = "青石县人民政府", "青石县人民政府办公室"
FILED_BYTES = {"docx": 50_000, "pdf": 60_000, "html": 30_000, "xlsx": 25_000, "json": 10_000}
AT_ONCE = 8
"""Answers that a clerk gives in one turn."""


@dataclass
class District:
    """A filled store with somebody at the office's desk, and a clock that can be set."""

    units: int
    path: Path
    now: datetime = datetime(2025, 1, 6, 9, 30, tzinfo=BEIJING)
    numbers: Iterator[int] = field(default_factory=count)
    seats: list[Seat] = field(default_factory=list)

    def __post_init__(self) -> None:
        form = load_form()
        self.store = Store(self.path, form, exclusive=True)
        self.assistant = Assistant(
            self.store, form, load_guides(form), Wording(form), lambda: self.now
        )
        self.store.db.execute("PRAGMA synchronous=OFF")  # while it is filled
        invitation = self.store.invite(None, self.now, "office")
        self.say(f"/start {invitation}")
        desk = self.store.desk("bench:office")
        assert desk is not None
        self.desk: Desk = desk

    def incoming(self, text: str = "", address: str = "bench:office") -> Incoming:
        """The next message."""
        number = next(self.numbers)
        return Incoming(f"bench:{number}", address, message=f"m{number}", text=text)

    def say(self, text: str, address: str = "bench:office") -> None:
        """Somebody types something."""
        self.assistant.receive(self.incoming(text, address))

    def decide(self, draft: int, kind: Literal["returned", "approved"]) -> None:
        """The office returns or approves the newest version."""
        version = self.store.versions(draft)[-1].id
        acts: list[Act] = [Decide(version, kind)]
        if kind == "returned":
            acts.insert(0, PinComment(version, "other", "请核对收费情况。"))
        self.store.save_desk(self.incoming(), self.desk, acts, "", (), self.now)
        for id in self.store.unfiled():
            name = self.store.document(id).format
            content = f"{id}".encode().ljust(FILED_BYTES[name], b"*")
            self.store.keep_document(id, File(f"{id}.{name}", content), self.now)
        self.assistant.follow_up()

    def arrive(self) -> None:
        """Everything queued has arrived."""
        self.store.mark_sent([(m.id, f"b{m.id}", "") for m in self.store.unsent("bench")], self.now)


def fill(district: District) -> None:
    """Roster, people, answers with their history, versions, decisions and files."""
    names = [DISTRICT, OWN, *(f"青石县第{n}中学" for n in range(3, district.units + 1))]
    lines = [
        AddUnit(
            name, f"{n}号单位", level_of(name), n, parent="" if n == 1 else DISTRICT, own=n == 2
        )
        for n, name in enumerate(names, 1)
    ]
    district.store.save_desk(district.incoming(), district.desk, lines, "", (), district.now)
    dense, quiet = _dense_answers(load_form()), _quiet_answers(load_form())
    for n, name in enumerate(names):
        _fill_unit(district, n, name, dense if n % 5 == 4 else quiet)
        if n % 100 == 0:
            district.arrive()
    district.arrive()
    district.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    district.store.db.execute("PRAGMA synchronous=FULL")


def _fill_unit(district: District, n: int, name: str, answers: list[tuple[str, Answer]]) -> None:
    store, address = district.store, f"bench:{n}"
    draft = store.open_draft(name, YEAR, district.now)
    seat = store.take_seat(district.incoming("", address), draft, district.now)
    assert seat is not None
    district.seats.append(seat)
    if n == 0:
        return  # the district's own report is filled in last
    for at in range(0, len(answers), AT_ONCE):
        answer(district, seat, answers[at : at + AT_ONCE])
    if n % 10 < 8:
        _submit(district, seat)
    if n % 10 in (2, 7):
        district.decide(draft, "returned")
    if n % 10 == 2:
        comment = store.draft(draft).pinned[0]
        answer(district, seat, [(comment.reply, Answer("已核对，全年没有收费。", "typed"))])
        _submit(district, seat)
    if n % 10 < 3:
        district.decide(draft, "approved")


def answer(district: District, seat: Seat, answers: Sequence[tuple[str, Answer]]) -> None:
    draft = district.store.draft(seat.draft)
    changes = [draft.change(item, new) for item, new in answers]
    _keep(district, seat, draft.with_changes(changes), changes, None)


def _submit(district: District, seat: Seat) -> None:
    draft = district.store.draft(seat.draft)
    report = build_report(draft)
    figures = dump_figures([report.figures[cell] for cell in draft.form.cells])
    explained = (("表三 新收", "与登记簿核对过，全年没有收到申请。"),)
    _keep(district, seat, draft, [], Submission(
        write_report(report, draft.form), figures, explained
    ))  # fmt: skip


def _keep(
    district: District, seat: Seat, after: Draft, changes: list[Change], handed: Submission | None
) -> None:
    said = Outgoing(0, seat.address, (Part("已记下。接着请填下一项。" * 10),))
    district.store.save_turn(
        district.incoming("", seat.address), seat, after, changes, "{}", [Reply(said)],
        district.now, percent=97, submission=handed,
    )  # fmt: skip


def _dense_answers(form: Form) -> list[tuple[str, Answer]]:
    """Every cell and long texts, and a third of the cells corrected."""
    report = dense_report(1500)
    figures = [(cell, Answer(report.figures[cell], "typed")) for cell in form.cells]
    first = [(cell, Answer(1, "typed")) for cell, _ in figures[::4]]
    written = iter([topic.text for topic in report.topics])
    texts = [(key, Answer(next(written, report.text("problems")), "typed")) for key in form.texts]
    return first + [(c, a) for c, a in figures if a.value is not None] + texts


def _quiet_answers(form: Form) -> list[tuple[str, Answer]]:
    """No gate open; every text drafted and then written anew."""
    gates = [(gate.key, Answer(NO, "typed")) for gate in form.gates]
    drafted = [(key, Answer("本年度没有。", "drafted")) for key in form.texts]
    texts = [(key, Answer(f"2024年，{form.items[key].label}方面没有变化。", "typed"))
             for key in form.texts]  # fmt: skip
    return gates + drafted + texts
