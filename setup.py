"""Packs prompts/ and templates/ whole, beside the code; all else stands in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


def data() -> list[Path]:
    """Every prompt and every template, in whatever folder; not the scripts that make templates."""
    found = [*ROOT.glob("prompts/**/*.toml"), *ROOT.glob("templates/**/*")]
    return sorted(
        path.relative_to(ROOT)
        for path in found
        if path.is_file() and path.suffix not in (".py", ".pyc") and path.name[0] not in ".~"
    )


class BuildWithData(build_py):
    """Puts the data into the package, where `bot/folders.py` finds it."""

    def run(self) -> None:
        """Build into an empty folder: what an earlier build left there does not come along."""
        package = Path(self.build_lib) / "bot"
        if not self.editable_mode:
            shutil.rmtree(package, ignore_errors=True)
        super().run()
        for path in () if self.editable_mode else data():
            (package / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, package / path)

    def get_source_files(self) -> list[str]:
        """What a source archive holds."""
        return [*super().get_source_files(), *map(str, data())]


setup(cmdclass={"build_py": BuildWithData})
