"""Invitations as pictures: the code is the link's, and its unit's name stands with it."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
import segno
from PIL import Image

from bot.writers.qr import draw, render_links

LINKS = [(f"青石县{name}局", f"https://t.me/qingshi_bot?start=Ab3dE{number}")
         for number, name in enumerate(("财政", "水务", "人力资源和社会保障"))]  # fmt: skip


def dark(picture: bytes, link: str) -> list[list[bool]]:
    """Which modules are dark where a picture shows the code of a link."""
    count = len(tuple(segno.make(link, error="m", micro=False).matrix))
    grey = Image.open(io.BytesIO(picture)).convert("L")
    column = grey.crop((0, 0, grey.width, grey.width)).point(lambda value: 255 * (value < 128))
    left, top, right, _ = column.getbbox() or (0, 0, 0, 0)
    step, pixels = (right - left) / count, grey.tobytes()
    return [
        [pixels[int(left + (x + 0.5) * step) + int(top + (y + 0.5) * step) * grey.width] < 128
         for x in range(count)]
        for y in range(count)
    ]  # fmt: skip


def archive_of(links: list[tuple[str, str]]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(render_links(links).content))


@pytest.mark.parametrize("name", ["", "青石县财政局", "=1+1 #let $x$ *局*"])
def test_a_picture_is_the_code_of_its_link_with_and_without_a_name(name: str) -> None:
    link = LINKS[0][1]
    wanted = segno.make(link, error="m", micro=False).matrix
    assert dark(draw(link, name), link) == [[bool(module) for module in row] for row in wanted]


def test_a_name_stands_below_its_code() -> None:
    def below(name: str) -> bytes:
        picture = Image.open(io.BytesIO(draw(LINKS[0][1], name))).convert("L")
        return picture.crop((0, picture.width * 17 // 20, picture.width, picture.height)).tobytes()

    assert min(below("财政局")) < 128
    assert below("财政局") != below("水务局")


def test_one_invitation_is_one_picture() -> None:
    file = render_links(LINKS[:1])
    assert (file.name, file.content, len(file.pictures)) == ("青石县财政局.png", b"", 1)
    assert file.pictures[0].startswith(b"\x89PNG")


def test_several_are_an_archive_with_a_picture_each_a_list_and_a_sheet() -> None:
    with archive_of(LINKS) as archive:
        assert archive.namelist() == [
            "邀请二维码.pdf", "邀请链接.txt", *(f"{n:03d} {x}.png" for n, (x, _) in enumerate(LINKS, 1)),
        ]  # fmt: skip
        listed = archive.read("邀请链接.txt").decode()
        assert listed.splitlines() == [f"{name}：{link}" for name, link in LINKS]


@pytest.mark.parametrize(("count", "pages"), [(2, 1), (12, 1), (13, 2)])
def test_the_sheet_has_twelve_names_a_page(count: int, pages: int) -> None:
    links = [(f"青石县第{n:02d}局", f"https://t.me/qingshi_bot?start=Ab{n}") for n in range(count)]
    with archive_of(links) as archive:
        document = pypdfium2.PdfDocument(archive.read("邀请二维码.pdf"))
    words = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    assert len(document) == pages
    assert [name for name, _ in links if name not in words] == []


def test_what_is_no_link_is_never_drawn() -> None:
    for links in ([("财政局", "/start Ab3")], [*LINKS, ("财政局", "/start Ab3")]):
        file = render_links(links)
        assert (file.name, file.pictures) == ("邀请链接.txt", ())
        assert "财政局：/start Ab3" in file.content.decode().splitlines()


def test_any_name_can_be_drawn() -> None:
    names = ("\ud800局\x00", "局" * 500, "\U0002a700局", '"]#read("/etc/hosts")', "两行\n局", " ")
    with archive_of([(name, "https://t.me/x?start=y") for name in names]) as archive:
        assert len(archive.namelist()) == len(names) + 2
