"""A Dovecot of a test's own: LMTP in, IMAP out, its users in a file, its mail in its own directory.

with dovecot({"taro@example.co.jp"}) as server:
    server.lmtp, server.imap               ports on loopback
    server.mails("taro@example.co.jp")     what IMAP tells of the INBOX, as bytes
"""

import contextlib
import imaplib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.services.certificates import Authority
from tests.services.postgres import free_port
from tests.services.programs import answers, private_directory, required, running, wait_for

PASSWORD = "Mailbox-Lantern-77"

CONFIGURATION = """\
protocols = imap lmtp
base_dir = {dir}/run
state_dir = {dir}/state
instance_name = sekisho-test
log_path = {dir}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{dir}/mail/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
mail_fsync = never
lda_mailbox_autocreate = yes
hostname = dovecot.example
postmaster_address = postmaster@example.co.jp
recipient_delimiter = +
submission_host = 127.0.0.1:1
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = username_format=%u {dir}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {dir}/users
  default_fields = uid=nobody gid=nogroup home={dir}/mail/%u
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  client_limit = 100
}}
"""


class Dovecot:
    """A running instance; `ca_file` signed the certificate of `name`."""

    def __init__(self, directory: Path, lmtp: int, imap: int, ca_file: Path) -> None:
        self.directory, self.lmtp, self.imap, self.ca_file = directory, lmtp, imap, ca_file
        self.name = "localhost"

    def mails(self, address: str) -> list[bytes]:
        """The INBOX of one user over IMAP, oldest first."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=30) as client:
            client.login(address, PASSWORD)
            _, (count,) = client.select("INBOX", readonly=True)
            found = []
            for number in range(1, int(count or 0) + 1):
                _, data = client.fetch(str(number), "(BODY.PEEK[])")
                assert isinstance(data[0], tuple)
                found.append(data[0][1])
            return found

    def arrived(self, address: str, count: int = 1, seconds: float = 30) -> list[bytes]:
        """The same, once there are `count` (or what there is after `seconds`)."""
        wait_for(lambda: len(self.mails(address)) >= count, seconds)
        return self.mails(address)

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text(errors="replace")


@contextlib.contextmanager
def dovecot(users: Iterable[str]) -> Iterator[Dovecot]:
    """An instance for the length of the block."""
    required("dovecot", root=True)
    for part in ("imap-login", "lmtp"):
        if not Path(f"/usr/lib/dovecot/{part}").exists():
            required(f"/usr/lib/dovecot/{part}")
    with private_directory("dovecot") as directory:
        for name in ("mail", "run", "state"):
            (directory / name).mkdir()
        (directory / "mail").chmod(0o777)
        (directory / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in users))
        authority = Authority(directory)
        certificate, key = authority.pair("localhost")
        lmtp, imap = free_port(), free_port()
        configuration = directory / "dovecot.conf"
        configuration.write_text(
            CONFIGURATION.format(dir=directory, lmtp=lmtp, imap=imap, certificate=certificate, key=key)
        )
        command = ["dovecot", "-F", "-c", str(configuration)]
        with running(command, directory / "out", lambda: answers(lmtp) and answers(imap)):
            yield Dovecot(directory, lmtp, imap, authority.file)
