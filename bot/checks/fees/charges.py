"""What a text says about 信息处理费: charged or not, how many notices, which sums.

Pure. All sums are in 元.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from bot.answers import read_chinese

_TITLE = re.compile(r"《[^《》]*》")
_BREAK = re.compile(r"[。！？!?\n]+")
_FEE = r"(?:信息公开|依申请公开|公开信息)?(?:信息)?(?:处理费用?|检索费|复制费|邮寄费|收费|费用)"
_SPEAKS = re.compile(r"信息处理费|(?<!\w)处理费|(?:收费|缴费)通知")
_OTHER_FEES = re.compile(
    r"行政事业性|事业性收费|涉企|收费(?:标准|项目|目录|清单|公示)|教育|停车|物业|"
    r"[水电气暖]费|学费|乱收费|违规收费|三公|经费"
)
_NOT = r"(?:未|没有?|无|不(?![断仅但])|免|零)"
_NO_FEE = re.compile(
    _NOT
    + r"(?:曾|予|需|再|存在|涉及|产生|发生|出现|有)*(?:向[^，。；,;]{1,12}?)?"
    + r"(?:收取|收缴|收|产生|发生)?过?"
    + r"(?:任何|相关|有关|一切|各类|各项|政府|此类|该项|上述|的|检索|复制|邮寄|成本|[、和及与等])*"
    + _FEE
)
_NOT_CHARGED = re.compile(
    r"(?:^|[，,；;：:])(?:本年度?|今年|全年|均|都)?(?:未|没有?|无)(?:收取|收费|产生|发生)?$"
)
_FEE_NOT = re.compile(
    _FEE + r"[^，。；,;\d]{0,8}?(?:未|没有|无(?!正当)|为零|零(?![星散])|减免|免收|免除|全免)"
)
_ZERO = re.compile(
    r"(?:" + _FEE + r"|收取|实收)[^，。；;\d]{0,12}?(?<![\d.])0(?:\.0+)?(?![\d.,])(?:万?元|件|笔)?"
)
_FEE_SUM = re.compile(r"(?:收费|收取费用)[^\d]{0,20}\d[\d,.]{0,15}[件笔元]")
_CLAUSE = re.compile(r"[;；]|(?<!\d)[,，]|[,，](?!\d{3}(?!\d))")
_AMOUNT = re.compile(
    r"(?P<number>\d[\d,]{0,15}(?:\.\d{1,6})?|[零〇一二两三四五六七八九十百千万亿]{1,12}?)\s*"
    r"(?P<unit>件|笔|宗|万元|元)(?!次)"
)
_ROLES = {
    "none": re.compile(r"未缴|未交|未收|未按|逾期|不缴|减免|免收|退[还费]|申请(?=$)|涉及"),
    "paid": re.compile(r"实际|实收|实缴|已缴|已收|缴纳|收取|收缴|到账|入库"),
    "notice": re.compile(r"通知|应收|应缴"),
}
_LIST = re.compile(r"其中|分别[为是]?|[：:（(]")
_BEFORE_NOTICE = re.compile(r"[^，,；;\d]{0,8}通知")
_GOES_ON = re.compile(r"其中|共|合计|累计|实际|发出")


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of cases and an amount in 元 that stand together; what is not said is None."""

    cases: int | None = None
    yuan: Decimal | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A stated total and the parts that are listed for it; `whole` where it claims to list all."""

    sentence: str
    total: Sum
    parts: tuple[Sum, ...]
    whole: bool


@dataclass(slots=True)
class Statement:
    """What a text tells of the fee.

    `denied` says that nothing was charged; `noticed` that the text speaks of notices; `large` are
    amounts written in 万元 with the words as they stand; `sums` every single amount in 元.
    """

    told: bool = False
    denied: bool = False
    noticed: bool = False
    notices: int | None = None
    due: Decimal | None = None
    paid: Decimal | None = None
    paid_cases: int | None = None
    sums: list[tuple[str, Sum]] = field(default_factory=list)
    large: list[tuple[str, str, Decimal]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    @property
    def is_positive(self) -> bool:
        """Whether the text tells of money that was asked for or paid."""
        return bool(self.due or self.paid)


@lru_cache(maxsize=64)
def read_statement(text: str) -> Statement:
    """What `text` tells of the fee; titles of regulations (《…》) tell nothing."""
    told = Statement()
    goes_on = False
    for piece in _BREAK.split(text):
        sentence = unicodedata.normalize("NFKC", "".join(piece.split()))
        plain = _TITLE.sub("", sentence)
        about = _is_about(plain) or (
            goes_on and bool(re.match(r"其中|共|合计|累计|实际|发出", plain))
        )
        if about:
            _read_sentence(told, plain, piece.strip())
        goes_on = about
    if told.paid == 0 and not told.due:
        told.denied = True
    return told


def _is_about(sentence: str) -> bool:
    """Whether a sentence is about this fee: by its name, or by the plain words for charging."""
    if _SPEAKS.search(sentence):
        return True
    return any(
        _denies(clause) or _FEE_SUM.search(clause)
        for clause in _CLAUSE.split(sentence)
        if not _OTHER_FEES.search(clause)
    )


def _denies(clause: str) -> bool:
    """Whether a clause says that no fee was charged."""
    return any(pattern.search(clause) for pattern in (_NO_FEE, _FEE_NOT, _ZERO))


def _read_sentence(told: Statement, sentence: str, original: str) -> None:
    """Add what one sentence about the fee says."""
    told.told = True
    told.noticed = told.noticed or bool(re.search(r"通知|逾期|未缴|应缴|应收", sentence))
    clauses = [c for c in _CLAUSE.split(sentence) if not _OTHER_FEES.search(c)]
    denied = any(map(_denies, clauses)) or bool(_NOT_CHARGED.search(sentence))
    told.denied = told.denied or denied
    sentence = "，".join(clauses)
    listing = _read_listing(sentence, original)
    head = sentence
    if listing:
        told.listings.append(listing)
        told.sums += [(original, part) for part in listing.parts]
        head = _LIST.split(sentence, maxsplit=1)[0] if _LIST.search(sentence) else ""
        told.sums.append((original, listing.total))
        if not head:
            told.paid = told.paid if told.paid is not None else listing.total.yuan
    for role, amount, unit, words in _amounts(head):
        _note(told, role, amount, unit, original if unit != "万元" else words)
    if head:
        _add_single_sums(told, head, original)


def _note(told: Statement, role: str, amount: Decimal, unit: str, words: str) -> None:
    """Keep the first amount of each role."""
    if unit == "万元":
        told.large.append((words, role, amount))
        amount, unit = amount * 10**4, "元"
    if unit == "元":
        if role == "notice" and told.due is None:
            told.due = amount
        elif role == "paid" and told.paid is None:
            told.paid = amount
    elif role == "notice" and told.notices is None:
        told.notices = int(amount)
    elif role == "paid" and told.paid_cases is None:
        told.paid_cases = int(amount)


def _add_single_sums(told: Statement, head: str, original: str) -> None:
    """The amounts in 元 of a sentence, each with the cases named just before it."""
    cases: int | None = None
    for role, amount, unit, _ in _amounts(head):
        if role == "none":
            cases = None
        elif unit == "元":
            told.sums.append((original, Sum(cases, amount)))
            cases = None
        elif unit != "万元":
            cases = int(amount)


def _amounts(text: str) -> Iterator[tuple[str, Decimal, str, str]]:
    """Each number with its unit and what it is (notice, paid, none); the words as they stand."""
    role, end = "paid", 0
    for match in _AMOUNT.finditer(text):
        value = _value(match["number"])
        words = text[end : match.start()]
        end = match.end()
        if value is None:
            continue
        found = [
            (list(pattern.finditer(words))[-1].end(), name)
            for name, pattern in _ROLES.items()
            if pattern.search(words)
        ]
        if found:
            role = max(found)[1]
        elif match["unit"] not in ("元", "万元") and _BEFORE_NOTICE.match(text, end):
            role = "notice"
        unit = "件" if match["unit"] in "件笔宗" else match["unit"]
        yield role, value, unit, match[0]


def _value(number: str) -> Decimal | None:
    """A number in digits or Chinese numerals."""
    if number[0].isdigit():
        return Decimal(number.replace(",", ""))
    chinese = read_chinese(number)
    return Decimal(chinese[0]) if chinese and chinese[1] else None


def _read_listing(sentence: str, original: str) -> Listing | None:
    """A stated total with its parts before or behind it, or None."""
    opened = _LIST.search(sentence)
    if opened:
        head, tail = sentence[: opened.start()], sentence[opened.end() :]
        whole = opened[0] != "其中" and not tail.startswith("其中")
    else:
        closing = list(re.finditer(r"[，,；;](?=共计|合计|总计|累计|一共|总共|共)", sentence))
        if not closing:
            return None
        head, tail = sentence[closing[-1].end() :], sentence[: closing[-1].start()]
        whole = True
    parts = tuple(_parts(tail))
    total = _total(head)
    if len(parts) < 2 or total is None or re.search(r"通知|应收|应缴|实际|实收", tail):
        return None
    return Listing(original, total, parts, whole and not re.search(r"等[）)]?$", tail))


def _total(head: str) -> Sum | None:
    """The last number of cases and the last amount of a head, or None where it has neither."""
    cases = yuan = None
    for _, amount, unit, _ in _amounts(head):
        if unit == "元":
            yuan = amount
        elif unit == "件":
            cases = int(amount)
    return None if cases is None and yuan is None else Sum(cases, yuan)


def _parts(tail: str) -> Iterator[Sum]:
    """The units listed, each with its cases, its amount or both (`甲局1件，420元`)."""
    waiting: Sum | None = None
    for piece in (p for clause in _CLAUSE.split(tail) for p in clause.split("、")):
        found = {m["unit"]: _value(m["number"]) for m in _AMOUNT.finditer(piece)}
        cases = next((found[unit] for unit in "件笔宗" if unit in found), None)
        yuan = found.get("元")
        name = re.sub(r"^[(：:]|(?:共?计|金额|合计)$", "", piece[: _start(piece)])
        if waiting and waiting.yuan is None and cases is None and yuan and not name:
            waiting = Sum(waiting.cases, yuan, waiting.name)
            continue
        if waiting:
            yield waiting
        known = cases is not None or yuan is not None
        waiting = Sum(None if cases is None else int(cases), yuan, name) if known else None
    if waiting:
        yield waiting


def _start(piece: str) -> int:
    """Where the first amount of a piece begins."""
    found = _AMOUNT.search(piece)
    return found.start() if found else len(piece)
