"""The first page: what waits for this person."""

from starlette.responses import Response

from console.visit import SIGNED_IN, Visit, page


@page("GET", "/", SIGNED_IN)
async def home(visit: Visit) -> Response:
    return visit.render("home.html", home=await visit.service.home())
