"""Files of folders that others fill: none is followed out of its folder, nothing that is no file is opened, nothing hangs.

Diagnostics: OSError, and ValueError with the reason for people.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from config.problems import why_not

LARGEST = 250_000_000
"""Bytes of a file that is read."""
_PASSING = ("~$", ".", "thumbs.db", "desktop.ini")
"""How names begin of files that nobody wrote."""
_KINDS = {
    stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device", stat.S_IFDIR: "a folder",
}  # fmt: skip


def shown(name: str) -> str:
    """A name in one line: control characters, and bytes that are no UTF-8, as \\n, \\x1b, \\udc82."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def below(folder: Path, told: Callable[[Path, str], None]) -> Iterator[Path]:
    """Every file below a folder, in order. Links are not followed; what is passed by, and why, is told."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            told(here, f"cannot be read ({why_not(error)})")
            continue
        deeper = []
        for entry in found:
            path = here / entry.name
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    deeper.append(path)
            elif not entry.name.lower().startswith(_PASSING):
                if entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    told(path, f"is {kind_of(path)}")
        waiting += reversed(deeper)


def kind_of(path: Path) -> str:
    """What stands there, if it is no file; "" for a file. "gone" when nothing does."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "gone"
    return "" if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "no file")


def looked_at(path: Path) -> os.stat_result:
    """Size and times of a file. Raises OSError, and ValueError for anything else, and for one that is too large."""
    found = path.lstat()
    _fit(found)
    return found


def _fit(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"is {_KINDS.get(stat.S_IFMT(found.st_mode), 'no file')}")
    if found.st_size > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 1_000_000} MB")


def read(path: Path) -> tuple[os.stat_result, bytes]:
    """A file as it was while it was read. `path` has no link in it (Path.resolve): where it has one now, nothing is read.

    Raises OSError; ValueError for what is no file or too large, lies elsewhere meanwhile, or changes under our eyes.
    """
    # A pipe that nobody writes to would keep who opens it waiting; a terminal would become ours.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC
    with open(path, "rb", buffering=0, opener=lambda name, _: os.open(name, flags)) as file:
        before = os.fstat(file.fileno())
        _fit(before)
        if os.readlink(f"/proc/self/fd/{file.fileno()}") != str(path):
            raise ValueError("lies elsewhere meanwhile: a link leads there")
        data = bytearray()
        while chunk := file.read(min(1 << 20, LARGEST + 1 - len(data))):
            data += chunk
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) != after.st_size:
        raise ValueError("changed while it was read")
    return after, bytes(data)
