"""The command that checks reports: for people line by line, for programs as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.command.base import fail, main
from bot.command.files import read_report
from bot.command.parts import load_form
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.checks.finding import Finding
    from bot.form import Form
    from bot.reading import Reading
    from bot.report import Report
    from bot.wording import Wording

_SEVERITIES = {
    "hard": "必须改正",
    "explain": "需要说明",
    "note": "提示",
    "admin": "办公室",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with what was read in it and what was found."""

    file: Path
    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def code(self) -> int:
        """The exit code: 1 where something must be corrected."""
        return int(any(finding.severity == "hard" for finding in self.findings))


@main.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="文件...", type=click.Path(path_type=Path)
)
@click.option("--last", type=click.Path(path_type=Path), help="上一年的报告，用来对照。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(files: tuple[Path, ...], last: Path | None, as_json: bool) -> None:
    """核对年度报告，一份或几份：有必须改正的问题时退出码为 1。

    可以是 Word、网页、Excel、PDF、文本或 JSON。有一份读不了，其余的照样核对，退出码为 2。
    """
    from bot.wording import Wording

    if last and len(files) > 1:
        fail("带 --last 时一次只能核对一份报告。")
    settings = Settings.from_environ()
    form = load_form(settings)
    results = _check_each(files, last, form, settings, headed=len(files) > 1 and not as_json)
    show = _print_json if as_json else _print_lines
    sys.exit(show(results, Wording(form)))


def _check_each(
    files: tuple[Path, ...], last: Path | None, form: Form, settings: Settings, *, headed: bool
) -> Iterator[Checked | None]:
    """Each file checked, one after the other; None for one that is no report, after saying why."""
    from bot.readers.reading import Unreadable

    for number, file in enumerate(files):
        if headed:
            click.echo("\n" * (number > 0) + f"── {file} ──")
        try:
            yield _check(file, last, form, settings)
        except Unreadable as refused:
            click.echo(str(refused), err=True)
            yield None


def _check(file: Path, last: Path | None, form: Form, settings: Settings) -> Checked:
    """A file read and checked, beside last year's report if one is given."""
    from bot.checks import run_checks
    from bot.record import file_dossier

    reading = read_report(file, form, settings)
    before = read_report(last, form, settings).report if last else None
    if before and last:
        before = _year_before(before, reading.report.year, last.name)
    return Checked(file, reading, run_checks(file_dossier(reading, form, before)))


def _year_before(before: Report, year: int, name: str) -> Report:
    """Last year's report with its year, where none was read; Unreadable where it is another's."""
    from bot.readers.reading import Unreadable

    if year and before.year not in (0, year - 1):
        raise Unreadable(f"{name} 是{before.year}年的报告，不是{year - 1}年的，对照不了。")
    return replace(before, year=year - 1) if year else before


def _print_json(results: Iterator[Checked | None], wording: Wording) -> int:
    """Print all that was read as one list; the worst exit code."""
    codes, data = [0], []
    for checked in results:
        codes.append(2 if checked is None else checked.code)
        if checked is not None:
            data.append(_data(checked, wording))
            for line in checked.reading.unread:
                click.echo(f"{checked.file.name} 没读懂：{line}", err=True)
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    return max(codes)


def _data(checked: Checked, wording: Wording) -> dict[str, Any]:
    """A checked file as JSON; null for an agency or a year that was not read."""
    from bot.data import finding_data

    report = checked.reading.report
    return {
        "file": str(checked.file),
        "agency": report.agency or None,
        "year": report.year or None,
        "findings": [
            finding_data(finding, wording, report.figures) for finding in checked.findings
        ],
    }


def _print_lines(results: Iterator[Checked | None], wording: Wording) -> int:
    """Print what was found in each file; the worst exit code."""
    codes = [0]
    for checked in results:
        codes.append(2 if checked is None else checked.code)
        if checked is not None:
            _print_heading(checked)
            _print_findings(checked, wording)
    return max(codes)


def _print_heading(checked: Checked) -> None:
    """Whose report it is, how much of it was read and what was not understood."""
    report = checked.reading.report
    known = sum(figure is not None for figure in report.figures.values())
    year = f"{report.year}年" if report.year else "（没有读到年度）"
    click.echo(
        f"{report.agency or '（没有读到机关名称）'} {year}"
        f"：{len(report.figures)} 个数读到 {known} 个，发现 {len(checked.findings)} 处问题。"
    )
    for line in checked.reading.unread:
        click.echo(f"没读懂：{line}")


def _print_findings(checked: Checked, wording: Wording) -> None:
    """The findings, the most serious first, under the name of their severity."""
    for severity, name in _SEVERITIES.items():
        found = [finding for finding in checked.findings if finding.severity == severity]
        if found:
            click.echo(f"{name}（{len(found)}）")
        for finding in found:
            _print_finding(finding, checked, wording)
    if not checked.findings:
        click.echo("没有发现问题。")


def _print_finding(finding: Finding, checked: Checked, wording: Wording) -> None:
    """Rule, place, message, and why it is asked where it is more than a note."""
    figures = checked.reading.report.figures
    place = wording.place(finding)
    click.echo(f"  {finding.rule} {place}{wording.message(finding, figures)}")
    if finding.severity != "note" and (why := wording.why(finding, figures)):
        click.echo(f"      {why}")
