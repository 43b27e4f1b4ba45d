"""The command line: what each command prints, its exit code, and its words when it cannot."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.agency import level_of
from bot.assistant import Assistant
from bot.catalogue import load_form
from bot.checks.figures.numbers import is_bureau
from bot.checks.figures.standing import may_make_rules, rank
from bot.command import main
from bot.command.faults import fault_in_words
from bot.command.records import LEVELS
from bot.messages import Incoming
from bot.reasons import reason
from bot.store import Store
from tests.tables import figures_of, report_of

FORM = load_form()


def run(*args: str | Path, stdin: str = "", **env: str) -> Result:
    """Run a command in this process."""
    return CliRunner(env=env).invoke(main, [str(arg) for arg in args], input=stdin)


def figures(**changed: int | str | None) -> dict[str, object]:
    """A report's data of figures only, all 0 but for `changed` (dots as double underscores)."""
    sections: dict[str, dict[str, object]] = {}
    for cell in FORM.cells:
        *path, last = cell.split(".")
        place = sections
        for step in path:
            place = place.setdefault(step, {})  # type: ignore[assignment]
        place[last] = changed.get(cell.replace(".", "__"), 0)  # type: ignore[assignment]
    return {"agency": "西山区教育局", "year": 2022, "format": "2021", "sections": sections}


def saved(tmp_path: Path, data: object, name: str = "report.json") -> Path:
    """Data as a file."""
    path = tmp_path / name
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def whole(tmp_path: Path) -> Path:
    """A complete quiet report."""
    data = figures()
    data["sections"] |= {  # type: ignore[operator]
        "overview": {
            "intro": "2022年，我局依法做好政府信息公开工作。",
            "items": [
                {"title": FORM.items[key].label, "text": "全年按要求做好这项工作，公开信息12条。"}
                for key in FORM.section("overview").texts[1:]
            ],
        },
        "problems": "存在的主要问题是解读形式单一。改进情况：已加强培训。",
        "other": "本年度未收取信息处理费，无其他需要报告的事项。",
    }
    return saved(tmp_path, data)


@pytest.mark.parametrize(
    "command", ["", "chat", "serve", "form", "check", "render", "export", "invite", "demo"]
)
def test_every_command_explains_itself(command: str) -> None:
    result = run(*filter(None, [command]), "--help")
    assert result.exit_code == 0
    assert "--help" in result.output


def test_the_form_is_printed_as_data() -> None:
    data = json.loads(run("form", "--json").output)
    assert len(data["cells"]) == 200
    assert len(data["sections"]) == 6
    assert {rule["id"] for rule in data["rules"]} == {"T3-ROW", "T3-RES", "T3-ID", "T4-SUM"}


def test_the_form_is_printed_for_people() -> None:
    assert "六、其他需要报告的事项" in run("form").output


def test_an_offices_own_label_shows_in_the_form(tmp_path: Path) -> None:
    own = "本年收费金额（单位：万元，保留4位小数）"
    labels = tmp_path / "local.toml"
    labels.write_text(f'[labels]\n"本年收费金额（单位：万元）" = "{own}"\n', encoding="utf-8")
    assert own in run("form", NIANBAO_LOCAL=str(labels)).output


def test_a_label_that_the_form_does_not_have_is_refused(tmp_path: Path) -> None:
    labels = tmp_path / "local.toml"
    labels.write_text('[labels]\n"没有这个" = "x"\n', encoding="utf-8")
    result = run("form", NIANBAO_LOCAL=str(labels))
    assert result.exit_code == 2
    assert result.stderr.startswith("local.toml：")
    assert "“没有这个”不在表单里" in result.stderr


def test_a_label_that_is_nearly_one_of_the_form_is_named_with_it(tmp_path: Path) -> None:
    labels = tmp_path / "local.toml"
    labels.write_text('[labels]\n"本年收费金额(单位：万元）" = "x"\n', encoding="utf-8")
    said = run("form", NIANBAO_LOCAL=str(labels)).stderr
    assert "是不是“本年收费金额（单位：万元）”？" in said


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[limits]\njump = 'viel'", "jump 应为一个数"),
        ("[limits]\nopen_share = 25", "0 到 1"),
        ("[limits]\nopen_least = 2.5", "整数"),
        ("[limits]\nwrong = 1\n[other]\na = 1", "里没有 wrong"),
        ("limits = 3", "[limits] 应为"),
        ("[limits", "TOML"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused_in_words(
    tmp_path: Path, written: str, words: str
) -> None:
    local = tmp_path / "local.toml"
    local.write_text(written, encoding="utf-8")
    result = run("form", NIANBAO_LOCAL=str(local))
    assert result.exit_code == 2
    assert words in result.output


def test_an_offices_own_threshold_is_kept_to(tmp_path: Path) -> None:
    from bot.catalogue import load_form
    from bot.local import load_local

    local = tmp_path / "local.toml"
    local.write_text("[limits]\njump = 3\nopen_least = 50\n", encoding="utf-8")
    limits = load_form(local=load_local(local)).limits
    assert (limits.jump, limits.open_least, limits.open_share) == (3.0, 50, 0.25)


def test_checking_a_clean_report_leaves_0(tmp_path: Path) -> None:
    result = run("check", whole(tmp_path))
    assert result.exit_code == 0, result.output


def test_checking_a_wrong_total_leaves_1_and_names_the_cell(tmp_path: Path) -> None:
    path = saved(tmp_path, figures(requests__granted__natural_person=3, requests__granted__total=4))
    result = run("check", path, "--json")
    assert result.exit_code == 1
    [checked] = json.loads(result.output)
    assert (checked["file"], checked["agency"], checked["year"]) == (
        str(path),
        "西山区教育局",
        2022,
    )
    found = next(f for f in checked["findings"] if f["rule"] == "T3-ROW")
    assert found["severity"] == "hard"
    assert found["left"] == 3
    assert found["right"] == 4
    assert found["difference"] == -1
    assert "requests.granted.total" in found["cells"]
    assert "予以公开" in found["message"]
    for repair in found["repairs"]:
        assert set(repair) <= {"cell", "value", "also"}


def test_a_gap_in_the_data_is_a_finding_and_no_zero(tmp_path: Path) -> None:
    path = saved(tmp_path, figures(proactive__permits=None, proactive__penalties="/"))
    [checked] = json.loads(run("check", path, "--json").output)
    findings = checked["findings"]
    assert {"proactive.permits", "proactive.penalties"} <= {c for f in findings for c in f["cells"]}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'{"sections": 3}', b'{"agency": "x"}',
     b"[" * 100000, b'{"agency":"a","year":2022,"sections":{"requests":' + b"9" * 5000 + b"}}"],
)  # fmt: skip
def test_what_is_no_report_leaves_2_and_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    result = run("check", path)
    if content.startswith(b'{"agency":"a"'):
        assert result.exit_code in (1, 2)
        return
    assert result.exit_code == 2
    assert result.output.strip().endswith("。")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("args", [["check", "nowhere.json"], ["check", "."], ["check"], ["nonsense"],
                                  ["chat", "--year", "x"], ["export", "--unit", "a"],
                                  ["render", "nowhere.json", "--to", "gif"]])  # fmt: skip
def test_wrong_usage_leaves_2_and_one_chinese_sentence(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert "。" in result.output


def test_several_files_are_checked_under_their_names_and_the_worst_code_counts(
    tmp_path: Path,
) -> None:
    good, wrong = whole(tmp_path), saved(tmp_path, figures(requests__granted__total=4), "b.json")
    result = run("check", good, wrong)
    assert result.exit_code == 1
    first, second = (
        result.output.index(f"── {path} ──\n西山区教育局 2022年") for path in (good, wrong)
    )
    assert first < second < result.output.index("必须改正") < result.output.index("T3-ROW")
    assert run("check", good, good).exit_code == 0


def test_a_file_that_is_no_report_does_not_keep_the_others_from_being_checked(
    tmp_path: Path,
) -> None:
    result = run("check", tmp_path / "nowhere.json", whole(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == "nowhere.json：没有这个文件或目录。\n"
    assert "西山区教育局 2022年：200 个数读到 200 个" in result.stdout


def test_several_checked_files_are_one_list_without_those_that_are_no_report(
    tmp_path: Path,
) -> None:
    nameless = saved(tmp_path, figures() | {"agency": "", "year": 2022}, "b.json")
    result = run("check", whole(tmp_path), tmp_path / "nowhere.json", nameless, "--json")
    assert result.exit_code == 2
    first, second = json.loads(result.stdout)
    assert {finding["severity"] for finding in first["findings"]} == {"explain", "note"}
    assert (second["file"], second["agency"]) == (str(nameless), None)
    assert json.loads(run("check", tmp_path / "nowhere.json", "--json").stdout) == []


def test_last_years_report_goes_with_one_file_only(tmp_path: Path) -> None:
    path = whole(tmp_path)
    result = run("check", path, path, "--last", path)
    assert result.exit_code == 2
    assert "一次只能核对一份" in result.output


def test_last_years_report_must_be_of_the_year_before(tmp_path: Path) -> None:
    last = saved(tmp_path, figures() | {"year": 2020}, "last.json")
    result = run("check", whole(tmp_path), "--last", last)
    assert result.exit_code == 2
    assert "last.json 是2020年的报告，不是2021年的" in result.output


def test_a_report_is_rendered_final_when_nothing_is_wrong(tmp_path: Path) -> None:
    result = run("render", whole(tmp_path), "--to", "docx", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert Path(result.output.strip()).read_bytes().startswith(b"PK")
    assert "草稿" not in result.output


def test_a_report_with_gaps_is_rendered_as_a_draft(tmp_path: Path) -> None:
    path = saved(tmp_path, figures(proactive__permits=None))
    result = run("render", path, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "草稿" in result.output


def test_a_chat_from_a_pipe_keeps_its_state_at_the_end(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    first = run(
        "chat", "--db", db, "--unit", "西山区教育局", "--year", "2022", stdin="没有\n没有\n"
    )
    assert first.exit_code == 0
    assert "3/5" in first.output
    second = run("chat", "--db", db, stdin="没有\n")
    assert "继续填写西山区教育局2022年度报告" in second.output
    assert "4/5" in second.output


def test_a_chat_on_a_fresh_machine_asks_for_the_agency(tmp_path: Path) -> None:
    result = run("chat", "--db", tmp_path / "a.db", stdin="你好\n西山区教育局\n没有\n")
    assert result.exit_code == 0
    assert "机关全称" in result.output
    assert "不像机关全称" in result.output
    assert "2/5" in result.output


def test_an_empty_pipe_is_greeted_and_left_in_peace(tmp_path: Path) -> None:
    result = run("chat", "--db", tmp_path / "a.db")
    assert result.exit_code == 0
    assert "年报助手" in result.output


def test_what_was_answered_is_exported_with_gaps_as_null(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    run("chat", "--db", db, "--unit", "西山区教育局", "--year", "2022", stdin="没有\n")
    data = json.loads(run("export", "--db", db, "--unit", "西山区教育局", "--year", "2022").output)
    assert data["sections"]["proactive"]["rules_made"] == 0
    assert data["sections"]["proactive"]["permits"] is None


def test_exporting_what_is_not_there_leaves_2(tmp_path: Path) -> None:
    Store(tmp_path / "a.db", FORM).close()
    result = run("export", "--db", tmp_path / "a.db", "--unit", "没有的局", "--year", "2022")
    assert result.exit_code == 2
    assert "没有的局" in result.output
    assert run("export", "--db", tmp_path / "b.db", "--unit", "x", "--year", "2022").exit_code == 2
    assert not (tmp_path / "b.db").exists()


def test_an_invitation_prints_its_payload_alone(tmp_path: Path) -> None:
    result = run("invite", "--db", tmp_path / "a.db", "--unit", "西山区教育局", "--year", "2022")
    assert result.exit_code == 0
    payload = result.output.strip()
    assert 0 < len(payload) <= 64
    assert payload.replace("-", "").replace("_", "").isalnum()


def test_an_invitation_for_an_unknown_level_names_the_levels(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    words = ("invite", "--db", db, "--unit", "西山区教育局", "--year", "2022", "--level")
    refused = run(*words, "县里的")
    assert refused.exit_code == 2
    assert "不认识层级“县里的”" in refused.output
    assert all(level in refused.output for level in LEVELS)
    assert not db.exists()
    assert run(*words, "地市级政府部门").exit_code == 0
    with closing(Store(db, FORM)) as store:
        assert store.draft(store.find_draft("西山区教育局", 2022) or 0).level == "地市级政府部门"


@pytest.mark.parametrize(
    "agency",
    ["西山区教育局", "临江市人民政府", "海东省人民政府", "西山区人民政府", "青河镇人民政府", "人民路街道办事处"],
)  # fmt: skip
def test_the_level_that_a_name_shows_is_one_that_can_be_given(agency: str) -> None:
    assert level_of(agency) in LEVELS


@pytest.mark.parametrize("level", LEVELS)
def test_the_checks_know_every_level(level: str) -> None:
    agency = "审计署" if level == "国务院部门" else "甲"
    report = report_of(figures_of({}), agency=agency, level=level)
    assert may_make_rules(report) == (level in ("国务院部门", "省级政府", "地市级政府"))
    assert is_bureau(report) == level.endswith("部门")
    assert rank(level) or level == "国务院部门"


def test_serving_without_a_token_says_what_is_missing() -> None:
    result = run("serve", NIANBAO_TELEGRAM_TOKEN="")
    assert result.exit_code == 2
    assert "NIANBAO_TELEGRAM_TOKEN" in result.output


def test_a_second_process_on_the_same_file_is_refused_in_words(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", FORM, exclusive=True)
    result = run("chat", "--db", tmp_path / "a.db", "--unit", "西山区教育局")
    store.close()
    assert result.exit_code == 2
    assert "正由另一个年报助手使用" in result.output
    assert "可以在它运行时使用" in result.output


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"this is no database at all, not a single page of it" * 50)
    result = run("chat", "--db", path, "--unit", "西山区教育局")
    assert result.exit_code == 2
    assert "不是年报助手的数据库" in result.output


@pytest.mark.parametrize(
    ("token", "why"),
    [("4200:AA F_geheim", "空格"), ("4200AAF_geheim", "没有冒号"), ("4200：AAF_geheim", "英文"),
     ('"4200:AAF_geheim"', "引号"), ("x4200:AAF_geheim", "只能是数字")],
)  # fmt: skip
def test_a_token_of_a_wrong_shape_is_refused_before_the_network_and_not_shown(
    token: str, why: str, tmp_path: Path
) -> None:
    set_so = {"NIANBAO_TELEGRAM_TOKEN": token, "NIANBAO_TELEGRAM_API": "http://127.0.0.1:1"}
    result = run("serve", "--db", tmp_path / "a.db", **set_so)
    assert result.exit_code == 2
    assert why in result.stderr
    assert "geheim" not in result.output
    told = run("doctor", "--db", tmp_path / "a.db", **set_so).output
    assert why in told
    assert "geheim" not in told


@pytest.mark.parametrize("api", ["api.telegram.org", "ftp://x", "http://", "http://[::1", "http://a:99999",
                                 "4200042:AAF_geheim"])  # fmt: skip
def test_an_address_of_the_interface_that_is_none_is_refused_at_the_start(
    api: str, tmp_path: Path
) -> None:
    set_so = {"NIANBAO_TELEGRAM_TOKEN": "1:AAF", "NIANBAO_TELEGRAM_API": api}
    result = run("serve", "--db", tmp_path / "a.db", **set_so)
    assert result.exit_code == 2
    assert "应以 http:// 或者 https:// 开头" in result.stderr
    assert "geheim" not in result.stderr
    assert "（str）" not in run("doctor", "--db", tmp_path / "a.db", **set_so).output


def test_what_hinders_the_file_is_said_with_its_path_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store(path, FORM).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with (
            closing(sqlite3.connect(path, timeout=0)) as ours,
            pytest.raises(sqlite3.OperationalError) as busy,
        ):
            ours.execute("CREATE TABLE t (x)")
    said = fault_in_words(busy.value, path)
    assert said.startswith(f"数据库 {path} 正被别的程序占着。请稍后再试")


@pytest.mark.parametrize(
    ("fault", "words"),
    [(sqlite3.OperationalError("database or disk is full"), "磁盘满了"),
     (sqlite3.OperationalError("attempt to write a readonly database"), "只读"),
     (sqlite3.OperationalError("disk I/O error"), "读写出错"),
     (sqlite3.DatabaseError("database disk image is malformed"), "从备份恢复"),
     (sqlite3.DatabaseError("file is not a database"), "请核对 --db 和 NIANBAO_DB")],
)  # fmt: skip
def test_every_fault_of_the_file_names_it(
    fault: Exception, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(self: Store) -> None:
        raise fault

    path = tmp_path / "a.db"
    Store(path, FORM).close()
    monkeypatch.setattr(Store, "verify", fail)
    result = run("verify", "--db", path)
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert words in result.stderr


def test_a_folder_of_a_database_that_cannot_be_made_is_refused_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    path = tmp_path / "file" / "a.db"
    said = run("chat", "--db", path, "--unit", "西山区教育局").stderr
    assert said.startswith(
        f"打不开数据库 {path}（{path.parent} 是文件，不是目录）。请检查路径和权限"
    )


def test_a_full_disk_is_said_in_the_chat_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Assistant, incoming: Incoming) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Assistant, "receive", fail)
    path = tmp_path / "a.db"
    said = run("chat", "--db", path, "--unit", "西山区教育局", stdin="没有\n").output
    assert f"磁盘满了，数据库 {path} 写不进。请腾出空间再试；存过的答案都在。" in said


@pytest.mark.parametrize("args", [["demo"], ["chat", "--unit", "西山区教育局"]], ids=" ".join)
def test_a_folder_for_files_is_looked_at_before_the_work(tmp_path: Path, args: list[str]) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    out = tmp_path / "file" / "out"
    result = run(*args, "--out", out, NIANBAO_DB=str(tmp_path / "a.db"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr
        == f"文件写不进 {out}（file 是文件，不是目录）。请用 --out 换一个能写的目录。\n"
    )
    assert not (tmp_path / "a.db").exists()


def test_the_demonstration_ends_in_a_finished_report(tmp_path: Path) -> None:
    result = run("demo", "--out", tmp_path)
    assert result.exit_code == 0, result.output[-2000:]
    path = Path(result.output.strip().splitlines()[-1])
    assert path.suffix == ".docx"
    assert "草稿" not in path.name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["imporrt"], "没有命令 imporrt；是不是 import？"),
        (["template", "chek"], "没有命令 chek；是不是 check？"),
        (["删除一切"], "没有命令 删除一切；用 --help 看有哪些命令。"),
        (["form", "--jsn"], "没有选项 --jsn；是不是 --json？"),
        (["--jsn"], "没有选项 --jsn；用 --help 看用法。"),
        (["check"], "缺少“文件”；用 --help 看用法。"),
        (["render"], "缺少“文件”；用 --help 看用法。"),
        (["unit", "rename", "财政局"], "缺少“新全称”；用 --help 看用法。"),
        (
            ["invite", "--unit", "西山区教育局", "--year", "1900"],
            "--year 的值不对；用 --help 看用法。",
        ),
    ],
)
def test_what_was_mistyped_is_named_with_the_nearest_that_is_known(
    typed: list[str], words: str
) -> None:
    result = run(*typed)
    assert (result.exit_code, result.stderr) == (2, words + "\n")


def test_a_folder_that_cannot_be_is_refused_with_a_chinese_reason(tmp_path: Path) -> None:
    report = whole(tmp_path)
    for out, words in (
        (report, "report.json 是文件，不是目录"),
        (report / "out", "report.json 是文件，不是目录"),
        (tmp_path / ("长" * 200), "名称太长"),
    ):
        result = run("render", report, "--to", "txt", "--out", out)
        assert result.exit_code == 2
        assert result.stderr == f"文件写不进 {out}（{words}）。请用 --out 换一个能写的目录。\n"


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOENT, "没有这个文件或目录"), (errno.EACCES, "没有权限"), (errno.ENOSPC, "磁盘满了"),
     (errno.EISDIR, "这是目录，不是文件"), (errno.EROFS, "磁盘是只读的"),
     (errno.ELOOP, f"系统错误 {errno.ELOOP}")],
)  # fmt: skip
def test_why_the_system_refused_is_said_in_chinese(number: int, words: str) -> None:
    assert reason(OSError(number, os.strerror(number))) == words


def test_help_loads_no_checks_no_database_and_no_file_formats() -> None:
    heavy = {"bot.assistant", "bot.checks", "bot.store", "sqlite_utils", "docx", "lxml", "jinja2"}
    code = "import sys, bot.command; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


def test_the_module_runs_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "form"], capture_output=True, text=True, check=True
    )
    assert "政府信息公开工作年度报告" in done.stdout


def quiet_file(tmp_path: Path, agency: str, year: int) -> Path:
    """A quiet report with three documents in force."""
    data = figures(proactive__normdocs_in_force=3) | {"agency": agency, "year": year}
    return saved(tmp_path, data, f"{agency}{year}.json")


@pytest.mark.parametrize("module", ["bot.command", "bot.command.boards", "bot.catalogue"])
def test_ctrl_c_while_the_program_loads_ends_it_quietly(module: str) -> None:
    code = (
        "import sys, builtins, bot.__main__ as program\n"
        "load = builtins.__import__\n"
        "def interrupted(name, *more):\n"
        f"    if name == {module!r}: raise KeyboardInterrupt\n"
        "    return load(name, *more)\n"
        "builtins.__import__ = interrupted\n"
        "sys.argv = ['nianbao', 'form']\n"
        "program.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (130, "")


def test_a_report_is_imported_as_last_years(tmp_path: Path) -> None:
    db, path = tmp_path / "n.db", quiet_file(tmp_path, "东山区教育局", 2024)
    result = run(
        "import", path, "--db", db, "--unit", "东山区教育局", "--year", "2025", "--as-last-year"
    )
    assert result.exit_code == 0, result.output
    assert "2024年的报告：读到200/200个数" in result.output
    with closing(Store(db, load_form())) as store:
        draft = store.draft(store.find_draft("东山区教育局", 2025) or 0)
    assert draft.last is not None
    assert draft.last.figures["proactive.normdocs_in_force"] == 3


def test_another_agencys_report_is_not_imported(tmp_path: Path) -> None:
    path = quiet_file(tmp_path, "西山区教育局", 2025)
    result = run(
        "import", path, "--db", tmp_path / "n.db", "--unit", "东山区教育局", "--year", "2025"
    )
    assert result.exit_code == 2
    assert "西山区教育局" in result.output


def test_an_import_that_contradicts_what_stands_needs_replace(tmp_path: Path) -> None:
    db, path = tmp_path / "n.db", quiet_file(tmp_path, "东山区教育局", 2025)
    run("chat", "--db", db, "--unit", "东山区教育局", "--year", "2025", stdin="五类都没有\n确认\n")
    words = ("import", path, "--db", db, "--unit", "东山区教育局", "--year", "2025")
    refused = run(*words)
    assert refused.exit_code == 2
    assert "现行有效" in refused.output
    assert run(*words, "--replace").exit_code == 0
    with closing(Store(db, load_form())) as store:
        draft = store.draft(store.find_draft("东山区教育局", 2025) or 0)
    assert draft.figure("proactive.normdocs_in_force") == 3
    assert draft.value("gate.rules") == "yes"
