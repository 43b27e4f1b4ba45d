"""What clerks type: their tables, and sentences for every question that wants one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.report import Figure, show_figure
from tests.tables import COLUMNS, ROWS, form

_EXAMPLE_COUNT = re.compile(r"只回(\d+)个数")
_POWERS = (
    ("行政许可", "permits"),
    ("行政处罚", "penalties"),
    ("行政强制", "coercion"),
    ("行政事业性收费", "fees_wanyuan"),
)
_SENTENCES = (
    "对照清单逐条检查栏目，当月补齐缺漏。",
    "安排专人更新栏目，每周对外发布工作动态。",
    "按登记、审核、答复三步办理，全程留有记录。",
    "组织业务学习，年底听取了群众代表的评价。",
)


def tables(told: Mapping[str, Figure]) -> Iterator[tuple[str, str]]:
    """For each table the words by which its question is known, and what is typed."""
    norms = _row([told[f"proactive.normdocs_{c}"] for c in ("made", "repealed", "in_force")])
    powers = [f"{name} {_row([told[f'proactive.{cell}']])}" for name, cell in _POWERS]
    yield "1/5", "\n".join(["规章 0 0 0", f"行政规范性文件 {norms}", *powers])
    labels = {line.key: line.label for line in form().tables["requests"].rows}
    yield (
        "4/5",
        "\n".join(
            "\t".join([labels[row], *(str(told[f"requests.{row}.{column}"]) for column in COLUMNS)])
            for row in ROWS
        ),
    )
    yield "5/5", _row([n for cell, n in told.items() if cell.startswith("review_litigation.")])
    yield "登记簿", _row([told[f"requests.{row}.total"] for row in ("new_received", "carried_out")])


def sentence(question: str, number: int) -> str:
    """A willing clerk's answer to a question about a text."""
    if numbers := _EXAMPLE_COUNT.search(question):
        return " ".join(["3"] * int(numbers[1]))
    if "请回复一句说明" in question:  # first: the part that was just written may be named, too
        return "已逐件核对登记簿，情况属实。"
    if "存在的主要问题" in question:
        return "存在的问题：解读形式单一。改进措施：增加图解和问答。"
    return _SENTENCES[number % len(_SENTENCES)]


def _row(figures: Sequence[Figure]) -> str:
    return " ".join(show_figure(figure) for figure in figures)
