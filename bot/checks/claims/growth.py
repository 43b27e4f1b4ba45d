"""Growth against last year and the difference of two percentages, as the texts print them.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.checks.claims.clauses import PERCENT, Number, Sentence, excerpt, noun_before, words_of
from bot.checks.claims.nouns import Meaning, meaning
from bot.checks.claims.scope import last_topic
from bot.checks.claims.sums import Sum
from bot.checks.texts import HAN

_GROWTH = re.compile(
    r"(?P<up>增长|增加|上升|提高|提升|增幅|上涨|多)|(?P<down>下降|减少|降低|下滑|降幅|回落|少)"
)
AGAINST_LAST = re.compile(r"同比|[较比与](?:20\d\d年|去年|上年|上一年|前一年)|上年同期|去年同期")
_VOLUME = re.compile(r"申请(?:总?量|数量?|件数?|总数)?$|申请(?:总?量|数量?|件数?|总数)")
_OTHER_YEAR = re.compile(r"(?:上年|去年|20\d\d年)[^，]{0,10}$")
_LONG_WORDS = re.compile(rf"[{HAN}]{{9,}}")


@dataclass(frozen=True, slots=True)
class Growth:
    """同比增长 x%: what grew, as sums of both years; `now` and `then` as the text prints them."""

    printed: Number
    sign: int
    meant: tuple[Sum, ...]
    now: int | None
    then: int | None
    words: str
    shown: str


@dataclass(frozen=True, slots=True)
class Step:
    """One percentage against another: from `then` to `now` by `printed`."""

    printed: Number
    now: Decimal
    then: Decimal
    words: str
    shown: str


def growth_of(
    sentence: Sentence, at: int, gap: str, year: int, home: str, topic: str
) -> Iterator[Growth]:
    """同比增长 x% of the requests counted just before."""
    number = sentence.numbers[at]
    way = _last(_GROWTH, gap)
    counts = [(n, k) for k, n in enumerate(sentence.numbers[:at]) if n.counts and not n.vague]
    if way is None or not counts or number.start - counts[-1][0].end > 40:
        return
    shown, sign = excerpt(sentence, number), 1 if way["up"] else -1
    now, place = counts[-1]
    words = words_of(sentence, place, number.end)
    if len(counts) > 1 and is_earlier(sentence, now, year):
        then, (now, place) = now, counts[-2]
        if counted(sentence, place, year, home or topic):
            yield Growth(number, sign, (), int(now.value), int(then.value), words, shown)
        return
    meant = counted(sentence, place, year, home or topic)
    named = _VOLUME.search(gap) or not _LONG_WORDS.search(AGAINST_LAST.split(gap)[0])
    if meant and named:
        yield Growth(number, sign, meant.sums, int(now.value), None, words, shown)


def is_earlier(sentence: Sentence, number: Number, year: int) -> bool:
    """Whether a count is given as that of another year."""
    then = _OTHER_YEAR.search(sentence.words[: number.start][-16:])
    return bool(then and str(year) not in then.group())


def counted(sentence: Sentence, at: int, year: int, topic: str) -> Meaning | None:
    """What a count before a growth stands for; None where it is not requests."""
    noun = noun_before(sentence, at)
    number = sentence.numbers[at]
    after = re.split("[，；。]", sentence.words[number.end : number.end + 24])[0]
    meant = meaning(noun, year, number.unit) or meaning(after, year, number.unit)
    topic = last_topic(sentence.words[: number.start][-400:] + after, topic)
    return meant if meant and topic == "request" and meant.rule != "TXT-CASE" else None


def step_of(sentence: Sentence, at: int) -> Step | None:
    """59.6%，较上年的57.6%上升3.5%: the difference of two percentages."""
    numbers = sentence.numbers
    if at < 2 or any(n.unit != PERCENT for n in numbers[at - 2 : at]):
        return None
    now, then, by = numbers[at - 2 : at + 1]
    between = sentence.words[now.end : then.start]
    way = sentence.words[then.end : by.start]
    if len(between) > 24 or len(way) > 16 or not re.search("[较比由从]", between):
        return None
    if not _GROWTH.search(way) or re.search("[占其]|公开", between + way):
        return None
    words = sentence.words[max(0, now.start - 8) : by.end]
    return Step(by, now.value, then.value, words, excerpt(sentence, by))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(text))), None)
