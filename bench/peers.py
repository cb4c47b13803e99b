"""How fast mail flows through, beside what others would put there: `python -m bench peers [--way inbound] [--only TEXT] …`.

Every peer relays to the same sink on loopback; in each round all of them do the same kind of mail one after the
other, with the same mails, none like another. What counts are the medians of the rounds' ratios to the plain
Postfix; absolute figures depend on the machine. A mail counts when the sink has it. CPU and memory are those of
all processes of a peer. The generator alone must be three times as fast as a peer, or the figure is not reported.

Postfix                     Debian's defaults, own instance and queue on the same disk; no filter, no TLS
Postfix + rspamd            as its milter, two processes, all checks that need no network and no Redis
Postfix + amavisd-new       eight children, banned files; no virus scanner, no SpamAssassin
Haraka                      hands on in line, keeps nothing; a process for each processor
Postfix + TLS, AUTH, DKIM   outbound: Dovecot for the password, opendkim
Sekisho, inbound            in line: all indicators, sandbox, a journal entry on disk for each mail; DNS off
Sekisho, outbound           TLS and AUTH, all controls, hold of 0 s, content and item on disk before 250, DKIM

Outbound all get their mails over kept connections. A peer that is not installed is left out, by name and package.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import msgspec
import uvloop

from bench.stand import peers, results, usage
from bench.stand.compiled import Missing
from bench.stand.kinds import KINDS, WARNED, contents_for, replay
from bench.stand.load import Mails, Refused
from bench.stand.measure import Figures, alone, load_for, measure
from bench.stand.peer import Peer
from bench.stand.results import ENOUGH, KEPT
from bench.stand.sink import Sink, sink


class Size(msgspec.Struct, frozen=True):
    """How many mails of a kind a round has at most, and over how many connections."""

    mails: int
    connections: int


SIZES = {
    "10 kB text": Size(3_000, 20),
    "100 kB + docx": Size(600, 10),
    "100 kB unknown": Size(600, 10),
    "5 MB picture": Size(50, 4),
    "5 MB unknown": Size(50, 4),
    "100 small parts": Size(300, 10),
    "newsletter 60 kB": Size(600, 10),
    "10 kB text" + WARNED: Size(3_000, 20),
    "newsletter 60 kB" + WARNED: Size(600, 10),
    "replay": Size(1_000, 10),
}


class Bench:
    """The peers of one direction, and what they did so far."""

    def __init__(self, way: str, sink: Sink, found: list[Peer], seconds: float, folder: Path | None) -> None:
        self.way = way
        self.rounds: dict[str, dict[str, list[Figures]]] = defaultdict(lambda: defaultdict(list))
        self.replies: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.alone: dict[str, float] = {}
        self._sink = sink
        self._peers = found
        self._seconds = seconds
        self._folder = folder
        self._paces: dict[tuple[str, str], float] = {}
        self._number = 0
        self.failed: dict[tuple[str, str], str] = {}

    def _contents(self, kind: str, count: int) -> list[bytes]:
        self._number += count
        if kind == "replay":
            assert self._folder is not None
            return replay(self._folder, count, self._number)
        return contents_for(kind, self.way, count, self._number)

    async def one(self, peer: Peer, cell: str, mails: Mails, count: int, rate: float = 0.0) -> Figures:
        kind = cell.removesuffix(KEPT)
        load = load_for(peer, self.way, 40 if rate else SIZES[kind].connections, rate, kept=cell != kind)
        load = replace(load, tolerant=kind == "replay")
        figures, result = await measure(peer, self._sink, load, mails, count)
        if not rate:
            self._paces[cell, peer.name] = figures.rate
            self.replies[cell, peer.name] += result.replies
        return figures

    async def warmed(self) -> None:
        """First connections, first forks, first pages; then whatever a peer still prepares (rspamd compiles)."""
        with Mails(self._contents("10 kB text", 60)) as mails:
            for peer in self._peers:
                await self.one(peer, "10 kB text", mails, 60)
        for peer in self._peers:
            await peer.group.at_rest()

    async def round(self, cells: list[str], turn: int) -> None:
        """Every cell once by every peer; who begins changes. A peer that fails with a kind is left out of it."""
        for cell in cells:
            kind = cell.removesuffix(KEPT)
            with Mails(self._contents(kind, SIZES[kind].connections)) as few:
                for peer in self._able(cell):  # how many it does in the time
                    if (cell, peer.name) not in self._paces:
                        await self._tried(peer, cell, few, few.count)
            able = self._able(cell)
            counts = {p.name: self._count(cell, p.name) for p in able}
            with Mails(self._contents(kind, max(counts.values()))) as mails:
                load = load_for(able[0], self.way, SIZES[kind].connections, kept=cell != kind)
                self.alone[cell] = max(self.alone.get(cell, 0.0), await alone(self._sink, load, mails))
                start = turn % len(able)
                for peer in able[start:] + able[:start]:
                    if figures := await self._tried(peer, cell, mails, counts[peer.name]):
                        self.rounds[cell][peer.name].append(figures)
            told = ", ".join(f"{n} {f[-1].rate:.0f}/s" for n, f in self.rounds[cell].items() if f)
            print(f"{self.way}, round {turn + 1}, {cell}: {told}", flush=True)

    def _able(self, cell: str) -> list[Peer]:
        return [p for p in self._peers if (cell, p.name) not in self.failed]

    async def _tried(self, peer: Peer, cell: str, mails: Mails, count: int) -> Figures | None:
        try:
            return await self.one(peer, cell, mails, count)
        except (Refused, TimeoutError) as error:
            self.failed[cell, peer.name] = str(error)
            self.rounds[cell].pop(peer.name, None)
            return None

    def _count(self, cell: str, name: str) -> int:
        """So many that it takes the seconds."""
        size = SIZES[cell.removesuffix(KEPT)]
        return min(size.mails, max(size.connections, round(self._paces[cell, name] * self._seconds)))

    async def half(self, count: int) -> dict[str, Figures]:
        """Postfix and Sekisho at half of the rate that Sekisho reached: reply times when nothing queues up."""
        cell = "10 kB text"
        rate = statistics.median(f.rate for f in self.rounds[cell]["Sekisho"]) / 2
        with Mails(self._contents(cell, count)) as mails:
            return {
                peer.name: await self.one(peer, cell, mails, count, rate)
                for peer in self._peers if peer.name in ("Postfix", "Sekisho")
            }  # fmt: skip


async def run(options: argparse.Namespace, way: str, folder: Path, machine: str) -> results.Way:
    cells = [
        k
        for k in KINDS
        if any(o in k for o in options.only) and not (way == "outbound" and k.endswith(WARNED))
    ]
    if options.only == [""] or "10 kB text" not in cells:
        cells = ["10 kB text", *(c for c in cells if c != "10 kB text")]
    if way == "inbound":
        cells.insert(1, "10 kB text" + KEPT)
        if options.replay:
            cells.append("replay")
    async with contextlib.AsyncExitStack() as stack:
        hop = await stack.enter_async_context(sink())
        found = []
        for number, (name, kind) in enumerate(peers.PEERS.items()):
            wanted = name in ("Postfix", "Sekisho") or any(o in name for o in options.peer)
            if way not in kind.ways or not wanted:
                continue
            try:
                found.append(
                    await stack.enter_async_context(kind.start(folder / f"{way}-{number}", hop.port))
                )
            except Missing as error:
                if name in ("Postfix", "Sekisho"):
                    raise
                print(f"left out: {name}: {error}")
        bench = Bench(way, hop, found, options.seconds, options.replay)
        await bench.warmed()
        begin = time.monotonic()
        for turn in range(options.rounds):
            if turn and (time.monotonic() - begin) * (turn + 1) / turn > options.minutes * 60:
                break  # another one would take longer than there is
            await bench.round(cells, turn)
        half = await bench.half(options.half)
        for (cell, name), why in bench.failed.items():
            print(f"left out: {name}, {way} {cell}: {why}")
        uncounted = not all(peer.group.exact for peer in found)
    return results.made(machine, bench.rounds, bench.replies, bench.alone, half, uncounted)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench peers", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--way", choices=("inbound", "outbound"), help="one direction only")
    parser.add_argument(
        "--only", action="append", help='kinds whose name contains this ("docx"); may be repeated'
    )
    parser.add_argument(
        "--peer", action="append", help="peers whose name contains this, beside Postfix; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="that each peer has for each kind in a round"
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="no round begins that would end later")
    parser.add_argument("--half", type=int, default=ENOUGH, help="mails at half load")
    parser.add_argument("--replay", type=Path, help="a folder of real mails, sent inbound too")
    parser.add_argument("--dir", type=Path, default=None, help="where spools and queues lie (a real disk)")
    parser.add_argument("--save", action="store_true", help="into bench/results.json and docs/performance.md")
    options = parser.parse_args(arguments)
    options.only = options.only or [""]
    options.peer = options.peer or [""]
    machine = usage.machine()
    print(machine)
    ways: dict[str, results.Way] = {}
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=options.dir or "/var/tmp") as name:
        Path(name).chmod(0o755)  # Postfix' processes are somebody else
        for way in (options.way,) if options.way else ("inbound", "outbound"):
            try:
                ways[way] = uvloop.run(run(options, way, Path(name), machine))
            except Missing as error:
                raise SystemExit(str(error)) from None
    print(results.shown(ways))
    for way, found in ways.items():
        print(
            f"{way}: the generator alone, mails/s: "
            + ", ".join(f"{k} {c.alone:.0f}" for k, c in found.cells.items())
        )
        if found.uncounted:
            print("no cgroup could be made: CPU figures lack threads that ended")
    if options.save:
        results.save(ways)
    if reasons := [
        f"{k}: {why}" for w in ways.values() for k, c in w.cells.items() if (why := results.slow(c))
    ]:
        raise SystemExit("not reported:\n" + "\n".join(reasons))
