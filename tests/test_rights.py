"""The rights matrix: every role against everything that can be typed, pressed, sent and replied to.

Whoever may not, changes nothing, and hears nothing that would tell whether the thing exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.turn import BUTTONS, COMMANDS
from bot.messages import Attachment, Press
from tests.conftest import NOW
from tests.rights import (
    FINANCE,
    GOVERNMENT,
    TRADE,
    UNITS,
    WATER,
    Guest,
    Heard,
    Rows,
    World,
    build,
    changed,
    desk,
    file,
)

OUTSIDE = ("stranger", "ended contact", "ended admin")
CONTACTS = ("contact", "contact of water", "contact of trade")
WATCHING = ("observer", "demoted admin", "observer and contact")
OFFICE = ("admin", "admin and contact")
NOBODY = 987654
"""An id that nothing has."""

TYPED: Mapping[str, str] = {
    "审核": "{unit}", "邀请": "{unit}", "催报": "{unit}", "下载": "{unit} pdf", "换人": "{unit}",
    "汇总": "{unit}", "看板": "已提交", "年度": "2022", "历史": "予以公开", "截止": "1月26日",
    "改名": "{unit} 为 青石县水利局", "合并": "{unit} 到 青石县商务局", "免报": "{unit}：已并入商务局",
    "恢复": "{unit}", "简称": "{unit} 水务", "上级": "{unit} 青石县人民政府", "本级": "{unit}",
}  # fmt: skip
"""What stands behind a command."""

PRESSED: Mapping[str, tuple[str, ...]] = {
    "unit": ("{unit}",), "page": ("2",), "filter": ("已提交",), "file": ("{unit}",),
    "send": ("{unit}.docx", "{unit}.json"), "history": ("{unit}",), "trace": ("{unit}",),
    "invite": ("", "{unit}", "{unit}.{person}"), "staff": ("{unit}",),
    "ask": ("office", "observer"), "end": ("contact.{person}.{unit}", "office.{admin}"),
    "remind": ("", "{unit}"), "review": ("{version}",), "next": ("{unit}",),
    "look": ("{version}",), "approve": ("{version}",), "return": ("{version}",),
    "withdraw": ("{approved}", "{version}"), "unpin": ("{version}",), "rollup": ("", "{district}"),
    "sheet": ("{district}",), "data": ("{district}",), "fill": ("{district}",),
    "download": ("", "{unit}"), "zip": ("docx",),
}  # fmt: skip
"""What a button is about; one that is not named here is about nothing."""

FOR_ADMINS = {
    "邀请", "催报", "截止", "改名", "合并", "免报", "恢复", "简称", "上级", "本级",
    "invite", "ask", "end", "remind", "remind_all", "store_roster", "approve", "return", "withdraw",
    "unpin", "fill",
}  # fmt: skip
"""What an observer may not do; everything else only looks."""

WILD = ("", "0", "-1", "²", "٣", "9" * 25, "1.2.3.4", "x", "1; DROP TABLE answers")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody, once for all trials."""
    world = build(tmp_path_factory.mktemp("rights") / "nianbao.db")
    yield world
    world.store.close()


def there(world: World) -> dict[str, object]:
    """What exists."""
    return {
        "unit": world.unit(WATER), "version": world.version(WATER),
        "person": world.person("contact of water"), "admin": world.person("admin"),
        "approved": world.version(TRADE), "district": world.unit(GOVERNMENT),
    }  # fmt: skip


ABSENT: dict[str, object] = dict.fromkeys(
    ("unit", "version", "person", "admin", "approved", "district"), NOBODY
)


def typed(unit: str) -> list[str]:
    """Every command, alone and with what belongs behind it."""
    more = [f"{c} {words.format(unit=unit)}" for c, words in TYPED.items()]
    return [*COMMANDS, *more, unit, f"{unit[-3:]}", "予以公开 自然人：与登记簿不符", *UNITS[:1]]


def pressed(ids: Mapping[str, object], names: Iterator[str] | None = None) -> list[str]:
    """Every button, about things with these ids."""
    return [
        f"{name}.{rest.format(**ids)}".rstrip(".")
        for name in (names or BUTTONS)
        for rest in PRESSED.get(name, ("",))
    ]


def answers(world: World) -> Rows:
    """What people answered, how it came to be, and what was handed in of it."""
    kept = ("answers", "history", "versions", "reports")
    return {key: n for key, n in world.rows().items() if key[0] in kept}


def tables(rows: Rows) -> set[str]:
    """The tables of some rows."""
    return {table for table, _ in rows}


def names_of_others(world: World, role: str) -> set[str]:
    """What a chat must not read: the other units by their names, and everybody in them."""
    own = {FINANCE: CONTACTS[:1], WATER: CONTACTS[1:2], TRADE: CONTACTS[2:]}
    units = {name.removeprefix("青石县") for name in UNITS if role not in own.get(name, ())}
    people = {g.address.partition(":")[2] for r, g in world.people.items() if r != role}
    return {*units, *(f"人员{number}" for number in people)}


def test_every_command_and_button_has_its_place_in_the_matrix() -> None:
    assert set(TYPED) <= set(COMMANDS)
    assert set(PRESSED) <= set(BUTTONS)
    assert FOR_ADMINS <= {*COMMANDS, *BUTTONS}
