"""Programs of packages that cannot be installed together: Postfix, Exim and OpenSMTPD each are the mail-transport-agent.

Such a package is fetched by apt, unpacked into a folder of its own that is kept from run to run, and started in a mount
namespace where the users that it wants are there; nothing of the machine is changed. Its libraries are in
tests/system-packages.txt.
"""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.services.postgres import unavailable
from tests.services.programs import required

FIRST_USER = 64_200


def unpacked(package: str) -> Path:
    """The folder with the files of a package, as below /. Skips the test where it cannot be had."""
    required("apt-get", "dpkg", "unshare", root=True)
    folder = Path(tempfile.gettempdir()) / f"sekisho-debs-{os.getuid()}" / package
    if not (folder / "usr").is_dir():
        with tempfile.TemporaryDirectory() as there:
            done = subprocess.run(
                ["apt-get", "download", package],
                cwd=there, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            found = list(Path(there).glob("*.deb"))
            if done.returncode or not found:
                unavailable(f"the package {package} cannot be fetched: {done.stderr[-300:]}")
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent) as new:
                subprocess.run(["dpkg", "-x", str(found[0]), f"{new}/files"], check=True, timeout=60)
                try:
                    Path(f"{new}/files").rename(folder)
                except OSError:  # another run was as quick
                    assert (folder / "usr").is_dir()
    return folder


def apart(
    command: Sequence[str], directory: Path, users: Sequence[str], mounts: Mapping[str, Path]
) -> list[str]:
    """The command in a mount namespace with these users besides those of the machine; `mounts`: what lies at a place."""
    (directory / "apart").mkdir()
    for name, line in (
        ("passwd", "{0}:x:{1}:{1}::/nonexistent:/usr/sbin/nologin\n"),
        ("group", "{0}:x:{1}:\n"),
    ):
        text = Path("/etc", name).read_text("utf-8")
        own = [u for u in users if f"\n{u}:" not in f"\n{text}"]
        more = "".join(line.format(user, FIRST_USER + number) for number, user in enumerate(own))
        (directory / "apart" / name).write_text(text + more)
    places = {f"/etc/{name}": directory / "apart" / name for name in ("passwd", "group")} | dict(mounts)
    script = "".join(f"mkdir -p {place}\n" for place, source in mounts.items() if source.is_dir())
    script += "".join(f"mount --bind {source} {place}\n" for place, source in places.items())
    return ["unshare", "--mount", "sh", "-ec", f'{script}exec "$@"', "sh", *command]
