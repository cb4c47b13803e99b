"""What strangers' attacks do to honest mail: `python -m bench attack [--rate N] [--mails N] [--only NAME]`.

Honest mail of 10 kB arrives at a steady pace, from one address; the reply to its final dot is timed. In turn nothing else
happens, and one attack goes on from other addresses, so that no share of one client stops it. What counts is by how
much the reply time that 99 of 100 mails keep is moved.

hostile     one mail a second that is made to be expensive, each from a network of its own, of all kinds in turn
strangers   20 sessions that have got as far as DATA and send an octet now and then
requests    1,100 connections to the console with half a request each
bomb        archives in archives with 21.6 GB of zeros in the end, one mail of 6 kB after the other
large       mails of 50 MB, a picture, one after the other
"""

import argparse
import asyncio
import contextlib
import io
import random
import resource
import statistics
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import uvloop

from bench.stand import peers, usage
from bench.stand.kinds import contents_for
from bench.stand.load import Load, Refused, send
from bench.stand.mails import OUTSIDER, SENDER, jpeg, mail, part
from bench.stand.peer import Peer
from bench.stand.sink import Sink, sink

STRANGERS, REQUESTS = 20, 1_100
ALLOWED = 100.0
"""Milliseconds by which an attack may move the 99th percentile."""
_OCTETS = "application/octet-stream"


def _zeros() -> bytes:
    """Archives in archives, with 100 MB of zeros in the end."""
    content = bytes(100_000_000)
    for level in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(1 if level == 0 else 6):
                archive.writestr(f"{level}-{copy}.zip", content)
        content = out.getvalue()
    return part(content, "application/zip", "zeros.zip")


def _unlisted() -> bytes:
    """A PDF of many objects without a table of where they are."""
    objects = b"".join(b"%d 0 obj\n<</Type/Page/Parent 1 0 R>>\nendobj\n" % n for n in range(20_000))
    return part(b"%PDF-1.7\n" + objects + b"trailer\n<</Root 1 0 R>>\n", "application/pdf", "unlisted.pdf")


def _nested() -> bytes:
    return part(b"<div>" * 9_900 + b"deep", "text/html; charset=utf-8")


def _patterns() -> bytes:
    pieces = (
        b"090-" * 9_000,
        b"a.b@" * 9_000,
        b"www." * 9_000,
        b"=cmd|" * 9_000,
        b"1,2;" * 9_000,
        b"_ A" * 9_000,
    )
    return part(b"\n".join(pieces), "text/plain; charset=utf-8")


def _runs() -> bytes:
    """Eight million octets of no known kind that look like text of two octets a character, and are none."""
    return part(b"\x01a\x00b\x02" * 1_600_000, _OCTETS, "runs.bin")


def _large() -> bytes:
    """As much as a listener takes (50 MB with its base64)."""
    return part(jpeg(random.Random(50), 36_000_000), "image/jpeg", "large.jpg")


_KINDS: tuple[Callable[[], bytes], ...] = (_zeros, _unlisted, _nested, _patterns, _runs)


def hostile() -> Iterator[bytes]:
    """Mails that are made to be expensive, of every kind in turn."""
    made = [kind() for kind in _KINDS]
    for number in count():
        yield mail(10_000_000 + number, OUTSIDER, SENDER, [made[number % len(made)]])


async def _hostile(peer: Peer) -> None:
    async with asyncio.TaskGroup() as group:
        for number, content in enumerate(hostile()):
            load = Load(peer.ports["inbound"], OUTSIDER, SENDER, 1, source=f"127.66.{number % 250 + 1}.1")
            group.create_task(_sent(load, content))
            await asyncio.sleep(1.0)


async def _sent(load: Load, content: bytes) -> None:
    with contextlib.suppress(
        Refused, OSError, TimeoutError
    ):  # held, refused, asked to come again: all the same here
        await send(load, [content])


async def _one_after_the_other(peer: Peer, made: bytes) -> None:
    for number in count():
        load = Load(peer.ports["inbound"], OUTSIDER, SENDER, 1, source=f"127.55.{number % 250 + 1}.1")
        await _sent(load, mail(20_000_000 + number, OUTSIDER, SENDER, [made]))


async def _bomb(peer: Peer) -> None:
    await _one_after_the_other(peer, await asyncio.to_thread(_zeros))


async def _large_mails(peer: Peer) -> None:
    await _one_after_the_other(peer, await asyncio.to_thread(_large))


async def _strangers(peer: Peer) -> None:
    async def one(number: int) -> None:
        source = (f"127.77.{number}.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", peer.ports["inbound"], local_addr=source)
        try:
            envelope = f"EHLO x.example\r\nMAIL FROM:<{OUTSIDER}>\r\nRCPT TO:<{SENDER}>\r\nDATA\r\n"
            writer.write(envelope.encode())
            while not (await reader.readline()).startswith((b"354", b"4", b"5")):
                pass
            while True:
                writer.write(b"x")
                await asyncio.sleep(2.0)
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        for number in range(STRANGERS):
            group.create_task(_again(one, number + 1))


async def _requests(peer: Peer) -> None:
    async def one(number: int) -> None:
        source = (f"127.88.{number % 250 + 1}.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", peer.ports["console"], local_addr=source)
        try:
            writer.write(b"GET /login HTTP/1.1\r\nHost: x")
            await reader.read()
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        for number in range(REQUESTS):
            group.create_task(_again(one, number))


async def _again(attempt: Callable[[int], object], number: int) -> None:
    """Whoever is thrown out comes again."""
    while True:
        with contextlib.suppress(OSError):
            await attempt(number)  # type: ignore[misc]
        await asyncio.sleep(0.5)


ATTACKS = {
    "hostile": _hostile, "strangers": _strangers, "requests": _requests, "bomb": _bomb, "large": _large_mails,
}  # fmt: skip


@contextlib.asynccontextmanager
async def under(attack: str, peer: Peer) -> AsyncIterator[None]:
    """While this is open the attack goes on; "": nothing does."""
    if not attack:
        yield
        return
    task = asyncio.ensure_future(ATTACKS[attack](peer))
    await asyncio.sleep(2.0)
    try:
        if task.done():
            task.result()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def run(
    attacks: list[str], rate: float, mails: int, rounds: int, folder: Path
) -> dict[str, list[float]]:
    """Reply times of honest mail in milliseconds, by attack; "" is none."""
    seen: dict[str, list[float]] = {name: [] for name in ("", *attacks)}
    number = 0
    async with sink() as hop, peers.sekisho(folder / "sekisho", hop.port) as peer:
        await _honest(peer, hop, rate, 200, 0)  # first connections, first forks
        for _ in range(rounds):
            for name in attacks:
                for attack in ("", name):
                    number += mails
                    async with under(attack, peer):
                        seen[attack] += await _honest(peer, hop, rate, mails, number)
    return seen


async def _honest(peer: Peer, sink: Sink, rate: float, mails: int, first: int) -> list[float]:
    load = Load(peer.ports["inbound"], OUTSIDER, SENDER, 60, rate=rate)
    result = await send(load, contents_for("10 kB text", "inbound", mails, first))
    return [seconds * 1e3 for seconds in result.replies]


def at(replies: list[float], share: float) -> float:
    return sorted(replies)[min(len(replies) - 1, int(share * len(replies)))]


def table(seen: dict[str, list[float]]) -> str:
    lines = ["| attack | mails | p50 ms | p99 ms | p99 moved by (allowed) |", "|---|---|---|---|---|"]
    quiet = at(seen[""], 0.99)
    for name, replies in seen.items():
        moved = f"{at(replies, 0.99) - quiet:+.1f} ({ALLOWED:.0f})" if name else ""
        p50, p99 = statistics.median(replies), at(replies, 0.99)
        lines.append(f"| {name or 'none'} | {len(replies)} | {p50:.1f} | {p99:.1f} | {moved} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench attack", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=60.0, help="honest mails a second")
    parser.add_argument("--mails", type=int, default=2_000, help="honest mails of each part of a round")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", choices=ATTACKS, help="one attack")
    parser.add_argument("--dir", type=Path, default=None, help="where the spool lies (a real disk)")
    options = parser.parse_args(arguments)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8_192), most))
    print(usage.machine())
    attacks = [options.only] if options.only else list(ATTACKS)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=options.dir or "/var/tmp") as name:
        seen = uvloop.run(run(attacks, options.rate, options.mails, options.rounds, Path(name)))
    print(table(seen))
