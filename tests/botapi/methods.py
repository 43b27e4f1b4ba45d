"""The table of the bot's methods (getUpdates, which waits, is the server's)."""

import re
import time
from collections.abc import Callable
from typing import Any

from tests.botapi import sending
from tests.botapi.chats import Json
from tests.botapi.entities import units
from tests.botapi.faults import bad
from tests.botapi.params import Params
from tests.botapi.posting import Registration
from tests.botapi.updates import to_json
from tests.botapi.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
DOWNLOAD_LIMIT = 20 * 2**20
QUERY_GONE = "query is too old and response timeout expired or query ID is invalid"
FINE = True


def answer_callback_query(world: World, params: Params) -> bool:
    """answerCallbackQuery: once, and in time."""
    query = world.queries.get(params.text("callback_query_id"))
    if (
        query is None
        or query.answer is not None
        or time.monotonic() - query.at > world.query_seconds
    ):
        raise bad(QUERY_GONE)
    text = params.text("text")
    if units(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query.answer, query.alert = text, params.flag("show_alert")
    return FINE


def get_me(world: World, params: Params) -> Json:
    """getMe."""
    able = {"can_join_groups": True, "can_read_all_group_messages": False}
    return {**world.bot, **able, "supports_inline_queries": False}


def get_file(world: World, params: Params) -> Json:
    """getFile: a path for download, up to 20 MB."""
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {**stored.as_json(), "file_path": stored.path}


def set_my_commands(world: World, params: Params) -> bool:
    """setMyCommands."""
    commands = params.parsed("commands")
    if not isinstance(commands, list):
        raise bad("can't parse commands JSON object")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(params)] = commands
    return FINE


def get_my_commands(world: World, params: Params) -> list[Json]:
    """getMyCommands."""
    return world.commands.get(_scope(params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """deleteMyCommands."""
    world.commands.pop(_scope(params), None)
    return FINE


def set_webhook(world: World, params: Params) -> bool:
    """setWebhook: it forbids polling, and updates are posted from now on."""
    url, secret = params.text("url"), params.text("secret_token")
    if url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad("bad webhook: secret token contains illegal symbols")
    if (allowed := params.parsed("allowed_updates")) is not None:
        world.updates.allowed = frozenset(allowed)
    _drop_if_told(world, params)
    world.registration = Registration(
        secret, min(max(params.number("max_connections", 40), 1), 100)
    )
    world.updates.set_webhook(url)
    return FINE


def delete_webhook(world: World, params: Params) -> bool:
    """deleteWebhook."""
    _drop_if_told(world, params)
    world.updates.set_webhook("")
    return FINE


def get_webhook_info(world: World, params: Params) -> Json:
    """getWebhookInfo."""
    info: Json = {
        "url": world.updates.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    if world.updates.webhook:
        registered = world.registration
        info["max_connections"] = registered.connections
        info["allowed_updates"] = sorted(world.updates.allowed)
        if registered.fault:
            info["last_error_date"] = int(registered.fault_at)
            info["last_error_message"] = registered.fault
    return info


def log_out(world: World, params: Params) -> bool:
    """logOut and close: said yes to, nothing happens."""
    return FINE


def _scope(params: Params) -> tuple[str, str]:
    """Commands are kept by scope and language."""
    scope = params.parsed("scope") or {"type": "default"}
    return to_json(scope), params.text("language_code")


def _drop_if_told(world: World, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.waiting.clear()


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "answercallbackquery": answer_callback_query,
    "close": log_out,
    "deletemessage": sending.delete_message,
    "deletemycommands": delete_my_commands,
    "deletewebhook": delete_webhook,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "editmessagetext": sending.edit_message_text,
    "getfile": get_file,
    "getme": get_me,
    "getmycommands": get_my_commands,
    "getwebhookinfo": get_webhook_info,
    "logout": log_out,
    "sendchataction": sending.send_chat_action,
    "senddocument": sending.send_document,
    "sendmediagroup": sending.send_media_group,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "setmycommands": set_my_commands,
    "setwebhook": set_webhook,
}
