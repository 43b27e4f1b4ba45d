"""Checks an office's own .docx template before it is used: `nianbao template check`.

The file is looked at first and nothing of it is run; only where nothing was found is it tried,
in a sandbox, with made-up reports that are read back and compared.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from docx.opc.exceptions import OpcError
from lxml import etree

from bot.form import Form
from bot.readers.docx import ROLES
from bot.readers.package import check_package
from bot.readers.reading import Unreadable
from bot.report import Figure, Report, Topic
from bot.writers.docx import render
from bot.writers.proof import DocumentError
from bot.writers.shapes import compare_shapes
from bot.writers.tags import find_tags, missing_tags

_DOCUMENT = "word/document.xml"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_EMBEDDED = ("word/embeddings/", "word/activeX/")
_TARGETS = {
    "hyperlink": "超链接", "image": "图片", "attachedTemplate": "附加模板", "oleObject": "对象",
    "aFChunk": "文件",
}  # fmt: skip
_SHOWN = 60


def check_template(path: Path, form: Form) -> tuple[str, ...]:
    """What is wrong with a template, in sentences; empty when reports can be made with it."""
    try:
        parts = _parts(path)
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else error.strerror
        return (f"{path.name}：{reason}。",)
    except Unreadable as refused:
        return (f"{path.name}：{refused}",)
    foreign = tuple(_foreign(parts))
    try:
        faults = tuple(_look(parts, form))
    except etree.XMLSyntaxError:
        return (f"{path.name}：文件已经损坏，请用 Word 打开，另存为 .docx 再试。",)
    return (*foreign, *(faults or _try(path, parts, form)))


def _parts(path: Path) -> dict[str, bytes]:
    """The parts of the file; raises Unreadable for what is no Word file, or one with macros."""
    content = path.read_bytes()
    if content and not content.startswith((b"PK", _OLD_OFFICE)):
        raise Unreadable("这不是 Word 文件（.docx）。请在 Word 里另存为 .docx。")
    check_package(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError):
        raise Unreadable("文件打不开，可能没有传完整，请重新保存再试。") from None
    if _DOCUMENT not in parts:
        raise Unreadable("这不是 Word 文件（.docx），里面没有文档。")
    types = parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in parts):
        raise Unreadable("这个文件带有宏，不能用作模板。请另存为 .docx（不启用宏）。")
    return parts


def _foreign(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Sentences about what comes from elsewhere: links, embedded objects."""
    for name in parts:
        if name.startswith(_EMBEDDED):
            yield f"模板里嵌入了对象（{posixpath.basename(name)}），请删掉。"
        if not name.endswith(".rels"):
            continue
        for relation in _relations(parts[name]):
            kind = str(relation.get("Type", "")).rpartition("/")[2]
            if relation.get("TargetMode") == "External":
                target = str(relation.get("Target", ""))[:_SHOWN]
                yield f"模板里有指向外部的{_TARGETS.get(kind, '内容')}（{target}），请删掉。"
            elif kind == "aFChunk":
                yield f"模板里插入了整个文件（{relation.get('Target', '')}），请删掉。"


def _relations(content: bytes) -> Iterator[etree._Element]:
    """What a part points to; nothing where that part is broken."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return
    yield from root.iterfind("{*}Relationship")


def _look(parts: Mapping[str, bytes], form: Form) -> Iterator[str]:
    """What can be seen without running anything."""
    tags = find_tags(parts, form)
    yield from tags.faults
    if _DOCUMENT in tags.names:
        yield from missing_tags(tags, form)
    document = etree.fromstring(parts[_DOCUMENT], etree.XMLParser(resolve_entities=False))
    yield from compare_shapes(document, form)


# ── the trial ───────────────────────────────────────────────────────────────────────────────


def _try(path: Path, parts: Mapping[str, bytes], form: Form) -> Iterator[str]:
    """Make a draft and a final report of made-up content, and say what came out otherwise."""
    faults: dict[str, None] = {}
    for final in (False, True):
        try:
            render(made_up(form, final=final), form, path)
        except DocumentError as error:
            faults |= dict.fromkeys(f"试印一份报告：{fault}" for fault in error.faults)
        except (ArithmeticError, LookupError, TypeError, ValueError, OpcError) as error:
            faults |= {f"试印一份报告：标记算不出来（{error}）。": None}
    yield from faults
    if faults:
        yield from _styles(parts)


def _styles(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Which paragraph styles are missing, by which the texts of a report are known again."""
    styles = parts.get("word/styles.xml", b"").decode("utf-8", "replace")
    missing = [name for name in ROLES if f'"{name}"' not in styles]
    if missing:
        yield (
            f"模板里没有“{'”“'.join(missing)}”这些样式，核对时认不出标题和正文。"
            "请从 templates/report.docx 另存一份再改。"
        )


def _samples(form: Form) -> dict[str, str]:
    """A paragraph or two for each text that is no topic, with signs that XML minds."""
    labels = {key: form.items[key].label for key in form.texts if not form.items[key].number}
    return {
        key: f"试印：{label}第一段。\n试印：第二段 A&B <改进>。" for key, label in labels.items()
    }


def made_up(form: Form, *, final: bool) -> Report:
    """A report of a made-up agency, with a different number in every cell."""
    agency = "青石县水务局"
    figures: dict[str, Figure] = {key: 1000 + n for n, key in enumerate(form.cells)}
    for key in form.cells:
        if form.items[key].kind == "money":
            figures[key] = Decimal(f"{figures[key]}.2345")
    titles = [item.label for item in form.items.values() if item.number]
    return Report(
        format=form.format,
        agency=agency,
        year=2024,
        level="",
        title=form.title_of(agency, 2024),
        texts=_samples(form) | {"signoff": f"{agency}\n2025年1月20日"},
        topics=tuple(Topic(title, f"试印：{title}。") for title in titles),
        figures=figures,
        final=final,
    )
