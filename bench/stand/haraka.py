"""A Haraka of a measurement's own: each mail is handed on in line, before it is answered; nothing is kept on disk."""

import contextlib
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

from bench.stand.compiled import Missing
from bench.stand.group import Group
from bench.stand.peer import Peer
from bench.stand.process import ended, free_port, listening, program

INSTALLED = Path(__file__).parents[2] / "var" / "peers" / "node_modules" / "Haraka"

# Haraka's own, but for the size: what is said here replaces the whole file.
CONNECTION = """
[headers]
add_received=true
max_lines=1000
max_received=100
[max]
bytes=52428800
mime_parts=1000
line_length=512
data_line_length=992
[message]
helo=Haraka is at your service.
[uuid]
banner_chars=6
deny_chars=0
[haproxy]
"""


@contextlib.asynccontextmanager
async def haraka(folder: Path, hop: int) -> AsyncIterator[Peer]:
    """A process for each processor, no checks, mail of everybody on this machine relayed."""
    node = program("node", "Debian: apt-get install nodejs npm")
    if not INSTALLED.is_dir():
        raise Missing("Haraka is not installed (npm install --prefix var/peers Haraka)")
    port = free_port()
    conf = folder / "config"
    conf.mkdir(parents=True)
    files = {
        "smtp.ini": f"listen=127.0.0.1:{port}\nnodes=cpus\n",
        "plugins": "relay\nqueue/smtp_forward\n",
        "relay.ini": "[relay]\nacl=true\n",
        "relay_acl_allow": "127.0.0.0/8\n",
        "smtp_forward.ini": f"host=127.0.0.1\nport={hop}\nenable_outbound=true\n",
        "connection.ini": CONNECTION,
        "log.ini": "[main]\nlevel=ERROR\n",
        "me": "haraka.example\n",
    }
    for name, text in files.items():
        (conf / name).write_text(text)
    with Group() as group, (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            group.command([node, INSTALLED / "bin" / "haraka", "-c", folder]),
            stdout=log, stderr=log, env={**os.environ, "NODE_ENV": "production"},
        )  # fmt: skip
        group.started(process.pid)
        try:
            await listening(port, process)
            yield Peer("Haraka", process.pid, {"inbound": port, "outbound": port}, group)
        finally:
            ended(process)
