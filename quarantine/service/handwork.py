"""What an operator does by hand, with a shell on the node's host: list, hold, release, discard, open the door for somebody.

No session and no rights of a person: the part COMMAND_LINE of quarantine/rights.py, in the tenant that is named. The same
verbs are asked of a running node, and done beside a database whose node does not run.

Diagnostics: NotAllowed (also Missing); StoreError.
"""

from collections.abc import Callable

from config.words import say
from directory.delegations import Action, Delegation
from directory.devices import Device, DeviceRefused, Devices
from directory.people import People
from directory.roster import Recorded
from directory.sessions import Sessions
from quarantine.events import JournalEvent
from quarantine.evidence.gathering import note
from quarantine.item import Entry, Event, Item, NotAllowed, State
from quarantine.letters.letter import Post
from quarantine.queue import suspending
from quarantine.queue.retrying import retry
from quarantine.retention import legal_holds
from quarantine.retention.legal_holds import LegalHold
from quarantine.rights import Actor, SystemPart
from quarantine.service.deputies import Deputies
from quarantine.service.office import device_entry
from quarantine.service.resetting import reset
from quarantine.service.shown import ItemPage, to_watcher
from quarantine.store import Place, Query, Store

PAGE = 500
COMMANDS = ("hold", "release", "discard")


class Handwork:
    """`user`: the account on this host that does it: not a person of the directory, and the journal says so."""

    def __init__(
        self,
        store: Store,
        people: People,
        sessions: Sessions,
        devices: Devices,
        post: Post,
        clock: Callable[[], float],
        user: str,
    ) -> None:
        self._store = store
        self._deputies = Deputies(store, clock)
        self._people = people
        self._sessions = sessions
        self._devices = devices
        self._post = post
        self._clock = clock
        self._who = f"operator:{user}"

    async def queue(self, tenant: str, states: tuple[State, ...], after: Place | None = None) -> ItemPage:
        """A tenant's items in these states, the oldest first."""
        query = Query(tenant, state=states, limit=PAGE, order="oldest", after=after)
        found = tuple(to_watcher(item) for item in await self._store.find(query))
        return ItemPage(found, Place(found[-1].accepted_at, found[-1].id) if len(found) == PAGE else None)

    async def act(self, tenant: str, command: str, id: str, reason: str, *, tell: bool = False) -> State:
        """One of COMMANDS; the item's state after it. `release` lets an item go whatever it waits for, but approvals: these
        only their roles can give."""
        item = await self._store.get(id, tenant)
        detail = {"reason": reason, **({"tell": True} if tell else {})}
        actor = Actor(self._who, SystemPart.COMMAND_LINE, tenant)
        return (await self._store.change(id, _event(command, item), actor, self._clock(), detail)).state

    async def retry(
        self,
        tenant: str,
        id: str = "",
        *,
        hop: str = "",
        domain: str = "",
        reason: str = "",
        after: Place | None = None,
    ) -> ItemPage:
        """Have queued mail tried now, a page at a time (quarantine/queue/retrying.py); what it was. Raises NotAllowed for an
        item that is not in the queue."""
        if id and (state := (await self._store.get(id, tenant)).state) not in (State.QUEUED, State.ACTIVE):
            raise NotAllowed(f"{id} is {state}: only what is queued is tried again")
        actor = Actor(self._who, SystemPart.COMMAND_LINE, tenant)
        found = await retry(
            self._store, actor, self._clock(), item=id, hop=hop, domain=domain, reason=reason, after=after
        )
        return ItemPage(tuple(to_watcher(item) for item in found.items), found.after)

    async def delegations(self, tenant: str) -> tuple[Delegation, ...]:
        """Who acts for whom in a tenant: what is not over."""
        return tuple(await self._deputies.table.all(tenant))

    async def delegate(
        self,
        tenant: str,
        place: str,
        delegate: str,
        actions: tuple[Action, ...],
        *,
        starts_at: float,
        ends_at: float,
        reason: str,
    ) -> Delegation:
        """Let somebody act for another, or in a shared mailbox. Raises ValueError."""
        actor = Actor(self._who, SystemPart.COMMAND_LINE, tenant)
        return await self._deputies.delegate(
            actor, place, delegate, actions, starts_at=starts_at, ends_at=ends_at, reason=reason
        )

    async def undelegate(self, tenant: str, id: str, reason: str) -> bool:
        """End a delegation before its time; False when there is none."""
        actor = Actor(self._who, SystemPart.COMMAND_LINE, tenant)
        return await self._deputies.end(actor, id, reason) is not None

    async def legal_holds(self, tenant: str) -> tuple[LegalHold, ...]:
        """What is not to be erased in a tenant."""
        return tuple(await legal_holds.all_of(self._store.database, tenant))

    async def legal_hold(
        self, tenant: str, names: tuple[str, ...], reason: str, until: float | None = None
    ) -> LegalHold:
        """Keep what these logins and addresses sent or got, and these mails; a login's addresses count as well. Raises
        ValueError."""
        known = await legal_holds.known_as(self._people, tenant, names)
        return await legal_holds.add(
            self._store, tenant, known, reason=reason, by=self._who, now=self._clock(), until=until
        )

    async def end_legal_hold(self, tenant: str, id: str) -> bool:
        """End a legal hold; False when there is none of this id."""
        hold = await legal_holds.end(self._store, tenant, id, by=self._who, now=self._clock())
        return hold is not None

    async def evidence(self, tenant: str, mail_id: str, reason: str, *, contents: bool) -> None:
        """Note that what is kept about a mail is gathered. Raises Missing."""
        await note(
            self._store, tenant, mail_id, actor=self._who, reason=reason, contents=contents, now=self._clock()
        )

    async def suspend(self, tenant: str, reason: str) -> bool:
        """Let nothing of an organisation's mail come or go; False where that is so already."""
        return await suspending.suspend(self._store, tenant, reason=reason, by=self._who, now=self._clock())

    async def resume(self, tenant: str, reason: str) -> bool:
        """Let it go on; False where it does."""
        return await suspending.resume(self._store, tenant, reason=reason, by=self._who, now=self._clock())

    async def directory(self, tenant: str) -> tuple[Recorded, ...]:
        """The people of a tenant, each with who says so."""
        return tuple(await self._people.recorded(tenant))

    async def login_code(self, tenant: str, login: str) -> str | None:
        """A one-time code with which an account sets a new password; None when there is none of this name."""
        account = await self._people.named(login, tenant)
        if account is None:
            return None
        code = await self._sessions.issue_code(account.tenant, account.login, self._clock())
        told = {"login": account.login}
        await self._store.record(
            Entry(self._clock(), JournalEvent.LOGIN_CODE, self._who, tenant=account.tenant, detail=told)
        )
        return code

    async def reset_factor(self, tenant: str, login: str) -> bool | None:
        """Take the second factor from an account that lost it; False when it has none, None for nobody's login."""
        account = await self._people.named(login, tenant)
        if account is None:
            return None
        return await reset(self._store, self._post, account, by=self._who, now=self._clock())

    async def devices(self, tenant: str, login: str = "") -> tuple[Device, ...]:
        """The credentials of one person's devices, or of everybody's."""
        found = await (self._devices.of(tenant, login) if login else self._devices.all(tenant))
        return tuple(found)

    async def make_device(
        self, tenant: str, login: str, name: str, networks: tuple[str, ...] = (), certificate: str = ""
    ) -> str | None:
        """A new credential for a device of this account: what it is given as its password; None for nobody's login. Raises
        NotAllowed for a credential that makes no sense."""
        account = await self._people.named(login, tenant)
        if account is None:
            return None
        try:
            _, password = await self._devices.make(
                account, name, by=self._who, networks=networks, certificate=certificate,
                also=lambda t, made: self._store.note(
                    t, [device_entry(JournalEvent.DEVICE_ADDED, self._who, made, self._clock())]
                ),
            )  # fmt: skip
        except DeviceRefused as refused:
            raise NotAllowed(
                ", ".join(say("en", f"console.{reason}") for reason in refused.reasons)
            ) from None
        return password

    async def revoke_device(self, tenant: str, id: str) -> Device | None:
        """End the credential of a device; None when there is none of this id."""
        return await self._devices.revoke(
            tenant, id,
            also=lambda t, gone: self._store.note(
                t, [device_entry(JournalEvent.DEVICE_REVOKED, self._who, gone, self._clock())]
            ),
        )  # fmt: skip


def _event(command: str, item: Item) -> Event:
    if command == "release":
        return Event.RELEASE if item.holds else Event.SEND_NOW
    if command not in COMMANDS:
        raise NotAllowed("there is no such command")
    return {"hold": Event.STOP, "discard": Event.DISCARD}[command]
