"""Approvals: what waits for this person's word, and the word (OUT-APPROVE)."""

from starlette.responses import Response

from console.pages.on_hold import act, show
from console.paging import listed
from console.view import domains, standing
from console.visit import SIGNED_IN, May, Visit, asking, page
from quarantine.item import Event
from quarantine.rights import Verb, asked
from quarantine.store import Query


@page("GET", "/approvals", SIGNED_IN)
async def list_approvals(visit: Visit) -> Response:
    """Whoever is asked is listed here: heads of departments by the directory, others by their role."""
    query = Query(tenant=visit.me.tenant, asks=asking(visit), order="oldest")
    found = await listed(visit, query)
    organisation = visit.context.policy().organisation
    rows = [(i, domains(i, organisation), standing(i, visit.now, visit.context.margin)) for i in found.items]
    return visit.render("approvals.html", waiting=rows, more=found.more)


@page("POST", "/mail/{id}/approve", May(Verb.APPROVE))
async def approve(visit: Visit) -> Response:
    """Agree to exactly the content that was shown: its digest comes back with the form."""
    if visit.field("sha256") != visit.item.sha256:
        return visit.to(f"/mail/{visit.item.id}", "late")
    return await _speak(visit, Event.APPROVE)


@page("POST", "/mail/{id}/deny", May(Verb.DENY))
async def deny(visit: Visit) -> Response:
    if not visit.field("comment").strip():
        return await show(visit, error="reason_needed", status=400)
    return await _speak(visit, Event.DENY)


async def _speak(visit: Visit, event: Event) -> Response:
    """The first of the roles that are asked and that the person has; who has two speaks twice."""
    role = asked(visit.me, visit.item, visit.owner)[0]
    comment = visit.field("comment", 500).strip()
    return await act(visit, event, back="/approvals", role=role, **({"comment": comment} if comment else {}))
