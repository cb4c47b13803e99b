"""Machines in directories: a minimal Debian that debootstrap makes, in which commands are run by chroot.

The mirror is the one that apt is configured for here. Mounts live in a mount namespace of each command's own, so they are gone
with it whatever happens. Needs root.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FROM_HERE = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt", "/etc/hosts")
TOOLS = ("debootstrap", "apt-get", "unshare", "chroot", "mount", "git", "cp")
NEEDED = (
    pytest.mark.system,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="a machine in a directory needs root"),
    *(pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed") for tool in TOOLS),
)
"""Marks of tests that have one."""
APT_FOR = "bookworm"
"""The suite for which apt knows a mirror here; others lie beside it."""


class Machine:
    """A Debian in a directory, with the project in /srv/sekisho."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def bring(self) -> None:
        """What it needs to reach the mirrors as this machine does."""
        for path in FROM_HERE:
            if os.path.exists(path):
                place = Path(str(self.directory) + path)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)

    def arguments(self, command: str) -> list[str]:
        """The command line that runs `command` there, in the project, by a fresh root shell."""
        given = {"HOME": "/root", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "TERM": "xterm"}
        given |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        environment = " ".join(shlex.quote(f"{name}={value}") for name, value in given.items())
        root = shlex.quote(str(self.directory))
        inside = shlex.quote(f"cd /srv/sekisho && exec {command}")
        script = (
            f"mount --rbind /dev {root}/dev && mount -t proc proc {root}/proc && "
            f"exec chroot {root} /usr/bin/env -i {environment} /bin/sh -c {inside}"
        )
        return ["unshare", "--mount", "sh", "-c", script]

    def run(self, command: str, seconds: float = 600) -> str:
        """Its output; fails when its status is not 0."""
        done = subprocess.run(
            self.arguments(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout


def mirror() -> str:
    """The Debian mirror of this machine's apt; skips when it has none."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages", f"Codename: {APT_FOR}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not (sites := listing.stdout.split()):
        pytest.skip(f"apt knows no mirror for {APT_FOR} here")
    return sites[0]


def base(suite: str, packages: str = "") -> Path:
    """A minimal Debian, made once and kept among the temporary files; it is copied, never changed. `packages`: with these,
    comma-separated."""
    site = mirror()
    name = hashlib.sha256(f"{site} {suite} {packages}".encode()).hexdigest()[:12]
    kept = Path(tempfile.gettempdir()) / f"sekisho-{suite}-{name}"
    if not kept.exists():
        making = Path(tempfile.mkdtemp(prefix=f"{kept.name}-"))
        included = [f"--include={packages}"] if packages else []
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", *included, suite, str(making), site],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            shutil.rmtree(making, ignore_errors=True)
            pytest.skip(f"debootstrap did not succeed: {done.stdout[-300:]}")
        making.chmod(0o755)
        making.rename(kept)
    return kept


def copied(suite: str, packages: str, directory: Path) -> Machine:
    """A machine of its own in `directory`, with what the project's last commit holds in /srv/sekisho."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(base(suite, packages)), str(directory)], check=True)
    machine = Machine(directory)
    machine.bring()
    project = directory / "srv/sekisho"
    project.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("not a git checkout")
    subprocess.run(["tar", "-x"], cwd=project, input=archive.stdout, check=True)
    return machine
