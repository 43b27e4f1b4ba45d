"""What the words beside a number say it counts: requests received, outcomes, applicants, cases.

Pure. `meaning` reads one phrase; whether the phrase is about the whole table at all is for
`bot.checks.claims.scope` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.checks.claims.sums import (
    ALL,
    COURTS,
    LEGAL,
    NATURAL,
    OUTCOMES,
    PARTS,
    Sum,
    answered,
    cases,
    received,
    requests,
)

REQUEST = re.compile(
    r"(?:政府|政务)信息(?:依申请)?公开的?申请|信息公开的?申请|信息(?:依)?申请|依申请|申请公开|公开申请"
)

_ITEMS = tuple(
    (re.compile(pattern), row)
    for pattern, row in (
        ("国家秘密", "denied_state_secret"),
        ("禁止公开", "denied_law_forbidden"),
        ("三安全|安全一稳定", "denied_safety_stability"),
        ("第三方(?:合法)?权益", "denied_third_party"),
        ("内部事务", "denied_internal_affairs"),
        ("过程性", "denied_process_info"),
        ("执法案卷", "denied_enforcement_file"),
        ("行政查询", "denied_admin_inquiry"),
        ("不掌握|未掌握", "unable_not_held"),
        ("另行制作|需要?制作|现成信息", "unable_needs_creation"),
        ("仍不明确|仍然不明确", "unable_still_unclear"),
        ("(?:信访|举报|投诉)[信访举报投诉、/]{0,8}类", "notproc_petition"),
        ("重复申请", "notproc_repeat"),
        ("公开出版物", "notproc_publication"),
        ("反复申请|大量申请", "notproc_excessive"),
        ("重新出具|已获取", "notproc_reconfirm"),
        ("不补正|未补正|未按[^，]{0,6}补正", "other_no_correction"),
        ("未[^，]{0,12}缴", "other_no_fee"),
    )
)
_OUTCOMES = {
    "予以公开": re.compile(r"(?<!不)予以?公开|同意公开|(?<!不)予以[及或和与、](?:者)?部分公开"),
    "部分公开": re.compile(r"部分公开|区分处理"),
    "不予公开": re.compile(r"不予以?公开"),
    "无法提供": re.compile(r"无法(?:予以)?提供|不能提供"),
    "不予处理": re.compile(r"不予以?处理"),
    "其他处理": re.compile(r"其[他它](?:情形|方式)?处理"),
}
_ANY_OUTCOME = re.compile(
    "|".join(pattern.pattern for pattern in (*(p for p, _ in _ITEMS), *_OUTCOMES.values()))
)
_ASIDE = re.compile(
    r"协办|工作日|当场|当天|当日|提前|(?<!结)转办(?!理)|交办|代办|撤回|撤销|延期|延长|逾期(?!.{0,14}(?:补正|缴))|超期|超时|征求|平均|[日月年人]均|每|各自?$|同比|占"
    r"|纠纷|责任|指导|查阅|下载|备案|公示|公告|主动公开|制发|目录|清单|栏目|信息不存在|非本|不属于"
)
_TOPICAL = re.compile(
    r"涉及|关于|有关(?!政府信息)|方面|主要|针对|领域|类(?!申请)|补正|告知|咨询|反馈|一般"
)
_CHANNEL = re.compile(
    r"网络|网上|在线|网站|邮箱|邮件|信函|邮寄|信箱|当面|现场|窗口|传真|来访|平台|客户端|快递|系统|纸质|书面|口头|电话"
)
_ALL_CHANNELS = re.compile(
    r"等[一-龥]{0,6}(?:途径|渠道|方式|形式|平台)|(?:各种|多种|各类|各)(?:途径|渠道|方式|形式)|线上线下|线上、线下"
)
_DIFFERENCE = re.compile(r"(?:增加|减少|增长|下降|上升|增多|降低|增|减|降|多|少)(?:了|约)?$")
_NEW = re.compile(r"新收|新接|新受理|新增(?=.*申请)")
_HANDLED = re.compile(
    r"收办|收到|接到|接收|共收(?![办到取集悉])|收悉|收件|受理|办理|处理|接办|承办"
)
_DONE = re.compile(r"答复|答覆|办结|办复|办毕|回复|办理完[毕结]|处理完[毕结]|(?:已|均)办理")
_BARE = re.compile(r"(?:公开申请|申请公开|依申请公开(?:政府信息)?(?:申请|件|案件)|信息申请)")
_TAIL = re.compile(
    r"(?:政府|政务|信息|公开|申请|依|件|的|了|案|事项|共|总|合|累|计|达|为|完|毕|等|各类|全部|上述|数|量|到|并|后|予以|以|均|已"
    r"|自然人|公民|法人|个人|其[他它]|组织|和|或|者|及|与|、|提出|提交|登记|有效|新|本年度?|要求|请求|来件|在办|全市|通过.*等.*"
    r"|处理|在|法定|期限|内|有|上|线|下|渠道|途径|方式|当年|年度|“|”){0,24}$"
)
"""What may stand between 收到 or 答复 and its number."""
_CASE = re.compile(r"复议|诉讼|起诉|应诉")
_ENDINGS = {
    "upheld": re.compile(r"维持"),
    "corrected": re.compile(r"纠正|纠错"),
    "other": re.compile(r"其[他它]结果"),
    "pending": re.compile(r"(?:尚?未|仍未|没有)(?:审结|结案|办结)|审理中|正在审|在审"),
}
ODD_ENDING = re.compile(
    r"撤[销诉回]|确认违法|责令|变更|被申请人|驳回|终止|胜诉|败诉|不予受理|和解|调解|新增|新发|新收|上年|去年|被告|第三人|结转|[一二再]审|上诉"
    r"|其[他它](?:行政)?(?:复议|诉讼)"
)
_COLUMNS = (
    (re.compile(r"自然人|公民|个人"), NATURAL),
    (re.compile(r"法人(?:或者?|和|及|与|、)者?其[他它]组织"), LEGAL),
    (re.compile(r"商业企业"), ("business",)),
    (re.compile(r"科研机构"), ("research",)),
    (re.compile(r"社会公益组织"), ("public_welfare",)),
    (re.compile(r"法律服务机构"), ("legal_service",)),
)
_FIRMS = re.compile("企业(?:法人)?(?:提出|提交)?的?(?:申请)?")
"""企业 alone: the form knows 商业企业, a clerk may mean all legal persons."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number counts: the rule that judges it, and the sums it may equal.

    `outcomes` are the groups of results named; `bold` claims name their noun themselves, others
    need a sentence about requests around them.
    """

    rule: str
    sums: tuple[Sum, ...]
    outcomes: tuple[str, ...] = ()
    bold: bool = False


@lru_cache(maxsize=4096)
def meaning(phrase: str, year: int, unit: str = "件", about: str = "") -> Meaning | None:
    """What a number with these words before (or behind) it counts, or None where that is unsure.

    `about` holds the kinds of case named before in the sentence (复议, 诉讼).
    """
    if _DIFFERENCE.search(phrase):
        return None
    if _CASE.search(phrase) or (about and any(p.search(phrase) for p in _ENDINGS.values())):
        return _case(phrase, about)
    if _ASIDE.search(phrase) or (_CHANNEL.search(phrase) and not _ALL_CHANNELS.search(phrase)):
        return _carried(phrase, year) if "延" in phrase else None
    return (
        _carried(phrase, year)
        or _outcome(phrase)
        or (None if _TOPICAL.search(phrase) else _received(phrase, unit) or _person(phrase))
    )


@lru_cache(maxsize=2048)
def columns_of(phrase: str) -> tuple[str, ...]:
    """The columns of table three that a phrase names; all of them where it names none or both."""
    if not re.search("[人民业构织]", phrase):
        return ALL
    found = [columns for pattern, columns in _COLUMNS if pattern.search(phrase)]
    if not found or (NATURAL in found and len(found) > 1):
        return ALL
    return LEGAL if LEGAL in found else tuple(column for columns in found for column in columns)


@lru_cache(maxsize=64)
def _carry_patterns(year: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What says that cases came from last year, and that they go on next year."""
    moved = "结转|转结|转入|转至|转来|转到|接转|延续|遗留|顺延|延至"
    before = f"上年|上一年|去年|往年|前一年|{year - 1}年"
    behind = f"下年|下一年|次年|明年|来年|{year + 1}年"
    inward = f"(?:{before})[^，]{{0,10}}(?:{moved}|未办结)|(?:{moved}|承接)(?:{before})"
    outward = (
        f"(?:{moved}|留待|跨)[^，]{{0,6}}(?:{behind})|(?:{behind})(?:度)?(?:继续)?(?:办理|处理|答复)"
        r"|(?:尚未|仍未|未|尚在|正在|仍在)(?:办结|答复|办理|审查|处理)|待(?:办结|答复|办理)|在办|剩余"
    )
    return re.compile(inward), re.compile(outward)


def _carried(phrase: str, year: int) -> Meaning | None:
    """结转: from last year, to the next, or either where the words do not say."""
    inward, outward = _carry_patterns(year)
    columns = columns_of(phrase)
    came = requests("上年结转", ["carried_in"], (), columns)
    goes = requests("结转下年度继续办理", ["carried_out"], (), columns)
    if outward.search(phrase):
        return Meaning("TXT-CARRY", (goes,))
    if inward.search(phrase):
        return Meaning("TXT-CARRY", (came,))
    if "结转" in phrase:
        return Meaning("TXT-CARRY", (came, goes))
    return None


def _outcome(phrase: str) -> Meaning | None:
    """The outcomes of 三、本年度办理结果 that a phrase names, groups or single items."""
    if not _ANY_OUTCOME.search(phrase):
        return None
    rows = tuple(row for pattern, row in _ITEMS if pattern.search(phrase))
    groups = tuple(name for name, pattern in _OUTCOMES.items() if pattern.search(phrase))
    columns = columns_of(phrase)
    sums = []
    if groups:
        members = [row for name in groups for row in OUTCOMES[name]]
        sums.append(requests("加".join(groups), members, (), columns))
    if rows:
        sums.append(requests("对应各项" if len(rows) > 1 else rows[0], rows, (), columns))
    return Meaning("TXT-RESULT", tuple(sums), groups) if sums else None


def _received(phrase: str, unit: str) -> Meaning | None:
    """Requests received, dealt with or answered."""
    columns = columns_of(phrase)
    bold = bool(REQUEST.search(phrase))
    new, handled, done = (p.search(phrase) for p in (_NEW, _HANDLED, _DONE))
    if done and re.search(r"[未待没]", phrase[max(0, done.start() - 4) : done.start()]):
        return None
    last = max((p.end() for p in _verbs(phrase)), default=0)
    if not _TAIL.match(phrase[last:]):
        return None
    if new and not done:
        return Meaning("TXT-NEW", received(columns)[:1], bold=bold)
    if handled and done:
        return Meaning("TXT-HANDLED", (*received(columns), *answered(columns)), bold=bold)
    if done:
        return Meaning("TXT-DONE", answered(columns), bold=bold)
    if handled:
        more = answered(columns)[1:] if re.search("办理|处理", phrase) else ()
        rule = "TXT-NEW" if "受理" in phrase else "TXT-HANDLED"
        return Meaning(rule, (*received(columns), *more), bold=bold)
    if _BARE.search(phrase) and unit != "条":
        return Meaning("TXT-HANDLED", received(columns), bold=True)
    return None


def _verbs(phrase: str) -> Iterator[re.Match[str]]:
    """All verbs of a phrase that say what was done with requests."""
    for pattern in (_NEW, _HANDLED, _DONE):
        yield from pattern.finditer(phrase)


def _person(phrase: str) -> Meaning | None:
    """Requests by one kind of applicant."""
    columns = columns_of(phrase)
    if columns == ALL:
        return _firms() if _FIRMS.fullmatch(phrase) else None
    came = requests("上年结转", ["carried_in"], (), columns)
    return Meaning("TXT-PERSON", (*received(columns), came))


def _firms() -> Meaning:
    """A bare 企业: the column 商业企业, or all legal persons."""
    both = zip(received(("business",)), received(LEGAL), strict=True)
    came = [requests("上年结转", ["carried_in"], (), columns) for columns in (("business",), LEGAL)]
    return Meaning("TXT-PERSON", (*(one for pair in both for one in pair), *came))


def by_applicant(whole: Meaning, person: Meaning) -> Meaning:
    """A person's part of what another number counts: the same rows in the person's columns."""
    kinds = dict.fromkeys(
        tuple(dict.fromkeys(cell.rpartition(".")[2] for cell in one.plus)) for one in person.sums
    )
    return replace(person, sums=tuple(one.in_columns(c) for c in kinds for one in whole.sums))


def _case(phrase: str, about: str) -> Meaning | None:
    """复议 and 诉讼, all of them or by how they ended."""
    if ODD_ENDING.search(phrase) or re.search("各|培训|旁听|占", phrase):
        return None
    endings = tuple(part for part in PARTS if _ENDINGS[part].search(phrase))
    groups = case_groups(phrase)
    if groups:
        choices = [groups, *((group,) for group in groups if set(groups) <= set(COURTS))]
    else:
        known = case_groups(about)
        choices = [(group,) for group in known] + [known, tuple(set(known) & set(COURTS))]
    sums = tuple(one for choice in choices if choice for one in _case_sums(choice, endings))
    return Meaning("TXT-CASE", tuple(dict.fromkeys(sums))) if sums else None


def case_groups(phrase: str) -> tuple[str, ...]:
    """The groups of table four that a phrase names."""
    named = {
        "direct": re.search("未经复议|直接起诉", phrase),
        "after_review": re.search("复议后", phrase),
    }
    exact = tuple(group for group, found in named.items() if found)
    if exact:
        return exact
    review = ("review",) if "复议" in phrase else ()
    return review + (COURTS if re.search("诉讼|起诉|应诉", phrase) else ())


_GROUPS = {"review": "行政复议", "direct": "未经复议直接起诉", "after_review": "复议后起诉"}
_PARTS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}


def _case_sums(groups: tuple[str, ...], endings: tuple[str, ...]) -> Iterator[Sum]:
    """All cases of these groups and those decided; or those that ended so."""
    name = "行政诉讼" if set(groups) == set(COURTS) else "加".join(_GROUPS[g] for g in groups)
    if endings:
        ended = "加".join(_PARTS[part] for part in endings)
        yield cases(f"{name}的{ended}", [f"{g}_{part}" for g in groups for part in endings])
        return
    totals, pending = [f"{g}_total" for g in groups], [f"{g}_pending" for g in groups]
    yield cases(f"{name}总计", totals)
    yield cases(f"{name}总计减尚未审结", totals, pending)
