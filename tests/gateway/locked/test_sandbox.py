"""The walls, each seen from the inside of a process of its own."""

import subprocess
import sys
import time

import pytest

from gateway.locked import sandbox

START = "import os, sys\nfrom gateway.locked import sandbox\n"


def inside(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", START + program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_only_the_channel_stays_open() -> None:
    out = inside(
        "read, write = os.pipe(); report = os.dup(1)\n"
        "os.set_inheritable(report, True); other = os.open('/etc/passwd', os.O_RDONLY)\n"
        "sandbox.keep_only(report)\n"
        "text = ' '.join(f'{n}={os.readlink(f\"/proc/self/fd/{n}\")}' for n in os.listdir('/proc/self/fd')"
        " if os.path.exists(f'/proc/self/fd/{n}') or n == '3')\n"
        "os.write(sandbox.CHANNEL, text.encode())\n"
    )
    assert [word.split("=")[0] for word in sorted(out.split())] == ["0", "1", "2", "3"]
    assert out.count("/dev/null") == 3


def test_memory_is_limited_to_what_is_given() -> None:
    out = inside(
        "sandbox.limit(160 << 20)\n"
        "kept = [bytearray(32 << 20)]\n"
        "try:\n    kept.append(bytearray(400 << 20))\n"
        "except MemoryError: print('limited')\n"
    )
    assert out == "limited"


def test_no_file_can_grow_and_no_process_be_made(tmp_path: object) -> None:
    out = inside(
        f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); f = os.open({str(tmp_path)!r} + '/x', os.O_CREAT | os.O_WRONLY)\n"
        "sandbox.limit(256 << 20)\n"
        "try: os.write(f, b'x')\n"
        "except OSError as e: print(e.errno)\n"
    )
    assert out == "27"  # EFBIG


def test_a_locked_process_has_no_capabilities_and_cannot_get_new_ones() -> None:
    if "seccomp" not in sandbox.walls():
        pytest.skip("this kernel has no system call filters")
    out = inside(
        "status = os.open('/proc/self/status', os.O_RDONLY)\n"
        "sandbox.limit(256 << 20); sandbox.lock(sandbox.walls())\n"
        "sys.stdout.write(os.read(status, 8192).decode()); sys.stdout.flush()\n"
    )
    fields = dict(line.split(":\t", 1) for line in out.splitlines() if ":\t" in line)
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"


def test_it_ends_when_its_parent_is_gone() -> None:
    program = (
        START + "import time\nparent = os.getpid()\nif os.fork() == 0:\n"
        "    sandbox.die_with_parent(parent); print(os.getpid(), flush=True); time.sleep(60)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-I", "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    gone = False
    for _ in range(500):
        try:
            with open(f"/proc/{child}/stat") as stat:
                gone = stat.read().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            gone = True
        if gone:
            break
        time.sleep(0.01)
    assert gone
