"""Mail that arrived for this person: what it was, report it, trust its sender (IN-REPORT, IN-WARN).

The banner of a mail that we warned of leads here. The address of the page is no permission: only those for whom the
mail came see it (RECEIVED).
"""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import RECEIVED, SIGNED_IN, Visit, page
from directory.listings import ListDecision
from filters.examined import DISARMED
from filters.listing import ADDRESS, ALLOW, DOMAIN
from filters.lures.hosts import is_freemail
from mail.address import domain_of
from quarantine.item import Item, State
from quarantine.reported.fingerprints import WARNED, Trait
from quarantine.reported.reports import PAGE, Report, TooMany, topic_of
from quarantine.reported.sightings import Sighted
from quarantine.store import Query

DAYS = (30, 90, 365)
SINCE = 30 * 86_400.0
SHOWN = 50


@page("GET", "/received", SIGNED_IN)
async def overview(visit: Visit) -> Response:
    """My reports, the senders that I trust, and mail of the last month of which I was warned."""
    context, me = visit.context, visit.me
    wanted = [Trait(WARNED, mailbox) for mailbox in me.mailboxes]
    warned = await context.sightings.find(wanted, me.tenant, since=visit.now - SINCE, limit=SHOWN)
    return visit.render(
        "received.html",
        reports=await context.reports.mine(me.login, me.tenant),
        trusted=await _trusted(visit),
        warned=[m for m in warned if m.among(me.mailboxes)],
        report_address=context.report_address,
        soon=visit.now + 14 * 86_400,
    )


@page("GET", "/received/{mail_id}", RECEIVED)
async def one(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/received/{mail_id}/report", RECEIVED)
async def report(visit: Visit) -> Response:
    mail = visit.received
    try:
        await visit.context.reports.add(
            Report(
                visit.me.tenant, visit.me.login, visit.now, PAGE, mail.summary, mail.mail_id, visit.field("comment", 1000)
            )
        )  # fmt: skip
    except TooMany:
        return await _show(visit, error="report_too_many", status=429)
    return visit.to(visit.here, "did_report")


@page("POST", "/received/{mail_id}/withdraw", RECEIVED)
async def withdraw(visit: Visit) -> Response:
    """Take the report back, while nobody has decided."""
    reported = await _reported(visit, visit.received)
    if reported is None or not await visit.context.reports.withdraw(
        reported.id, visit.me.login, visit.me.tenant, visit.now
    ):
        return visit.to(visit.here)
    return visit.to(visit.here, "did_report_withdraw")


@page("POST", "/received/{mail_id}/trust", RECEIVED)
async def trust(visit: Visit) -> Response:
    """Trust this sender: for me, and until a day."""
    choices, kind, days = trustable(visit, visit.received), visit.field("kind"), visit.field("days")
    if kind not in choices or days not in map(str, DAYS):
        return await _show(visit, error="trust_choose", status=400)
    try:
        await visit.context.office.enlist(
            visit.actor, list=ALLOW, kind=kind, subject=choices[kind], personal=True, seconds=int(days) * 86_400.0,
            reason=visit.received.summary.subject[:200], mail_id=visit.received.mail_id,
        )  # fmt: skip
    except ValueError:
        return await _show(visit, error="trust_choose", status=400)
    return visit.to(visit.here, "did_trust")


@page("POST", "/trusted/{id}/remove", SIGNED_IN)
async def distrust(visit: Visit) -> Response:
    if await visit.context.office.delist(visit.actor, visit.request.path_params["id"], personal=True) is None:
        raise HTTPException(404)
    return visit.to("/received", "did_distrust")


def trustable(visit: Visit, mail: Sighted) -> dict[str, str]:
    """What of the sender can be trusted, by kind: never everybody at a free-mail provider, never ourselves."""
    author = mail.summary.author.lower()
    domain = domain_of(author)
    if not domain or visit.context.policy().organisation.internal(author):
        return {}
    return {ADDRESS: author} if is_freemail(domain) else {ADDRESS: author, DOMAIN: domain}


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    mail = visit.received
    choices = trustable(visit, mail)
    kept = await _kept(visit, mail)
    return visit.render(
        "received_one.html",
        status=status,
        error=error,
        mail=mail,
        mine=mail.among(visit.me.mailboxes),
        kept=kept,
        original=kept is not None and kept.holds == (DISARMED,),
        report=await _reported(visit, mail),
        choices=choices,
        days=DAYS,
        trusted=[t for t in await _trusted(visit) if t.subject in choices.values()],
        contact_known=bool(visit.context.report_address),
    )


async def _kept(visit: Visit, mail: Sighted) -> Item | None:
    """What of this mail waits here for this person: the mail itself, or the original of a changed one."""
    query = Query(
        state=(State.HELD,), direction="inbound", tenant=visit.me.tenant, mail_id=mail.mail_id,
        mailboxes=visit.me.mailboxes, limit=1,
    )  # fmt: skip
    return next(iter(await visit.context.store.find(query)), None)


async def _reported(visit: Visit, mail: Sighted) -> Report | None:
    """The person's newest report of this mail, or of one of the same wave."""
    topic = topic_of(mail.summary, mail.mail_id)
    mine = await visit.context.reports.mine(visit.me.login, visit.me.tenant)
    return next((r for r in mine if r.topic == topic or r.mail_id == mail.mail_id), None)


async def _trusted(visit: Visit) -> list[ListDecision]:
    return [d for d in await visit.context.listings.all(visit.me.tenant, visit.me.login) if d.list == ALLOW]
