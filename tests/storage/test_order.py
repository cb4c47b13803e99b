"""The order of system calls behind a promise, and a kill at every one of them.

A program puts mails into a spool and a store and says "kept N" only when both have returned. strace shows
what reached the disk before each of those lines.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quarantine.store import Query, Store
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.keys import random_of
from storage.seal import Seal
from storage.spool import Spool
from tests.services.postgres import unavailable

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, os, sys
from pathlib import Path
from quarantine.store import Store
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.draft import IN_MEMORY
from storage.seal import Seal
from storage.spool import Spool
from tests.quarantine.items import item

async def main(directory, count):
    database = open_database(f"sqlite:///{directory}/db")
    day_keys = DayKeys(directory / "keys", Seal([b"m" * 32]), database)
    store = Store(database, Spool(directory / "spool", day_keys), "n")
    os.write(1, b"ready\\n")

    async def keep(number):
        draft = store.blobs.draft()
        draft.write(b"x" * (IN_MEMORY + 1 if number % 3 == 0 else 100 + number))
        blob = await store.blobs.put([draft.view()], "default")
        await store.put([item(id=f"i{number}", blob=blob.key, size=blob.size, sha256=blob.sha256)], 1.0, "a")
        os.write(1, f"kept {blob.key}\\n".encode())
        draft.discard()

    for start in range(0, count, 4):
        await asyncio.gather(*(keep(start + k) for k in range(4)))
    os._exit(0)

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""

pytestmark = pytest.mark.system


def traced(directory: Path, count: int, *options: str) -> subprocess.CompletedProcess[bytes]:
    strace = shutil.which("strace")
    if strace is None:
        unavailable("strace is not installed")
    assert strace
    return subprocess.run(
        [strace, "-f", "--seccomp-bpf", "-o", str(directory / "trace"), *options, sys.executable, "-c", PROGRAM, str(directory), str(count)],
        cwd=ROOT, capture_output=True, timeout=500, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def calls(directory: Path) -> list[str]:
    """Completed system calls in the order in which they returned, each as "name(arguments) = result"."""
    begun: dict[str, str] = {}
    done = []
    for line in (directory / "trace").read_text(errors="replace").splitlines():
        thread, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>").rstrip()
        elif match := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            done.append(begun.pop(thread, "") + match[1])
        else:
            done.append(text)
    return done


def test_nothing_is_promised_before_it_is_on_stable_storage(tmp_path: Path) -> None:
    run = traced(tmp_path, 24, "-y", "-s", "200", "-e", "trace=fsync,fdatasync,rename,link,write,unlink")
    assert run.returncode == 0, run.stderr.decode()
    synced: set[str] = set()
    named: dict[str, str] = {}  # key of a blob -> the temporary file that became it
    directories: set[str] = set()  # keys whose directory was synced after they were named
    commits_seen = 0
    promised = 0
    for call in calls(tmp_path):
        if match := re.match(r"f(?:data)?sync\(\d+<(.*?)>\)\s+= 0", call):
            path = match[1].removesuffix("(deleted)")
            synced.add(path)
            directories |= {key for key in named if path.endswith(f"/blobs/{random_of(key)[:2]}")}
            commits_seen += path.endswith("/db-wal")
        elif match := re.match(r'(?:rename|link)\("(.*?)", "(.*?)"\)\s+= 0', call):
            assert match[1] in synced, f"named before it was synced: {call}"
            if "/blobs/" in match[2]:  # not a file of keys
                named[Path(match[2]).name] = match[1]
        elif match := re.match(r'write\(1<.*?>, "kept (\S+?)\\n"', call):
            promised += 1
            assert match[1] in directories, f"promised before its directory was synced: {match[1]}"
            assert commits_seen, "promised before any commit"
    assert promised == 24
    # Every group of four waits for the one before it, so each needs at least one flush of the log.
    assert commits_seen >= 6


@pytest.mark.parametrize("call", ["fsync", "fdatasync", "rename", "link"])
async def test_what_was_promised_survives_a_kill_at_any_call(call: str, tmp_path: Path) -> None:
    """The so manieth of any thread, until no thread comes so far: that run is whole."""
    killed = 0
    for when in (1, 2, 3, 5, 8, 13, 21):
        directory = tmp_path / str(when)
        directory.mkdir()
        run = traced(directory, 12, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}")
        reached = run.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
        killed += reached
        kept = set(re.findall(r"kept (\S+)", run.stdout.decode()))
        if not (directory / "db").exists():
            assert not kept
            continue
        database = open_database(f"sqlite:///{directory / 'db'}")
        spool = Spool(directory / "spool", DayKeys(directory / "keys", Seal([b"m" * 32]), database))
        store = Store(database, spool, "n")
        items = {i.blob: i for i in await store.find(Query("default"))}
        assert kept <= set(items)
        for key in items:
            assert (await spool.get(key)).size == items[key].size
        assert list(spool.tmp.iterdir()) == []
        await spool.close()
        await database.close()
        if not reached:
            assert len(kept) == 12
            break
    assert killed, "no run was killed: the test shows nothing"


@pytest.mark.parametrize("call", ["fsync", "fdatasync"])
def test_nothing_is_promised_when_the_disk_answers_with_an_error(call: str, tmp_path: Path) -> None:
    # Every flush from the program's start of work on fails.
    run = traced(tmp_path, 4, "-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when=1+")
    assert b"kept" not in run.stdout
    assert run.returncode != 0
    assert b"StoreError" in run.stderr
