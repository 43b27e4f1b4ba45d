"""What people do in Telegram as `Incoming`: one update in, at most one deed out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ChatType, MessageEntityType

from bot.messages import Attachment, Incoming, Press

KINDS = ("message", "edited_message", "callback_query")
"""The kinds of updates that are asked for."""

_NAME_LENGTH = 64
_SHOWN_AS = {"Cc": " ", "Cf": "", "Zl": " ", "Zp": " "}
_COMMAND = re.compile(r"(/\w{1,32})@(\w+)(?=\s|$)", re.ASCII)
_OTHERS = (
    "animation",  # before document: an animation is both
    "audio",
    "checklist",
    "contact",
    "dice",
    "document",
    "game",
    "invoice",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",  # before location: a venue is both
    "location",
    "video",
    "video_note",
    "voice",
)


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is."""

    id: int
    username: str = ""


def read_update(raw: Any, me: Me) -> Incoming | None:
    """What somebody did, or None where it is nobody's deed or not meant for the bot.

    Raises anything where the update cannot be understood; what it returns has sound types.
    """
    update = Update.de_json(raw, None)
    key = f"telegram:{_number(update.update_id)}"
    if update.callback_query is not None:
        return _read_press(key, update.callback_query)
    if update.message is not None:
        return _read_message(key, update.message, me)
    if update.edited_message is not None:
        return _read_message(key, update.edited_message, me, edited=True)
    return None


def query_id(raw: Any) -> str:
    """The id of a press that wants to be answered, or ''."""
    query = raw.get("callback_query") if isinstance(raw, dict) else None
    return str(query.get("id", "")) if isinstance(query, dict) else ""


def _read_press(key: str, query: CallbackQuery) -> Incoming | None:
    if query.message is None:
        return None
    press = Press.decode(_words(query.data))
    other = "" if press else "stale_button"
    if query.message.chat.type != ChatType.PRIVATE:
        press, other = None, "group"
    return Incoming(
        key,
        f"telegram:{_number(query.message.chat.id)}",
        press=press,
        message=str(_number(query.message.message_id)),
        other=other,
        sender=_name(query.from_user),
    )


def _read_message(key: str, message: Message, me: Me, *, edited: bool = False) -> Incoming | None:
    if message.from_user is not None and message.from_user.is_bot:
        return None
    other = _other(message)
    if message.chat.type != ChatType.PRIVATE:
        if edited or not _is_addressed(message, me):
            return None
        other = "group"
    elif message.text is None and not other:
        return None
    reply = message.reply_to_message
    attached = None if edited or other == "group" else _attached(message)
    return Incoming(
        key,
        f"telegram:{_number(message.chat.id)}",
        text=_plain_command(_words(message.text) or _words(message.caption), me),
        message=str(_number(message.message_id)),
        reply_to=str(_number(reply.message_id)) if reply else "",
        edited=edited,
        other="" if attached else other,
        sender=_name(message.from_user),
        attached=attached,
    )


def _attached(message: Message) -> Attachment | None:
    """A file sent as such; an animation is a document too and is none of it."""
    found = message.document
    if found is None or message.animation is not None:
        return None
    return Attachment((_words(found.file_name) or "文件")[:200], _words(found.file_id))


def _other(message: Message) -> str:
    if message.text is not None:
        return ""
    return next((word for word in _OTHERS if message[word]), "")


def _plain_command(text: str, me: Me) -> str:
    """`/start@our_bot x` as `/start x`; everything else as it came."""
    found = _COMMAND.match(text) if text.startswith("/") else None
    if found is None or (me.username and found[2].lower() != me.username.lower()):
        return text
    return found[1] + text[found.end() :]


def _is_addressed(message: Message, me: Me) -> bool:
    """Whether somebody in a group means the bot: a command, its name, a reply to it."""
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == me.id:
        return True
    marks = {**message.parse_entities(), **message.parse_caption_entities()}
    ours = f"@{me.username}".lower()
    for mark, words in marks.items():
        if mark.type == MessageEntityType.BOT_COMMAND and mark.offset == 0:
            return "@" not in words or words.lower().endswith(ours)
        if mark.type == MessageEntityType.MENTION and me.username and words.lower() == ours:
            return True
        if mark.type == MessageEntityType.TEXT_MENTION and mark.user and mark.user.id == me.id:
            return True
    return False


def _name(user: User | None) -> str:
    """A person's name on one line: what would break it, hide in it or turn it round is left out."""
    words = _words(user.full_name) if user else ""
    shown = "".join(_SHOWN_AS.get(unicodedata.category(c), c) for c in words)
    return " ".join(shown.split())[:_NAME_LENGTH] or ("（没有名字）" if user else "")


def _number(value: object) -> int:
    """An id; TypeError where it is none, since PTB takes whatever stands in the JSON."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no whole number")
    return value


def _words(value: object) -> str:
    """A text or '' where there is none; TypeError where something else stands in its place."""
    if not isinstance(value, str | None):
        raise TypeError("no text")
    return value or ""
