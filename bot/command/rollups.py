"""The command that adds up: a district's units, and what other districts sent as data files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.answers import plain
from bot.command.base import db_option, fail, main, out_option, year_option
from bot.command.desk import in_words, office_at, refusal
from bot.command.files import read_report, write_file
from bot.command.parts import load_form, now
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.checks.finding import Finding
    from bot.form import Form
    from bot.office.rollup import Contribution, Rollup
    from bot.office.standing import Unit
    from bot.wording import Wording

_SHOWN = 30  # characters of what was typed


@dataclass(frozen=True, slots=True)
class Added:
    """A roll-up with what was found about it, and the words for both."""

    rollup: Rollup
    findings: Sequence[Finding]
    form: Form
    wording: Wording


class _Files(click.Option):
    """An option that takes all the words behind it, up to the next option: --add A B C."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        super().add_to_parser(parser, ctx)
        option = parser._long_opt["--add"]
        process = option.process

        def take(value: str, state: Any) -> None:
            process(value, state)
            while state.rargs and not state.rargs[0].startswith("-"):
                process(state.rargs.pop(0), state)

        option.process = take


@main.command()
@db_option
@click.option("--unit", help="汇总哪一级政府；名册里只有一级时不用写。")
@year_option
@click.option("--add", cls=_Files, multiple=True, metavar="FILE...",
              type=click.Path(path_type=Path), help="再加上这些年报或者汇总数据文件。")  # fmt: skip
@click.option("--where", help="查一处的数由谁给出，例如 予以公开。")
@click.option("--to", type=click.Choice(["xlsx"]), help="写成文件。")
@out_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，上一级可以再汇总。")
def rollup(
    db: Path | None,
    unit: str | None,
    year: int | None,
    add: tuple[Path, ...],
    where: str | None,
    to: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """汇总：各单位已提交和已通过的数相加，连同 --add 的文件；没有数据库也可以只加文件。"""
    if bool(to) + as_json + (where is not None) > 1:
        fail("--where、--to 和 --json 请写一样。")
    settings = Settings.from_environ()
    form = load_form(settings)
    given = [_contribution(file, form, settings) for file in add]
    year = year or _year_of(given)
    with ExitStack() as stack:
        stored = (db or settings.db).exists() or not add
        assistant = stack.enter_context(office_at(db)) if stored else None
        added = _add_up(assistant, form, unit, year, given)
    if where is not None:
        _print_givers(added, where)
    elif as_json:
        _print_json(added)
    elif to:
        _write_sheet(added, out or settings.out)
    else:
        _print_words(added)


def _add_up(
    assistant: Assistant | None, form: Form, name: str | None, year: int, given: list[Contribution]
) -> Added:
    """The sum of what the store has of a district's units and of what was given besides."""
    from bot.assistant.view import View
    from bot.office.rollup import add_up
    from bot.office.rollup_checks import check_rollup
    from bot.office.tree import children
    from bot.wording import Wording

    units = assistant.store.units() if assistant else ()
    district = _district(units, name, is_added=bool(given))
    below = children(units, district.id) if district.id else ()
    ids = {unit.id for unit in below}
    stored = assistant.store.contributions(year) if assistant else ()
    counted = [*(one for one in stored if one.unit.id in ids), *given]
    found = add_up(form, district, below, counted, year, final=False)
    if assistant is None or not district.id:
        return Added(found, check_rollup(found, form), form, Wording(form))
    findings = View(assistant, "observer").rollup_findings(found)
    return Added(found, findings, form, assistant.wording)


def _district(units: Sequence[Unit], name: str | None, *, is_added: bool) -> Unit:
    """The government that is added up; with files it need not be on the roster."""
    from bot.agency import is_agency, level_of
    from bot.office.names import find_units
    from bot.office.standing import Unit
    from bot.office.tree import children

    tops = [unit for unit in units if children(units, unit.id)]
    if name is None:
        if len(tops) == 1:
            return tops[0]
        names = "、".join(unit.called for unit in tops[:10])
        fail(f"汇总哪一级？请写 --unit{f'：{names}' if names else ' 机关全称'}。")
    typed = plain(name)
    found = [unit for unit in units if typed in (unit.name, unit.short)]
    found = found or list(() if is_added else find_units(tops, typed))
    if len(found) == 1:
        return found[0]
    if not is_added or not is_agency(typed):
        names = "、".join(unit.called for unit in tops[:10]) or "（还没有指定上级）"
        fail(f"名册里没有要汇总的“{typed[:_SHOWN]}”；可以是：{names}。")
    return Unit(0, typed, level=level_of(typed))


def _contribution(file: Path, form: Form, settings: Settings) -> Contribution:
    """What a data file gives: a report's figures, or a district's sum; leaves where it is none."""
    from bot.agency import level_of
    from bot.office.rollup import Contribution
    from bot.office.standing import Unit
    from bot.store.chain import digest

    reading = read_report(file, form, settings)
    report = reading.report
    if not report.agency or not report.year:
        fail(f"{file.name}：没有读到机关名称或者年度，没有汇总。")
    for line in reading.unread:
        click.echo(f"{file.name} 没读懂：{line}", err=True)
    name = plain(report.agency)
    return Contribution(
        unit=Unit(0, name, level=report.level or level_of(name)), year=report.year,
        format=report.format, version=0, state="approved" if report.final else "submitted",
        figures=report.figures, sha=digest(file.read_bytes()),
    )  # fmt: skip


def _year_of(given: Sequence[Contribution]) -> int:
    """The year of the files, else the one that is due next; leaves where files differ."""
    from bot.agency import report_year

    years = sorted({one.year for one in given})
    if len(years) > 1:
        fail(f"这些文件不是同一年的（{'、'.join(map(str, years))}），请用 --year 写明汇总哪一年。")
    return years[0] if years else report_year(now())


def _print_givers(added: Added, where: str) -> None:
    """Print who gave how much to one place of the form."""
    from bot.desk.office import Refused
    from bot.desk.rollups import givers_say

    try:
        said = givers_say(added.form, added.rollup, where)
    except Refused as refused:
        fail(refusal(added.wording, refused))
    click.echo(in_words(added.wording, [said]))


def _print_json(added: Added) -> None:
    """Print the sum as data, with what was found."""
    from bot.writers.rollup import rollup_data

    click.echo(json.dumps(rollup_data(added.rollup, added.form), ensure_ascii=False, indent=1))


def _write_sheet(added: Added, out: Path) -> None:
    """Write the sum as a workbook, with every unit's line."""
    from bot.writers.naming import safe_name
    from bot.writers.rollup import render_rollup

    found = added.rollup
    words = [added.wording.message(finding, found.figures) for finding in added.findings]
    path = out / f"{safe_name(f'{found.district.name}{found.year}年度汇总')}.xlsx"
    write_file(path, render_rollup(found, added.form, words))
    click.echo(str(path))


def _print_words(added: Added) -> None:
    """Print the sum, who is missing, and what was found."""
    from bot.desk.rollups import rollup_say

    said = rollup_say(added.form, added.rollup, added.findings)
    click.echo(in_words(added.wording, [said]))
