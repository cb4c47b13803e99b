"""A node's sockets: all at the start, or all that is wrong with them."""

import socket
from pathlib import Path

import pytest

from config.policy import ConfigError
from gateway.start.sockets import Sockets
from tests.services.node import settings_of


def test_all_that_cannot_be_had_is_said_at_once_and_the_rest_is_given_back(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as probe:
        port, free = taken.getsockname()[1], probe.getsockname()[1]
        probe.close()
        listeners = [
            {"name": "a", "role": "inbound", "port": free},
            {"name": "b", "role": "inbound", "port": port},
            {"name": "c", "role": "inbound", "port": 0, "host": "no.such.host.invalid"},
        ]
        settings = settings_of(tmp_path, 25, listeners=listeners, console={"port": port})
        with pytest.raises(ConfigError) as refused:
            Sockets(settings, {})
    assert [text.partition(" (")[0] for text in refused.value.problems] == [
        f"listener b: cannot listen on 127.0.0.1:{port}",
        "listener c: cannot listen on no.such.host.invalid:0",
        f"console: cannot listen on 127.0.0.1:{port}",
    ]
    assert "(Address already in use)" in refused.value.problems[0]
    socket.create_server(("127.0.0.1", free)).close()


def test_a_name_with_two_addresses_has_two_sockets_and_nobody_else_gets_the_port(tmp_path: Path) -> None:
    listeners = [{"name": "all", "role": "inbound", "port": 0, "host": ""}]
    sockets = Sockets(settings_of(tmp_path, 25, listeners=listeners), {})
    families = {s.family for s in sockets.of_listener["all"]}
    assert socket.AF_INET in families
    assert len(families) == len(sockets.of_listener["all"])
    for each in sockets.of_listener["all"]:
        assert each.proto == socket.IPPROTO_TCP, "asyncio sets TCP_NODELAY for no other"
        assert not each.get_inheritable()
    again = {**listeners[0], "port": sockets.of_listener["all"][0].getsockname()[1]}
    with pytest.raises(ConfigError):
        Sockets(settings_of(tmp_path, 25, listeners=[again]), {})
    sockets.close()
    sockets.close()


def test_a_socket_that_was_handed_over_goes_before_the_settings_host(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as handed:
        listeners = [{"name": "in", "role": "inbound", "port": 25, "host": "192.0.2.1"}]
        sockets = Sockets(settings_of(tmp_path, 25, listeners=listeners), {"in": [handed]})
        assert sockets.of_listener["in"] == [handed]
        sockets.close()
