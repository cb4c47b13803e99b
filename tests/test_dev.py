"""`./dev run`: what somebody sees in the first minute, and Ctrl-C at any moment of it."""

import os
import pty
import select
import shutil
import signal
import sys
import termios
import time
from pathlib import Path

import pytest

from storage.claim import FileClaim
from tests.services.postgres import unavailable

ROOT = Path(__file__).parent.parent
SECONDS = 170.0
"""After which a test gives up, on a machine however busy."""


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, folder: Path, *command: str, path: str = "") -> None:
        self.text = ""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.environ["PATH"] = path + os.environ["PATH"]
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests may ignore it
            os.execv(command[0], command)
        echo = termios.tcgetattr(self._fd)
        echo[3] &= ~termios.ECHO
        termios.tcsetattr(self._fd, termios.TCSANOW, echo)
        self._end = time.monotonic() + SECONDS

    def until(self, words: str) -> None:
        """Read until the words were printed; fails when the command ends before."""
        while words not in self.text:
            assert self._read(), self.text

    def interrupted(self) -> int:
        """Press Ctrl-C, again and again, until it ends; the exit status."""
        while True:
            try:
                os.write(self._fd, b"\x03")
            except OSError:
                break
            if not self._read(0.05):
                break
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def finished(self) -> int:
        """Its exit status when it ends by itself."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _read(self, patience: float = 1.0) -> bool:
        assert time.monotonic() < self._end, self.text
        if not select.select([self._fd], [], [], patience)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            return False
        self.text += data.decode(errors="replace")
        return bool(data)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project as `./dev` sees it, with a `var` of its own."""
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    for name in ("requirements.lock", "requirements-dev.lock", "tools.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def installed(project: Path) -> Path:
    environment = Path(sys.prefix)
    if not (environment / ".lock").exists():
        unavailable(f"{environment}/.lock is missing: this is not the environment that ./dev makes")
    (project / ".venv").symlink_to(environment)
    return project


MOMENTS = ("Starting the demo", "A node in", "examining processes", "Playing 12", "Ctrl-C stops it")


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_is_clean_at_any_moment(installed: Path, moment: str) -> None:
    """It showed where Python was while it loaded, and did nothing while the node started."""
    terminal = Terminal(installed, "./dev", "run", "--any-port")
    terminal.until(moment)
    assert terminal.interrupted() in (0, 130, -signal.SIGINT)
    assert "Traceback" not in terminal.text
    assert "Error" not in terminal.text
    claim = FileClaim(installed / "var/demo/state/lock")
    (installed / "var/demo/state").mkdir(parents=True, exist_ok=True)
    assert claim.take() == "", "nothing is left that runs"
    claim.release()


FAKE = """\
#!{python}
import time
print("this is pip", flush=True)
time.sleep({seconds})
"""


def test_it_says_what_it_waits_for_and_ctrl_c_is_clean_while_packages_are_installed(project: Path) -> None:
    """Nothing was said for half a minute, and an interrupt showed where pip was."""
    programs = project / "programs"
    programs.mkdir()
    (programs / "python3").write_text(FAKE.format(python=sys.executable, seconds=SECONDS))
    (programs / "python3").chmod(0o755)
    terminal = Terminal(project, "./dev", "run", path=f"{programs}:")
    terminal.until("this is pip")
    assert "Fetching the installer" in terminal.text.partition("this is pip")[0]
    assert terminal.interrupted() == 130
    assert "Traceback" not in terminal.text


def test_a_second_demo_in_the_folder_says_so_and_empties_nothing(installed: Path) -> None:
    state = installed / "var/demo/state"
    state.mkdir(parents=True)
    (state / "sekisho.db").write_text("somebody's")
    claim = FileClaim(state / "lock")
    assert claim.take() == ""
    terminal = Terminal(installed, "./dev", "run", "--any-port")
    assert terminal.finished() == 2
    assert f"in use: a node runs on it already (process {os.getpid()} on " in terminal.text
    assert (state / "sekisho.db").read_text() == "somebody's"
    claim.release()


def test_the_state_is_kept_where_somebody_wants_it(installed: Path) -> None:
    """What is not a database stops the start, so it was not removed; test_play.py shows that it is without --keep."""
    state = installed / "var/demo/state"
    state.mkdir(parents=True)
    (state / "sekisho.db").write_text("no database, but of some length")
    terminal = Terminal(installed, "./dev", "run", "--any-port", "--keep")
    assert terminal.finished() == 1
    assert "as it was left" in terminal.text
    assert "sekisho: the store: " in terminal.text
