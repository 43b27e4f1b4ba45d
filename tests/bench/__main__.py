"""`make bench`: what a turn costs, beside a bare echo bot on the same double in the same run."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.catalogue import load_form
from bot.store import Store
from tests.bench.load import ECHO, Measured, run_bot
from tests.botapi.chats import Message
from tests.botapi.people import User

ROUNDS = 3
CHATS = 100
LINES = (
    "有", "有", "有", "有", "有", "2 0 11", "109 489 597", "1808595 2822652 20163", "59237.2449",
    "3511 1048", "1 2 4", "3402 91", "99 3", "10 2", "1 2 11", "1175 12 3", "319 7 0",
    "968 74 1", "1031 9 8",
)  # fmt: skip


class City:
    """Clerks who all fill in a busy report by chatting, each line a durable turn."""

    def __init__(self, payloads: list[str]) -> None:
        self.payloads = payloads
        self.turns: dict[int, int] = {}

    def open(self, user: User) -> str:
        """A clerk taps the invitation."""
        return f"/start {self.payloads[user.id - 1]}"

    def answer(self, user: User, message: Message) -> str:
        """The next line of the script; then one figure after another is corrected."""
        turn = self.turns[user.id] = self.turns.get(user.id, -1) + 1
        return LINES[turn] if turn < len(LINES) else f"表二 行政许可 {turn}"


async def measure_nianbao(updates: int, delay: float) -> Measured:
    """The product itself, on a fresh store."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nianbao.db"
        store = Store(path, load_form())
        now = datetime.now(UTC)
        drafts = [store.open_draft(f"青州市第{n}人民政府", 2024, now) for n in range(CHATS)]
        city = City([store.invite(draft, now) for draft in drafts])
        store.close()
        return await run_bot(
            (sys.executable, "-m", "bot", "serve", "--db", str(path)),
            updates=updates, chats=CHATS, answer=city.answer, opening=city.open, delay=delay,
        )  # fmt: skip


async def measure_echo(updates: int, delay: float) -> Measured:
    """The usual echo bot with its defaults."""
    return await run_bot(
        ECHO, updates=updates, chats=CHATS, delay=delay,
        answer=lambda user, message: f"line {len(user.messages)}",
    )  # fmt: skip


async def main() -> None:
    """The table: pairs in turn, so that a change of the machine's pace hits both."""
    sys.stdout.write("bot        delay  updates/s  CPU ms/turn  wait p95 ms  peak MB\n")
    for delay, updates, few in ((0.0, 2500, 2500), (0.05, 2500, 250)):
        ratios = []
        for _ in range(ROUNDS):
            echo = await measure_echo(few, delay)
            ours = await measure_nianbao(updates, delay)
            for name, m in (("echo bot", echo), ("nianbao", ours)):
                sys.stdout.write(
                    f"{name:10} {delay * 1000:4.0f} {m.updates_per_second:10.1f}"
                    f" {m.cpu_ms_per_update:12.2f} {m.wait_p95_ms:12.1f} {m.peak_rss_mb:8.1f}"
                    f"{'  UNANSWERED ' + str(m.unanswered) if m.unanswered else ''}\n"
                )
            ratios.append(ours.updates_per_second / echo.updates_per_second)
        ratios.sort()
        middle = ratios[len(ratios) // 2]
        sys.stdout.write(f"throughput against the echo bot, median of {ROUNDS}: {middle:.2f}\n")


if __name__ == "__main__":
    asyncio.run(main())
