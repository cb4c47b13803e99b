"""Attempts to break out of the sandbox, made by a locked-up process itself at every start (T33).

Each probe does what an attacker who runs code in a worker would try first, and must be refused. What it
tries on is real: a file of ours, listeners of ours, our own process. A probe that succeeds stops the start.
"""

import ctypes
import mmap
import os
import platform
import resource
import socket
from collections.abc import Callable
from typing import Any

import msgspec

_libc = ctypes.CDLL(None, use_errno=True)
_PTRACE_SEIZE, _PR_SET_DUMPABLE = 0x4206, 4
_NUMBERS = {  # system calls without a Python function: number on (x86_64, aarch64)
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "unshare": (272, 97),
    "memfd_create": (319, 279),
    "pidfd_open": (434, 434),
}
_CLONE_NEWUSER = 0x10000000
_NAME = ctypes.create_string_buffer(b"probe")
_ZEROS = ctypes.create_string_buffer(256)


class Result(msgspec.Struct, frozen=True):
    """The probes that were refused, and those that succeeded and should not have."""

    refused: tuple[str, ...]
    succeeded: tuple[str, ...]


class Bait(msgspec.Struct, frozen=True):
    """What the gateway puts up for the probes: its process id, a file in a directory, listeners."""

    pid: int
    file: str
    tcp: int
    udp: int
    unix: bytes


def attempt(bait: Any) -> Result:
    """Try everything; called in the locked-up process with a Bait or its fields."""
    target = bait if isinstance(bait, Bait) else msgspec.convert(bait, Bait)
    refused, succeeded = [], []
    for name, probe in PROBES.items():
        try:
            probe(target)
        except (OSError, MemoryError, ValueError):
            refused.append(name)
        else:
            succeeded.append(name)
    return Result(tuple(refused), tuple(succeeded))


def _syscall(name: str, *arguments: int) -> None:
    number = _NUMBERS[name][0 if platform.machine() == "x86_64" else 1]
    if _libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) for a in arguments)) < 0:
        raise OSError(ctypes.get_errno(), name)


def _fork(_: Bait) -> None:
    if os.fork() == 0:
        os._exit(0)


def _execute(_: Bait) -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 - success would end this process without an answer: seen by the gateway


def _create(bait: Bait) -> None:
    path = os.path.join(os.path.dirname(bait.file), "made-by-a-probe")
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    os.unlink(path)


def _connect(family: int, kind: int, address: Any) -> None:
    with socket.socket(family, kind) as sock:
        sock.settimeout(1)
        sock.connect(address)
        sock.send(b"out")


def _allocate(_: Bait) -> None:
    mmap.mmap(-1, 2 << 30).close()


def _raise_limit(_: Bait) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (soft + 4096, hard + 4096))


def _make_code(_: Bait) -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _become_dumpable(_: Bait) -> None:
    if _libc.prctl(_PR_SET_DUMPABLE, *(ctypes.c_ulong(n) for n in (1, 0, 0, 0))):
        raise OSError(ctypes.get_errno(), "prctl")


PROBES: dict[str, Callable[[Bait], Any]] = {
    "read_password_file": lambda bait: os.close(os.open("/etc/passwd", os.O_RDONLY)),
    "read_spool": lambda bait: os.close(os.open(bait.file, os.O_RDONLY)),
    "write_spool": lambda bait: os.close(os.open(bait.file, os.O_WRONLY)),
    "create_file": _create,
    "list_directory": lambda bait: os.listdir(os.path.dirname(bait.file)),
    "delete_file": lambda bait: os.unlink(bait.file),
    "rename_file": lambda bait: os.rename(bait.file, bait.file + ".moved"),
    "change_mode": lambda bait: os.chmod(bait.file, 0o644),
    "connect_tcp": lambda bait: _connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", bait.tcp)),
    "send_udp": lambda bait: _connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", bait.udp)),
    "connect_unix": lambda bait: _connect(socket.AF_UNIX, socket.SOCK_STREAM, bait.unix),
    "make_socket_pair": lambda bait: socket.socketpair(),
    "fork": _fork,
    "signal_gateway": lambda bait: os.kill(bait.pid, 0),
    "open_process": lambda bait: _syscall("pidfd_open", bait.pid, 0),
    "trace_gateway": lambda bait: _syscall("ptrace", _PTRACE_SEIZE, bait.pid, 0, 0),
    "read_memory_file": lambda bait: os.close(os.open(f"/proc/{bait.pid}/mem", os.O_RDONLY)),
    "read_memory": lambda bait: _syscall("process_vm_readv", bait.pid, 0, 0, 0, 0, 0),
    "allocate": _allocate,
    "raise_limit": _raise_limit,
    "make_code": _make_code,
    "make_memory_file": lambda bait: _syscall("memfd_create", ctypes.addressof(_NAME), 0),
    "become_dumpable": _become_dumpable,
    "new_namespace": lambda bait: _syscall("unshare", _CLONE_NEWUSER),
    "io_uring": lambda bait: _syscall("io_uring_setup", 1, ctypes.addressof(_ZEROS)),
    "userfaultfd": lambda bait: _syscall("userfaultfd", 1),
    "change_directory": lambda bait: os.chdir("/"),
    "execute": _execute,
}
"""Name → attempt. An exception of the operating system means refused. `execute` is last: it would not return."""
