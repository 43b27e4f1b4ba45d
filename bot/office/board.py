"""The board: who is how far, who is late, whom nobody can reach; by filters and pages.

Pure. Moments are taken as they are given: `localized` puts them into the reader's time zone.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from bot.office.standing import STATES, Standing, State
from bot.office.tree import rank

ALL = "全部"
EXEMPT = "免报"
PAGE_ROWS = 8
COLUMNS = 38
"""So many half-width columns a phone shows without folding a line."""
NAME_COLUMNS = 14
SOON_DAYS = 7
HEADS = ("序", "单位", "状态", "进度", "问题", "时间")
_NAME = HEADS.index("单位")
_LEFT = ("单位", "状态")  # the other columns end at their right
_HANDED_IN = ("submitted", "approved")
_RECENT_DAYS = 6
_SAME_SEASON_DAYS = 180  # a day without its year is mistaken for this year's when it is older


@dataclass(frozen=True, slots=True)
class Summary:
    """How many units must report and where they stand; the exempt are only in `exempt`.

    `late` are past their day and not handed in; `unreached` have nobody who answers for them.
    """

    of: int
    counts: Mapping[State, int]
    exempt: int
    late: int
    unreached: int

    @property
    def handed_in(self) -> int:
        """How many are with the office or through."""
        return sum(self.counts[state] for state in STATES if state in _HANDED_IN)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows: page `number` of `of`, counted from 1; `first` is the number of its first row."""

    rows: tuple[Standing, ...]
    number: int
    of: int
    first: int


# ── what is asked of a standing ─────────────────────────────────────────────────────────────


def must_report(standing: Standing) -> bool:
    """Whether the unit is not exempt."""
    return not standing.unit.exempt


def handed_in(standing: Standing) -> bool:
    """Whether the report is with the office or through; one sent back is not."""
    return standing.state in _HANDED_IN


def days_left(standing: Standing, today: date) -> int | None:
    """Days until the last day, negative when late; None where nothing is waited for."""
    if standing.due is None or handed_in(standing) or not must_report(standing):
        return None
    return (standing.due - today).days


def is_late(standing: Standing, today: date) -> bool:
    """Whether the last day has passed and the report is not there."""
    left = days_left(standing, today)
    return left is not None and left < 0


def is_unreached(standing: Standing) -> bool:
    """Whether nobody answers for a unit that must report."""
    return must_report(standing) and not standing.contacts


def state_word(standing: Standing) -> str:
    """The state in a word; 免报 for a unit that need not report, whatever it did."""
    return STATES[standing.state] if must_report(standing) else EXEMPT


def due_words(standing: Standing, today: date) -> str:
    """How long there is: 余3天, 今天止, 逾2天; '' where nothing is waited for."""
    left = days_left(standing, today)
    if left is None:
        return ""
    return f"余{left}天" if left > 0 else f"逾{-left}天" if left else "今天止"


def localized(standings: Iterable[Standing], zone: tzinfo | None) -> list[Standing]:
    """The standings with their moments on the clock of `zone`; those without a zone as they are."""
    return [
        replace(standing, moved=standing.moved.astimezone(zone))
        if zone and standing.moved and standing.moved.tzinfo
        else standing
        for standing in standings
    ]


# ── counting, choosing, paging ──────────────────────────────────────────────────────────────


def summary(standings: Sequence[Standing], today: date) -> Summary:
    """Counts each state among the units that must report."""
    owing = [standing for standing in standings if must_report(standing)]
    counts = Counter(standing.state for standing in owing)
    return Summary(
        of=len(owing),
        counts={state: counts[state] for state in STATES},
        exempt=len(standings) - len(owing),
        late=sum(is_late(standing, today) for standing in owing),
        unreached=sum(map(is_unreached, owing)),
    )


def _in_state(state: State) -> Callable[[Standing, date], bool]:
    return lambda standing, _: standing.state == state and must_report(standing)


FILTERS: Mapping[str, Callable[[Standing, date], bool]] = {
    ALL: lambda standing, today: True,
    **{word: _in_state(state) for state, word in STATES.items()},
    "逾期": is_late,
    "未绑定": lambda standing, today: is_unreached(standing),
    "有问题": lambda standing, today: must_report(standing) and standing.hard > 0,
}
"""What the board can be narrowed to; only 全部 shows the exempt."""


def pick(standings: Iterable[Standing], filter: str, today: date) -> tuple[Standing, ...]:
    """The standings that a filter lets through, in their order; KeyError for no filter of ours."""
    fits = FILTERS[filter]
    return tuple(standing for standing in standings if fits(standing, today))


def ordered(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """The standings in the order of their units, then by name."""
    return tuple(sorted(standings, key=lambda standing: rank(standing.unit)))


def page(rows: Sequence[Standing], number: int, size: int = PAGE_ROWS) -> Page:
    """One page of the rows; a number beyond either end gives the page at that end."""
    size = max(size, 1)
    of = max(-(-len(rows) // size), 1)
    number = min(max(number, 1), of)
    start = (number - 1) * size
    return Page(tuple(rows[start : start + size]), number, of, start + 1)


# ── lines on a phone ────────────────────────────────────────────────────────────────────────


def line(standing: Standing, today: date, number: int = 0) -> tuple[str, ...]:
    """A standing in the columns of HEADS, not yet aligned; without a number it has none.

    进度 stands only while something is being filled in. 问题 is 必须改正/需要说明, '' for none.
    时间 is the last day where it is near or past, and else when something last moved.
    """
    owes = must_report(standing)
    filling = owes and standing.state in ("filling", "returned")
    found = owes and (standing.hard or standing.explain)
    return (
        str(number) if number else "",
        clip(standing.unit.called, NAME_COLUMNS),
        state_word(standing),
        f"{standing.percent}%" if filling else "",
        f"{standing.hard}/{standing.explain}" if found else "",
        _when(standing, today),
    )


def table(page: Page, today: date) -> tuple[tuple[str, ...], ...]:
    """A head and a page's rows, padded: joined by a blank, at most COLUMNS wide.

    Names give way where the other columns need the room.
    """
    rows = [HEADS, *(line(row, today, n) for n, row in enumerate(page.rows, page.first))]
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    widths[_NAME] -= max(0, sum(widths) + len(widths) - 1 - COLUMNS)
    return tuple(tuple(map(_fitted, row, HEADS, widths)) for row in rows)


def columns_of(text: str) -> int:
    """How many half-width columns a text takes; a Chinese character takes two."""
    return sum(map(_wide, text))


def clip(text: str, columns: int) -> str:
    """One line of text, cut behind what fits; … says that there was more."""
    visible = (c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    text = " ".join("".join(visible).split())
    if columns_of(text) <= columns:
        return text
    while text and columns_of(text) >= columns:
        text = text[:-1]
    return text + "…" if columns > 0 else ""


def _wide(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fitted(text: str, head: str, width: int) -> str:
    """A cell as wide as its column."""
    text = clip(text, width)
    room = width - columns_of(text)
    if head not in _LEFT:
        return " " * room + text
    # Phones draw a Chinese character not quite as wide as two letters: only a gap as wide as one
    # keeps the next column straight.
    return text + "\u3000" * (room // 2) + " " * (room % 2)


def _when(standing: Standing, today: date) -> str:
    left = days_left(standing, today)
    if left is not None and left <= SOON_DAYS:
        return due_words(standing, today)
    if standing.moved is None:
        return ""
    return ago(standing.moved.date(), today)


def ago(day: date, today: date) -> str:
    """A day in few columns: 今天, 昨天, 3天前, 1-12; long past only its year, 2024年."""
    days = (today - day).days
    if days <= 1:  # a clock that runs ahead is no news
        return "昨天" if days == 1 else "今天"
    if days <= _RECENT_DAYS:
        return f"{days}天前"
    return f"{day.month}-{day.day}" if days <= _SAME_SEASON_DAYS else f"{day.year}年"
