"""The first page: what waits for this person."""

from starlette.responses import Response

from console.pages.quarantine import WAITING, waits_for_review
from console.visit import SIGNED_IN, Visit, page, waiting_for
from directory.people import Role
from quarantine.item import State
from quarantine.store import Query


@page("GET", "/", SIGNED_IN)
async def home(visit: Visit) -> Response:
    me, store = visit.me, visit.context.store
    mine = await store.find(
        Query(state=WAITING, owner=me.login, tenant=me.tenant, direction="outbound", limit=100)
    )
    held = [
        i
        for i in await store.find(Query(state=(State.HELD,), tenant=me.tenant, limit=500))
        if i.owner != me.login
    ]
    approvals = await waiting_for(visit, held)
    review = [i for i in held if waits_for_review(i)] if me.has(Role.ADMINISTRATOR) else []
    reports = await visit.context.reports.open(me.tenant) if me.has(Role.ADMINISTRATOR) else []
    watches = me.has(Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR)
    counts = await store.counts() if watches else {}
    return visit.render(
        "home.html", mine=mine, approvals=approvals, review=review, reports=reports, counts=counts
    )
