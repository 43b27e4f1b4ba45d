"""A real terminal session: `nianbao chat` at a keyboard, and what stood on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Timer

from wcwidth import wcswidth, wcwidth

from docs.making.svg import BORDER, GREY, LINE, WHITE, Drawing, picture
from tests.serving import ROOT

COLUMNS, ROWS = 80, 40
CELL, NARROW, WIDE = 7.2, 12.0, 14.4
"""A column, and the sizes at which a letter fills one and a Chinese character two."""
EDGE, HEAD = 14.0, 34.0
PROMPT = "> "
PATIENCE = 60.0
LOCAL = 3
"""Where the local modes stand in what tcgetattr gives."""
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
MONO = (
    "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC',"
    " monospace"
)


def play(words: Sequence[str], lines: Sequence[str], clock: str) -> list[str]:
    """What `nianbao` with these words shows, in pieces: each begins with the line typed."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "clock").write_text(clock, encoding="utf-8")
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        known = {key: value for key, value in os.environ.items() if "NIANBAO" not in key}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.clocked", f"{folder}/clock", *words],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, start_new_session=True,
            # a dumb terminal: the line editor writes text and moves no cursor
            env={**known, "TERM": "dumb", "NIANBAO_DB": f"{folder}/a.db", "NIANBAO_OUT": folder},
        )  # fmt: skip
        os.close(theirs)
        stuck = Timer(PATIENCE, process.kill)
        stuck.start()
        try:
            shown = _read(ours)
            for line in lines:
                os.write(ours, f"{line}\r".encode())
                shown += _read(ours)
            os.write(ours, "退出\r".encode())
            process.wait()
        finally:
            stuck.cancel()
            os.close(ours)
    first, *others = shown.removesuffix(PROMPT).split(f"\n{PROMPT}")
    return [first.strip(), *(PROMPT + piece.strip() for piece in others)]


def _read(screen: int) -> str:
    """What comes until the program waits for the next line."""
    shown = b""
    while not _plain(shown).endswith("\n" + PROMPT):
        shown += os.read(screen, 65536)
    while termios.tcgetattr(screen)[LOCAL] & termios.ECHO:
        time.sleep(0.01)  # the line editor has not yet begun to read
    return _plain(shown)


def _plain(shown: bytes) -> str:
    return re.sub(r"\r+\n?", "\n", ESCAPE.sub("", shown.decode("utf-8", "replace")))


def draw(scenes: Sequence[Sequence[str]], title: str) -> str:
    """Pieces of a session as a terminal of so many columns shows them, dots between the scenes."""
    drawing = Drawing(y=HEAD + 12)
    wide = COLUMNS * CELL + 2 * EDGE
    for number, scene in enumerate(scenes):
        if number:
            drawing.dots(wide / 2)
        for piece in scene:
            for row in [part for line in piece.split("\n") for part in _rows(line)]:
                _draw_row(drawing, row)
            drawing.y += LINE / 2
    high = drawing.y + 6
    head = Drawing()
    head.box(0.5, 0.5, wide - 1, high - 1, f'fill="{WHITE}" stroke="{BORDER}"', 8)
    head.elements.append(f'<path d="M0 {HEAD:g}H{wide:g}" stroke="{BORDER}"/>')
    head.text(EDGE, HEAD / 2, title, f'fill="{GREY}"')
    elements = [
        *head.elements,
        f'<g font-family="{MONO}" font-size="{WIDE:g}">',
        *drawing.elements,
        "</g>",
    ]
    said = "\n".join(piece for scene in scenes for piece in scene)
    return picture(wide, high, title, said, elements)


def _rows(line: str) -> list[str]:
    """A line as rows of the screen."""
    rows = [""]
    for character in line:
        if wcswidth(rows[-1]) + max(0, wcwidth(character)) > COLUMNS:
            rows.append("")
        rows[-1] += character
    return rows


def _draw_row(drawing: Drawing, row: str) -> None:
    """A row of the screen; wide and narrow stretches each at their column."""
    typed = row.startswith(PROMPT)
    for match in re.finditer(r"[ -~]+|[^ -~]+", row):
        if match[0].strip():
            blank = len(match[0]) - len(match[0].lstrip(" "))
            x = EDGE + (wcswidth(row[: match.start()]) + blank) * CELL
            room = wcswidth(match[0].strip(" ")) * CELL
            look = f'textLength="{room:g}" lengthAdjust="spacing"'
            look += f' font-size="{NARROW:g}"' if match[0].isascii() else ""
            look += ' font-weight="600"' if typed else ""
            drawing.text(x, drawing.y + LINE / 2, match[0].strip(" "), look)
    drawing.y += LINE if row else LINE / 2
