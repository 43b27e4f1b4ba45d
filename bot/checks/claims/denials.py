"""What the texts say did not happen, although the tables count it: TXT-NEG, TXT-NA.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.checks.claims.clauses import PART_OF_YEAR, Sentence, read
from bot.checks.claims.counts import OWN_TOPIC
from bot.checks.claims.nouns import REQUEST, case_groups, columns_of
from bot.checks.claims.scope import Scope, class_of, last_topic, year_of
from bot.checks.claims.sums import ALL, LEGAL, NATURAL, Sum, cases, requests
from bot.checks.finding import Dossier, Finding, Repair, Rewrite
from bot.checks.texts import texts

_NO = r"(?:未(?!经|按|及时|在|依)|没有|没(?=收)|无(?!法|需|须|正当|障碍|线)|零(?=[受收诉复]))"
_VERB = r"(?:曾|有|新|再|接到|收到|接收|受理|发生|出现|产生|引发|引起|存在|涉及|被){0,6}"
_SUBJECT = (
    r"(?:有关|相关|任何|因|由|公民|群众|社会公众|、|和|或者?|及|与|其[他它]|法人|自然人|个人|组织|申请人|人|提出|提交"
    r"|要求|的|向我[局办镇区县市]|获取|依法|书面|各类|各种|形式){0,16}"
)
_ASKED = (
    r"(?:(?:政府|政务)信息(?:依申请)?公开(?:的)?申请|信息公开的?申请|依申请(?:公开)?(?:政府)?(?:信息)?(?:公开)?(?:的)?(?:申请)?"
    r"|公开政府信息的?申请|申请公开(?:政府)?(?:信息)?)"
)
_END = r"(?=$|[，。；！.])"
_REST = r"(?:的|件|事项|情况|信息|来信|来件|申请|案件|政府|业务|事件|个案|情形|发生|及结转){0,5}"
_NO_REQUEST = re.compile(_NO + _VERB + _SUBJECT + _ASKED + _REST + _END)
_NONE_OF = re.compile(
    r"(?:政府|政务)信息公开申请(?:数量?|件数)?(?:为(?:零|0件?)|[一均]?件?未收到|均?未发生)" + _END
)
_CASES = (
    r"(?:政府|政务|信息|公开|依申请|申请|答复|不予|工作|行政(?!复|诉|应)|因|由|就|引起|引发|导致|产生|有关|相关|涉及"
    r"|被|提起|提出|而|的|、|和|或|者|及|以及|与|方面|问题|事项|不当){0,20}"
)
_SUIT = r"(?:行政)?(?:复议|诉讼|应诉)"
_NO_CASE = re.compile(
    f"{_NO}{_VERB}{_CASES}(?P<suits>{_SUIT}(?:{_CASES}{_SUIT})?)(?P<rest>[^，。；！]{{0,14}})"
)
_CASE_NONE = re.compile(
    f"(?P<suits>{_SUIT}(?:{_CASES}{_SUIT})?)(?:案件|案|事项|情况|数量?|件数)?"
    r"(?:[均都]?(?:为零|为0件?|未发生|没有发生|没有)|均无)" + _END
)
_NOT_OF_CASES = re.compile(
    r"败诉|纠正|纠错|撤销|维持|审结|新增|新发|费用|不服|责任|逾期|后起诉|结果|培训|超期|上升|增加"
)
_UPHELD = re.compile(r"[均都全](?:部|获|获得|被|予以|得到|为|予|数)*维持")
_SETTLED = re.compile(r"已审结|审结的|办结的|已结|结案的|裁决的|已作出")
_NOTHING_CARRIED = re.compile(
    r"(?:无|没有|未)(?:上年|上一年|上年度|下年|下一年|下年度|年度)?(?:申请|件|案件|需要?)?(?:结转|转结)(?!率)"
)
_SOLE = re.compile(
    r"[均皆都全](?:部)?(?:为|是|系|属于?|由|来自)(?P<who>自然人|公民|个人|商业企业|科研机构|社会公益组织|法律服务机构|企业"
    r"|法人(?:或者?|和|及|与|、)其[他它]组织)(?=$|[，。；！]|所?提|的?申请)"
)
_LIMITED = re.compile(
    r"通过|网络|信函|当面|邮寄|在线|现场|各(?:乡|镇|街|部门|单位|科室|县|区)|部分(?!公开)|个别|下属|所属"
)
_OTHER_YEAR = re.compile(r"(20\d\d)年|去年|上年(?!度?结转)|上一年|往年|同期")
_NO_CONCERN = re.compile("不(?:涉及|存在|承担|具有|具备)(?:有|到)?(?:政府信息|信息)?依申请公开")
_NOT_CONCERNED = re.compile(
    r"(?:(?<![本我各该])单位)?(?:的)?(?:权责|职责|职能|业务|工作|性质)?(?:范围)?(?:内)?(?:均|暂|目前|尚|暂时)?"
    r"不(?:涉及|存在|承担|具有|具备)(?:有|到)?(?:政府信息|信息)?依申请公开(?:政府信息|信息)?(?:的)?"
    r"(?:申请|事项|工作|情况|内容|业务|职能|信息)?(?:的)?(?:情况)?(?=[，。；！？\s]|$)"
)
_ANY = re.compile("[未没无零0均全都皆]")
_MAY_DENY = re.compile("申请|复议|诉讼|应诉|结转|转结|维持")
"""One of these stands in whatever a pattern for a denial matches."""
NO_REQUEST = "未收到政府信息公开申请"


@dataclass(frozen=True, slots=True)
class Denial:
    """One thing that a sentence says did not happen: the sums that would then be 0."""

    sums: tuple[Sum, ...]
    kind: str
    shown: str
    words: str


@lru_cache(maxsize=256)
def denials_of(text: str, year: int, agency: str, item: str = "") -> tuple[Denial, ...]:
    """All denials of a text, that of `item`, that are about the whole of the year reported on."""
    found: list[Denial] = []
    scope = Scope(agency)
    for sentence in read(text):
        scope.enter(sentence)
        if not (_MAY_DENY.search(sentence.words) and _ANY.search(sentence.words)):
            continue
        if scope.at_end and not _is_elsewhere(sentence, agency):
            found += _denials(sentence, year, home=item == OWN_TOPIC)
    return tuple(found)


def _is_elsewhere(sentence: Sentence, agency: str) -> bool:
    """Whether a sentence speaks of the district although a single office reports."""
    own = class_of(agency)
    return own not in ("政府", "") and bool(re.search("全[省市县区州]", sentence.words))


def _denials(sentence: Sentence, year: int, *, home: bool) -> Iterator[Denial]:
    """The denials of one sentence; `home` is whether it stands under 依申请公开."""
    words = sentence.words
    for pattern, read_as in (
        (_NO_REQUEST, _no_request),
        (_NONE_OF, _no_request),
        (_NO_CASE, _no_case),
        (_CASE_NONE, _no_case),
        (_NOTHING_CARRIED, _nothing_carried),
        (_UPHELD, _all_upheld),
        (_SOLE, _sole_applicant),
    ):
        for match in pattern.finditer(words):
            start = max(words.rfind(mark, 0, match.start()) for mark in "，；：。") + 1
            if not _is_apart(
                words[max(0, start - 40) : match.end()], words[start : match.end()], year
            ):
                if pattern is _SOLE and not home and not REQUEST.search(words[: match.start()]):
                    continue
                sums = read_as(match, sentence)
                if sums:
                    kind = read_as.__name__.removeprefix("_")
                    yield Denial(
                        sums, kind, sentence.shown.strip(), words[start : match.end()][-40:]
                    )


def _is_apart(context: str, clause: str, year: int) -> bool:
    """Whether the words are about another year, a part of one, or one way of asking."""
    if _LIMITED.search(clause) or PART_OF_YEAR in clause or re.search("以来|其中", context[-30:]):
        return "今年以来" not in context and "一年来" not in context
    return any(not found[1] or int(found[1]) != year for found in _OTHER_YEAR.finditer(context))


def _no_request(_match: re.Match[str], _sentence: Sentence) -> tuple[Sum, ...]:
    return (requests("本年新收", ["new_received"]),)


def _no_case(match: re.Match[str], sentence: Sentence) -> tuple[Sum, ...]:
    """复议 or 诉讼 denied; a clause that tells of outcomes or new cases only denies less."""
    rest = match.groupdict().get("rest") or ""
    if _NOT_OF_CASES.search(match.group()) or re.search(r"\d", match.group()):
        return ()
    behind = sentence.words[match.end() : match.end() + 6]
    groups = case_groups(match["suits"] + rest)
    if not groups or _NOT_OF_CASES.search(behind):
        return ()
    return tuple(_case_total(group) for group in groups)


def _case_total(group: str) -> Sum:
    name = {"review": "行政复议", "direct": "未经复议直接起诉", "after_review": "复议后起诉"}[group]
    return cases(f"{name}总计", [f"{group}_total"])


def _nothing_carried(match: re.Match[str], _sentence: Sentence) -> tuple[Sum, ...]:
    if "上" in match.group():
        return (requests("上年结转", ["carried_in"]),)
    return (requests("结转下年度继续办理", ["carried_out"]),)


def _all_upheld(match: re.Match[str], sentence: Sentence) -> tuple[Sum, ...]:
    """均获维持: nothing was corrected, ended otherwise or is open."""
    said = sentence.words[: match.start()]
    groups = case_groups(said[-120:])
    if not groups or _SETTLED.search(said) or re.search(r"[未尚]审结|撤|驳回|终止", sentence.words):
        return ()
    parts = {"corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}
    names = {"review": "行政复议", "direct": "未经复议直接起诉", "after_review": "复议后起诉"}
    return tuple(
        cases(f"{names[g]}·{word}", [f"{g}_{part}"]) for g in groups for part, word in parts.items()
    )


def _sole_applicant(match: re.Match[str], sentence: Sentence) -> tuple[Sum, ...]:
    """均为自然人: no other applicant, where all requests were just counted."""
    told = [number for number in sentence.numbers if number.end <= match.start()]
    clause = sentence.words[: match.start()]
    if len(told) != 1 or not told[0].counts or "申请" not in clause:
        return ()
    if last_topic(clause, "request") != "request" or match.start() - told[0].end > 14:
        return ()
    if re.search(r"其中|公开(?:[件份]|\d)|提供|处理[件份\d]|补正|撤回|征收", clause):
        return ()
    row, name = ("new_received", "新收申请")
    if re.search("答复|办结", clause):
        row, name = ("total_handled", "办结的申请")
    return tuple(_by_others(match["who"], row, name))


def _by_others(who: str, row: str, name: str) -> Iterator[Sum]:
    """The requests of all applicants but those named; a bare 企业 may mean any legal person."""
    columns = columns_of(who)
    named = LEGAL if columns == ALL else columns
    if named != NATURAL:
        yield requests(f"自然人的{name}", [row], (), NATURAL)
    others = tuple(column for column in LEGAL if column not in named)
    if others:
        whose = "法人或其他组织" if named == NATURAL else "其他法人或组织"
        yield requests(f"{whose}的{name}", [row], (), others)


def check_denials(dossier: Dossier) -> Iterator[Finding]:
    """TXT-NEG: the text says none, or all upheld, and a table counts some."""
    report = dossier.report
    if not report.has_texts:
        return
    for key, text in texts(dossier):
        for denial in denials_of(text, year_of(report), report.agency.strip(), key):
            against = _contradicted(denial, report.figures)
            if against:
                yield Finding(
                    "TXT-NEG",
                    "explain",
                    (key, *(cell for one, _ in against for cell in one.cells)),
                    0,
                    sum(value for _, value in against),
                    denial.shown,
                    facts={
                        "kind": denial.kind,
                        "claim": denial.words,
                        "against": tuple((one.name, value) for one, value in against),
                    },
                )


def _contradicted(denial: Denial, figures: Mapping[str, object]) -> list[tuple[Sum, int]]:
    """The sums that are above 0 although denied."""
    values = [(one, one.value(figures)) for one in denial.sums]
    return [(one, value) for one, value in values if value is not None and value > 0]


@lru_cache(maxsize=256)
def _not_concerned(text: str) -> tuple[re.Match[str], ...]:
    """Where a text says that requests are no concern of the office."""
    if not _NO_CONCERN.search(text):
        return ()
    return tuple(_NOT_CONCERNED.finditer(text))


def check_not_concerned(dossier: Dossier) -> Iterator[Finding]:
    """TXT-NA: every organ can be asked; 不涉及依申请公开 should be 未收到, where that is true."""
    if not dossier.report.has_texts:
        return
    held = list(texts(dossier))
    for key, text in held:
        for match in _not_concerned(text):
            new = requests("本年新收", ["new_received"]).value(dossier.report.figures)
            alone = sum(other == key for other, _ in held) == 1
            repairs: tuple[Repair, ...] = ()
            if new == 0 and alone:
                mended = text[: match.start()] + NO_REQUEST + text[match.end() :]
                repairs = (Repair(rewrites=(Rewrite(key, mended),), cause="wording"),)
            yield Finding(
                "TXT-NA",
                "explain",
                (key,),
                sentence=_sentence_around(text, match),
                repairs=repairs,
                facts={"claim": match.group(), "proposed": NO_REQUEST, "received": new},
            )


def _sentence_around(text: str, match: re.Match[str]) -> str:
    """The sentence in which a match stands."""
    start = max(text.rfind(mark, 0, match.start()) for mark in "。！？；\n") + 1
    ends = [at + 1 for mark in "。！？；\n" if (at := text.find(mark, match.end())) >= 0]
    return text[start : min(ends, default=len(text))].strip()


__all__ = ["check_denials", "check_not_concerned", "denials_of"]
