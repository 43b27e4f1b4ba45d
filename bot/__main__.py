"""The command line, and the only place where the parts are put together."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import __version__
from bot.answers import plain
from bot.assistant import Assistant, is_agency, level_of, report_year
from bot.catalogue import CatalogueError, load_form, load_guides
from bot.checks import run_checks
from bot.checks.finding import Finding
from bot.data import finding_data, form_data
from bot.draft import Draft
from bot.form import Form
from bot.intake import read_apart
from bot.local import load_local
from bot.readers.json import read as read_json
from bot.readers.reading import Reading, Unreadable
from bot.record import build_report, file_dossier
from bot.settings import Settings
from bot.store import Busy, Store, StoreError
from bot.wording import Wording
from bot.writers import PRINTED, WRITERS, write
from bot.writers.json import render as render_json
from bot.writers.proof import DocumentError

_db = click.option("--db", type=click.Path(path_type=Path), help="数据库文件（默认 NIANBAO_DB）。")
_unit = click.option("--unit", required=True, help="机关全称。")
_year = click.option("--year", type=click.IntRange(2008, 2100), help="报告年度。")


class ChineseCommand(click.Command):
    """A command whose help has Chinese headings."""

    def get_help(self, context: click.Context) -> str:
        """The help page."""
        return _in_chinese(super().get_help(context))


class ChineseGroup(click.Group):
    """The command group; wrong usage is one Chinese sentence and exit code 2."""

    command_class = ChineseCommand

    def get_help(self, context: click.Context) -> str:
        """The help page."""
        return _in_chinese(super().get_help(context))

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and leave with its exit code: 0, 1 (findings) or 2 (cannot)."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except click.exceptions.Exit as leave:
            code = leave.exit_code
        except click.Abort:
            code = 1
        except click.ClickException as error:
            click.echo(_usage_in_words(error), err=True)
            code = 2
        except (StoreError, CatalogueError, Unreadable, DocumentError) as error:
            click.echo(str(error), err=True)
            code = 2
        except BrokenPipeError:
            code = 0
        except Busy:
            click.echo("数据库正忙或者写不进（磁盘满、没有权限），请稍后再试。", err=True)
            code = 2
        except Exception as error:  # the last line of defence: words and no stack trace
            logging.getLogger(__name__).debug("failed", exc_info=True)
            click.echo(
                f"程序出了意外（{type(error).__name__}），已经停下；存过的答案都在。", err=True
            )
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao")
def main() -> None:
    """年报助手：问答填写政府信息公开工作年度报告。"""


@main.command()
@_db
@click.option("--unit", help="机关全称；不写就先问。")
@_year
@click.option(
    "--out", type=click.Path(path_type=Path), help="报告文件放在哪里（默认 NIANBAO_OUT）。"
)
def chat(db: Path | None, unit: str | None, year: int | None, out: Path | None) -> None:
    """在终端里填写年报；也可以用管道，一行一条消息。"""
    from bot.channels.terminal import Terminal, piped_lines, typed_lines

    settings = Settings.from_environ()
    assistant = _assembled(db or settings.db, settings, exclusive=True)
    with closing(assistant.store):
        terminal = Terminal(assistant, out or settings.out, click.echo)
        lines = typed_lines() if sys.stdin.isatty() else piped_lines(sys.stdin)
        seat = assistant.store.seat(terminal.address)
        if unit is None and year is not None and seat is not None:
            unit = assistant.store.draft(seat.draft).agency
        year = year or report_year(_now())
        if unit is not None:
            if not assistant.enrol(terminal.incoming("/start"), unit, year):
                _fail(assistant.wording.text("enrol_name_bad", typed=unit))
        elif seat is not None:
            assistant.receive(terminal.incoming("/start"))
        else:
            click.echo(assistant.wording.text("enrol_name", year=year) + "\n")
            for line in lines:
                if line.strip() in ("", "/start"):
                    continue
                if assistant.enrol(terminal.incoming(line), line, year):
                    break
                click.echo(assistant.wording.text("enrol_name_bad", typed=line[:30]) + "\n")
        terminal.flush()
        click.echo("（要发文件，输入它的路径；输入“退出”或按 Ctrl-D 离开。）\n")
        terminal.talk(lines)
    click.echo("答案都已保存，下次接着填。")


@main.command()
@_db
def serve(db: Path | None) -> None:
    """在 Telegram 里服务（需要 NIANBAO_TELEGRAM_TOKEN）。"""
    settings = Settings.from_environ()
    if not settings.telegram_token:
        _fail("没有设置 NIANBAO_TELEGRAM_TOKEN（向 @BotFather 申请的机器人令牌）。")
    from bot.channels.telegram import ChannelError, run

    assistant = _assembled(db or settings.db, settings, exclusive=True)
    with closing(assistant.store):
        try:
            run(assistant, settings.telegram_token, settings.telegram_api)
        except ChannelError as error:
            _fail(str(error))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def form(as_json: bool) -> None:
    """显示报告格式：各部分、指标和勾稽关系。"""
    settings = Settings.from_environ()
    loaded = _form(settings)
    if as_json:
        click.echo(json.dumps(form_data(loaded), ensure_ascii=False, indent=1))
        return
    click.echo(f"{loaded.name}（{loaded.authority}），{len(loaded.cells)} 个数字")
    for section in loaded.sections:
        click.echo(section.label)
        for key in section.texts:
            click.echo(f"  {loaded.items[key].number}{loaded.items[key].label}")
        for key in section.tables:
            table = loaded.tables[key]
            for row in table.rows:
                columns = "、".join(column.label for column in table.columns)
                click.echo(f"  {row.label}：{columns}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--last", type=click.Path(path_type=Path), help="上一年的报告，用来对照。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(file: Path, last: Path | None, as_json: bool) -> None:
    """核对一份年度报告（Word、网页、Excel、PDF、文本或 JSON）：有必须改正的问题时退出码为 1。"""
    settings = Settings.from_environ()
    loaded = _form(settings)
    reading = _read(file, loaded, settings)
    before = _read(last, loaded, settings).report if last else None
    year = reading.report.year
    if before and year and before.year not in (0, year - 1):
        _fail(f"{last and last.name} 是{before.year}年的报告，不是{year - 1}年的，对照不了。")
    if before and year:
        before = replace(before, year=year - 1)
    wording = Wording(loaded)
    findings = run_checks(file_dossier(reading, loaded, before))
    figures = reading.report.figures
    if as_json:
        data = [finding_data(finding, wording, figures) for finding in findings]
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        for line in reading.unread:
            click.echo(f"没读懂：{line}", err=True)
    else:
        _print_findings(findings, reading, wording)
    sys.exit(1 if any(finding.severity == "hard" for finding in findings) else 0)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", default="docx", help="文件格式，可以几种：docx,pdf,png,html,xlsx,txt,json。")
@click.option("--out", type=click.Path(path_type=Path), help="放在哪个目录（默认 NIANBAO_OUT）。")
def render(file: Path, to: str, out: Path | None) -> None:
    """把一份年度报告或年报数据做成报告文件；有必须改正的问题时标为草稿。"""
    kinds = [kind.strip().lower() for kind in to.split(",") if kind.strip()]
    if not kinds or any(kind not in WRITERS for kind in kinds):
        _fail(f"不认识格式“{to[:40]}”；可以用：{'、'.join(WRITERS)}，几种用逗号隔开。")
    settings = Settings.from_environ()
    loaded = _form(settings)
    reading = _read(file, loaded, settings)
    findings = run_checks(file_dossier(reading, loaded))
    for finding in findings:
        if finding.rule in ("NUM-01", "NUM-03"):
            _fail(Wording(loaded).message(finding, reading.report.figures))
    if not reading.report.agency or not reading.report.year:
        _fail("没有读到机关名称或者年度，做不了报告。请先在文件里补上标题。")
    final = not any(finding.severity == "hard" for finding in findings) and (
        reading.report.has_texts
    )
    report = replace(reading.report, final=final)
    folder = out or settings.out
    for kind in kinds:
        fonts = {"fonts": settings.fonts} if kind in PRINTED and settings.fonts else {}
        made = write(kind, report, loaded, **fonts)
        if not made.pictures:
            _write(folder / made.name, made.content)
            click.echo(str(folder / made.name))
        for number, picture in enumerate(made.pictures, 1):
            path = folder / f"{Path(made.name).stem}-{number}.png"
            _write(path, picture)
            click.echo(str(path))


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_db
@_unit
@click.option("--year", type=click.IntRange(2008, 2100), required=True, help="填报的年度。")
@click.option("--as-last-year", is_flag=True, help="作为上一年的报告，供对照。")
@click.option("--replace", is_flag=True, help="与已填的不同时，以文件为准。")
def import_(
    file: Path, db: Path | None, unit: str, year: int, as_last_year: bool, replace: bool
) -> None:
    """读入一份报告：作为上一年的报告，或者填进本年度的报告。"""
    settings = Settings.from_environ()
    loaded = _form(settings)
    unit = plain(unit)
    if not is_agency(unit):
        _fail(f"“{unit[:30]}”不像机关全称。")
    reading = _read(file, loaded, settings)
    for line in reading.unread:
        click.echo(f"没读懂：{line}")
    assistant = _assembled(db or settings.db, settings, exclusive=True)
    with closing(assistant.store):
        click.echo(
            assistant.import_report(
                reading, unit, year, as_last_year=as_last_year, replacing=replace
            )
        )


@main.command()
@_db
@_unit
@click.option("--year", type=click.IntRange(2008, 2100), required=True, help="报告年度。")
def export(db: Path | None, unit: str, year: int) -> None:
    """把填写的年报输出为 JSON。"""
    settings = Settings.from_environ()
    loaded = _form(settings)
    path = db or settings.db
    if not path.exists():
        _fail(f"没有数据库文件 {path.name}。")
    with closing(Store(path, loaded)) as store:
        found = store.find_draft(plain(unit), year)
        if found is None:
            _fail(f"没有“{unit}”{year}年度的报告。")
        draft: Draft = store.draft(found)
    click.echo(render_json(build_report(draft), loaded).decode(), nl=False)


@main.command()
@_db
@_unit
@_year
@click.option("--level", default="", help="层级，例如 县级政府部门；不写就按名称判断。")
def invite(db: Path | None, unit: str, year: int | None, level: str) -> None:
    """发出一个邀请：打印 Telegram 链接里 start= 后面的那一段。"""
    settings = Settings.from_environ()
    unit = plain(unit)
    if not is_agency(unit):
        _fail(f"“{unit[:30]}”不像机关全称。")
    now = _now()
    with closing(Store(db or settings.db, _form(settings))) as store:
        year = year or report_year(now)
        draft = store.open_draft(unit, year, now, level or level_of(unit))
        click.echo(store.invite(draft, now))


@main.command()
@click.option(
    "--out", type=click.Path(path_type=Path), help="报告文件放在哪里（默认 NIANBAO_OUT）。"
)
def demo(out: Path | None) -> None:
    """演示：一个虚构的机关从头填到报告文件，不联网。"""
    from bot.demonstration import run_demo

    settings = Settings.from_environ()
    path = run_demo(out or settings.out, lambda db: _assembled(db, settings), click.echo)
    click.echo(str(path))


@main.group(cls=ChineseGroup)
def template() -> None:
    """本单位的报告模板。"""


@template.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def template_check(file: Path) -> None:
    """核对一份 .docx 模板：缺什么、不认识什么；有问题时退出码为 1。"""
    from bot.writers.template import check_template

    faults = check_template(file, _form(Settings.from_environ()))
    click.echo("\n".join(faults) or "没有发现问题。")
    sys.exit(1 if faults else 0)


def _print_findings(findings: tuple[Finding, ...], reading: Reading, wording: Wording) -> None:
    names = {"hard": "必须改正", "explain": "需要说明", "note": "提示", "admin": "办公室"}
    report = reading.report
    known = sum(figure is not None for figure in report.figures.values())
    year = f"{report.year}年" if report.year else "（没有读到年度）"
    click.echo(
        f"{report.agency or '（没有读到机关名称）'} {year}"
        f"：{len(report.figures)} 个数读到 {known} 个，发现 {len(findings)} 处问题。"
    )
    for line in reading.unread:
        click.echo(f"没读懂：{line}")
    for severity, name in names.items():
        found = [finding for finding in findings if finding.severity == severity]
        if found:
            click.echo(f"{name}（{len(found)}）")
        for finding in found:
            place = wording.place(finding)
            click.echo(f"  {finding.rule} {place}{wording.message(finding, report.figures)}")
            if severity != "note" and (why := wording.why(finding, report.figures)):
                click.echo(f"      {why}")
    if not findings:
        click.echo("没有发现问题。")


def _assembled(db: Path, settings: Settings, *, exclusive: bool = False) -> Assistant:
    """The assistant with its parts."""
    loaded = _form(settings)
    store = Store(db, loaded, exclusive=exclusive)
    return Assistant(
        store, loaded, load_guides(loaded), Wording(loaded), _now, settings.local, settings.fonts
    )


def _form(settings: Settings) -> Form:
    return load_form(local=load_local(settings.local) if settings.local else None)


def _read(file: Path, loaded: Form, settings: Settings) -> Reading:
    """The report in a file of any format; Unreadable in words where there is none."""
    try:
        content = file.read_bytes()
    except IsADirectoryError:
        raise Unreadable(f"{file.name} 是目录，不是文件。") from None
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else error.strerror
        raise Unreadable(f"{file.name}：{reason}。") from None
    try:
        if file.suffix.lower() == ".json":
            return read_json(content, loaded)
        return read_apart(file.name, content, loaded, settings.local)
    except Unreadable as refused:
        raise Unreadable(f"{file.name}：{refused}") from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        _fail(f"文件写不进 {path.parent}（{error.strerror}）。")


def _now() -> datetime:
    return datetime.now().astimezone()


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


def _in_chinese(page: str) -> str:
    """Click's own words on a help page in Chinese."""
    for english, chinese in (
        ("Usage:", "用法："),
        ("Options:", "选项："),
        ("Commands:", "命令："),
        ("[OPTIONS]", "[选项]"),
        ("COMMAND [ARGS]...", "命令 [参数]"),
        ("Show this message and exit.", "显示这一页。"),
        ("Show the version and exit.", "显示版本。"),
        ("[required]", "[必填]"),
    ):
        page = page.replace(english, chinese)
    return page


def _usage_in_words(error: click.ClickException) -> str:
    """Click's own complaints in Chinese."""
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}；用 --help 看用法。"
    if isinstance(error, click.MissingParameter):
        named = error.param.opts[0] if error.param else ""
        name = named if named.startswith("-") else named.upper()
        return f"缺少 {name}；用 --help 看用法。"
    if isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param else ""
        return f"{name} 的值不对；用 --help 看用法。"
    return "命令写得不对；用 --help 看用法。"


if __name__ == "__main__":
    main()
