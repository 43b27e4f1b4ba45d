"""The clerk's side: seats, turns of the interview, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.agency import is_agency, level_of
from bot.answers import LONGEST_TEXT, plain
from bot.assistant.base import Parts
from bot.assistant.view import SIT
from bot.draft import Draft
from bot.intake import dump_reading, load_reading
from bot.interview.card import explained_findings, explanation_key
from bot.interview.position import Position
from bot.interview.progress import percent_done
from bot.interview.talk import Choice, Scene, Turn
from bot.interview.turn import begin, take_decision, take_file, take_turn
from bot.messages import Button, Incoming, Outgoing, Part, Press
from bot.readers.reading import Reading, Unreadable
from bot.reading import Received
from bot.record import build_report
from bot.report import Report
from bot.store import PASTED, Invitation, Reply, Seat, Submission, dump_figures
from bot.workdays import is_workday
from bot.writers.json import write_report

_LEAST_REPORT = 400  # characters


class Interview(Parts):
    """Turns of the interview."""

    def enrol(self, incoming: Incoming, agency: str, year: int, level: str = "") -> bool:
        """Give a chat on this machine a seat for `agency`, and greet it; False for a bad name."""
        name = plain(agency)
        if not is_agency(name):
            return False
        now = self.clock()
        known = self.store.find_draft(name, year)
        draft = known or self.store.open_draft(name, year, now, level or level_of(name))
        self.take_place(incoming, draft)
        return True

    def take_place(
        self, incoming: Incoming, draft: int, invitation: Invitation | None = None
    ) -> None:
        """Seat somebody at a draft and greet: both, or neither where the process dies between."""
        with self.store.whole():
            seat = self.store.take_seat(incoming, draft, self.clock(), invitation)
            if seat is not None:
                self.greet(incoming, seat)

    def sat(self, incoming: Incoming, seat: Seat | None) -> bool:
        """去填写: a contact turns to the draft that the button names; False for all else."""
        press = incoming.press
        if press is None or press.question != SIT:
            return False
        if seat is not None and seat.draft == press.draft:
            self.turn(replace(incoming, press=None, text="/start"), seat)
        elif self.store.may_sit(incoming.address, press.draft):
            self.take_place(incoming, press.draft)
        elif seat is not None:
            self.turn(incoming, seat)
        else:
            return False
        return True

    def read_pasted(self, incoming: Incoming) -> Reading | None:
        """The report in a message that is a whole one, pasted; None for every other message."""
        text = incoming.text
        if len(text) < _LEAST_REPORT or len(text) > LONGEST_TEXT or incoming.edited:
            return None
        from bot.readers.text import is_whole, read_text

        if not is_whole(text, self.form):
            return None
        try:
            return read_text(text, self.form)
        except Unreadable:
            return None

    def tell(self, incoming: Incoming, seat: Seat, received: Received) -> None:
        """Tell what was read, as a turn."""
        draft = self.store.draft(seat.draft)
        position = Position.load(seat.position)
        turn = take_file(draft, position, received, self._scene(seat, position))
        if received.upload == PASTED and received.reading is not None:
            pasted = dump_reading(received.reading, self.form)
            self._keep(incoming, seat, draft, turn, pasted=(received.name, pasted))
        else:
            self._keep(incoming, seat, draft, turn, told=received.upload)

    def turn(self, incoming: Incoming, seat: Seat) -> None:
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

    def greet(self, incoming: Incoming, seat: Seat) -> None:
        draft = self.store.draft(seat.draft)
        position = Position.load(seat.position)
        scene = self._scene(seat, position)
        turn = begin(draft, position, scene, known=bool(seat.position))
        self._keep(incoming, seat, draft, turn, enrolled=True)

    def refuse(self, incoming: Incoming, name: str) -> None:
        reply = Outgoing(0, incoming.address, (Part(self.wording.text(name)),))
        self.store.save_refusal(incoming, [Reply(reply)], self.clock())

    def tell_decision(self, decision: int, kind: str, reason: str, seat: Seat) -> None:
        """Tell a contact what the office decided, once."""
        incoming = Incoming(f"decision:{decision}:{seat.address}", seat.address)
        draft = self.store.draft(seat.draft)
        position = Position.load(seat.position)
        scene = self._scene(seat, position)
        self._keep(
            incoming, seat, draft, take_decision(draft, position, kind, reason, scene), unasked=True
        )

    def _scene(self, seat: Seat, position: Position) -> Scene:
        latest, news = self.store.news(seat.draft, seat.person, position.seen)
        return Scene(
            guides=self.guides,
            today=self.clock().date(),
            recall=lambda: self.store.last_batch(seat.draft, seat.person),
            received=lambda upload: self._received(upload, seat.address),
            news=news,
            latest=latest,
            is_workday=is_workday,
        )

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
        unasked: bool = False,
    ) -> None:
        """Word the turn and commit it."""
        after, position = turn.draft, turn.position
        replies: list[Reply] = []
        if turn.says:
            rows = self._buttons(turn, seat.draft)
            position = replace(position, choices=_choices(rows))
            message = Outgoing(
                0, incoming.address, self.wording.parts(turn, after), rows,
                turn.numeric and bool(rows), turn.replaces, unasked=unasked,
            )  # fmt: skip
            replies.append(Reply(message, position.asking))
        report = None
        if turn.makes:
            made = build_report(after, final=turn.final)
            report = write_report(made, self.form)
            files = [Reply(one, position.asking) for one in self._files(turn, made, incoming)]
            replies = [*replies, *files] if turn.final else [*files, *replies]
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
            percent=percent_done(after) if turn.changes else 0,
            submission=self._submission(after) if turn.submits else None,
            recalls=turn.recalls,
            promised=turn.promised,
        )

    def _buttons(self, turn: Turn, draft: int) -> tuple[tuple[Button, ...], ...]:
        """The buttons of a turn with their words."""
        position = turn.position

        def button(choice: Choice) -> Button:
            question = choice.question or position.asking
            press = Press(draft, question, position.revision, choice.code)
            return Button(self.wording.button(choice, turn.draft), press)

        return tuple(tuple(map(button, row)) for row in turn.choices if row)

    def _files(self, turn: Turn, made: Report, incoming: Incoming) -> Iterator[Outgoing]:
        """A message for each document that a turn asks for, with its caption."""
        approved = turn.draft.stage.name == "approved"
        for number, kind in enumerate(turn.makes):
            caption = self.wording.text(
                "document", final=turn.final, agency=made.agency, year=made.year, kind=kind,
                approved=approved,
            )  # fmt: skip
            yield Outgoing(0, incoming.address, (Part(caption),), document=number)

    def _submission(self, draft: Draft) -> Submission:
        """What is frozen of a draft: its report, and the 说明 with the findings they explain."""
        report = build_report(draft)
        explained = tuple(
            (self.wording.finding(finding, draft), str(told))
            for finding in explained_findings(draft)
            if (told := draft.value(explanation_key(finding)))
        )
        figures = dump_figures([report.figures.get(cell) for cell in self.form.cells])
        return Submission(write_report(report, self.form), figures, explained)


def _choices(rows: Iterable[Iterable[Button]]) -> tuple[tuple[str, str, str], ...]:
    """What the buttons shown stand for, so that their words can be typed."""
    return tuple(
        (b.text, b.press.choice, b.press.question) for row in rows for b in row if not b.ticks
    )
