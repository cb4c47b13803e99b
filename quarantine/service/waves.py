"""Reported mail: the administrator's queue, one wave of mails with everybody who got it, and the decision (IN-REPORT).

Diagnostics: NotAllowed (also Missing, SignedOut); ValueError for a decision that makes no sense; StoreError.
"""

from collections.abc import Iterable, Sequence

import msgspec

from filters.listing import ADDRESS, DOMAIN, FILE, HOST
from filters.lures.hosts import SHORTENERS, is_freemail, is_hosting, owner
from filters.reading.report import bare_subject
from mail.address import domain_of, without_tag
from quarantine.item import Entry, NotAllowed
from quarantine.reported.closing import Decision
from quarantine.reported.fingerprints import MESSAGE_ID, SUBJECT, Trait
from quarantine.reported.reports import HARMLESS, OPEN, VERDICTS, Report
from quarantine.reported.sightings import Sighted
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller
from quarantine.service.desk import Octets
from quarantine.service.shown import without_content
from quarantine.store import Missing

SPANS = (30, 90, 365, 1095)
"""Days back."""
USUAL = 90
COMMON = 200
"""Mails: a link or file that occurs more often is everybody's, and not chosen unless somebody wants it."""
TRACES = 12
SHOWN, CLOSED = 200, 30
DAY = 86_400.0
TEXT = 500
"""Characters of what an administrator writes."""


class Choice(msgspec.Struct, frozen=True):
    """A trait by which to search, how many mails have it, and whether it is chosen."""

    trait: Trait
    count: int
    chosen: bool

    @property
    def name(self) -> str:
        return f"{self.trait.kind}:{self.trait.value}"


class ReportQueue(msgspec.Struct, frozen=True):
    """Reports by topic: those that are open, and the latest that were closed."""

    topics: tuple[tuple[Report, ...], ...] = ()
    closed: tuple[tuple[Report, ...], ...] = ()


class ReportedWave(msgspec.Struct, frozen=True):
    """Reports that are decided together, what the mails have in common, and who got such mails.

    reports    the one that was asked for stands first
    listable   what can go to a list: (kind, subject, chosen)
    mails      the newest SHOWN of those that were found, of `number`
    own        the reported mail itself
    having, waiting, recipients   mailboxes that have one, items that have not left, mailboxes in all
    names      what people are called in each language, by mailbox
    """

    reports: tuple[Report, ...]
    choices: tuple[Choice, ...] = ()
    listable: tuple[tuple[str, str, bool], ...] = ()
    mails: tuple[Sighted, ...] = ()
    number: int = 0
    own: Sighted | None = None
    having: int = 0
    waiting: int = 0
    recipients: int = 0
    names: dict[str, dict[str, str]] = {}
    entries: tuple[Entry, ...] = ()


class Waves(Caller):
    """What reports ask of an administrator."""

    async def reports(self) -> ReportQueue:
        """The queue (REPORTS)."""
        me, reports = await self._me(Verb.REPORTS), self._parts.reports
        opened, closed = await reports.open(me.tenant), await reports.closed(me.tenant)
        return ReportQueue(_shown(opened[:SHOWN]), _shown(closed[:CLOSED]))

    async def wave(self, id: str, span: int = USUAL, chosen: tuple[str, ...] | None = None) -> ReportedWave:
        """One topic (REPORTS) with the mails of the last `span` days that have one of the chosen traits (Choice.name; None:
        those that only this wave has in common). Raises Missing."""
        me, parts = await self._me(Verb.REPORTS), self._parts
        wave = await self._wave(id, me.tenant)
        first, since = wave[0], parts.clock() - _days(span) * DAY
        choices = await self._choices(wave, since, chosen)
        mails = await parts.sightings.find([c.trait for c in choices if c.chosen], me.tenant, since=since)
        got: dict[str, str] = {}
        for each in (g for mail in mails for g in mail.got):
            got.setdefault(without_tag(each.address), "has" if each.has_it else each.status)
            if each.has_it:
                got[without_tag(each.address)] = "has"
        own = next((m for m in mails if m.mail_id == first.mail_id), None)
        if own is None and first.mail_id:
            own = await parts.sightings.mail(first.mail_id, me.tenant)
        shown = mails[:SHOWN]
        meant = {without_tag(g.address) for m in (*shown, *([own] if own else [])) for g in m.got}
        people = await parts.people.all(me.tenant)
        entries = (
            await parts.store.entries(me.tenant, mail_id=first.mail_id, limit=100) if first.mail_id else []
        )
        return ReportedWave(
            tuple(without_content(r) for r in wave), tuple(choices), tuple(self._listable(wave)), tuple(shown),
            len(mails), own,
            having=sum(1 for state in got.values() if state == "has"),
            waiting=sum(len(m.waiting) for m in mails),
            recipients=len(got),
            names={m: a.name for a in people for m in a.mailboxes if m in meant},
            entries=tuple(entries),
        )  # fmt: skip

    async def open_reported(self, id: str) -> Octets | None:
        """The reported mail (OPEN in their charge), on record; None when it is no longer kept."""
        me = await self._me(Verb.OPEN, fresh=True)
        return await self._parts.desk.open_reported(id[:64], person(me))

    async def close_reports(
        self,
        id: str,
        verdict: str,
        *,
        traits: tuple[str, ...] = (),
        span: int = USUAL,
        alert: bool = False,
        line: str = "",
        listed: tuple[str, ...] = (),
        days: int = USUAL,
        discard: bool = False,
        note: str = "",
    ) -> None:
        """Decide (REPORTS): verdict, alert, lists and word to the reporters in one step. `traits` are names of choices of
        the wave, `listed` "kind:subject" of what is listable; others count for nothing. Raises NotAllowed when nothing is
        open any more, ValueError."""
        me, parts = await self._me(Verb.REPORTS, fresh=bool(listed or discard)), self._parts
        wave = await self._wave(id, me.tenant)
        opened = [r for r in wave if r.state == OPEN]
        if not opened:
            raise NotAllowed("nothing is open any more")
        if verdict not in VERDICTS:
            raise ValueError("this is no verdict")
        now = parts.clock()
        offered = {f"{t.kind}:{t.value}": t for t in _traits(wave)}
        kinds = (ADDRESS, DOMAIN) if verdict == HARMLESS else (ADDRESS, DOMAIN, HOST, FILE)
        listable = {f"{k}:{subject}": (k, subject) for k, subject, _ in self._listable(wave) if k in kinds}
        decision = Decision(
            verdict,
            person(me),
            tuple(offered[name] for name in traits if name in offered),
            alert=alert,
            line=" ".join(line[:TEXT].split()),
            listed=tuple(listable[name] for name in listed if name in listable),
            days=days,
            discard=discard,
            note=" ".join(note[:TEXT].split()),
            since=now - _days(span) * DAY,
        )
        await parts.closing.close(opened, decision, now)

    async def _wave(self, id: str, tenant: str) -> list[Report]:
        """The report, and those that are decided together with it."""
        wave = await self._parts.reports.together(id[:64], tenant)
        if not wave:
            raise Missing("there is no such report")
        return wave

    async def _choices(
        self, wave: Sequence[Report], since: float, chosen: tuple[str, ...] | None
    ) -> list[Choice]:
        found = []
        for trait in _traits(wave):
            count = await self._parts.sightings.count(trait, wave[0].tenant, since=since)
            choice = Choice(trait, count, _telling(trait, count))
            if chosen is not None:
                choice = msgspec.structs.replace(choice, chosen=choice.name in chosen)
            found.append(choice)
        return found

    def _listable(self, wave: Sequence[Report]) -> list[tuple[str, str, bool]]:
        """Never ourselves; all of a free-mail provider only by hand."""
        internal = self._parts.policy(wave[0].tenant).organisation.internal
        found: list[tuple[str, str, bool]] = []
        for trait in _traits(wave):
            if trait.kind in (ADDRESS, DOMAIN, HOST, FILE):
                address = trait.value if trait.kind == ADDRESS else f"x@{trait.value}"
                if (trait.kind != FILE and internal(address)) or (
                    trait.kind == DOMAIN and is_freemail(trait.value)
                ):
                    continue
                chosen = trait.kind in (ADDRESS, FILE) or (
                    trait.kind == HOST and not _everybodys(trait.value)
                )
                found.append((trait.kind, trait.value, chosen))
        return found


def _traits(wave: Sequence[Report]) -> list[Trait]:
    found = []
    for report in wave[:20]:
        mail = report.found
        author = mail.author.lower()
        found += [
            Trait(ADDRESS, author), Trait(DOMAIN, domain_of(author)), Trait(SUBJECT, bare_subject(mail.subject)),
            *(Trait(HOST, host) for host in mail.hosts[:TRACES]), *(Trait(FILE, f) for f in mail.files[:TRACES]),
        ]  # fmt: skip
    order = (ADDRESS, DOMAIN, SUBJECT, HOST, FILE, MESSAGE_ID)
    kept = dict.fromkeys(t for t in found if t.value)
    if not kept:  # nothing but its name is known
        kept = dict.fromkeys(Trait(MESSAGE_ID, r.found.message_id) for r in wave[:20] if r.found.message_id)
    return sorted(kept, key=lambda t: order.index(t.kind))[: 4 * TRACES]


def _telling(trait: Trait, count: int) -> bool:
    """True for what is rarely had in common by chance."""
    if trait.kind == DOMAIN:
        return False
    return count <= COMMON and not (trait.kind == HOST and _everybodys(trait.value))


def _everybodys(host: str) -> bool:
    return host in SHORTENERS or owner(host) is not None or is_hosting(host) or is_freemail(host)


def _shown(topics: Iterable[Iterable[Report]]) -> tuple[tuple[Report, ...], ...]:
    return tuple(tuple(without_content(report) for report in topic) for topic in topics)


def _days(span: int) -> int:
    return span if span in SPANS else USUAL
