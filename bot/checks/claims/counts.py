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
from bot.checks.claims.nouns import ODD_ENDING, REQUEST, Meaning, meaning
from bot.checks.claims.scope import Place, is_bound, is_whole_at_end, last_topic, places
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
    topic, whole = home, True
    for turn, sentence in enumerate(read(text)):
        if sentence.opens or not is_bound(sentence):
            whole, topic = True, home or ("" if sentence.opens else topic)
        if sentence.numbers and (topic or _SPEAKS.search(sentence.words)):
            informed = bool(home or _INFORMATION.search(sentence.words))
            here = list(places(sentence, agency, year, topic, whole=whole))
            for number, place in zip(sentence.numbers, here, strict=True):
                yield from _claim(sentence, number, place, year, turn, informed)
            for at, aside in sentence.asides:
                yield from _claims_aside(aside, here[at] if at >= 0 else None, year, agency, turn)
        whole = is_whole_at_end(sentence, agency, whole=whole)
        topic = last_topic(sentence.words[-160:], topic)


def _claims_aside(
    aside: Sentence, head: Place | None, year: int, agency: str, turn: int
) -> Iterator[Claim]:
    """The claims in brackets: what the number before them is made of."""
    if head is None or head.year != 0:
        return
    for number, place in zip(
        aside.numbers, places(aside, agency, year, head.topic, whole=head.whole), strict=True
    ):
        for claim in _claim(aside, number, place, year, turn, head.topic == "case"):
            if claim.meaning.rule not in _HEADS or "新" in claim.words:
                yield claim


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
    first number is asked about.
    """
    report = dossier.report
    if not report.has_texts:
        return
    for key, text in texts(dossier):
        found = claims_of(text, key, report.year, report.agency.strip())
        wrong = [claim for claim in found if not _holds(claim, dossier, found)]
        asked: set[int] = set()
        for claim in wrong:
            beside = [one for one in found if one.turn == claim.turn and one.value]
            astray = len(beside) > 2 and all(one in wrong for one in beside)
            if not (astray and claim.turn in asked):
                asked.add(claim.turn)
                yield _finding(key, claim, dossier)


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


def _finding(key: str, claim: Claim, dossier: Dossier) -> Finding:
    """What to say about a wrong claim: both sides, all that would do, and what it may be."""
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
