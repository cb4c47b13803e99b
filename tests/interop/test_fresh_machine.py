"""The promise of README's first command: a fresh Debian 12 with python3 and pip needs nothing else.

The machine is a minimal Debian in a directory: no venv module, no compiler, no git, no libmagic, and the
python of Debian 12. The mirror is the one that apt is configured for here. Mounts live in a mount namespace
of each command's own, so they are gone with it whatever happens.
"""

import hashlib
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SUITE = "bookworm"
PACKAGES = "python3,python3-pip,ca-certificates"
FROM_HERE = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt", "/etc/hosts")
TOOLS = ("debootstrap", "apt-get", "unshare", "chroot", "mount", "git", "cp")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.system,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="a machine in a directory needs root"),
    *(pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed") for tool in TOOLS),
]


class Machine:
    """A Debian in a directory, with the project in /srv/sekisho."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

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


class Terminal:
    """A command on that machine at a terminal of its own: what a person sees, and Ctrl-C."""

    def __init__(self, machine: Machine, command: str) -> None:
        arguments = machine.arguments(command)
        self.text = ""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvp(arguments[0], arguments)

    def until(self, pattern: str, seconds: float) -> None:
        """Read until the pattern was printed; fails when the command ends or is silent for too long."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, self.text[-4000:]
            assert self._read(), self.text[-4000:]

    def interrupt(self, seconds: float) -> int:
        """Press Ctrl-C and wait for the end; the exit status."""
        os.write(self._fd, b"\x03")
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, self.text[-4000:]
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def close(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)

    def _read(self) -> bool:
        if not select.select([self._fd], [], [], 1)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            return False
        self.text += data.decode(errors="replace")
        return bool(data)


def mirror() -> str:
    """The Debian mirror of this machine's apt; skips when it has none for the suite."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages", f"Codename: {SUITE}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not (sites := listing.stdout.split()):
        pytest.skip(f"apt knows no mirror for {SUITE} here")
    return sites[0]


def base() -> Path:
    """A minimal Debian, made once and kept among the temporary files; it is copied, never changed."""
    site = mirror()
    name = hashlib.sha256(f"{site} {SUITE} {PACKAGES}".encode()).hexdigest()[:12]
    kept = Path(tempfile.gettempdir()) / f"sekisho-{SUITE}-{name}"
    if not kept.exists():
        making = Path(tempfile.mkdtemp(prefix=f"{kept.name}-"))
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(making), site],
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


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    directory = tmp_path_factory.mktemp("machine") / "root"
    subprocess.run(["cp", "-a", "--reflink=auto", str(base()), str(directory)], check=True)
    for path in FROM_HERE:
        if os.path.exists(path):
            shutil.copyfile(path, str(directory) + path)
    project = directory / "srv/sekisho"
    project.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("not a git checkout")
    subprocess.run(["tar", "-x"], cwd=project, input=archive.stdout, check=True)
    yield Machine(directory)
    shutil.rmtree(directory)


@pytest.fixture
def demo(machine: Machine) -> Iterator[Terminal]:
    terminal = Terminal(machine, "./dev run")
    yield terminal
    terminal.close()


def test_it_really_is_a_fresh_machine(machine: Machine) -> None:
    assert machine.run("python3 --version").startswith("Python 3.11.2")
    for missing in ("python3 -m venv /tmp/x", "python3 -c 'import magic'", "git --version", "gcc --version"):
        assert machine.run(f'sh -c "{missing} >/dev/null 2>&1 || echo missing"').strip() == "missing"


def test_the_command_answers(machine: Machine) -> None:
    assert "demo" in machine.run("./dev run -- --help")


def test_the_demo_shows_its_table_and_ends_at_ctrl_c(demo: Terminal) -> None:
    demo.until(r"delivered at once", 600)
    demo.until(r"Ctrl-C stops it", 60)
    assert demo.interrupt(60) == 0
    assert "Traceback" not in demo.text


def test_its_tests_pass_there(machine: Machine) -> None:
    assert " passed" in machine.run("./dev test tests/mail tests/gateway/locked/test_workers.py -n0", 1200)


def test_nothing_stays_mounted(machine: Machine) -> None:
    assert str(machine.directory) not in Path("/proc/mounts").read_text()
