"""Updates of Telegram, made by its grammar and then spoilt: what a bot could be sent at the worst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from bot.channels.telegram_in import Me
from bot.desk.turn import BUTTONS
from tests.fuzzing.texts import HOSTILE, TOKENS, large, ordered, soup, typed

Raw = dict[str, Any]
ME = Me(4_242, "nianbao_bot")
DEEDS = ("message", "edited_message", "callback_query")
DATE = 1_673_514_000
KINDS = ("photo", "sticker", "voice", "video", "location", "venue", "contact", "poll", "dice",
         "animation", "audio", "game", "story", "checklist", "paid_media", "video_note")  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**31, 2**63, -(2**63), 10**30, "", "x", "0", [], {}, [[]], [None], {"": None},
    "\x00", "\ud800", "9" * 5000, [1] * 200, {"id": 1}, 1e308,
)  # fmt: skip
QUESTIONS = ("desk", "seat", "review", "zeros", "gate.fees", "last.report", "explain.x", "fee", "", "pick.types",
             "row.granted", "fill.normdocs", "reply.1", "view.requests")  # fmt: skip
CODES = (
    "ok",
    "yes",
    "no",
    "sit",
    "recall",
    "submit",
    "undo",
    "keep",
    "+natural_person",
    "-x",
    "",
    "skip",
    "1",
)
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "77",
    "-1",
    "²",
    "9" * 25,
    str(2**63),
    "1.2.3",
    "",
    " 1",
    "٣",
    "x",
)


def person(chat: int, name: str = "人员") -> Raw:
    """Somebody, as Telegram describes people."""
    return {"id": chat, "is_bot": False, "first_name": name, "language_code": "zh-hans"}


def message(number: int, chat: int, text: str | None = None, **more: Any) -> Raw:
    """Somebody writes or sends something into the chat with the bot."""
    body = {"message_id": number, "date": DATE + number, "chat": {"id": chat, "type": "private"},
            "from": person(chat), **more}  # fmt: skip
    if text is not None:
        body["text"] = text
    return {"update_id": number, "message": body}


def press(number: int, chat: int, data: str, under: int = 1) -> Raw:
    """Somebody presses a button under a message of the bot."""
    shown = {"message_id": under, "date": DATE, "chat": {"id": chat, "type": "private"},
             "text": "…"}  # fmt: skip
    query = {"id": str(number), "from": person(chat), "chat_instance": "1", "message": shown,
             "data": data}  # fmt: skip
    return {"update_id": number, "callback_query": query}


def edited(raw: Raw, number: int, text: str) -> Raw:
    """The message of an update, changed afterwards."""
    body = {**raw["message"], "text": text, "edit_date": DATE + number}
    return {"update_id": number, "edited_message": body}


def document(number: int, chat: int, name: Any, **more: Any) -> Raw:
    """Somebody sends a file."""
    file = {"file_id": f"F{number}", "file_unique_id": f"U{number}", "file_name": name,
            "file_size": 10}  # fmt: skip
    return message(number, chat, document=file, **more)


def made_up(rng: Random) -> str:
    """The data of a button that nobody showed: of other drafts, of the desk, of nothing."""
    kind = rng.random()
    if kind < 0.4:
        ids = ".".join(rng.choice(NUMBERS) for _ in range(rng.choice((0, 1, 1, 1, 2, 3))))
        return f"v1:0:desk:{rng.choice(NUMBERS)}:{rng.choice(tuple(BUTTONS))}.{ids}"
    if kind < 0.8:
        return ":".join(
            (
                "v1",
                rng.choice(NUMBERS),
                rng.choice(QUESTIONS),
                rng.choice(NUMBERS),
                rng.choice(CODES),
            )
        )
    return rng.choice((soup(rng, 3), "v1::::", "v2:1:a:1:b", ":" * 64, "v1:1:a:1:b:c", *HOSTILE))


def update(rng: Random, number: int, chats: Sequence[int], shown: Sequence[str]) -> Any:
    """One update as it could come, sound or not; `shown` are buttons that really were shown."""
    raw = _sound(rng, number, rng.choice(chats), shown)
    if rng.random() < 0.35:
        raw = spoilt(raw, rng)
    return json.loads(json.dumps(raw))


def spoilt(raw: Any, rng: Random) -> Any:
    """An update with a few of its values of another type, missing, or far too deep or large."""
    for _ in range(rng.choice((1, 1, 2, 6))):
        raw = json.loads(json.dumps(raw))  # nothing stands at two places at once
        places = _places(raw)
        if not 0 < len(places) < 2_000:
            break
        holder, key = rng.choice(places)
        _spoil(holder, key, rng)
    return raw


def _sound(rng: Random, number: int, chat: int, shown: Sequence[str]) -> Any:
    kind = rng.random()
    if kind < 0.3:
        data = rng.choice(shown) if shown and rng.random() < 0.6 else made_up(rng)
        return press(number, chat, data, rng.choice((1, number - 1, 2**40)))
    if kind < 0.7:
        return message(number, chat, _text(rng), **_more(rng, number, chat))
    if kind < 0.76:
        return edited(message(max(1, number - rng.randrange(9)), chat), number, _text(rng))
    if kind < 0.82:
        return document(
            number, chat, rng.choice((*HOSTILE, "名单.csv", "../" * 50 + "x.docx", None))
        )
    if kind < 0.88:
        held: Any = rng.choice(({}, [], [{}], {"file_id": "x"}, "x", 1))
        return message(number, chat, None, **{rng.choice(KINDS): held, "caption": _text(rng)})
    if kind < 0.94:
        group = {"id": -chat, "type": rng.choice(("group", "supergroup", "channel", "x"))}
        raw = message(number, chat, f"@{ME.username} {_text(rng)}", **_entities(rng))
        raw["message"]["chat"] = group
        return raw
    return rng.choice(({"update_id": number}, {"update_id": number, "poll": {}}, {}, [], None, "x", 5,
                       {"update_id": number, "my_chat_member": {"chat": {}}}))  # fmt: skip


def _text(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.004:
        return large(rng)
    made = (typed, ordered, soup)[rng.randrange(3)](rng)
    return made if kind < 0.9 else rng.choice(TOKENS) + made


def _more(rng: Random, number: int, chat: int) -> Raw:
    """What may stand beside a text."""
    found: Raw = {}
    if rng.random() < 0.1:
        found |= _entities(rng)
    if rng.random() < 0.1:
        found["reply_to_message"] = message(rng.choice((1, number - 1)), chat, "…")["message"]
    if rng.random() < 0.1:
        found["from"] = person(chat, rng.choice((*HOSTILE, "名" * 10_000)))
    if rng.random() < 0.05:
        found["forward_origin"] = {"type": "user", "date": DATE, "sender_user": person(1)}
    return found


def _entities(rng: Random) -> Raw:
    """Marks on a text, some beyond its end, up to ten thousand of them."""
    kinds = ("bot_command", "mention", "bold", "text_mention", "text_link", "pre", "x")
    marks = [
        {"type": rng.choice(kinds), "offset": rng.choice((0, 1, 5000, -1)), "length": rng.choice((1, 12, 10**9, -3))}
        for _ in range(rng.choice((1, 3, 50, 10_000) if rng.random() < 0.1 else (1, 3)))
    ]  # fmt: skip
    return {"entities": marks}


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value that could be another one."""
    found: list[tuple[Any, Any]] = []
    open_ = [value]
    while open_ and len(found) < 2_000:
        held = open_.pop()
        keys = (
            list(held)
            if isinstance(held, dict)
            else range(len(held))
            if isinstance(held, list)
            else ()
        )
        for key in keys:
            found.append((held, key))
            open_.append(held[key])
    return found


def _spoil(holder: Any, key: Any, rng: Random) -> None:
    kind = rng.random()
    if kind < 0.2 and isinstance(holder, dict):
        del holder[key]
    elif kind < 0.8:
        holder[key] = rng.choice(ODD)
    elif kind < 0.9:
        for _ in range(rng.choice((1, 10, 300))):
            holder[key] = rng.choice(([holder[key]], {"message": holder[key]}))
    else:
        holder[key] = [holder[key]] * rng.choice((2, 10, 100))
