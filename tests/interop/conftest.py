"""Everything here runs real programs; where one is missing the test is skipped, or fails with SEKISHO_TEST_REQUIRE=1.

A node takes seconds to start, so tests that want the same settings share one.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.authenticate.sign import Signer, generate_key
from tests.services.node import DOMAIN
from tests.services.served import Hop, Served, at, hop, served

VARIANT = """\
[rules.external_recipient]
then = "delay 2s"
[rules.confidential_body]
then = "hold"
[rules.class_approval]
then = "off"
[encrypt]
minimum_bits = 190
passphrase_length = 60
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/interop/" in str(item.path):
            item.add_marker(pytest.mark.system)


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Signer]:
    """The DKIM key of our domain: the file, and what signs with it."""
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    file.write_bytes(generate_key())
    return file, Signer(DOMAIN, "s1", file.read_bytes())


@pytest.fixture(scope="session")
def sink() -> Iterator[Hop]:
    """A next hop that takes everything and remembers it."""
    with hop() as running:
        yield running


@pytest.fixture(scope="session")
def node(sink: Hop, signer: tuple[Path, Signer]) -> Iterator[Served]:
    """A node in front of it with the policy as shipped, signing what leaves."""
    keys = {DOMAIN: {"selector": "s1", "key_file": signer[0]}}
    with served(relay=at(sink.port), mailbox=at(sink.port), dkim=keys, cold=True) as running:
        yield running


@pytest.fixture(scope="session")
def variant(sink: Hop) -> Iterator[Served]:
    """A node with another policy: VARIANT."""
    with served(VARIANT, relay=at(sink.port), mailbox=at(sink.port), margin_seconds=0) as running:
        yield running
