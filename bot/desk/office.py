"""What the desk may look at, and what a turn of it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from bot.agency import report_year
from bot.checks.finding import Finding
from bot.desk.position import DeskPosition
from bot.draft import Entry
from bot.form import Form
from bot.interview.talk import Choice, Rows, Say
from bot.messages import Button
from bot.office.acts import Act, Role
from bot.office.peers import Anomaly
from bot.office.rollup import Rollup
from bot.office.standing import Standing, Unit, Version


class Person(Protocol):
    """Somebody in a role; `unit` is 0 for the office's own people."""

    @property
    def person(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def unit(self) -> int: ...


class Remark(Protocol):
    """A comment that is pinned to a version."""

    @property
    def id(self) -> int: ...
    @property
    def item(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def by(self) -> str: ...


class Happening(Protocol):
    """One line of what happened to a unit or a draft."""

    @property
    def kind(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def body(self) -> dict[str, Any]: ...


class Office(Protocol):
    """What the store and the clock know, as the desk asks for it."""

    form: Form
    now: datetime
    role: Role
    is_terminal: bool

    def units(self) -> tuple[Unit, ...]:
        """The roster."""

    def standings(self, year: int, unit: int = 0) -> tuple[Standing, ...]:
        """Where the units (or one) stand with a year."""

    def dues(self, year: int) -> tuple[date, date]:
        """The last days of departments and governments."""

    def versions(self, draft: int) -> tuple[Version, ...]:
        """What was handed in, oldest first."""

    def version_at(self, id: int) -> tuple[int, int] | None:
        """The unit and the year of a version, None where there is none."""

    def findings(self, version: Version) -> tuple[Finding, ...]:
        """What the checks say of a version."""

    def comments(self, version: int) -> Sequence[Remark]:
        """What is pinned to a version."""

    def replies(self, draft: int) -> Mapping[int, str]:
        """What the clerk answered to comments, by the comment's id."""

    def members(self, unit: int | None = None) -> Sequence[Person]:
        """Who holds a role: of a unit, or (None) everybody."""

    def open_invitations(self) -> Mapping[int | None, int]:
        """How many invitations wait, by unit."""

    def events(self, unit: int, draft: int | None) -> Sequence[Happening]:
        """What happened to a unit."""

    def entries(self, draft: int, items: Sequence[str]) -> Sequence[Entry]:
        """The history of some items."""

    def rollup(self, district: Unit, year: int, *, final: bool) -> Rollup:
        """The sum of a district."""

    def rollup_findings(self, rollup: Rollup) -> tuple[Finding, ...]:
        """What is wrong or missing in a sum."""

    def anomalies(self, year: int) -> tuple[Anomaly, ...]:
        """What is odd across units."""

    def filed(self, draft: int) -> Sequence[tuple[int, str, str, str, int]]:
        """The files kept at approvals: (document, format, name, sha256, version's number)."""

    def was_sent(self, key: str) -> bool:
        """Whether a reminder went out."""

    def link(self, payload: str) -> str:
        """The link that carries an invitation."""

    def new_payload(self) -> str:
        """A payload that nobody can guess."""

    def is_agency(self, name: str) -> bool:
        """Whether a text can be an agency's full name."""

    def text(self, name: str, **facts: object) -> str:
        """A sentence for somebody else's chat."""

    def sit(self, draft: int) -> tuple[tuple[Button, ...], ...]:
        """The button that takes a contact to a draft."""


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be made and sent along: its kind, and what it is made of."""

    kind: str
    draft: int | None = None
    version: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """What was asked cannot be done; `name` is the sentence, nothing has changed."""

    def __init__(self, name: str, **facts: object) -> None:
        super().__init__(name)
        self.name = name
        self.facts = facts


@dataclass(frozen=True, slots=True)
class DeskTurn:
    """What a turn at the desk came to."""

    position: DeskPosition
    says: tuple[Say, ...]
    choices: tuple[tuple[Choice, ...], ...]
    acts: tuple[Act, ...]
    orders: tuple[Order, ...]
    replaces: bool = False
    secret: bool = False
    leaves: bool = False
    files_first: bool = False


class DeskTalk:
    """Collects one turn at the desk."""

    def __init__(self, position: DeskPosition, office: Office) -> None:
        self.position = replace(position, asking="", choices=())
        self.before = position
        self.asked = position.asking
        self.office = office
        self.says: list[Say] = []
        self.choices: list[tuple[Choice, ...]] = []
        self.acts: list[Act] = []
        self.orders: list[Order] = []
        self.replaces = False
        self.secret = False
        self.leaves = False
        self.files_first = False

    @property
    def year(self) -> int:
        """The year that is looked at: by default the one that is due next."""
        return self.position.year or report_year(self.today)

    @property
    def today(self) -> date:
        """The day."""
        return self.office.now.date()

    def say(self, name: str, tables: tuple[Rows, ...] = (), /, **facts: object) -> None:
        """Add a sentence."""
        self.says.append(Say(name, facts, tables))

    def offer(self, *choices: Choice) -> None:
        """Add a row of buttons."""
        if choices:
            self.choices.append(choices)

    def offer_rows(self, choices: Sequence[Choice], wide: int = 2) -> None:
        """Add buttons in rows of `wide`."""
        for at in range(0, len(choices), wide):
            self.offer(*choices[at : at + wide])

    def act(self, *acts: Act) -> None:
        """Do something; an observer may not."""
        self.only_admins()
        self.acts.extend(acts)

    def only_admins(self) -> None:
        """Refuse whoever is no admin."""
        if self.office.role != "office":
            raise Refused("desk_observer")

    def order(self, kind: str, **more: Any) -> None:
        """Have a file made and sent along."""
        self.orders.append(Order(kind, **more))

    def move(self, **changes: Any) -> None:
        """Change the position."""
        self.position = replace(self.position, **changes)

    def standing(self, unit: int) -> Standing:
        """Where a unit stands; refused where there is none."""
        found = self.office.standings(self.year, unit) if unit else ()
        if not found:
            raise Refused("desk_no_unit")
        return found[0]

    def version(self, id: int) -> tuple[Standing, tuple[Version, ...], Version]:
        """A version by its id with its unit and all of its draft; refused where it is unknown."""
        place = self.office.version_at(id)
        if place is not None:
            unit, year = place
            standing = self.office.standings(year, unit)[0]
            assert standing.draft is not None
            versions = self.office.versions(standing.draft)
            return standing, versions, next(v for v in versions if v.id == id)
        raise Refused("desk_no_version")

    def turn(self) -> DeskTurn:
        """What the turn came to."""
        return DeskTurn(
            self.position, tuple(self.says), tuple(self.choices), tuple(self.acts),
            tuple(self.orders), self.replaces, self.secret, self.leaves, self.files_first,
        )  # fmt: skip


def read_id(code: str) -> int:
    """The id that a button carries; 0, which nothing has, where somebody made it up."""
    return int(code) if code.isascii() and code.isdigit() and len(code) < 12 else 0
