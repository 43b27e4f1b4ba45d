"""信息处理费 in section six: whether it is told, and whether its sums can be right.

Pure. All sums are in 元; the three figures of the interview stand in `Dossier.fees`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.checks.fees.charges import Listing, Statement, Sum, read_statement
from bot.checks.fees.tariff import is_tariff
from bot.checks.finding import Dossier, Finding, Repair, Rewrite
from bot.checks.prose.structure import NOTHING
from bot.checks.texts import texts
from bot.report import paragraphs

NO_CHARGE = "本年度未收取政府信息公开信息处理费。除此之外，无其他需要报告的事项。"
UNPAID = "requests.other_no_fee.total"
_NEW, _CARRIED_IN = "requests.new_received.total", "requests.carried_in.total"
_NOTHING_ELSE = re.compile(
    r"(?:本单位|本机关|我单位|本局|我局|本委|本镇|本乡|本街道)?(?:20\d\d年度?|本年度?|今年)?"
    r"[，,]?(?:暂|暂时)?(?:无|没有|未有)(?:其[他它])?(?:需要?|须|应当?)?(?:报告|说明)?的?"
    r"(?:重大)?(?:事项|情况|内容)?"
)


def check_told(dossier: Dossier) -> Iterator[Finding]:
    """FEE-01: section six says whether the fee was charged."""
    text = _section(dossier)
    if not text or read_statement(text).told or _unpaid(dossier):
        return  # T3-FEEROW asks for more where notices were left unpaid
    nothing = _says_nothing(text)
    elsewhere = any(key != "other" and read_statement(t).told for key, t in texts(dossier))
    fault = "elsewhere" if elsewhere else "nothing" if nothing else "silent"
    repairs: tuple[Repair, ...] = ()
    if nothing and not elsewhere and not any(dossier.fees or ()):
        repairs = (Repair(cause="wording", rewrites=(Rewrite("other", NO_CHARGE),)),)
    yield Finding("FEE-01", "explain", cells=("other",), sentence=text[:60], repairs=repairs,
                  facts={"fault": fault})  # fmt: skip


def check_listings(dossier: Dossier) -> Iterator[Finding]:
    """FEE-02: the total stated is the sum of the units listed."""
    for listing in read_statement(_section(dossier)).listings:
        for unit, stated, listed in _unequal(listing):
            yield Finding("FEE-02", "explain", cells=("other",), left=listed, right=stated,
                          sentence=listing.sentence,
                          facts={"unit": unit, "parts": len(listing.parts)})  # fmt: skip


def check_tariff(dossier: Dossier) -> Iterator[Finding]:
    """FEE-03: each sum can come out of the tariff."""
    seen: set[tuple[int | None, Decimal | None]] = set()
    for sentence, stated in read_statement(_section(dossier)).sums:
        yuan = stated.yuan
        if yuan and (stated.cases, yuan) not in seen and not is_tariff(yuan, stated.cases):
            seen.add((stated.cases, yuan))
            yield Finding("FEE-03", "note", cells=("other",), left=yuan, sentence=sentence,
                          facts={"yuan": _plain(yuan), "single": stated.cases == 1})  # fmt: skip


def check_without_requests(dossier: Dossier) -> Iterator[Finding]:
    """FEE-04: a fee although there was no request, neither new nor carried over."""
    requests = [_count(dossier, cell) for cell in (_NEW, _CARRIED_IN)]
    if requests != [0, 0]:
        return
    told = read_statement(_section(dossier))
    _, due, paid = _figures(dossier, told)
    yuan = paid or due
    if yuan:
        yield Finding("FEE-04", "explain", cells=("other", _NEW, _CARRIED_IN),
                      facts={"yuan": _plain(yuan)})  # fmt: skip


def check_unit(dossier: Dossier) -> Iterator[Finding]:
    """FEE-05: the fee is told in 元; an amount in 万元 that would be very large is a slip."""
    text = _section(dossier)
    for words, _, amount in read_statement(text).large:
        if amount < 1 or (amount < 10 and amount != amount.to_integral_value()):
            continue  # 0.295万元 is said on purpose, and right
        mended = re.sub(r"(?<![\d.,])" + _spaced(words), words.replace("万元", "元"), text)
        repairs = (Repair(cause="unit", rewrites=(Rewrite("other", mended),)),)
        yield Finding("FEE-05", "explain", cells=("other",), left=amount, sentence=words,
                      repairs=repairs if mended != text else (),
                      facts={"yuan": _plain(amount), "wanyuan": _plain(amount)})  # fmt: skip


def check_three_figures(dossier: Dossier) -> Iterator[Finding]:
    """FEE-06: notices, their sum and what was paid fit each other, the interview and table three.

    Facts `fault`: overpaid, no_notices, no_sum, unpaid, few_notices, told.
    """
    told = read_statement(_section(dossier))
    notices, due, paid = _figures(dossier, told)
    unpaid = _unpaid(dossier)
    facts = {"notices": notices, "due": _plain(due), "paid": _plain(paid), "unpaid": unpaid}
    for fault in _faults(notices, due, paid, unpaid, told.paid_cases):
        yield Finding("FEE-06", "explain", cells=("other",), facts={**facts, "fault": fault})
    for name, said, asked in _differing(dossier, told):
        yield Finding("FEE-06", "explain", cells=("other",), left=said, right=asked,
                      facts={**facts, "fault": "told", "name": name})  # fmt: skip


def check_unpaid_row(dossier: Dossier) -> Iterator[Finding]:
    """T3-FEEROW: where requests ended over an unpaid notice, section six tells of notices.

    A text that does speak of the fee but not of the notices is only noted: nothing in it is wrong.
    """
    text, unpaid = _section(dossier), _unpaid(dossier)
    if not text or not unpaid:
        return
    told = read_statement(text)
    if not (told.noticed or told.is_positive):
        yield Finding("T3-FEEROW", "note" if told.told else "explain", cells=(UNPAID, "other"),
                      left=unpaid, sentence=text[:60], facts={"told": told.told})  # fmt: skip


def _section(dossier: Dossier) -> str:
    """Section six; '' where the source carried no texts or the section is empty."""
    return "\n".join(paragraphs(dossier.report.text("other"))) if dossier.report.has_texts else ""


def _says_nothing(text: str) -> bool:
    """Whether a text says 无 and no more."""
    bare = re.sub(r"[\s。.，,；;、：:]", "", text)
    return bare in NOTHING or bool(_NOTHING_ELSE.fullmatch(bare))


def _count(dossier: Dossier, cell: str) -> int | None:
    """A cell that holds a whole number, or None."""
    value = dossier.report.figures.get(cell)
    return value if isinstance(value, int) else None


def _unpaid(dossier: Dossier) -> int:
    """The requests that ended because a fee was not paid."""
    return max(_count(dossier, UNPAID) or 0, 0)


def _figures(
    dossier: Dossier, told: Statement
) -> tuple[int | None, Decimal | None, Decimal | None]:
    """Notices, sum due and sum paid: as the text has them, else as the interview has them."""
    asked = dossier.fees or (None, None, None)
    due, paid = (None if n is None else Decimal(n) for n in asked[1:])
    if told.told:
        return told.notices, told.due, told.paid
    return asked[0], due, paid


def _faults(
    notices: int | None,
    due: Decimal | None,
    paid: Decimal | None,
    unpaid: int,
    paid_cases: int | None,
) -> Iterator[str]:
    """What does not fit among the three figures and the requests left unpaid."""
    if due is not None and paid is not None and paid > due:
        yield "overpaid"
    if notices == 0 and (due or paid):
        yield "no_notices"
    if notices and due == 0:
        yield "no_sum"
    if notices is not None and notices < unpaid:
        yield "unpaid"
    elif notices and paid_cases is not None and notices < paid_cases:
        yield "few_notices"


def _differing(dossier: Dossier, told: Statement) -> Iterator[tuple[str, int, int]]:
    """Figures that the text and the interview give differently."""
    said = (told.notices, told.due, told.paid)
    for name, here, asked in zip(
        ("notices", "due", "paid"), said, dossier.fees or (), strict=False
    ):
        if here is not None and asked is not None and here != asked:
            yield name, int(here), asked
    if told.denied and not told.is_positive and dossier.fees and dossier.fees[2]:
        yield "denied", 0, dossier.fees[2]


def _unequal(listing: Listing) -> Iterator[tuple[str, Decimal, Decimal]]:
    """The unit, the total stated and the sum listed, where these differ and should not.

    Behind 其中 a few examples may stand: there the sum is too small only where it comes near, or
    where the other unit's sum is complete.
    """
    sides = {unit: _side(listing, unit) for unit in ("件", "元")}
    known = {unit: side for unit, side in sides.items() if side}
    complete = any(stated == listed for stated, listed in known.values())
    for unit, (stated, listed) in known.items():
        near = listing.whole or complete or listed * 3 >= stated * 2
        if listed > stated or (listed < stated and near):
            yield unit, stated, listed


def _side(listing: Listing, unit: str) -> tuple[Decimal, Decimal] | None:
    """The total stated and the sum listed in one unit, or None where not every part has it."""

    def amount(part: Sum) -> Decimal | None:
        if unit == "元":
            return part.yuan
        return None if part.cases is None else Decimal(part.cases)

    stated = amount(listing.total)
    listed = [amount(part) for part in listing.parts]
    if stated is None or None in listed:
        return None
    return stated, sum((n for n in listed if n is not None), Decimal(0))


def _spaced(words: str) -> str:
    """A pattern for words with white space and full-width digits allowed between."""
    wide = {str(n): f"[{n}{chr(0xFF10 + n)}]" for n in range(10)}
    return r"\s*".join(wide.get(c, "[.．]" if c == "." else "[,，]" if c == "," else re.escape(c))
                       for c in words)  # fmt: skip


def _plain(number: Decimal | None) -> str:
    """An amount as it is written, without trailing zeros."""
    if number is None:
        return ""
    return format(number.normalize(), "f") if number else "0"


CHECKS = ()
