"""Suspending an organisation, and letting it go on: the row, its journal entry and what hangs on it in one transaction.

Saying it twice changes nothing. What it means is in quarantine/queue/suspension.py.

Diagnostics: StoreError.
"""

from collections.abc import Callable

from directory.sessions import end_everybody
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.queue.suspension import Suspension, begin, end
from quarantine.store import Store
from quarantine.waits import waits
from storage.bound import within
from storage.interfaces import Transaction

REASON = 500
"""Characters."""

Also = Callable[[Transaction], None]


def _nothing(transaction: Transaction) -> None:
    """For who has nothing to ask first."""


async def suspend(
    store: Store, tenant: str, *, reason: str, by: str, now: float, first: Also = _nothing
) -> bool:
    """False where it is suspended already. Its people read the reason. `first` runs in the same transaction, and ends it by
    raising."""
    made = Suspension(tenant, reason.strip()[:REASON], by, now)

    def operation(transaction: Transaction) -> bool:
        first(transaction)
        mine = within(transaction, tenant)
        if not begin(mine, made):
            return False
        detail = {"reason": made.reason}
        store.note(mine, [Entry(now, JournalEvent.TENANT_SUSPENDED, by, tenant=tenant, detail=detail)])
        return True

    done = await store.database.write(operation)
    store.suspensions.forget()
    return done


async def resume(
    store: Store, tenant: str, *, reason: str, by: str, now: float, first: Also = _nothing
) -> bool:
    """False where it is not suspended. Whoever is asked about a mail has the time again that they could not use, and people log
    in anew. `first` as in `suspend`."""

    def operation(transaction: Transaction) -> bool:
        first(transaction)
        mine = within(transaction, tenant)
        if (was := end(mine, tenant)) is None:
            return False
        waits.put_off(mine, tenant, was.at, now)
        end_everybody(mine, tenant)
        detail = {"since": was.at, "reason": reason.strip()[:REASON]}
        store.note(mine, [Entry(now, JournalEvent.TENANT_RESUMED, by, tenant=tenant, detail=detail)])
        return True

    done = await store.database.write(operation)
    store.suspensions.forget()
    if done:
        store.wake()
    return done
