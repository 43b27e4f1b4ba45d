"""The words in which clerks tell figures: what each may mean for the form, and numbers of cases.

Pure. `read_words` cuts a text into words; a character that no word covers is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.answers import read_chinese
from bot.form import Form
from bot.telling.lexicon import fold


@dataclass(frozen=True, slots=True)
class Word:
    """One word: what kind it is, how it stands there, and what it means.

    `kind` is row, family (some of the outcomes), lawsuits, type, result (a column of another
    table), other, number, odd (3.5件, 三四件, 5月), none, all, rest, of, vague, last, this, year,
    request, handled, handover (结转 without a direction), mend (不对), break,
    pause, stop, quiet or unknown;
    `meaning` is (table, key); a `verb` (收到) also goes with another row (收到复议1件).
    """

    kind: str
    text: str
    meaning: tuple[str, str] = ("", "")
    value: int | None = None
    verb: bool = False


_ROWS = {
    "new_received": "新收到 新收 受理了 新受理 受理 本年新收 今年新收",
    "carried_in": (
        "上年结转 去年结转 上年度结转 上一年结转 上年结转来 去年结转来 上年结转过来 "
        "去年结转过来 去年转来 上年转来 去年转过来 上年转过来 去年没办完 去年未办结 "
        "去年没办结 上年未办结 上年没办结 去年留下 去年剩下 结转上年 上年度未办结"
    ),
    "carried_out": (
        "结转下年度 结转下年 结转到下年 结转到明年 结转至下年 结转明年 转下年 转到明年 "
        "转到下年 留到明年 未办结 没办结 没有办结 没办完 没有办完 未办完 尚未办结 还没办结 "
        "还没办完 还未办结 还在办 还在办理 正在办 正在办理 仍在办理 在办 在办理 没答复 还没答复 "
        "未答复 尚未答复 结转到下一年 结转下一年 结转下一年度"
    ),
    "granted": "予以公开 同意公开 公开了 已公开 给予公开 准予公开 公开",
    "partly_granted": "部分公开 部分予以公开 予以部分公开 公开了一部分 公开一部分",
    "other_misc": (
        "申请人撤回 主动撤回 申请人主动撤回 撤回申请 撤回了申请 撤回 撤回了"
    ),
}  # fmt: skip
_RECEIVING = "收到 收到了 接到 接到了 接收 收了 来了 共收到 收到过"
_RECEIVE_BARE = re.compile(r"收(?=[^\S\n]{0,2}[\d一二两三四五六七八九十])")
_FAMILIES = {
    "denied": "不予公开 不公开 不同意公开 没同意公开 拒绝公开",
    "unable": "无法提供 没法提供 提供不了 不能提供",
    "notproc": "不予处理 不处理",
    "other": "其他处理",
}
_LAWSUITS = "行政诉讼 诉讼 起诉 官司 应诉"
_TYPES = {"natural_person": "群众 老百姓 居民 村民", "business": "企业单位"}
_RESULTS = {
    ("cases", "upheld"): "结果维持 维持 维持了 被维持",
    ("cases", "corrected"): "结果纠正 纠正 被纠正 纠正了",
    ("cases", "other"): "其他结果 撤诉",
    ("cases", "pending"): (
        "尚未审结 未审结 没审结 还没审结 还在审 审理中 在审 还没判"
    ),
    ("rules", "made"): "本年制发 制发 制定 印发 出台 制发了 制定了 印发了 出台了",
    ("rules", "repealed"): "本年废止 废止 废止了",
    ("rules", "in_force"): "现行有效 有效 仍有效 仍然有效",
}  # fmt: skip
_PLAIN = {
    "none": "没有 没 未 无 未曾 从未 没有过 零件",
    "all": "全部 全都 都 均 全 全部都 均已 都已 全是 一律 统统",
    "rest": "其余 剩下 剩余 余下 其余的 剩下的 余下的 剩的 另外的",
    "of": "其中 当中 中 里",
    "last": "去年 上年 上年度 上一年 上一年度 前年 往年 以前年度",
    "this": "今年 本年 本年度 全年 年内 一年 当年",
    "request": (
        "申请 政府信息公开申请 信息公开申请 依申请公开申请 公开申请 申请件 依申请"
    ),
    "handled": "办结 办结了 办完 办完了 已办结 答复了 答复 办理完毕 已答复",
    "handover": "结转 结转了",
    "mend": (
        "不对 错了 说错 说错了 写错 写错了 打错 打错了 填错 填错了 记错 记错了 更正 更正为 应为 "
        "改为 改成"
    ),
    "vague": (
        "约 大约 大概 左右 上下 将近 接近 近 余 多 几 若干 不到 超过 以上 以下 可能 估计 至少 "
        "最多 差不多 好像 似乎 应该 来件 吧 吗 ? 如果 假如 要是 预计 计划 或者 或 大部分 多数 "
        "少数 个别 一些 有些"
    ),
    # whole phrases that hold a word of the form but mean something else
    "unknown": (
        "主动公开 依申请公开 申请公开 公开申请人 收费 公开栏 公开目录 公开指南 公开网 "
        "公开平台 应公开 拟公开 信息公开办 不是 企业类 多次 复议机关 未经 再次"
    ),
    "quiet": (
        "我们 我局 我单位 我委 我办 我镇 我乡 我街道 我 咱们 咱 本局 本单位 本机关 本部门 "
        "单位 局里 共 共计 一共 总共 合计 总计 累计 共有 有 是 为 了 的 也 还 还有 又 就 已 "
        "已经 并 并且 和 与 及 以及 另 另外 另有 先 后来 然后 最后 最终 按时 按期 依法 "
        "政府信息公开 信息公开 政府信息 办理 作出 做出 做了 办了 发生 产生 被 提起 引起 因 "
        "因为 由于 涉及 对 由 提出 提交 年底 年末 到年底 截至 截止 截至年底 目前 现在 件数 "
        "数量 告知 这 那 里面 情况 方面 决定 案件 您好 你好 嗯 啊 呢 哈 好的 谢谢 老师 过 呀 "
        "哦 来的 过来的 来 类 任何 申请人 到 至 自 从 继续办理 再"
    ),
}  # fmt: skip

_NUMBERING = re.compile(r"^(?:（.）|[一二三四]、|\d\.)")
_CN = "零〇一二两三四五六七八九十百千万"
_UNIT = r"[件个起宗桩]"
_N = rf"(?:\d{{1,9}}|[{_CN}]{{1,6}})"
_PATTERNS = (
    ("none_phrase", rf"(?:没有?|无|未有)(?:任何)?[一1]{_UNIT}"
                    rf"|[一1]{_UNIT}(?:[都也](?:没有?|未)|(?:没有?|未)(?=收))"),
    ("year", r"(?:19|20)\d\d\s?年(?:度)?"),
    ("time", r"1\s?月\s?1\s?日|12\s?月\s?31\s?日|\d{1,4}\s?个?工作日(?:之?内)?"),
    ("odd", rf"[-−负]\s?{_N}{_UNIT}?|(?:\d{{1,6}}|[{_CN}]{{0,6}})[几多余来]\s?{_UNIT}"
            rf"|\d+\.\d+{_UNIT}?|\d+\s?[百千万亿]{_UNIT}?|\d{{1,2}}\s?[月日号](?!码)"
            rf"|\d{{1,3}}(?:[ ]\d{{3}})+(?!\d)\s?{_UNIT}?|\d+\s?/\s?\d+{_UNIT}?"
            rf"|{_N}\s?(?:[、~～—–\-至到或]|[,，](?!\d{{3}}(?!\d)))\s?{_N}\s?{_UNIT}"),
    ("number", rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?![\d.%‰]|,\d)(?:[^\S\n]{{0,2}}{_UNIT})?"),
    ("chinese", rf"(?!一起)[{_CN}]{{1,8}}[^\S\n]{{0,2}}{_UNIT}"),
    ("stop", r"[。;；!！\n]+"),
    ("break", r"[，,()（）【】]"),
    ("pause", r"[、/]"),
    ("skip", r"[\s:：“”\"'.·…\-=＝]"),
    ("unknown", r"\d+[.,\d]*%?|."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of one form: a pattern that finds them, longest first, and their meanings."""

    pattern: re.Pattern[str]
    words: Mapping[str, Word]


def read_words(form: Form, text: str) -> Iterator[Word]:
    """The words of a text in order; white space and colons are left out."""
    vocabulary = _vocabulary(form)
    plain = fold(text)
    for match in vocabulary.pattern.finditer(plain):
        kind = match.lastgroup or ""
        if kind == "word":
            yield vocabulary.words[match[0]]
        elif kind == "bare":
            yield Word("row", match[0], ("requests", "new_received"), verb=True)
        elif kind != "skip":
            yield _plain_word(kind, match[0])


def _plain_word(kind: str, text: str) -> Word:
    """A number, a time or a mark."""
    if kind == "none_phrase":
        return Word("none", text)
    if kind == "time":
        return Word("quiet", text)
    if kind == "odd":
        return Word("odd", text)
    if kind == "year":
        return Word("year", text, value=int(text[:4]))
    if kind == "number":
        return Word("number", text, value=int(re.sub(r"\D", "", text)))
    if kind == "chinese":
        read = read_chinese(text.rstrip("件个起宗桩 "))
        sure = read is not None and read[1]
        return Word("number", text, value=read[0]) if read and sure else Word("odd", text)
    return Word(kind, text)


@lru_cache(maxsize=8)
def _vocabulary(form: Form) -> _Vocabulary:
    words: dict[str, Word] = {}
    for word in _words(form):
        words.setdefault(word.text, word)
    names = "|".join(re.escape(name) for name in sorted(words, key=len, reverse=True))
    first, rest = _PATTERNS[:5], _PATTERNS[5:]
    parts = [f"(?P<{kind}>{pattern})" for kind, pattern in first]
    parts += [f"(?P<bare>{_RECEIVE_BARE.pattern})", f"(?P<word>{names})"]
    parts += [f"(?P<{kind}>{pattern})" for kind, pattern in rest]
    return _Vocabulary(re.compile("|".join(parts), re.DOTALL), words)


def _words(form: Form) -> Iterator[Word]:
    """Every word with its meaning; of two meanings the first counts."""
    for text in _RECEIVING.split():
        yield Word("row", text, ("requests", "new_received"), verb=True)
    for key, names in _ROWS.items():
        yield from (Word("row", fold(name), ("requests", key)) for name in names.split())
    for family, names in _FAMILIES.items():
        yield from (Word("family", name, ("requests", family)) for name in names.split())
    yield from (Word("lawsuits", name, ("cases", "")) for name in _LAWSUITS.split())
    for result, names in _RESULTS.items():
        yield from (Word("result", name, result) for name in names.split())
    for kind, names in _PLAIN.items():
        yield from (Word(kind, fold(name)) for name in names.split())
    yield from _form_words(form)


def _form_words(form: Form) -> Iterator[Word]:
    """The labels, short names and aliases that the form itself gives."""
    for table in form.tables.values():
        if table.key == "fees":
            continue  # money
        for row in table.rows:
            bare = _NUMBERING.sub("", row.label)
            for name in (row.label, bare, row.short, *row.aliases):
                if len(name) > 1 and name != "其他" and row.key != "total_handled":
                    yield Word("row", fold(name), (table.key, row.key))
    for column in form.tables["requests"].columns:
        if not column.total:
            for name in (column.label, *column.aliases, *_TYPES.get(column.key, "").split()):
                if name != "其他":
                    yield Word("type", fold(name), ("requests", column.key))
    yield Word("other", "其他")
