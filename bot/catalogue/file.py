"""A form's file while it is read: what stands in it, and all that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.local import Local

NAME = re.compile(r"\{(\w+)\}")
"""A name in braces: {row}."""


def is_pattern(text: str) -> bool:
    """Whether all braces of a text hold nothing but a name that does not begin with a digit."""
    rest = re.sub(r"\{[^\W\d]\w*\}", "", text)
    return "{" not in rest and "}" not in rest


@dataclass
class FormFile:
    """What a file holds, with the office's own labels; faults are collected, not raised."""

    data: dict[str, Any]
    local: Local
    path: Path
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def parts(self, source: dict[str, Any], key: str, place: str) -> list[dict[str, Any]]:
        """The non-empty list of tables called `key`."""
        parts = source.get(key)
        if not isinstance(parts, list) or not parts or not all(isinstance(p, dict) for p in parts):
            self.faults.append(f"{place}：缺少 [[{key}]]")
            return []
        return parts

    def word(self, source: dict[str, Any], key: str, place: str) -> str:
        """The non-empty string called `key`."""
        value = source.get(key)
        if not isinstance(value, str) or not value.strip():
            self.faults.append(f"{place}.{key}：应为文字，不能空")
            return f"<{place}.{key}>"
        return value

    def label(self, official: str) -> str:
        """An official label, or the office's own for it."""
        self.seen.add(official)
        return self.local.labels.get(official, official)

    def unknown(self, source: dict[str, Any], known: set[str], place: str) -> None:
        """Report keys that nothing reads: they are usually misspelt."""
        self.faults += [f"{place}：不认识“{key}”" for key in sorted(set(source) - known)]
