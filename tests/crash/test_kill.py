"""kill -9 anywhere between DATA and the record of the delivery, in both directions (T01, T03, T08).

Promised mail is never lost; what arrives twice was under way at a kill, or was sent again by a client that had
heard nothing; what has to be stopped is stopped; the journal's chain stays whole.
"""

import asyncio
import itertools
import random
import threading
import time
from pathlib import Path

import pytest

from storage import journal
from storage.database import open_database
from tests.crash.harness import Site
from tests.crash.inject import kill_at, most
from tests.crash.mails import INBOUND, OUTBOUND, mail
from tests.crash.sink import Sink

pytestmark = [pytest.mark.system, pytest.mark.timeout(1800)]

LARGE = 100_000
"""Bytes: a mail whose contents are files of the spool, not rows of the database (docs/adr/0007)."""
HUGE = 200_000
"""Bytes: a mail that is a file already while it arrives; where it is kept as it came, that file gets a second name."""

SPREAD = {
    "fsync": (1, 2, 3, 5, 7),
    "rename": (1, 2, 3),
    "link": (1,),
    "fdatasync": (1, 2, 3, 4, 6, 9, 13, 18),
    "pwrite64": (1, 10, 60, 111, 222, 333),
    "write": (1, 4, 6, 9, 12, 16, 23, 33, 46, 60),
    "sendmsg": (1, 5, 8),
    "recvfrom": (2, 7),
    "openat": (3, 8),
}
"""Calls and which of them: large contents (fsync, rename, link, openat, write), the store's log (pwrite64, fdatasync),
the examining process (sendmsg, recvfrom), and what clients, next hop and event loop are told (write)."""

SWEEP = {
    "fsync": (1, 2),
    "rename": (1, 1),
    "link": (1, 1),
    "fdatasync": (1, 8),
    "pwrite64": (10, 16),
    "write": (1, 32),
    "read": (6, 32),
    "sendmsg": (1, 8),
    "recvfrom": (1, 8),
    "openat": (1, 2),
    "close": (1, 2),
    "epoll_pwait": (15, 32),
}
"""Calls, the step from one kill to the next, and the fewest that one thread makes whatever the timing.

The 8 outbound mails of a play come one after the other on one connection. Each is four exchanges with the client (read,
write, epoll_pwait), one with the examining process (sendmsg, recvfrom), and a commit of its own (fdatasync; a header
and a page: pwrite64). A content in the spool is opened, synced, named, its directory opened, synced and closed by one
thread; several contents may be spread over threads."""


def play(site: Site, call: str, when: int) -> bool:
    """All kinds of mail, and a kill at one point; False when the play was over before it came to that point."""
    gateway = site.start()
    site.resend()
    assert site.quiet()
    clients = [(name, site.client(name)) for name in ("submission", "inbound")]
    trace = site.folder / "calls"
    with kill_at(gateway.pid, call, when, trace):
        kinds = [mail(kind) for kind in (*OUTBOUND, *INBOUND)]
        large = [mail("external", LARGE), mail("internal", LARGE), mail("quarantined", HUGE)]
        site.play_on(clients, [*kinds, *large])
        site.quiet()
        killed = gateway.wait(0.1)
    assert killed or most(trace, call) < when, "a point that was reached, and no kill"
    for _, client in clients:
        client.close()
    site.kill()
    return killed


def check(site: Site) -> str:
    """Let everything come to its end, compare, and say what was found."""
    site.settle()
    audit = site.audit()
    assert not audit.wrong, audit.wrong
    assert not any(s.code != 250 for s in site.ledger.sent.values() if s.mail.kind != "forbidden")
    assert all(s.code in (0, 550) for s in site.ledger.sent.values() if s.mail.kind == "forbidden")
    site.stop()
    assert asyncio.run(broken(site.custody.url)) == []
    assert not [line for line in site.running.log() if line.get("level") == "critical" or "text" in line]
    return str(audit)


async def broken(url: str) -> list[object]:
    database = open_database(url)
    try:
        nodes = await journal.chains(database)
        return [found for node in nodes if (found := await journal.verify(database, node))]
    finally:
        await database.close()


def test_a_kill_at_any_of_many_points_loses_nothing(tmp_path: Path) -> None:
    points = [(call, when) for call, numbers in SPREAD.items() for when in numbers]
    with Site(tmp_path) as site:
        hit = [point for point in points if play(site, *point)]
        print(f"\n{len(hit)} kill points of {len(points)}: {check(site)}")
    assert {call for call, _ in hit} == set(SPREAD), f"too few kills happened: {hit}"


@pytest.mark.slow
@pytest.mark.parametrize("call", SWEEP)
def test_a_kill_at_every_point_loses_nothing(call: str, tmp_path: Path) -> None:
    """Every point that a play has: it ends at the first play that is over before it comes to the next one."""
    step, fewest = SWEEP[call]
    with Site(tmp_path) as site:
        hit = list(itertools.takewhile(lambda when: play(site, call, when), itertools.count(1, step)))
        print(f"\n{len(hit)} kill points at {call}, the last is {hit[-1:]}: {check(site)}")
    assert hit, "no kill at all"
    assert hit[-1] + step > fewest


def storm(site: Site, kills: int, seed: int) -> None:
    """A small load (at most 20 mails/s) while the process is killed at random times and started again."""
    chance = random.Random(seed)
    for _ in range(kills):
        gateway = site.start()
        site.resend()
        over = threading.Event()

        def load(over: threading.Event = over) -> None:
            while not over.is_set():
                site.play([mail(k, chance.choice((0, 0, 200_000))) for k in (*OUTBOUND, *INBOUND)], 0.1)

        thread = threading.Thread(target=load, daemon=True)
        thread.start()
        time.sleep(chance.uniform(0.15, 1.2))
        site.kill()
        over.set()
        thread.join(60)
        assert gateway.wait(0)


@pytest.mark.parametrize("kills", [6, pytest.param(25, marks=pytest.mark.slow)])
def test_kills_at_random_times_lose_nothing(kills: int, tmp_path: Path) -> None:
    with Site(tmp_path, sink=Sink(pause=0.05)) as site:
        storm(site, kills, seed=kills)
        print(f"\n{kills} kills: {check(site)}")
        site.sink.close()
