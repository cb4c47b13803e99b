"""Locking this process up before it reads hostile bytes. Irrevocable; needs no privileges and asks for none.

Walls, each enough for most attacks alone: resource limits; no new privileges, no dump, no capabilities;
Landlock (files, TCP, signals); a system call filter (everything but computing). The filter is the wall that
must stand, because only it stops UDP, UNIX sockets, fork and exec; Landlock may be missing (a warning).
Whether they really stand is not believed but tried: gateway/locked/probes.py, at every start.

Diagnostics: OSError when a wall cannot be put up; the process must then end without reading any mail.
"""

import ctypes
import os
import resource
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from gateway.locked import landlock, seccomp

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x20080522
DESCRIPTORS = 8
"""Enough for 0–2, the channel, a mail's file, its copy made by mmap, and two to spare."""


def walls() -> tuple[str, ...]:
    """Which of "seccomp" and "landlock" this machine offers."""
    found = ["seccomp"] if seccomp.available() else []
    return (*found, "landlock") if landlock.abi() else tuple(found)


def die_with_parent(parent: int) -> None:
    """Let the kernel end this process when the one that forked it (process id `parent`) is gone."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


CHANNEL = 3


def keep_only(fd: int) -> None:
    """Close every descriptor but `fd`, which becomes CHANNEL.

    0–2 become /dev/null, so that nothing else can ever get the numbers that libraries print to.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for low in (0, 1, 2):
        os.dup2(null, low)
    if fd != CHANNEL:
        os.dup2(fd, CHANNEL)
    os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))


def limit(memory: int) -> None:
    """Resource limits. `memory`: bytes this process may come to occupy, what it occupies now included."""
    with open("/proc/self/statm") as statm:
        size, resident = (int(pages) * resource.getpagesize() for pages in statm.read().split()[:2])
    # Address space counts what is mapped but never touched (libraries); allow that and the difference.
    space = size + max(memory - resident, 64 << 20)
    limits = {
        resource.RLIMIT_AS: space,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for name, value in limits.items():
        resource.setrlimit(name, (value, value))


HURRY, HURRY_MEGABYTE = 0.5, 0.1
"""Seconds of CPU time for building one tree: for any, and for each million bytes (lexbor takes a fifth of that)."""
HURRIED = signal.SIGPROF
"""The signal that ends a process whose time for one tree is over."""


@contextmanager
def hurry(size: int) -> Iterator[None]:
    """End this process when what is done inside, for `size` bytes, takes too much CPU time. Nothing in it is asked."""
    signal.setitimer(signal.ITIMER_PROF, HURRY + HURRY_MEGABYTE * size / 1e6)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def prefer_to_lose() -> None:
    """When the machine runs out of memory, let this process be the one that the kernel ends."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # a read-only /proc: the limits above still hold


def limit_serving(descriptors: int) -> None:
    """Resource limits of a process that serves connections: it writes a log, and begins threads."""
    with open("/proc/self/statm") as statm:
        size = int(statm.read().split()[0]) * resource.getpagesize()
    space = size + (1 << 30)
    for name, value in ((resource.RLIMIT_AS, space), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_MEMLOCK, 0),
                        (resource.RLIMIT_MSGQUEUE, 0)):  # fmt: skip
        resource.setrlimit(name, (value, value))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    descriptors = descriptors if most == resource.RLIM_INFINITY else min(descriptors, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


def lock(chosen: Iterable[str], *, serving: bool = False) -> None:
    """Put up the walls of the kernel that `chosen` names, after the limits; `serving` as in seccomp.program. Raises
    OSError. Threads that have begun before are not behind them."""
    if not serving:
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    _drop_capabilities()
    wanted = set(chosen)
    if "landlock" in wanted:
        landlock.install()
    if "seccomp" in wanted:
        seccomp.install(serving=serving)


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    if _libc.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)())):
        raise OSError(ctypes.get_errno(), "capabilities could not be dropped")


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, *(ctypes.c_ulong(n) for n in (value, 0, 0, 0))):
        raise OSError(ctypes.get_errno(), f"prctl {option} was refused")
