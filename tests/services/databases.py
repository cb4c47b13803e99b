"""Empty databases with today's schema, each a copy of one that went through the migrations once.

A new database goes through all of them when it is opened, which takes longer than most tests; those of the migrations
themselves begin with nothing.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from storage.border import TENANT
from storage.database import dialect, prepare
from storage.interfaces import Row, Transaction


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


class ByHand:
    """A transaction as somebody has it who writes SQL of their own: in PostgreSQL above the border between tenants."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction: Any = transaction

    @contextmanager
    def _above(self) -> Iterator[None]:
        border = getattr(self._transaction, "_border", None)
        if border is None:
            yield
            return
        self._transaction._connection.execute("RESET ROLE")
        self._transaction._border = None
        try:
            yield
        finally:
            self._transaction._border = border
            border.begin()

    def execute(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        with self._above():
            rows: list[Row] = self._transaction.execute(sql, parameters)
            return rows

    def create(self, table: str, columns: str) -> None:
        """A table of nobody, for everybody."""
        self.execute(f"CREATE TABLE {table} ({columns})")
        if getattr(self._transaction, "_border", None) is not None:
            self.execute(f"GRANT ALL ON {table} TO {TENANT}")

    def executemany(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        with self._above():
            self._transaction.executemany(sql, parameters)
