"""Programs from the system's packages, each started in a private directory and ended by its own process id."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from tests.services.postgres import unavailable


def required(*programs: str, root: bool = False) -> None:
    """Skip the test (fail with SEKISHO_TEST_REQUIRE=1) unless these programs, and root where wanted, are here."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    for program in programs:
        if shutil.which(program, path=path) is None:
            unavailable(f"{program} is not installed (see tests/system-packages.txt)")
    if root and os.geteuid() != 0:
        unavailable(f"{programs[0]} can only be started by root: it gives its parts other users")


@contextlib.contextmanager
def private_directory(name: str) -> Iterator[Path]:
    """A new directory that other users may pass through (the parts of a mail server are other users)."""
    directory = Path(tempfile.mkdtemp(prefix=f"sekisho-{name}-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def running(
    command: Sequence[str], log: Path, ready: Callable[[], bool], seconds: float = 30
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program for the length of the block; its output goes to `log`. RuntimeError when it does not get ready."""
    with log.open("ab") as output:
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"},
        )
    with kept_running(program, command[0], log, ready, seconds):
        yield program


class Program(Protocol):
    """What is used here of `subprocess.Popen`."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


@contextlib.contextmanager
def kept_running(
    program: Program, name: str, log: Path, ready: Callable[[], bool], seconds: float
) -> Iterator[None]:
    """Wait until a program is ready, and end it behind the block. RuntimeError when it does not get ready."""
    try:
        end = time.monotonic() + seconds
        while not ready():
            if program.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{name} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        if program.poll() is None:
            program.terminate()
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait(10)


def answers(port: int) -> bool:
    """True when somebody greets on this loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


def answers_ping(path: str) -> bool:
    """True when a ClamAV daemon answers on this Unix socket."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(path)
            connection.sendall(b"zPING\0")
            return connection.recv(5) == b"PONG\0"
    except OSError:
        return False


def wait_for(condition: Callable[[], object], seconds: float = 30) -> bool:
    """True as soon as the condition is; False when it never was within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())
