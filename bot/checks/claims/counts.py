"""What the texts claim about the figures, held against the tables: TXT-*.

Pure. A number is a claim only where its words say for certain what it counts and that it counts
all of it; then it is right when it equals any value that a careful reader would admit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.checks.claims.clauses import Number, Sentence, excerpt, read
from bot.checks.claims.nouns import ODD_ENDING, REQUEST, Meaning, by_applicant, meaning
from bot.checks.claims.scope import (
    Place,
    Scope,
    is_bound,
    last_topic,
    places,
    speaks_of_requests,
    year_of,
)
from bot.checks.claims.sums import Sum
from bot.checks.finding import Dossier, Finding
from bot.checks.texts import texts

OWN_TOPIC = "overview.requests"
_FILLER = re.compile(r"^(?:其中|[、和及除有共含计]|以及|包括|分别|已|均|另有?|还有|余下|其余)+")
_INFORMATION = re.compile(r"信息公开|政务公开|依申请")
_HEARING = re.compile("(?:审理|办理|受理|承办|代理)[^，]{0,6}(?:复议|诉讼)")
_BEHIND = re.compile(r"(?:申请)?(?:已|均|已经|按期|按时|依法|全部|予以)*(?:办结|答复|办理完毕)")
_SPEAKS = re.compile(
    "申请|复议|诉讼|应诉|答复|办[结理]|结转|受理|收到|新收|公开(?!信息|[内目栏平制指工情规标])|提供|处理|自然人|法人|企业"
    "|维持|纠正|审结|未结"
)
"""Without one of these words, and with nothing before that spoke of them, no number is a claim."""
_OURS = ("request", "case")
_HEADS = frozenset({"TXT-NEW", "TXT-HANDLED", "TXT-DONE"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of a text that stands for figures of the tables.

    `words` are the claim in short, `shown` its sentence, `turn` the number of that sentence.
    """

    meaning: Meaning
    value: int
    words: str
    shown: str
    turn: int
    year: int


@lru_cache(maxsize=256)
def claims_of(text: str, item: str, year: int, agency: str) -> tuple[Claim, ...]:
    """All claims of a text, in order."""
    return tuple(_claims(text, item, year, agency))


def _claims(text: str, item: str, year: int, agency: str) -> Iterator[Claim]:
    home = "request" if item == OWN_TOPIC else ""
    topic = home
    scope = Scope(agency)
    for turn, sentence in enumerate(read(text)):
        scope.enter(sentence)
        if not is_bound(sentence):
            topic = home or ("" if sentence.opens else topic)
        if topic not in _OURS and not speaks_of_requests(sentence.words) and not sentence.asides:
            continue
        if _may_claim(sentence) and (topic or _SPEAKS.search(sentence.words)):
            informed = bool(home or _INFORMATION.search(sentence.words))
            here = list(places(sentence, agency, year, topic, whole=scope.at_start))
            yield from _claims_in(sentence, here, year, turn, informed)
            for at, aside in sentence.asides:
                if at >= 0:
                    head = _meaning(here[at], sentence.numbers[at].unit, year)
                    yield from _claims_aside(aside, here[at], head, year, agency, turn)
        topic = last_topic(sentence.words[-160:], topic)


def _may_claim(sentence: Sentence) -> bool:
    """Whether a sentence has a number that may count cases: 3次 and 5% never do."""
    return bool(sentence.asides) or any(n.counts or not n.unit for n in sentence.numbers)


def _claims_in(
    sentence: Sentence, here: list[Place], year: int, turn: int, informed: bool
) -> Iterator[Claim]:
    """The claims of a sentence outside its brackets."""
    before: Meaning | None = None
    for number, place in zip(sentence.numbers, here, strict=True):
        for claim in _claim(sentence, number, place, year, turn, informed):
            yield _of_outcome(claim, before)
        before = _counted(number, place, year) or before


def _claims_aside(
    aside: Sentence, place: Place, head: Meaning | None, year: int, agency: str, turn: int
) -> Iterator[Claim]:
    """The claims in brackets: what the number before them is made of."""
    if place.year != 0:
        return
    inner = places(aside, agency, year, place.topic, whole=place.whole)
    for number, here in zip(aside.numbers, inner, strict=True):
        for claim in _claim(aside, number, here, year, turn, place.topic == "case"):
            if claim.meaning.rule == "TXT-PERSON":
                if head is None:
                    continue  # 网上申请8件（自然人5件）: the table does not count by channel
                claim = replace(claim, meaning=by_applicant(head, claim.meaning))
            if claim.meaning.rule not in _HEADS or "新" in claim.words:
                yield claim


def _counted(number: Number, place: Place, year: int) -> Meaning | None:
    """What a number counts, where it counts cases and is no part by applicants."""
    meant = _meaning(place, number.unit, year) if number.counts else None
    return meant if meant and meant.rule != "TXT-PERSON" else None


def _of_outcome(claim: Claim, before: Meaning | None) -> Claim:
    """An applicant's number behind an outcome (予以公开8件，自然人7件) may be a part of that."""
    if claim.meaning.rule != "TXT-PERSON" or before is None or before.rule in _HEADS:
        return claim
    parts = by_applicant(before, claim.meaning)
    return replace(claim, meaning=replace(claim.meaning, sums=claim.meaning.sums + parts.sums))


def _claim(
    sentence: Sentence, number: Number, place: Place, year: int, turn: int, informed: bool
) -> Iterator[Claim]:
    """The claim that a number makes, if it makes one."""
    if number.vague or place.year is None or not place.whole or number.value % 1:
        return
    if not number.counts and not (number.unit == "" and number.value < 10**6 and not place.after):
        return
    meant = _meaning(place, number.unit, year)
    if meant is None or (number.unit == "" and meant.rule != "TXT-RESULT"):
        return
    if meant.rule == "TXT-CASE" and _HEARING.search(sentence.words):
        informed = bool(_INFORMATION.search(sentence.words))
    if not _in_context(meant, place, informed):
        return
    figure = sentence.words[number.start : number.end]
    words = f"{_FILLER.sub('', place.label)[-18:]}{figure}{place.after[:12]}"
    shown = excerpt(sentence, number)
    yield Claim(meant, int(number.value), words, shown, turn, place.year)


def _meaning(place: Place, unit: str, year: int) -> Meaning | None:
    """What the words before the number say it counts, or where there are none those behind."""
    label = _FILLER.sub("", place.label)
    phrase = label or _FILLER.sub("", place.after)
    if not label and "复" in phrase + "结" and not _BEHIND.fullmatch(phrase):
        phrase = ""
    meant = meaning(phrase, year, unit, place.cases)
    if meant and label and REQUEST.search(place.after):
        return replace(meant, bold=True)
    return meant


def _in_context(meant: Meaning, place: Place, informed: bool) -> bool:
    """Whether the words around the number speak of requests, or of cases about them."""
    if meant.rule == "TXT-CASE":
        behind = last_topic(place.after, "case") == "case" and not ODD_ENDING.search(place.after)
        return informed and behind
    return (last_topic(place.after, "") or place.topic) == "request"


def check_counts(dossier: Dossier) -> Iterator[Finding]:
    """TXT-NEW, -HANDLED, -DONE, -CARRY, -RESULT, -PERSON, -CASE, -CASES-OWN: counts in the texts.

    Where a sentence fits the table nowhere it is likely about somebody else's requests: only its
    first number is asked about, and the others are named with it.
    """
    report = dossier.report
    if not report.has_texts:
        return
    for key, text in texts(dossier):
        found = claims_of(text, key, year_of(report), report.agency.strip())
        wrong = [claim for claim in found if not _holds(claim, dossier, found)]
        asked: set[int] = set()
        for claim in wrong:
            beside = [one for one in found if one.turn == claim.turn and one.value]
            astray = len(beside) > 2 and all(one in wrong for one in beside)
            if not (astray and claim.turn in asked):
                asked.add(claim.turn)
                others = [one.words for one in beside if one is not claim] if astray else []
                yield _finding(key, claim, dossier, tuple(dict.fromkeys(others)))


def _figures(claim: Claim, dossier: Dossier) -> Mapping[str, object]:
    """The figures of the year that a claim is about; none where they are not known."""
    if claim.year == 0:
        return dossier.report.figures
    return dossier.last.figures if dossier.last else {}


def _holds(claim: Claim, dossier: Dossier, beside: tuple[Claim, ...]) -> bool:
    """Whether a claim equals an admissible value, or cannot be judged."""
    figures = _figures(claim, dossier)
    for one in claim.meaning.sums:
        value = one.value(figures)
        if value is None or value == claim.value:
            return True
    if claim.meaning.rule == "TXT-CASE":
        return _counts_new_cases_only(claim, dossier)
    if claim.meaning.outcomes == ("予以公开",):
        both = claim.meaning.sums[0].value(figures) or 0, _partly(claim).value(figures) or 0
        alone = not any("部分公开" in one.meaning.outcomes for one in beside)
        return alone and sum(both) == claim.value
    return False


def _partly(claim: Claim) -> Sum:
    """部分公开 in the columns of a claim about 予以公开."""
    first = claim.meaning.sums[0]
    return Sum("部分公开", tuple(cell.replace("granted", "partly_granted") for cell in first.plus))


def _counts_new_cases_only(claim: Claim, dossier: Dossier) -> bool:
    """Whether the cases still open last year were left out of the count."""
    last = dossier.last.figures if dossier.last else {}
    first = claim.meaning.sums[0]
    open_then = Sum("", tuple(c.replace("_total", "_pending") for c in first.plus)).value(last)
    now = first.value(dossier.report.figures)
    return bool(open_then) and now is not None and claim.value == now - (open_then or 0)


def _finding(key: str, claim: Claim, dossier: Dossier, others: tuple[str, ...]) -> Finding:
    """What to say about a wrong claim: both sides, all that would do, and what it may be.

    `others` are the claims of its sentence that do not fit either and are not told apart.
    """
    figures = _figures(claim, dossier)
    values = [(_name(one, dossier), one.value(figures) or 0, one) for one in claim.meaning.sums]
    _, nearest, one = min(values[:3], key=lambda known: abs(known[1] - claim.value))
    hint, hint_name = _hint(claim, dossier)
    rule = claim.meaning.rule
    if rule == "TXT-CASE" and claim.value and _has_no_cases(dossier):
        rule = "TXT-CASES-OWN"
    facts: dict[str, object] = {
        "claim": claim.words,
        "admissible": tuple(dict.fromkeys((name, value) for name, value, _ in values)),
        "hint": hint,
        "hint_name": hint_name,
        "last": claim.year != 0,
        "others": others,
    }
    return Finding(
        rule, "explain", (key, *one.cells), claim.value, nearest, claim.shown, facts=facts
    )


def _name(one: Sum, dossier: Dossier) -> str:
    """A sum's name; a single row goes by its short name in the form."""
    table = dossier.form.tables["requests"]
    if any(line.key == one.name for line in table.rows):
        return dossier.form.short_row("requests", one.name)
    return one.name


def _has_no_cases(dossier: Dossier) -> bool:
    """Whether table four is known and all of it is 0."""
    figures = dossier.report.figures
    cells = [cell for cell in dossier.form.cells if cell.startswith("review_litigation.")]
    return all(figures.get(cell) == 0 for cell in cells)


def _hint(claim: Claim, dossier: Dossier) -> tuple[str, str]:
    """Which other figure the claimed number is: natural, item or last; and its name."""
    if not claim.value:
        return "", ""
    figures = _figures(claim, dossier)
    for one in claim.meaning.sums:
        natural = Sum("", *(_in_column(cells, "natural_person") for cells in (one.plus, one.minus)))
        if natural.cells != one.cells and natural.value(figures) == claim.value:
            return "natural", _name(one, dossier)
        for cell in one.plus if claim.meaning.rule == "TXT-RESULT" and len(one.plus) > 1 else ():
            if figures.get(cell) == claim.value:
                return "item", dossier.form.short_row("requests", cell.split(".")[1])
        if claim.year == 0 and dossier.last and one.value(dossier.last.figures) == claim.value:
            return "last", _name(one, dossier)
    return "", ""


def _in_column(cells: tuple[str, ...], column: str) -> tuple[str, ...]:
    """The same rows in another column of table three."""
    return tuple(
        f"{cell.rpartition('.')[0]}.{column}" if cell.endswith(".total") else cell for cell in cells
    )
