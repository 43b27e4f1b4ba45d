"""The office's side: invitations taken up, turns at the desk, and their files."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers import plain, whole
from bot.assistant.interview import Interview
from bot.assistant.orders import Orders
from bot.assistant.view import View
from bot.desk.boards import show_home
from bot.desk.office import DeskTalk, DeskTurn, Refused
from bot.desk.position import DeskPosition
from bot.desk.turn import run, take_desk, take_grid
from bot.messages import Button, Incoming, Outgoing, Press, Upload
from bot.office.acts import Act, OfferRollup
from bot.office.rollup import report_of
from bot.store import Desk, Moved, Reply

DESK = "desk"
_FRONT = ("办公室", "/office")


class DeskSide(Orders, Interview):
    """Turns at the desk."""

    def invited(self, incoming: Incoming) -> bool:
        """Take up the invitation that a message carries; False where it carries none."""
        payload = _payload(incoming)
        if not payload:
            return False
        now = self.clock()
        found = self.store.invited(payload, incoming.address, now)
        if isinstance(found, str):
            seat, desk = self.store.seat(incoming.address), self.store.desk(incoming.address)
            if desk is not None:
                self.desk_turn(replace(incoming, text="/start"), desk)
            elif seat is not None:
                self.turn(replace(incoming, text="/start"), seat)
            else:
                self.refuse(incoming, f"invitation_{found}")
        elif found.draft is None:
            with self.store.whole():
                taken = self.store.take_desk(incoming, found, now)
                if taken is not None:
                    self._welcome(incoming, taken)
            self.follow_up()
        else:
            self.take_place(incoming, found.draft, found)
        return True

    def at_desk(self, incoming: Incoming) -> bool:
        """Take what is meant for the desk; False where the chat has none, or talks as a clerk."""
        desk = self.store.desk(incoming.address)
        if desk is None:
            return False
        seat = self.store.seat(incoming.address)
        if incoming.press is not None:
            if incoming.press.draft != 0:
                return self._is_old(incoming, incoming.press, desk)
        elif seat is not None and self._about(incoming, seat.draft):
            return self._is_clerks(desk)
        elif not desk.in_front and plain(incoming.text) not in _FRONT:
            if seat is not None:
                return False
        elif not desk.in_front:
            incoming = replace(incoming, text="办公室")
        if incoming.attached is None:
            self.desk_turn(incoming, desk)
        elif desk.role != "office":
            self._refuse(incoming, desk, "desk_observer")
        else:
            attached = replace(incoming.attached, name=whole(incoming.attached.name))
            self.store.take_upload(replace(incoming, attached=attached), None, self.clock())
        return True

    def desk_turn(self, incoming: Incoming, desk: Desk) -> None:
        """One turn at the desk, kept whole."""
        view = self._view(desk)
        position = DeskPosition.load(desk.position)
        turn = take_desk(position, incoming, view)
        if turn.leaves:
            seat = self.store.seat(incoming.address)
            if seat is not None:
                self.store.show_desk(incoming.address, False)
                self.turn(replace(incoming, text="/start", press=None), seat)
                return
            self._refuse(incoming, desk, "desk_no_seat")
            return
        try:
            self._keep_desk(incoming, desk, turn)
        except Moved:
            self._refuse(incoming, desk, "desk_moved")

    def take_list(
        self, incoming: Incoming, desk: Desk, read: Sequence[Sequence[str]] | str
    ) -> None:
        """A file with a list of units, or why it could not be read."""
        position = DeskPosition.load(desk.position)
        self._keep_desk(incoming, desk, take_grid(position, read, self._view(desk)))

    def run_command(self, work: Callable[[DeskTalk], None], *, year: int = 0) -> DeskTurn:
        """What the command line asks of the desk, kept; the turn is for it to show.

        Raises Refused in place of an answer.
        """
        now = self.clock()
        key = f"command:{uuid.uuid4().hex}"
        incoming = Incoming(key, "command:office", sender="命令行")
        desk = self.store.take_command(incoming, now)
        view = View(self, "office", is_terminal=True)
        talk = DeskTalk(DeskPosition(year=year), view)
        work(talk)
        turn = talk.turn()
        if turn.acts:
            acts = tuple(self._filled(turn))
            self.store.save_desk(incoming, desk, acts, "", (), now)
        return turn

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _is_old(self, incoming: Incoming, press: Press, desk: Desk) -> bool:
        """A button of the interview; True where the person answers for nobody any more."""
        seat = self.store.seat(incoming.address)
        if seat is None and not self.store.may_sit(incoming.address, press.draft):
            self._refuse(incoming, desk, "desk_old_button")
            return True
        return self._is_clerks(desk)

    def _view(self, desk: Desk) -> View:
        return View(self, desk.role, is_terminal=desk.address.startswith("terminal:"))

    def _is_clerks(self, desk: Desk) -> bool:
        """False; what is typed next answers the interview's question, which is shown last."""
        if desk.in_front:
            self.store.show_desk(desk.address, False)
        return False

    def _refuse(self, incoming: Incoming, desk: Desk, name: str) -> None:
        """Say why nothing was done."""

        def refuse(talk: DeskTalk) -> None:
            raise Refused(name)

        turn = run(DeskPosition.load(desk.position), self._view(desk), refuse)
        self._keep_desk(incoming, desk, turn)

    def _welcome(self, incoming: Incoming, desk: Desk) -> None:
        turn = run(DeskPosition(), self._view(desk), _welcome(desk))
        self._write_desk(replace(incoming, key=f"{incoming.key}:welcome"), desk, turn)

    def _keep_desk(self, incoming: Incoming, desk: Desk, turn: DeskTurn) -> None:
        """Word a turn at the desk, commit it, and tell others what follows of it."""
        self._write_desk(incoming, desk, turn)
        self.follow_up()

    def _write_desk(self, incoming: Incoming, desk: Desk, turn: DeskTurn) -> None:
        rows = tuple(
            tuple(
                Button(
                    self.wording.words_of(choice),
                    Press(0, DESK, turn.position.revision, choice.code),
                )
                for choice in row
            )
            for row in turn.choices
        )
        choices = tuple((b.text, b.press.choice) for row in rows for b in row)
        position = replace(turn.position, choices=choices)
        message = Outgoing(
            0, desk.address, self.wording.compose(turn.says), rows, replaces=turn.replaces
        )
        files = [Reply(file) for file in self.captions(desk.address, turn.orders)]
        words = [Reply(message)]
        replies = files + words if turn.files_first else words + files
        self.store.save_desk(
            incoming, desk, tuple(self._filled(turn)), position.dump(), replies, self.clock(),
            documents=self.ordered(turn.orders), secret=turn.secret,
        )  # fmt: skip

    def _filled(self, turn: DeskTurn) -> Iterator[Act]:
        """The acts; the sum that is offered gets its report."""
        for act in turn.acts:
            if isinstance(act, OfferRollup):
                unit = self.store.unit(act.unit)
                assert unit is not None
                rollup = View(self, "office").rollup(unit, act.year, final=False)
                yield replace(act, report=self.dump_rollup(report_of(rollup, self.form)))
            else:
                yield act

    def follow_up(self) -> None:
        """What must happen at once behind an act; overridden by the chores."""

    def finish_list(self, upload: Upload, read: object, now: datetime) -> None:
        """Tell an office what was read from its file, once."""
        incoming = Incoming(f"upload:{upload.id}", upload.address)
        desk = self.store.desk(upload.address)
        if desk is not None and not self.store.is_taken(incoming.key):
            grid = read if isinstance(read, tuple) else str(read)
            self.take_list(incoming, desk, grid)
        self.store.drop_upload(upload.id, now)


def _welcome(desk: Desk) -> Callable[[DeskTalk], None]:
    def say(talk: DeskTalk) -> None:
        talk.say("desk_welcome", role=desk.role)
        show_home(talk)

    return say


def _payload(incoming: Incoming) -> str:
    """The invitation that `/start` carries, or ''."""
    match = re.fullmatch(r"/start\s+([A-Za-z0-9_-]{1,64})\s*", incoming.text)
    return match[1] if match and not incoming.edited and not incoming.other else ""
