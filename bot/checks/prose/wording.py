"""How the texts are written: foreign words left over, parts that say nothing; and all text checks.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import han, sentences, texts, without_addresses
from bot.report import paragraphs

_LATIN = re.compile(r"(?<![A-Za-z\d.@/_&=-])[A-Za-z]{2,}(?![A-Za-z\d@/_&=-]|\.[A-Za-z])")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_ENGLISH = frozenset({"and", "or", "the", "of", "to", "in", "for", "with", "on", "by", "is", "are"})
_KNOWN = re.compile(
    r"app|pdf|ofd|ai|ip|ipv|id|url|mail|email|wifi|web|html?|https?|www|com|cn|gov|vs|pc|ok|qq|vr|ar"
    r"|km|kg|cm|mm|ml|mg|kw|mw|kb|mb|gb|tb|vlog|plog|pptx?|word|excel|docx?|xlsx?|csv|json|xml|jpe?g"
    r"|png|gif|mp|avi|wps|rar|zip|rss|xbrl|api|no|x+"
)
_ACCOUNT = re.compile(
    r"(?:[账帐]号|[微抖快]信?[号音手]|公众号|微博|域名|网址|邮箱|用户名|ID)[^，。；]{0,8}$"
)
_CLAUSE = re.compile(r"[，。；、：！？,;:\n]")
_FACT = re.compile(
    r"\d|《|“|[零一二两三四五六七八九十百]+[条件次个场期项人名份]|未收到|未接到|没有|未发生|未受理|不存在|专栏|专区|小组"
    r"|专人|公众号|办法|规程|台账|三审|电子|公开栏|公报|指南|目录|新设|改版|更新"
)
_FORMULA = re.compile(
    r"高度重视|加强.{0,6}(?:领导|管理|学习|建设|协调|监督|意识)|提高.{0,4}(?:认识|意识|水平|质量|能力)"
    r"|统一思想|(?:明确|落实|压实|强化).{0,4}(?:责任|意识|职责|担当)|精心组织|周密部署|狠抓落实|扎实推进"
    r"|取得.{0,6}成[效绩]|(?:健全|完善).{0,6}(?:机制|制度|体系)|提升.{0,6}(?:能力|水平|质量|实效)"
    r"|认真(?:贯彻|落实|组织|做好|开展)|(?:贯彻|严格)落实|(?:切实|不断|进一步|持续|全面|稳步|有序).{0,10}$"
    r"|(?:有力|良好|圆满)"
)


def check_latin(dossier: Dossier) -> Iterator[Finding]:
    """NAR-LATIN: English words in Chinese prose, as machines leave them."""
    for key, text in texts(dossier):
        for word, sentence in latin_words(text):
            yield Finding("NAR-LATIN", "explain", (key,), sentence=sentence, facts={"word": word})


@lru_cache(maxsize=512)
def latin_words(text: str) -> tuple[tuple[str, str], ...]:
    """Sentences with a word in small Latin letters that is no known term, address or account."""
    found = []
    for sentence in sentences(text) if _LETTERS.search(text) else ():
        if "{" in sentence:
            continue  # a template's mark, said as such
        plain = without_addresses(sentence)
        words = (word for word in _LATIN.finditer(plain) if _is_foreign(word.group()))
        for word in words:
            if not _ACCOUNT.search(plain, max(0, word.start() - 16), word.start()):
                found.append((word.group(), sentence.strip()))
                break
    return tuple(found)


def _is_foreign(word: str) -> bool:
    """Whether a Latin word is ordinary English, neither an abbreviation nor a name."""
    small = word.lower()
    return small in _ENGLISH or (word == small and not _KNOWN.fullmatch(small))


def check_substance(dossier: Dossier) -> Iterator[Finding]:
    """NAR-SHORT: parts of the overview that name no fact; one finding for all of them."""
    told = dict(texts(dossier))
    empty = [
        item
        for item in dossier.form.topics
        if paragraphs(told.get(item.key, ""))
        and says_little(told[item.key], dossier.limits.short_text)
    ]
    if empty:
        cells = tuple(item.key for item in empty)
        facts: dict[str, object] = {"topics": tuple(item.label for item in empty)}
        yield Finding("NAR-SHORT", "note", cells=cells, facts=facts)


@lru_cache(maxsize=512)
def says_little(text: str, least: int) -> bool:
    """Whether a text names no fact and is shorter than `least`, or made of formulas only."""
    if _FACT.search(text):
        return False
    clauses = [clause for clause in map(han, _CLAUSE.split(text)) if clause]
    return len(han(text)) < least or all(
        len(clause) <= 24 and _FORMULA.search(clause) for clause in clauses
    )
