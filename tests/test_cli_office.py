"""The office on the command line: what each command does to a real store, and its exit code."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from bot.assistant import Assistant
from bot.report import Report
from bot.store import Store
from bot.writers.json import write_report
from tests.clerk import Clerk
from tests.conftest import NOW
from tests.fresh import new_assistant
from tests.officer import Officer
from tests.tables import figures_of, report_of
from tests.test_cli import FORM, run

UNITS = ("青石县人民政府", "青石县人民政府办公室", "青石县财政局", "青石县水务局", "青石县商务局")
YEAR = ("--year", "2022")
COMMANDS = (
    ["unit"], *(["unit", name] for name in ("list", "import", "rename", "merge", "exempt",
                                           "restore", "parent", "own", "short")),
    ["due"], ["person"], ["person", "list"], ["person", "end"], ["person", "handover"],
    ["person", "export"], ["person", "erase"],
    ["invite"], ["board"], ["review"], *(["review", name] for name in (
        "list", "show", "comment", "unpin", "return", "approve", "withdraw")),
    ["rollup"], ["export"], ["remind"], ["trace"], ["verify"], ["chat"],
)  # fmt: skip


def assistant_on(path: Path) -> Assistant:
    """An assistant on a file; the caller closes its store."""
    return new_assistant(path, lambda: NOW)


def fill_in(clerk: Clerk) -> Clerk:
    """Answer everything: nothing happened in the year."""
    clerk.press("五类都没有")
    for step in range(40):
        if clerk.button("提交"):
            return clerk
        ready = (w for w in ("确认", "没有收取，也没有", "不写", "用这段") if clerk.button(w))
        if words := next(ready, ""):
            clerk.press(words)
        elif numbers := re.search(r"只回(\d+)个数", clerk.reply):
            clerk.say(" ".join(["3"] * int(numbers[1])))
        else:
            clerk.say(f"全年开展检查{step + 2}次，存在更新慢的问题，下一步按月核对并改进。")
    raise AssertionError(clerk.reply)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with five units: the water bureau handed in, the bureau of finance has begun."""
    path = tmp_path_factory.mktemp("county") / "nianbao.db"
    assistant = assistant_on(path)
    with closing(assistant.store):
        officer = Officer(assistant, "office").appoint().listed(*UNITS)
        fill_in(officer.seated("青石县水务局", "water")).press("提交")
        officer.seated("青石县财政局", "money").press("没有")
    return path


@pytest.fixture
def db(county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The county's file, for one test; commands find it by themselves."""
    path = tmp_path / "nianbao.db"
    shutil.copy(county, path)
    monkeypatch.setenv("NIANBAO_DB", str(path))
    monkeypatch.setenv("NIANBAO_OUT", str(tmp_path / "out"))
    return path


@contextmanager
def store_of(path: Path) -> Iterator[Store]:
    """The store, to look into it."""
    with closing(Store(path, FORM)) as store:
        yield store


def ok(*args: str | Path) -> Result:
    """Run a command that succeeds."""
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result


def refused(*args: str | Path) -> str:
    """Run a command that cannot be done; its one sentence."""
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "程序出了意外" not in result.stderr
    return result.stderr


def data_file(tmp_path: Path, agency: str, year: int = 2022, **figures: int) -> Path:
    """A report's data file with some figures (dots as double underscores)."""
    changed = {cell.replace("__", "."): number for cell, number in figures.items()}
    report: Report = report_of(figures_of({}) | changed, agency=agency, year=year)
    path = tmp_path / f"{agency}.json"
    path.write_text(write_report(report, FORM), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_chinese(command: list[str]) -> None:
    result = ok(*command, "--help")
    assert "用法：" in result.output
    assert not any(word in result.output for word in ("Usage", "Options", "Show this"))


def test_a_group_without_a_command_shows_its_commands() -> None:
    assert "rename" in refused("unit")


def test_a_listed_roster_can_be_read_in_again_elsewhere(db: Path, tmp_path: Path) -> None:
    listed = ok("unit", "list").stdout
    assert "2\t青石县人民政府办公室\t县政府办公室\t县级政府部门\t青石县人民政府\t是\t\n" in listed
    file, other = tmp_path / "名册.tsv", tmp_path / "other.db"
    file.write_text(listed, encoding="utf-8")
    seen = ok("unit", "import", file, "--db", other, "--try").output
    assert "新增 5 家" in seen
    assert "名册还是空的" in refused("unit", "list", "--db", other)
    ok("unit", "import", file, "--db", other)
    stored = ok("unit", "import", file, "--db", other).output
    assert stored == "读到 5 家，名册里都有，没有要改的。\n"
    assert ok("unit", "list", "--db", other).stdout == listed


def test_a_list_that_is_read_in_is_told_as_what_was_stored(db: Path, tmp_path: Path) -> None:
    file = tmp_path / "名单.txt"
    file.write_text("青石县教育局\n青石县水务局\n请查收，谢谢\n", encoding="utf-8")
    said = ok("unit", "import", file).output
    assert said.startswith("已存：新增 1 家，没变 1 家。\n· 青石县教育局（教育局）")
    assert "第3行：“请查收，谢谢”里没有单位全称" in said
    assert "还没有存" not in said
    assert "还没有存" in ok("unit", "import", data_list(tmp_path), "--try").output


def data_list(tmp_path: Path) -> Path:
    """A list of one new unit."""
    path = tmp_path / "又一份.txt"
    path.write_text("青石县审计局\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("没有.txt", None, "没有.txt：没有这个文件或目录。"),
        ("空.csv", b"", "空.csv：文件是空的。"),
        ("乱.txt", "今天天气不错".encode(), "没有读到单位"),
    ],
)
def test_what_is_no_list_of_units_is_refused(
    db: Path, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert words in refused("unit", "import", tmp_path / name)


def test_units_are_renamed_exempted_restored_and_merged(db: Path) -> None:
    assert (
        "青石县财政局 → 青石县财政和国资局"
        in ok("unit", "rename", "财政局", "青石县财政和国资局").output
    )
    ok("unit", "exempt", "商务局", "已并入发展改革局")
    assert "已并入发展改革局" in ok("unit", "list").output
    ok("unit", "restore", "商务局")
    assert "已并入发展改革局" not in ok("unit", "list").output
    ok("unit", "short", "水务局", "水利局")
    assert "水利局归县政府汇总" in ok("unit", "parent", "水利局", "青石县人民政府").output
    assert "水利局是本级" in ok("unit", "own", "水利局").output
    ok("unit", "merge", "商务局", "财政和国资局")
    assert "商务局" not in ok("unit", "list").output


def test_a_name_with_the_sign_of_renaming_in_it_is_renamed_whole(db: Path, tmp_path: Path) -> None:
    (tmp_path / "l.txt").write_text("单位\n成华区财政局\n到家乡人民政府\n", encoding="utf-8")
    ok("unit", "import", tmp_path / "l.txt")
    said = ok("unit", "rename", "成华区财政局", "成华区财政和国资局").output
    assert "成华区财政局 → 成华区财政和国资局" in said
    assert "已并入" in ok("unit", "merge", "到家乡人民政府", "成华区财政和国资局").output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["unit", "rename", "没有局", "青石县新局"], "名册里没有“没有局”"),
        (["unit", "rename", "青石县", "青石县新局"], "可能是"),
        (["unit", "rename", "财政局", "新"], "不像机关全称"),
        (["unit", "merge", "财政局", "财政局"], "不能并到自己"),
        (["unit", "parent", "青石县人民政府", "财政局"], "不是政府"),
        (["unit", "exempt", "财政局", " "], "请写上原因，例如：nianbao unit exempt"),
        (["due", "昨天吧"], "没看懂日期“昨天吧”"),
        (["person", "end", "无名氏"], "没有找到“无名氏”"),
        (["person", "handover", "无名氏", "--unit", "水务局"], "没有找到“无名氏”"),
        (["invite"], "请写一样"),
        (["invite", "--all", "--role", "office"], "请写一样"),
        (["invite", "--unit", "短"], "不像机关全称"),
        (["invite", "--all", "--qr", "q"], "还不知道机器人的名称"),
        (["invite", "--all", "--level", "乡镇街道"], "--level 要和 --unit"),
        (["board", "--filter", "红的"], "没有“红的”这一类"),
        (["board", "--to", "html", "--json"], "--to 不和"),
        (["review", "show", "财政局", *YEAR], "财政局还没有提交"),
        (["review", "return", "财政局", "--reason", "请重填", *YEAR], "财政局还没有提交"),
        (["review", "show", "商务局", *YEAR], "商务局还没有开始填"),
        (["unit", "rename", "财政局", "青石县水务局"], "运行：nianbao unit merge"),
        (["unit", "rename", "财政局"], "缺少“新全称”"),
        (["invite", "--unit", "政府"], "可能是"),
        (["invite", "--role", "office", "--again"], "--again 要和 --all"),
        (["review", "comment", "水务局", "写得太短", *YEAR], "哪一处：意见"),
        (["review", "comment", "水务局", "天气：不好", *YEAR], "没找到“天气”"),
        (["review", "unpin", "水务局", *YEAR], "没有批注"),
        (["review", "return", "水务局", *YEAR], "加上 --reason"),
        (["review", "withdraw", "水务局", "--reason", "发错了", *YEAR], "已提交"),
        (["review", "withdraw", "水务局", *YEAR], "缺少 --reason"),
        (["rollup", "--unit", "没有的县政府", *YEAR], "可以是：县政府"),
        (["rollup", "--where", "天气", *YEAR], "没找到“天气”"),
        (["rollup", "--json", "--to", "xlsx", *YEAR], "请写一样"),
        (["export", "--all", *YEAR, "--to", "gif"], "不认识格式“gif”"),
        (["export", *YEAR], "请写一样"),
        (["remind", "--unit", "商务局", *YEAR], "不用催"),
        (["trace", "商务局", *YEAR], "还没有开始填"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_leaves_2_and_says_why(db: Path, args: list[str], words: str) -> None:
    assert words in refused(*args)
    with store_of(db) as store:
        assert not store.verify().faults


@pytest.mark.parametrize(
    "args",
    [["unit", "list"], ["unit", "own", "水务局"], ["board"], ["person", "list"], ["due"],
     ["review", "list"], ["rollup"], ["remind"], ["verify"], ["trace", "水务局", *YEAR],
     ["export", "--all", *YEAR], ["invite", "--all"]],
    ids=" ".join,
)  # fmt: skip
def test_a_command_that_looks_makes_no_file(
    tmp_path: Path, args: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DB", str(tmp_path / "none.db"))
    said = refused(*args)
    assert said.startswith(f"没有数据库文件 {tmp_path / 'none.db'}。先运行 nianbao serve")
    assert list(tmp_path.iterdir()) == []


def test_the_last_days_are_set_and_shown(db: Path) -> None:
    year = date.today().year  # noqa: DTZ011 - the command reads the day here
    ok("due", f"{year + 1}-02-15", "--year", str(year))
    ok("due", f"{year + 1}年3月20日", "--government", "--year", str(year))
    shown = ok("due", "--year", str(year)).output
    assert "部门 2月15日，政府 3月20日" in shown
    assert "nianbao due 1月26日；政府的再加 --government" in shown


def test_the_board_shows_every_unit_at_once_and_by_filter(db: Path) -> None:
    whole = ok("board", *YEAR).output
    assert "应报 5 家" in whole
    assert "全部 5 家" in whole
    assert "4 水务局　  已提交" in whole
    waiting = ok("board", "--filter", "已提交", *YEAR).output
    assert "水务局" in waiting
    assert "财政局" not in waiting
    assert "没有“已通过”的单位" in ok("board", "--filter", "已通过", *YEAR).output


def test_the_board_as_data_has_a_unit_each(db: Path) -> None:
    rows = {row["unit"]: row for row in json.loads(ok("board", "--json", *YEAR).stdout)}
    assert list(rows) == list(UNITS)
    water = rows["青石县水务局"]
    assert (water["state"], water["version"], water["parent"]) == (
        "submitted", 1, "青石县人民政府",
    )  # fmt: skip
    assert (water["due"], rows["青石县人民政府"]["due"]) == ("2023-01-31", "2023-03-31")
    assert rows["青石县商务局"]["moved"] is None


@pytest.mark.parametrize(("kind", "start"), [("xlsx", b"PK"), ("html", b"<!DOCTYPE html>")])
def test_the_board_is_written_as_a_file(db: Path, kind: str, start: bytes) -> None:
    path = Path(ok("board", "--to", kind, *YEAR).stdout.strip())
    assert path.name == f"2022年度看板.{kind}"
    assert path.read_bytes()[:15].lower().startswith(start.lower())


def test_people_are_listed_and_their_roles_end(db: Path) -> None:
    listed = ok("person", "list").stdout.splitlines()
    assert listed[0] == "编号\t角色\t姓名\t单位"
    assert sum("填报人" in line for line in listed) == 2
    [water] = ok("person", "list", "--unit", "水务局").stdout.splitlines()[1:]
    number, *_, unit = water.split("\t")
    assert unit == "青石县水务局"
    assert "加 --unit" in refused("person", "end", number)
    ok("person", "end", number, "--unit", "水务局")
    assert "还没有人" in ok("person", "list", "--unit", "水务局").stderr
    [admin] = [line.split("\t")[0] for line in listed if "管理员" in line]
    assert "最后一位管理员" in refused("person", "end", admin)


def test_two_people_of_one_name_are_told_apart_by_their_numbers(db: Path) -> None:
    with store_of(db) as store, store.db.atomic():
        store.db.execute("UPDATE people SET name = '王莉'")
    assistant = assistant_on(db)
    with closing(assistant.store):
        for chat in ("b", "c"):
            Clerk(assistant, chat).say(f"/start {assistant.store.invite(None, NOW, 'observer')}")
        with assistant.store.db.atomic():
            assistant.store.db.execute("UPDATE people SET name = '李强' WHERE name = ''")
    said = refused("person", "end", "李强")
    assert "有 2 个“李强”" in said
    number = said.rstrip("。\n").rpartition("、")[2]
    ok("person", "end", number)
    assert ok("person", "list").stdout.count("李强") == 1


def test_a_successor_takes_the_place_of_who_leaves(db: Path) -> None:
    [line] = ok("person", "list", "--unit", "水务局").stdout.splitlines()[1:]
    number = line.split("\t")[0]
    payload = ok("person", "handover", number, "--unit", "水务局", *YEAR).stdout.strip()
    assistant = assistant_on(db)
    with closing(assistant.store):
        Clerk(assistant, "new").say(f"/start {payload}")
        [member] = assistant.store.members(assistant.store.units()[3].id)
    assert str(member.person) != number


def test_an_invitation_is_a_payload_and_beside_it_the_link(db: Path) -> None:
    with store_of(db) as store:
        store.keep_fact("bot", "qingshi_bot")
    result = ok("invite", "--unit", "商务局", *YEAR)
    payload = result.stdout.strip()
    assert payload.replace("-", "").replace("_", "").isalnum()
    assert result.stderr.strip() == f"https://t.me/qingshi_bot?start={payload}"
    assistant = assistant_on(db)
    with closing(assistant.store):
        clerk = Clerk(assistant, "new").say(f"/start {payload}")
    assert "青石县商务局" in clerk.reply


def test_a_unit_that_is_new_comes_onto_the_roster_with_its_invitation(db: Path) -> None:
    result = ok("invite", "--unit", "青石县教育局", *YEAR)
    assert "名册里原来没有“青石县教育局”" in result.stderr
    assert "青石县教育局" in ok("unit", "list").output


def test_a_unit_that_is_new_comes_under_the_only_government(db: Path) -> None:
    assert "上级是青石县人民政府" in ok("invite", "--unit", "青石县教育局", *YEAR).stderr
    row = next(line for line in ok("unit", "list").stdout.splitlines() if "教育局" in line)
    assert "\t青石县人民政府\t" in row


def test_a_new_unit_that_is_nearly_a_listed_one_is_told_with_the_way_back(db: Path) -> None:
    told = ok("invite", "--unit", "青石县水物局", *YEAR).stderr
    assert "相近的“青石县水务局”" in told
    assert "nianbao unit merge 青石县水物局 青石县水务局" in told
    ok("unit", "merge", "青石县水物局", "青石县水务局")
    again = ok("invite", "--unit", "青石县水物局", *YEAR).stderr
    assert "已经并入青石县水务局，邀请发给它" in again
    assert "相近" not in ok("invite", "--unit", "青石县教育局", *YEAR).stderr


def test_an_invitation_tells_which_links_it_made_void_and_who_answers_already(db: Path) -> None:
    assert ok("invite", "--unit", "商务局", *YEAR).stderr == ""
    assert "没用的 1 个邀请作废了" in ok("invite", "--unit", "商务局", *YEAR).stderr
    assert "已经有填报人" in ok("invite", "--unit", "水务局", *YEAR).stderr


def test_an_invitation_understands_what_the_unit_is_called(db: Path) -> None:
    assert "“水务”是青石县水务局。" in ok("invite", "--unit", "水务", *YEAR).stderr
    ok("invite", "--unit", "商务局", *YEAR)
    assert len(ok("unit", "list").stdout.splitlines()) == 1 + len(UNITS)


def test_everybody_without_a_contact_is_invited_line_by_line(db: Path, tmp_path: Path) -> None:
    with store_of(db) as store:
        store.keep_fact("bot", "qingshi_bot")
    lines = ok("invite", "--all", *YEAR, "--qr", tmp_path / "qr").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [UNITS[0], UNITS[1], UNITS[4]]
    assert all("\thttps://t.me/qingshi_bot?start=" in line for line in lines)
    pictures = sorted((tmp_path / "qr").iterdir())
    assert len(pictures) == 3
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert "加 --again" in refused("invite", "--all", *YEAR)
    again = ok("invite", "--all", "--again", *YEAR).stdout.splitlines()
    assert len(again) == 3
    assert not set(again) & set(lines)
    (tmp_path / "l.txt").write_text("青石县教育局\n", encoding="utf-8")
    ok("unit", "import", tmp_path / "l.txt")
    fresh = ok("invite", "--all", *YEAR)
    assert [line.split("\t")[0] for line in fresh.stdout.splitlines()] == ["青石县教育局"]
    assert "有 3 家的邀请已经发出去" in fresh.stderr


def test_an_observer_comes_by_an_invitation_of_the_command_line(db: Path) -> None:
    payload = ok("invite", "--role", "observer").stdout.strip()
    assistant = assistant_on(db)
    with closing(assistant.store):
        reply = Clerk(assistant, "new").say(f"/start {payload}").reply
    assert "您现在是观察员" in reply


def test_a_version_is_commented_on_and_returned_to_its_clerk(db: Path) -> None:
    assert "水务局" in ok("review", "list", *YEAR).output
    assert "第1稿" in ok("review", "show", "水务局", *YEAR).output
    ok("review", "comment", "水务局", "予以公开 自然人：与登记簿不符", *YEAR)
    assert "与登记簿不符" in ok("review", "show", "水务局", *YEAR).output
    assert "批注" in refused("review", "approve", "水务局", *YEAR)
    ok("review", "unpin", "水务局", *YEAR)
    ok("review", "comment", "水务局", "平台建设：写得太短", *YEAR)
    assert (
        "2 条意见" in ok("review", "return", "水务局", "--reason", "请逐项核对后再交", *YEAR).output
    )
    assistant = assistant_on(db)
    with closing(assistant.store):
        assistant.tick()  # the serving process's next round
        said = [m.text for m in assistant.store.unsent("test") if m.address == "test:water"]
    assert any("退回" in text for text in said)


def test_an_approval_keeps_its_files_and_exports_the_very_same(db: Path, tmp_path: Path) -> None:
    filed = ok("review", "approve", "水务局", *YEAR).output
    assert "第1稿已通过并锁定" in filed
    hashes = dict(line.split("  ") for line in filed.splitlines() if "  " in line)
    assert {Path(name).suffix for name in hashes.values()} == {
        ".docx", ".pdf", ".html", ".xlsx", ".json",
    }  # fmt: skip
    path = ok("export", "--unit", "水务局", "--to", "docx", *YEAR).stdout.strip()
    with store_of(db) as store:
        from bot.store.chain import digest

        assert digest(Path(path).read_bytes()) in hashes
        assert not store.verify().faults
    ok("review", "withdraw", "水务局", "--reason", "数字要再核", *YEAR)
    assert "水务局" in ok("review", "list", *YEAR).output


def test_the_pages_of_a_version_are_written_on_demand(db: Path, tmp_path: Path) -> None:
    result = ok("review", "show", "水务局", *YEAR, "--out", tmp_path / "pages")
    assert sum(path.suffix == ".png" for path in (tmp_path / "pages").iterdir()) > 1
    assert "-1.png" in result.stdout


def test_the_sum_is_said_shown_as_data_and_written(db: Path) -> None:
    said = ok("rollup", *YEAR).output
    assert "县政府 2022年度汇总（预览）" in said
    assert "计入 1/4 家" in said
    assert "查来源：加 --where 予以公开。" in said
    data = json.loads(ok("rollup", "--json", *YEAR).stdout)
    assert [unit["name"] for unit in data["units"]] == ["青石县水务局"]
    assert data["missing"] == ["青石县人民政府办公室", "青石县财政局", "青石县商务局"]
    path = Path(ok("rollup", "--to", "xlsx", *YEAR).stdout.strip())
    assert path.name == "青石县人民政府2022年度汇总.xlsx"
    assert "都是 0" in ok("rollup", "--where", "予以公开", *YEAR).output


def test_a_city_adds_up_what_its_districts_sent_without_a_store(tmp_path: Path) -> None:
    east = data_file(tmp_path, "东山区人民政府", proactive__permits=3)
    west = data_file(tmp_path, "西山区人民政府", proactive__permits=4)
    none = {"NIANBAO_DB": str(tmp_path / "none.db")}
    words = ("rollup", "--unit", "临江市人民政府", "--add", east, west, "--json")
    result = run(*words, **none)
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert (data["agency"], data["year"], data["level"]) == ("临江市人民政府", 2022, "地市级政府")
    assert data["sections"]["proactive"]["permits"] == 7
    assert not (tmp_path / "none.db").exists()
    said = run("rollup", "--add", east, west, "--unit", "临江市人民政府", **none)
    assert "计入 2/2 家" in said.output
    gave = run(*words[:-1], "--where", "行政许可", **none)
    assert "东山区人民政府 3" in gave.output


def test_a_sum_is_added_up_again_one_level_higher(db: Path, tmp_path: Path) -> None:
    sent = tmp_path / "青石县.json"
    sent.write_text(ok("rollup", "--json", *YEAR).stdout, encoding="utf-8")
    east = data_file(tmp_path, "东山区人民政府", proactive__permits=3)
    data = json.loads(
        ok("rollup", "--unit", "临江市人民政府", "--add", sent, "--add", east, "--json").stdout
    )
    assert [unit["name"] for unit in data["units"]] == ["东山区人民政府", "青石县人民政府"]
    assert data["sections"]["proactive"]["permits"] == 3


def test_a_file_stands_in_for_a_unit_that_is_not_in_the_chat(db: Path, tmp_path: Path) -> None:
    trade = data_file(tmp_path, "青石县商务局", proactive__permits=5)
    said = ok("rollup", "--add", trade, *YEAR).output
    assert "计入 2/4 家" in said
    old = data_file(tmp_path, "青石县财政局", year=2021)
    said = ok("rollup", "--add", old, *YEAR).output
    assert "没有计入：财政局（2021年度" in said
    assert "计入 1/4 家" in said


@pytest.mark.parametrize(
    ("years", "words"),
    [((2021, 2022), "不是同一年的（2021、2022）"), ((2022, 2022), "--unit 机关全称")],
)
def test_files_that_cannot_be_added_up_are_refused(
    tmp_path: Path, years: tuple[int, int], words: str
) -> None:
    files = [data_file(tmp_path, f"{name}区人民政府", year)
             for name, year in zip(("东山", "西山"), years, strict=True)]  # fmt: skip
    result = run("rollup", "--add", *files, NIANBAO_DB=str(tmp_path / "none.db"))
    assert result.exit_code == 2
    assert words in result.stderr


def test_all_reports_come_as_an_archive_for_each_format(db: Path) -> None:
    paths = ok("export", "--all", "--to", "docx,json", *YEAR).stdout.split()
    assert len(paths) == 2
    for path, kind in zip(paths, ("docx", "json"), strict=True):
        names = zipfile.ZipFile(io.BytesIO(Path(path).read_bytes())).namelist()
        assert names[0] == "一览.xlsx"
        assert sum(name.endswith(f".{kind}") for name in names) == 2


def test_laggards_are_reminded_once_a_day(db: Path) -> None:
    said = ok("remind", *YEAR).output
    assert "已催 1 家" in said
    with store_of(db) as store:
        [text] = [m.text for m in store.unsent("test") if m.address == "test:money"]
    assert "青石县财政局2022年度" in text
    assert "今天都催过了" in refused("remind", *YEAR)
    assert "今天催过了" in refused("remind", "--unit", "财政局", *YEAR)


def test_the_history_of_a_report_is_a_page(db: Path, tmp_path: Path) -> None:
    path = Path(ok("trace", "水务局", *YEAR, "--out", tmp_path / "t").stdout.strip())
    page = path.read_text(encoding="utf-8")
    assert "青石县水务局" in page
    assert "还没有开始填" in refused("trace", "水务局")  # the year that is due next


def test_the_chain_is_walked_and_a_later_change_is_found(db: Path) -> None:
    sound = ok("verify").output
    assert "没有发现改动" in sound
    with store_of(db) as store:
        assert store.head() in sound
        with store.db.atomic():
            store.db.execute("DROP TRIGGER IF EXISTS history_stays")
        for row in store.db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            store.db.execute(f"DROP TRIGGER {row[0]}")
        store.db.execute("UPDATE events SET at = '2020-01-01T00:00:00+00:00' WHERE id = 1")
        store.db.conn.commit()
    result = run("verify")
    assert result.exit_code == 1
    assert "第 1 个封印与记录不符" in result.output


def test_what_must_be_alone_on_the_file_is_refused_and_the_rest_runs_beside(
    db: Path, tmp_path: Path
) -> None:
    report = data_file(tmp_path, "青石县商务局")
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom bot.catalogue import load_form\n"
         "from bot.store import Store\nStore(sys.argv[1], load_form(), exclusive=True)\n"
         "print('held', flush=True)\nsys.stdin.read()", str(db)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        words = "正由另一个年报助手使用"
        assert words in refused("import", report, "--unit", "青石县商务局", *YEAR)
        assert words in refused("chat", "--office")
        for beside in (
            ["unit", "list"], ["unit", "own", "财政局"], ["person", "list"], ["board", *YEAR],
            ["invite", "--unit", "商务局", *YEAR], ["review", "approve", "水务局", *YEAR],
            ["rollup", *YEAR], ["remind", *YEAR], ["trace", "水务局", *YEAR], ["verify"],
        ):  # fmt: skip
            ok(*beside)
    finally:
        holder.communicate("")
    assert holder.returncode == 0


def test_the_person_at_the_terminal_is_the_admin_and_answers_for_a_unit_too(
    tmp_path: Path,
) -> None:
    db = tmp_path / "a.db"
    typed = "名册\n青石县人民政府\\n青石县水务局\\n青石县财政局\n1\n填报\n没有\n办公室\n看板\n"
    words = ("chat", "--db", db, "--out", tmp_path, *YEAR)
    result = run(*words, "--office", "--unit", "青石县水务局", stdin=typed)
    assert result.exit_code == 0, result.output
    for said in ("您现在是管理员", "名册已存 3 家", "2/5", "全部 3 家"):
        assert said in result.output
    again = run(*words, "--office", stdin="")
    assert again.exit_code == 0
    assert "应报 3 家" in again.output
    assert "您现在是管理员" not in again.output
    plain = run("chat", "--db", db, stdin="")
    assert "应报" in plain.output


def test_what_is_approved_in_the_terminal_is_filed_there(tmp_path: Path, db: Path) -> None:
    typed = "年度 2022\n审核 水务局\n通过\n"
    result = run("chat", "--office", stdin=typed)
    assert "已通过并锁定" in result.output, result.output
    with store_of(db) as store:
        assert store.unfiled() == []
        draft = store.find_draft("青石县水务局", 2022)
        assert len(store.filed(draft or 0)) == 5
