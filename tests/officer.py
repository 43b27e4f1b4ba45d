"""An admin at a desk: as a clerk in a chat, who came by an invitation of the office."""

from __future__ import annotations

from bot.assistant import Assistant
from bot.office.acts import Role
from bot.store import Seat
from tests.clerk import Clerk


class Officer(Clerk):
    """One person at the office's desk, in the channel `test`."""

    def appoint(self, role: Role = "office") -> Officer:
        """Come by an invitation for a role."""
        store, clock = self.assistant.store, self.assistant.clock
        self.say(f"/start {store.invite(None, clock(), role)}")
        return self

    def listed(self, *names: str) -> Officer:
        """Put units onto the roster by pasting them."""
        self.say("名册").say("\n".join(names)).press("对，存入")
        return self

    def link(self, name: str) -> str:
        """The message that takes up a new invitation for a unit."""
        self.say(f"邀请 {name}")
        return next(line for line in self.reply.splitlines() if "/start " in line).strip()

    def seated(self, name: str, chat: str) -> Clerk:
        """A contact for a unit in a chat of her own."""
        return Clerk(self.assistant, chat).say(self.link(name))


__all__ = ["Assistant", "Officer", "Seat"]
