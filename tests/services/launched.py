"""`sekisho serve --config FILE` as a process of its own that is there at once: forked by tests/services/launcher.py."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tests.services.programs import kept_running

ROOT = Path(__file__).parents[2]


class Launched:
    """What tests use of `subprocess.Popen`, for a gateway that is no child of ours; its exit status is not known.

    `nurse`: the process that forks its examining processes and its console's.
    """

    def __init__(
        self,
        config: Path,
        log: Path,
        lease: float = 0.0,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`lease`: seconds that a lease lasts, other than usual; `environment` is what its launcher has beside ours."""
        launcher = _launcher(tuple(environment.items()))
        assert launcher.stdin is not None
        assert launcher.stdout is not None
        launcher.stdin.write(f"{config}\t{log}\t{lease}\n")
        launcher.stdin.flush()
        self.pid, self.nurse = map(int, launcher.stdout.readline().split())
        self._end = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """0 when it has ended, however that was."""
        return 0 if self._ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired("sekisho serve", timeout or 0)
        return 0

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._end, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, seconds: float | None) -> bool:
        return bool(select.select([self._end], [], [], seconds)[0])


@contextlib.contextmanager
def launched(
    config: Path,
    log: Path,
    ready: Callable[[], bool],
    seconds: float = 30,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Launched]:
    """A gateway for the length of the block, as `running` in tests/services/programs.py; `environment` as above."""
    log.touch()
    program = Launched(config, log, environment=environment)
    with kept_running(program, "sekisho serve", log, ready, seconds):
        yield program


def zygotes(nurse: int) -> list[int]:
    """Of a gateway's nurse: the processes that its examining processes are forked from."""
    return [pid for pid in children(nurse) if _name(pid) == "zygote"]


def children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


@cache
def _launcher(environment: tuple[tuple[str, str], ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.services.launcher"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **dict(environment)},
    )  # fmt: skip
