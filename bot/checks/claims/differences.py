"""比上年增加3件: a difference in requests against last year, computed again: TXT-DIFF.

Pure. Judged only where the requests are those received, and last year's report is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.checks.claims.clauses import PART_OF_YEAR, Sentence, excerpt, read, words_of
from bot.checks.claims.counts import OWN_TOPIC
from bot.checks.claims.growth import counted, is_earlier
from bot.checks.claims.nouns import Meaning, meaning
from bot.checks.claims.scope import Place, Scope, is_bound, last_topic, places, year_of
from bot.checks.claims.sums import Sum
from bot.checks.finding import Dossier, Finding
from bot.checks.texts import texts

_BY = re.compile(
    r"(?:同比|[较比与](?:(?P<year>20\d\d)年度?|去年|上年度?|上一年度?|前一年)(?:同期|全年)?(?:相比|比)?)"
    r"，?(?:共|总计|净)?(?:(?P<up>增长|增加|上升|增多|多|增)|(?P<down>下降|减少|降低|减|少))了?$"
)
_MAY_DIFFER = re.compile("同比|[较比与](?:20|去年|上|前)")
_BETWEEN = re.compile("(?:政府|政务|信息|公开|申请|的|，)*")
_ELSEWHEN = re.compile(f"(20\\d\\d)年|上年|去年|前年|以来|[近前][一-龥]年|{PART_OF_YEAR}")
_RECEIVED = ("TXT-NEW", "TXT-HANDLED")


@dataclass(frozen=True, slots=True)
class Difference:
    """So many more (or, below 0, fewer) than last year: the sums that it may be about.

    `now` is the count printed before it, None where there is none.
    """

    value: int
    meant: tuple[Sum, ...]
    now: int | None
    words: str
    shown: str


@lru_cache(maxsize=256)
def differences_of(text: str, item: str, year: int, agency: str) -> tuple[Difference, ...]:
    """All differences of requests received that a text prints."""
    if not _MAY_DIFFER.search(text):
        return ()
    found: list[Difference] = []
    scope = Scope(agency)
    home = topic = "request" if item == OWN_TOPIC else ""
    for sentence in read(text):
        scope.enter(sentence)
        topic = topic if is_bound(sentence) else home
        if _MAY_DIFFER.search(sentence.words) and "申请" in sentence.words:
            here = list(places(sentence, agency, year, topic, whole=scope.at_start))
            found += _differences(sentence, here, year, topic)
        topic = last_topic(sentence.words[-160:], topic)
    return tuple(found)


def _differences(
    sentence: Sentence, here: list[Place], year: int, topic: str
) -> Iterator[Difference]:
    """The differences of one sentence."""
    for at, number in enumerate(sentence.numbers):
        match = _BY.search(here[at].gap[-60:]) if number.counts and not number.vague else None
        if match is None or number.value % 1 or not here[at].whole:
            continue
        if match["year"] and int(match["year"]) != year - 1:
            continue
        lead = here[at].gap.removesuffix(match.group())
        if at and _BETWEEN.fullmatch(lead):
            now, meant = _count_before(sentence, here, at, year, topic)
        else:
            now, meant = None, None if at else _noun(lead, year, topic)
        if meant and meant.rule in _RECEIVED:
            value = int(number.value) * (1 if match["up"] else -1)
            words = words_of(sentence, at - 1 if at else 0, number.end)
            yield Difference(value, meant.sums, now, words, excerpt(sentence, number))


def _count_before(
    sentence: Sentence, here: list[Place], at: int, year: int, topic: str
) -> tuple[int | None, Meaning | None]:
    """The count just before, where it is of the whole year: 收到8件，比上年增加3件."""
    before, place = sentence.numbers[at - 1], here[at - 1]
    exact = before.counts and not before.vague and not before.value % 1
    if not exact or place.year != 0 or not place.whole or is_earlier(sentence, before, year):
        return None, None
    return int(before.value), counted(sentence, at - 1, year, topic)


def _noun(lead: str, year: int, topic: str) -> Meaning | None:
    """What the words before 比上年 count: 新收申请比上年增加3件."""
    if any(not found[1] or int(found[1]) != year for found in _ELSEWHEN.finditer(lead)):
        return None
    noun = lead.rpartition("，")[2]
    return meaning(noun, year) if noun and last_topic(lead, topic) == "request" else None


def check_differences(dossier: Dossier) -> Iterator[Finding]:
    """TXT-DIFF: more or fewer requests than last year, by a number."""
    report, last = dossier.report, dossier.last
    if last is None or not report.has_texts:
        return
    for key, text in texts(dossier):
        for one in differences_of(text, key, year_of(report), report.agency.strip()):
            true = _true(one, report.figures, last.figures)
            if true and one.value not in [now - then for now, then in true]:
                now, then = true[0]
                facts: dict[str, object] = {"claim": one.words, "now": now, "then": then}
                cells = (key, *one.meant[0].cells)
                yield Finding(
                    "TXT-DIFF", "explain", cells, one.value, now - then, one.shown, facts=facts
                )


def _true(
    one: Difference, figures: Mapping[str, object], last: Mapping[str, object]
) -> list[tuple[int, int]]:
    """Both years' values of all that may be meant, the one printed first; [] where unsure."""
    known = [(each.value(figures), each.value(last)) for each in one.meant]
    pairs = [(now, then) for now, then in known if now is not None and then is not None]
    if len(pairs) < len(known):
        return []
    if one.now is None:
        return pairs
    printed = [pair for pair in pairs if pair[0] == one.now]
    return printed and printed + [pair for pair in pairs if pair not in printed]


__all__ = ["check_differences", "differences_of"]
