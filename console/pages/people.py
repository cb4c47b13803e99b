"""The people, for reading; they are changed in the people file (OPS-ACCOUNT)."""

from starlette.responses import Response

from console.visit import InCharge, Visit, page
from quarantine.rights import Verb


@page("GET", "/people", InCharge(Verb.PEOPLE))
async def list_people(visit: Visit) -> Response:
    service = visit.service
    return visit.render("people.html", people=await service.accounts(), revisions=await service.directory())
