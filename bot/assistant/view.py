"""What the desk sees: the store, the clock and the words behind the protocol of `bot.desk`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.agency import is_agency
from bot.assistant.base import Parts
from bot.checks import run_checks
from bot.checks.finding import Finding
from bot.desk.office import Happening, Person, Remark
from bot.draft import REPLY, Entry
from bot.messages import Button, Press
from bot.office.acts import Role
from bot.office.peers import Anomaly, Peer, compare_peers
from bot.office.rollup import Rollup, add_up
from bot.office.rollup_checks import check_fresh, check_rollup
from bot.office.standing import Standing, Unit, Version
from bot.office.tree import children
from bot.reading import Reading
from bot.record import build_dossier, file_dossier
from bot.store import new_payload

RECOUNTED = 60
"""Drafts whose findings are counted anew while somebody waits for a board."""


class View:
    """The office as one desk sees it in one turn."""

    def __init__(self, parts: Parts, role: Role, *, is_terminal: bool = False) -> None:
        self._parts, self._store = parts, parts.store
        self.form = parts.form
        self.role = role
        self.now = parts.clock()
        self.is_terminal = is_terminal

    def units(self) -> tuple[Unit, ...]:
        """The roster."""
        return self._store.units()

    def standings(self, year: int, unit: int = 0) -> tuple[Standing, ...]:
        """Where the units stand; the findings of what moved last are counted first."""
        count_findings(self._parts, year, RECOUNTED, unit)
        return self._store.standings(year, self._store.dues(year), unit)

    def dues(self, year: int) -> tuple[date, date]:
        """The last days of departments and governments."""
        return self._store.dues(year)

    def versions(self, draft: int) -> tuple[Version, ...]:
        """What was handed in."""
        return self._store.versions(draft)

    def version_at(self, id: int) -> tuple[int, int] | None:
        """The unit and the year of a version."""
        return self._store.version_place(id)

    def findings(self, version: Version) -> tuple[Finding, ...]:
        """What the checks say of a version, last year beside it."""
        draft = self._store.draft(version.draft)
        reading = Reading(version.report)
        return run_checks(file_dossier(reading, self.form, draft.last))

    def comments(self, version: int) -> Sequence[Remark]:
        """What is pinned to a version."""
        return self._store.comments(version)

    def replies(self, draft: int) -> Mapping[int, str]:
        """What the clerk answered to comments."""
        answers = self._store.draft(draft).answers
        return {
            int(item.removeprefix(REPLY)): str(answer.value)
            for item, answer in answers.items()
            if item.startswith(REPLY)
        }

    def members(self, unit: int | None = None) -> Sequence[Person]:
        """Who holds a role."""
        return self._store.members(unit)

    def open_invitations(self) -> Mapping[int | None, int]:
        """How many invitations wait."""
        return self._store.open_invitations()

    def events(self, unit: int, draft: int | None) -> Sequence[Happening]:
        """What happened to a unit."""
        return self._store.events(unit=unit, draft=draft)

    def entries(self, draft: int, items: Sequence[str]) -> Sequence[Entry]:
        """The history of some items."""
        return [entry for _, _, entry in self._store.history(draft) if entry.item in items]

    def rollup(self, district: Unit, year: int, *, final: bool) -> Rollup:
        """The sum of a district."""
        below = children(self.units(), district.id)
        found = self._store.contributions(year)
        ids = {unit.id for unit in below}
        return add_up(
            self.form, district, below, [c for c in found if c.unit.id in ids], year, final=final
        )

    def rollup_findings(self, rollup: Rollup) -> tuple[Finding, ...]:
        """What is wrong or missing in a sum, held against the district's own draft."""
        draft = self._store.find_draft(rollup.district.name, rollup.year)
        own = self._store.draft(draft) if draft else None
        report = dict(own.values) if own and own.answers else None
        texts = {key: str(own.value(key) or "") for key in self.form.texts} if own else None
        found = check_rollup(
            rollup, self.form, report=report, texts=texts, last=own.last if own else None
        )
        kept = self._store.last_rollup(rollup.district.id, rollup.year)
        return (*found, *(check_fresh(kept[0], rollup) if kept else ()))

    def anomalies(self, year: int) -> tuple[Anomaly, ...]:
        """What is odd across the units that handed in."""
        peers = []
        for standing in self._store.standings(year, self._store.dues(year)):
            if standing.draft is None or standing.state not in ("submitted", "approved"):
                continue
            draft = self._store.draft(standing.draft)
            newest = self._store.versions(standing.draft)[-1]
            drafted = tuple(
                str(answer.value) for answer in draft.answers.values() if answer.source == "drafted"
            )
            peers.append(Peer(standing.unit, newest.report, draft.last, drafted))
        return compare_peers(peers, self.form)

    def filed(self, draft: int) -> Sequence[tuple[int, str, str, str, int]]:
        """The files kept at approvals."""
        return self._store.filed(draft)

    def was_sent(self, key: str) -> bool:
        """Whether a reminder went out."""
        return self._store.is_taken(key)

    def link(self, payload: str) -> str:
        """The link that carries an invitation."""
        return self._parts.link(payload)

    def new_payload(self) -> str:
        """A payload that nobody can guess."""
        return new_payload()

    def is_agency(self, name: str) -> bool:
        """Whether a text can be an agency's full name."""
        return is_agency(name)

    def text(self, name: str, **facts: object) -> str:
        """A sentence for somebody else's chat."""
        return self._parts.wording.text(name, **facts)

    def sit(self, draft: int) -> tuple[tuple[Button, ...], ...]:
        """The button that takes a contact to a draft."""
        words = self._parts.wording.plain_button("sit")
        return ((Button(words, Press(draft, SIT, 0, "sit")),),)


SIT = "seat"
"""The question of the button that takes a contact to a draft."""


def count_findings(parts: Parts, year: int, limit: int, unit: int = 0) -> int:
    """Count the open findings of drafts (or one unit's) that moved; how many were counted."""
    counts = []
    for id in parts.store.unchecked(year, limit, unit):
        found = run_checks(build_dossier(parts.store.draft(id)))
        severities = [finding.severity for finding in found]
        counts.append((id, severities.count("hard"), severities.count("explain")))
    if counts:
        parts.store.keep_counts(counts)
    return len(counts)
