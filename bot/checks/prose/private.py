"""What must not be published: marks of people and of secrecy.

Pure. The office's own telephone, the hotline and the words of table three about 国家秘密 are fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import HAN, own_words, sentences, texts

_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXxＸ]"
    r"(?![\dA-Za-z])"
)
_MOBILE = re.compile(r"(?<![\d-])1[3-9]\d([ -]?)\d{4}\1\d{4}(?![\d@])")
_LONG_NUMBER = re.compile(r"\d[\d -]{9}")
_PEOPLE = ("申请人", "公民", "村民", "市民", "居民")
_SURNAMES = (
    "王李张刘陈杨赵黄吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧曹袁邓沈彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏钟汪"
    "姜范邹熊孟秦邱侯龙段雷汤尹黎贺顾毛郝龚邵"
)
_NO_NAMES = (
    r"陈述|陈列|张贴|郑重|谢绝|林业|林权|林地|林木|董事|范围|叶片|杜绝|顾虑|熊猫|贺|徐徐|胡乱"
)
_NAME = re.compile(
    rf"(?:{'|'.join(_PEOPLE)})(?:为|系|：|:)?(?!{_NO_NAMES})"
    rf"([{_SURNAMES}](?!某)[{HAN}]{{1,2}}?)"
    r"(?=(?:等\d*[一二三四五六七八九十]?人)?(?:提出|提交|申请|要求|向|不服|起诉|诉|就|的申请|（|\())"
)
_SECRET_MARK = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆▲]|[【〔\[（(](?:绝密|机密|秘密|内部资料|内部文件)[】〕\])）]"
    r"|^\s*(?:绝密|机密|秘密|内部资料|内部文件)\s*$|密级[：:]?\s*(?:绝密|机密|秘密)"
    r"|(?:绝密|机密|秘密)级(?:文件|材料|事项)?"
)
_INTERNAL = re.compile(r"内部资料|仅供内部|内部文件[，, ]*(?:注意|请勿|不得|严禁)")
_RULED = re.compile(r"防止|避免|严禁将|禁止将|不得将|杜绝|审查|制度|是否|涉及|属于|以免|确保")


def check_private(dossier: Dossier) -> Iterator[Finding]:
    """NAR-PII: identity numbers, mobile telephones and applicants' names."""
    for key, text in texts(dossier):
        for kind, sentence in private_marks(text):
            yield Finding("NAR-PII", "explain", (key,), sentence=sentence, facts={"kind": kind})


def check_secret(dossier: Dossier) -> Iterator[Finding]:
    """NAR-SECRET: marks of secrecy and of papers that are not for the public."""
    for key, text in texts(dossier):
        for mark, sentence in secret_marks(text):
            yield Finding("NAR-SECRET", "explain", (key,), sentence=sentence, facts={"mark": mark})


@lru_cache(maxsize=512)
def private_marks(text: str) -> tuple[tuple[str, str], ...]:
    """Sentences with what points at a person: identity, mobile or name."""
    if not _LONG_NUMBER.search(text) and not any(word in text for word in _PEOPLE):
        return ()
    found = []
    for sentence in sentences(text):
        for kind, pattern in (("identity", _IDENTITY), ("mobile", _MOBILE), ("name", _NAME)):
            if pattern.search(sentence):
                found.append((kind, sentence.strip()))
                break
    return tuple(found)


@lru_cache(maxsize=512)
def secret_marks(text: str) -> tuple[tuple[str, str], ...]:
    """Sentences with a mark of secrecy, and that mark."""
    if "密" not in text and "内部" not in text:
        return ()
    found = []
    for sentence in sentences(text):
        mark = _SECRET_MARK.search(sentence)
        internal = None if _RULED.search(sentence) else _INTERNAL.search(own_words(sentence))
        first = mark if mark and not _RULED.search(sentence) else internal
        if first:
            found.append((first.group().strip(), sentence.strip()))
    return tuple(found)
