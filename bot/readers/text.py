"""Reads a report from plain text: a .txt file, or what somebody pasted into the chat.

A line with tabs, with wide gaps or with `|` between its words is a row of a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.form import Form
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.readers.charset import decode
from bot.readers.headings import section_heading
from bot.readers.loose import is_row
from bot.readers.reading import Reading, Unreadable

MOST_BYTES = 5_000_000
MOST_LINES = 5_000
MOST_SECTIONS = 4
MOST_CELLS = 32  # cells of a line; more is no table of a report

_RADICALS = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_RULE = re.compile(r"[\s|:：+\-—=─━┄┈┌┐└┘├┤┬┴┼│]*[-—=─━]{2,}[\s|:：+\-—=─━┄┈┌┐└┘├┤┬┴┼│]*")
_MARKDOWN = re.compile(r"^ {0,3}#{1,6}[ \t]+", re.MULTILINE)
_BARS = re.compile(r"[|｜│┃]")
_NEW = re.compile(
    r"[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十][是、]|20\d\d年\d{1,2}月\d{1,2}日$"
)
_NARROW, _RAGGED, _LEAST_CUT = 36, 5, 4  # columns, columns, lines
_GAP = re.compile(r"\s{2,}")


def read(content: bytes, form: Form) -> Reading:
    """The report in a text file; raises Unreadable where it is no text or holds no report."""
    if not content.strip():
        raise Unreadable("文件是空的。")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1_000_000} MB，不像一份报告的文字，没有读。")
    text, lost = decode(content)
    if len(_CONTROL.findall(text)) * 50 > len(text) or lost * 50 > len(text):
        raise Unreadable(
            "这不是文字文件，或者文字编码不认识；请另存为 UTF-8 的文本，或者发 Word 文件。"
        )
    said = [f"有 {lost} 个字的编码坏了，认不出来，请对照原来的文字核对。"] if lost else []
    return read_text(text, form, unread=said)


def read_text(text: str, form: Form, *, unread: Iterable[str] = ()) -> Reading:
    """The report in a text; raises Unreadable where it holds none."""
    if text.count("\n") > MOST_LINES:
        raise Unreadable("文字的行数太多，不像一份报告，没有读。")
    return assemble(_blocks(mend(text), form), form, unread=unread)


def is_whole(text: str, form: Form) -> bool:
    """Whether a pasted text is a whole report: most of the sections' headings stand in it."""
    found = (section_heading(line, form) for line in mend(text).splitlines() if len(line) < 60)
    return len({heading.key for heading in found if heading}) >= MOST_SECTIONS


def mend(text: str) -> str:
    """A text with plain characters for the radicals that copies from PDFs have in their place.

    The marks of Markdown go where a heading has them.
    """
    if _MARKDOWN.search(text):
        text = _MARKDOWN.sub("", text).replace("**", "")
    return _RADICALS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


def _blocks(text: str, form: Form) -> Iterator[Block]:
    """Paragraphs and tables; rows that follow each other are one table."""
    rows: list[list[str]] = []
    for line in _unwrapped(text.splitlines(), form):
        if _RULE.fullmatch(line):
            continue
        if cells := _cells(line, form):
            rows.append(cells)
        elif line.strip() or not rows:
            yield from _table(rows)
            rows = []
            yield Paragraph(line.strip().removesuffix("|").strip())
    yield from _table(rows)


def _unwrapped(lines: list[str], form: Form) -> Iterator[str]:
    """The lines, those joined that a copy from a PDF cut at the width of its page."""
    after = [*lines[1:], ""] if lines else []
    open_ends = [
        _goes_on(line, following, form) for line, following in zip(lines, after, strict=True)
    ]
    candidates = zip(lines, open_ends, strict=True)
    width = _wrapped_at([_width(line) for line, is_open in candidates if is_open])
    begun = ""
    for line, is_open in zip(lines, open_ends, strict=True):
        begun += line.strip() if begun else line
        if not (is_open and width and abs(_width(line) - width) <= _RAGGED):
            yield begun
            begun = ""


def _wrapped_at(widths: list[int]) -> int:
    """The width at which most of these lines were cut; 0 where they are of any width."""
    near = {width: sum(abs(other - width) <= _RAGGED for other in widths) for width in set(widths)}
    best = max(near, key=lambda width: (near[width], width), default=0)
    return best if near.get(best, 0) >= _LEAST_CUT else 0


def _goes_on(line: str, following: str, form: Form) -> bool:
    """Whether a line of prose has no end of its own and the next one begins nothing new."""
    if _width(line) < _NARROW or line.rstrip()[-1:] in "。！？；：|" or "\t" in line or "|" in line:
        return False
    return bool(following.strip()) and not _begins(following, form) and not is_row(line, form)


def _width(line: str) -> int:
    """The width of a line in columns: a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip())


def _begins(line: str, form: Form) -> bool:
    """Whether a line begins something new: a heading, a row, an indent."""
    if line.startswith(("\u3000", "  ", "\t", "|")) or is_row(line, form):
        return True
    return bool(section_heading(line.strip(), form) or _NEW.match(line.strip()))


def _cells(line: str, form: Form) -> list[str]:
    """The cells of a line that is a row, else []; only tabs and bars can set empty cells apart."""
    if "\t" in line:
        cells = [cell.strip() for cell in line.split("\t")]
    elif len(_BARS.findall(line)) > 1 or ("|" in line and is_row(_BARS.sub(" ", line), form)):
        cells = [cell.strip() for cell in _BARS.split(line.strip())]
        cells = cells[not cells[0] : len(cells) - (not cells[-1])]
    else:
        cells = [cell for cell in _GAP.split(line.strip()) if cell]
        if len(cells) > 1 and not is_row(line, form):
            return []
    is_table = len(cells) > 1 and sum(map(bool, cells)) > 0
    return cells[:MOST_CELLS] if is_table and not _is_prose(cells) else []


def _is_prose(cells: list[str]) -> bool:
    """Whether a line only has tabs for its indent: one long cell and nothing else."""
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and (len(filled[0]) > 60 or filled[0][-1] in "。；：")


def _table(rows: list[list[str]]) -> Iterator[Grid]:
    if rows:
        yield Grid(
            [
                [Cell(text, number, column) for column, text in enumerate(row)]
                for number, row in enumerate(rows)
            ]
        )
