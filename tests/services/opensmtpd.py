"""An OpenSMTPD of a test's own, in front of a smarthost: everything it takes on loopback goes there, with a login.

with opensmtpd(recipe, "label login:password") as server:
    server.port, server.log
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.services.debs import apart, unpacked
from tests.services.postgres import free_port
from tests.services.programs import answers, private_directory, running

USERS = ("opensmtpd", "opensmtpq")


class OpenSmtpd:
    """A running instance."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory = directory
        self.port = port

    @property
    def log(self) -> str:
        return (self.directory / "out").read_text(errors="replace")


@contextlib.contextmanager
def opensmtpd(recipe: str, login: str) -> Iterator[OpenSmtpd]:
    """An instance for the length of the block. `recipe`: lines of smtpd.conf that name the smarthost, and the file $login."""
    files = unpacked("opensmtpd")
    with private_directory("opensmtpd") as directory:
        port = free_port()
        (directory / "spool").mkdir(mode=0o711)
        (directory / "empty").mkdir(mode=0o755)
        (directory / "run").mkdir(mode=0o755)
        (directory / "login").write_text(login)
        (directory / "login").chmod(0o644)
        text = recipe.replace("$login", str(directory / "login"))
        (directory / "smtpd.conf").write_text(f"listen on 127.0.0.1 port {port}\n{text}")
        (directory / "smtpd.conf").chmod(0o600)
        mounts = {
            "/var/spool/smtpd": directory / "spool",
            "/var/lib/opensmtpd/empty": directory / "empty",
            "/var/run": directory / "run",
            "/usr/libexec/opensmtpd": files / "usr/libexec/opensmtpd",
        }
        command = [str(files / "usr/sbin/smtpd"), "-d", "-v", "-f", str(directory / "smtpd.conf")]
        with running(apart(command, directory, USERS, mounts), directory / "out", lambda: answers(port)):
            yield OpenSmtpd(directory, port)
