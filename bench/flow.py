"""How fast mail flows through, beside a plain Postfix: `python -m bench flow [--full] [--only TEXT] [--json FILE]`.

Both relay to the same smtp-sink on loopback, in the same run, one after the other in each round; the ratios of
the medians are what counts, the absolute figures depend on the machine. CPU is that of all processes of a
peer; memory too, shared pages counted once. A mail counts when the sink has it.

Postfix     Debian's, own instance and queue on the same disk; no filters, no TLS
inbound     in line: all indicators, workers in their sandbox, a journal entry on disk per mail; DNS off (no SPF, DKIM, DMARC)
outbound    TLS + AUTH (once per connection), all controls, hold of 0 s: content, item and journal entry
            committed before 250, DKIM-signed (RSA-2048), delivered by the dispatcher
            Postfix gets its mails over kept plain connections then.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop

from bench.stand import peers, usage
from bench.stand.load import Load, send
from bench.stand.mails import KINDS, OUTSIDER, SENDER, mails
from bench.stand.peers import Peer, Sink

GOALS = {"10 kB text": 1.5, "100 kB + docx": 0.8, "5 MB + picture": 1.2}


class Size(msgspec.Struct, frozen=True):
    """How many mails of a kind go over how many connections in a round."""

    mails: int
    connections: int


QUICK = {"10 kB text": Size(400, 20), "100 kB + docx": Size(120, 10), "5 MB + picture": Size(16, 4)}
FULL = {"10 kB text": Size(1500, 20), "100 kB + docx": Size(400, 10), "5 MB + picture": Size(60, 4)}
TINY = {"10 kB text": Size(6, 2), "100 kB + docx": Size(3, 2)}


class Figures(msgspec.Struct, frozen=True):
    """What one peer did in one round: mails/s, CPU ms per mail, reply times (ms), memory (MB)."""

    rate: float
    cpu: float
    p50: float
    p99: float
    memory: float


async def measure(peer: Peer, sink: Sink, contents: Sequence[bytes], load: Load) -> Figures:
    before, cpu = sink.mails, 0.0

    def opened() -> None:
        nonlocal cpu
        cpu = usage.cpu(peer.pid)

    with usage.Peak(peer.pid) as peak:
        result = await send(load, contents, opened)
        await sink.reached(before + len(contents), 60)
        seconds = time.perf_counter() - result.begin
        await asyncio.sleep(0.3)  # what is left to do after the delivery belongs to the mail
        used = usage.cpu(peer.pid) - cpu
    return Figures(
        len(contents) / seconds,
        used / len(contents) * 1e3,
        result.at(0.5) * 1e3,
        result.at(0.99) * 1e3,
        peak.bytes / 1e6,
    )


def load_for(peer: Peer, way: str, connections: int, rate: float = 0.0) -> Load:
    outbound = way == "outbound"
    return Load(
        peer.ports[way],
        SENDER if outbound else OUTSIDER,
        OUTSIDER if outbound else SENDER,
        connections,
        kept=outbound,
        login=("taro", peers.PASSWORD) if outbound and peer.name == "Sekisho" else None,
        rate=rate,
    )


def contents_for(kind: str, way: str, count: int, first: int) -> list[bytes]:
    pair = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
    return list(mails(kind, count, *pair, first=first))


async def run(sizes: dict[str, Size], rounds: int, ways: Sequence[str], folder: Path) -> dict[str, object]:
    """All rounds. (way, kind, peer) -> medians; "half": reply times at half of the rate that was reached."""
    seen: dict[tuple[str, str, str], list[Figures]] = defaultdict(list)
    half: dict[str, Figures] = {}
    number = 0
    async with (
        peers.sink() as sink,
        peers.postfix(folder / "postfix", sink.port) as postfix,
        peers.sekisho(folder / "sekisho", sink.port) as sekisho,
    ):
        for peer in (postfix, sekisho):  # first connections, first forks, first pages
            for way in ways:
                number += 20
                await measure(peer, sink, contents_for("10 kB text", way, 20, number), load_for(peer, way, 4))
        for _ in range(rounds):
            for kind, size in sizes.items():
                for way in ways:
                    for peer in (postfix, sekisho):
                        number += size.mails
                        contents = contents_for(kind, way, size.mails, number)
                        load = load_for(peer, way, size.connections)
                        seen[way, kind, peer.name].append(await measure(peer, sink, contents, load))
        kind = "10 kB text"
        for way in ways:
            rate = statistics.median(f.rate for f in seen[way, kind, "Sekisho"]) / 2
            count = max(6, sizes[kind].mails // 2)
            number += count
            load = load_for(sekisho, way, 40, rate)
            half[way] = await measure(sekisho, sink, contents_for(kind, way, count, number), load)
    noted = peers.log_of(folder / "sekisho")
    medians = {
        key: Figures(
            *(statistics.median(getattr(f, name) for f in found) for name in Figures.__struct_fields__)
        )
        for key, found in seen.items()
    }
    return {"medians": medians, "half": half, "noted": noted}


def table(found: dict[str, object], sizes: dict[str, Size], ways: Sequence[str]) -> str:
    medians: dict[tuple[str, str, str], Figures] = found["medians"]  # type: ignore[assignment]
    half: dict[str, Figures] = found["half"]  # type: ignore[assignment]
    lines = [
        "| way | mail | × Postfix | goal | mails/s (Postfix) | CPU ms/mail (Postfix) | p50 ms (Postfix) | p99 ms (Postfix) | MB (Postfix) |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for way in ways:
        for kind in sizes:
            ours, theirs = medians[way, kind, "Sekisho"], medians[way, kind, "Postfix"]
            pairs = " | ".join(
                f"{getattr(ours, name):.{digits}f} ({getattr(theirs, name):.{digits}f})"
                for name, digits in (("rate", 0), ("cpu", 1), ("p50", 1), ("p99", 1), ("memory", 0))
            )
            lines.append(f"| {way} | {kind} | **{ours.rate / theirs.rate:.2f}** | {GOALS[kind]} | {pairs} |")
    for way, figures in half.items():
        lines.append(
            f"\n{way}, 10 kB at half load ({figures.rate:.0f}/s): p50 {figures.p50:.1f} ms, p99 {figures.p99:.1f} ms (goal 25)"
        )
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench flow", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="five rounds of more mails (some minutes)")
    parser.add_argument("--tiny", action="store_true", help="a handful of mails: only shows that it runs")
    parser.add_argument("--only", default="", help='sizes whose name contains this ("10 kB")')
    parser.add_argument("--way", choices=("inbound", "outbound"), help="one direction only")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument(
        "--dir", type=Path, default=None, help="where the spool and the queue lie (a real disk)"
    )
    options = parser.parse_args(arguments)
    sizes = TINY if options.tiny else FULL if options.full else QUICK
    # the half-load figure needs the first kind
    sizes = {k: v for k, v in sizes.items() if k in KINDS and (options.only in k or k == "10 kB text")}
    ways = (options.way,) if options.way else ("inbound", "outbound")
    rounds = options.rounds or (5 if options.full else 1 if options.tiny else 2)
    print(usage.machine())
    print(
        f"{rounds} rounds; mails × connections: "
        + ", ".join(f"{k} {v.mails} × {v.connections}" for k, v in sizes.items())
    )
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=options.dir or "/var/tmp") as name:
        Path(name).chmod(0o755)  # Postfix' processes are somebody else
        try:
            found = uvloop.run(run(sizes, rounds, ways, Path(name)))
        except peers.Missing as error:
            raise SystemExit(str(error)) from None
    print(table(found, sizes, ways))
    if found["noted"]:
        print(f"the gateway's log has: {sorted(set(found['noted']))}")  # type: ignore[call-overload]
