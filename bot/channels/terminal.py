"""The terminal as a channel: one line is one message, buttons are numbered lines.

At a keyboard, prompt_toolkit edits the line (a pasted table with its line ends is one message).
From a pipe, one line is one message and a literal backslash-n stands for a line end.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from wcwidth import wcswidth

from bot.assistant import Assistant
from bot.messages import Attachment, File, Incoming, Outgoing
from bot.readers.package import MOST_BYTES
from bot.reasons import reason
from bot.store import said_of_file

_log = logging.getLogger(__name__)

ADDRESS = "terminal:local"
CHANNEL = "terminal"
PATIENCE_SECONDS = 0.5
_FILE = re.compile(r"\.\w{2,5}$")
_PATH = re.compile(
    r"['\"]?(?:file://|[~./\\]|[A-Za-z]:\\).*\.(?:docx?|html?|xlsx?|pdf|txt|csv|tsv|md|json|wps|et)['\"]?",
    re.IGNORECASE,
)
_LEAVE = {"退出", "/quit", "/exit", "exit", "quit", "再见"}


class Terminal:
    """One conversation at a terminal or a pipe; finished files are written into `out`."""

    def __init__(
        self,
        assistant: Assistant,
        out: Path,
        show: Callable[[str], None],
        address: str = ADDRESS,
    ) -> None:
        self.assistant = assistant
        self.out = out
        self.show = show
        self.address = address
        self.files: list[Path] = []

    def talk(self, lines: Iterator[str]) -> None:
        """Answer line after line until they end or somebody leaves; the state is kept."""
        for line in lines:
            if line.strip() in _LEAVE:
                break
            self.say(line)

    def say(self, text: str) -> None:
        """Take one message and show what is answered."""
        if names_no_file(text):
            self.show(f"没有这个文件：{text.strip()[:80]}。请检查路径。\n")
            return
        try:
            self.assistant.receive(self.incoming(text))
            self._read_files()
        except Exception as fault:  # must not end the conversation; nothing was stored
            _log.debug("a turn failed", exc_info=True)
            said = said_of_file(fault, self.assistant.store.path)
            self.show((said or self.assistant.wording.text("failed")) + "\n")
        self.flush()

    def incoming(self, text: str) -> Incoming:
        """A typed line as a message; every one has a name of its own."""
        key = f"{CHANNEL}:{uuid.uuid4().hex}"
        path = find_file(text)
        if path is not None:
            attached = Attachment(path.name, str(path))
            return Incoming(key, self.address, attached=attached)
        return Incoming(key, self.address, text=text, numbered=True)

    def _read_files(self) -> None:
        """Read the files whose paths were typed."""
        for upload in self.assistant.store.waiting_uploads(CHANNEL):
            try:
                with working("正在读取文件", sys.stdout):
                    read = self.assistant.begin_upload(upload, _content(Path(upload.handle)))
            except Exception as error:  # the assistant says it in words
                read = error
            self.assistant.finish_upload(upload, read)

    def flush(self) -> None:
        """Show what waits in the outbox, and write finished files."""
        for message in self.assistant.store.unsent(CHANNEL):
            if message.address == self.address:
                self._deliver(message)
            now = datetime.now().astimezone()
            self.assistant.store.mark_sent([(message.id, "", "")], now)
        if any(m.address == self.address for m in self.assistant.store.unsent(CHANNEL)):
            self.flush()

    def _deliver(self, message: Outgoing) -> None:
        self.show(show_message(message))
        if message.document is None:
            return
        work = self.assistant.begin_document(message.document)
        try:
            with working("正在生成文件", sys.stdout):
                made: File | Exception = work if isinstance(work, File) else work()
        except Exception as error:  # whatever it was: the reason is kept and said in words
            made = error
        if not isinstance(work, File):
            made = self.assistant.finish_document(message.document, made) or made
        if isinstance(made, File):
            self._write(made)

    def _write(self, file: File) -> None:
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            path = self.out / file.name
            for number, picture in enumerate(file.pictures, 1):
                path = self.out / f"{Path(file.name).stem}-{number}.png"
                path.write_bytes(picture)
            if not file.pictures:
                path.write_bytes(file.content)
        except OSError as error:
            self.show(
                f"文件写不进 {self.out}（{reason(error)}）。腾出空间或换个目录后再输入“生成报告”。"
            )
            return
        self.files.append(path)
        more = f"（共 {len(file.pictures)} 页，每页一个文件）" if file.pictures else ""
        self.show(f"文件：{path}{more}")


def show_message(message: Outgoing) -> str:
    """A message as terminal lines; where a bare number is an answer, a choice needs a slash."""
    lines = [message.text]
    slash = "/" if message.numeric else ""
    number = 0
    for row in message.buttons:
        shown = []
        for button in row:
            if button.ticks:
                continue  # listed with its number in the message
            number += 1
            shown.append(f"{slash}{number} {button.text}")
        if shown:
            lines.append("  " + "    ".join(shown))
    return "\n".join(lines) + "\n"


@contextmanager
def working(words: str, screen: TextIO, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Say on a terminal's last line what is being done where it takes long; at the end it is empty.

    Nothing is written where `screen` is a file or a pipe.
    """
    if not screen.isatty():
        yield
        return
    done = threading.Event()
    clock = threading.Thread(target=_tick, args=(words, screen, patience, done), daemon=True)
    clock.start()
    try:
        yield
    finally:
        done.set()
        clock.join()


def _tick(words: str, screen: TextIO, patience: float, done: threading.Event) -> None:
    """Write `words` with the seconds until `done`, then blanks over them."""
    began, line = time.monotonic(), ""
    while not done.wait(1.0 if line else patience):
        line = f"{words}…（{int(time.monotonic() - began)} 秒）"
        screen.write(f"\r{line}")
        screen.flush()
    if line:
        screen.write(f"\r{' ' * wcswidth(line)}\r")
        screen.flush()


def names_no_file(text: str) -> bool:
    """Whether a line is a path to a document that is not there."""
    return _PATH.fullmatch(text.strip()) is not None and find_file(text) is None


def _content(path: Path) -> bytes:
    """A file's content, of one that is too large no more than shows it."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def find_file(text: str) -> Path | None:
    """The file that a line names, typed or dropped into a terminal; None for other lines."""
    word = text.strip().removeprefix("file://")
    if word[:1] in "'\"" and word[-1:] == word[:1]:
        word = word[1:-1]
    if not 3 < len(word) < 1000 or "\n" in word or not _FILE.search(word):
        return None
    for name in (word, word.replace("\\ ", " ")):
        try:
            path = Path(name).expanduser()
            if path.is_file():
                return path.absolute()
        except (OSError, RuntimeError, ValueError):
            return None
    return None


def piped_lines(stream: TextIO) -> Iterator[str]:
    """The messages of a pipe: one a line, a literal backslash-n being a line end."""
    for line in stream:
        yield line.rstrip("\n").replace("\\n", "\n").replace("\\t", "\t")


def typed_lines() -> Iterator[str]:
    """The messages typed at a keyboard, until Ctrl-D."""
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    while True:
        try:
            yield session.prompt("> ")
        except (EOFError, KeyboardInterrupt):
            return
