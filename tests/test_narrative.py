"""Long texts pasted at once: cut at their headings, and the signature taken off their end."""

from __future__ import annotations

import pytest

from bot.interview.narrative import cut_at_headings
from tests.tables import form

HEAD = "五、存在的主要问题及改进情况\n解读不够及时。改进措施：同步解读。\n六、其他需要报告的事项\n"
LONG = "本年度发出收费通知三件，金额共计八十元，均逾期未缴，按撤回申请处理，没有收取信息处理费，另有说明如下"


@pytest.mark.parametrize(
    ("end", "other", "loose"),
    [
        ("没有收取信息处理费。\n没有别的事项\n青石县水务局\n2025年1月20日", "没有收取信息处理费。\n没有别的事项", "青石县水务局\n2025年1月20日"),
        ("没有收取信息处理费。\n另无其他事项。\n2025年1月20日", "没有收取信息处理费。\n另无其他事项。", "2025年1月20日"),
        (f"没有收取信息处理费。\n{LONG}\n2025年1月20日", f"没有收取信息处理费。\n{LONG}", "2025年1月20日"),
        ("没有收取信息处理费。\n2025年1月20日", "没有收取信息处理费。", "2025年1月20日"),
        ("没有收取信息处理费。\n青石县水务局", "没有收取信息处理费。\n青石县水务局", ""),
    ],
    ids=["agency and day", "a sentence before the day", "a long line before the day", "only a day", "no day"],
)  # fmt: skip
def test_a_signature_is_a_day_and_the_short_line_above_it(end: str, other: str, loose: str) -> None:
    cut = cut_at_headings(form(), HEAD + end)
    assert cut is not None
    assert cut.texts["other"] == other
    assert cut.loose == loose


def test_a_text_with_one_heading_or_the_same_twice_is_not_cut() -> None:
    assert cut_at_headings(form(), "六、其他需要报告的事项\n没有收取信息处理费。") is None
    assert cut_at_headings(form(), HEAD + "无。\n六、其他需要报告的事项\n无。") is None
