"""The documentation says what is: its commands run, its links lead somewhere, its lists are whole."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from bot.catalogue import load_form
from bot.command import main
from bot.report import Report, Topic
from bot.writers.docx import render as render_docx
from bot.writers.json import render
from docs import make_pictures
from tests.parts import with_parts

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
REFERENCES = (ROOT / "docs" / "operator.md", ROOT / "docs" / "reference.zh-CN.md")
MANUALS = (*READMES, *sorted((ROOT / "docs").glob("*.md")))
PAGES = (*MANUALS, ROOT / "CHANGELOG.md", ROOT / "deploy" / "README.md")
ENV_EXAMPLE = ROOT / "deploy" / "env.example"
AGENCY, YEAR = "云溪县文化和旅游局", 2025
PICTURES = ROOT / "docs" / "pictures"
TELLING = {
    "chat.svg": "改为 3",
    "staff-start.svg": "五类都没有",
    "staff-figures.svg": "应为 3",
    "staff-text.svg": "用这段",
    "staff-returned.svg": "请核对",
    "staff-terminal.svg": "> 没有",
    "office-invite.svg": "https://t.me/",
    "office-board.svg": "已提交",
    "office-review.svg": "已记批注 1",
    "office-rollup.svg": "缺报",
}
"""Words that each picture is for."""


def name_of(path: Path) -> str:
    """A page's name in the list of tests."""
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    """A page's text."""
    return path.read_text(encoding="utf-8")


def commands_of(path: Path) -> list[str]:
    """The lines of a page's sh and console blocks, without the prompt."""
    blocks = re.findall(
        r"^ *```(?:sh|console)\n(.*?)^ *```", text_of(path), re.DOTALL | re.MULTILINE
    )
    return [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]


def links_of(path: Path) -> Iterator[str]:
    """Where a page's links and pictures lead, addresses of the web left out."""
    text = re.sub(r"^ *```.*?^ *```", "", text_of(path), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text)
    for markdown, html in targets:
        target = (markdown or html).partition("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            yield target


def report_json() -> bytes:
    """The quiet report as the manuals' report.json."""
    return render(report_of_quiet_year(), load_form())


def report_of_quiet_year() -> Report:
    """A complete quiet report."""
    form = load_form()
    topics = tuple(
        Topic(form.items[key].label, "全年按要求做好这项工作。")
        for key in form.section("overview").texts[1:]
    )
    return (
        with_parts(
            Report(form.format, AGENCY, YEAR, "", form.title_of(AGENCY, YEAR)),
            intro="依法做好政府信息公开工作。", topics=topics,
            figures=dict.fromkeys(form.cells, 0), problems="问题是解读形式单一。改进情况：加强培训。",
            other="本年度未收取信息处理费。",
        )
    )  # fmt: skip


def run(line: str) -> tuple[int, str]:
    """Run a nianbao command in this folder; `> file` is done here, and `serve` only explains itself."""
    words = shlex.split(line)[1:]
    target = ""
    if ">" in words:
        target = words.pop(words.index(">") + 1)
        words.remove(">")
    if words[0] == "serve":
        words.append("--help")
    result = CliRunner().invoke(main, words, input="")
    if target:
        Path(target).write_text(result.output, encoding="utf-8")
    return result.exit_code, result.output


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a begun report in its database and a report.json, and no settings."""
    for name in settings_of(ENV_EXAMPLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    begun = CliRunner().invoke(
        main, ["chat", "--unit", AGENCY, "--year", str(YEAR)], input="没有\n"
    )
    assert begun.exit_code == 0, begun.output
    (tmp_path / "report.json").write_bytes(report_json())
    for name, year in (("年报.docx", YEAR), ("去年.docx", YEAR - 1)):
        made = replace(report_of_quiet_year(), year=year, title=load_form().title_of(AGENCY, year))
        (tmp_path / name).write_bytes(render_docx(made, load_form()))
    (tmp_path / "report.docx").write_bytes((ROOT / "templates" / "report.docx").read_bytes())
    return tmp_path


def test_the_commands_in_the_manuals_do_what_they_say(office: Path) -> None:
    lines = dict.fromkeys(line for page in MANUALS for line in commands_of(page))
    ours = [line for line in lines if line.removeprefix(".venv/bin/").startswith("nianbao ")]
    assert len(ours) > 5
    for line in ours:
        code, output = run(line)
        named = [name_of(page) for page in MANUALS if line in commands_of(page)]
        fine = (0, 1) if line.startswith("nianbao check") else (0,)
        assert code in fine, f"{named}: {line}\n{output}"
        assert output.strip(), f"{named}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_make_targets_named_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = {line.split()[1] for line in commands_of(page) if line.startswith("make ")}
    named |= set(re.findall(r"`make ([a-z]+)`", text_of(page)))
    assert named <= targets


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_the_readme_shows_how_to_try_it_before_anything_else(readme: Path) -> None:
    assert commands_of(readme)[:2] == ["make chat", "make test"]


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_the_readme_runs_the_program_where_make_put_it(readme: Path) -> None:
    ours = [line for line in commands_of(readme) if "nianbao" in line]
    assert ours
    assert all(line.startswith(".venv/bin/nianbao ") for line in ours)


@pytest.mark.parametrize("page", REFERENCES, ids=name_of)
def test_every_command_stands_in_the_reference(page: Path) -> None:
    named = set(re.findall(r"`nianbao \w+`", text_of(page)))
    assert {f"`nianbao {name}`" for name in main.commands} <= named


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    assert not [target for target in links_of(page) if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", REFERENCES, ids=name_of)
def test_the_settings_table_is_the_code_and_the_example(page: Path) -> None:
    table = set(re.findall(r"^\| `(NIANBAO_\w+)` \|", text_of(page), re.MULTILINE))
    assert table == settings_of(ENV_EXAMPLE) == settings_of(ROOT / "bot" / "settings.py")


def settings_of(path: Path) -> set[str]:
    """The settings that a file names."""
    return set(re.findall(r"NIANBAO_[A-Z_]+", text_of(path)))


def dependencies() -> set[str]:
    """The names of all packages that pyproject.toml asks for, extras too."""
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(wish for extra in extras for wish in extra)]
    return {re.split(r"[<>=~!;\[ ]", wish)[0] for wish in wanted}


def decisions() -> dict[str, list[str]]:
    """What the table of packages says of each: what for, why this one, licence."""
    rows = re.findall(
        r"^\| `([\w-]+)`(?: \(optional\))? \| (.+) \|$",
        text_of(ROOT / "docs" / "decisions.md"),
        re.MULTILINE,
    )
    return {name: rest.split(" | ") for name, rest in rows}


def test_every_dependency_has_its_line_in_the_decisions() -> None:
    assert set(decisions()) == dependencies()
    assert not [name for name, cells in decisions().items() if len(cells) != 3 or not all(cells)]


@pytest.mark.parametrize("name", sorted(dependencies()))
def test_the_licence_is_the_one_that_the_installed_package_states(name: str) -> None:
    try:
        stated = metadata(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} 没有安装")
    said = decisions()[name][-1]
    if "License-Expression" in stated:
        assert said == stated["License-Expression"]
        return
    # older metadata has free text and classifiers: the families named must be the same
    kinds = [line for line in stated.get_all("Classifier", []) if line.startswith("License ::")]
    words = f"{stated['License'][:60] if 'License' in stated else ''} {kinds}"
    families = ("MIT", "BSD", "Apache", "LGPL", "GPL", "MPL", "OFL")
    assert {one for one in families if one in said} == {one for one in families if one in words}


def test_every_key_of_a_printed_finding_is_explained(office: Path) -> None:
    data = json.loads(report_json())
    data["sections"]["requests"]["granted"]["total"] = 4
    data["sections"]["problems"] = "问题是＿＿＿。改进情况：加强培训。"
    (office / "report.json").write_text(json.dumps(data), encoding="utf-8")
    files = json.loads(run("nianbao check report.json --json")[1])
    findings = [finding for file in files for finding in file["findings"]]
    explained = text_of(ROOT / "docs" / "data.md")
    keys = {key for file in files for key in file}
    keys |= {key for finding in findings for key in finding}
    keys |= {key for finding in findings for repair in finding["repairs"] for key in repair}
    assert {"file", "findings", "sentence", "repairs", "cell"} <= keys
    assert not [key for key in keys if not re.search(rf"`(repairs\[\])?\.?{key}`", explained)]


def test_every_key_of_the_printed_form_is_explained() -> None:
    explained = text_of(ROOT / "docs" / "data.md").partition("## The form")[2]
    form = json.loads(run("nianbao form --json")[1])
    assert not [key for key in form if f"`{key}`" not in explained]


def test_every_log_line_of_the_channel_stands_in_the_manual() -> None:
    manual = text_of(ROOT / "docs" / "operator.md")
    for path in (ROOT / "bot" / "channels").glob("*.py"):
        for words in re.findall(r"_log\.(?:info|warning|error)\(\s*\"([^\"]+)\"", text_of(path)):
            start = re.split(r"%[a-z]", words)[0].strip("：:， ")
            assert start in manual, f"{path.name}: {words}"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "deploy" / "nianbao.service"], ids=name_of)
def test_no_page_names_a_path_of_somebodys_machine(page: Path) -> None:
    assert not re.search(r"/(work|tmp|root|home)/", text_of(page))


@pytest.fixture(scope="module")
def made() -> dict[str, str | bytes]:
    """The pictures of the manuals, made anew from a year that is played."""
    return make_pictures.make_all()


def test_the_pictures_are_the_products_own_words(made: dict[str, str | bytes]) -> None:
    assert set(made) == {path.name for path in PICTURES.iterdir()} - {"house.svg"}
    for name, words in TELLING.items():
        root = ElementTree.fromstring(made[name])
        assert words in "".join(root.itertext()), name
        assert len(list(root)) > 20 or name == "staff-terminal.svg"


def test_no_picture_shows_an_invitations_secret(made: dict[str, str | bytes]) -> None:
    for picture in made.values():
        assert not re.search(r"start[= ][\w-]{8}", str(picture))


def test_every_picture_is_shown_somewhere_and_all_are_small() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for target in links_of(page)}
    pictures = set(PICTURES.iterdir())
    assert pictures <= shown
    assert sum(path.stat().st_size for path in pictures) < 1_500_000


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_picture_says_in_words_what_it_shows(page: Path) -> None:
    for tag in re.findall(r"<img [^>]+>", text_of(page)):
        assert re.search(r' alt="[^"]{10,}"', tag), tag
