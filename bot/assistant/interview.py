"""Takes one incoming thing: loads where the chat stands, lets the core decide, keeps it whole.

The only place where core, words and store meet; channels call it and know nothing else.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.answers import LONGEST_TEXT, plain
from bot.checks import FIGURE_CHECKS, run_checks
from bot.draft import YES, Answer, Draft
from bot.form import Form
from bot.guide import Guides
from bot.intake import dump_reading, load_reading, read_apart
from bot.interview.position import Position
from bot.interview.received import imported, is_ours
from bot.interview.talk import Scene, Turn
from bot.interview.turn import begin, take_file, take_turn
from bot.messages import Button, File, Incoming, Outgoing, Part, Press, Upload
from bot.readers.json import read_report
from bot.readers.reading import Reading, Unreadable
from bot.readers.text import is_whole, read_text
from bot.reading import Received
from bot.record import build_dossier, build_report
from bot.store import PASTED, Busy, Reply, Seat, Store
from bot.wording import Wording
from bot.writers import PRINTED, write
from bot.writers.json import write_report
from bot.writers.proof import DocumentError

_log = logging.getLogger(__name__)
_LEAST_REPORT = 400  # characters


class Assistant:
    """One office's assistant on one store."""

    def __init__(
        self,
        store: Store,
        form: Form,
        guides: Guides,
        wording: Wording,
        clock: Callable[[], datetime],
        local: Path | None = None,
        fonts: Path | None = None,
    ) -> None:
        self.local = local
        self.fonts = fonts
        self.store = store
        self.form = form
        self.guides = guides
        self.wording = wording
        self.clock = clock

    def receive(self, incoming: Incoming) -> None:
        """Take one update whole: answers, position and replies are committed together.

        An update taken before changes nothing.
        """
        if self.store.is_taken(incoming.key):
            return
        incoming = replace(incoming, text=whole(incoming.text), sender=whole(incoming.sender)[:64])
        seat = self.store.seat(incoming.address)
        payload = _payload(incoming)
        if payload:
            self._invited(incoming, payload)
        elif seat is None:
            self._refuse(incoming, "stranger_group" if incoming.other == "group" else "stranger")
        elif incoming.attached is not None:
            attached = replace(incoming.attached, name=whole(incoming.attached.name))
            self.store.take_upload(replace(incoming, attached=attached), seat, self.clock())
        elif (pasted := self._read_pasted(incoming)) is not None:
            self._tell(incoming, seat, Received(PASTED, "粘贴的文字", pasted))
        else:
            self._turn(incoming, seat)

    def enrol(self, incoming: Incoming, agency: str, year: int, level: str = "") -> bool:
        """Give a chat on this machine a seat for `agency`, and greet it; False for a bad name."""
        name = plain(agency)
        if not is_agency(name):
            return False
        now = self.clock()
        known = self.store.find_draft(name, year)
        draft = known or self.store.open_draft(name, year, now, level or level_of(name))
        seat = self.store.take_seat(incoming, draft, now)
        if seat is not None:
            self._greet(incoming, seat)
        return True

    def begin_document(self, document: int) -> File | Callable[[], File]:
        """A finished file, or the work that makes it: without the store, fit for another thread.

        The work may raise DocumentError.
        """
        kept = self.store.document(document)
        if kept.file is not None:
            return kept.file
        more: dict[str, object] = {}
        if kept.format == "xlsx":
            more = {"last": self.store.draft(kept.draft).last, "draft": kept.draft}

        if kept.format in PRINTED and self.fonts:
            more = {"fonts": self.fonts}
        marks = self._marked(kept.draft) if kept.format == "png" else frozenset()

        def make() -> File:
            report = read_report(kept.report, self.form).report
            if marks and not report.final:
                more["marks"] = marks
            return write(kept.format, report, self.form, **more)

        return make

    def finish_document(self, document: int, made: File | Exception) -> File | None:
        """Keep a file that was made; None where it failed: the reason is put into the outbox."""
        if isinstance(made, File):
            self.store.keep_document(document, made)
            return made
        reason = str(made) if isinstance(made, DocumentError) else "生成时出了意外，已经记录。"
        text = self.wording.text("document_failed", reason=reason)
        self.store.fail_document(document, reason, text, self.clock())
        return None

    def begin_upload(self, upload: Upload, content: bytes) -> Reading | Exception:
        """What stands in a file that was fetched: without the store, fit for another thread."""
        try:
            return read_apart(upload.name, content, self.form, self.local)
        except Unreadable as refused:
            return refused

    def finish_upload(self, upload: Upload, read: Reading | Exception) -> None:
        """Tell the person what was read, or why nothing was; once for each upload."""
        incoming = Incoming(f"upload:{upload.id}", upload.address)
        seat = self.store.seat(upload.address)
        if seat is None or self.store.is_taken(incoming.key):
            self.store.drop_upload(upload.id, self.clock())
            return
        if isinstance(read, Reading):
            self.store.keep_reading(upload.id, dump_reading(read, self.form))
            received = Received(upload.id, upload.name, read)
        else:
            reason = str(read) if isinstance(read, Unreadable) else self.wording.text("file_failed")
            received = Received(upload.id, upload.name, None, reason)
        try:
            self._tell(incoming, seat, received)
        except Busy:
            raise
        except Exception as fault:  # whatever stands in the file: the person must hear of it
            _log.error("an upload could not be told: %s", type(fault).__name__)
            reason = self.wording.text("file_failed")
            self._tell(incoming, seat, Received(upload.id, upload.name, None, reason))

    def import_report(
        self, reading: Reading, agency: str, year: int, *, as_last_year: bool, replacing: bool
    ) -> str:
        """Take a report from the command line, as last year's or into the draft; what was done.

        Raises Unreadable where its year is another, or where it contradicts answers that stand.
        """
        report, wanted = reading.report, year - 1 if as_last_year else year
        if report.year not in (0, wanted):
            raise Unreadable(f"这是{report.year}年的报告，要的是{wanted}年的。")
        if not is_ours(agency, report):
            raise Unreadable(f"这是“{report.agency[:40]}”的报告，不是“{agency}”的，没有读入。")
        now = self.clock()
        incoming = Incoming(f"import:{uuid.uuid4().hex}", "command:import", sender="命令行")
        known = self.store.find_draft(agency, year)
        draft_id = known or self.store.open_draft(agency, year, now, level_of(agency))
        draft = self.store.draft(draft_id)
        answers = [] if as_last_year else list(imported(draft, report))
        differ = [item for item, new in answers if draft.standing(item) not in (None, new.value)]
        if differ and not replacing:
            names = "、".join(map(self.wording.name, differ[:4]))
            raise Unreadable(
                f"有 {len(differ)} 项与已填的不同（{names}{'等' if len(differ) > 4 else ''}），"
                "没有读入。以文件为准请加 --replace。"
            )
        seat = self.store.take_seat(incoming, draft_id, now)
        assert seat is not None
        answers += [(gate, Answer(YES, "imported")) for gate in _contradicted(draft, answers)]
        changes = [draft.change(item, new) for item, new in answers]
        self.store.save_turn(
            incoming, seat, draft.with_changes(changes), changes, seat.position, (), now,
            adopts=write_report(replace(report, year=wanted), self.form) if as_last_year else None,
            enrolled=True,
        )  # fmt: skip
        name = "imported_last" if as_last_year else "imported"
        figures = sum(value is not None for value in report.figures.values())
        return self.wording.text(
            name, agency=agency, year=wanted, figures=figures, of=len(self.form.cells),
            changed=sum(c.old != c.new for c in changes),
        )  # fmt: skip

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _read_pasted(self, incoming: Incoming) -> Reading | None:
        """The report in a message that is a whole one, pasted; None for every other message."""
        text = incoming.text
        if len(text) < _LEAST_REPORT or len(text) > LONGEST_TEXT or incoming.edited:
            return None
        if not is_whole(text, self.form):
            return None
        try:
            return read_text(text, self.form)
        except Unreadable:
            return None

    def _tell(self, incoming: Incoming, seat: Seat, received: Received) -> None:
        """Tell what was read, as a turn."""
        draft = self.store.draft(seat.draft)
        position = Position.load(seat.position)
        turn = take_file(draft, position, received, self._scene(seat, position))
        if received.upload == PASTED and received.reading is not None:
            pasted = dump_reading(received.reading, self.form)
            self._keep(incoming, seat, draft, turn, pasted=(received.name, pasted))
        else:
            self._keep(incoming, seat, draft, turn, told=received.upload)

    def _turn(self, incoming: Incoming, seat: Seat) -> None:
        draft = self.store.draft(seat.draft)
        position = Position.load(seat.position)
        about = self._about(incoming, seat.draft)
        turn = take_turn(draft, position, incoming, self._scene(seat, position), about)
        asked = about or position.asking if turn.changes else ""
        self._keep(incoming, seat, draft, turn, asked=asked)

    def _about(self, incoming: Incoming, draft: int) -> str:
        """The question that a reply or an edited message belongs to."""
        if incoming.edited:
            return self.store.question_of(incoming.address, incoming.message, draft)
        if incoming.reply_to:
            return self.store.question_of(incoming.address, incoming.reply_to, draft)
        return ""

    def _invited(self, incoming: Incoming, payload: str) -> None:
        now = self.clock()
        draft = self.store.invited(payload, incoming.address, now)
        if isinstance(draft, str):
            seat = self.store.seat(incoming.address)
            if seat is not None:
                self._turn(replace(incoming, text="/start"), seat)
            else:
                self._refuse(incoming, f"invitation_{draft}")
            return
        seat = self.store.take_seat(incoming, draft, now, payload)
        if seat is not None:
            self._greet(incoming, seat)

    def _greet(self, incoming: Incoming, seat: Seat) -> None:
        draft = self.store.draft(seat.draft)
        position = Position.load(seat.position)
        scene = self._scene(seat, position)
        turn = begin(draft, position, scene, known=bool(seat.position))
        self._keep(incoming, seat, draft, turn, enrolled=True)

    def _refuse(self, incoming: Incoming, name: str) -> None:
        reply = Outgoing(0, incoming.address, (Part(self.wording.text(name)),))
        self.store.save_refusal(incoming, [Reply(reply)], self.clock())

    def _scene(self, seat: Seat, position: Position) -> Scene:
        latest, news = self.store.news(seat.draft, seat.person, position.seen)
        return Scene(
            guides=self.guides,
            today=self.clock().date(),
            recall=lambda: self.store.last_batch(seat.draft, seat.person),
            received=lambda upload: self._received(upload, seat.address),
            news=news,
            latest=latest,
        )

    def _marked(self, draft: int) -> frozenset[str]:
        """The cells of a draft that must be corrected: marked in the pictures of its pages."""
        found = run_checks(build_dossier(self.store.draft(draft)), FIGURE_CHECKS)
        return frozenset(cell for f in found if f.severity == "hard" for cell in f.cells)

    def _received(self, upload: int, address: str) -> Received | None:
        """A file that this chat sent before and that was read."""
        kept = self.store.reading(upload, address)
        return Received(upload, kept[0], load_reading(kept[1], self.form)) if kept else None

    def _adopted(self, turn: Turn) -> str | None:
        """The report (JSON) that becomes last year's, '' where the one before is taken back."""
        if turn.adopts is None:
            return None
        return write_report(turn.draft.last, self.form) if turn.draft.last else ""

    def _keep(
        self,
        incoming: Incoming,
        seat: Seat,
        draft: Draft,
        turn: Turn,
        *,
        asked: str = "",
        told: int | None = None,
        pasted: tuple[str, str] | None = None,
        enrolled: bool = False,
    ) -> None:
        """Word the turn and commit it."""
        after = turn.draft
        position = turn.position
        replies: list[Reply] = []
        if turn.says:
            rows = tuple(
                tuple(
                    Button(
                        self.wording.button(choice, after),
                        Press(
                            seat.draft,
                            choice.question or position.asking,
                            position.revision,
                            choice.code,
                        ),
                    )
                    for choice in row
                )
                for row in turn.choices
                if row
            )
            position = replace(
                position,
                choices=tuple(
                    (b.text, b.press.choice, b.press.question)
                    for row in rows
                    for b in row
                    if not b.ticks
                ),
            )
            parts = self.wording.parts(turn, after)
            message = Outgoing(
                0, incoming.address, parts, rows, turn.numeric and bool(rows), turn.replaces
            )
            replies.append(Reply(message, position.asking))
        report = None
        if turn.makes:
            made = build_report(after, final=turn.final)
            report = write_report(made, self.form)
            for number, kind in enumerate(turn.makes):
                caption = self.wording.text(
                    "document", final=turn.final, agency=made.agency, year=made.year, kind=kind
                )
                sent = Outgoing(0, incoming.address, (Part(caption),), document=number)
                at = number if not turn.final else len(replies)
                replies.insert(at, Reply(sent, position.asking))
        self.store.save_turn(
            incoming,
            seat,
            after,
            turn.changes,
            position.dump(),
            replies,
            self.clock(),
            asked=asked,
            undoes=turn.undoes,
            report=report,
            formats=turn.makes,
            adopts=self._adopted(turn),
            told=told,
            pasted=pasted,
            enrolled=enrolled,
        )


def _contradicted(draft: Draft, answers: Iterable[tuple[str, Answer]]) -> list[str]:
    """The gates answered 没有 although a figure of theirs is now above 0."""
    above = {item for item, new in answers if item in draft.figures and new.value}
    return [gate for gate in draft.closed if above & set(draft.form.gate(gate).cells)]


def report_year(today: datetime) -> int:
    """报告年度: last year until June, else this year."""
    return today.year - 1 if today.month <= 6 else today.year


def whole(text: str) -> str:
    """The text with halves of characters joined; a lone half becomes U+FFFD and NUL goes."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\x00", "\ufffd")


def is_agency(name: str) -> bool:
    """Whether a text can be an agency's full name."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in name):
        return False
    return (
        4 <= len(name) <= 60
        and re.search(r"[\u4e00-\u9fff]{4}", name) is not None
        and not (re.search(r"[\n\t。，,!?！？<>{}]", name))
    )


def level_of(agency: str) -> str:
    """The level that a name shows; it can be given with the invitation instead."""
    if re.search(r"(乡|镇)人民政府$|街道办事处$", agency):
        return "乡镇街道"
    if agency.endswith(("省人民政府", "自治区人民政府")):
        return "省级政府"
    if agency.endswith("市人民政府"):
        return "地市级政府"
    if agency.endswith("人民政府"):
        return "县级政府"
    return "县级政府部门"


def _payload(incoming: Incoming) -> str:
    """The invitation that `/start` carries, or ''."""
    match = re.fullmatch(r"/start\s+([A-Za-z0-9_-]{1,64})\s*", incoming.text)
    return match[1] if match and not incoming.edited and not incoming.other else ""
