"""Empty databases with today's schema, each a copy of one that went through the migrations once.

A new database goes through all of them when it is opened, which takes longer than most tests; those of the migrations
themselves begin with nothing.
"""

import os
import tempfile
from functools import cache
from pathlib import Path

from storage.database import dialect, prepare


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "db"
        prepare(dialect(f"sqlite:///{file}"))
        return file.read_bytes()


def sqlite(file: Path) -> str:
    """The URL of this file, which is an empty database with today's schema then; it must not be there yet."""
    made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(made, "wb") as out:
        out.write(_migrated())
    return f"sqlite:///{file}"
