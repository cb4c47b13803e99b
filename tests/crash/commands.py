"""Commands of `sekisho` as processes of their own, which end by kill -9 at a chosen point.

    with Commands() as commands:
        done = commands.run("backup", "--config", str(file), kill_at=7)

One process has imported everything, and forks one for each command. A point is one of the calls by which something becomes
durable or gets its name: before the call of that number the process kills itself.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

CALLS = ("fsync", "rename", "replace", "link", "unlink", "mkdir", "ftruncate")


@dataclass
class Done:
    """`status`: the exit status, -9 when it was killed; `text`: what it printed."""

    status: int
    text: str

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Commands:
    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.commands"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def run(self, *arguments: str, kill_at: int = 0) -> Done:
        """`kill_at` 0: it comes to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([arguments, kill_at]), file=self._process.stdin, flush=True)
        status, text = json.loads(self._process.stdout.readline())
        return Done(status, text)


def _child(arguments: list[str], kill_at: int, out: int) -> None:
    from gateway.command import cli

    os.dup2(out, 1)
    os.dup2(out, 2)
    left = [kill_at]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*some: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*some, **named)

        return run

    if kill_at:
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
    status = cli.main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def main() -> None:
    for module in ("backup", "restore", "operator", "cli"):
        importlib.import_module(f"gateway.command.{module}")
    for line in sys.stdin:
        arguments, kill_at = json.loads(line)
        read, write = os.pipe()
        if (pid := os.fork()) == 0:
            os.close(read)
            try:
                _child(arguments, kill_at, write)
            finally:
                os._exit(70)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            text = pipe.read().decode(errors="replace")
        _, status = os.waitpid(pid, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), text]), flush=True)


if __name__ == "__main__":
    main()
