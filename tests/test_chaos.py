"""Killed and disturbed while many talk, the bot loses nothing and repeats nothing unmarked."""

from __future__ import annotations

import asyncio

import pytest

from tests.chaos.__main__ import Patterns, learn, run


@pytest.fixture(scope="module")
def patterns() -> Patterns:
    """What undisturbed clerks come to."""
    return asyncio.run(learn(1))


@pytest.mark.xdist_group("chaos")
@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_killed_and_disturbed_while_many_talk_nothing_is_lost_and_nobody_has_to_help(
    patterns: Patterns, by_webhook: bool
) -> None:
    outcome = await run(patterns, 3, 24, 6, 7, by_webhook=by_webhook, thought=0.02)
    assert outcome.good, str(outcome)
    assert outcome.ledger.acknowledged > 100
