"""Fuzzed files: whatever comes, a reader ends in a report or in a clear refusal.

Random bytes, and sound files with bytes flipped, cut out, doubled, or with parts of one file put
into another.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from bot.catalogue import load_form
from bot.readers import reader
from bot.readers.kind import kind_of
from bot.readers.reading import Unreadable
from bot.reading import Reading
from bot.report import Report
from bot.writers.docx import render
from bot.writers.json import render as render_json
from tests import foreign, papers, webpages, workbooks
from tests.tables import STYLES, figures_of, report_of, requests_table

FORM = load_form()
SLOW = 5.0
WORDS = [
    "一、总体情况", "三、收到和处理", "总计", "自然人", "0", "12", "<table>", "</td>", "\0", "\ufffd",
    "件", "（", "[", "{", '"', "9" * 40, "&#xD800;", "rowspan='99999999'", "\u2f00", "－1", "|", "\t",
]  # fmt: skip


def sound_report() -> Report:
    """A report as it should be."""
    return report_of(figures_of(requests_table(3, STYLES["small"])))


@cache
def sound_files() -> dict[str, list[bytes]]:
    """Some sound files of each format."""
    report = sound_report()
    return {
        "docx": [render(report, FORM), foreign.as_docx(report)],
        "html": [webpages.portal(report, FORM).encode(), webpages.word(report, FORM).encode()],
        "xlsx": [workbooks.one_sheet(report, FORM), workbooks.inline(report, FORM)],
        "pdf": [papers.paper(report, look) for look in list(papers.LOOKS.values())[:2]],
        "text": [foreign.as_text(report).encode()],
        "json": [render_json(report, FORM)],
    }


def mutated(content: bytes, rng: random.Random) -> bytes:
    """A file with a few things done to it; the parts of a zip are changed inside it."""
    if content.startswith(b"PK") and rng.random() < 0.8:
        return _with_changed_part(content, rng)
    return _changed(content, rng)


def _changed(content: bytes, rng: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        at = rng.randrange(len(data) + 1)
        kind = rng.random()
        if kind < 0.3 and data:
            data[at - 1] = rng.randrange(256)
        elif kind < 0.5:
            del data[at : at + rng.choice((1, 10, 200, 5000))]
        elif kind < 0.7:
            end = at + rng.choice((1, 20, 500))
            data[at:at] = data[at:end]
        elif kind < 0.95:
            data[at:at] = rng.choice(WORDS).encode("utf-8", "surrogatepass")
        else:
            data = data[:at]
    return bytes(data)


def _with_changed_part(content: bytes, rng: random.Random) -> bytes:
    """A package with one of its parts changed, lost or swapped."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = list(parts)
    name = rng.choice([n for n in names if n.endswith((".xml", ".rels"))])
    kind = rng.random()
    if kind < 0.1:
        del parts[name]
    elif kind < 0.2:
        parts[name] = parts[rng.choice(names)]
    else:
        parts[name] = _changed(parts[name], rng)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)
    return made.getvalue()


def inputs(kind: str, files: dict[str, list[bytes]], rng: random.Random) -> Iterator[bytes]:
    """Endless inputs for one reader."""
    while True:
        if rng.random() < 0.05:
            yield rng.randbytes(rng.choice((0, 3, 100, 5000)))
        elif rng.random() < 0.05:
            yield rng.choice(files[rng.choice(list(files))])
        else:
            yield mutated(rng.choice(files[kind]), rng)


def try_one(kind: str, content: bytes) -> str:
    """What became of one input: report, refusal; anything else is raised."""
    try:
        read = reader(kind)(content, FORM)
    except Unreadable as refused:
        if not str(refused).endswith("。"):
            raise
        return "refusal"
    assert isinstance(read, Reading)
    assert set(read.report.figures) <= set(FORM.cells)
    return "report"


def run(kind: str, count: int, seed: int) -> tuple[dict[str, int], float]:
    """How `count` inputs ended, and the slowest one in seconds."""
    rng = random.Random(f"{kind}{seed}")
    ended: dict[str, int] = {}
    slowest = 0.0
    source = inputs(kind, sound_files(), rng)
    for _ in range(count):
        content = next(source)
        start = time.process_time()
        with suppress(Unreadable):
            kind_of("file", content)
        end = try_one(kind, content)
        slowest = max(slowest, time.process_time() - start)
        ended[end] = ended.get(end, 0) + 1
    return ended, slowest
