"""Reads a report from a web page: as agencies publish it, or as Word and WPS save it.

lxml and not a parser that repairs as browsers do: such a parser repeats every unclosed <font> in
every later paragraph, and a small page of that kind can fill the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from lxml import etree

from bot.form import Form
from bot.readers.assembly import assemble
from bot.readers.blocks import Grid, Paragraph
from bot.readers.charset import decode
from bot.readers.grids import check_size
from bot.readers.page import blocks_of
from bot.readers.reading import Reading, Unreadable

MOST_BYTES = 20 * 1024 * 1024
MOST_TAGS = 300_000
MOST_PARTS = 2_000

_ARCHIVE = re.compile(rb"\s*(?:MIME-Version|From|Content-Type|Snapshot-Content-Location):", re.I)
_TAG = re.compile(r"<(?:!doctype|html|head|body|div|p|span|font|table|t[rd]|h[1-6]|br)\b", re.I)
_ABOUT = "年度报告"
_TITLES = frozenset(("ArticleTitle", "articletitle"))
_BETWEEN = re.compile(r"[_|｜]|\s[-–—]+\s")
_EMPTY = (
    "网页里没有文字，正文可能是打开以后才装入的。请在浏览器里打开这个网页，"
    "把正文复制到 Word 里，存成 .docx 再发。"
)
_DEEP = "网页的标签套得太深，后面的内容没有读到。"
_OTHERS = (
    (b"%PDF", "这是 PDF 文件，不是网页，请按 PDF 文件发。"),
    (b"PK\x03\x04", "这是 Office 文件或者压缩包，不是网页。压缩包请解开以后再发。"),
    (
        bytes.fromhex("d0cf11e0a1b11ae1"),
        "这是旧格式（.doc、.wps、.xls、.et）的文件，不是网页，请另存为 .docx 或 .xlsx 再发。",
    ),
)


def read(content: bytes, form: Form) -> Reading:
    """The report in a page or a web archive (.mht); raises Unreadable where there is none."""
    _check(content)
    text, lost = decode(_page_of_archive(content) if _ARCHIVE.match(content) else content)
    root, whole = _parse(text)
    blocks = blocks_of(root, form)
    check_size(blocks)
    if not blocks:
        raise Unreadable(_EMPTY if whole else f"{_DEEP}请把正文复制到 Word 里，存成 .docx 再发。")
    if not any(isinstance(block, Paragraph) and _ABOUT in block.text for block in blocks):
        blocks = [*_title(root), *blocks]
    unread = []
    if lost:
        unread.append(f"有 {lost} 个字的编码坏了，认不出来，请对照原来的网页核对。")
    if not whole:
        unread.append(f"{_DEEP}请把正文复制到 Word 里，存成 .docx 再发。")
    if not any(isinstance(block, Grid) for block in blocks) and root.find(".//img") is not None:
        unread.append("网页里没有表格，只有图片；图片里的数读不出来，请直接回答或者发表格。")
    return assemble(blocks, form, unread=unread)


def _check(content: bytes) -> None:
    """Raise Unreadable for what is no page by its first bytes, or too large."""
    if not content.strip():
        raise Unreadable("文件是空的。")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请去掉图片再发。")
    for start, reply in _OTHERS:
        if content.startswith(start):
            raise Unreadable(reply)


def _parse(text: str) -> tuple[etree._Element, bool]:
    """The page's tree, and whether it is the whole page."""
    if text.count("<") > MOST_TAGS:
        raise Unreadable("网页太大，没有读。请只把年报的正文复制到 Word 里，存成 .docx 再发。")
    if not _TAG.search(text):
        raise Unreadable("这不是网页文件。文字请直接粘贴过来，或者存成 .docx 再发。")
    # Without huge_tree everything behind the 256th level is dropped in silence; with it the 2,048th
    # is the last. HTML has no entities that could grow.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.LxmlError:
        root = None
    if root is None:
        raise Unreadable("网页打不开，可能没有存完整，请重新存一次再发。")
    cut = any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)
    return root, not cut


def _title(root: etree._Element) -> Iterator[Paragraph]:
    """The title that the page's head gives, for a page that shows none."""
    names = [meta.get("content", "") for meta in root.iter("meta") if meta.get("name") in _TITLES]
    names += [title.text or "" for title in root.iter("title")]
    for name in names:
        for part in _BETWEEN.split(name):
            if _ABOUT in part and len(part) < 100:
                yield Paragraph(part.strip())
                return


def _page_of_archive(content: bytes) -> bytes:
    """The longest page in a web archive, as a browser or Word saves it."""
    if content.count(b"\n--") > MOST_PARTS:
        raise Unreadable("这个 .mht 文件太大，没有读。请把正文复制到 Word 里，存成 .docx 再发。")
    try:
        pages = [
            part
            for part in message_from_bytes(content).walk()
            if part.get_content_type() == "text/html"
        ]
        page = _content(max(pages, key=lambda part: len(_content(part)))) if pages else b""
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        page = b""
    if not page:
        raise Unreadable(
            "这个 .mht 文件里没有网页。请在浏览器里另存为“网页，仅 HTML”，"
            "或者把正文复制到 Word 里，存成 .docx 再发。"
        )
    return page


def _content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
