"""Kills a serving process with SIGKILL at random moments while clerks talk whole scripts through.

python -m tests.bench.kills [--kills 20] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from pathlib import Path

from tests.botapi.double import BotApi
from tests.scripts import CITY, CITY_END, QUIET, QUIET_END
from tests.serving import Played, Server, play

SCRIPTS = (
    ("quiet bureau", "西工区政务服务和大数据管理局", 2022, QUIET, QUIET_END),
    ("city", "青州市人民政府", 2024, CITY, CITY_END),
)


async def run(kills: int, seed: int) -> bool:
    """Play scripts again and again until the process was killed `kills` times."""
    chance = random.Random(seed)
    fine, done, number = True, 0, 0
    while done < kills:
        name, unit, year, steps, last = SCRIPTS[number % len(SCRIPTS)]
        number += 1
        with tempfile.TemporaryDirectory() as folder:
            async with BotApi(limits=None) as api:
                server = Server(api, Path(folder) / "nianbao.db")
                payload = server.run("invite", "--unit", unit, "--year", str(year)).strip()
                server.start()
                task = asyncio.create_task(
                    play(api.user(number), f"/start {payload}", steps, last, 60)
                )
                while not task.done() and done < kills:
                    await asyncio.sleep(chance.uniform(0.9, 1.8))
                    if not task.done():
                        await asyncio.to_thread(server.kill)
                        done += 1
                played = await task
                sections = json.loads(server.run("export", "--unit", unit, "--year", str(year)))[
                    "sections"
                ]
                server.stop()
        fine &= report(name, server.kills, played, sections)
    return fine


def report(name: str, kills: int, played: Played, sections: dict[str, object]) -> bool:
    """One line of the table; whether all is as it would be without kills."""
    gaps = json.dumps({k: sections[k] for k in ("proactive", "requests", "review_litigation")})
    good = not played.shown_twice and "null" not in gaps
    sys.stdout.write(
        f"{name:13} kills {kills:3}  actions {played.actions:3}  shown twice"
        f" {len(played.shown_twice)}  figures {'whole' if 'null' not in gaps else 'WITH GAPS'}"
        f"  files {len(played.files)}\n"
    )
    return good


def main() -> None:
    """Run and leave with 1 where anything was lost or shown twice."""
    parser = argparse.ArgumentParser(description="kill the bot while people talk to it")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    sys.exit(0 if asyncio.run(run(args.kills, args.seed)) else 1)


if __name__ == "__main__":
    main()
