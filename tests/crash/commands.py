"""Commands of `sekisho` as processes of their own, which end by kill -9 at a chosen point.

    with Commands() as commands:
        done = commands.run("backup", "--config", str(file), kill_at=7)
        done = commands.run("backup", "--config", str(file), known=[])

One process has imported everything, and forks one for each command. A point is one of the calls by which something becomes
durable or gets its name: before the call of that number the process kills itself. A step is a place in the program where it
renames or removes something, commits, asks a bucket or has a program of PostgreSQL's do something: at the first one that is
not `known` the process kills itself and says which it was, before the call, or also `behind` it, each time that it is done. (What was written and not flushed
outlives a kill.)
"""

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

CALLS = ("fsync", "rename", "replace", "link", "unlink", "mkdir", "ftruncate")
STEPS = {
    "os": ("rename", "replace", "link", "unlink"),
    "obstore": ("put", "get", "list", "delete", "put_async", "get_async", "delete_async"),
    "storage.postgres.PostgresConnection": ("commit",),
    "storage.sqlite.SqliteConnection": ("commit",),
    "subprocess": ("run",),
    "subprocess.Popen": ("communicate",),  # the program has begun
}
"""The calls that are steps, and whose they are."""
ROOT = str(Path(__file__).parents[2])


@dataclass
class Done:
    """`status`: the exit status, -9 when it was killed; `text`: what it printed; `step`: where it was killed, if it was asked
    to be at a step."""

    status: int
    text: str
    step: str = ""

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

    def run(
        self, *arguments: str, kill_at: int = 0, known: Collection[str] | None = None, behind: bool = False
    ) -> Done:
        """`kill_at` 0, and no `known`: it comes to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        some = None if known is None else sorted(known)
        print(json.dumps([arguments, kill_at, some, behind]), file=self._process.stdin, flush=True)
        status, text = json.loads(self._process.stdout.readline())
        said, mark, step = text.rpartition(_KILLED)
        return Done(status, said if mark else text, step)


_KILLED = "killed at the step "


def _child(arguments: list[str], kill_at: int, known: list[str] | None, behind: bool, out: int) -> None:
    from gateway.command import cli

    os.dup2(out, 1)
    os.dup2(out, 2)
    left, seen = [kill_at], Counter[str]()

    def end_at(step: str) -> None:
        if known is not None and step not in known:
            os.write(1, (_KILLED + step).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(*some: Any, **named: Any) -> Any:
            left[0] -= 1
            step = _step(name) if known is not None else ""
            if behind:
                seen[step] += 1
                step += f", {seen[step]}. time"
            end_at(step)
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            done = call(*some, **named)
            if behind:
                end_at(f"{step}, done")
            return done

        return run

    if kill_at:
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name), name))
    if known is not None:
        for owner, names in STEPS.items():
            for name in names:
                of = pkgutil.resolve_name(owner)
                setattr(of, name, counted(getattr(of, name), f"{owner}.{name}"))
    status = cli.main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _step(name: str) -> str:
    """Whence a call comes: the two nearest places of the product."""
    places = [
        f"{frame.f_code.co_filename.removeprefix(ROOT)}:{frame.f_lineno}"
        for frame in _callers()
        if frame.f_code.co_filename.startswith(ROOT) and "/.venv/" not in frame.f_code.co_filename
    ]
    ours = [place for place in places if not place.startswith("/tests/")]
    return f"{name} by {' by '.join(ours[:2])}"


def _callers() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        yield frame
        frame = frame.f_back


def main() -> None:
    for module in ("backup", "restore", "operator", "cli"):
        importlib.import_module(f"gateway.command.{module}")
    for line in sys.stdin:
        arguments, kill_at, known, behind = json.loads(line)
        read, write = os.pipe()
        if (pid := os.fork()) == 0:
            os.close(read)
            try:
                _child(arguments, kill_at, known, behind, write)
            finally:
                os._exit(70)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            text = pipe.read().decode(errors="replace")
        _, status = os.waitpid(pid, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), text]), flush=True)


if __name__ == "__main__":
    main()
