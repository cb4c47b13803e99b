"""Stopping under load, and examining processes that die: nothing is lost, nothing passes unexamined (T07, T12, T32)."""

import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.mails import INBOUND, OUTBOUND, mail
from tests.crash.sink import Sink

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

STOP = 30.0
"""Seconds that a stop may take."""
KILLS = 50
"""At most: on a busy machine no mail is examined between two of them, and the load would never be over."""


@pytest.mark.parametrize("stops", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_a_stop_under_load_loses_nothing(stops: int, tmp_path: Path) -> None:
    took = []
    with Site(tmp_path, sink=Sink(pause=0.05)) as site:
        for _ in range(stops):
            site.start()
            site.resend()
            over = threading.Event()

            def load(over: threading.Event = over) -> None:
                while not over.is_set():
                    site.play([mail(kind) for kind in (*OUTBOUND, *INBOUND)], 0.05)

            thread = threading.Thread(target=load, daemon=True)
            thread.start()
            time.sleep(1)
            took.append(site.stop(STOP))
            over.set()
            thread.join(60)
            assert not site.custody.sql("SELECT id FROM item WHERE state = 'active'"), (
                "a stop leaves no lease"
            )
        site.settle()
        audit = site.audit()
        site.sink.close()
    print(f"\n{stops} stops, at most {max(took):.1f} s: {audit}")
    assert not audit.wrong, audit.wrong
    assert audit.duplicates <= sum(sent.silences for sent in site.ledger.sent.values())


def test_a_next_hop_that_hangs_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    """The listeners were stopped one after the other, each with all the time there is, and then the dispatcher."""
    with Site(tmp_path, sink=Sink(pause=45)) as site:
        site.start()
        site.play([mail("internal")])
        clients = [
            threading.Thread(target=site.play, args=([mail("inbound")],), daemon=True) for _ in range(2)
        ]
        for client in clients:
            client.start()
        end = time.monotonic() + 10
        while len(site.sink.deliveries) < 3 and time.monotonic() < end:
            time.sleep(0.05)
        assert site.stop(STOP) < STOP
        site.died()
        for client in clients:
            client.join(10)
        site.sink.pause = 0
        site.settle()
        assert not site.audit().wrong, site.audit().wrong
        site.sink.close()


def test_examining_processes_that_die_cost_a_451_or_a_hold(tmp_path: Path) -> None:
    chance = random.Random(1)
    with Site(tmp_path, workers=2) as site:
        gateway = site.start()
        over = threading.Event()
        killed = 0

        def load() -> None:
            for _ in range(6):
                site.play([mail(kind, chance.choice((0, 300_000))) for kind in (*OUTBOUND, *INBOUND)])
            over.set()

        thread = threading.Thread(target=load, daemon=True)
        thread.start()
        while not over.wait(chance.uniform(0.02, 0.15)):
            victims = gateway.workers()
            if killed == 5:
                victims = [gateway.zygote]  # and with it all workers; another one is started
            if victims and killed < KILLS:
                with contextlib.suppress(ProcessLookupError):  # it has had its share of mails meanwhile
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    killed += 1
        thread.join(120)
        site.resend()
        codes = {sent.code for sent in site.ledger.sent.values() if sent.mail.kind != "forbidden"}
        held = site.custody.sql("SELECT COUNT(*) FROM item WHERE holds LIKE '%unexaminable%'")[0][0]
        assert site.quiet()
        audit = site.audit()
        print(f"\n{killed} processes killed, {held} holds, answers {codes}: {audit}")
        assert killed >= 10
        assert codes <= {250, 451}
        assert not audit.wrong, audit.wrong
        assert not any(line.get("event") == "part_failed" for line in gateway.log())
