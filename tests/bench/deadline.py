"""`make load`: the last day, when everybody talks at once, and the pace beside a bare echo bot.

python -m tests.bench.deadline [--clerks 2000] [--turns 3] [--rounds 3]

The double keeps Telegram's limits in real time: about 30 messages a second for the bot, one a
second for a chat after a short burst. Two thousand clerks with three turns each cannot be served
in less than 200 seconds, by whatever bot: that is the floor.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.catalogue import load_form
from bot.store import Store
from tests.bench.__main__ import City, measure_echo, measure_nianbao
from tests.bench.load import Crowd, Served, cpu_seconds, running_bot
from tests.botapi.double import BotApi
from tests.botapi.limits import Limiter, Rates

RATES = Rates()
SAMPLE_SECONDS = 5.0
STALL_SECONDS = 60.0
UPDATES = 2500


class Counting(Limiter):
    """Flood control that counts what it refused."""

    refused = 0

    def take(self, chat: int, now: float, count: int = 1) -> int:
        """As the other."""
        wait = super().take(chat, now, count)
        self.refused += bool(wait)
        return wait


@dataclass(frozen=True, slots=True)
class Day:
    """What the last day came to; memory in MB, sampled over the time."""

    clerks: int
    turns: int
    unanswered: int
    messages: int
    refused: int
    seconds: float
    cpu_ms: float
    served: Sequence[Served]
    memory: Sequence[float]

    @property
    def floor(self) -> float:
        """The seconds that so many messages take at least."""
        return self.messages / RATES.bot_per_second

    def __str__(self) -> str:
        waits = sorted(served.wait for served in self.served)
        late = sorted(beyond(self.served))
        ends = sorted(finished(self.served).values())
        third = max(1, len(self.memory) // 3)
        rows = (
            ("clerks, turns each", f"{self.clerks}, {self.turns}"),
            ("unanswered", self.unanswered),
            ("messages, refused (429)", f"{self.messages}, {self.refused}"),
            ("seconds, at least", f"{self.seconds:.0f}, {self.floor:.0f}"
                                  f" ({self.seconds / self.floor:.2f} times)"),
            ("wait, median and most", f"{statistics.median(waits):.1f} s, {waits[-1]:.1f} s"
                                      f" ({waits[-1] / statistics.median(waits):.2f} times)"),
            ("beyond the floor", f"p50 {quantile(late, 0.5):.1f} s, p95 {quantile(late, 0.95):.1f} s"),
            ("the first and the last done", f"{ends[0]:.0f} s, {ends[-1]:.0f} s"),
            ("CPU of a turn", f"{self.cpu_ms:.2f} ms"),
            ("memory", f"first third {max(self.memory[:third]):.0f} MB, last third"
                       f" {max(self.memory[-third:]):.0f} MB"),
        )  # fmt: skip
        return "\n".join(f"{name:28}{value}" for name, value in rows)


def beyond(served: Sequence[Served]) -> Iterator[float]:
    """How much longer each waited than in a queue that is served at just Telegram's pace."""
    free = 0.0
    for one in sorted(served, key=lambda one: one.asked):
        free = max(one.asked, free + 1 / RATES.bot_per_second)
        yield max(0.0, one.answered - free)


def finished(served: Sequence[Served]) -> dict[int, float]:
    """When each clerk had the last answer, in seconds from the first question of all."""
    begun = min(one.asked for one in served)
    ends: defaultdict[int, float] = defaultdict(float)
    for one in served:
        ends[one.user] = max(ends[one.user], one.answered - begun)
    return ends


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    return ordered[int(share * (len(ordered) - 1))]


async def play(clerks: int, turns: int) -> Day:
    """The last day, in real time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nianbao.db"
        city = City(invite(path, clerks))
        async with BotApi() as api:
            api.limiter = limiter = Counting(RATES)
            command = (sys.executable, "-m", "bot", "serve", "--db", str(path))
            async with running_bot(api, command, {}, None) as bot:
                users = [api.user(number) for number in range(1, clerks + 1)]
                crowd = Crowd(api, users, clerks * turns, city.answer)
                memory: list[float] = []
                sampling = asyncio.create_task(sample(bot.pid, memory))
                cpu, begun = cpu_seconds(bot.pid), time.perf_counter()
                for user in users:
                    crowd.act(user, city.open(user))
                await crowd.finish(STALL_SECONDS)
                cpu = cpu_seconds(bot.pid) - cpu
                sampling.cancel()
                bot.terminate()
                await asyncio.wait_for(bot.wait(), 60)
    return Day(
        clerks, turns, crowd.open, crowd.heard, limiter.refused, crowd.last_word - begun,
        cpu * 1000 / max(1, crowd.said - crowd.open), crowd.served, memory,
    )  # fmt: skip


def invite(path: Path, clerks: int) -> list[str]:
    """The invitations of so many clerks."""
    now = datetime.now(UTC)
    store = Store(path, load_form())
    with store.whole():
        drafts = [store.open_draft(f"青州市第{n}人民政府", 2024, now) for n in range(clerks)]
        payloads = [store.invite(draft, now) for draft in drafts]
    store.close()
    return payloads


async def sample(pid: int, memory: list[float]) -> None:
    """Look at a process's resident memory now and then, for ever."""
    while True:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                memory.append(int(line.split()[1]) / 1024)
        await asyncio.sleep(SAMPLE_SECONDS)


async def compare(rounds: int) -> str:
    """Throughput without limits against the echo bot, pairs in turn."""
    ratios, costs = [], []
    for _ in range(rounds):
        echo, ours = await measure_echo(UPDATES, 0.0), await measure_nianbao(UPDATES, 0.0)
        ratios.append(ours.updates_per_second / echo.updates_per_second)
        costs.append(ours.cpu_ms_per_update / echo.cpu_ms_per_update)
        sys.stdout.write(f"echo bot {echo.line()}\nnianbao  {ours.line()}\n")
        sys.stdout.flush()
    # what else runs on the machine spoils the throughput of a pair, but hardly its CPU time
    return (
        f"against the echo bot, medians of {rounds}: throughput {statistics.median(ratios):.2f},"
        f" CPU of a turn {statistics.median(costs):.2f}"
    )


def main() -> None:
    """Both parts from the command line; leaves with 1 where somebody was not answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clerks", type=int, default=2000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if args.rounds:
        sys.stdout.write(f"{asyncio.run(compare(args.rounds))}\n\n")
        sys.stdout.flush()
    if args.clerks:
        day = asyncio.run(play(args.clerks, args.turns))
        sys.stdout.write(f"{day}\n")
        sys.exit(bool(day.unanswered))


if __name__ == "__main__":
    main()
