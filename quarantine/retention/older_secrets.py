"""Generated passphrases that an earlier version sealed under the master key: sealed anew beside the contents of their archives,
or kept as they are where those have no key.

Diagnostics: StoreError.
"""

from collections.abc import Sequence
from functools import partial

from storage import keys
from storage.border import of_all
from storage.day_seal import DaySeal
from storage.interfaces import Database, Row, Transaction
from storage.seal import SealError

PAGE = 1_000

_SECRETS = of_all(
    "SELECT id, tenant, mail_id, blob, secret FROM item"
    " WHERE erased_at IS NULL AND length(secret) > 0 AND id > :after ORDER BY id LIMIT :page"
)
"""Of all tenants, a page behind an item."""
_ANEW = "UPDATE item SET secret = :secret WHERE id = :id AND tenant = :tenant AND erased_at IS NULL"


async def take_over(database: Database, secrets: DaySeal, *, anew: bool) -> int:
    """How many lie under the master key itself; with `anew`: how many still do when it is done. Raises StoreError."""
    left, after = 0, ""
    while True:
        rows = await database.read(partial(_page, after))
        older = [row for row in rows if not secrets.is_of_day(bytes(row["secret"]))]
        changed = _changed(older, secrets) if anew else []
        if changed:
            await database.write(partial(_write, changed))
        left += len(older) - len(changed)
        if len(rows) < PAGE:
            return left
        after = rows[-1]["id"]


def _changed(rows: Sequence[Row], secrets: DaySeal) -> list[dict[str, object]]:
    changed: list[dict[str, object]] = []
    for row in rows:
        if keys.day_of(row["blob"]) is None:
            continue
        try:
            plain = secrets.open(bytes(row["secret"]), row["mail_id"].encode())
        except SealError:  # of a test, or damaged
            continue
        sealed = secrets.seal(plain, row["mail_id"].encode(), row["blob"])
        changed.append({"id": row["id"], "tenant": row["tenant"], "secret": sealed})
    return changed


def _page(after: str, transaction: Transaction) -> list[Row]:
    return transaction.execute(_SECRETS, {"after": after, "page": PAGE})


def _write(changed: Sequence[dict[str, object]], transaction: Transaction) -> None:
    transaction.executemany(_ANEW, changed)
