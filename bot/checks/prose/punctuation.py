"""Marks of Chinese prose: half-width and doubled marks, stray blanks, pairs that do not close.

Pure. Only marks and blanks are ever changed: no figure, no letter, no character, no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import HAN, rewriting, texts, without_addresses

_LEFT = re.compile(rf"[{HAN}》”’）】〕%％℃]([ \t]*)$")
_RIGHT = re.compile(rf"([ \t]*)(?:[{HAN}《“‘（【〔\n]|$)")
_WIDE = {",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF = re.compile(r"[,.;:?!]")
_TWICE = re.compile(r"([，。；：、])(?:[ \t　]*\1)+")
_WEAK = re.compile(r"[，、；](?=。)")
_BLANK = re.compile(r"[ \t　]+")
_CHARACTER = re.compile(rf"[{HAN}]")
_BRACKET = re.compile(r"[()（）]")
_LIST_NUMBER = re.compile(r"[\d一二三四五六七八九十a-zA-Z]{1,3}$")
_HEAD = re.compile(
    rf"^\s*[（(]?[一二三四五六七八九十\d]{{1,3}}(?:[)）、.．]|是)[{HAN}、“”]{{2,24}}$"
)
_PAIRS = ("“”", "（）", "《》")


class Mended(NamedTuple):
    """A text with its marks put right, how many were changed, and the first place."""

    text: str
    changes: int
    first: str


_LABEL = 80  # a longer cell is prose that was laid into a table


def check_punctuation(dossier: Dossier) -> Iterator[Finding]:
    """NAR-PUNCT: one finding a text, with the mended text as its repair where marks are wrong."""
    for key, text in texts(dossier):
        if key == "signoff" or not text:
            continue
        mended, open_pairs = mend(text), unbalanced(text)
        if mended.changes or open_pairs:
            repairs = rewriting(dossier, key, mended.text, "punctuation") if mended.changes else ()
            facts: dict[str, object] = {"count": mended.changes, "pairs": open_pairs, "labels": 0}
            yield Finding("NAR-PUNCT", "note", (key,), sentence=mended.first, repairs=repairs,
                          facts=facts)  # fmt: skip
    yield from _check_labels(dossier.labels)


def _check_labels(labels: tuple[str, ...]) -> Iterator[Finding]:
    """Half-width marks in the words of a file's tables, which the form prints in full width."""
    wrong = [label for label in labels if len(label) < _LABEL and mend(label).changes]
    if wrong:
        longest = max(wrong, key=lambda label: mend(label).changes)
        facts = {"count": 0, "pairs": (), "labels": len(wrong)}
        yield Finding("NAR-PUNCT", "note", sentence=longest, facts=facts)


@lru_cache(maxsize=512)
def mend(text: str) -> Mended:
    """A text in full-width marks, each once, without blanks between Chinese characters."""
    masked = without_addresses(text, "\0")
    found = [*_half_width(masked), *_brackets(masked), *_doubled(masked), *_blanks(masked)]
    pieces, at, count = [], 0, 0
    for start, end, new in sorted(found):
        if start < at:
            continue
        pieces += [text[at:start], new]
        at, count = end, count + 1
    if not count:
        return Mended(text, 0, "")
    first = min(found)[0]
    again = mend("".join([*pieces, text[at:]]))
    place = text[max(0, first - 8) : first + 9].replace("\n", " ").strip()
    return Mended(again.text, count + again.changes, place)


def _half_width(text: str) -> Iterator[tuple[int, int, str]]:
    """Half-width marks between Chinese characters."""
    for found in _HALF.finditer(text):
        at = found.start()
        left, right = _LEFT.search(text[max(0, at - 3) : at]), _RIGHT.match(text, at + 1)
        if left and right:
            yield at - len(left.group(1)), right.end(1), _WIDE[found.group()]


def _doubled(text: str) -> Iterator[tuple[int, int, str]]:
    """Marks that stand twice, and a weaker mark before a full stop."""
    for found in _TWICE.finditer(text):
        yield found.start(), found.end(), found.group(1)
    for found in _WEAK.finditer(text):
        yield found.start(), found.end(), ""


def _blanks(text: str) -> Iterator[tuple[int, int, str]]:
    """Blanks between Chinese characters; behind a heading on the same line they part it off."""
    for found in _BLANK.finditer(text):
        start, end = found.span()
        around = text[start - 1 : start] + text[end : end + 1]
        if len(_CHARACTER.findall(around)) == 2 and not _behind_heading(text, start):
            yield start, end, ""


def _behind_heading(text: str, at: int) -> bool:
    """Whether only a numbered heading stands before a place on its line."""
    early = max(0, at - 40)
    _, newline, line = text[early:at].rpartition("\n")
    return bool((newline or not early) and _HEAD.match(line))


def _brackets(text: str) -> Iterator[tuple[int, int, str]]:
    """Pairs of brackets with a half-width one around Chinese words."""
    for start, end in _bracket_pairs(text)[0] if "(" in text or ")" in text else ():
        if _CHARACTER.search(text, start + 1, end):
            if text[start] == "(":
                yield start, start + 1, "（"
            if text[end] == ")":
                yield end, end + 1, "）"


def _bracket_pairs(text: str) -> tuple[list[tuple[int, int]], int]:
    """The innermost-first pairs of brackets of either width, and how many stand alone."""
    pairs, opened, alone = [], [], 0
    for found in _BRACKET.finditer(text):
        if found.group() in "(（":
            opened.append(found.start())
        elif opened:
            pairs.append((opened.pop(), found.start()))
        elif not _LIST_NUMBER.search(text, max(0, found.start() - 3), found.start()):
            alone += 1
    return pairs, alone + len(opened)


@lru_cache(maxsize=512)
def unbalanced(text: str) -> tuple[str, ...]:
    """The kinds of paired marks that do not close in a text: “”, （）, 《》."""
    wrong = [
        pair for pair in _PAIRS if pair != "（）" and text.count(pair[0]) != text.count(pair[1])
    ]
    if _bracket_pairs(text)[1]:
        wrong.append("（）")
    return tuple(wrong)
