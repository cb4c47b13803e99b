"""What a second node brings: `python -m bench nodes [--way inbound] [--share 0.4] [--rounds N]`. Needs root.

One PostgreSQL, durable, and two nodes on it, each held to a share of one processor by its cgroup; database, generator and
sink have the rest of the machine. In each round the first node alone takes mails of 10 kB, then both at once.

mails/s        that reached the sink
node           ms of its share for each mail; both together where both take
database       ms of PostgreSQL's for each mail, of all its processes
transactions   that it committed for each mail, those that only read among them
kept           kB by which its database grew for each mail
log            kB that it wrote to its write-ahead log for each mail
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import uvloop

from bench.stand import peers, usage
from bench.stand.compiled import Missing
from bench.stand.kinds import contents_for
from bench.stand.load import Mails, send
from bench.stand.measure import load_for
from bench.stand.peer import Peer
from bench.stand.postgres import Server, postgres
from bench.stand.sink import Sink, sink

KIND = "10 kB text"
CONNECTIONS = 10
"""To each node."""
SECONDS = 12.0
"""For which each part of a round should take."""
GOAL = 1.8


class Turn(msgspec.Struct, frozen=True):
    """What one load did; all but `rate` for each mail."""

    rate: float
    node: float
    database: float
    transactions: float
    kept: float
    log: float


@contextlib.asynccontextmanager
async def nodes(folder: Path, hop: Sink, database: str, share: float) -> AsyncIterator[list[Peer]]:
    async with contextlib.AsyncExitStack() as stack:
        found = []
        for name in ("one", "two"):
            keys = f'seal_key_file = "{folder}/seal.key"\nkey_folder = "{folder}/keys"\n'
            head = f'node = "{name}"\nprocesses = 1\ndatabase = "{database}"\n{keys}'
            peer = peers.sekisho(folder / name, hop.port, head=head, share=share)
            found.append(await stack.enter_async_context(peer))
        yield found


async def turn(
    of: Sequence[Peer], hop: Sink, server: Server, way: str, mails: Sequence[Mails], count: int
) -> Turn:
    """So many mails to each of these nodes. Raises TimeoutError when not all of them reach the sink."""
    before, busy, database = hop.mails, [peer.group.cpu() for peer in of], server.group.cpu()
    transactions, kept, log = server.transactions(), server.size(), server.written()
    each = zip(of, mails, strict=False)
    results = await asyncio.gather(*(send(load_for(p, way, CONNECTIONS), m, count=count) for p, m in each))
    await hop.reached(before + count * len(of), 60)
    seconds = max(hop.last, *(r.end for r in results)) - min(r.begin for r in results)
    await asyncio.sleep(
        1.5
    )  # what is left to do belongs to the mails; PostgreSQL tells its figures once a second
    number = count * len(of)
    used = sum(peer.group.cpu() - cpu for peer, cpu in zip(of, busy, strict=True))
    return Turn(
        number / seconds,
        used * 1e3 / number,
        (server.group.cpu() - database) * 1e3 / number,
        (server.transactions() - transactions) / number,
        (server.size() - kept) / 1e3 / number,
        (server.written() - log) / 1e3 / number,
    )


async def run(way: str, share: float, rounds: int, folder: Path) -> tuple[list[Turn], list[Turn]]:
    """What the first node did alone, and what both did, round by round."""
    alone, both = list[Turn](), list[Turn]()
    with postgres(Path("/var/tmp")) as server:
        async with sink() as hop, nodes(folder, hop, server.url, share) as found:
            with contextlib.ExitStack() as stack:
                most = round(1_000 * share * SECONDS)
                mails = [stack.enter_context(Mails(contents_for(KIND, way, most, n * most))) for n in (1, 2)]
                warm = await turn(found, hop, server, way, mails, 60)
                count = 60
                for _ in range(2):  # each node is so fast, once it is warm
                    count = max(60, min(most, round(warm.rate / 2 * SECONDS)))
                    warm = await turn(found, hop, server, way, mails, min(count, 300))
                for number in range(rounds):
                    for first in (True, False) if number % 2 else (False, True):
                        if first:
                            alone.append(await turn(found[:1], hop, server, way, mails, count))
                        else:
                            both.append(await turn(found, hop, server, way, mails, count))
    return alone, both


def table(way: str, alone: Sequence[Turn], both: Sequence[Turn]) -> str:
    lines = [
        f"| {way}, 10 kB | mails/s | × one (goal {GOAL}) | node ms | database ms | transactions | kept kB | log kB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ratios = [b.rate / a.rate for a, b in zip(alone, both, strict=True)]
    for name, turns in (("one node", alone), ("two nodes", both)):
        rate, node, database, transactions, kept, log = (
            statistics.median(getattr(t, field) for t in turns) for field in Turn.__struct_fields__
        )
        ratio = f"{statistics.median(ratios):.2f}" if turns is both else ""
        lines.append(
            f"| {name} | {rate:.0f} | {ratio} | {node:.1f} | {database:.2f} | {transactions:.1f} | {kept:.1f} | {log:.1f} |"
        )
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench nodes", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--way", choices=("inbound", "outbound"), help="one of both")
    parser.add_argument("--share", type=float, default=0.4, help="of a processor, for each node")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", type=Path, default=None, help="where state folders lie (a real disk)")
    options = parser.parse_args(arguments)
    print(usage.machine())
    for way in [options.way] if options.way else ["inbound", "outbound"]:
        with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=options.dir or "/var/tmp") as name:
            try:
                alone, both = uvloop.run(run(way, options.share, options.rounds, Path(name)))
            except Missing as error:
                raise SystemExit(f"not measured: {error}") from error
        print(table(way, alone, both), flush=True)
