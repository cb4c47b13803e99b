"""The quarantine: mail that waits for an administrator, in both directions, and the decision."""

from starlette.responses import Response

from console.pages.held import act, show
from console.view import domains, standing
from console.visit import May, Visit, page
from directory.people import Role
from filters.verdict import UNTIL_RELEASED
from quarantine.item import Item, State
from quarantine.store import Query

WAITING = (State.HELD, State.QUEUED, State.ACTIVE)
LIMIT = 100
_STATES = {"any": tuple(State), **{s.value: (s,) for s in State}}


def waits_for_review(item: Item) -> bool:
    """True when an administrator has to decide."""
    return item.state is State.HELD and bool(
        item.holds or (item.delay >= UNTIL_RELEASED and not item.approvals)
    )


@page("GET", "/quarantine", (Role.ADMINISTRATOR,))
async def list_quarantine(visit: Visit) -> Response:
    state = visit.query("state") if visit.query("state") in _STATES else "waiting"
    direction = visit.query("direction") if visit.query("direction") in ("inbound", "outbound") else ""
    query = Query(
        state=_STATES.get(state, (State.HELD,)),
        direction=direction,
        tenant=visit.me.tenant,
        text=visit.query("text"),
        limit=LIMIT if state != "waiting" else 1000,
    )
    found = await visit.context.store.find(query)
    if state == "waiting":
        found = [i for i in found if waits_for_review(i)]
    organisation = visit.context.policy().organisation
    margin = visit.context.margin
    return visit.render(
        "quarantine.html",
        rows=[(i, domains(i, organisation), standing(i, visit.now, margin)) for i in found[:LIMIT]],
        full=len(found) >= LIMIT,
        limit=LIMIT,
        state=state,
        direction=direction,
        text=query.text,
    )


@page("POST", "/mail/{id}/release", May("release"))
async def release(visit: Visit) -> Response:
    return await _decide(visit, "release")


@page("POST", "/mail/{id}/discard", May("discard"))
async def discard(visit: Visit) -> Response:
    return await _decide(visit, "discard")


async def _decide(visit: Visit, right: str) -> Response:
    reason = visit.field("reason", 500).strip()
    if not reason:
        return await show(visit, error="reason_needed", status=400)
    return await act(visit, right, reason=reason)
