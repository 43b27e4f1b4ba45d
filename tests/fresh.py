"""A new store and the product's words, as a process has them after its start: made once, used often.

Building the tables takes 13 ms and reading the guides 17 ms, more than most tests. That a store is
built as it should be is shown in test_upgrade.py, that the words are read so in test_wording.py.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.assistant import Assistant
from bot.catalogue import load_guides
from bot.form import Form
from bot.guide import Guide
from bot.store import Store
from bot.wording import Wording
from tests.tables import form


@cache
def guides(form: Form) -> Mapping[str, Guide]:
    """How a form's texts are asked."""
    return load_guides(form)


@cache
def wording(form: Form) -> Wording:
    """All sentences for a form."""
    return Wording(form)


def new_store(path: Path, of: Form | None = None, *, exclusive: bool = False) -> Store:
    """A store that nobody has used; where there is a file already, that one is opened."""
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_empty())
    return Store(path, of or form(), exclusive=exclusive)


def new_assistant(
    path: Path, clock: Callable[[], datetime], of: Form | None = None, *, exclusive: bool = False
) -> Assistant:
    """An assistant on a store for a form; whoever asks for it closes the store."""
    of = of or form()
    store = new_store(path, of, exclusive=exclusive)
    return Assistant(store, of, guides(of), wording(of), clock)


@cache
def _empty() -> bytes:
    """The file of a store that was opened and closed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nianbao.db"
        Store(path, form()).close()
        assert [file.name for file in path.parent.iterdir()] == [path.name]
        return path.read_bytes()
