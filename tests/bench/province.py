"""A province added up from data files: units to districts, districts to cities, cities to the sum.

python -m tests.bench.province [--districts 75] [--units 100]

The reports are made up; every step is the program's own command, and the total is held against a
sum that was made beside it, cell by cell.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from bot.report import Figure
from bot.writers.json import write_report
from tests.district import sound_figures
from tests.tables import STYLES, form, report_of
from tests.test_cli import run

YEAR = 2024
PROVINCE = "青山省人民政府"
PER_CITY = 5
KINDS = ("sparse", "sparse", "small", "small", "middle")

_out = sys.stdout.write


class Sum:
    """An addition beside the program's: cell by cell, with nothing of the roll-up in it."""

    def __init__(self) -> None:
        self.cells: dict[str, Decimal] = dict.fromkeys(form().cells, Decimal(0))

    def add(self, figures: dict[str, Figure]) -> None:
        """One report more."""
        for cell, figure in figures.items():
            self.cells[cell] += 0 if figure is None else figure


@contextmanager
def timed(name: str, note: str = "") -> Iterator[None]:
    """Print how long something took."""
    start = time.perf_counter()
    yield
    _out(f"{name:52}{time.perf_counter() - start:9.2f} s{note}\n")


def make_units(folder: Path, districts: int, units: int, beside: Sum) -> list[list[Path]]:
    """The data files of every unit, district by district."""
    made = []
    for district in range(districts):
        place = folder / f"{district:03}"
        place.mkdir()
        made.append([_make_unit(place, district, unit, beside) for unit in range(units)])
    return made


def _make_unit(place: Path, district: int, unit: int, beside: Sum) -> Path:
    style = "county" if unit % 50 == 0 else KINDS[unit % len(KINDS)]
    assert style in STYLES
    figures = sound_figures(district * 1000 + unit, style)
    beside.add(figures)
    agency = f"第{district + 1}区第{unit + 1}行政服务局"
    report = report_of(figures, agency=agency, year=YEAR, final=True)
    path = place / f"{unit:03}.json"
    path.write_text(write_report(report, form()), encoding="utf-8")
    return path


def roll_up(name: str, files: Sequence[Path], target: Path) -> Path:
    """`nianbao rollup --add … --json` in this process; the sum as a data file."""
    result = run(
        "rollup", "--unit", name, "--year", str(YEAR), "--add", *files, "--json",
        NIANBAO_DB=str(target.with_suffix(".none")),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    target.write_text(result.stdout, encoding="utf-8")
    return target


def roll_up_alone(name: str, files: Sequence[Path], target: Path) -> float:
    """As `roll_up`, in a process of its own; the most memory that it took, in MB."""
    command = [
        sys.executable, "-m", "bot", "rollup", "--unit", name, "--year", str(YEAR), "--json",
        "--add", *map(str, files),
    ]  # fmt: skip
    environ = {**os.environ, "NIANBAO_DB": str(target.with_suffix(".none"))}
    with target.open("wb") as out:
        subprocess.run(command, stdout=out, env=environ, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def figures_in(path: Path) -> dict[str, Decimal]:
    """The figures of a data file, read without the program's reader."""
    found: dict[str, Decimal] = {}

    def walk(at: object, name: str) -> None:
        if isinstance(at, dict):
            for key, value in at.items():
                walk(value, f"{name}.{key}".removeprefix("."))
        elif name in form().items and at is not None:
            found[name] = Decimal(str(at))

    walk(json.loads(path.read_text(encoding="utf-8"))["sections"], "")
    return {cell: found[cell] for cell in form().cells}


def size_of(files: Sequence[Path]) -> int:
    """The bytes of some files."""
    return sum(file.stat().st_size for file in files)


def main() -> None:
    """The table, and the proof that nothing is lost on the way up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--districts", type=int, default=75)
    parser.add_argument("--units", type=int, default=100)
    given = parser.parse_args()
    beside = Sum()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with timed(f"{given.districts * given.units} reports made up and written"):
            units = make_units(folder, given.districts, given.units, beside)
        _climb(folder, units, beside)


def _climb(folder: Path, units: list[list[Path]], beside: Sum) -> None:
    """Add up level by level, then all at once, and hold both against the other sum."""
    everything = [file for files in units for file in files]
    with timed(f"{len(units)} districts of {len(units[0])} units"):
        districts = [
            roll_up(f"第{n}区人民政府", files, folder / f"district{n:03}.json")
            for n, files in enumerate(units, 1)
        ]
    groups = [districts[at : at + PER_CITY] for at in range(0, len(districts), PER_CITY)]
    with timed(f"{len(groups)} cities of {PER_CITY} districts"):
        cities = [
            roll_up(f"第{n}市人民政府", files, folder / f"city{n:03}.json")
            for n, files in enumerate(groups, 1)
        ]
    province, flat, one = (folder / f"{name}.json" for name in ("province", "flat", "one"))
    with timed("the province of its cities"):
        roll_up(PROVINCE, cities, province)
    with timed("one district in a process of its own"):
        small = roll_up_alone("第1区人民政府", units[0], one)
    with timed(f"all {len(everything)} files at once, a process of its own"):
        large = roll_up_alone(PROVINCE, everything, flat)
    assert figures_in(province) == beside.cells
    assert figures_in(flat) == beside.cells
    _out(f"memory: a district {small:.0f} MB, all files at once {large:.0f} MB\n")
    for name, files in (("a unit's", everything), ("a district's", districts),
                        ("a city's", cities), ("the province's", [province])):  # fmt: skip
        _out(f"{name} data file: {size_of(files) / len(files) / 1024:.1f} KB\n")
    _out(f"{len(beside.cells)} cells of the province agree with the sum made beside: all\n")


if __name__ == "__main__":
    main()
