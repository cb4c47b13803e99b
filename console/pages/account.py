"""One's own account: password and second factor, where one is logged in, and the end of it elsewhere (OPS-PASSWORD)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import SIGNED_IN, Visit, page


@page("GET", "/account", SIGNED_IN)
async def shown(visit: Visit) -> Response:
    service = visit.service
    return visit.render(
        "account.html", where=await service.whereabouts(), factor=await service.second_factor()
    )


@page("POST", "/account/end", SIGNED_IN)
async def end(visit: Visit) -> Response:
    """End one session of one's own."""
    if not await visit.service.end_session(visit.field("session", 64)):
        raise HTTPException(404)
    return visit.to("/account", "did_session_end")


@page("POST", "/account/end-all", SIGNED_IN)
async def end_all(visit: Visit) -> Response:
    """End all but this one; no device or network is known any more."""
    await visit.service.end_other_sessions()
    visit.set_cookie("device", None)
    return visit.to("/account", "did_sessions_end")
