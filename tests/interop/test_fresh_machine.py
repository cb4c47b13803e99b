"""The promise of README's first command: a fresh Debian 12 with python3 and pip needs nothing else.

The machine is a minimal Debian in a directory: no venv module, no compiler, no git, no libmagic, and the
python of Debian 12.
"""

import os
import pty
import re
import select
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.machines import NEEDED, Machine, copied

SUITE = "bookworm"
PACKAGES = "python3,python3-pip,ca-certificates"

pytestmark = [pytest.mark.slow, *NEEDED]


class Terminal:
    """A command on that machine at a terminal of its own: what a person sees, and Ctrl-C."""

    def __init__(self, machine: Machine, command: str) -> None:
        arguments = machine.arguments(command)
        self.text = ""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvp(arguments[0], arguments)

    def until(self, pattern: str, seconds: float) -> None:
        """Read until the pattern was printed; fails when the command ends or is silent for too long."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, self.text[-4000:]
            assert self._read(), self.text[-4000:]

    def interrupt(self, seconds: float) -> int:
        """Press Ctrl-C and wait for the end; the exit status."""
        os.write(self._fd, b"\x03")
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, self.text[-4000:]
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def close(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)

    def _read(self) -> bool:
        if not select.select([self._fd], [], [], 1)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            return False
        self.text += data.decode(errors="replace")
        return bool(data)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    directory = tmp_path_factory.mktemp("machine") / "root"
    yield copied(SUITE, PACKAGES, directory)
    shutil.rmtree(directory)


@pytest.fixture
def demo(machine: Machine) -> Iterator[Terminal]:
    terminal = Terminal(machine, "./dev run")
    yield terminal
    terminal.close()


def test_it_really_is_a_fresh_machine(machine: Machine) -> None:
    assert machine.run("python3 --version").startswith("Python 3.11.2")
    for missing in ("python3 -m venv /tmp/x", "python3 -c 'import magic'", "git --version", "gcc --version"):
        assert machine.run(f'sh -c "{missing} >/dev/null 2>&1 || echo missing"').strip() == "missing"


def test_the_command_answers(machine: Machine) -> None:
    assert "demo" in machine.run("./dev run -- --help")


def test_the_demo_shows_its_table_and_ends_at_ctrl_c(demo: Terminal) -> None:
    demo.until(r"delivered at once", 600)
    demo.until(r"Ctrl-C stops it", 60)
    assert demo.interrupt(60) == 0
    assert "Traceback" not in demo.text


def test_its_tests_pass_there(machine: Machine) -> None:
    assert " passed" in machine.run("./dev test tests/mail tests/gateway/locked/test_workers.py -n0", 1200)


def test_nothing_stays_mounted(machine: Machine) -> None:
    assert str(machine.directory) not in Path("/proc/mounts").read_text()
