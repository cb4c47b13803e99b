"""An Exim of a test's own, in front of a smarthost: everything it takes on loopback goes there, with a login.

with exim(recipe) as server:
    server.port, server.log
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.services.debs import apart, unpacked
from tests.services.postgres import free_port
from tests.services.programs import answers, private_directory, running

CONFIGURATION = """\
primary_hostname = exim.example
exim_path = {dir}/bin/exim4
spool_directory = {dir}/spool
log_file_path = {dir}/log/%slog
pid_file_path = {dir}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
tls_advertise_hosts =
acl_smtp_rcpt = accept
acl_smtp_data = accept
queue_run_max = 1
remote_max_parallel = 1
keep_environment =
"""


class Exim:
    """A running instance."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory = directory
        self.port = port

    @property
    def log(self) -> str:
        path = self.directory / "log" / "mainlog"
        return path.read_text(errors="replace") if path.exists() else ""


@contextlib.contextmanager
def exim(recipe: str) -> Iterator[Exim]:
    """An instance for the length of the block. `recipe`: routers, transports and authenticators of its configuration."""
    files = unpacked("exim4-daemon-light")
    with private_directory("exim") as directory:
        port = free_port()
        for name in ("spool", "log", "bin"):
            (directory / name).mkdir()
            (directory / name).chmod(0o777)
        shutil.copy2(files / "usr/sbin/exim4", directory / "bin/exim4")
        (directory / "bin/exim4").chmod(0o4755)
        (directory / "exim.conf").write_text(CONFIGURATION.format(dir=directory, port=port) + recipe)
        command = [str(directory / "bin/exim4"), "-C", str(directory / "exim.conf"), "-bdf", "-q1m"]
        with running(
            apart(command, directory, ("Debian-exim",), {}), directory / "out", lambda: answers(port)
        ):
            yield Exim(directory, port)
