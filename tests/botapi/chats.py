"""What stands in the chats: messages, their keyboards and files, and waiting for them."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.botapi.entities import Entity
from tests.botapi.keyboards import Keyboard

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file Telegram keeps: its ids, name, type, path for download and bytes."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    path: str
    data: bytes

    def as_json(self) -> Json:
        """The fields every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now; `text` is plain (the caption of a file), `raw` as sent."""

    chat: "Chat"
    id: int
    sender: Json
    date: int
    text: str = ""
    raw: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: Keyboard = field(default_factory=list)
    markup: Json | None = None
    kind: str = "text"
    file: StoredFile | None = None
    extra: Json = field(default_factory=dict)
    reply_to: "Message | None" = None
    edited_at: int = 0
    earlier: list[str] = field(default_factory=list)
    deleted: bool = False
    update_id: int = 0

    @property
    def from_bot(self) -> bool:
        """Whether the bot said it."""
        return bool(self.sender["is_bot"])

    @property
    def buttons(self) -> list[str]:
        """The words on the inline buttons, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    def button(self, words: str) -> Json:
        """The inline button with these words or this callback data; LookupError if none."""
        for row in self.keyboard:
            for button in row:
                if words in (button["text"], button.get("callback_data")):
                    return button
        raise LookupError(f"no button {words!r} under {self.text!r}, only {self.buttons}")

    def as_json(self, *, with_reply: bool = True) -> Json:
        """The message in Telegram's form."""
        if self.deleted:
            return {"message_id": self.id, "chat": self.chat.json, "date": 0}
        out: Json = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.json,
            "date": self.date,
        }
        if self.edited_at:
            out["edit_date"] = self.edited_at
        if self.kind == "text":
            words, marks = "text", "entities"
        else:
            words, marks = "caption", "caption_entities"
        if self.text:
            out[words] = self.text
        if self.entities:
            out[marks] = self.entities
        if self.keyboard:
            out["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.reply_to is not None and with_reply:
            out["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        out.update(self.extra)
        return out


class Chat:
    """One chat, both sides: `messages` as they stand, `log` as the bot sent each of them."""

    def __init__(self, id: int, json: Json) -> None:
        self.id, self.json = id, json
        self.messages: list[Message] = []
        self.log: list[Message] = []
        self.exists = False
        self.blocked = False
        self.version = 0
        self.listeners: list[Callable[[Message], None]] = []
        self._by_id: dict[int, Message] = {}
        self._unseen: deque[Message] = deque()

    def add(self, message: Message) -> None:
        """A new message of either side."""
        self.messages.append(message)
        self._by_id[message.id] = message
        if message.from_bot:
            self.log.append(replace(message))
            self._unseen.append(message)
            self._tell(message)

    def changed(self, message: Message) -> None:
        """A message of the bot was edited."""
        self._tell(message)

    def remove(self, message: Message) -> None:
        """A message was deleted."""
        message.deleted = True
        self.messages.remove(message)
        del self._by_id[message.id]

    def find(self, id: int) -> Message | None:
        """The message with this id, if it stands."""
        return self._by_id.get(id)

    def _tell(self, message: Message) -> None:
        self.version += 1
        for listener in tuple(self.listeners):
            listener(message)

    async def next(self, timeout: float = 5.0) -> Message:
        """The next message of the bot that no `next` has given yet (edits are not new)."""
        await self.until(lambda: bool(self._unseen), timeout)
        return self._unseen.popleft()

    async def wait_for(self, wanted: Callable[[Message], bool], timeout: float = 5.0) -> Message:
        """The newest message of the bot that fits, now or after a send or edit to come."""
        found: list[Message] = []

        def look() -> bool:
            fits = (m for m in reversed(self.messages) if m.from_bot and wanted(m))
            found[:] = [m for m in [next(fits, None)] if m]
            return bool(found)

        await self.until(look, timeout)
        return found[0]

    async def until(self, happened: Callable[[], bool], timeout: float) -> None:
        """Wait until `happened`, asking again after each word of the bot; TimeoutError."""
        if happened():
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look(_: Message) -> None:
            if not done.done() and happened():
                done.set_result(None)

        self.listeners.append(look)
        try:
            await asyncio.wait_for(done, timeout)
        except TimeoutError:
            words = f"not within {timeout} s; the chat is:\n{self.transcript()}"
            raise TimeoutError(words) from None
        finally:
            self.listeners.remove(look)

    def transcript(self, last: int = 20) -> str:
        """The last messages as text, for people who read a failed test."""
        return "\n".join(
            f"{'bot ' if m.from_bot else 'user'} {m.id}: {m.text or m.kind} {m.buttons or ''}"
            for m in self.messages[-last:]
        )
