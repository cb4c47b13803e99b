"""The gateway's end, without a pool around it; one worker is played by the test."""

import asyncio
import os
import socket
import subprocess
from types import SimpleNamespace

import msgspec
import pytest

from config.policies import TenantPolicies, as_policies
from config.policy import ConfigError, Policy
from filters.examined import Examined
from filters.extract.budget import APART
from gateway.locked import channel
from gateway.locked.channel import ANSWER, EXAMINED, Setup
from gateway.locked.zygote import SLOW_NICE, Ended, Worker, Zygote


def setup(**changes: object) -> Setup:
    plain = Setup("tests.gateway.hostile", as_policies(Policy(version="p1")), (), 512 << 20)
    return msgspec.structs.replace(plain, **changes)


async def test_it_forks_and_ends_workers() -> None:
    zygote = await Zygote.start(setup(), None)
    try:
        sock, started = zygote.fork()
        with sock:
            pid = (await started).pid
            os.kill(pid, 0)
            ended = zygote.end(pid)
            assert ended is not None
            assert os.waitstatus_to_exitcode((await ended).status) == -9
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
    finally:
        zygote.close()
    with pytest.raises(OSError):
        zygote.fork()
    assert zygote.end(pid) is None


async def test_losing_it_is_told_once_and_answers_what_waits() -> None:
    zygote = await Zygote.start(setup(), None)
    lost = asyncio.Event()
    zygote.on_lost = lost.set
    zygote._process.kill()
    await asyncio.wait_for(lost.wait(), 10)
    assert not zygote.alive
    zygote.close()


async def test_what_the_policy_lacks_is_told() -> None:
    with pytest.raises(ConfigError, match="the policy is wrong"):
        await Zygote.start(setup(policy=as_policies(Policy(version="wrong"))), None)
    with pytest.raises(ConfigError, match="the policy is wrong"):
        await Zygote.start(
            setup(policy=TenantPolicies(Policy(version="p1"), {"acme": Policy(version="wrong")})), None
        )


class Played:
    """A Worker whose other end is in the test's hands."""

    def __init__(self) -> None:
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self.worker = Worker(ours, 0, SimpleNamespace(alive=True))  # type: ignore[arg-type]

    def ask(
        self, seconds: float = 5.0, mail: bytes = b"mail"
    ) -> "asyncio.Future[tuple[int, bytes, memoryview]]":
        return asyncio.ensure_future(self.worker.ask(b"facts", mail, -1, len(mail), seconds, lambda _: b""))

    def close(self) -> None:
        self.worker.close()
        self.theirs.close()


@pytest.fixture
async def played() -> Played:  # type: ignore[misc]
    both = Played()
    yield both  # type: ignore[misc]
    both.close()


async def test_an_answer_may_come_in_crumbs(played: Played) -> None:
    asking = played.ask()
    await asyncio.sleep(0)
    assert played.theirs.recv(100) == channel.REQUEST.pack(5, 4, 0) + b"factsmail"
    head = msgspec.msgpack.encode(channel.Answer(Examined()))
    for byte in ANSWER.pack(EXAMINED, len(head), 3) + head + b"abc":
        played.theirs.sendall(bytes([byte]))
        await asyncio.sleep(0)
    assert tuple(await asking) == (EXAMINED, head, b"abc")
    assert played.worker.served == 1


async def test_a_large_request_waits_for_its_reader(played: Played) -> None:
    mail = os.urandom(3_000_000)
    asking = played.ask(mail=mail)
    got = b""
    played.theirs.setblocking(False)
    while len(got) < channel.REQUEST.size + 5 + len(mail):
        await asyncio.sleep(0)
        try:
            got += played.theirs.recv(1 << 20)
        except BlockingIOError:
            continue
    assert got.endswith(mail)
    played.theirs.close()
    with pytest.raises(Ended, match="died"):
        await asking


@pytest.mark.parametrize(
    "said",
    [
        ANSWER.pack(EXAMINED, channel.MAX_STRUCTURED + 1, 0),
        ANSWER.pack(EXAMINED, 1, (16 << 20) + APART + 9),
        ANSWER.pack(EXAMINED, 1, 0) + b"ab",
        b"\xff" * 100,
    ],
)
async def test_impossible_sizes_are_nonsense(played: Played, said: bytes) -> None:
    asking = played.ask()
    await asyncio.sleep(0)
    played.theirs.sendall(said)
    with pytest.raises(Ended, match="nonsense"):
        await asking


async def test_silence_ends_at_the_limit(played: Played) -> None:
    with pytest.raises(Ended, match="time"):
        await played.ask(0.05)


async def test_a_slow_worker_goes_behind_the_others(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.locked.zygote.SLOW_SECONDS", 0.05)
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        played.worker.pid = sleeper.pid
        asking = played.ask(10)
        while not played.worker.slow:
            await asyncio.sleep(0.01)
        ours = os.getpriority(os.PRIO_PROCESS, 0)  # whoever starts us may have made us nice already
        assert os.getpriority(os.PRIO_PROCESS, sleeper.pid) == min(19, ours + SLOW_NICE)
        played.theirs.close()
        with pytest.raises(Ended, match="died"):
            await asking
        sleeper.kill()


@pytest.mark.parametrize("said", [b"", b"x"])
async def test_talking_or_ending_without_being_asked_is_told(played: Played, said: bytes) -> None:
    told = asyncio.Event()
    played.worker.on_idle_end = lambda worker: (worker.close(), told.set())  # type: ignore[func-returns-value,assignment]
    if said:
        played.theirs.sendall(said)
    else:
        played.theirs.close()
    await asyncio.wait_for(told.wait(), 5)
