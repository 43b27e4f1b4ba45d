"""What happens without anybody asking: decisions told, reminders, digests, files of approvals.

Every chore can be cut off at any instant and done again: what was told is known by the key of its
message in the inbox, what was made by its row in `documents`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from bot.agency import report_year
from bot.assistant.documents import Documents
from bot.assistant.uploads import Uploads
from bot.assistant.view import SIT, count_findings
from bot.intake import load_reading
from bot.messages import Button, File, Outgoing, Part, Press
from bot.office.board import due_words
from bot.office.reminders import Reminder, due_reminders, may_ring
from bot.reading import Received
from bot.store import Notice, Seat
from bot.store.privacy import forget
from bot.workdays import is_workday

COUNTED = 40
"""Drafts whose findings are counted in one round."""
REMINDED = 100
"""Units reminded in one round, in one transaction; the next round takes the next."""
REMIND_PAUSE = timedelta(minutes=1)
DIGEST_PAUSE = timedelta(minutes=10)
_NAMED = 6
_REMINDS = {
    "ladder": "remind_ladder",
    "promise": "remind_promise",
    "returned": "remind_returned",
}

_log = logging.getLogger(__name__)


class Chores(Documents, Uploads):
    """A round of chores."""

    _reminded: datetime | None = None
    _told = 0
    """Decisions up to this one were told: only a process that begins looks through all of them."""
    retention = 0
    """Days after which the messages of finished years are wiped; 0: they are kept."""
    _forgetting: Iterator[int] | None = None

    def tick(self) -> None:
        """One round: everything that is due now; a fault in one chore leaves the others alone."""
        chores: tuple[Callable[[], object], ...] = (
            self.follow_up, self._remind, self._digest,
            lambda: count_findings(self, report_year(self.clock()), COUNTED), self._forget,
        )  # fmt: skip
        for chore in chores:
            try:
                chore()
            except Exception as fault:
                _log.error("例行工作出错：%s", type(fault).__name__)

    def follow_up(self) -> None:
        """Tell contacts what the office decided, and offer them the sums."""
        newest = self.store.last_decision()
        for pending in self.store.pending(after=self._told):
            key = f"decision:{pending.decision}:{pending.address}"
            seat = self._sitting(pending.address, pending.draft)
            if seat is not None:
                self.tell_decision(pending.decision, pending.kind, pending.reason, seat)
            else:
                draft = self.store.draft(pending.draft)
                self._nudge(key, pending.address, pending.draft, "decided_elsewhere",
                            kind=pending.kind, agency=draft.agency, year=draft.year)  # fmt: skip
        self._told = newest
        for upload, draft_id in self.store.offered():
            seat = self._sitting(upload.address, draft_id)
            if seat is not None:
                kept = self.store.reading(upload.id, upload.address)
                if kept is None:
                    continue
                reading = load_reading(kept[1], self.form)
                received = Received(upload.id, upload.name, reading)
                self.tell_offer(upload, seat, received)
            else:
                draft = self.store.draft(draft_id)
                self._nudge(f"offer:{upload.id}", upload.address, draft_id, "offered_elsewhere",
                            agency=draft.agency, year=draft.year)  # fmt: skip

    def claim(self) -> str:
        """A link that makes its first user the admin, where nobody is; else ''.

        An earlier one that was not used stops to be valid.
        """
        if self.store.has_office():
            return ""
        return self.link(self.store.open_claim(self.clock()))

    def unfiled(self) -> list[int]:
        """Files of approvals that are still to be made."""
        return self.store.unfiled()

    def make_files(self) -> list[File]:
        """Make the files of approvals here and now: for who has no loop beside."""
        made = []
        for document in self.store.unfiled():
            work = self.begin_document(document)
            try:
                file = work if isinstance(work, File) else work()
            except Exception as fault:  # the reason is kept; the next one goes on
                self.finish_document(document, fault)
                continue
            self.finish_document(document, file)
            made.append(file)
        return made

    def _remind(self) -> None:
        now = self.clock()
        if self._reminded is not None and timedelta(0) <= now - self._reminded < REMIND_PAUSE:
            return
        if not may_ring(now, is_workday) or not self.store.has_office():
            return
        year = report_year(now)
        standings = self.store.standings(year, self.store.dues(year))
        due = due_reminders(standings, now, is_workday, _Sent(self.store.is_taken))
        calls = list(islice(self._calls(due, year), REMINDED))
        if calls:
            self.store.save_notices(calls, now)
        if len(calls) < REMINDED:
            self._reminded = now  # nobody is left: the next look is in a minute

    def _calls(self, due: Iterable[Reminder], year: int) -> Iterator[Notice]:
        """What is sent for each reminder."""
        today = self.clock().date()
        for reminder in due:
            unit, draft = reminder.unit.id, reminder.draft
            addresses = tuple(a for a, _ in self.store.addresses(role="contact", unit=unit))
            if draft is None or not addresses:
                continue
            text = self.wording.text(
                _REMINDS[reminder.kind], agency=reminder.unit.name, year=year, day=reminder.due,
                days=reminder.days, due=due_words(reminder.standing, today),
                percent=reminder.standing.percent, state=reminder.standing.state,
            )  # fmt: skip
            message = Outgoing(0, "", (Part(text),), self._sit(draft))
            yield Notice(f"remind:{reminder.key}", addresses, message, reminds=draft)

    def _digest(self) -> None:
        now = self.clock()
        for address, version, told_at in self.store.office_chats():
            found = self.store.submitted_since(version)
            since = now - datetime.fromisoformat(told_at) if told_at else DIGEST_PAUSE
            # a clock that was ahead and is right again must not silence the digest
            if not found or timedelta(0) <= since < DIGEST_PAUSE:
                continue
            text = self.wording.text(
                "desk_digest", names=[(name, number) for _, name, _, number in found[:_NAMED]],
                count=len(found),
            )  # fmt: skip
            buttons = tuple(
                (Button(f"审核 {name}", Press(0, "desk", 0, f"next.{unit}")),)
                for _, name, unit, _ in found[:_NAMED]
            )
            message = Outgoing(0, "", (Part(text),), buttons)
            self.store.save_digest(address, found[-1][0], message, now)

    def _forget(self) -> None:
        """One batch of what is to be forgotten, and once a day all of it."""
        today = self.clock().date().isoformat()
        if self._forgetting is None:
            if not self.retention or self.store.fact("forgotten") == today:
                return
            self._forgetting = forget(self.store, self.retention, self.clock())
        if next(self._forgetting, None) is None:
            self._forgetting = None
            self.store.keep_fact("forgotten", today)

    def _sitting(self, address: str, draft: int) -> Seat | None:
        """The seat of a chat that talks about this draft now; None where it looks elsewhere."""
        desk = self.store.desk(address)
        seat = self.store.seat(address)
        away = seat is None or seat.draft != draft or (desk is not None and desk.in_front)
        return None if away else seat

    def _nudge(self, key: str, address: str, draft: int, name: str, **facts: object) -> None:
        """A message with the way to a draft, for a chat that sits at another one; once."""
        if not self.store.is_taken(key):
            text = self.wording.text(name, **facts)
            message = Outgoing(0, "", (Part(text),), self._sit(draft))
            self.store.save_notices([Notice(key, (address,), message)], self.clock())

    def _sit(self, draft: int) -> tuple[tuple[Button, ...], ...]:
        words = self.wording.plain_button("sit")
        return ((Button(words, Press(draft, SIT, 0, "sit")),),)


class _Sent:
    """The keys of reminders that went out."""

    def __init__(self, is_taken: Callable[[str], bool]) -> None:
        self._is_taken = is_taken

    def __contains__(self, key: object) -> bool:
        return self._is_taken(f"remind:{key}")
