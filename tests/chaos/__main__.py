"""`make chaos`: many clerks talk to a bot that is killed and disturbed all the time.

python -m tests.chaos [--kills 200] [--faults 2000] [--clerks 24] [--seed 1]

Half of it by polling, half by webhook; leaves with 1 where anything was lost or came twice.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.botapi.double import BotApi
from tests.chaos.ledger import Kept, Ledger, judge, patterns_of
from tests.chaos.scene import Scene, settled, stage
from tests.chaos.storm import Storm

KINDS = 4
Patterns = dict[tuple[bool, bool], tuple[Kept, int]]


@dataclass
class Outcome:
    """One storm and what it left."""

    name: str
    kills: int
    storm: Storm
    ledger: Ledger
    seconds: float

    def __str__(self) -> str:
        found, storm = self.ledger, self.storm
        happened = "  ".join(f"{n} {c}" for n, c in sorted(storm.counted.happened.items()))
        waits = sorted(found.waits) or [0.0]
        rows = (
            ("kills", self.kills),
            ("faults", f"{storm.count} ({happened})"),
            ("reports handed in", found.reports),
            ("updates sent", found.updates),
            ("acknowledged", found.acknowledged),
            ("stored", found.stored),
            ("lost", len(found.lost)),
            ("doubled", len(found.doubled)),
            ("replies not shown", len(found.unshown)),
            ("messages", f"{found.messages}, twice and marked {found.marked}"),
            ("chats out of order", len(found.unordered)),
            ("faults of the record", len(found.faults)),
            ("needed a person", len(found.stuck) + storm.died),
            ("seconds to be up again", f"{statistics.median(storm.up_seconds or [0.0]):.2f}"),
            ("seconds to an answer", f"median {statistics.median(waits):.2f}, most {waits[-1]:.1f}"),
        )  # fmt: skip
        lines = [f"{self.name}, {self.seconds:.0f} s", *(f"  {n:24}{v}" for n, v in rows)]
        for name in ("lost", "unshown", "doubled", "unordered", "stuck", "faults"):
            lines += [f"  {name}: {words}" for words in getattr(found, name)[:10]]
        return "\n".join(lines)

    @property
    def good(self) -> bool:
        """Whether nobody noticed more than a wait and a marked repetition."""
        return self.ledger.good and not self.storm.died


async def learn(seed: int) -> Patterns:
    """What clerks of each kind come to when nothing goes wrong."""
    with tempfile.TemporaryDirectory() as folder:
        async with BotApi(limits=None) as api:
            scene = await stage(api, Path(folder), KINDS, Random(seed))
            try:
                await _talk(scene, KINDS, None)
            finally:
                await asyncio.to_thread(scene.office.stop)
            return patterns_of(scene.office.db, scene.clerks)


async def run(
    patterns: Patterns, kills: int, faults: int, clerks: int, seed: int, *, by_webhook: bool,
    thought: float = 0.4,
) -> Outcome:  # fmt: skip
    """One storm; people think for `thought` seconds on the average."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with BotApi(limits=None) as api:
            units = clerks + kills * 6
            scene = await stage(api, Path(folder), units, Random(seed), by_webhook=by_webhook)
            scene.habits.thought, scene.habits.double_tap, scene.habits.block = thought, 0.05, 0.01
            storm = Storm(api, scene.office, Random(seed), kills, faults)
            try:
                await _talk(scene, clerks, storm)
                if not await settled(scene.office.db):
                    scene.officer.stuck.append("something waited for a minute")
            finally:
                await asyncio.to_thread(scene.office.stop)
            ledger = judge(scene, patterns)
    name = "webhook" if by_webhook else "polling"
    return Outcome(name, scene.office.kills, storm, ledger, time.monotonic() - begun)


async def _talk(scene: Scene, clerks: int, storm: Storm | None) -> None:
    """Clerks come one after another until the storm is over, and all finish what they began."""
    blowing = asyncio.create_task(storm.blow()) if storm else None
    sending_back = asyncio.create_task(scene.officer.work())

    async def desk() -> None:
        while clerk := scene.next_clerk():
            await clerk.report(scene.officer.waiting.append)
            if storm is None or storm.over:
                return

    async with asyncio.TaskGroup() as group:
        working = [group.create_task(desk()) for _ in range(clerks)]
        sending_back.add_done_callback(lambda _: [task.cancel() for task in working])
    sending_back.cancel()
    with suppress(asyncio.CancelledError):
        await sending_back  # where she failed, everybody whose report should come back waits
    if blowing is not None:
        await blowing


async def chaos(kills: int, faults: int, clerks: int, seed: int) -> bool:
    """Both storms and their tables; whether all is well."""
    logging.getLogger("aiohttp.server").disabled = True  # of connections that a kill cut
    patterns = await learn(seed)
    fine = True
    for by_webhook in (False, True):
        outcome = await run(
            patterns, kills // 2, faults // 2, clerks, seed + by_webhook, by_webhook=by_webhook
        )
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()
        fine &= outcome.good
    return fine


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--faults", type=int, default=2000)
    parser.add_argument("--clerks", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    sys.exit(0 if asyncio.run(chaos(args.kills, args.faults, args.clerks, args.seed)) else 1)


if __name__ == "__main__":
    main()
