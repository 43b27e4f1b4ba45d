"""Takes one incoming thing: loads where the chat stands, lets the core decide, keeps it whole.

The only place where core, words and store meet; channels call it and know nothing else.
`interview` and `desk` are the two conversations, `documents` and `uploads` the files, `imports`
the command line's way in, `chores` what happens without anybody asking.
"""

from __future__ import annotations

from dataclasses import replace

from bot.answers import whole
from bot.assistant.chores import Chores
from bot.assistant.imports import Imports
from bot.messages import Incoming
from bot.reading import Received
from bot.store import PASTED


class Assistant(Chores, Imports):
    """One office's assistant on one store."""

    def receive(self, incoming: Incoming) -> None:
        """Take one update whole: answers, position and replies are committed together.

        An update taken before changes nothing.
        """
        if self.store.is_taken(incoming.key):
            return
        incoming = replace(incoming, text=whole(incoming.text), sender=whole(incoming.sender)[:64])
        if self.invited(incoming) or self.at_desk(incoming):
            return
        seat = self.store.seat(incoming.address)
        if self.sat(incoming, seat):
            return
        if seat is None:
            self.refuse(incoming, "stranger_group" if incoming.other == "group" else "stranger")
        elif incoming.attached is not None:
            attached = replace(incoming.attached, name=whole(incoming.attached.name))
            self.store.take_upload(replace(incoming, attached=attached), seat, self.clock())
        elif (pasted := self.read_pasted(incoming)) is not None:
            self.tell(incoming, seat, Received(PASTED, "粘贴的文字", pasted))
        else:
            self.turn(incoming, seat)


__all__ = ["Assistant"]
