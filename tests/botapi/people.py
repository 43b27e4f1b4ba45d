"""The people who talk to the bot: what a test does with its fingers."""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.botapi.chats import Chat, Json, Message
from tests.botapi.entities import commands_in

if TYPE_CHECKING:
    from tests.botapi.world import Query, World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Speaker:
    """A person in a chat; every deed becomes an update for the bot."""

    def __init__(self, world: "World", chat: Chat, person: Json) -> None:
        self.world, self.chat, self.person = world, chat, person

    def say(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a text; the message (with its update_id)."""
        return self._put(text=text, raw=text, entities=commands_in(text), reply_to=reply_to)

    def reply(self, to: Message, text: str) -> Message:
        """Write a text as a reply."""
        return self.say(text, reply_to=to)

    def start(self, payload: str = "") -> Message:
        """Open the bot, or a link with a payload (at most 64 of A-Z a-z 0-9 _ -)."""
        if not PAYLOAD.fullmatch(payload):
            raise ValueError(f"Telegram makes no link with this payload: {payload!r}")
        return self.say(f"/start {payload}".rstrip())

    def edit(self, message: Message | int, text: str) -> int:
        """Change one's own text; the update id."""
        found = self.chat.find(message) if isinstance(message, int) else message
        if found is None or found.sender is not self.person:
            raise LookupError(f"no message of this person to edit: {message}")
        found.earlier.append(found.text)
        found.text = found.raw = text
        found.entities = commands_in(text) if found.kind == "text" else []
        found.edited_at = int(time.time())
        found.update_id = self.world.updates.put("edited_message", found.as_json())
        return found.update_id

    def press(self, message: Message, button: str, *, stale: bool = False) -> "Query":
        """Press an inline button by its words or data; `stale` sends data no longer there."""
        data = button if stale else message.button(button).get("callback_data")
        if data is None:
            raise LookupError(f"the button {button!r} makes no callback query")
        return self.world.ask(self.person, message, data)

    def send_document(
        self, name: str, data: bytes, caption: str = "", mime: str = "", album: str = ""
    ) -> Message:
        """Send a file."""
        stored = self.world.store(name, data, mime)
        document = {**stored.as_json(), "file_name": name, "mime_type": stored.mime}
        return self._put_file("document", {"document": document}, caption, album, file=stored)

    def send_photo(self, data: bytes = b"\xff\xd8", caption: str = "", album: str = "") -> Message:
        """Send a picture (any bytes do)."""
        stored = self.world.store("photo.jpg", data, "image/jpeg")
        sizes = [{**stored.as_json(), "width": 800, "height": 600}]
        return self._put_file("photo", {"photo": sizes}, caption, album, file=stored)

    def send_voice(self, data: bytes = b"OggS", seconds: int = 3) -> Message:
        """Send a spoken message."""
        stored = self.world.store("voice.ogg", data, "audio/ogg")
        voice = {**stored.as_json(), "duration": seconds, "mime_type": stored.mime}
        return self._put_file("voice", {"voice": voice}, file=stored)

    def send_sticker(self, emoji: str = "👍") -> Message:
        """Send a sticker."""
        stored = self.world.store("sticker.webp", b"RIFF", "image/webp")
        shape = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
        flags = {"is_animated": False, "is_video": False}
        sticker = {**stored.as_json(), **shape, **flags}
        return self._put_file("sticker", {"sticker": sticker}, file=stored)

    def _put_file(
        self, kind: str, extra: Json, caption: str = "", album: str = "", **rest: Any
    ) -> Message:
        if album:
            extra["media_group_id"] = album
        return self._put(kind=kind, extra=extra, text=caption, raw=caption, **rest)

    def _put(self, **fields: Any) -> Message:
        if self.chat.blocked:
            raise RuntimeError("this person has blocked the bot: unblock() first")
        self.chat.exists = True
        message = self.world.message(self.chat, self.person, **fields)
        self.chat.add(message)
        message.update_id = self.world.updates.put("message", message.as_json())
        return message


class User(Speaker):
    """A person in the private chat with the bot."""

    @property
    def id(self) -> int:
        """Telegram's number of the person, and of the private chat."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """What stands in the private chat, both sides."""
        return self.chat.messages

    async def next(self, timeout: float = 5.0) -> Message:
        """The bot's next message in the private chat."""
        return await self.chat.next(timeout)

    async def wait_for(self, wanted: Callable[[Message], bool], timeout: float = 5.0) -> Message:
        """The newest message of the bot that fits, now or later."""
        return await self.chat.wait_for(wanted, timeout)

    def block(self) -> None:
        """Block the bot: it may not write any more, and is told so."""
        self.chat.blocked = True
        self._member("member", "kicked")

    def unblock(self) -> None:
        """Take the block back."""
        self.chat.blocked = False
        self._member("kicked", "member")

    def _member(self, old: str, new: str) -> None:
        bot = self.world.bot
        states = [
            {"user": bot, "status": s, **({"until_date": 0} if s == "kicked" else {})}
            for s in (old, new)
        ]
        self.world.updates.put(
            "my_chat_member",
            {
                "chat": self.chat.json,
                "from": self.person,
                "date": int(time.time()),
                "old_chat_member": states[0],
                "new_chat_member": states[1],
            },
        )


class Group:
    """A group with the bot in it."""

    def __init__(self, world: "World", chat: Chat, default: User) -> None:
        self.world, self.chat, self._default = world, chat, default

    def member(self, user: User | None = None) -> Speaker:
        """A person as a member of this group, to say, press, edit and send."""
        return Speaker(self.world, self.chat, (user or self._default).person)

    def say(self, text: str, user: User | None = None) -> Message:
        """A member writes a text."""
        return self.member(user).say(text)
