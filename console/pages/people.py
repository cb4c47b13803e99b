"""The people, for reading; they are changed in the people file (OPS-ACCOUNT)."""

from starlette.responses import Response

from console.visit import Visit, page
from directory.people import Role


@page("GET", "/people", (Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR))
async def list_people(visit: Visit) -> Response:
    return visit.render("people.html", people=await visit.context.people.all(visit.me.tenant))
