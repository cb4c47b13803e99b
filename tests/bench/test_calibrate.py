"""The choice of a build of Python."""

import subprocess
import sys

from bench.stand import calibrate


def _told(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, calibrate.__file__, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_build_of_the_version_that_is_asked_for_says_how_quick_it_is() -> None:
    told = _told(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert told.returncode == 0
    assert int(told.stdout) > 0


def test_one_of_another_version_says_nothing() -> None:
    told = _told("2.7")
    assert (told.returncode, told.stdout, told.stderr) == (1, "", "")
