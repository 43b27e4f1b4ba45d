"""Units whose texts are the same, sentence by sentence, with figures and names left aside.

Pure. Two thousand reports of sixty sentences are compared through an index of sentences, not pair
by pair.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.checks.prose.copied import masked_sentences
from bot.checks.prose.repeated import LEAST
from bot.checks.texts import HAN, dense
from bot.form import Form
from bot.office.standing import Unit
from bot.record import report_texts
from bot.report import Report

_EXEMPT = frozenset({"preamble", "other", "signoff"})  # as for NAR-SIM: the same for everybody
_NAME = "〇"
_NAMES = re.compile(f"{_NAME}+")
_PLACE = re.compile(
    rf"((?:(?![局委厅部办])[{HAN}]){{2,6}}?)(自治[区州县]|(?<!城)乡|省|市|县|区|旗|州|盟|镇|街道)"
)
_BODY = "单位|机关|部门|街道|[局委办厅院镇乡县区市州旗]"
_OURSELVES = re.compile(f"(?:我们?|本|全)(?:{_BODY})")


@dataclass(frozen=True, slots=True)
class Bound:
    """From when on two texts are twins; shares are between 0 and 1."""

    share: float = 0.60
    """More of a unit's sentences than this stand with one other unit."""
    fewest: int = 5
    """Fewer sentences in common may be chance."""
    common: int = 10
    """A sentence that more units than this, and more than `common_share`, have is a set phrase."""
    common_share: float = 0.20


BOUND = Bound()


@dataclass(frozen=True, slots=True)
class Text:
    """One unit's sentences: as they are compared -> the item they stand in and as they stand."""

    unit: Unit
    sentences: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Twin:
    """A unit with others that have its sentences, the closest first.

    `sentences` are those that the closest has, item and words, in the order of the report; `of`
    is how many were compared.
    """

    unit: Unit
    others: tuple[Unit, ...]
    sentences: tuple[tuple[str, str], ...]
    of: int


def find_twins(told: Sequence[Text], bound: Bound) -> Iterator[Twin]:
    """The units that share more than `bound` with a single other, one twin for each of them.

    What more than ten units and a fifth of them say alike came from a model that all were sent,
    or is how everybody puts it: it tells nothing about who copied from whom and is left out on
    both sides of the share, so that it neither makes twins nor hides them. Up to ten alike is what
    copying from one another looks like in a small district, up to a fifth in a large one.
    """
    holders = _index(told)
    common = max(bound.common, bound.common_share * len(told))
    for at, text in enumerate(told):
        own = [bare for bare in text.sentences if len(holders[bare]) <= common]
        shared = [holders[bare] for bare in own if len(holders[bare]) > 1]
        if len(shared) < bound.fewest or len(shared) <= bound.share * len(own):
            continue  # most units end here: their sentences are nobody else's
        counts = Counter(chain.from_iterable(shared))
        near = sorted(
            (-count, other)
            for other, count in counts.items()
            if count >= bound.fewest
            and count > bound.share * len(own)
            and other != at
            and not _is_office_of(text.unit, told[other].unit)
        )
        if near:
            others = [told[other] for _, other in near]
            same = (text.sentences[bare] for bare in own if bare in others[0].sentences)
            yield Twin(text.unit, tuple(o.unit for o in others), tuple(same), len(own))


def telling_sentences(
    unit: Unit, report: Report, form: Form, proposed: Iterable[str] = ()
) -> dict[str, tuple[str, str]]:
    """The sentences of a report that are worth comparing with other units'.

    Figures and the unit's own names are masked; section six, preface, signature and statutory
    phrases are left out, as are what is short without its names and the sentences of `proposed`.
    """
    names = own_names(unit, report)
    ours = {_without(names, masked) for text in proposed for masked, _ in masked_sentences(text)}
    found: dict[str, tuple[str, str]] = {}
    for item, text in report_texts(report, form).items():
        for masked, sentence in () if item in _EXEMPT else masked_sentences(text):
            bare = _without(names, masked)
            if len(bare) >= LEAST and bare not in ours:
                found.setdefault(bare, (item, sentence.strip()))
    return found


def own_names(unit: Unit, report: Report) -> tuple[str, ...]:
    """How a unit is called and the places in its name, the longest first.

    青石县水务局: 青石县水务局, 县水务局, 青石县, 水务局, 青石.
    """
    full = {dense(name) for name in (unit.name, unit.short, report.agency)}
    names = set(full)
    for name in full:
        places = list(_PLACE.finditer(name))
        for place in places:
            names |= {place.group(), place.group(1)}
        if places:
            body = name[places[-1].end() :]
            names |= {place.group(2) + body for place in places[-1:] if body} | {body}
    known = (name for name in names if len(name) > 1 and name not in ("人民政府", "办事处"))
    return tuple(sorted(known, key=lambda name: (-len(name), name)))


def _index(told: Sequence[Text]) -> Mapping[str, list[int]]:
    """The units that have a sentence, by the sentence."""
    holders: dict[str, list[int]] = {}
    for at, text in enumerate(told):
        for bare in text.sentences:
            holders.setdefault(bare, []).append(at)
    return holders


def _without(names: Sequence[str], sentence: str) -> str:
    """A sentence with the unit's names and 我局, 本镇, 全区 as one mark."""
    for name in names:
        sentence = sentence.replace(name, _NAME)
    return _NAMES.sub(_NAME, _OURSELVES.sub(_NAME, sentence))


def _is_office_of(one: Unit, other: Unit) -> bool:
    """Whether one is the government and the other its own office: they write one text."""
    return (one.own and one.parent == other.id) or (other.own and other.parent == one.id)
