"""Links of invitations as pictures to be scanned."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import segno

from bot.messages import File
from bot.writers.naming import safe_name

_SCALE = 8  # pixels a module: a link's picture is about 300 pixels wide
_BORDER = 4


def draw(link: str) -> bytes:
    """A link as a PNG."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="png", scale=_SCALE, border=_BORDER)
    return drawn.getvalue()


def render_links(links: Sequence[tuple[str, str]]) -> File:
    """One link as a picture, several as an archive with a list of them all."""
    if len(links) == 1:
        name, link = links[0]
        return File(f"{safe_name(name)}.png", b"", (draw(link),))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        listed = "".join(f"{name}：{link}\r\n" for name, link in links)
        archive.writestr("邀请链接.txt", listed)
        for number, (name, link) in enumerate(links, 1):
            archive.writestr(f"{number:03d} {safe_name(name, 150)}.png", draw(link))
    return File("邀请二维码.zip", packed.getvalue())
