"""Everything Telegram knows: people, chats, files, presses and the waiting updates."""

import time
from collections import Counter
from dataclasses import dataclass
from itertools import count
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any

from tests.botapi.chats import Chat, Json, Message, StoredFile
from tests.botapi.faults import Faults
from tests.botapi.limits import Limiter, Rates
from tests.botapi.people import Group, User
from tests.botapi.posting import Registration
from tests.botapi.updates import Updates

TOKEN = "4200000042:AAF-a_test_token_of_the_Bot_API_double"


@dataclass(slots=True, eq=False)
class Query:
    """One press of a button; `answer` is None until the bot has answered it."""

    id: str
    person: Json
    message: Message
    data: str
    at: float
    answer: str | None = None
    alert: bool = False
    update_id: int = 0


class World:
    """The state of the double and the test's side of it."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        limits: Rates | None = Rates(),  # noqa: B008 - a frozen value
        delay: float = 0.0,
        query_seconds: float = 150.0,
        username: str = "nianbao_double_bot",
        proxies: dict[str, str] | None = None,
    ) -> None:
        self.token = token
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Double",
            "username": username,
        }
        self.limiter = Limiter(limits) if limits else None
        self.faults = Faults(delay)
        self.query_seconds = query_seconds
        self.updates = Updates()
        self.registration = Registration()
        self.proxies = proxies or {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.files_by_path: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.counts: Counter[str] = Counter()
        self._users: dict[int, User] = {}
        self._groups: dict[int, Group] = {}
        self._numbers = count(1)

    def user(self, id: int, first_name: str = "", username: str = "") -> User:
        """The person with this id (made at the first call)."""
        if id not in self._users:
            names = {"first_name": first_name or f"User {id}"}
            if username:
                names["username"] = username
            chat = self.chats[id] = Chat(id, {"id": id, "type": "private", **names})
            person = {"id": id, "is_bot": False, **names, "language_code": "zh-hans"}
            self._users[id] = User(self, chat, person)
        return self._users[id]

    def group(self, id: int, title: str = "Group") -> Group:
        """The group with this (negative) id; it exists once somebody wrote in it."""
        if id >= 0:
            raise ValueError("the id of a group is negative")
        if id not in self._groups:
            chat = self.chats[id] = Chat(id, {"id": id, "type": "supergroup", "title": title})
            self._groups[id] = Group(self, chat, self.user(777_000_000 - id))
        return self._groups[id]

    def redeliver(self, update_id: int) -> None:
        """Give the bot the same update once more."""
        self.updates.redeliver(update_id)

    def expire(self, query: Query) -> None:
        """The press is too old now: unfetched it is gone, and nobody can answer it."""
        query.at = float("-inf")
        self.updates.drop(query.update_id)

    def set_limits(self, rates: Rates | None) -> None:
        """Flood control with these numbers from now on, or none."""
        self.limiter = Limiter(rates) if rates else None

    def message(self, chat: Chat, sender: Json, **fields: Any) -> Message:
        """A message with the next id, not yet in its chat."""
        return Message(chat, next(self._numbers), sender, int(time.time()), **fields)

    def ask(self, person: Json, message: Message, data: str) -> Query:
        """A press of a button as an update."""
        query = Query(str(10**17 + next(self._numbers)), person, message, data, time.monotonic())
        self.queries[query.id] = query
        query.update_id = self.updates.put(
            "callback_query",
            {
                "id": query.id,
                "from": person,
                "message": message.as_json(),
                "chat_instance": str(message.chat.id * 31),
                "data": data,
            },
        )
        return query

    def store(self, name: str, data: bytes, mime: str = "") -> StoredFile:
        """Keep a file."""
        number = next(self._numbers)
        mime = mime or guess_type(name)[0] or "application/octet-stream"
        path = f"documents/file_{number}{PurePosixPath(name).suffix}"
        stored = StoredFile(f"BQACAgUAAx-{number}", f"AgAD{number}", name, mime, path, data)
        self.files[stored.file_id] = self.files_by_path[path] = stored
        return stored
