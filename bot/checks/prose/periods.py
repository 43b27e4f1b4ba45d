"""Whether the years in the texts are those of the report: last year's text is often used again.

Pure. Another year is fine where it belongs to a document, a comparison, a history or a plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import own_words, sentences, texts

_CHINESE_YEAR = re.compile("二[〇○零0][〇○零一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(?<![\d.])(20\d\d)[ \t]*年")
_NUMBER_OF_DOCUMENT = re.compile(r"[〔\[【（(]20\d\d[〕\]】）)]")
_RANGE = re.compile(
    r"(?<!\d)20\d\d[ \t]*年?度?[ \t]*[-—–~～至到、][ \t]*20\d\d[ \t]*年(?![ \t]*\d{1,2}[ \t]*月)"
)
_CLAUSE = re.compile(r"[，。；：、,;:\n]")

_BEFORE = re.compile(
    r"(?:较|比|与|同|自|从|建于|高于|低于|多于|少于|针对|荣?获|获评|评为|表彰|结转|顺延|转入|转至|延[至续]"
    r"|沿用|承接|早在|始于|上一?年度?|去年|往年|(?<![至截止])到)[^，。；：]{0,4}$"
)
"""What makes the year behind it a comparison, an honour or a history."""

_AFTER = re.compile(
    r"决算|预算|年报|报告|规划|要点|方案|计划|结转|以来|以前|制定|印发|出台|颁布|下发|修订|修正|修改"
    r"|成立|组建|挂牌|版|(?:施行|实施|执行)(?:的|$)|起(?:施行|实施|执行|$)|开始"
    r"|(?:开通|建成|上线|设立|建立|发布|公布|公开|收到|受理|办理|形成|新建|签订)的"
    r"|(?:考核|考评|测评|评估|评议|检查|巡察|审计|督查)(?:[中时]|发现|反馈|通报|结果|指出|提出|排名)"
    r"|(?:存在|发现|反馈|指出|提出)[^，。；]{0,8}问题"
)
"""What makes the year before it the year of a document, an event or an assessment."""

_OWN_WORK = re.compile(
    r"我|本[局委办厅镇乡县区市街单机]|认真|贯彻|坚持|围绕|共|累计|主动公开\w{0,8}\d"
)
"""What says that the clause tells of work done, whatever is named in it later."""

_ISSUED = re.compile(r"(?<![实体展表发])[现特](?:将|予|向|公布|发布|编制|制作|公开|就)")
_ISSUED_TITLE = re.compile(
    r"[现特](?:将|予|公布|发布)[^。；《]{0,20}《[^》\d]{0,40}(20\d\d)年[^》]{0,24}信息公开[^》]{0,12}报告》"
)
_REPORT = re.compile(r"^度?[^，。；]{0,4}(?:政府)?信息公开[^，。；]{0,8}(?:报告|年报)")
_PLAN = re.compile(
    r"下一步|计划|打算|(?<![现特])将|拟|力争|继续|思路|安排|进一步|展望|目标|努力|结转|顺延|下年|要"
)
_FAR = re.compile(r"远景|目标|规划|现代化|到$|前|期")
_EARLY_MONTH = re.compile(r"^[ \t]*0?[1-3][ \t]*月")

_COMPARED = re.compile(r"(?:较|比|与|同)[^，。；：]{0,4}$")
_SPAN = re.compile(
    r"(20\d\d)年0?(\d{1,2})月0?(\d{1,2})日?(?:零时|0时)?[起始]?[，,]?[至到止—–\-~～]{1,2}"
    r"(?:(20\d\d)年)?0?(\d{1,2})月0?(\d{1,2})日?"
)
_START = re.compile(r"(20\d\d)年0?1月0?1日[起始]")
_STATED = re.compile(
    r"统计[^，。；]{0,6}(?:期限|时限|时间|期间|周期|区间|时段|自)|报告期|所列[^，。；]{0,4}数据"
    r"|数据[^，。；]{0,6}(?:期限|时限|时间|时段|截[至止]|自)"
)
_TITLE = re.compile(
    r"^[^。；]{0,40}?(20\d\d)年度?[^。；]{0,30}?信息公开(?:工作)?(?:年度)?(?:工作)?报告$"
)
_DATE = re.compile(r"(20\d\d)年0?(\d{1,2})月(?:0?\d{1,2}日)?")


class Odd(NamedTuple):
    """One sentence that speaks of another time: the rule, the sentence, what stands in it."""

    rule: str
    sentence: str
    stands: str


def check_periods(dossier: Dossier) -> Iterator[Finding]:
    """NAR-YEAR, NAR-PERIOD: the texts speak of the year reported on, sentence by sentence."""
    year = dossier.report.year
    if not isinstance(year, int) or not 2000 <= year < 2100:
        return
    for key, text in texts(dossier):
        odd = odd_date(text, year) if key == "signoff" else odd_years(text, year, key == "problems")
        for rule, sentence, stands in odd:
            facts: dict[str, object] = {"stands": stands, "year": year, "date": key == "signoff"}
            yield Finding(rule, "explain", cells=(key,), sentence=sentence, facts=facts)


@lru_cache(maxsize=512)
def odd_date(text: str, year: int) -> tuple[Odd, ...]:
    """A date below the report that lies before the end of the year reported on."""
    found = _DATE.search(_numerals(text))
    if found is None:
        return ()
    signed, month = int(found.group(1)), int(found.group(2))
    # From July on the interview takes the running year: its own date must not be called stale.
    early = signed < year or (signed == year and month <= 6)
    return (Odd("NAR-YEAR", found.group(), found.group()),) if early else ()


@lru_cache(maxsize=512)
def odd_years(text: str, year: int, plans: bool = False) -> tuple[Odd, ...]:
    """The sentences of a text that speak of another year; `plans` where next year is at home."""
    if not _YEAR.search(_numerals(text)):
        return ()
    found = (_odd(sentence, year, plans) for sentence in sentences(_numerals(text)))
    return tuple(odd for odd in found if odd)


def _odd(sentence: str, year: int, plans: bool) -> Odd | None:
    """What is odd about the years of one sentence, or None."""
    if "年" not in sentence:
        return None
    if "日" not in sentence and set(_YEAR.findall(sentence)) == {str(year)}:
        return None
    shown = sentence.strip()
    title = _TITLE.match(shown.rstrip("。"))
    if title:
        other = int(title.group(1)) != year and "编" not in shown
        return Odd("NAR-YEAR", shown, f"{title.group(1)}年") if other else None
    issued = _ISSUED_TITLE.search(sentence)
    if issued and int(issued.group(1)) != year:
        return Odd("NAR-YEAR", shown, f"{issued.group(1)}年")
    plain = _NUMBER_OF_DOCUMENT.sub("", own_words(sentence))
    period = _odd_period(plain, year)
    if period is not None:
        return Odd("NAR-PERIOD", shown, period) if period else None
    plain = _RANGE.sub("", plain)
    named = [(int(found.group(1)), found) for found in _YEAR.finditer(plain)]
    here = any(number == year for number, _ in named)
    for number, found in named:
        before, after = _around(plain, found.start(), found.end())
        if number != year and not _is_fine(number - year, before, after, plain, here, plans):
            return Odd("NAR-YEAR", shown, f"{number}年")
    return None


def _is_fine(ahead: int, before: str, after: str, plain: str, here: bool, plans: bool) -> bool:
    """Whether another year, `ahead` of the report's, has a right to stand where it does."""
    if _ISSUED.search(plain) and _REPORT.match(after):
        return False
    if here or _BEFORE.search(before) or _names_something(after):
        return True
    if ahead == 1:
        return plans or bool(_EARLY_MONTH.match(after) or _PLAN.search(plain))
    return ahead > 1 and bool(_FAR.search(before) or _FAR.search(after))


def _names_something(after: str) -> bool:
    """Whether the year belongs to a document or an event named in the same clause."""
    found = _AFTER.search(after)
    return found is not None and not _OWN_WORK.search(after, 0, found.start())


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind a year in the same clause, at most a few words."""
    before = _CLAUSE.split(text[max(0, start - 16) : start])[-1]
    return before, _CLAUSE.split(text[end : end + 30], maxsplit=1)[0]


def _odd_period(plain: str, year: int) -> str | None:
    """The period that a sentence states: empty where right, None where it states none."""
    dense = re.sub(r"[ \t　]", "", plain)
    stated = _STATED.search(dense) is not None
    span = _SPAN.search(dense)
    if span is None:
        start = _START.search(dense) if stated else None
        return None if start is None else "" if start.group(1) == str(year) else start.group()
    first, month, day, last, *end = span.groups()
    whole = [int(month), int(day), *map(int, end)] == [1, 1, 12, 31]
    if not stated and (
        not whole or _COMPARED.search(dense, max(0, span.start() - 16), span.start())
    ):
        return None
    right = whole and int(first) == year == int(last or first)
    return "" if right else span.group()


@lru_cache(maxsize=512)
def _numerals(text: str) -> str:
    """A text with its years in digits: 二〇二三年 becomes 2023年."""
    return _CHINESE_YEAR.sub(lambda found: "2" + found.group()[1:].translate(_DIGITS), text)
