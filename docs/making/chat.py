"""A stretch of a chat as a phone shows it, drawn from the messages of the Telegram double."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wcwidth import wcswidth

from docs.making.pages import thumbnail
from docs.making.svg import (
    BORDER,
    CLERK,
    CLERK_LINE,
    GREY,
    LINE,
    LINKS,
    PAPER,
    PRESSED,
    SIZE,
    UNIT,
    WHITE,
    Drawing,
    columns,
    picture,
    wrap,
    wrap_evenly,
)
from tests.botapi.chats import Message

WIDTH = 412.0
PAD, EDGE, BUTTON = 11.0, 12.0, 31.0
UNITS = 50
WIDE = UNITS * UNIT + 2 * PAD + 6
SMALL_BUTTON = 12.5


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the picture; of a long one only so many lines, or all but its tables."""

    message: Message
    pressed: str = ""
    most: int = 0
    tables: bool = True


Scene = Sequence[Shown]


def draw(scenes: Sequence[Scene], about: str, who: str) -> str:
    """The scenes one under the other, dots between them."""
    drawing = Drawing(y=62.0)
    said = []
    for number, scene in enumerate(scenes):
        if number:
            drawing.dots(WIDTH / 2)
        for album in _albums(scene):
            first = album[0]
            if first.message.from_bot:
                _draw_bot(drawing, album)
                said.append(f"年报助手：{_words(first.message)}")
            else:
                _draw_person(drawing, _words(first.message))
                said.append(f"{who}：{_words(first.message)}")
            if first.pressed:
                said.append(f"{who}点了：{first.pressed}")
    high = drawing.y + 4
    head = Drawing()
    head.box(0.5, 0.5, WIDTH - 1, high - 1, f'fill="{PAPER}" stroke="{BORDER}"', 14)
    head.elements.append(
        f'<path d="M0.5 48V14.5a14 14 0 0 1 14-14H{WIDTH - 14.5:g}a14 14 0 0 1 14 14V48z"'
        f' fill="{WHITE}" stroke="{BORDER}"/>'
    )
    head.text(EDGE + 4, 18, "年报助手", 'font-weight="600"')
    head.text(EDGE + 4, 36, about, f'fill="{GREY}" font-size="12"')
    title = f"年报助手与{who}的一段对话：{about}"
    return picture(WIDTH, high, title, "\n".join(said), [*head.elements, *drawing.elements])


def _albums(scene: Scene) -> Iterator[list[Shown]]:
    """The messages, those of an album together."""
    album: list[Shown] = []
    for shown in scene:
        group = shown.message.extra.get("media_group_id")
        if album and (not group or album[0].message.extra.get("media_group_id") != group):
            yield album
            album = []
        album.append(shown)
    if album:
        yield album


def _words(message: Message) -> str:
    """What a phone shows of a message's text: of links no secret, of /start nothing more."""
    words = re.sub(r"\?start=[\w-]+", "?start=…", message.text)
    return re.sub(r"^/start .*", "/start", words)


def _parts(message: Message) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each is a table; places are told in units of UTF-16."""
    raw, at = message.text.encode("utf-16-le"), 0
    for entity in message.entities:
        if entity["type"] == "pre":
            start = 2 * entity["offset"]
            end = start + 2 * entity["length"]
            yield raw[at:start].decode("utf-16-le").strip("\n"), False
            yield raw[start:end].decode("utf-16-le"), True
            at = end
    yield raw[at:].decode("utf-16-le").strip("\n"), False


def _lines(shown: Shown) -> list[tuple[str, bool]]:
    """The lines of a bubble, and whether each belongs to a table."""
    if not any(e["type"] == "pre" for e in shown.message.entities):
        made = [(line, False) for line in wrap(_words(shown.message), UNITS)]
    else:
        made = []
        for text, table in _parts(shown.message):
            if not text or (table and not shown.tables):
                continue
            made += [("", False)] if made else []
            made += [(line, table) for line in (text.split("\n") if table else wrap(text, UNITS))]
    if shown.most and len(made) > shown.most:
        made = [*made[: shown.most], ("……", False)]
    return made


def _draw_bot(drawing: Drawing, album: Sequence[Shown]) -> None:
    """What the assistant says, with its pages or file above and its buttons under it."""
    shown = album[0]
    message = shown.message
    lines = _lines(shown) if message.text else []
    top = drawing.y
    above = 0.0
    if message.kind == "photo":
        above = _draw_pages(drawing, top + PAD, [one.message for one in album]) + 4
    elif message.file:
        above = 34.0
    high = sum(LINE if line else LINE / 2 for line, _ in lines) + 2 * PAD - 4 + above
    box = Drawing()
    box.box(EDGE, top, WIDE, high, f'fill="{WHITE}" stroke="{BORDER}"', 12)
    pages = len(album) if message.kind == "photo" else 0
    drawing.elements.insert(len(drawing.elements) - pages, box.elements[0])
    y = top + PAD - 2
    if message.file and message.kind != "photo":
        _draw_file(drawing, EDGE + PAD, y, message.file.name)
    y += above
    for line, is_table in lines:
        step = LINE if line else LINE / 2
        if is_table:
            _draw_row(drawing, EDGE + PAD, y + step / 2, line)
        else:
            drawing.text(EDGE + PAD, y + step / 2, line)
        y += step
    drawing.y = top + high + 5
    for row in message.keyboard:
        _draw_buttons(drawing, [button["text"] for button in row], shown.pressed)
    drawing.y += 8


def _draw_row(drawing: Drawing, x: float, y: float, line: str) -> None:
    """A line of a table, word by word at its column: fonts differ in width, columns do not."""
    for match in re.finditer(r"[^\s　]+", line):
        start = wcswidth(line[: match.start()])
        number = re.fullmatch(r"[\d./%+-]+", match[0])
        if number:
            end = x + (start + wcswidth(match[0])) * UNIT
            drawing.text(end, y, match[0], 'text-anchor="end"')
        else:
            drawing.text(x + start * UNIT, y, match[0])


def _draw_pages(drawing: Drawing, y: float, pages: Sequence[Message]) -> float:
    """The pictures of the pages, side by side; their height."""
    wide = (WIDE - 2 * PAD - 6 * (len(pages) - 1)) / len(pages)
    wide = min(wide, 96.0)
    high = 0.0
    for number, page in enumerate(pages):
        assert page.file
        content, ratio = thumbnail(page.file.data, round(wide * 2))
        high = wide * ratio
        code = base64.b64encode(content).decode()
        drawing.elements.append(
            f'<image x="{EDGE + PAD + number * (wide + 6):g}" y="{y:g}" width="{wide:g}"'
            f' height="{high:g}" href="data:image/png;base64,{code}"/>'
        )
    return high


def _draw_file(drawing: Drawing, x: float, y: float, name: str) -> None:
    """A file: a sheet with a folded corner, and its name."""
    drawing.elements.append(
        f'<path d="M{x:g} {y + 3:g}h13l6 6v18h-19z M{x + 13:g} {y + 3:g}v6h6" fill="none"'
        f' stroke="{LINKS}" stroke-width="1.4"/>'
    )
    shown = name
    while columns(shown) > UNITS - 5:
        stem, dot, ending = shown.rpartition(".")
        shown = stem.rstrip("…")[:-1] + "…" + dot + ending
    drawing.text(x + 28, y + 15, shown, f'fill="{LINKS}"')


def _draw_buttons(drawing: Drawing, row: Sequence[str], pressed: str) -> None:
    """A row of outlined boxes; the one that was pressed has a thick outline."""
    gap = 5.0
    each = (WIDE - gap * (len(row) - 1)) / len(row)
    lines = [wrap_evenly(words, int((each - 8) / UNIT * SIZE / SMALL_BUTTON)) for words in row]
    high = max(map(len, lines)) * (LINE - 3) + BUTTON - LINE + 3
    for number, (words, wrapped) in enumerate(zip(row, lines, strict=True)):
        x = EDGE + number * (each + gap)
        style = f'fill="{PAPER}" stroke="{LINKS}"'
        if words == pressed:
            style = f'fill="{PRESSED}" stroke="{LINKS}" stroke-width="2.5"'
        drawing.box(x, drawing.y, each, high, style, 8)
        for at, line in enumerate(wrapped):
            middle = drawing.y + high / 2 + (at - (len(wrapped) - 1) / 2) * (LINE - 3)
            look = f'fill="{LINKS}" text-anchor="middle" font-size="{SMALL_BUTTON:g}"'
            drawing.text(x + each / 2, middle, line, look)
    drawing.y += high + gap


def _draw_person(drawing: Drawing, text: str) -> None:
    """What the person says, on the right."""
    lines = wrap(text, UNITS - 10)
    wide = max(map(columns, lines)) * UNIT + 2 * PAD + 4
    high = len(lines) * LINE + 2 * PAD - 6
    x = WIDTH - EDGE - wide
    drawing.box(x, drawing.y, wide, high, f'fill="{CLERK}" stroke="{CLERK_LINE}"', 12)
    for number, line in enumerate(lines):
        drawing.text(x + PAD + 2, drawing.y + PAD - 3 + (number + 0.5) * LINE, line)
    drawing.y += high + 13
