"""What became of everything: people's deeds against the store, the store against the chats."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.catalogue import load_form
from bot.channels.telegram_text import AGAIN
from bot.channels.telegram_turns import SORRY
from bot.store import Store
from tests.botapi.chats import Chat
from tests.chaos.people import Clerk, Person
from tests.chaos.scene import Scene
from tests.cycle import queued, shown

Kept = dict[str, tuple[str | None, str]]
"""The answers of a draft with their sources; the unit's name is left out."""

_PROGRESS = re.compile("(正在|排队)生成.*(已用|前面还有)")
"""What a process that was killed could not take away: no reply, and nothing depends on it."""
_TWICE = (
    "SELECT 'history ' || inbox || ' ' || item FROM history GROUP BY inbox, item"
    " HAVING count(*) > 1",
    "SELECT 'version ' || inbox FROM versions GROUP BY inbox HAVING count(*) > 1",
    "SELECT 'decision ' || inbox FROM decisions GROUP BY inbox HAVING count(*) > 1",
    "SELECT 'comment ' || inbox FROM comments GROUP BY inbox HAVING count(*) > 1",
)


@dataclass
class Ledger:
    """The table's figures; `faults` names what is wrong."""

    updates: int = 0
    acknowledged: int = 0
    stored: int = 0
    reports: int = 0
    messages: int = 0
    marked: int = 0
    lost: list[str] = field(default_factory=list)
    """Answers that were acknowledged and are not there."""
    unshown: list[str] = field(default_factory=list)
    """Replies that stand in no chat, though nobody had blocked the bot."""
    doubled: list[str] = field(default_factory=list)
    unordered: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or out of order, and nobody had to help."""
        wrong = (self.lost, self.unshown, self.doubled, self.unordered, self.stuck, self.faults)
        return not any(wrong)


def judge(scene: Scene, patterns: dict[tuple[bool, bool], tuple[Kept, int]]) -> Ledger:
    """Hold everything against everything; `patterns` is what undisturbed clerks came to."""
    ledger = Ledger()
    people: list[Person] = [scene.officer, *scene.clerks]
    with closing(sqlite3.connect(scene.office.db)) as db:
        for person in people:
            _deeds(ledger, db, person)
        for clerk in scene.clerks:
            _answers(ledger, db, clerk, patterns)
        ledger.doubled += [row[0] for sql in _TWICE for row in db.execute(sql)]
        for person in people:  # strangers write on without having read
            _messages(ledger, db, person.user.chat)
    with closing(Store(scene.office.db, load_form())) as store:
        ledger.faults += store.verify().faults
    return ledger


def _deeds(ledger: Ledger, db: sqlite3.Connection, person: Person) -> None:
    ledger.stuck += person.stuck
    ledger.updates += len(person.deeds)
    for deed in person.deeds:
        kept = db.execute("SELECT 1 FROM inbox WHERE key = ?", [f"telegram:{deed.update}"])
        is_stored = kept.fetchone() is not None
        ledger.stored += is_stored
        ledger.acknowledged += deed.acknowledged
        if deed.acknowledged:
            ledger.waits.append(deed.waited)
        if not is_stored:
            ledger.lost.append(f"update {deed.update} {deed.words[:30]!r}")


def _answers(
    ledger: Ledger, db: sqlite3.Connection, clerk: Clerk,
    patterns: dict[tuple[bool, bool], tuple[Kept, int]],
) -> None:  # fmt: skip
    """A clerk's answers, and how many lines they took, must be those of an undisturbed one."""
    if not clerk.done:
        ledger.faults.append(f"{clerk.unit}: not done")
        return
    ledger.reports += 1
    kept, lines = answers_of(db, clerk.unit)
    wanted, most = patterns[kind_of(clerk)]
    for item in sorted(kept.keys() | wanted.keys()):
        if kept.get(item) != wanted.get(item):
            ledger.lost.append(f"{clerk.unit} {item}: {kept.get(item)} for {wanted.get(item)}")
    if lines > most:
        ledger.doubled.append(f"{clerk.unit}: {lines} lines of history for {most}")


def kind_of(clerk: Clerk) -> tuple[bool, bool]:
    """Whether a clerk's unit has anything to report, and whether the report comes back."""
    return bool(clerk.figures), clerk.returned


def answers_of(db: sqlite3.Connection, unit: str) -> tuple[Kept, int]:
    """What is kept of a unit, and how many lines of history that took."""
    rows = db.execute(
        "SELECT item, value, source FROM answers JOIN drafts ON drafts.id = draft_id"
        " JOIN units ON units.id = unit_id WHERE units.name = ?",
        [unit],
    )
    kept = {
        "reply" if item.startswith("reply") else item: (value and value.replace(unit, "〇"), source)
        for item, value, source in rows
    }
    lines = db.execute(
        "SELECT count(*) FROM history JOIN drafts ON drafts.id = draft_id"
        " JOIN units ON units.id = unit_id WHERE units.name = ?",
        [unit],
    ).fetchone()[0]
    return kept, lines


def patterns_of(db: Path, clerks: Iterable[Clerk]) -> dict[tuple[bool, bool], tuple[Kept, int]]:
    """What undisturbed clerks came to, by their kind."""
    with closing(sqlite3.connect(db)) as connection:
        return {kind_of(clerk): answers_of(connection, clerk.unit) for clerk in clerks}


def _messages(ledger: Ledger, db: sqlite3.Connection, chat: Chat) -> None:
    """What stands in a chat against the outbox: nothing lacks, nothing twice without a mark."""
    said = [text for text in shown(chat) if not _PROGRESS.match(text)]
    ledger.messages += len(said)
    if any(SORRY in text for text in said):
        ledger.faults.append(f"chat {chat.id}: a turn failed")
        said = [text for text in said if SORRY not in text]
    again = [text.removeprefix(AGAIN).lstrip("\n") for text in said if text.startswith(AGAIN)]
    fresh = [text for text in said if not text.startswith(AGAIN)]
    everything, wanted = queued(db, chat), _delivered(db, chat)
    ledger.marked += len(again)
    doubled = [*(Counter(fresh) - Counter(everything)).elements(), *(set(again) - set(everything))]
    ledger.doubled += [f"chat {chat.id}: {text[:40]!r}" for text in doubled]
    unshown = Counter(wanted) - Counter([*fresh, *again])
    ledger.unshown += [f"chat {chat.id}: {text[:40]!r}" for text in unshown.elements()]
    if not _is_in_order(fresh, everything):
        ledger.unordered.append(f"chat {chat.id}")


def _delivered(db: sqlite3.Connection, chat: Chat) -> list[str]:
    """What must stand in a chat; what was refused because the bot was blocked need not."""
    refused = {
        row[0]
        for row in db.execute(
            "SELECT id FROM outbox WHERE address = ? AND error LIKE 'Forbidden%'",
            [f"telegram:{chat.id}"],
        )
    }
    if not refused:
        return queued(db, chat)
    db.execute("CREATE TEMP TABLE refused (id INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO refused VALUES (?)", [(id,) for id in refused])
    db.execute("CREATE TEMP VIEW outbox AS SELECT * FROM main.outbox WHERE id NOT IN refused")
    try:
        return queued(db, chat)
    finally:
        db.execute("DROP VIEW temp.outbox")
        db.execute("DROP TABLE refused")


def _is_in_order(fresh: list[str], wanted: list[str]) -> bool:
    """Whether messages came in the order in which they were queued."""
    at = 0
    for text in fresh:
        try:
            at = wanted.index(text, at) + 1
        except ValueError:
            return text not in wanted
    return True
