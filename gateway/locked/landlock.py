"""Landlock: the kernel's own denial of files, TCP and other processes' sockets and signals, for this thread.

A ruleset without a single rule, so everything it covers is denied. What it covers grows with the kernel's ABI
version; unknown newer rights are left out. Descriptors that are open already keep working.

Sources: landlock(7), Linux include/uapi/linux/landlock.h.
"""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)
_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same number on every architecture
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION

_FILES = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file system rights by ABI; 16 from 5 on
_TCP = 0b11  # BIND, CONNECT: from ABI 4 on
_SCOPES = 0b11  # abstract UNIX sockets, signals: from ABI 6 on


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def abi() -> int:
    """The kernel's Landlock version; 0 when it has none or does not use it."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def denied(version: int) -> tuple[int, int, int]:
    """(file system rights, TCP rights, scopes) that an ABI version can deny, as bit masks."""
    if version < 1:
        return 0, 0, 0
    files = (1 << _FILES.get(version, 16)) - 1
    return files, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0


def install() -> None:
    """Deny this thread all of it, for good. Needs PR_SET_NO_NEW_PRIVS. Raises OSError when refused."""
    ruleset = _Ruleset(*denied(abi()))
    # Kernels take a shorter struct of an older version, and a longer one when the rest is zero.
    fd = _libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), 0)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "no Landlock ruleset")
    try:
        if _libc.syscall(_RESTRICT_SELF, fd, 0):
            raise OSError(ctypes.get_errno(), "the Landlock ruleset was refused")
    finally:
        os.close(fd)
