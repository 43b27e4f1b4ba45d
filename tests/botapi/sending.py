"""The bot's methods that put something into a chat or change what stands there."""

import time
from dataclasses import replace
from typing import Any

from tests.botapi.chats import Chat, Json, Message, StoredFile
from tests.botapi.entities import BadMarkup, Entity, parse_html, units
from tests.botapi.faults import Refused, bad, too_many
from tests.botapi.keyboards import read_markup
from tests.botapi.params import Params, Upload
from tests.botapi.world import World

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
PHOTO_LIMIT = 10 * 2**20
ACTIONS = frozenset(
    {
        "choose_sticker",
        "find_location",
        "record_video",
        "record_video_note",
        "record_voice",
        "typing",
        "upload_document",
        "upload_photo",
        "upload_video",
        "upload_video_note",
        "upload_voice",
    }
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def chat_of(world: World, params: Params) -> Chat:
    """The chat a call is for; 400 when the bot does not know it, 403 when it is blocked."""
    name = params.text("chat_id")
    if not name:
        raise bad("chat_id is empty")
    chat = world.chats.get(int(name)) if name.lstrip("-").isdecimal() else None
    if chat is None or not chat.exists:
        raise bad("chat not found")
    if chat.blocked:
        raise Refused("Forbidden: bot was blocked by the user", 403)
    return chat


def send_message(world: World, params: Params) -> Json:
    """sendMessage."""
    chat = chat_of(world, params)
    text, entities = _text_of(params)
    return _send(world, params, chat, text=text, raw=params.text("text"), entities=entities)


def send_document(world: World, params: Params) -> Json:
    """sendDocument."""
    chat = chat_of(world, params)
    fields = _document(world, params, params.text("document"), "document")
    return _send(world, params, chat, **fields, **_caption_of(params))


def send_photo(world: World, params: Params) -> Json:
    """sendPhoto."""
    chat = chat_of(world, params)
    fields = _photo(world, params, params.text("photo"), "photo")
    return _send(world, params, chat, **fields, **_caption_of(params))


def send_media_group(world: World, params: Params) -> list[Json]:
    """sendMediaGroup: 2 to 10 documents or 2 to 10 photos."""
    chat = chat_of(world, params)
    media = params.parsed("media")
    if not isinstance(media, list):
        raise bad("can't parse media JSON object")
    if not 2 <= len(media) <= 10:
        few = "There are not enough messages to send as an album"
        raise bad(few if len(media) < 2 else "Too many messages to send as an album")
    kinds = {item.get("type") for item in media}
    if kinds not in ({"document"}, {"photo"}):
        raise bad("document can't be mixed with other media types")
    read = _document if kinds == {"document"} else _photo
    album = {"media_group_id": str(10**16 + len(world.files))}
    parts = []
    for item in media:
        fields = read(world, params, str(item.get("media", "")), "")
        fields["extra"] |= album
        parts.append({**fields, **_caption_of(Params(item))})
    _count(world, chat, len(parts))
    reply_to = _reply_to(params, chat)
    sent = [world.message(chat, world.bot, reply_to=reply_to, **part) for part in parts]
    for message in sent:
        chat.add(message)
    return [message.as_json() for message in sent]


def send_chat_action(world: World, params: Params) -> bool:
    """sendChatAction."""
    chat_of(world, params)
    if params.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def edit_message_text(world: World, params: Params) -> Json:
    """editMessageText; without reply_markup the keyboard goes."""
    message = _own_message(world, params)
    text, entities = _text_of(params)
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    return _edit(message, params, text=text, raw=params.text("text"), entities=entities)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """editMessageReplyMarkup."""
    return _edit(_own_message(world, params), params)


def delete_message(world: World, params: Params) -> bool:
    """deleteMessage."""
    chat = chat_of(world, params)
    message = chat.find(params.number("message_id"))
    if message is None:
        raise bad("message to delete not found")
    chat.remove(message)
    return True


def _send(world: World, params: Params, chat: Chat, **fields: Any) -> Json:
    """Put one message of the bot into the chat, if flood control lets it pass."""
    keyboard, markup = read_markup(params.parsed("reply_markup"))
    reply_to = _reply_to(params, chat)
    _count(world, chat, 1)
    message = world.message(
        chat, world.bot, keyboard=keyboard, markup=markup, reply_to=reply_to, **fields
    )
    chat.add(message)
    return message.as_json()


def _count(world: World, chat: Chat, messages: int) -> None:
    if world.limiter and (wait := world.limiter.take(chat.id, time.monotonic(), messages)):
        raise too_many(wait)


def _edit(message: Message, params: Params, **fields: Any) -> Json:
    keyboard, _ = read_markup(params.parsed("reply_markup"))
    new = replace(message, keyboard=keyboard, **fields)
    shown = (message.text, message.entities, message.keyboard)
    if (new.text, new.entities, new.keyboard) == shown:
        raise bad(NOT_MODIFIED)
    if new.text != message.text:
        message.earlier.append(message.text)
    message.text, message.raw, message.entities = new.text, new.raw, new.entities
    message.keyboard, message.edited_at = keyboard, int(time.time())
    message.chat.changed(message)
    return message.as_json()


def _own_message(world: World, params: Params) -> Message:
    """The bot's message that a call wants to change."""
    message = chat_of(world, params).find(params.number("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if not message.from_bot:
        raise bad("message can't be edited")
    return message


def _reply_to(params: Params, chat: Chat) -> Message | None:
    wanted = params.parsed("reply_parameters") or {}
    id = int(wanted.get("message_id", 0)) or params.number("reply_to_message_id")
    if not id:
        return None
    found = chat.find(id)
    if found is None and not (
        wanted.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    ):
        raise bad("message to be replied not found")
    return found


def _text_of(params: Params) -> tuple[str, list[Entity]]:
    if not params.text("text"):
        raise bad("message text is empty")
    text, entities = _parsed(params, "text", "entities")
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_UNITS:
        raise bad("message is too long")
    return text, entities


def _caption_of(params: Params) -> dict[str, Any]:
    raw = params.text("caption")
    text, entities = _parsed(params, "caption", "caption_entities")
    if units(text) > CAPTION_UNITS:
        raise bad("message caption is too long")
    return {"text": text, "raw": raw, "entities": entities}


def _parsed(params: Params, words: str, marks: str) -> tuple[str, list[Entity]]:
    """Text and entities by parse_mode HTML or as given; the other modes are refused."""
    text, mode = params.text(words), params.text("parse_mode").lower()
    if not mode:
        return text.strip(), params.parsed(marks) or []
    if mode != "html":
        raise bad("unsupported parse_mode")
    try:
        return parse_html(text)
    except BadMarkup as fault:
        raise bad(f"can't parse entities: {fault}") from None


def _document(world: World, params: Params, value: str, field: str) -> dict[str, Any]:
    stored = _file(world, params, value, field)
    document = {**stored.as_json(), "file_name": stored.name, "mime_type": stored.mime}
    return {"kind": "document", "file": stored, "extra": {"document": document}}


def _photo(world: World, params: Params, value: str, field: str) -> dict[str, Any]:
    stored = _file(world, params, value, field, photo=True)
    sizes = [{**stored.as_json(), "width": 800, "height": 600}]
    return {"kind": "photo", "file": stored, "extra": {"photo": sizes}}


def _file(
    world: World, params: Params, value: str, field: str, *, photo: bool = False
) -> StoredFile:
    """The upload of that field or "attach://" name, or a file Telegram already has."""
    upload = params.uploads.get(value.removeprefix("attach://") if value else field)
    if upload is not None:
        return _stored(world, upload, photo=photo)
    if value in world.files:
        return world.files[value]
    if value:
        raise bad("wrong remote file identifier specified: Wrong string length")
    raise bad(f"there is no {field or 'media'} in the request")


def _stored(world: World, upload: Upload, *, photo: bool) -> StoredFile:
    size = len(upload.data)
    if not size:
        raise bad("file must be non-empty")
    if photo and size > PHOTO_LIMIT:
        raise bad(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_LIMIT} bytes"
        )
    return world.store(upload.name, upload.data, upload.mime)
