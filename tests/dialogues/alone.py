"""A listener in a process of its own, so that its memory and its descriptors can be measured and limited.

    python -m tests.dialogues.alone DIRECTORY SIZE_LIMIT CONNECTIONS

Prints the port, takes mails (250) and forgets them. Logs to standard error as a node does.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config.settings import LimitsSection
from filters.facts import Origin
from gateway import log
from gateway.listen.commands import ListenerSettings, serve
from gateway.listen.limits import Admission
from mail.envelope import Envelope, ForwardPath
from mail.reply import OK, Reply
from storage.draft import LocalDraft
from storage.interfaces import Draft

ROOT = Path(__file__).parent.parent.parent


class Forgetting:
    """A session that says 250 to everything."""

    def __init__(self, origin: Origin) -> None: ...

    async def mail(self, envelope: Envelope) -> Reply:
        return OK

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        return OK

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        draft.discard()
        return OK

    async def reset(self) -> None: ...

    async def close(self) -> None: ...


async def main(directory: Path, size_limit: int, connections: int) -> None:
    log.configure()
    limits = LimitsSection(
        connections=connections,
        connections_per_address=10**6,
        new_per_second=10**6,
        new_burst=10**6,
        trusted=(),
    )
    server = await serve(
        ListenerSettings(name="alone", mode="none", size_limit=size_limit, greet_pause=0),
        open_session=Forgetting,
        authenticate=None,
        draft=lambda: LocalDraft(directory),
        admission=Admission(limits),
        certificates=None,
    )
    print(server.address[1], flush=True)
    await asyncio.Event().wait()


class Alone:
    """The process, its port, and what it weighs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())

    def peak(self) -> int:
        """The most memory that it ever had resident, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024


@contextlib.contextmanager
def alone(
    directory: Path, size_limit: int = 1 << 20, connections: int = 500, descriptors: int = 0
) -> Iterator[Alone]:
    """A running process; `descriptors` limits its open files."""
    command = [
        sys.executable,
        "-m",
        "tests.dialogues.alone",
        str(directory),
        str(size_limit),
        str(connections),
    ]
    if descriptors:
        command = ["prlimit", f"--nofile={descriptors}", *command]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Alone(process)
        finally:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
