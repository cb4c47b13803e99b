"""Two nodes on one PostgreSQL, one of them paused beyond its lease: it is fenced, and nothing is lost (T09)."""

import signal
import threading
import time
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.mails import mail
from tests.crash.sink import Sink
from tests.services.postgres import Cluster

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

LEASE = 6.0


def test_a_node_that_was_paused_beyond_its_lease_delivers_nothing_more(
    tmp_path: Path, postgres: Cluster
) -> None:
    database = postgres.create()
    one = Site(tmp_path / "a", database=database, node="a", lease=LEASE, sink=Sink(pause=1.5))
    two = Site(
        tmp_path / "b",
        database=database,
        node="b",
        lease=LEASE,
        sink=one.sink,
        ledger=one.ledger,
    )
    keys = f'seal_key_file = "{one.state}/seal.key"\nkey_folder = "{one.state}/keys"\n'
    two.config.write_text(keys + two.config.read_text())
    two.custody.keys, two.custody.master = one.custody.keys, one.custody.master
    with one, two:
        paused = one.start()
        late = [mail("internal") for _ in range(2)]
        clients = [("submission", one.client("submission"))]
        one.play(
            [
                mail(kind)
                for kind in ("internal", "external", "encrypted", "mixed", "quarantined")
                for _ in range(4)
            ]
        )
        end = time.monotonic() + 20
        while len(one.sink.deliveries) < 3 and time.monotonic() < end:
            time.sleep(0.01)
        paused.signal(signal.SIGSTOP)
        one.ledger.killed(one.custody)  # what it has in hand may be done twice, once by each
        began = time.monotonic()
        waiting = threading.Thread(target=one.play_on, args=(clients, late), daemon=True)
        waiting.start()  # its client hears nothing while it is paused, and is answered afterwards
        two.start()
        one.sink.pause = 0
        while two.custody.busy() and time.monotonic() < began + 60:
            time.sleep(0.1)
        assert not two.custody.busy(), "the other node has to take over"
        time.sleep(max(0.0, began + 1.5 * LEASE - time.monotonic()))
        before = len(one.sink.deliveries)
        paused.signal(signal.SIGCONT)
        waiting.join(60)
        assert two.quiet()
        time.sleep(2)
        late_ids = {sent.message_id for sent in late}
        again = [d for d in one.sink.deliveries[before:] if d.message_id not in late_ids]
        assert not again, "a node that lost its leases has delivered"
        fenced = [line for line in paused.log() if line.get("event") == "fenced"]
        one.settle()
        audit = one.audit()
        print(f"\n{len(fenced)} attempts fenced: {audit}")
        assert not audit.wrong, audit.wrong
        assert fenced
        one.stop()
        two.stop()
        one.sink.close()
