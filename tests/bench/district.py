"""What the office's side costs with 250 to 2,000 units, beside floors measured in the same run.

python -m tests.bench.district [--units 250 500 1000 2000]

Each store is filled through its own methods, so that its chain holds. A fifth of the units are
dense (some 250 lines of history), the others quiet. Three tenths are approved, of these some at
the second version; four tenths wait for a review, one tenth was returned, two are being filled in.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.agency import level_of
from bot.assistant import Assistant
from bot.assistant.view import View
from bot.catalogue import load_form, load_guides
from bot.draft import NO, Answer, Change, Draft
from bot.form import Form
from bot.messages import File, Incoming, Outgoing, Part
from bot.office.acts import AddUnit, Decide, PinComment
from bot.office.reminders import BEIJING, rungs
from bot.record import build_report
from bot.store import Desk, Reply, Seat, Store, Submission, dump_figures
from bot.wording import Wording
from bot.workdays import is_workday
from bot.writers.json import write_report
from tests.bench.reports import dense_report

YEAR = 2024
SIZES = (250, 500, 1000, 2000)
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

    def decide(self, draft: int, kind: str) -> None:
        """The office returns or approves the newest version."""
        version = self.store.versions(draft)[-1].id
        remark = [PinComment(version, "other", "请核对收费情况。")] if kind == "returned" else []
        acts = (*remark, Decide(version, "returned" if kind == "returned" else "approved"))
        self.store.save_desk(self.incoming(), self.desk, acts, "", (), self.now)
        for id in self.store.unfiled():
            name = self.store.document(id).format
            content = f"{id}".encode().ljust(FILED_BYTES[name], b"*")
            self.store.keep_document(id, File(f"{id}.{name}", content), self.now)
        self.assistant.follow_up()

    def arrive(self) -> None:
        """Everything queued has arrived."""
        self.store.mark_sent(
            [(m.id, f"b{m.id}", "") for m in self.store.unsent("bench")], self.now
        )


# ── filling ─────────────────────────────────────────────────────────────────────────────────


def fill(district: District) -> None:
    """Roster, people, answers with their history, versions, decisions and files."""
    names = [DISTRICT, OWN, *(f"青石县第{n}中学" for n in range(3, district.units + 1))]
    lines = [
        AddUnit(name, f"{n}号单位", level_of(name), n, parent="" if n == 1 else DISTRICT, own=n == 2)
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
    for at in range(0, len(answers), AT_ONCE):
        _answer(district, seat, answers[at : at + AT_ONCE])
    if n % 10 < 8:
        _submit(district, seat)
    if n % 10 in (2, 7):
        district.decide(draft, "returned")
    if n % 10 == 2:
        comment = store.draft(draft).pinned[0]
        _answer(district, seat, [(comment.reply, Answer("已核对，全年没有收费。", "typed"))])
        _submit(district, seat)
    if n % 10 < 3:
        district.decide(draft, "approved")


def _answer(district: District, seat: Seat, answers: Sequence[tuple[str, Answer]]) -> None:
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
    texts = [(key, Answer(next(written, report.problems), "typed")) for key in form.texts]
    return first + [(c, a) for c, a in figures if a.value is not None] + texts


def _quiet_answers(form: Form) -> list[tuple[str, Answer]]:
    """No gate open; every text drafted and then written anew."""
    gates = [(gate.key, Answer(NO, "typed")) for gate in form.gates]
    drafted = [(key, Answer("本年度没有。", "drafted")) for key in form.texts]
    texts = [(key, Answer(f"2024年，{form.items[key].label}方面没有变化。", "typed"))
             for key in form.texts]  # fmt: skip
    return gates + drafted + texts


# ── measuring ───────────────────────────────────────────────────────────────────────────────


def least_ms(work: Callable[[], object], rounds: int = 5, before: Callable[[], object] = int) -> float:
    """The shortest of several runs in milliseconds; `before` each, unmeasured."""
    taken = []
    for _ in range(rounds):
        before()
        gc.collect()
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def measure(district: District) -> Iterator[tuple[str, float]]:
    """What is measured and how long it takes; names with a dash are floors."""
    store, assistant, say = district.store, district.assistant, district.say
    while assistant_tick_counts(district):
        pass
    rows = "SELECT * FROM units LEFT JOIN drafts ON drafts.unit_id = units.id"
    yield "- the board's rows alone", least_ms(lambda: store.db.execute(rows).fetchall())
    yield "看板", least_ms(lambda: say("看板"))
    yield "看板, all drafts moved", least_ms(lambda: say("看板"), 3, lambda: _move(district))
    while assistant_tick_counts(district):
        pass
    yield "办公室", least_ms(lambda: say("办公室"))
    yield "单位卡", least_ms(lambda: say("第14中学"))
    yield "审核", least_ms(lambda: say("审核"))
    yield "审核 one", least_ms(lambda: say("审核 第14中学"))
    yield "- the figures' JSON alone", least_ms(lambda: _load_figures(store))
    yield "汇总", least_ms(lambda: say("汇总"))
    yield "rollup.xlsx", least_ms(lambda: _make(district, "rollup.xlsx", unit=1), 2)
    yield "board.xlsx", least_ms(lambda: _make(district, "board.xlsx"), 2)
    yield "异常", least_ms(lambda: say("异常"), 1)
    drafts = [seat.draft for seat in district.seats[:300]]
    more = {"drafts": drafts, "kind": "docx", "part": 0}
    yield "zip of 300, in the loop", least_ms(lambda: _begin(district, "zip", **more), 2)
    if district.units == SIZES[-1]:
        yield "zip of 300, in its thread", least_ms(_begin(district, "zip", **more), 1)
    yield "a clerk's turn", least_ms(_turns(district)) / 20
    yield "- all lines hashed", least_ms(lambda: _hash_all(store), 2)
    yield "verify", least_ms(lambda: _verify(store), 2)
    yield from _reminding(district)


def _reminding(district: District) -> Iterator[tuple[str, float]]:
    """Every unit lags: one admin's 催报 for all, and the ladder's days."""
    store, assistant = district.store, district.assistant
    yield "tick, nothing due", least_ms(assistant.tick)
    store.db.execute("UPDATE drafts SET stage = 'filling', checked = 1")

    def next_day() -> None:
        district.now += timedelta(days=1)
        district.say("催报")

    yield "催报", least_ms(lambda: district.say("催报"))
    yield "催报 all", least_ms(lambda: district.say(_first(district)), 3, next_day)
    days = iter(rungs(date(YEAR + 1, 1, 31), is_workday))

    def next_rung() -> None:
        district.now = datetime.combine(next(days), district.now.time(), BEIJING)

    yield "tick, all due", least_ms(assistant.tick, 3, next_rung)
    yield "tick, all told", least_ms(assistant.tick)
    yield "- the same keys looked up", least_ms(
        lambda: [store.is_taken(f"remind:{n}") for n in range(district.units)]
    )


def assistant_tick_counts(district: District) -> int:
    """Count the findings of some drafts, as a round of chores does; how many are left."""
    View(district.assistant, "office").standings(YEAR)
    return len(district.store.unchecked(YEAR, 1))


def _first(district: District) -> str:
    """The words of the first button at the desk."""
    desk = district.store.desk("bench:office")
    assert desk is not None
    return str(json.loads(desk.position)["choices"][0][0])


def _move(district: District) -> None:
    district.store.db.execute("UPDATE drafts SET checked = 0")


def _load_figures(store: Store) -> int:
    return len([json.loads(kept) for (kept,) in store.db.execute("SELECT figures FROM versions")])


def _begin(district: District, form: str, **facts: object) -> Callable[[], File]:
    store = district.store
    made = (None, form, json.dumps({"year": YEAR, **facts}))
    store.save_desk(district.incoming(), district.desk, (), "", (), district.now, documents=[made])
    (id,) = store.db.execute("SELECT max(id) FROM documents").fetchone()
    work = district.assistant.begin_document(id)
    assert not isinstance(work, File)
    return work


def _make(district: District, form: str, **facts: object) -> File:
    return _begin(district, form, **facts)()


def _turns(district: District) -> Callable[[], None]:
    """Twenty clerks of units that fill in still say a figure."""
    filling = [seat for seat in district.seats if seat.draft % 10 in (9, 0)][:20]
    figures = count(1)

    def say() -> None:
        for seat in filling:
            district.say(f"表二 行政许可 {next(figures)}", seat.address)

    return say


def _hash_all(store: Store) -> str:
    chained = hashlib.sha256()
    for table in ("history", "events", "versions", "documents"):
        for row in store.db.execute(f"SELECT * FROM {table}"):
            chained.update(repr(row).encode())
    return chained.hexdigest()


def _verify(store: Store) -> None:
    assert not store.verify().faults


def main() -> None:
    """The table: milliseconds by number of units, and how they grow."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().units
    found: dict[str, list[float]] = {}
    out = sys.stdout.write
    for units in sizes:
        with tempfile.TemporaryDirectory() as folder:
            district = District(units, Path(folder) / "nianbao.db")
            start = time.perf_counter()
            fill(district)
            lines = district.store.verify().lines
            out(f"{units} units: {lines} lines of history and events, filled in "
                f"{time.perf_counter() - start:.0f} s\n")  # fmt: skip
            for name, taken in measure(district):
                found.setdefault(name, []).append(taken)
            district.store.close()
    out(f"\n{'least ms, units':28}" + "".join(f"{units:9}" for units in sizes) + "   growth\n")
    for name, row in found.items():
        wide = sum(1 for c in name if ord(c) > 0x2E7F)
        growth = f"{row[-1] / row[0]:9.1f}" if len(row) == len(sizes) else ""
        out(f"{name:{28 - wide}}" + "".join(f"{taken:9.1f}" for taken in row) + growth + "\n")


if __name__ == "__main__":
    main()
