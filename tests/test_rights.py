"""The rights matrix: every role against everything that can be typed, pressed, sent and replied to.

Whoever may not, changes nothing, and hears nothing that would tell whether the thing exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.turn import BUTTONS, COMMANDS
from bot.messages import Press
from bot.office.acts import Role
from tests.conftest import NOW
from tests.rights import (
    FINANCE,
    GOVERNMENT,
    SCHOOLS,
    TRADE,
    UNITS,
    WATER,
    Heard,
    Rows,
    World,
    build,
    changed,
    desk,
    file,
)

OUTSIDE = ("stranger", "ended contact", "ended admin")
CONTACTS = ("contact", "contact of water", "contact of trade")
WATCHING = ("observer", "demoted admin", "observer and contact")
NOBODY, NO_UNIT = 987654, "青石县林业局"
"""An id and a name that nothing has."""

TYPED: Mapping[str, str] = {
    "审核": "{}", "邀请": "{}", "催报": "{}", "下载": "{} pdf", "换人": "{}", "汇总": "{}",
    "看板": "{}", "年度": "2022", "历史": "予以公开", "截止": "1月26日", "改名": "{} 为 青石县水利局",
    "合并": "{} 到 青石县商务局", "免报": "{}：已并入商务局", "恢复": "{}", "简称": "{} 水务",
    "上级": "{} 青石县人民政府", "本级": "{}",
}  # fmt: skip
"""What stands behind a command."""

PRESSED: Mapping[str, tuple[str, ...]] = {
    "unit": ("{unit}",), "page": ("2",), "filter": ("已提交",), "file": ("{unit}",),
    "send": ("{unit}.docx", "{unit}.json"), "history": ("{unit}",), "trace": ("{unit}",),
    "invite": ("", "{unit}", "{unit}.{person}"), "staff": ("{unit}",),
    "ask": ("office", "observer"), "end": ("contact.{person}.{unit}", "office.{admin}"),
    "remind": ("", "{unit}"), "review": ("{version}",), "next": ("{unit}",),
    "look": ("{version}",), "approve": ("{version}",), "return": ("{version}",),
    "withdraw": ("{approved}", "{version}"), "unpin": ("{version}",), "rollup": ("", "{district}"),
    "sheet": ("{district}",), "data": ("{district}",), "fill": ("{district}",),
    "download": ("", "全部"), "zip": ("docx",),
}  # fmt: skip
"""What a button is about; one that is not named here is about nothing."""

FOR_ADMINS = {
    "邀请", "催报", "截止", "改名", "合并", "免报", "恢复", "简称", "上级", "本级",
    "取消本级", "截至", "退回", "通过", "撤回通过", "invite_some",
    "invite", "ask", "end", "remind", "remind_all", "store_roster", "approve", "return", "withdraw",
    "unpin", "fill",
}  # fmt: skip
"""What an observer may not do."""

FOR_ALL = {
    "/start", "办公室", "首页", "开始", "返回", "你好", "/office", "/progress", "进度", "看板", "名册",
    "花名册", "管理员", "汇总", "异常", "下载", "下载全部", "历史", "审核", "年度", "填报", "/view",
    "/report", "帮助", "/help", "?", "看板文件", "换人",
    "home", "unit", "page", "filter", "board_back", "board_file", "file", "send", "history",
    "trace", "staff", "people", "roster", "review", "next", "look", "rollup", "sheet", "data",
    "anomalies", "download", "zip", "desk_help",
}  # fmt: skip
"""What only looks."""

WILD = ("-1", "²", "9" * 25, "77.2.3", "x")
"""Ids that no button ever carried."""

CHOICES = [("seat", "sit"), ("gate.rules", "yes"), ("gate.rules", "none"), ("review", "submit"),
           ("review", "recall"), ("overview.platform", "draft"), ("x", "ok")]  # fmt: skip
"""Buttons of the interview: what they ask, and what is chosen."""

quick = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody, once for all trials."""
    world = build(tmp_path_factory.mktemp("rights") / "nianbao.db")
    yield world
    world.store.close()


def pairs_typed() -> list[tuple[str, str]]:
    """Everything that can be typed, about a unit that there is and about one that there is not."""
    lines = [*COMMANDS, *(f"{name} {rest}" for name, rest in TYPED.items()), "{}", "审核{}"]
    comment = "予以公开 自然人：与登记簿不符"
    return [(line.format(WATER), line.format(NO_UNIT)) for line in (*lines, comment)]


def pairs_pressed(world: World, names: Iterable[str] = BUTTONS) -> list[tuple[str, str]]:
    """Every button, about something that there is and about something that there is not."""
    there: dict[str, object] = {
        "unit": world.unit(WATER), "version": world.version(WATER),
        "person": world.person("contact of water"), "admin": world.person("admin"),
        "approved": world.version(TRADE), "district": world.unit(GOVERNMENT),
    }  # fmt: skip
    absent = dict.fromkeys(there, NOBODY)
    codes = [f"{name}.{rest}".rstrip(".") for name in names for rest in PRESSED.get(name, ("",))]
    return [(code.format(**there), code.format(**absent)) for code in codes]


def tables(rows: Rows) -> set[str]:
    """The tables of some rows."""
    return {table for table, _ in rows}


def reports(world: World) -> Rows:
    """What people answered, how it came to be, and what was handed in of it."""
    kept = ("answers", "history", "versions", "reports")
    return {key: count for key, count in world.rows().items() if key[0] in kept}


def names_of_others(own: str) -> list[str]:
    """What the contact of a unit must not read: the names of the others."""
    return [name.removeprefix("青石县") for name in UNITS[2:] if name != own]


def test_every_command_and_button_has_its_place_in_the_matrix() -> None:
    assert set(COMMANDS) | set(BUTTONS) == FOR_ADMINS | FOR_ALL
    assert not FOR_ADMINS & FOR_ALL
    assert set(TYPED) <= set(COMMANDS)
    assert set(PRESSED) <= set(BUTTONS)


# ── who has no part in it ───────────────────────────────────────────────────────────────────


def deeds_of_a_stranger(world: World) -> Iterator[dict[str, Any]]:
    """Everything that somebody outside could do."""
    for pair in (*pairs_typed(), ("提交",), ("收回",), ("表二 行政许可 5",)):
        yield from ({"text": text} for text in pair)
    for pair in pairs_pressed(world):
        yield from ({"press": desk(code)} for code in pair)
    for draft in (0, world.draft(FINANCE), world.draft(WATER), NOBODY):
        yield from ({"press": Press(draft, question, 1, choice)} for question, choice in CHOICES)
    yield {"attached": file()}
    yield {"text": "5", "reply_to": "b7"}
    yield {"text": "5", "message": "m3", "edited": True}
    yield {"other": "photo"}


@pytest.mark.parametrize("role", OUTSIDE)
def test_who_is_outside_always_hears_the_same_and_changes_nothing(world: World, role: str) -> None:
    plain = world.trial("stranger", text="你好")[0].shown()
    for deed in deeds_of_a_stranger(world):
        heard, rows = world.trial(role, **deed)
        assert (heard.shown(), rows, heard.others) == (plain, {}, ()), deed


@pytest.mark.parametrize("link", ["used", "expired", "revoked", "guessed", "ended contact",
                                  "ended admin"])  # fmt: skip
@pytest.mark.parametrize("role", [*OUTSIDE, "contact", "observer"])
def test_an_invitation_that_is_not_good_opens_nothing(world: World, role: str, link: str) -> None:
    heard, rows = world.trial(role, text=world.links[link])
    assert tables(rows) <= {"seats", "chats"}
    assert heard.said
    assert not heard.others
    assert not any(name in heard.text for name in names_of_others(FINANCE)) or role == "observer"
    if role in OUTSIDE:
        assert not rows
        assert heard.shown() == world.trial("stranger", text=world.links[link])[0].shown()


def test_a_good_invitation_lets_a_stranger_in_once(world: World) -> None:
    with world.undone():
        assert "青石县水务局" in world.attempt("stranger", text=world.links["open"]).text
        assert "已经有人用过" in world.attempt("ended admin", text=world.links["open"]).text


# ── contacts ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", CONTACTS)
def test_a_contact_who_makes_up_the_offices_buttons_does_nothing(world: World, role: str) -> None:
    address = world.people[role].address
    for there, absent in pairs_pressed(world):
        heard, rows = world.trial(role, press=desk(there))
        assert {world.owner(*row) for row in rows} <= {address}, there
        assert tables(rows) <= {"seats"}, there
        assert heard.shown() == world.trial(role, press=desk(absent))[0].shown(), there
        assert not heard.others


def test_a_contact_who_types_the_offices_words_reaches_no_other_unit(world: World) -> None:
    own = {world.people["contact"].address, world.draft(FINANCE)}
    for there, absent in pairs_typed():
        heard, rows = world.trial("contact", text=there)
        assert {world.owner(*row) for row in rows if row[0] != "seals"} <= own, there
        told = heard.shown()[0] if there == absent else heard.shown(there)[0]
        if there != absent:
            assert heard.shown(there) == world.trial("contact", text=absent)[0].shown(absent)
        assert not any(name in str(told) for name in names_of_others(FINANCE)), there
        assert not heard.others


@pytest.mark.parametrize("role", CONTACTS)
def test_a_button_of_another_units_draft_is_as_one_of_no_draft(world: World, role: str) -> None:
    for question, choice in CHOICES:
        heard, rows = world.trial(role, press=Press(world.draft(SCHOOLS), question, 1, choice))
        absent, _ = world.trial(role, press=Press(NOBODY, question, 1, choice))
        assert heard.shown() == absent.shown()
        assert "属于另一份报告" in heard.text
        assert tables(rows) <= {"seats"}


@pytest.mark.parametrize("how", ["reply", "edit"])
def test_a_message_of_another_chat_is_as_no_message(world: World, how: str) -> None:
    water = world.people["contact of water"]
    asked, answered = f"b{water.heard[-1].id}", water.last.message
    assert world.store.question_of(water.address, asked, world.draft(WATER))

    def deed(message: str) -> dict[str, Any]:
        if how == "reply":
            return {"text": "表二 行政许可 7", "reply_to": message}
        return {"text": "表二 行政许可 7", "message": message, "edited": True}

    for message in (asked, answered):
        heard, rows = world.trial("contact", **deed(message))
        assert heard.shown() == world.trial("contact", **deed("b987654"))[0].shown()
        assert world.draft(WATER) not in {world.owner(*row) for row in rows}


def test_what_a_contact_is_sent_is_always_her_own(world: World) -> None:
    own = {world.draft(FINANCE), None}
    with world.undone():
        for _, code in pairs_pressed(world):
            world.attempt("contact", press=desk(code))
        for text, _ in pairs_typed():
            world.attempt("contact", text=text)
        rows = world.store.db.execute(
            "SELECT outbox.draft_id, documents.draft_id FROM outbox LEFT JOIN documents"
            " ON documents.id = document_id WHERE address = ?",
            [world.people["contact"].address],
        ).fetchall()
    assert rows
    assert {draft for row in rows for draft in row} <= own


def test_a_file_sent_by_another_chat_cannot_be_opened(world: World) -> None:
    with world.undone():
        world.attempt("contact of schools", attached=file("去年.docx"))
        upload = world.store.waiting_uploads("test")[-1]
        world.store.keep_reading(upload.id, "{}")
        assert world.store.reading(upload.id, upload.address)
        assert world.store.reading(upload.id, world.people["contact"].address) is None


# ── observers ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", WATCHING)
def test_an_observer_is_refused_alike_whether_it_exists_or_not(world: World, role: str) -> None:
    address = world.people[role].address
    typed = [(a, b) for a, b in pairs_typed() if a.split()[0] in FOR_ADMINS and " " in a]
    codes = pairs_pressed(world, (b for b in BUTTONS if b in FOR_ADMINS))
    tried: list[tuple[dict[str, Any], dict[str, Any]]] = [
        *(({"text": a}, {"text": b}) for a, b in typed),
        *(({"press": desk(a)}, {"press": desk(b)}) for a, b in codes),
    ]
    for there, absent in tried:
        heard, rows = world.trial(role, **there)
        assert "只能查看" in heard.text, there
        assert heard.shown() == world.trial(role, **absent)[0].shown(), there
        assert {(t, world.owner(t, row)) for t, row in rows} == {("chats", address)}, there
        assert not heard.others


@pytest.mark.parametrize("role", WATCHING)
def test_looking_changes_nothing_but_where_one_looks(world: World, role: str) -> None:
    codes = pairs_pressed(world, (b for b in BUTTONS if b in FOR_ALL))
    tried: list[dict[str, Any]] = [
        *({"text": a} for a, _ in pairs_typed() if a.split()[0] not in FOR_ADMINS and a != "填报"),
        *({"press": desk(a)} for a, _ in codes),
    ]
    for deed in tried:
        heard, rows = world.trial(role, **deed)
        assert tables(rows) <= {"chats", "documents"}, deed
        assert not heard.others
        offered = {
            b.press.choice.partition(".")[0] for m in heard.said for r in m.buttons for b in r
        }
        assert not offered & FOR_ADMINS, deed


@pytest.mark.parametrize("role", WATCHING)
def test_a_file_of_an_observer_is_not_even_fetched(world: World, role: str) -> None:
    heard, rows = world.trial(role, attached=file())
    assert "只能查看" in heard.text
    assert tables(rows) == {"chats"}


# ── admins ──────────────────────────────────────────────────────────────────────────────────


def test_an_id_that_somebody_made_up_stops_nothing(world: World) -> None:
    about = [name for name, rests in PRESSED.items() if any("{" in rest for rest in rests)]
    for code in [f"{name}.{wild}" for name in about for wild in WILD]:
        heard, rows = world.trial("admin", press=desk(code))
        assert heard.said, code
        assert tables(rows) <= {"chats"}, code


def test_an_invitation_replaces_only_somebody_of_that_unit(world: World) -> None:
    for person in (NOBODY, world.person("admin"), world.person("contact of trade")):
        with world.undone():
            code = f"invite.{world.unit(WATER)}.{person}"
            assert "自动停用" not in world.attempt("admin", press=desk(code)).text
            row = "SELECT replaces FROM invitations ORDER BY id DESC LIMIT 1"
            assert world.store.db.execute(row).fetchone() == (None,)


def test_the_last_admin_stays(world: World) -> None:
    with world.undone():
        other = world.person("admin and contact")
        world.attempt("admin", press=desk(f"end.office.{other}"))
        heard = world.attempt("admin", press=desk(f"end.office.{world.person('admin')}"))
        assert "最后一位管理员" in heard.text
        assert world.store.desk(world.people["admin"].address)


@pytest.mark.parametrize("role", ["admin", "observer"])
def test_an_admin_who_answers_for_nobody_presses_no_button_of_a_clerk(
    world: World, role: str
) -> None:
    for question, choice in CHOICES:
        heard, rows = world.trial(role, press=Press(world.draft(WATER), question, 1, choice))
        absent, _ = world.trial(role, press=Press(NOBODY, question, 1, choice))
        assert heard.shown() == absent.shown()
        assert "过时" in heard.text
        assert tables(rows) == {"chats"}


def test_an_admin_who_is_a_contact_fills_in_her_own_unit_in_the_interview(world: World) -> None:
    role = "admin and contact"
    with world.undone():
        before = reports(world)
        world.attempt(role, text="表二 行政许可 8")
        assert reports(world) == before
        world.attempt(role, text="填报")
        world.attempt(role, text="表二 行政许可 8")
        rows = changed(before, reports(world))
        assert {world.owner(*row) for row in rows} == {world.draft(FINANCE)}
        world.attempt(role, text="办公室")
        before = reports(world)
        world.attempt(role, text="表二 行政许可 9")
        assert reports(world) == before


def test_pressing_in_the_interview_brings_it_to_the_front(world: World) -> None:
    role = "admin and contact"
    with world.undone():
        sit = Press(world.draft(FINANCE), "seat", 0, "sit")
        assert "财政局" in world.attempt(role, press=sit).text
        world.attempt(role, text="表二 行政许可 8")
        assert world.store.draft(world.draft(FINANCE)).figure("proactive.permits") == 8


def test_an_edited_answer_is_no_choice_at_the_desk(world: World) -> None:
    role = "admin and contact"
    with world.undone():
        world.attempt(role, text="填报")
        world.attempt(role, text="表二 行政许可 8", message="figure")
        world.attempt(role, text="办公室")
        before = world.rows()
        world.attempt(role, text="表二 行政许可 9", message="figure", edited=True)
        rows = changed(before, world.rows())
        assert world.store.draft(world.draft(FINANCE)).figure("proactive.permits") == 9
        assert {world.owner(*row) for row in rows if row[0] != "seals"} == {
            world.draft(FINANCE), world.people[role].address,
        }  # fmt: skip


Deed = tuple[str, Any]


def deeds(world: World) -> st.SearchStrategy[list[Deed]]:
    """Whatever somebody at a desk can do, in any order."""
    typed = st.sampled_from([text for pair in pairs_typed() for text in pair])
    codes = st.sampled_from([code for pair in pairs_pressed(world) for code in pair])
    drafts = st.sampled_from([world.draft(name) for name in (FINANCE, WATER, SCHOOLS)])
    spoken = st.sampled_from([
        "平台建设：请写具体", "整体：数字不对", "请核对后重报", "表二 行政许可 5", "有", "没有", "5",
        "1", "2", "3", "4", "提交", "收回", "对", "青石县林业局\n青石县教育局\n青石县交通运输局",
    ])  # fmt: skip
    pressed = st.tuples(drafts, st.sampled_from(CHOICES))
    one: st.SearchStrategy[Deed] = st.one_of(
        st.tuples(st.just("say"), typed | spoken), st.tuples(st.just("desk"), codes),
        st.tuples(st.just("offered"), st.integers(0, 20)), st.tuples(st.just("clerk's"), pressed),
        st.tuples(st.just("edit"), spoken), st.tuples(st.just("file"), st.none()),
    )  # fmt: skip
    return st.lists(one, min_size=3, max_size=10)


def do(world: World, role: str, deed: Deed, last: Heard) -> Heard:
    """One of those deeds; `last` shows the buttons that are offered."""
    kind, what = deed
    if kind == "offered":
        offered = [b.press for m in last.said for row in m.buttons for b in row]
        press = offered[what % len(offered)] if offered else desk("home")
        return world.attempt(role, press=press)
    if kind == "clerk's":
        draft, (question, choice) = what
        return world.attempt(role, press=Press(draft, question, 1, choice))
    if kind == "desk":
        return world.attempt(role, press=desk(what))
    if kind == "file":
        return world.attempt(role, attached=file())
    return world.attempt(role, text=what, edited=kind == "edit")


@pytest.mark.parametrize("role", ["admin", "observer", "demoted admin"])
@quick
@given(data=st.data())
def test_nothing_done_at_the_desk_changes_an_answer(
    world: World, role: str, data: st.DataObject
) -> None:
    with world.undone():
        before, heard = reports(world), world.attempt(role, text="办公室")
        for deed in data.draw(deeds(world)):
            heard = do(world, role, deed, heard)
            assert reports(world) == before, deed


@pytest.mark.parametrize("role", ["admin and contact", "observer and contact", "contact"])
@quick
@given(data=st.data())
def test_who_is_a_contact_changes_answers_of_her_own_unit_only(
    world: World, role: str, data: st.DataObject
) -> None:
    with world.undone():
        address = world.people[role].address
        heard = world.attempt(role, text="办公室")
        for deed in data.draw(deeds(world)):
            before = reports(world)
            place = world.store.desk(address)
            heard = do(world, role, deed, heard)
            moved = {world.owner(*row) for row in changed(before, reports(world))}
            assert moved <= {world.draft(FINANCE)}, deed
            if place and place.in_front and deed[0] in ("say", "desk"):
                assert not moved, deed


# ── whose role has ended ────────────────────────────────────────────────────────────────────


def end_contact(world: World) -> None:
    """The office ends the role of the contact."""
    code = f"end.contact.{world.person('contact')}.{world.unit(FINANCE)}"
    assert "已停用" in world.attempt("admin", press=desk(code)).text


def test_who_is_ended_is_a_stranger_at_once(world: World) -> None:
    contact = world.people["contact"]
    plain = world.trial("stranger", text="你好")[0].shown()
    with world.undone():
        offered = [button.press for button in contact.buttons]
        end_contact(world)
        assert offered
        assert world.store.seat(contact.address) is None
        sit = Press(world.draft(FINANCE), "seat", 0, "sit")
        before = world.rows()
        tried: list[dict[str, Any]] = [{"press": press} for press in (*offered, sit)]
        edit = {"text": "5", "message": contact.last.message, "edited": True}
        for deed in (*tried, {"text": "5"}, {"attached": file()}, edit):
            assert world.attempt("contact", **deed).shown() == plain, deed
        assert "已经有人用过" in world.attempt("contact", text=world.links["contact"]).text
        assert world.rows() == before


def test_who_is_ended_hears_nothing_of_the_unit_any_more(world: World) -> None:
    with world.undone():
        end_contact(world)
        last = world.store.unsent("test")[-1].id
        for code in ("remind_all", f"remind.{world.unit(FINANCE)}"):
            world.attempt("admin", press=desk(code))
        world.assistant.tick()
        heard = {message.address for message in world.store.unsent("test", last)}
        assert world.people["contact of schools"].address in heard
        assert world.people["contact"].address not in heard


def test_a_file_sent_before_the_end_is_not_told_after_it(world: World) -> None:
    with world.undone():
        world.attempt("contact", attached=file("去年.docx"))
        upload = world.store.waiting_uploads("test")[-1]
        end_contact(world)
        last = world.store.unsent("test")[-1].id
        world.assistant.finish_upload(upload, ValueError("whatever"))
        assert not world.store.unsent("test", last)
        assert not world.store.waiting_uploads("test")


def test_who_is_ended_as_an_admin_loses_the_desk_and_keeps_her_unit(world: World) -> None:
    role = "admin and contact"
    with world.undone():
        heard = world.attempt(role, text="看板")
        offered = [button.press for m in heard.said for row in m.buttons for button in row]
        world.attempt("admin", press=desk(f"end.office.{world.person(role)}"))
        before = world.rows()
        for press in offered:
            assert "属于另一份报告" in world.attempt(role, press=press).text
        assert tables(changed(before, world.rows())) <= {"seats"}
        world.attempt(role, text="表二 行政许可 8")
        assert world.store.draft(world.draft(FINANCE)).figure("proactive.permits") == 8


def handed_over(world: World) -> str:
    """Somebody new takes the contact's place; the message that did it."""
    code = f"invite.{world.unit(FINANCE)}.{world.person('contact')}"
    said = world.attempt("admin", press=desk(code)).text
    return next(line for line in said.splitlines() if line.startswith("/start "))


def test_the_one_who_takes_over_ends_the_one_before(world: World) -> None:
    with world.undone():
        link = handed_over(world)
        assert world.store.seat(world.people["contact"].address)
        assert "财政局" in world.attempt("stranger", text=link).text
        assert world.store.seat(world.people["contact"].address) is None
        assert world.store.seat(world.people["stranger"].address)


def test_a_used_link_ends_nobody_a_second_time(world: World) -> None:
    with world.undone():
        link = handed_over(world)
        world.attempt("stranger", text=link)
        back = world.store.invite(world.draft(FINANCE), NOW)
        world.attempt("contact", text=f"/start {back}")
        world.attempt("stranger", text=link)
        assert world.store.seat(world.people["contact"].address)


@pytest.mark.parametrize(("role", "wanted"), [("observer", "office"), ("admin", "observer")])
def test_who_is_both_admin_and_observer_is_an_admin(world: World, role: str, wanted: Role) -> None:
    with world.undone():
        world.attempt(role, text=f"/start {world.store.invite(None, NOW, wanted)}")
        found = world.store.desk(world.people[role].address)
        assert found
        assert found.role == "office"


def test_who_still_answers_for_another_unit_is_no_stranger(world: World) -> None:
    with world.undone():
        other = world.store.invite(world.draft(SCHOOLS), NOW)
        world.attempt("contact", text=f"/start {other}")
        code = f"end.contact.{world.person('contact')}.{world.unit(SCHOOLS)}"
        world.attempt("admin", press=desk(code))
        assert world.store.seat(world.people["contact"].address)


def test_a_button_with_a_number_beyond_all_ids_is_none_of_ours() -> None:
    assert Press.decode(f"v1:{'9' * 25}:seat:0:sit") is None
