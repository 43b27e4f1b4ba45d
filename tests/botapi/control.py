"""The test's side over HTTP, so that a script can drive a bot that runs elsewhere.

POST control/say       {"user": 1, "text": "…", "group": -5?}
POST control/press     {"user": 1, "button": "words or data", "message": id?}
POST control/edit      {"user": 1, "message": id, "text": "…"}
POST control/document  {"user": 1, "name": "a.txt", "base64": "…", "caption": "…"?}
GET  control/chat?user=1[&group=-5][&since=VERSION&wait=SECONDS]
POST control/faults    {"delay_ms": 50, "limits": false, "block": [1], "unblock": [1],
                        "fail": [{"method", "status", "times"?, "retry_after"?}],
                        "cut": [{"method", "taken": true, "times"?}]}
POST control/redeliver {"update_id": 1000}
GET  control/calls     how often each method was called
"""

import base64
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tests.botapi.chats import Chat, Json, Message
from tests.botapi.limits import Rates
from tests.botapi.params import Params
from tests.botapi.people import Speaker
from tests.botapi.world import World


async def say(world: World, params: Params) -> Json:
    """A person writes a text."""
    message = _speaker(world, params).say(params.text("text"))
    return {"message_id": message.id, "update_id": message.update_id}


async def press(world: World, params: Params) -> Json:
    """A person presses a button, by default under the newest message that has it."""
    speaker, button = _speaker(world, params), params.text("button")
    query = speaker.press(_message(speaker.chat, params, button), button)
    return {"callback_query_id": query.id, "update_id": query.update_id}


async def edit(world: World, params: Params) -> Json:
    """A person changes a text."""
    speaker = _speaker(world, params)
    return {"update_id": speaker.edit(params.number("message"), params.text("text"))}


async def document(world: World, params: Params) -> Json:
    """A person sends a file."""
    data = base64.b64decode(params.text("base64"))
    message = _speaker(world, params).send_document(
        params.text("name") or "file.txt", data, params.text("caption")
    )
    return {"message_id": message.id, "update_id": message.update_id}


async def chat(world: World, params: Params) -> Json:
    """What stands in a chat, after waiting for something newer than a version if asked."""
    found = _speaker(world, params).chat
    if "since" in params.values:
        since = params.number("since")
        with suppress(TimeoutError):
            await found.until(lambda: found.version > since, float(params.text("wait") or 10))
    return {"version": found.version, "messages": [_shown(m) for m in found.messages]}


async def faults(world: World, params: Params) -> Json:
    """Switch delays, limits, faults and blocks."""
    if "delay_ms" in params.values:
        world.faults.delay = params.number("delay_ms") / 1000
    if "limits" in params.values:
        world.set_limits(Rates() if params.flag("limits") else None)
    for fault in params.parsed("fail") or []:
        world.faults.fail(**fault)
    for fault in params.parsed("cut") or []:
        cut = world.faults.cut_after if fault.get("taken") else world.faults.cut_before
        cut(fault["method"], fault.get("times", 1))
    for user in params.parsed("block") or []:
        world.user(user).block()
    for user in params.parsed("unblock") or []:
        world.user(user).unblock()
    return {}


async def redeliver(world: World, params: Params) -> Json:
    """Give the bot an update again."""
    world.redeliver(params.number("update_id"))
    return {}


async def calls(world: World, params: Params) -> Json:
    """How often each method was called."""
    return dict(world.counts)


def _speaker(world: World, params: Params) -> Speaker:
    user = world.user(params.number("user", 1))
    group = params.number("group")
    return world.group(group).member(user) if group else user


def _message(chat: Chat, params: Params, button: str) -> Message:
    if wanted := params.number("message"):
        if found := chat.find(wanted):
            return found
        raise LookupError(f"no message {wanted}")
    for message in reversed(chat.messages):
        with suppress(LookupError):
            message.button(button)
            return message
    raise LookupError(f"no button {button!r} in the chat")


def _shown(message: Message) -> Json:
    return {
        "message_id": message.id,
        "from_bot": message.from_bot,
        "kind": message.kind,
        "text": message.text,
        "raw": message.raw,
        "keyboard": message.keyboard,
        "file_name": message.file.name if message.file else "",
        "file_path": message.file.path if message.file else "",
        "earlier": message.earlier,
    }


CONTROLS: dict[str, Callable[[World, Params], Awaitable[Json]]] = {
    "calls": calls,
    "chat": chat,
    "document": document,
    "edit": edit,
    "faults": faults,
    "press": press,
    "redeliver": redeliver,
    "say": say,
}
