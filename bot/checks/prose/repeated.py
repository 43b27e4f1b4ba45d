"""What stands twice: sentences, words, the opening of the overview, the report's own title.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import HAN, bare_sentence, dense, han, own_words, sentences, texts
from bot.report import paragraphs

LEAST = 12
"""Chinese characters of a sentence that is worth comparing with others."""

_NOTHING = re.compile(r"[未没无]|不(?:存在|涉及)")
_GUIDED = re.compile(r"以习近平[^，。；]{2,30}为(?:指导|指引|引领)")
_DOUBLED = re.compile(rf"([{HAN}]{{2}})\1")
_RIGHTLY_DOUBLED = re.compile(
    r"政府政府|工作工作(?:人员|机制|动态|专班)|信息信息(?:化|员|系统|技术|量)|服务服务[器员]"
    r"|中心中心组|社区社区|街道街道|公开公开[栏日]|一.一.|很多很多|许多许多|非常非常|.个.个|哈哈哈哈"
)


def check_repetition(dossier: Dossier) -> Iterator[Finding]:
    """NAR-DUPH: sentences, openings, words and signatures that stand twice."""
    told = tuple((key, text) for key, text in texts(dossier) if text)
    for cells, sentence, count in _repeated(told):
        yield _finding("sentence", cells, sentence, count)
    for key, text in told:
        for sentence, word in doubled_words(text):
            yield _finding("word", (key,), sentence, 1, word)
        if key != "signoff":
            lines = _signatures(text, dossier.report.title, dossier.report.text("signoff"))
            if lines:
                yield _finding("signoff", (key,), " ".join(lines), len(lines))
    lead = dossier.form.lead(dossier.form.topic_section) if dossier.form.topics else ""
    guided = _guided(dossier.report.text(lead))
    if len(guided) > 1:
        yield _finding("opening", (lead,), guided[1], len(guided))


@lru_cache(maxsize=64)
def _guided(intro: str) -> tuple[str, ...]:
    """The paragraphs that open with a guiding thought."""
    if intro.count("以习近平") < 2:
        return ()
    return tuple(line for line in paragraphs(intro) if _GUIDED.search(line))


def _finding(
    fault: str, cells: tuple[str, ...], sentence: str, count: int, word: str = ""
) -> Finding:
    facts: dict[str, object] = {"fault": fault, "count": count, "word": word}
    return Finding("NAR-DUPH", "explain", cells=cells, sentence=sentence.strip(), facts=facts)


@lru_cache(maxsize=64)
def _repeated(
    told: tuple[tuple[str, str], ...],
) -> tuple[tuple[tuple[str, ...], str, int], ...]:
    """Sentences that stand twice: the two places, the first of them, and how many there are."""
    seen: dict[str, str] = {}
    doubled: dict[tuple[str, ...], list[str]] = {}
    for key, text in told:
        for bare, sentence in comparable(text):
            if bare in seen:
                doubled.setdefault(tuple(dict.fromkeys((seen[bare], key))), []).append(sentence)
            seen.setdefault(bare, key)
    return tuple((cells, found[0], len(found)) for cells, found in doubled.items())


@lru_cache(maxsize=512)
def comparable(text: str) -> tuple[tuple[str, str], ...]:
    """The sentences long enough to be compared, bare and as they stand.

    That nothing was received or charged may be said in several places.
    """
    pairs = ((bare_sentence(sentence), sentence) for sentence in sentences(text))
    return tuple(
        (bare, sentence)
        for bare, sentence in pairs
        if len(bare) >= LEAST
        and (len(bare) > 40 or len(han(bare)) >= LEAST)
        and not _NOTHING.search(bare)
    )


@lru_cache(maxsize=512)
def doubled_words(text: str) -> tuple[tuple[str, str], ...]:
    """Sentences with a word of two characters that stands twice in a row, and that word."""
    if not _DOUBLED.search(text):
        return ()
    found = []
    for sentence in sentences(text):
        plain = _RIGHTLY_DOUBLED.sub("〈〉", own_words(sentence))
        word = _DOUBLED.search(plain)
        if word and len(set(word.group(1))) == 2:
            found.append((sentence, word.group()))
    return tuple(found)


@lru_cache(maxsize=512)
def _signatures(text: str, title: str, signoff: str) -> tuple[str, ...]:
    """The lines of a text that are the report's title or a line of its signature."""
    own = {dense(title), *map(dense, paragraphs(signoff))}
    lines = (line for line in paragraphs(text) if 5 < len(line) < 120)
    return tuple(line for line in lines if dense(line) in own)
