"""A database bound to one tenant: what goes through it can ask for that tenant's rows alone, in SQLite and PostgreSQL alike
(docs/adr/0027).

Diagnostics: AnotherTenants for a statement in anybody else's name, before it reaches the database.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from config.tenant import EVERY
from storage.border import TENANT, whose
from storage.interfaces import Database, Row, StoreError, Transaction

T = TypeVar("T")


class Owned(Protocol):
    """Something that is one tenant's."""

    @property
    def tenant(self) -> str: ...


Each = TypeVar("Each", bound=Owned)


class AnotherTenants(StoreError):
    """A statement in the name of another tenant, of the house, or of nobody: an error of the program's."""


class BoundTransaction:
    """A transaction (storage/interfaces.py) in which one tenant's statements are run, and no others."""

    def __init__(self, transaction: Transaction, tenant: str) -> None:
        self._transaction = transaction
        self.tenant = tenant
        self.memory = transaction.memory
        self.for_update = transaction.for_update
        self.skip_locked = transaction.skip_locked
        self.owns_schema = False

    def execute(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        self._check(sql, parameters)
        return self._transaction.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        for each in parameters:
            self._check(sql, each)
        self._transaction.executemany(sql, parameters)

    def changed(self) -> int:
        return self._transaction.changed()

    def at_end(self, name: str, operation: Callable[[Transaction], None]) -> None:
        self._transaction.at_end(
            name, lambda transaction: operation(BoundTransaction(transaction, self.tenant))
        )

    def lock_schema(self) -> None:
        raise AnotherTenants("the schema is nobody's")

    def _check(self, sql: str, parameters: Mapping[str, Any]) -> None:
        if whose(sql, parameters) != (TENANT, self.tenant):
            raise AnotherTenants(
                f"a statement that is not {self.tenant}'s: {sql.partition(' WHERE ')[0][:80]}"
            )


class BoundDatabase:
    """A database (storage/interfaces.py) as one tenant has it."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def write(self, operation: Callable[[Transaction], T]) -> T:
        return await self._database.write(lambda t: operation(BoundTransaction(t, self._tenant)))

    async def read(self, operation: Callable[[Transaction], T]) -> T:
        return await self._database.read(lambda t: operation(BoundTransaction(t, self._tenant)))

    async def close(self) -> None:
        """Who has one tenant's does not close everybody's."""


def within(transaction: Transaction, tenant: str) -> Transaction:
    """The transaction as this tenant has it, for a part of it. What is another's already is not handed on: AnotherTenants."""
    if not isinstance(transaction, BoundTransaction):
        return BoundTransaction(transaction, tenant)
    if transaction.tenant != tenant:
        raise AnotherTenants(f"a transaction of {transaction.tenant}'s, asked for {tenant}")
    return transaction


def apart(transaction: Transaction, several: Iterable[Each]) -> Iterator[tuple[Transaction, list[Each]]]:
    """These by tenant, each tenant's in their order, with the transaction as that tenant has it."""
    whose: dict[str, list[Each]] = {}
    for each in several:
        whose.setdefault(each.tenant, []).append(each)
    for tenant, theirs in whose.items():
        yield within(transaction, tenant), theirs


def bound(database: Database, tenant: str) -> Database:
    """The database as this tenant has it; for EVERY, which only the system asks for, the database itself."""
    return database if tenant == EVERY else BoundDatabase(database, tenant)
