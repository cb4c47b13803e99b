"""The policy's exceptions: who answers for each, until when it lasts, how often it is used (OPS-EXCEPTION)."""

from datetime import datetime

from starlette.responses import Response

from config.cases import named
from config.words import when
from console.visit import InCharge, Visit, page
from directory.account import name_in
from quarantine.rights import Verb


@page("GET", "/exceptions", InCharge(Verb.POLICY))
async def list_exceptions(visit: Visit) -> Response:
    found = await visit.service.exceptions()
    names = found.names
    return visit.render(
        "exceptions.html",
        exceptions=found.exceptions,
        name_of=lambda login: name_in(names.get(login, {}), visit.language) or login,
        named=lambda name: named(name, visit.language),
        day=lambda iso: when(visit.language, "day", datetime.fromisoformat(iso)),
        month=lambda month: when(visit.language, "month", datetime.fromisoformat(f"{month}-01")),
    )
