"""The probes are real: without a sandbox the same attempts succeed here."""

import os
import socket
from pathlib import Path

import pytest

from gateway.locked.probes import PROBES, Bait, attempt


@pytest.mark.parametrize(
    "name",
    [
        "read_password_file", "read_spool", "write_spool", "create_file", "list_directory", "rename_file",
        "change_mode", "connect_tcp", "send_udp", "connect_unix", "make_socket_pair", "signal_gateway",
        "open_process", "allocate", "make_code", "make_memory_file", "become_dumpable",
    ],
)  # fmt: skip
def test_without_a_sandbox_it_succeeds(name: str, tmp_path: Path) -> None:
    file = tmp_path / "mail"
    file.write_bytes(b"bait")
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        udp.bind(("127.0.0.1", 0))
        unix.bind("")
        unix.listen()
        PROBES[name](
            Bait(os.getpid(), str(file), tcp.getsockname()[1], udp.getsockname()[1], unix.getsockname())
        )


def test_a_refusal_is_told_from_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Bait) -> None:
        raise PermissionError

    monkeypatch.setattr("gateway.locked.probes.PROBES", {"a": refused, "b": lambda _: None})
    result = attempt(Bait(1, "", 1, 1, b""))
    assert (result.refused, result.succeeded) == (("a",), ("b",))


def test_there_are_at_least_twelve() -> None:
    assert len(PROBES) >= 12
    assert list(PROBES)[-1] == "execute"
