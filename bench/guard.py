"""What a mail costs, counted: `python -m bench guard [--write]`. Fails when something costs more than was kept.

Counts do not depend on how busy the machine is; the same program says the same within 0.3 %
(the gateway's calls within 1.3 %, system calls within 2: how many pages SQLite writes is chance). They are compared
with bench/guard.json, per version of Python (3.11, …); whoever made a mail cheaper or means it to be dearer writes
them anew with --write, and the change shows it.

checkpoint   one mail of each kind examined in this process: Python and C calls, RE2, encodes, blocks of memory
gateway      the median mail of those that go one by one through a gateway: Python calls of its loop,
             statements, system calls (strace; those that depend on how threads meet, and memory's, are left out)
"""

import argparse
import asyncio
import json
import os
import platform
import re
import shutil
import signal
import smtplib
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import msgspec
import uvloop

from bench.examine import checkpoint
from bench.stand import counting, peers
from bench.stand.kinds import WARNED, contents_for
from bench.stand.load import Load, Refused, wire
from bench.stand.measure import load_for
from bench.stand.peer import Peer
from bench.stand.sink import Sink, sink
from filters.examine import run
from filters.facts import Facts
from filters.ruleset import Prepared

KEPT_IN = Path(__file__).with_name("guard.json")
ALLOWED = 0.03
"""By so much a count may grow."""
SLACK = {"system calls": 3.0}
"""What may come besides, for each mail."""
KINDS = {
    "10 kB text": 4,
    "100 kB + docx": 2,
    "100 kB unknown": 2,
    "100 small parts": 1,
    "newsletter 60 kB": 1,
    "10 kB text" + WARNED: 4,
    "newsletter 60 kB" + WARNED: 1,
}
"""How many mails of a kind are examined."""
WARM, COUNTED = 12, 31
WORKERS = "[workers]\ncount = 1\nmails = 10000\n"
"""One examining process for each direction, and none in its place meanwhile."""
UNSTEADY = frozenset(
    {"futex", "epoll_wait", "epoll_pwait", "epoll_ctl", "poll", "restart_syscall", "sched_yield", "mmap", "munmap",
     "mprotect", "madvise", "brk", "mremap", "getrusage", "io_uring_enter", "rt_sigreturn", "rt_sigprocmask"}
)  # fmt: skip

Counts = dict[str, dict[str, float]]
"""By what is counted on ("inbound 10 kB text, checkpoint"), then by what is counted; per mail."""


def checkpoints() -> Counts:
    found: Counts = {}
    for way in ("inbound", "outbound"):
        facts, prepared = checkpoint(way)
        for kind, count in KINDS.items():
            if way == "outbound" and kind.endswith(WARNED):
                continue
            _examined(contents_for(kind, way, count, 0), facts, prepared)  # caches
            contents = contents_for(kind, way, count, 100)

            work = partial(_examined, contents, facts, prepared)
            counts = {name: float(value) for name, value in counting.calls(work).items()}
            if (blocks := counting.blocks(work)) is not None:
                counts["blocks"] = blocks
            found[f"{way} {kind}, checkpoint"] = {name: value / count for name, value in counts.items()}
    return found


def _examined(contents: list[bytes], facts: Facts, prepared: Prepared) -> None:
    for content in contents:
        run(content, facts, prepared)


async def gateway() -> Counts:
    found: Counts = {}
    with tempfile.TemporaryDirectory(prefix="sekisho-guard-", dir="/var/tmp") as name:
        folder = Path(name)
        through = ("bench.stand.counted", str(folder / "spans"))
        async with (
            sink() as hop,
            peers.sekisho(folder / "sekisho", hop.port, through=through, settings=WORKERS) as peer,
        ):
            await peer.group.at_rest()  # the console and spare processes still start
            for way in ("inbound", "outbound"):
                found[f"{way} 10 kB text, gateway"] = await _gateway(peer, hop, way, folder)
    return found


async def _gateway(peer: Peer, hop: Sink, way: str, folder: Path) -> dict[str, float]:
    """Medians of what a mail has that comes when all is done with the one before."""
    load = load_for(peer, way, 1)
    contents = [wire(c) for c in contents_for("10 kB text", way, WARM + COUNTED, 1_000)]
    client = await asyncio.to_thread(_client, load)
    await _sent(client, load, hop, contents[:WARM])
    traced, tracer = folder / "calls", None
    if shutil.which("strace"):
        pids = [option for pid in peer.group.pids() for option in ("-p", str(pid))]
        tracer = subprocess.Popen(["strace", "-f", "-q", "-o", traced, *pids], stderr=subprocess.DEVNULL)
        await asyncio.sleep(1.0)
    os.kill(peer.pid, signal.SIGUSR1)
    await _sent(client, load, hop, contents[WARM:], lambda: os.kill(peer.pid, signal.SIGUSR1))
    os.kill(peer.pid, signal.SIGUSR2)
    into = folder / "spans"
    while not into.exists():
        await asyncio.sleep(0.05)
    spans = json.loads(into.read_text())[1:]
    into.unlink()
    client.close()
    found = {name: statistics.median(span.get(name, 0) for span in spans) for name in spans[0]}
    if tracer is not None:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
        if calls := _system_calls(traced.read_text(errors="replace")):
            found["system calls"] = calls
        else:
            print("not counted: system calls (strace may not look at other processes here)")
    return found


def _client(load: Load) -> smtplib.SMTP:
    client = smtplib.SMTP("127.0.0.1", load.port, "load.example")
    client.ehlo()
    if load.login:
        client.starttls()
        client.login(*load.login)
    return client


async def _sent(
    client: smtplib.SMTP,
    load: Load,
    hop: Sink,
    contents: list[bytes],
    after: Callable[[], None] = lambda: None,
) -> None:
    """One after the other, each when the one before has arrived and is put on record."""

    def send(content: bytes) -> None:
        client.send(f"MAIL FROM:<{load.sender}>\r\nRCPT TO:<{load.recipient}>\r\nDATA\r\n")
        codes = [client.getreply()[0] for _ in range(3)]
        client.send(content)
        codes.append(client.getreply()[0])
        if codes != [250, 250, 354, 250]:
            raise Refused(str(codes))

    for content in contents:
        before = hop.mails
        await asyncio.to_thread(send, content)
        await hop.reached(before + 1, 60)
        await asyncio.sleep(0.05)
        after()


def _system_calls(log: str) -> float:
    """By name the median of the spans between the signals, all names together."""
    spans = re.split(r"^.*--- SIGUSR1 .*$", log, flags=re.MULTILINE)[1:-1]
    counts = [Counter(re.findall(r"^\d+ +(\w+)\(", span, flags=re.MULTILINE)) for span in spans]
    names = {name for found in counts for name in found} - UNSTEADY
    return sum(statistics.median(found[name] for found in counts) for name in names)


def compared(
    now: Mapping[str, Mapping[str, float]], kept: Mapping[str, Mapping[str, float]]
) -> tuple[list[str], list[str]]:
    """What grew by more than is allowed, or is new; and what shrank as much."""
    worse: list[str] = []
    better: list[str] = []
    for work, counts in now.items():
        for name, value in counts.items():
            before = kept.get(work, {}).get(name)
            if before is None:
                worse.append(f"{work}: {name} {value:.1f}, not kept yet")
                continue
            allowed = before * ALLOWED + SLACK.get(name, 0.05)
            if abs(value - before) > allowed:
                (worse if value > before else better).append(f"{work}: {name} {before:.1f} -> {value:.1f}")
    return worse, better


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench guard", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="keep these figures")
    parser.add_argument("--show", action="store_true", help="print them all")
    options = parser.parse_args(arguments)
    if os.environ.get("PYTHONHASHSEED") != "0":
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        os.execve(sys.executable, [sys.executable, "-m", "bench", "guard", *arguments], environment)
    version = ".".join(platform.python_version_tuple()[:2])
    kept = msgspec.json.decode(KEPT_IN.read_bytes(), type=dict[str, Counts]) if KEPT_IN.exists() else {}
    if version not in kept and not options.write:
        print(
            f"no figures are kept for Python {version}: not compared (./dev bench guard --write keeps them)"
        )
        return
    for program, what in (("cc", "blocks of memory"), ("strace", "system calls")):
        if not shutil.which(program):
            print(f"not counted: {what} ({program} is not installed)")
    now = checkpoints() | uvloop.run(gateway())
    if options.show:
        print(msgspec.json.format(msgspec.json.encode(now)).decode())
    if options.write:
        rounded = {work: {n: round(v, 2) for n, v in sorted(counts.items())} for work, counts in now.items()}
        kept[version] = rounded
        KEPT_IN.write_bytes(
            msgspec.json.format(msgspec.json.encode(dict(sorted(kept.items()))), indent=1) + b"\n"
        )
        return
    worse, better = compared(now, kept[version])
    for line in better:
        print(f"cheaper: {line}")
    if better:
        print("./dev bench guard --write keeps that")
    if worse:
        raise SystemExit("\n".join(("dearer than kept in bench/guard.json:", *worse)))
    print(f"{len(now)} kinds of work cost what is kept, within {ALLOWED:.0%}")
