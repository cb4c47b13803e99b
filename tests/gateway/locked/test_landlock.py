import subprocess
import sys

import pytest

from gateway.locked import landlock


@pytest.mark.parametrize(
    ("version", "files", "net", "scopes"),
    [
        (0, 0, 0, 0),
        (1, 0x1FFF, 0, 0),
        (2, 0x3FFF, 0, 0),
        (3, 0x7FFF, 0, 0),
        (4, 0x7FFF, 3, 0),
        (5, 0xFFFF, 3, 0),
        (6, 0xFFFF, 3, 3),
        (9, 0xFFFF, 3, 3),
    ],
)
def test_what_each_version_denies(version: int, files: int, net: int, scopes: int) -> None:
    assert landlock.denied(version) == (files, net, scopes)


def test_files_are_out_of_reach() -> None:
    if not landlock.abi():
        pytest.skip("this kernel has no Landlock")
    program = (
        "import ctypes; from gateway.locked import landlock\n"
        "ctypes.CDLL(None).prctl(38, 1, 0, 0, 0); landlock.install()\n"
        "try: open('/etc/passwd')\n"
        "except PermissionError: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    assert done.stdout.strip() == b"refused", done.stderr
