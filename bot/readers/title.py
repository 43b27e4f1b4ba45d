"""What stands before 一、 in a foreign file: the title with agency and year, and the preamble."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.form import Form
from bot.readers.roles import title_pattern

LONGEST = 70  # characters of a title on one line

_YEAR = (
    r"(?P<year>(?<![0-9])20[0-9]{2}(?![0-9])"
    r"|[二][〇○Ｏ零OＯ0][〇○零OＯ0一二三四五六七八九]{2})\s*年?\s*度?"
)
_SUBJECT = r"(?:政府|政务)信息公开|政务公开|信息公开"
_TITLES = (
    re.compile(rf"(?:关于)?(?P<agency>[^0-9]+?)(?:关于)?{_YEAR}.{{0,8}}?(?:{_SUBJECT}).*报告"),
    re.compile(rf"(?:关于)?{_YEAR}(?P<agency>.*?)(?:{_SUBJECT}).*报告"),
    re.compile(rf"(?P<agency>.*?)(?:{_SUBJECT}).*年度?.{{0,2}}报告(?:[（(]?{_YEAR}[)）]?)?"),
)
_ENDING = re.compile(r"(年度?(工作)?|信息公开(工作)?(情况)?的?)报告([（(].{1,12}[)）])?$")
_YEARS = re.compile(r"20[0-9]{2}年?度?(?:[-—–－~～至到和、]+)(20)?[0-9]{2}年")
_LINK = re.compile(
    r"[(]?(上一?[篇条页]|下一?[篇条页]|相关|链接|附件?|注|参见|推荐|更多|往年|历年|点击|下载|转载|来源)"
    r"[^:]{0,8}:"
)
_TRAIL = re.compile(r"[>＞»›]|当前位置|首页|您(所在)?的?位置")
_CHROME = re.compile(
    r"(发布|发文|成文|公开|生成|更新|信息)?(日期|时间|机构|单位|机关)\s*[：:]|来\s*源\s*[：:]|作\s*者\s*[：:]"
    r"|(浏览|阅读|点击|访问)(次数|量|数)?\s*[：:]|字\s*[号体]|打\s*印|分\s*享|收\s*藏|关\s*闭|索\s*引\s*号"
    r"|主题分类|文\s*号|有效性|责任编辑|扫一扫|无障碍|长者模式|登录|注册|首页|当前位置"
    r"|上一[篇条页]|下一[篇条页]|返回(顶部|首页|列表)?|【|〖|\[\s*大|大\s+中\s+小"
)
_DATE = re.compile(
    r"[（(]?\s*([0-9]{4}|[〇○零一二三四五六七八九]{4})\s*[-/.．年]\s*[0-9一二三四五六七八九十]{1,3}"
    r"\s*[-/.．月]\s*[0-9一二三四五六七八九十]{1,3}\s*日?\s*[）)]?(\s+[0-9]{1,2}[:：][0-9]{2}([:：][0-9]{2})?)?"
)
_AGENCY = re.compile(
    r"[\u4e00-\u9fff（）()·]{1,40}(局|厅|委|会|政府|办公室|办|中心|办事处|院|所|站|队|署|处|部|社|馆|室)"
)
_PART = re.compile(rf"(关于)?{_AGENCY.pattern}?(关于)?({_YEAR})?(政府信息公开(工作)?)?")
_PERIOD = re.compile(
    r"([0-9]{4})\s*年\s*1\s*月\s*1\s*日\s*(起)?\s*[至到\-—－~～]+\s*(\1年|当年|同年)?\s*12\s*月\s*31"
)
_DIGITS = dict(zip("〇一二三四五六七八九○零OＯ", "01234567890000", strict=True))


@dataclass(frozen=True, slots=True)
class Front:
    """What was found before the first heading; '' and 0 where it is not certain."""

    title: str = ""
    agency: str = ""
    year: int = 0
    preamble: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # titles of other reports that compete with it


def read_front(lines: Sequence[str], form: Form) -> Front:
    """The title, its agency and year, and the preamble among the lines before the first heading.

    The first whole title counts, at the place where it stands last: pages repeat it above the
    report. A title of another year gives way where the preamble's period names its own.
    """
    titles = [(front, at) for at in range(len(lines)) if (front := _titled_at(lines, at, form))]
    if not titles:
        return Front(preamble=_preamble(lines, form), year=period(lines))
    whole = [(front, at) for front, at in titles if front.agency and front.year]
    named = [(front, at) for front, at in whole if front.year == period(lines)] or whole
    front, at = [pair for pair in named or titles if _same(pair[0], (named or titles[-1:])[0][0])][
        -1
    ]
    rest = list(lines[at + 1 :])
    byline = next((line for line in rest[:4] if is_agency(line)), "")
    return Front(
        title=front.title,
        agency=front.agency or byline.strip(),
        year=front.year or period(rest),
        preamble=_preamble([line for line in rest if line != byline], form),
        others=tuple(dict.fromkeys(one.title for one, _ in whole if not _same(one, front))),
    )


def whole_title(line: str, form: Form) -> Front | None:
    """The title that a line is, where it names agency and year."""
    front = _titled(line, form)
    return front if front and front.agency and front.year else None


def _same(one: Front, other: Front) -> bool:
    return (one.agency, one.year) == (other.agency, other.year)


def _titled_at(lines: Sequence[str], at: int, form: Form) -> Front | None:
    """The title that ends on line `at`: that line alone, or with what it lacks on those above."""
    front = _titled(lines[at], form)
    if front and front.agency and front.year:
        return front
    for size in (1, 2):
        above = lines[max(0, at - size) : at]
        if len(above) == size and all(map(_is_part, above)):
            joined = _titled("".join(line.strip() for line in (*above, lines[at])), form)
            if joined and joined.agency and joined.year:
                return joined
    return front


def _is_part(line: str) -> bool:
    """Whether a line can be the first part of a title: an agency, a year, or both."""
    plain = "".join(unicodedata.normalize("NFKC", line).split())
    return bool(_PART.fullmatch(plain)) and not is_chrome(line)


def _titled(line: str, form: Form) -> Front | None:
    """A title with what it says of agency and year: the form's own, or as people write it."""
    plain = "".join(unicodedata.normalize("NFKC", line).split())
    exact = title_pattern(form).fullmatch(plain)
    if exact and (agency := _whole_name(exact["agency"])):
        return Front(line.strip(), agency, int(exact["year"]))
    if len(plain) > LONGEST or not _ENDING.search(plain) or _TRAIL.search(plain):
        return None
    if _LINK.match(plain):
        return None
    fronts = [
        Front(
            line.strip(),
            _whole_name(match["agency"].strip("-—_|:：·的")),
            _year(match["year"], plain),
        )
        for pattern in _TITLES
        for words in dict.fromkeys((plain, plain.split("(")[0]))
        if (match := pattern.fullmatch(words))
    ]
    return max(fronts, key=lambda front: (bool(front.agency), bool(front.year)), default=None)


def _whole_name(agency: str) -> str:
    """An agency's name, or '' where the words before the year are none."""
    return agency if re.fullmatch(r"[^\W\d_]([^\W\d_]|[（）()·、“”]){1,39}", agency) else ""


def _year(word: str | None, title: str) -> int:
    """The year of a title; 0 where it names several."""
    if _YEARS.search(title):
        return 0
    digits = "".join(_DIGITS.get(sign, sign) for sign in word or "")
    return int(digits) if digits.isdecimal() else 0


def period(lines: Sequence[str]) -> int:
    """The year of a period that the preamble names from its first to its last day."""
    years = {match[1] for line in lines for match in _PERIOD.finditer(line)}
    return int(years.pop()) if len(years) == 1 else 0


def _preamble(lines: Sequence[str], form: Form) -> tuple[str, ...]:
    return tuple(
        line for line in lines
        if not is_chrome(line) and not is_date(line) and not _titled(line, form)
        and (len(line) > 12 or line[-1] in "。：:")
    )  # fmt: skip


def is_chrome(line: str) -> bool:
    """Whether a line is of a web page around the report: print, share, source, date of issue."""
    return len(line) <= 80 and not line.endswith("。") and bool(_CHROME.search(line))


def is_date(line: str) -> bool:
    """Whether a line is a date and nothing else."""
    return bool(_DATE.fullmatch(line.strip()))


def is_agency(line: str) -> bool:
    """Whether a line is the name of an agency and nothing else, as far as its words show."""
    return bool(_AGENCY.fullmatch("".join(line.split())))
