"""One chat as the sender sees it, the marks of what arrived, and how long to wait for things."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from bot.channels.telegram_log import kind_of
from bot.messages import File, Incoming, Outgoing, Press, Upload
from bot.reading import Reading
from bot.store import Store, said_of_file

Grid = tuple[tuple[str, ...], ...]
"""The rows of a list of units."""

MARK_SECONDS = 0.02

_log = logging.getLogger(__name__)


class Assistant(Protocol):
    """What the channel needs of the assistant."""

    store: Store

    def receive(self, incoming: Incoming) -> None:
        """Take one whole turn and commit it; nothing where the key was taken before."""

    def begin_document(self, document: int) -> File | Callable[[], File]:
        """A finished file, or the job that makes it, to be run in a thread."""

    def meet(self, name: str) -> None:
        """The bot's name, for links."""

    def tick(self) -> None:
        """One round of what is due without anybody asking."""

    def unfiled(self) -> list[int]:
        """Files of approvals that are still to be made."""

    def claim(self) -> str:
        """A link that makes its first user the admin, where nobody is; else ''."""

    def finish_document(self, document: int, made: File | Exception) -> File | None:
        """Keep what was made; None where a message that says why not has been queued."""

    def begin_upload(self, upload: Upload, content: bytes) -> Grid | Reading | Exception:
        """What stands in a file that was fetched; to be run in a thread."""

    def finish_upload(self, upload: Upload, read: Grid | Reading | Exception) -> None:
        """Tell the person what was read, or why nothing was."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the channel waits for things, in seconds."""

    poll: int = 25
    poll_pause: float = 30.0
    send_pause: float = 10.0
    conflict_pause: float = 3.0
    token_pause: float = 1.0
    grace: float = 5.0
    drain: float = 5.0


@dataclass(slots=True, eq=False)
class Chat:
    """A chat: its open rows, the newest known message of the bot, the keyboard shown."""

    id: int
    rows: deque[Outgoing] = field(default_factory=deque)
    last: int = 0
    keyboard: str = ""
    busy: bool = False
    found_open: bool = False
    mark: int = 0
    sign: str = ""
    """The message that carried the first open row, as the press of one of its buttons named it."""
    _signed: asyncio.Event = field(default_factory=asyncio.Event)

    def can_edit(self, row: Outgoing) -> bool:
        """Whether a row that replaces the last message can do so (it may be done twice)."""
        return bool(
            row.replaces
            and row.document is None
            and self.keyboard
            and int(self.keyboard) >= self.last
        )

    def read_sign(self, incoming: Incoming) -> str:
        """The name of the first open row's message if this proves that it arrived, else ''.

        Only a press of one of its own buttons does, which no other message has. Words do not,
        whatever they are: they may have been typed before, or because no answer came.
        """
        press, first = incoming.press, self.rows[0]
        if press is None or not press.revision or first.replaces:
            return ""
        newer = incoming.message.isdecimal() and int(incoming.message) > self.last
        return incoming.message if newer and _question(press) in _questions(first) else ""

    def take_sign(self, sign: str) -> None:
        """Remember that the first open row arrived, and by what name."""
        self.sign = sign
        self._signed.set()

    def forget_sign(self) -> None:
        """A sign is about one row and says nothing about the next."""
        self.sign = ""
        self._signed.clear()

    async def await_sign(self, seconds: float) -> None:
        """Wait for a sign, or for so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._signed.wait(), seconds)


class Marks:
    """What arrived, kept in one transaction each 20 ms (or sooner) instead of one a message."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._count = self._kept = 0
        self._waiting: list[tuple[int, str, str]] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, row: int, message: str, error: str) -> int:
        """A row that needs no more sending; the number of its mark."""
        self._waiting.append((row, message, error))
        self._count += 1
        self._arm()
        return self._count

    def waits(self, mark: int) -> bool:
        """Whether a mark is not committed yet."""
        return mark > self._kept

    def keep(self) -> None:
        """Commit what waits; a fault of the file leaves it for the next time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        try:
            self.store.mark_sent(self._waiting, datetime.now(UTC))
        except Exception as fault:  # the store's; the marks are not lost by it
            said = said_of_file(fault, self.store.path) or type(fault).__name__
            _log.error("未能记下已送达的消息：%s", said, extra=kind_of(fault))
            self._arm(seconds=1.0)
            return
        self._waiting = []
        self._kept = self._count

    def _arm(self, seconds: float = MARK_SECONDS) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self.keep)


def is_notice(row: Outgoing) -> bool:
    """Whether a message came without being asked for: a reminder, a digest, a decision.

    Its buttons belong to no turn; they hold whatever was asked before and after.
    """
    return row.unasked


def _question(press: Press) -> tuple[int, str, int]:
    return press.draft, press.question, press.revision


def _questions(row: Outgoing) -> set[tuple[int, str, int]]:
    return {_question(button.press) for buttons in row.buttons for button in buttons}


def place(fault: BaseException) -> str:
    """Where a fault arose, for the log: a whole traceback might quote what people wrote."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "?"
