"""A ClamAV daemon of a test's own, with a database of one line: it knows the EICAR test file and nothing else.

with clamav() as daemon:
    daemon.unix, daemon.tcp      addresses as the settings have them
    daemon.program               the process: signals may be sent to it
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator

from tests.services.postgres import free_port
from tests.services.programs import answers_ping, private_directory, required, running

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file of the European Institute for Computer Antivirus Research: harmless text that every scanner reports."""
NAME = "Test.EICAR"
LARGEST = 256 << 10
"""StreamMaxLength: bytes that this daemon takes."""

CONFIG = """\
Foreground yes
DatabaseDirectory {dir}/database
LocalSocket {dir}/clamd.ctl
TCPSocket {port}
TCPAddr 127.0.0.1
LogFile {dir}/log
StreamMaxLength {largest}
MaxRecursion 8
AlertExceedsMax {alert}
MaxThreads 4
ReadTimeout 5
User {user}
"""


class Daemon:
    def __init__(self, unix: str, tcp: str, program: "subprocess.Popen[bytes]") -> None:
        self.unix, self.tcp, self.program = unix, tcp, program


@contextlib.contextmanager
def clamav(alert: str = "yes") -> Iterator[Daemon]:
    """One daemon. `alert` = "no": it calls clean what it did not look at to the end, as it is shipped."""
    required("clamd")
    with private_directory("clamav") as folder:
        (folder / "database").mkdir()
        (folder / "database" / "own.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
        port, sock = free_port(), folder / "clamd.ctl"
        user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
        text = CONFIG.format(dir=folder, port=port, largest=LARGEST, user=user, alert=alert)
        (folder / "clamd.conf").write_text(text)
        command = ["clamd", "--config-file", str(folder / "clamd.conf")]
        with running(command, folder / "out", lambda: answers_ping(str(sock))) as program:
            yield Daemon(f"unix://{sock}", f"tcp://127.0.0.1:{port}", program)
