"""Whether the numbers before headings and points follow one another.

Pure. A run may begin anew, and one run may stand inside another; only a number that is skipped or
stands twice in a run is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.checks.finding import Dossier, Finding
from bot.checks.prose.headings import CHINESE_NUMBERS, inner_headings, number_of, section_of
from bot.checks.texts import texts

_AT_LINES = {
    "、": re.compile(rf"([{CHINESE_NUMBERS}]{{1,3}})、"),
    "（）": re.compile(rf"[（(]([{CHINESE_NUMBERS}]{{1,3}})[)）]"),
    "1.": re.compile(r"(\d{1,2})[.．、](?!\d)"),
    "(1)": re.compile(r"[（(](\d{1,2})[)）]"),
}
_POINT = re.compile(rf"([{CHINESE_NUMBERS}]{{1,3}})是")
_BEFORE_POINT = re.compile(r"(?:^|[。；;：:，,\n])[ \t　]*$")
_SHOWN = {"、": "{}、", "（）": "（{}）", "是": "{}是", "1.": "{}.", "(1)": "（{}）"}
_EARLY = re.compile(r"[^\n。；;]{0,60}")


class Slip(NamedTuple):
    """One number out of its run: what stood before it, what stands, and in which line."""

    before: str
    stands: str
    line: str


def check_numbering(dossier: Dossier) -> Iterator[Finding]:
    """STR-08: numbers follow one another, in the texts and in the headings of a file read."""
    for key, text in texts(dossier):
        found = slips(text)
        headings = {_early(line) for line, _ in inner_headings(dossier.form, text)} if found else ()
        yield from (_finding((key,), slip) for slip in found if slip.line not in headings)
    numbers = [number_of(heading) for heading in dossier.headings]
    numbered = [(_value(n), at) for at, n in enumerate(numbers) if n]
    for before, at in _out_of_run(numbered, strict=False):
        meant = section_of(dossier.form, dossier.headings[at])
        if meant and number_of(meant.label) == numbers[at]:
            continue  # its own number: STR-01 says which heading before it is missing or misplaced
        yield _finding((), Slip(_show("、", before), f"{numbers[at]}、", dossier.headings[at]))


def _finding(cells: tuple[str, ...], slip: Slip) -> Finding:
    facts: dict[str, object] = {"before": slip.before, "stands": slip.stands}
    return Finding("STR-08", "explain", cells=cells, sentence=slip.line.strip(), facts=facts)


@lru_cache(maxsize=512)
def slips(text: str) -> tuple[Slip, ...]:
    """The numbers of a text that do not follow those before them, level by level."""
    lines = [line.strip() for line in text.splitlines()]
    found: list[Slip] = []
    for level, pattern in _AT_LINES.items():
        marks = [(m.group(1), m.string) for line in lines if (m := pattern.match(line))]
        found += _slips(level, marks)
    points = [(m.group(1), text[m.start() : m.start() + 60]) for m in _points(text)]
    return (*found, *_slips("是", points))


def _points(text: str) -> Iterator[re.Match[str]]:
    """The points 一是, 二是 at the beginning of a clause."""
    for found in _POINT.finditer(text):
        if _BEFORE_POINT.search(text[max(0, found.start() - 4) : found.start()]):
            yield found


def _slips(level: str, marks: list[tuple[str, str]]) -> Iterator[Slip]:
    """The slips among the numbers of one level and what follows each."""
    values = [(_value(number), at) for at, (number, _) in enumerate(marks)]
    for before, at in _out_of_run(values, strict=level == "、"):
        number, line = marks[at]
        yield Slip(_show(level, before), _SHOWN[level].format(number), _early(line))


def _early(line: str) -> str:
    """The first words of a line."""
    found = _EARLY.match(line)
    return found.group() if found else ""


def _out_of_run(numbers: list[tuple[int, int]], strict: bool) -> Iterator[tuple[int, int]]:
    """The numbers that neither go on nor begin a run, with the number that stood before.

    A run that does not begin with 1 is taken as it is, unless `strict`.
    """
    runs: list[int] = []
    for number, at in numbers:
        while len(runs) > 1 and runs[-1] + 1 != number != 1 and number - 1 in runs[:-1]:
            runs.pop()
        if runs and runs[-1] + 1 == number:
            runs[-1] = number
        elif number == 1:
            runs = [*runs[-4:], 1]
        else:
            if runs or strict:
                yield (runs[-1] if runs else 0), at
            runs = [*runs[:-1], number]


def _value(number: str) -> int:
    """A number of one or two places as an integer: 十二 is 12."""
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    ones_value = CHINESE_NUMBERS.find(ones[:1]) + 1 if ones else 0
    return (_value(tens) if tens else 1) * 10 + ones_value if ten else ones_value


def _show(level: str, value: int) -> str:
    """A number as its level writes it, empty for none."""
    if not value:
        return ""
    chinese = level in ("、", "（）", "是") and value <= 10
    return _SHOWN[level].format(CHINESE_NUMBERS[value - 1] if chinese else value)
