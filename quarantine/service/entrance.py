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
from directory.second_factor import ask, asked_of, standing_in
from directory.sessions import LoginSession, end_all, is_there, redeem, start
from mail.networks import plain_address
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.queue.suspension import Suspension, now_of
from quarantine.service.caller import Caller, SignedOut, Stage
from storage.interfaces import Transaction


class Suspended(msgspec.Struct, frozen=True):
    """Why somebody cannot come in now, as their organisation is suspended, and whom they call."""

    reason: str
    contact: str


class Presence(msgspec.Struct, frozen=True):
    """Who is here, and how far they came; `factor`: the second factor that they showed. `language` is the organisation's; `enrol_by`: until when they can go on without a
    second factor (UTC seconds), 0 for any time. Whose organisation is `suspended` is nobody until it goes on."""

    language: str
    account: Account | None = None
    form_token: str = ""
    factor: str = ""
    stage: Stage = Stage.WHOLE
    enrol_by: float = 0.0
    suspended: Suspended | None = None


class Entered(msgspec.Struct, frozen=True):
    """A new session: its token, and once all was shown that is asked the cookie of a device that is known now. None of whose
    organisation is `suspended`."""

    token: str
    device: str = ""
    suspended: Suspended | None = None


class Entrance(Caller):
    """What needs no session, or ends one."""

    async def who(self, host: str = "") -> Presence:
        """`host`: at which somebody comes; a stranger there is spoken to in the language of whose door it is."""
        policy, found = self._parts.policy, await self._here()
        if found is None:
            return Presence(policy(self._parts.doors.get(host, DEFAULT)).organisation.language)
        session, account = found
        language = policy(account.tenant).organisation.language
        if suspension := await self._parts.store.suspensions.of(account.tenant):
            return Presence(language, suspended=self._told(suspension))
        stage, enrol_by = await self._stage(session, account)
        return Presence(language, account, session.form_token, session.factor, stage, enrol_by)

    async def organisation(self) -> Organisation:
        """Who we are, as far as everybody with an account may know."""
        whole = self._parts.policy((await self._me()).tenant).organisation
        return Organisation(
            name=whole.name, domains=whole.domains, group_domains=whole.group_domains, partners=whole.partners,
            language=whole.language, literal_local_parts=whole.literal_local_parts,
        )  # fmt: skip

    async def login(
        self,
        name: str,
        password: str,
        *,
        peer: str,
        device: str,
        language: str,
        agent: str = "",
        host: str = "",
    ) -> Entered | None:
        """A session for a name and its password; None when they are wrong, whatever about them is, and at the door (`host`)
        of one organisation for people of any other. The one that was there ends (no fixation)."""
        peer = address_of(peer)
        parts = self._parts
        proven = await parts.authenticate(name, password, peer, parts.doors.get(host, EVERY), device)
        if proven is None:
            return None

        def begun(transaction: Transaction) -> Entered | None:
            if not self._still(transaction, proven):
                return None
            if suspension := now_of(transaction, proven.account.tenant):
                return Entered("", suspended=self._told(suspension))
            return self._entered(transaction, proven.account, peer, language, agent)

        return await parts.store.database.write(begun)

    async def redeem(self, code: str, *, peer: str, language: str, agent: str = "") -> Entered | None:
        """A session for a one-time code, in which a password is set and nothing else; None for a wrong, used or old one."""
        peer, parts = address_of(peer), self._parts

        def begun(transaction: Transaction) -> Entered | None:
            found = redeem(transaction, code, parts.clock())
            account = account_in(transaction, *found, parts.store.today()) if found else None
            if account is None or account.disabled:
                return None
            if suspension := now_of(transaction, account.tenant):
                return Entered("", suspended=self._told(suspension))
            return self._entered(transaction, account, peer, language, agent, once=True)

        return await parts.store.database.write(begun)

    async def set_password(self, old: str, new: str, *, peer: str, device: str, language: str) -> Entered:
        """A new password; who came by a one-time code need not know the old one. Every session of the person ends, and a
        new one begins. Raises PasswordRefused, and SignedOut when this session ends meanwhile or waits for a second factor."""
        parts, found, peer = self._parts, await self._session(), address_of(peer)
        if found is None or (await self._stage(*found))[0] not in (Stage.WHOLE, Stage.PASSWORD):
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
            begun.append(self._entered(transaction, me, peer, language, session.agent, before=session))

        await parts.people.set_password(me.tenant, me.login, new, also=instead)
        return begun[-1]

    async def logout(self) -> None:
        await self._parts.sessions.end(self._token)

    def _told(self, suspension: Suspension) -> Suspended:
        return Suspended(suspension.reason, self._parts.contact(suspension.tenant))

    def _still(self, transaction: Transaction, proven: Proven) -> bool:
        """True when the password that was right is still the account's, and it is not disabled."""
        return stands_in(transaction, proven.account, proven.kept, self._parts.store.today())

    def _entered(
        self,
        transaction: Transaction,
        account: Account,
        peer: str,
        language: str,
        agent: str,
        *,
        once: bool = False,
        before: LoginSession | None = None,
    ) -> Entered:
        """A new session after a password or a one-time code; `before`: the one in which a password was set. What lets them
        in was asked in this very transaction: a password that is set, or an account that is disabled, while somebody logs
        in leaves no session behind. Who has a second factor that was not shown `before` has half of one."""
        parts, now = self._parts, self._parts.clock()
        shown = before.factor if before is not None and not before.once else ""
        standing = standing_in(transaction, account.tenant, account.login)
        half = bool(standing.enrolled_at) and not shown and not once
        if not once and not standing.enrolled_at and asked_of(account, parts.second_factor.required):
            ask(transaction, account.tenant, account.login, now)
        detail: dict[str, object] = {"peer": peer, "once": once}
        detail |= {"half": True} if half else {}
        entry = Entry(now, JournalEvent.LOGIN, account.login, tenant=account.tenant, detail=detail)
        parts.store.note(transaction, [entry])
        token = start(
            transaction, account.tenant, account.login, peer, now, language=language[:16], once=once, half=half,
            factor=shown, proved_at=before.proved_at if before is not None and shown else None,
            agent=agent, instead_of=self._token,
        )  # fmt: skip
        return Entered(token, "" if once or half else parts.device(account))


def address_of(peer: str) -> str:
    """The address from which somebody comes; "" for what the console says that is none: all of that counts together."""
    try:
        return str(ip_address(plain_address(peer[:64])))
    except ValueError:
        return ""
