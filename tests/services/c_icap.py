"""An ICAP server of a test's own: c-icap's virus_scan, which asks a clamd of a test's own.

with clamav() as daemon, c_icap(daemon) as address:      "icap://127.0.0.1:PORT/avscan"
"""

import contextlib
import socket
from collections.abc import Iterator

from tests.services.clamav import Daemon
from tests.services.postgres import free_port
from tests.services.programs import private_directory, required, running

LIBRARIES = "/usr/lib/x86_64-linux-gnu/c_icap"
CONFIG = """\
PidFile {dir}/pid
CommandsSocket {dir}/ctl
Port 127.0.0.1:{port}
User root
Group root
TmpDir {dir}
StartServers 1
MaxServers 2
ThreadsPerChild 5
ModulesDir {libraries}
ServicesDir {libraries}
TemplateDir /usr/share/c_icap/templates/
LoadMagicFile /etc/c-icap/c-icap.magic
ServerLog {dir}/server.log
AccessLog {dir}/access.log
Module common clamd_mod.so
clamd_mod.ClamdSocket {socket}
Service antivirus_module virus_scan.so
ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple
ServiceAlias srv_clamav virus_scan
virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE
virus_scan.DefaultEngine clamd
virus_scan.MaxObjectSize 5M
"""


@contextlib.contextmanager
def c_icap(daemon: Daemon) -> Iterator[str]:
    required("c-icap", root=True)
    with private_directory("icap") as folder:
        port = free_port()
        place = daemon.unix.removeprefix("unix://")
        text = CONFIG.format(dir=folder, port=port, libraries=LIBRARIES, socket=place)
        (folder / "c-icap.conf").write_text(text)

        def there() -> bool:
            with socket.socket() as asking:
                return asking.connect_ex(("127.0.0.1", port)) == 0

        with running(["c-icap", "-N", "-f", str(folder / "c-icap.conf")], folder / "out", there):
            yield f"icap://127.0.0.1:{port}/avscan"
