"""A Postfix of a test's own: own configuration, queue and ports on loopback, no system users, no DNS.

with postfix(domains={"example.co.jp": ["taro"]}) as server:
    server.port             plain SMTP with STARTTLS (self-signed for `server.name`)
    server.mails("taro@example.co.jp")     what arrived, as bytes
"""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.services.certificates import Authority
from tests.services.postgres import free_port
from tests.services.programs import answers, private_directory, required, running, wait_for

MASTER = """\
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
tlsproxy unix - - n - 0 tlsproxy
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

NOBODY = 65534


class Postfix:
    """A running instance. `name` is the host name of its certificate, `ca_file` who signed it."""

    def __init__(self, directory: Path, port: int, ports: Mapping[str, int], ca_file: Path) -> None:
        self.directory = directory
        self.port = port
        self.ports = ports
        self.ca_file = ca_file
        self.name = "localhost"

    def mails(self, address: str) -> list[bytes]:
        """The mails of one mailbox, oldest first, as stored (LF line ends, Postfix's own fields in front)."""
        new = self.directory / "mail" / address / "new"
        if not new.is_dir():
            return []
        found = sorted(new.iterdir(), key=lambda p: (p.stat().st_mtime_ns, p.name))
        return [p.read_bytes() for p in found]

    def arrived(self, address: str, count: int = 1, seconds: float = 30) -> list[bytes]:
        """The same, once there are `count` (or what there is after `seconds`)."""
        wait_for(lambda: len(self.mails(address)) >= count, seconds)
        return self.mails(address)

    @property
    def log(self) -> str:
        path = self.directory / "maillog"
        return path.read_text(errors="replace") if path.exists() else ""

    def queue(self) -> str:
        """What is still in its queue, as `postqueue -j` tells it; "" when it is empty."""
        return self._run("postqueue", "-c", str(self.directory / "etc"), "-j")

    def queued(self, identifier: str) -> str:
        """The envelope records of a queued mail (postcat)."""
        return self._run("postcat", "-c", str(self.directory / "etc"), "-e", "-q", identifier)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=True
        )
        return done.stdout


@contextlib.contextmanager
def postfix(
    domains: Mapping[str, Sequence[str]] = {},
    settings: Mapping[str, str] = {},
    files: Mapping[str, str] = {},
    ports: Mapping[str, Mapping[str, str]] = {},
    fixed: Mapping[str, int] = {},
) -> Iterator[Postfix]:
    """An instance for the length of the block.

    domains     local domains and their mailboxes (local parts); anybody else in them is unknown
    settings    lines of main.cf; "$dir" stands for the instance's directory
    files       further files of its configuration directory, by name
    ports       further listeners by name (`Postfix.ports`), each with settings of its own
    fixed       the ports of some of them, where somebody knows those already
    """
    required("postfix", root=True)
    with private_directory("postfix") as directory:
        for name in ("etc", "queue", "data", "mail"):
            (directory / name).mkdir()
        (directory / "data").chmod(0o700)
        shutil.chown(directory / "data", "postfix")
        (directory / "mail").chmod(0o777)
        authority = Authority(directory)
        certificate, key = authority.pair("localhost")
        port = free_port()
        addresses = [f"{user}@{domain}" for domain, users in domains.items() for user in users]
        (directory / "etc" / "mailboxes").write_text("".join(f"{a} {a}/\n" for a in addresses))
        main = {
            "compatibility_level": "3.7",
            "queue_directory": f"{directory}/queue",
            "data_directory": f"{directory}/data",
            "maillog_file": f"{directory}/maillog",
            "maillog_file_prefixes": str(directory),
            "myhostname": "postfix.example",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "alias_maps": "",
            "alias_database": "",
            "local_recipient_maps": "",
            "local_transport": "error:no local mail here",
            "smtpd_relay_restrictions": "permit_mynetworks,reject",
            "smtpd_tls_cert_file": str(certificate),
            "smtpd_tls_key_file": str(key),
            "smtpd_tls_security_level": "may",
            "smtpd_tls_loglevel": "1",
            "smtpd_tls_received_header": "yes",
            "smtp_tls_loglevel": "1",
            "smtputf8_enable": "yes",
            "message_size_limit": "104857600",
            "mailbox_size_limit": "0",
            "virtual_mailbox_limit": "0",
            "virtual_mailbox_domains": ",".join(domains),
            "virtual_mailbox_base": f"{directory}/mail",
            "virtual_mailbox_maps": f"texthash:{directory}/etc/mailboxes",
            "virtual_uid_maps": f"static:{NOBODY}",
            "virtual_gid_maps": f"static:{NOBODY}",
            "minimal_backoff_time": "2s",
            "maximal_backoff_time": "5s",
            "queue_run_delay": "2s",
            **{k: v.replace("$dir", str(directory)) for k, v in settings.items()},
        }
        (directory / "etc" / "main.cf").write_text("".join(f"{k} = {v}\n" for k, v in main.items()))
        more = {name: fixed.get(name) or free_port() for name in ports}
        master = MASTER.format(port=f"127.0.0.1:{port}")
        for name, own in ports.items():
            options = "".join(f" -o {k}={v}" for k, v in own.items())
            master += f"127.0.0.1:{more[name]} inet n - n - - smtpd{options}\n"
        (directory / "etc" / "master.cf").write_text(master)
        for name, text in files.items():
            (directory / "etc" / name).write_text(text)
        command = ["postfix", "-c", str(directory / "etc"), "start-fg"]
        try:
            with running(command, directory / "out", lambda: answers(port)):
                yield Postfix(directory, port, more, authority.file)
        finally:
            _end(directory / "queue" / "pid" / "master.pid")


def _end(pid_file: Path) -> None:
    """End the master, which outlives the command that started it; it ends its children."""
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text())
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), 10)
