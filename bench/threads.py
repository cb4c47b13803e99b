"""CPU per mail by thread of the gateway: `python -m bench threads [--way inbound|outbound] [--only TEXT] [--mails N] [--rounds N]`.

Nothing is profiled, so the figures are true: the event loop, the database's writer, the other threads together,
and the examining processes. Figures of one run move with what else the machine does; compare runs that alternate.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import uvloop

from bench.stand import peers, usage
from bench.stand.kinds import KINDS, contents_for
from bench.stand.load import send
from bench.stand.measure import load_for
from bench.stand.peer import Peer
from bench.stand.sink import sink


async def _run(
    way: str,
    kind: str,
    count: int,
    rounds: int,
    folder: Path,
    start: Callable[..., AbstractAsyncContextManager[Peer]],
) -> None:
    async with sink() as hop, start(folder, hop.port) as peer:
        sent = 100  # first connections, first forks, first pages
        await send(load_for(peer, way, 10), contents_for(kind, way, sent, 0))
        await hop.reached(sent, 60)
        for _ in range(rounds):
            before: dict[str, float] = {}
            result = await send(
                load_for(peer, way, 20),
                contents_for(kind, way, count, sent),
                lambda before=before: before.update(usage.by_thread(peer.pid)),  # type: ignore[misc]
            )
            sent += count
            await hop.reached(sent, 120)
            await asyncio.sleep(0.3)
            after = usage.by_thread(peer.pid)
            used = {name: (after[name] - before.get(name, 0.0)) / count * 1e3 for name in after}
            told = ", ".join(f"{name} {ms:.2f}" for name, ms in used.items())
            print(
                f"{way}, {kind}: {sum(used.values()):.2f} ms CPU per mail: {told};"
                f" p50 {result.at(0.5) * 1e3:.0f} ms, load {os.getloadavg()[0]:.1f}"
            )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench threads", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--way", choices=("inbound", "outbound"), default="inbound")
    parser.add_argument("--only", default="10 kB", help='the first size whose name contains this ("docx")')
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    kind = next(k for k in KINDS if options.only in k)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir="/var/tmp") as name:
        uvloop.run(
            _run(options.way, kind, options.mails, options.rounds, Path(name) / "sekisho", peers.sekisho)
        )
