"""What people type, by accident or on purpose: figures, words of the trade, markup, huge texts."""

from __future__ import annotations

from random import Random

from bot.desk.turn import COMMANDS as DESK
from bot.interview.words import COMMANDS as INTERVIEW
from tests.rights import PROSE, UNITS

NUMBERS = (
    "0", "3", "12", "１２", "十二", "1.5万", "-1", "约3", "无", "3 4", "1,234", "9" * 11, "0 0 0", "1/2",
    "5 0 0 0 0 0 5", "²", "3.25万元", "32500元", "NaN", "1e9", "٣", "①", "0x10",
)  # fmt: skip
SAID = (
    "对", "不对", "没有", "有", "跳过", "不知道", "撤销", "先放一放", "全部 0", "没有收取", "确认", "提交", "办公室",
    "填报", "谢谢", "表二 行政许可 5", "修改 自然人 3", "修改 总体情况", "修改", "规章 0 0 0\n行政许可 7",
    "去年收到12件，今年办结10件，结转2件", "予以公开5件，部分公开1件，不予公开（国家秘密）1件", PROSE,
    "平台建设：请补充。", "信息管理：请写上件数。",
)  # fmt: skip
HOSTILE = (
    "<b>局</b>", "&amp;&lt;", "</pre><script>alert(1)</script>", "{{ 7*7 }}", "{% for x in y %}",
    "{{ ''.__class__ }}", "=1+1", "@SUM(A1)", "+86", "-局", "../../etc/passwd", "C:\\x\\y", "%s%n%d",
    "'; DROP TABLE units; --", "**粗** _斜_ [x](javascript:alert(1))", "\u202e反向\u202c", "\u200b\ufeff",
    "\x00", "\x1b[31m", "\ud800", "\udc00\ud83d", "\ufffe", "😀" * 30, "𠮷", "e\u0301" * 20, "\t\r\n\v\f",
    "\u2028\u2029", "v1:1:review:1:ok", "/start ../..", "/start " + "A" * 64, "/start " + "A" * 65, "/" * 50,
    "[1]", "{" * 40, "[" * 40, "$" * 40,
)  # fmt: skip
TOKENS = (
    *NUMBERS, *HOSTILE, "自然人", "总计", "商业企业", "件", "万元", "，", "。", "；", "、", "（", "）", "：", "\n", "\n\n",
    " ", "\t", "|", "共", "收到", "其中", "比上年增长", "%", "第", "条", "一、", "（一）", "1.", "2022年", "结转", "予以公开",
    "行政复议", "维持", "纠正", "—", "-", "至", "万", "百", "零", "等",
)  # fmt: skip
LARGE = 1_000_000


def typed(rng: Random) -> str:
    """A text as clerks type it, now and then with something hostile in it."""
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(NUMBERS)
    if kind < 0.65:
        return rng.choice(SAID)
    if kind < 0.75:
        return rng.choice(tuple(INTERVIEW))
    if kind < 0.85:
        return " ".join(rng.choice(NUMBERS) for _ in range(rng.choice((2, 5, 7, 10, 15, 175))))
    return soup(rng)


def ordered(rng: Random) -> str:
    """A text as it is typed at the desk: a command with or without names, a list, a remark."""
    unit = rng.choice((*UNITS, "财政局", "教育", "县政府", "没有这家局"))
    kind = rng.random()
    if kind < 0.2:
        return rng.choice(tuple(DESK))
    if kind < 0.6:
        return f"{rng.choice(tuple(DESK))} {unit}{rng.choice(('', '', ' 青石县林业局', ' 2021', ' 3月1日'))}"
    if kind < 0.7:
        return unit
    if kind < 0.85:
        return (
            f"{rng.choice(('截止 ', '年度 ', '改名 ', '合并 ', '上级 ', '免报 ', ''))}{soup(rng)}"
        )
    return typed(rng)


def soup(rng: Random, most: int = 12) -> str:
    """Words and marks in any order, some of them many times."""
    return "".join(
        rng.choice(TOKENS) * rng.choice((1, 1, 1, 1, 2, 5, 60)) for _ in range(rng.randrange(most))
    )


def large(rng: Random) -> str:
    """A text of about a million characters: one thing again and again, or many things."""
    unit = soup(rng, 4) or rng.choice(TOKENS)
    return (unit * (LARGE // len(unit) + 1))[:LARGE]
