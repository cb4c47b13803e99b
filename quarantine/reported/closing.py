"""Closing reports in one step: the verdict, the alert to all who got such mail, the lists, and word to the reporters.

Everything that is written together stands or falls together: decision, letters and entries of the lists are one store
transaction. Mail that still waits is discarded after it, one by one; what has left meanwhile is counted.

Diagnostics: NotAllowed when somebody else has decided, or the actor is not in charge of reports; ValueError for an entry that makes no sense; StoreError, and
then nothing was done.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from config.policy import Organisation
from directory.listings import Listings, enter
from directory.people import People
from filters.listing import ALLOW, BLOCK
from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, Item, NotAllowed
from quarantine.letters import reported
from quarantine.letters.letter import Letter, Post
from quarantine.letters.reported import Wave
from quarantine.reported.alerts import BATCH, batches, by_language, receivers
from quarantine.reported.fingerprints import Trait
from quarantine.reported.listed_later import tell
from quarantine.reported.reports import CLOSED, DANGEROUS, HARMLESS, Report, Reports
from quarantine.reported.sightings import Sighted, Sightings
from quarantine.rights import Actor, Verb
from quarantine.store import Store
from storage.bound import within
from storage.interfaces import StoreError, Transaction, Unknown

DAY = 86_400.0


class Decision(msgspec.Struct, frozen=True):
    """What the administrator has decided.

    by        somebody in charge of reports in the tenant
    wanted    traits of the mails that are meant: those who got them are alerted, those that wait are discarded
    alert     tell all who got one, with `line` for them
    listed    (kind, subject) pairs for the block list, of a harmless mail for the allow list, for `days` days
    note      for the reporters
    since     UTC seconds: older mails are not meant
    """

    verdict: str
    by: Actor
    wanted: tuple[Trait, ...] = ()
    alert: bool = False
    line: str = ""
    listed: tuple[tuple[str, str], ...] = ()
    days: int = 90
    discard: bool = False
    note: str = ""
    since: float = 0.0


class Closing:
    """The one step."""

    def __init__(
        self,
        store: Store,
        reports: Reports,
        sightings: Sightings,
        listings: Listings,
        people: People,
        post: Post,
        *,
        language: Callable[[str], str] = lambda tenant: Organisation().language,
        zone: Callable[[str], str] = lambda tenant: "Asia/Tokyo",
        contact: Callable[[str], str] = lambda tenant: "",
    ) -> None:
        self._store = store
        self._reports = reports
        self._sightings = sightings
        self._listings = listings
        self._people = people
        self._post = post
        self._language = language
        self._zone = zone
        self._contact = contact

    async def close(self, reports: Sequence[Report], decision: Decision, now: float) -> dict[str, int]:
        """Decide these open reports, which are about one wave. What was done, as numbers by name."""
        tenant, first = reports[0].tenant, reports[0]
        bad, alert = decision.verdict != HARMLESS, decision.alert and decision.verdict == DANGEROUS
        mails = await self._sightings.find(decision.wanted, tenant, since=decision.since) if bad else []
        wave = Wave(
            first.found,
            min([m.at for m in mails] or [first.at]),
            max([m.at for m in mails] or [first.at]),
            self._zone(tenant),
        )
        listed = [
            self._listings.decided(
                tenant,
                list=BLOCK if bad else ALLOW, kind=kind, subject=subject, owner=decision.by.name,
                reason=decision.note or f"report {first.id}", expires_at=now + decision.days * DAY,
                alert=alert,
            )
            for kind, subject in decision.listed
        ]  # fmt: skip
        owners = {a: account for account in await self._people.all(tenant) for a in account.mailboxes}
        reporters = {r.reporter for r in reports}
        # Reporters hear the outcome instead.
        others = {mailbox for mailbox, account in owners.items() if account.login in reporters}
        alerted = by_language(receivers(mails, others), owners) if alert else {}
        items: list[Item] = []
        try:
            for language, mailboxes in alerted.items():
                letter = self._alert(wave, decision, language, first)
                items += [
                    await self._post.item(letter, some, now, tenant=tenant) for some in batches(mailboxes)
                ]
            outcome = {"mails": len(mails), "alerted": sum(map(len, alerted.values())), "listed": len(listed)}
            closed = [
                msgspec.structs.replace(
                    r, state=CLOSED, verdict=decision.verdict, decided_by=decision.by.name, decided_at=now,
                    note=decision.note, outcome=outcome,
                )
                for r in reports
            ]  # fmt: skip
            items += await self._outcomes(closed, wave, decision, bool(alerted), now)
            entries = [
                Entry(now, JournalEvent.LISTING_ADDED, decision.by.name, tenant=tenant, detail={"list": d.list, "kind": d.kind, "subject": d.subject, "report": first.id})
                for d in listed
            ]  # fmt: skip
            if alerted:
                detail = {
                    "report": first.id,
                    "people": outcome["alerted"],
                    "line": decision.line,
                    "items": [i.id for i in items if i.direction == "notice"][:BATCH],
                }
                entries.append(
                    Entry(now, JournalEvent.ALERT, decision.by.name, "", first.mail_id, tenant, detail)
                )

            def claim(transaction: Transaction) -> None:
                transaction = within(transaction, tenant)
                self._store.in_charge(transaction, decision.by, Verb.REPORTS, tenant)
                self._reports.close(transaction, closed, entries)
                enter(transaction, listed)
                told = {mailbox for some in alerted.values() for mailbox in some}
                tell(transaction, [d for d in listed if d.alert], told | others, now)

            await self._store.put(items, now, decision.by.name, claim=claim)
        except Unknown:
            raise
        except (NotAllowed, StoreError):
            await self._forget(items)
            raise
        self._listings.forget()
        if bad and decision.discard:
            outcome["discarded"] = await self._discard(mails, decision, now)
        return outcome

    def _alert(self, wave: Wave, decision: Decision, language: str, report: Report) -> Letter:
        language = language or self._language(report.tenant)
        contact = self._contact(report.tenant)
        return reported.alert(wave, language, mail_id=report.mail_id, line=decision.line, contact=contact)

    async def _outcomes(
        self, closed: Sequence[Report], wave: Wave, decision: Decision, alerted: bool, now: float
    ) -> list[Item]:
        """A letter to each reporter of whom we know that it was they."""
        items = []
        for report in closed:
            account = await self._people.account(report.tenant, report.reporter)
            if account is None or account.disabled or not account.addresses or not report.proved:
                continue
            letter = reported.outcome(
                msgspec.structs.replace(wave, summary=report.found), account.language,
                mail_id=report.mail_id, verdict=decision.verdict,
                note=decision.note, alerted=alerted, contact=self._contact(report.tenant),
            )  # fmt: skip
            items.append(await self._post.to_account(letter, account, now))
        return items

    async def _discard(self, mails: Iterable[Sighted], decision: Decision, now: float) -> int:
        """Throw away what still waits; how many items. What leaves at this moment is not waited for."""
        number = 0
        for mail in mails:
            for item_id in mail.waiting:
                try:
                    await self._store.change(
                        item_id, Event.DISCARD, decision.by, now, {"reason": decision.note or "reported"}
                    )
                    number += 1
                except NotAllowed:
                    continue
        return number

    async def _forget(self, items: Iterable[Item]) -> None:
        for item in items:
            try:
                await self._store.blobs.delete(item.blob)
            except StoreError:
                return
