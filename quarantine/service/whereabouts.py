"""Where somebody is logged in, and from where they are no stranger; one's own, and the end of them (OPS-PASSWORD).

Diagnostics: SignedOut; StoreError.
"""

import msgspec

from directory.logins import forget_in, places_in
from directory.sessions import end_one, end_others
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.service.caller import Caller, SignedOut
from storage.interfaces import Transaction


class OpenSession(msgspec.Struct, frozen=True):
    """A living session. `id` opens nothing; times are UTC seconds; `agent`: the browser, as it says itself; `factor`: the
    second factor that was shown; `here`: it is the one that asks."""

    id: str
    started_at: float
    seen_at: float
    peer: str
    agent: str = ""
    factor: str = ""
    here: bool = False


class KnownPlace(msgspec.Struct, frozen=True):
    """A network from which somebody logged in, the last time at `seen_at`."""

    network: str
    seen_at: float


class Whereabouts(msgspec.Struct, frozen=True):
    sessions: tuple[OpenSession, ...]
    places: tuple[KnownPlace, ...]


class Presences(Caller):
    """What people see and end of their own logins."""

    async def whereabouts(self) -> Whereabouts:
        me, parts = await self._me(), self._parts
        found, now = await self._session(), parts.clock()
        own = found[0].digest if found is not None else ""
        sessions = await parts.sessions.of(me.tenant, me.login, now)
        places = await self._database(me).read(lambda t: places_in(t, me, now))
        return Whereabouts(
            tuple(
                OpenSession(s.digest, s.started_at, s.seen_at, s.peer, s.agent, s.factor, s.digest == own)
                for s in sessions
            ),
            tuple(KnownPlace(network, seen_at) for network, seen_at in places),
        )

    async def end_session(self, id: str) -> bool:
        """End one of one's own; False when there is none."""
        me = await self._me()

        def ended(transaction: Transaction) -> bool:
            if not end_one(transaction, me.tenant, me.login, id[:64]):
                return False
            entry = Entry(self._parts.clock(), JournalEvent.SESSIONS_ENDED, me.login, tenant=me.tenant)
            self._parts.store.note(transaction, [entry])
            return True

        return await self._database(me).write(ended)

    async def end_other_sessions(self) -> int:
        """End all but this one, and forget every device and network; how many ended."""
        me, found, now = await self._me(), await self._session(), self._parts.clock()
        if found is None:
            raise SignedOut("nobody is logged in")
        session = found[0]

        def ended(transaction: Transaction) -> int:
            number = end_others(transaction, session)
            forget_in(transaction, me, now)
            detail = {"all": True, "number": number}
            entry = Entry(now, JournalEvent.SESSIONS_ENDED, me.login, tenant=me.tenant, detail=detail)
            self._parts.store.note(transaction, [entry])
            return number

        return await self._database(me).write(ended)
