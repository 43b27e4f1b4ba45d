"""Where one chat stands in the interview; kept as JSON beside the answers.

What is asked next follows from the answers; the position only holds what was asked last and what
waits for a yes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from bot.draft import Answer, Source

Proposal = tuple[str, str, str, Source]
"""An item, its kind of value (count, money, text), the value as text, and the source."""


@dataclass(frozen=True, slots=True)
class Position:
    """One chat's place in one draft.

    asking: the question now asked · revision: its number, which buttons carry · choices: what
    its buttons say and stand for · numeric: whether a bare number is an answer and no choice ·
    back: questions asked before · home: where to return after a correction · offer: proposals
    echoed and not yet stored · repairs: what the repair buttons do · pieces: a text that comes in
    several messages · picked: a multiple choice in the making · told: findings already said ·
    previous: the text answered by the message before · pressed: the last press taken · seen: the
    last line of history this chat knows · catching_up: whether items put off are asked again ·
    upload: a file that was read and is to be put to some use · page: of its findings · telling: a
    sentence with figures that did not say who asked.
    """

    asking: str = ""
    revision: int = 0
    choices: tuple[tuple[str, str, str], ...] = ()
    numeric: bool = False
    back: tuple[str, ...] = ()
    home: str = ""
    offer: tuple[Proposal, ...] = ()
    repairs: tuple[tuple[tuple[str, str, str, Source], ...], ...] = ()
    pieces: tuple[str, ...] = ()
    picked: tuple[str, ...] | None = None
    told: tuple[str, ...] = ()
    previous: str = ""
    pressed: str = ""
    seen: int = -1
    catching_up: bool = False
    upload: int = 0
    page: int = 0
    telling: str = ""

    def dump(self) -> str:
        """The position as JSON."""
        values = {name: getattr(self, name) for name in _NAMES}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, kept: str) -> Position:
        """The position that `dump` wrote; an empty text is a new one."""
        if not kept:
            return cls()
        values: dict[str, Any] = json.loads(kept)
        return cls(**{name: _tuples(value) for name, value in values.items() if name in _NAMES})


_NAMES = tuple(field.name for field in fields(Position))


def propose(item: str, answer: Answer | None) -> Proposal:
    """A proposal that sets `item` to `answer`, or takes its answer away."""
    if answer is None:
        return (item, "none", "", "typed")
    kind = {int: "count", Decimal: "money"}.get(type(answer.value), "text")
    return (item, kind, str(answer.value), answer.source)


def accept(proposal: Proposal) -> tuple[str, Answer | None]:
    """The item and the answer that a proposal stands for; None takes the answer away."""
    item, kind, value, source = proposal
    if kind == "none":
        return item, None
    read = {"count": int, "money": Decimal}.get(kind, str)
    return item, Answer(read(value), source)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
