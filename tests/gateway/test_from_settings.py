"""Parts made from settings."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.listening import ListenerSection
from config.next_hop import NextHopSection
from config.policy import ConfigError
from config.settings_file import load_settings
from gateway.authenticate.sign import generate_key
from gateway.from_settings import blobs_of, database_of, handed_to, next_hop_of, sealer_of, signers_of
from storage.day_keys import DayKeys
from storage.seal import Seal
from storage.spool import Spool


def test_a_next_hop_takes_its_password_from_a_file_and_never_shows_it(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("hunter2\n")
    hop = next_hop_of(NextHopSection(host="mx", tls="verify", username="u", password_file=tmp_path / "p"))
    assert hop is not None
    assert hop.password == "hunter2"
    assert "hunter2" not in repr(hop)
    assert next_hop_of(None) is None


def test_a_password_over_plaintext_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("x")
    with pytest.raises(ConfigError):
        next_hop_of(NextHopSection(host="mx", tls="none", username="u", password_file=tmp_path / "p"))
    with pytest.raises(ConfigError):
        next_hop_of(NextHopSection(host="mx", tls="verify", username="u", password_file=tmp_path / "none"))


async def test_blobs_lie_in_the_state_directory_unless_told_otherwise(tmp_path: Path) -> None:
    settings = load_settings(state_dir=tmp_path)
    database = database_of(settings)
    blobs = blobs_of(settings, database, DayKeys(settings.keys, Seal([b"m" * 32]), database))
    assert isinstance(blobs.large, Spool)
    assert (tmp_path / "spool").is_dir()
    await blobs.close()
    await database.close()


def test_signers_by_domain_and_an_unusable_key_stops_the_start(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(generate_key())
    section = {"selector": "s1", "key_file": key}
    assert set(signers_of(load_settings(dkim={"Example.COM": section}))) == {"example.com"}
    key.write_text("no key")
    with pytest.raises(ConfigError, match=r"dkim\.Example"):
        signers_of(load_settings(dkim={"Example.COM": section}))


def test_a_sealer_for_arriving_mail_and_an_unusable_key_stops_the_start(tmp_path: Path) -> None:
    assert sealer_of(load_settings()) is None
    key = tmp_path / "key.pem"
    section = {"domain": "example.com", "selector": "arc", "key_file": key}
    key.write_bytes(generate_key())
    assert sealer_of(load_settings(arc=section)) is not None
    key.write_bytes(generate_key("ed25519"))
    with pytest.raises(ConfigError, match=r"arc: ARC needs an RSA key"):
        sealer_of(load_settings(arc=section))


@pytest.fixture
def three() -> Iterator[list[socket.socket]]:
    """Listening sockets on three ports."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]


def test_a_socket_goes_to_the_listener_of_its_name_else_of_its_port(three: list[socket.socket]) -> None:
    one, two, other = three
    listeners = [
        ListenerSection(name="inbound", role="inbound", port=one.getsockname()[1]),
        ListenerSection(name="submission", role="submission", port=two.getsockname()[1]),
    ]
    assert handed_to(listeners, []) == {}
    by_port = [("sekisho.socket", one), ("", two)]
    assert handed_to(listeners, by_port) == {"inbound": [one], "submission": [two]}
    crossed = [("submission", one), ("inbound", two)]
    assert handed_to(listeners, crossed) == {"submission": [one], "inbound": [two]}, "names go first"
    several = [("inbound", other), ("unknown", one)]
    assert handed_to(listeners, several) == {"inbound": [other, one]}
    with pytest.raises(ConfigError) as caught:
        handed_to(listeners, [("console", other), ("inbound", one)])
    assert caught.value.problems == [
        f'listeners: none has the name "console" or the port {other.getsockname()[1]}, which was opened for us'
    ]


def test_only_a_tcp_socket_can_be_taken(tmp_path: Path) -> None:
    listener = ListenerSection(name="inbound", role="inbound", port=25)
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as local,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        local.bind(str(tmp_path / "socket"))
        datagrams.bind(("127.0.0.1", 0))
        with pytest.raises(ConfigError) as caught:
            handed_to([listener], [("inbound", local), ("inbound", datagrams)])
    assert caught.value.problems == ['listeners: "inbound", which was opened for us, is no TCP socket'] * 2
