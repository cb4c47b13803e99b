"""The console's process: walled off in earnest, started again, ended with its node; mail does not wait for it."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from config.console import ConsoleSection
from gateway.locked import probes, sandbox
from gateway.service import wire
from gateway.web import supervisor
from gateway.web.address import ConsoleAddress
from gateway.web.setup import ConsoleSetup, told
from gateway.web.supervisor import ConsoleProcess
from quarantine.service.service import Service, of
from storage.interfaces import StoreError
from tests.console.conftest import full, place
from tests.console.premises import Premises, session
from tests.services.zygotes import quickly

__all__ = ["full", "place"]

pytestmark = pytest.mark.timeout(120)
WALLS = sandbox.walls()


def setup_of(**more: Any) -> ConsoleSetup:
    section = ConsoleSection(port=0).model_dump(mode="json")
    return ConsoleSetup("n1", "info", section, WALLS, **more)


@pytest.fixture
def forked() -> Iterator[None]:
    """For what is about the node's end: a start as the product makes it is two seconds of work."""
    with quickly():
        yield


@asynccontextmanager
async def running(
    place: Premises, offer: Any = None, pauses: tuple[float, ...] = (0.01,)
) -> AsyncIterator[tuple[ConsoleProcess, httpx2.AsyncClient]]:
    address = ConsoleAddress(ConsoleSection(port=0))
    console = ConsoleProcess(address.socket, setup_of(), offer or of(place.parts), Service, pauses)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(console.run())
        async with httpx2.AsyncClient(base_url=address.url, timeout=60) as client:
            try:
                yield console, client
            finally:
                await console.stop()
    address.close()


async def test_a_person_is_served_by_another_process(full: Premises) -> None:
    token = await session(full.parts, "default", "hanako", full.now[0])
    async with running(full) as (console, client):
        client.cookies.set("sekisho-session", token)
        page = await client.get("/mail/timed")
        assert page.status_code == 200
        assert "見積書の送付" in page.text
        assert "見積書.pdf" in page.text, "its text and its list of files are read there"
        assert (await client.get("/static/console.css")).status_code == 200
        assert (await client.get("/static/../app.py")).status_code == 404
        assert console.pid is not None
        status = Path(f"/proc/{console.pid}/status").read_text()
        assert "Seccomp:\t2" in status or "seccomp" not in WALLS
        assert "NoNewPrivs:\t1" in status or not WALLS


@pytest.mark.skipif(set(WALLS) != {"seccomp", "landlock"}, reason="a kernel without Landlock or seccomp")
async def test_the_process_itself_tries_to_break_out(tmp_path: Path) -> None:
    """Files, the database's among them, other sockets, other programs, other processes: from behind its walls."""
    bait_file = tmp_path / "sekisho.db"
    bait_file.write_bytes(b"bait")
    ours, theirs = socket.socketpair()
    listening = socket.create_server(("127.0.0.1", 0))
    with (
        ours,
        theirs,
        listening,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        unix.bind(str(tmp_path / "service"))
        unix.listen()
        bait = probes.Bait(
            os.getpid(),
            str(bait_file),
            tcp.getsockname()[1],
            udp.getsockname()[1],
            unix.getsockname().encode(),
        )
        process = await supervisor.started(theirs.fileno(), listening.fileno())
        theirs.close()
        ours.sendall(told(setup_of(bait=msgspec.structs.asdict(bait))))
        answer = await asyncio.to_thread(ours.recv, 1 << 16)
        result = msgspec.msgpack.decode(answer, type=probes.Result)
        assert await process.wait() == 0
        udp.close()
    assert result.succeeded == ()
    assert set(result.refused) == set(probes.PROBES)


@pytest.mark.usefixtures("forked")
async def test_it_is_started_again_and_the_node_lives_on(place: Premises) -> None:
    async with running(place) as (console, client):
        for _ in range(2):
            assert (await client.get("/login")).status_code == 200
            pid = console.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            while console.pid == pid:
                await asyncio.sleep(0.01)
        assert (await client.get("/login")).status_code == 200, "connections wait for the next one"


@pytest.mark.usefixtures("forked")
async def test_it_says_in_both_languages_that_nobody_answers(place: Premises) -> None:
    class Away:
        async def who(self, host: str = "") -> None:
            raise StoreError("the database is away")

    async with running(place, lambda token: Away()) as (_, client):
        for language, words in (("ja", 'lang="ja"'), ("en", 'lang="en"')):
            page = await client.get("/mail", headers={"accept-language": language})
            assert page.status_code == 503
            assert words in page.text
            assert "database" not in page.text


@pytest.mark.usefixtures("forked")
async def test_what_it_sends_wrong_ends_it(place: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of somebody else's is ended, not only its connection."""
    async with running(place) as (console, client):
        assert (await client.get("/login")).status_code == 200
        pid = console.pid
        assert pid is not None
        monkeypatch.setattr(console, "_methods", {})  # of the next one: no verb is known
        os.kill(pid, signal.SIGKILL)
        while console.pid == pid:
            await asyncio.sleep(0.01)
        with suppress(httpx2.HTTPError):
            await client.get("/login")
        second = console.pid
        while second is not None and console.pid == second:
            await asyncio.sleep(0.01)
            with suppress(httpx2.HTTPError):
                await client.get("/login")


async def test_its_memory_is_bounded(place: Premises) -> None:
    async with running(place) as (console, client):
        assert (await client.get("/login")).status_code == 200
        status = Path(
            f"/proc/{console.pid}/status"
        ).read_text()  # of a locked process only root may read more
        own = int(next(line for line in status.splitlines() if line.startswith("RssAnon:")).split()[1])
        assert 5 << 10 < own < 120 << 10, "kB"


@pytest.mark.usefixtures("forked")
async def test_one_that_does_not_listen_is_ended(place: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ENDING", 0.1)
    async with running(place) as (console, client):
        assert (await client.get("/login")).status_code == 200
        assert console.pid is not None
        os.kill(console.pid, signal.SIGSTOP)
    assert console.pid is None


async def test_stopping_takes_no_longer_than_an_answer(place: Premises) -> None:
    began = time.monotonic()
    async with running(place) as (_, client):
        assert (await client.get("/login")).status_code == 200
    assert time.monotonic() - began < 100  # it did end
    with pytest.raises(httpx2.HTTPError):
        async with httpx2.AsyncClient() as another:
            await another.get(str(client.base_url))


def test_no_secret_stands_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    found = supervisor._environment(
        {"PATH": "/bin", "SEKISHO_S3__SECRET": "x", "TZ": "UTC", "LD_PRELOAD": "y"}
    )
    assert found == {"PATH": "/bin", "TZ": "UTC", "LANG": "C.UTF-8"}
    assert wire.methods(Service)
