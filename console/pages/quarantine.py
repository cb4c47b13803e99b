"""The quarantine: mail that waits for an administrator, in both directions, and the decision."""

import contextlib

import msgspec
from starlette.responses import Response

from console.pages.on_hold import act, happens, show
from console.paging import listed
from console.view import domains, standing
from console.visit import InCharge, May, Visit, badge, page
from filters.examined import DISARMED
from filters.listing import ADDRESS, ALLOW
from quarantine.item import Event, Item, State
from quarantine.rights import Verb
from quarantine.store import Query

WAITING = (State.HELD, State.QUEUED, State.ACTIVE)
LIMIT = 100
"""Mails that somebody asks for, before the others; there is a list of all of them."""
TRUST = ("30", "90", "365")
"""Days for which a sender can be trusted with a release."""
_STATES = {"any": tuple(State), **{s.value: (s,) for s in State}}


@badge("/quarantine")
async def requested(visit: Visit) -> int:
    """How many mails an administrator has been asked to release."""
    if Verb.QUARANTINE not in visit.charge:
        return 0
    return await visit.context.requests.open(visit.me.tenant)


@page("GET", "/quarantine", InCharge(Verb.QUARANTINE))
async def list_quarantine(visit: Visit) -> Response:
    state = visit.query("state") if visit.query("state") in (*_STATES, "requested", "kept") else "waiting"
    direction = visit.query("direction") if visit.query("direction") in ("inbound", "outbound") else ""
    query = Query(
        state=_STATES.get(state, (State.HELD,)),
        direction=direction,
        tenant=visit.me.tenant,
        text=visit.query("text"),
        only_hold=DISARMED if state == "kept" else "",
        requested=True if state == "requested" else False if state == "waiting" else None,
        review=state == "waiting",
    )
    found = await listed(visit, query)
    first: list[Item] = []
    if state == "waiting" and not visit.query("after"):  # what somebody asks for comes first
        asked = msgspec.structs.replace(query, review=False, requested=True, limit=LIMIT)
        first = await visit.context.store.find(asked)
    shown = [*first, *found.items]
    organisation = visit.context.policy().organisation
    margin = visit.context.margin
    return visit.render(
        "quarantine.html",
        rows=[(i, domains(i, organisation), standing(i, visit.now, margin)) for i in shown],
        requests=await visit.context.requests.of(visit.me.tenant, [i.id for i in shown]),
        full=len(first) == LIMIT,
        more=found.more,
        state=state,
        direction=direction,
        text=query.text,
    )


@page("POST", "/mail/{id}/release", May(Verb.RELEASE))
async def release(visit: Visit) -> Response:
    """Let it go; with `trust`, its sender is trusted by everybody for so many days."""
    reason, days = visit.field("reason", 500).strip(), visit.field("trust", 10)
    if not reason:
        return await show(visit, error="reason_needed", status=400)
    if not await happens(visit, Event.RELEASE, reason=reason):
        return visit.to(f"/mail/{visit.item.id}", "late")
    if days in TRUST and visit.item.direction == "inbound":
        await _trust(visit, int(days), reason)
    return visit.to(f"/mail/{visit.item.id}", "did_release")


async def _trust(visit: Visit, days: int, reason: str) -> None:
    item = visit.item
    with contextlib.suppress(ValueError):  # what stands in From is not an address
        await visit.context.office.enlist(
            visit.actor, list=ALLOW, kind=ADDRESS, subject=item.summary.author, reason=reason,
            seconds=days * 86_400.0, item_id=item.id, mail_id=item.mail_id,
        )  # fmt: skip


@page("POST", "/mail/{id}/discard", May(Verb.DISCARD))
async def discard(visit: Visit) -> Response:
    """Nobody gets it; with `tell`, who has asked for it hears the reason."""
    reason = visit.field("reason", 500).strip()
    if not reason:
        return await show(visit, error="reason_needed", status=400)
    return await act(visit, Event.DISCARD, reason=reason, **({"tell": "yes"} if visit.field("tell") else {}))
