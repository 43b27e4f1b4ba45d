"""The texts beside last year's: copied sentences, problems left unanswered.

Pure. Only the report of the year before is a measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Finding
from bot.checks.prose.repeated import comparable
from bot.checks.texts import texts
from bot.report import Report

FEWEST = 3
"""A text of fewer sentences is too short for a share."""

_EXEMPT = frozenset({"preamble", "other", "signoff"})
_STATUTORY = re.compile(
    r"以习近平|公开为常态|根据《|按照《|统计(?:期限|时限|期间)|年度报告|本报告|条例》(?:要求|规定)|第\w{1,4}条"
)
_DIGITS = re.compile(r"[\d０-９]+(?:[.．,，][\d０-９]+)*")
_PROBLEM = re.compile(
    r"不够|不足|不高|不强|不深|不全|不多|不及时|不到位|不规范|不平衡|欠缺|薄弱|短板|差距|有待|单一|滞后|较少"
    r"|困难|偏少|偏低"
)
_POINT = re.compile(
    r"[。；;！!\n]|(?=[一二三四五六七八九十]是)|，(?=[^，。；]{0,30}(?:不够|不足|较少|单一|有待))"
)
_SUBJECTS: tuple[tuple[str, ...], ...] = (
    ("解读", "图解"),
    ("依申请", "答复", "申请办理"),
    ("征集", "互动", "回应", "意见", "参与"),
    ("栏目", "专栏", "网站", "门户", "平台"),
    ("新媒体", "公众号", "微信", "渠道"),
    ("培训", "业务能力", "业务水平", "队伍", "人员", "人手", "专业"),
    ("目录", "指南", "标准化", "规范化"),
    ("更新", "及时", "时效", "滞后"),
    ("审核", "审查", "保密", "三审"),
    ("意识", "认识", "重视", "思想"),
    ("基层", "乡镇", "村", "社区"),
    ("内容", "质量", "深度", "全面", "范围", "广度"),
    ("宣传", "知晓"),
    ("考核", "监督", "机制", "制度"),
    ("形式", "方式", "图表", "视频"),
    ("档案", "管理", "清理"),
)
"""Words for what a problem is about; words of one line answer each other."""


def check_copied(dossier: Dossier) -> Iterator[Finding]:
    """NAR-SIM: how many sentences of a text stood in last year's report, figures left aside."""
    last = _last(dossier)
    if last is None:
        return
    known = masked(tuple(text for _, text in texts(_as_dossier(dossier, last))))
    for key, text in texts(dossier):
        own = () if key in _EXEMPT else masked_sentences(text)
        same = [sentence for bare, sentence in own if bare in known]
        share = len(same) / len(own) if len(own) >= FEWEST else 0.0
        if share >= dossier.limits.copied_note and share > 0:
            severity = "explain" if share > dossier.limits.copied_share else "note"
            facts: dict[str, object] = {"same": len(same), "of": len(own), "share": share}
            yield Finding("NAR-SIM", "explain" if severity == "explain" else "note", (key,),
                          sentence=same[0].strip(), facts=facts)  # fmt: skip


def check_improvement(dossier: Dossier) -> Iterator[Finding]:
    """NAR-IMPROVE: last year's problems of which this year's 五 does not say a word."""
    last = _last(dossier)
    said = dossier.report.text("problems")
    if last is None or not said.strip():
        return
    open_points = tuple(
        point
        for point, words in problems_of(last.text("problems"))
        if not any(word in said for word in words)
    )
    if open_points:
        facts: dict[str, object] = {"points": open_points}
        yield Finding("NAR-IMPROVE", "note", ("problems",), sentence=open_points[0], facts=facts)


def _last(dossier: Dossier) -> Report | None:
    """Last year's report where it is known and carries texts."""
    last = dossier.last
    if last is None or last.year != dossier.report.year - 1:
        return None
    return last if last.has_texts and dossier.report.has_texts else None


def _as_dossier(dossier: Dossier, report: Report) -> Dossier:
    """Another report seen through the same form."""
    return Dossier(dossier.form, report)


@lru_cache(maxsize=64)
def masked(told: tuple[str, ...]) -> frozenset[str]:
    """The comparable sentences of several texts with every figure masked."""
    return frozenset(bare for text in told for bare, _ in masked_sentences(text))


@lru_cache(maxsize=512)
def masked_sentences(text: str) -> tuple[tuple[str, str], ...]:
    """The comparable sentences of a text, masked and as they stand; statutory ones left out."""
    return tuple(
        (_DIGITS.sub("0", bare), sentence)
        for bare, sentence in comparable(text)
        if not _STATUTORY.search(bare)
    )


@lru_cache(maxsize=64)
def problems_of(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The problems that a 五 names, each with the words that would answer it."""
    found = []
    for point in _POINT.split(text):
        words = tuple(word for line in _SUBJECTS if any(w in point for w in line) for word in line)
        if words and _PROBLEM.search(point) and len(point) <= 80:
            found.append((point.rpartition("：")[2].strip(" 　:，,"), words))
    return tuple(found)
