"""Web pages with a report in them, in the ways in which agencies' sites and editors write them.

Every style puts the same report into other markup: the office's own editor, a page saved by Word,
one laid out with tables, one whose cells nobody closed. The words around it are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from bot.form import Form, Table
from bot.report import Report, paragraphs, show_figure

CLAUSES = {"rules": 4, "permits": 2, "sanctions": 2, "fees": 2}


@dataclass(frozen=True)
class Box:
    """A cell of a table: its text, and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False


Rows = list[list[Box]]
Part = str | Rows  # a paragraph or a table


def parts_of(report: Report, form: Form) -> Iterator[Part]:
    """The report's paragraphs and tables in their order."""
    yield report.title
    yield from paragraphs(report.text("preamble"))
    for section in form.sections:
        yield section.label
        if section.key == "overview":
            yield from paragraphs(report.text("overview.intro"))
            for number, topic in zip("一二三四五六七八九", report.topics, strict=False):
                yield f"（{number}）{topic.title}"
                yield from paragraphs(topic.text)
        elif section.key == "proactive":
            yield table_two(report, form)
        elif section.key == "requests":
            yield table_three(report, form)
        elif section.key == "review_litigation":
            yield table_four(report, form)
        else:
            yield from paragraphs(
                report.text("problems") if section.key == "problems" else report.text("other")
            )
    yield from paragraphs(report.text("signoff"))


def table_two(report: Report, form: Form) -> Rows:
    """Table two as one table with its clauses between the rows."""
    rows: Rows = []
    for key in CLAUSES:
        table = form.tables[key]
        wide = 3 // len(table.columns)
        rows.append([Box(table.clause, columns=4, head=True)])
        rows.append([Box("信息内容"), *(Box(line.label, columns=wide) for line in table.columns)])
        for line in table.rows:
            figures = [
                show_figure(report.figures[table.item_key(line, column)])
                for column in table.columns
            ]
            rows.append([Box(line.label), *(Box(figure, columns=wide) for figure in figures)])
    return rows


def table_three(report: Report, form: Form) -> Rows:
    """Table three with its three rows of heads and its groups as merged cells."""
    table = form.tables["requests"]
    one, *organisations, total = table.columns
    rows = [
        [Box(table.corner, 3, 3, head=True), Box("申请人情况", columns=7, head=True)],
        [Box(one.label, 2), Box("法人或其他组织", columns=5), Box(total.label, 2)],
        [Box(column.label) for column in organisations],
    ]
    shown: set[str] = set()
    for line in table.rows:
        place = table.groups[line.group]
        row = [Box(word, _reach(table, word)) for word in place if word not in shown]
        shown.update(place)
        row.append(Box(line.label, columns=3 - len(place)))
        row += [
            Box(show_figure(report.figures[table.item_key(line, column)]))
            for column in table.columns
        ]
        rows.append(row)
    return rows


def _reach(table: Table, word: str) -> int:
    """How many rows of table three stand under a group."""
    return sum(word in table.groups[line.group] for line in table.rows)


def table_four(report: Report, form: Form) -> Rows:
    """Table four: one row of fifteen figures under three rows of heads."""
    ends = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    keys = [key for key in form.cells if key.startswith("review_litigation.")]
    return [
        [Box("行政复议", columns=5), Box("行政诉讼", columns=10)],
        [
            *(Box(end, 2) for end in ends),
            Box("未经复议直接起诉", columns=5),
            Box("复议后起诉", columns=5),
        ],
        [Box(end) for end in ends * 2],
        [Box(show_figure(report.figures[key])) for key in keys],
    ]


def spans(box: Box) -> str:
    """The attributes of a cell that covers more than one place."""
    rows = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    return rows + (f' colspan="{box.columns}"' if box.columns > 1 else "")


def _joined(
    report: Report, form: Form, paragraph: Callable[[str], str], table: Callable[[Rows], str]
) -> str:
    return "\n".join(
        paragraph(part) if isinstance(part, str) else table(part) for part in parts_of(report, form)
    )


def _plain_table(rows: Rows) -> str:
    lines = (
        "<tr>" + "".join(f"<td{spans(box)}>{escape(box.text)}</td>" for box in row) + "</tr>"
        for row in rows
    )
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def plain(report: Report, form: Form) -> str:
    """Paragraphs and tables and nothing else."""
    body = _joined(report, form, lambda text: f"<p>{escape(text)}</p>", _plain_table)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"


def portal(report: Report, form: Form) -> str:
    """A page of a portal: menus, tools and a footer around an article, all in one form."""

    def table(rows: Rows) -> str:
        lines = []
        for row in rows:
            cells = (
                f'<{tag}{spans(box)} style="width: 47px; border: 1px solid">'
                f'<p style="text-align: center"><span>{escape(box.text) or "&nbsp;"}</span></p></{tag}>'
                for box in row
                for tag in ["th" if box.head else "td"]
            )
            lines.append("<tr>" + "".join(cells) + "</tr>")
        return f"<div><table border='1'><tbody>{''.join(lines)}</tbody></table></div>"

    body = _joined(
        report,
        form,
        lambda text: f'<p style="text-indent: 2em">&emsp;&emsp;<span>{escape(text)}</span></p>',
        table,
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{escape(report.title)}_青石县人民政府</title>
<meta name="ArticleTitle" content="{escape(report.title)}">
<script>var 总计 = "<td>12</td>";</script><style>td {{ color: red }}</style></head>
<body><form id="form1"><header><a>首页</a><a>政务公开</a></header>
<nav><ul><li>机构职能</li><li>政府信息公开年报</li></ul></nav>
<div class="crumb">当前位置：首页 &gt; 政务公开</div>
<div class="tools">字体：【<a>大</a> <a>中</a> <a>小</a>】 <button>打印</button></div>
<div style="display: none">已隐藏：<table><tr><td>规章</td><td>9</td></tr></table></div>
<div class="article">{body}</div>
<div class="share">分享到：</div><select><option>县政府部门网站</option></select>
<footer>版权所有：青石县人民政府 联系电话：0000-0000000</footer></form></body></html>"""


def word(report: Report, form: Form) -> str:
    """A page saved by Word: XML islands, o:p, conditional comments, lines torn in the source."""

    def run(text: str) -> str:
        torn = escape(text).replace("政府信息", "政府\n  信息")
        half = len(torn) // 2 if "&" not in torn else 0
        return (
            f"<span lang=EN-US style='font-family:仿宋_GB2312'>{torn[:half]}</span>"
            f"<span style='mso-spacerun:yes'>{torn[half:]}</span><span lang=EN-US><o:p></o:p></span>"
        )

    def table(rows: Rows) -> str:
        lines = []
        for row in rows:
            cells = (
                f"<td width=47 valign=top{spans(box)} style='border:solid windowtext 1.0pt'>"
                f"<p class=MsoNormal align=center>{run(box.text) if box.text else '<o:p>&nbsp;</o:p>'}</p></td>"
                for box in row
            )
            lines.append(f"<tr style='mso-yfti-irow:1'>{''.join(cells)}</tr>")
        lines.append(
            "<![if !supportMisalignedColumns]><tr height=0><td width=47></td></tr><![endif]>"
        )
        return (
            f"<div align=center><table class=MsoTableGrid border=1>{''.join(lines)}</table></div>"
        )

    body = _joined(report, form, lambda text: f"<p class=MsoNormal>{run(text)}</p>", table)
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>报告</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:""}} --></style></head><body lang=ZH-CN>
<xml><o:Author>办公室</o:Author></xml><div class=Section1>{body}</div></body></html>"""


def unclosed(report: Report, form: Form) -> str:
    """Capital tags that nobody closed, fonts in fonts, attributes without quotes."""

    def table(rows: Rows) -> str:
        lines = (
            "<TR bgColor=#ffffff>"
            + "".join(
                f"<TD{spans(box)}><FONT size=2><P><FONT face=宋体>{escape(box.text)}" for box in row
            )
            for row in rows
        )
        return "<CENTER><TABLE border=1>" + "".join(lines) + "</TABLE></CENTER>"

    body = _joined(report, form, lambda text: f"<P><FONT size=3><B>{escape(text)}", table)
    return f"<HTML><BODY bgcolor=white>{body}"


def framed(report: Report, form: Form) -> str:
    """A page laid out with tables: a head, a menu beside the text, the report's tables within."""
    body = _joined(
        report, form, lambda text: f"&nbsp;&nbsp;&nbsp;&nbsp;{escape(text)}<br>", _plain_table
    )
    menu = "".join(
        f"<tr><td><a>{word}</a></td></tr>" for word in ("机构设置", "政策文件", "公开指南")
    )
    return f"""<html><head><meta charset="utf-8"></head><body>
<table width="100%"><tr><td><table><tr><td>青石县水务局</td><td>首页</td></tr></table></td></tr>
<tr><td><table width="1000"><tr><td valign="top"><table>{menu}</table></td>
<td><table><tr><td>{body}</td></tr></table></td></tr></table></td></tr>
<tr><td align="center">版权所有 青石县水务局</td></tr></table></body></html>"""


def one_table(report: Report, form: Form) -> str:
    """Everything in the rows of a single table, as a page pasted from a sheet has it."""
    lines = []
    for part in parts_of(report, form):
        if isinstance(part, str):
            lines.append(f"<tr><td colspan=15>{escape(part)}</td></tr>")
        else:
            lines += [
                "<tr>"
                + "".join(f"<td{spans(box)}>{escape(box.text)}</td>" for box in row)
                + "</tr>"
                for row in part
            ]
    return f"<meta charset=utf-8><table>{''.join(lines)}</table>"


def bare(report: Report, form: Form) -> str:
    """Text without paragraphs, lines ended by br, cells with a br in every label."""

    def table(rows: Rows) -> str:
        lines = (
            "<tr>\n"
            + "".join(
                f"<td{spans(box)}>\n  {escape(box.text[:4])}{'<br/>' if len(box.text) > 4 and not box.text[0].isdecimal() else ''}{escape(box.text[4:])}\n</td>\n"
                for box in row
            )
            + "</tr>\n"
            for row in rows
        )
        return "<table>\n<thead></thead>\n" + "".join(lines) + "</table>"

    body = _joined(report, form, lambda text: f"　　{escape(text)}<br/><br/>", table)
    return f"<div>{body}</div>"


STYLES: Mapping[str, Callable[[Report, Form], str]] = {
    "plain": plain,
    "portal": portal,
    "word": word,
    "unclosed": unclosed,
    "framed": framed,
    "one table": one_table,
    "bare": bare,
}
