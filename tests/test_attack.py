"""Attacks: words that would be markup or formulas elsewhere, files made to harm, secrets in logs.

Who may do what stands in test_rights.py, the webhook without its secret in test_webhook.py.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from bot.assistant import Assistant
from bot.catalogue import load_form
from bot.channels.telegram import serve
from bot.channels.telegram_in import read_update
from bot.channels.telegram_text import pieces
from bot.command import main
from bot.intake import read_apart
from bot.messages import File
from bot.readers.package import MOST_UNPACKED
from bot.readers.reading import Unreadable
from bot.report import Report
from bot.writers import WRITERS, write
from bot.writers.naming import safe_name
from bot.writers.qr import render_links
from tests.botapi.double import BotApi
from tests.botapi.entities import parse_html
from tests.clerk import Clerk
from tests.foreign import as_docx
from tests.fuzzing import updates
from tests.officer import Officer
from tests.parts import with_parts
from tests.rights import World, build
from tests.serving import Server
from tests.tables import STYLES, figures_of, report_of, requests_table
from tests.test_telegram import QUICK

FORM = load_form()
NAMES = (
    "=1+1青石县财政局", "@SUM(A1)青石县水务局", "../../青石县商务局", "青石县&amp;教育局", "**青石县**统计局_x_",
    "[青石县林业局](javascript:x)", "青石县%s%n民政局", "+86青石县公安局", "-青石县司法局", "C:\\x\\青石县审计局",
    "青石县'; DROP TABLE units;--局",
)  # fmt: skip
"""Full names of units that are names here and would be something else elsewhere."""
SLY = "青石县<b>粗</b>&amp;<script>alert(1)</script>{{ 7*7 }}{% raw %}=1+1 @SUM(A1) ../../x"


def sound_report() -> Report:
    """A report as it should be."""
    return report_of(figures_of(requests_table(3, STYLES["small"])))


def texts_of(content: bytes) -> str:
    """Every part of an Office file, as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())


def formulas(content: bytes) -> list[str]:
    """The formulas of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def cells_of(content: bytes) -> set[object]:
    """Everything that stands in the first sheet of a workbook."""
    (first, *_) = openpyxl.load_workbook(io.BytesIO(content))
    return {value for row in first.values for value in row}


def hrefs(content: bytes) -> str:
    """The hyperlinks of a workbook, in words."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return str([link.target for sheet in book for link in sheet._hyperlinks])


def assert_harmless(file: File, *sly: str) -> None:
    """Nothing that was typed became a tag, a formula, a link or a template's result."""
    if file.name.endswith(".html"):
        page = lxml_html.fromstring(file.content)
        assert not page.xpath("//script | //b | //img | //iframe | //@onerror")
        assert not page.xpath("//@href[starts-with(., 'javascript')]")
    if file.name.endswith(".xlsx"):
        assert not [f for f in formulas(file.content) if any(s in f for s in ("1+1", "A1)青"))]
        assert "javascript" not in hrefs(file.content)
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\u202a-\u202e]|^\.', file.name), file.name


@pytest.fixture(scope="module")
def sly_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An office whose contact of the water bureau is called SLY and hands in sly words."""
    world = build(tmp_path_factory.mktemp("sly") / "nianbao.db")
    world.store.db.execute("UPDATE people SET name = ?", [SLY])
    yield world
    world.store.close()


# ── words ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", WRITERS)
def test_what_a_clerk_writes_stays_words_in_every_format(kind: str) -> None:
    topics = tuple(replace(topic, text=f"{SLY}。") for topic in sound_report().topics)
    said = f"{SLY}。"
    sly = with_parts(sound_report(), topics=topics, intro=said, problems=said, other=said)
    file = write(kind, sly, FORM)
    assert_harmless(file)
    if kind == "docx":
        held = texts_of(file.content)
        assert "{{ 7*7 }}" in held
        assert "<script>" not in held
        assert "&lt;script&gt;" in held


def test_the_offices_files_hold_hostile_names_as_names(assistant: Assistant) -> None:
    boss = Officer(assistant, "boss").appoint()
    for name in NAMES:
        assistant.store.open_draft(name, 2022, assistant.clock())
    boss.say("看板文件").say("看板")
    boss.say("邀请").press("发链接") if boss.button("发链接") else boss.say("邀请 全部")
    for file in boss.files:
        assert_harmless(file)
    books = [file for file in boss.files if file.name.endswith(".xlsx")]
    assert books
    assert all(set(NAMES) <= cells_of(book.content) for book in books)


def test_a_roster_with_hostile_names_is_shown_as_it_was_typed(assistant: Assistant) -> None:
    boss = Officer(assistant, "boss").appoint()
    boss.say("名册").say("\n".join(NAMES))
    for row in boss.heard:
        for part, made in zip(row.parts, pieces(row.parts), strict=False):
            text, marks = parse_html(made)
            assert text.split("\n")[0].strip() in part.text
            assert {mark["type"] for mark in marks} <= {"pre"}


def test_a_persons_name_is_words_wherever_it_is_shown(sly_office: World) -> None:
    boss = sly_office.people["admin"]
    for said in ("管理员", "看板", "青石县水务局", "历史 青石县水务局", "审核 青石县水务局"):
        boss.say(said)
        for made in pieces(boss.heard[-1].parts):
            _, marks = parse_html(made)
            assert {mark["type"] for mark in marks} <= {"pre"}
    assert "<b>粗</b>" in "\n".join(row.text for row in boss.heard)


def test_the_trace_of_a_report_is_no_markup(sly_office: World) -> None:
    draft = sly_office.draft("青石县水务局")
    store, assistant = sly_office.store, sly_office.assistant
    store.db.execute(
        "INSERT INTO documents (draft_id, format, report, created_at) VALUES (?, 'trace.html', '{}', '')",
        [draft],
    )
    number = store.db.execute("SELECT max(id) FROM documents").fetchone()[0]
    work = assistant.begin_document(number)
    assert not isinstance(work, File)
    file = work()
    assert_harmless(file)
    assert SLY in "".join(map(str, lxml_html.fromstring(file.content).itertext()))


def test_no_entry_of_an_archive_leaves_its_folder(assistant: Assistant) -> None:
    drafts = [assistant.store.open_draft(name, 2022, assistant.clock()) for name in NAMES]
    packed = assistant.archive(2022, drafts, "html", 0)()
    links = render_links([(name, "https://t.me/x?start=y") for name in NAMES])
    for file in (packed, links):
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            names = archive.namelist()
        assert len(set(names)) == len(names) >= len(NAMES)
        assert not [n for n in names if re.search(r'[/\\:*?"<>|\x00-\x1f]|^\.|^~', n)]


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(deadline=None)
def test_a_name_of_a_file_is_never_a_path(text: str) -> None:
    name = safe_name(text)
    assert Path(name).name == name
    assert 0 < len(name.encode()) <= 200
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\u202a-\u202e]', name)


@pytest.mark.parametrize(
    "name", ["名" * 10_000, "张\u202e三", "张\n✅ 已通过", "\x1b[2J张三", "👩‍👩‍👧" * 50, "\u200b"]
)
def test_a_name_at_telegram_is_one_short_line(name: str) -> None:
    raw = updates.message(1, 2, "你好")
    raw["message"]["from"] = updates.person(2, name)
    incoming = read_update(raw, updates.ME)
    assert incoming is not None
    assert 0 < len(incoming.sender) <= 64
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", incoming.sender)


# ── files ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [
    "../../../../tmp/nianbao-was-here.docx", "/etc/passwd", "C:\\Windows\\x.docx", "a\x00b.docx", "$(id).docx",
    "--list", "-c.docx", "名" * 3000 + ".docx", "<b>去年</b>.docx", "{{ 7*7 }}.docx", "x\u202exslx.docx",
])  # fmt: skip
def test_the_name_of_a_file_does_nothing(clerk: Clerk, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.iterdir())
    clerk.send(name, b"just words")
    assert clerk.reply
    assert "49" not in clerk.reply
    assert sorted(tmp_path.iterdir()) == before
    for made in pieces(clerk.heard[-1].parts):
        assert not [m for m in parse_html(made)[1] if m["type"] == "bold"]


def with_part(name: str, content: bytes, size: int | None = None) -> bytes:
    """A Word file with one part replaced, whose directory may lie about the part's size."""
    made = io.BytesIO()
    sound = io.BytesIO(as_docx(sound_report()))
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
        if size is not None:
            new.getinfo(name).file_size = size
    return made.getvalue()


BODY = "word/document.xml"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BILLION = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))


def word(doctype: str, text: str) -> bytes:
    """The body of a Word file with a document type."""
    return f"<?xml version='1.0'?>{doctype}<w:document {WORD}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>".encode()


HARMFUL: dict[str, Callable[[], bytes]] = {
    "external entity": lambda: with_part(BODY, word('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;")),
    "external dtd": lambda: with_part(BODY, word('<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd">', "x")),
    "billion": lambda: with_part(BODY, word(f'<!DOCTYPE w [<!ENTITY x0 "9">{BILLION}]>', "&x11;")),
    "bomb": lambda: with_part("word/media/x.bin", bytes(MOST_UNPACKED + 1)),
    "lying bomb": lambda: with_part(BODY, bytes(60_000_000), 100),
    "deep": lambda: with_part(BODY, word("", "<w:r>" * 200_000)),
    "quadratic": lambda: with_part(BODY, word("", "总计 " * 2_000_000)),
    "html entity": lambda: b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>&x;</body></html>',
    "html deep": lambda: b"<html>" + b"<div>" * 300_000,
    "html include": lambda: b'<html><body><iframe src="file:///etc/passwd"></iframe><object data="/etc/passwd"></body></html>',
    "html spans": lambda: b"<html><table>" + b"<tr><td rowspan=9999 colspan=9999>1</td></tr>" * 20_000,
    "json deep": lambda: b'{"sections":' + b"[" * 500_000,
    "json number": lambda: b'{"sections": ' + b"9" * 1_000_000 + b"}",
    "pdf": lambda: b"%PDF-1.7\n1 0 obj<</Type/Pages/Kids[1 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>",
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_made_to_harm_is_refused_in_words_and_soon(name: str) -> None:
    content = HARMFUL[name]()
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read_apart(f"a.{name.split()[0] if name[0] in 'hj' else 'docx'}", content, FORM)
    assert str(refused.value).endswith("。")
    assert "root:" not in str(refused.value)
    assert time.monotonic() - begun < 20


# ── updates ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("spoilt", [
    {"update_id": "\ud800"}, {"update_id": [1]}, {"update_id": True}, {"chat": {"id": "x", "type": "private"}},
    {"chat": {"id": None, "type": "private"}}, {"message_id": ["1"]}, {"from": {"id": 1, "is_bot": False, "first_name": ["x"]}},
    {"text": 5}, {"text": {"a": 1}}, {"document": {"file_id": [], "file_unique_id": "u", "file_name": ["x"]}},
    {"reply_to_message": {"message_id": "x", "date": 1, "chat": {"id": 1, "type": "private"}}},
])  # fmt: skip
def test_an_update_with_a_value_of_another_type_is_not_understood(spoilt: dict[str, Any]) -> None:
    """Found by the fuzzer: PTB takes what stands there, and the turn failed at it."""
    raw = updates.message(1, 2, None if "document" in spoilt else "你好")
    if "update_id" in spoilt:
        raw |= spoilt
    else:
        raw["message"] |= spoilt
    with pytest.raises((TypeError, AttributeError, KeyError, ValueError)):
        read_update(json.loads(json.dumps(raw)), updates.ME)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=None) as api:
        yield api


async def test_hostile_updates_do_not_stop_the_channel(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = build(tmp_path / "nianbao.db", "telegram")
    chats = [int(guest.address.partition(":")[2]) for guest in world.people.values()]
    rng, stop = Random(7), asyncio.Event()
    work = asyncio.create_task(
        serve(world.assistant, token=api.token, api=api.root, stop=stop, patience=QUICK)
    )
    for _ in range(150):
        raw = updates.update(rng, 1, chats, ())
        for kind in updates.DEEDS if isinstance(raw, dict) else ():
            if kind in raw and len(json.dumps(raw)) < 100_000:
                api.updates.put(kind, raw[kind])
    api.user(301).say("还在吗")
    await api.user(301).chat.until(lambda: bool(api.user(301).chat.log), 30)
    stop.set()
    await work
    assert not [r for r in caplog.records if r.name.startswith("bot") and "处理" in r.getMessage()]
    assert world.store.verify().faults == ()
    world.store.close()


# ── secrets ─────────────────────────────────────────────────────────────────────────────────

SECRET = b"AAAA-a-secret-of-a-test-0123456789"
NOWHERE = ("http://127.0.0.1:1", "http://[::1", "http://127.0.0.1:99999", "ftp://x")
LOUD = (
    "import logging, sys; logging.basicConfig(level=logging.DEBUG); "
    "from functools import partial; from bot.channels import telegram; "
    "telegram.Patience = partial(telegram.Patience, poll_pause=0.1, send_pause=0.1, grace=0.5); "
    "sys.argv = ['nianbao', 'serve']; from bot.__main__ import main; main()"
)


async def test_the_token_is_in_no_log_and_no_file_whatever_fails(
    api: BotApi, tmp_path: Path
) -> None:
    server = Server(api, tmp_path / "nianbao.db")
    api.faults.fail("getMe", 500)
    for method in ("getUpdates", "sendMessage"):
        api.faults.fail(method, 429, retry_after=0)
        api.faults.cut_before(method)
    api.faults.cut_after("getUpdates")
    log = tmp_path / "log.txt"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LOUD, env=server.environ, stdout=out, stderr=out,
            cwd=Path(__file__).parent.parent,
        )  # fmt: skip
        user = api.user(1)
        user.say("你好")
        await user.chat.until(lambda: bool(user.chat.log), 30)
        process.terminate()
        await process.wait()
    said = log.read_bytes()
    assert b"bot.channels" in said
    for file in tmp_path.iterdir():
        held = file.read_bytes()
        assert api.token.encode() not in held, file.name
        assert api.token.partition(":")[2].encode() not in held, file.name


async def test_the_token_is_not_said_where_the_address_is_wrong(tmp_path: Path) -> None:
    said = await asyncio.gather(
        *(served(tmp_path / f"{number}.db", place) for number, place in enumerate(NOWHERE))
    )
    for place, words in zip(NOWHERE, said, strict=True):
        assert SECRET not in words, place
        assert b"Traceback" not in words, (place, words)
    assert not [file for file in tmp_path.iterdir() if SECRET in file.read_bytes()]


@pytest.mark.parametrize("place", NOWHERE)
def test_the_token_is_not_said_by_the_doctor_of_a_wrong_address(place: str, tmp_path: Path) -> None:
    words = (
        CliRunner(env=aimed_at(place, tmp_path / "x.db").environ).invoke(main, ["doctor"]).output
    )
    assert "✗ 有错" in words
    assert SECRET.decode() not in words
    assert "Traceback" not in words


def aimed_at(place: str, db: Path) -> Server:
    """Settings that look for Telegram at a place where it is not."""
    server = Server(BotApi(f"123456:{SECRET.decode()}"), db)
    server.api.root = place
    return server


async def served(db: Path, place: str) -> bytes:
    """What serve says that is to reach Telegram at a place where it is not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=aimed_at(place, db).environ,
        cwd=Path(__file__).parent.parent,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told = asyncio.create_task(process.communicate())
    await asyncio.wait({told}, timeout=3.0)
    if process.returncode is None:
        process.kill()
    return (await told)[0]
