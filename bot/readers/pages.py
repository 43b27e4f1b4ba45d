"""What stands on the pages of a PDF, and where: characters, ruled lines, pictures.

Lengths are points from the upper left corner of the page as it is read: a page whose text runs
sideways is turned until it runs upright.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

MOST_CHARACTERS = 60_000  # on one page
MOST_OBJECTS = 100_000
MOST_SEGMENTS = 60_000
_DEPTH = 4  # of forms within forms
_THIN = 3.0  # a filled shape not thicker than this is a line
_SHORT = 4.0  # a line not longer than this is a dot or a letter's part

# Radicals that stand for the character itself and that Unicode does not fold, or to an old form.
_RADICALS = str.maketrans(
    "⺁⺇⺌⺒⺓⺝⺠⺬⺶⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⼾⾭",
    "厂几小巳幺月民示羊虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙户青",
)

Point = tuple[float, float]
Turn = Callable[[float, float], Point]


class TooMuch(Exception):
    """A page with more on it than any report has."""


class Glyph(NamedTuple):
    """One character: from `x0` to `x1`, standing on the baseline `y`, `size` high."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def middle(self) -> Point:
        """A point inside the character."""
        return (self.x0 + self.x1) / 2, self.y - 0.3 * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across (`upright` False: at height `at`) or down; from `start` to `end`."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `pictures` are the boxes of images; `guessed` is text a scanner laid under one."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[tuple[float, float, float, float], ...]
    guessed: bool


def read_page(page: pypdfium2.PdfPage) -> Page:
    """Everything on `page`; raises TooMuch."""
    raw, quarters = _upright(list(_characters(page)))
    width, height = page.get_size()
    if (quarters - page.get_rotation() // 90) % 2:
        width, height = height, width
    turn = _turning(page.get_bbox(), quarters)
    drawn = _drawn(page, turn)
    return Page(
        width=width,
        height=height,
        glyphs=tuple(_glyph(one, turn) for one in raw),
        rules=tuple(drawn.rules),
        pictures=tuple(drawn.pictures),
        guessed=drawn.hidden > drawn.shown,
    )


def plain(character: str) -> str:
    """A radical or compatibility ideograph as the character that it stands for."""
    if "⺀" <= character <= "⿟" or "豈" <= character <= "﫿":
        return unicodedata.normalize("NFKC", character.translate(_RADICALS))
    return character


# ── characters ──────────────────────────────────────────────────────────────────────────────


class _Character(NamedTuple):
    """A character as pdfium gives it: box and origin from the lower left, angle clockwise."""

    code: int
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    angle: float


def _characters(page: pypdfium2.PdfPage) -> Iterator[_Character]:
    """The characters that stand on the page itself; pdfium's own spaces and breaks are left out."""
    text = page.get_textpage()
    try:
        total = text.count_chars()
        if total > MOST_CHARACTERS:
            raise TooMuch
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        for at in range(total):
            code = pdfium.FPDFText_GetUnicode(text, at)
            if code <= 0x20 and pdfium.FPDFText_IsGenerated(text, at) == 1:
                continue
            pdfium.FPDFText_GetLooseCharBox(text, at, box)
            pdfium.FPDFText_GetCharOrigin(text, at, x, y)
            angle = pdfium.FPDFText_GetCharAngle(text, at)
            sides = (box.left, box.bottom, box.right, box.top)
            if math.isfinite(sum(sides) + x.value + y.value + angle):
                yield _Character(code, *sides, x.value, y.value, angle)
    finally:
        text.close()


def _upright(characters: list[_Character]) -> tuple[list[_Character], int]:
    """The characters that run the way most do, and the quarters to turn the page clockwise.

    What runs askew is a watermark or a stamp.
    """
    quarters = [round(one.angle / (math.pi / 2)) % 4 for one in characters]
    most = Counter(quarters).most_common(1)
    quarter = most[0][0] if most else 0
    along = [
        one
        for one, its in zip(characters, quarters, strict=True)
        if its == quarter and abs(math.sin(2 * one.angle)) < 0.1
    ]
    return along, -quarter % 4


def _turning(bounds: tuple[float, float, float, float], quarters: int) -> Turn:
    """From pdfium's coordinates to the upper left corner of the page turned by `quarters`."""
    left, bottom, right, top = bounds
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[quarters]


def _glyph(one: _Character, turn: Turn) -> Glyph:
    """The character at its place."""
    (xa, ya), (xb, yb) = turn(one.left, one.bottom), turn(one.right, one.top)
    size = abs(ya - yb) or abs(xa - xb) or 1.0
    return Glyph(_letter(one.code), min(xa, xb), max(xa, xb), turn(one.x, one.y)[1], size)


@cache
def _letter(code: int) -> str:
    """The character for a code; what the file does not name is U+FFFD, so no figure is made up."""
    if code in (0x02, 0xAD, 0xFFFE):  # how pdfium and fonts give a hyphen at a line's end
        return "-"
    if code in (0x09, 0xA0) or 0x2000 <= code <= 0x200A:
        return " "
    if code in (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF):
        return ""
    if code < 0x20 or code > 0x10FFFF or 0xD800 <= code <= 0xF8FF:
        return "\ufffd"
    return plain(chr(code))


# ── lines and pictures ──────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Drawn:
    """Collects what is drawn on a page."""

    rules: list[Rule]
    pictures: list[tuple[float, float, float, float]]
    objects: int = 0
    segments: int = 0
    hidden: int = 0
    shown: int = 0


def _drawn(page: pypdfium2.PdfPage, turn: Turn) -> _Drawn:
    """The ruled lines and the pictures of a page, also those within forms."""
    drawn = _Drawn([], [])
    total = pdfium.FPDFPage_CountObjects(page)
    for at in range(total):
        _draw(drawn, pdfium.FPDFPage_GetObject(page, at), turn, 0)
    return drawn


def _draw(drawn: _Drawn, one: Any, turn: Turn, depth: int) -> None:
    """Add one object of a page to what is drawn."""
    drawn.objects += 1
    if drawn.objects > MOST_OBJECTS:
        raise TooMuch
    kind = pdfium.FPDFPageObj_GetType(one)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        _draw_path(drawn, one, _through(one, turn))
    elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
        if pdfium.FPDFTextObj_GetTextRenderMode(one) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            drawn.hidden += 1
        else:
            drawn.shown += 1
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        corners = [_through(one, turn)(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        drawn.pictures.append(_box(corners))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
        inner = _through(one, turn)
        for at in range(pdfium.FPDFFormObj_CountObjects(one)):
            _draw(drawn, pdfium.FPDFFormObj_GetObject(one, at), inner, depth + 1)


def _through(one: Any, turn: Turn) -> Turn:
    """`turn` behind the object's own matrix."""
    own = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(one, own):
        return turn
    a, b, c, d, e, f = own.a, own.b, own.c, own.d, own.e, own.f
    return lambda x, y: turn(a * x + c * y + e, b * x + d * y + f)


def _draw_path(drawn: _Drawn, path: Any, turn: Turn) -> None:
    """Add the straight lines of a path: stroked ones, and filled shapes thin enough to be one."""
    filling, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, filling, stroked)
    for outline in _outlines(drawn, path, turn):
        if stroked.value:
            drawn.rules += [
                rule for one, other in pairwise(outline)
                for rule in _lines((one, other), 0.5)
            ]  # fmt: skip
        elif filling.value:
            drawn.rules += _lines(outline, _THIN)


def _outlines(drawn: _Drawn, path: Any, turn: Turn) -> Iterator[list[Point]]:
    """The outlines of a path, closed where it says so."""
    outline: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    total = pdfium.FPDFPath_CountSegments(path)
    drawn.segments += total
    if drawn.segments > MOST_SEGMENTS:
        raise TooMuch
    for at in range(total):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and outline:
            yield outline
            outline = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        outline.append(turn(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            outline.append(outline[0])
    if outline:
        yield outline


def _lines(points: list[Point] | tuple[Point, Point], thick: float) -> Iterator[Rule]:
    """The line that a shape makes, where it is straight and no thicker than `thick`."""
    left, top, right, bottom = _box(points)
    if bottom - top <= thick and right - left > max(_SHORT, bottom - top):
        yield Rule(False, (top + bottom) / 2, left, right)
    elif right - left <= thick and bottom - top > max(_SHORT, right - left):
        yield Rule(True, (left + right) / 2, top, bottom)


def _box(points: list[Point] | tuple[Point, Point]) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of some points."""
    return (
        min(x for x, _ in points), min(y for _, y in points),
        max(x for x, _ in points), max(y for _, y in points),
    )  # fmt: skip
