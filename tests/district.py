"""A made-up district and its people, who talk to a real `nianbao serve` over the Bot API double.

`tests/cycle.py` plays a year with them, `tests/bench/interruptions.py` kills the process meanwhile.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from bot.report import Figure, show_figure
from tests.botapi.chats import Message
from tests.botapi.people import User
from tests.serving import ROOT, Server, button_data
from tests.tables import COLUMNS, ROWS, STYLES, figures_of, form, requests_table

PLACE = "青石县"
DISTRICT = "青石县人民政府"
OWN = "青石县人民政府办公室"
YEAR = 2024
EARLY = "2025-01-13T08:00+08:00"
"""A Monday before office hours: no reminder rings while a cycle is played."""

_BUREAUS = (
    "财政", "教育", "水务", "商务", "民政", "司法", "统计", "审计", "林业", "交通运输", "农业农村",
    "文化和旅游", "卫生健康", "应急管理", "市场监督管理", "自然资源", "住房和城乡建设", "公安",
    "人力资源和社会保障", "生态环境", "发展和改革", "科学技术", "退役军人事务", "医疗保障", "城市管理",
    "行政审批服务", "信访", "体育", "乡村振兴", "粮食和物资储备",
)  # fmt: skip
_TOWNS = ("城关镇", "青河镇", "柳林镇", "石桥镇", "白云乡", "清溪乡", "双塔乡", "永安乡")
_LINK = re.compile(r"(\S+?)：https://t\.me/\w+\?start=([A-Za-z0-9_-]+)")
_PAYLOAD = re.compile(r"\?start=([A-Za-z0-9_-]+)")
_EXAMPLE_COUNT = re.compile(r"只回(\d+)个数")
_SECONDS = 90.0


def roster(count: int) -> tuple[str, ...]:
    """The full names of a district of `count` units: itself, its office, bureaus, towns."""
    towns = min(len(_TOWNS), max(1, count // 5))
    bureaus = [f"{PLACE}{name}局" for name in _BUREAUS[: count - 2 - towns]]
    return (DISTRICT, OWN, *bureaus, *(f"{PLACE}{name}人民政府" for name in _TOWNS[:towns]))


def called(unit: str) -> str:
    """How a unit is called for short."""
    return {DISTRICT: "县政府", OWN: "县政府办公室"}.get(unit, unit.removeprefix(PLACE))


def sound_figures(seed: int, style: str) -> dict[str, Figure]:
    """All 200 figures of a unit with requests; every equation of the form holds."""
    chance = Random(seed)
    figures = figures_of(requests_table(seed, STYLES[style]))
    for cell in ("normdocs_made", "normdocs_in_force", "permits", "penalties", "coercion"):
        figures[f"proactive.{cell}"] = chance.randrange(1, 400)
    figures["proactive.normdocs_in_force"] = chance.randrange(400, 500)
    figures["proactive.fees_wanyuan"] = Decimal(chance.randrange(1, 100_000)) / 100
    for block in ("review", "direct", "after_review"):
        cases = [chance.randrange(4) for _ in range(4)]
        for name, number in zip(
            ("upheld", "corrected", "other", "pending", "total"), [*cases, sum(cases)], strict=True
        ):
            figures[f"review_litigation.{block}_{name}"] = number
    return figures


def summed(given: Sequence[Mapping[str, Figure]]) -> dict[str, Figure]:
    """What a clerk with an abacus makes of several reports: cell by cell, in money too."""
    sums: dict[str, Figure] = {}
    for cell in form().cells:
        column = [figures[cell] for figures in given]
        sums[cell] = sum((number for number in column if number is not None), start=0)
    return sums


class Office(Server):
    """A store without anybody, served at a time of our choice; what it prints is kept."""

    @property
    def clock(self) -> Path:
        """Where the process looks for the time."""
        return self.db.with_name("clock.txt")

    def set_clock(self, moment: str) -> None:
        """From now on it is another time, whether the process runs or not."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(moment, "utf-8")
        fresh.replace(self.clock)

    @property
    def printed(self) -> Path:
        """What went to standard output."""
        return self.db.with_name("stdout.txt")

    @property
    def logged(self) -> Path:
        """What went to standard error."""
        return self.db.with_name("stderr.txt")

    def start(self) -> None:
        """Start serving."""
        if not self.clock.exists():
            self.set_clock(EARLY)
        with self.printed.open("ab") as out, self.logged.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "tests.clocked", str(self.clock), "serve"],
                env=self.environ, cwd=ROOT, stdout=out, stderr=err,
            )  # fmt: skip

    async def claim(self) -> str:
        """The payload of the first admin's link, from what the process prints."""
        for _ in range(600):
            found = _PAYLOAD.findall(self.printed.read_text("utf-8"))
            if found:
                return str(found[-1])
            await asyncio.sleep(0.05)
        raise TimeoutError(self.logged.read_text("utf-8"))


class Player:
    """Somebody at a chat, who reads on from where she read before."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.read = 0
        self.last: Message | None = None

    def say(self, text: str) -> None:
        """Type something."""
        self.user.say(text)

    async def hear(self, fragment: str = "", seconds: float = _SECONDS) -> Message:
        """The next message with `fragment`; without one, the next that has buttons."""
        await self.user.chat.until(lambda: self._next(fragment) is not None, seconds)
        at = self._next(fragment)
        assert at is not None
        self.read = at + 1
        self.last = self.user.chat.log[at]
        return self.last

    async def file(self, ending: str, seconds: float = _SECONDS) -> Message:
        """The next file whose name ends so; what came before it was not read by this."""
        log = self.user.chat.log

        def found() -> list[Message]:
            return [m for m in log[self.read :] if m.file and m.file.name.endswith(ending)]

        await self.user.chat.until(lambda: bool(found()), seconds)
        return found()[0]

    def press(self, words: str) -> None:
        """Press a button of the message heard last, as it stands now."""
        assert self.last is not None
        standing = self.user.chat.find(self.last.id)
        assert standing is not None
        assert standing.keyboard, f"the buttons are gone under {self.last.text!r}"
        self.user.press(standing, button_data(standing, words))

    def has(self, words: str) -> bool:
        """Whether the message heard last has a button that begins so."""
        assert self.last is not None
        return any(button.startswith(words) for button in self.last.buttons)

    def _next(self, fragment: str) -> int | None:
        for at, message in enumerate(self.user.chat.log[self.read :], self.read):
            if fragment in message.text if fragment else message.keyboard:
                return at
        return None


@dataclass
class Contact(Player):
    """A unit's clerk: what she will type, and how far she got."""

    user: User
    unit: str
    payload: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)
    quiet: bool = True
    read: int = 0
    last: Message | None = None
    written: int = 0

    async def open(self) -> None:
        """Open the invitation's link."""
        self.user.start(self.payload)
        await self.hear("1/5")

    async def fill(self) -> None:
        """Answer everything up to the card from which the report is handed in."""
        if self.quiet:
            self.press("五类都没有")
            await self.hear()
            self.press("确认")
        else:
            await self._tell_figures()
        await self.hear()
        await self.write()

    async def write(self) -> None:
        """Answer questions about texts, until the report can be handed in."""
        while not self.has("提交"):
            self._answer()
            await self.hear()

    async def submit(self) -> None:
        """Hand in."""
        self.press("提交")
        await self.hear("已提交，等办公室审核")

    async def _tell_figures(self) -> None:
        """Tables two and four typed, table three pasted."""
        told = self.figures
        rows = [[told[f"proactive.normdocs_{c}"] for c in ("made", "repealed", "in_force")]]
        self.say("规章 0 0 0\n行政规范性文件 " + _row(rows[0]) + "\n" + "\n".join(
            f"{name} {_row([told[f'proactive.{cell}']])}" for name, cell in (
                ("行政许可", "permits"), ("行政处罚", "penalties"), ("行政强制", "coercion"),
                ("行政事业性收费", "fees_wanyuan"),
            )
        ))  # fmt: skip
        await self.hear("读到10个数")
        self.press("对，存入")
        await self.hear("4/5")
        self.say(self._table_three())
        await self.hear("读到175个数")
        self.press("对，存入")
        await self.hear("5/5")
        self.say(_row([n for cell, n in told.items() if cell.startswith("review_litigation.")]))
        await self.hear("读到15个数")
        self.press("对，存入")
        await self.hear("登记簿")
        new, out = (told[f"requests.{row}.total"] for row in ("new_received", "carried_out"))
        self.say(f"{new} {out}")

    def _table_three(self) -> str:
        labels = {line.key: line.label for line in form().tables["requests"].rows}
        return "\n".join(
            labels[row] + "\t" + "\t".join(
                str(self.figures[f"requests.{row}.{column}"]) for column in COLUMNS
            )
            for row in ROWS
        )  # fmt: skip

    def _answer(self) -> None:
        """What a willing clerk answers to the question heard last."""
        assert self.last is not None
        for words in ("没有收取", "确认", "不写", "用这段"):
            if self.has(words):
                self.press(words)
                return
        self.written += 1
        if numbers := _EXAMPLE_COUNT.search(self.last.text):
            self.say(" ".join(["3"] * int(numbers[1])))
        elif "存在的主要问题" in self.last.text:
            self.say("存在的问题：解读形式单一。改进措施：增加图解和问答。")
        elif "请回复一句说明" in self.last.text:
            self.say("已逐件核对登记簿，情况属实。")
        else:
            self.say(_SENTENCES[self.written % len(_SENTENCES)].format(name=self.unit))


_SENTENCES = (
    "{name}对照清单逐条检查栏目，当月补齐缺漏。",
    "{name}安排专人更新栏目，每周对外发布工作动态。",
    "{name}按登记、审核、答复三步办理，全程留有记录。",
    "{name}组织业务学习，年底听取了群众代表的评价。",
)


def _row(figures: Sequence[Figure]) -> str:
    return " ".join(show_figure(figure) for figure in figures)


@dataclass
class Admin(Player):
    """The one at the office's desk."""

    user: User
    read: int = 0
    last: Message | None = None
    links: dict[str, str] = field(default_factory=dict)

    async def claim(self, payload: str) -> None:
        """Become the first admin."""
        self.user.start(payload)
        await self.hear("您现在是管理员")

    async def list_units(self, names: Sequence[str]) -> None:
        """Put the units onto the roster by pasting them."""
        self.say("名册")
        await self.hear("名册 0 家")
        self.say("\n".join(names))
        await self.hear(f"新增 {len(names)} 家")
        self.press("对，存入")
        await self.hear(f"名册已存 {len(names)} 家")

    async def invite(self) -> None:
        """Take a link for every unit that nobody answers for, by how the unit is called."""
        self.say("邀请")
        await self.file(".zip")
        for message in self.user.chat.log[self.read :]:
            self.links.update(_LINK.findall(message.text))

    async def fetch(self, ending: str) -> bytes:
        """The file that was asked for."""
        found = (await self.file(f".{ending}")).file
        assert found is not None
        return found.data

    async def review(self, unit: str) -> str:
        """Open what a unit handed in, with its pages; what an approval of it will say."""
        self.say(f"审核 {unit}")
        name = f"{called(unit)} 第"
        shown = await self.hear(name)
        number = shown.text.partition(name)[2][0]
        return f"{called(unit)}第{number}稿已通过并锁定"

    async def approve(self, unit: str) -> None:
        """Review and approve."""
        approved = await self.review(unit)
        self.press("通过")
        await self.hear(approved)

    async def send_back(self, unit: str, comment: str) -> None:
        """Review, pin a comment, return."""
        await self.review(unit)
        self.say(comment)
        await self.hear("已记批注 1")
        self.press("退回（1 条批注）")
        await self.hear("已退回，1 条意见")

    async def hashes(self, unit: str) -> dict[str, str]:
        """The first figures of the hashes of an approved unit's files, by ending."""
        self.say(unit)
        await self.hear("已通过，第")
        self.press("要文件")
        shown = await self.hear("通过时存档的文件")
        return dict(re.findall(r"· \S+\.(\w+) ([0-9a-f]{12})$", shown.text, re.M))
