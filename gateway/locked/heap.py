"""The heap of this process, as glibc keeps it: few arenas, and what is free goes back to the kernel. Elsewhere no effect."""

import ctypes
import gc

_libc = ctypes.CDLL(None)
_trim = getattr(_libc, "malloc_trim", None)
_option = getattr(_libc, "mallopt", None)
_M_ARENA_MAX, _M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -8, -1, -3

ARENAS = 2
"""By default each thread has an arena of its own, which keeps what its largest mail needed. Python's lock lets one thread
allocate at a time anyway."""
LARGE = 1 << 20
"""Bytes of an allocation from which on it is a mapping of its own, gone when it is freed. Left to itself, glibc takes that
for a waste after the first one, and keeps them all in its arenas from then on."""


def bounded() -> None:
    """To be called before there are threads."""
    if _option is not None:
        for option, value in ((_M_ARENA_MAX, ARENAS), (_M_MMAP_THRESHOLD, LARGE), (_M_TRIM_THRESHOLD, LARGE)):
            _option(option, value)


def trim() -> None:
    """Give the kernel back whatever is free now (about 1 ms)."""
    if _trim is not None:
        _trim(0)


def settle() -> None:
    """What exists now stays: no collection looks at it again (a full one takes 0.2 s), and processes that are forked
    share it."""
    gc.collect()
    trim()
    gc.freeze()
