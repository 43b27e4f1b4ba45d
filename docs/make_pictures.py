"""Makes the pictures of the README from a real interview: `python docs/make_pictures.py`.

A made-up bureau's interview and its office's review are played through the assistant on a store of
its own; nothing in the pictures is written by hand. `chat.svg` and `office.svg` need nothing else.
`report.png` shows pages of the .docx that the interview ended in and needs LibreOffice and
pdftoppm; without them it is left alone.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from xml.sax.saxutils import escape

from wcwidth import wcswidth, wcwidth

from bot.assistant import Assistant
from bot.catalogue import load_form, load_guides
from bot.messages import File, Incoming, Outgoing
from bot.store import Store
from bot.wording import Wording

PICTURES = Path(__file__).resolve().parent / "pictures"
AGENCY, YEAR = "云溪县文化和旅游局", 2025
NOW = datetime(2026, 1, 12, 9, 0, tzinfo=timezone(timedelta(hours=8)))

# What the clerk does; [words] presses the button that begins so. The third line of intake has a 0
# too many, which the register's totals bring to light.
INTERVIEW = """
有
没有
没有
[有]
没有
0 0 0
1 0 3
12 2
自然人 商业企业
9 1
30 0
1 2 11
7 2
1 0
1 0
1 1
[把]
[确认]
[用这段]
[用这段]
260 220 40 3
[用这段]
[用这段]
1 2
[用这段]
1 2
[用这段]
2 36 0
[用这段]
1 4
[用这段]
[没有收取，也没有其他事项]
[生成报告]
"""
SHOWN = ("[有]", "1 1", "[把]")
"""The picture shows these deeds, each with the question before it and the answer to the last."""


# ── the interview ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the picture; `pressed` is the button that was pressed."""

    message: Outgoing | None = None
    text: str = ""
    file: str = ""
    pressed: str = ""


@dataclass(slots=True)
class Chat:
    """A clerk's chat: what was said on both sides, in order, and the files that came."""

    assistant: Assistant
    address: str = "picture:1"
    sender: str = ""
    bubbles: list[Bubble] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    count: int = 0

    def enrol(self) -> None:
        """Take a seat and read the welcome."""
        if not self.assistant.enrol(self.incoming("/start"), AGENCY, YEAR):
            raise RuntimeError(f"no seat for {AGENCY}")
        self.listen()

    def act(self, deed: str) -> None:
        """Say something, or press a button of the last message that had any."""
        self.marks[deed] = len(self.bubbles)
        if deed.startswith("["):
            self.assistant.receive(self.press(deed[1:-1]))
        else:
            self.bubbles.append(Bubble(text=deed))
            self.assistant.receive(self.incoming(deed))
        self.listen()

    def press(self, words: str) -> Incoming:
        """The press of a button; the picture remembers which one it was."""
        at, message = next(
            (at, bubble.message)
            for at, bubble in reversed(list(enumerate(self.bubbles)))
            if bubble.message and bubble.message.buttons
        )
        buttons = [button for row in message.buttons for button in row]
        button = next((b for b in buttons if b.text.startswith(words)), None)
        if button is None:
            raise RuntimeError(f"no button {words}: {[b.text for b in buttons]}\n{message.text}")
        self.bubbles[at] = replace(self.bubbles[at], pressed=button.text)
        return replace(self.incoming(""), press=button.press)

    def incoming(self, text: str) -> Incoming:
        """The clerk's next message."""
        self.count += 1
        key = f"{self.address}:{self.count}"
        return Incoming(key, self.address, text=text, sender=self.sender)

    def listen(self) -> None:
        """Read what waits in the outbox, and take files."""
        for message in self.assistant.store.unsent("picture"):
            if message.address != self.address:
                continue
            name = ""
            if message.document is not None:
                work = self.assistant.begin_document(message.document)
                made = work if isinstance(work, File) else work()
                self.assistant.finish_document(message.document, made)
                self.files.append(made)
                name = made.name
            self.bubbles.append(Bubble(message, file=name))
            self.assistant.store.mark_sent([(message.id, "", "")], NOW)


def play() -> Chat:
    """The whole interview, from the welcome to the finished file."""
    form = load_form()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store(Path(folder) / "picture.db", form)) as store,
    ):
        assistant = Assistant(store, form, load_guides(form), Wording(form), lambda: NOW)
        chat = Chat(assistant)
        chat.enrol()
        for deed in INTERVIEW.split("\n")[1:-1]:
            chat.act(deed)
    return chat


COUNTY = ("云溪县人民政府", "云溪县人民政府办公室", AGENCY, "云溪县水务局", "云溪县财政局")
REVIEW = "审核 文化和旅游局"
COMMENT = "予以公开 自然人：与登记簿不符，请核对"


def play_office() -> Chat:
    """An office's side: a roster, a clerk who hands in, a comment that goes back."""
    form = load_form()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store(Path(folder) / "picture.db", form)) as store,
    ):
        assistant = Assistant(store, form, load_guides(form), Wording(form), lambda: NOW)
        office = Chat(assistant, "picture:office", "办公室")
        for deed in (assistant.claim(), "名册", "\n".join(COUNTY), "[对，存入]"):
            office.act(deed)
        for unit, name in zip((AGENCY, "云溪县水务局"), ("王丽", "赵敏"), strict=True):
            office.act(f"邀请 {unit}")
            link = next(
                line for bubble in reversed(office.bubbles) if bubble.message
                for line in bubble.message.text.splitlines() if line.startswith("/start ")
            )  # fmt: skip
            clerk = Chat(assistant, f"picture:{name}", name)
            clerk.act(link)
            if unit == AGENCY:
                for deed in (*INTERVIEW.split("\n")[1:-2], "提交"):
                    clerk.act(deed)
        for deed in ("看板", REVIEW, COMMENT, "[退回]"):
            office.act(deed)
    return office


def excerpt_office(chat: Chat) -> list[list[Bubble]]:
    """The scenes of the office's picture: the board, then the review and its comment."""
    board, review = chat.marks["看板"], chat.marks[REVIEW]
    files = [bubble for bubble in chat.bubbles[review:] if bubble.file]
    rest = [bubble for bubble in chat.bubbles[review:] if bubble not in files]
    return [chat.bubbles[board:review], [rest[0], *files, *rest[1:]]]


def excerpt(chat: Chat) -> list[list[Bubble]]:
    """The scenes of the picture: what was asked, and what the clerk did; the file ends it."""
    scenes: list[list[Bubble]] = []
    shown: set[int] = set()
    for deed in SHOWN:
        at = chat.marks[deed]
        here = [n for n in (at - 1, at) if n < len(chat.bubbles) and n not in shown]
        if deed.startswith("["):
            here = [n for n in here if n < at]
        follows = bool(shown) and bool(here) and here[0] - 1 in shown
        if follows or not here:
            scenes[-1] += [chat.bubbles[n] for n in here]
        else:
            scenes.append([chat.bubbles[n] for n in here])
        shown.update(here)
    scenes.append([bubble for bubble in chat.bubbles if bubble.file])
    return scenes


# ── the chat as SVG ─────────────────────────────────────────────────────────────────────────

WIDTH = 464
SIZE = 14.0
LINE = 21.0
UNIT = SIZE / 2  # a Chinese character is two units wide
PAD = 11.0
EDGE = 14.0
BOT_UNITS = 56
BUTTON = 31.0
FONTS = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB',"
    " 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
PAPER, BORDER, INK, GREY = "#e9eef3", "#c3cdd7", "#1c2733", "#5d6b79"
BOT, CLERK, LINKS, PRESSED = "#ffffff", "#d7f3d0", "#1f5f9e", "#cfe3f7"
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

    def row(self, x: float, y: float, line: str) -> None:
        """A line of a table, word by word at its column: fonts differ in width, columns do not."""
        for match in re.finditer(r"\S+", line):
            start = wcswidth(line[: match.start()])
            if match.start() == 0:
                self.text(x, y, match[0])
            else:
                end = x + (start + wcswidth(match[0])) * UNIT
                self.text(end, y, match[0], 'text-anchor="end"')


def lines_of(message: Outgoing) -> Iterator[tuple[str, bool]]:
    """The lines of a message and whether each belongs to a table."""
    for number, part in enumerate(message.parts):
        if number:
            yield "", False
        for line in part.text.split("\n") if part.table else wrap(part.text, BOT_UNITS):
            yield line, part.table


def draw_bot(drawing: Drawing, bubble: Bubble) -> None:
    """What the assistant says, with its buttons under it."""
    assert bubble.message is not None
    lines = list(lines_of(bubble.message))
    wide = (BOT_UNITS + 1) * UNIT + 2 * PAD
    top = drawing.y
    file_high = 34.0 if bubble.file else 0.0
    high = sum(LINE if line else LINE / 2 for line, _ in lines) + 2 * PAD - 4 + file_high
    drawing.box(EDGE, top, wide, high, f'fill="{BOT}" stroke="{BORDER}"', 12)
    y = top + PAD - 2
    if bubble.file:
        draw_file(drawing, EDGE + PAD, y, bubble.file)
        y += file_high
    for line, is_table in lines:
        step = LINE if line else LINE / 2
        if is_table:
            drawing.row(EDGE + PAD, y + step / 2, line)
        else:
            drawing.text(EDGE + PAD, y + step / 2, line)
        y += step
    drawing.y = top + high + 5
    for row in bubble.message.buttons:
        draw_buttons(drawing, [button.text for button in row], wide, bubble.pressed)
    drawing.y += 8


def draw_file(drawing: Drawing, x: float, y: float, name: str) -> None:
    """The finished file: a sheet with a folded corner, and its name."""
    drawing.elements.append(
        f'<path d="M{x:g} {y + 3:g}h13l6 6v18h-19z M{x + 13:g} {y + 3:g}v6h6" fill="none"'
        f' stroke="{LINKS}" stroke-width="1.4"/>'
    )
    room = BOT_UNITS - 5
    shown = name
    while columns(shown) > room:
        stem, dot, ending = shown.rpartition(".")
        shown = stem.rstrip("…")[:-1] + "…" + dot + ending
    drawing.text(x + 28, y + 15, shown, f'fill="{LINKS}"')


def wrap_evenly(text: str, units: int) -> list[str]:
    """As few lines as fit, of about the same length, broken behind a mark where one is."""
    lines = wrap(text, units)
    tries = [wrap(text, units - less) for less in range(2, units // 2, 2)]
    even = [tried for tried in tries if len(tried) == len(lines)] or [lines]
    marked = (tried for tried in even if all(line[-1] in "，；。" for line in tried[:-1]))
    return next(marked, even[-1])


def draw_buttons(drawing: Drawing, row: Sequence[str], wide: float, pressed: str) -> None:
    """A row of outlined boxes; the one that was pressed has a thick outline."""
    gap = 5.0
    each = (wide - gap * (len(row) - 1)) / len(row)
    lines = [wrap_evenly(words, int((each - 14) / UNIT)) for words in row]
    high = max(map(len, lines)) * (LINE - 3) + BUTTON - LINE + 3
    for number, (words, wrapped) in enumerate(zip(row, lines, strict=True)):
        x = EDGE + number * (each + gap)
        style = f'fill="{PAPER}" stroke="{LINKS}"'
        if words == pressed:
            style = f'fill="{PRESSED}" stroke="{LINKS}" stroke-width="2.5"'
        drawing.box(x, drawing.y, each, high, style, 8)
        for at, line in enumerate(wrapped):
            middle = drawing.y + high / 2 + (at - (len(wrapped) - 1) / 2) * (LINE - 3)
            drawing.text(x + each / 2, middle, line, f'fill="{LINKS}" text-anchor="middle"')
    drawing.y += high + gap


def draw_clerk(drawing: Drawing, text: str) -> None:
    """What the clerk says, on the right."""
    lines = wrap(text, BOT_UNITS - 12)
    wide = max(map(columns, lines)) * UNIT + 2 * PAD + 4
    high = len(lines) * LINE + 2 * PAD - 6
    x = WIDTH - EDGE - wide
    drawing.box(x, drawing.y, wide, high, f'fill="{CLERK}" stroke="#a9d3a0"', 12)
    for number, line in enumerate(lines):
        drawing.text(x + PAD + 2, drawing.y + PAD - 3 + (number + 0.5) * LINE, line)
    drawing.y += high + 13


def draw_gap(drawing: Drawing) -> None:
    """Three dots where the picture leaves part of the interview out."""
    for step in (-14, 0, 14):
        drawing.elements.append(
            f'<circle cx="{WIDTH / 2 + step:g}" cy="{drawing.y + 3:g}" r="2.2" fill="{GREY}"/>'
        )
    drawing.y += 21


def draw_chat(
    scenes: Sequence[Sequence[Bubble]],
    who: str = "填报人",
    about: str = f"{AGENCY} · {YEAR} 年度报告",
) -> str:
    """The picture as SVG, with what is said as its description for those who cannot see it."""
    drawing = Drawing(y=62.0)
    said = []
    for number, scene in enumerate(scenes):
        if number:
            draw_gap(drawing)
        for bubble in scene:
            if bubble.message is None:
                draw_clerk(drawing, bubble.text)
                said.append(f"{who}：{bubble.text}")
            else:
                draw_bot(drawing, bubble)
                said.append(f"年报助手：{bubble.message.text}")
                if bubble.pressed:
                    said.append(f"{who}点了：{bubble.pressed}")
    high = drawing.y + 6
    head = Drawing()
    head.box(0.5, 0.5, WIDTH - 1, high - 1, f'fill="{PAPER}" stroke="{BORDER}"', 14)
    head.elements.append(
        f'<path d="M0.5 48V14.5a14 14 0 0 1 14-14H{WIDTH - 14.5:g}a14 14 0 0 1 14 14V48z"'
        f' fill="{BOT}" stroke="{BORDER}"/>'
    )
    head.text(EDGE + 4, 18, "年报助手", 'font-weight="600"')
    head.text(EDGE + 4, 36, about, f'fill="{GREY}" font-size="12"')
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high:g}"'
            f' width="{WIDTH}" height="{high:g}" role="img" font-family="{FONTS}"'
            f' font-size="{SIZE:g}" fill="{INK}">',
            f"<title>年报助手：{about}的一段问答</title>",
            f"<desc>{escape(clean(chr(10).join(said)))}</desc>",
            *head.elements,
            *drawing.elements,
            "</svg>",
            "",
        )
    )


def clean(text: str) -> str:
    """The text without characters that take no room and that XML may not hold."""
    return "".join(c for c in text if c == "\n" or wcwidth(c) > 0)


# ── the report as PNG ───────────────────────────────────────────────────────────────────────

FACES = {
    "方正小标宋简体": ("Noto Serif CJK SC", "bold"),
    "方正小标宋_GBK": ("Noto Serif CJK SC", "bold"),
    "仿宋_GB2312": ("Noto Serif CJK SC", ""),
    "仿宋": ("Noto Serif CJK SC", ""),
    "宋体": ("Noto Serif CJK SC", ""),
    "SimSun": ("Noto Serif CJK SC", ""),
    "楷体_GB2312": ("Noto Serif CJK SC", ""),
    "楷体": ("Noto Serif CJK SC", ""),
    "黑体": ("Noto Sans CJK SC", ""),
    "SimHei": ("Noto Sans CJK SC", ""),
}
"""Faces that offices have and most servers have not, and what stands in for them here."""

RESOLUTION = 96
TABLE_THREE = "本年新收政府信息公开申请数量"
GREYS = 16


class CannotMake(Exception):
    """The pages cannot be pictured on this machine; the message says why."""


def picture_report(content: bytes) -> bytes:
    """Page one and the page of table three, side by side, as PNG."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office or not shutil.which("pdftoppm") or not shutil.which("pdftotext"):
        raise CannotMake("LibreOffice or pdftoppm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fonts = home / ".config" / "fontconfig" / "fonts.conf"
        fonts.parent.mkdir(parents=True)
        fonts.write_text(fonts_conf(), encoding="utf-8")
        (home / "report.docx").write_bytes(content)
        settings = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": str(home / ".config")}
        run([office, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless",
             "--convert-to", "pdf", "--outdir", folder, str(home / "report.docx")],
            settings)  # fmt: skip
        pdf = home / "report.pdf"
        if not pdf.exists():
            raise CannotMake("LibreOffice made no PDF")
        text = run(["pdftotext", "-layout", str(pdf), "-"], settings).decode()
        pages = [n for n, page in enumerate(text.split("\f"), 1) if TABLE_THREE in squeeze(page)]
        if not pages:
            raise CannotMake("table three is not in the PDF")
        return join_pages([read_page(pdf, page, settings) for page in (1, pages[0])])


def run(command: Sequence[str], environ: dict[str, str]) -> bytes:
    """A program's output; CannotMake where it fails."""
    try:
        done = subprocess.run(command, env=environ, capture_output=True, check=True, timeout=180)
    except (subprocess.SubprocessError, OSError) as error:
        raise CannotMake(f"{Path(command[0]).name}: {error}") from None
    return done.stdout


def fonts_conf() -> str:
    """Fontconfig's file that puts installed faces in the place of the official ones."""
    aliases = []
    for face, (stand_in, weight) in FACES.items():
        edit = (
            f'<edit name="family" mode="assign" binding="strong"><string>{stand_in}</string></edit>'
        )
        if weight:
            edit += f'<edit name="weight" mode="assign"><const>{weight}</const></edit>'
        aliases.append(
            f'<match><test name="family" qual="any"><string>{face}</string></test>{edit}</match>'
        )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"{''.join(aliases)}</fontconfig>"
    )


def squeeze(text: str) -> str:
    """The text without white space: a cell's label may stand on several lines."""
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class Page:
    """A page in greys, one byte a dot."""

    width: int
    height: int
    dots: bytes


def read_page(pdf: Path, number: int, environ: dict[str, str]) -> Page:
    """One page as pdftoppm draws it (a binary PGM)."""
    raw = run(["pdftoppm", "-gray", "-r", str(RESOLUTION), "-f", str(number), "-l", str(number),
               str(pdf)], environ)  # fmt: skip
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", raw)
    if head is None:
        raise CannotMake("pdftoppm made no page")
    return Page(int(head[1]), int(head[2]), raw[head.end() :])


def join_pages(pages: Sequence[Page]) -> bytes:
    """Pages side by side on grey, as a PNG of 16 greys."""
    gap, ground, line = 18, 225, 160
    height = max(page.height for page in pages) + 2 * gap
    width = sum(page.width + gap for page in pages) + gap
    rows = [bytearray([ground]) * width for _ in range(height)]
    left = gap
    for page in pages:
        for y in range(page.height):
            dots = page.dots[y * page.width : (y + 1) * page.width]
            rows[gap + y][left : left + page.width] = dots
            rows[gap + y][left] = rows[gap + y][left + page.width - 1] = line
        for y in (gap, gap + page.height - 1):
            rows[y][left : left + page.width] = bytes([line]) * page.width
        left += page.width + gap
    return png(width, rows)


def png(width: int, rows: Sequence[bytes | bytearray]) -> bytes:
    """A PNG with 4 bits a dot."""
    packed = bytearray()
    for row in rows:
        packed.append(0)
        even = bytes(row) + (b"\xff" if width % 2 else b"")
        packed += bytes(
            (even[at] * (GREYS - 1) + 127) // 255 << 4 | (even[at + 1] * (GREYS - 1) + 127) // 255
            for at in range(0, len(even), 2)
        )
    head = struct.pack(">IIBBBBB", width, len(rows), 4, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(packed), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def main(folder: Path = PICTURES) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    chat = play()
    (folder / "chat.svg").write_text(draw_chat(excerpt(chat)), encoding="utf-8")
    scenes = excerpt_office(play_office())
    office = draw_chat(scenes, "管理员", f"云溪县政务公开办 · {YEAR} 年度")
    (folder / "office.svg").write_text(office, encoding="utf-8")
    sys.stdout.write(f"{folder.name}/chat.svg\n{folder.name}/office.svg\n")
    try:
        (folder / "report.png").write_bytes(picture_report(chat.files[-1].content))
    except CannotMake as reason:
        sys.stdout.write(f"{folder.name}/report.png is left as it was: {reason}\n")
    else:
        sys.stdout.write(f"{folder.name}/report.png\n")


if __name__ == "__main__":
    main()
