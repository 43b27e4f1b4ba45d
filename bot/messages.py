"""What passes between a channel and the assistant.

A channel turns what its users do into `Incoming` and shows `Outgoing`; it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

_DIGITS = 18  # more is no id of ours, and too large for the store

Address = str
"""Where a person is reached: `telegram:123`, `terminal:local`."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a button says when it is pressed: which draft, question, version and choice it is."""

    draft: int
    question: str
    revision: int
    choice: str

    def encode(self) -> str:
        """The press as text of at most 64 bytes, Telegram's limit."""
        return f"v1:{self.draft}:{self.question}:{self.revision}:{self.choice}"

    @classmethod
    def decode(cls, data: str) -> Press | None:
        """The press that `data` stands for, or None when it is not one of ours."""
        parts = data.split(":")
        if len(parts) != 5 or parts[0] != "v1":
            return None
        draft, revision = parts[1], parts[3]
        if max(len(draft), len(revision)) > _DIGITS:
            return None
        if not (draft.isascii() and draft.isdigit() and revision.isascii() and revision.isdigit()):
            return None
        return cls(int(draft), parts[2], int(revision), parts[4])


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered under a message.

    `ticks` marks an option of a multiple choice: the message lists it with its number, so that a
    channel without real buttons need not show it again.
    """

    text: str
    press: Press

    @property
    def ticks(self) -> bool:
        """Whether pressing it ticks or unticks an option."""
        return self.press.choice[:1] in ("+", "-")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent: its name, and the handle by which its channel fetches it."""

    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken and is to be read: for whom, by what name, how to fetch it.

    `is_list` says that it came to an office's desk: a list of units.
    """

    id: int
    address: Address
    name: str
    handle: str
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did.

    `key` names it for ever (an update taken twice is taken once); `message` and `reply_to` are
    the channel's names of messages; `other` says what came instead of text: sticker, voice,
    photo, group …; `attached` is a file to be fetched and read; `numbered` says that the channel
    shows its buttons as numbers to be typed, so that a bare number may mean one.
    """

    key: str
    address: Address
    text: str = ""
    press: Press | None = None
    message: str = ""
    reply_to: str = ""
    edited: bool = False
    other: str = ""
    sender: str = ""
    attached: Attachment | None = None
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message: running text, or a table whose columns must stay aligned."""

    text: str
    table: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a person, as it waits in the outbox.

    `numeric` says that the question takes bare numbers, so that a channel without real buttons
    does not mistake an answer for a choice. `replaces` asks for the last message to be changed in
    place where the channel can. `document` is the id of a file to send along. `unasked` says that
    it came without the person doing anything: a reminder, a decision.
    """

    id: int
    address: Address
    parts: tuple[Part, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    numeric: bool = False
    replaces: bool = False
    document: int | None = None
    unasked: bool = False

    @property
    def text(self) -> str:
        """The whole message as plain text."""
        return "\n\n".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class File:
    """A finished file to hand over, or the pictures of its pages."""

    name: str
    content: bytes
    pictures: tuple[bytes, ...] = ()
