"""Where the time goes: `python -m bench profile [--way inbound|outbound] [--only TEXT] [--mails N] [--top N]`.

Runs a gateway under cProfile with a load, then examines the same mails in this process, and prints the
functions that took most. cProfile sees the event loop's thread only, and makes small functions look dearer than
they are; what the workers do is what the second table shows.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import signal
import tempfile
import time
from pathlib import Path

import uvloop

from bench.examine import checkpoint
from bench.stand import peers, usage
from bench.stand.kinds import KINDS, contents_for
from bench.stand.load import send
from bench.stand.measure import load_for
from bench.stand.sink import sink
from filters.examine import run


async def _gateway(way: str, kind: str, count: int, folder: Path, into: Path) -> str:
    """Profile a gateway under load; its CPU and that of all its processes per mail."""
    async with (
        sink() as hop,
        peers.sekisho(folder, hop.port, through=("bench.stand.profiled", str(into))) as peer,
    ):
        await send(load_for(peer, way, 10), contents_for(kind, way, 20, 0))
        os.kill(peer.pid, signal.SIGUSR1)
        before, alone = usage.cpu(peer.pid), usage.own_cpu(peer.pid)
        await send(load_for(peer, way, 10), contents_for(kind, way, count, 100))
        await hop.reached(20 + count, 60)
        whole, alone = usage.cpu(peer.pid) - before, usage.own_cpu(peer.pid) - alone
        os.kill(peer.pid, signal.SIGUSR2)
        while not into.exists():
            await asyncio.sleep(0.1)
    return f"{way}, {kind}: {whole / count * 1e3:.2f} ms CPU per mail, {alone / count * 1e3:.2f} of it the gateway's (profiled)"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench profile", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--way", choices=("inbound", "outbound"), default="inbound")
    parser.add_argument("--only", default="10 kB", help='the first size whose name contains this ("docx")')
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--top", type=int, default=25)
    parser.add_argument("--by", choices=("tottime", "cumtime"), default="tottime")
    options = parser.parse_args(arguments)
    kind = next(k for k in KINDS if options.only in k)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir="/var/tmp") as name:
        into = Path(name) / "profile"
        print(uvloop.run(_gateway(options.way, kind, options.mails, Path(name) / "sekisho", into)))
        pstats.Stats(str(into)).sort_stats(options.by).print_stats(options.top)
    facts, prepared = checkpoint(options.way)
    contents = contents_for(kind, options.way, options.mails, 0)
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for content in contents:
        run(content, facts, prepared)
    profile.disable()
    print(f"the checkpoint, in process, {options.mails} mails")
    pstats.Stats(profile).sort_stats(options.by).print_stats(options.top)
