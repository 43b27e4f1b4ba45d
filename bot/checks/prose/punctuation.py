"""Marks of Chinese prose: half-width and doubled marks, stray blanks, pairs that do not close.

Pure. Only marks and blanks are ever changed: no figure, no letter, no character, no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import HAN, rewriting, texts, without_addresses

_LEFT = re.compile(rf"[{HAN}》”’）】〕%％℃]([ \t]*)$")
_RIGHT = re.compile(rf"([ \t]*)(?:[{HAN}《“‘（【〔\n]|$)")
_WIDE = {",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF = re.compile(r"[,.;:?!]")
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_RATIO = re.compile(rf"[{_NUMERALS}].[{_NUMERALS}]")
_SENTENCE_BEFORE = re.compile(
    rf"(?:[\d{HAN}][{HAN}]|[{HAN}][》”’%％℃]|[%％℃]|[^{_NUMERALS}\d][）】〕])[ \t]*$"
)
_LONE_NAME = re.compile(rf"(?:^|[^{HAN}])[{HAN}]?[{_NUMERALS}][ \t]*$")
_SENTENCE_BEHIND = re.compile(
    r"[ \t]*(?:\n|$|[一二三四五六七八九十]是|[我本全]|今年|去年|同时|此外|另外|其中|其[一二三]"
    r"|下一步|根据|按照|截至|目前)"
)
_RUN = re.compile(r"[，。；：、](?:[ \t　]*[，。；：、])+")
_WEAK = "，、；"
_BLANK = re.compile(r"(?<![ \t　])[ \t](?![ \t　])")
_CHARACTER = re.compile(rf"[{HAN}]")
_WORDS_BEFORE = re.compile(rf"[{HAN}]{{2}}$")
_WORDS_BEHIND = re.compile(rf"[{HAN}]{{2}}")
_CLAUSE = re.compile(r"[^，。；！？!?,;\n]+")
_PROSE = re.compile(r"[。！？；]")
_PROSE_LENGTH = 12  # a shorter line is a label or a heading
_BRACKET = re.compile(r"[()（）]")
_LIST_NUMBER = re.compile(r"[\d一二三四五六七八九十a-zA-Z]{1,3}$")
_HEAD = re.compile(
    rf"^\s*[（(]?[一二三四五六七八九十\d]{{1,3}}(?:[)）、.．]|是)[{HAN}、“”]{{2,24}}$"
)
_PAIRS = ("“”", "（）", "《》")
_LABEL = 80  # a longer cell is prose that was laid into a table

Edits = Iterable[tuple[int, int, str]]


class Mended(NamedTuple):
    """A text with its marks put right, how many were changed, and the first place."""

    text: str
    changes: int
    first: str


def check_punctuation(dossier: Dossier) -> Iterator[Finding]:
    """NAR-PUNCT: one finding a text of a draft, with the mended text as its repair.

    A file that was read gets one finding for all of it: many sites print half-width marks
    throughout, and nothing can be rewritten there.
    """
    told = [(key, text) for key, text in texts(dossier) if key != "signoff" and text]
    faulty = [(key, mend(text), unbalanced(text)) for key, text in told]
    faulty = [(key, mended, pairs) for key, mended, pairs in faulty if mended.changes or pairs]
    if dossier.headings or dossier.labels:
        yield from _of_file(faulty, dossier.labels)
        return
    for key, mended, pairs in faulty:
        repairs = rewriting(dossier, key, mended.text, "punctuation") if mended.changes else ()
        facts = _facts(mended.changes, pairs)
        yield Finding("NAR-PUNCT", "note", (key,), sentence=mended.first, repairs=repairs,
                      facts=facts)  # fmt: skip


def _of_file(
    faulty: list[tuple[str, Mended, tuple[str, ...]]], labels: tuple[str, ...]
) -> Iterator[Finding]:
    """All marks of a file in one finding: its texts and the words of its tables."""
    wrong = [label for label in labels if len(label) < _LABEL and mend(label).changes]
    if not faulty and not wrong:
        return
    longest = max(wrong, key=lambda label: mend(label).changes, default="")
    count = sum(mended.changes for _, mended, _ in faulty)
    pairs = tuple(dict.fromkeys(pair for _, _, alone in faulty for pair in alone))
    cells = tuple(dict.fromkeys(key for key, _, _ in faulty))
    first = next((mended.first for _, mended, _ in faulty if mended.first), longest)
    facts = _facts(count, pairs, len(wrong), longest)
    yield Finding("NAR-PUNCT", "note", cells, sentence=first, facts=facts)


def _facts(
    count: int, pairs: tuple[str, ...], labels: int = 0, label: str = ""
) -> dict[str, object]:
    """What the wording needs."""
    return {"count": count, "pairs": pairs, "labels": labels, "label": label}


@lru_cache(maxsize=512)
def mend(text: str) -> Mended:
    """A text in full-width marks, each once, without stray blanks inside a sentence.

    Each step leaves nothing for an earlier one, so that mending is final in one round.
    """
    masked, whole, count = without_addresses(text, "\0"), text, 0
    for find in (_brackets, _half_width, _doubled, _blanks):
        edits = list(find(masked))
        if edits:
            masked, whole, count = _edit(masked, edits), _edit(whole, edits), count + len(edits)
    if not count:
        return Mended(text, 0, "")
    first = next((n for n, (a, b) in enumerate(zip(text, whole, strict=False)) if a != b),
                 min(len(text), len(whole)))  # fmt: skip
    place = text[max(0, first - 8) : first + 9].replace("\n", " ").strip()
    return Mended(whole, count, place)


def _edit(text: str, edits: Edits) -> str:
    """A text with each span replaced; the spans do not overlap."""
    pieces, at = [], 0
    for start, end, new in sorted(edits):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _half_width(text: str) -> Iterator[tuple[int, int, str]]:
    """Half-width marks between Chinese characters."""
    for found in _HALF.finditer(text):
        at = found.start()
        left, right = _LEFT.search(text[max(0, at - 3) : at]), _RIGHT.match(text, at + 1)
        if not left or not right or _RATIO.match(text, max(0, at - 1)):
            continue
        if found.group() != "." or _ends_sentence(text, at):
            yield at - len(left.group(1)), right.end(1), _WIDE[found.group()]


def _ends_sentence(text: str, at: int) -> bool:
    """Whether a point surely ends a sentence: 零.五, 一.加强 and 晋.冀 hold other points."""
    before = text[max(0, at - 5) : at]
    sure = _SENTENCE_BEFORE.search(before) and not _LONE_NAME.search(before)
    return bool(sure and _SENTENCE_BEHIND.match(text, at + 1))


def _doubled(text: str) -> Iterator[tuple[int, int, str]]:
    """Marks that stand twice, and weaker ones before a full stop; 。。。 may mean an ellipsis."""
    for found in _RUN.finditer(text):
        kept = _distinct(found.group())
        if kept != found.group() and "。。。" not in found.group():
            yield found.start(), found.end(), kept


def _distinct(run: str) -> str:
    """A run of marks, each once in a row; 。 takes the place of weaker marks beside it."""
    kept: list[str] = []
    blank = ""
    for mark in run:
        if mark in " \t　":
            blank += mark
            continue
        while mark == "。" and not blank and kept and kept[-1][-1] in _WEAK:
            blank = kept.pop()[:-1]
        if not kept or kept[-1][-1] != mark:
            kept.append(blank + mark)
        blank = ""
    return "".join(kept)


def _blanks(text: str) -> Iterator[tuple[int, int, str]]:
    """Single blanks inside a sentence of prose; where they may part columns or names they stay."""
    at = 0
    for line in text.split("\n") if " " in text or "\t" in text else ():
        if len(line) >= _PROSE_LENGTH and _PROSE.search(line):
            for clause in _CLAUSE.finditer(line):
                yield from _stray(line, clause, at)
        at += len(line) + 1


def _stray(line: str, clause: re.Match[str], at: int) -> Iterator[tuple[int, int, str]]:
    """The one blank between two words of a clause; several are a list, behind ： a form."""
    found = [
        blank.start()
        for blank in _BLANK.finditer(line, clause.start(), clause.end())
        if not _HEAD.match(line[:40], 0, blank.start())
    ]
    if len(found) != 1 or "：" in clause.group() or ":" in clause.group():
        return
    if "　" in clause.group().strip("　 "):
        return
    (start,) = found
    before, behind = line[max(0, start - 2) : start], line[start + 1 : start + 3]
    if _WORDS_BEFORE.search(before) and _WORDS_BEHIND.match(behind):
        yield at + start, at + start + 1, ""


def _brackets(text: str) -> Iterator[tuple[int, int, str]]:
    """Pairs of brackets with a half-width one around Chinese words."""
    if "(" not in text and ")" not in text:
        return
    words = [0, *accumulate(map(len, map(_CHARACTER.findall, text)))]
    for start, end in _bracket_pairs(text)[0]:
        if words[end] > words[start]:
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
