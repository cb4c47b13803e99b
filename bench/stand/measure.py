"""One peer under one load: how fast, at what cost."""

import asyncio

import msgspec

from bench.stand.load import Load, Mails, Result, send
from bench.stand.mails import OUTSIDER, SENDER
from bench.stand.peer import PASSWORD, Peer
from bench.stand.sink import Sink
from bench.stand.usage import Peak


class Figures(msgspec.Struct, frozen=True):
    """What one peer did under one load.

    mails      that it took
    rate       mails a second, from the first to the last that reached the sink
    cpu        ms on a processor for each mail, of all its processes, until 0.3 s after the last reached the sink
    delay      ms for each mail in which its threads were ready to run and waited for a processor
    p50, p99   ms from the last octet to the reply
    memory     most MB, shared pages counted once
    generator  ms of the generator for each mail
    kept_back  mails that were taken and did not reach the sink (a replay only)
    refused    mails that were not taken (a replay only)
    """

    mails: int
    rate: float
    cpu: float
    delay: float
    p50: float
    p99: float
    memory: float
    generator: float
    kept_back: int = 0
    refused: int = 0


def load_for(peer: Peer, way: str, connections: int, rate: float = 0.0, *, kept: bool = False) -> Load:
    """Outbound mail comes over kept connections, by TLS and AUTH where the peer wants them."""
    outbound = way == "outbound"
    return Load(
        peer.ports[way],
        SENDER if outbound else OUTSIDER,
        OUTSIDER if outbound else SENDER,
        connections,
        kept=outbound or kept,
        login=("taro", PASSWORD) if outbound and peer.login else None,
        rate=rate,
    )


async def measure(peer: Peer, sink: Sink, load: Load, mails: Mails, count: int) -> tuple[Figures, Result]:
    """The first `count` of the mails. Raises TimeoutError when not all of them reach the sink, unless the load is
    tolerant; then what has not come within two seconds of silence was kept back."""
    before, cpu = sink.mails, 0.0
    delays: dict[int, float] = {}

    def opened() -> None:
        nonlocal cpu
        delays.update(peer.group.delays())
        cpu = peer.group.cpu()

    with Peak(peer.group.memory) as peak:
        result = await send(load, mails, opened, count)
        taken = len(result.replies)
        try:
            await sink.reached(before + taken, 2 if load.tolerant else 60)
        except TimeoutError as error:
            if not load.tolerant:
                raise TimeoutError(f"{peer.name}: {error}") from None
        arrived = sink.mails - before
        seconds = max(sink.last if arrived else 0.0, result.end) - result.begin
        await asyncio.sleep(0.3)  # what is left to do after the delivery belongs to the mail
        cpu = peer.group.cpu() - cpu
        waited = sum(d - delays.get(thread, 0.0) for thread, d in peer.group.delays().items())
    each = 1e3 / max(1, taken)
    return Figures(
        taken, taken / seconds, cpu * each, waited * each, result.at(0.5) * 1e3, result.at(0.99) * 1e3,
        peak.bytes / 1e6, result.used * each, taken - arrived, result.refused,
    ), result  # fmt: skip


async def alone(sink: Sink, load: Load, mails: Mails) -> float:
    """Mails a second that the generator hands to the sink with nobody between them."""
    direct = Load(sink.port, load.sender, load.recipient, load.connections, kept=load.kept)
    before = sink.mails
    result = await send(direct, mails)
    await sink.reached(before + mails.count, 10)
    return mails.count / (max(sink.last, result.end) - result.begin)
