"""How much memory a Sekisho comes to hold: `python -m bench soak [--order small,large] [--small N] [--large N] [--save]`.

Both directions at once, each over half of the connections: so many mails of 10 kB, then so many of 5 MB (pictures and
unknown bytes in turn), each way; or another order. Memory is proportional (PSS): pages that processes share count once.
Twice a second it is looked who holds what. What is limited is the gateway with its examining processes, and the console.
"""

import argparse
import asyncio
import os
import tempfile
import time
from datetime import date
from pathlib import Path

import msgspec
import uvloop

from bench.stand import peers, results, usage
from bench.stand.compiled import Missing
from bench.stand.kinds import contents_for
from bench.stand.load import send
from bench.stand.measure import load_for
from bench.stand.memory import Memory, Peaks, held
from bench.stand.peer import Peer
from bench.stand.sink import Sink, sink

BEGIN = "<!-- written by ./dev bench soak --save -->"
KINDS = {"small": ("10 kB text",), "large": ("5 MB picture", "5 MB unknown")}
BATCH = {"small": 500, "large": 20}
"""Mails that are made at a time: those that wait lie in memory, though not in ours."""
REST = 15.0
"""Seconds after the last mail until it is looked what stays."""
LIMIT, EACH, CONSOLE = 300.0, 4.0, 120.0
"""MB that are allowed: at all, for each connection, and for the console."""


class Soaked(msgspec.Struct, frozen=True):
    """One phase: mails of one size, both ways together. MB; `rate` in mails a second."""

    size: str
    mails: int
    rate: float
    most: Memory
    console: float


class Soak:
    def __init__(self, peer: Peer, hop: Sink, connections: int) -> None:
        self._peer = peer
        self._hop = hop
        self._connections = connections
        self._number = 0

    async def phase(self, size: str, count: int) -> Soaked:
        """`count` mails of this size each way."""
        sent, working = 0, 0.0
        with Peaks(self._peer.group.pids) as peaks:
            while sent < count:
                batch = min(BATCH[size], count - sent)
                kind = KINDS[size][sent // BATCH[size] % len(KINDS[size])]
                working += await self._both(kind, batch)
                sent += batch
        return Soaked(size, 2 * sent, 2 * sent / working, peaks.most, peaks.console)

    async def _both(self, kind: str, count: int) -> float:
        """So many mails each way, at once; the seconds that it took until all have reached the sink."""
        before = self._hop.mails
        ways = {way: contents_for(kind, way, count, self._number) for way in ("inbound", "outbound")}
        self._number += count
        begin = time.monotonic()
        await asyncio.gather(
            *(send(load_for(self._peer, w, self._connections // 2), mails) for w, mails in ways.items())
        )
        await self._hop.reached(before + 2 * count, 120)
        return time.monotonic() - begin


async def run(order: list[str], counts: dict[str, int], connections: int, folder: Path) -> list[Soaked]:
    """The phases in this order, and a last one ("rest") of what stays when nothing comes any more."""
    async with sink() as hop, peers.sekisho(folder, hop.port) as peer:
        await peer.group.at_rest()
        found = [Soaked("start", 0, 0.0, now := held(peer.group.pids()), now.console)]
        soak = Soak(peer, hop, connections)
        for size in order:
            found.append(await soak.phase(size, counts[size]))
            print(_row(found[-1]), flush=True)
        await asyncio.sleep(REST)
        return [*found, Soaked("rest", 0, 0.0, now := held(peer.group.pids()), now.console)]


def shown(found: list[Soaked], connections: int, machine: str) -> str:
    """The table, with the day and the machine."""
    head = f"| {connections} connections | mails/s | all | gateway | examining | of it files | console |"
    allowed = f"{LIMIT + EACH * connections:.0f}"
    goal = f"| allowed | | {allowed} | | | | {CONSOLE:.0f} |"
    rows = [head, "|---" * 7 + "|", *map(_row, found), goal]
    return f"MB at the most of it; {date.today()}, {machine}\n\n" + "\n".join(rows) + "\n"


def _row(phase: Soaked) -> str:
    what = f"{phase.mails:,} {phase.size}" if phase.mails else f"at {phase.size}"
    rate = f"{phase.rate:.0f}" if phase.mails else ""
    most = phase.most
    return (
        f"| {what} | {rate} | {most.limited:.0f} | {most.gateway:.0f} | {most.examining:.0f} | {most.files:.0f}"
        f" | {phase.console:.0f} |"
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--order", default="small,large", help="sizes, one after the other")
    parser.add_argument("--small", type=int, default=10_000, help="mails of 10 kB each way")
    parser.add_argument("--large", type=int, default=300, help="mails of 5 MB each way")
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--save", action="store_true", help="into docs/performance.md")
    options = parser.parse_args(arguments)
    machine = f"{os.cpu_count()} processors, load before: {os.getloadavg()[0]:.1f}"
    print(usage.machine())
    counts = {"small": options.small, "large": options.large}
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir="/var/tmp") as name:
        work = run(options.order.split(","), counts, options.connections, Path(name) / "sekisho")
        try:
            found = uvloop.run(work)
        except Missing as error:
            raise SystemExit(str(error)) from None
    text = shown(found, options.connections, machine)
    print(text)
    if options.save:
        results.write(BEGIN, text)
    most = max(phase.most.limited for phase in found)
    if most > LIMIT + EACH * options.connections or max(p.console for p in found) > CONSOLE:
        raise SystemExit("more than is allowed")
