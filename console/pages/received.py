"""Mail that arrived for this person: what it was, report it, trust its sender (IN-REPORT, IN-WARN).

The banner of a mail that we warned of leads here. The address of the page is no permission: only those for whom the
mail came see it (RECEIVED).
"""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import RECEIVED, SIGNED_IN, Visit, page
from filters.examined import DISARMED
from quarantine.reported.reports import TooMany

DAYS = (30, 90, 365)


@page("GET", "/received", SIGNED_IN)
async def overview(visit: Visit) -> Response:
    """My reports, the senders that I trust, and mail of the last month of which I was warned."""
    found = await visit.service.arrivals()
    return visit.render(
        "received.html",
        reports=found.reports,
        trusted=found.trusted,
        warned=found.warned,
        report_address=visit.report_address,
        soon=visit.now + 14 * 86_400,
    )


@page("GET", "/received/{mail_id}", RECEIVED)
async def one(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/received/{mail_id}/report", RECEIVED)
async def report(visit: Visit) -> Response:
    try:
        await visit.service.report(visit.received.mail.mail_id, visit.field("comment", 1000))
    except TooMany:
        return await _show(visit, error="report_too_many", status=429)
    return visit.to(visit.here, "did_report")


@page("POST", "/received/{mail_id}/withdraw", RECEIVED)
async def withdraw(visit: Visit) -> Response:
    """Take the report back, while nobody has decided."""
    if not await visit.service.withdraw_report(visit.received.mail.mail_id):
        return visit.to(visit.here)
    return visit.to(visit.here, "did_report_withdraw")


@page("POST", "/received/{mail_id}/trust", RECEIVED)
async def trust(visit: Visit) -> Response:
    """Trust this sender: for me, and until a day."""
    kind, days = visit.field("kind"), visit.field("days")
    if days not in map(str, DAYS):
        return await _show(visit, error="trust_choose", status=400)
    try:
        await visit.service.trust(visit.received.mail.mail_id, kind, int(days))
    except ValueError:
        return await _show(visit, error="trust_choose", status=400)
    return visit.to(visit.here, "did_trust")


@page("POST", "/trusted/{id}/remove", SIGNED_IN)
async def distrust(visit: Visit) -> Response:
    if not await visit.service.distrust(visit.request.path_params["id"]):
        raise HTTPException(404)
    return visit.to("/received", "did_distrust")


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    found = visit.received
    return visit.render(
        "received_one.html",
        status=status,
        error=error,
        mail=found.mail,
        mine=found.mail.got,
        kept=found.kept,
        original=found.kept is not None and found.kept.holds == (DISARMED,),
        report=found.report,
        choices=found.choices,
        days=DAYS,
        trusted=found.trusted,
        contact_known=bool(visit.report_address),
    )
