"""Pictures of pages: small ones for a chat, and two side by side, as PNG of 16 greys."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageOps

GROUND, EDGE = 225, 160
GREYS = 16
MARGIN = 0.055
"""What is cut off each side of a page, as a share of its width: paper without words."""


def thumbnail(page: bytes, width: int) -> tuple[bytes, float]:
    """A page so wide, with an edge; and its height by its width."""
    image = _grey(page)
    high = round(width * image.height / image.width)
    small = ImageOps.expand(
        image.resize((width - 2, high - 2), Image.Resampling.LANCZOS), border=1, fill=EDGE
    )
    return _png(small), high / width


def side_by_side(pages: Sequence[bytes], width: int, gap: int = 16) -> bytes:
    """Pages beside one another on grey, each so wide, with less of their margins."""
    images = []
    for page in pages:
        image = _grey(page)
        cut = round(image.width * MARGIN)
        image = image.crop((cut, cut, image.width - cut, image.height - cut))
        high = round(width * image.height / image.width)
        image = image.resize((width - 2, high - 2), Image.Resampling.LANCZOS)
        images.append(ImageOps.expand(image, border=1, fill=EDGE))
    wide = sum(image.width + gap for image in images) + gap
    sheet = Image.new("L", (wide, images[0].height + 2 * gap), GROUND)
    for number, image in enumerate(images):
        sheet.paste(image, (gap + number * (image.width + gap), gap))
    return _png(sheet)


def _grey(page: bytes) -> Image.Image:
    return Image.open(BytesIO(page)).convert("L")


def _png(image: Image.Image) -> bytes:
    few = image.quantize(GREYS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    made = BytesIO()
    few.save(made, "PNG", optimize=True, bits=4)
    return made.getvalue()
