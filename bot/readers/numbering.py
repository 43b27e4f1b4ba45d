"""The numbers that Word sets before paragraphs by itself (一、, （一）): they are no text in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

Element = Any  # what python-docx makes of an lxml element

_CHINESE = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified",
        "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "ideographDigital",
    }
)  # fmt: skip
_FIGURES = "〇一二三四五六七八九"
_UNNUMBERED = frozenset({"bullet", "none"})


def style_of(paragraph: Element) -> str:
    """The id of a paragraph's style, '' without one; python-docx's own raises on a damaged one."""
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if named is None else str(named.get(qn("w:val"), ""))


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level counts: its way of writing numbers, its pattern (`%1、`), its first number."""

    way: str
    pattern: str
    first: int


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document as they go by."""

    levels: Mapping[tuple[str, int], _Level]
    lists: Mapping[str, str]
    styles: Mapping[str, tuple[str, int]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def number(self, paragraph: Element) -> str:
        """The number that Word prints before `paragraph`; '' where it prints none."""
        if not self.levels:
            return ""
        held = _list_of(paragraph) or self.styles.get(style_of(paragraph))
        if held is None:
            return ""
        counted, depth = self.lists.get(held[0], ""), held[1]
        level = self.levels.get((counted, depth))
        if level is None or level.way in _UNNUMBERED:
            return ""
        counts = self.counts.setdefault(counted, {})
        counts[depth] = counts.get(depth, level.first - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return self._written(counted, depth)

    def _written(self, counted: str, depth: int) -> str:
        """The number of a level with those of the levels above it where its pattern names them."""
        text = self.levels[counted, depth].pattern
        for other in range(depth + 1):
            level = self.levels.get((counted, other))
            if level and f"%{other + 1}" in text:
                number = self.counts[counted].get(other, level.first)
                text = text.replace(f"%{other + 1}", _word(number, level.way))
        return text


def read_numbering(document: Element, styles: Element) -> Numbering:
    """The numbering of a document by its numbering part (or None) and its styles."""
    if document is None:
        return Numbering({}, {}, {})
    levels = {
        (abstract.get(qn("w:abstractNumId"), ""), _number(level.get(qn("w:ilvl")))): _Level(
            way=_value(level, "w:numFmt"),
            pattern=_value(level, "w:lvlText"),
            first=_number(_value(level, "w:start"), 1),
        )
        for abstract in document.findall(qn("w:abstractNum"))
        for level in abstract.findall(qn("w:lvl"))
    }
    lists = {
        num.get(qn("w:numId"), ""): _value(num, "w:abstractNumId")
        for num in document.findall(qn("w:num"))
    }
    numbered = {style.get(qn("w:styleId"), ""): _list_of(style) for style in styles}
    return Numbering(levels, lists, {key: held for key, held in numbered.items() if held})


def _list_of(holder: Element) -> tuple[str, int] | None:
    """The list and the level that a paragraph or a style says it belongs to."""
    place = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if place is None:
        return None
    return _value(place, "w:numId"), _number(_value(place, "w:ilvl"))


def _value(element: Element, name: str) -> str:
    child = element.find(qn(name))
    return "" if child is None else str(child.get(qn("w:val"), ""))


def _number(word: str | None, otherwise: int = 0) -> int:
    return int(word) if word and word.isascii() and word.isdigit() and len(word) < 6 else otherwise


def _word(number: int, way: str) -> str:
    """A number as a level writes it; Chinese below a hundred, all others in digits."""
    if way not in _CHINESE or not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _FIGURES[tens]) + "十" if tens else ""
    return head + (_FIGURES[ones] if ones else "")
