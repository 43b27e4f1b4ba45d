"""Everything that docs/extending.md shows is done in a copy of the project, and proved there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
PARTS = ("bot", "prompts", "templates")

_BLOCK = re.compile(r"(?P<lead>[^\n]*)\n\n```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
_EDIT = re.compile(
    r"`(?P<path>[\w/.-]+)`, (?:(?P<how>new|at the end)|behind `(?P<behind>.+)`|`(?P<old>.+)` becomes):"
)
_RUNNER = """
import json, sys, traceback
results = {}
for name, proof in json.load(sys.stdin).items():
    try:
        exec(compile(proof, name, "exec"), {"__name__": "proof"})
        results[name] = ""
    except BaseException:
        results[name] = traceback.format_exc()
print(json.dumps(results))
"""


@dataclass
class Chapter:
    """What one heading shows: steps in order, and proofs."""

    steps: list[tuple[str, str]] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)


def chapters() -> dict[str, Chapter]:
    """The headings of the page that show anything, with what they show."""
    found: dict[str, Chapter] = {}
    for text in PAGE.split("\n## ")[1:]:
        name, _, body = text.partition("\n")
        chapter = Chapter()
        for block in _BLOCK.finditer(body):
            if block["lead"] == "Proof:":
                chapter.proofs.append(block["body"])
            else:
                lead = "sh" if block["kind"] == "sh" else block["lead"]
                chapter.steps.append((lead, block["body"]))
        if chapter.proofs:
            found[name] = chapter
    return found


CHAPTERS = chapters()


def edit(folder: Path, lead: str, body: str) -> None:
    """Do one step as the page says it."""
    if lead == "sh":
        for line in body.splitlines():
            words = line.split()
            program = [sys.executable] if words[0] == "python" else [words[0]]
            subprocess.run([*program, *words[1:]], cwd=folder, check=True)
        return
    how = _EDIT.fullmatch(lead)
    assert how, f"not understood: {lead}"
    path = folder / how["path"]
    if how["how"] == "new":
        assert not path.exists(), path
        path.write_text(body, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if how["how"] == "at the end":
        path.write_text(text + body, encoding="utf-8")
        return
    line = (how["behind"] or how["old"]) + "\n"
    assert f"\n{text}".count(f"\n{line}") == 1, f"{path}: {line}"
    path.write_text(text.replace(line, (line if how["behind"] else "") + body), encoding="utf-8")


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of every proof, in a copy in which all of the page was done."""
    folder = tmp_path_factory.mktemp("copy")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for chapter in CHAPTERS.values():
        for lead, body in chapter.steps:
            edit(folder, lead, body)
    proofs = {
        f"{name} {number}": proof
        for name, chapter in CHAPTERS.items()
        for number, proof in enumerate(chapter.proofs)
    }
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER], cwd=folder, input=json.dumps(proofs), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    results: dict[str, str] = json.loads(done.stdout)
    return results


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_the_page_shows_works(name: str, proved: dict[str, str]) -> None:
    faults = [fault for proof, fault in proved.items() if proof.startswith(name) and fault]
    assert not faults, "\n".join(faults)


def test_the_page_shows_all_that_anybody_adds() -> None:
    shown = set(CHAPTERS)
    wanted = {"Next year's form", "A question", "A rule", "A check", "A format", "A channel"}
    assert wanted < shown
    assert any(name.startswith("A sentence") for name in shown)
