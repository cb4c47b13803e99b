"""Taking a lost second factor from somebody: by an administrator, or by hand on the node's host (OPS-MFA).

All their sessions end, the journal says who did it, and a letter tells the person in their language. They set up another one
as they log in: no time is left to go on without.

Diagnostics: NotAllowed of `first`; StoreError, and then nothing was done.
"""

from collections.abc import Callable, Sequence

from directory import second_factor
from directory.account import Account
from directory.second_factor import standing_in
from directory.sessions import end_all
from quarantine.events import JournalEvent
from quarantine.item import Entry, Item
from quarantine.letters.factors import was_reset
from quarantine.letters.letter import Post
from quarantine.store import Store
from storage.interfaces import StoreError, Transaction, Unknown


class _HasNone(StoreError):
    """There is nothing to take."""


async def reset(
    store: Store,
    post: Post,
    account: Account,
    *,
    by: str,
    now: float,
    first: Callable[[Transaction], None] = lambda transaction: None,
) -> bool:
    """False when they have none. `first` comes first in the transaction, and ends it by raising."""
    items = [await post.to_account(was_reset(account.language), account, now)] if account.addresses else []
    entry = Entry(
        now, JournalEvent.SECOND_FACTOR_REMOVED, by, tenant=account.tenant, detail={"login": account.login}
    )

    def taken(transaction: Transaction) -> None:
        first(transaction)
        if not standing_in(transaction, account.tenant, account.login).enrolled_at:
            raise _HasNone("there is no second factor")
        second_factor.remove(transaction, account.tenant, account.login, 0.0)
        end_all(transaction, account.tenant, account.login)
        store.note(transaction, [entry])

    try:
        await sent(store, items, now, by, taken)
    except _HasNone:
        return False
    return True


async def sent(
    store: Store, letters: Sequence[Item], now: float, by: str, claim: Callable[[Transaction], None]
) -> None:
    """Send letters in the transaction of what they tell (`claim`). Where it raises, nothing of them is left."""
    try:
        await store.put(letters, now, by, claim=claim)
    except Unknown:
        raise
    except Exception:
        for letter in letters:
            await store.blobs.delete(letter.blob)
        raise
