"""Commands about the form and about files of reports: shown, made, and their template checked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import fail, main
from bot.command.files import check_folder, read_report, write_file
from bot.command.parts import load_form
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.form import Form, Section
    from bot.report import Report

_SHOWN = 40  # characters of what was typed


@main.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--list", "as_list", is_flag=True, help="列出自带的报告格式。")
def form(as_json: bool, as_list: bool) -> None:
    """显示报告格式：各部分、指标和勾稽关系。"""
    from bot import catalogue
    from bot.data import form_data

    if as_list:
        for name in catalogue.form_names():
            one = catalogue.load_form(catalogue.find_form(name))
            click.echo(f"{name}\t{one.name}（{one.authority}），{len(one.cells)} 个数字")
        return
    loaded = load_form(Settings.from_environ())
    if as_json:
        click.echo(json.dumps(form_data(loaded), ensure_ascii=False, indent=1))
        return
    click.echo(f"{loaded.name}（{loaded.authority}），{len(loaded.cells)} 个数字")
    for section in loaded.sections:
        click.echo("\n".join(_lines(section, loaded)))


def _lines(section: Section, loaded: Form) -> Iterator[str]:
    """A section for people: its label, its texts, the rows of its tables."""
    yield section.label
    for key in section.texts:
        yield f"  {loaded.items[key].number}{loaded.items[key].label}"
    for key in section.tables:
        table = loaded.tables[key]
        columns = "、".join(column.label for column in table.columns)
        yield from (f"  {row.label}：{columns}" for row in table.rows)


@main.command()
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--to", default="docx", help="文件格式，可以几种：docx,pdf,png,html,xlsx,txt,json。")
@click.option("--out", type=click.Path(path_type=Path), help="放在哪个目录（默认 NIANBAO_OUT）。")
def render(file: Path, to: str, out: Path | None) -> None:
    """把一份年度报告或年报数据做成报告文件；有必须改正的问题时标为草稿。"""
    kinds = _kinds(to)
    settings = Settings.from_environ()
    check_folder(out or settings.out)
    loaded = load_form(settings)
    report = _ready(file, loaded, settings)
    for kind in kinds:
        for name, content in _made(kind, report, loaded, settings.fonts):
            path = (out or settings.out) / name
            write_file(path, content)
            click.echo(str(path))


def _kinds(to: str) -> list[str]:
    """The formats that `--to` names."""
    from bot.writers import WRITERS

    kinds = [kind.strip().lower() for kind in to.split(",") if kind.strip()]
    if not kinds or any(kind not in WRITERS for kind in kinds):
        fail(f"不认识格式“{to[:_SHOWN]}”；可以用：{'、'.join(WRITERS)}，几种用逗号隔开。")
    return kinds


def _ready(file: Path, loaded: Form, settings: Settings) -> Report:
    """The report in a file, final where nothing must be corrected; leaves where it has no name."""
    from bot.checks import run_checks
    from bot.record import file_dossier
    from bot.wording import Wording

    reading = read_report(file, loaded, settings)
    report = reading.report
    findings = run_checks(file_dossier(reading, loaded))
    for finding in findings:
        if finding.rule in ("NUM-01", "NUM-03"):
            fail(Wording(loaded).message(finding, report.figures))
    if not report.agency or not report.year:
        fail("没有读到机关名称或者年度，做不了报告。请先在文件里补上标题。")
    hard = any(finding.severity == "hard" for finding in findings)
    return replace(report, final=report.has_texts and not hard)


def _made(
    kind: str, report: Report, loaded: Form, fonts: Path | None
) -> Iterator[tuple[str, bytes]]:
    """The files of a format with their names: one, or a picture for each page."""
    from bot.writers import PRINTED, write

    more = {"fonts": fonts} if kind in PRINTED and fonts else {}
    made = write(kind, report, loaded, **more)
    if not made.pictures:
        yield made.name, made.content
    for number, picture in enumerate(made.pictures, 1):
        yield f"{Path(made.name).stem}-{number}.png", picture


@main.group()
def template() -> None:
    """本单位的报告模板。"""


@template.command("check")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
def template_check(file: Path) -> None:
    """核对一份 .docx 模板：缺什么、不认识什么；有问题时退出码为 1。"""
    from bot.writers.template import check_template

    faults = check_template(file, load_form(Settings.from_environ()))
    click.echo("\n".join(faults) or "没有发现问题。")
    sys.exit(1 if faults else 0)
