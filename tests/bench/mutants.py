"""How much of the pure core the tests hold: a sample of small mistakes, each tried on the tests.

python -m tests.bench.mutants [--room answers] [--count 40] [--seed 1]

A mutant is one operator, number, word, condition or call changed. It is killed where a test of
its room fails; what survives is printed, to be read: a hole, or a change that changes nothing.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 900
ROOMS: dict[str, tuple[str, str]] = {
    "answers": ("bot/answers.py", "answers paste told telling conversations promises roster"),
    "draft": (
        "bot/draft.py",
        "draft relations conversations assistant told received interview desk years",
    ),
    "form": (
        "bot/form.py",
        "form schema relations conversations wording assistant paste checks html text_file docx",
    ),
    "figures": (
        "bot/checks/figures/*.py",
        "relations years plausible checks repair assistant conversations peers",
    ),
    "interview": (
        "bot/interview/*.py",
        "promises told conversations assistant received interview wording claims desk formats",
    ),
    "office": (
        "bot/office/*.py",
        "tree promises peers differences reminders board rollup roster desk cli_office board_file rollup_file",
    ),
}
"""Each room's files, and the tests that look at them, the quick ones first."""

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip


class Mutation(ast.NodeTransformer):
    """Walks a module and changes the so-manieth place where something can be changed."""

    def __init__(self, target: int = -1) -> None:
        self.target, self.seen, self.told = target, 0, ""

    def visit(self, node: ast.AST) -> ast.AST:
        """Change the node where it is the one, and go on below it."""
        if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
            return node
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return node  # a docstring
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            return node  # a type's name
        made = self._changed(node)
        if made is not None:
            self.seen += 1
            if self.seen - 1 == self.target:
                before = ast.unparse(node)
                made = ast.copy_location(made, node)
                line = getattr(node, "lineno", 0)
                self.told = f"{line}: {_short(before)} → {_short(ast.unparse(made))}"
                return made
        for field in node._fields:
            if field not in ("annotation", "returns", "decorator_list"):
                self._below(node, field)
        return node

    def _below(self, node: ast.AST, field: str) -> None:
        held = getattr(node, field, None)
        if isinstance(held, list):
            held[:] = [self.visit(each) if isinstance(each, ast.AST) else each for each in held]
        elif isinstance(held, ast.AST):
            setattr(node, field, self.visit(held))

    @staticmethod
    def _changed(node: ast.AST) -> ast.AST | None:
        """What stands there in its place, None where nothing is to be changed."""
        match node:
            case ast.Compare(ops=[op]) if type(op) in _COMPARED:
                return ast.Compare(node.left, [_COMPARED[type(op)]()], node.comparators)
            case ast.BoolOp(op=op):
                return ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), node.values)
            case ast.BinOp(op=op) if type(op) in _RECKONED:
                return ast.BinOp(node.left, _RECKONED[type(op)](), node.right)
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                return node.operand
            case ast.IfExp():
                return ast.IfExp(node.test, node.orelse, node.body)
            case ast.If():
                return ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
            case ast.Constant(value=bool(value)):
                return ast.Constant(not value)
            case ast.Constant(value=int(value)):
                return ast.Constant(value + 1)
            case ast.Constant(value=str(value)) if value.strip():
                return ast.Constant("XX" + value)
            case ast.Return(value=ast.expr()):
                return ast.Return(ast.Constant(None))
            case ast.Expr(value=ast.Call()):
                return ast.Pass()
            case ast.Break():
                return ast.Continue()
            case ast.Continue():
                return ast.Break()
        return None


class Mutated(MetaPathFinder, Loader):
    """Imports one module as its mutant."""

    def __init__(self, path: Path, source: str) -> None:
        self.path, self.source = path, source
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The mutant's place, for its own name only."""
        if fullname != self.name:
            return None
        return spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant."""
        exec(compile(self.source, self.path, "exec"), module.__dict__)


def _short(code: str) -> str:
    return code.partition("\n")[0][:100]


def places(path: Path) -> int:
    """How many places of a file can be changed."""
    walk = Mutation()
    walk.visit(ast.parse(path.read_text(encoding="utf-8")))
    return walk.seen


def mutant(path: Path, number: int) -> tuple[str, str]:
    """A file with its so-manieth place changed, and what was changed."""
    walk = Mutation(number)
    tree = walk.visit(ast.parse(path.read_text(encoding="utf-8")))
    return ast.unparse(ast.fix_missing_locations(tree)), walk.told


def sample(room: str, count: int, seed: int) -> Iterator[tuple[Path, int]]:
    """Some places of a room, the same for the same seed."""
    files = sorted(ROOT.glob(ROOMS[room][0]))
    every = [(path, number) for path in files for number in range(places(path))]
    yield from random.Random(f"{room} {seed}").sample(every, min(count, len(every)))


def survives(room: str, path: Path, number: int) -> bool:
    """Whether all tests of a room pass with a mutant, in a process of their own."""
    command = [sys.executable, "-m", "tests.bench.mutants", "--try", room, str(path), str(number)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def try_one(room: str, path: Path, number: int) -> int:
    """Run a room's tests on a mutant in this process, until one fails."""
    import pytest
    from hypothesis import Phase, settings

    source, _ = mutant(path, number)
    sys.meta_path.insert(0, Mutated(path, source))
    settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None)
    settings.load_profile("mutants")
    tests = [f"tests/test_{name}.py" for name in ROOMS[room][1].split()]
    options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--tb=no"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # Hypothesis is there already
    return int(pytest.main([*options, *tests]))


def main() -> None:
    """Try a sample of each room and tell what survived."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--room", choices=ROOMS, action="append")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--try", nargs=3, dest="one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        room, path, number = asked.one
        sys.exit(try_one(room, Path(path), int(number)))
    os.nice(10)
    for room in asked.room or ROOMS:
        tried = list(sample(room, asked.count, asked.seed))
        if not survives(room, tried[0][0], -1):
            sys.exit(f"{room}: the tests fail without any mutant")
        left = [each for each in tried if survives(room, *each)]
        sys.stdout.write(f"{room:10} tried {len(tried)}, survived {len(left)}\n")
        for path, number in left:
            sys.stdout.write(f"  {path.relative_to(ROOT)}:{mutant(path, number)[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
