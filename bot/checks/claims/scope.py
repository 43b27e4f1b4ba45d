"""Whether words in a text are about the whole table: which year, whose requests, what topic.

Pure. A claim about a part (one office of several, one month, one channel) is nobody's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.checks.claims.clauses import PART_OF_YEAR, Sentence
from bot.report import Report

Topic = str
"""request, case, foreign, or an empty string."""

_TOPICS = re.compile(
    r"(?P<request>(?:信访|举报|投诉)[信访举报投诉、/]{0,8}类|第三方意见|(?:政府|政务)信息(?:依申请)?公开的?申请"
    r"|信息公开的?申请|信息依?申请|依申请|申请公开|公开申请)"
    r"|(?P<case>复议|诉讼|起诉|应诉)"
    r"|(?P<foreign>建议|提案|咨询|意见|信访|留言|热线|来信|来电|投诉|举报|信件|工单|诉求|问卷|舆情|许可|处罚"
    r"|强制|公文|文件|规章|解读|新闻|发布|会议|培训|议案|公示|公告|主动公开|制发|协办|收费|信箱|问题|办事"
    r"|(?:登记|救助|补贴|执行|项目|认定)申请)"
    r"|(?P<bare>申请(?!人|书|表|材料|主体|法院|执行|事由|理由))"
)
_OWN = re.compile(r"[我本全该]")
_WHOLE = re.compile(r"全[省市县区州旗盟镇乡街]|[一两]级政府|各级(?:行政机关|政府|人民政府)")
_PLAN = re.compile(r"计划|打算|拟(?!稿|办)|力争|预计|目标|下一步|将(?:进一步|继续|全面)")
_SINCE = re.compile(
    r"(?<!今)年(?:度)?以来(?<!今年以来)|历年|近[两三四五六七八九十\d]年|历史|自[^，]{0,12}以来"
)
_PART = re.compile(f"(?:20\\d\\d年|今年|本年)?度?的?{PART_OF_YEAR}，")
_OTHER_YEAR = re.compile(r"(20\d\d)年|去年|上年|上一年|前年|同期|往年")
_AGAINST = re.compile(r"[较比与同和于][^，]{0,4}$")
_UNIT = re.compile(
    r"(?:政府办公?室?|办公[室厅]|府办|党政办|人民政府|政府|管委会|委员会|办事处|街道|部门|单位|机关|系统|分局|[局镇乡县区市科股处室所站委办]|中心)"
    r"(?=(?:共|累计|合计|总计|总共|全年|年度|今年|本年|依法|年内|新|实际|均|直接|本级|机关|分别|未|没有){0,5}"
    r"(?:收|受理|办理|接|处理|答复|办结|承办))"
)
_WITHIN = re.compile(r"(?<![和及与、含])本级|下属|下辖|所属|直属")
_MARKS = re.compile(r"[，；：。]")
_CLAUSES = re.compile(r"[，；]")
_STOPS = re.compile(r"[，；：。、]")
_SUITS = re.compile(r"未经复议|复议后|复议|诉讼|起诉|应诉")
_THIS_YEAR = re.compile(r"今年|本年|全年")
_NAME = re.compile(r"[一-龥]{0,12}$")
_KINDS = (
    (re.compile(r"办公[室厅]$|府办$|政府办$"), "办"),
    (re.compile(r"街道$|办事处$"), "街道"),
    (re.compile(r"局$"), "局"),
    (re.compile(r"(?<!管)委(?:员会)?$"), "委"),
    (re.compile(r"政府$|管委会$|管理委员会$"), "政府"),
    (re.compile(r"中心$"), "中心"),
)


_BINDING = ("其中", "上述", "以上", "已", "均", "含", "包括")
_MOST_BOUND = 12
_MAY_SPEAK = re.compile("申请|第三方意见|类|复议|诉讼|起诉|应诉")
"""Every pattern of `_TOPICS` for requests and cases holds one of these."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: the year it is of (0, -1 last year, None another), and its topic.

    `gap` is the text since the number before, `label` its last clause. `whole` is whether the
    words are about all that the tables count.
    """

    label: str
    after: str
    gap: str
    year: int | None
    whole: bool
    topic: Topic
    cases: str


@lru_cache(maxsize=256)
def class_of(agency: str) -> str:
    """The kind of office an agency is: 政府, 办, 局 …; an empty string where that is unknown."""
    return next((kind for pattern, kind in _KINDS if pattern.search(agency)), "")


def places(
    sentence: Sentence, agency: str, year: int, topic: Topic, *, whole: bool
) -> Iterator[Place]:
    """The place of each number of a sentence, in order.

    `topic` and `whole` are what the sentences before leave behind.
    """
    words, at, cases = sentence.words, 0, ""
    of_year: int | None = 0
    part = False
    ends = [number.start for number in sentence.numbers[1:]] + [len(words)]
    for number, following in zip(sentence.numbers, ends, strict=False):
        gap = words[max(at, number.start - 120) : number.start]
        label = _MARKS.split(gap)[-1]
        after = _STOPS.split(words[number.end : min(following, number.end + 24)], 1)[0]
        of_year = _year(gap, label, year, of_year)
        whole = _is_whole(gap, agency, whole)
        topic = last_topic(gap, topic)
        cases = cases if topic == "case" or not gap else ""
        if topic == "case":
            cases += "".join(_SUITS.findall(gap))[:24]
        part = _is_part(gap, part)
        here = None if part or _is_apart(gap, label) else _year_of_label(label, year, of_year)
        yield Place(label, after, gap, here, whole, topic, cases)
        at = number.end


def last_topic(gap: str, topic: Topic) -> Topic:
    """What the words speak of at their end; a bare 申请 says nothing beside a foreign noun."""
    for found in _TOPICS.finditer(gap):
        kind = found.lastgroup or ""
        if kind != "bare":
            topic = kind
        elif topic not in ("foreign", "case"):
            topic = topic or ""
    return topic


def is_whole_at_end(sentence: Sentence, agency: str, *, whole: bool) -> bool:
    """Whether what a sentence leaves behind is still about the whole table."""
    return _is_whole_behind(sentence.words[-160:], agency, whole)


@lru_cache(maxsize=1024)
def _is_whole_behind(words: str, agency: str, whole: bool) -> bool:
    return _is_whole(words, agency, whole) and not _PART.match(words)


def speaks_of_requests(words: str) -> bool:
    """Whether requests or cases may be what the words speak of: quick, and sure only where not."""
    return bool(_MAY_SPEAK.search(words))


def is_bound(sentence: Sentence) -> bool:
    """Whether a sentence goes on with what the one before in its paragraph spoke of."""
    return not sentence.opens and sentence.words.startswith(_BINDING)


class Scope:
    """Follows the sentences of a text: whether each begins with words about the whole table.

    Only a sentence that is bound to the one before asks what that left behind, so that most
    sentences need not be looked at.
    """

    def __init__(self, agency: str) -> None:
        self.agency = agency
        self.before: list[Sentence] = []
        self.sentence: Sentence | None = None

    def enter(self, sentence: Sentence) -> None:
        """Go on to the next sentence."""
        if not is_bound(sentence):
            self.before = []
        elif self.sentence:
            self.before.append(self.sentence)
        self.sentence = sentence

    @property
    def at_start(self) -> bool:
        """What the sentences before leave behind."""
        whole = True
        for sentence in self.before[-_MOST_BOUND:]:
            whole = is_whole_at_end(sentence, self.agency, whole=whole)
        return whole

    @property
    def at_end(self) -> bool:
        """What this sentence leaves behind."""
        whole = self.at_start
        return is_whole_at_end(self.sentence, self.agency, whole=whole) if self.sentence else whole


def _is_apart(gap: str, label: str) -> bool:
    """Whether the words tell of a plan or of many years."""
    return bool(_PLAN.search(label) or _SINCE.search(gap))


def _is_part(gap: str, part: bool) -> bool:
    """Whether a month or half a year is spoken of, until a semicolon or 全年."""
    part = part and "；" not in gap
    if PART_OF_YEAR in gap:
        part = any(PART_OF_YEAR in clause for clause in _CLAUSES.split(gap)[-2:])
    return part and not _THIS_YEAR.search(gap)


def _year(gap: str, label: str, year: int, of_year: int | None) -> int | None:
    """The year that the sentence has come to speak of."""
    before = gap[: len(gap) - len(label)]
    for found in _OTHER_YEAR.finditer(before):
        if not _AGAINST.search(before[: found.start()]) and not _is_carry(before, found.end()):
            of_year = _offset(found, year)
    if _THIS_YEAR.search(gap):
        of_year = 0
    for found in _OTHER_YEAR.finditer(label):
        if not _AGAINST.search(label[: found.start()]) and not _is_carry(label, found.end()):
            of_year = _offset(found, year)
    return of_year


def _year_of_label(label: str, year: int, of_year: int | None) -> int | None:
    """The year of one number: its own words outweigh the sentence's."""
    for found in _OTHER_YEAR.finditer(label):
        if not _is_carry(label, found.end()):
            of_year = _offset(found, year)
    return of_year


def _is_carry(text: str, at: int) -> bool:
    """Whether the year at this place is one that cases came from or go to."""
    around = text[max(0, at - 14) : at + 12]
    return bool(re.search(r"转|延|遗留|未办结|继续办理", around))


def _offset(found: re.Match[str], year: int) -> int | None:
    """0 for the report's year, -1 for the year before, None for any other."""
    offset = int(found[1]) - year if found[1] else -1 if found[0] != "前年" else -2
    return offset if offset in (0, -1) and found[0] != "往年" else None


def _is_whole(gap: str, agency: str, whole: bool) -> bool:
    """Whether the last subject named is the agency itself."""
    own = class_of(agency)
    if _WHOLE.search(gap):
        whole = own in ("政府", "街道", "")
    if _WITHIN.search(gap):
        return False
    for found in _UNIT.finditer(gap):
        before = _NAME.search(gap[max(0, found.start() - 12) : found.start()])
        name = (before[0] if before else "") + found[0]
        whole = _is_own(name, found[0], agency, own, whole)
    return whole


def _is_own(name: str, kind: str, agency: str, own: str, whole: bool) -> bool:
    """Whether a unit named before a verb is the agency that reports."""
    if _WHOLE.search(name) or (whole and kind in ("部门", "单位", "机关") and "各" in name):
        return whole
    if _OWN.search(name):
        return not re.search("[局委办府]机关$", name)
    if kind in ("县", "区", "市", "镇", "乡"):
        return name[-3:] in agency or len(name) == 1
    if kind in ("政府", "人民政府"):
        # A government's office reports for the government itself; a city's report for the city too.
        return own == "办" or (own == "政府" and bool(re.search("[镇乡]", name + agency[-6:])))
    return bool(own) and class_of(kind if kind != "办" else "政府办") == own


def year_of(report: Report) -> int:
    """The year reported on; where no title told it, the only year that the texts speak of."""
    if report.year:
        return report.year
    written = (
        report.text("preamble"), report.text("overview.intro"),
        *(topic.text for topic in report.topics),
    )  # fmt: skip
    years = {int(year) for text in written for year in re.findall(r"(20\d\d)\s*年", text)}
    return years.pop() if len(years) == 1 else 0
