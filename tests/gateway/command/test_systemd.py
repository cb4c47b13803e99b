"""sd_notify: what is said, to whom, and when nobody listens."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.command.systemd import FIRST, Systemd, sockets
from tests.services.served import ROOT, toml


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket on which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        yield listening


def told(heard: socket.socket) -> str:
    return heard.recv(4096).decode()


def test_states_are_told(heard: socket.socket, tmp_path: Path) -> None:
    systemd = Systemd(str(tmp_path / "notify"), 0)
    systemd.ready()
    assert told(heard) == "READY=1"
    systemd.reloading()
    assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", told(heard))
    systemd.stopping()
    assert told(heard) == "STOPPING=1"


def test_an_abstract_socket_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0sekisho-{os.getpid()}")
        Systemd(f"@sekisho-{os.getpid()}", 0).ready()
        assert told(listening) == "READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all"])
async def test_without_a_listener_nothing_happens(address: str) -> None:
    systemd = Systemd(address, 0)
    systemd.ready()
    await asyncio.wait_for(systemd.keep_telling(), 10)


async def test_life_is_told_again_and_again(heard: socket.socket, tmp_path: Path) -> None:
    telling = asyncio.create_task(Systemd(str(tmp_path / "notify"), 0.02).keep_telling())  # noqa: TID251
    for _ in range(3):
        assert await asyncio.to_thread(told, heard) == "WATCHDOG=1"
    telling.cancel()


@pytest.mark.parametrize(("pid", "seconds"), [("own", 30.0), ("", 30.0), ("1", 0.0)])
def test_the_environment_is_read_once_and_kept_from_children(
    monkeypatch: pytest.MonkeyPatch, pid: str, seconds: float
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/x")
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)
    assert Systemd.of_environment().watchdog == seconds
    assert not {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} & set(os.environ)
    assert Systemd.of_environment().watchdog == 0


def settings(folder: Path, **changes: object) -> Path:
    """The settings file of a small node."""
    (folder / "policy.toml").write_text('[organisation]\ndomains = ["example.co.jp"]\n')
    values = {
        "policy": "policy.toml",
        "state_dir": "state",
        "listeners": [{"name": "inbound", "role": "inbound", "port": 0}],
        "mailbox": {"host": "127.0.0.1"},
        "console": {"port": 0},
        "workers": {"count": 1},
        **changes,
    }
    file = folder / "sekisho.toml"
    file.write_text("".join(f"{key} = {toml(value)}\n" for key, value in values.items()))
    return file


SERVE = (sys.executable, "-m", "gateway.command.cli", "serve", "--config")


def test_a_node_tells_its_life_from_start_to_end(heard: socket.socket, tmp_path: Path) -> None:
    node = subprocess.Popen(
        [*SERVE, str(settings(tmp_path))],
        cwd=ROOT, stderr=subprocess.DEVNULL,
        env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"},
    )  # fmt: skip
    try:
        states = [told(heard)]
        node.send_signal(signal.SIGHUP)
        while states[-1] != "READY=1" or len(states) == 1:
            if (state := told(heard)) != "WATCHDOG=1":
                states.append(state)
        node.terminate()
        while states[-1] != "STOPPING=1":
            if (state := told(heard)) != "WATCHDOG=1":
                states.append(state)
        assert node.wait(60) == 0
    finally:
        node.kill()
        node.wait(10)
    assert [state.split("\n")[0] for state in states] == ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"]


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A port as systemd opens it: on both protocols, before we are there."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as opened:
        yield opened


def handing(opened: dict[str, socket.socket], *command: str) -> list[str]:
    """The command with the sockets from descriptor 3 on, told as systemd tells it: by name."""
    moved = " ".join(f"{fd}<&{each.fileno()}" for fd, each in enumerate(opened.values(), 3))
    names = ":".join(opened)
    script = f'exec {moved}; LISTEN_PID=$$ LISTEN_FDS={len(opened)} LISTEN_FDNAMES={names} exec "$@"'
    return ["bash", "-c", script, "bash", *command]


def fds(opened: dict[str, socket.socket]) -> list[int]:
    return [each.fileno() for each in opened.values()]


def test_sockets_are_handed_to_the_process_that_they_are_meant_for(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "from gateway.command.systemd import sockets; print([(n, s.getsockname()[1], s.get_inheritable()) for n, s in sockets()])"
    program += "; import os; print([n for n in os.environ if n.startswith('LISTEN')])"
    with socket.create_server(("127.0.0.1", 0)) as other:
        opened = {"inbound": listening, "sekisho.socket": other}
        done = subprocess.run(
            handing(opened, sys.executable, "-c", program),
            cwd=ROOT, pass_fds=fds(opened), capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        told = [(name, each.getsockname()[1], False) for name, each in opened.items()]
    assert done.stdout.splitlines() == [str(told), "[]"]
    monkeypatch.setenv("LISTEN_PID", "1")
    monkeypatch.setenv("LISTEN_FDS", "1")
    assert sockets() == []


@pytest.mark.parametrize(
    ("names", "told"), [(None, ["", ""]), ("one", ["one", ""]), ("one:two:three", ["one", "two"])]
)
def test_names_that_are_missing_are_empty(
    monkeypatch: pytest.MonkeyPatch, names: str | None, told: list[str]
) -> None:
    with contextlib.ExitStack() as stack:
        two = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        given = {fd: each.detach() for fd, each in enumerate(two, FIRST)}
        real = socket.socket
        monkeypatch.setattr("socket.socket", lambda fileno: real(fileno=given[fileno]))
        monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
        monkeypatch.setenv("LISTEN_FDS", "2")
        if names is not None:
            monkeypatch.setenv("LISTEN_FDNAMES", names)
        found = sockets()
        for _, each in found:
            each.close()
    assert [name for name, _ in found] == told


def test_what_is_no_socket_stops_the_start(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        done = subprocess.run(
            handing({"stored": file}, *SERVE, str(settings(tmp_path))),  # type: ignore[dict-item]
            cwd=ROOT, pass_fds=[file.fileno()], capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 2
    assert "stored, which was opened for us, is not a socket" in done.stderr


@pytest.mark.parametrize("name", ["inbound", "sekisho.socket"], ids=["by name", "by port"])
def test_a_client_that_came_before_the_node_is_served(
    listening: socket.socket, tmp_path: Path, name: str
) -> None:
    port = listening.getsockname()[1]
    written = 0 if name == "inbound" else port
    file = settings(tmp_path, listeners=[{"name": "inbound", "role": "inbound", "port": written}])
    with socket.create_connection(("127.0.0.1", port), 60) as client:
        node = subprocess.Popen(
            handing({name: listening}, *SERVE, str(file)),
            cwd=ROOT, stderr=subprocess.DEVNULL, pass_fds=[listening.fileno()],
        )  # fmt: skip
        try:
            client.settimeout(60)
            assert client.recv(512).startswith(b"220 ")
            client.sendall(b"EHLO client.example\r\n")
            assert client.recv(512).startswith(b"250-sekisho.localhost")
            node.terminate()
            assert node.wait(60) == 0
        finally:
            node.kill()
            node.wait(10)


def test_a_socket_that_no_listener_wants_stops_the_start(listening: socket.socket, tmp_path: Path) -> None:
    done = subprocess.run(
        handing({"submission": listening}, *SERVE, str(settings(tmp_path))),
        cwd=ROOT, pass_fds=[listening.fileno()], capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert f'none has the name "submission" or the port {listening.getsockname()[1]}' in done.stderr
