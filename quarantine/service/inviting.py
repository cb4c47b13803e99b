"""An invitation: a letter with a one-time code, with which somebody sets a password and comes in (OPS-PASSWORD).

The code stands in the letter, not in its link: whatever opens links on the way, or keeps addresses, uses nothing up. It
works once, for LIFE seconds, and not without the second factor of whoever has one.

Diagnostics: SignedOut; NotAllowed (also Missing); ProofNeeded; StoreError, and then nothing was sent.
"""

from directory.passphrases import fresh, groups
from directory.sessions import issue
from quarantine.events import JournalEvent
from quarantine.item import Entry, NotAllowed
from quarantine.letters.factors import invited
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller
from quarantine.service.resetting import sent
from quarantine.store import Missing
from storage.interfaces import Transaction

LIFE = 72 * 3_600.0
"""Seconds for which the code of a letter works: over a weekend."""


class Inviting(Caller):
    """What administrators do about people who are to come in."""

    async def invite(self, login: str) -> None:
        """Send somebody a one-time code to their first address (INVITE); one from before ends. Raises Missing for a login of
        nobody, NotAllowed for whom no letter reaches, and who is disabled."""
        parts, me = self._parts, await self._me(Verb.INVITE, fresh=True)
        account, now = await parts.people.account(me.tenant, login[:320]), parts.clock()
        if account is None:
            raise Missing("there is nobody of this login")
        if account.disabled or not account.addresses:
            raise NotAllowed("they cannot come in, or there is no address to write to")
        code = fresh(20)
        letter = invited(
            account.language, login=account.login, code="-".join(groups(code)), page=parts.post.door(me.tenant),
            hours=round(LIFE / 3_600),
        )  # fmt: skip
        item = await parts.post.to_account(letter, account, now)
        entry = Entry(now, JournalEvent.INVITED, me.login, tenant=me.tenant, detail={"login": account.login})

        def issued(transaction: Transaction) -> None:
            parts.store.in_charge(transaction, person(me), Verb.INVITE, me.tenant)
            issue(transaction, me.tenant, account.login, code, now + LIFE)
            parts.store.note(transaction, [entry])

        await sent(parts.store, [item], now, me.login, issued)
