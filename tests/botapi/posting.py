"""Posts updates to a webhook, as Telegram does.

With the secret in its header; what a person writes and what he presses are separate lines, each in
order, one post at a time; at most so many posts at once; anything but 2xx is posted again. There
is no TLS here: `World.proxies` names for a public origin (https://host) where its reverse proxy
hands the posts on to.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from tests.botapi.world import World

RETRY_SECONDS = 0.05
POST_SECONDS = 10.0


@dataclass(slots=True)
class Registration:
    """What setWebhook laid down beside the address, and what went wrong last."""

    secret: str = ""
    connections: int = 40
    fault: str = ""
    fault_at: float = 0.0
    posts: int = 0
    busiest: int = 0
    """How many posts were under way at once at most."""


async def post_updates(world: "World") -> None:
    """Post what waits, for ever, while a webhook is set."""
    busy: dict[str, int] = {}
    tasks: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession() as session:
        try:
            while True:
                await world.updates.came.wait()
                world.updates.came.clear()
                if not world.updates.webhook:
                    continue
                for number, text in tuple(world.updates.waiting.items()):
                    line = _line(text)
                    if line in busy or len(busy) >= world.registration.connections:
                        continue
                    busy[line] = number
                    world.registration.busiest = max(world.registration.busiest, len(busy))
                    task = asyncio.create_task(_post(world, session, number, text, line, busy))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _post(
    world: "World", session: aiohttp.ClientSession, number: int, text: str, line: str,
    busy: dict[str, int],
) -> None:  # fmt: skip
    """Post one update; it waits on where it was not taken."""
    registered = world.registration
    registered.posts += 1
    try:
        status = await _status(world, session, text)
        fault = "" if 200 <= status < 300 else f"Wrong response from the webhook: {status}"
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        fault = f"Connection failed: {type(error).__name__}"
    if fault:
        registered.fault, registered.fault_at = fault, time.time()
        await asyncio.sleep(RETRY_SECONDS)
    else:
        world.updates.drop(number)
    del busy[line]
    world.updates.came.set()


async def _status(world: "World", session: aiohttp.ClientSession, text: str) -> int:
    headers: dict[str, str] = {"Content-Type": "application/json"}
    if world.registration.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = world.registration.secret
    async with session.post(
        handed_on(world, world.updates.webhook), data=text.encode(), headers=headers,
        timeout=aiohttp.ClientTimeout(POST_SECONDS),
    ) as response:  # fmt: skip
        await response.read()
        return response.status


def handed_on(world: "World", url: str) -> str:
    """Where the reverse proxy of a public address hands a post on to."""
    for origin, inside in world.proxies.items():
        if url.startswith(origin):
            return inside + url.removeprefix(origin)
    return url


def _line(text: str) -> str:
    """The line in which an update waits: a chat's messages, or its presses."""
    update: dict[str, Any] = json.loads(text)
    kind = next(name for name in update if name != "update_id")
    inside = update[kind]
    message = inside.get("message", inside) if isinstance(inside, dict) else {}
    chat = message.get("chat", {}).get("id") if isinstance(message, dict) else None
    return f"{'press' if kind == 'callback_query' else 'message'} {chat}"
