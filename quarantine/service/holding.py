"""Legal holds as people make and end them (OPS-ERASE): whose mail, or which, is not erased, why and until when.

Diagnostics: NotAllowed (also SignedOut); ValueError with the key of a sentence; StoreError.
"""

from collections.abc import Sequence
from functools import partial

from directory.account import Account
from quarantine.retention import legal_holds
from quarantine.retention.legal_holds import LegalHold
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller, checked
from storage.interfaces import Transaction


class Holding(Caller):
    """Legal holds of one's tenant (LEGAL_HOLDS). No mail is shown by them."""

    async def legal_holds(self) -> tuple[LegalHold, ...]:
        """Those that stand, the oldest first."""
        me = await self._me(Verb.LEGAL_HOLDS)
        return tuple(await legal_holds.all_of(self._parts.store.database, me.tenant))

    async def add_legal_hold(self, names: Sequence[str], *, reason: str, until: float | None) -> None:
        """Keep what these logins and addresses sent or got, and these mails; a login's addresses count as well."""
        me, parts = await self._me(Verb.LEGAL_HOLDS, fresh=True), self._parts
        await legal_holds.add(
            parts.store, me.tenant, await legal_holds.known_as(parts.people, me.tenant, names), reason=reason,
            by=me.login, now=parts.clock(), until=until, first=partial(self._in_charge, me),
        )  # fmt: skip

    async def end_legal_hold(self, id: str) -> bool:
        """End one before its time; False when there is none."""
        me, parts = await self._me(Verb.LEGAL_HOLDS, fresh=True), self._parts
        ended = await legal_holds.end(
            parts.store,
            me.tenant,
            checked(id),
            by=me.login,
            now=parts.clock(),
            first=partial(self._in_charge, me),
        )
        return ended is not None

    def _in_charge(self, me: Account, transaction: Transaction) -> None:
        self._parts.store.in_charge(transaction, person(me), Verb.LEGAL_HOLDS, me.tenant)
