"""What only one process may have at a time, for as long as it lives: a state folder, a node's name in a database.

A claim on a file is a flock(2): the kernel ends it with the process, however that ends, and no program that the process
starts inherits it. The file stays; what stands in it is only for people. storage/postgres.py has the claim on a name in
a PostgreSQL database.

Diagnostics: ConfigError when the file cannot be locked at all, StoreError when a database does not answer.
"""

import fcntl
import os
import socket
from pathlib import Path
from typing import Protocol

from config.policy import ConfigError


class Claim(Protocol):
    """One thing that is claimed. Blocks; used by one thread at a time."""

    def take(self) -> str:
        """Take it, or see that it is still ours: "". Who has it, in words, when it is somebody else's. Repeatable."""

    def release(self) -> None:
        """Idempotent."""


class FileClaim:
    """By a file, which is made when it is missing; its folder must be there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    def take(self) -> str:
        if self._descriptor >= 0:
            return ""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.truncate(descriptor, 0)
                os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
            except BlockingIOError:
                holder = os.read(descriptor, 200).decode(errors="replace").strip()
                os.close(descriptor)
                return holder or "another process"
            except OSError:
                os.close(descriptor)
                raise
        except OSError as error:
            raise ConfigError([f"{self.path} cannot be locked: {error.strerror}"]) from error
        self._descriptor = descriptor
        return ""

    def release(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def held(path: Path) -> bool:
    """True while some process has claimed this file; nothing is made or changed. A file that cannot be read is not
    somebody's of whom we know."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
