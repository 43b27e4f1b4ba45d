"""What tests share: the form, its words, and an assistant on a real SQLite file."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from bot.assistant import Assistant
from bot.form import Form
from bot.wording import Wording
from tests import fresh, tables
from tests.clerk import Clerk

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False  # the program is started 60 times, and compiled once

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    # Each turn waits for the disk; no test takes the power away, so memory does for a disk.
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None

settings.register_profile("suite", deadline=None)  # a busy machine is no fault of an example
settings.load_profile("suite")

NOW = datetime(2023, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def form() -> Form:
    """The form of 2021."""
    return tables.form()


@pytest.fixture(scope="session")
def wording() -> Wording:
    """All sentences."""
    return fresh.wording(tables.form())


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant on a fresh store."""
    assistant = fresh.new_assistant(tmp_path / "nianbao.db", lambda: NOW)
    yield assistant
    assistant.store.close()


@pytest.fixture
def clerk(assistant: Assistant) -> Clerk:
    """The contact of a quiet bureau, who has just opened the chat."""
    return Clerk(assistant).enrol("西山区市场监督管理局", 2022)
