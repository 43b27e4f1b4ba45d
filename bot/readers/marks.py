"""Tells from a page of a PDF what is struck out, and which figures are raised or lowered.

A raised 1 becomes ¹ on the line of the figure beside it, so that neither takes it for a digit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.readers.pages import Glyph, Page, Rule
from bot.readers.raised import lowered, raised

_SMALL = 0.85  # of the figure beside it
_BESIDE = 0.35  # of its size: a gap that is none
_LONGEST = 300.0  # points; a longer line is no strike
_MOST_NEAR = 1500  # characters below one line
_MOST_BELOW = 200  # figures that end below each other
_MOST = 3000  # short lines of one page; more are a drawing


def marked(page: Page) -> Page:
    """The page without what is struck out, and with raised and lowered figures as such."""
    strikes = dict(_strikes(page))
    gone = {glyph for struck in strikes.values() for glyph in struck}
    return replace(
        page,
        glyphs=tuple(_levelled([glyph for glyph in page.glyphs if glyph not in gone])),
        rules=tuple(rule for rule in page.rules if rule not in strikes),
    )


def _strikes(page: Page) -> Iterator[tuple[Rule, list[Glyph]]]:
    """The lines through figures, with the characters that they strike: no more and no less."""
    short = [one for one in page.rules if not one.upright and one.end - one.start < _LONGEST]
    glyphs = sorted((g for g in page.glyphs if g.text.strip()), key=lambda glyph: glyph.y)
    heights = [glyph.y for glyph in glyphs]
    for rule in short if len(short) <= _MOST else ():
        first = bisect_left(heights, rule.at)
        near = glyphs[first : min(bisect_right(heights, rule.at + 40), first + _MOST_NEAR)]
        struck = [
            glyph
            for glyph in near
            if 0.1 * glyph.size < glyph.y - rule.at < 0.5 * glyph.size
            and rule.start - 1 < glyph.middle[0] < rule.end + 1
        ]
        if struck and _covers(rule, struck) and any(glyph.text.isdecimal() for glyph in struck):
            yield rule, struck


def _covers(rule: Rule, struck: Sequence[Glyph]) -> bool:
    """Whether a line is as long as the characters in it, as no border of a cell is."""
    near = 0.35 * struck[0].size
    left, right = min(g.x0 for g in struck), max(g.x1 for g in struck)
    return abs(rule.start - left) < near and abs(rule.end - right) < near


def _levelled(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The characters; a small figure beside a large one stands on its line, and is no digit."""
    ends: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.text.isdecimal() or glyph.text in "[]()":
            held = ends.setdefault(round(glyph.x1 / 4), [])
            held += [glyph] if len(held) < _MOST_BELOW else []
    for glyph in glyphs:
        beside = _beside(glyph, ends) if glyph.text.isdecimal() else None
        if beside is None:
            yield glyph
            continue
        small = raised if glyph.y < beside.y else lowered
        yield glyph._replace(text=small(glyph.text), y=beside.y, size=beside.size)


def _beside(small: Glyph, ends: dict[int, list[Glyph]]) -> Glyph | None:
    """The large figure that a small one is raised or lowered beside; others may lie between."""
    for _ in range(4):
        column = round(small.x0 / 4)
        reach = [one for at in (column - 1, column, column + 1) for one in ends.get(at, ())]
        level = None
        for one in reach:
            if one is small or abs(small.x0 - one.x1) > _BESIDE * one.size:
                continue
            if small.size < _SMALL * one.size and 0.08 < abs(one.y - small.y) / one.size < 0.8:
                return one if one.text.isdecimal() else None
            if abs(one.y - small.y) < 0.05 * one.size and abs(one.size - small.size) < 0.1:
                level = one
        if level is None:
            return None
        small = level
    return None
