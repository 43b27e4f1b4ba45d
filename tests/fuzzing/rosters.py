"""Lists of units as offices send them, sound, odd and hostile: read, shown, never a crash."""

from __future__ import annotations

import io
import random
import time

import xlsxwriter  # type: ignore[import-untyped]

from bot.agency import is_agency
from bot.office.roster import read_roster
from bot.office.standing import Unit
from bot.readers.reading import Unreadable
from bot.readers.roster import Grid, read_grid
from tests.fuzzing.readers import mutated
from tests.fuzzing.texts import HOSTILE, soup

HEADS = (
    "单位",
    "单位名称",
    "简称",
    "上级单位",
    "类别",
    "本级",
    "免报原因",
    "序号",
    "联系人",
    "备注",
    "x",
    "",
)
NAMES = ("青石县财政局", "青石县水务局", "县水务局", "水务局", "城关镇", "青石县城关镇人民政府", "青石县人民政府", "县政府办",
         "1. 青石县公安局", "青石县公安局（县反恐办）", "青石县公安局,公安", "以上共3家", "青 石 县 统 计 局", "局" * 300)  # fmt: skip
UNITS = tuple(Unit(number, name, "department") for number, name in enumerate(
    ("青石县财政局", "青石县水务局", "青石县人民政府"), 1))  # fmt: skip


def grid(rng: random.Random) -> Grid:
    """Rows of cells, with heads or without, ragged, repeated, with circles among them."""
    columns = rng.choice((1, 1, 2, 4, 12))
    rows = [tuple(rng.choice(HEADS) for _ in range(columns))] if rng.random() < 0.6 else []
    for _ in range(rng.choice((0, 1, 3, 12, 60))):
        rows.append(tuple(_cell(rng) for _ in range(rng.choice((columns, columns, columns, 0, 1)))))
    return tuple(rows) * rng.choice((1, 1, 1, 1, 40))


def list_file(rng: random.Random) -> tuple[str, bytes]:
    """A list as a file: a workbook, a CSV, plain text, or one that is spoilt."""
    rows = grid(rng)
    if rng.random() < 0.5:
        name, content = "名单.xlsx", _workbook(rows)
    else:
        mark = rng.choice(("\t", ",", ";", "，"))
        text = "\n".join(mark.join(row) for row in rows)
        name = rng.choice(("名单.csv", "名单.txt"))
        content = text.encode(rng.choice(("utf-8", "gb18030", "utf-16")), "replace")
    return name, mutated(content, rng) if rng.random() < 0.3 else content


def run(count: int, seed: int) -> tuple[dict[str, int], float]:
    """How `count` lists ended, and the slowest one in seconds of CPU."""
    rng = random.Random(f"lists{seed}")
    ended: dict[str, int] = {}
    slowest = 0.0
    for _ in range(count):
        name, content = list_file(rng)
        start = time.process_time()
        try:
            end = _taken(read_grid(name, content))
        except Unreadable as refused:
            end = "refusal" if str(refused).endswith("。") else "half a sentence"
        slowest = max(slowest, time.process_time() - start)
        ended[end] = ended.get(end, 0) + 1
    return ended, slowest


def _taken(rows: Grid) -> str:
    """Whether a list holds anything; every line has a name that can stand in a roster."""
    roster = read_roster(rows, UNITS, is_agency)
    for line in roster.lines:
        assert line.name
        assert "\n" not in line.name
        assert len(line.name) <= 60
    return "list" if roster.lines else "nothing"


def _cell(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(NAMES)
    return rng.choice(HOSTILE) if kind < 0.8 else soup(rng, 4)


def _workbook(rows: Grid) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("名单")
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            whole = text.encode("utf-8", "replace").decode()
            if whole.startswith("=") and row % 2:
                sheet.write_formula(row, column, whole)
            else:
                sheet.write_string(row, column, whole[:32_000])
    book.close()
    return made.getvalue()
