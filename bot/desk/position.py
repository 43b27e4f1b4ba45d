"""Where an office's chat stands: what was asked, which year and unit it looks at; kept as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class DeskPosition:
    """One office chat's place.

    asking: what typed text answers, as `reason.<version>` or `roster` · revision: of the buttons ·
    choices: what they say and stand for · year, filter, page: of the board · unit, version: looked
    at last · pending: rows of a roster shown and not yet stored.
    """

    asking: str = ""
    revision: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    year: int = 0
    filter: str = ""
    page: int = 1
    unit: int = 0
    version: int = 0
    pending: tuple[tuple[str, ...], ...] = ()

    def dump(self) -> str:
        """The position as JSON."""
        kept = {name: getattr(self, name) for name in _NAMES}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, kept: str) -> DeskPosition:
        """The position that `dump` wrote; an empty text is a new one."""
        values: dict[str, Any] = json.loads(kept) if kept else {}
        return cls(**{name: _tuples(value) for name, value in values.items() if name in _NAMES})


_NAMES = tuple(field.name for field in fields(DeskPosition))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
