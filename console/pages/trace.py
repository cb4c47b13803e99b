"""The message trace: what happened to a mail, read from the journal (OPS-LOG)."""

import math

from starlette.responses import Response

from console.pages.on_hold import rows_of
from console.paging import after, following, next_page
from console.visit import InCharge, Visit, page
from quarantine.handed_over import NEWEST, Position
from quarantine.rights import Verb


@page("GET", "/trace", InCharge(Verb.TRACE))
async def search(visit: Visit) -> Response:
    """Search by sender, recipient, subject, Message-ID or id."""
    text, more = visit.query("text").strip(), ""
    inline = _place_of(visit.query("inline")) if visit.query("inline") else None
    found = await visit.service.trace(text, after=after(visit), journal=inline)
    place = found.further
    if place is not None:
        more = following(visit, inline=f"{place.at!r}~{place.chain}~{place.seq}")
    return visit.render(
        "trace.html",
        text=text,
        rows=await rows_of(visit, found.found.items),
        passed=found.passed,
        more_items=next_page(visit, found.found.after),
        more=more,
        back_to=place.at if place is not None else None,
    )


def _place_of(text: str) -> Position:
    """The place in the journal that an address names; the beginning for what is none."""
    at, _, rest = text.partition("~")
    node, _, seq = rest.rpartition("~")
    try:
        place = Position(float(at), node, int(seq))
    except ValueError:
        return NEWEST
    return place if math.isfinite(place.at) else NEWEST


@page("GET", "/trace/{mail_id}", InCharge(Verb.TRACE))
async def timeline(visit: Visit) -> Response:
    """Everything on record about one mail, all its copies together."""
    mail_id = visit.request.path_params["mail_id"]
    found = await visit.service.timeline(mail_id)
    return visit.render(
        "trace_one.html",
        mail_id=mail_id,
        items=await rows_of(visit, found.items),
        visible=found.visible,
        entries=found.entries,
        passed=found.passed,
    )
