"""Links of invitations as pictures to be scanned: each above its unit's name, and all on a sheet.

A link that no browser opens is never drawn: it is what to type while the bot's name is not known.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
import typst

from bot.messages import File
from bot.writers.fonts import typefaces
from bot.writers.naming import safe_name
from bot.writers.proof import unprintable

_SCALE = 8  # pixels a module: a link's picture is about 300 pixels wide
_BORDER = 4
_DENSITY = 200.0  # pixels an inch of a picture with a name
_MOST_NAME = 60  # characters of a name; more leaves no room for the codes beside it

# Everything printed comes as data: nothing that people typed is ever code.
_HEAD = """
#let data = json(bytes(sys.inputs.data))
#set document(title: "邀请二维码", date: none)
#set text(font: data.faces, size: 11pt, lang: "zh", region: "cn", hyphenate: false)
#let card(one, size) = block(breakable: false, width: 100%, align(center, {
  image(bytes(one.code), format: "svg", width: size, alt: one.name)
  v(-2mm)
  one.name
}))
"""
_CARDS = """
#set page(width: 62mm, height: auto, margin: 4mm)
#data.links.map(one => card(one, 50mm)).join(pagebreak())
"""
_SHEET = """
#set page("a4", margin: (x: 12mm, top: 14mm, bottom: 16mm), numbering: "1 / 1")
#text(size: 16pt, weight: "bold")[邀请二维码]
#h(1em) 每个单位一个，只能用一次。沿虚线剪开，分发给各单位的填报人。
#grid(
  columns: (1fr,) * 3,
  inset: 4mm,
  stroke: (paint: gray, thickness: .6pt, dash: "dashed"),
  ..data.links.map(one => card(one, 48mm)),
)
"""


def draw(link: str, name: str = "") -> bytes:
    """A link as a PNG, above a name where there is one."""
    if name:
        return _typeset(_CARDS, [(name, link)], format="png", ppi=_DENSITY)[0]
    drawn = io.BytesIO()
    _code(link).save(drawn, kind="png", scale=_SCALE, border=_BORDER)
    return drawn.getvalue()


def render_links(links: Sequence[tuple[str, str]], fonts: Path | None = None) -> File:
    """One link as a picture; several as an archive of pictures, a sheet to print and a list.

    The list alone where what is to be sent is no link. `fonts` is an office's own folder of fonts.
    """
    listed = "".join(f"{_clean(name)}：{_clean(link)}\r\n" for name, link in links)
    if not all(link.startswith("https://") for _, link in links):
        return File("邀请链接.txt", listed.encode("utf-8"))
    pictures = _typeset(_CARDS, links, fonts, format="png", ppi=_DENSITY)
    if len(links) == 1:
        return File(f"{safe_name(links[0][0])}.png", b"", pictures)
    (sheet,) = _typeset(_SHEET, links, fonts, format="pdf")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("邀请二维码.pdf", sheet)
        archive.writestr("邀请链接.txt", listed)
        for number, ((name, _), picture) in enumerate(zip(links, pictures, strict=True), 1):
            archive.writestr(f"{number:03d} {safe_name(name, 150)}.png", picture)
    return File("邀请二维码.zip", packed.getvalue())


def _typeset(
    body: str, links: Sequence[tuple[str, str]], fonts: Path | None = None, **output: Any
) -> tuple[bytes, ...]:
    """A picture for each page, or one PDF, in the words of `typst.Compiler.compile`."""
    faces = typefaces(fonts)
    data = {
        "faces": faces.families["hei"],
        "links": [{"name": _short(name), "code": _vectors(link)} for name, link in links],
    }
    made = typst.Compiler(
        (_HEAD + body).encode("utf-8"),
        font_paths=faces.fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    ).compile(**output)
    return tuple(made) if isinstance(made, list) else (made or b"",)


def _code(link: str) -> segno.QRCode:
    return segno.make(link, error="m", micro=False)


def _vectors(link: str) -> str:
    """A link's code as SVG: sharp at any size."""
    drawn = io.BytesIO()
    _code(link).save(drawn, kind="svg", border=_BORDER)
    return drawn.getvalue().decode("utf-8")


def _short(name: str) -> str:
    shown = " ".join(_clean(name).split())
    return shown if len(shown) <= _MOST_NAME else shown[: _MOST_NAME - 1] + "…"


def _clean(text: str) -> str:
    """Text that any file can hold."""
    return text.translate(dict.fromkeys(map(ord, unprintable(text)), "\ufffd"))
