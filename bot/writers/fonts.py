"""The fonts of PDFs and page pictures: an office's own first, then Noto, never the system's.

A font file is known by its family's name: one that says 仿宋 is for the text, 小标宋 for the title,
黑体 and 楷体 for the headings, 宋体 for tables. Any other is behind Noto, for rare characters.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from bot.writers.proof import DocumentError

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
FILES = {".ttf", ".otf", ".ttc", ".otc"}

_NAMES = {  # in this order: a name of 仿宋 also holds 宋
    "title": re.compile(r"小标宋|大标宋|中宋|xiao ?biao ?song|da ?biao ?song|zhong ?song"),
    "body": re.compile(r"仿宋|fang ?song|^fzfs"),
    "kai": re.compile(r"楷|kai"),
    "hei": re.compile(r"黑|hei"),
    "song": re.compile(r"宋|song|simsun"),
}
_REGULAR = 400
_SFNT = 12  # bytes before a font's table of contents
_MOST_GROUPS = 70_000  # of a character map; more is no font


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The fonts loaded: for each role of text its families in order, and what they can print.

    The roles are title, body, kai, hei and song; `stand_ins` are those without a font of their own.
    """

    fonts: typst.Fonts
    families: Mapping[str, tuple[str, ...]]
    stand_ins: frozenset[str]
    characters: frozenset[int]

    def missing(self, text: str) -> str:
        """The visible characters of `text` that no font has, each once."""
        return "".join(
            sign
            for sign in dict.fromkeys(text)
            if ord(sign) not in self.characters and not is_invisible(sign) and not sign.isspace()
        )


def is_invisible(sign: str) -> bool:
    """Whether a character has no picture: a format character or a variation selector."""
    code = ord(sign)
    selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return selector or unicodedata.category(sign) == "Cf"


@lru_cache(maxsize=4)
def typefaces(folder: Path | None = None) -> Typefaces:
    """The fonts of an office's `folder` and Noto, loaded once; may be used by several threads.

    Raises DocumentError where the folder has no font that can be used.
    """
    own = _load([folder]) if folder else ()
    if folder and not own:
        raise DocumentError(
            "字体用不了", [f"文件夹“{folder.name}”里没有能用的字体文件（.ttf、.otf、.ttc）。"]
        )
    noto = _load(sorted({serif_path().parent, sans_path().parent}))
    paths = [*([folder] if folder else []), *{serif_path().parent, sans_path().parent}]
    return Typefaces(
        fonts=_collection(paths),
        families={role: _chain(role, own) for role in _NAMES},
        stand_ins=frozenset(role for role in _NAMES if not _named(role, own)),
        characters=frozenset().union(*(_characters(info) for info in (*own, *noto))),
    )


def _collection(folders: Iterable[Path]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )


def _load(folders: Iterable[Path]) -> tuple[typst.FontInfo, ...]:
    """The upright fonts in some folders, of each family the one nearest to regular weight."""
    families: dict[str, typst.FontInfo] = {}
    for info in _collection(folders).fonts():
        best = families.get(info.family)
        if info.style == "normal" and (best is None or _heaviness(info) < _heaviness(best)):
            families[info.family] = info
    return tuple(families[name] for name in sorted(families))


def _heaviness(info: typst.FontInfo) -> int:
    return abs(info.weight - _REGULAR)


# ── which family for which text ─────────────────────────────────────────────────────────────


def role_of(family: str) -> str:
    """What a family is for by its name, or ''."""
    name = family.lower()
    return next((role for role, pattern in _NAMES.items() if pattern.search(name)), "")


def _named(role: str, own: Iterable[typst.FontInfo]) -> list[str]:
    return [info.family for info in own if role_of(info.family) == role]


def _chain(role: str, own: Iterable[typst.FontInfo]) -> tuple[str, ...]:
    """The families for a role: the office's for it, then Noto, then whatever else there is."""
    noto = [SANS, SERIF] if role == "hei" else [SERIF, SANS]
    rest = [info.family for info in own]
    return tuple(dict.fromkeys([*_named(role, own), *noto, *rest]))


# ── what a font can print ───────────────────────────────────────────────────────────────────


def _characters(info: typst.FontInfo) -> frozenset[int]:
    """The code points for which a font has a glyph; DocumentError where its file is damaged."""
    path = Path(info.path or "")
    try:
        return frozenset(_mapped(path.read_bytes(), info.index))
    except (OSError, struct.error, IndexError) as error:
        raise DocumentError("字体用不了", [f"字体文件“{path.name}”读不出来。"]) from error


def _mapped(data: bytes, index: int) -> Iterator[int]:
    """The code points in the Unicode character maps of font number `index` of a file."""
    start = 0
    if data[:4] == b"ttcf":
        (start,) = struct.unpack_from(">I", data, _SFNT + 4 * index)
    (count,) = struct.unpack_from(">H", data, start + 4)
    for at in range(start + _SFNT, start + _SFNT + 16 * count, 16):
        tag, _, place, _ = struct.unpack_from(">4sIII", data, at)
        if tag == b"cmap":
            yield from _in_cmap(data, place)


def _in_cmap(data: bytes, start: int) -> Iterator[int]:
    """The code points of a `cmap` table: of its subtables those of format 4 and 12 for Unicode."""
    (count,) = struct.unpack_from(">H", data, start + 2)
    for at in range(start + 4, start + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            yield from {4: _segments, 12: _groups}.get(kind, _nothing)(data, start + offset)


def _nothing(data: bytes, start: int) -> Iterator[int]:
    """No code points: a subtable of a kind that has none of its own."""
    return iter(())


def _groups(data: bytes, start: int) -> Iterator[int]:
    """Format 12: groups of first code point, last code point and glyph."""
    (count,) = struct.unpack_from(">I", data, start + 12)
    for at in range(start + 16, start + 16 + 12 * min(count, _MOST_GROUPS), 12):
        first, last, glyph = struct.unpack_from(">III", data, at)
        yield from range(first if glyph else first + 1, min(last, 0x10FFFF) + 1)


def _segments(data: bytes, start: int) -> Iterator[int]:
    """Format 4: segments, each with a shift or with a list of its glyphs."""
    (twice,) = struct.unpack_from(">H", data, start + 6)
    lasts = start + 14
    firsts, shifts, lists = (lasts + 2 + twice * part for part in (1, 2, 3))
    for at in range(0, twice, 2):
        first, last, shift, offset = (
            struct.unpack_from(">H", data, base + at)[0] for base in (firsts, lasts, shifts, lists)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = lists + at + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, place)
            if (glyph and offset) or (not offset and (glyph + shift) & 0xFFFF):
                yield code
