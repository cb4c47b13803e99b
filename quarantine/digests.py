"""What the digests know: which mail waits for whom since when, who has been told, and which list a link opens.

Diagnostics: requests.Already when another node has written the digest; StoreError.
"""

import msgspec

from directory.account import Account
from filters.examined import DISARMED
from quarantine.rows import names_row
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Already, Database, Transaction
from storage.journal import canonical
from storage.statements import insert_into

LIFE = 48 * 3600.0
"""Seconds for which a link opens its list."""
LISTED = 50
"""Mails that one digest names."""
KEPT = 30 * 86_400.0
HORIZON = 7 * 86_400.0
"""Seconds: what has waited longer when it is first looked for is left to the page."""

_DUE = of_all(
    "SELECT i.tenant, r.mailbox, i.id, i.accepted_at FROM item i"
    " JOIN recipient r ON r.item = i.id AND r.tenant = i.tenant"
    " WHERE i.state = 'held' AND i.accepted_at > :since AND i.accepted_at <= :until"
    " AND i.direction = 'inbound' AND (i.waits > 0 OR i.due_at IS NULL)"
    " AND i.holds <> :original AND r.status = 'waiting'"
    " AND NOT EXISTS (SELECT 1 FROM suspension s WHERE s.tenant = i.tenant)"
    " ORDER BY i.accepted_at DESC, i.id"
)
"""The index of held items by acceptance answers this; what was delivered without its original is not told, nor anybody whose
organisation is suspended: the next digest after that has it."""
_TOLD = of_all(
    "SELECT tenant, person, MAX(slot) AS slot FROM digests WHERE slot > :since GROUP BY tenant, person"
)
_NOTE = (
    f"{insert_into('digests', ('tenant', 'person', 'slot', 'token', 'items', 'expires_at'))}"
    " ON CONFLICT (tenant, person, slot) DO NOTHING RETURNING person"
)
"""The digest of a person and a slot, once: of two nodes, one gets the row."""
_OPENED = (
    "SELECT items, expires_at FROM digests WHERE token = :token AND tenant = :tenant AND person = :person"
)
_SWEEP = of_all("DELETE FROM digests WHERE slot <= :before")


class Held(msgspec.Struct, frozen=True):
    """A mail that waits for a mailbox of a tenant."""

    tenant: str
    mailbox: str
    item: str
    accepted_at: float


class List(msgspec.Struct, frozen=True):
    """What a link opens: the items of one digest, until `expires_at` (UTC seconds)."""

    items: tuple[str, ...]
    expires_at: float


async def held_since(database: Database, since: float, until: float) -> list[Held]:
    """Who waits for what that was accepted after `since` and not after `until`, newest first: one question for all
    tenants."""
    values = {"since": since, "until": until, "original": names_row((DISARMED,))}
    rows = await database.read(lambda t: t.execute(_DUE, values))
    return [Held(row["tenant"], row["mailbox"], row["id"], row["accepted_at"]) for row in rows]


async def told_until(database: Database, since: float) -> dict[tuple[str, str], float]:
    """Per tenant and person the slot of the last digest after `since`."""
    rows = await database.read(lambda t: t.execute(_TOLD, {"since": since}))
    return {(row["tenant"], row["person"]): row["slot"] for row in rows}


def note(
    transaction: Transaction, person: Account, slot: float, token: str, items: tuple[str, ...], now: float
) -> None:
    """Note that the person's digest of this slot is written. Raises Already."""
    rows = transaction.execute(
        _NOTE,
        {**_key(person), "slot": slot, "token": token, "items": canonical(items), "expires_at": now + LIFE},
    )
    if not rows:
        raise Already("this digest is written")


async def opened(database: Database, token: str, person: Account) -> List | None:
    """The list behind the digest of a link's secret, when it is this person's."""
    rows = await bound(database, person.tenant).read(
        lambda t: t.execute(_OPENED, {"token": token, **_key(person)})
    )
    return (
        List(msgspec.json.decode(rows[0]["items"], type=tuple[str, ...]), rows[0]["expires_at"])
        if rows
        else None
    )


async def sweep(database: Database, now: float) -> None:
    """Forget digests that nobody can open any more and that no new one needs."""
    await database.write(lambda t: t.execute(_SWEEP, {"before": now - KEPT}))


def _key(person: Account) -> dict[str, str]:
    return {"tenant": person.tenant, "person": person.login}
