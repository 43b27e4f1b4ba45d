"""One turn at the desk: what an admin typed or pressed goes in, acts and words come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.answers import plain
from bot.desk.boards import send_board, show_board, show_home, show_year, turn_page
from bot.desk.cards import (
    offer_files,
    open_unit,
    send_file,
    send_trace,
    show_history,
    show_unit,
)
from bot.desk.downloads import download, download_all
from bot.desk.office import DeskTalk, DeskTurn, Office, Refused
from bot.desk.people import (
    end_member,
    invite_all,
    invite_staff,
    invite_unit,
    show_people,
    show_staff,
)
from bot.desk.position import DeskPosition
from bot.desk.reminding import remind, remind_all
from bot.desk.reviews import (
    approve,
    comment,
    next_review,
    offer_open_version,
    send_back,
    show_review,
    take_reason,
    unpin,
    withdraw,
)
from bot.desk.rollups import fill_in, send_data, send_sheet, show_anomalies, show_rollup
from bot.desk.rosters import (
    ASKING,
    exempt,
    merge,
    rename,
    restore,
    set_due,
    set_own,
    set_parent,
    set_short,
    show_roster,
    store_roster,
    take_rows,
    unset_own,
)
from bot.interview.talk import Choice
from bot.messages import Incoming
from bot.office.names import find_units
from bot.office.roster import pasted_rows

Command = Callable[[DeskTalk, str], None]


def take_desk(position: DeskPosition, incoming: Incoming, office: Office) -> DeskTurn:
    """What one incoming thing at the desk comes to."""
    return run(position, office, lambda desk: _take(desk, incoming))


def take_grid(
    position: DeskPosition, rows: Sequence[Sequence[str]] | str, office: Office
) -> DeskTurn:
    """What a file with a list of units comes to; a text says why it could not be read."""

    def take(desk: DeskTalk) -> None:
        if isinstance(rows, str):
            raise Refused("desk_file_refused", reason=rows)
        take_rows(desk, rows)

    return run(position, office, take)


def run(position: DeskPosition, office: Office, work: Callable[[DeskTalk], None]) -> DeskTurn:
    """A turn in which something is done; what is refused is said and changes nothing."""
    desk = DeskTalk(position, office)
    try:
        work(desk)
    except Refused as refused:
        asking = desk.position.asking
        desk = DeskTalk(position, office)
        desk.say(refused.name, **refused.facts)
        desk.move(asking=asking)
        if _has_list(desk):
            count = sum(1 for row in position.pending if any(row))
            desk.offer(Choice("store_roster", "store_roster", {"count": count}),
                       Choice("roster", "drop_roster"))  # fmt: skip
        if position.version:
            offer_open_version(desk)
        desk.offer(Choice("home", "desk_home"))
    desk.move(revision=desk.position.revision + 1)
    return desk.turn()


def _take(desk: DeskTalk, incoming: Incoming) -> None:
    if incoming.press is not None:
        _do(desk, incoming.press.choice)
    elif incoming.edited:
        raise Refused("desk_edited")
    elif incoming.other:
        raise Refused("desk_only_text")
    else:
        _text(desk, incoming.text, desk.asked, numbered=incoming.numbered)


def _text(desk: DeskTalk, text: str, asked: str, *, numbered: bool) -> None:
    """Typed text: a command, an answer to what was asked, a comment, a unit's name."""
    word = plain(text).rstrip("。.!！")
    code = _typed_choice(desk, word, numbered=numbered)
    if not code and _has_list(desk) and word[:1] in ("对", "好", "是", "存"):
        code = "store_roster"
    if code:
        _do(desk, code)
        return
    name, _, rest = word.partition(" ")
    for command in (name, name.casefold()):
        if command in COMMANDS:
            COMMANDS[command](desk, rest.strip())
            return
    if asked.startswith(("return.", "withdraw.")):
        take_reason(desk, asked, text)
        return
    if comment(desk, text):
        return
    if asked == ASKING or text.count("\n") > 1:
        take_rows(desk, pasted_rows(text))
        return
    for start in sorted(COMMANDS, key=len, reverse=True):
        if len(start) > 1 and word.startswith(start) and not start.startswith("/"):
            rest = word.removeprefix(start).strip()
            if start in _WITH_NAMES or find_units(desk.office.units(), rest):
                COMMANDS[start](desk, rest)
                return
    if not open_unit(desk, word):
        raise Refused("desk_not_understood", typed=word[:30])


def _has_list(desk: DeskTalk) -> bool:
    """Whether a list was shown just now and waits for a yes."""
    return any(code == "store_roster" for _, code in desk.before.choices)


def _do(desk: DeskTalk, code: str) -> None:
    """What a button stands for: its name and, behind a dot, what it is about."""
    name, _, rest = code.partition(".")
    if name not in BUTTONS:
        raise Refused("desk_old_button")
    BUTTONS[name](desk, rest)


def _typed_choice(desk: DeskTalk, typed: str, *, numbered: bool) -> str:
    """The button that words mean, or a number where the channel shows buttons with numbers."""
    kept = desk.before.choices
    for words, code in kept:
        if typed == plain(words):
            return code
    number = typed.removeprefix("/")
    if not numbered and number == typed:
        return ""
    if number.isascii() and number.isdigit() and 0 < len(number) < 4:
        at = int(number) - 1
        return kept[at][1] if 0 <= at < len(kept) else ""
    return ""


def give_help(desk: DeskTalk, words: str = "") -> None:
    """帮助: what can be typed."""
    desk.say("desk_help", admin=desk.office.role == "office")
    desk.offer(Choice("home", "desk_home"))


def leave(desk: DeskTalk, words: str = "") -> None:
    """填报: to the interview, for who also answers for a unit."""
    desk.leaves = True


def _filtered(desk: DeskTalk, name: str) -> None:
    show_board(desk, name)
    desk.replaces = True


def _named(work: Command) -> Command:
    """A command about a unit that is named in words."""

    def do(desk: DeskTalk, words: str) -> None:
        if not words and desk.position.unit:
            work(desk, str(desk.position.unit))
            return
        found = find_units(desk.office.units(), words) if words else ()
        if len(found) != 1:
            raise Refused("desk_unit_unclear", typed=words[:30],
                          found=[u.called for u in found[:6]])  # fmt: skip
        work(desk, str(found[0].id))

    return do


def _on_version(work: Command) -> Command:
    """A word about the version that was looked at last."""

    def do(desk: DeskTalk, words: str) -> None:
        if not desk.position.version:
            raise Refused("desk_no_version")
        work(desk, str(desk.position.version))

    return do


def _invite(desk: DeskTalk, words: str) -> None:
    desk.only_admins()
    if words in ("全部", "所有", ""):
        invite_all(desk)
    else:
        _named(invite_unit)(desk, words)


def _remind(desk: DeskTalk, words: str) -> None:
    desk.only_admins()
    if words in ("全部", "所有", ""):
        remind(desk)
    else:
        _named(remind)(desk, words)


def _review(desk: DeskTalk, words: str) -> None:
    if words:
        _named(next_review)(desk, words)
    else:
        show_board(desk, "已提交")


COMMANDS: Mapping[str, Command] = {
    "/start": show_home, "办公室": show_home, "首页": show_home, "开始": show_home,
    "返回": show_home, "你好": show_home, "/office": show_home, "/progress": show_home,
    "进度": show_home, "看板": show_board, "名册": show_roster, "花名册": show_roster,
    "邀请": _invite, "管理员": show_people, "催报": _remind, "汇总": show_rollup,
    "异常": show_anomalies, "下载": download, "下载全部": download_all, "历史": show_history,
    "审核": _review, "退回": _on_version(send_back), "通过": _on_version(approve),
    "撤回通过": _on_version(withdraw), "年度": show_year, "截止": set_due, "截至": set_due,
    "改名": rename, "合并": merge, "免报": exempt, "恢复": restore, "简称": set_short,
    "上级": set_parent, "本级": set_own, "取消本级": unset_own,
    "填报": leave, "/view": show_board, "/report": show_rollup, "帮助": give_help,
    "/help": give_help, "?": give_help, "看板文件": send_board, "换人": _named(show_staff),
}  # fmt: skip

_WITH_NAMES = (
    "年度", "截止", "截至", "改名", "合并", "免报", "恢复", "简称", "上级", "本级", "取消本级",
    "汇总", "看板",
)  # fmt: skip

BUTTONS: Mapping[str, Command] = {
    "home": show_home, "unit": show_unit, "page": turn_page, "filter": _filtered,
    "board_back": lambda desk, _: show_board(desk), "board_file": send_board,
    "file": offer_files, "send": send_file, "history": show_history, "trace": send_trace,
    "invite": lambda desk, rest: invite_unit(desk, rest) if rest else invite_all(desk),
    "invite_some": invite_all, "staff": show_staff, "people": show_people,
    "ask": invite_staff, "end": end_member,
    "remind": remind, "remind_all": remind_all, "roster": show_roster,
    "store_roster": store_roster, "review": show_review, "next": next_review,
    "look": lambda desk, id: show_review(desk, id, files=False), "approve": approve,
    "return": send_back, "withdraw": withdraw, "unpin": unpin, "rollup": show_rollup,
    "sheet": send_sheet, "data": send_data, "fill": fill_in, "anomalies": show_anomalies,
    "download": download, "zip": download_all, "desk_help": give_help,
}  # fmt: skip

__all__ = ["BUTTONS", "COMMANDS", "run", "take_desk", "take_grid"]
