"""`python -m tests.fuzzing [--minutes N] [--seed S] [--part NAME]`: as long as asked, all parts in turn.

Whatever breaks is raised with the deed and the seed of its round; the exit code is 1 where
something was too slow or memory grew.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from bot.readers import READERS
from tests.fuzzing import conversations, desk, readers, rosters
from tests.fuzzing.tally import HUGE, SLOW, Broken, Tally
from tests.fuzzing.watch import district

DEEDS = 400
FILES = 25
MOST_GROWTH = 150.0
"""Megabytes by which the process may grow behind its first rounds."""

Round = Callable[[Path, int, Tally], None]


def _walked(walk: Callable[[Path, Random, int, Tally], None]) -> Round:
    def go(folder: Path, seed: int, tally: Tally) -> None:
        walk(folder, Random(seed), DEEDS, tally)

    return go


def _read(run: Callable[[int, int], tuple[dict[str, int], float]]) -> Round:
    def go(folder: Path, seed: int, tally: Tally) -> None:
        ended, slowest = run(FILES, seed)
        tally.ended.update(ended)
        tally.slowest = max(tally.slowest, slowest)

    return go


PARTS: dict[str, tuple[Round, float]] = {
    "updates": (_walked(desk.mix), HUGE),
    "conversations": (_walked(conversations.walk), SLOW),
    "desk": (_walked(desk.walk), SLOW),
    "rosters": (_read(rosters.run), readers.SLOW),
    **{kind: (_read(partial(readers.run, kind)), readers.SLOW) for kind in READERS},
}
"""What a round of each part is, and how many seconds one input may take."""


def memory() -> float:
    """The megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1024 / 1024


def main() -> None:
    """The table; leaves 1 where something did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", choices=PARTS, action="append")
    asked = parser.parse_args()
    parts = asked.part or list(PARTS)
    tallies = {part: Tally() for part in parts}
    with tempfile.TemporaryDirectory() as folder:
        broken, grown = _run(Path(folder), tallies, asked.minutes * 60, asked.seed)
    for part, tally in tallies.items():
        _tell(f"{part:13} {sum(tally.ended.values()):7} {dict(tally.ended)}  "
              f"slowest {tally.slowest:.2f} s  {tally.at}")  # fmt: skip
    _tell(f"memory +{grown:.0f} MB, {broken} broken rounds")
    too_slow = any(tally.slowest > PARTS[part][1] for part, tally in tallies.items())
    sys.exit(bool(broken or too_slow or grown > MOST_GROWTH))


def _run(folder: Path, tallies: dict[str, Tally], seconds: float, seed: int) -> tuple[int, float]:
    """Rounds of all parts in turn until the time is over: how many broke, how memory grew."""
    end = time.monotonic() + seconds
    district()
    broken, rounds, settled = 0, 0, 0.0
    while time.monotonic() < end:
        for part, tally in tallies.items():
            try:
                PARTS[part][0](folder, seed + rounds, tally)
            except (Broken, AssertionError) as fault:
                broken += 1
                _tell(f"{part}, --seed {seed + rounds}: {fault}")
        rounds += 1
        if rounds == 3:
            settled = memory()
    return broken, memory() - settled if settled else 0.0


def _tell(words: str) -> None:
    sys.stdout.write(words.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
