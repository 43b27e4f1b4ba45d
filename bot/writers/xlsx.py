"""Writes a report as a workbook that goes out to be filled in and comes back.

The sheets: how to fill it in, the statutory tables, the texts, and a very hidden register of what
stands where (`bot.readers.register`). It is protected without a password; only input cells are
open. Totals are formulas with their results. `bot.readers.workbook` reads it back.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from bot.answers import LONGEST_TEXT
from bot.form import Form
from bot.readers.reading import Unreadable
from bot.readers.register import SHEET, Entry, Register, column_mark, digest, row_mark
from bot.readers.workbook import Workbook, add_up, read_workbook
from bot.record import report_texts
from bot.report import Report, paragraphs, show_figure
from bot.writers.boxes import layouts
from bot.writers.proof import DocumentError, check_printable
from bot.writers.sheetrules import Content
from bot.writers.tablesheet import DRAFT, TableSheet

TEXTS = "texts"  # the mark of the sheet of texts
_NUMBERS = "一二三四五六七八九十"
_CREATED = datetime(2021, 1, 1)  # noqa: DTZ001 - the same report gives the same bytes
_LINE = 42  # Chinese characters in a line of a text's cell
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_SOURCES = {
    "typed": "本人填写。",
    "imported": "从文件读入并确认过。",
    "gate": "前面回答了“没有”，按 0 填。",
    "derived": "由其他格子推算。",
    "drafted": "按填报的事实起草，请核对。",
    "todo": "填报时选了“暂不清楚”，请补上。",
    "unasked": "",
}
_BORDER = {"border": 1, "valign": "vcenter", "text_wrap": True}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "hint": {"font_color": "#595959"},
    "plain": {"text_wrap": True, "valign": "top"},
    "warning": {"font_color": "#C00000", "bold": True},
    "head": {**_BORDER, "align": "center", "bg_color": "#EAF1F8"},
    "label": {**_BORDER, "indent": 1, "bg_color": "#F5F8FB"},
    "input": {**_BORDER, "align": "center", "locked": False},
    "total": {**_BORDER, "align": "center", "bold": True, "bg_color": "#EDEDED"},
    "check": {**_BORDER, "align": "center", "font_color": "#595959", "font_size": 9},
    "old": {**_BORDER, "align": "center", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"},
    "text": {**_BORDER, "valign": "top", "locked": False, "num_format": "@"},
    "old_text": {**_BORDER, "valign": "top", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"},
    "broken": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True},
    "no_figure": {"bg_color": "#F8CBAD", "font_color": "#833C0B", "bold": True},
    "unlike": {"bg_color": "#FFE699"},
    "blank": {"bg_color": "#FFFBE0"},
}


def render(
    report: Report,
    form: Form,
    *,
    last: Report | None = None,
    sources: Mapping[str, str] = {},
    draft: int = 0,
) -> bytes:
    """The report as a workbook to fill in, read back and compared before it is returned.

    `last` is last year's report, shown beside. `sources` says where an item's value comes from, by
    the names of `bot.draft.Source` or in words. `draft` comes back with the workbook. A total of
    the record that is not the sum of its parts is said beneath its table; the sum is what stands
    there. The same arguments give the same bytes. Raises DocumentError.
    """
    check_printable(report, form)
    if long := [key for key, text in _texts(report, form).items() if len(text) > LONGEST_TEXT]:
        places = "、".join(f"“{form.items[key].label}”" for key in long)
        raise DocumentError(
            "这份报告做不成填报表", [f"{places}超过 {LONGEST_TEXT} 字，一格放不下。"]
        )
    content = _Book(report, form, last, sources, draft).make()
    try:
        found = read_workbook(content, form)
    except Unreadable as error:
        raise DocumentError("生成的文件与记录不一致，没有发出", [str(error)]) from error
    if differences := tuple(_differences(report, form, found, draft)):
        raise DocumentError("生成的文件与记录不一致，没有发出", differences)
    return content


class _Book:
    """Makes one workbook."""

    def __init__(
        self,
        report: Report,
        form: Form,
        last: Report | None,
        sources: Mapping[str, str],
        draft: int,
    ) -> None:
        self.target = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.target, _OPTIONS)
        self.looks = {name: self.book.add_format(dict(look)) for name, look in _LOOKS.items()}
        self.draft = draft
        words = {item: _SOURCES.get(source, source) for item, source in sources.items()}
        self.content = Content(report, form, add_up(report.figures, form), words, last)

    def make(self) -> bytes:
        """The workbook as a file."""
        report = self.content.report
        self.book.set_properties({"title": report.title, "created": _CREATED})
        self._write_guide()
        names, entries = {}, []
        for layout in layouts(self.content.form):
            number = [section.key for section in self.content.form.sections].index(layout.section)
            names[layout.section] = f"表{_NUMBERS[number]}"
            page = TableSheet(self._sheet(names[layout.section]), self.looks, layout, self.content)
            page.write()
            entries += page.entries
        names[TEXTS] = "文字"
        entries += self._write_texts(names[TEXTS])
        self._write_register(Register(self._about(), names, tuple(entries)))
        self.book.close()
        return self.target.getvalue()

    def _sheet(self, name: str) -> Any:
        """A new sheet that lets only its input cells be changed, and its rows and columns sized."""
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.hide_gridlines(2)
        return sheet

    def _about(self) -> dict[str, str]:
        """What the register says of the report."""
        report, form = self.content.report, self.content.form
        return {
            "form": form.key, "format": report.format, "agency": report.agency,
            "year": str(report.year), "level": report.level, "title": report.title,
            "final": str(int(report.final)), "draft": str(self.draft),
        }  # fmt: skip

    def _write_guide(self) -> None:
        """The first sheet: how to fill the workbook in, and what its colours mean."""
        sheet = self._sheet("说明")
        sheet.set_column(0, 0, 78)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        report = self.content.report
        sheet.write_string(0, 0, f"{report.title}（填报表）", self.looks["title"])
        sheet.set_row(0, 30)
        row = 1
        if not report.final:
            sheet.set_header(f"&C{DRAFT}")
            sheet.write_string(1, 0, DRAFT, self.looks["warning"])
            row = 2
        for number, line in enumerate(_guide(self.content), 1):
            sheet.write_string(row + number, 0, f"{number}. {line}", self.looks["plain"])
            sheet.set_row(row + number, 18 * ceil(len(line) / 38) + 4)

    def _write_texts(self, name: str) -> Iterator[Entry]:
        """The sheet of texts, a row an item; yields their lines in the register."""
        sheet, looks = self._sheet(name), self.looks
        report, form, last = self.content.report, self.content.form, self.content.last
        texts, before = _texts(report, form), _texts(last, form) if last else {}
        draft = "" if report.final else f"（{DRAFT}）"
        sheet.write_string(
            1, 1, f"{report.agency}{report.year}年 · 文字部分{draft}", looks["title"]
        )
        sheet.write_string(2, 1, "在中间一栏写；另起一段按 Alt+Enter。", looks["hint"])
        heads = ["这一段写什么", "文字"] + (
            [f"{last.year or '上一'}年的，只供参考"] if last else []
        )
        for column, head in enumerate(heads, 1):
            sheet.write_string(3, column, head, looks["head"])
        for row, key in enumerate(form.texts, 4):
            text = texts.get(key, "")
            sheet.write_string(row, 0, row_mark(row))
            sheet.write_string(row, 1, " › ".join(form.items[key].place), looks["label"])
            sheet.write_string(row, 2, text, looks["text"])
            if last:
                sheet.write_string(row, 3, before.get(key, "")[:15_000], looks["old_text"])
            sheet.set_row(row, _height(text))
            self._validate_text(sheet, row, self.content.sources.get(key, ""))
            yield Entry("text", key, TEXTS, row, 2, digest(text))
        sheet.write_string(0, 0, SHEET + TEXTS)
        sheet.write_string(0, 2, column_mark(2))
        self._set_up_texts(sheet, last is not None)

    def _validate_text(self, sheet: Any, row: int, note: str) -> None:
        """How long a text may be; a note on its source where there is one."""
        rule: dict[str, Any] = {
            "validate": "length", "criteria": "<=", "value": LONGEST_TEXT,
            "error_title": "这段文字太长", "error_message": f"一段最多 {LONGEST_TEXT} 字，请删减。",
        }  # fmt: skip
        if note:
            rule |= {"input_title": "这段文字的来源", "input_message": note[:250]}
        sheet.data_validation(row, 2, row, 2, rule)

    def _set_up_texts(self, sheet: Any, has_last: bool) -> None:
        """The page of the texts."""
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_row(1, 24)
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, 2, 88)
        if has_last:
            sheet.set_column(3, 3, 60)
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 2)
        sheet.set_footer("&C&P / &N")
        if not self.content.report.final:
            sheet.set_header(f"&C{DRAFT}")

    def _write_register(self, register: Register) -> None:
        """The very hidden sheet."""
        sheet = self._sheet("nianbao")
        for row, line in enumerate(register.lines()):
            sheet.write_string(row, 0, line)
        sheet.very_hidden()


def _guide(content: Content) -> Iterator[str]:
    """How to fill the workbook in, a line each."""
    yield "在“表二”“表三”“表四”里填数，在“文字”里写文字。只有要填的格子能改，其他格子是锁住的。"
    yield "浅黄色的格子还空着。没有发生的填 0；不清楚的空着，空着不算 0。"
    yield "总计由表格自己加出来，不用填；有格子空着时，总计也空着。"
    yield (
        "红色：勾稽关系不成立，表三每一列的第一项加第二项应等于第三项的总计加第四项，"
        "表下面写着相差多少。橙色：这一格不是 0 或正整数（金额不是最多 4 位小数的正数）。"
    )
    yield "金额以万元为单位，最多 4 位小数。"
    if content.last:
        yield (
            "灰色是上一年的数，只供对照。深黄色：与上一年的数对不上（例如上年结转不等于上一年的"
            "结转下年度），请核实；确有原因的可以不同。"
        )
    yield "文字很长时格子里只显示开头，双击格子能看全文。"
    yield "请不要删除、插入或移动行、列和工作表。填好保存为 .xlsx，发回来就行，没填完也可以发。"


def _height(text: str) -> float:
    """How high the row of a text is; a workbook allows 409 points."""
    lines = sum(ceil(len(line) / _LINE) for line in text.split("\n"))
    return float(min(409, max(36, 16 * lines + 6)))


def _texts(report: Report, form: Form) -> dict[str, str]:
    """The report's texts by item, a paragraph a line."""
    return {key: "\n".join(paragraphs(text)) for key, text in report_texts(report, form).items()}


def _differences(report: Report, form: Form, found: Workbook | None, draft: int) -> Iterator[str]:
    """What was read back otherwise than it was meant, in sentences; nothing when all is well."""
    if found is None:
        yield "文件读不回来。"
        return
    yield from found.sentences
    wanted = add_up(report.figures, form)
    for key in form.cells:
        if found.figures[key] != wanted[key]:
            shown = [show_figure(figure) or "空白" for figure in (wanted[key], found.figures[key])]
            yield f"“{form.full_place(key)}”应为 {shown[0]}，读回是 {shown[1]}。"
    texts = _texts(report, form)
    for key in form.texts:
        if found.texts[key] != texts.get(key, ""):
            yield f"“{form.full_place(key)}”的文字与记录不同。"
    about = (found.agency, found.year, found.title, found.level, found.final, found.draft)
    if about != (
        report.agency, report.year, report.title, report.level, report.final, draft
    ):  # fmt: skip
        yield "机关、年度或标题与记录不同。"
    if found.touched:
        yield "有格子读回来与写入的不同。"
