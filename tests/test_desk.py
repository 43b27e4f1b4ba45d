"""The office's desk as an admin uses it: roster, invitations, board, review, roll-up, history."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest

from bot.assistant import Assistant
from bot.messages import File
from bot.readers import read_file
from bot.store import Store
from tests.clerk import Clerk
from tests.conftest import NOW
from tests.officer import Officer

UNITS = ("青石县人民政府", "青石县人民政府办公室", "青石县财政局", "青石县水务局", "青石县商务局")
PROSE = (
    "全年发布信息{}条，其中政策文件{}条，开设专栏{}个，回应关切及时，做法有实效。",
    "设专人管理，建立台账{}本，培训{}次，清理旧文件{}件，做到有据可查。",
    "网站专栏更新{}次，查阅点{}个，政务新媒体账号{}个，运行平稳无事故。",
    "开展自查{}次，社会评议满意率高，未发生责任追究情形，整改{}处，通报{}次。",
    "存在公开不够及时的问题，今年改进：明确时限{}天，督办{}次，整改{}项。",
)


@pytest.fixture
def officer(assistant: Assistant) -> Officer:
    """The admin of a county with five units."""
    return Officer(assistant, "office").appoint().listed(*UNITS)


def fill_in(clerk: Clerk, seed: int = 1, told: str = "") -> Clerk:
    """Answer everything; `told` is what is said of table three, else all is zero."""
    if told:
        clerk.press("没有").press("没有").press("没有").press("有").say(told).press("对，存入")
        clerk.press("没有") if clerk.button("没有") else clerk
    else:
        clerk.press("五类都没有")
    for step in range(40):
        if clerk.button("提交"):
            return clerk
        words = next((w for w in ("确认", "没有收取，也没有", "不写", "用这段")
                      if clerk.button(w)), "")  # fmt: skip
        if words:
            clerk.press(words)
        elif "登记簿" in clerk.reply and "两个总数" in clerk.reply:
            clerk.say("3 0")
        elif "请回复一句说明" in clerk.reply:
            clerk.say("情况属实，数字与登记簿一致")
        elif match := re.search(r"只回(\d+)个数", clerk.reply):
            clerk.say(" ".join(str(seed + step) for _ in range(int(match[1]))))
        else:
            words = PROSE[step % len(PROSE)]
            clerk.say(words.format(seed + step, seed + 2, seed + 3) + clerk.draft.agency)
    raise AssertionError(clerk.reply)


def handed_in(officer: Officer, name: str, chat: str, seed: int = 1, told: str = "") -> Clerk:
    """A contact who took her invitation, answered everything and handed in."""
    return fill_in(officer.seated(name, chat), seed, told).press("提交")


THREE = "今年收到自然人申请3件，2件予以公开，1件部分公开"


# ── roster and invitations ──────────────────────────────────────────────────────────────────


def test_the_first_admin_comes_by_a_claim_that_works_once(assistant: Assistant) -> None:
    link = assistant.claim()
    boss = Officer(assistant, "boss").say(link)
    assert "管理员" in boss.reply
    assert assistant.claim() == ""
    late = Clerk(assistant, "late").say(link)
    assert "已经有人用过" in late.reply
    assert assistant.store.desk(late.address) is None


def test_a_claim_that_nobody_used_is_replaced_at_the_next_start(assistant: Assistant) -> None:
    first, second = assistant.claim(), assistant.claim()
    assert first != second
    assert "作废" in Clerk(assistant, "1").say(first).reply
    assert "管理员" in Clerk(assistant, "2").say(second).reply


def test_a_pasted_roster_is_shown_before_it_is_stored(assistant: Assistant) -> None:
    boss = Officer(assistant, "office").appoint()
    boss.say("名册").say("青石县财政局\n青石县水务局\n胡言乱语")
    assert "新增 2 家" in boss.reply
    assert "第3行" in boss.reply
    assert assistant.store.units() == ()
    boss.press("对，存入")
    assert [unit.called for unit in assistant.store.units()] == ["财政局", "水务局"]


def test_what_was_begun_but_not_handed_in_cannot_be_reviewed(officer: Officer) -> None:
    officer.seated("水务局", "1").press("没有")
    assert "水务局还没有提交，没有可审的稿。" in officer.say("审核 水务局").reply
    assert "商务局还没有开始填" in officer.say("审核 商务局").reply


def test_a_list_that_changes_nothing_asks_for_no_yes(officer: Officer) -> None:
    officer.say("名册").say("\n".join([*UNITS, "请查收，谢谢"]))
    assert "读到 5 家，名册里都有，没有要改的。" in officer.reply
    assert "第6行" in officer.reply
    assert not officer.button("对，存入")
    assert "没明白" in officer.say("对").reply
    officer.say("名册").say("\n".join(reversed(UNITS)))
    assert "没变 5 家，顺序有变。还没有存。" in officer.reply
    officer.press("对，存入")
    assert officer.assistant.store.units()[0].name == UNITS[-1]


def test_a_list_with_one_government_is_added_up_by_it(officer: Officer) -> None:
    units = {unit.name: unit for unit in officer.assistant.store.units()}
    top = units["青石县人民政府"].id
    assert units["青石县水务局"].parent == top
    assert units["青石县人民政府办公室"].own
    assert units["青石县水务局"].level == "县级政府部门"


def test_a_roster_comes_as_a_csv_file(assistant: Assistant) -> None:
    boss = Officer(assistant, "office").appoint().say("名册")
    rows = "单位,简称,免报原因\r\n青石县财政局,财政,\r\n青石县商务局,,已并入发改局\r\n"
    boss.send("名册.csv", rows.encode("gb18030"))
    assert "新增 2 家" in boss.reply
    boss.press("对，存入")
    assert [u.exempt for u in assistant.store.units()] == ["", "已并入发改局"]


def test_a_file_that_is_no_list_is_refused_in_words(assistant: Assistant) -> None:
    boss = Officer(assistant, "office").appoint().send("名册.xlsx", b"\x00\x01no workbook")
    assert "名单没有读成" in boss.reply
    assert assistant.store.units() == ()


def test_everybody_without_a_contact_is_invited_in_one_text(officer: Officer) -> None:
    officer.assistant.meet("nianbao_bot")
    officer.say("邀请")
    links = re.findall(r"^(\S+)：https://t.me/\S+start=(\S+)$", officer.reply, re.MULTILINE)
    assert [name for name, _ in links] == ["县政府", "县政府办公室", "财政局", "水务局", "商务局"]
    archive = zipfile.ZipFile(io.BytesIO(officer.files[-1].content))
    assert len([n for n in archive.namelist() if n.endswith(".png")]) == 5
    for chat, (_, link) in enumerate(links):
        assert "填写2022年" in Clerk(officer.assistant, str(chat)).say(f"/start {link}").reply


def test_a_new_invitation_makes_the_old_one_void(officer: Officer) -> None:
    old, new = officer.link("水务局"), officer.link("水务局")
    assert "作废" in Clerk(officer.assistant, "1").say(old).reply
    assert "青石县水务局" in Clerk(officer.assistant, "2").say(new).reply


def test_invitations_are_wiped_from_the_file_once_they_are_sent(officer: Officer) -> None:
    payload = officer.link("水务局").removeprefix("/start ")
    store = officer.assistant.store
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store.db.execute("VACUUM")
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert payload.encode() not in store.path.read_bytes()


def test_handing_over_ends_the_old_contact_when_the_new_one_joins(officer: Officer) -> None:
    old = officer.seated("水务局", "old")
    old.press("没有")
    officer.say("水务局").press("换人").press("换掉")
    link = next(line for line in officer.reply.splitlines() if line.startswith("/start"))
    assert "2/5" in old.say("进度").reply
    new = Clerk(officer.assistant, "new").say(link)
    assert new.draft.value("gate.rules") == "no"
    assert "邀请" in old.say("有").reply
    assert new.draft.value("gate.decisions") is None


# ── board ───────────────────────────────────────────────────────────────────────────────────


def test_the_board_shows_states_and_filters(officer: Officer) -> None:
    officer.seated("水务局", "1").press("没有")
    handed_in(officer, "财政局", "2")
    officer.say("看板")
    assert re.search(r"财政局\s+已提交", officer.reply)
    assert re.search(r"水务局\s+填报中", officer.reply)
    officer.press("填报中")
    assert "财政局" not in officer.reply
    assert officer.heard[-1].replaces


def test_a_unit_is_found_by_what_people_call_it(officer: Officer) -> None:
    for words in ("水务", "水务局", "青石县水务局"):
        assert "青石县水务局" in officer.say(words).reply
    assert "没明白" in officer.say("林业局").reply


def test_an_exempt_unit_need_not_report(officer: Officer) -> None:
    officer.say("免报 商务局：已并入发展改革局")
    assert "应报 4 家，免报 1 家" in officer.say("办公室").reply
    assert "恢复" in officer.say("邀请 商务局").reply
    assert "恢复报送" in officer.say("恢复 商务局").reply


def test_renaming_and_merging_keep_the_history(officer: Officer) -> None:
    clerk = officer.seated("财政局", "1").press("没有")
    officer.say("改名 财政局 为 青石县财政和国资局")
    assert clerk.draft.agency == "青石县财政和国资局"
    officer.say("合并 商务局 到 财政和国资局")
    assert "商务局" not in officer.say("看板").reply
    assert "改名" in officer.say("财政和国资局").press("历史").reply


# ── review ──────────────────────────────────────────────────────────────────────────────────


def test_a_version_that_was_handed_in_is_locked_until_it_is_decided_on(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    before = clerk.draft.answers
    assert "正在审核" in clerk.say("表三 予以公开 自然人 5").reply
    assert clerk.draft.answers == before
    clerk.press("收回").say("表三 予以公开 自然人 5")
    assert clerk.draft.figure("requests.granted.natural_person") == 5


def test_what_was_handed_in_is_taken_back_by_a_word_too(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    for words in ("撤回", "收回"):
        assert officer.assistant.store.stage(clerk.draft.id).name == "submitted"
        clerk.say("帮助").say(words)
        assert officer.assistant.store.stage(clerk.draft.id).name == "filling"
        assert "没有" in clerk.say(words).reply
        clerk.press("提交")


def test_a_version_is_signed_with_the_agency_and_the_day(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    (version,) = officer.assistant.store.versions(clerk.draft.id)
    day = officer.assistant.clock()
    assert version.report.text("signoff") == f"青石县水务局\n{day.year}年{day.month}月{day.day}日"


def test_an_incomplete_report_cannot_be_handed_in(officer: Officer) -> None:
    clerk = officer.seated("水务局", "1").press("没有").say("提交")
    assert "还不能提交" in clerk.reply
    assert officer.assistant.store.stage(clerk.draft.id).version == 0


def test_the_office_is_told_of_new_versions_in_one_message(officer: Officer) -> None:
    handed_in(officer, "水务局", "1")
    handed_in(officer, "财政局", "2", seed=30)
    officer.assistant.tick()
    officer.assistant.tick()
    officer._listen()
    assert "有 2 份新提交" in officer.reply
    officer.assistant.tick()
    officer._listen()
    assert officer.reply == ""


def test_an_explanation_stands_beside_its_finding_and_the_finding_is_said_once(
    officer: Officer,
) -> None:
    handed_in(officer, "水务局", "1")
    told = officer.say("审核 水务局").reply
    (line,) = [line for line in told.splitlines() if "没有看到存在的问题" in line]
    assert line.endswith("——填报人说明：情况属实，数字与登记簿一致")


def test_a_unit_that_took_its_version_back_is_told_of_once(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    clerk.press("收回").say("提交")
    assert officer.assistant.store.stage(clerk.draft.id).version == 2
    officer.assistant.tick()
    officer._listen()
    assert "有 1 份新提交，等您审核：水务局（第2稿）" in officer.reply


def test_a_comment_becomes_a_question_and_its_answer_is_seen(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    officer.say("审核 水务局")
    assert len(officer.files[-2].pictures) > 2
    officer.say("予以公开 自然人：与登记簿不符").say("平台建设：写得太短").press("退回")
    clerk._listen()
    assert "意见 2 条" in clerk.reply
    clerk.say("0")
    assert "内容没有变" in clerk.reply
    clerk.press("核对过，没有错")
    assert "写得太短" in clerk.reply
    clerk.press("不改").say("网站由县里统一建设")
    clerk.press("提交")
    officer.say("审核 水务局")
    assert "核对过，没有错" in officer.reply
    assert "网站由县里统一建设" in officer.reply


def test_only_what_was_commented_on_is_asked_again(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    officer.say("审核 水务局").say("平台建设：写得太短").press("退回")
    clerk._listen()
    assert "政府信息公开平台建设" in clerk.reply
    clerk.say("全年维护专栏12个，更新栏目内容300次，运行平稳，没有发生安全事故。")
    assert clerk.button("提交")


def test_a_change_that_nobody_asked_for_is_marked(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    officer.say("审核 水务局").say("平台建设：写得太短").press("退回")
    clerk._listen()
    clerk.say("全年维护专栏12个，更新栏目内容300次，运行平稳，没有发生安全事故。")
    clerk.say("修改 监督保障").say("开展自查9次，评议1次，未发生责任追究，整改到位，效果明显。")
    clerk.press("提交")
    officer.say("审核 水务局")
    assert re.search(r"· 政府信息公开平台建设", officer.reply)
    assert re.search(r"★ 监督保障", officer.reply)


def test_returning_without_a_comment_asks_for_a_reason(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    officer.say("审核 水务局").press("退回").say("请补充领导签字日期")
    clerk._listen()
    assert "请补充领导签字日期" in clerk.reply
    clerk.say("已补充").press("提交")
    assert officer.assistant.store.stage(clerk.draft.id).version == 2


def test_approval_locks_keeps_the_files_and_sends_the_final_one(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1", told=THREE)
    officer.say("审核 水务局").press("通过")
    officer.assistant.make_files()
    clerk._listen()
    assert "已通过审核" in clerk.reply
    sent = clerk.files[-1]
    assert "草稿" not in sent.name
    kept = officer.assistant.store.filed(clerk.draft.id)
    assert {kind for _, kind, *_ in kept} == {"docx", "pdf", "html", "xlsx", "json"}
    assert file_of(officer, kept[0][0]).content == sent.content
    report = read_file(sent.name, sent.content, officer.assistant.form).report
    assert report.figures["requests.granted.natural_person"] == 2
    assert "已经通过审核，不能再改" in clerk.say("表三 予以公开 自然人 5").reply


def file_of(officer: Officer, document: int) -> File:
    """A file that is kept."""
    file = officer.assistant.store.document(document).file
    assert file
    return file


def test_withdrawing_an_approval_wants_a_reason_and_is_told(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    officer.say("审核 水务局").press("通过")
    officer.say("水务局").press("看第1稿").press("撤回通过").say("上级要求更正数字")
    clerk._listen()
    assert "上级要求更正数字" in clerk.reply
    assert officer.assistant.store.stage(clerk.draft.id).name == "submitted"


def test_a_version_is_decided_on_once(officer: Officer) -> None:
    handed_in(officer, "水务局", "1")
    officer.say("审核 水务局")
    approve, back = officer.button("通过"), officer.button("退回")
    assert approve
    assert back
    officer.tap(approve.press)
    assert "做不了这一步" in officer.tap(back.press).reply
    assert "做不了这一步" in officer.tap(approve.press).reply


def test_a_comment_on_no_place_is_refused_with_examples(officer: Officer) -> None:
    handed_in(officer, "水务局", "1")
    officer.say("审核 水务局").say("第三段：太短")
    assert "没找到“第三段”" in officer.reply


# ── roll-up, downloads, history ─────────────────────────────────────────────────────────────


def test_the_sum_goes_to_the_districts_contact_who_takes_it_over(officer: Officer) -> None:
    handed_in(officer, "水务局", "1", told=THREE)
    handed_in(officer, "财政局", "2", seed=40, told=THREE)
    officer.say("汇总")
    assert "计入 2/4 家" in officer.reply
    assert "县政府办公室、商务局" in officer.reply
    assert "财政局 3" in officer.say("汇总 新收").reply
    mayor = officer.seated("青石县人民政府", "mayor")
    officer.say("汇总").press("把汇总数")
    mayor._listen()
    assert "青石县人民政府" in mayor.reply
    mayor.press("填入")
    assert mayor.draft.figure("requests.new_received.total") == 6
    assert mayor.draft.figure("requests.granted.natural_person") == 4


def test_all_reports_come_in_one_archive(officer: Officer) -> None:
    handed_in(officer, "水务局", "1")
    officer.seated("财政局", "2").press("没有")
    officer.say("下载 全部 docx")
    archive = zipfile.ZipFile(io.BytesIO(officer.files[-1].content))
    names = archive.namelist()
    assert names[0] == "一览.xlsx"
    assert [("水务局" in n, "财政局" in n) for n in names[1:]] in (
        [(True, False), (False, True)], [(False, True), (True, False)],
    )  # fmt: skip


def test_the_history_of_a_figure_says_who_and_what(officer: Officer) -> None:
    clerk = officer.seated("水务局", "1")
    clerk.say("表三 予以公开 自然人 5").say("表三 予以公开 自然人 6")
    officer.say("水务局").say("历史 予以公开 自然人")
    assert "（空） → 5" in officer.reply
    assert "5 → 6" in officer.reply
    officer.press("留痕页")
    assert "予以公开" in officer.files[-1].content.decode()


def test_a_later_change_of_the_file_is_seen(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1")
    store = officer.assistant.store
    assert not store.verify().faults
    store.db.execute("DROP TRIGGER history_stays")
    store.db.execute("UPDATE history SET new = NULL WHERE id = 3")
    store.db.conn.commit()
    assert any("被改过" in fault for fault in store.verify().faults)
    assert clerk.draft.id


def test_history_and_versions_cannot_be_changed_by_a_statement(officer: Officer) -> None:
    handed_in(officer, "水务局", "1")
    store = officer.assistant.store
    for statement in (
        "UPDATE history SET item = 'x'", "DELETE FROM history", "UPDATE events SET kind = 'x'",
        "UPDATE versions SET report = '{}'", "DELETE FROM versions",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"append-only|frozen"):
            store.db.execute(statement)


# ── reminders ───────────────────────────────────────────────────────────────────────────────


def at(officer: Officer, moment: str) -> Callable[[], object]:
    """Set the clock to a day and hour of January 2023, Beijing time."""
    day, hour = moment.split()
    now = NOW.replace(day=int(day), hour=0) + timedelta(hours=int(hour) - 8)
    officer.assistant.clock = lambda: now
    return officer.assistant.tick


def test_who_lags_is_reminded_by_the_ladder_and_never_twice(officer: Officer) -> None:
    clerk = officer.seated("水务局", "1").press("没有")
    at(officer, "30 10")()
    clerk._listen()
    assert "1 个工作日截止" in clerk.reply
    at(officer, "30 11")()
    clerk._listen()
    assert clerk.reply == ""
    assert clerk.button("去填写")


def test_a_promise_silences_the_reminders_until_its_day(officer: Officer) -> None:
    clerk = officer.seated("水务局", "1").press("没有")
    at(officer, "30 10")
    clerk.say("2月2日前完成")
    assert "不再提醒" in clerk.reply
    assert officer.assistant.store.draft_place(clerk.draft.id)
    at(officer, "31 10")()
    clerk._listen()
    assert clerk.reply == ""


def test_one_tap_reminds_all_who_lag_once_a_day(officer: Officer) -> None:
    first, second = officer.seated("水务局", "1"), officer.seated("财政局", "2")
    handed_in(officer, "商务局", "3")
    officer.say("催报").press("催这2家")
    for clerk in (first, second):
        clerk._listen()
        assert "办公室提醒" in clerk.reply
    assert "今天催过的 2 家不再催" in officer.say("催报").reply


def test_the_button_of_a_reminder_leads_to_the_draft(officer: Officer) -> None:
    clerk = officer.seated("水务局", "1")
    officer.say("催报").press("催这1家")
    clerk._listen()
    assert "1/5" in clerk.press("去填写").reply


# ── two hats ────────────────────────────────────────────────────────────────────────────────


def test_one_person_is_admin_and_contact_in_one_chat(officer: Officer) -> None:
    officer.say(officer.link("青石县人民政府办公室"))
    assert "1/5" in officer.reply
    officer.press("没有")
    assert "应报 5 家" in officer.say("办公室").reply
    assert "2/5" in officer.say("填报").reply


def test_an_update_delivered_twice_does_nothing_twice(officer: Officer) -> None:
    officer.say("邀请 水务局")
    waiting = officer.assistant.store.open_invitations()
    officer.again()
    assert officer.reply == ""
    assert officer.assistant.store.open_invitations() == waiting


def test_what_is_decided_reaches_an_admin_who_is_contact_at_the_desk_by_a_button(
    officer: Officer,
) -> None:
    officer.say(officer.link("青石县人民政府办公室"))
    fill_in(officer).press("提交")
    officer.say("办公室").say("审核 县政府办公室").say("平台建设：写得太短").press("退回")
    officer._listen()
    sit = next(b for m in officer.heard for row in m.buttons for b in row if b.text == "去填写")
    officer.tap(sit.press)
    officer.assistant.tick()
    officer._listen()
    assert "政府信息公开平台建设" in "".join(m.text for m in officer.heard[-3:])
    officer.say("全年维护专栏12个，更新栏目内容300次，运行平稳，没有发生安全事故。")
    assert officer.button("提交")


def test_a_change_by_another_process_is_seen_at_once(officer: Officer) -> None:
    clerk = officer.seated("财政局", "1").press("没有")
    other = Store(officer.assistant.store.path, officer.assistant.form)
    with closing(other):
        other.db.execute("UPDATE units SET name = '青石县国资局' WHERE name = '青石县财政局'")
        other.db.conn.commit()
    assert "青石县国资局" in clerk.say("进度").reply


def test_a_row_and_its_cell_are_asked_one_after_the_other(officer: Officer) -> None:
    clerk = handed_in(officer, "水务局", "1", told=THREE)
    officer.say("审核 水务局").say("予以公开 自然人：核对").say("予以公开：整行核对").press("退回")
    clerk._listen()
    clerk.say("2").press("核对过，没有错")
    assert "整行核对" in clerk.reply
    clerk.press("不改").say("与登记簿逐件核对过")
    officer_sees = clerk.draft.answers
    assert sorted(str(a.value) for k, a in officer_sees.items() if k.startswith("reply.")) == [
        "与登记簿逐件核对过", "核对过，没有错",
    ]  # fmt: skip


def test_links_given_out_are_made_void_only_after_a_yes(officer: Officer) -> None:
    officer.say("邀请")
    first = re.findall(r"(/start \S+)", officer.reply)
    officer.say("邀请")
    assert "有 5 家的邀请已经发出去" in officer.reply
    assert "填写2022年" in Clerk(officer.assistant, "1").say(first[0]).reply


def test_a_slip_of_the_pen_does_not_lose_the_version_under_review(officer: Officer) -> None:
    handed_in(officer, "水务局", "1")
    officer.say("审核 水务局").say("平台建设：太短").say("第三段：不通")
    assert officer.button("退回")
    assert "1 条意见" in officer.say("退回").reply


def test_only_a_government_can_be_above_others(officer: Officer) -> None:
    assert "不是政府" in officer.say("上级 财政局 水务局").reply
    assert "自己" in officer.say("上级 财政局 财政局").reply
    assert all(u.parent != 4 for u in officer.assistant.store.units())


@pytest.mark.parametrize(
    ("typed", "said"),
    [("截止 1月20日", "2023年1月20日"), ("截至 1月20", "2023年1月20日"),
     ("截止日期 2023年2月5日", "晚于条例规定的 1月31日"), ("截止 2023年1月5日", "已经过去了"),
     ("截止 大后年", "没看懂日期")],
)  # fmt: skip
def test_due_dates_are_read_and_said_with_their_year(
    officer: Officer, typed: str, said: str
) -> None:
    assert said in officer.say(typed).reply


def test_handing_in_with_a_finding_unexplained_is_asked_once(officer: Officer) -> None:
    clerk = fill_in(officer.seated("水务局", "1"))
    clerk.say("修改 主动公开").say("2019年，我局全年发布信息9条，其中政策文件3条，开设专栏2个。")
    clerk.say("跳过") if "请回复一句说明" in clerk.reply else None
    clerk.say("提交")
    if "没写说明" in clerk.reply:
        clerk.press("就这样提交")
    assert officer.assistant.store.stage(clerk.draft.id).name == "submitted"
    assert "处没有写说明" in officer.say("审核 水务局").reply
