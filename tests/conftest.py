"""What tests share: the form, its words, and an assistant on a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.catalogue import load_form, load_guides
from bot.form import Form
from bot.store import Store
from bot.wording import Wording
from tests.clerk import Clerk

NOW = datetime(2023, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def form() -> Form:
    """The form of 2021."""
    return load_form()


@pytest.fixture(scope="session")
def wording(form: Form) -> Wording:
    """All sentences."""
    return Wording(form)


@pytest.fixture
def assistant(form: Form, wording: Wording, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant on a fresh store."""
    store = Store(tmp_path / "nianbao.db", form)
    yield Assistant(store, form, load_guides(form), wording, lambda: NOW)
    store.close()


@pytest.fixture
def clerk(assistant: Assistant) -> Clerk:
    """The contact of a quiet bureau, who has just opened the chat."""
    return Clerk(assistant).enrol("西山区市场监督管理局", 2022)
