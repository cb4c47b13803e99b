"""The quarantine: mail that waits for an administrator, in both directions, and the decision."""

import contextlib

from starlette.responses import Response

from console.pages.on_hold import act, rows_of, show
from console.paging import after, next_page
from console.visit import InCharge, May, Visit, page
from filters.listing import ADDRESS, ALLOW
from quarantine.item import Event, NotAllowed, together
from quarantine.rights import Verb
from quarantine.service.overview import STATES

TRUST = ("30", "90", "365")
"""Days for which a sender can be trusted with a release."""


@page("GET", "/quarantine", InCharge(Verb.QUARANTINE))
async def list_quarantine(visit: Visit) -> Response:
    state = visit.query("state") if visit.query("state") in (*STATES, "requested", "kept") else "waiting"
    direction = visit.query("direction") if visit.query("direction") in ("inbound", "outbound") else ""
    text = visit.query("text")
    found = await visit.service.quarantine(state, direction, text, after(visit))
    return visit.render(
        "quarantine.html",
        rows=await rows_of(visit, together((*found.first, *found.rest.items))),
        requests=found.requests,
        full=found.full,
        more=next_page(visit, found.rest.after),
        state=state,
        direction=direction,
        text=text,
    )


@page("POST", "/mail/{id}/release", May(Verb.RELEASE))
async def release(visit: Visit) -> Response:
    """Let it go; with `trust`, its sender is trusted by everybody for so many days."""
    reason, days = visit.field("reason", 500).strip(), visit.field("trust", 10)
    if not reason:
        return await show(visit, error="reason_needed", status=400)
    item = visit.item
    try:
        await visit.service.change(item.id, Event.RELEASE, reason=reason, alike=visit.field("alike") == "yes")
    except NotAllowed:
        return visit.to(f"/mail/{item.id}", "late")
    if days in TRUST and item.direction == "inbound":
        with contextlib.suppress(ValueError):  # what stands in From is not an address
            await visit.service.enlist(
                ALLOW, ADDRESS, item.summary.author, reason=reason, days=int(days), item=item.id
            )
    return visit.to(f"/mail/{item.id}", "did_release")


@page("POST", "/mail/{id}/discard", May(Verb.DISCARD))
async def discard(visit: Visit) -> Response:
    """Nobody gets it; with `tell`, who has asked for it, or has sent it, hears the reason."""
    reason = visit.field("reason", 500).strip()
    if not reason:
        return await show(visit, error="reason_needed", status=400)
    return await act(visit, Event.DISCARD, reason=reason, tell=bool(visit.field("tell")))
