"""What it costs to read a dense report in each format and to check it: medians of this machine."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.catalogue import load_form
from bot.checks import run_checks
from bot.readers import reader
from bot.reading import Reading
from bot.record import file_dossier
from bot.report import Report, Topic
from bot.writers.docx import render
from tests import foreign, papers, webpages, workbooks
from tests.tables import STYLES, figures_of, report_of, requests_table

ROUNDS = 15
PARAGRAPH = (
    "一是完善制度。{n}月，本局修订公开目录，逐项核对{m}个栏目，全年更新信息{k}条，"
    "其中政策文件{n}条、解读材料{m}条。二是规范流程。对收到的申请逐件登记、限时答复，"
    "答复前会商，答复后回访；三是加强培训，全年组织培训{n}次，参加{k}人次。"
)


def dense_report(characters: int = 4000) -> Report:
    """A city's report: every row of table three in use, and long texts, no sentence twice."""
    form = load_form()
    report = report_of(figures_of(requests_table(5, STYLES["dense city"])))
    topics, written = [], 0
    for place, topic in enumerate(report.topics):
        lines: list[str] = []
        while sum(map(len, lines)) < characters / 5:
            n = len(lines) + place * 20
            lines.append(PARAGRAPH.format(n=n % 12 + 1, m=n + 13, k=n * 7 + 211))
        written += sum(map(len, lines))
        topics.append(Topic(topic.title, "\n".join(lines)))
    return replace(report, topics=tuple(topics), title=form.title_of(report.agency, report.year))


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of several runs, in milliseconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def forget() -> None:
    """Empty every cache that a check keeps, so that the next text is as new."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bot.checks"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


def main() -> None:
    """The table."""
    form, report = load_form(), dense_report()
    last = replace(report, year=report.year - 1)
    files = {
        "docx": render(report, form),
        "html": webpages.portal(report, form).encode(),
        "xlsx": workbooks.one_sheet(report, form),
        "pdf": papers.paper(report, papers.LOOKS["ruled"]),
        "text": foreign.as_text(report).encode(),
    }
    out = sys.stdout.write
    out("what                           median ms\n")
    for kind, content in files.items():
        read = reader(kind)
        read(content, form)
        taken = median_ms(partial(read, content, form))
        out(f"read {kind:5} {len(content) // 1024:5} KB {taken:15.1f}\n")
    dossier = file_dossier(Reading(report), form, last)

    def afresh() -> None:
        forget()
        run_checks(dossier)

    letters = sum(len(topic.text) for topic in report.topics)
    empty = median_ms(forget)
    out(f"check, new texts ({letters} characters) {median_ms(afresh) - empty:7.1f}\n")
    out(f"check again, texts known {median_ms(lambda: run_checks(dossier)):16.1f}\n")


if __name__ == "__main__":
    main()
