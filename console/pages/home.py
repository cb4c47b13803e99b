"""The first page: what waits for this person."""

from starlette.responses import Response

from console.pages.quarantine import WAITING, waits_for_review
from console.visit import SIGNED_IN, Visit, page, waiting_for
from quarantine.item import State
from quarantine.rights import Verb
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
    review = [i for i in held if waits_for_review(i)] if Verb.QUARANTINE in visit.charge else []
    reports = await visit.context.reports.open(me.tenant) if Verb.REPORTS in visit.charge else []
    counts = await store.counts(me.tenant) if Verb.TRACE in visit.charge else {}
    return visit.render(
        "home.html", mine=mine, approvals=approvals, review=review, reports=reports, counts=counts
    )
