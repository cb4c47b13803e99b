"""What people change besides mail: entries of the lists, passphrases agreed with partners, credentials of devices. Rights are asked, and the journal
is written, in the transaction of the change; a page that forgot to ask is refused.

Diagnostics: NotAllowed; ValueError for an entry that makes no sense; PassphraseRefused; DeviceRefused; StoreError.
"""

from collections.abc import Callable, Sequence

from directory.account import Account
from directory.devices import Device, Devices
from directory.listings import ListDecision, Listings
from directory.vault import Agreement, Vault
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.rights import Actor, Verb
from quarantine.store import Store
from storage.interfaces import Transaction


class Office:
    """Changes lists and agreements for people. `actor` is who changes."""

    def __init__(
        self, store: Store, listings: Listings, vault: Vault, devices: Devices, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._listings = listings
        self._vault = vault
        self._devices = devices
        self._clock = clock

    async def enlist(
        self,
        actor: Actor,
        *,
        list: str,
        kind: str,
        subject: str,
        reason: str,
        seconds: float,
        personal: bool = False,
        alert: bool = False,
        item_id: str = "",
        mail_id: str = "",
    ) -> ListDecision:
        """Make an entry for everybody (LISTS), or one for the actor alone; it came from a mail, when that is named. With
        `alert`, whoever got a mail with what is blocked hears (quarantine/reported/listed_later.py)."""

        def note(transaction: Transaction, made: ListDecision) -> None:
            self._listed(transaction, JournalEvent.LISTING_ADDED, actor, made, item_id, mail_id)

        return await self._listings.add(
            actor.tenant, list=list, kind=kind, subject=subject, owner=actor.name, reason=reason,
            expires_at=self._clock() + seconds, person=actor.name if personal else "",
            alert=alert, also=note,
        )  # fmt: skip

    async def delist(self, actor: Actor, id: str, *, personal: bool = False) -> ListDecision | None:
        """Take an entry out (LISTS), or with `personal` one of one's own; None when there is none."""

        def note(transaction: Transaction, gone: ListDecision) -> None:
            self._listed(transaction, JournalEvent.LISTING_REMOVED, actor, gone)

        return await self._listings.remove(actor.tenant, id, actor.name if personal else None, also=note)

    async def agree(
        self, actor: Actor, subject: str, passphrase: str, *, note: str, valid_until: float | None
    ) -> Agreement:
        """Keep a passphrase agreed with a partner (PARTNERS)."""
        return await self._vault.add(
            actor.tenant, subject, passphrase, note=note, by=actor.name, valid_until=valid_until,
            also=lambda t, made: self._agreed(t, JournalEvent.PASSPHRASE_ADDED, actor, made),
        )  # fmt: skip

    async def disagree(self, actor: Actor, id: str) -> Agreement | None:
        """Forget one (PARTNERS); None when there is none."""
        return await self._vault.remove(
            actor.tenant,
            id,
            also=lambda t, gone: self._agreed(t, JournalEvent.PASSPHRASE_REMOVED, actor, gone),
        )

    async def make_device(
        self, actor: Actor, account: Account, name: str, *, networks: Sequence[str], certificate: str
    ) -> tuple[Device, str]:
        """Make a credential for a device of the actor's, or of somebody else's (DEVICES); it, and what is shown once."""
        return await self._devices.make(
            account, name, by=actor.name, networks=networks, certificate=certificate,
            also=lambda t, made: self._device(t, JournalEvent.DEVICE_ADDED, actor, made),
        )  # fmt: skip

    async def revoke_device(self, actor: Actor, id: str) -> Device | None:
        """End one of the actor's, or somebody else's (DEVICES); None when there is none."""
        return await self._devices.revoke(
            actor.tenant, id, also=lambda t, gone: self._device(t, JournalEvent.DEVICE_REVOKED, actor, gone)
        )

    def _device(self, transaction: Transaction, event: JournalEvent, actor: Actor, device: Device) -> None:
        if device.login != actor.name:
            self._store.in_charge(transaction, actor, Verb.DEVICES, device.tenant)
        self._store.note(transaction, [device_entry(event, actor.name, device, self._clock())])

    def _listed(
        self,
        transaction: Transaction,
        event: JournalEvent,
        actor: Actor,
        entry: ListDecision,
        item_id: str = "",
        mail_id: str = "",
    ) -> None:
        if entry.person != actor.name:
            self._store.in_charge(transaction, actor, Verb.LISTS, entry.tenant)
        detail: dict[str, object] = {"list": entry.list, "kind": entry.kind, "subject": entry.subject}
        detail |= {"person": entry.person} if entry.person else {}
        detail |= {"until": entry.expires_at} if event is JournalEvent.LISTING_ADDED else {}
        made = Entry(self._clock(), event, actor.name, item_id, mail_id, entry.tenant, detail)
        self._store.note(transaction, [made])

    def _agreed(
        self, transaction: Transaction, event: JournalEvent, actor: Actor, agreement: Agreement
    ) -> None:
        self._store.in_charge(transaction, actor, Verb.PARTNERS, actor.tenant)
        detail = {"partner": agreement.subject}
        self._store.note(
            transaction, [Entry(self._clock(), event, actor.name, tenant=actor.tenant, detail=detail)]
        )


def device_entry(event: JournalEvent, actor: str, device: Device, now: float) -> Entry:
    """What the journal notes of a credential: nothing that proves it."""
    detail: dict[str, object] = {"device": device.id, "login": device.login, "name": device.name}
    detail |= {"networks": list(device.networks)} if device.networks else {}
    detail |= {"certificate": device.certificate} if device.certificate else {}
    return Entry(now, event, actor, tenant=device.tenant, detail=detail)
