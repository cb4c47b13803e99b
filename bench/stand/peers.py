"""What is measured: a Sekisho of its own and a plain Postfix of its own, both handing over to one smtp-sink.

Each lives in a directory of this run and is ended with it. Nothing listens anywhere but on 127.0.0.1.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from bench.stand.mails import SENDER
from directory.passwords import Hasher
from gateway.authenticate.sign import generate_key

PASSWORD = "Kumquat-Ridge-48"
DOMAIN = SENDER.rpartition("@")[2]
PATH = "/usr/sbin:/sbin:" + os.environ.get("PATH", "")


class Missing(Exception):
    """A program that is needed is not installed."""


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        raise Missing(f"{name} is not installed (Debian: apt-get install postfix)")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def listening(port: int, process: subprocess.Popen[bytes], seconds: float = 40.0) -> None:
    """Wait until somebody listens there. Raises RuntimeError when the process ends or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise RuntimeError(f"nobody listens on port {port}; status {process.poll()}; see the log beside it")


def ended(process: subprocess.Popen[bytes], seconds: float = 30.0) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Sink:
    """smtp-sink: takes mail and forgets it. `mails` counts what it has taken so far."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.mails = 0
        self._process = process
        assert process.stdout is not None
        self._fd = process.stdout.fileno()
        self._tail = b""
        os.set_blocking(self._fd, False)
        asyncio.get_running_loop().add_reader(self._fd, self._readable)

    def _readable(self) -> None:
        data = os.read(self._fd, 65536)
        if not data:
            asyncio.get_running_loop().remove_reader(self._fd)
            return
        text = self._tail + data
        if found := re.findall(rb"mesg=(\d+)\D", text):
            self.mails = int(found[-1])
        self._tail = text[-40:]

    async def reached(self, count: int, seconds: float) -> None:
        """Wait for the count. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.mails < count:
                await asyncio.sleep(0.002)

    def close(self) -> None:
        with contextlib.suppress(Exception):
            asyncio.get_running_loop().remove_reader(self._fd)
        ended(self._process)


@contextlib.asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    port = free_port()
    command = [program("smtp-sink"), "-c", f"inet:127.0.0.1:{port}", "256"]
    if os.geteuid() == 0:
        command[1:1] = ["-u", "nobody"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        await listening(port, process)
        made = Sink(port, process)
        yield made
    finally:
        ended(process)


class Peer:
    """Something that relays. `ports`: by the name of the way in."""

    def __init__(self, name: str, pid: int, ports: dict[str, int]) -> None:
        self.name = name
        self.pid = pid
        self.ports = ports


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{hop}
disable_dns_lookups = yes
default_transport = smtp
relay_transport = smtp
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
message_size_limit = 52428800
maillog_file = /dev/stdout
maillog_file_prefixes = /dev
smtputf8_enable = no
"""

MASTER_CF = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@contextlib.asynccontextmanager
async def postfix(folder: Path, hop: int) -> AsyncIterator[Peer]:
    """A Postfix that relays everything, with Debian's defaults where nothing is said. Needs root."""
    port = free_port()
    binary = program("postfix")
    conf = folder / "conf"
    for directory in (conf, folder / "queue", folder / "data"):
        directory.mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")
    (conf / "main.cf").write_text(MAIN_CF.format(folder=folder, hop=hop))
    (conf / "master.cf").write_text(MASTER_CF.format(port=port))
    log = (folder / "log").open("wb")
    # start-fg keeps it a child of ours, so that it can be ended by its id and counted with its children.
    process = subprocess.Popen(
        [binary, "-c", str(conf), "start-fg"], stdout=log, stderr=log, env={**os.environ, "PATH": PATH}
    )
    try:
        await listening(port, process)
        yield Peer("Postfix", process.pid, {"inbound": port, "outbound": port})
    finally:
        ended(process)
        log.close()


@contextlib.asynccontextmanager
async def sekisho(folder: Path, hop: int, *, profile: Path | None = None) -> AsyncIterator[Peer]:
    """A gateway as `sekisho serve` runs it: all rules on, sandbox on, durable, DKIM on; nothing waits."""
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
    )
    listener = '[[listeners]]\nname = "{0}"\nrole = "{1}"\nport = {2}\ntls = "starttls"\n'
    next_hop = f'host = "127.0.0.1"\nport = {hop}\ntls = "none"\n'
    (folder / "sekisho.toml").write_text(
        'hostname = "sekisho.example"\nstate_dir = "state"\npolicy = "policy.toml"\npeople = "people.toml"\n'
        f"[relay]\n{next_hop}[mailbox]\n{next_hop}[dns]\nenabled = false\n[console]\nport = {ports['console']}\n"
        f'[dkim."{DOMAIN}"]\nselector = "bench"\nkey_file = "dkim.pem"\n'
        + listener.format("inbound", "inbound", ports["inbound"])
        + listener.format("submission", "submission", ports["outbound"])
    )
    run = ["-m", "gateway.command.cli"] if profile is None else ["-m", "bench.stand.profiled", str(profile)]
    run += ["serve", "--config", str(folder / "sekisho.toml")]
    log = (folder / "log").open("wb")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SEKISHO_")}
    process = subprocess.Popen([sys.executable, *run], stdout=log, stderr=log, env=environment)
    try:
        await listening(ports["outbound"], process)
        await listening(ports["inbound"], process)
        yield Peer("Sekisho", process.pid, ports)
    finally:
        ended(process)
        log.close()


def log_of(folder: Path, levels: tuple[str, ...] = ("error", "warning")) -> list[str]:
    """The events of a gateway's log at these levels."""
    found = []
    for line in (folder / "log").read_text(errors="replace").splitlines():
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and entry.get("level") in levels:
                found.append(str(entry.get("event")))
    return found
