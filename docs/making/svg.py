"""What the pictures share: colours, fonts, wrapped Chinese text, boxes and lines as SVG."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from wcwidth import wcwidth

SIZE = 14.0
LINE = 21.0
UNIT = SIZE / 2  # a Chinese character is two units wide
FONTS = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB',"
    " 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
PAPER, BORDER, INK, GREY = "#e9eef3", "#c3cdd7", "#1c2733", "#5d6b79"
WHITE, CLERK, CLERK_LINE, LINKS, PRESSED = "#ffffff", "#d7f3d0", "#a9d3a0", "#1f5f9e", "#cfe3f7"
NOT_FIRST = "，。、；：？！）》〉」』”’…—,.;:?!)"
NOT_LAST = "（《〈「『“‘("


def columns(text: str) -> int:
    """The columns of running text; curly quotes and dashes are wide beside Chinese."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, units: int) -> list[str]:
    """Lines of at most `units` columns; a closing mark hangs over rather than begin a line."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in re.findall(r"[!-~]+|.", paragraph):
            if line and columns(line + piece) > units and piece[0] not in NOT_FIRST:
                carried = line[-1] if line[-1] in NOT_LAST else ""
                lines.append(line.removesuffix(carried).rstrip())
                line = carried + piece.lstrip()
            else:
                line += piece
        lines.append(line)
    return lines


def wrap_evenly(text: str, units: int) -> list[str]:
    """As few lines as fit, of about the same length, broken behind a mark where one is."""
    lines = wrap(text, units)
    tries = [wrap(text, units - less) for less in range(2, units // 2, 2)]
    even = [tried for tried in tries if len(tried) == len(lines)] or [lines]
    marked = (tried for tried in even if all(line[-1] in "，；。" for line in tried[:-1]))
    return next(marked, even[-1])


def clean(text: str) -> str:
    """The text without characters that take no room and that XML may not hold."""
    return "".join(c for c in text if c == "\n" or wcwidth(c) > 0)


@dataclass(slots=True)
class Drawing:
    """SVG elements from the top down; `y` is where the next one goes."""

    y: float = 0.0
    elements: list[str] = field(default_factory=list)

    def box(self, x: float, y: float, wide: float, high: float, style: str, round_: float) -> None:
        """A rounded box."""
        self.elements.append(
            f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{round_:g}"'
            f" {style}/>"
        )

    def text(self, x: float, y: float, words: str, style: str = "") -> None:
        """One line of text; `y` is the middle of the line."""
        if words.strip():
            self.elements.append(
                f'<text x="{x:g}" y="{y + SIZE * 0.36:g}"{" " + style if style else ""}>'
                f"{escape(words)}</text>"
            )

    def dots(self, middle: float) -> None:
        """Three dots where the picture leaves something out."""
        for step in (-14, 0, 14):
            self.elements.append(
                f'<circle cx="{middle + step:g}" cy="{self.y + 3:g}" r="2.2" fill="{GREY}"/>'
            )
        self.y += 21


def picture(wide: float, high: float, title: str, said: str, elements: list[str]) -> str:
    """A whole SVG, with what is said in it for those who cannot see it."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}"'
            f' width="{wide:g}" height="{high:g}" role="img" font-family="{FONTS}"'
            f' font-size="{SIZE:g}" fill="{INK}">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(clean(said))}</desc>",
            *elements,
            "</svg>",
            "",
        )
    )
