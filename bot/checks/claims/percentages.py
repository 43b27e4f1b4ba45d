"""Shares and growth printed in the texts, computed again: TXT-PCT, TXT-PP.

Pure. A percentage is judged only where its part and its base are known from the words or from the
tables. Where any base gives the printed value it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.checks.claims.clauses import (
    PERCENT,
    POINTS,
    Number,
    Sentence,
    excerpt,
    noun_around,
    read,
    side_by_side,
    words_of,
)
from bot.checks.claims.growth import AGAINST_LAST, Growth, Step, growth_of, step_of
from bot.checks.claims.nouns import meaning
from bot.checks.claims.scope import places, year_of
from bot.checks.claims.sums import Sum, received
from bot.checks.finding import Dossier, Finding
from bot.checks.texts import texts
from bot.form import Severity

_SHARE = re.compile(r"占(?!用|地|有率|线)|所占|比[重例]为")
_RATE = re.compile(
    r"率|满意|完成|进度|覆盖|达标|得分|投诉|热线|浏览|访问|点击|发布|网站|微信|信息量"
)
_OF_ALL = re.compile(
    r"占(?:全部|全年|年度|本年度?|全市|全县|全区|政府信息公开|信息公开|依申请公开|收到|受理|办理|答复|办结|处理|已|申请|总|件"
    r"|数|量|的|比|例|重|率|为|约|达|了|共|到){0,12}$"
)
"""What stands between 占 and a percentage where the base is all of what was counted."""
_MOST_BASES = 24


@dataclass(frozen=True, slots=True)
class Share:
    """占 x%: the part printed (or the sums that it stands for), and the bases in the sentences.

    `parts` are what may be the part: the count before, or together with those listed beside it.
    """

    printed: Number
    parts: tuple[int, ...]
    meant: tuple[Sum, ...]
    bases: tuple[int, ...]
    words: str
    shown: str
    table: bool


Change = Share | Growth | Step


@lru_cache(maxsize=256)
def changes_of(text: str, item: str, year: int, agency: str) -> tuple[Change, ...]:
    """All percentages of a text that can be computed again."""
    found: list[Change] = []
    before: Sentence | None = None
    home = "request" if item == "overview.requests" else ""
    for sentence in read(text):
        before = None if sentence.opens else before
        if any(n.unit in (PERCENT, POINTS) for n in sentence.numbers):
            found += _changes(sentence, before, home, year, agency)
        for at, aside in sentence.asides:
            found += _aside_share(sentence, at, aside, before)
        before = sentence
    return tuple(found)


def _changes(
    sentence: Sentence, before: Sentence | None, topic: str, year: int, agency: str
) -> Iterator[Change]:
    """The percentages of one sentence."""
    numbers = sentence.numbers
    here = list(places(sentence, agency, year, topic, whole=True))
    for at, (number, place) in enumerate(zip(numbers, here, strict=True)):
        if number.unit not in (PERCENT, POINTS) or number.vague:
            continue
        if _RATE.search(place.label):
            continue
        step = step_of(sentence, at)
        if step:
            yield step
        elif number.unit == PERCENT and _SHARE.search(place.label):
            yield from _share(sentence, before, at, place.label, year, whole=place.whole)
        elif number.unit == PERCENT and AGAINST_LAST.search(place.gap) and place.whole:
            yield from growth_of(sentence, at, place.gap, year, topic, place.topic)


def _share(
    sentence: Sentence, before: Sentence | None, at: int, label: str, year: int, *, whole: bool
) -> Iterator[Share]:
    """占 x% behind its part (12件，占5%), or behind the name of an outcome (部分公开占5%)."""
    numbers = sentence.numbers
    number = numbers[at]
    lead = _SHARE.search(label)
    if lead is None or not _OF_ALL.search(
        label[lead.start() :].replace("所占", "占").replace("比重", "占")
    ):
        return
    named = label[: lead.start()]
    near = numbers[at - 1] if at and number.start - numbers[at - 1].end <= 20 else None
    shown = excerpt(sentence, number)
    if near and near.counts and not near.vague and len(named) <= 2 and not near.value % 1:
        bases = _bases(sentence, before, near.start)
        about = _is_row(noun_around(sentence, at - 1), year) and whole
        words = words_of(sentence, at - 1, number.end)
        yield Share(number, side_by_side(sentence, at - 1), (), bases, words, shown, about)
    elif named and whole:
        noun = re.sub("^.*?其中", "", named)
        meant = meaning(noun, year)
        if meant and _is_row(noun, year):
            words = words_of(sentence, at, number.end)
            yield Share(number, (), meant.sums, (), words, shown, True)


def _is_row(noun: str, year: int) -> bool:
    """Whether words name an outcome or a kind of applicant."""
    meant = meaning(noun, year)
    return bool(meant and meant.rule in ("TXT-RESULT", "TXT-PERSON"))


def _aside_share(
    sentence: Sentence, at: int, aside: Sentence, before: Sentence | None
) -> Iterator[Share]:
    """12件（5%）, 12件（占5%）."""
    if at < 0 or len(aside.numbers) != 1 or aside.numbers[0].unit != PERCENT:
        return
    number, part = aside.numbers[0], sentence.numbers[at]
    lead = aside.words[: number.start]
    if (lead and not _SHARE.search(lead)) or number.vague or not part.counts or part.vague:
        return
    words = f"{words_of(sentence, at, part.end)}（{aside.words}）"
    bases = _bases(sentence, before, part.start)
    yield Share(number, (int(part.value),), (), bases, words, excerpt(sentence, part), False)


def _bases(sentence: Sentence, before: Sentence | None, end: int) -> tuple[int, ...]:
    """Counts printed before a part, in its sentence and the one before, nearest first.

    A count that is itself given as a share is a sister of the part and no base.
    """
    counts = []
    for one in (before, sentence):
        bracketed = {at for at, aside in one.asides if "%" in aside.words} if one else set()
        for at, number in enumerate(one.numbers if one else ()):
            follows = one.words[number.end : number.end + 14] if one else ""
            sister = at in bracketed or re.match("[^，；。]{0,8}，?(?:约|所)?占", follows)
            if (
                number.counts
                and not sister
                and not number.vague
                and (one is before or number.end <= end)
            ):
                counts.append(int(number.value))
    return tuple(reversed(counts[-_MOST_BASES:]))


def check_percentages(dossier: Dossier) -> Iterator[Finding]:
    """TXT-PCT and TXT-PP: shares, growth and differences of percentages.

    A last digit off by one (cut off, or fitted to make 100) is a note, once for each text.
    """
    report = dossier.report
    if not report.has_texts:
        return
    for key, text in texts(dossier):
        cut = False
        for change in changes_of(text, key, year_of(report), report.agency.strip()):
            if isinstance(change, Step):
                yield from _judge_step(key, change)
                continue
            rates = _rates(change, dossier)
            if not rates or any(_rounds(rate, change.printed) for rate, _ in rates):
                continue
            short = next((one for one in rates if _is_cut(one[0], change.printed)), None)
            if not (short and cut):
                yield _off(key, change, short or _nearest(rates, change.printed), cut=bool(short))
            cut = cut or bool(short)


def _off(key: str, change: Share | Growth, true: tuple[Decimal, str], *, cut: bool) -> Finding:
    """The finding of a percentage that does not fit."""
    growth = isinstance(change, Growth)
    rate = _as_printed(true[0], change.printed)
    facts: dict[str, object] = {
        "claim": change.words,
        "kind": "growth" if growth else "share",
        "ratio": true[1],
        "cut": cut,
        "printed": _show(change.printed.value),
        "true": _show(rate),
        "turned": growth and true[0] < 0,
    }
    severity: Severity = "note" if cut else "explain"
    return Finding(
        "TXT-PCT", severity, (key,), change.printed.value, rate, change.shown, facts=facts
    )  # fmt: skip


def _judge_step(key: str, step: Step) -> Iterator[Finding]:
    """TXT-PP: the difference of two percentages is in 百分点."""
    points = abs(step.now - step.then)
    relative = points / step.then * 100 if step.then else None
    right = _rounds(points, step.printed)
    if right and step.printed.unit == POINTS:
        return
    alike = (
        relative is not None and step.printed.unit == PERCENT and _rounds(relative, step.printed)
    )
    facts: dict[str, object] = {
        "claim": step.words,
        "fault": "unit" if right else "relative" if alike else "value",
        "printed": _show(step.printed.value),
        "points": _show(points),
        "way": "上升" if step.now >= step.then else "下降",
    }
    severity: Severity = "note" if right or alike else "explain"
    yield Finding(
        "TXT-PP", severity, (key,), step.printed.value, points, step.shown, facts=facts
    )  # fmt: skip


def _rates(change: Share | Growth, dossier: Dossier) -> list[tuple[Decimal, str]]:
    """All percentages that would be right, each with how it is computed; [] where unknown."""
    figures = dossier.report.figures
    if isinstance(change, Share):
        return list(_share_rates(change, figures))
    last = dossier.last.figures if dossier.last else {}
    if change.meant and change.now not in [one.value(figures) for one in change.meant]:
        return []  # the count itself is wrong, or about something else: that is said once
    pairs: list[tuple[int | None, int | None]] = [(change.now, change.then)]
    pairs += [(one.value(figures), one.value(last)) for one in change.meant]
    pairs += [(change.now, one.value(last)) for one in change.meant]
    return [
        (Decimal(100 * (now - then) * change.sign) / then, f"（{now}－{then}）÷{then}")
        for now, then in pairs
        if now is not None and then
    ]


def _share_rates(change: Share, figures: Mapping[str, object]) -> Iterator[tuple[Decimal, str]]:
    """The part over each base; table totals are bases where the part is one of its rows."""
    parts: Iterable[int | None] = change.parts or [one.value(figures) for one in change.meant]
    totals = [one.value(figures) for one in received()] if change.table else []
    bases = [base for base in (*change.bases, *totals) if base]
    for part in parts:
        for base in dict.fromkeys(bases):
            if part is not None and 0 <= part <= base:
                yield Decimal(100 * part) / base, f"{part}÷{base}"


def _rounds(rate: Decimal, printed: Number) -> bool:
    """Whether a rate is printed right, half of the last digit either way."""
    return abs(rate - printed.value) <= printed.step / 2 + Decimal("1e-9")


def _is_cut(rate: Decimal, printed: Number) -> bool:
    """Whether only the last printed digit is off by one, as where digits were dropped."""
    return abs(rate - printed.value) < printed.step


def _nearest(rates: list[tuple[Decimal, str]], printed: Number) -> tuple[Decimal, str]:
    return min(rates, key=lambda known: abs(known[0] - printed.value))


def _as_printed(rate: Decimal, printed: Number) -> Decimal:
    """A rate with as many decimals as the text has, at least one."""
    step = printed.step if printed.step < 1 else Decimal("0.1")
    return rate.quantize(step)


def _show(value: Decimal) -> str:
    """A percentage without trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


__all__ = ["changes_of", "check_percentages"]
