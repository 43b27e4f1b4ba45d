"""Sentences and the numbers in them, ready to be read as claims.

Pure. What only looks like a number is blotted out first: dates, names of documents, articles,
ranges, ordinals. White space does not count, and full-width signs are as half-width ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from bot.answers import read_chinese

MOST_NUMBERS = 120
"""A sentence with more numbers is a table pasted into a text: the rest of it is not read."""
COUNTED = frozenset({"件", "份", "条", "宗", "起", "例", "件次", "条次"})
PERCENT = "%"
POINTS = "百分点"
PART_OF_YEAR = "◐"
"""Stands for a month, a quarter or half a year in `Sentence.words`."""

_SIGNS = {ord("　"): " ", ord("％"): "%", ord(","): "，", ord(":"): "：", ord(";"): "；"}
_SIGNS |= {ord("("): "（", ord(")"): "）", ord("．"): ".", ord("［"): "[", ord("］"): "]"}
_SIGNS |= {ord("０") + n: str(n) for n in range(10)}
_GROUPED = re.compile(
    r"(?<![\d.])[0-9]{1,3}(?:,[0-9]{3})+(?=[件份条宗起例])|[０-９]{1,3}(?:，[０-９]{3})+(?=[件份条宗起例])"
)
_FULL_YEAR = re.compile(
    r"(?:(20\d\d)年度?)?1月1日起?(?:至|到|[-—–~－]{1,2})(?:20\d\d年)?12月(?:31日|底|末)?(?:期间|止)?"
    r"|截[至止到]{1,2}(20\d\d)年(?:12月(?:31日|底|末)?|底|末)"
)
_BLOTS = (
    ("《", re.compile(r"《[^《》]{0,120}》"), "《》"),
    ("〔[【", re.compile(r"[〔\[【][^〔〕\[\]【】]{0,12}[〕\]】](?:第?\d{1,5}号)?"), ""),
    (
        "第",
        re.compile(
            r"第[\d〇一二三四五六七八九十百千]{1,6}(?![\d〇一二三四五六七八九十百千]|个?季度)(?=.)"
        ),
        "第",
    ),
    ("-—–~－至到", re.compile(r"(?<=[\d.])[-—–~－至到](?=\d)"), "～"),
    ("20", re.compile(r"20\d\d年(?=[（(]?(?:度)?[)）]?(?:年报|年度报告|预算|决算|要点))"), ""),
    (
        "月半季",
        re.compile(
            r"\d{1,2}月(?:\d{1,2}日|份|底|末|初)?|[上下]半年|第?(?:[一二三四前]|(?<!\d)[1-4])个?季度"
        ),
        PART_OF_YEAR,
    ),
    ("1", re.compile(r"12345|12348|12315"), ""),
)
"""What is blotted out, each with the characters of which one must stand there."""
_HIDES = re.compile(r"[\d《〔\[【第半季]")
_MAY_COUNT = re.compile(r"[\d件份宗起例条]")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_BRACKETS = re.compile(r"（([^（）]*)）")
_NUMBER = re.compile(
    r"(?P<about>约|近|超过?|逾|不足|达到?|至少|最多|大概)?"
    r"(?:(?<![\d.A-Za-z/～])(?P<digits>\d{1,12})(?P<fraction>\.\d{1,6})?(?P<scale>[万亿千百])?"
    r"|(?<![第每逐某任同另统唯单专进零〇一二两三四五六七八九十百千万])"
    r"(?P<spoken>[零〇一二两三四五六七八九十百千万]{1,12})(?=[余多]?(?:件|份|宗|起|例|条)))"
    r"(?P<more>[余多])?"
    r"(?P<unit>个?百分点|%|万?元|人次|件次|条次|件|份|条|宗|起|例|项|个|次|篇|场|期|人|名|户|家|种|类|页|分"
    r"|年|日|天|小时|号|位|部|册|块|张|倍|版)?"
    r"(?P<after>以上|左右|上下|以内|以下)?"
)
_BESIDE = re.compile(r"[、和及][^，；。]{0,16}")
_MOST_BESIDE = 24
_VAGUE = frozenset({"约", "近", "超", "超过", "逾", "不足", "至少", "最多", "大概"})
_NO_COUNTS = frozenset({"年", "日", "天", "小时", "号", "版"})
_ONE = Decimal(1)
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it stands in `Sentence.words[start:end]`.

    `step` is the worth of its last printed digit; `vague` numbers (约, 余) claim no exact value.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    step: Decimal
    vague: bool

    @property
    def counts(self) -> bool:
        """Whether it counts cases or pieces, as a figure of table three or four does."""
        return self.unit in COUNTED


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or what stands in brackets within one.

    `shown` is the text as written, `words` the same without white space, blots and brackets.
    `asides` are the brackets with the index of the number they follow (-1: none). `opens` is true
    for the first sentence of a paragraph.
    """

    shown: str
    words: str
    numbers: tuple[Number, ...]
    asides: tuple[tuple[int, Sentence], ...] = ()
    opens: bool = False


@lru_cache(maxsize=256)
def read(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text."""
    return tuple(
        _read_sentence(found.group(), opens=n == 0)
        for paragraph in text.splitlines()
        for n, found in enumerate(_SENTENCE.finditer(paragraph))
    )


def excerpt(sentence: Sentence, number: Number) -> str:
    """The part of a sentence between semicolons that holds the number, as it was written."""
    parts = [part for part in re.split(r"(?<=[；;])", sentence.shown) if part.strip()]
    before = sentence.words.count("；", 0, number.start)
    if len(parts) != sentence.words.rstrip("；").count("；") + 1 or before >= len(parts):
        return sentence.shown.strip()
    return parts[before].strip()


def words_of(sentence: Sentence, at: int, end: int) -> str:
    """The words of a claim, from the noun of a number on."""
    start = sentence.numbers[at].start - min(len(noun_before(sentence, at)), 16)
    return sentence.words[start:end]


def noun_before(sentence: Sentence, at: int) -> str:
    """The words before a number, back to the mark or number before."""
    numbers = sentence.numbers
    start = numbers[at - 1].end if at else 0
    gap = sentence.words[max(start, numbers[at].start - 40) : numbers[at].start]
    return re.sub("^(?:其中|、)+", "", re.split(r"[，；：。]", gap)[-1])


def noun_around(sentence: Sentence, at: int) -> str:
    """The words before a number, or where there are none those behind it."""
    behind = sentence.words[sentence.numbers[at].end : sentence.numbers[at + 1].start]
    return noun_before(sentence, at) or re.split("[，；。占]", behind)[0]


def side_by_side(sentence: Sentence, at: int) -> tuple[int, ...]:
    """A count, and its sums with those listed before it: 复议21宗、诉讼10宗，占4.6%."""
    numbers = sentence.numbers
    sums = [int(numbers[at].value)]
    for here, before in zip(numbers[at:0:-1], numbers[at - 1 :: -1] if at else (), strict=False):
        gap = sentence.words[before.end : here.start]
        if not (before.counts and _BESIDE.fullmatch(gap)) or before.vague or before.value % 1:
            break
        sums.append(sums[-1] + int(before.value))
    return tuple(sums[:_MOST_BESIDE])


def _read_sentence(shown: str, *, opens: bool) -> Sentence:
    """A sentence with its numbers and its brackets."""
    dense = "".join(shown.split())
    plain = dense.translate(_SIGNS)
    if plain != dense:
        ungrouped = _GROUPED.sub(lambda found: re.sub("[,，]", "", found.group()), dense)
        plain = ungrouped.translate(_SIGNS)
    words = _blot(plain)
    outside, kept, at, length = [], [], 0, 0
    for found in islice(_BRACKETS.finditer(words), MOST_NUMBERS):
        outside.append(words[at : found.start()])
        length += found.start() - at
        kept.append((length, found[1]))
        at = found.end()
    plain = "".join([*outside, words[at:]])
    numbers = tuple(_numbers(plain))
    asides, index = [], 0
    for place, inner in kept:
        while index < len(numbers) and numbers[index].end <= place:
            index += 1
        near = index and place - numbers[index - 1].end <= 12
        if near or "件" in inner:
            part = Sentence(shown, inner, tuple(_numbers(inner)))
            asides.append((index - 1 if near else -1, part))
    return Sentence(shown, plain, numbers, tuple(asides), opens)


def _blot(words: str) -> str:
    """The words without what is no claim: titles of documents, dates, ordinals, ranges."""
    if not _HIDES.search(words):
        return words
    if "月1日" in words or "截" in words:
        words = _FULL_YEAR.sub(
            lambda found: f"{found[1] or found[2]}年" if found.lastindex else "", words
        )
    for marks, pattern, instead in _BLOTS:
        if any(mark in words for mark in marks):
            words = pattern.sub(instead, words)
    return words


def _numbers(words: str) -> list[Number]:
    """The numbers in order; years, ranges and numerals that are none are left out."""
    if not _MAY_COUNT.search(words):
        return []
    found = (_number(match, words) for match in _NUMBER.finditer(words))
    return list(islice((number for number in found if number), MOST_NUMBERS))


def _number(match: re.Match[str], words: str) -> Number | None:
    """One number, or None where it is a year, part of a range or of a name."""
    unit = match["unit"] or ""
    if unit in _NO_COUNTS or words[match.end() : match.end() + 1] == "～":
        return None
    start = match.end("about") if match["about"] else match.start()
    vague = bool(match["more"] or match["after"]) or match["about"] in _VAGUE
    if match["spoken"]:
        read_as = read_chinese(match["spoken"])
        if read_as is None or not read_as[1] or words[match.end() : match.end() + 1] == "件":
            return None
        return Number(Decimal(read_as[0]), unit, start, match.end(), _ONE, vague)
    unit = POINTS if unit.endswith(POINTS) else unit
    if not match["scale"] and not match["fraction"]:
        return Number(Decimal(match["digits"]), unit, start, match.end(), _ONE, vague)
    scale = _SCALES.get(match["scale"] or "", 1)
    fraction = match["fraction"] or ""
    value = Decimal(match["digits"] + fraction) * scale
    step = Decimal(scale).scaleb(-max(0, len(fraction) - 1))
    return Number(value, unit, start, match.end(), step, vague)
