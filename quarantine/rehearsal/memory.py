"""Features of examined mail as rows, written in the transaction that keeps the mail or hands it over; forgotten after a while.

Each day and policy of a tenant is a ground with a key of its own, sealed. Whoever forgets a ground has erased who its
mails were from and for, wherever copies of the rows may lie.

Diagnostics (log): rehearsal_failed (the features of a mail could not be put down; the mail is kept all the same).
"""

import math
import secrets
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import msgspec
import structlog

from config.log_events import LogEvent
from config.policies import PolicyOf
from filters.decision.looking import looking
from filters.decision.pseudonyms import Pseudonyms
from filters.decision.remembered import packed
from filters.examined import Examined
from filters.facts import Facts
from filters.ruleset import prepare
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.seal import Seal, SealError
from storage.statements import insert_into

PAGE = 2_000
LARGEST = 1_000_000
"""Bytes of one mail's features that are kept, and read: a thousand recipients take 50,000."""
MANY = 5_000
"""Grounds that are kept at hand."""
DAY = 86_400.0

_BEGIN = (
    insert_into("rehearsal_ground", ("tenant", "name", "began", "sealed", "looking"))
    + " ON CONFLICT (tenant, name) DO NOTHING"
)
_GROUND = "SELECT * FROM rehearsal_ground WHERE tenant = :tenant AND name = :name"
_GROUNDS = "SELECT * FROM rehearsal_ground WHERE tenant = :tenant ORDER BY name"
_ALL_GROUNDS = of_all("SELECT tenant, name, sealed FROM rehearsal_ground ORDER BY tenant, name")
"""Of all tenants."""
_RESEAL = "UPDATE rehearsal_ground SET sealed = :sealed WHERE tenant = :tenant AND name = :name"
_KEEP = (
    insert_into("rehearsal", ("tenant", "at", "mail_id", "ground", "features"))
    + " ON CONFLICT (tenant, at, mail_id) DO NOTHING"
)
"""A mail; what is taken a second time (for some of its recipients) is there already."""
_MAILS = (
    "SELECT at, mail_id, ground, CASE WHEN length(features) <= :largest THEN features END AS features FROM rehearsal"
    " WHERE tenant = :tenant AND (at > :at OR (at = :at AND mail_id > :mail_id)) AND at <= :until"
    " ORDER BY at, mail_id LIMIT :page"
)
"""What is remembered behind a place, in the order of time."""
_COUNT = "SELECT count(*) AS mails FROM rehearsal WHERE tenant = :tenant AND at > :at AND at <= :until"
_FORGET = "DELETE FROM rehearsal WHERE tenant = :tenant AND at < :before"
_FORGET_GROUNDS = "DELETE FROM rehearsal_ground WHERE tenant = :tenant AND began < :before"


class Ground(msgspec.Struct, frozen=True):
    """A day under one policy: its key, and what its rules' looking depended on (filters.decision.looking)."""

    name: str
    key: bytes
    looking: dict[str, str]


class Kept(NamedTuple):
    """A mail that is remembered; `features` as filters.decision.remembered.read takes them, b"" for what is too large."""

    at: float
    mail_id: str
    ground: str
    features: bytes


def nothing(transaction: Transaction) -> None:
    """Where nothing is remembered."""


class Memory:
    """What a node remembers. `days` 0: nothing."""

    def __init__(self, database: Database, seal: Seal, policy: PolicyOf, days: int) -> None:
        self._database = database
        self._seal = seal
        self._policy = policy
        self._days = days
        self._grounds: dict[tuple[str, str], tuple[str, Pseudonyms]] = {}

    async def of(self, facts: Facts, examined: Examined) -> Callable[[Transaction], None]:
        """What puts down this mail's features in the transaction that keeps it. Raises StoreError."""
        if not self._days:
            return nothing
        tenant = facts.origin.tenant
        version = examined.policy or self._policy(tenant).version
        name = f"{facts.day}/{version}"
        ground = self._grounds.get((tenant, name)) or await self._begun(tenant, name, version, facts.now)
        return nothing if ground is None else partial(_gather, facts, examined, *ground)

    async def _begun(self, tenant: str, name: str, version: str, now: float) -> tuple[str, Pseudonyms] | None:
        """The ground of this name, begun by us or by another node; None when its policy is not in force any more."""
        policy = self._policy(tenant)
        if policy.version != version:
            return None
        seen = msgspec.json.encode(looking(prepare(policy))).decode()
        sealed = self._seal.seal(secrets.token_bytes(32), _place(tenant, name))
        row = {"tenant": tenant, "name": name, "began": now, "sealed": sealed, "looking": seen}

        def begin(transaction: Transaction) -> Row:
            transaction.execute(_BEGIN, row)
            return transaction.execute(_GROUND, {"tenant": tenant, "name": name})[0]

        ground = self._opened(tenant, await bound(self._database, tenant).write(begin))
        if len(self._grounds) >= MANY:
            self._grounds.clear()
        self._grounds[tenant, name] = name, Pseudonyms(ground.key)
        return self._grounds[tenant, name]

    def _opened(self, tenant: str, row: Row) -> Ground:
        key = self._seal.open(bytes(row["sealed"]), _place(tenant, row["name"]))
        return Ground(row["name"], key, msgspec.json.decode(row["looking"], type=dict[str, str]))

    async def grounds(self, tenant: str) -> dict[str, Ground | None]:
        """All grounds of a tenant by name; None where the key cannot be opened. Raises StoreError."""
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_GROUNDS, {"tenant": tenant}))
        return {row["name"]: self._known(tenant, row) for row in rows}

    def _known(self, tenant: str, row: Row) -> Ground | None:
        try:
            return self._opened(tenant, row)
        except (SealError, msgspec.MsgspecError):
            return None

    async def mails(self, tenant: str, at: float, mail_id: str = "", until: float = math.inf) -> list[Kept]:
        """A page of what is remembered behind a place, the oldest first."""
        values = {
            "tenant": tenant, "at": at, "mail_id": mail_id, "until": until, "page": PAGE, "largest": LARGEST
        }  # fmt: skip
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_MAILS, values))
        return [Kept(r["at"], r["mail_id"], r["ground"], bytes(r["features"] or b"")) for r in rows]

    async def count(self, tenant: str, at: float, until: float) -> int:
        """How many are remembered after the one moment, and not after the other."""
        values = {"tenant": tenant, "at": at, "until": until}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_COUNT, values))
        return int(rows[0]["mails"])

    async def forget(self, tenant: str, now: float) -> None:
        """Erase what is older than `days`, and the keys with which it could be read. A ground ends a day after it began."""
        before = now - self._days * DAY

        def erase(transaction: Transaction) -> None:
            transaction.execute(_FORGET, {"tenant": tenant, "before": before})
            transaction.execute(_FORGET_GROUNDS, {"tenant": tenant, "before": before - 2 * DAY})

        await bound(self._database, tenant).write(erase)


async def older_grounds(database: Database, seal: Seal, *, anew: bool = False) -> int:
    """How many keys of grounds lie under an older master key; with `anew` they are put under the current one."""
    rows = await database.read(lambda t: t.execute(_ALL_GROUNDS))
    older = [row for row in rows if seal.key_of(bytes(row["sealed"])) not in ("", seal.key_ids[0])]
    if older and anew:
        changed = [
            {
                "tenant": row["tenant"], "name": row["name"],
                "sealed": seal.seal(
                    seal.open(bytes(row["sealed"]), _place(row["tenant"], row["name"])), _place(row["tenant"], row["name"])
                ),
            }
            for row in older
        ]  # fmt: skip
        await database.write(lambda t: t.executemany(_RESEAL, changed))
    return len(older)


def _place(tenant: str, name: str) -> bytes:
    return f"rehearsal {tenant} {name}".encode()


def _gather(
    facts: Facts, examined: Examined, ground: str, pseudonyms: Pseudonyms, transaction: Transaction
) -> None:
    """Put a mail among those that are written together at the end of the transaction's group."""
    try:
        features = packed(facts, examined, pseudonyms)
        if len(features) > LARGEST:
            raise ValueError("too large")
    except Exception as error:  # a rehearsal lacks one mail; the mail lacks nothing
        structlog.get_logger().warning(
            LogEvent.REHEARSAL_FAILED, mail_id=facts.mail_id, error=type(error).__name__
        )
        return
    tenant, at = facts.origin.tenant, float(facts.now)
    gathering = f"rehearsal {tenant}"
    rows = transaction.memory.get(gathering)
    if rows is None:
        rows = transaction.memory[gathering] = []
        transaction.at_end(gathering, partial(_write, rows))
    rows.append(
        {"tenant": tenant, "at": at, "mail_id": facts.mail_id, "ground": ground, "features": features}
    )


def _write(rows: list[dict[str, object]], transaction: Transaction) -> None:
    transaction.executemany(_KEEP, rows)
