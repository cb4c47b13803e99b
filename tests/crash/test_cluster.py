"""Equal nodes on one PostgreSQL and one S3-compatible store while mail flows: one is killed, cut off from the database, paused
beyond its lease; the database goes, the bucket is full. Promised mail is never lost, and what comes twice was under way.

The short form has two nodes and each fault once, the long one three nodes and rounds of faults (T01, T09, O07 under load).
"""

import contextlib
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.custody import Custody
from tests.crash.harness import Site
from tests.crash.load import Load
from tests.crash.sink import Sink
from tests.services.postgres import Cluster
from tests.services.proxy import Proxy
from tests.services.s3 import S3

pytestmark = [pytest.mark.system, pytest.mark.timeout(1800)]

LEASE = 2.0
S3_SETTINGS = 's3 = {{ bucket = "{bucket}", endpoint = "http://127.0.0.1:{port}", access_key = "test", secret_key_file = "{key}" }}\n'


class Nodes:
    """Sites of one cluster, each with a way of its own to the database; the way to the bucket is everybody's."""

    def __init__(
        self, folder: Path, postgres: Cluster, store: S3, number: int, stack: contextlib.ExitStack
    ) -> None:
        self.postgres = postgres
        self.sites: list[Site] = []
        url, bucket = postgres.create(), store.bucket()
        self.bucket = stack.enter_context(Proxy(int(store.endpoint.rpartition(":")[2])))
        self.ways: list[Proxy] = []
        self.sink = Sink(pause=0.02)
        stack.callback(self.sink.close)
        (folder / "secret").write_text("test\n")
        keys = f'seal_key_file = "{folder}/seal.key"\nkey_folder = "{folder}/keys"\n'
        more = keys + S3_SETTINGS.format(bucket=bucket, port=self.bucket.port, key=folder / "secret")
        self.custody = Custody(url, folder / "spool", f"{store.endpoint}/{bucket}")
        self.custody.keys, self.custody.master = folder / "keys", folder / "seal.key"
        for each in range(number):
            way = stack.enter_context(Proxy(postgres.port))
            site = Site(
                folder / f"n{each}", database=url.replace(f":{postgres.port}/", f":{way.port}/"), node=f"n{each}",
                lease=LEASE, sink=self.sink, ledger=self.sites[0].ledger if self.sites else None, settings=more,
                custody=self.custody,
            )  # fmt: skip
            self.ways.append(way)
            self.sites.append(stack.enter_context(site))
            site.start()

    def note(self) -> None:
        """What is under way now may come twice."""
        self.sites[0].ledger.killed(self.custody)

    def killed(self, which: int) -> None:
        self.sites[which].kill()
        self.sites[which].start()

    def cut_off(self, which: int) -> None:
        """From the database: nothing comes through, and nobody says so; then its connections end, and it is back."""
        self.ways[which].mode = "silent"
        self.note()
        time.sleep(1.5 * LEASE)
        self.ways[which].mode = "refuse"
        time.sleep(0.5)
        self.ways[which].mode = "pass"

    def paused(self, which: int) -> None:
        """Beyond its lease, while the others go on."""
        self.sites[which].running.signal(signal.SIGSTOP)
        self.note()
        time.sleep(1.5 * LEASE)
        self.sites[which].running.signal(signal.SIGCONT)

    def database_gone(self, which: int) -> None:
        self.note()
        self.postgres.stop()
        time.sleep(1)
        self.postgres.start()
        self.note()

    def bucket_full(self, which: int) -> None:
        self.bucket.mode = "full"
        time.sleep(1)
        self.bucket.mode = "pass"

    def faults(self) -> list[Callable[[int], None]]:
        return [self.killed, self.bucket_full, self.database_gone, self.paused, self.cut_off]


@pytest.mark.parametrize(
    ("number", "rounds"), [(2, 1), pytest.param(3, 8, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_a_cluster_under_load_loses_nothing_whatever_goes(
    number: int, rounds: int, tmp_path: Path, postgres: Cluster, store: S3
) -> None:
    chance = random.Random(rounds)
    with contextlib.ExitStack() as stack:
        nodes = Nodes(tmp_path, postgres, store, number, stack)
        first = nodes.sites[0]
        with Load(nodes.sites, clients=2 * number + 1):
            for turn in range(rounds):
                faults = nodes.faults()
                if rounds > 1:
                    chance.shuffle(faults)
                for place, fault in enumerate(faults):
                    time.sleep(0.2)
                    fault((turn + place) % number)
        for site in nodes.sites:
            assert not site.running.wait(0), "a node has ended by itself"
        first.settle(60)
        audit = first.audit()
        refused = sum(sent.doubts for sent in first.ledger.sent.values())
        print(f"\n{number} nodes, {rounds} round(s): {audit}, {refused} answered 4yz {audit.wrong or ''}")
        assert not audit.wrong, audit.wrong
        assert [s for s in first.ledger.sent.values() if s.code not in (250, 550)] == []
        for site in nodes.sites:
            assert "Traceback" not in site.log.read_text(errors="replace")
        assert audit.acked > 20 * rounds
