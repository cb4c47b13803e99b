"""The second factor: shown behind a password, set up, renewed, removed, and reset for somebody who lost it (OPS-MFA).

Each is in the journal in the transaction that makes it so, and each step begins a new session (docs/adr/0071). What the
journal says of a code is that it was wrong, never the code.

Diagnostics: SignedOut; NotAllowed (also Missing); TooManyFailures when no code is looked at for now; StoreError.
"""

import msgspec

from directory import second_factor
from directory.account import Account
from directory.logins import TooManyFailures
from directory.roster import kept_in
from directory.second_factor import CodeShown, FactorStanding, key_of, standing_in, uri_of
from directory.sessions import LoginSession, end_all, forget_factor, is_there, start
from quarantine.events import JournalEvent
from quarantine.item import Entry, NotAllowed
from quarantine.rights import Verb, person
from quarantine.service.caller import ProofNeeded, SignedOut, Stage
from quarantine.service.entrance import Entered, Entrance, address_of
from quarantine.service.resetting import reset
from quarantine.store import Missing
from storage.interfaces import Transaction


class FactorPage(msgspec.Struct, frozen=True):
    """Somebody's own second factor; `asked`: their role needs one; `enrol_by`: until when (UTC seconds), 0 for any time."""

    standing: FactorStanding
    asked: bool
    enrol_by: float = 0.0


class NewFactor(msgspec.Struct, frozen=True):
    """A secret that is being set up: `key` to type, `uri` as a picture. Nobody sees it again once it counts."""

    key: str
    uri: str

    def __repr__(self) -> str:
        return "NewFactor()"


class Enrolled(msgspec.Struct, frozen=True):
    """A new session, and the recovery codes, which are shown this once."""

    entered: Entered
    codes: tuple[str, ...]

    def __repr__(self) -> str:
        return "Enrolled()"


class Factors(Entrance):
    """What is asked and done about one's second factor."""

    async def second(self, code: str, *, peer: str, language: str) -> Entered | None:
        """The whole session for a code, behind the password; None for a wrong or used one."""
        parts, (session, me) = self._parts, await self._at(Stage.SECOND)
        now, peer = parts.clock(), address_of(peer)

        def looked(transaction: Transaction) -> tuple[CodeShown, str]:
            self._hold(transaction, me, now)
            shown = parts.factors.shown(transaction, me.tenant, me.login, code, now)
            if not shown.right:
                self._tell(
                    transaction, me, JournalEvent.SECOND_FACTOR_WRONG if shown == "" else None, peer=peer
                )
                return shown, ""
            self._tell(transaction, me, JournalEvent.SECOND_FACTOR_SHOWN, by=shown.value, peer=peer)
            return shown, self._instead(transaction, session, peer, language, shown)

        shown, token = await parts.store.database.write(looked)
        if shown is CodeShown.WAIT:
            raise TooManyFailures
        return Entered(token, parts.device(me)) if shown.right else None

    async def prove(self, shown: str, *, peer: str, device: str, language: str) -> Entered | None:
        """Show again who one is: the second factor, or the password of whoever came in without; a new session for what is
        right, None for what is wrong."""
        parts, (session, me) = self._parts, await self._at(Stage.WHOLE, Stage.ENROL)
        now, peer, proven = parts.clock(), address_of(peer), None
        if not session.factor:
            proven = await parts.authenticate(me.login, shown, peer, me.tenant, device)
            if proven is None:
                return None

        def looked(transaction: Transaction) -> tuple[CodeShown, str]:
            self._hold(transaction, me, now)
            if proven is not None:
                if not self._still(transaction, proven):
                    return CodeShown.WRONG, ""
                self._tell(transaction, me, JournalEvent.PROVED, by="password", peer=peer)
                return CodeShown.TOTP, self._instead(transaction, session, peer, language, "")
            by = parts.factors.shown(transaction, me.tenant, me.login, shown, now)
            if not by.right:
                wrong = None if by is CodeShown.WAIT else JournalEvent.SECOND_FACTOR_WRONG
                self._tell(transaction, me, wrong, peer=peer)
                return by, ""
            self._tell(transaction, me, JournalEvent.PROVED, by=by.value, peer=peer)
            return by, self._instead(transaction, session, peer, language, by)

        by, token = await parts.store.database.write(looked)
        if by is CodeShown.WAIT:
            raise TooManyFailures
        return Entered(token, parts.device(me)) if by.right else None

    async def second_factor(self) -> FactorPage:
        """One's own."""
        session, me = await self._at(Stage.WHOLE, Stage.ENROL)
        _, enrol_by = await self._stage(session, me)
        standing = await self._database(me).read(lambda t: standing_in(t, me.tenant, me.login))
        return FactorPage(standing, self._is_asked(me), enrol_by)

    async def begin_factor(self) -> NewFactor:
        """A new secret. The one in use, if there is one, stays so until a code of the new one is shown."""
        session, me = await self._at(Stage.WHOLE, Stage.ENROL)
        if self._stale(session):
            raise ProofNeeded(session.factor)
        now = self._parts.clock()
        begin = self._parts.factors.begin
        return self._new(me, await self._database(me).write(lambda t: begin(t, me.tenant, me.login, now)))

    async def pending_factor(self) -> NewFactor | None:
        """The one that was begun, None when there is none, and where it or the proof of who one is was too long ago."""
        session, me = await self._at(Stage.WHOLE, Stage.ENROL)
        if self._stale(session):
            return None
        now, pending = self._parts.clock(), self._parts.factors.pending
        secret = await self._database(me).read(lambda t: pending(t, me.tenant, me.login, now))
        return self._new(me, secret) if secret else None

    async def enrol_factor(self, code: str, *, peer: str, language: str) -> Enrolled | None:
        """Take the new secret into use, for a code of it; None for a wrong one. All other sessions end."""
        parts, (session, me) = self._parts, await self._at(Stage.WHOLE, Stage.ENROL)
        if self._stale(session):
            raise ProofNeeded(session.factor)
        now, peer = parts.clock(), address_of(peer)

        def enrolled(transaction: Transaction) -> tuple[str, tuple[str, ...]] | None:
            self._hold(transaction, me, now)
            if not parts.factors.enrol(transaction, me.tenant, me.login, code, now):
                return None
            end_all(transaction, me.tenant, me.login)
            self._tell(transaction, me, JournalEvent.SECOND_FACTOR_SET)
            codes = second_factor.fresh_codes(transaction, me.tenant, me.login)
            return self._instead(transaction, session, peer, language, CodeShown.TOTP), codes

        made = await parts.store.database.write(enrolled)
        return Enrolled(Entered(made[0], parts.device(me)), made[1]) if made else None

    async def recovery_codes(self) -> tuple[str, ...]:
        """New ones instead of those from before; shown this once. Raises NotAllowed without a second factor."""
        me = await self._me(fresh=True)

        def renewed(transaction: Transaction) -> tuple[str, ...]:
            if not standing_in(transaction, me.tenant, me.login).enrolled_at:
                raise NotAllowed("there is no second factor")
            self._tell(transaction, me, JournalEvent.RECOVERY_CODES)
            return second_factor.fresh_codes(transaction, me.tenant, me.login)

        return await self._database(me).write(renewed)

    async def remove_factor(self) -> None:
        """Take one's own away. Raises NotAllowed where one's role needs it."""
        me, now = await self._me(fresh=True), self._parts.clock()
        if self._is_asked(me):
            raise NotAllowed("the role needs a second factor")

        def removed(transaction: Transaction) -> None:
            second_factor.remove(transaction, me.tenant, me.login, now)
            forget_factor(transaction, me.tenant, me.login)
            self._tell(transaction, me, JournalEvent.SECOND_FACTOR_REMOVED, login=me.login)

        await self._database(me).write(removed)

    async def second_factors(self) -> frozenset[str]:
        """The logins of those of their organisation who have one (PEOPLE)."""
        me = await self._me(Verb.PEOPLE)
        return await self._database(me).read(lambda t: second_factor.having(t, me.tenant))

    async def reset_factor(self, login: str) -> bool:
        """Take somebody else's away, who lost it (FACTORS): they set up another one as they log in. False for whom has none.
        Raises Missing for a login of nobody, NotAllowed for one's own."""
        parts, me = self._parts, await self._me(Verb.FACTORS, fresh=True)
        account = await parts.people.account(me.tenant, login[:320])
        if account is None:
            raise Missing("there is nobody of this login")
        if account.login == me.login:
            raise NotAllowed("nobody resets their own")

        def in_charge(transaction: Transaction) -> None:
            parts.store.in_charge(transaction, person(me), Verb.FACTORS, me.tenant)

        return await reset(parts.store, parts.post, account, by=me.login, now=parts.clock(), first=in_charge)

    def _is_asked(self, me: Account) -> bool:
        return second_factor.asked_of(me, self._parts.second_factor.required)

    def _new(self, me: Account, secret: bytes) -> NewFactor:
        name = self._parts.policy(me.tenant).organisation.name
        return NewFactor(key_of(secret), uri_of(secret, me, f"Sekisho {name}".strip()))

    async def _at(self, *stages: Stage) -> tuple[LoginSession, Account]:
        """The session and its person, who came as far as one of these. Raises SignedOut."""
        found = await self._session()
        if found is None or (await self._stage(*found))[0] not in stages:
            raise SignedOut("nobody is logged in")
        return found

    def _hold(self, transaction: Transaction, me: Account, now: float) -> None:
        """No session of theirs begins or ends meanwhile, and this one is there. Raises SignedOut."""
        kept_in(transaction, me.tenant, me.login, "", transaction.for_update)
        if not is_there(transaction, self._token, now):
            raise SignedOut("the session has ended")

    def _instead(
        self, transaction: Transaction, session: LoginSession, peer: str, language: str, shown: str
    ) -> str:
        """The token of a session in the place of this one, in which a second factor was shown."""
        return start(
            transaction, session.tenant, session.login, peer, self._parts.clock(), language=language[:16],
            factor=str(shown), agent=session.agent, since=session.started_at, instead_of=self._token,
        )  # fmt: skip

    def _tell(
        self, transaction: Transaction, me: Account, event: JournalEvent | None, **detail: object
    ) -> None:
        if event is not None:
            entry = Entry(self._parts.clock(), event, me.login, tenant=me.tenant, detail=detail)
            self._parts.store.note(transaction, [entry])
