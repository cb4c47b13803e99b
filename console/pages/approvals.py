"""Approvals: what waits for this person's word, and the word (OUT-APPROVE)."""

from starlette.responses import Response

from console.pages.on_hold import act, rows_of, show
from console.paging import after, next_page
from console.visit import SIGNED_IN, May, Visit, page
from quarantine.item import Event, together
from quarantine.rights import Verb


@page("GET", "/approvals", SIGNED_IN)
async def list_approvals(visit: Visit) -> Response:
    found = await visit.service.approvals(after(visit))
    rows = await rows_of(visit, together(found.items))
    return visit.render("approvals.html", waiting=rows, more=next_page(visit, found.after))


@page("POST", "/mail/{id}/approve", May(Verb.APPROVE))
async def approve(visit: Visit) -> Response:
    """Agree to exactly the content that was shown: its digest comes back with the form."""
    return await _speak(visit, Event.APPROVE, sha256=visit.field("sha256"))


@page("POST", "/mail/{id}/deny", May(Verb.DENY))
async def deny(visit: Visit) -> Response:
    if not visit.field("comment").strip():
        return await show(visit, error="reason_needed", status=400)
    return await _speak(visit, Event.DENY)


async def _speak(visit: Visit, event: Event, sha256: str = "") -> Response:
    """The first of the roles that are asked and that the person has; who has two speaks twice."""
    role = next(iter(visit.mail.asked), "")
    comment = visit.field("comment", 500).strip()
    return await act(visit, event, back="/approvals", role=role, comment=comment, sha256=sha256)
