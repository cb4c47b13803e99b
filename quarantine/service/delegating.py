"""Who acts for whom (directory/delegations.py): everybody says it of their own place, administrators of any.

Diagnostics: NotAllowed (also SignedOut); ValueError with the key of a sentence; StoreError.
"""

from collections.abc import Sequence

import msgspec

from directory.delegations import Action, Delegation
from quarantine.rights import Verb, charge, person
from quarantine.service.caller import Caller, checked


class Delegated(msgspec.Struct, frozen=True):
    """Delegations that are not over, with what people are called: login -> language -> name. `all`: everybody's, and one
    may be made for anybody."""

    rows: tuple[Delegation, ...] = ()
    names: dict[str, dict[str, str]] = {}
    all: bool = False


class Delegating(Caller):
    """Delegations as a person sees and makes them."""

    async def delegations(self) -> Delegated:
        """Those that they made or act by; administrators see all (DELEGATIONS)."""
        me, parts = await self._me(), self._parts
        every = Verb.DELEGATIONS in charge(me)
        rows = tuple(
            row
            for row in await parts.deputies.table.all(me.tenant)
            if every or me.login in (row.person, row.delegate)
        )
        named = {login for row in rows for login in (row.person, row.delegate, row.made_by) if login}
        names = {a.login: a.name for a in await parts.people.all(me.tenant) if a.login in named}
        return Delegated(rows, names, every)

    async def delegate(
        self,
        delegate: str,
        actions: Sequence[Action],
        *,
        starts_at: float,
        ends_at: float,
        reason: str,
        place: str = "",
    ) -> None:
        """Let somebody act in one's own place; in another's `place`, or a shared mailbox's, only as an administrator."""
        me = await self._me(fresh=True)
        await self._parts.deputies.delegate(
            person(me), place or me.login, delegate, actions, starts_at=starts_at, ends_at=ends_at, reason=reason
        )  # fmt: skip

    async def undelegate(self, id: str) -> bool:
        """End one before its time: whose place it is, who acts by it, or an administrator; False when there is none."""
        return await self._parts.deputies.end(person(await self._me()), checked(id)) is not None
