"""What an office may do, as values: decided by the desk, kept by the store in one transaction.

Pure. There is no act that changes a figure or a text of a report: 不得代填代报.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.messages import Button

Role = Literal["office", "observer", "contact"]
"""管理员, 观察员, 填报人."""

ROLES: dict[Role, str] = {"office": "管理员", "observer": "观察员", "contact": "填报人"}


@dataclass(frozen=True, slots=True)
class AddUnit:
    """A unit comes onto the roster, or its line there is brought up to date.

    `parent` is the parent's full name, '' for none; None leaves a field as it stands.
    """

    name: str
    short: str | None = None
    level: str | None = None
    order: int | None = None
    parent: str | None = None
    own: bool | None = None
    exempt: str | None = None


@dataclass(frozen=True, slots=True)
class RenameUnit:
    """A unit gets another full name; the old one stays in its history."""

    unit: int
    name: str


@dataclass(frozen=True, slots=True)
class MergeUnit:
    """A unit is merged into another: it leaves the roster, its reports stay."""

    unit: int
    into: int


@dataclass(frozen=True, slots=True)
class Invite:
    """A new invitation; `payload` is what its link carries, only its hash is kept.

    `replaces` is the person whose place the invited one takes.
    """

    role: Role
    payload: str
    unit: int | None = None
    year: int = 0
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Revoke:
    """The open invitations of a unit (None: those of the office) stop to be valid."""

    unit: int | None


@dataclass(frozen=True, slots=True)
class EndMember:
    """A person's role ends; what the person did stays."""

    person: int
    role: Role
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class SetDue:
    """The last days of a year's reports: of departments, and of governments."""

    year: int
    due: date | None
    government: date | None


@dataclass(frozen=True, slots=True)
class PinComment:
    """A comment on a question of a version; `item` '' is the whole report."""

    version: int
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class DropComment:
    """A comment that was not sent yet is taken back."""

    comment: int


@dataclass(frozen=True, slots=True)
class Decide:
    """A version is returned, approved, or its approval is withdrawn."""

    version: int
    kind: Literal["returned", "approved", "withdrawn"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Remind:
    """The contacts of a unit are reminded once under this key: what they read and may press."""

    unit: int
    draft: int
    key: str
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class OfferRollup:
    """The sum of a district goes to its own contacts, who take it over or not."""

    unit: int
    year: int
    final: bool
    counted: str
    report: str


Act = (
    AddUnit
    | RenameUnit
    | MergeUnit
    | Invite
    | Revoke
    | EndMember
    | SetDue
    | PinComment
    | DropComment
    | Decide
    | Remind
    | OfferRollup
)
