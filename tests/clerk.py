"""A clerk at a chat: says things, presses buttons, reads what comes back, and counts it all."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from bot.assistant import Assistant
from bot.draft import Draft
from bot.messages import Attachment, Button, File, Incoming, Outgoing, Press, Upload
from bot.readers.reading import Reading
from bot.readers.roster import Grid
from bot.store import Seat


class Clerk:
    """One person in one chat of the channel `test`."""

    _numbers = itertools.count(1)
    _known: ClassVar[dict[tuple[object, ...], Grid | Reading | Exception]] = {}

    def __init__(self, assistant: Assistant, name: str = "1") -> None:
        self.assistant = assistant
        self.address = f"test:{name}"
        self.actions = 0
        self.heard: list[Outgoing] = []
        self.reply = ""
        self.files: list[File] = []
        self.last = Incoming("", self.address)

    def enrol(self, agency: str, year: int) -> Clerk:
        """Take a seat for an agency, as the terminal does."""
        assert self.assistant.enrol(self._next(text="/start"), agency, year)
        self.actions += 1
        self._listen()
        return self

    def say(self, text: str, **more: str) -> Clerk:
        """Send one message."""
        return self.take(self._next(text=text, **more))

    def press(self, words: str) -> Clerk:
        """Press the button of the last message whose words begin so."""
        button = self.button(words)
        assert button, f"没有按钮 {words}：{[b.text for b in self.buttons]}"
        return self.take(replace(self._next(), press=button.press))

    def take(self, incoming: Incoming) -> Clerk:
        """Do anything; it counts as one action."""
        self.actions += 1
        self.last = incoming
        self.assistant.receive(incoming)
        self._listen()
        return self

    def send(self, name: str, content: bytes) -> Clerk:
        """Send a file; it is read as the channels do it."""
        attached = Attachment(name, "handle")
        self.take(replace(self._next(), attached=attached))
        for upload in self.assistant.store.waiting_uploads("test"):
            self.assistant.finish_upload(upload, self._read(upload, content))
        self._listen()
        return self

    def _read(self, upload: Upload, content: bytes) -> Grid | Reading | Exception:
        """What stands in a file; the same file is read once, as that takes a process each time."""
        office = self.assistant
        key = (Path(upload.name).suffix, upload.is_list, content, office.local, id(office.form))
        if key not in self._known:
            self._known[key] = office.begin_upload(upload, content)
        return self._known[key]

    def again(self) -> Clerk:
        """The same update delivered once more."""
        self.assistant.receive(self.last)
        self._listen()
        return self

    def tap(self, press: Press) -> Clerk:
        """Press a button that may be old."""
        return self.take(replace(self._next(), press=press))

    def edit(self, incoming: Incoming, text: str) -> Clerk:
        """Edit a message sent before."""
        return self.take(replace(self._next(text=text), message=incoming.message, edited=True))

    @property
    def buttons(self) -> list[Button]:
        """The buttons of the last message that had any."""
        shown = [message for message in self.heard if message.buttons]
        return [button for row in shown[-1].buttons for button in row] if shown else []

    def button(self, words: str) -> Button | None:
        """The button whose words begin so."""
        return next((b for b in self.buttons if b.text.startswith(words)), None)

    @property
    def seat(self) -> Seat:
        """Where this chat stands."""
        seat = self.assistant.store.seat(self.address)
        assert seat is not None
        return seat

    @property
    def draft(self) -> Draft:
        """The draft as it stands in the store."""
        return self.assistant.store.draft(self.seat.draft)

    def _next(self, **more: str) -> Incoming:
        number = next(self._numbers)
        return Incoming(f"test:{number}", self.address, message=f"m{number}", **more)  # type: ignore[arg-type]

    def _listen(self) -> None:
        """Read what waits, and take files."""
        store = self.assistant.store
        said = [m for m in store.unsent("test") if m.address == self.address]
        self.reply = "\n\n".join(message.text for message in said)
        now = self.assistant.clock()
        for message in said:
            self.heard.append(message)
            if message.document is not None:
                work = self.assistant.begin_document(message.document)
                if isinstance(work, File):
                    self.files.append(work)
                else:
                    made = self.assistant.finish_document(message.document, work())
                    assert made is not None
                    self.files.append(made)
            store.mark_sent([(message.id, f"b{message.id}", "")], now)
