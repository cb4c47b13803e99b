"""What is measured beside one another, all handing over to one sink: a Sekisho, and what others would put there.

Each lives in a directory of this run and is ended with it. Nothing listens anywhere but on 127.0.0.1.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec

from bench.stand import postfix
from bench.stand.group import Group
from bench.stand.haraka import haraka
from bench.stand.mails import SENDER
from bench.stand.peer import PASSWORD, Peer
from bench.stand.process import ended, free_port, listening
from directory.passwords import Hasher
from gateway.authenticate.sign import generate_key

DOMAIN = SENDER.rpartition("@")[2]


@contextlib.asynccontextmanager
async def sekisho(
    folder: Path,
    hop: int,
    *,
    through: Sequence[str] = ("gateway.command.cli",),
    settings: str = "",
    head: str = "",
    share: float = 0.0,
) -> AsyncIterator[Peer]:
    """A gateway as `sekisho serve` runs it: all rules on, sandbox on, durable, DKIM on; nothing waits. `through`: the
    module that runs it, and its own arguments; `settings`: more lines of sekisho.toml, `head`: before its sections;
    `share`: of a processor that it is held to."""
    folder.mkdir(parents=True)
    ports = {"inbound": free_port(), "outbound": free_port(), "console": free_port()}
    hasher = Hasher()
    kept = await hasher.hash(PASSWORD)
    hasher.close()
    (folder / "dkim.pem").write_bytes(generate_key("rsa"))
    (folder / "people.toml").write_text(
        f'[[person]]\nlogin = "taro"\nname = {{ ja = "山田太郎" }}\naddresses = ["{SENDER}"]\npassword_hash = "{kept}"\n'
        '[[person]]\nlogin = "president"\nroles = ["president"]\n'
    )
    (folder / "policy.toml").write_text(
        f'[organisation]\nname = "Bench"\ndomains = ["{DOMAIN}"]\n[rules.external_recipient]\nthen = "observe"\n'
        '[rules.unsupported_attachment]\nthen = "observe"\n[sending]\nper_10_minutes = 0\nper_day = 0\n'
    )
    listener = '[[listeners]]\nname = "{0}"\nrole = "{1}"\nport = {2}\ntls = "starttls"\n'
    next_hop = f'host = "127.0.0.1"\nport = {hop}\ntls = "none"\n'
    (folder / "sekisho.toml").write_text(
        f'{head}hostname = "sekisho.example"\nstate_dir = "state"\npolicy = "policy.toml"\npeople = "people.toml"\n'
        f"[relay]\n{next_hop}[mailbox]\n{next_hop}[dns]\nenabled = false\n[console]\nport = {ports['console']}\n"
        f'[dkim."{DOMAIN}"]\nselector = "bench"\nkey_file = "dkim.pem"\n'
        + listener.format("inbound", "inbound", ports["inbound"])
        + listener.format("submission", "submission", ports["outbound"])
        + settings
    )
    run = ["-m", *through, "serve", "--config", str(folder / "sekisho.toml")]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SEKISHO_")}
    with Group(share) as group, (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            group.command([sys.executable, *run]), stdout=log, stderr=log, env=environment
        )
        group.started(process.pid)
        try:
            await listening(ports["outbound"], process)
            await listening(ports["inbound"], process)
            yield Peer("Sekisho", process.pid, ports, group, login=True)
        finally:
            ended(process)


class Kind(msgspec.Struct, frozen=True):
    """How a peer is started (in a directory, with the port of the sink), and for which ways it is one."""

    start: Callable[[Path, int], AbstractAsyncContextManager[Peer]]
    ways: tuple[str, ...] = ("inbound", "outbound")


PEERS: dict[str, Kind] = {
    "Postfix": Kind(postfix.plain),
    "Postfix + TLS, AUTH, DKIM": Kind(postfix.as_we_do, ("outbound",)),
    "Postfix + rspamd": Kind(postfix.with_rspamd),
    "Postfix + amavisd-new": Kind(postfix.with_amavis),
    "Haraka": Kind(haraka),
    "Sekisho": Kind(sekisho),
}


def log_of(folder: Path, levels: tuple[str, ...] = ("error", "warning")) -> list[str]:
    """The events of a gateway's log at these levels."""
    found = []
    for line in (folder / "log").read_text(errors="replace").splitlines():
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and entry.get("level") in levels:
                found.append(str(entry.get("event")))
    return found
