"""Decides in which character set a Chinese file was written, whatever the file says of itself.

A page that calls itself gb2312 uses characters of GBK or GB18030 as often as not, and pages moved
to another server keep a declaration that is no longer true; the bytes themselves are better proof.
"""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # markup in UTF-16 without a mark
_LOST = "\ufffd"


def decode(content: bytes) -> tuple[str, int]:
    """The text of `content`, and how many characters of it could not be read.

    What could not be read stands in the text as U+FFFD, so that no figure closes over a gap.
    """
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return _counted(content[len(mark) :].decode(charset, "replace"))
    for start, charset in _BARE:
        if content.startswith(start):
            return _counted(content.decode(charset, "replace"))
    text, lost = _counted(content.decode("utf-8", "replace"))
    # Chinese in GBK breaks UTF-8 at nearly every character, a torn UTF-8 file only here and there.
    if lost and 20 * lost >= sum(character > "\x7f" for character in text):
        return _counted(content.decode("gb18030", "replace"))
    return text, lost


def _counted(text: str) -> tuple[str, int]:
    return text, text.count(_LOST)
