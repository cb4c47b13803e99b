"""What a node needs from others, each of it slow, silent, full or gone for a while: what arriving and leaving mail hears then, and
that all is well afterwards without a restart (docs/dependencies.md has the table, O06, O07).
"""

import contextlib
from collections.abc import Iterator

import pytest

from tests.crash.custody import Custody
from tests.crash.harness import Site
from tests.crash.load import LARGE
from tests.crash.mails import mail
from tests.crash.sink import Sink
from tests.services.clamav import clamav
from tests.services.postgres import cluster
from tests.services.proxy import Mode, Proxy
from tests.services.s3 import s3_server

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

CASES: list[tuple[str, Mode, int, int]] = [
    ("database", "refuse", 451, 451),
    ("database", "slow", 250, 250),
    ("bucket", "refuse", 451, 451),
    ("bucket", "full", 451, 451),
    ("bucket", "slow", 250, 250),
    ("scanner", "refuse", 451, 250),
    ("scanner", "silent", 451, 250),
    ("scanner", "slow", 250, 250),
    ("next hop", "refuse", 451, 250),
    ("next hop", "slow", 250, 250),
]
"""What it is, what happens to it, what an arriving and a leaving mail hear meanwhile."""
KINDS = {"bucket": ("quarantined", "internal")}
"""Mails that need it: of the others an arriving mail goes on in line, a leaving one is kept first."""


class Place:
    """One node, and the ways to all that it needs."""

    def __init__(self, site: Site, ways: dict[str, Proxy]) -> None:
        self.site = site
        self.ways = ways


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("dependencies")
    with contextlib.ExitStack() as stack:
        postgres, s3 = stack.enter_context(cluster()), stack.enter_context(s3_server())
        daemon = stack.enter_context(clamav())
        sink = Sink()
        stack.callback(sink.close)
        ports = {
            "database": postgres.port,
            "bucket": int(s3.endpoint.rpartition(":")[2]),
            "scanner": int(daemon.tcp.rpartition(":")[2]),
            "next hop": sink.port,
        }
        ways = {name: stack.enter_context(Proxy(port, delay=0.02)) for name, port in ports.items()}
        sink.port = ways["next hop"].port
        (folder / "secret").write_text("test\n")
        url, bucket = postgres.create(), s3.bucket()
        settings = (
            f's3 = {{ bucket = "{bucket}", endpoint = "http://127.0.0.1:{ways["bucket"].port}", access_key = "test",'
            f' secret_key_file = "{folder / "secret"}" }}\n'
            f'scanner = {{ clamd = "tcp://127.0.0.1:{ways["scanner"].port}", database_days = 0, seconds = 2 }}\n'
        )
        custody = Custody(url, folder / "spool", f"{s3.endpoint}/{bucket}")
        custody.keys, custody.master = folder / "n1" / "state" / "keys", folder / "n1" / "state" / "seal.key"
        through = url.replace(f":{postgres.port}/", f":{ways['database'].port}/")
        site = stack.enter_context(
            Site(folder / "n1", database=through, sink=sink, settings=settings, custody=custody)
        )
        site.start()
        yield Place(site, ways)


@pytest.mark.parametrize(
    ("what", "mode", "arriving", "leaving"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_it_is_told_to_come_again_or_waits_and_all_heals(
    what: str, mode: Mode, arriving: int, leaving: int, place: Place
) -> None:
    site, way = place.site, place.ways[what]
    inbound, outbound = (mail(kind, LARGE) for kind in KINDS.get(what, ("inbound", "external")))
    clients = {one: site.client(one.listener) for one in (inbound, outbound)}
    way.mode = mode
    try:
        heard = [site.send(clients[one], one).code for one in (inbound, outbound)]
    finally:
        way.mode = "pass"
    assert heard == [arriving, leaving], [site.ledger.sent[one.message_id].text for one in clients]
    for client in clients.values():
        client.close()
    site.resend()
    assert all(site.ledger.sent[one.message_id].acked for one in (inbound, outbound)), (
        site.ledger.unfinished()
    )
    more = [mail(one.kind, LARGE) for one in (inbound, outbound)]
    site.play(more)
    assert all(site.ledger.sent[one.message_id].acked for one in more), "it has not healed"
    site.custody.retry_now()
    assert site.quiet(40)
    audit = site.audit()
    assert not audit.wrong, audit.wrong
    assert not site.running.wait(0)
    assert "Traceback" not in site.log.read_text(errors="replace")
