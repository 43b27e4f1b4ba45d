"""Names of bodies: what looks like one, how it is called for short, and whom a typed name means.

Pure. A name is compared without regard to blanks and to the width of its signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.office.standing import Unit

LONGEST_TYPED = 60

_BRACKETS = re.compile(r"[（(][^（()）]*[)）]$")
_BODY = re.compile(
    r"(局|委|委员会|办|办公室|厅|院|中心|队|所|站|处|社|会|馆|政府|街道|镇|乡|公司|集团|学校|大学"
    r"|中学|小学|部|署|园|团|场|厂|室|台|网|行|区|库|校|团体|总工会|基地|科|股)$"
)
_STEP = re.compile(
    r"(?:[\u4e00-\u9fff]{2,14}?(?=自治[州县旗])|[\u4e00-\u9fff]{1,7}?)"
    r"(自治[区州县旗]|省|市(?!区)|州(?![省市区县])|[盟区县旗])"
)
_RANKS = {"省": 1, "自治区": 1, "市": 2, "州": 2, "盟": 2, "自治州": 2}  # all others: 3
_NO_PLACE = re.compile(r"(城市|都市|社区|小区|辖区)$")
_TORN = re.compile(r"[省州盟区县旗]|市(?![场政容域民])")  # a place was cut in the wrong spot
_LEAST = 3  # characters of a short name
_MISSING = 2  # characters that may be left out of a name
_NUMERALS = "0123456789一二三四五六七八九十"
_GOVERNMENT = re.compile(r"(?<![乡镇])人民政府$")
_BRIEF = re.compile(r"[（(]([^（()）]{2,})[)）]$")
_CALLED = re.compile(r"^(以下)?简称\s*[:：为]?\s*")
_QUOTES = "“”\"‘’'「」 "
_SLIPS = tuple(
    (re.compile(wrong + "$"), right)
    for wrong, right in (
        ("[居句巨具据剧拒矩]", "局"), ("办工室", "办公室"), ("(?<=办公)[是事]", "室"),
        ("(?<=中)[新芯欣]", "心"), ("(?<=办事)[出初]", "处"), ("(?<=委员)[回汇]", "会"),
        ("(?<=人民政)[付附]", "府"), ("(?<=街)[到倒]", "道"),
    )
)  # fmt: skip


def key_of(name: str) -> str:
    """What two ways of writing one name share: no blanks, one width of signs."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "CZ")


def is_body(text: str) -> bool:
    """Whether a text ends as names of bodies do (局、委员会、街道办事处) and is no mere place."""
    return _BODY.search(_BRACKETS.sub("", text)) is not None and not is_place(text)


def is_place(text: str) -> bool:
    """Whether a text is a place alone: 昆明市西山区."""
    return bool(text) and next(reversed(list(_places(text))), "") == text


def is_placed(text: str) -> bool:
    """Whether a text begins with a place, as full names of local bodies do."""
    return any(_places(text))


def place_of(names: Iterable[str]) -> str:
    """The longest place that at least half of the names, and at least two, begin with; or ''."""
    listed = list(names)
    counts = Counter(place for name in listed for place in _places(name))
    common = [place for place, n in counts.items() if n >= 2 and 2 * n >= len(listed)]
    return max(common, key=len, default="")


def short_name(name: str, place: str) -> str:
    """A name without the place before it and the brackets behind; '' where that is no name.

    A government is called by the kind of its place: 区政府.
    """
    rest = _BRACKETS.sub("", name).removeprefix(place)
    if not place or not name.startswith(place):
        return ""
    if rest.startswith("人民政府"):
        return place[-1] + rest.removeprefix("人民")
    sound = len(rest) >= _LEAST and is_body(rest) and not _TORN.match(rest)
    return rest if sound else ""


def apart(name: str) -> tuple[str, str]:
    """A name and the short name in the brackets behind it (文旅局); ('', '') without one.

    Brackets with a name of their own (文物局) belong to the full name: they say something new.
    """
    found = _BRIEF.search(name)
    if not found:
        return "", ""
    full, said = name[: found.start()].rstrip(), found[1].strip()
    short = _CALLED.sub("", said).strip(_QUOTES)
    said_so = short != said.strip(_QUOTES)
    fits = is_abbreviation(key_of(short), key_of(full)) and not is_placed(short)
    return (full, short) if short and (said_so or fits) else ("", "")


def slip_of(name: str, known: Iterable[str] = ()) -> str:
    """The name that was meant where one character of it is wrong (教育居), or ''.

    `known` are names that are there already; without them only the ends of names are known.
    """
    for one in known:
        if len(one) == len(name) and sum(map(str.__ne__, one, name)) == 1:
            return one
    ends = (pattern.sub(right, name) for pattern, right in _SLIPS if pattern.search(name))
    return next(ends, "")


def near_name(name: str, known: Iterable[str]) -> str:
    """A known name that may have been meant by a new one, or ''; numbered bodies are no slips.

    One character differs, up to two are missing, or the place stands in one of them only.
    """
    key = key_of(name)
    return next((one for one in known if _is_near(key, key_of(one))), "")


def sole_government(names: Iterable[str]) -> str:
    """The one government among names to which departments can belong; '' without or with more."""
    tops = {name for name in names if _GOVERNMENT.search(name)}
    return tops.pop() if len(tops) == 1 else ""


def find_units(units: Sequence[Unit], words: str) -> tuple[Unit, ...]:
    """The units that a typed name can mean, in the office's order; several where it is unclear.

    Full and short names as they are go before names without their place (财政局), these before
    parts of names, these before abbreviations (市监局 for 市场监督管理局).
    """
    typed = key_of(words).rstrip("。，,;.!、")
    if not typed or len(typed) > LONGEST_TYPED:
        return ()
    called = [_Called.of(unit) for unit in units]
    for means in _WAYS if len(typed) > 1 else _WAYS[:2]:
        found = [one.unit for one in called if means(one, typed)]
        if found:
            return tuple(sorted(found, key=lambda unit: (unit.order, unit.id)))
    return ()


def is_abbreviation(short: str, name: str) -> bool:
    """Whether the characters of `short` stand in `name` in their order."""
    rest = iter(name)
    return bool(short) and all(character in rest for character in short)


def _is_near(key: str, other: str) -> bool:
    """Whether two keys are so near that one may be a slip for the other."""
    if len(key) == len(other):
        pairs = [pair for pair in zip(key, other, strict=True) if pair[0] != pair[1]]
        return len(pairs) == 1 and not all(sign in _NUMERALS for sign in pairs[0])
    short, long = sorted((key, other), key=len)
    head = long.removesuffix(short)
    if head != long:
        return is_place(head)
    return len(long) - len(short) <= _MISSING and is_abbreviation(short, long)


def _places(name: str) -> Iterator[str]:
    """The places that a name begins with, each longer than the last: 昆明市, 昆明市西山区."""
    end, rank = 0, 0
    while step := _STEP.match(name, end):
        lower = _RANKS.get(step[1], 3)
        if lower <= rank or _NO_PLACE.search(step[0]):
            return
        end, rank = step.end(), lower
        yield name[:end]


def _placeless(name: str) -> str:
    """A name without the places that it begins with."""
    places = list(_places(name))
    return name[len(places[-1]) :] if places else name


@dataclass(frozen=True, slots=True)
class _Called:
    """How a unit is called, ready to be compared; `bare` is its name without its place."""

    unit: Unit
    name: str
    short: str
    bare: str

    @staticmethod
    def of(unit: Unit) -> _Called:
        """The names of a unit."""
        name = key_of(unit.name)
        return _Called(unit, name, key_of(unit.short), _placeless(name))


def _is_full(one: _Called, typed: str) -> bool:
    return one.name == typed


def _is_short(one: _Called, typed: str) -> bool:
    return one.short == typed


def _is_bare(one: _Called, typed: str) -> bool:
    """The name without its place, or with a larger place before it."""
    larger = typed.removesuffix(one.name)
    return one.bare == typed or (larger != typed and is_place(larger))


def _is_part(one: _Called, typed: str) -> bool:
    return typed in one.name or typed in one.short


def _is_abbreviated(one: _Called, typed: str) -> bool:
    """An abbreviation with the first and the last character of the name without its place."""
    ends = (one.bare[:1], one.bare[-1:]) == (typed[0], typed[-1])
    return ends and is_abbreviation(typed, one.bare)


def _is_hinted(one: _Called, typed: str) -> bool:
    return one.name[-1:] == typed[-1] and is_abbreviation(typed, one.name)


def _is_hinted_loosely(one: _Called, typed: str) -> bool:
    return is_abbreviation(typed, one.name)


_WAYS: tuple[Callable[[_Called, str], bool], ...] = (
    _is_full,
    _is_short,
    _is_bare,
    _is_part,
    _is_abbreviated,
    _is_hinted,
    _is_hinted_loosely,
)
