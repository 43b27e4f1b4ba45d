"""Refuses an Office file (a zip) by what it is and by its size, before anything opens it."""

from __future__ import annotations

import io
import zipfile

from bot.readers.reading import Unreadable

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2000
SMALL = 10 * 1024 * 1024  # an honest small file may pack very well
MOST_TIMES = 200

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD_NAMES = {".docx": ".doc、.wps", ".xlsx": ".xls、.et"}


def check_package(content: bytes, wanted: str = ".docx") -> None:
    """Raise Unreadable unless `content` is a zip of a sane size; `wanted` is what to save it as."""
    if not content:
        raise Unreadable("文件是空的。")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请去掉图片再发。")
    if content.startswith(_OLD_OFFICE):
        old = _OLD_NAMES[wanted]
        raise Unreadable(f"这是旧格式（{old}）或者加了密码的文件，请另存为 {wanted} 再发。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise Unreadable("文件打不开，可能没有传完整，请重新发一次。") from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise Unreadable("文件展开以后太大，不能打开。")
    if unpacked > SMALL and unpacked > MOST_TIMES * len(content):
        raise Unreadable("文件的压缩比不正常，不能打开。")
