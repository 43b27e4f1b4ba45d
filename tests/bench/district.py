"""What the office's side costs with 250 to 2,000 units, beside floors measured in the same run.

python -m tests.bench.district [--units 250 500 1000 2000]
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.assistant.view import RECOUNTED, count_findings
from bot.draft import Answer
from bot.messages import File
from bot.office.reminders import BEIJING, rungs
from bot.store import Store
from bot.workdays import is_workday
from tests.bench.filling import YEAR, District, answer, fill

SIZES = (250, 500, 1000, 2000)


def least_ms(
    work: Callable[[], object], rounds: int = 5, before: Callable[[], object] = int
) -> float:
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
    store, say = district.store, district.say
    count_all(district)
    rows = "SELECT * FROM units LEFT JOIN drafts ON drafts.unit_id = units.id"
    yield "- the board's rows alone", least_ms(lambda: store.db.execute(rows).fetchall())
    yield "看板", least_ms(lambda: say("看板"))
    yield "看板, all drafts moved", least_ms(lambda: say("看板"), 3, lambda: _move(district))
    count_all(district)
    yield "办公室", least_ms(lambda: say("办公室"))
    yield "单位卡", least_ms(lambda: say("第14中学"))
    yield "审核", least_ms(lambda: say("审核"))
    yield "审核 one", least_ms(lambda: say("审核 第14中学"))
    yield "- the figures' JSON alone", least_ms(lambda: _load_figures(store))
    yield "汇总", least_ms(lambda: say("汇总"))
    own = [(cell, Answer(7, "typed")) for cell in store.form.cells if "fees" not in cell]
    answer(district, district.seats[0], own)
    yield "汇总, no figure as reported", least_ms(lambda: say("汇总"), 2)
    yield "rollup.xlsx, in the loop", least_ms(lambda: _begin(district, "rollup.xlsx", unit=1), 2)
    yield "rollup.xlsx, in its thread", least_ms(_begin(district, "rollup.xlsx", unit=1), 2)
    yield "board.xlsx", least_ms(lambda: _begin(district, "board.xlsx")(), 2)
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
    yield (
        "- the same keys looked up",
        least_ms(lambda: [store.is_taken(f"remind:{n}") for n in range(district.units)]),
    )


def count_all(district: District) -> None:
    """Count the findings of all drafts that moved, as rounds of chores do."""
    while count_findings(district.assistant, YEAR, RECOUNTED):
        pass


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


def _turns(district: District) -> Callable[[], None]:
    """Twenty clerks of units that fill in still say a figure."""
    filling = [seat for n, seat in enumerate(district.seats) if n % 10 > 7][:20]
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
