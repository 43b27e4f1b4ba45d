"""How often the first proposal is right: errors put into tables, by kind of error and of table.

Run from the project's root: `python tests/bench/locate.py [--errors 2000] [--seed 1000]`.
"whole": after all changes of the first repair the table is the original again.
"cell": the first change gives a wrong cell its original value.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

# A script finds the project only once its root is on the path.
from bot.checks import run_checks  # noqa: E402
from bot.checks.finding import Dossier  # noqa: E402
from tests.tables import (  # noqa: E402
    APPLICANTS,
    COLUMNS,
    ROWS,
    STYLES,
    Table,
    figures_of,
    form,
    report_of,
    requests_table,
)

Slip = Callable[[Random, Table], Table]


def pick(random: Random, table: Table, above: int = 0, columns: tuple[str, ...] = COLUMNS) -> str:
    """A cell of some columns whose value is above a bound."""
    cells = [cell for cell in table if table[cell] > above and cell.split(".")[1] in columns]
    return random.choice(cells) if cells else ""


def typed(random: Random, table: Table) -> Table:
    """Any of the 175 cells with a random other number of similar size."""
    cell = random.choice(sorted(table))
    return {cell: random.choice([n for n in range(table[cell] * 2 + 10) if n != table[cell]])}


def digits_swapped(random: Random, table: Table) -> Table:
    """Two digits of one cell swapped."""
    cell = pick(random, table, 9)
    if not cell:
        return {}
    digits = list(str(table[cell]))
    one, two = random.sample(range(len(digits)), 2)
    digits[one], digits[two] = digits[two], digits[one]
    return {cell: int("".join(digits))}


def zero_more(random: Random, table: Table) -> Table:
    """A zero typed too many."""
    cell = pick(random, table)
    return {cell: table[cell] * 10} if cell else {}


def last_digit_lost(random: Random, table: Table) -> Table:
    """The last digit not typed."""
    cell = pick(random, table, 9)
    return {cell: table[cell] // 10} if cell else {}


def neighbours(
    random: Random, table: Table, columns: tuple[str, ...] = COLUMNS
) -> tuple[str, str] | None:
    """A cell above 0 and the one beside it."""
    cell = pick(random, table, 0, columns)
    if not cell:
        return None
    row, column = cell.split(".")
    at = columns.index(column)
    beside = [n for n in (at - 1, at + 1) if 0 <= n < len(columns)]
    return cell, f"{row}.{columns[random.choice(beside)]}"


def move(kind: str, columns: tuple[str, ...]) -> Slip:
    """A value moved one column to the left or right."""

    def slip(random: Random, table: Table) -> Table:
        pair = neighbours(random, table, columns)
        if not pair:
            return {}
        source, target = pair
        if kind == "overwriting":
            return {source: 0, target: table[source]}
        if kind == "swapped":
            return {source: table[target], target: table[source]}
        if kind == "added":
            return {source: 0, target: table[target] + table[source]}
        some = random.randint(1, table[source])
        return {source: table[source] - some, target: table[target] + some}

    return slip


def row_shifted(random: Random, table: Table) -> Table:
    """A whole row one column to the left or right, with or without its total."""
    row = random.choice([row for row in ROWS if table[f"{row}.total"]])
    columns = random.choice([COLUMNS, APPLICANTS])
    line = [table[f"{row}.{column}"] for column in columns]
    moved = random.choice([[0, *line[:-1]], [*line[1:], 0]])
    return {f"{row}.{column}": n for column, n in zip(columns, moved, strict=True)}


def row_moved(random: Random, table: Table) -> Table:
    """A value written one row higher or lower in the same column."""
    cell = pick(random, table, 0, APPLICANTS)
    if not cell:
        return {}
    row, column = cell.split(".")
    at = ROWS.index(row)
    beside = [n for n in (at - 1, at + 1) if 0 <= n < len(ROWS)]
    other = f"{ROWS[random.choice(beside)]}.{column}"
    return {cell: table[other], other: table[cell]}


def two_typed(random: Random, table: Table) -> Table:
    """Two independent errors (the first finding mends one: look at "cell")."""
    return typed(random, table) | digits_swapped(random, table)


SLIPS: dict[str, Slip] = {
    "typed": typed,
    "digits swapped": digits_swapped,
    "x10": zero_more,
    "/10": last_digit_lost,
    **{
        f"moved, {kind}{', with total' if columns is COLUMNS else ''}": move(kind, columns)
        for columns in (APPLICANTS, COLUMNS)
        for kind in ("overwriting", "swapped", "added", "in part")
    },
    "row shifted": row_shifted,
    "wrong row": row_moved,
    "two typed": two_typed,
}
MOVED = [kind for kind in SLIPS if kind.startswith("moved")]


def tables(seed: int, each: int) -> dict[str, list[Table]]:
    """Tables of every style, and the real dense one where it is at hand."""
    made = {
        name: [requests_table(seed + n, style) for n in range(each)]
        for name, style in STYLES.items()
    }
    real = ROOT.parent / "shared" / "data" / "suqian-2023.json"
    if real.exists():
        rows = json.loads(real.read_text(encoding="utf-8"))["sections"]["requests"]
        whole = {f"{row}.{column}": rows[row][column] for row in ROWS for column in COLUMNS}
        return {"real, dense": [whole], **made}
    return made


def judge(table: Table, wrong: Table) -> tuple[bool, bool, float]:
    """Whether the first repair is whole, whether its first change is right, and the time taken."""
    dossier = Dossier(form(), report_of(figures_of(table | wrong)))
    start = perf_counter()
    findings = run_checks(dossier)
    taken = perf_counter() - start
    repair = next((finding.repairs[0] for finding in findings if finding.repairs), None)
    if repair is None:
        return False, False, taken
    changes = [(change.cell.removeprefix("requests."), change.value) for change in repair.changes]
    mended = {**table, **wrong, **dict(changes)}
    cell, value = changes[0]
    return mended == table, (table | wrong)[cell] != table[cell] == value, taken


def errors(
    random: Random, kind: str, held: list[Table], count: int
) -> Iterator[tuple[Table, Table]]:
    """Tables with one real error of a kind each."""
    made = tries = 0
    while made < count and tries < count * 20:
        tries += 1
        table = random.choice(held)
        wrong = {c: n for c, n in SLIPS[kind](random, table).items() if n != table[c]}
        if wrong:
            made += 1
            yield table, wrong


def shares(results: list[tuple[bool, bool]]) -> str:
    """The two shares of right proposals in per cent."""
    whole, cell = (100 * sum(part) / len(results) for part in zip(*results, strict=True))
    return f"whole {whole:5.1f}  cell {cell:5.1f}  n={len(results)}"


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--errors", type=int, default=300, help="per kind of error and table")
    reader.add_argument("--seed", type=int, default=1000)
    reader.add_argument("--tables", type=int, default=10, help="made-up tables of every style")
    options = reader.parse_args()
    say = sys.stdout.write
    times: list[float] = []
    for name, held in tables(options.seed, options.tables).items():
        random = Random(options.seed)
        score: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
        for kind in SLIPS:
            for table, wrong in errors(random, kind, held, options.errors):
                whole, cell, taken = judge(table, wrong)
                score[kind].append((whole, cell))
                times.append(taken)
        filled = sum(sum(n > 0 for n in table.values()) for table in held) / len(held)
        say(f"\n{name} ({len(held)} tables, {filled:.0f} cells above 0)\n")
        for kind, results in score.items():
            say(f"  {kind:32} {shares(results)}\n")
        moved = [each for kind in MOVED for each in score[kind]]
        say(f"  {'all moved':32} {shares(moved)}\n")
        alike = [score[kind] for kind in ("typed", "digits swapped", "x10", "/10")]
        together = [one for results in (*alike, moved[:: len(MOVED)]) for one in results]
        say(f"  {'THE FIVE KINDS ALIKE':32} {shares(together)}\n")
    times.sort()
    say(f"\ntime: median {times[len(times) // 2] * 1e3:.2f} ms, worst {times[-1] * 1e3:.2f} ms\n")


if __name__ == "__main__":
    main()
