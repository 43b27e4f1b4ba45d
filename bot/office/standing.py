"""Who has to report, and where each of them stands.

Pure values; the store fills them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.report import Report

State = Literal["idle", "filling", "submitted", "returned", "approved"]
"""未开始, 填报中, 已提交, 已退回, 已通过."""

STATES: Mapping[State, str] = {
    "idle": "未开始",
    "filling": "填报中",
    "submitted": "已提交",
    "returned": "已退回",
    "approved": "已通过",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One body that reports: its full name, how it is called for short, and its place.

    `parent` is the id of the government it belongs to (None at the top); `own` marks that
    government's own office, whose figures are the government's own; `exempt` is the reason why it
    need not report, '' where it must.
    """

    id: int
    name: str
    short: str = ""
    level: str = ""
    order: int = 0
    parent: int | None = None
    own: bool = False
    exempt: str = ""

    @property
    def called(self) -> str:
        """The short name, or the full one where there is none."""
        return self.short or self.name


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one unit stands with its report of one year.

    `percent` is how much of the interview is answered (0–100); `hard` and `explain` count open
    findings; `moved` is the last change; `due` the last day; `promised` the day that its contact
    named; `version` the number of the last version handed in, 0 where there is none; `contacts`
    the names of those who answer for it.
    """

    unit: Unit
    year: int
    state: State = "idle"
    draft: int | None = None
    percent: int = 0
    hard: int = 0
    explain: int = 0
    moved: datetime | None = None
    due: date | None = None
    promised: date | None = None
    version: int = 0
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was handed in: frozen, whatever the draft becomes.

    `explained` holds the 说明 by the identity of their findings' rule and place, in words;
    `decided` is what became of it.
    """

    id: int
    draft: int
    number: int
    report: Report
    submitted: datetime
    submitter: str
    explained: tuple[tuple[str, str], ...] = ()
    decided: Literal["", "recalled", "returned", "approved"] = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reviewer asks for: pinned to an item of the form, or '' for the whole report."""

    item: str
    text: str
    by: str = ""
