"""Dialogue scripts: what a clerk does and what must, or must not, be answered.

A script in `conversations/` has a line each: `机关 NAME YEAR` · `> message` · `> [words]` presses
the button that begins so · `< fragment` must stand in the answer · `!< fragment` must not ·
`= cell value` is what the draft then holds · `file 定稿` or `file 草稿` · `actions N` is the most
that the clerk may have done so far. Scripts for another form stand in a folder with its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.report import show_figure
from tests import fresh
from tests.clerk import Clerk
from tests.tables import form

NOW = datetime(2023, 1, 12, 9, 0, tzinfo=UTC)

FOLDER = Path(__file__).parent / "conversations"
SCRIPTS = sorted(FOLDER.rglob("*.txt"))


@pytest.fixture
def assistant(script: Path, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant for the form of a script."""
    of = form() if script.parent == FOLDER else form(script.parent.name)
    assistant = fresh.new_assistant(tmp_path / "nianbao.db", lambda: NOW, of)
    yield assistant
    assistant.store.close()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written(script: Path, assistant: Assistant) -> None:
    clerk = Clerk(assistant)
    for number, line in enumerate(script.read_text(encoding="utf-8").splitlines(), 1):
        mark, _, rest = line.partition(" ")
        place = f"{script.name}:{number} {line}\n--- answered:\n{clerk.reply}"
        if not line.strip() or line.startswith("#"):
            continue
        if mark == "机关":
            agency, year = rest.split()
            clerk.enrol(agency, int(year))
        elif mark == ">" and rest.startswith("["):
            clerk.press(rest[1:-1])
        elif mark == ">":
            clerk.say(rest.replace("\\n", "\n").replace("\\t", "\t"))
        elif mark == "<":
            assert rest in clerk.reply, place
        elif mark == "!<":
            assert rest not in clerk.reply, place
        elif mark == "=":
            cell, _, value = rest.partition(" ")
            held = clerk.draft.figures.get(cell)
            shown = show_figure(clerk.draft.figure(cell)) if held else str(clerk.draft.value(cell))
            assert shown == value, f"{place}\n--- holds: {shown}"
        elif mark == "file":
            assert clerk.files, place
            assert ("草稿" in clerk.files[-1].name) == (rest == "草稿"), clerk.files[-1].name
        elif mark == "actions":
            assert clerk.actions <= int(rest), f"{place}\n--- actions: {clerk.actions}"
        else:
            raise AssertionError(f"not understood: {place}")
