"""A real `nianbao serve` beside a Bot API double, and a clerk who talks to it there.

The process can be killed and started again at any moment; the clerk only sees the chat.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from bot.command import main
from tests.botapi.chats import Message
from tests.botapi.double import BotApi
from tests.botapi.people import User

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Server:
    """One store served on one double by one process after another."""

    api: BotApi
    db: Path
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    @property
    def environ(self) -> dict[str, str]:
        """The settings of the process."""
        return {
            **os.environ,
            "NIANBAO_TELEGRAM_TOKEN": self.api.token,
            "NIANBAO_TELEGRAM_API": self.api.root,
            "NIANBAO_DB": str(self.db),
        }

    def run(self, *args: str) -> str:
        """A command of the command line on the same store; what it prints."""
        done = CliRunner(env=self.environ).invoke(main, args)
        assert done.exit_code == 0, done.output
        return done.stdout

    def start(self) -> None:
        """Start serving."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=self.environ, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL, and start again at once."""
        assert self.process
        self.process.kill()
        self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        self.kills += 1
        self.start()

    def stop(self) -> int:
        """End in order; the exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        return self.process.returncode


@dataclass
class Step:
    """What the clerk waits to read, and what is done then: words typed, or [a button]."""

    waits_for: str
    deed: str


@dataclass
class Played:
    """What came of a script: the actions, and how often each awaited message was shown."""

    actions: int = 0
    shown_twice: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)


async def play(
    user: User, opening: str, steps: Sequence[Step], last: str, timeout: float = 30.0
) -> Played:
    """Talk a script through; each awaited message must come once after the deed before it."""
    played = Played(actions=1)
    user.say(opening)
    read = 0
    for step in [*steps, Step(last, "")]:
        message, read = await _awaited(user, step.waits_for, read, timeout, played)
        if not step.deed:
            break
        await asyncio.sleep(0)
        if step.deed.startswith("["):
            standing = next(m for m in user.messages if m.id == message.id)
            user.press(standing, button_data(message, step.deed[1:-1]))
        else:
            user.say(step.deed)
        played.actions += 1
    played.files = [(m.file.name, m.file.data) for m in user.chat.log if m.file]
    return played


async def _awaited(
    user: User, fragment: str, read: int, timeout: float, played: Played
) -> tuple[Message, int]:
    """The first message behind `read` with `fragment`, and how far the log is read."""
    deadline = asyncio.get_running_loop().time() + timeout
    while True:
        fresh = user.chat.log[read:]
        found = [m for m in fresh if fragment in m.text or (m.file and fragment in m.file.name)]
        if len(found) > 1:
            played.shown_twice.append(fragment)
        if found:
            return found[-1], len(user.chat.log)
        if asyncio.get_running_loop().time() > deadline:
            said = "\n---\n".join(m.text for m in user.chat.log[-3:])
            raise TimeoutError(f"waited for {fragment!r}; the last said:\n{said}")
        await asyncio.sleep(0.002)


def button_data(message: Message, words: str) -> str:
    """The data of the button whose words begin so."""
    for row in message.keyboard:
        for button in row:
            if button["text"].startswith(words):
                return str(button["callback_data"])
    raise LookupError(f"no button {words!r} under:\n{message.text}\n{message.keyboard}")
