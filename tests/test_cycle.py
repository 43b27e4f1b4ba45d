"""A whole year of a made-up district over HTTP, played once; then what came of it is looked at."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import load_form
from bot.channels.telegram_text import AGAIN
from bot.readers.json import read_report
from bot.store import Store
from tests.botapi.double import BotApi
from tests.cycle import EXEMPT_REASON, PERMITS, Cycle, play, queued, shown
from tests.district import DISTRICT, OWN, YEAR
from tests.tables import form

UNITS = 9
"""`python -m tests.cycle` plays 40."""


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    """A year that is over."""
    return asyncio.run(_played(tmp_path_factory.mktemp("cycle")))


async def _played(folder: Path) -> Cycle:
    async with BotApi(limits=None) as api:
        return await play(api, folder, UNITS)


@pytest.fixture(scope="module")
def store(cycle: Cycle) -> Iterator[Store]:
    """What is left in the file."""
    with closing(Store(cycle.office.db, load_form())) as store:
        yield store


def test_the_districts_200_figures_are_the_sum_of_what_the_clerks_typed(
    cycle: Cycle, store: Store
) -> None:
    data = read_report(cycle.data.decode(), form()).report
    draft = store.find_draft(DISTRICT, YEAR)
    assert draft is not None
    handed_in = store.versions(draft)[-1].report
    assert len(cycle.expected) == 200
    assert any(cycle.expected.values())
    assert dict(data.figures) == cycle.expected
    assert dict(handed_in.figures) == cycle.expected


def test_a_corrected_figure_counts_and_the_first_one_does_not(cycle: Cycle, store: Store) -> None:
    corrected = next(c for c in cycle.counted if not c.quiet)
    draft = store.find_draft(corrected.unit, YEAR)
    assert draft is not None
    first, second = store.versions(draft)
    assert first.report.figures[PERMITS] != second.report.figures[PERMITS] == 1234


def test_the_own_office_counts_once_and_who_is_missing_is_named(cycle: Cycle) -> None:
    sums = read_sums(cycle)
    names = [unit["name"] for unit in sums["units"]]
    assert sorted(names) == sorted(contact.unit for contact in cycle.counted)
    assert [unit["name"] for unit in sums["units"] if unit["own"]] == [OWN]
    assert tuple(sums["missing"]) == cycle.silent
    assert sums["exempt"] == [{"name": cycle.exempt, "reason": EXEMPT_REASON}]
    for name in cycle.silent:
        assert name.removeprefix("青石县") in cycle.shown
    assert f"计入 {len(names)}/{len(names) + len(cycle.silent)} 家" in cycle.shown


def read_sums(cycle: Cycle) -> dict[str, Any]:
    """The data file of the sum."""
    sums: dict[str, Any] = json.loads(cycle.data)
    return sums


def test_the_file_that_a_clerk_got_is_the_one_on_record(cycle: Cycle, store: Store) -> None:
    for contact in cycle.counted:
        final = [m.file for m in contact.user.chat.log if m.file]
        assert [file.name for file in final] == [
            f"{contact.unit}{YEAR}年政府信息公开工作年度报告.docx"
        ]
        draft = store.find_draft(contact.unit, YEAR)
        assert draft is not None
        sha256 = hashlib.sha256(final[0].data).hexdigest()
        assert sha256 in [sha for _, kind, _, sha, _ in store.filed(draft) if kind == "docx"]
        assert cycle.hashes[contact.unit]["docx"] == sha256[:12]
        assert set(cycle.hashes[contact.unit]) == {"docx", "pdf", "html", "xlsx", "json"}


def test_five_files_are_filed_for_an_approval_and_each_of_them_once(
    cycle: Cycle, store: Store
) -> None:
    for contact in cycle.counted:
        draft = store.find_draft(contact.unit, YEAR)
        assert draft is not None
        filed = [e.body["name"] for e in store.events(draft=draft, limit=99) if e.kind == "filed"]
        assert len(filed) == len(set(filed)) == 5


def test_the_file_has_no_fault(store: Store) -> None:
    assert not store.verify().faults


def test_every_chat_holds_its_messages_in_order_and_none_twice(cycle: Cycle) -> None:
    world = cycle.admin.user.world
    with closing(sqlite3.connect(cycle.office.db)) as db:
        assert not db.execute("SELECT id, error FROM outbox WHERE error > ''").fetchall()
        assert not db.execute("SELECT id FROM outbox WHERE sent_at IS NULL").fetchall()
        for chat in world.chats.values():
            assert shown(chat) == queued(db, chat)
    assert not any(AGAIN in message.text for chat in world.chats.values() for message in chat.log)


def test_no_secret_is_left_in_the_file_or_in_the_log(cycle: Cycle) -> None:
    api = cycle.admin.user.world
    claim = re.findall(r"start=([\w-]+)", cycle.office.printed.read_text("utf-8"))
    secrets = [api.token, api.token.partition(":")[2], *claim, *cycle.admin.links.values()]
    assert len(secrets) == 2 + 1 + UNITS - 1
    for path in (*cycle.office.db.parent.glob("nianbao.db*"), cycle.office.logged):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], path.name


def test_the_buttons_stay_under_a_message_that_a_file_follows(cycle: Cycle) -> None:
    for contact in cycle.counted:
        told = next(m for m in contact.user.chat.log if "已通过审核" in m.text)
        standing = contact.user.chat.find(told.id)
        assert standing is not None
        assert standing.buttons == ["要 PDF", "要网页"]


def test_the_log_is_lines_of_text_where_nothing_else_is_asked_for(cycle: Cycle) -> None:
    lines = cycle.office.logged.read_text("utf-8").splitlines()
    assert lines[-1].endswith("INFO Telegram 已停止")


def test_nobody_is_told_of_a_decision_twice(cycle: Cycle) -> None:
    for contact in cycle.counted:
        told = Counter(m.text for m in contact.user.chat.log if "通过审核" in m.text)
        assert list(told.values()) == [1]
