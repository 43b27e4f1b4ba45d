"""Feeds a bot that runs as its own process from a Bot API double, and measures it.

The double and the people live in this process, the bot in the one that `command` starts, so
the bot's CPU is the bot's alone. By hand, with the echo bot or any other command:

    python -m tests.bench.load [--updates N] [--chats M] [--delay-ms 50] [--rate R] [-- command…]
"""

import argparse
import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from tests.botapi.chats import Message
from tests.botapi.double import BotApi
from tests.botapi.limits import Rates
from tests.botapi.people import User

ECHO = (sys.executable, "-m", "tests.bench.echo_bot")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Press:
    """The user's next deed: a button (words or data) under the bot's last message."""

    button: str


@dataclass(frozen=True, slots=True)
class Served:
    """A deed and its answer: whose it was, and both moments in seconds."""

    user: int
    asked: float
    answered: float

    @property
    def wait(self) -> float:
        """Seconds between the two."""
        return self.answered - self.asked


Answer = Callable[[User, Message], str | Press | None]
"""From the bot's newest message (sent or edited) to what the user does now; None: nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took; waits are from the user's deed to the bot's next word in that chat."""

    updates: int
    unanswered: int
    bot_messages: int
    seconds: float
    updates_per_second: float
    cpu_ms_per_update: float
    double_cpu_ms_per_update: float
    wait_p50_ms: float
    wait_p95_ms: float
    peak_rss_mb: float
    exit_code: int

    def line(self) -> str:
        """The figures as one line."""
        return (
            f"{self.updates_per_second:8.1f} updates/s  {self.cpu_ms_per_update:6.2f} CPU ms/update"
            f"  wait p50 {self.wait_p50_ms:8.1f} ms  p95 {self.wait_p95_ms:8.1f} ms"
            f"  peak RSS {self.peak_rss_mb:5.1f} MB  (double {self.double_cpu_ms_per_update:.2f}"
            f" CPU ms, {self.unanswered} of {self.updates} unanswered, exit {self.exit_code})"
        )


class Crowd:
    """Users who write and wait: each word of the bot ends the wait of the oldest deed there.

    With `answer` the loop is closed: every word of the bot may bring the user's next deed.
    """

    def __init__(
        self, api: BotApi, users: Sequence[User], most: int, answer: Answer | None
    ) -> None:
        self.api, self.users, self.most, self.answer = api, users, most, answer
        self.said = self.heard = self.open = 0
        self.served: list[Served] = []
        self.last_word = time.perf_counter()
        self.done = asyncio.Event()
        self._since: defaultdict[int, deque[float]] = defaultdict(deque)
        self._seen: set[int] = set()
        for user in users:
            user.chat.listeners.append(partial(self._hear, user))

    def act(self, user: User, deed: str | Press, message: Message | None = None) -> None:
        """One deed of a user, unless there were enough."""
        if self.said >= self.most:
            return
        begun = time.perf_counter()
        if isinstance(deed, str):
            user.say(deed)
        elif message is not None:
            user.press(message, deed.button)
        self._since[user.id].append(begun)
        self.said += 1
        self.open += 1

    def _hear(self, user: User, message: Message) -> None:
        if message.id in self._seen:
            return  # an edit, such as a keyboard taken away, is no word of its own
        self._seen.add(message.id)
        self.heard += 1
        self.last_word = time.perf_counter()
        if since := self._since[user.id]:
            self.served.append(Served(user.id, since.popleft(), self.last_word))
            self.open -= 1
        if self.answer and (deed := self.answer(user, message)) is not None:
            asyncio.get_running_loop().call_soon(self.act, user, deed, message)
        if self.said >= self.most and not self.open:
            self.done.set()

    async def finish(self, stall: float) -> None:
        """Until everything is answered, or the bot has said nothing for `stall` seconds."""
        while not self.done.is_set():
            left = self.last_word + stall - time.perf_counter()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self.done.wait(), left)
            except TimeoutError:
                continue


async def run_bot(
    command: Sequence[str],
    env: Mapping[str, str] | None = None,
    *,
    updates: int = 2000,
    chats: int = 50,
    answer: Answer | None = None,
    opening: str | Callable[[User], str] = "/start",
    rate: float = 0.0,
    delay: float = 0.0,
    limits: Rates | None = None,
    warm_up: str = "/start",
    stall: float = 10.0,
    cwd: str | None = None,
) -> Measured:
    """Start the bot, feed it `updates` from `chats` users, stop it with SIGTERM.

    `command` must become the bot itself (no shell around it). Closed loop: `answer` decides
    each next deed after `opening`. Open loop (no `answer`): the updates come in turn, `rate` a
    second, or all at once with 0. `delay` (seconds) is on every call of the bot.
    """
    async with (
        BotApi(limits=limits, delay=delay) as api,
        running_bot(api, command, env or {}, cwd) as bot,
    ):
        if warm_up:
            api.user(10**9).say(warm_up)
            await api.user(10**9).next(30)
        crowd = Crowd(api, [api.user(n) for n in range(1, chats + 1)], updates, answer)
        cpu, own, begun = cpu_seconds(bot.pid), _own_cpu(), time.perf_counter()
        crowd.last_word = begun
        if answer:
            for user in crowd.users:
                crowd.act(user, opening if isinstance(opening, str) else opening(user))
        else:
            await _feed(crowd, rate)
        await crowd.finish(stall)
        seconds = crowd.last_word - begun
        cpu, own, rss = cpu_seconds(bot.pid) - cpu, _own_cpu() - own, _peak_rss(bot.pid)
        bot.terminate()
        code = await asyncio.wait_for(bot.wait(), 30)
    waits = sorted(served.wait for served in crowd.served) or [0.0]
    answered = max(crowd.said - crowd.open, 1)
    return Measured(
        updates=crowd.said,
        unanswered=crowd.open,
        bot_messages=crowd.heard,
        seconds=seconds,
        updates_per_second=answered / seconds if seconds > 0 else 0.0,
        cpu_ms_per_update=cpu * 1000 / answered,
        double_cpu_ms_per_update=own * 1000 / answered,
        wait_p50_ms=statistics.median(waits) * 1000,
        wait_p95_ms=waits[int(0.95 * (len(waits) - 1))] * 1000,
        peak_rss_mb=rss,
        exit_code=code,
    )


async def _feed(crowd: Crowd, rate: float) -> None:
    """The open loop: the users in turn, on time whatever the bot does."""
    begun = time.perf_counter()
    for number in range(crowd.most):
        if rate and (early := begun + number / rate - time.perf_counter()) > 0.001:
            await asyncio.sleep(early)
        crowd.act(crowd.users[number % len(crowd.users)], f"line {number}")


@asynccontextmanager
async def running_bot(
    api: BotApi, command: Sequence[str], env: Mapping[str, str], cwd: str | None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot as a process that has begun to poll; gone at the end."""
    told = {"NIANBAO_TELEGRAM_TOKEN": api.token, "NIANBAO_TELEGRAM_API": api.root}
    with tempfile.TemporaryFile() as output:
        bot = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **env, **told}, cwd=cwd, stdout=output, stderr=output
        )
        try:
            await _until_polling(api, bot, output)
            yield bot
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()


async def _until_polling(
    api: BotApi, bot: asyncio.subprocess.Process, output: IO[bytes], timeout: float = 30.0
) -> None:
    deadline = time.perf_counter() + timeout
    while not api.counts["getUpdates"]:
        if bot.returncode is not None or time.perf_counter() > deadline:
            output.seek(0)
            words = output.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"the bot does not poll (exit {bot.returncode}):\n{words}")
        await asyncio.sleep(0.02)


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process so far (its children count once they are waited for)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_rss(pid: int) -> float:
    """Peak resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def counting(user: User, message: Message) -> str:
    """The closed loop for an echo bot: always one more line."""
    return f"line {len(user.messages)}"


def main() -> None:
    """Measure a command, closed loop (or open with --rate; a rate of 0 is all at once)."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--delay-ms", type=float, default=0.0)
    parser.add_argument("--rate", type=float, help="open loop, so many a second")
    parser.add_argument("command", nargs="*", default=ECHO)
    args = parser.parse_args()
    measured = asyncio.run(
        run_bot(
            args.command,
            updates=args.updates,
            chats=args.chats,
            delay=args.delay_ms / 1000,
            answer=counting if args.rate is None else None,
            rate=args.rate or 0.0,
            warm_up="hello",
        )
    )
    sys.stdout.write(f"{measured.line()}\n")


if __name__ == "__main__":
    main()
