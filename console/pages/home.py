"""The first page: what waits for this person."""

from starlette.responses import Response

from console.pages.quarantine import WAITING
from console.visit import SIGNED_IN, Visit, asking, page
from quarantine.rights import Verb
from quarantine.store import Query


@page("GET", "/", SIGNED_IN)
async def home(visit: Visit) -> Response:
    me, store = visit.me, visit.context.store
    mine = Query(state=WAITING, owner=me.login, tenant=me.tenant, direction="outbound")
    reviewing = Verb.QUARANTINE in visit.charge
    return visit.render(
        "home.html",
        mine=await store.count(mine),
        approvals=await store.count(Query(tenant=me.tenant, asks=asking(visit))),
        review=await store.count(Query(tenant=me.tenant, review=True)) if reviewing else 0,
        reports=await visit.context.reports.open(me.tenant) if Verb.REPORTS in visit.charge else [],
        counts=await store.counts(me.tenant) if Verb.TRACE in visit.charge else {},
    )
