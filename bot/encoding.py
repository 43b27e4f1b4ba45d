"""How answers, messages and moments stand in the columns of the store.

Pure.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import cast

from bot.answers import Value
from bot.draft import Answer, Source
from bot.messages import Button, Outgoing, Part, Press


def write_time(now: datetime) -> str:
    """A moment as the text of a column."""
    return now.isoformat(timespec="milliseconds")


def kind_of(value: Value | None) -> str:
    """The kind of a value: count, money or text."""
    return {int: "count", Decimal: "money"}.get(type(value), "text")


def write_value(value: Value | None) -> str | None:
    """A value as the text of a column; None stays None."""
    return None if value is None else str(value)


def read_answer(kind: str, value: str | None, source: str) -> Answer:
    """The answer that three columns hold."""
    read = {"count": int, "money": Decimal}.get(kind, str)
    return Answer(None if value is None else read(value), cast(Source, source))


def dump_answer(answer: Answer | None) -> str | None:
    """An answer as one column of the history."""
    if answer is None:
        return None
    kept = [kind_of(answer.value), write_value(answer.value), answer.source]
    return json.dumps(kept, ensure_ascii=False)


def load_answer(kept: str | None) -> Answer | None:
    """The answer that `dump_answer` wrote."""
    return None if kept is None else read_answer(*json.loads(kept))


def write_body(outgoing: Outgoing) -> str:
    """A message as JSON: its parts, its buttons and how it is to be shown."""
    return json.dumps(
        {
            "parts": [[part.text, part.table] for part in outgoing.parts],
            "buttons": [[[b.text, b.press.encode()] for b in row] for row in outgoing.buttons],
            "numeric": outgoing.numeric,
            "replaces": outgoing.replaces,
            **({"unasked": True} if outgoing.unasked else {}),
        },
        ensure_ascii=False,
    )


def read_outgoing(id: int, address: str, body: str, document: int | None) -> Outgoing:
    """The message that `write_body` wrote."""
    kept = json.loads(body)
    buttons = tuple(
        tuple(Button(text, cast(Press, Press.decode(data))) for text, data in row)
        for row in kept["buttons"]
    )
    parts = tuple(Part(text, table) for text, table in kept["parts"])
    return Outgoing(
        id, address, parts, buttons, kept["numeric"], kept["replaces"], document,
        kept.get("unasked", False),
    )  # fmt: skip
