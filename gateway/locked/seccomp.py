"""A system call filter (seccomp-BPF) that leaves computing, memory and the channel, and nothing else.

An allow list: everything that is not named here fails with EPERM, also what future kernels add. No call that
takes a path, makes a socket, starts a program or a thread, or reaches another process is on it, and memory
can never be made executable. Another architecture's calling convention (32-bit on x86_64) ends the process.

Sources: seccomp(2), Linux include/uapi/linux/{filter,seccomp,audit}.h, the kernel's system call tables.
"""

import ctypes
import errno
import platform
import struct

_libc = ctypes.CDLL(None, use_errno=True)
_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7  # AUDIT_ARCH_*
ARCHITECTURES = {"x86_64": (0, _X86_64), "aarch64": (1, _AARCH64)}

ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # the most frequent first: older kernels walk the list at each call
    "recvmsg": (47, 212),
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "munmap": (11, 215),
    "brk": (12, 214),
    "madvise": (28, 233),
    "mremap": (25, 216),
    "futex": (202, 98),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "restart_syscall": (219, 128),
    "sched_yield": (24, 124),
    "read": (0, 63),
    "write": (1, 64),  # to the channel and /dev/null; RLIMIT_FSIZE 0 forbids files
    "close": (3, 57),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrusage": (98, 165),
    "setitimer": (38, 103),  # this process alone can be ended by it (sandbox.hurry)
    "sysinfo": (99, 179),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""Name → number on (x86_64, aarch64); None where the architecture has no such call."""

SERVING: dict[str, tuple[int | None, int | None]] = {
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "epoll_ctl": (233, 21),
    "accept4": (288, 242),
    "listen": (50, 201),
    "sendmsg": (46, 211),
    "writev": (20, 66),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    "rseq": (334, 293),  # this and the next begin a thread
    "set_robust_list": (273, 99),
}
"""What a process may do besides that serves connections of a socket that was opened for it."""
_IOCTL, _CLONE, _CLONE3 = (16, 29), (56, 220), (435, 435)
_FIONBIO, _CLONE_THREAD = 0x5421, 0x10000
_NO_SUCH_CALL = 0x00050000 | errno.ENOSYS
"""The C library then begins a thread by clone, whose flags a filter can read."""

_MMAP, _MPROTECT, _FCNTL = (9, 222), (10, 226), (72, 25)
_PROT_EXEC = 4
_F_DUPFD_CLOEXEC = 1030  # what mmap.mmap() does to the descriptor it maps

_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = (
    0x20,
    0x15,
    0x45,
    0x06,
)  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, …|JSET|K, BPF_RET|K
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data; the arguments follow at 16, 8 bytes each
_ALLOW, _REFUSE, _KILL = (
    0x7FFF0000,
    0x00050000 | errno.EPERM,
    0x80000000,
)  # SECCOMP_RET_ALLOW, _ERRNO | EPERM, _KILL_PROCESS

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


def available() -> bool:
    """True when this machine's architecture is known here and its kernel filters system calls."""
    if platform.machine() not in ARCHITECTURES:
        return False
    # A filter at address 0 is refused with EFAULT where filters exist, with EINVAL where they do not.
    _libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), None, ctypes.c_ulong(0), ctypes.c_ulong(0))
    return ctypes.get_errno() == errno.EFAULT


def program(machine: str, *, serving: bool = False) -> bytes:
    """The filter as an array of struct sock_filter for "x86_64" or "aarch64". `serving` allows SERVING, threads of this
    process, and of all ioctls the one that makes a socket non-blocking."""
    column, audit = ARCHITECTURES[machine]
    code: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    for numbers in (*ALLOWED.values(), *(SERVING.values() if serving else ())):
        if (number := numbers[column]) is not None:
            code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for numbers in (_MMAP, _MPROTECT):
        code += [
            (_JUMP_EQUAL, 0, 4, numbers[column]),
            (_LOAD, 0, 0, 16 + 8 * 2),
            (_JUMP_SET, 0, 1, _PROT_EXEC),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    if serving:
        code += [
            (_JUMP_EQUAL, 0, 4, _IOCTL[column]),
            (_LOAD, 0, 0, 16 + 8 * 1),
            (_JUMP_EQUAL, 0, 1, _FIONBIO),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
            (_JUMP_EQUAL, 0, 4, _CLONE[column]),
            (_LOAD, 0, 0, 16),
            (_JUMP_SET, 0, 1, _CLONE_THREAD),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
            (_JUMP_EQUAL, 0, 1, _CLONE3[column]),
            (_RETURN, 0, 0, _NO_SUCH_CALL),
        ]
    code += [
        (_JUMP_EQUAL, 0, 3, _FCNTL[column]),
        (_LOAD, 0, 0, 16 + 8 * 1),
        (_JUMP_EQUAL, 0, 1, _F_DUPFD_CLOEXEC),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install(*, serving: bool = False) -> None:
    """Put the filter on this thread and those that it begins, for good. Needs PR_SET_NO_NEW_PRIVS. Raises OSError when
    refused."""
    code = program(platform.machine(), serving=serving)
    filled = _Program(len(code) // 8, code)
    zero = ctypes.c_ulong(0)
    if _libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.byref(filled), zero, zero):
        raise OSError(ctypes.get_errno(), "the system call filter was refused")
