"""Coming and going: who is here, logging in, one-time codes, passwords, logging out (OPS-PASSWORD).

Each is in the journal in the transaction that makes it so. `peer` is the one thing here that the console says and we
cannot look up: the network that a guess counts against (docs/adr/0020 says what it could gain by a lie).

Diagnostics: TooManyFailures, PasswordRefused, SignedOut, StoreError.
"""

from ipaddress import ip_address

import msgspec

from config.policy import Organisation
from config.tenant import DEFAULT, EVERY
from directory.account import Account
from directory.logins import TooManyFailures
from directory.people import PasswordRefused, Proven
from directory.roster import account_in, stands_in
from directory.sessions import end_all, is_there, redeem, start
from mail.networks import plain_address
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.queue.suspension import Suspension, now_of
from quarantine.service.caller import Caller, SignedOut
from storage.interfaces import Transaction


class Suspended(msgspec.Struct, frozen=True):
    """Why somebody cannot come in now, as their organisation is suspended, and whom they call."""

    reason: str
    contact: str


class Presence(msgspec.Struct, frozen=True):
    """Who is here. `language` is the organisation's; `once` is True after a one-time code: a password comes first. Whose
    organisation is `suspended` is nobody until it goes on."""

    language: str
    account: Account | None = None
    form_token: str = ""
    once: bool = False
    suspended: Suspended | None = None


class Entered(msgspec.Struct, frozen=True):
    """A new session: its token, and after a password the cookie of a device that is known now. None of whose organisation is
    `suspended`."""

    token: str
    device: str = ""
    suspended: Suspended | None = None


class Entrance(Caller):
    """What needs no session, or ends one."""

    async def who(self) -> Presence:
        policy, found = self._parts.policy, await self._here()
        if found is None:
            return Presence(policy(DEFAULT).organisation.language)
        session, account = found
        language = policy(account.tenant).organisation.language
        if suspension := await self._parts.store.suspensions.of(account.tenant):
            return Presence(language, suspended=self._told(suspension))
        return Presence(language, account, session.form_token, session.once)

    async def organisation(self) -> Organisation:
        """Who we are, as far as everybody with an account may know."""
        whole = self._parts.policy((await self._me()).tenant).organisation
        return Organisation(
            name=whole.name, domains=whole.domains, group_domains=whole.group_domains, partners=whole.partners,
            language=whole.language, literal_local_parts=whole.literal_local_parts,
        )  # fmt: skip

    async def login(
        self, name: str, password: str, *, peer: str, device: str, language: str
    ) -> Entered | None:
        """A session for a name and its password; None when they are wrong, whatever about them is. The one that was
        there ends (no fixation)."""
        peer = address_of(peer)
        parts = self._parts
        proven = await parts.authenticate(name, password, peer, EVERY, device)
        if proven is None:
            return None

        def begun(transaction: Transaction) -> Entered | None:
            if not self._still(transaction, proven):
                return None
            if suspension := now_of(transaction, proven.account.tenant):
                return Entered("", suspended=self._told(suspension))
            token = self._begun(transaction, proven.account, peer, language)
            return Entered(token, parts.device(proven.account))

        return await parts.store.database.write(begun)

    async def redeem(self, code: str, *, peer: str, language: str) -> Entered | None:
        """A session for a one-time code, in which a password is set and nothing else; None for a wrong, used or old one."""
        peer, parts = address_of(peer), self._parts

        def begun(transaction: Transaction) -> Entered | None:
            found = redeem(transaction, code, parts.clock())
            account = account_in(transaction, *found, parts.store.today()) if found else None
            if account is None or account.disabled:
                return None
            if suspension := now_of(transaction, account.tenant):
                return Entered("", suspended=self._told(suspension))
            return Entered(self._begun(transaction, account, peer, language, once=True))

        return await parts.store.database.write(begun)

    async def set_password(self, old: str, new: str, *, peer: str, device: str, language: str) -> Entered:
        """A new password; who came by a one-time code need not know the old one. Every session of the person ends, and a
        new one begins. Raises PasswordRefused, and SignedOut when this session ends meanwhile."""
        parts, found, peer = self._parts, await self._session(), address_of(peer)
        if found is None:
            raise SignedOut("nobody is logged in")
        session, me = found
        known = None
        if not session.once:
            try:
                known = await parts.authenticate(me.login, old, peer, me.tenant, device)
            except TooManyFailures:
                raise PasswordRefused(["login_many"]) from None
            if known is None:
                raise PasswordRefused(["password_old_wrong"])
        now = parts.clock()
        entry = Entry(now, JournalEvent.PASSWORD_SET, me.login, tenant=me.tenant)

        begun = []

        def instead(transaction: Transaction) -> None:
            if not is_there(transaction, self._token, now) or (known and not self._still(transaction, known)):
                raise SignedOut("another password was set, or the session has ended")
            end_all(transaction, me.tenant, me.login)
            parts.store.note(transaction, [entry])
            begun.append(self._begun(transaction, me, peer, language))

        await parts.people.set_password(me.tenant, me.login, new, also=instead)
        return Entered(begun[-1], parts.device(me))

    async def logout(self) -> None:
        await self._parts.sessions.end(self._token)

    def _told(self, suspension: Suspension) -> Suspended:
        return Suspended(suspension.reason, self._parts.contact)

    def _still(self, transaction: Transaction, proven: Proven) -> bool:
        """True when the password that was right is still the account's, and it is not disabled."""
        return stands_in(transaction, proven.account, proven.kept, self._parts.store.today())

    def _begun(
        self, transaction: Transaction, account: Account, peer: str, language: str, *, once: bool = False
    ) -> str:
        """The token of a new session. What lets them in was asked in this very transaction: a password that is set, or an
        account that is disabled, while somebody logs in leaves no session behind."""
        parts, now = self._parts, self._parts.clock()
        detail = {"peer": peer, "once": once}
        entry = Entry(now, JournalEvent.LOGIN, account.login, tenant=account.tenant, detail=detail)
        parts.store.note(transaction, [entry])
        return start(
            transaction, account.tenant, account.login, peer, now,
            language=language[:16], once=once, instead_of=self._token,
        )  # fmt: skip


def address_of(peer: str) -> str:
    """The address from which somebody comes; "" for what the console says that is none: all of that counts together."""
    try:
        return str(ip_address(plain_address(peer[:64])))
    except ValueError:
        return ""
