"""看板: the units of a year, page by page, and what can be done from there."""

from __future__ import annotations

from bot.desk.office import DeskTalk, read_id
from bot.interview.talk import Choice
from bot.office.board import (
    ALL,
    FILTERS,
    is_unreached,
    localized,
    must_report,
    ordered,
    page,
    pick,
    summary,
    table,
)
from bot.office.reminders import laggards
from bot.office.standing import Standing


def show_home(desk: DeskTalk, words: str = "") -> None:
    """办公室: where the year stands, and the way to everything."""
    standings = desk.office.standings(desk.year)
    say_summary(desk, standings)
    if not standings:
        desk.say("desk_empty")
        if desk.office.role == "office":
            desk.offer(Choice("roster", "roster"))
        return
    waiting = [s for s in standings if s.state == "submitted"]
    if waiting:
        desk.offer(Choice("filter.已提交", "to_review", {"count": len(waiting)}))
    desk.offer(Choice("filter." + ALL, "board"), Choice("rollup", "rollup"))
    if desk.office.role == "office":
        rest: list[Choice] = []
        if lag := len(laggards(standings)):
            rest.append(Choice("remind", "remind", {"count": lag}))
        if bare := sum(is_unreached(s) for s in standings):
            rest.append(Choice("invite", "invite_all", {"count": bare}))
        desk.offer(*rest)
        desk.offer(Choice("roster", "roster"), Choice("people", "people"))
    desk.offer(Choice("download", "download"), Choice("anomalies", "anomalies"))
    if desk.office.role == "office" and not desk.office.is_terminal:
        desk.offer(Choice("desk_help", "help"))


def say_summary(desk: DeskTalk, standings: tuple[Standing, ...]) -> None:
    """The counts of a year in one message."""
    counted = summary(localized(standings, desk.office.now.tzinfo), desk.today)
    due, government = desk.office.dues(desk.year)
    desk.say("desk_summary", year=desk.year, of=counted.of, counts=dict(counted.counts),
             exempt=counted.exempt, late=counted.late, unreached=counted.unreached,
             due=due, government=government, left=(due - desk.today).days)  # fmt: skip


def show_board(desk: DeskTalk, words: str = "") -> None:
    """A page of the board; `words` may name a filter."""
    name = words.strip() or desk.position.filter or ALL
    if name not in FILTERS:
        desk.say("desk_no_filter", typed=name[:20], filters=list(FILTERS))
        name = ALL
    if name != desk.position.filter:
        desk.move(filter=name, page=1)
    standings = desk.office.standings(desk.year)
    if not standings:
        show_home(desk)
        return
    here = localized(standings, desk.office.now.tzinfo)
    rows = ordered(pick(here, name, desk.today))
    shown = page(rows, desk.position.page)
    desk.move(page=shown.number)
    if not rows:
        desk.say("desk_board_empty", filter=name, year=desk.year)
    else:
        desk.say("desk_board", (table(shown, desk.today),), filter=name, year=desk.year,
                 count=len(rows), page=shown.number, pages=shown.of)  # fmt: skip
    desk.offer_rows([Choice(f"unit.{s.unit.id}", "unit_named",
                            {"number": 0 if desk.office.is_terminal else n,
                             "name": s.unit.called})
                     for n, s in enumerate(shown.rows, shown.first)])  # fmt: skip
    turns = []
    if shown.number > 1:
        turns.append(Choice(f"page.{shown.number - 1}", "page_before"))
    if shown.number < shown.of:
        turns.append(Choice(f"page.{shown.number + 1}", "page_next"))
    desk.offer(*turns)
    counts = {f: len(pick(here, f, desk.today)) for f in FILTERS}
    desk.offer_rows([Choice("filter." + f, "filter", {"name": f, "count": count})
                     for f, count in counts.items() if count and f != name], wide=3)  # fmt: skip
    desk.offer(Choice("board_file", "board_file"), Choice("home", "desk_home"))


def turn_page(desk: DeskTalk, number: str) -> None:
    """Another page of the board."""
    desk.move(page=read_id(number) or 1)
    show_board(desk)
    desk.replaces = True


def send_board(desk: DeskTalk, words: str = "") -> None:
    """The board as a workbook; `网页` in words gives a page."""
    kind = "board.html" if "网页" in words or "html" in words.lower() else "board.xlsx"
    desk.say("desk_sending")
    desk.order(kind, facts={"year": desk.year})


def show_year(desk: DeskTalk, words: str) -> None:
    """年度 2024: look at another year."""
    digits = "".join(c for c in words if c.isdecimal())
    if not (len(digits) == 4 and 2008 <= int(digits) <= 2100):
        desk.say("desk_year_how", year=desk.year)
        return
    desk.move(year=int(digits), page=1)
    show_home(desk)


def late_and_open(standings: tuple[Standing, ...]) -> int:
    """How many must still hand in."""
    return sum(must_report(s) and s.state not in ("submitted", "approved") for s in standings)
