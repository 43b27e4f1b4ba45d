"""Cuts what a clerk tells into claims: the words that belong to one number, or to one 没有 or 全部.

Pure. A clause with a word that nobody knows, or with 约 and the like, is one claim that is not to
be believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.form import Form
from bot.telling.vocabulary import Word, read_words

_NAMES = ("row", "family", "lawsuits", "type", "result", "other", "handover")
_HEADS = (*_NAMES, "handled")
_BOUNDARIES = ("of", "rest", "all")


@dataclass(frozen=True, slots=True)
class Claim:
    """The words of one claim and the clause they stand in; `fault` says why not to believe it.

    Faults: unknown (words that nobody knows), vague (约, 几, 3.5件).
    """

    words: tuple[Word, ...]
    text: str
    fault: str = ""

    @property
    def number(self) -> int | None:
        """The number told, or None where there is none or more than one."""
        found = [word.value for word in self.words if word.kind == "number"]
        return found[0] if len(found) == 1 else None

    @property
    def is_number_told(self) -> bool:
        """Whether any number stands here, readable or not."""
        return any(word.kind in ("number", "odd") for word in self.words)

    @property
    def is_about_form(self) -> bool:
        """Whether a word of the form stands here."""
        return any(self.has(kind) for kind in _NAMES)

    def has(self, kind: str) -> bool:
        """Whether a word of this kind stands here."""
        return any(word.kind == kind for word in self.words)

    def meanings(self, kind: str) -> list[tuple[str, str]]:
        """What the words of one kind mean, each once, in order."""
        return list(dict.fromkeys(word.meaning for word in self.words if word.kind == kind))


def read_claims(form: Form, text: str) -> tuple[list[Claim], str, set[int]]:
    """The claims of a text in order, the words nobody knows, and the years that are named."""
    claims: list[Claim] = []
    leftover: list[str] = []
    years: set[int] = set()
    for clause in _clauses(read_words(form, text)):
        years |= {word.value for word in clause if word.kind == "year" and word.value}
        words = tuple(word for word in clause if word.kind not in ("quiet", "year", "pause"))
        told = "".join(word.text for word in clause)
        if any(word.kind == "unknown" for word in words):
            claim = Claim(words, told, "unknown")
            leftover.append(_leftover(claim))
            claims.append(claim)
        elif any(word.kind in ("vague", "odd") for word in words):
            claims.append(Claim(words, told, "vague"))
        else:
            claims += [Claim(tuple(group), told) for group in _groups(words)]
    return claims, "".join(leftover), years


def _leftover(claim: Claim) -> str:
    """The unknown words of a claim; all of it where its numbers have no row either."""
    if claim.is_number_told and not claim.is_about_form:
        return claim.text
    return "".join(word.text for word in claim.words if word.kind == "unknown")


def _clauses(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words between two commas; 、 ends a clause only behind a number."""
    clause: list[Word] = []
    for word in words:
        ends = word.kind in ("break", "stop") or (
            word.kind == "pause" and any(w.kind in ("number", "odd") for w in clause)
        )
        if not ends:
            clause.append(word)
        elif clause:
            yield clause
            clause = []
    if clause:
        yield clause


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The words of a clause by the claims they make."""
    group: list[Word] = []
    for at, word in enumerate(words):
        numbered = any(w.kind == "number" for w in group)
        named = numbered or any(w.kind in _NAMES for w in group)
        following = words[at + 1].kind if at + 1 < len(words) else ""
        if word.kind == "all" and following in ("none", "number"):
            continue  # 都没有, 均为0
        negates = word.kind == "none" and numbered and any(w.kind in _HEADS for w in group)
        if (word.kind in _BOUNDARIES and named) or negates:
            yield from _pairs(group)
            group = []
        group.append(word)
    yield from _pairs(group)


def _pairs(group: list[Word]) -> Iterator[list[Word]]:
    """收到3件公开2件, 3件收到2件公开: each number with the words before it, or behind it."""
    for part in _between_numbers(group):
        numbers = [at for at, word in enumerate(part) if word.kind == "number"]
        heads = [at for at, word in enumerate(part) if word.kind in _HEADS]
        if len(numbers) < 2:
            if part:
                yield part
        elif heads and heads[0] < numbers[0] and numbers[-1] > heads[-1]:
            starts = [0, *(at + 1 for at in numbers[:-1]), len(part)]
            yield from (part[a:b] for a, b in pairwise(starts))
        elif heads and numbers[0] < heads[0] and numbers[-1] < heads[-1]:
            yield from (part[a:b] for a, b in pairwise([0, *numbers[1:], len(part)]))
        else:
            yield part  # which number belongs to which word is not clear


def _between_numbers(group: list[Word]) -> Iterator[list[Word]]:
    """收到3件2件公开: two numbers side by side belong to different words."""
    part: list[Word] = []
    for word in group:
        if part and word.kind == part[-1].kind == "number":
            yield part
            part = []
        part.append(word)
    yield part
