"""The filter is read by a small interpreter of its own language, for both architectures, and once by the kernel."""

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.locked import seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM = 0x00050001
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def decision(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the filter says of a system call; the instructions are those of linux/filter.h that we use."""
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack(
        "=IIQ6Q", number, seccomp.ARCHITECTURES[machine][1] if audit is None else audit, 0, *values
    )
    code = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
    at, accumulator = 0, 0
    while True:
        operation, yes, no, k = code[at]
        at += 1
        if operation == 0x20:
            accumulator = struct.unpack_from("=I", data, k)[0]
        elif operation == 0x15:
            at += yes if accumulator == k else no
        elif operation == 0x45:
            at += yes if accumulator & k else no
        else:
            assert operation == 0x06
            return int(k)


def numbers(machine: str) -> dict[str, int]:
    header = HEADERS[machine]
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    return {m[1]: int(m[2]) for m in re.finditer(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_exactly_the_named_calls_are_allowed(machine: str) -> None:
    column = seccomp.ARCHITECTURES[machine][0]
    named = {n[column] for n in seccomp.ALLOWED.values()} - {None}
    named |= {(9, 222)[column], (10, 226)[column]}  # mmap and mprotect, without PROT_EXEC
    assert {n for n in range(1024) if decision(machine, n) == ALLOW} == named


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    kernel = numbers(machine)
    column = seccomp.ARCHITECTURES[machine][0]
    expected = {
        name: found[column] for name, found in seccomp.ALLOWED.items() if found[column] is not None
    } | {"mmap": (9, 222)[column], "mprotect": (10, 226)[column], "fcntl": (72, 25)[column]}
    assert expected == {name: kernel[name] for name in expected}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_dangerous_calls_are_refused(machine: str) -> None:
    kernel = numbers(machine)
    for name in [
        "open",
        "openat",
        "openat2",
        "creat",
        "socket",
        "socketpair",
        "connect",
        "bind",
        "accept",
        "sendmsg",
        "execve",
        "execveat",
        "fork",
        "vfork",
        "clone",
        "clone3",
        "ptrace",
        "kill",
        "tgkill",
        "pidfd_open",
        "pidfd_send_signal",
        "pidfd_getfd",
        "process_vm_readv",
        "process_vm_writev",
        "io_uring_setup",
        "bpf",
        "userfaultfd",
        "mount",
        "unshare",
        "setns",
        "prctl",
        "seccomp",
        "setrlimit",
        "prlimit64",
        "memfd_create",
        "keyctl",
        "perf_event_open",
        "chdir",
        "chmod",
        "unlink",
        "unlinkat",
        "rename",
        "ioctl",
        "dup",
        "dup2",
        "shmget",
        "newfstatat",
        "statx",
    ]:
        if name in kernel:
            assert decision(machine, kernel[name]) == EPERM, name


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_arguments_that_make_code_or_change_descriptors_are_refused(machine: str) -> None:
    column = seccomp.ARCHITECTURES[machine][0]
    mmap, mprotect, fcntl = (9, 222)[column], (10, 226)[column], (72, 25)[column]
    for call in (mmap, mprotect):
        assert [decision(machine, call, 0, 0, protection) for protection in (1, 3, 4, 5, 7)] == [
            ALLOW, ALLOW, EPERM, EPERM, EPERM,
        ]  # fmt: skip
    assert decision(machine, fcntl, 3, 1030) == ALLOW
    assert decision(machine, fcntl, 3, 4) == EPERM


def test_another_calling_convention_ends_the_process() -> None:
    assert decision("x86_64", 3, audit=0x40000003) == KILL  # i386
    assert decision("x86_64", 0x40000000 | 2) == EPERM  # x32's open


def test_the_kernel_takes_it() -> None:
    if not seccomp.available():
        pytest.skip("this kernel has no system call filters")
    program = (
        "import ctypes, os; from gateway.locked import seccomp\n"
        "ctypes.CDLL(None).prctl(38, 1, 0, 0, 0); seccomp.install(); os.getpid()\n"
        "try: open('/etc/passwd')\n"
        "except PermissionError: os.write(1, b'refused')\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    assert done.stdout == b"refused", done.stderr
