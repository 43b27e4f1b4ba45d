"""A district at which something is done, and everything that must hold whatever is done there."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bot.assistant import Assistant
from bot.catalogue import load_form, load_guides
from bot.channels.telegram_in import read_update
from bot.channels.telegram_text import keyboard, pieces, units
from bot.messages import File, Incoming, Outgoing
from bot.readers import read_file
from bot.readers.reading import Reading, Unreadable
from bot.readers.roster import read_grid
from bot.store import Store
from bot.wording import Wording
from bot.writers.proof import DocumentError
from tests.botapi.entities import parse_html
from tests.botapi.keyboards import read_markup
from tests.conftest import NOW
from tests.fuzzing import readers
from tests.fuzzing.rosters import list_file
from tests.fuzzing.tally import Broken, Tally, call, patience, shorten
from tests.fuzzing.updates import ME
from tests.rights import YEAR, build

LOOK = 100
"""Deeds between two looks at the whole store."""
_CLERKS = {"submitted", "recalled", "promised", "adopted"}
FORM = load_form()
WORDING, GUIDES = Wording(FORM), load_guides(FORM)


@cache
def district() -> tuple[Path, dict[str, int], dict[str, str]]:
    """A store with everybody in it, their chats by role, and the links they came by."""
    path = Path(tempfile.mkdtemp(prefix="fuzzing")) / "nianbao.db"
    world = build(path, "telegram")
    chats = {role: int(guest.address.partition(":")[2]) for role, guest in world.people.items()}
    world.store.close()
    return path, chats, dict(world.links)


class _Errors(logging.Handler):
    """What the program itself logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the sentence."""
        self.said.append(record.getMessage())


class Watched:
    """A copy of the district; every deed goes the way of an update and is looked at."""

    def __init__(self, folder: Path, rng: Random, tally: Tally) -> None:
        path, self.chats, self.links = district()
        self.rng, self.tally, self.now = rng, tally, NOW
        self.path = Path(shutil.copy(path, folder / f"{rng.randrange(10**9)}.db"))
        self.store = Store(self.path, FORM)
        self.store.db.conn.set_trace_callback(self._trace)
        self._open = ExitStack()
        self._open.enter_context(self.store.db.tracer(self._hold_statement))
        self.assistant = Assistant(self.store, FORM, GUIDES, WORDING, self.clock)
        self.heard: dict[str, list[Outgoing]] = {}
        self._deed: object = None
        self._commits = 0
        self._errors = _Errors()
        logging.getLogger("bot").addHandler(self._errors)
        self._read()

    def clock(self) -> datetime:
        """The time, which goes on by chance."""
        return self.now

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Look once more, where nothing broke, and put everything away."""
        logging.getLogger("bot").removeHandler(self._errors)
        if kind is None:
            self.look()
        self._open.close()
        self.store.close()
        for file in self.path.parent.glob(f"{self.path.name}*"):
            file.unlink()

    def shown(self, chat: int) -> list[str]:
        """The data of the buttons that a chat was shown last."""
        rows = [m.buttons for m in self.heard.get(f"telegram:{chat}", ()) if m.buttons][-1:]
        return [b.press.encode() for row in rows for line in row for b in line]

    # ── deeds ───────────────────────────────────────────────────────────────────────────────

    def post(self, raw: Any) -> Incoming | None:
        """One update, as a channel takes it; what it cannot understand it passes over."""
        self._deed = raw
        start = time.process_time()
        try:
            incoming = read_update(raw, ME)
        except Exception:  # as the channel does
            self.tally.note("not understood", time.process_time() - start, shorten(raw))
            return None
        if incoming is None:
            self.tally.note("nobody's deed", time.process_time() - start, shorten(raw))
        else:
            self.receive(incoming)
        return incoming

    def receive(self, incoming: Incoming) -> None:
        """One turn; afterwards only what its person may change is changed."""
        before, drafts, person = (
            self._marks(),
            self._drafts(incoming.address),
            self._person(incoming),
        )
        roles = self._roles(incoming.address)
        settles = incoming.text.startswith("/start") or bool(
            incoming.press and incoming.press.question == "seat"
        )
        start, self._commits = time.process_time(), 0
        try:
            self.assistant.receive(incoming)
        except Exception as fault:
            raise Broken(f"{fault!r} at {shorten(self._deed)}") from fault
        seconds, commits = time.process_time() - start, self._commits
        self._hold_rights(before, drafts, person, roles, incoming)
        replies = self._read()
        self.tally.note("answered" if replies else "silence", seconds, call(incoming))
        self._hold(seconds < patience(incoming), f"took {seconds:.1f} s")
        self._hold(roles != {"contact"} or commits < 2 or settles, f"{commits} commits")
        self._hold(not self._errors.said, f"logged {self._errors.said}")

    def repeat(self, incoming: Incoming) -> None:
        """The same update once more changes nothing."""
        changes = self.store.db.conn.total_changes
        self.assistant.receive(incoming)
        self._hold(
            self.store.db.conn.total_changes == changes, "a second delivery changed something"
        )

    def pass_time(self) -> None:
        """Time goes on, and what is due happens: reminders, files, files that were sent."""
        self.now += timedelta(minutes=self.rng.choice((1, 30, 600, 3000)))
        if self.now.year > YEAR + 1:
            self.now = NOW
        self._deed = "a round of chores"
        self.assistant.tick()
        self._take_files()
        self._read()
        self._hold(not self._errors.said, f"logged {self._errors.said}")

    def go_on(self, number: int) -> None:
        """Every so many deeds a look at the whole store, and time passes."""
        if number % LOOK == LOOK - 1:
            self.look()
            self.pass_time()

    def look(self) -> None:
        """What must hold for the store as a whole."""
        proof = self.store.verify()
        self._hold(not proof.faults, f"the chain says {proof.faults}")
        damage = self.store.db.execute("PRAGMA integrity_check").fetchall()
        self._hold(damage == [("ok",)], f"SQLite says {damage}")
        orphans = self.store.db.execute("PRAGMA foreign_key_check").fetchall()
        self._hold(not orphans, f"orphans {orphans}")
        fresh = Store(self.path, FORM)
        for (id,) in self.store.db.execute("SELECT id FROM drafts").fetchall():
            self._hold(
                fresh.draft(id) == self.store.draft(id), f"draft {id} at hand is not as kept"
            )
        fresh.close()

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _hold(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise Broken(f"{otherwise}, at {shorten(self._deed)}")

    def _trace(self, statement: str) -> None:
        self._commits += statement.startswith("COMMIT")

    def _hold_statement(self, sql: str, _: object) -> None:
        """SQL is of the program's own words; what people type goes beside it."""
        sly = any(words in sql for words in ("DROP TABLE units", "1+1", "A1)", "../", "{{", "<b>"))
        self._hold(not sly and sql.isascii(), f"the statement {sql!r}")

    def _marks(self) -> tuple[int, int]:
        sql = "SELECT (SELECT ifnull(max(id), 0) FROM history), (SELECT ifnull(max(id), 0) FROM events)"
        history, events = self.store.db.execute(sql).fetchone()
        return int(history), int(events)

    def _drafts(self, address: str) -> set[int]:
        """The drafts that a chat's person may answer for."""
        rows = self.store.db.execute(
            "SELECT drafts.id FROM drafts JOIN members USING (unit_id) JOIN chats USING (person_id)"
            " WHERE chats.address = ? AND role = 'contact' AND until IS NULL", [address],
        )  # fmt: skip
        return {int(id) for (id,) in rows}

    def _roles(self, address: str) -> set[str]:
        rows = self.store.db.execute(
            "SELECT role FROM members JOIN chats USING (person_id) WHERE address = ?"
            " AND until IS NULL", [address],
        )  # fmt: skip
        return {str(role) for (role,) in rows}

    def _person(self, incoming: Incoming) -> int | None:
        row = self.store.db.execute(
            "SELECT person_id FROM chats WHERE address = ?", [incoming.address]
        ).fetchone()
        return int(row[0]) if row else None

    def _hold_rights(
        self, before: tuple[int, int], drafts: set[int], person: int | None, roles: set[str],
        incoming: Incoming,
    ) -> None:  # fmt: skip
        """Answers changed only by who may, events written only by whom they are about."""
        changed = self.store.db.execute(
            "SELECT DISTINCT draft_id, person_id FROM history WHERE id > ?", [before[0]]
        ).fetchall()
        for draft, by in changed:
            self._hold(draft in drafts and by == person, f"draft {draft} changed by {by}")
        kinds = {kind for (kind,) in self.store.db.execute(
            "SELECT kind FROM events WHERE id > ?", [before[1]])}  # fmt: skip
        if "office" not in roles and not incoming.text.startswith("/start"):
            self._hold(kinds <= (_CLERKS if drafts else set()), f"{kinds} by {roles}")

    def _read(self) -> int:
        """Everybody reads what waits; each message must be one that Telegram takes."""
        said = self.store.unsent("telegram")
        for row in said:
            self._hold_form(row)
            self.heard.setdefault(row.address, []).append(row)
            del self.heard[row.address][:-20]
            if row.document is not None and self.rng.random() < 0.1:
                self._make(row.document)
        self.store.mark_sent([(row.id, str(10**6 + row.id), "") for row in said], self.now)
        return len(said)

    def _hold_form(self, row: Outgoing) -> None:
        for html in pieces(row.parts):
            text, _ = parse_html(html)
            self._hold(0 < units(text) <= 4096, f"a message of {units(text)} units")
        keys = keyboard(row.buttons)
        read_markup(keys)
        count = sum(map(len, keys["inline_keyboard"])) if keys else 0
        self._hold(count == sum(map(len, row.buttons)), "a button was left out")
        self._hold(all(len(line) <= 8 for line in row.buttons), "a row of more than 8 buttons")

    def _make(self, document: int) -> None:
        """Make a document that was ordered; where it cannot be made there is a reason."""
        start = time.process_time()
        made: File | Exception
        try:
            work = self.assistant.begin_document(document)
            made = work if isinstance(work, File) else work()
        except DocumentError as fault:
            made = fault
        self.assistant.finish_document(document, made)
        end = "no file" if isinstance(made, Exception) else "file"
        self.tally.ended[end] += 1
        self._hold(time.process_time() - start < 20, f"document {document} took too long")

    def _take_files(self) -> None:
        """Files that were sent are read: lists of units, reports, and spoilt ones."""
        for upload in self.store.waiting_uploads("telegram"):
            name, content = self._content(upload.is_list)
            try:
                read: Any = (
                    read_grid(name, content) if upload.is_list else read_file(name, content, FORM)
                )
            except Unreadable as refused:
                read = refused
            self._deed = ("a file", upload.name, upload.is_list)
            self.assistant.finish_upload(upload, read)
            self.tally.ended["read" if isinstance(read, (Reading, tuple)) else "refused"] += 1

    def _content(self, is_list: bool) -> tuple[str, bytes]:
        if is_list:
            return list_file(self.rng)
        files = readers.sound_files()
        kind = self.rng.choice(("docx", "html", "text", "xlsx"))
        content = self.rng.choice(files[kind])
        return "file", content if self.rng.random() < 0.5 else readers.mutated(content, self.rng)
