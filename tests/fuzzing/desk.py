"""An office that does whatever comes to hand, while clerks go on and strangers knock."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.fuzzing import updates
from tests.fuzzing.conversations import Walker, clerks_words
from tests.fuzzing.rosters import grid
from tests.fuzzing.tally import Tally
from tests.fuzzing.texts import ordered
from tests.fuzzing.watch import Watched

OFFICE = ("admin", "admin and contact", "observer", "demoted admin", "observer and contact")
OTHERS = ("contact", "contact of water", "contact of schools")
OUTSIDE = ("stranger", "ended contact", "ended admin")


def desk_words(rng: Random) -> str:
    """What is typed at a desk: commands, names, lists."""
    if rng.random() < 0.93:
        return ordered(rng)
    return "\n".join(" ".join(row) for row in grid(rng))[:4000]


def walk(folder: Path, rng: Random, count: int, tally: Tally) -> None:
    """So many deeds of everybody on a fresh copy of the district."""
    with Watched(folder, rng, tally) as watched:
        desks = [Walker(watched, watched.chats[role], desk_words) for role in OFFICE]
        clerks = [Walker(watched, watched.chats[role], clerks_words) for role in OTHERS]
        for number in range(1000, 1000 + count):
            kind = rng.random()
            if kind < 0.6:
                rng.choice(desks[:2] if kind < 0.45 else desks).step(number)
            elif kind < 0.85:
                rng.choice(clerks).step(number)
            else:
                watched.post(_knock(watched, number))
            watched.go_on(number)


def mix(folder: Path, rng: Random, count: int, tally: Tally) -> None:
    """So many updates of anybody, sound and spoilt, on a fresh copy of the district."""
    with Watched(folder, rng, tally) as watched:
        chats = list(watched.chats.values())
        for number in range(1000, 1000 + count):
            shown = watched.shown(rng.choice(chats))
            watched.post(updates.update(rng, number, chats, shown))
            watched.go_on(number)


def _knock(watched: Watched, number: int) -> updates.Raw:
    """Somebody from outside tries links and buttons that are not hers."""
    rng = watched.rng
    chat = watched.chats[rng.choice(OUTSIDE)]
    if rng.random() < 0.5:
        shown = [data for other in watched.chats.values() for data in watched.shown(other)]
        return updates.press(number, chat, rng.choice([*shown, updates.made_up(rng)]))
    link = rng.choice([link for name, link in watched.links.items() if name != "open"])
    return updates.message(number, chat, rng.choice((link, link[:-1], f"{link}A", ordered(rng))))
