"""Leaving mails whose pictures of text are read while they are held, as rows: noted in the transaction that takes the mail,
gone when it was read, or need not be."""

from collections.abc import Sequence
from typing import NamedTuple

from quarantine.item import Item, State
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Already, Database, Transaction
from storage.statements import insert_into

_NOTE = insert_into("picture", ("tenant", "mail_id", "until")) + " ON CONFLICT (tenant, mail_id) DO NOTHING"
_NEXT = of_all("SELECT * FROM picture WHERE until <= :now ORDER BY until, mail_id LIMIT :limit")
_TAKE = "UPDATE picture SET until = :end WHERE tenant = :tenant AND mail_id = :mail_id AND until = :until"
_FORGET = "DELETE FROM picture WHERE tenant = :tenant AND mail_id = :mail_id"


class Pictures(NamedTuple):
    """A mail that is to be read; until then (UTC seconds) somebody is at it."""

    tenant: str
    mail_id: str
    until: float


def note(transaction: Transaction, items: Sequence[Item]) -> None:
    """Have the mail of these items read, if one of them is held."""
    for item in items:
        if item.state is State.HELD:
            transaction.execute(_NOTE, {"tenant": item.tenant, "mail_id": item.mail_id, "until": 0.0})
            return


async def unread(database: Database, now: float, limit: int) -> list[Pictures]:
    """Mails of all tenants that nobody reads, the longest waiting first."""
    rows = await database.read(lambda t: t.execute(_NEXT, {"now": now, "limit": limit}))
    return [Pictures(row["tenant"], row["mail_id"], row["until"]) for row in rows]


async def take(database: Database, mail: Pictures, end: float) -> bool:
    """Read it, until `end` at the latest; False when another node is quicker."""

    def operation(transaction: Transaction) -> bool:
        transaction.execute(_TAKE, {**mail._asdict(), "end": end})
        return transaction.changed() == 1

    return await bound(database, mail.tenant).write(operation)


def forget(transaction: Transaction, mail: Pictures) -> None:
    """It was read, or need not be. Raises Already."""
    transaction.execute(_FORGET, {"tenant": mail.tenant, "mail_id": mail.mail_id})
    if transaction.changed() != 1:
        raise Already("another node has read it")
