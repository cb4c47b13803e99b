"""Mail that arrived for this person: what it was, reporting it, trusting its sender (IN-REPORT, IN-WARN).

Diagnostics: NotAllowed (also Missing, TooMany, SignedOut); ValueError for a choice that is none; StoreError.
"""

import msgspec

from directory.account import Account
from directory.listings import ListDecision
from filters.listing import ADDRESS, ALLOW, DOMAIN
from filters.lures.hosts import is_freemail
from mail.address import domain_of
from quarantine.item import Item, State
from quarantine.reported.fingerprints import WARNED, Trait
from quarantine.reported.reports import COMMENT, PAGE, Report, topic_of
from quarantine.reported.sightings import Sighted
from quarantine.rights import Verb, person, verbs_on_arrival
from quarantine.service.caller import Caller, checked
from quarantine.service.shown import arrived_for, to_recipient, without_content
from quarantine.store import Missing, Query

SINCE = 30 * 86_400.0
SHOWN = 50


class Arrivals(msgspec.Struct, frozen=True):
    """My reports, the senders that I trust, and mail of the last month of which I was warned."""

    reports: tuple[Report, ...] = ()
    trusted: tuple[ListDecision, ...] = ()
    warned: tuple[Sighted, ...] = ()


class Arrived(msgspec.Struct, frozen=True):
    """One mail: what of it is held here for me, my report of it, what of its sender can be trusted (by kind) and is."""

    mail: Sighted
    kept: Item | None = None
    report: Report | None = None
    choices: dict[str, str] = {}
    trusted: tuple[ListDecision, ...] = ()


class Received(Caller):
    """What has arrived for somebody's mailboxes."""

    async def arrivals(self) -> Arrivals:
        me, parts = await self._me(), self._parts
        wanted = [Trait(WARNED, mailbox) for mailbox in me.mailboxes]
        since = parts.clock() - SINCE
        warned = await parts.sightings.find(wanted, me.tenant, since=since, limit=SHOWN)
        return Arrivals(
            tuple(without_content(r) for r in await parts.reports.mine(me.login, me.tenant)),
            tuple(await self._trusted(me)),
            tuple(arrived_for(m, me.mailboxes) for m in warned if m.among(me.mailboxes)),
        )

    async def arrived(self, mail_id: str) -> Arrived:
        """One of them; Missing for everybody else, as if there were none."""
        me, mail = await self._mine(mail_id)
        query = Query(
            state=(State.HELD,), direction="inbound", tenant=me.tenant, mail_id=mail.mail_id, mailboxes=me.mailboxes, limit=1
        )  # fmt: skip
        kept = [to_recipient(item, me.mailboxes) for item in await self._parts.store.find(query)]
        report, choices = await self._reported(me, mail), self._trustable(me.tenant, mail)
        return Arrived(
            arrived_for(mail, me.mailboxes),
            kept[0] if kept else None,
            without_content(report) if report is not None else None,
            choices,
            tuple(t for t in await self._trusted(me) if t.subject in choices.values()),
        )

    async def report(self, mail_id: str, comment: str) -> None:
        """Report it. Raises TooMany."""
        me, mail = await self._mine(mail_id)
        now = self._parts.clock()
        report = Report(me.tenant, me.login, now, PAGE, mail.summary, mail.mail_id, comment[:COMMENT])
        await self._parts.reports.add(report)

    async def withdraw_report(self, mail_id: str) -> bool:
        """Take the report back; False when there is none, or somebody has decided."""
        me, mail = await self._mine(mail_id)
        report, parts = await self._reported(me, mail), self._parts
        return report is not None and await parts.reports.withdraw(
            report.id, me.login, me.tenant, parts.clock()
        )

    async def trust(self, mail_id: str, kind: str, days: int) -> None:
        """Trust its sender, for oneself. Raises ValueError for a kind that is not among the choices."""
        me, mail = await self._mine(mail_id)
        choices = self._trustable(me.tenant, mail)
        if kind not in choices:
            raise ValueError("nobody can be trusted for this")
        await self._parts.office.enlist(
            person(me), list=ALLOW, kind=kind, subject=choices[kind], personal=True, seconds=days * 86_400.0,
            reason=mail.summary.subject[:200], mail_id=mail.mail_id,
        )  # fmt: skip

    async def distrust(self, id: str) -> bool:
        """Trust somebody no longer; False when one did not."""
        me = await self._me()
        return await self._parts.office.delist(person(me), id, personal=True) is not None

    async def _mine(self, mail_id: str) -> tuple[Account, Sighted]:
        me = await self._me()
        mail = await self._parts.sightings.mail(checked(mail_id), me.tenant)
        if mail is None or Verb.REPORT not in verbs_on_arrival(me, me.tenant, (g.address for g in mail.got)):
            raise Missing("there is nothing of this id")
        return me, mail

    def _trustable(self, tenant: str, mail: Sighted) -> dict[str, str]:
        """What of the sender can be trusted, by kind: never everybody at a free-mail provider, never ourselves."""
        author = mail.summary.author.lower()
        domain = domain_of(author)
        if not domain or self._parts.policy(tenant).organisation.internal(author):
            return {}
        return {ADDRESS: author} if is_freemail(domain) else {ADDRESS: author, DOMAIN: domain}

    async def _reported(self, me: Account, mail: Sighted) -> Report | None:
        """The person's newest report of this mail, or of one of the same wave."""
        topic = topic_of(mail.summary, mail.mail_id)
        mine = await self._parts.reports.mine(me.login, me.tenant)
        return next((r for r in mine if r.topic == topic or r.mail_id == mail.mail_id), None)

    async def _trusted(self, me: Account) -> list[ListDecision]:
        return [d for d in await self._parts.listings.all(me.tenant, me.login) if d.list == ALLOW]
