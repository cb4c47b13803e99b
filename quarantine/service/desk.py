"""The one way from the console to what a mail says: rights are asked here, and each look is in the journal before it is
taken, in the same transaction.

Pages get octets from here and nowhere else; they hold neither the store of contents nor the key of sealed secrets. What
somebody may open says quarantine/rights.py, by the directory as it is now: a page that forgot to ask is refused.

Diagnostics: NotAllowed (also Missing, ReasonNeeded); StoreError; LookupError for a passphrase that is no longer there.
"""

from collections.abc import Callable, Sequence

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, Item, NotAllowed
from quarantine.reported.reports import Report, Reports
from quarantine.rights import Actor, Verb, needs_reason, own
from quarantine.store import Missing, Query, Store
from storage.bound import bound
from storage.day_seal import DaySeal
from storage.interfaces import Blobs, StoreError, Transaction
from storage.seal import SealError


class ReasonNeeded(NotAllowed):
    """Nobody sent this mail to them or asked them: they must say why they look."""


class Octets(msgspec.Struct, frozen=True):
    """What is kept of a mail. `original` is what came in, where that is not what is kept for going on; `report` is True for
    a report that brings the mail as its attachment."""

    raw: bytes
    original: bytes | None = None
    report: bool = False


class Desk:
    """Opens contents for people. `actor` is who looks, `now` when."""

    def __init__(
        self, store: Store, blobs: Blobs, seal: DaySeal, reports: Reports, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._seal = seal
        self._reports = reports
        self._clock = clock

    async def open(self, item_id: str, actor: Actor, reason: str = "") -> Octets | None:
        """What leaves, or would; None when it is no longer kept. A sender's look at their own mail is not on record."""
        item = await self._own(item_id, actor)
        if item is None:
            item = await self.looked(item_id, actor, reason)
        return await self._contents(item.blob, item.original)

    async def looked(self, item_id: str, actor: Actor, reason: str = "", **detail: object) -> Item:
        """An item whose content somebody looks at, on record."""
        store = self._store

        def look(transaction: Transaction) -> Item:
            now = self._clock()
            item = store.permitted(transaction, item_id, actor, Verb.OPEN, now=now)
            account, owner, ties = store.standing(transaction, item, actor, now)
            if account is not None and needs_reason(account, item, owner, ties) and not reason.strip():
                raise ReasonNeeded("opening this mail needs a reason")
            self._note(transaction, JournalEvent.LOOK, item, actor, reason=reason, **detail)
            return item

        return await bound(store.database, actor.tenant).write(look)

    async def _own(self, item_id: str, actor: Actor) -> Item | None:
        """The item, when it is their own; nobody notes that."""
        store = self._store

        def mine(transaction: Transaction) -> Item | None:
            item = store.permitted(transaction, item_id, actor, Verb.OPEN, now=self._clock(), lock=False)
            account, _, _ = store.standing(transaction, item, actor)
            return item if account is not None and own(account, item) == "sender" else None

        return await bound(store.database, actor.tenant).read(mine)

    async def read(self, item_id: str, actor: Actor) -> Octets | None:
        """A mail that waits for the actor, as it came; None when it is no longer kept."""
        item = await bound(self._store.database, actor.tenant).read(
            lambda t: self._store.permitted(t, item_id, actor, Verb.READ, lock=False)
        )
        return await self._contents(item.original or item.blob)

    async def passphrase(self, item_id: str, actor: Actor) -> str:
        """The generated passphrase of a mail's archive, on record. Raises LookupError when it is gone."""

        def look(transaction: Transaction) -> str:
            item = self._store.permitted(transaction, item_id, actor, Verb.PASSPHRASE)
            if item.passphrase_source != "generated" or not item.secret:  # noqa: S105 (where it came from)
                raise LookupError("no passphrase is kept")
            try:
                plain = self._seal.open(item.secret, item.mail_id.encode()).decode()
            except (SealError, UnicodeDecodeError):
                raise LookupError("the passphrase cannot be opened") from None
            self._note(transaction, JournalEvent.PASSPHRASE_SHOWN, item, actor)
            return plain

        return await bound(self._store.database, actor.tenant).write(look)

    async def open_reported(self, report_id: str, actor: Actor) -> Octets | None:
        """A reported mail, on record: out of the report that brought it, else as it waits or waited here."""
        wave = await self._reports.together(report_id, actor.tenant)
        if not wave:
            raise Missing("there is no such report")
        first = wave[0]

        def look(transaction: Transaction) -> None:
            self._store.in_charge(transaction, actor, Verb.OPEN, first.tenant)
            entry = Entry(
                self._clock(), JournalEvent.LOOK, actor.name, "", first.mail_id, first.tenant, {"report": first.id}
            )  # fmt: skip
            self._store.note(transaction, [entry])

        await bound(self._store.database, actor.tenant).write(look)
        return await self._reported(wave)

    async def _reported(self, wave: Sequence[Report]) -> Octets | None:
        for report in wave:
            if report.blob and (found := await self._contents(report.blob)) is not None:
                return msgspec.structs.replace(found, report=True)
        ids = tuple(dict.fromkeys(r.mail_id for r in wave if r.mail_id))[:20]
        query = Query(tenant=wave[0].tenant, direction="inbound", mail_ids=ids)
        for item in await self._store.find(query) if ids else []:
            if (found := await self._contents(item.blob)) is not None:
                return found
        return None

    async def _contents(self, blob: str, original: str = "") -> Octets | None:
        try:
            raw = bytes(await self._blobs.get(blob))
            return Octets(raw, bytes(await self._blobs.get(original)) if original else None)
        except StoreError:
            return None

    def _note(
        self, transaction: Transaction, event: JournalEvent, item: Item, actor: Actor, **detail: object
    ) -> None:
        said = {name: value for name, value in detail.items() if value != ""}
        entry = Entry(self._clock(), event, actor.name, item.id, item.mail_id, item.tenant, said)
        self._store.note(transaction, [entry])
