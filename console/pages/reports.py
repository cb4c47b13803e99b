"""Reported mail: the administrator's queue, one wave of mails with everybody who got it, and the decision (IN-REPORT)."""

import asyncio
from collections.abc import Sequence

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.content import ReadableMail, read, read_reported
from console.visit import InCharge, Visit, page
from filters.listing import ADDRESS, DOMAIN, FILE, HOST
from filters.lures.hosts import SHORTENERS, is_freemail, is_hosting, owner
from filters.reading.report import bare_subject
from mail.address import domain_of, without_tag
from quarantine.item import NotAllowed
from quarantine.reported.closing import Decision
from quarantine.reported.fingerprints import MESSAGE_ID, SUBJECT, Trait
from quarantine.reported.reports import DANGEROUS, HARMLESS, OPEN, VERDICTS, Report
from quarantine.rights import Verb

SPANS = (30, 90, 365, 1095)
DAYS = (30, 90, 180, 365)
USUAL = 90
COMMON = 200
"""Mails: a link or file that occurs more often is everybody's, and not chosen unless somebody wants it."""
TRACES = 12
SHOWN = 200
DAY = 86_400.0


class Choice(msgspec.Struct, frozen=True):
    """A trait by which to search, how many mails have it, and whether it is chosen."""

    trait: Trait
    count: int
    chosen: bool

    @property
    def name(self) -> str:
        return f"{self.trait.kind}:{self.trait.value}"


@page("GET", "/reports", InCharge(Verb.REPORTS))
async def queue(visit: Visit) -> Response:
    reports, tenant = visit.context.reports, visit.me.tenant
    closed = await reports.closed(tenant)
    return visit.render(
        "reports.html", topics=(await reports.open(tenant))[:SHOWN], closed=closed[:30], limit=SHOWN
    )


@page("GET", "/reports/{id}", InCharge(Verb.REPORTS))
async def one(visit: Visit) -> Response:
    return await _show(visit, await _wave(visit))


@page("POST", "/reports/{id}/open", InCharge(Verb.OPEN))
async def open_content(visit: Visit) -> Response:
    """Open the reported mail: on record, as every look is."""
    wave = await _wave(visit)
    found = await visit.context.desk.open_reported(wave[0].id, visit.actor)
    content = None
    if found is not None:
        content = await asyncio.to_thread(read_reported if found.report else read, found.raw)
    return await _show(visit, wave, content=content, opened=True)


@page("POST", "/reports/{id}/close", InCharge(Verb.REPORTS))
async def close(visit: Visit) -> Response:
    """Decide: verdict, alert, lists and word to the reporters in one step."""
    wave = await _wave(visit)
    opened = [r for r in wave if r.state == OPEN]
    if not opened:
        return visit.to(f"/reports/{wave[0].id}", "late")
    verdict, days = visit.field("verdict"), visit.field("days")
    if verdict not in VERDICTS or days not in map(str, DAYS):
        return await _show(visit, wave, error="verdict_needed", status=400)
    offered = {c.name: c.trait for c in await _choices(visit, wave)}
    listable = {f"{kind}:{subject}": (kind, subject) for kind, subject, _ in _listable(visit, wave)}
    names = visit.form.get("allow" if verdict == HARMLESS else "block", [])
    decision = Decision(
        verdict,
        visit.actor,
        tuple(offered[name] for name in visit.form.get("t", []) if name in offered),
        alert=bool(visit.field("alert")),
        line=" ".join(visit.field("line", 500).split()),
        listed=tuple(listable[name] for name in names if name in listable),
        days=int(days),
        discard=bool(visit.field("discard")),
        note=" ".join(visit.field("note", 500).split()),
        since=visit.now - _span(visit.field("span")) * DAY,
    )
    try:
        await visit.context.closing.close(opened, decision, visit.now)
    except NotAllowed:
        return visit.to(f"/reports/{wave[0].id}", "late")
    except ValueError:
        return await _show(visit, wave, error="listing_wrong", status=400)
    return visit.to(f"/reports/{wave[0].id}", "did_close")


async def _wave(visit: Visit) -> list[Report]:
    """The report in the path, and those that are decided together with it."""
    wave = await visit.context.reports.together(visit.request.path_params["id"][:64], visit.me.tenant)
    if not wave:
        raise HTTPException(404)
    return wave


async def _show(
    visit: Visit,
    wave: Sequence[Report],
    *,
    content: ReadableMail | None = None,
    opened: bool = False,
    error: str = "",
    status: int = 200,
) -> Response:
    context, first = visit.context, wave[0]
    span = _span(visit.field("span") or visit.query("span"))
    choices = await _choices(visit, wave)
    since = visit.now - span * DAY
    mails = await context.sightings.find([c.trait for c in choices if c.chosen], first.tenant, since=since)
    people = {m: a for a in await context.people.all(first.tenant) for m in a.mailboxes}
    got: dict[str, str] = {}
    for mail in mails:
        for each in mail.got:
            got.setdefault(without_tag(each.address), "has" if each.has_it else each.status)
            if each.has_it:
                got[without_tag(each.address)] = "has"
    own = next((m for m in mails if m.mail_id == first.mail_id), None)
    if own is None and first.mail_id:
        own = await context.sightings.mail(first.mail_id, first.tenant)
    return visit.render(
        "report.html",
        status=status,
        error=error,
        report=first,
        wave=wave,
        people=people,
        own=own,
        choices=choices,
        span=span,
        spans=SPANS,
        mails=mails[:SHOWN],
        number=len(mails),
        limit=SHOWN,
        having=sum(1 for state in got.values() if state == "has"),
        waiting=sum(len(m.waiting) for m in mails),
        recipients=len(got),
        whole=without_tag,
        listable=_listable(visit, wave),
        days=DAYS,
        usual=USUAL,
        verdicts=VERDICTS,
        content=content,
        opened=opened,
        entries=await context.store.entries(visit.me.tenant, mail_id=first.mail_id, limit=100)
        if first.mail_id
        else [],
        chosen=visit.field("verdict") or DANGEROUS,
    )


async def _choices(visit: Visit, wave: Sequence[Report]) -> list[Choice]:
    """By what to search. Without a choice of the visitor's: what only this wave has in common."""
    given = (
        visit.form.get("t", []) if visit.request.method == "POST" else visit.request.query_params.getlist("t")
    )
    asked = bool(given) or bool(visit.query("search"))
    since, tenant = visit.now - _span(visit.field("span") or visit.query("span")) * DAY, wave[0].tenant
    found = []
    for trait in _traits(wave):
        count = await visit.context.sightings.count(trait, tenant, since=since)
        choice = Choice(trait, count, _telling(trait, count))
        if asked:
            choice = msgspec.structs.replace(choice, chosen=choice.name in given)
        found.append(choice)
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


def _listable(visit: Visit, wave: Sequence[Report]) -> list[tuple[str, str, bool]]:
    """What can go to a list: (kind, subject, chosen). Never ourselves; all of a free-mail provider only by hand."""
    internal = visit.context.policy().organisation.internal
    found: list[tuple[str, str, bool]] = []
    for trait in _traits(wave):
        if trait.kind in (ADDRESS, DOMAIN, HOST, FILE):
            address = trait.value if trait.kind == ADDRESS else f"x@{trait.value}"
            if (trait.kind != FILE and internal(address)) or (
                trait.kind == DOMAIN and is_freemail(trait.value)
            ):
                continue
            chosen = trait.kind in (ADDRESS, FILE) or (trait.kind == HOST and not _everybodys(trait.value))
            found.append((trait.kind, trait.value, chosen))
    return found


def _span(text: str) -> int:
    return int(text) if text in map(str, SPANS) else USUAL
