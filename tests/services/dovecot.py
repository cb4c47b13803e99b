"""A Dovecot of a test's own: LMTP in, IMAP out, its users in a file, its mail in its own directory.

with dovecot({"taro@example.co.jp"}) as server:
    server.lmtp, server.imap               ports on loopback
    server.mails("taro@example.co.jp")     what IMAP tells of the INBOX, as bytes
"""

import contextlib
import imaplib
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.services.certificates import Authority
from tests.services.postgres import free_port
from tests.services.programs import answers, private_directory, required, running, wait_for

PASSWORD = "Mailbox-Lantern-77"

COMMON = """\
protocols = imap lmtp
base_dir = {dir}/run
state_dir = {dir}/state
instance_name = sekisho-test
log_path = {dir}/log
listen = 127.0.0.1
ssl = yes
auth_mechanisms = plain
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
BEFORE_2_4 = """\
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
mail_location = maildir:{dir}/mail/%u
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
"""
SINCE_2_4 = """\
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {dir}/mail/%{{user}}
mail_home = {dir}/mail/%{{user}}
passdb passwd-file {{
  passwd_file_path = {dir}/users
}}
userdb passwd-file {{
  passwd_file_path = {dir}/users
}}
service lmtp {{
  inet_listener lmtp {{
    listen = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


SUBMISSION = """\
protocols = imap lmtp submission
service submission-login {{
  inet_listener submission {{
    port = {port}
  }}
}}
"""


def configuration(version: str, **values: object) -> str:
    """The configuration for a version as `dovecot --version` tells it; 2.4 (Debian 13) renamed many settings."""
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < (2, 4):
        return (COMMON + BEFORE_2_4).format(**values)
    head = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
    return head + (COMMON + SINCE_2_4).format(**values)


class Dovecot:
    """A running instance; `ca_file` signed the certificate of `name`."""

    def __init__(self, directory: Path, lmtp: int, imap: int, ca_file: Path, submission: int = 0) -> None:
        self.directory, self.lmtp, self.imap, self.ca_file = directory, lmtp, imap, ca_file
        self.submission = submission
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
def dovecot(users: Iterable[str], submission: str = "") -> Iterator[Dovecot]:
    """An instance for the length of the block. `submission`: settings of its submission service, which then has a port, too."""
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
        lmtp, imap, port = free_port(), free_port(), free_port() if submission else 0
        version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout
        file = directory / "dovecot.conf"
        file.write_text(
            configuration(version, dir=directory, lmtp=lmtp, imap=imap, certificate=certificate, key=key)
        )
        if submission:
            required("/usr/lib/dovecot/submission-login")
            with file.open("a") as settings:
                settings.write(SUBMISSION.format(port=port) + submission)
        command = ["dovecot", "-F", "-c", str(file)]
        with running(command, directory / "out", lambda: answers(lmtp) and answers(imap)):
            yield Dovecot(directory, lmtp, imap, authority.file, port)
