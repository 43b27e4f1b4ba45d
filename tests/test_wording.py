"""Every sentence that the core names exists, is used, and comes out whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.checks import run_checks
from bot.wording import Wording, lay_out

BOT = Path(__file__).resolve().parent.parent / "bot"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in BOT.rglob("*.py"))
REASONS = set(re.findall(r'Rejected\("(\w+)"', SOURCE)) | {"several", "not_number"}


def test_every_sentence_named_in_the_code_stands_in_the_wording(wording: Wording) -> None:
    named = set(re.findall(r'(?:talk\.say|desk\.say|wording\.text)\(\s*"([a-z_]*[a-z])"', SOURCE))
    named |= set(re.findall(r'Refused\(\s*"(desk_\w+)"', SOURCE))
    assert named <= set(wording.says), named - set(wording.says)


def test_every_sentence_of_the_wording_is_used(wording: Wording) -> None:
    families = ("refused_", "fault_", "told_", "other_", "invitation_", "ask_", "stranger")
    unused = [
        name for name in wording.says if f'"{name}"' not in SOURCE and not name.startswith(families)
    ]
    assert not unused


def test_every_refusal_has_a_sentence(wording: Wording) -> None:
    assert REASONS
    missing = [reason for reason in REASONS if f"refused_{reason}" not in wording.says]
    assert not missing


def test_every_button_named_in_the_code_has_words(wording: Wording) -> None:
    named = set(re.findall(r'(?<!click\.)Choice\(\s*\(?[^,\n]+,\s*"(\w+)"', SOURCE)) - {
        "json",
        "as_",
    }
    assert named <= set(wording.buttons), named - set(wording.buttons)


def test_every_rule_has_its_words(wording: Wording) -> None:
    rules = set(
        re.findall(r'"((?:NUM|STR|NAR|T2|T3|T4|CY|TXT|FEE|PR|RU|PEER)-[A-Z0-9-]+)"', SOURCE)
    )
    rules |= {"T3-ROW", "T3-RES", "T3-ID", "T4-SUM"}
    assert rules
    assert callable(run_checks)
    assert rules <= set(wording.findings), rules - set(wording.findings)


def test_columns_are_aligned_with_chinese_counted_double() -> None:
    lines = lay_out((("", "自然", "总计"), ("予以公开", "5", "12"))).splitlines()
    assert lines == ["         自然 总计", "予以公开    5   12"]


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% raw %}", "<b>", "{{ config }}"])
def test_what_people_type_is_never_a_template(wording: Wording, text: str) -> None:
    assert text in wording.text("refused_inexact", typed=text)
