"""The people, for reading, as they are changed in the people file (OPS-ACCOUNT); a second factor that one of them lost is taken
away here (OPS-MFA)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import InCharge, Visit, page
from quarantine.item import NotAllowed
from quarantine.rights import Verb


@page("GET", "/people", InCharge(Verb.PEOPLE))
async def list_people(visit: Visit) -> Response:
    service = visit.service
    return visit.render(
        "people.html",
        people=await service.accounts(),
        revisions=await service.directory(),
        factored=await service.second_factors(),
    )


@page("POST", "/invitations", InCharge(Verb.INVITE))
async def invite(visit: Visit) -> Response:
    """A letter with a one-time code to somebody."""
    try:
        await visit.service.invite(visit.field("login", 320))
    except NotAllowed:  # nobody's login, or nobody to write to
        raise HTTPException(404) from None
    return visit.to("/people", "did_invite")


@page("POST", "/factors/reset", InCharge(Verb.FACTORS))
async def reset_factor(visit: Visit) -> Response:
    try:
        await visit.service.reset_factor(visit.field("login", 320))
    except NotAllowed:  # nobody's login, or their own
        raise HTTPException(404) from None
    return visit.to("/people", "did_factor_reset")
