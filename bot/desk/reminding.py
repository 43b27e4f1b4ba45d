"""催报: one tap reminds all who lag, or one unit; nobody twice on one day."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.office import DeskTalk, Refused, read_id
from bot.interview.talk import Choice
from bot.office.acts import Remind
from bot.office.board import due_words
from bot.office.reminders import laggards, unreached
from bot.office.standing import Standing

_NAMED = 10


def remind(desk: DeskTalk, words: str = "") -> None:
    """催报: whom it would reach; `催报 财政局` or the button of a card reminds one."""
    desk.only_admins()
    standings = desk.office.standings(desk.year)
    if words.isdigit():
        _send(desk, laggards([desk.standing(read_id(words))]), one=True)
        return
    late = laggards(standings)
    if not late:
        raise Refused("desk_nobody_late", unreached=len(unreached(standings)))
    fresh = [s for s in late if not desk.office.was_sent(f"remind:{_key(desk, s)}")]
    desk.say("desk_remind", count=len(fresh), done=len(late) - len(fresh),
             names=[s.unit.called for s in fresh[:_NAMED]],
             more=max(0, len(fresh) - _NAMED),
             unreached=[u.called for u in unreached(standings)[:_NAMED]],
             promised=sum(s.promised is not None and s.promised >= desk.today
                          for s in fresh))  # fmt: skip
    if fresh:
        desk.offer(Choice("remind_all", "remind_all", {"count": len(fresh)}))
    desk.offer(Choice("home", "desk_home"))


def remind_all(desk: DeskTalk, words: str = "") -> None:
    """Remind everybody who lags."""
    _send(desk, laggards(desk.office.standings(desk.year)), one=False)


def _send(desk: DeskTalk, late: Sequence[Standing], *, one: bool) -> None:
    desk.only_admins()
    fresh = [s for s in late if s.draft is not None
             and not desk.office.was_sent(f"remind:{_key(desk, s)}")]  # fmt: skip
    if not fresh:
        raise Refused("desk_reminded_today", one=one)
    for standing in fresh:
        desk.act(reminder(desk, standing, _key(desk, standing)))
    desk.say("desk_reminded", count=len(fresh), name=fresh[0].unit.called, one=one)
    back = Choice(f"unit.{fresh[0].unit.id}", "back_to_unit") if one else None
    desk.offer(*filter(None, (back, Choice("home", "desk_home"))))


def reminder(desk: DeskTalk, standing: Standing, key: str) -> Remind:
    """What the contacts of a unit read."""
    assert standing.draft is not None
    text = desk.office.text(
        "remind_by_office", agency=standing.unit.name, year=standing.year, day=standing.due,
        due=due_words(standing, desk.today), state=standing.state, percent=standing.percent,
    )  # fmt: skip
    return Remind(standing.unit.id, standing.draft, key, text, desk.office.sit(standing.draft))


def _key(desk: DeskTalk, standing: Standing) -> str:
    return f"office:{standing.year}:{standing.unit.id}:{desk.today.isoformat()}"
