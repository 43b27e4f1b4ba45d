"""Looks at what reports are made with: fonts, templates, the office's own file, the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot import catalogue
from bot.doctor.point import Point, bad, fine, warn
from bot.folders import TEMPLATES
from bot.form import Form
from bot.local import CatalogueError, load_local
from bot.settings import Settings
from bot.workdays import knows
from bot.writers.fonts import typefaces
from bot.writers.proof import DocumentError
from bot.writers.template import check_template

SAMPLE = "政府信息公开工作年度报告（〇一二三）①②③“”《》—…％0123456789ABCabc"
"""Characters without which no report can be printed."""


def look_at_form(settings: Settings) -> tuple[Form, Point | None]:
    """The form, with what was found of the office's own file: where it has faults, without it."""
    if settings.local is None:
        return catalogue.load_form(catalogue.find_form(settings.form)), None
    try:
        form = catalogue.load_form(catalogue.find_form(settings.form), load_local(settings.local))
    except CatalogueError as fault:
        words = "；".join(fault.faults)
        return catalogue.load_form(catalogue.find_form(settings.form)), bad(
            "本地设置", f"{settings.local.name}：{words}。请改正，否则服务启动不了。"
        )
    return form, fine("本地设置", f"{settings.local.name} 可以用。")


def look_at_papers(
    fonts: Path | None, form: Form, dues: tuple[date, date]
) -> Iterator[Point]:  # fmt: skip
    """Fonts, template, and whether the calendar knows the years of the last days."""
    yield _fonts(fonts)
    yield _template(TEMPLATES / form.template, form)
    yield _calendar(next((due for due in dues if not knows(due)), dues[0]))


def _fonts(folder: Path | None) -> Point:
    try:
        faces = typefaces(folder)
    except DocumentError as fault:
        return bad("字体", str(fault).replace("\n", " "))
    if missing := faces.missing(SAMPLE):
        return bad("字体", f"缺少“{missing}”，PDF 做不出来。请检查 NIANBAO_FONTS，或者重新安装。")
    own = "本单位的字体和 Noto" if folder else " Noto"
    return fine("字体", f"用{own}，常用字都有。")


def _template(path: Path, form: Form) -> Point:
    faults = check_template(path, form)
    if not faults:
        return fine("模板", f"{path.name} 可以用。")
    more = f"（共 {len(faults)} 处）" if len(faults) > 1 else ""
    return bad("模板", f"{faults[0]}{more} 用 nianbao template check 看全部。")


def _calendar(due: date) -> Point:
    words = f"截止日期（{due.year}年{due.month}月{due.day}日）那一年的放假安排"
    if knows(due):
        return fine("工作日历", f"已有{words}。")
    return warn("工作日历", f"还没有{words}，按周一至周五推算。公布以后请更新 chinesecalendar。")
