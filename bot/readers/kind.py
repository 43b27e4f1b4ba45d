"""Tells a file's format by its first bytes; what cannot be read is refused in words."""

from __future__ import annotations

import io
import re
import zipfile

from bot.readers.package import check_package
from bot.readers.reading import Unreadable

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHERS = {
    b"Rar!": "这是压缩包",
    b"7z\xbc\xaf": "这是压缩包",
    b"\x1f\x8b": "这是压缩包",
    b"{\\rtf": "这是 RTF 文件",
}
_ARCHIVE = re.compile(
    rb"(?:MIME-Version:|Snapshot-Content-Location:|Content-Type: *multipart/|From: *<)",
    re.IGNORECASE,
)
_WIDE = (b"<\0", b"\0<")  # markup in UTF-16 without a mark
_MARKUP = re.compile(rb"<(!doctype|html|head|body|meta|table|div|p|span|\?xml)\b", re.IGNORECASE)
_ASK = "请发 Word（.docx）、Excel（.xlsx）、网页（.html）、文字版 PDF，或者把内容粘贴过来。"


def kind_of(name: str, content: bytes) -> str:
    """docx, xlsx, pdf, html, json or text; raises Unreadable for anything else."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if not start:
        raise Unreadable("文件是空的。")
    if content.startswith(b"PK"):
        return _package_kind(name, content)
    if start.startswith(b"%PDF") or b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_OLD_OFFICE):
        old = name.lower().endswith((".xls", ".et"))
        kind, new = ("表格", ".xlsx") if old else ("文件", ".docx")
        raise Unreadable(f"这是旧格式的{kind}，或者加了密码，读不了。请打开它，另存为 {new} 再发。")
    if content.startswith(_PICTURES) or content[4:12] in (b"ftypheic", b"ftypmif1"):
        raise Unreadable(f"这是图片，里面的字读不出来。{_ASK}")
    for mark, words in _OTHERS.items():
        if content.startswith(mark):
            raise Unreadable(f"{words}，读不了。{_ASK}")
    if start.startswith(b"{") and name.lower().endswith(".json"):
        return "json"
    if _MARKUP.search(start) or name.lower().endswith((".html", ".htm", ".mht", ".mhtml")):
        return "html"
    if _ARCHIVE.match(start) or (start.startswith(_WIDE) and _MARKUP.search(_narrow(start))):
        return "html"
    if start.startswith(b"{") and b'"sections"' in content:
        return "json"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in content[:4096]:
        raise Unreadable(f"不认识这种文件。{_ASK}")
    return "text"


def _narrow(start: bytes) -> bytes:
    """The letters of a beginning in UTF-16."""
    return start.replace(b"\0", b"")


def _package_kind(name: str, content: bytes) -> str:
    """What an Office package holds."""
    check_package(content, ".xlsx" if name.lower().endswith((".xlsx", ".xlsm", ".et")) else ".docx")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        new = ".xlsx" if name.lower().endswith((".ods", ".fods")) else ".docx"
        raise Unreadable(f"这是 OpenDocument 文件，读不了。请打开它，另存为 {new} 再发。")
    raise Unreadable(f"这个压缩文件里不是 Word 或 Excel 文件。{_ASK}")
